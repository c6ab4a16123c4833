//! The tree of elements to a [`Document`]: which element may stand where, and what it takes.

use super::inline::{
    Attributes, bare, inline, known_language, lines, misplaced, value, volatile, words,
};
use super::reader::{Child, Element, read};
use super::{
    Block, Body, Cell, Definition, Document, Entry, Fact, Furniture, Marker, Row, Signature, Term,
};
use crate::render::error::{MarkupFault, RenderError};

type Result<T> = std::result::Result<T, RenderError>;

impl Document {
    /// Reads the markup that a layout produced.
    ///
    /// # Errors
    /// [`RenderError::Markup`] with the line: an unknown element or attribute, text out of place, a
    /// blank where words belong, a heading level skipped.
    pub fn parse(markup: &str) -> Result<Self> {
        let root = read(markup)?;
        if root.name != "document" {
            return Err(misplaced(&root, "nothing"));
        }
        let mut attributes = Attributes::of(&root);
        let language = attributes.needed("lang")?;
        let language = known_language(language).ok_or_else(|| value(&root, "lang"))?;
        let title = attributes.needed("title")?.to_owned();
        let furniture = Furniture {
            header: attributes.words("header"),
            footer: attributes.words("footer"),
            page: attributes.words("page"),
            mark: attributes.words("mark"),
            draft: attributes.words("draft"),
        };
        attributes.finish()?;
        let blocks = elements(&root)?.into_iter().map(block).collect::<Result<Vec<_>>>()?;
        in_order(&root, &blocks)?;
        Ok(Self { language, title, furniture, blocks })
    }
}

/// The title stands once, the court above it, the subtitle below it; one signature; no heading
/// level skipped.
fn in_order(root: &Element, blocks: &[Block]) -> Result<()> {
    let mut order = Order::default();
    order.walk(blocks)?;
    if order.titles != 1 || order.signatures > 1 {
        let which = if order.titles == 1 { "signature" } else { "title" };
        return Err(root.fault(MarkupFault::Order(which.into())));
    }
    Ok(())
}

#[derive(Default)]
struct Order {
    titles: usize,
    signatures: usize,
    /// Of the last heading.
    level: u8,
    /// The last block was the title.
    after_title: bool,
    begun: bool,
}

impl Order {
    fn walk(&mut self, blocks: &[Block]) -> Result<()> {
        for block in blocks {
            self.step(&block.body)
                .map_err(|what| RenderError::Markup { line: block.line, what })?;
            if let Body::Section { blocks, .. } = &block.body {
                self.walk(blocks)?;
            }
            self.after_title = matches!(block.body, Body::Title(_));
            self.begun = true;
        }
        Ok(())
    }

    fn step(&mut self, body: &Body) -> std::result::Result<(), MarkupFault> {
        let skips = match body {
            Body::Court(_) if self.begun => return Err(MarkupFault::Order("court".into())),
            Body::Subtitle(_) if !self.after_title => {
                return Err(MarkupFault::Order("subtitle".into()));
            }
            Body::Heading { level, .. } => *level > self.level + 1,
            Body::Warning { .. } => self.level == 0,
            _ => false,
        };
        match body {
            _ if skips => return Err(MarkupFault::SkippedHeading),
            Body::Title(_) => (self.titles, self.level) = (self.titles + 1, 1),
            Body::Heading { level, .. } => self.level = *level,
            Body::Warning { .. } => self.level = 2,
            Body::Signature(_) => self.signatures += 1,
            _ => {}
        }
        Ok(())
    }
}

fn block(element: &Element) -> Result<Block> {
    let body = match element.name.as_str() {
        "court" => Body::Court(words(element)?),
        "title" => Body::Title(words(element)?),
        "subtitle" => Body::Subtitle(words(element)?),
        "h2" => heading(element, 2)?,
        "h3" => heading(element, 3)?,
        "facts" => Body::Facts(each(element, "fact", fact)?),
        "terms" => Body::Terms(each(element, "term", term)?),
        "definitions" => Body::Definitions(each(element, "definition", definition)?),
        "warning" => warning(element)?,
        "table" => table(element)?,
        "notice" => Body::Notice(lines(element, "p", &[])?),
        "signature" => Body::Signature(signature(element)?),
        "page-break" => page_break(element)?,
        "section" => section(element)?,
        _ => return flowing(element, "document"),
    };
    finished(element, body)
}

/// A paragraph or a list: what may also stand in a box.
fn flowing(element: &Element, parent: &str) -> Result<Block> {
    let body = match element.name.as_str() {
        "p" => Body::Paragraph(words(element)?),
        "list" => Body::List { marker: Marker::Bullet, items: each(element, "item", entry)? },
        "steps" => Body::List { marker: Marker::Number, items: each(element, "item", entry)? },
        _ => return Err(misplaced(element, parent)),
    };
    finished(element, body)
}

fn finished(element: &Element, body: Body) -> Result<Block> {
    Ok(Block { line: element.line, volatile: volatile(element)?, body })
}

fn heading(element: &Element, level: u8) -> Result<Body> {
    let mut attributes = Attributes::of(element);
    let bookmark = attributes.words("bookmark");
    Ok(Body::Heading { level, words: inline(element, attributes)?, bookmark })
}

fn fact(element: &Element) -> Result<Fact> {
    bare(element)?;
    let [label, held] = exactly(element, ["label", "value"])?;
    Ok(Fact {
        volatile: volatile(element)? || volatile(held)?,
        label: words(label)?,
        value: lines(held, "line", &[])?,
    })
}

