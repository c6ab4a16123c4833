//! The packet of metadata that the catalog names: its date of change and its maker may be others,
//! and not a byte beside. ISO 32000-1, 14.3.2; ISO 16684-1.
//!
//! Makers of files who add long-term data or a signature write both anew. The packet is compared
//! as bytes with those values blanked, so little of it needs to be understood: only that a prefix
//! which is declared once more for the same namespace says nothing new.

use std::collections::BTreeMap;

use super::super::reason::Reason;
use super::Class;
use super::step::Step;

/// Explains a packet that says the same.
pub(super) fn compare(step: &mut Step<'_, '_>) {
    let slot = step.new.catalog().get("Metadata");
    if slot != step.old.catalog().get("Metadata") {
        return;
    }
    let root = step.new.trailer().get("Root").reference().map(|id| id.number);
    let (Some(id), Some(root)) = (slot.reference(), root) else { return };
    let alone = step.usage.only_by(id.number, root, step.old.revision);
    if step.changed.contains(&id.number) && alone && says_the_same(step, id.number) {
        step.explain(id.number);
        step.allow(id, Reason::InformationUpdated, Class::Evidence);
    }
}

fn says_the_same(step: &Step<'_, '_>, number: u32) -> bool {
    let (Some(old), Some(new)) = (step.old.object(number), step.new.object(number)) else {
        return false;
    };
    let written = |value: &super::super::pdf::Value| {
        value.dictionary().is_some_and(|dictionary| {
            dictionary.get("Type").is_name("Metadata")
                && dictionary.get("Subtype").is_name("XML")
                && dictionary.only(&["Type", "Subtype", "Length"])
        })
    };
    let file = step.old.file();
    let packets = [old, new].map(|object| file.stream(object).and_then(blanked));
    let [before, now] = packets;
    written(&old.value) && written(&new.value) && before.is_some() && before == now
}

/// What a packet says but for what may be another.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    text: Vec<u8>,
    /// By prefix. Each is bound to one address wherever it is declared, so where that is does not
    /// matter.
    spaces: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// The packet without the values that may be others and without its declarations of namespaces;
/// `None` where one of them is not what it is said to be.
fn blanked(packet: &[u8]) -> Option<Said> {
    if packet.len() > LONGEST {
        return None;
    }
    let mut said = Said { text: Vec::with_capacity(packet.len()), spaces: BTreeMap::new() };
    let (mut at, mut in_tag) = (0, false);
    while let Some(byte) = packet.get(at) {
        if in_tag && packet[at..].starts_with(DECLARATION) {
            at += DECLARATION.len();
            at += declared(&packet[at..], &mut said.spaces)?;
            continue;
        }
        in_tag = *byte == b'<' || (in_tag && *byte != b'>');
        said.text.push(*byte);
        at += 1;
        let Some((end, is_value)) = FREE.iter().find_map(|free| free.opened(&said.text)) else {
            continue;
        };
        let length = packet[at..].iter().position(|byte| *byte == end)?;
        if !is_value(&packet[at..at + length]) {
            return None;
        }
        at += length;
    }
    Some(said)
}

/// Notes `prefix="address"` and gives its length; `None` where the prefix is bound to another.
fn declared(text: &[u8], spaces: &mut BTreeMap<Vec<u8>, Vec<u8>>) -> Option<usize> {
    let name = text.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    let address = text[name..].strip_prefix(b"=\"")?;
    let length = address.iter().position(|byte| *byte == b'"')?;
    let address = &address[..length];
    let known = spaces.entry(text[..name].to_vec()).or_insert_with(|| address.to_vec());
    (known == address && is_words(address)).then_some(name + 2 + length + 1)
}

const DECLARATION: &[u8] = b" xmlns:";

/// A property whose value may be another, and what it must look like.
struct Free {
    name: &'static str,
    is_value: Looks,
}

/// Whether a value looks as it must.
type Looks = fn(&[u8]) -> bool;

impl Free {
    /// Where the text ends with the property's opening, as an attribute or as an element: what
    /// closes the value.
    fn opened(&self, text: &[u8]) -> Option<(u8, Looks)> {
        let name = self.name.as_bytes();
        let before = |end: &[u8]| text.strip_suffix(end).and_then(|text| text.strip_suffix(name));
        if before(b">").is_some_and(|text| text.ends_with(b"<")) {
            return Some((b'<', self.is_value));
        }
        let attribute = before(b"=\"").is_some_and(|text| text.ends_with(b" "));
        attribute.then_some((b'"', self.is_value))
    }
}

