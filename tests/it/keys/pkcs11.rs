//! Keys on tokens of SoftHSM. Which tokens there are stands in the environment of a process and is
//! read once, so each test runs itself again in a process of its own, with tokens in a folder of its
//! own.

use std::path::{Path, PathBuf};
use std::process::Command;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11 as Module};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use spo::sign::key::chain_of;
use spo::sign::key::pkcs11::{Pkcs11, certificates, open};
use spo::sign::{Certificate, KeyFault, SignError, Signer, SigningKey};

use super::{Issued, KINDS, SMALL, judged_whole, sealed, secret};
use crate::harness::Folder;
use crate::outside::{said, skipped};

/// Names the folder of the tokens to the process inside.
const VARIABLE: &str = "CHECK_TOKENS";

/// Tokens in a folder.
pub struct Tokens {
    folder: PathBuf,
}

impl Tokens {
    /// Those of this process, where it is one inside. Otherwise makes a folder for them, runs the
    /// test of that name in a process that sees it, and gives none.
    pub fn inside(test: &str) -> Option<Self> {
        if let Some(folder) = std::env::var_os(VARIABLE) {
            return Some(Self { folder: folder.into() });
        }
        let folder = Folder::new();
        Self::prepared(folder.path())?.run(test);
        None
    }

    /// Tokens in a folder, none so far; none at all where SoftHSM is not installed.
    pub fn prepared(folder: &Path) -> Option<Self> {
        let there = Command::new("softhsm2-util").arg("--version").output().is_ok();
        if !there || module().is_none() {
            skipped("softhsm2");
            return None;
        }
        let tokens = Self { folder: folder.to_owned() };
        std::fs::create_dir_all(folder.join("tokens")).unwrap();
        let place = folder.join("tokens");
        let settings = format!("directories.tokendir = {}\nlog.level = ERROR\n", place.display());
        std::fs::write(tokens.settings(), settings).unwrap();
        Some(tokens)
    }

    /// Runs a test of this file in a process that sees these tokens.
    fn run(&self, test: &str) {
        let name =
            if test.contains("::") { test.to_owned() } else { format!("keys::pkcs11::{test}") };
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([&name, "--exact", "--nocapture"]);
        let out =
            command.env(VARIABLE, &self.folder).env("SOFTHSM2_CONF", self.settings()).output();
        let out = out.unwrap();
        assert!(out.status.success() && said(&out).contains("1 passed"), "{}", said(&out));
    }

    pub fn settings(&self) -> PathBuf {
        self.folder.join("softhsm2.conf")
    }

    /// A new token of that label with PIN 1234.
    pub fn make(&self, label: &str) {
        let words = "--init-token --free --so-pin 87654321 --pin 1234 --label";
        self.tool("softhsm2-util", words, &[label]);
    }

    /// Puts a key into a token.
    pub fn put(&self, token: &str, issued: &Issued, named: (&str, &str)) {
        self.put_file(token, &issued.path("leaf.key"), named);
    }

    /// The same of a key in a file.
    pub fn put_file(&self, token: &str, file: &Path, (label, id): (&str, &str)) {
        let words = "--import";
        let more = ["--pin", "1234", "--token", token, "--label", label, "--id", id];
        self.tool("softhsm2-util", words, &[&[file.to_str().unwrap()], &more[..]].concat());
    }

    pub fn tool(&self, tool: &str, words: &str, more: &[&str]) {
        let mut command = Command::new(tool);
        command.args(words.split_whitespace()).args(more);
        let out = command.env("SOFTHSM2_CONF", self.settings()).output().unwrap();
        assert!(out.status.success(), "{tool} {words} {more:?}: {}", said(&out));
    }
}

