//! Data compiled into the program: read once, at first use.
//!
//! A fault in it is a fault of the build, not of a caller: each such file has a test that reads it
//! whole.

use serde::de::DeserializeOwned;

/// Reads a TOML file that is part of the program.
#[expect(clippy::expect_used, reason = "a constant of the program, read by a test")]
pub(super) fn toml<T: DeserializeOwned>(source: &str) -> T {
    // The source is a constant of the program, and the test beside each caller reads the same
    // bytes.
    toml::from_str(source).expect("built-in data is readable")
}

/// What a TOML file that is part of the program holds, whatever its comments and blanks: the same
/// contents give the same text.
pub(super) fn contents(source: &str) -> String {
    toml::<toml::Table>(source).to_string()
}

/// Reads a CSV file with a header line that is part of the program.
#[expect(clippy::expect_used, reason = "a constant of the program, read by a test")]
pub(super) fn csv<T: DeserializeOwned>(source: &str) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(source.as_bytes());
    // As above: a constant of the program, read by a test.
    reader.deserialize().map(|row| row.expect("built-in data is readable")).collect()
}
