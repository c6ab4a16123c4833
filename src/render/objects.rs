//! The finished file as a page of text, for golden files and reviewers: each object on its own
//! lines, content streams inflated and one operation a line, other streams as length and digest.

use std::fmt::Write as _;

use super::scan::{Dictionary, Entry, File, Scanner, Token, Unreadable, Value, decode_text};
use crate::digest::{hex, sha256};

/// Lists every object of a finished file in the order of their numbers.
///
/// # Errors
/// [`Unreadable`] where the file is not as we write them.
pub fn objects_listing(bytes: &[u8]) -> Result<String, Unreadable> {
    let file = File::read(bytes)?;
    let mut out = String::new();
    for (index, entry) in file.objects.iter().enumerate() {
        let _ = writeln!(out, "{} {}", index + 1, shown(&entry.value, 0));
        if entry.stream.is_some() {
            stream(entry, &mut out);
        }
    }
    let _ = writeln!(out, "trailer {}", shown(&Value::Dictionary(file.trailer), 0));
    Ok(out)
}

fn stream(entry: &Entry<'_>, out: &mut String) {
    let data = entry.data().unwrap_or_default();
    let dictionary = entry.value.dictionary();
    let is_content =
        *dictionary.get("Type") == Value::Null || *dictionary.get("StructParents") != Value::Null;
    match operations(data).filter(|_| is_content && dictionary.get("Length1") == &Value::Null) {
        Some(operations) => out.push_str(&operations),
        None if dictionary.get("Subtype").name() == "XML" => {
            for line in String::from_utf8_lossy(data).lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
        None => {
            let _ = writeln!(out, "  {} bytes, sha256 {}", data.len(), hex(&sha256(data)));
        }
    }
}

/// The operations of a page or an appearance; `None` where it is neither.
fn operations(data: &[u8]) -> Option<String> {
    let mut scanner = Scanner { bytes: data, at: 0 };
    let mut out = String::new();
    let mut line = String::new();
    while let Some(token) = scanner.token().ok()? {
        match token {
            Token::Operand(value) => {
                line.push_str(&shown(&value, NESTED));
                line.push(' ');
            }
            Token::Operator(operator) => {
                let operator = std::str::from_utf8(operator).ok()?;
                if operator.starts_with("begin") {
                    return None;
                }
                let _ = writeln!(out, "  {line}{operator}");
                line.clear();
            }
        }
    }
    Some(out)
}

/// A value; entries of the outermost dictionary on their own lines.
fn shown(value: &Value<'_>, depth: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Name(name) => format!("/{}", String::from_utf8_lossy(name)),
        Value::Reference(number) => format!("#{number}"),
        Value::Text(text) => string(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| shown(item, depth + 1)).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Dictionary(Dictionary(entries)) => {
            let between = if depth == 0 { "\n  " } else { " " };
            let entries = entries.iter().map(|(key, value)| {
                format!("/{} {}", String::from_utf8_lossy(key), shown(value, depth + 1))
            });
            let entries: Vec<String> = entries.collect();
            format!("<<{}>>", entries.join(between))
        }
    }
}

/// Text as text, glyph codes in hexadecimal, a signature's hole by its length.
fn string(text: &[u8]) -> String {
    if text.len() >= HOLE && text.iter().all(|&byte| byte == 0) {
        return format!("<{} zeros>", text.len());
    }
    let is_text = text.starts_with(b"\xFE\xFF") || text.iter().all(|b| (b' '..=b'~').contains(b));
    if is_text { format!("({})", decode_text(text)) } else { format!("<{}>", hex(text)) }
}

/// Below the outermost dictionary.
const NESTED: usize = 1;

/// Shorter runs of zeros are shown.
const HOLE: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::specimen::written;

    #[test]
    fn a_listing_shows_each_object_and_no_packed_bytes() {
        let (_, file) = written(true);
        let listing = objects_listing(&file.bytes).unwrap();
        for words in [
            "1 <</Type /Catalog\n",
            "/S /H1\n",
            "/ActualText (w\u{302})",
            " Tf\n",
            "/Contents <4096 zeros>",
            "<pdfaid:part>2</pdfaid:part>",
            "bytes, sha256 ",
        ] {
            assert!(listing.contains(words), "{words} in {listing}");
        }
        assert!(listing.lines().count() > 200);
        assert!(listing.chars().all(|c| c == '\n' || !c.is_control()));
    }
}
