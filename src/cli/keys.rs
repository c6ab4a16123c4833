//! `spo keys`: the signing keys, made, certified, taken in, listed, tried, put in each other's
//! place.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Exit, Global, in_runtime, output, paper};
use crate::app::keys::{Keys, KeysError, Made, Trial};
use crate::app::{self, Subject};
use crate::issue::{KeyState, Signing};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the public keys by which paper is checked elsewhere (PEM).
    Paper,
    /// List the signing keys: how each is, until when, and what it signs.
    List,
    /// Make a signing key and print the request for its certificate (PKCS #10); or, with `--test`,
    /// a key with a certificate of the local test authority, added to the keyring.
    Make {
        /// Its name in the keyring.
        name: String,
        #[arg(long, value_enum, default_value = "p256")]
        algorithm: Kind,
        /// Whom the certificate is to name.
        #[arg(long, value_name = "NAME", required_unless_present = "test")]
        common_name: Option<String>,
        #[arg(long, value_name = "NAME", conflicts_with = "test")]
        organisation: Option<String>,
        /// Two letters.
        #[arg(long, value_name = "CODE", default_value = "GB")]
        country: String,
        /// With a certificate of the local test authority.
        #[arg(long, conflicts_with = "common_name")]
        test: bool,
    },
    /// Join a key that was made here with the certificates that its authority issued, and add it to
    /// the keyring.
    Certify {
        /// Its name, as it was made.
        name: String,
        /// Its certificate, and those of the authorities above it (PEM or DER).
        #[arg(required = true)]
        certificates: Vec<PathBuf>,
        /// File of its passphrase, which only this user may read; made where there is none. It
        /// stays where it is.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
    },
    /// Copy a PKCS #12 file into the data folder and add its key to the keyring.
    Import {
        file: PathBuf,
        /// Its name in the keyring.
        #[arg(long)]
        name: String,
        /// File of its passphrase, which only this user may read; it stays where it is.
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
    },
    /// Sign a few bytes with a key, verify them, and say how long it took.
    Test { name: String },
    /// Put a key into the profiles of another. A running server takes over within seconds; the old
    /// key's documents stay checkable.
    Rotate { old: String, new: String },
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    P256,
    P384,
    Rsa,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::P256 => "ecdsa-p256",
            Self::P384 => "ecdsa-p384",
            Self::Rsa => "rsa",
        }
    }
}

/// Does what the command says.
pub fn run(global: &Global, command: &Command) -> Exit {
    if matches!(command, Command::Paper) {
        return paper::key(global);
    }
    let config = match global.settings(None) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    app::log(&config.clone().quiet());
    let keys = Keys::of(&config);
    in_runtime(async {
        match obey(&keys, command, global.json).await {
            Ok(exit) => exit,
            Err(error) => refused(&error),
        }
    })
}

async fn obey(keys: &Keys, command: &Command, json: bool) -> Result<Exit, KeysError> {
    match command {
        Command::Paper => {}
        Command::List => list(&keys.list().await?, json),
        Command::Make { name, algorithm, test: true, .. } => {
            made(name, &keys.make_test(name, algorithm.name()).await?, json);
        }
        Command::Make { name, algorithm, common_name, organisation, country, .. } => {
            let subject = Subject {
                common_name: common_name.clone().unwrap_or_default(),
                organisation: organisation.clone(),
                country: country.clone(),
            };
            made(name, &keys.make(name, algorithm.name(), &subject)?, json);
        }
        Command::Certify { name, certificates, passphrase_file } => {
            let path = keys.certify(name, certificates, passphrase_file).await?;
            let path = path.display().to_string();
            said(("keys_certified", &[("name", name), ("file", &path)]), json);
        }
        Command::Import { file, name, passphrase_file } => {
            let path = keys.import(name, file, passphrase_file).await?.display().to_string();
            said(("keys_imported", &[("name", name), ("file", &path)]), json);
        }
        Command::Test { name } => {
            tried(name, &keys.test(name).await?, json);
        }
        Command::Rotate { old, new } => {
            let words = match keys.rotate(old, new).await? {
                true => "keys_rotated_beside",
                false => "keys_rotated",
            };
            said((words, &[("old", old), ("new", new)]), json);
        }
    }
    Ok(Exit::Done)
}

