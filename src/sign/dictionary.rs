//! A small strict reader of one PDF dictionary: enough to read our own signature dictionary back
//! from the finished bytes. ISO 32000-1, 7.2-7.3. It repairs nothing: what it does not know is no
//! dictionary.

use std::ops::Range;

/// A PDF value. Strings are places in the file; their contents are the caller's to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Name(Vec<u8>),
    Integer(i64),
    /// With its `<` and `>`.
    Hexadecimal(Range<usize>),
    /// With its parentheses.
    Literal(Range<usize>),
    Array(Vec<Self>),
    Dictionary(Dictionary),
    /// The number of an object of generation 0.
    Reference(u32),
    /// A number with a fraction, a boolean or null: nothing that a signature dictionary is judged
    /// by.
    Other,
}

/// The entries of a dictionary, no key twice, each with the place of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dictionary(Vec<(Vec<u8>, Value, Range<usize>)>);

impl Dictionary {
    /// The value of a key, written without its slash.
    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, ..)| name == key.as_bytes()).map(|(_, value, _)| value)
    }

    /// Every entry: its key without the slash and the place of its value.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&[u8], &Range<usize>)> {
        self.0.iter().map(|(key, _, place)| (key.as_slice(), place))
    }

    /// The number of the object that a key refers to.
    pub(super) fn reference(&self, key: &str) -> Option<u32> {
        match self.value(key) {
            Some(Value::Reference(number)) => Some(*number),
            _ => None,
        }
    }

    /// The name under a key.
    pub(super) fn name(&self, key: &str) -> Option<&[u8]> {
        match self.value(key) {
            Some(Value::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// The number under a key.
    pub(super) fn integer(&self, key: &str) -> Option<i64> {
        match self.value(key) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// The dictionary under a key.
    pub(super) fn dictionary(&self, key: &str) -> Option<&Self> {
        match self.value(key) {
            Some(Value::Dictionary(dictionary)) => Some(dictionary),
            _ => None,
        }
    }

    /// The array under a key.
    pub(super) fn array(&self, key: &str) -> Option<&[Value]> {
        match self.value(key) {
            Some(Value::Array(values)) => Some(values),
            _ => None,
        }
    }
}

/// Reads the dictionary that begins at `from`, after blanks; gives it with the place behind it.
pub(super) fn read(bytes: &[u8], from: usize) -> Option<(Dictionary, usize)> {
    let mut reader = Reader { bytes, at: from, depth: 0 };
    reader.blanks();
    match reader.value()? {
        Value::Dictionary(dictionary) => Some((dictionary, reader.at)),
        _ => None,
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u8,
}

impl Reader<'_> {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let blank = |byte: &&u8| matches!(**byte, b'\0' | b'\t' | b'\n' | 12 | b'\r' | b' ');
        self.at += self.rest().iter().take_while(blank).count();
    }

    fn value(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let value = match self.rest() {
            [b'<', b'<', ..] => self.dictionary().map(Value::Dictionary),
            [b'<', ..] => self.hexadecimal(),
            [b'(', ..] => self.literal(),
            [b'[', ..] => self.array(),
            [b'/', ..] => self.name().map(Value::Name),
            [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => self.number(),
            _ => self.keyword(),
        };
        self.depth -= 1;
        value
    }

    fn dictionary(&mut self) -> Option<Dictionary> {
        self.at += 2;
        let mut entries: Vec<(Vec<u8>, Value, Range<usize>)> = Vec::new();
        loop {
            self.blanks();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                return Some(Dictionary(entries));
            }
            let key = self.name()?;
            self.blanks();
            let start = self.at;
            let value = self.value()?;
            if entries.iter().any(|(known, ..)| *known == key) {
                return None;
            }
            entries.push((key, value, start..self.at));
        }
    }

    fn array(&mut self) -> Option<Value> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.blanks();
            if self.rest().starts_with(b"]") {
                self.at += 1;
                return Some(Value::Array(values));
            }
            values.push(self.value()?);
        }
    }

    fn name(&mut self) -> Option<Vec<u8>> {
        let [b'/', rest @ ..] = self.rest() else {
            return None;
        };
        // An escaped name could be a known one in disguise: we write none.
        let length = rest.iter().take_while(|byte| regular(**byte)).count();
        let name = rest[..length].to_vec();
        if name.contains(&b'#') {
            return None;
        }
        self.at += 1 + length;
        Some(name)
    }

    fn hexadecimal(&mut self) -> Option<Value> {
        let digits = self.rest()[1..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let range = self.at..self.at + digits + 2;
        if self.bytes.get(range.end - 1) != Some(&b'>') {
            return None;
        }
        self.at = range.end;
        Some(Value::Hexadecimal(range))
    }

    fn literal(&mut self) -> Option<Value> {
        let start = self.at;
        let (mut open, mut escaped) = (0_u32, false);
        for (index, byte) in self.rest().iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open += 1,
                b')' if open == 1 => {
                    self.at = start + index + 1;
                    return Some(Value::Literal(start..self.at));
                }
                b')' => open -= 1,
                _ => {}
            }
        }
        None
    }

    /// A number, or the reference that begins with one.
    fn number(&mut self) -> Option<Value> {
        let text = self.word();
        let Ok(number) = std::str::from_utf8(text).ok()?.parse::<i64>() else {
            let length = text.len();
            let fraction = text.iter().all(|b| b.is_ascii_digit() || b"+-.".contains(b));
            self.at += length;
            return fraction.then_some(Value::Other);
        };
        self.at += text.len();
        let after = self.at;
        self.blanks();
        let generation = self.word();
        if number >= 0 && !generation.is_empty() && generation.iter().all(u8::is_ascii_digit) {
            let first = generation == b"0";
            self.at += generation.len();
            self.blanks();
            if self.word() == b"R" {
                self.at += 1;
                // Nothing of ours has another generation.
                return u32::try_from(number).ok().filter(|_| first).map(Value::Reference);
            }
        }
        self.at = after;
        Some(Value::Integer(number))
    }

    fn keyword(&mut self) -> Option<Value> {
        let length = match self.word() {
            word @ (b"true" | b"false" | b"null") => word.len(),
            _ => return None,
        };
        self.at += length;
        Some(Value::Other)
    }

    fn word(&self) -> &[u8] {
        let rest = self.rest();
        &rest[..rest.iter().take_while(|byte| regular(**byte)).count()]
    }
}

