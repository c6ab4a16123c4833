//! The query of a request, read strictly: each name known and given once, each value of its kind.
//!
//! Personal data never stands in a query (contract section 1), so no problem or log repeats a value
//! or an unknown name.

use std::str::FromStr;

use jiff::civil::Date;

use super::problem::{Kind, Problem};
use crate::domain::identity::OrderId;

/// A parameter that a query may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    pub shape: Shape,
    /// For `openapi.yaml`.
    pub description: &'static str,
}

/// What the value of a parameter must be; published and enforced from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One of these words.
    Word(&'static [&'static str]),
    /// A day of the calendar.
    Day,
    /// 1 to 50 letters, digits and hyphens.
    Code,
    /// The name of an edition: `full_order/2026-11`.
    Edition,
    /// 1 to 200.
    Limit,
    /// Where a page of orders ended.
    Cursor,
}

impl Shape {
    /// The regular expression that the description shows.
    pub const fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Code => Some("^[A-Za-z0-9-]{1,50}$"),
            Self::Edition => Some("^[a-z_]{1,40}/[0-9]{4}-[0-9]{2}$"),
            Self::Cursor => {
                Some("^ord_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
            }
            Self::Word(_) | Self::Day | Self::Limit => None,
        }
    }

    fn takes(self, text: &str) -> bool {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Word(words) => words.contains(&text),
            Self::Day => text.parse::<Date>().is_ok_and(|day| day.to_string() == text),
            Self::Code => {
                let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
                (1..=50).contains(&text.len()) && text.bytes().all(sign)
            }
            Self::Edition => text.split_once('/').is_some_and(|(kind, month)| {
                let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
                let (year, number) = month.split_once('-').unwrap_or_default();
                (1..=40).contains(&kind.len())
                    && kind.bytes().all(letter)
                    && (year.len(), number.len()) == (4, 2)
                    && digits(year)
                    && digits(number)
            }),
            Self::Limit => text.parse().is_ok_and(|limit| {
                (1..=200).contains(&limit) && digits(text) && !text.starts_with('0')
            }),
            Self::Cursor => text.parse::<OrderId>().is_ok(),
        }
    }
}

/// The parameters of one request.
#[derive(Debug, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Reads the query against the parameters that a route takes.
    ///
    /// # Errors
    /// [`Kind::QueryInvalid`]: an unknown or repeated name, a broken escape, a value of another
    /// shape.
    pub fn read(text: &str, parameters: &[Parameter]) -> Result<Self, Problem> {
        let mut read = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name);
            let known = parameters.iter().find(|known| Some(known.name) == name.as_deref());
            let known = known.ok_or_else(|| Problem::new(Kind::QueryUnknown))?;
            let value = decode(value).filter(|value| known.shape.takes(value));
            let value = value.filter(|_| read.text(known.name).is_none());
            read.0.push((known.name, value.ok_or_else(|| invalid(known.name))?));
        }
        Ok(read)
    }

    /// The value of that name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The value of that name, read as its type; its shape was checked before.
    pub fn value<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    /// How many things a page holds: 50 where the caller does not say.
    pub fn limit(&self) -> u32 {
        self.value("limit").unwrap_or(50)
    }
}

fn invalid(name: &str) -> Problem {
    Problem::new(Kind::QueryInvalid).fact("name", name)
}

/// Undoes `%xx` and `+`; none where an escape is broken or the bytes are no text.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::route::FILTERS;

    #[test]
    fn names_are_known_and_stand_once() {
        let query = Query::read("limit=10&edition=full_order%2F2026-11", FILTERS).unwrap();
        assert_eq!(query.text("edition"), Some("full_order/2026-11"));
        assert_eq!(query.limit(), 10);
        for bad in ["limit=1&limit=2", "name=x", "court=%zz", "court=%0a", "limit=1&lim%69t=1"] {
            assert!(Query::read(bad, FILTERS).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_value_has_the_shape_that_is_published() {
        let good = [
            ("limit", "200"),
            ("status", "in_force"),
            ("made_from", "2024-02-29"),
            ("court", "B62DC00"),
            ("force", "south-wales"),
            ("after", "ord_01938f5e-7b1a-7c00-8000-0123456789ab"),
        ];
        for (name, value) in good {
            let query = format!("{name}={value}");
            assert_eq!(Query::read(&query, FILTERS).unwrap().text(name), Some(value), "{query}");
        }
        let bad = "limit=0 limit=201 limit= limit=%2B5 limit=-1 limit=99999999999 limit=05 \
            status=on made_from=2023-02-29 made_to=20260101 court= force=a/b edition=full_order \
            edition=full_order/2026-1 after=ord_1 after=";
        for query in bad.split_whitespace() {
            assert!(Query::read(query, FILTERS).is_err(), "{query}");
        }
        assert_eq!(Query::read("", FILTERS).unwrap().limit(), 50);
    }

    #[test]
    fn an_unknown_name_is_not_repeated() {
        let problem = Query::read("victim_name=Hidden", FILTERS).unwrap_err();
        assert!(!format!("{problem:?}").contains("victim"));
    }
}