/// A sentence on standard error; for machines the same facts.
fn said((words, facts): (&str, &[(&str, &str)]), json: bool) {
    if json {
        let facts = facts.iter().map(|(name, fact)| ((*name).to_owned(), json!(fact)));
        output::json(&serde_json::Value::Object(facts.collect()));
    }
    output::note(words, facts);
}

fn tried(name: &str, trial: &Trial, json: bool) {
    let took = format!("{:.3}", trial.milliseconds);
    if json {
        output::json(&json!({
            "name": name, "algorithm": trial.algorithm, "subject": trial.subject,
            "milliseconds": trial.milliseconds,
        }));
    } else {
        let facts = [("name", name), ("algorithm", trial.algorithm)];
        let more = [("subject", trial.subject.as_str()), ("took", &took)];
        output::result(&super::words::sentence("keys_tried", &[facts, more].concat()));
    }
}

fn made(name: &str, made: &Made, json: bool) {
    let path = made.key.display().to_string();
    let facts = [("name", name), ("file", path.as_str())];
    match &made.request {
        Some(request) if json => {
            output::json(&json!({ "name": name, "file": path, "request": request }));
        }
        Some(request) => output::result(request.trim_end()),
        None => return said(("keys_made_test", &facts), json),
    }
    output::note("keys_made", &facts);
}

fn list(signing: &Signing, json: bool) {
    if json {
        let keys: Vec<_> = signing.keys.iter().map(as_json).collect();
        return output::json(&json!({ "items": keys }));
    }
    for key in &signing.keys {
        let until = key.not_after.to_string();
        let days = key.days_left.to_string();
        let signs = if key.signs.is_empty() { "-".to_owned() } else { key.signs.join(",") };
        let warning = key.warning.map_or("-", |warning| warning.name());
        let columns = [&key.name, key.kind, key.algorithm, &key.subject, &until, &days];
        let more = [signs.as_str(), warning];
        output::result(&[&columns[..], &more].concat().join("\t"));
    }
}

fn as_json(key: &KeyState) -> serde_json::Value {
    json!({
        "name": key.name, "kind": key.kind, "algorithm": key.algorithm, "subject": key.subject,
        "not_before": key.not_before.to_string(), "not_after": key.not_after.to_string(),
        "days_left": key.days_left, "warning": key.warning.map(|warning| warning.name()),
        "profiles": key.profiles, "signs": key.signs, "test": key.test,
    })
}

fn refused(error: &KeysError) -> Exit {
    let (words, name) = match error {
        KeysError::Start(error) => return output::start(error),
        KeysError::Name(_) => return output::misuse("keys_name", &[]),
        KeysError::Algorithm(name) => ("keys_unknown", name.clone()),
        KeysError::Taken(name) => ("keys_taken", name.clone()),
        KeysError::Unknown(name) => ("keys_unknown", name.clone()),
        KeysError::NotInUse(name) => ("keys_not_in_use", name.clone()),
        KeysError::NoKeyring(path) => ("keys_no_keyring", path.display().to_string()),
        KeysError::Unreadable(path) => ("keys_unreadable", path.display().to_string()),
        KeysError::Silent(cause) => ("keys_silent", output::causes(cause)),
        KeysError::NotMade(name) => ("keys_not_made", name.clone()),
        KeysError::Busy(path) => ("keys_busy", path.display().to_string()),
        KeysError::Changed(path) => ("keys_changed", path.display().to_string()),
        KeysError::Randomness(_) => ("keys_randomness", String::new()),
        KeysError::Certificates { name, cause } => {
            let facts = [("name", name.as_str()), ("cause", &cause.to_string())];
            output::note("keys_certificates", &facts);
            return error.fault().into();
        }
    };
    output::note(words, &[("name", &name)]);
    error.fault().into()
}