/// ISO 32000-1, 7.2.2: neither white space nor a delimiter.
const fn regular(byte: u8) -> bool {
    byte > b' '
        && byte < 127
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// How deep values may lie in one another.
const DEEPEST: u8 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<Dictionary> {
        read(text.as_bytes(), 0).map(|(dictionary, _)| dictionary)
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let text = "<< /A /B /C -12 /D [0 12 3 0 R 1.5] /E <</F (a\\)(b)c)>> /G <0aF0> \
                    /H 7 0 R /I true>> x";
        let (dictionary, end) = read(text.as_bytes(), 0).unwrap();
        assert_eq!(&text[end..], " x");
        assert_eq!(dictionary.name("A"), Some(b"B".as_slice()));
        assert_eq!(dictionary.integer("C"), Some(-12));
        let array = [Value::Integer(0), Value::Integer(12), Value::Reference(3), Value::Other];
        assert_eq!(dictionary.array("D"), Some(array.as_slice()));
        let Some(Value::Literal(place)) = dictionary.dictionary("E").unwrap().value("F") else {
            panic!("a literal string")
        };
        assert_eq!(&text[place.clone()], "(a\\)(b)c)");
        let Some(Value::Hexadecimal(place)) = dictionary.value("G") else {
            panic!("a hexadecimal string")
        };
        assert_eq!(&text[place.clone()], "<0aF0>");
        assert_eq!(dictionary.value("H"), Some(&Value::Reference(7)));
        assert_eq!(dictionary.value("I"), Some(&Value::Other));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert_eq!(parsed("<</A 1/B 2/A 3>>"), None);
    }

    #[test]
    fn an_escaped_name_a_comment_and_an_open_end_are_refused() {
        for text in [
            "<</#41 1>>",
            "<</A 1 % x\n>>",
            "<</A 1",
            "<</A (x>>",
            "<</A <0x>>>",
            "[1]",
            "<</A>>",
            "",
        ] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let deep = format!("<</A {}{}>>", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(parsed(&deep), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_fall(text in "[<>/A-C0-9 ()\\[\\]R.\\\\#x-]{0,60}") {
            if let Some((_, end)) = read(text.as_bytes(), 0) {
                proptest::prop_assert!(text[..end].trim_start().starts_with("<<"));
                proptest::prop_assert!(text[..end].ends_with(">>"));
            }
        }
    }
}
