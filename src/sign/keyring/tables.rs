//! `keyring.toml` as tables: each is read and checked, and every fault is noted. Nothing is opened
//! here.
//!
//! To add a setting: its line in the reading of its table, and its name in the list that
//! [`Reader::hold`] gets.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::fault::{Fault, What};
use super::reader::{Reader, Section, is_name};
use super::settings::{
    KeyKind, KeySetting, Outside, Profile, SecretSource, Settings, TimestampServer,
    WithoutTimestamp,
};
use super::{Known, Role};
use crate::verify::Level;

impl Settings {
    /// Reads a keyring whose paths are relative to `folder`.
    ///
    /// # Errors
    /// Every [`Fault`], in the order of the file.
    pub fn read(text: &str, folder: &Path, known: &Known) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(text, folder);
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                reader.fault(at, "", What::NotToml);
                return Err(reader.faults);
            }
        };
        let whole = Section::whole(&table);
        reader.hold(&whole, &["key", "profile", "timestamp", "trust", "outside"]);
        let settings = Self {
            keys: keys(&mut reader, &whole),
            timestamps: timestamps(&mut reader, &whole),
            profiles: Vec::new(),
            trusted_signers: trusted(&mut reader, &whole, "signers"),
            trusted_timestamps: trusted(&mut reader, &whole, "timestamps"),
            outside: outside(&mut reader, &whole),
        };
        let profiles = profiles(&mut reader, &whole, (&settings, known));
        if reader.faults.is_empty() {
            return Ok(Self { profiles, ..settings });
        }
        reader.faults.sort_by_key(|fault| fault.line);
        Err(reader.faults)
    }
}

fn keys(reader: &mut Reader<'_>, whole: &Section<'_>) -> Vec<KeySetting> {
    let (mut found, mut names) = (Vec::new(), BTreeSet::new());
    for section in reader.sections(whole, "key") {
        let name = reader.name(&section);
        let kind = key_kind(reader, &section);
        let line = reader.line(section.start());
        let Some(name) = name else { continue };
        if !names.insert(name.clone()) {
            reader.fault(section.at("name"), &section.of("name"), What::Taken);
        }
        found.extend(kind.map(|kind| KeySetting { name, line, kind }));
    }
    found
}

