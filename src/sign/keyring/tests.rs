//! A keyring from its file to its choice, at instants that are handed in.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::SignedDuration;

use super::*;
use crate::sign::Algorithm;

/// A folder with the place of a keyring in it; it goes when its test ends.
struct Ground {
    folder: PathBuf,
    place: Place,
}

impl Ground {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("spo-{}-ring-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let place = Place {
            file: folder.join("keyring.toml"),
            named: false,
            authority: folder.join("authority"),
            certificates: folder.join("certificates"),
            production: false,
            known: known(),
            variables: Arc::new(|name| {
                (name == "SPO_SECRET_SEAL").then(|| "words".to_owned().into())
            }),
        };
        Self { folder, place }
    }

    /// A key of the local test authority that is valid from an instant, and its table.
    fn key(&self, name: &str, from: Timestamp) -> String {
        let text = make_test(&self.place.authority, (Algorithm::EcdsaP256, name), from).unwrap();
        private_file(&self.folder.join(format!("{name}.pem")), text.as_bytes()).unwrap();
        format!("[[key]]\nname = \"{name}\"\nkind = \"test\"\nfile = \"{name}.pem\"\n")
    }

    fn write(&self, text: &str) {
        std::fs::write(&self.place.file, text).unwrap();
    }

    fn open(&self, at: Timestamp) -> Result<Keyring, KeyringError> {
        now(Keyring::open(self.place.clone(), at))
    }

    fn faults(&self) -> Vec<(usize, String, What)> {
        match self.open(noon()) {
            Err(KeyringError::Faults { faults, .. }) => {
                faults.into_iter().map(|fault| (fault.line, fault.key, fault.what)).collect()
            }
            other => panic!("{:?}", other.err()),
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn known() -> Known {
    Known { kinds: vec!["full_order".into()] }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn later(days: i64) -> Timestamp {
    noon() + SignedDuration::from_hours(24 * days)
}

fn order(court: &str) -> Purpose<'_> {
    Purpose { court, kind: "full_order", role: Role::Seal }
}

fn chosen(keyring: &Keyring, purpose: &Purpose<'_>, at: Timestamp) -> String {
    keyring.ring().choose(purpose, at).unwrap().key
}

#[test]
fn without_a_file_the_local_test_authority_signs_everything() {
    let ground = Ground::new("local");
    let keyring = ground.open(noon()).unwrap();
    assert_eq!(chosen(&keyring, &order("1234"), noon()), LOCAL);
    let anchors = keyring.anchors();
    assert!(anchors.signers.iter().all(|anchor| anchor.test) && anchors.signers.len() == 1);
    assert!(keyring.ring().has_test_key());
    let named = Place { named: true, ..ground.place.clone() };
    let missing = now(Keyring::open(named, noon()));
    assert!(matches!(missing, Err(KeyringError::Missing(_))));
    let production = Place { production: true, ..ground.place.clone() };
    let refused = now(Keyring::open(production, noon()));
    assert!(matches!(refused, Err(KeyringError::TestAuthority)));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one keyring with every fault, and its list")]
fn every_fault_is_named_with_its_line_and_its_key() {
    let ground = Ground::new("faults");
    ground.write(
        r#"
[[key]]
name = "one two"
kind = "test"
[[key]]
name = "seal"
kind = "pkcs12"
passphrase_file = "a"
passphrase_variable = "b"
[[key]]
name = "seal"
kind = "paper"
[[key]]
name = "token"
kind = "pkcs11"
module = "m.so"
token = "t"
certificates = "c.pem"
id = "0x"
pin_variable = "pin"
colour = "red"
[[profile]]
name = "orders"
courts = ["1234", "99 99"]
kinds = ["full_orders"]
roles = ["judge"]
keys = ["seal", "other"]
level = "B-T"
[[timestamp]]
url = "ftp://tsa.example/"
[outside]
max_clock_difference = 0
[seals]
"#,
    );
    let text = Wanted::default();
    let found = ground.faults();
    let expected = [
        (3, "key.1.name", text.name),
        (5, "key.seal.file", What::Missing),
        (9, "key.seal.passphrase_variable", What::Wanted("one source alone")),
        (11, "key.seal.name", What::Taken),
        (12, "key.seal.kind", What::Wanted("test, pkcs12, pkcs11 or csc")),
        (19, "key.token.id", What::Wanted("hexadecimal digits")),
        (20, "key.token.pin_variable", text.variable),
        (21, "key.token.colour", What::Unknown),
        (24, "profile.orders.courts", What::Wanted("the code of a court")),
        (25, "profile.orders.kinds", What::NoSuchKind),
        (26, "profile.orders.roles", What::Wanted("seal, register or service")),
        (27, "profile.orders.keys", What::NoSuchKey),
        (28, "profile.orders.level", What::NoTimestamp),
        (30, "timestamp.1.url", text.address),
        (32, "outside.max_clock_difference", What::Wanted("seconds, 1 to 86400")),
        (33, "seals", What::Unknown),
    ];
    let found: Vec<_> =
        found.iter().map(|(line, key, what)| (*line, key.as_str(), *what)).collect();
    assert_eq!(found, expected);
    ground.write("[[key]\n");
    assert_eq!(ground.faults()[0].2, What::NotToml);
    ground.write("");
    assert_eq!(ground.faults(), [(1, "profile".to_owned(), What::Missing)]);
}

/// What some faults want, in the words of the reader.
struct Wanted {
    name: What,
    variable: What,
    address: What,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            name: What::Wanted("1 to 64 letters, digits, '.', '_' and '-'"),
            variable: What::Wanted("the name of a variable, as SPO_SECRET_SEAL"),
            address: What::Wanted("an address as https://tsa.example/, without name or password"),
        }
    }
}

#[test]
fn the_first_profile_that_matches_signs_and_in_it_the_newest_valid_certificate() {
    let ground = Ground::new("choice");
    let text = [
        ground.key("old", noon()),
        ground.key("new", later(10)),
        ground.key("other", noon()),
        "[[profile]]\nname = \"one\"\ncourts = [\"1234\"]\nkeys = [\"new\", \"old\"]\n\
         [[profile]]\nname = \"register\"\nroles = [\"register\"]\nkeys = [\"other\"]\n"
            .to_owned(),
    ];
    ground.write(&text.concat());
    let keyring = ground.open(noon()).unwrap();
    for (day, key) in [(0, "old"), (9, "old"), (10, "new"), (89, "new"), (95, "new")] {
        assert_eq!(chosen(&keyring, &order("1234"), later(day)), key, "day {day}");
    }
    let none = keyring.signer_for(&order("5678"), noon()).err();
    assert!(matches!(none, Some(SignError::NoProfile)));
    let register = Purpose { role: Role::Register, ..order("5678") };
    assert_eq!(chosen(&keyring, &register, noon()), "other");
    let ended = keyring.signer_for(&order("1234"), later(101)).err();
    assert!(matches!(ended, Some(SignError::Certificate { .. })));
    let early = keyring.signer_for(&order("1234"), later(-1)).err();
    assert!(matches!(early, Some(SignError::Certificate { .. })));
}

#[test]
fn the_local_signer_is_renewed_in_a_running_process_and_the_old_certificate_kept() {
    let ground = Ground::new("renewed");
    let keyring = ground.open(noon()).unwrap();
    let first = keyring.ring();
    let old = first.keys()[0].signer.certificate().clone();
    assert!(matches!(now(keyring.refresh(later(75))), Refreshed::Unchanged));
    assert!(matches!(now(keyring.refresh(later(80))), Refreshed::Taken));
    let ring = keyring.ring();
    let new = ring.keys()[0].signer.certificate().clone();
    assert_ne!(old, new);
    assert!(new.valid_at(later(150)).is_ok());
    let kept = keyring.certificates();
    assert!(kept.contains(&old) && kept.contains(&new));
    assert!(matches!(now(keyring.refresh(later(80))), Refreshed::Unchanged));
    // What was chosen before goes on with what it has.
    assert_eq!(first.keys()[0].signer.certificate(), &old);
}

#[test]
fn a_changed_keyring_is_taken_whole_or_not_at_all() {
    let ground = Ground::new("changed");
    let keyring = ground.open(noon()).unwrap();
    let profile = |key: &str| format!("[[profile]]\nname = \"all\"\nkeys = [\"{key}\"]\n");
    let one = ground.key("one", noon());
    ground.write(&(one.clone() + &profile("one")));
    assert!(matches!(now(keyring.refresh(noon())), Refreshed::Taken));
    assert_eq!(chosen(&keyring, &order("1234"), noon()), "one");
    assert!(matches!(now(keyring.refresh(noon())), Refreshed::Unchanged));
    ground.write(&(one.clone() + &profile("two")));
    assert!(matches!(now(keyring.refresh(noon())), Refreshed::Kept(_)));
    assert_eq!(chosen(&keyring, &order("1234"), noon()), "one");
    let state = keyring.state(noon());
    assert!(state.some() && !state.all() && state.stale.is_some());
    assert!(matches!(now(keyring.refresh(noon())), Refreshed::Unchanged), "it waits");
    let minute = noon() + SignedDuration::from_secs(61);
    assert!(matches!(now(keyring.refresh(minute)), Refreshed::Kept(_)), "it tries again");
    let two = ground.key("two", noon());
    ground.write(&(one + &two + &profile("two")));
    assert!(matches!(now(keyring.refresh(minute)), Refreshed::Taken));
    assert_eq!(chosen(&keyring, &order("1234"), noon()), "two");
    let state = keyring.state(noon());
    assert!(state.all());
    assert_eq!((state.refreshed, state.kept), (2, 2));
    // A key's own file counts too.
    std::fs::write(ground.folder.join("two.pem"), "damaged").unwrap();
    assert!(matches!(now(keyring.refresh(minute)), Refreshed::Kept(_)));
    assert_eq!(chosen(&keyring, &order("1234"), noon()), "two");
}

#[test]
fn a_key_that_others_may_read_or_that_is_another_s_is_refused() {
    let ground = Ground::new("open");
    let text = ground.key("one", noon()) + "[[profile]]\nname = \"all\"\nkeys = [\"one\"]\n";
    ground.write(&text);
    let path = ground.folder.join("one.pem");
    let mode = |mode| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for open in [0o640, 0o604] {
        mode(open);
        assert_eq!(ground.faults(), [(1, "key.one.file".to_owned(), What::Open)]);
    }
    mode(0o600);
    ground.open(noon()).unwrap();
    let other = ground.key("two", noon());
    assert!(other.contains("two.pem"));
    let read = |name: &str| std::fs::read_to_string(ground.folder.join(name)).unwrap();
    let (one, two) = (read("one.pem"), read("two.pem"));
    let cut = |text: &str| text.find("-----BEGIN CERTIFICATE").unwrap();
    std::fs::write(&path, [&one[..cut(&one)], &two[cut(&two)..]].concat()).unwrap();
    assert_eq!(ground.faults()[0].2, What::Silent);
    std::fs::write(&path, &one[..cut(&one)]).unwrap();
    assert_eq!(ground.faults()[0].2, What::NoCertificate);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(ground.faults()[0].2, What::Unreadable);
}

#[test]
fn production_takes_no_key_of_a_test_authority_into_a_profile() {
    let ground = Ground::new("production");
    ground.write(&(ground.key("one", noon()) + "[[profile]]\nname = \"all\"\nkeys = [\"one\"]\n"));
    let place = Place { production: true, ..ground.place.clone() };
    let Err(KeyringError::Faults { faults, .. }) = now(Keyring::open(place, noon())) else {
        panic!("taken")
    };
    assert_eq!((faults[0].key.as_str(), faults[0].what), ("key.one.kind", What::Test));
}

#[test]
fn a_check_makes_and_keeps_nothing() {
    let ground = Ground::new("check");
    now(ground.place.check(noon())).unwrap();
    assert!(std::fs::read_dir(&ground.folder).unwrap().next().is_none());
    ground.write("[[profile]]\n");
    assert!(now(ground.place.check(noon())).is_err());
}

#[test]
fn a_token_that_is_away_at_the_start_stops_what_it_signs_alone() {
    let ground = Ground::new("away");
    let text = [
        ground.key("one", noon()),
        "[[key]]\nname = \"token\"\nkind = \"pkcs11\"\nmodule = \"/nowhere/module.so\"\n\
         token = \"seal\"\nobject = \"seal\"\ncertificates = \"one.pem\"\n\
         pin_variable = \"SPO_SECRET_SEAL\"\n\
         [[profile]]\nname = \"token\"\ncourts = [\"1234\"]\nkeys = [\"token\"]\n\
         [[profile]]\nname = \"rest\"\nkeys = [\"one\"]\n"
            .to_owned(),
    ];
    ground.write(&text.concat());
    let keyring = ground.open(noon()).unwrap();
    assert_eq!(chosen(&keyring, &order("5678"), noon()), "one");
    let refused = keyring.signer_for(&order("1234"), noon()).err();
    assert!(matches!(refused, Some(SignError::Key)), "{refused:?}");
    let state = keyring.state(noon());
    assert!(state.some() && !state.all() && state.stale.is_some());
    assert!(matches!(now(keyring.refresh(noon())), Refreshed::Kept(_)), "it is asked again");
    assert!(matches!(now(keyring.refresh(noon())), Refreshed::Unchanged), "but not at once");
    assert!(now(ground.place.check(noon())).is_err(), "a check names it");
}

#[test]
fn a_keyring_that_is_taken_away_from_a_running_process_leaves_the_one_in_force() {
    let ground = Ground::new("taken-away");
    let text = ground.key("one", noon()) + "[[profile]]\nname = \"all\"\nkeys = [\"one\"]\n";
    ground.write(&text);
    let keyring = ground.open(noon()).unwrap();
    std::fs::remove_file(&ground.place.file).unwrap();
    for day in [0, 1] {
        let looked = now(keyring.refresh(later(day)));
        assert!(matches!(looked, Refreshed::Kept(KeyringError::Missing(_))), "{looked:?}");
        assert_eq!(chosen(&keyring, &order("1234"), later(day)), "one");
    }
    ground.write(&text);
    assert!(matches!(now(keyring.refresh(later(2))), Refreshed::Taken));
}

#[test]
fn warnings_come_ninety_thirty_and_seven_days_ahead_and_less_of_what_renews_itself() {
    let ground = Ground::new("warnings");
    ground.write(&(ground.key("one", noon()) + "[[profile]]\nname = \"all\"\nkeys = [\"one\"]\n"));
    let keyring = ground.open(noon()).unwrap();
    let at = |day| {
        let state = keyring.state(later(day));
        (state.keys[0].days_left, state.keys[0].warning.map(Warning::name))
    };
    for (day, left, warning) in [
        (-1, 91, Some("not_yet_valid")),
        (0, 90, Some("90_days")),
        (59, 31, Some("90_days")),
        (60, 30, Some("30_days")),
        (82, 8, Some("30_days")),
        (83, 7, Some("7_days")),
        (90, 0, Some("7_days")),
        (91, -1, Some("ended")),
    ] {
        assert_eq!(at(day), (left, warning), "day {day}");
    }
    assert_eq!(keyring.state(noon()).keys[0].signs, ["all"]);
    assert!(keyring.state(later(91)).keys[0].signs.is_empty());
    assert!(!keyring.state(later(91)).some());
    let local = Ground::new("warnings-local").open(noon()).unwrap();
    assert_eq!(local.state(later(60)).keys[0].warning, None);
    assert_eq!(local.state(later(85)).keys[0].warning, Some(Warning::Days7));
}

/// Says one thing, and counts how often it is asked.
struct Says(Stands, AtomicU32);

impl Standing for Says {
    fn good<'a>(&'a self, _: &'a [Certificate], _: Timestamp) -> Asked<'a> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(self.0))
    }
}

