//! What the QR code of a page holds, byte by byte, and its text.
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | version: 1 |
//! | 4 | the key that signed: the beginning of its fingerprint |
//! | 16 | the document's UUID |
//! | 23 | the beginning of the content's SHA-256 |
//! | 1 | which of 256 sets of six words its pages bear |
//! | 3 | the last day, as days since 1970-01-01; 0: none |
//! | 64 | Ed25519 over [`DOMAIN`] and the 48 bytes above. RFC 8032 |
//!
//! The text is `SPO1:` and the 112 bytes in Base45 (RFC 9285): 173 characters of QR's alphanumeric
//! mode, which fill version 7 at level M, 45 modules a side.
//!
//! # Decisions
//! - 23 bytes of the digest: nobody finds a second content for it (184 bits), nor two contents that
//!   share it (92 bits). Sixteen would need the same QR version; all 32 the next one.
//! - The set of words is stated, so that they follow from the code without the register. It is 0
//!   but where the words of 0 would be those of a confidential name.
//! - The signature is over what the code holds, so that it can be checked with nothing but the code
//!   and the public key.

use jiff::Span;
use jiff::civil::{Date, date};

use super::{Claim, Unreadable};

/// What a QR code says, and by which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The key that says so.
    pub key: KeyId,
    /// The document's UUID.
    pub document: [u8; 16],
    /// The beginning of [`Claim::content_sha256`].
    pub content: [u8; CONTENT],
    /// Which set of words its pages bear.
    pub set: u8,
    /// As [`Claim::ends_on`].
    pub ends_on: Option<Date>,
}

/// A statement with its signature, not yet checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    pub statement: Statement,
    pub signature: [u8; SIGNATURE],
}

/// The first four bytes of a public key's fingerprint: enough to choose among a few keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl Statement {
    /// What a key says of a claim.
    pub fn of(claim: &Claim, key: KeyId, set: u8) -> Self {
        let mut content = [0; CONTENT];
        content.copy_from_slice(&claim.content_sha256[..CONTENT]);
        Self { key, document: claim.document, content, set, ends_on: claim.ends_on }
    }

    /// What the signature is over.
    pub fn signed_bytes(&self) -> Vec<u8> {
        [DOMAIN, &self.bytes()].concat()
    }

    /// The six words on its pages.
    pub fn words(&self) -> String {
        super::spoken::words(&self.document, &self.content, self.set)
    }

    fn bytes(&self) -> [u8; STATED] {
        let mut bytes = [0; STATED];
        bytes[0] = VERSION;
        bytes[1..5].copy_from_slice(&self.key.0);
        bytes[5..21].copy_from_slice(&self.document);
        bytes[21..44].copy_from_slice(&self.content);
        bytes[44] = self.set;
        bytes[45..].copy_from_slice(&day_number(self.ends_on).to_be_bytes()[1..]);
        bytes
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first_chunk::<1>()?;
        let (key, rest) = rest.split_first_chunk::<4>()?;
        let (document, rest) = rest.split_first_chunk::<16>()?;
        let (content, rest) = rest.split_first_chunk::<CONTENT>()?;
        let [set, high, middle, low] = rest.first_chunk::<4>()?;
        let ends_on = match u32::from_be_bytes([0, *high, *middle, *low]) {
            0 => None,
            days => Some(day(days)?),
        };
        let statement =
            Self { key: KeyId(*key), document: *document, content: *content, set: *set, ends_on };
        (*version == [VERSION]).then_some(statement)
    }
}

impl Signed {
    /// The text of the QR code, of [`LENGTH`] characters.
    pub fn text(&self) -> String {
        let bytes = [&self.statement.bytes()[..], &self.signature].concat();
        let mut text = String::with_capacity(LENGTH);
        text.push_str(PREFIX);
        for pair in bytes.chunks_exact(2) {
            let mut value = usize::from(pair[0]) * 256 + usize::from(pair[1]);
            for _ in 0..3 {
                text.push(char::from(ALPHABET[value % 45]));
                value /= 45;
            }
        }
        text
    }

