//! What the file says of itself, its fonts, its one field and the place of its signature.

use super::{Breach, Expected};
use crate::render::Slot;
use crate::render::attachment::Attachment;
use crate::render::readback::Finished;
use crate::render::scan::{Dictionary, Entry, File, Value};

pub(super) fn check(finished: &Finished<'_>, expected: &Expected<'_>, breaches: &mut Vec<Breach>) {
    let (file, slot) = (&finished.file, expected.slot);
    let mut ask = |held: bool, breach: Breach| {
        if !held {
            breaches.push(breach);
        }
    };
    ask(header(finished.bytes), Breach::Header);
    let catalog = file.catalog();
    for key in FORBIDDEN {
        let absent = [catalog, &file.trailer].iter().all(|d| *d.get(key) == Value::Null);
        ask(absent, Breach::Forbidden(key));
    }
    let marked = catalog.get("MarkInfo").dictionary().get("Marked");
    ask(*marked == Value::Boolean(true), Breach::NotMarked);
    ask(catalog.get("Lang").text().is_some_and(|l| !l.is_empty()), Breach::NoLanguage);
    let title = file.follow(&file.trailer, "Info").dictionary().get("Title").text();
    let shown = catalog.get("ViewerPreferences").dictionary().get("DisplayDocTitle");
    let titled = title.is_some_and(|title| !title.trim().is_empty());
    ask(titled && *shown == Value::Boolean(true), Breach::TitleNotShown);
    ask(has_intent(file), Breach::NoOutputIntent);
    match slot {
        Some(slot) => ask(slot_holds(finished, slot), Breach::Slot),
        None => ask(
            *catalog.get("AcroForm") == Value::Null && *catalog.get("Perms") == Value::Null,
            Breach::UnexpectedField,
        ),
    }
    metadata(file, expected, breaches);
    attachment(file, expected, breaches);
    fonts(file, breaches);
    if slot.is_some() {
        field(file, breaches);
    }
}

/// The version, then a comment of four bytes above 127.
fn header(bytes: &[u8]) -> bool {
    let comment = bytes.strip_prefix(b"%PDF-1.7\n%").and_then(|rest| rest.get(..5));
    comment.is_some_and(|c| c[..4].iter().all(|&byte| byte > 127) && c[4] == b'\n')
}

fn has_intent(file: &File<'_>) -> bool {
    file.catalog().get("OutputIntents").array().iter().any(|intent| {
        let intent = file.resolve(intent).dictionary();
        let profile = intent.get("DestOutputProfile").reference();
        intent.get("S").name() == "GTS_PDFA1"
            && profile.and_then(|p| file.entry(p)).is_some_and(|entry| entry.stream.is_some())
    })
}

/// The packet names the two standards and repeats the document information.
fn metadata(file: &File<'_>, expected: &Expected<'_>, breaches: &mut Vec<Breach>) {
    let number = file.catalog().get("Metadata").reference();
    let data = number.and_then(|number| file.entry(number)).and_then(|entry| entry.data());
    let Some(packet) = data.and_then(|data| std::str::from_utf8(data).ok()) else {
        breaches.push(Breach::NoMetadata);
        return;
    };
    let is = |element, value: &str| within(packet, element) == Some(value.to_owned());
    let part = if expected.attachment.is_some() { "3" } else { "2" };
    if !(is("pdfaid:part", part) && is("pdfaid:conformance", "A") && is("pdfuaid:part", "1")) {
        breaches.push(Breach::NotIdentified);
    }
    let info = file.follow(&file.trailer, "Info").dictionary();
    for (key, element) in SAID_TWICE {
        let said = info.get(key).text().unwrap_or_default();
        let again = within(packet, element).unwrap_or_default();
        let same =
            if key.ends_with("Date") { digits(&said) == digits(&again) } else { said == again };
        if !same {
            breaches.push(Breach::MetadataDiffers(key));
        }
    }
}

/// The one file that the document is to carry, byte for byte, named and described; or none at all.
fn attachment(file: &File<'_>, expected: &Expected<'_>, breaches: &mut Vec<Breach>) {
    let catalog = file.catalog();
    let files = file.objects.iter().filter(|entry| {
        let kind = entry.value.dictionary().get("Type").name();
        kind == "EmbeddedFile" || kind == "Filespec"
    });
    let held = match expected.attachment {
        None => {
            let names = [catalog.get("Names"), catalog.get("AF")];
            names.iter().all(|value| **value == Value::Null) && files.count() == 0
        }
        Some(attachment) => files.count() == 2 && carries(file, attachment),
    };
    if !held {
        breaches.push(Breach::AttachmentDiffers);
    }
}

fn carries(file: &File<'_>, attachment: &Attachment) -> bool {
    let catalog = file.catalog();
    let Dictionary(names) = catalog.get("Names").dictionary();
    let [(b"EmbeddedFiles", by_name)] = names.as_slice() else { return false };
    let [name, specification] = by_name.dictionary().get("Names").array() else { return false };
    let described = file.resolve(specification).dictionary();
    let is = |key, text: &str| described.get(key).text().as_deref() == Some(text);
    let streams = ["F", "UF"].map(|key| described.get("EF").dictionary().get(key).reference());
    let entry = streams[0].filter(|_| streams[0] == streams[1]).and_then(|n| file.entry(n));
    let packed = entry.map(|entry| entry.value.dictionary().get("Subtype").name());
    name.text().as_deref() == Some(&attachment.name)
        && catalog.get("AF").array() == std::slice::from_ref(specification)
        && is("F", &attachment.name)
        && is("UF", &attachment.name)
        && is("Desc", &attachment.description)
        && described.get("AFRelationship").name() == "Data"
        && packed == Some(&*attachment.mime.replace('/', "#2F"))
        && entry.and_then(Entry::data) == Some(&attachment.bytes)
}

