//! What makes the file keep for decades: document information, the same again as XMP, the output
//! intent. ISO 19005-2, 6.2.3, 6.6 and annex; ISO 14289-1, 5. No words for people live here.

use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::Timestamp;

use super::pdf::body::{Body, Id, deflate, text_string};

/// The program as metadata names it.
pub(crate) const PRODUCER: &str = concat!("spo ", env!("CARGO_PKG_VERSION"));

/// The sRGB profile. `fonts/README.md` says where it is from.
const SRGB: &[u8] = include_bytes!("../../fonts/srgb.icc");

/// The same, deflated once.
static PROFILE: LazyLock<Vec<u8>> = LazyLock::new(|| deflate(SRGB, <[u8]>::to_vec));

/// `/Info`, `/Metadata` and the output intents of one document.
pub(crate) struct Archive {
    pub info: Id,
    pub metadata: Id,
    pub intent: Id,
}

/// What a file says of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<'a> {
    pub title: &'a str,
    pub language: &'a str,
    /// The id of the document: where nothing else of a file can be believed, it says for which one
    /// to ask. A draft has none.
    pub identifier: Option<&'a str>,
    pub created: Timestamp,
    /// The part of ISO 19005.
    pub part: u8,
}

/// Writes the three. Information and packet say the same. ISO 19005-2, 6.6.3.
pub(crate) fn write(body: &mut Body, said: Said<'_>) -> Archive {
    let Said { title, created, .. } = said;
    let info = body.add(|out| {
        out.extend_from_slice(b"<</Title");
        text_string(out, title);
        out.extend_from_slice(b"/Creator");
        text_string(out, PRODUCER);
        out.extend_from_slice(b"/Producer");
        text_string(out, PRODUCER);
        out.extend_from_slice(b"/CreationDate");
        text_string(out, &pdf_date(created));
        out.extend_from_slice(b"/ModDate");
        text_string(out, &pdf_date(created));
        out.extend_from_slice(b">>");
    });
    let metadata = body.reserve();
    let packet = xmp(said);
    // Not deflated, so that tools which know no PDF can read it.
    body.stream(metadata, "/Type/Metadata/Subtype/XML", packet.as_bytes());
    let profile = body.reserve();
    body.stream(profile, "/N 3/Alternate/DeviceRGB/Filter/FlateDecode", &PROFILE);
    let intent = body.add(|out| {
        let entries = format!(
            "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)\
             /Info(sRGB IEC61966-2.1)/RegistryName(http://www.color.org)\
             /DestOutputProfile {profile}>>"
        );
        out.extend_from_slice(entries.as_bytes());
    });
    Archive { info, metadata, intent }
}

/// PDF 32000-1, 7.9.4, in UTC.
pub(crate) fn pdf_date(instant: Timestamp) -> String {
    instant.strftime("D:%Y%m%d%H%M%SZ").to_string()
}

/// ISO 8601 as XMP wants it, in UTC, to the second.
pub(crate) fn xmp_date(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The packet. The schema of the PDF/UA identifier must be described in it: ISO 19005-2, 6.6.2.3.
fn xmp(said: Said<'_>) -> String {
    let (title, language) = (escaped(said.title), escaped(said.language));
    let (producer, part, date) = (escaped(PRODUCER), said.part, xmp_date(said.created));
    let identifier = said.identifier.map(escaped).unwrap_or_default();
    let identifier = match identifier.as_str() {
        "" => String::new(),
        some => format!("<dc:identifier>{some}</dc:identifier>\n"),
    };
    let mut out = String::with_capacity(2048);
    let _ = write!(
        out,
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n\
         <dc:format>application/pdf</dc:format>\n{identifier}\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
         <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n\
         <xmp:CreatorTool>{producer}</xmp:CreatorTool>\n\
         <xmp:CreateDate>{date}</xmp:CreateDate>\n\
         <xmp:ModifyDate>{date}</xmp:ModifyDate>\n\
         <xmp:MetadataDate>{date}</xmp:MetadataDate>\n\
         <pdf:Producer>{producer}</pdf:Producer>\n\
         <pdfaid:part>{part}</pdfaid:part>\n\
         <pdfaid:conformance>A</pdfaid:conformance>\n\
         <pdfuaid:part>1</pdfuaid:part>\n\
         </rdf:Description>\n{UA_SCHEMA}</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
    );
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const UA_SCHEMA: &str = concat!(
    "<rdf:Description rdf:about=\"\" ",
    "xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" ",
    "xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" ",
    "xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n",
    "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n",
    "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\n",
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\n",
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\n",
    "<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\n",
    "<pdfaProperty:name>part</pdfaProperty:name>\n",
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\n",
    "<pdfaProperty:category>internal</pdfaProperty:category>\n",
    "<pdfaProperty:description>Part of ISO 14289 that the file follows",
    "</pdfaProperty:description>\n",
    "</rdf:li></rdf:Seq></pdfaSchema:property>\n",
    "</rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n",
);

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: Said<'_> = Said {
        title: "<rdf:li> & co",
        language: "en-GB",
        identifier: None,
        created: Timestamp::UNIX_EPOCH,
        part: 2,
    };

    #[test]
    fn a_title_with_markup_is_inert_in_the_packet() {
        assert!(xmp(SAID).contains("&lt;rdf:li&gt; &amp; co"));
    }

    #[test]
    fn a_document_names_itself_and_a_draft_does_not() {
        let named = xmp(Said { identifier: Some("doc_<1>"), ..SAID });
        assert!(named.contains("\n<dc:identifier>doc_&lt;1&gt;</dc:identifier>\n"), "{named}");
        assert!(!xmp(SAID).contains("identifier"));
    }

    #[test]
    fn dates_are_written_in_utc_to_the_second() {
        let instant = Timestamp::from_second(1_795_000_000).unwrap_or(Timestamp::UNIX_EPOCH);
        assert_eq!(pdf_date(instant), "D:20261118110640Z");
        assert_eq!(xmp_date(instant), "2026-11-18T11:06:40Z");
    }
}
