//! A real timestamp, OCSP and CRL service (certomancer) on the loopback, over an authority made for
//! the tests. One process serves all tests that ask at the same instant; it ends with this one.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use jiff::Timestamp;

use super::Folder;
use crate::outside::{python, skipped};

/// The services and what their authority issued.
pub struct Services {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    folder: Folder,
    /// Its end is the service's: it lives until its standard input closes.
    _process: Mutex<Child>,
}

impl Services {
    /// Services whose every answer is of this instant (RFC 3339), or of the real one; none where
    /// certomancer is not installed, which is then told.
    pub fn at(instant: Option<&str>) -> Option<Arc<Self>> {
        static RUNNING: OnceLock<Mutex<HashMap<String, Option<Arc<Services>>>>> = OnceLock::new();
        let running = RUNNING.get_or_init(Mutex::default);
        let mut running = running.lock().unwrap();
        let key = instant.unwrap_or_default().to_owned();
        running.entry(key).or_insert_with(|| Self::start(instant).map(Arc::new)).clone()
    }

    /// Services that no other test asks, so that questions can be counted and time moved.
    pub fn alone(instant: &str) -> Option<Self> {
        Self::start(Some(instant))
    }

    /// Every later answer is of that instant.
    pub async fn moved(&self, instant: Timestamp) {
        let call = client().post(format!("{}/instant", self.url)).body(instant.to_string());
        assert!(call.send().await.unwrap().status().is_success());
    }

    /// How many questions were asked at paths that hold this.
    pub async fn asked(&self, part: &str) -> usize {
        let asked = client().get(format!("{}/asked", self.url)).send().await.unwrap();
        asked.text().await.unwrap().lines().filter(|path| path.contains(part)).count()
    }

    fn start(instant: Option<&str>) -> Option<Self> {
        let python = python("certomancer")?;
        let folder = Folder::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(python)
            .arg(root.join("tests/conformance/certomancer/serve.py"))
            .arg(folder.path())
            .arg(root.join(".check/certomancer-keys"))
            .args(instant)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        if url.is_empty() {
            let _ = process.wait();
            skipped("openssl, which the test services need,");
            return None;
        }
        Some(Self { url, folder, _process: Mutex::new(process) })
    }

    /// Where `certs/`, `p12/` and `keys/` are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of a timestamp service: `tsa`, `tsa-rsa`, `tsa-expired`, `tsa-wrong-usage`,
    /// `tsa-stranger`.
    pub fn timestamps(&self, name: &str) -> String {
        format!("{}/fiction/tsa/{name}", self.url)
    }

    /// A certificate in PEM: `root`, `issuing`, `stranger-root`, or a leaf's name.
    pub fn certificate(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("certs/{name}.cert.pem"))
    }

    /// A signer's key with its chain as PKCS#12, passphrase `fiction`: `seal-p256`, `seal-p384`,
    /// `seal-rsa`, `seal-weak` (RSA 2048), `seal-other`, `seal-soon` (20 days left),
    /// `seal-expired`, `seal-revoked`, `seal-revoked-now` (in an hour), `seal-wrong-usage`,
    /// `seal-stranger`.
    pub fn signer(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("p12/{name}.p12"))
    }

    /// A private key as PKCS#8 in PEM.
    pub fn key(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("keys/{name}.pem"))
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}