#[test]
fn whether_a_certificate_stands_is_asked_before_signing_and_remembered_for_a_minute() {
    let ground = Ground::new("standing");
    for (says, kept, good) in
        [(Stands::Good, 60, true), (Stands::Unknown, 10, true), (Stands::Revoked, 60, false)]
    {
        let asked = Arc::new(Says(says, AtomicU32::new(0)));
        let keyring = ground.open(noon()).unwrap().asking(Arc::clone(&asked) as Arc<dyn Standing>);
        let signer = keyring.signer_for(&order("1234"), noon()).unwrap();
        let allowed = |seconds| {
            let at = noon() + SignedDuration::from_secs(seconds);
            let allowed = now(keyring.allows(&signer, at));
            assert!(matches!(allowed, Ok(()) | Err(SignError::Revoked)));
            allowed.is_ok()
        };
        assert_eq!([allowed(0), allowed(kept)], [good; 2]);
        assert_eq!(asked.1.load(Ordering::Relaxed), 1);
        assert_eq!(allowed(kept + 1), good);
        assert_eq!(asked.1.load(Ordering::Relaxed), 2);
    }
}

#[test]
fn a_clock_that_is_not_believed_signs_nothing() {
    let ground = Ground::new("clock");
    let keyring = ground.open(noon()).unwrap();
    let signer = keyring.signer_for(&order("1234"), noon()).unwrap();
    keyring.clock().issued(later(1));
    assert!(matches!(now(keyring.allows(&signer, noon())), Err(SignError::Clock)));
    assert!(!keyring.state(noon()).some());
    keyring.clock().observed(noon(), noon());
    assert!(now(keyring.allows(&signer, noon())).is_ok());
}