pub fn module() -> Option<PathBuf> {
    let places = ["/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];
    let libraries = places.map(|place| Path::new(place).join("softhsm/libsofthsm2.so"));
    libraries.into_iter().find(|library| library.exists())
}

fn settings(token: &str, object: Option<&str>, id: Option<&[u8]>) -> Pkcs11 {
    let (object, id) = (object.map(str::to_owned), id.map(<[u8]>::to_vec));
    Pkcs11 { module: module().unwrap(), token: token.into(), object, id }
}

/// A session of another part of this process with the token of that label.
pub fn stranger(label: &str) -> (Module, Slot, Session) {
    let module = Module::new(module().unwrap()).unwrap();
    let slots = module.get_slots_with_initialized_token().unwrap();
    let slot =
        slots.into_iter().find(|slot| module.get_token_info(*slot).unwrap().label() == label);
    let session = module.open_rw_session(slot.unwrap()).unwrap();
    (module, slot.unwrap(), session)
}

fn pin(text: &str) -> AuthPin {
    AuthPin::new(text.into())
}

/// Whether a key signs, and what it makes is the certificate's.
async fn signs(key: &dyn SigningKey, own: &Certificate) -> bool {
    match key.sign(b"words").await {
        Ok(signature) => {
            assert!(own.confirms(b"words", &signature));
            true
        }
        Err(SignError::Key) => false,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn each_kind_of_key_on_a_token_signs_an_order_that_others_find_whole() {
    let test = "each_kind_of_key_on_a_token_signs_an_order_that_others_find_whole";
    let Some(tokens) = Tokens::inside(test) else { return };
    tokens.make("Invented token");
    let mut made = Vec::new();
    for (index, (algorithm, kind)) in KINDS.into_iter().enumerate() {
        let issued = Issued::new(kind).unwrap();
        let id = u8::try_from(index).unwrap() + 1;
        tokens.put("Invented token", &issued, (algorithm.name(), &format!("A{id}")));
        made.push((algorithm, issued, [0xa0 + id]));
    }
    for (algorithm, issued, id) in &made {
        let label = algorithm.name();
        for (object, id) in
            [(Some(label), None), (None, Some(&id[..])), (Some(label), Some(&id[..]))]
        {
            let settings = settings("Invented token", object, id);
            let key = open(&settings, &secret("1234")).unwrap();
            assert_eq!(key.algorithm(), *algorithm);
            let signer = Signer::new(key, issued.chain()).unwrap();
            signer.try_out().await.unwrap();
            if object.is_some() && id.is_some() {
                judged_whole(&sealed(&signer).await, *algorithm);
            }
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_token_or_a_key_is_told_by_name() {
    let test = "what_is_wrong_with_a_token_or_a_key_is_told_by_name";
    let Some(tokens) = Tokens::inside(test) else { return };
    for label in ["one", "two", "twin", "twin"] {
        tokens.make(label);
    }
    let (issued, small) = (Issued::new(KINDS[0].1).unwrap(), Issued::new(SMALL).unwrap());
    tokens.put("one", &issued, ("seal", "A1"));
    tokens.put("one", &small, ("small", "A2"));
    let fault = |settings: &Pkcs11, pin: &str| match open(settings, &secret(pin)) {
        Err(SignError::Opening(fault)) => Some(fault),
        Err(other) => panic!("{other}"),
        Ok(_) => None,
    };
    let at = |token, object| settings(token, object, None);
    assert_eq!(fault(&at("one", Some("seal")), "1234"), None);
    assert_eq!(fault(&at("three", Some("seal")), "1234"), Some(KeyFault::Token));
    assert_eq!(fault(&at("twin", Some("seal")), "1234"), Some(KeyFault::Token));
    assert_eq!(fault(&at("two", Some("seal")), "1234"), Some(KeyFault::NoKey));
    assert_eq!(fault(&at("one", None), "1234"), Some(KeyFault::SeveralKeys));
    assert_eq!(fault(&at("one", Some("small")), "1234"), Some(KeyFault::Refused));
    let wrong = settings("one", Some("seal"), Some(&[0xa2]));
    assert_eq!(fault(&wrong, "1234"), Some(KeyFault::NoKey));
    // While a key of the token is open in this process, the token asks nobody for a PIN; so one of
    // another token.
    assert_eq!(fault(&at("two", None), "4321"), Some(KeyFault::WrongSecret));
    assert_eq!(fault(&at("two", None), ""), Some(KeyFault::WrongSecret));
    assert!(certificates(&at("one", None)).unwrap().is_empty());
    assert!(certificates(&at("three", None)).is_err());
}

#[tokio::test]
async fn a_lost_login_a_lost_session_and_a_lost_token_are_mended() {
    let test = "a_lost_login_a_lost_session_and_a_lost_token_are_mended";
    let Some(tokens) = Tokens::inside(test) else { return };
    tokens.make("token");
    let issued = Issued::new(KINDS[1].1).unwrap();
    tokens.put("token", &issued, ("seal", "A1"));
    let own = issued.chain().remove(0);
    let key = open(&settings("token", Some("seal"), None), &secret("1234")).unwrap();
    assert!(signs(&*key, &own).await);
    let (module, _, session) = stranger("token");
    for _ in 0..3 {
        session.logout().unwrap();
        // The test of the test: nobody is logged in now.
        let state = session.get_session_info().unwrap().session_state();
        assert!(matches!(state, SessionState::RwPublic), "{state:?}");
        assert!(signs(&*key, &own).await);
    }
    drop(session);
    // Every session of the process ends with the library; who comes first starts it again.
    for stranger_first in [true, false] {
        module.clone().finalize().unwrap();
        if stranger_first {
            module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
        }
        assert!(module.get_slots_with_token().is_ok() == stranger_first);
        assert!(signs(&*key, &own).await);
    }
    // A token that is made anew holds no key of ours, and no session holds it.
    module.clone().finalize().unwrap();
    tokens.tool("softhsm2-util", "--delete-token --token token", &[]);
    assert!(!signs(&*key, &own).await);
    module.clone().finalize().unwrap();
    tokens.make("token");
    assert!(!signs(&*key, &own).await);
    module.finalize().unwrap();
    tokens.put("token", &issued, ("seal", "A1"));
    assert!(signs(&*key, &own).await);
}

#[tokio::test]
async fn many_signatures_at_once_come_out_right() {
    let test = "many_signatures_at_once_come_out_right";
    let Some(tokens) = Tokens::inside(test) else { return };
    tokens.make("token");
    let issued = Issued::new(KINDS[0].1).unwrap();
    tokens.put("token", &issued, ("seal", "A1"));
    let own = issued.chain().remove(0);
    let key = open(&settings("token", Some("seal"), None), &secret("1234")).unwrap();
    // More than the queue holds.
    let messages: Vec<_> = (0_u32..300).map(u32::to_be_bytes).collect();
    let all = messages.iter().map(|message| key.sign(message));
    let all = futures_util::future::join_all(all).await;
    for (message, signature) in messages.iter().zip(all) {
        assert!(own.confirms(message, &signature.unwrap()));
    }
}

#[tokio::test]
async fn a_pin_that_was_refused_is_never_tried_again() {
    let test = "a_pin_that_was_refused_is_never_tried_again";
    let Some(tokens) = Tokens::inside(test) else { return };
    tokens.make("token");
    let issued = Issued::new(KINDS[0].1).unwrap();
    tokens.put("token", &issued, ("seal", "A1"));
    let own = issued.chain().remove(0);
    let key = open(&settings("token", Some("seal"), None), &secret("1234")).unwrap();
    let (_, _, session) = stranger("token");
    session.set_pin(&pin("1234"), &pin("5678")).unwrap();
    assert!(signs(&*key, &own).await, "still logged in");
    session.logout().unwrap();
    assert!(!signs(&*key, &own).await);
    // Were it tried again, it would be taken now.
    session.login(UserType::User, Some(&pin("5678"))).unwrap();
    session.set_pin(&pin("5678"), &pin("1234")).unwrap();
    session.logout().unwrap();
    assert!(!signs(&*key, &own).await);
    // Who opens the key anew is heard.
    let key = open(&settings("token", Some("seal"), None), &secret("1234")).unwrap();
    assert!(signs(&*key, &own).await);
}

#[tokio::test]
async fn a_key_that_wants_its_pin_each_time_gets_it() {
    let test = "a_key_that_wants_its_pin_each_time_gets_it";
    if Command::new("pkcs11-tool").arg("--version").output().is_err() {
        skipped("pkcs11-tool");
        return;
    }
    let Some(tokens) = Tokens::inside(test) else { return };
    tokens.make("token");
    let issued = Issued::new(KINDS[2].1).unwrap();
    let (module, file) = (module().unwrap(), issued.path("leaf.key"));
    let words = "--login --pin 1234 --token-label token --type privkey --label seal --id a1 \
                 --usage-sign --always-auth";
    let more = ["--module", module.to_str().unwrap(), "--write-object", file.to_str().unwrap()];
    tokens.tool("pkcs11-tool", words, &more);
    issued.openssl("x509 -in leaf.pem -outform DER -out leaf.der", &[]);
    issued.openssl("x509 -in root.pem -outform DER -out root.der", &[]);
    for (name, id) in [("leaf.der", "a1"), ("root.der", "a2")] {
        let file = issued.path(name);
        let words = "--login --pin 1234 --token-label token --type cert";
        let more = ["--module", module.to_str().unwrap(), "--write-object", file.to_str().unwrap()];
        tokens.tool("pkcs11-tool", words, &[&more[..], &["--id", id]].concat());
    }
    let settings = settings("token", Some("seal"), None);
    let key = open(&settings, &secret("1234")).unwrap();
    let own = issued.chain().remove(0);
    for _ in 0..3 {
        assert!(signs(&*key, &own).await);
    }
    // The certificates lie on the token beside the key.
    let chain = chain_of(own.public_key(), certificates(&settings).unwrap()).unwrap();
    assert_eq!(chain, issued.chain());
    let (_, _, session) = stranger("token");
    session.logout().unwrap();
    assert!(signs(&*key, &own).await);
}

#[tokio::test]
async fn the_key_is_found_in_whatever_slot_its_token_is() {
    let test = "the_key_is_found_in_whatever_slot_its_token_is";
    if std::env::var_os(VARIABLE).is_some() {
        return in_some_slot().await;
    }
    let folder = Folder::new();
    let Some(tokens) = Tokens::prepared(folder.path()) else { return };
    let Some(issued) = Issued::new(KINDS[0].1) else { return };
    std::fs::write(folder.path().join("leaf.pem"), issued.bytes("leaf.pem")).unwrap();
    let mut slots = std::collections::BTreeSet::new();
    for round in 0..3 {
        tokens.make(&format!("another {round}"));
        tokens.make("token");
        tokens.put("token", &issued, ("seal", "A1"));
        tokens.run(test);
        slots.insert(std::fs::read_to_string(folder.path().join("slot")).unwrap());
        tokens.tool("softhsm2-util", "--delete-token --token token", &[]);
    }
    assert!(slots.len() > 1, "the token lay in the same slot each time: {slots:?}");
}

async fn in_some_slot() {
    let folder = PathBuf::from(std::env::var_os(VARIABLE).unwrap());
    let own = std::fs::read_to_string(folder.join("leaf.pem")).unwrap();
    let own = Certificate::from_pem(&own).unwrap();
    let key = open(&settings("token", Some("seal"), None), &secret("1234")).unwrap();
    assert!(signs(&*key, &own).await);
    let (_, slot, _session) = stranger("token");
    std::fs::write(folder.join("slot"), slot.id().to_string()).unwrap();
}