fn term(element: &Element) -> Result<Term> {
    let mut attributes = Attributes::of(element);
    let number = attributes.needed("number")?.to_owned();
    attributes.common().finish()?;
    let (mut text, mut notes) = (Vec::new(), Vec::new());
    for child in elements(element)? {
        match child.name.as_str() {
            "p" if notes.is_empty() => text.push(words(child)?),
            "note" => notes.push(words(child)?),
            _ => return Err(misplaced(child, "term")),
        }
    }
    if text.is_empty() {
        return Err(element.fault(MarkupFault::Blank("term".into())));
    }
    Ok(Term { volatile: volatile(element)?, number, text, notes })
}

fn entry(element: &Element) -> Result<Entry> {
    Ok(Entry { volatile: volatile(element)?, text: lines(element, "p", &[])? })
}

fn definition(element: &Element) -> Result<Definition> {
    bare(element)?;
    let [word, meaning] = exactly(element, ["word", "meaning"])?;
    let volatile = volatile(element)?;
    Ok(Definition { volatile, word: words(word)?, meaning: lines(meaning, "p", &[])? })
}

fn warning(element: &Element) -> Result<Body> {
    let mut attributes = Attributes::of(element);
    let title = attributes.needed("title")?.to_owned();
    attributes.common().finish()?;
    let blocks = elements(element)?.into_iter().map(|child| flowing(child, "warning"));
    let blocks = blocks.collect::<Result<Vec<_>>>()?;
    if blocks.is_empty() {
        return Err(element.fault(MarkupFault::Blank("warning".into())));
    }
    Ok(Body::Warning { title, blocks })
}

fn table(element: &Element) -> Result<Body> {
    bare(element)?;
    let children = elements(element)?;
    let Some((first, rest)) = children.split_first().filter(|(first, _)| first.name == "head")
    else {
        return Err(element.fault(MarkupFault::Order("head".into())));
    };
    let head = each(first, "cell", cell)?;
    bare(first)?;
    let mut rows = Vec::with_capacity(rest.len());
    for child in rest {
        if child.name != "row" {
            return Err(misplaced(child, "table"));
        }
        let cells = each(child, "cell", cell)?;
        bare(child)?;
        if cells.len() != head.len() {
            return Err(child.fault(MarkupFault::Order("cell".into())));
        }
        rows.push(Row { volatile: volatile(child)?, cells });
    }
    Ok(Body::Table { head, rows })
}

fn cell(element: &Element) -> Result<Cell> {
    let header = Attributes::of(element).flag("header")?;
    Ok(Cell { header, text: lines(element, "line", &["header"])? })
}

fn signature(element: &Element) -> Result<Signature> {
    let mut attributes = Attributes::of(element);
    let tooltip = attributes.needed("tooltip")?.to_owned();
    let alternative = attributes.needed("alternative")?.to_owned();
    let seal = attributes.words("seal");
    attributes.common().finish()?;
    let children = elements(element)?;
    let lines = children.into_iter().map(|child| match child.name.as_str() {
        "line" => words(child),
        _ => Err(misplaced(child, "signature")),
    });
    Ok(Signature { tooltip, alternative, seal, lines: lines.collect::<Result<_>>()? })
}

/// Everything in it is in one language.
fn section(element: &Element) -> Result<Body> {
    let mut attributes = Attributes::of(element);
    let language = known_language(attributes.needed("lang")?);
    let language = language.ok_or_else(|| value(element, "lang"))?;
    attributes.common().finish()?;
    let blocks = elements(element)?.into_iter().map(block).collect::<Result<_>>()?;
    Ok(Body::Section { language, blocks })
}

fn page_break(element: &Element) -> Result<Body> {
    bare(element)?;
    elements(element)?
        .first()
        .map_or(Ok(Body::PageBreak), |child| Err(misplaced(child, "page-break")))
}

/// An element that is made of others of one name, and holds at least one.
fn each<T>(
    element: &Element,
    name: &'static str,
    read: impl Fn(&Element) -> Result<T>,
) -> Result<Vec<T>> {
    bare(element)?;
    let mut found = Vec::new();
    for child in elements(element)? {
        if child.name != name {
            return Err(misplaced(child, &element.name));
        }
        found.push(read(child)?);
    }
    if found.is_empty() {
        return Err(element.fault(MarkupFault::Blank(element.name.clone())));
    }
    Ok(found)
}

/// Exactly these children in this order.
fn exactly<'a, const N: usize>(
    element: &'a Element,
    names: [&'static str; N],
) -> Result<[&'a Element; N]> {
    let children = elements(element)?;
    if let Some(child) = children.iter().find(|child| !names.contains(&child.name.as_str())) {
        return Err(misplaced(child, &element.name));
    }
    let found: [&Element; N] =
        children.try_into().map_err(|_| element.fault(MarkupFault::Order(element.name.clone())))?;
    let in_order = found.iter().zip(names).all(|(child, name)| child.name == name);
    if in_order { Ok(found) } else { Err(element.fault(MarkupFault::Order(element.name.clone()))) }
}

/// The child elements, where no text may stand between them.
pub(super) fn elements(element: &Element) -> Result<Vec<&Element>> {
    let mut found = Vec::with_capacity(element.children.len());
    for child in &element.children {
        match child {
            Child::Element(child) => found.push(child),
            Child::Text(text) if text == "\n" => {}
            Child::Text(_) => return Err(element.fault(MarkupFault::Text(element.name.clone()))),
        }
    }
    Ok(found)
}
