//! How large a file may be, in every direction. Behind each limit the file is refused.

/// Bytes of a file. The contract's limit for a check.
pub const BYTES: usize = 32 * 1024 * 1024;
/// Rows of all cross-reference sections together, and so objects of all revisions.
pub(super) const ROWS: usize = 200_000;
/// States in which a file was saved.
pub(super) const REVISIONS: usize = 512;
/// How deep values may lie in one another, and fields in fields.
pub(in crate::verify) const DEEPEST: usize = 64;
/// Values of all objects together: 32 bytes each in memory.
const VALUES: usize = 3_000_000;
/// Bytes of one stream, unpacked.
const INFLATED: usize = 64 * 1024 * 1024;
/// Bytes of all streams that the reader unpacks, together.
const INFLATED_IN_ALL: usize = 256 * 1024 * 1024;
/// Bytes of a name as written; the standard knows 127.
pub(super) const LONGEST_NAME: usize = 1024;
/// Characters of a number.
pub(super) const LONGEST_NUMBER: usize = 18;
/// Filters of a stream in a row.
pub(super) const FILTERS: usize = 4;

/// What is left of the limits that count over the whole file.
#[derive(Debug)]
pub(super) struct Budget {
    values: usize,
    inflated: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { values: VALUES, inflated: INFLATED_IN_ALL }
    }
}

impl Budget {
    /// Takes one value; false where none is left.
    pub const fn value(&mut self) -> bool {
        let left = self.values > 0;
        self.values = self.values.saturating_sub(1);
        left
    }

    /// How large the next stream may be, unpacked.
    pub fn stream(&self) -> usize {
        self.inflated.min(INFLATED)
    }

    pub const fn took(&mut self, bytes: usize) {
        self.inflated = self.inflated.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::reason::Reason;
    use super::super::scanner::Scanner;
    use super::*;

    #[test]
    fn values_are_counted_over_the_whole_file() {
        let mut budget = Budget { values: 6, inflated: 0 };
        let mut read = |text: &str| {
            let read = Scanner::new(text.as_bytes(), 0, &mut budget).value(0);
            read.err().map(|finding| finding.reason)
        };
        assert_eq!(read("[1 2 (x)]"), None);
        assert_eq!(read("/A"), None);
        assert_eq!(read("[1]"), Some(Reason::TooMany));
    }

    #[test]
    fn a_stream_may_be_as_large_as_what_is_left() {
        let mut budget = Budget::default();
        assert_eq!(budget.stream(), INFLATED);
        budget.took(INFLATED_IN_ALL - 5);
        assert_eq!(budget.stream(), 5);
        budget.took(6);
        assert_eq!(budget.stream(), 0);
    }
}
