//! A file within the document, for machines: what stands on the pages again, as data. A document
//! that carries one is PDF/A-3a. It says nothing that the document's reader may not see: the search
//! for confidential values reads it as it reads the pages.

/// A file within the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name: ASCII letters, digits, `-`, `_` and `.`; free of personal data.
    pub name: String,
    /// As `application/json`.
    pub mime: &'static str,
    /// What it is, in the words of the document's layout.
    pub description: String,
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// Whether every reader can show its name and save it under it.
    pub(super) fn is_well_named(&self) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let length = 1..=64;
        length.contains(&self.name.len())
            && self.name.bytes().all(plain)
            && !self.name.starts_with('.')
            && !self.description.trim().is_empty()
    }
}