const FREE: &[Free] = &[
    Free { name: "xmp:ModifyDate", is_value: is_date },
    Free { name: "xmp:MetadataDate", is_value: is_date },
    Free { name: "pdf:Producer", is_value: is_words },
];

fn is_date(value: &[u8]) -> bool {
    value.len() <= 40 && value.iter().all(|byte| byte.is_ascii_digit() || b"-+:.TZ".contains(byte))
}

/// No markup and no references.
fn is_words(value: &[u8]) -> bool {
    value.len() <= 128 && value.iter().all(|byte| *byte >= b' ' && !b"<>&\"'".contains(byte))
}

const LONGEST: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::super::super::pdf::File;
    use super::super::super::pdf::specimen::{Style, certified};
    use super::super::super::structure::signatures;
    use super::super::{LaterChanges, Steps};

    const PACKET: &str = "<x:xmpmeta xmlns:pdf=\"http://pdf.test/\"><r:D xmp:ModifyDate=\"2026-11-20\" dc:title=\"Order\">\
         <pdf:Producer>one 1.0</pdf:Producer><xmp:MetadataDate>2026-11-20T10:00:00Z\
         </xmp:MetadataDate></r:D></x:xmpmeta>";

    fn stream(packet: &str) -> String {
        let length = packet.len();
        format!("<</Type/Metadata/Subtype/XML/Length {length}>>stream\n{packet}\nendstream")
    }

    /// Whether a packet may become another after a certification.
    fn may_become(body: &str) -> bool {
        let mut maker = certified(Style::Table, 1);
        maker.revision(&[(10, &stream(PACKET))]);
        maker.revision(&[(10, body)]);
        let file = File::read(&maker.bytes).unwrap();
        let signatures = signatures(&file);
        let LaterChanges::NotAllowed { changes } =
            Steps::of(&file, &signatures).after(&signatures.present[0]).later
        else {
            panic!("the first change is not allowed")
        };
        let mut second = changes.iter().filter(|change| change.revision == 2).peekable();
        assert!(second.peek().is_some());
        second.all(|change| change.allowed)
    }

    #[test]
    fn the_date_of_change_and_the_maker_may_be_others() {
        for (from, to) in [
            ("\"2026-11-20\"", "\"2027-01-01T00:00:00+01:00\""),
            (">2026-11-20T10:00:00Z<", "><"),
            ("one 1.0", "two 2.0; one 1.0"),
            ("<pdf:Producer>", "<pdf:Producer xmlns:pdf=\"http://pdf.test/\">"),
        ] {
            let other = PACKET.replace(from, to);
            assert_ne!(other, PACKET);
            assert!(may_become(&stream(&other)), "{to}");
        }
    }

    #[test]
    fn nothing_else_of_the_packet_may() {
        for (from, to) in [
            ("Order", "Orders"),
            ("\"2026-11-20\"", "\"The order has ended\""),
            ("\"2026-11-20\"", "\"2026\" dc:title=\"2026\""),
            ("\"2026-11-20\"", "'2026-11-20'"),
            (">2026-11-20T10:00:00Z", "><b/>2026"),
            ("one 1.0", "one &amp; two"),
            ("one 1.0", "one <b/>"),
            ("<pdf:Producer>", "<pdf:Producer xmlns:pdf=\"http://other.test/\">"),
            ("<pdf:Producer>", "<pdf:Producer xmlns:new=\"http://new.test/\">"),
            ("one 1.0", "one xmlns:pdf=\"http://pdf.test/\""),
            ("pdf:Producer", "pdf:Maker"),
            ("</r:D>", "<xmp:ModifyDate>2026</xmp:ModifyDate></r:D>"),
        ] {
            let other = PACKET.replace(from, to);
            assert_ne!(other, PACKET);
            assert!(!may_become(&stream(&other)), "{to}");
        }
        let same = stream(PACKET);
        assert!(!may_become(&same.replace("/Subtype/XML", "/Subtype/XML/Evil 4 0 R")));
        assert!(!may_become("(packet)"));
    }
}
