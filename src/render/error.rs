//! Why a document could not be made. Stages stop at their first fault; only the check of finished
//! bytes collects.
//!
//! Never here: the words of a person. A fault names a layout, a line, a code point or a node, so
//! that it may be logged and shown.

use crate::render::pages::{Face, NodeId};

/// Why rendering stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A layout is wrong, or asks for what the view does not hold.
    #[error("layout {layout}{}: {kind}", at(*line))]
    Template {
        /// `<kind>/<yyyy-mm>/<language>` or `partials/<name>`.
        layout: String,
        /// From 1.
        line: Option<usize>,
        /// What is wrong.
        kind: TemplateFault,
    },
    /// The markup that a layout produced breaks the grammar.
    #[error("markup, line {line}: {what}")]
    Markup {
        /// From 1.
        line: usize,
        /// What is wrong.
        what: MarkupFault,
    },
    /// No embedded face draws this character: nothing is printed rather than a box in a name.
    #[error("no glyph for U+{:04X} in the {face:?} face ({place})", *character as u32)]
    MissingGlyph {
        /// The character.
        character: char,
        /// The face asked for.
        face: Face,
        /// The element that holds it, with its number where it has one.
        place: String,
    },
    /// Something that may not be cut is larger than a page.
    #[error("node {} does not fit on a page", node.0)]
    Overflow {
        /// The node that holds it.
        node: NodeId,
    },
    /// An embedded face cannot be read: a fault of the build.
    #[error("the {0:?} face cannot be used")]
    Font(Face),
    /// Layouts are wrong, or do not go with their sample views: a fault of the build.
    #[error("{} faults in the layouts, first: {}", .0.len(), first(.0))]
    Layouts(Vec<RenderError>),
    /// No layout draws this kind of document: a fault of the build.
    #[error("no edition of {0:?}")]
    NoEdition(crate::render::DocumentKind),
    /// The view can't be said as JSON: a fault of the build.
    #[error("the view can't be written")]
    View,
    /// The mark by which paper is checked fits no QR code: a fault of ours.
    #[error("the paper's mark can't be drawn")]
    Mark,
    /// A layout puts data into a document that has none: a fault of the layout.
    #[error("the document has no data to carry")]
    NoData,
    /// A document for signing came out without a place for its signature: a fault of the layout.
    #[error("the document has no place for a signature")]
    NoSlot,
    /// The finished file breaks a rule of its standards, or does not say what its pages say.
    #[error("{} breaches in the finished file, first: {:?}", .0.len(), .0.first())]
    Breaches(Vec<crate::render::rules::Breach>),
    /// The finished file says something confidential.
    #[error("{} confidential values in the finished file", .0.len())]
    Disclosed(Vec<crate::render::Leak<crate::domain::disclosure::Disclosure>>),
    /// The finished file can't be read back.
    #[error("the finished file can't be read back")]
    Unreadable,
    /// The pages can't be written as a file.
    #[error(transparent)]
    Writer(#[from] crate::render::pdf::Unwritable),
}

/// A line for a message, where one is known.
fn at(line: Option<usize>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

fn first(faults: &[RenderError]) -> String {
    faults.first().map(ToString::to_string).unwrap_or_default()
}

/// What is wrong with a layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// No layout or partial has this name.
    #[error("no layout named {0}")]
    Unknown(String),
    /// A partial is asked for that is not there.
    #[error("no partial named {0}")]
    UnknownPartial(String),
    /// It does not compile as handlebars.
    #[error("{0}")]
    Syntax(String),
    /// `{{{…}}}` or `{{&…}}`: nothing may pass by the escaping.
    #[error("unescaped output is refused")]
    Unescaped,
    /// A helper or construct outside `if`, `unless`, `each`, `with` and plain partials.
    #[error("{0} is not allowed in a layout")]
    Forbidden(String),
    /// The view has no such field.
    #[error("the view has no field {0}")]
    MissingField(String),
    /// A folder whose name is no kind of document with a month.
    #[error("not named as <kind>/<yyyy-mm>")]
    NotAnEdition,
    /// No folder holds this kind of document.
    #[error("this kind of document has no edition")]
    NoEdition,
    /// No sample reaches this field, so that nothing is known of it.
    #[error("no sample reaches the field {0}")]
    Unreached(String),
    /// A list, an object or a yes/no where words are printed.
    #[error("{0} is not words or a number")]
    NotPrintable(String),
    /// Rendering failed in another way.
    #[error("{0}")]
    Failed(String),
}

/// How markup breaks the grammar. Names come from layouts, never from a person's words: those are
/// escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkupFault {
    /// Not well formed.
    #[error("not well formed")]
    IllFormed,
    /// An element that the grammar does not have here.
    #[error("<{element}> may not stand in <{parent}>")]
    Element {
        /// What was found.
        element: String,
        /// Where.
        parent: String,
    },
    /// An attribute that the element does not take.
    #[error("<{element}> takes no attribute {attribute}")]
    Attribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
    },
    /// An attribute that the element needs.
    #[error("<{element}> needs the attribute {attribute}")]
    MissingAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// An attribute's value is not one of those allowed.
    #[error("the value of {attribute} is not allowed")]
    Value {
        /// The attribute.
        attribute: String,
    },
    /// Text where only elements may stand.
    #[error("text may not stand in <{0}>")]
    Text(String),
    /// A blank was printed, or an element that must hold something is empty.
    #[error("<{0}> has a blank where words belong")]
    Blank(String),
    /// Comments, instructions, sections and doctypes.
    #[error("only elements and text are allowed")]
    Construct,
    /// An entity other than the five of XML.
    #[error("unknown entity")]
    Entity,
    /// A character that no document prints.
    #[error("U+{:04X} may not be printed", *.0 as u32)]
    Character(char),
    /// More than one of what stands once, or out of its order.
    #[error("<{0}> stands in the wrong place or twice")]
    Order(String),
    /// A heading level is skipped. PDF/UA-1, 7.4.2.
    #[error("a heading level is skipped")]
    SkippedHeading,
    /// Deeper than any layout goes.
    #[error("elements are nested too deep")]
    TooDeep,
}
