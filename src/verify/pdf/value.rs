//! Values. ISO 32000-1, 7.3.

use std::fmt;
use std::ops::Range;

/// An object's number and generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    pub number: u32,
    pub generation: u16,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} R", self.number, self.generation)
    }
}

/// A value. Two are equal where they say the same, however it is written; the entries of a
/// dictionary have no order.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f64),
    /// Without its slash, `#` resolved.
    Name(Box<[u8]>),
    Text(Text),
    Array(Vec<Self>),
    Dictionary(Dictionary),
    Reference(Id),
}

/// What takes the place of a value that is not there.
pub const NULL: &Value = &Value::Null;

/// A string, and where it is written.
#[derive(Debug, Clone)]
pub struct Text {
    pub bytes: Box<[u8]>,
    /// In the file, with its delimiters; empty inside an object stream.
    place: (u32, u32),
}

impl Text {
    pub(super) fn new(bytes: Vec<u8>, place: Range<usize>) -> Self {
        // A file of more than 4 GiB is refused long before.
        let end = |at: usize| u32::try_from(at).unwrap_or(0);
        Self { bytes: bytes.into_boxed_slice(), place: (end(place.start), end(place.end)) }
    }

    /// Where it stands in the file, with its delimiters; empty inside an object stream.
    pub const fn place(&self) -> Range<usize> {
        self.place.0 as usize..self.place.1 as usize
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

/// A dictionary; no key stands twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dictionary(Vec<(Box<[u8]>, Value)>);

impl Dictionary {
    /// `None` where a key stands twice.
    pub(super) fn new(mut entries: Vec<(Box<[u8]>, Value)>) -> Option<Self> {
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        let twice = entries.windows(2).any(|pair| pair[0].0 == pair[1].0);
        (!twice).then_some(Self(entries))
    }

    /// What stands under the key; null where nothing does.
    pub fn get(&self, key: &str) -> &Value {
        self.under(key.as_bytes()).unwrap_or(NULL)
    }

    pub fn under(&self, key: &[u8]) -> Option<&Value> {
        let index = self.0.binary_search_by(|(name, _)| name.as_ref().cmp(key)).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    pub fn has(&self, key: &str) -> bool {
        self.under(key.as_bytes()).is_some()
    }

    /// In the order of the keys.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], &Value)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every key is one of these.
    pub fn only(&self, keys: &[&str]) -> bool {
        self.0.iter().all(|(key, _)| keys.iter().any(|known| known.as_bytes() == key.as_ref()))
    }
}

impl Value {
    pub const fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// The dictionary that it is; an empty one where it is none.
    pub const fn or_empty(&self) -> &Dictionary {
        match self {
            Self::Dictionary(dictionary) => dictionary,
            _ => const { &Dictionary(Vec::new()) },
        }
    }

    pub fn array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn is_name(&self, name: &str) -> bool {
        self.name() == Some(name.as_bytes())
    }

    pub const fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub const fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A whole number that counts or points at something.
    pub fn index(&self) -> Option<usize> {
        self.integer().and_then(|number| usize::try_from(number).ok())
    }

    #[expect(clippy::cast_precision_loss, reason = "coordinates are small")]
    pub const fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    pub const fn reference(&self) -> Option<Id> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }

    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Calls with each value inside this one, itself first, and the last key above it. The depth
    /// is that of the reader.
    pub fn each<'v>(&'v self, visit: &mut impl FnMut(&'v [u8], &'v Self)) {
        self.each_under(b"", visit);
    }

    fn each_under<'v>(&'v self, key: &'v [u8], visit: &mut impl FnMut(&'v [u8], &'v Self)) {
        visit(key, self);
        match self {
            Self::Array(items) => items.iter().for_each(|item| item.each_under(key, visit)),
            Self::Dictionary(dictionary) => {
                for (key, value) in dictionary.entries() {
                    value.each_under(key, visit);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_no_dictionary() {
        let entry = |key: &[u8], number| (Box::from(key), Value::Integer(number));
        assert_eq!(Dictionary::new(vec![entry(b"A", 1), entry(b"B", 2), entry(b"A", 3)]), None);
        let one = Dictionary::new(vec![entry(b"B", 1), entry(b"A", 2)]).unwrap();
        let other = Dictionary::new(vec![entry(b"A", 2), entry(b"B", 1)]).unwrap();
        assert_eq!(one, other, "the order of entries says nothing");
        assert_eq!(one.get("A"), &Value::Integer(2));
        assert_eq!(one.get("C"), NULL);
    }

    #[test]
    fn strings_are_equal_by_what_they_say() {
        let here = Text::new(b"x".to_vec(), 3..6);
        assert_eq!(here, Text::new(b"x".to_vec(), 9..13));
        assert_eq!(here.place(), 3..6);
    }
}
