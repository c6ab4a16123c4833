//! The root: settings become a working issuer, and a server around it. It imports everything;
//! nothing but `cli` imports it.
//!
//! To give the issuer another collaborator (another store): choose it in [`App::build`]. The
//! signing keys are opened and watched in `keyring`; `keys` is what `spo keys` does to them.

mod keyring;
pub mod keys;
mod layouts;

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, System};
use crate::config::{Config, ConfigError, LogFormat, Mode};
use crate::domain::judgement::Law;
use crate::http::{self, Edge};
use crate::issue::{
    self, Caller, Collaborators, FIRST_START, Fault, IssueError, Issuer, NewKey, Role,
};
use crate::jobs;
use crate::quarantine::{self, Gate, Quarantine};
use crate::render::{Edition, LayoutFiles, RenderError, Renderer};
use crate::sign::SignError;
use crate::sign::authority::folder_in;
pub use crate::sign::keyring::Subject;
use crate::sign::keyring::{Keyring, KeyringError};
use crate::sign::paper::PaperKey;
use crate::store::{self, OpenError, StoreError};

/// An installation at work.
pub struct App {
    issuer: Arc<Issuer>,
    keyring: Arc<Keyring>,
    config: Config,
}

/// Why it can't start. [`StartError::words`] names the sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings can't stand.
    #[error(transparent)]
    Config(ConfigError),
    /// The data folder can't be made or written.
    #[error("{} can't be used", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        cause: std::io::Error,
    },
    /// The store does not open.
    #[error("the store does not open")]
    Store(#[source] OpenError),
    /// A layout, the words or a font is wrong.
    #[error("the layouts can't be used")]
    Render(#[source] RenderError),
    /// Layouts say other words under the name of an edition in which documents were issued.
    #[error("editions changed after documents were issued under them: {}", .0.join(", "))]
    Editions(Vec<String>),
    /// The register can't be read.
    #[error("the register can't be read")]
    Register(#[source] StoreError),
    /// The key does not work.
    #[error("the key can't be used")]
    Sign(#[source] SignError),
    /// The keyring has faults.
    #[error("the keyring can't be used")]
    Keyring(#[source] KeyringError),
    /// Production has no key but the test authority's.
    #[error("the test authority does not sign in production")]
    TestAuthorityInProduction,
    /// The address is taken or not ours.
    #[error("{address} can't be listened on")]
    Address {
        address: SocketAddr,
        #[source]
        cause: std::io::Error,
    },
    /// The server ended early.
    #[error("the server ended early")]
    Server(#[source] std::io::Error),
    /// The first key could not be made.
    #[error("the first key could not be made")]
    FirstKey(#[source] IssueError),
}

impl App {
    /// Makes the data folder, opens the store and the key, reads every layout.
    ///
    /// # Errors
    /// [`StartError`]; nothing is left half made.
    pub async fn build(config: Config) -> Result<Self, StartError> {
        make_folder(&config)?;
        let store = store::open(&config.database_url()).await.map_err(StartError::Store)?;
        let files = layouts::files(&config)?;
        let renderer = Renderer::with_layouts(&files).map_err(StartError::Render)?;
        layouts::held(&*store, &renderer).await?;
        let keyring = Arc::new(keyring::open(&config, &*store).await?);
        let with = Collaborators {
            renderer: Arc::new(renderer),
            keyring: Arc::clone(&keyring),
            quarantine: Arc::new(Quarantine::of_this_program()),
            paper: Arc::new(paper_key(&config)?),
            store,
            clock: Arc::new(System),
            ids: Arc::new(System),
        };
        let mode = match config.mode {
            Mode::Test => issue::Mode::Test,
            Mode::Production => issue::Mode::Production,
        };
        let desks = or_cores(config.limits.drawing);
        let issuer = Issuer::new(with, law(&files), mode, desks)
            .map_err(|_| StartError::TestAuthorityInProduction)?;
        Ok(Self { issuer: Arc::new(issuer), keyring, config })
    }

    /// The issuer, to share.
    pub fn issuer(&self) -> Arc<Issuer> {
        Arc::clone(&self.issuer)
    }

    /// The first key, with every role, where there is none at all. `write` puts the secret where
    /// its owner finds it, before anything knows the key: a stop between the two leaves no key that
    /// nobody has.
    ///
    /// # Errors
    /// [`StartError::FirstKey`], and those of `write`.
    pub async fn first_key(
        &self,
        write: impl FnOnce(&str) -> Result<(), StartError>,
    ) -> Result<Option<NewKey>, StartError> {
        let keys = self.issuer.api_keys().await.map_err(StartError::FirstKey)?;
        if !keys.is_empty() {
            return Ok(None);
        }
        let caller = Caller {
            name: FIRST_START.to_owned(),
            request_id: self.issuer.request_id().map_err(StartError::FirstKey)?,
        };
        let days = self.config.limits.api_key_days;
        let key = self.issuer.new_key("first", &Role::ALL, days).map_err(StartError::FirstKey)?;
        write(&key.secret)?;
        self.issuer.keep_key(&caller, &key).await.map_err(StartError::FirstKey)?;
        Ok(Some(key))
    }

    /// A socket on the address of the settings; the port is chosen where they say 0.
    ///
    /// # Errors
    /// [`StartError::Address`].
    pub fn bind(&self) -> Result<TcpListener, StartError> {
        let address = self.config.listen;
        TcpListener::bind(address).map_err(|cause| StartError::Address { address, cause })
    }

    /// Serves until the process is told to stop (SIGTERM, SIGINT); what is under way is finished
    /// first. `ready` is called once a stop would be heard.
    ///
    /// # Errors
    /// [`StartError::Server`].
    pub async fn serve(
        &self,
        listener: TcpListener,
        ready: impl FnOnce(),
    ) -> Result<(), StartError> {
        let limits = &self.config.limits;
        let workers = or_cores(limits.workers);
        let body_time = Duration::from_secs(limits.request_seconds);
        let bounds = http::Limits {
            body_bytes: limits.body_bytes,
            body_time,
            request_time: body_time + http::WORK_TIME,
            shutdown_time: Duration::from_secs(limits.shutdown_seconds),
            workers,
            ..http::Limits::default()
        };
        let server = http::serve(listener, Edge::new(self.issuer(), bounds));
        let server = server.map_err(StartError::Server)?;
        let watching = tokio::spawn(keyring::watch(Arc::clone(&self.keyring)));
        let raising = tokio::spawn(jobs::evidence::run(self.issuer()));
        let (ended, ()) = tokio::join!(biased; server, async { ready() });
        watching.abort();
        raising.abort();
        ended.map_err(StartError::Server)
    }
}

impl StartError {
    /// Name and facts of its sentence in `templates/messages/cli.toml`.
    pub fn words(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Self::Config(error) => of_config(error),
            Self::Folder { path, .. } => ("start_folder", vec![("folder", shown(path))]),
            Self::Store(cause) => of_store(cause),
            Self::Render(RenderError::Layouts(faults)) => {
                // A partial's fault shows in each layout that takes it in.
                let each: BTreeSet<_> = faults.iter().map(ToString::to_string).collect();
                let all: Vec<_> = each.into_iter().collect();
                ("start_layouts", vec![("cause", all.join("; "))])
            }
            Self::Render(cause) => ("start_layouts", vec![("cause", cause.to_string())]),
            Self::Editions(names) => ("start_editions", vec![("editions", names.join(", "))]),
            Self::Register(_) => ("start_store", vec![]),
            Self::Sign(SignError::Files { path, .. }) => {
                ("start_folder", vec![("folder", shown(path))])
            }
            Self::Sign(cause) => ("start_key", vec![("cause", cause.to_string())]),
            Self::Keyring(error) => keyring::words(error),
            Self::TestAuthorityInProduction => ("start_test_authority", vec![]),
            Self::Address { address, .. } => {
                ("start_address", vec![("address", address.to_string())])
            }
            Self::Server(_) => ("start_server", vec![]),
            Self::FirstKey(_) => ("start_first_key", vec![]),
        }
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Config(_)
            | Self::Keyring(
                KeyringError::Faults { .. }
                | KeyringError::Missing(_)
                | KeyringError::TestAuthority,
            )
            | Self::TestAuthorityInProduction
            | Self::Editions(_)
            | Self::Store(OpenError::Url) => Fault::Caller,
            Self::Address { .. } => Fault::Conflict,
            Self::FirstKey(error) => error.fault(),
            Self::Folder { .. }
            | Self::Register(_)
            | Self::Store(_)
            | Self::Render(_)
            | Self::Sign(_)
            | Self::Keyring(KeyringError::Sign(_))
            | Self::Server(_) => Fault::Defect,
        }
    }
}

/// Reads the layouts that the settings name, and fills each with its samples: every edition.
///
/// # Errors
/// [`StartError::Render`] with every fault.
pub fn editions(config: &Config) -> Result<Vec<Edition>, StartError> {
    Ok(renderer(config)?.editions().to_vec())
}

/// The samples of an edition drawn as drafts, in each of the languages: language, number of the
/// sample from 1, PDF.
///
/// # Errors
/// [`StartError::Render`]: a fault of a layout, or no such edition.
pub fn samples(
    config: &Config,
    edition: &str,
    languages: &[&str],
) -> Result<Vec<Sample>, StartError> {
    let renderer = renderer(config)?;
    let mut drawn = Vec::new();
    for language in languages {
        let drafts = renderer.samples(edition, language).map_err(StartError::Render)?;
        for (place, draft) in drafts.iter().enumerate() {
            let pages = draft.page_count();
            let (language, number) = ((*language).to_owned(), place + 1);
            drawn.push(Sample { language, number, pages, bytes: draft.bytes().to_vec() });
        }
    }
    Ok(drawn)
}

/// A sample of an edition, drawn.
pub struct Sample {
    pub language: String,
    /// From 1.
    pub number: usize,
    pub pages: u32,
    pub bytes: Vec<u8>,
}

fn renderer(config: &Config) -> Result<Renderer, StartError> {
    Renderer::with_layouts(&layouts::files(config)?).map_err(StartError::Render)
}

/// Checks the text of a QR code by public keys alone, today; none where `keys` holds no key.
pub fn check_paper(keys: &str, text: &str) -> Option<issue::PaperCheck> {
    issue::check_by_key(keys, text, System.now())
}

/// Whether what the settings name to sign with would open; nothing is made or kept.
///
/// # Errors
/// [`StartError::Keyring`] with every fault, and [`StartError::TestAuthorityInProduction`].
pub async fn check_keys(config: &Config) -> Result<(), StartError> {
    keyring::check(config).await
}

/// This process is the confined one that reads a foreign file: `limited` where it began under its
/// limits. The exit code is for its parent.
pub fn inspect_here(limited: bool) -> u8 {
    quarantine::run(if limited { Gate::Inner } else { Gate::Outer })
}

/// The contract as the code writes it, YAML.
pub fn openapi() -> String {
    http::openapi_yaml()
}

/// Begins the log on standard error: ids, kinds, counts and durations, no words of a request.
pub fn log(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::new(&config.log.filter);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first one's log.
    let _ = match config.log.format {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Text => lines.with_ansi(false).try_init(),
    };
}

/// Of a panic, says where and in which thread it was: its words may hold a request's.
pub fn hush_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place =
            panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("-");
        if tracing::dispatcher::has_been_set() {
            tracing::error!(place, thread, "panicked");
        } else {
            let _ = writeln!(std::io::stderr(), "panicked: {place} ({thread})");
        }
    }));
}

