//! Words inside a block: inline marks, attributes, blanks.

use super::reader::{Child, Element};
use super::{Piece, Words};
use crate::render::error::{MarkupFault, RenderError};

type Result<T> = std::result::Result<T, RenderError>;

/// Several paragraphs each in its element, or one without.
pub(super) fn lines(element: &Element, name: &'static str, taken: &[&str]) -> Result<Vec<Words>> {
    let mut attributes = Attributes::of(element);
    attributes.left.retain(|(attribute, _)| !taken.contains(&attribute.as_str()));
    let within = |child: &Child| matches!(child, Child::Element(child) if child.name == name);
    if !element.children.iter().any(within) {
        return Ok(vec![inline(element, attributes)?]);
    }
    attributes.common().finish()?;
    let mut found = Vec::new();
    for child in super::grammar::elements(element)? {
        if child.name != name {
            return Err(misplaced(child, &element.name));
        }
        found.push(words(child)?);
    }
    Ok(found)
}

pub(super) fn words(element: &Element) -> Result<Words> {
    inline(element, Attributes::of(element))
}

/// The words of an element, after its own attributes were taken.
pub(super) fn inline(element: &Element, mut attributes: Attributes<'_>) -> Result<Words> {
    let language = attributes.language()?;
    attributes.common().finish()?;
    let mut pieces = Vec::new();
    gather(element, &Style::default(), &mut pieces)?;
    tidy(&mut pieces);
    if pieces.is_empty() {
        return Err(element.fault(MarkupFault::Blank(element.name.clone())));
    }
    Ok(Words { line: element.line, volatile: volatile(element)?, language, pieces })
}

#[derive(Clone, Default)]
struct Style {
    strong: bool,
    emphasis: bool,
    language: Option<&'static str>,
}

fn gather(element: &Element, style: &Style, pieces: &mut Vec<Piece>) -> Result<()> {
    for child in &element.children {
        match child {
            Child::Text(text) => pieces.push(Piece {
                text: text.clone(),
                strong: style.strong,
                emphasis: style.emphasis,
                language: style.language,
            }),
            Child::Element(child) => gather(child, &restyled(child, element, style)?, pieces)?,
        }
    }
    Ok(())
}

fn restyled(child: &Element, parent: &Element, style: &Style) -> Result<Style> {
    let mut attributes = Attributes::of(child);
    let mut style = style.clone();
    match child.name.as_str() {
        "strong" => style.strong = true,
        "em" => style.emphasis = true,
        "span" => {
            attributes.needed_only("lang")?;
            style.language = attributes.language()?;
        }
        _ => return Err(misplaced(child, &parent.name)),
    }
    attributes.finish()?;
    Ok(style)
}

/// Literal blanks become one, and none at the ends; blanks that a value brought stay.
fn tidy(pieces: &mut Vec<Piece>) {
    let mut open = false;
    for piece in pieces.iter_mut() {
        let mut text = String::with_capacity(piece.text.len());
        for character in piece.text.chars() {
            if character != '\n' {
                text.push(character);
                open = true;
            } else if open {
                text.push(' ');
                open = false;
            }
        }
        piece.text = text;
    }
    let ended = !open;
    pieces.retain(|piece| !piece.text.is_empty());
    if let Some(last) = pieces.last_mut().filter(|_| ended) {
        last.text.pop();
        if last.text.is_empty() {
            pieces.pop();
        }
    }
}

/// The attributes of an element that were not yet asked for.
pub(super) struct Attributes<'a> {
    element: &'a Element,
    left: Vec<&'a (String, String)>,
}

impl<'a> Attributes<'a> {
    pub(super) fn of(element: &'a Element) -> Self {
        Self { element, left: element.attributes.iter().collect() }
    }

    fn take(&mut self, name: &str) -> Option<&'a str> {
        let place = self.left.iter().position(|(attribute, _)| attribute == name)?;
        Some(self.left.swap_remove(place).1.as_str())
    }

    /// The words of an attribute; none where it is empty, as a condition may leave it.
    pub(super) fn words(&mut self, name: &str) -> Option<String> {
        self.take(name).map(str::to_owned).filter(|words| !words.trim().is_empty())
    }

    pub(super) fn needed(&mut self, name: &'static str) -> Result<&'a str> {
        let element = self.element;
        let missing =
            || MarkupFault::MissingAttribute { element: element.name.clone(), attribute: name };
        let found = self.take(name).ok_or_else(|| element.fault(missing()))?;
        if found.trim().is_empty() { Err(value(element, name)) } else { Ok(found) }
    }

    fn needed_only(&self, name: &'static str) -> Result<()> {
        Self { element: self.element, left: self.left.clone() }.needed(name).map(|_| ())
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<bool> {
        match self.take(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(value(self.element, name)),
        }
    }

    pub(super) fn language(&mut self) -> Result<Option<&'static str>> {
        let Some(name) = self.take("lang") else {
            return Ok(None);
        };
        known_language(name).map(Some).ok_or_else(|| value(self.element, "lang"))
    }

    /// Lets go of what any element takes.
    pub(super) fn common(mut self) -> Self {
        self.take("volatile");
        self
    }

    pub(super) fn finish(self) -> Result<()> {
        let Some((attribute, _)) = self.left.first() else {
            return Ok(());
        };
        let (element, attribute) = (self.element.name.clone(), attribute.clone());
        Err(self.element.fault(MarkupFault::Attribute { element, attribute }))
    }
}

/// Takes no attribute but those of any element.
pub(super) fn bare(element: &Element) -> Result<()> {
    Attributes::of(element).common().finish()
}

pub(super) fn volatile(element: &Element) -> Result<bool> {
    Attributes::of(element).flag("volatile")
}

pub(super) fn known_language(name: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(written, _)| *written == name).map(|(_, tag)| *tag)
}

pub(super) fn value(element: &Element, attribute: &str) -> RenderError {
    element.fault(MarkupFault::Value { attribute: attribute.to_owned() })
}

pub(super) fn misplaced(element: &Element, parent: &str) -> RenderError {
    let (element_name, parent) = (element.name.clone(), parent.to_owned());
    element.fault(MarkupFault::Element { element: element_name, parent })
}

/// What `lang` may say, and the tag that the file carries. BCP 47.
pub const LANGUAGES: [(&str, &str); 8] = [
    ("en", "en-GB"),
    ("cy", "cy-GB"),
    ("pl", "pl"),
    ("vi", "vi"),
    ("el", "el"),
    ("uk", "uk"),
    ("ru", "ru"),
    ("ro", "ro"),
];
