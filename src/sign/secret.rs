//! A passphrase, a PIN, a client's secret: held for as long as it is needed, shown nowhere.

use zeroize::Zeroizing;

/// A secret of a person or a service. It has no `Debug`, no `Display` and no serialisation, and its
/// memory is cleared when it is dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The secret in a text as it stands in a file or a variable: without one line end at its foot,
    /// which editors leave there.
    pub fn new(text: Zeroizing<String>) -> Self {
        let bare = text
            .strip_suffix('\n')
            .map_or(text.as_str(), |bare| bare.strip_suffix('\r').unwrap_or(bare));
        if bare.len() == text.len() {
            return Self(text);
        }
        // At its size from the start, so that no copy is left behind.
        Self(Zeroizing::new(bare.to_owned()))
    }

    /// The secret itself, for the one call that needs it.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// Another of the same, cleared like the first.
    pub(super) fn copy(&self) -> Self {
        Self(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_at_the_foot_is_no_part_of_a_secret() {
        let read = |text: &str| Secret::new(Zeroizing::new(text.to_owned()));
        for (text, secret) in [
            ("a b", "a b"),
            ("a b\n", "a b"),
            ("a b\r\n", "a b"),
            ("a\n\n", "a\n"),
            ("", ""),
            ("\n", ""),
        ] {
            assert_eq!(read(text).expose(), secret);
            assert_eq!(read(text).copy().expose(), secret);
        }
    }
}
