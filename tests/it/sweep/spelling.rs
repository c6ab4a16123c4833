//! How a value may be written so that another reader still has it: each spelling as the bytes that
//! are left of it once spaces, ASCII punctuation and case have gone.
//!
//! Nothing here is shared with the product's own search: two that err alike would find alike.
//!
//! To look for one more: a variant of [`Encoding`] with its line in [`spellings`] or its reader in
//! `view.rs`; `controls.rs` then asks for its control.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// A way of writing that the search knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// As sent, in either case, spaced out or run together; UTF-16 too where it is ASCII.
    Plain,
    /// From its end to its start.
    Reversed,
    /// UTF-16 of either order.
    Utf16,
    /// One byte a letter.
    Latin1,
    /// Two digits a byte of UTF-8: strings of a PDF.
    Hex,
    /// Two digits a byte of UTF-16.
    HexUtf16,
    /// In either alphabet, at each of the three places where it may begin in a group.
    Base64,
    /// The same of UTF-16.
    Base64Utf16,
    /// Each Latin letter thirteen on.
    Rot13,
    /// With the escapes of an address, of JSON, of HTML, of a PDF string or of a mail undone.
    Escaped,
    /// In other forms of the same letters: full width, ligatures, marks apart, signs between.
    Folded,
}

impl Encoding {
    pub const ALL: [Self; 11] = [
        Self::Plain,
        Self::Reversed,
        Self::Utf16,
        Self::Latin1,
        Self::Hex,
        Self::HexUtf16,
        Self::Base64,
        Self::Base64Utf16,
        Self::Rot13,
        Self::Escaped,
        Self::Folded,
    ];
}

/// Every spelling of a value as the search compares it.
pub fn spellings(value: &str) -> BTreeSet<(Encoding, Vec<u8>)> {
    let mut found = BTreeSet::new();
    for text in forms(value) {
        let backwards: String = text.chars().rev().collect();
        for (text, plain) in [(&text, Encoding::Plain), (&backwards, Encoding::Reversed)] {
            found.insert((plain, squeezed(text.as_bytes())));
            found.insert((Encoding::Hex, hex(text.as_bytes())));
            found.extend(base64(text.as_bytes()).map(|core| (Encoding::Base64, core)));
            for units in utf16(text) {
                if !text.is_ascii() {
                    found.insert((Encoding::Utf16, squeezed(&units)));
                }
                found.insert((Encoding::HexUtf16, hex(&units)));
                found.extend(base64(&units).map(|core| (Encoding::Base64Utf16, core)));
            }
        }
        found.insert((Encoding::Rot13, squeezed(rot13(&text).as_bytes())));
        let latin: Option<Vec<u8>> =
            text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        found.extend(latin.filter(|_| !text.is_ascii()).map(|b| (Encoding::Latin1, squeezed(&b))));
    }
    found.retain(|(_, bytes)| bytes.len() >= SHORTEST);
    found
}

/// The forms of a value from which the encodings are made: only those that squeezing can't undo
/// afterwards have to be told apart.
fn forms(value: &str) -> BTreeSet<String> {
    let run_together: String = value.chars().filter(|c| c.is_alphanumeric()).collect();
    let spaced: Vec<String> = run_together.chars().map(String::from).collect();
    let given = [value.to_owned(), run_together, spaced.join(" "), folded(value)];
    let cased = given.iter().flat_map(|text| {
        [text.nfc().collect(), text.nfd().collect(), text.to_lowercase(), text.to_uppercase()]
    });
    cased.collect()
}

/// Bytes without ASCII spaces, punctuation and controls, in lower case.
pub fn squeezed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().filter_map(|byte| kept(*byte)).collect()
}

/// A byte as it is compared; none for what falls away.
pub fn kept(byte: u8) -> Option<u8> {
    (byte.is_ascii_alphanumeric() || byte >= 0x80).then(|| byte.to_ascii_lowercase())
}

/// Letters and digits alone, in one form and one case; marks that stand alone fall away with the
/// rest.
pub fn folded(text: &str) -> String {
    let cased = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    cased.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

fn utf16(text: &str) -> [Vec<u8>; 2] {
    let units = || text.encode_utf16();
    [units().flat_map(u16::to_be_bytes).collect(), units().flat_map(u16::to_le_bytes).collect()]
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    spo::digest::hex(bytes).into_bytes()
}

/// What base64 makes of the bytes whatever stands before and behind them: the letters that belong
/// to them alone.
fn base64(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    (0..3).map(move |before| {
        let shifted = [vec![0; before], bytes.to_vec()].concat();
        let text = STANDARD_NO_PAD.encode(&shifted);
        let first = (before * 8).div_ceil(6);
        squeezed(&text.as_bytes()[first..shifted.len() * 8 / 6])
    })
}

fn rot13(text: &str) -> String {
    let turned = |c: char, first: u8| char::from((c as u8 - first + 13) % 26 + first);
    let each = text.chars().map(|c| match c {
        'a'..='z' => turned(c, b'a'),
        'A'..='Z' => turned(c, b'A'),
        _ => c,
    });
    each.collect()
}

/// Shorter spellings would be found by chance.
pub const SHORTEST: usize = 6;
