//! A real server on a port of its own, with a clock that stands still and ids that count up; every
//! answer is held against `openapi.yaml`, against the headers that all carry, and against the
//! confidential values of the samples.

mod faults;
mod press;
mod request;
mod samples;
mod services;
mod signing_service;
mod spec;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use spo::clock::{Clock, Fixed, Ids, Sequential};
use spo::domain::judgement::Law;
use spo::http::{self, Edge, Limits};
use spo::issue::{Caller, Collaborators, Issuer, Mode, Role};
use spo::quarantine::Quarantine;
use spo::render::Renderer;
use spo::render::readback::{Finished, ReadBack};
use spo::sign::authority::Authority;
use spo::sign::keyring::Keyring;
use spo::sign::paper::PaperKey;

pub use faults::{Fault, Faulty};
pub use press::{Press, imprint, mark, marked, order_id};
pub use request::{Call, Reply, problem_names, rules};
pub use samples::{CANARIES, full, interim, keyed, set, variation, without};
pub use services::Services;
pub use signing_service::{CLIENT, CREDENTIAL, Credential, Mood, SigningService};
pub use spec::Spec;

/// A service at work, with a key for every role.
pub struct TestApp {
    pub address: std::net::SocketAddr,
    pub clock: Arc<Fixed>,
    pub issuer: Arc<Issuer>,
    pub client: reqwest::Client,
    /// The secret of a key with every role.
    pub secret: String,
    ids: Arc<Sequential>,
    folder: Folder,
    server: actix_web::dev::ServerHandle,
}

impl TestApp {
    /// Starts one with the usual limits.
    pub async fn start() -> Self {
        Self::with(Limits { workers: 2, ..Limits::default() }).await
    }

    /// Starts one with those limits.
    pub async fn with(limits: Limits) -> Self {
        let folder = Folder::new();
        let authority = Authority::open(&folder.path().join("authority"), now()).unwrap();
        let keyring = Arc::new(Keyring::of(authority.into_signer().unwrap()));
        Self::around(folder, limits, keyring).await
    }

    /// Starts one that signs with those keys.
    pub async fn sealing(keyring: Arc<Keyring>) -> Self {
        Self::around(Folder::new(), Limits { workers: 2, ..Limits::default() }, keyring).await
    }

    async fn around(folder: Folder, limits: Limits, keyring: Arc<Keyring>) -> Self {
        let clock = Arc::new(Fixed::at(NOW.parse().unwrap()));
        let mut app = Self::of(folder, limits, (keyring, clock, Arc::default())).await;
        app.secret = app.key("all", &Role::ALL).await;
        app
    }

    /// The same service stopped and started again, over the same folder.
    pub async fn restarted(mut self, keyring: Arc<Keyring>) -> Self {
        let folder = std::mem::replace(&mut self.folder, Folder::new());
        self.server.stop(true).await;
        let limits = Limits { workers: 2, ..Limits::default() };
        let known = (keyring, Arc::clone(&self.clock), Arc::clone(&self.ids));
        let mut app = Self::of(folder, limits, known).await;
        app.secret = self.secret.clone();
        app
    }

    async fn of(
        folder: Folder,
        limits: Limits,
        (keyring, clock, ids): (Arc<Keyring>, Arc<Fixed>, Arc<Sequential>),
    ) -> Self {
        let url = format!("sqlite://{}", folder.path().join("spo.db").display());
        let store = spo::store::open(&url).await.unwrap();
        let with = Collaborators {
            renderer: renderer(),
            quarantine: quarantine(),
            keyring,
            paper: paper_key(),
            store,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ids: Arc::clone(&ids) as Arc<dyn Ids>,
        };
        let issuer = Arc::new(Issuer::new(with, Law::builtin(), Mode::Test, 2).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = run(listener, Edge::new(Arc::clone(&issuer), limits));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let secret = String::new();
        Self { address, clock, ids, issuer, client, secret, folder, server }
    }

    /// A new key of that name with those roles, for a year.
    pub async fn key(&self, name: &str, roles: &[Role]) -> String {
        let caller = Caller { name: "test".into(), request_id: "test".into() };
        self.issuer.create_key(&caller, name, roles, 365).await.unwrap().secret
    }

    /// The certificate of the local authority's root, PEM.
    pub fn root_certificate(&self) -> String {
        let text = std::fs::read_to_string(self.folder.path().join("authority/root.pem")).unwrap();
        let begins = text.find("-----BEGIN CERTIFICATE-----").unwrap();
        text[begins..].to_owned()
    }

    /// A call that is not sent yet, with the key of every role.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call::new(self, method, path)
    }

    pub fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str, body: &serde_json::Value) -> Call<'_> {
        self.call("POST", path).json(body)
    }

    /// How many orders are stored.
    pub async fn count_orders(&self) -> usize {
        let reply = self.get("/v1/orders?limit=200").send().await;
        reply.json()["items"].as_array().unwrap().len()
    }

    /// How many rows each table of the store holds.
    pub async fn rows(&self) -> BTreeMap<String, i64> {
        use sqlx::{AssertSqlSafe, Connection};
        let url = format!("sqlite://{}", self.folder.path().join("spo.db").display());
        let mut store = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table'";
        let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut store).await.unwrap();
        let mut rows = BTreeMap::new();
        for name in names {
            let sql = AssertSqlSafe(format!("SELECT count(*) FROM \"{name}\""));
            rows.insert(name, sqlx::query_scalar(sql).fetch_one(&mut store).await.unwrap());
        }
        rows
    }

    /// Changes what is stored, behind the service's back.
    pub async fn tamper(&self, sql: &'static str) {
        use sqlx::Connection;
        let url = format!("sqlite://{}", self.folder.path().join("spo.db").display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The stop is sent at once; nobody waits for it.
        drop(self.server.stop(false));
    }
}

/// Runs the server on a thread of its own, as `spo serve` does on the main one.
fn run(listener: TcpListener, edge: Edge) -> actix_web::dev::ServerHandle {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = http::serve(listener, edge).unwrap();
            sender.send(server.handle()).unwrap();
            server.await
        })
    });
    receiver.recv().unwrap()
}

/// Fonts and layouts, read once for all tests.
fn renderer() -> Arc<Renderer> {
    static ONCE: OnceLock<Arc<Renderer>> = OnceLock::new();
    Arc::clone(ONCE.get_or_init(|| Arc::new(Renderer::new().unwrap())))
}

/// What reads files that are handed in: the programme itself, in its confined process.
pub fn quarantine() -> Arc<Quarantine> {
    Arc::new(Quarantine::of(env!("CARGO_BIN_EXE_spo").into()))
}

/// A paper key that is always the same.
pub fn paper_key() -> Arc<PaperKey> {
    Arc::new(PaperKey::of_seed(b"a seed that every test may know!").unwrap())
}

/// What a finished file says.
pub fn said(pdf: &[u8]) -> ReadBack {
    Finished::read(pdf).unwrap().read_back().unwrap()
}

/// A folder that goes when its test ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("spo-test-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The instant at which every test stands: after the days of the samples, before their ends.
pub const NOW: &str = "2026-11-20T10:00:00Z";

/// `NOW` as an instant.
pub fn now() -> Timestamp {
    NOW.parse().unwrap()
}
