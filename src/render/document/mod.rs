//! The document as content: what stands on paper, in order, before anything has a place.
//!
//! Comes in as the strict markup that layouts produce ([`Document::parse`]); goes out to
//! [`layout`](crate::render::layout), as an outline for people ([`Document::outline`]) and as bytes
//! to hash ([`Document::canonical`]). `templates/README.md` lists the elements.
//!
//! Never here: sizes, pages, faces; words of our own.
//!
//! To add an element: a variant of [`Body`], its reader in `grammar.rs`, its line in `outline.rs`,
//! its blocks in `layout/`. The compiler leads from one to the next.

mod grammar;
mod inline;
mod outline;
mod reader;

pub use inline::LANGUAGES;
pub(in crate::render) use reader::BLANK;

/// A document's whole content, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// BCP 47.
    pub language: &'static str,
    /// Display title, free of personal data.
    pub title: String,
    /// What stands on each page.
    pub furniture: Furniture,
    /// In which size it is set. Never part of the hash.
    pub print: Print,
    /// In reading order; exactly one is a title.
    pub blocks: Vec<Block>,
}

/// In which size a document is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Print {
    /// 12 point.
    #[default]
    Standard,
    /// 18 point and more: nothing stands side by side.
    Large,
    /// 11 point, closer: for what must stand on one page.
    Dense,
}

/// What stands on each page beside the content. Never part of the hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Furniture {
    /// At the head, on the left.
    pub header: Option<String>,
    /// At the foot, on the left.
    pub footer: Option<String>,
    /// At the foot, on the right: `{n}` and `{m}` stand for the page and the number of pages.
    pub page: Option<String>,
    /// Beside the code at the foot: `{words}` stands for the six words of the paper's mark.
    pub spoken: Option<String>,
    /// The line of a test document, on every page.
    pub mark: Option<String>,
    /// The watermark of a draft. Where it stands there is no signature field.
    pub draft: Option<String>,
    /// What the file with the document's data, which it then carries, is called by readers.
    pub data: Option<String>,
}

/// A block with what is true of any block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Line of the markup, from 1.
    pub line: usize,
    /// Left out of the hash: ids, instants, codes.
    pub volatile: bool,
    /// What it is.
    pub body: Body,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// The court's line, above the title.
    Court(Words),
    /// The title: heading level 1.
    Title(Words),
    /// Below the title.
    Subtitle(Words),
    /// A heading of level 2 or 3.
    Heading {
        /// 2 or 3.
        level: u8,
        /// As printed.
        words: Words,
        /// In the bookmarks, where shorter than the heading.
        bookmark: Option<String>,
    },
    /// Name and address, where a window envelope shows them. Never part of the hash.
    Addressee(Vec<Words>),
    /// One line that nobody may miss.
    Alert(Words),
    /// Two to four facts at a glance.
    Band(Vec<Fact>),
    /// A paragraph.
    Paragraph(Words),
    /// A table of two columns: label and value.
    Facts(Vec<Fact>),
    /// Numbered terms: one list.
    Terms(Vec<Term>),
    /// A list with bullets or numbers.
    List {
        /// How its items are marked.
        marker: Marker,
        /// An item's paragraphs.
        items: Vec<Entry>,
    },
    /// Words and their meanings.
    Definitions(Vec<Definition>),
    /// The boxed warning.
    Warning {
        /// Heading of the box, level 2.
        title: String,
        /// Paragraphs and lists.
        blocks: Vec<Block>,
    },
    /// A table with column headings.
    Table {
        /// Column headings.
        head: Vec<Cell>,
        /// Rows, as wide as the head.
        rows: Vec<Row>,
    },
    /// Questions with a box for yes and a box for no.
    Questions {
        /// Column headings: number, question, answer, and end where the questions have one.
        head: Vec<Cell>,
        /// The words beside the boxes: yes, no.
        answers: [String; 2],
        /// Never empty.
        rows: Vec<Question>,
    },
    /// A quiet boxed remark.
    Notice(Vec<Words>),
    /// The signature's panel.
    Signature(Signature),
    /// Blocks in one language.
    Section(Section),
    /// Two sections that say the same, side by side.
    Pair([Section; 2]),
    /// The next block begins a page.
    PageBreak,
    /// What a last page says that is added so that their number is even. Never part of the hash.
    BlankPage(Vec<Words>),
}

/// Blocks in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// BCP 47.
    pub language: &'static str,
    /// Any that may stand in a column.
    pub blocks: Vec<Block>,
}

/// How a list marks its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// A bullet.
    Bullet,
    /// 1, 2, 3.
    Number,
}

/// A row of facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Left out of the hash.
    pub volatile: bool,
    /// The row's header.
    pub label: Words,
    /// Lines of the value; never empty.
    pub value: Vec<Words>,
}

