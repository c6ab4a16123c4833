//! printpdf at work: our operations go in, its page tree with the content streams comes out. The
//! signature's appearance is printed as one more sheet and taken out again. Nothing that printpdf
//! draws by chance or from the clock (its file ids, its metadata) is taken over.

use lopdf::{Dictionary, Document, Object, ObjectId};
use printpdf::{PdfDocument, PdfPage, PdfSaveOptions, Pt, Rect};

use super::Unwritable;
use super::paint::{Mark, Painter};
use crate::render::pages::{Item, Node, NodeId, Owner, PAGE_HEIGHT, PAGE_WIDTH, Page, Pages};
use crate::render::subset::Drawing;

/// A page as printpdf made it.
pub(super) struct Sheet {
    pub page: Dictionary,
    pub content: Vec<u8>,
}

/// All pages, and what is marked on them.
pub(super) struct Printed {
    pub sheets: Vec<Sheet>,
    /// Empty where there is no panel.
    pub appearance: Vec<u8>,
    /// In painting order.
    pub marks: Vec<Mark>,
}

/// Paints all pages and the panel's appearance.
pub(super) fn print(
    pages: &Pages,
    nodes: &[Node],
    words: NodeId,
    faces: &Drawing,
) -> Result<Printed, Unwritable> {
    let panel = pages.panel.as_ref();
    let mut marks = Vec::new();
    let mut sheets = Vec::with_capacity(pages.pages.len() + 1);
    for (number, page) in pages.pages.iter().enumerate() {
        let here = panel.filter(|panel| panel.page == number);
        let mut painter = Painter::new(faces, nodes, words);
        let own = page.items.iter().filter(|item| here.is_none() || owner(item) != Owner::Panel);
        own.for_each(|item| painter.item(item));
        pages.code.iter().for_each(|code| painter.code(code));
        let (ops, marked) = painter.finish();
        sheets.push(sheet(ops));
        marks.extend(marked.into_iter().map(|mark| on(number, false, mark)));
    }
    if let Some(panel) = panel {
        let mut painter = Painter::new(faces, nodes, words)
            .within((panel.x, panel.y), marks_on(&marks, panel.page));
        let page: Option<&Page> = pages.pages.get(panel.page);
        let items = page.into_iter().flat_map(|page| &page.items);
        items.filter(|item| owner(item) == Owner::Panel).for_each(|item| painter.item(item));
        let (ops, marked) = painter.finish();
        sheets.push(sheet(ops));
        marks.extend(marked.into_iter().map(|mark| on(panel.page, true, mark)));
    }
    let mut sheets = press(sheets)?;
    let appearance = match panel {
        Some(_) => sheets.pop().map(|sheet| sheet.content).unwrap_or_default(),
        None => Vec::new(),
    };
    Ok(Printed { sheets, appearance, marks })
}

/// Hands the operations to printpdf and takes its pages.
fn press(pages: Vec<PdfPage>) -> Result<Vec<Sheet>, Unwritable> {
    let mut document = PdfDocument::new("");
    document.pages = pages;
    let options = PdfSaveOptions {
        optimize: false,
        subset_fonts: false,
        // Our glyph runs are operations that printpdf has no name for.
        secure: false,
        image_optimization: None,
    };
    let mut warnings = Vec::new();
    let mut made = document.to_lopdf_document(&options, &mut warnings);
    if let Some(warning) = warnings.first() {
        return Err(Unwritable::Painter(format!("{warning:?}")));
    }
    let lost = || Unwritable::Painter("the page tree is not whole".to_owned());
    let kids = kids(&made).ok_or_else(lost)?;
    kids.into_iter().map(|kid| take(&mut made, kid).ok_or_else(lost)).collect()
}

fn kids(made: &Document) -> Option<Vec<ObjectId>> {
    let pages = made.catalog().ok()?.get(b"Pages").ok()?.as_reference().ok()?;
    let kids = made.get_dictionary(pages).ok()?.get(b"Kids").ok()?.as_array().ok()?;
    kids.iter().map(|kid| kid.as_reference().ok()).collect()
}

fn take(made: &mut Document, kid: ObjectId) -> Option<Sheet> {
    let Some(Object::Dictionary(page)) = made.objects.remove(&kid) else {
        return None;
    };
    let content = page.get(b"Contents").ok()?.as_reference().ok()?;
    match made.objects.remove(&content) {
        Some(Object::Stream(stream)) => Some(Sheet { page, content: stream.content }),
        _ => None,
    }
}

fn sheet(ops: Vec<printpdf::Op>) -> PdfPage {
    let paper = Rect::from_wh(Pt(PAGE_WIDTH), Pt(PAGE_HEIGHT));
    PdfPage { media_box: paper.clone(), trim_box: paper.clone(), crop_box: paper, ops }
}

const fn owner(item: &Item) -> Owner {
    match item {
        Item::Run(run) => run.owner,
        Item::Shape(shape) => shape.owner,
    }
}

const fn on(page: usize, in_appearance: bool, (node, mcid): (NodeId, u32)) -> Mark {
    Mark { node, page, in_appearance, mcid }
}

fn marks_on(marks: &[Mark], page: usize) -> u32 {
    let own = marks.iter().filter(|mark| mark.page == page);
    own.map(|mark| mark.mcid + 1).max().unwrap_or(0)
}
