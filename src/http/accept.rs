//! Which form of an answer the caller takes: `Accept` with its weights. RFC 9110, section 12.5.1.

use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap};

use super::problem::{Kind, Problem};
use crate::page::Tongue;

/// A form in which an answer can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    Pdf,
    Yaml,
    Text,
    Html,
}

impl Form {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Pdf => "application/pdf",
            Self::Yaml => "application/yaml",
            Self::Text => "text/plain",
            Self::Html => "text/html",
        }
    }

    /// The form that the caller likes best of those offered; the first offered where all weigh the
    /// same or no `Accept` was sent.
    ///
    /// # Errors
    /// [`Kind::NotAcceptable`].
    pub fn choose(headers: &HeaderMap, offered: &[Self]) -> Result<Self, Problem> {
        let mut ranges = Vec::new();
        let mut sent = false;
        for value in headers.get_all(ACCEPT) {
            sent = true;
            let text = value.to_str().unwrap_or_default();
            ranges.extend(text.split(',').filter_map(Range::read));
        }
        if !sent {
            return offered.first().copied().ok_or_else(|| refusal(offered));
        }
        let mut best: Option<(Self, u16)> = None;
        for &form in offered {
            let weight = weight_of(form, &ranges);
            if weight > best.map_or(0, |(_, weight)| weight) {
                best = Some((form, weight));
            }
        }
        best.map(|(form, _)| form).ok_or_else(|| refusal(offered))
    }
}

/// The language that the caller likes best of those that pages are written in: English where
/// both weigh the same. RFC 9110, section 12.5.4.
pub fn tongue(headers: &HeaderMap) -> Tongue {
    let texts = headers.get_all(ACCEPT_LANGUAGE).filter_map(|value| value.to_str().ok());
    let ranges: Vec<&str> = texts.flat_map(|text| text.split(',')).collect();
    let weight = |tongue: Tongue| {
        let fits = ranges.iter().filter_map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let fits = primary.eq_ignore_ascii_case(tongue.tag());
            thousandths(weight.trim().strip_prefix("q=")?.trim()).filter(|_| fits)
        });
        fits.max().unwrap_or(0)
    };
    if weight(Tongue::Welsh) > weight(Tongue::English) { Tongue::Welsh } else { Tongue::English }
}

fn refusal(offered: &[Form]) -> Problem {
    let names: Vec<&str> = offered.iter().map(|form| form.media_type()).collect();
    Problem::new(Kind::NotAcceptable).fact("offered", names.join(", "))
}

/// The weight, in thousandths, of the most specific range that takes the form.
fn weight_of(form: Form, ranges: &[Range<'_>]) -> u16 {
    let fits = ranges.iter().filter_map(|range| Some((range.fit(form)?, range.weight)));
    fits.max_by_key(|(fit, _)| *fit).map_or(0, |(_, weight)| weight)
}

/// One range of `Accept`.
#[derive(Debug)]
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// Thousandths.
    weight: u16,
}

impl<'a> Range<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut weight = 1000;
        for part in parts {
            let (name, value) = part.split_once('=')?;
            match name.trim() {
                "q" | "Q" => weight = thousandths(value.trim())?,
                // A parameter narrows the range to a form that we do not make, save the one we do.
                name if name.eq_ignore_ascii_case("charset") => is_utf8(value).then_some(())?,
                "version" | "escaping" => {}
                _ => return None,
            }
        }
        Some(Self { kind, subtype, weight })
    }

    /// How specific the range is where it takes the form: 2 whole, 1 `type/*`, 0 `*/*`.
    fn fit(&self, form: Form) -> Option<u8> {
        let (kind, subtype) = form.media_type().split_once('/')?;
        let same_kind = self.kind.eq_ignore_ascii_case(kind);
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (_, "*") if same_kind => Some(1),
            (_, other) if same_kind && other.eq_ignore_ascii_case(subtype) => Some(2),
            _ => None,
        }
    }
}

fn is_utf8(value: &str) -> bool {
    value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
}

/// `0.25` as 250. RFC 9110, section 12.4.2.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let part: u16 = if digits {
        format!("{part:0<3}").parse().ok()?
    } else {
        return None;
    };
    match (whole, part) {
        ("0", part) => Some(part),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn chosen(accept: &str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        Form::choose(&headers, &[Form::Json, Form::Pdf]).ok()
    }

    #[test]
    fn the_heaviest_form_wins_and_json_wins_a_tie() {
        assert_eq!(chosen("application/pdf"), Some(Form::Pdf));
        assert_eq!(chosen("*/*"), Some(Form::Json));
        assert_eq!(chosen("application/*"), Some(Form::Json));
        assert_eq!(chosen("application/json;q=0.5, application/pdf"), Some(Form::Pdf));
        assert_eq!(chosen("application/pdf;q=0.999,*/*;q=1.0"), Some(Form::Json));
        assert_eq!(chosen("APPLICATION/PDF; Q=0.001"), Some(Form::Pdf));
        assert_eq!(chosen("application/json; charset=utf-8"), Some(Form::Json));
    }

    #[test]
    fn the_most_specific_range_decides_even_against_a_heavier_one() {
        assert_eq!(chosen("*/*, application/json;q=0"), Some(Form::Pdf));
        assert_eq!(chosen("application/*;q=0, */*"), None);
    }

    #[test]
    fn welsh_is_spoken_to_whoever_likes_it_better() {
        let spoken = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(accept).unwrap());
            tongue(&headers).tag()
        };
        for welsh in ["cy", "cy-GB, en;q=0.8", "en;q=0.5, cy;q=0.6", "CY"] {
            assert_eq!(spoken(welsh), "cy", "{welsh}");
        }
        for english in ["en", "en-GB, cy;q=0.8", "cy, en", "fr", "*", "", "cy;q=0", "cy;x"] {
            assert_eq!(spoken(english), "en", "{english}");
        }
        assert_eq!(tongue(&HeaderMap::new()), Tongue::English);
    }

    #[test]
    fn what_we_do_not_make_is_not_acceptable() {
        for accept in ["text/html", "", "application/pdf;q=0", "garbage", "application/json;q=2"] {
            assert_eq!(chosen(accept), None, "{accept}");
        }
        assert_eq!(Form::choose(&HeaderMap::new(), &[Form::Pdf]).unwrap(), Form::Pdf);
    }
}
