//! What the operator may set: defaults here, then a TOML file, then the environment, then flags.
//!
//! The environment's names begin with `SPO_` and have `__` between levels: `SPO_LISTEN`,
//! `SPO_LIMITS__BODY_BYTES`. The file is the one that `--config` or `SPO_CONFIG` names. An unknown
//! key is an error, and so is a value that can't work: both stop the start, by the key's name and
//! never by its value. This is the only place that reads the environment, and only `app`, `cli` and
//! `main` import it.
//!
//! A variable whose name begins with `SPO_SECRET_` is no setting: the keyring names it.
//!
//! To add a setting: a field in its section, its default, its check in `Config::check`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Every setting, complete and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the server listens; loopback only.
    pub listen: SocketAddr,
    /// Folder of the database, the test authority and the first key.
    pub data_dir: PathBuf,
    /// Folder of layouts that replace those in the program: what `templates/orders` holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templates_dir: Option<PathBuf>,
    /// `sqlite:…`; absent: `spo.db` in the data folder.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "redacted")]
    pub database_url: Option<String>,
    pub mode: Mode,
    /// File of the signing keys and of who signs what; absent: `keyring.toml` in the data folder,
    /// where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keyring: Option<PathBuf>,
    pub limits: Limits,
    pub log: Log,
}

/// Whether what is made counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Test,
    Production,
}

/// How much at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Longest request body, in bytes: 1 to 64 MiB.
    pub body_bytes: usize,
    /// Threads that serve HTTP, to 256; 0: one for each core.
    pub workers: usize,
    /// Documents drawn at once, to 256; 0: one for each core.
    pub drawing: usize,
    /// Seconds that a request's body may take to arrive, 1 to 300; the answer has 30 more.
    pub request_seconds: u64,
    /// Seconds that running requests get when the server stops, to 3600.
    pub shutdown_seconds: u64,
    /// Days that an API key lasts where nothing else is said, 1 to 3650.
    pub api_key_days: u16,
}

/// What is logged, on standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub format: LogFormat,
    /// A filter: `info`, `spo=debug,actix_server=warn`; the library that serves says little but
    /// trouble.
    pub filter: String,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// Settings given on the command line; they win.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    pub listen: Option<String>,
    pub data_dir: Option<PathBuf>,
    pub templates_dir: Option<PathBuf>,
    pub database_url: Option<String>,
    pub mode: Option<String>,
}

/// Why the settings can't stand. Names the key and its source, never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{} can't be read", .0.display())]
    NoFile(PathBuf),
    /// The file is not TOML.
    #[error("{file}: {place}")]
    NotToml {
        file: String,
        /// Line and column.
        place: String,
    },
    /// A key that is not known.
    #[error("unknown key {0}")]
    UnknownKey(String),
    /// A value of the wrong kind.
    #[error("{key}: wanted {wanted}")]
    WrongValue { key: String, wanted: String },
    /// The server would listen beyond this machine without TLS and an identity source.
    #[error("listen: beyond loopback")]
    BeyondLoopback,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("spo-data"),
            templates_dir: None,
            database_url: None,
            mode: Mode::Test,
            keyring: None,
            limits: Limits::default(),
            log: Log::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            workers: 0,
            drawing: 0,
            request_seconds: 15,
            shutdown_seconds: 30,
            api_key_days: 90,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Json, filter: "info,actix_server=warn".to_owned() }
    }
}