#[test]
fn an_edit_leaves_every_other_word_as_it_stands() {
    let text = "# ours\n[[key]]\nname = \"a\" # first\nkind = \"test\"\n\n[[profile]]\n\
                name = \"p\"\nkeys = [\"x\", \"a\"] # these\n# end\n[[profile]]\nname = \"q\"\n\
                keys = [\"x\"]\n";
    let beside = rotated(text, ("a", "b"), true).unwrap();
    assert_eq!(beside, text.replace("[\"x\", \"a\"]", "[\"x\", \"a\", \"b\"]"));
    let instead = rotated(text, ("a", "b"), false).unwrap();
    assert_eq!(instead, text.replace("[\"x\", \"a\"]", "[\"x\", \"b\"]"));
    assert_eq!(rotated(&beside, ("a", "b"), false).unwrap(), instead);
    assert_eq!(rotated(text, ("c", "b"), true), Err(EditError::NotInUse));
    let key =
        Addition { name: "b", kind: "pkcs12", file: Path::new("b\"\\.p12"), passphrase_file: None };
    let more = added(text, &key);
    assert!(more.starts_with(text));
    assert_eq!(names(&more), ["a", "b"]);
    assert_eq!(more.matches("[[profile]]").count(), 2);
    let first = added("", &key);
    assert!(first.contains("keys = [\"b\"]"), "{first}");
    let read: toml::Table = toml::from_str(&more).unwrap();
    assert_eq!(read["key"][1]["file"].as_str(), Some("b\"\\.p12"));
}

#[test]
fn a_request_for_a_certificate_names_its_subject_and_its_key() {
    let subject = Subject {
        common_name: "Example Seal".to_owned(),
        organisation: Some("Example Court Authority".to_owned()),
        country: "GB".to_owned(),
    };
    for algorithm in Algorithm::ALL {
        let made = make(algorithm, &subject).unwrap();
        let (label, der) = der::pem::decode_vec(made.request.as_bytes()).unwrap();
        assert_eq!(label, "CERTIFICATE REQUEST");
        let has = |text: &str| der.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(has("Example Seal") && has("Example Court Authority"));
        let key = crate::sign::key::SoftwareKey::from_pkcs8(made.key.as_bytes()).unwrap();
        let public = key.public_key();
        assert!(der.windows(public.len()).any(|part| part == public));
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reading_of_a_keyring_fall(text in "[\\[\\]a-z=\"\\n .#{}']{0,200}") {
        let _ = Settings::read(&text, Path::new(""), &known());
        let _ = rotated(&text, ("a", "b"), true);
    }
}