fn of_config(error: &ConfigError) -> (&'static str, Vec<(&'static str, String)>) {
    match error {
        ConfigError::NoFile(path) => ("config_no_file", vec![("file", shown(path))]),
        ConfigError::NotToml { file, place } => {
            ("config_not_toml", vec![("file", file.clone()), ("place", place.clone())])
        }
        ConfigError::UnknownKey(key) => ("config_unknown_key", vec![("key", key.clone())]),
        ConfigError::WrongValue { key, wanted } => {
            ("config_wrong_value", vec![("key", key.clone()), ("wanted", wanted.clone())])
        }
        ConfigError::BeyondLoopback => ("config_beyond_loopback", vec![]),
    }
}

fn of_store(cause: &OpenError) -> (&'static str, Vec<(&'static str, String)>) {
    match cause {
        OpenError::Url => {
            let wanted = "sqlite:PATH".to_owned();
            ("config_wrong_value", vec![("key", "database_url".to_owned()), ("wanted", wanted)])
        }
        OpenError::File { path, .. } => ("start_folder", vec![("folder", shown(path))]),
        OpenError::Setting { name, found, wanted } => (
            "start_store_setting",
            vec![
                ("name", (*name).to_owned()),
                ("found", found.clone()),
                ("wanted", (*wanted).to_owned()),
            ],
        ),
        OpenError::Newer => ("start_store_newer", vec![]),
        OpenError::Migration(_) => ("start_store_migration", vec![]),
        OpenError::Driver(_) => ("start_store", vec![]),
    }
}