/// A numbered term of the order.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Left out of the hash.
    pub volatile: bool,
    /// As printed: `P1`, `R2`.
    pub number: String,
    /// The term's words; never empty.
    pub text: Vec<Words>,
    /// Where it applies, when it ends.
    pub notes: Vec<Words>,
    /// Two paragraphs each say the same, side by side; so do two notes each.
    pub paired: bool,
}

impl Term {
    /// Of a paired term, what the one language says, or the other.
    pub fn half(&self, place: usize) -> Self {
        let half = |all: &[Words]| all.iter().skip(place).step_by(2).cloned().collect();
        let (text, notes) = (half(&self.text), half(&self.notes));
        Self { number: self.number.clone(), text, notes, paired: false, ..*self }
    }
}

/// A row of questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Left out of the hash.
    pub volatile: bool,
    /// Of the term that it asks about.
    pub number: String,
    /// The question.
    pub words: Words,
    /// When the term ends; none where the table has no such column.
    pub ends: Option<String>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Left out of the hash.
    pub volatile: bool,
    /// Never empty.
    pub text: Vec<Words>,
}

/// A word and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Left out of the hash.
    pub volatile: bool,
    /// The word.
    pub word: Words,
    /// Never empty.
    pub meaning: Vec<Words>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Left out of the hash.
    pub volatile: bool,
    /// As many as the head has.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Heads its row.
    pub header: bool,
    /// Never empty.
    pub text: Vec<Words>,
}

/// The signature's panel: kept whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// The field's name as read aloud.
    pub tooltip: String,
    /// The panel in words, for those who do not see it.
    pub alternative: String,
    /// In the seal's square; none where there is no seal.
    pub seal: Option<String>,
    /// What it shows.
    pub lines: Vec<Words>,
}

/// A stretch of words of one paragraph, with its inline marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// Line of the markup, from 1.
    pub line: usize,
    /// Left out of the hash.
    pub volatile: bool,
    /// BCP 47, where it differs from the document's.
    pub language: Option<&'static str>,
    /// Never empty; no piece is.
    pub pieces: Vec<Piece>,
}

/// Text with one set of inline marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// As printed: single blanks, none at the paragraph's ends, save those that a value brought.
    pub text: String,
    /// In the bold face.
    pub strong: bool,
    /// In the italic face.
    pub emphasis: bool,
    /// BCP 47, where it differs from its paragraph's.
    pub language: Option<&'static str>,
}

impl Words {
    /// The text without its marks.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::error::{MarkupFault, RenderError};

    fn refused(inner: &str) -> (usize, MarkupFault) {
        let head = "<document lang=\"en\" title=\"T\">\n<title>T</title>\n";
        match Document::parse(&format!("{head}{inner}\n</document>")) {
            Err(RenderError::Markup { line, what }) => (line, what),
            other => unreachable!("{inner}: {other:?}"),
        }
    }

    #[test]
    fn what_the_grammar_does_not_have_is_refused_with_its_line() {
        for inner in [
            "<p>a</p>\n<script>x</script>",
            "<p>a</p>\n<p style=\"x\">b</p>",
            "<p>a</p>\n<p>b <h2>c</h2></p>",
            "<p>a</p>\n<terms><p>b</p></terms>",
            "<p>a</p>\n<terms><term><p>b</p></term></terms>",
            "<p>a</p>\n<facts><fact><value>b</value><label>c</label></fact></facts>",
            "<p>a</p>\n<p>&nbsp;</p>",
            "<p>a</p>\n<p><span>b</span></p>",
            "<p>a</p>\n<p lang=\"xx\">b</p>",
            "<p>a</p>\n<p volatile=\"maybe\">b</p>",
            "<p>a</p>\n<!-- b -->",
            "<p>a</p>\n<p>b<![CDATA[c]]></p>",
            "<p>a</p>\n<p>b\u{202e}c</p>",
            "<p>a</p>\n<p>b&#8238;c</p>",
            "<p>a</p>\n<h3>b</h3>",
            "<p>a</p>\n<p></p>",
            "<p>a</p>\n<p> \t</p>",
            "<p>a</p>\n<list></list>",
            "<p>a</p>\n<signature tooltip=\"t\"><line>b</line></signature>",
            "<p>a</p>\n<subtitle>b</subtitle>",
            "<p>a</p>\n<court>b</court>",
            "<p>a</p>\n<addressee>b</addressee>",
            "<p>a</p>\n<alert></alert>",
            "<p>a</p>\n<band><fact><label>b</label><value>c</value></fact></band>",
            "<p>a</p>\n<pair><section lang=\"cy\"><p>b</p></section></pair>",
            "<p>a</p>\n<pair><p>b</p><p>c</p></pair>",
            "<p>a</p>\n<pair><section lang=\"cy\"><page-break/></section></pair>",
            "<p>a</p>\n<terms><term number=\"P1\"><pair><p>b</p></pair></term></terms>",
            "<p>a</p>\n<terms><term number=\"P1\"><pair><p>b</p><note>c</note></pair></term></terms>",
            "<p>a</p>\n<questions yes=\"Yes\"><question number=\"P1\">b</question></questions>",
            "<p>a</p>\n<blank-page/>",
        ] {
            let (line, what) = refused(inner);
            assert_eq!(line, 4, "{inner}: {what}");
        }
    }

