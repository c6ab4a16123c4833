//! The tree of elements to a [`Document`]: which element may stand where, and what it takes.

use super::inline::{
    Attributes, bare, inline, known_language, lines, misplaced, value, volatile, words,
};
use super::reader::{Child, Element, read};
use super::{
    Block, Body, Cell, Definition, Document, Entry, Fact, Furniture, Marker, Print, Question, Row,
    Section, Signature, Term,
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
            spoken: attributes.words("spoken"),
            mark: attributes.words("mark"),
            draft: attributes.words("draft"),
            data: attributes.words("data"),
        };
        let print = print(&root, attributes.words("print").as_deref())?;
        attributes.finish()?;
        let blocks = elements(&root)?.into_iter().map(block).collect::<Result<Vec<_>>>()?;
        in_order(&root, &blocks)?;
        Ok(Self { language, title, furniture, print, blocks })
    }
}

fn print(root: &Element, name: Option<&str>) -> Result<Print> {
    match name {
        None => Ok(Print::Standard),
        Some("large") => Ok(Print::Large),
        Some("dense") => Ok(Print::Dense),
        Some(_) => Err(value(root, "print")),
    }
}

/// The addressee first, the title once, the court above it, the subtitle below it; one signature;
/// no heading level skipped; the words of a blank page last.
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
    /// Of anything but the addressee.
    headed: bool,
    ended: bool,
}

impl Order {
    fn walk(&mut self, blocks: &[Block]) -> Result<()> {
        for block in blocks {
            self.step(&block.body)
                .map_err(|what| RenderError::Markup { line: block.line, what })?;
            match &block.body {
                Body::Section(section) => self.walk(&section.blocks)?,
                Body::Pair([one, other]) => {
                    let level = self.level;
                    self.walk(&one.blocks)?;
                    self.level = level;
                    self.walk(&other.blocks)?;
                }
                _ => {}
            }
            self.after_title = matches!(block.body, Body::Title(_));
            self.begun = true;
            self.headed |= !matches!(block.body, Body::Addressee(_));
        }
        Ok(())
    }

    fn step(&mut self, body: &Body) -> std::result::Result<(), MarkupFault> {
        let skips = match body {
            _ if self.ended => return Err(MarkupFault::Order("blank-page".into())),
            Body::Addressee(_) if self.begun => {
                return Err(MarkupFault::Order("addressee".into()));
            }
            Body::Court(_) if self.headed => return Err(MarkupFault::Order("court".into())),
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
            Body::BlankPage(_) => self.ended = true,
            _ => {}
        }
        Ok(())
    }
}

fn block(element: &Element) -> Result<Block> {
    let body = match element.name.as_str() {
        "addressee" => Body::Addressee(lines(element, "line", &[])?),
        "court" => Body::Court(words(element)?),
        "title" => Body::Title(words(element)?),
        "subtitle" => Body::Subtitle(words(element)?),
        "band" => band(element)?,
        "terms" => Body::Terms(each(element, "term", term)?),
        "table" => table(element)?,
        "questions" => questions(element)?,
        "signature" => Body::Signature(signature(element)?),
        "page-break" => page_break(element)?,
        "blank-page" => Body::BlankPage(lines(element, "p", &[])?),
        "section" => Body::Section(section(element, block)?),
        "pair" => {
            bare(element)?;
            let [one, other] = exactly(element, ["section", "section"])?;
            Body::Pair([section(one, in_column)?, section(other, in_column)?])
        }
        _ => return in_column(element),
    };
    finished(element, body)
}

/// What may also stand in a narrow column.
fn in_column(element: &Element) -> Result<Block> {
    let body = match element.name.as_str() {
        "h2" => heading(element, 2)?,
        "h3" => heading(element, 3)?,
        "alert" => Body::Alert(words(element)?),
        "facts" => Body::Facts(each(element, "fact", fact)?),
        "definitions" => Body::Definitions(each(element, "definition", definition)?),
        "warning" => warning(element)?,
        "notice" => Body::Notice(lines(element, "p", &[])?),
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
    let form = matches!(body, Body::Addressee(_) | Body::BlankPage(_));
    Ok(Block { line: element.line, volatile: volatile(element)? || form, body })
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
    let children = elements(element)?;
    let paired = children.first().is_some_and(|child| child.name == "pair");
    for child in children {
        let held = match child.name.as_str() {
            "pair" if paired => pair(child)?,
            "pair" => return Err(misplaced(child, "term")),
            _ if paired => return Err(misplaced(child, "term")),
            _ => vec![child],
        };
        for child in held {
            match child.name.as_str() {
                "p" if notes.is_empty() => text.push(words(child)?),
                "note" => notes.push(words(child)?),
                _ => return Err(misplaced(child, "term")),
            }
        }
    }
    if text.is_empty() {
        return Err(element.fault(MarkupFault::Blank("term".into())));
    }
    Ok(Term { volatile: volatile(element)?, number, text, notes, paired })
}

/// Two paragraphs or two notes that say the same.
fn pair(element: &Element) -> Result<Vec<&Element>> {
    bare(element)?;
    let held = elements(element)?;
    let alike = matches!(held[..], [one, other] if one.name == other.name);
    if alike { Ok(held) } else { Err(element.fault(MarkupFault::Order("pair".into()))) }
}

fn band(element: &Element) -> Result<Body> {
    let facts = each(element, "fact", fact)?;
    if (2..=4).contains(&facts.len()) {
        return Ok(Body::Band(facts));
    }
    Err(element.fault(MarkupFault::Order("fact".into())))
}

fn questions(element: &Element) -> Result<Body> {
    let mut attributes = Attributes::of(element);
    let answers = [attributes.needed("yes")?.to_owned(), attributes.needed("no")?.to_owned()];
    attributes.common().finish()?;
    let children = elements(element)?;
    let Some((first, rest)) = children.split_first().filter(|(first, _)| first.name == "head")
    else {
        return Err(element.fault(MarkupFault::Order("head".into())));
    };
    let head = each(first, "cell", cell)?;
    if rest.is_empty() || !(3..=4).contains(&head.len()) {
        return Err(element.fault(MarkupFault::Order("question".into())));
    }
    let ends = head.len() == 4;
    let rows = rest.iter().map(|child| match child.name.as_str() {
        "question" => question(child, ends),
        _ => Err(misplaced(child, "questions")),
    });
    Ok(Body::Questions { answers, rows: rows.collect::<Result<_>>()?, head })
}

fn question(element: &Element, ends: bool) -> Result<Question> {
    let mut attributes = Attributes::of(element);
    let number = attributes.needed("number")?.to_owned();
    let ends = if ends { Some(attributes.needed("ends")?.to_owned()) } else { None };
    Ok(Question { volatile: volatile(element)?, number, words: inline(element, attributes)?, ends })
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
fn section(element: &Element, held: impl Fn(&Element) -> Result<Block>) -> Result<Section> {
    let mut attributes = Attributes::of(element);
    let language = known_language(attributes.needed("lang")?);
    let language = language.ok_or_else(|| value(element, "lang"))?;
    attributes.common().finish()?;
    let blocks = elements(element)?.into_iter().map(held).collect::<Result<_>>()?;
    Ok(Section { language, blocks })
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