fn shown(path: &std::path::Path) -> String {
    path.display().to_string()
}

/// The law, knowing what every document prints.
fn law(files: &LayoutFiles) -> Law {
    Law::builtin().with_words_of(&files.words())
}

/// The key that marks paper, made on the first start.
fn paper_key(config: &Config) -> Result<PaperKey, StartError> {
    PaperKey::open(&folder_in(&config.data_dir)).map_err(StartError::Sign)
}

/// For the service's own user alone.
fn make_folder(config: &Config) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt;
    let path = config.data_dir.clone();
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
    made.map_err(|cause| StartError::Folder { path, cause })
}

fn or_cores(count: usize) -> usize {
    match count {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        some => some,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_logged_by_its_place_and_not_by_its_words() {
        let lines = Lines::default();
        let to = lines.clone();
        let log = tracing_subscriber::fmt().with_writer(move || to.clone()).finish();
        let usual = std::panic::take_hook();
        hush_panics();
        tracing::subscriber::with_default(log, || {
            let words = "17 Hidden Haven".to_owned();
            let fallen = std::panic::catch_unwind(move || std::panic::panic_any(words));
            assert!(fallen.is_err());
        });
        std::panic::set_hook(usual);
        let said = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(said.contains("src/app.rs:") && said.contains("panicked"), "{said}");
        assert!(!said.contains("Hidden"), "{said}");
    }
}