    #[test]
    fn loose_text_is_refused() {
        assert_eq!(refused("loose").1, MarkupFault::Text("document".into()));
        assert_eq!(refused("<terms>loose</terms>").1, MarkupFault::Text("terms".into()));
    }

    #[test]
    fn two_titles_or_two_signatures_are_refused() {
        let panel = "<signature tooltip=\"t\" alternative=\"a\"><line>b</line></signature>";
        assert_eq!(refused("<title>b</title>").1, MarkupFault::Order("title".into()));
        assert_eq!(refused(&panel.repeat(2)).1, MarkupFault::Order("signature".into()));
    }

    #[test]
    fn blanks_of_the_layout_become_one_and_those_of_values_stay() {
        let markup = "<document lang=\"en\" title=\"T\"><title> T </title>\
                      <p>\n  a <strong>\n b&#32; c</strong>\n\n d\n</p></document>";
        let document = Document::parse(markup).expect("well formed");
        let Body::Paragraph(words) = &document.blocks[1].body else {
            unreachable!("a paragraph");
        };
        assert_eq!(words.text(), "a b  c d");
        let strong: Vec<_> = words.pieces.iter().map(|piece| piece.strong).collect();
        assert_eq!(strong, [false, true, false]);
    }

    #[test]
    fn nothing_volatile_and_no_furniture_is_in_the_canonical_bytes() {
        let with = |footer: &str, id: &str, term: &str| {
            let markup = format!(
                "<document lang=\"en\" title=\"T\" footer=\"{footer}\" mark=\"{footer}\">\
                 <title>T</title><p volatile=\"true\">{id}</p><facts><fact volatile=\"true\">\
                 <label>Id</label><value>{id}</value></fact><fact><label>L</label><value>\
                 <line volatile=\"true\">{id}</line><line>kept</line></value></fact></facts>\
                 <terms><term number=\"P1\"><p>{term}</p></term></terms></document>"
            );
            Document::parse(&markup).expect("well formed")
        };
        let (one, other) = (with("x", "id-1", "t"), with("y", "id-2", "t"));
        assert_eq!(one.canonical(), other.canonical());
        assert_ne!(one.outline(), other.outline());
        assert_ne!(one.canonical(), with("x", "id-1", "u").canonical());
        assert!(String::from_utf8(one.canonical()).expect("text").contains("kept"));
    }

    #[test]
    fn words_that_look_like_the_outline_do_not_pass_for_it() {
        let with = |inner: &str| {
            let head = "<document lang=\"en\" title=\"T\"><title>T</title>";
            Document::parse(&format!("{head}{inner}</document>")).expect("well formed")
        };
        let (one, two) = (with("<p>a</p><p>b</p>"), with("<p>a p: b</p>"));
        assert_ne!(one.canonical(), two.canonical());
        let (plain, marked) = (with("<p>a</p>"), with("<p><strong>a</strong></p>"));
        assert_ne!(plain.canonical(), marked.canonical());
    }

    proptest! {
        #[test]
        fn parse_never_panics(markup in "\\PC{0,200}") {
            let _ = Document::parse(&markup);
        }

        #[test]
        fn parse_never_panics_on_what_is_nearly_markup(
            parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..40),
        ) {
            let _ = Document::parse(&parts.concat());
            let head = "<document lang=\"en\" title=\"T\"><title>T</title>";
            let _ = Document::parse(&format!("{head}{}</document>", parts.concat()));
        }
    }

    const PARTS: [&str; 30] = [
        "<p>",
        "</p>",
        "<terms>",
        "</terms>",
        "<term number=\"P1\">",
        "</term>",
        "<note>",
        "</note>",
        "<facts>",
        "</facts>",
        "<fact>",
        "</fact>",
        "<label>",
        "</label>",
        "<value>",
        "</value>",
        "<line>",
        "</line>",
        "a",
        "\u{0}",
        "&amp;",
        "&#0;",
        "&",
        "<",
        ">",
        "\n ",
        "<table>",
        "<head/>",
        "<span lang=\"cy\">",
        "</span>",
    ];
}