fn key_kind(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<KeyKind> {
    if !section.has("kind") {
        reader.fault(section.start(), &section.of("kind"), What::Missing);
    }
    match reader.word(section, "kind", (KINDS, "test, pkcs12, pkcs11 or csc"))? {
        Kind::Test => {
            reader.hold(section, &["name", "kind", "file"]);
            Some(KeyKind::Test { file: reader.path(section, "file") })
        }
        Kind::Pkcs12 => {
            let fields = ["name", "kind", "file", "passphrase_file", "passphrase_variable"];
            reader.hold(section, &fields);
            let file = reader.needed_path(section, "file");
            let passphrase = secret(reader, section, ("passphrase_file", "passphrase_variable"));
            Some(KeyKind::Pkcs12 { file: file?, passphrase: passphrase? })
        }
        Kind::Pkcs11 => pkcs11(reader, section),
        Kind::Csc => csc(reader, section),
    }
}

fn pkcs11(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<KeyKind> {
    let fields = ["name", "kind", "module", "token", "object", "id", "certificates"];
    reader.hold(section, &[&fields[..], &["pin_file", "pin_variable"]].concat());
    let module = reader.needed_path(section, "module");
    let token = reader.needed(section, "token");
    let object = reader.text(section, "object");
    let id = reader.text(section, "id");
    let bytes = id.as_deref().map(from_hex);
    if let Some(None) = bytes {
        reader.fault(section.at("id"), &section.of("id"), What::Wanted("hexadecimal digits"));
    }
    if object.is_none() && id.is_none() {
        reader.fault(section.start(), &section.of("object"), What::Missing);
    }
    let certificates = reader.needed_path(section, "certificates");
    let pin = secret(reader, section, ("pin_file", "pin_variable"));
    Some(KeyKind::Pkcs11 {
        module: module?,
        token: token?,
        object,
        id: bytes.flatten(),
        certificates: certificates?,
        pin: pin?,
    })
}

fn csc(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<KeyKind> {
    let fields = ["name", "kind", "url", "credential", "client_id", "token_url"];
    reader.hold(section, &[&fields[..], &["secret_file", "secret_variable"]].concat());
    let url = address(reader, section, "url");
    let credential = reader.needed(section, "credential");
    let client_id = reader.needed(section, "client_id");
    let token_url = section.has("token_url").then(|| address(reader, section, "token_url"));
    let secret = secret(reader, section, ("secret_file", "secret_variable"));
    Some(KeyKind::Csc {
        url: url?,
        credential: credential?,
        client_id: client_id?,
        secret: secret?,
        token_url: token_url.flatten(),
    })
}

/// One of the two sources, and no more.
fn secret(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    (file, variable): (&str, &str),
) -> Option<SecretSource> {
    match (section.has(file), section.has(variable)) {
        (true, false) => reader.path(section, file).map(SecretSource::File),
        (false, true) => {
            let name = reader.text(section, variable)?;
            let fits =
                |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            if name.bytes().all(fits)
                && name.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
            {
                return Some(SecretSource::Variable(name));
            }
            let wanted = What::Wanted("the name of a variable, as SPO_SECRET_SEAL");
            reader.fault(section.at(variable), &section.of(variable), wanted);
            None
        }
        (true, true) => {
            let wanted = What::Wanted("one source alone");
            reader.fault(section.at(variable), &section.of(variable), wanted);
            None
        }
        (false, false) => {
            reader.fault(section.start(), &section.of(file), What::Missing);
            None
        }
    }
}

/// A web address with a host and without a name or password in it.
fn address(reader: &mut Reader<'_>, section: &Section<'_>, key: &str) -> Option<String> {
    let text = reader.needed(section, key)?;
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let sound = host.is_some_and(|host| {
        !host.is_empty() && !host.starts_with('/') && !host.contains('@') && text.is_ascii()
    });
    if sound && !text.contains(char::is_whitespace) {
        return Some(text);
    }
    let wanted = What::Wanted("an address as https://tsa.example/, without name or password");
    reader.fault(section.at(key), &section.of(key), wanted);
    None
}

fn profiles(
    reader: &mut Reader<'_>,
    whole: &Section<'_>,
    (settings, known): (&Settings, &Known),
) -> Vec<Profile> {
    let (mut found, mut all) = (Vec::new(), BTreeSet::new());
    for section in reader.sections(whole, "profile") {
        let fields = ["name", "courts", "kinds", "roles", "keys"];
        let levels = ["level", "long_term", "without_timestamp"];
        reader.hold(&section, &[&fields[..], &levels].concat());
        let name = reader.name(&section);
        if name.as_ref().is_some_and(|name| !all.insert(name.clone())) {
            reader.fault(section.at("name"), &section.of("name"), What::Taken);
        }
        let courts = names(reader, &section, "courts", |text| {
            if is_name(text) { None } else { Some(What::Wanted("the code of a court")) }
        });
        let kinds = names(reader, &section, "kinds", |text| {
            if known.is_kind(text) { None } else { Some(What::NoSuchKind) }
        });
        let keys = names(reader, &section, "keys", |text| {
            let there = key_names(whole).contains(text);
            if there { None } else { Some(What::NoSuchKey) }
        });
        if !section.has("keys") {
            reader.fault(section.start(), &section.of("keys"), What::Missing);
        }
        let roles = roles(reader, &section);
        let (level, long_term) = levels_of(reader, &section, !settings.timestamps.is_empty());
        let without_timestamp = reader.word(&section, "without_timestamp", WITHOUT);
        let without_timestamp = without_timestamp.unwrap_or(WithoutTimestamp::Deliver);
        let (Some(name), Some(keys)) = (name, keys) else { continue };
        found.push(Profile {
            name,
            courts,
            kinds,
            roles,
            keys,
            level,
            long_term,
            without_timestamp,
        });
    }
    if !whole.has("profile") {
        reader.fault(0, "profile", What::Missing);
    }
    found
}

/// The names of all keys, those with other faults too: one fault is told once.
fn key_names(whole: &Section<'_>) -> BTreeSet<String> {
    let mut silent = Reader::new("", Path::new(""));
    let sections = silent.sections(whole, "key");
    sections.iter().filter_map(|section| silent.text(section, "name")).collect()
}

/// A list of names, each held against what is known.
fn names(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &str,
    wrong: impl Fn(&str) -> Option<What>,
) -> Option<Vec<String>> {
    let all = reader.texts(section, key)?;
    for (text, Range { start, .. }) in &all {
        if let Some(what) = wrong(text) {
            reader.fault(*start, &section.of(key), what);
        }
    }
    Some(all.into_iter().map(|(text, _)| text).collect())
}

fn roles(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Vec<Role>> {
    let mut roles = Vec::new();
    for (text, span) in reader.texts(section, "roles")? {
        match Role::ALL.into_iter().find(|role| role.name() == text) {
            Some(role) => roles.push(role),
            None => {
                let wanted = What::Wanted("seal, register or service");
                reader.fault(span.start, &section.of("roles"), wanted);
            }
        }
    }
    Some(roles)
}

/// What is wanted at delivery and later; a timestamp needs a service that gives it.
fn levels_of(reader: &mut Reader<'_>, section: &Section<'_>, stamped: bool) -> (Level, Level) {
    let level = reader.word(section, "level", (&LEVELS[..2], "B-B or B-T"));
    let long_term = reader.word(section, "long_term", (&LEVELS[1..], "B-T, B-LT or B-LTA"));
    for (key, given) in [("level", level), ("long_term", long_term)] {
        if !stamped && given.is_some_and(|given| given > Level::BB) {
            reader.fault(section.at(key), &section.of(key), What::NoTimestamp);
        }
    }
    let (usual, usual_later) =
        if stamped { (Level::BT, Level::BLta) } else { (Level::BB, Level::BB) };
    (level.unwrap_or(usual), long_term.unwrap_or(usual_later))
}

fn timestamps(reader: &mut Reader<'_>, whole: &Section<'_>) -> Vec<TimestampServer> {
    let mut found = Vec::new();
    for section in reader.sections(whole, "timestamp") {
        reader.hold(&section, &["url", "anchors"]);
        let anchors = reader.path(&section, "anchors");
        let line = reader.line(section.at("anchors"));
        let anchors = anchors.map(|path| (path, line));
        let url = address(reader, &section, "url");
        let line = reader.line(section.at("url"));
        found.extend(url.map(|url| TimestampServer { url, line, anchors }));
    }
    found
}

/// Files of `[trust]`, each with its line.
fn trusted(reader: &mut Reader<'_>, whole: &Section<'_>, key: &str) -> Vec<(PathBuf, usize)> {
    let Some(section) = reader.section(whole, "trust") else { return Vec::new() };
    reader.hold(&section, &["signers", "timestamps"]);
    let all = reader.texts(&section, key).unwrap_or_default();
    all.into_iter()
        .map(|(text, span)| (reader.folder().join(text), reader.line(span.start)))
        .collect()
}

fn outside(reader: &mut Reader<'_>, whole: &Section<'_>) -> Outside {
    let usual = Outside::default();
    let Some(section) = reader.section(whole, "outside") else { return usual };
    reader.hold(&section, &["allow_private", "max_clock_difference"]);
    let allow_private = reader.switch(&section, "allow_private").unwrap_or(usual.allow_private);
    let bounds = (1, 86_400, "seconds, 1 to 86400");
    let seconds = reader.number(&section, "max_clock_difference", bounds);
    let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    Outside { allow_private, max_clock_difference: seconds.unwrap_or(usual.max_clock_difference) }
}

/// The bytes that pairs of hexadecimal digits spell.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[derive(Clone, Copy)]
enum Kind {
    Test,
    Pkcs12,
    Pkcs11,
    Csc,
}

const KINDS: &[(&str, Kind)] =
    &[("test", Kind::Test), ("pkcs12", Kind::Pkcs12), ("pkcs11", Kind::Pkcs11), ("csc", Kind::Csc)];

const WITHOUT: (&[(&str, WithoutTimestamp)], &str) = (
    &[("deliver", WithoutTimestamp::Deliver), ("hold", WithoutTimestamp::Hold)],
    "deliver or hold",
);

const LEVELS: [(&str, Level); 4] =
    [("B-B", Level::BB), ("B-T", Level::BT), ("B-LT", Level::BLt), ("B-LTA", Level::BLta)];
