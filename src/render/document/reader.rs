//! Markup to a bare tree of elements with their lines. Knows XML, not the grammar.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::render::error::{MarkupFault, RenderError};

/// What a template prints where a value is empty: no text may hold it, so that it is found here.
pub(in crate::render) const BLANK: char = '\u{0}';

/// An element as written.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Child>,
}

/// What an element holds. In text a line break stands for any run of literal blanks, and a blank
/// for one that a value brought as a reference.
#[derive(Debug)]
pub(super) enum Child {
    Element(Element),
    Text(String),
}

impl Element {
    /// Refuses this element for a reason.
    pub(super) const fn fault(&self, what: MarkupFault) -> RenderError {
        RenderError::Markup { line: self.line, what }
    }
}

/// Reads the one root element.
///
/// # Errors
/// [`RenderError::Markup`]: not well formed, or holds what no document may.
pub(super) fn read(markup: &str) -> Result<Element, RenderError> {
    let mut tree = Tree { markup, lines: Lines::default(), open: Vec::new(), root: None };
    let mut reader = Reader::from_str(markup);
    loop {
        let from = usize::try_from(reader.buffer_position()).unwrap_or(markup.len());
        let line = tree.lines.at(markup, from);
        match reader.read_event() {
            Ok(Event::Eof) => return tree.finish(line),
            Ok(event) => {
                tree.take(event).map_err(|what| RenderError::Markup { line, what })?;
            }
            Err(_) => {
                return Err(RenderError::Markup { line, what: MarkupFault::IllFormed });
            }
        }
    }
}

struct Tree<'a> {
    markup: &'a str,
    lines: Lines,
    open: Vec<Element>,
    root: Option<Element>,
}

/// Counts lines forward, once over the whole markup.
#[derive(Default)]
struct Lines {
    counted: usize,
    breaks: usize,
}

impl Lines {
    fn at(&mut self, markup: &str, offset: usize) -> usize {
        let between = markup.as_bytes().get(self.counted..offset).unwrap_or_default();
        self.breaks += between.iter().filter(|byte| **byte == b'\n').count();
        self.counted = self.counted.max(offset);
        self.breaks + 1
    }
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>) -> Result<(), MarkupFault> {
        match event {
            Event::Start(start) => {
                let element = self.element(&start)?;
                self.open.push(element);
                if self.open.len() > DEEPEST { Err(MarkupFault::TooDeep) } else { Ok(()) }
            }
            Event::Empty(start) => {
                let element = self.element(&start)?;
                self.close(element)
            }
            Event::End(_) => {
                let element = self.open.pop().ok_or(MarkupFault::IllFormed)?;
                self.close(element)
            }
            Event::Text(text) => self.text(&text.into_inner(), false),
            Event::GeneralRef(reference) => {
                let character = resolve(&reference)?;
                self.text(character.encode_utf8(&mut [0; 4]), true)
            }
            _ => Err(MarkupFault::Construct),
        }
    }

    fn element(&self, start: &BytesStart<'_>) -> Result<Element, MarkupFault> {
        let name = start.name().as_ref().to_owned();
        let mut attributes: Vec<(String, String)> = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| MarkupFault::IllFormed)?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|_| MarkupFault::Entity)?;
            value.chars().try_for_each(|character| allowed(character, &name))?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        let line = self.lines.breaks + 1;
        Ok(Element { name, line, attributes, children: Vec::new() })
    }

    fn close(&mut self, element: Element) -> Result<(), MarkupFault> {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Child::Element(element)),
            None if self.root.is_none() => self.root = Some(element),
            None => return Err(MarkupFault::IllFormed),
        }
        Ok(())
    }

    fn text(&mut self, text: &str, literal: bool) -> Result<(), MarkupFault> {
        let Some(parent) = self.open.last_mut() else {
            let blank = !literal && text.chars().all(is_blank);
            return if blank { Ok(()) } else { Err(MarkupFault::Text("the root".into())) };
        };
        if !matches!(parent.children.last(), Some(Child::Text(_))) {
            parent.children.push(Child::Text(String::with_capacity(text.len())));
        }
        let Some(Child::Text(gathered)) = parent.children.last_mut() else {
            return Ok(());
        };
        for character in text.chars() {
            if !literal && is_blank(character) {
                if !gathered.ends_with('\n') {
                    gathered.push('\n');
                }
            } else {
                allowed(character, &parent.name)?;
                gathered.push(character);
            }
        }
        Ok(())
    }

    fn finish(self, line: usize) -> Result<Element, RenderError> {
        debug_assert!(self.lines.counted <= self.markup.len());
        let whole = self.open.is_empty();
        self.root
            .filter(|_| whole)
            .ok_or(RenderError::Markup { line, what: MarkupFault::IllFormed })
    }
}

/// The five entities of XML, and characters by number.
fn resolve(reference: &BytesRef<'_>) -> Result<char, MarkupFault> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| MarkupFault::Entity)? {
        return Ok(character);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(MarkupFault::Entity),
    }
}

/// The blanks of XML 1.0, 2.3.
const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// What may be printed: no controls, no format characters but the joiners that names are spelt
/// with, nothing unassigned or private. The request was held to the same; this holds the layouts
/// to it too.
fn allowed(character: char, element: &str) -> Result<(), MarkupFault> {
    use GeneralCategory as G;
    if character == BLANK {
        return Err(MarkupFault::Blank(element.to_owned()));
    }
    if (' '..='~').contains(&character) || JOINERS.contains(&character) {
        return Ok(());
    }
    match character.general_category() {
        G::Control
        | G::Format
        | G::Surrogate
        | G::PrivateUse
        | G::Unassigned
        | G::LineSeparator
        | G::ParagraphSeparator => Err(MarkupFault::Character(character)),
        _ => Ok(()),
    }
}

/// Zero width non-joiner and joiner: they stand between letters and choose their shapes.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// Deeper than `document/warning/list/item/p/strong/span`, and no more.
const DEEPEST: usize = 10;
