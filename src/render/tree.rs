//! The structure as a reader finds it: the elements of a finished file in reading order, each with
//! what it says of itself and the words that it holds. It judges nothing.

use std::collections::BTreeMap;

use crate::render::readback::{Finished, Sequence};
use crate::render::scan::{Dictionary, File, Value};

/// Elements in the order of the tree, a parent before its children.
#[derive(Debug, Default)]
pub(crate) struct Tree<'f> {
    pub elements: Vec<Element<'f>>,
}

/// An element with what stands in it.
#[derive(Debug)]
pub(crate) struct Element<'f> {
    /// Of its object.
    pub number: u32,
    /// Place in the tree; none for the root.
    pub parent: Option<usize>,
    /// Its own; none where that of its parent holds.
    pub language: Option<String>,
    pub facts: Facts<'f>,
    pub kids: Vec<Kid<'f>>,
}

/// What an element says of itself. PDF 32000-1, tables 323, 347 to 349.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts<'f> {
    /// The structure type.
    pub kind: &'f str,
    pub alternative: Option<String>,
    pub actual: Option<String>,
    pub numbering: &'f str,
    pub scope: &'f str,
    pub span: usize,
}

/// What stands in an element.
#[derive(Debug)]
pub(crate) enum Kid<'f> {
    /// By its place in the tree.
    Element(usize),
    Words(&'f Sequence),
}

impl<'f> Tree<'f> {
    pub fn of(finished: &'f Finished<'_>) -> Self {
        let mut sequences = BTreeMap::new();
        for sheet in &finished.sheets {
            let appearance = sheet.appearance.as_ref().map(|(stream, content)| (*stream, content));
            for (stream, content) in
                [Some((sheet.number, &sheet.page)), appearance].into_iter().flatten()
            {
                for sequence in content.sequences.iter().filter(|sequence| !sequence.artifact) {
                    sequences.insert((stream, sequence.mcid.unwrap_or(u32::MAX)), sequence);
                }
            }
        }
        let file = &finished.file;
        let root = file.catalog().get("StructTreeRoot").reference().unwrap_or(0);
        let mut walk = Walk { file, sequences, elements: Vec::new() };
        for kid in dictionary(file, root).get("K").array().iter().filter_map(Value::reference) {
            walk.element(kid, (root, None));
        }
        Self { elements: walk.elements }
    }

    /// The words of an element alone.
    pub fn own(&self, place: usize) -> String {
        let mut out = String::new();
        self.say(place, &mut out, &|_| false);
        out
    }

    /// The words of an element with the spans in it, as they are read; none for a span, whose
    /// words are its parent's.
    pub fn line(&self, place: usize) -> Option<String> {
        if self.is_span(place) {
            return None;
        }
        let mut out = String::new();
        self.say(place, &mut out, &|below| self.is_span(below));
        Some(out).filter(|words| !words.is_empty())
    }

    fn is_span(&self, place: usize) -> bool {
        self.elements[place].facts.kind == "Span"
    }

    /// The words of an element and of all below it, as they are read.
    pub fn said(&self, place: usize) -> String {
        let mut out = String::new();
        self.say(place, &mut out, &|_| true);
        out
    }

    fn say(&self, place: usize, out: &mut String, within: &dyn Fn(usize) -> bool) {
        for kid in &self.elements[place].kids {
            match kid {
                Kid::Element(below) if within(*below) => self.say(*below, out, within),
                Kid::Element(_) => {}
                Kid::Words(sequence) => out.push_str(&sequence.text),
            }
        }
    }

    /// The language that holds for an element: its own or the nearest above it.
    pub fn language(&self, place: usize) -> Option<&str> {
        let element = &self.elements[place];
        match (&element.language, element.parent) {
            (Some(language), _) => Some(language),
            (None, Some(parent)) => self.language(parent),
            (None, None) => None,
        }
    }

    /// The elements in an element.
    pub fn children(&self, place: usize) -> impl Iterator<Item = usize> {
        self.elements[place].kids.iter().filter_map(|kid| match kid {
            Kid::Element(below) => Some(*below),
            Kid::Words(_) => None,
        })
    }
}

struct Walk<'f, 'a> {
    file: &'f File<'a>,
    /// By stream and number.
    sequences: BTreeMap<(u32, u32), &'f Sequence>,
    elements: Vec<Element<'f>>,
}

impl<'f> Walk<'f, '_> {
    fn element(&mut self, number: u32, (parent, above): (u32, Option<usize>)) -> Option<usize> {
        let element = dictionary(self.file, number);
        // One that names another parent is a breach of its own, and may lead back to itself.
        if element.get("P").reference() != Some(parent) {
            return None;
        }
        let place = self.elements.len();
        self.elements.push(Element {
            number,
            parent: above,
            language: element.get("Lang").text(),
            facts: facts(element),
            kids: Vec::new(),
        });
        let page = element.get("Pg").reference().unwrap_or(0);
        for kid in element.get("K").array() {
            let kid = match kid {
                Value::Reference(child) => {
                    self.element(*child, (number, Some(place))).map(Kid::Element)
                }
                Value::Number(_) => self.words(page, kid),
                Value::Dictionary(kid) => {
                    let stream = kid.get("Stm").reference().or(kid.get("Pg").reference());
                    self.words(stream.unwrap_or(page), kid.get("MCID"))
                }
                _ => None,
            };
            self.elements[place].kids.extend(kid);
        }
        Some(place)
    }

    fn words(&self, stream: u32, mcid: &Value<'_>) -> Option<Kid<'f>> {
        let mcid = u32::try_from(mcid.index()?).ok()?;
        self.sequences.get(&(stream, mcid)).copied().map(Kid::Words)
    }
}

fn facts<'f>(element: &'f Dictionary<'_>) -> Facts<'f> {
    let attributes = element.get("A").dictionary();
    Facts {
        kind: element.get("S").name(),
        alternative: element.get("Alt").text(),
        actual: element.get("ActualText").text(),
        numbering: attributes.get("ListNumbering").name(),
        scope: attributes.get("Scope").name(),
        span: attributes.get("ColSpan").index().unwrap_or(1),
    }
}

fn dictionary<'f, 'a>(file: &'f File<'a>, number: u32) -> &'f Dictionary<'a> {
    file.entry(number).map_or(&Value::Null, |entry| &entry.value).dictionary()
}
