//! Values that no document for the respondent, no log and no answer may show.

use std::fmt;

use zeroize::Zeroize;

/// A confidential text. It has no `Display` and no `Serialize`; `Debug` shows `‹redacted›`; its
/// memory is cleared when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(String);

impl Sensitive {
    /// Takes the value in.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Hands the value to the law that checks its length and characters, to the search that looks
    /// for it in what we made, or to the store that keeps it; `house.rs` holds the list.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹redacted›")
    }
}

impl Drop for Sensitive {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