/// The text of the first such element, without the elements around it.
fn within(packet: &str, element: &str) -> Option<String> {
    let start = packet.find(&format!("<{element}>"))? + element.len() + 2;
    let inside = &packet[start..start + packet[start..].find(&format!("</{element}>"))?];
    let text = match inside.find("<rdf:li") {
        Some(item) => inside[item..].split(['<', '>']).nth(2)?,
        None => inside,
    };
    Some(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

fn digits(date: &str) -> Vec<u8> {
    date.bytes().filter(u8::is_ascii_digit).collect()
}

fn fonts(file: &File<'_>, breaches: &mut Vec<Breach>) {
    for entry in &file.objects {
        let font = entry.value.dictionary();
        if font.get("Type").name() == "Font" && !font_is_whole(file, font) {
            breaches.push(Breach::FontIncomplete(font.get("BaseFont").name().to_owned()));
        }
    }
}

fn font_is_whole<'a>(file: &File<'a>, font: &Dictionary<'a>) -> bool {
    let is_stream = |dictionary: &Dictionary<'_>, key| {
        let entry = dictionary.get(key).reference().and_then(|number| file.entry(number));
        entry.is_some_and(|entry| entry.stream.is_some())
    };
    match font.get("Subtype").name() {
        "Type0" => {
            font.get("Encoding").name() == "Identity-H"
                && is_stream(font, "ToUnicode")
                && font.get("DescendantFonts").array().len() == 1
        }
        kind @ ("CIDFontType2" | "CIDFontType0") => {
            let descriptor = file.follow(font, "FontDescriptor").dictionary();
            let (program, mapped) = match kind {
                "CIDFontType2" => ("FontFile2", font.get("CIDToGIDMap").name() == "Identity"),
                _ => ("FontFile3", true),
            };
            mapped && font.get("W").array().len() == 2 && is_stream(descriptor, program)
        }
        _ => false,
    }
}

/// The one field: certified, printed, drawn, described.
fn field(file: &File<'_>, breaches: &mut Vec<Breach>) {
    let catalog = file.catalog();
    let fields = file.follow(catalog, "AcroForm").dictionary().get("Fields").array();
    let [field] = fields else {
        breaches.push(Breach::Field);
        return;
    };
    let widget = file.resolve(field).dictionary();
    // Printed, and neither invisible, hidden, without view nor toggled. PDF 32000-1, table 165.
    let flags = widget.get("F").index().unwrap_or(0);
    let printed = flags & 4 != 0 && flags & 0b1_0010_0011 == 0;
    let appearance = widget.get("AP").dictionary().get("N").reference();
    let drawn = appearance.and_then(|n| file.entry(n)).is_some_and(|e| e.stream.is_some());
    let certified = catalog.get("Perms").dictionary().get("DocMDP") == widget.get("V");
    let on_page = file.follow(widget, "P").dictionary().get("Annots").array().contains(field);
    if !(printed && drawn && certified && on_page && widget.get("FT").name() == "Sig") {
        breaches.push(Breach::Field);
    }
    if widget.get("TU").text().is_none_or(|words| words.trim().is_empty()) {
        breaches.push(Breach::FieldNotDescribed);
    }
}

/// The signature is the file's last object and its hole is where the slot says.
fn slot_holds(finished: &Finished<'_>, slot: &Slot) -> bool {
    let file = &finished.file;
    let signature = file.catalog().get("Perms").dictionary().get("DocMDP").reference();
    let Some(entry) = signature.and_then(|number| file.entry(number)) else {
        return false;
    };
    let dictionary = entry.value.dictionary();
    let last = file.objects.iter().all(|other| other.place.end <= entry.place.end);
    let ends = |range: &std::ops::Range<usize>, before: &[u8], after: &[u8]| {
        let (start, end) = finished.bytes.split_at_checked(range.start).unwrap_or_default();
        let rest = end.get(range.len()..).unwrap_or_default();
        start.ends_with(before) && rest.starts_with(after)
    };
    let hole = finished.bytes.get(slot.contents.clone()).unwrap_or_default();
    let inside = |range: &std::ops::Range<usize>| {
        entry.place.start < range.start && range.end < entry.place.end
    };
    dictionary.get("Type").name() == "Sig"
        && dictionary.get("SubFilter").name() == "ETSI.CAdES.detached"
        && last
        && inside(&slot.contents)
        && inside(&slot.byte_range)
        && ends(&slot.byte_range, b"/ByteRange[", b"]/Contents")
        && ends(&slot.contents, b"]/Contents", b">>")
        && hole.first() == Some(&b'<')
        && hole.last() == Some(&b'>')
}

/// What could change the file or what it shows, or hide it.
const FORBIDDEN: [&str; 6] =
    ["Encrypt", "OpenAction", "AA", "OCProperties", "Requirements", "Collection"];

/// Entries of the document information with their elements in the packet.
const SAID_TWICE: [(&str, &str); 5] = [
    ("Title", "dc:title"),
    ("Creator", "xmp:CreatorTool"),
    ("Producer", "pdf:Producer"),
    ("CreationDate", "xmp:CreateDate"),
    ("ModDate", "xmp:ModifyDate"),
];
