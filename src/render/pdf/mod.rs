//! `Pages` -> the bytes of a tagged, archival PDF. printpdf paints: its page operations and its
//! page tree; fonts, tags, metadata, the signature's slot and the file around them are ours
//! (`subset`, `tags`, `archive`, [`slot`], [`body`]). Same pages, same stamp: same bytes. No clock,
//! no chance, no words for people.
//!
//! To change what is painted: [`paint`] and [`glyphs`]. To change what stands around it: the module
//! of its name.

mod attached;
pub(crate) mod body;
mod glyphs;
#[cfg(test)]
mod journey;
mod outline;
#[cfg(test)]
mod outside;
pub(crate) mod paint;
mod press;
mod slot;
#[cfg(test)]
pub(crate) mod specimen;
mod symbol;

use std::borrow::Cow;

use jiff::Timestamp;

use super::Slot;
use super::archive::{self, Archive, Said};
use super::attachment::Attachment;
use super::pages::{Item, Node, NodeId, Owner, Pages, Panel, Role, Run};
use super::subset::{BrokenFace, Drawing, Embedded, Outlines, Subsets};
use super::tags::{self, Anchors, Widget};
use body::{Body, Id, foreign, put, text_string};
use press::{Printed, print};
use slot::Field;
pub use slot::Seal;

/// What the file says of itself beside its content.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// The document's id; with the content it makes the file's `/ID`.
    pub document: &'a str,
    /// Creation and change in the metadata.
    pub created: Timestamp,
    /// For a document with a signature panel, and for no other.
    pub seal: Option<Seal<'a>>,
    /// A file that it carries; with one it is of part 3 of ISO 19005, else of part 2.
    pub attachment: Option<&'a Attachment>,
}

/// A written file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Where the signature goes; none in previews.
    pub slot: Option<Slot>,
    /// Number of pages.
    pub page_count: u32,
}

/// Why pages cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A face that cannot be cut.
    #[error(transparent)]
    Face(#[from] BrokenFace),
    /// A document with a signature panel needs a seal, a preview may have none.
    #[error("the signature panel and the seal do not go together")]
    Seal,
    /// The panel stands on a page that is not there, or is no node.
    #[error("the signature panel has no place")]
    Panel,
    /// The attachment has no name that each reader can show, or no description.
    #[error("the attachment is not well named")]
    Attachment,
    /// printpdf found fault with what we gave it.
    #[error("the painter warns: {0}")]
    Painter(String),
}

/// Writes the file.
///
/// # Errors
/// [`Unwritable`] where the pages or the stamp contradict themselves, or a face cannot be cut.
pub fn write(pages: &Pages, subsets: &Subsets, stamp: &Stamp<'_>) -> Result<Written, Unwritable> {
    let panel = seal(pages, stamp)?;
    if stamp.attachment.is_some_and(|attachment| !attachment.is_well_named()) {
        return Err(Unwritable::Attachment);
    }
    let (nodes, words) = nodes(pages);
    let faces = subsets.of(pages)?;
    let printed = print(pages, &nodes, words, &faces)?;
    let mut body = Body::new(CAPACITY);
    let root = body.reserve();
    let tree = body.reserve();
    let page_ids: Vec<Id> = printed.sheets.iter().map(|_| body.reserve()).collect();
    let field = panel.map(|(panel, seal)| (panel, seal, Field::reserve(&mut body)));
    let widget = field.map(|(panel, _, field)| Widget {
        node: panel.node,
        page: page_ids[panel.page],
        field: field.widget,
        appearance: field.appearance,
    });

    let archive = archive::write(&mut body, says(pages, stamp));
    let attached = stamp
        .attachment
        .map(|attachment| (attachment, attached::write(&mut body, attachment, stamp.created)));
    let code = pages.code.as_ref().map(|code| symbol::write(&mut body, code));
    let resources = write_resources(&mut body, &faces, code);
    let annotated = field.map(|(panel, _, field)| (panel.page, field.widget));
    write_sheets(&mut body, &printed, (tree, resources), &page_ids, annotated);
    let anchors = Anchors { pages: &page_ids, widget, words, said: said(pages) };
    let structure = tags::write(&mut body, &nodes, &printed.marks, &anchors);
    let outlines = outline::write(&mut body, pages, &page_ids);
    body.object(root, |out| {
        put(out, format_args!("<</Type/Catalog/Pages {tree}/Lang"));
        text_string(out, pages.language);
        catalog(out, &archive, structure, outlines);
        if let Some((.., field)) = field {
            let (form, signature) = (field.form, field.signature);
            put(out, format_args!("/AcroForm {form}/Perms<</DocMDP {signature}>>"));
        }
        if let Some((attachment, specification)) = attached {
            attached::catalog(out, attachment, specification);
        }
        out.extend_from_slice(b">>");
    });
    let slot = field.map(|(panel, seal, field)| {
        let content = (resources, printed.appearance.as_slice());
        let place = (page_ids[panel.page], page_ids.len());
        field.write(&mut body, panel, place, content);
        field.write_signature(&mut body, seal)
    });
    Ok(Written {
        bytes: body.finish(root, archive.info, stamp.document),
        slot,
        page_count: u32::try_from(page_ids.len()).unwrap_or(u32::MAX),
    })
}