    /// Reads that text; blanks that a scanner left out at its end are put back.
    ///
    /// # Errors
    /// [`Unreadable`] for every text that [`Signed::text`] does not write.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let coded = text.strip_prefix(PREFIX).ok_or(Unreadable)?;
        let coded = format!("{coded:<width$}", width = LENGTH - PREFIX.len());
        let bytes = decoded(coded.as_bytes()).ok_or(Unreadable)?;
        let statement = Statement::of_bytes(&bytes).ok_or(Unreadable)?;
        let signature = *bytes.last_chunk().ok_or(Unreadable)?;
        Ok(Self { statement, signature })
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// No order ends before [`EPOCH`], and no calendar's end is 2^24 days away from it.
fn day_number(day: Option<Date>) -> u32 {
    let days = day.map(|day| (day - EPOCH).get_days());
    days.map_or(0, |days| u32::try_from(days).unwrap_or(1).max(1))
}

/// The day of a number; none after the calendar's end.
fn day(number: u32) -> Option<Date> {
    let days = Span::new().try_days(number).ok()?;
    EPOCH.checked_add(days).ok()
}

/// Base45 of exactly as many letters as a statement has.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() != LENGTH - PREFIX.len() {
        return None;
    }
    let mut bytes = Vec::with_capacity(STATED + SIGNATURE);
    for letters in text.chunks_exact(3) {
        let mut value = 0_u32;
        for letter in letters.iter().rev() {
            let place = ALPHABET.iter().position(|known| known == letter)?;
            value = value * 45 + u32::try_from(place).ok()?;
        }
        bytes.extend_from_slice(&u16::try_from(value).ok()?.to_be_bytes());
    }
    Some(bytes)
}

/// With which every text begins.
pub(super) const PREFIX: &str = "SPO1:";
/// Bytes of a signature.
pub const SIGNATURE: usize = 64;
/// What keeps these signatures apart from any other use of the key.
const DOMAIN: &[u8] = b"spo paper statement 1\0";
const VERSION: u8 = 1;
const CONTENT: usize = 23;
const STATED: usize = 48;
/// Characters of the text.
const LENGTH: usize = PREFIX.len() + (STATED + SIGNATURE) / 2 * 3;
const EPOCH: Date = date(1970, 1, 1);
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signed() -> impl Strategy<Value = Signed> {
        let day = proptest::option::of(1_u32..2_900_000);
        let parts = (any::<[u8; 4]>(), any::<[u8; 16]>(), any::<[u8; 23]>(), any::<u8>(), day);
        (parts, any::<[u8; 32]>(), any::<[u8; 32]>()).prop_map(|(stated, one, two)| {
            let (key, document, content, set, day) = stated;
            let ends_on = day.map(|day| super::day(day).expect("a day"));
            let mut signature = [0; SIGNATURE];
            signature[..32].copy_from_slice(&one);
            signature[32..].copy_from_slice(&two);
            let statement = Statement { key: KeyId(key), document, content, set, ends_on };
            Signed { statement, signature }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_is_written_is_read_back(signed in signed()) {
            let text = signed.text();
            prop_assert_eq!(text.len(), LENGTH);
            prop_assert_eq!(Signed::read(&text), Ok(signed));
            prop_assert_eq!(Signed::read(text.trim_end_matches(' ')), Ok(signed));
        }

        #[test]
        fn any_other_letter_is_another_statement_or_none(
            signed in signed(), place in 0..LENGTH, letter in 0_usize..45,
        ) {
            let text = signed.text();
            let mut other = text.clone().into_bytes();
            other[place] = ALPHABET[letter];
            let other = String::from_utf8(other).expect("ASCII");
            prop_assert_eq!(Signed::read(&other) == Ok(signed), other == text);
        }
    }

    #[test]
    fn the_text_of_a_known_statement_stays_as_it_is() {
        let claim = Claim {
            document: [0x11; 16],
            content_sha256: [0x22; 32],
            ends_on: Some(date(2026, 12, 18)),
        };
        let statement = Statement::of(&claim, KeyId([1, 2, 3, 4]), 9);
        let bytes = statement.bytes();
        assert_eq!(bytes[..5], [1, 1, 2, 3, 4]);
        assert_eq!(bytes[44..], [9, 0, 0x51, 0x45]);
        let text = Signed { statement, signature: [0; SIGNATURE] }.text();
        assert!(text.starts_with("SPO1:W50KB06N0472472"), "{text}");
    }

    #[test]
    fn longer_shorter_and_lower_case_texts_are_refused() {
        let statement = Statement::of(
            &Claim { document: [0; 16], content_sha256: [0; 32], ends_on: None },
            KeyId([0; 4]),
            0,
        );
        let text = Signed { statement, signature: [0xff; SIGNATURE] }.text();
        assert!(Signed::read(&text).is_ok());
        let lower = format!("SPO1:{}", text[5..].to_lowercase());
        for wrong in [format!("{text}0"), text[..170].to_owned(), lower, format!("{text}   ")] {
            assert_eq!(Signed::read(&wrong), Err(Unreadable), "{wrong}");
        }
    }
}