impl Config {
    /// The settings of this process.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Self, ConfigError> {
        // A name or value that is not Unicode can't be one of ours.
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with(PREFIX) && !name.starts_with(SECRETS))
            .collect();
        Self::of(file, environment, flags)
    }

    /// The settings of a file, an environment and flags.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn of(
        file: Option<&Path>,
        mut environment: BTreeMap<String, String>,
        flags: &Flags,
    ) -> Result<Self, ConfigError> {
        let named = environment.remove(FILE_VARIABLE).filter(|name| !name.is_empty());
        let file = file.map(Path::to_owned).or_else(|| named.map(PathBuf::from));
        let mut layers = config::Config::builder();
        if let Some(path) = file {
            let text = read(&path)?;
            layers = layers.add_source(config::File::from_str(&text, config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("SPO")
            .prefix_separator("_")
            .separator("__")
            .source(Some(environment.into_iter().collect()));
        layers = layers.add_source(environment);
        for (key, value) in flags.pairs() {
            layers = layers
                .set_override(key, value)
                .map_err(|error| with_wanted(named_error(&error)))?;
        }
        let settings = layers.build().map_err(|error| with_wanted(named_error(&error)))?;
        let settings: Self =
            settings.try_deserialize().map_err(|error| with_wanted(named_error(&error)))?;
        settings.check()?;
        Ok(settings)
    }

    /// Refuses values that can't work together or at all.
    fn check(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() {
            return Err(ConfigError::BeyondLoopback);
        }
        let limits = &self.limits;
        let ranges = [
            ("limits.body_bytes", limits.body_bytes as u64, 1, 64 << 20),
            ("limits.workers", limits.workers as u64, 0, 256),
            ("limits.drawing", limits.drawing as u64, 0, 256),
            ("limits.request_seconds", limits.request_seconds, 1, 300),
            ("limits.shutdown_seconds", limits.shutdown_seconds, 0, 3600),
            ("limits.api_key_days", limits.api_key_days.into(), 1, 3650),
        ];
        for (key, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(wrong(key, &format!("{least} to {most}")));
            }
        }
        if !self.database_url().starts_with("sqlite:") {
            return Err(wrong("database_url", "sqlite:…"));
        }
        Ok(())
    }

    /// The keyring's file, and whether the settings name it.
    pub fn keyring(&self) -> (PathBuf, bool) {
        match &self.keyring {
            Some(file) => (file.clone(), true),
            None => (self.data_dir.join("keyring.toml"), false),
        }
    }

    /// Where the database is.
    pub fn database_url(&self) -> String {
        match &self.database_url {
            Some(url) => url.clone(),
            None => format!("sqlite://{}", self.data_dir.join("spo.db").display()),
        }
    }

    /// The same, logging failures alone where nothing else was asked for: a command speaks for
    /// itself.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        if self.log.filter == Log::default().filter {
            self.log = Log { format: LogFormat::Text, filter: "error".to_owned() };
        }
        self
    }

    /// All settings with the derived ones said; serialising leaves secrets out.
    pub fn shown(&self) -> Self {
        Self { database_url: Some(self.database_url()), ..self.clone() }
    }

    /// All settings as TOML, secrets left out.
    pub fn redacted(&self) -> String {
        toml::to_string(&self.shown()).unwrap_or_default()
    }
}

impl Flags {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let shown = |path: &PathBuf| path.display().to_string();
        [
            ("listen", self.listen.clone()),
            ("data_dir", self.data_dir.as_ref().map(shown)),
            ("templates_dir", self.templates_dir.as_ref().map(shown)),
            ("database_url", self.database_url.clone()),
            ("mode", self.mode.clone()),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
    }
}

/// The value of a variable that holds a secret, named by the keyring.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn secret(name: &str) -> Option<Zeroizing<String>> {
    std::env::var(name).ok().map(Zeroizing::new)
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|_| ConfigError::NoFile(path.to_owned()))?;
    if let Err(error) = toml::from_str::<toml::Table>(&text) {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(""));
        let line = before.matches('\n').count() + 1;
        let file = path.display().to_string();
        return Err(ConfigError::NotToml { file, place: format!("line {line}") });
    }
    Ok(text)
}

/// Keeps the key and what was wanted; the value may be a secret.
fn named_error(error: &config::ConfigError) -> ConfigError {
    use config::ConfigError as E;
    match error {
        E::At { error, key, .. } => match (named_error(error), key) {
            (ConfigError::WrongValue { key: inner, wanted }, Some(key)) if inner.is_empty() => {
                ConfigError::WrongValue { key: key.clone(), wanted }
            }
            (ConfigError::UnknownKey(inner), Some(key)) if !key.ends_with(&inner) => {
                ConfigError::UnknownKey(format!("{key}.{inner}"))
            }
            (other, _) => other,
        },
        E::Type { expected, key, .. } => wrong(key.as_deref().unwrap_or_default(), expected),
        other => of_message(&other.to_string()),
    }
}

/// What a setting takes, where the libraries that read it don't say so or say it in their own
/// terms.
fn with_wanted(error: ConfigError) -> ConfigError {
    match error {
        ConfigError::WrongValue { key, wanted } => {
            let ours = WANTED.iter().find(|(known, _)| *known == key);
            let wanted = ours.map_or(wanted, |(_, wanted)| (*wanted).to_owned());
            ConfigError::WrongValue { key, wanted }
        }
        other => other,
    }
}

const WANTED: &[(&str, &str)] = &[
    ("listen", "an address with its port, such as 127.0.0.1:8080"),
    ("mode", "test or production"),
    ("limits", "a table, [limits]"),
    ("limits.body_bytes", "a number above 0"),
    ("limits.workers", "a number, 0 for one each core"),
    ("limits.drawing", "a number, 0 for one each core"),
    ("limits.request_seconds", "a number above 0"),
    ("limits.shutdown_seconds", "a number"),
    ("limits.api_key_days", "a number from 1 to 65535"),
    ("log", "a table, [log]"),
    ("log.format", "json or text"),
];

/// serde's messages put what they name between back-quotes: ours to keep for keys, not for values.
fn of_message(message: &str) -> ConfigError {
    let named = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("unknown field") {
        return ConfigError::UnknownKey(named(message));
    }
    let wanted = message.split_once("expected ").map_or("", |(_, wanted)| wanted);
    let (wanted, key) = wanted.split_once(" for key ").unwrap_or((wanted, message));
    let key = if message.contains(" for key `") { named(key) } else { String::new() };
    ConfigError::WrongValue { key, wanted: wanted.to_owned() }
}