/// What the file says of itself; only what is to be sealed has a name of its own.
fn says<'a>(pages: &'a Pages, stamp: &Stamp<'a>) -> Said<'a> {
    Said {
        title: &pages.title,
        language: pages.language,
        identifier: stamp.seal.as_ref().map(|_| stamp.document),
        created: stamp.created,
        part: if stamp.attachment.is_some() { 3 } else { 2 },
    }
}

/// The panel with its seal: both or neither.
fn seal<'a>(
    pages: &'a Pages,
    stamp: &'a Stamp<'_>,
) -> Result<Option<(&'a Panel, &'a Seal<'a>)>, Unwritable> {
    match (&pages.panel, &stamp.seal) {
        (None, None) => Ok(None),
        (Some(panel), Some(_)) if panel.page >= pages.pages.len() => Err(Unwritable::Panel),
        (Some(panel), Some(seal)) => Ok(Some((panel, seal))),
        _ => Err(Unwritable::Seal),
    }
}

/// The nodes, and the one that holds the words of the signature panel: beside the field's node a
/// paragraph of its own; in a preview, which has no field, that node itself, or a last paragraph
/// where the layout made none.
pub(in crate::render) fn nodes(pages: &Pages) -> (Cow<'_, [Node]>, NodeId) {
    let id = |index| NodeId(u32::try_from(index).unwrap_or(u32::MAX));
    let form = pages.nodes.iter().position(|node| node.role == Role::Form);
    let parent = match (&pages.panel, form) {
        (Some(panel), _) => pages.nodes.get(panel.node.0 as usize).and_then(|node| node.parent),
        (None, Some(form)) => return (Cow::Borrowed(&pages.nodes), id(form)),
        (None, None) => Some(NodeId(0)),
    };
    let drawn = |item: &Item| match item {
        Item::Run(run) => run.owner == Owner::Panel,
        Item::Shape(_) => false,
    };
    if !pages.pages.iter().flat_map(|page| &page.items).any(drawn) {
        return (Cow::Borrowed(&pages.nodes), NodeId(u32::MAX));
    }
    let mut nodes = pages.nodes.clone();
    nodes.push(Node {
        role: Role::P,
        parent,
        language: None,
        alternative: None,
        list_numbering: None,
        bookmark: None,
        column_span: 1,
    });
    let last = id(nodes.len() - 1);
    (Cow::Owned(nodes), last)
}

/// The words that the field's appearance draws; none in a preview.
pub(in crate::render) fn said(pages: &Pages) -> String {
    let items = pages.panel.iter().filter_map(|panel| pages.pages.get(panel.page));
    let runs = items.flat_map(|page| &page.items).filter_map(|item| match item {
        Item::Run(run) if run.owner == Owner::Panel => Some(run),
        _ => None,
    });
    let runs: Vec<&Run> = runs.collect();
    let text = |line: &[&Run]| line.iter().map(|run| run.text.as_str()).collect::<String>();
    let lines = runs.chunk_by(|one, next| one.y.total_cmp(&next.y).is_eq()).map(text);
    lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join(" ")
}

/// ISO 14289-1, 7.1 and 7.2; PDF 32000-1, 14.7.1 and 12.2.
fn catalog(out: &mut Vec<u8>, archive: &Archive, structure: Id, outlines: Option<Id>) {
    put(
        out,
        format_args!(
            "/MarkInfo<</Marked true>>/StructTreeRoot {structure}/Metadata {}\
             /OutputIntents[{}]/ViewerPreferences<</DisplayDocTitle true>>",
            archive.metadata, archive.intent
        ),
    );
    if let Some(outlines) = outlines {
        put(out, format_args!("/Outlines {outlines}/PageMode/UseOutlines"));
    }
}

/// The page tree that printpdf made, with our numbers.
fn write_sheets(
    body: &mut Body,
    printed: &Printed,
    (tree, resources): (Id, Id),
    page_ids: &[Id],
    annotated: Option<(usize, Id)>,
) {
    body.object(tree, |out| {
        put(out, format_args!("<</Type/Pages/Count {}/Kids[", page_ids.len()));
        for id in page_ids {
            put(out, format_args!("{id} "));
        }
        out.extend_from_slice(b"]>>");
    });
    for (number, (sheet, id)) in printed.sheets.iter().zip(page_ids).enumerate() {
        let content = body.reserve();
        body.object(*id, |out| {
            out.extend_from_slice(b"<<");
            for (key, value) in sheet.page.iter().filter(|(key, _)| !OURS.contains(&&key[..])) {
                put(out, format_args!("/{} ", String::from_utf8_lossy(key)));
                foreign(out, value);
            }
            put(out, format_args!("/Parent {tree}/Resources {resources}/Contents {content}"));
            put(out, format_args!("/StructParents {number}/Tabs/S"));
            if let Some((_, widget)) = annotated.filter(|(page, _)| *page == number) {
                put(out, format_args!("/Annots[{widget}]"));
            }
            out.extend_from_slice(b">>");
        });
        body.deflated(content, "", &sheet.content);
    }
}

/// The faces as Type 0 fonts, and the resources that name them and the QR code. PDF 32000-1, 9.7;
/// ISO 19005-2, 6.2.11.
fn write_resources(body: &mut Body, faces: &Drawing, code: Option<Id>) -> Id {
    let fonts: Vec<(usize, Id)> = faces
        .iter()
        .enumerate()
        .filter_map(|(place, face)| Some((place, write_font(body, face.as_deref()?))))
        .collect();
    body.add(|out| {
        out.extend_from_slice(b"<</Font<<");
        for (place, id) in &fonts {
            put(out, format_args!("/F{place} {id}"));
        }
        out.extend_from_slice(b">>");
        if let Some(code) = code {
            put(out, format_args!("/XObject<</{} {code}>>", symbol::NAME));
        }
        out.extend_from_slice(b">>");
    })
}

fn write_font(body: &mut Body, face: &Embedded) -> Id {
    let (program, unicode) = (body.reserve(), body.reserve());
    let (entries, file, kind, map) = match face.outlines {
        Outlines::TrueType => (
            format!("/Length1 {}", face.program_length),
            "FontFile2",
            "CIDFontType2",
            "/CIDToGIDMap/Identity",
        ),
        Outlines::Compact => ("/Subtype/CIDFontType0C".to_owned(), "FontFile3", "CIDFontType0", ""),
    };
    body.stream(program, &format!("/Filter/FlateDecode{entries}"), &face.program);
    body.stream(unicode, "/Filter/FlateDecode", &face.unicode);
    let name = &face.name;
    let of = &face.descriptor;
    let descriptor = body.add(|out| {
        let [left, bottom, right, top] = of.bbox;
        put(
            out,
            format_args!(
                "<</Type/FontDescriptor/FontName/{name}/Flags {}/FontBBox[{left} {bottom} {right} \
                 {top}]/ItalicAngle {}/Ascent {}/Descent {}/CapHeight {}/StemV {}\
                 /{file} {program}>>",
                of.flags, of.italic_angle, of.ascent, of.descent, of.cap_height, of.stem
            ),
        );
    });
    let descendant = body.add(|out| {
        put(
            out,
            format_args!(
                "<</Type/Font/Subtype/{kind}/BaseFont/{name}/CIDSystemInfo\
                 <</Registry(Adobe)/Ordering(Identity)/Supplement 0>>{map}\
                 /FontDescriptor {descriptor}/W[{}]>>",
                face.widths
            ),
        );
    });
    body.add(|out| {
        put(
            out,
            format_args!(
                "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
                 /DescendantFonts[{descendant}]/ToUnicode {unicode}>>"
            ),
        );
    })
}

/// Entries of a page that we write ourselves.
const OURS: [&[u8]; 4] = [b"Parent", b"Resources", b"Contents", b"Annots"];

/// Room for a usual document.
const CAPACITY: usize = 96 * 1024;