fn wrong(key: &str, wanted: &str) -> ConfigError {
    ConfigError::WrongValue { key: key.to_owned(), wanted: wanted.to_owned() }
}

/// A URL without the name and password that may stand in it.
fn redacted<S: serde::Serializer>(url: &Option<String>, to: S) -> Result<S::Ok, S::Error> {
    let url = url.as_deref().unwrap_or_default();
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => to.serialize_str(&format!("{scheme}://…@{host}")),
        _ => to.serialize_str(url),
    }
}

const PREFIX: &str = "SPO_";
/// Begins the names of variables that hold secrets; the keyring names them.
const SECRETS: &str = "SPO_SECRET_";
const FILE_VARIABLE: &str = "SPO_CONFIG";

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn of(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::of(None, environment(pairs), &Flags::default())
    }

    #[test]
    fn a_number_beyond_its_range_is_refused_by_its_key() {
        let beyond = [
            ("body_bytes", "0", "67108865"),
            ("workers", "257", "18446744073709551615"),
            ("drawing", "257", "9000000000000000000"),
            ("request_seconds", "0", "301"),
            ("shutdown_seconds", "3601", "18446744073709551615"),
            ("api_key_days", "0", "3651"),
        ];
        for (key, one, other) in beyond {
            for value in [one, other] {
                let name = format!("SPO_LIMITS__{}", key.to_uppercase());
                let refused = of(&[(name.as_str(), value)]);
                let named = |error: &ConfigError| match error {
                    ConfigError::WrongValue { key, .. } => key.clone(),
                    other => other.to_string(),
                };
                assert_eq!(named(&refused.unwrap_err()), format!("limits.{key}"), "{value}");
            }
        }
        assert!(of(&[("SPO_LIMITS__DRAWING", "256"), ("SPO_LIMITS__WORKERS", "256")]).is_ok());
    }

    #[test]
    fn without_a_word_the_defaults_stand() {
        assert_eq!(of(&[]).unwrap(), Config::default());
    }

    #[test]
    fn the_environment_sets_every_level_and_flags_win() {
        let pairs = environment(&[
            ("SPO_LISTEN", "127.0.0.1:9000"),
            ("SPO_DATA_DIR", "elsewhere"),
            ("SPO_LIMITS__BODY_BYTES", "2048"),
            ("SPO_LOG__FORMAT", "text"),
        ]);
        let flags = Flags { listen: Some("[::1]:9001".to_owned()), ..Flags::default() };
        let config = Config::of(None, pairs, &flags).unwrap();
        assert_eq!(config.listen.port(), 9001);
        assert_eq!(config.limits.body_bytes, 2048);
        assert_eq!(config.log.format, LogFormat::Text);
        assert_eq!(config.database_url(), "sqlite://elsewhere/spo.db");
    }

    #[test]
    fn an_unknown_key_is_refused_by_its_name() {
        let refused = of(&[("SPO_LISTENS", "127.0.0.1:9000")]);
        assert_eq!(refused, Err(ConfigError::UnknownKey("listens".to_owned())));
        let refused = of(&[("SPO_LIMITS__BODY", "1")]).unwrap_err().to_string();
        assert!(refused.contains("body"), "{refused}");
    }

    #[test]
    fn a_wrong_value_is_refused_by_its_key_and_never_shown() {
        for (name, key) in [
            ("SPO_LISTEN", "listen"),
            ("SPO_MODE", "mode"),
            ("SPO_LIMITS__BODY_BYTES", "limits.body_bytes"),
        ] {
            let shown = of(&[(name, "hunter2")]).unwrap_err().to_string();
            assert!(!shown.contains("hunter2") && shown.contains(key), "{name}: {shown}");
        }
        let shown = of(&[("SPO_DATABASE_URL", "postgres://u:hunter2@h/d")]).unwrap_err();
        assert!(!shown.to_string().contains("hunter2"));
    }

    #[test]
    fn a_wrong_value_is_answered_by_what_is_wanted() {
        for (name, wanted) in [
            ("SPO_LISTEN", "127.0.0.1:8080"),
            ("SPO_MODE", "test or production"),
            ("SPO_LOG__FORMAT", "json or text"),
            ("SPO_LIMITS", "[limits]"),
            ("SPO_LIMITS__API_KEY_DAYS", "65535"),
        ] {
            let shown = of(&[(name, "hunter2")]).unwrap_err().to_string();
            assert!(shown.contains(wanted), "{name}: {shown}");
        }
    }

    #[test]
    fn a_bind_beyond_loopback_is_refused() {
        assert_eq!(of(&[("SPO_LISTEN", "0.0.0.0:8080")]), Err(ConfigError::BeyondLoopback));
    }

    #[test]
    fn what_config_check_prints_reads_back_and_shows_no_password() {
        let config = Config {
            database_url: Some("sqlite://name:hunter2@host/file".to_owned()),
            ..Config::default()
        };
        let shown = config.redacted();
        assert!(!shown.contains("hunter2"), "{shown}");
        toml::from_str::<Config>(&shown).unwrap();
    }
}
