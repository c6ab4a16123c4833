//! A document in readable lines: for the golden folder, and as the bytes that the content's digest
//! covers.

use std::fmt::Write;

use super::{
    Block, Body, Cell, Definition, Document, Entry, Fact, Marker, Print, Question, Row, Section,
    Term, Words,
};

impl Document {
    /// The whole content, one element a line, indented as it is nested.
    pub fn outline(&self) -> String {
        let mut outline = Outline { text: String::new(), volatile: true };
        let furniture = &self.furniture;
        outline.line(0, "document", &[self.language, " ", &self.title]);
        for (name, words) in [
            ("header", &furniture.header),
            ("footer", &furniture.footer),
            ("page", &furniture.page),
            ("spoken", &furniture.spoken),
            ("mark", &furniture.mark),
            ("draft", &furniture.draft),
            ("data", &furniture.data),
        ] {
            if let Some(words) = words {
                outline.line(0, name, &[words]);
            }
        }
        match self.print {
            Print::Standard => {}
            Print::Large => outline.line(0, "print", &["large"]),
            Print::Dense => outline.line(0, "print", &["dense"]),
        }
        outline.blocks(0, &self.blocks);
        outline.text
    }

    /// What the content's digest covers: the outline without furniture and without anything
    /// volatile. Contract 3a.
    pub fn canonical(&self) -> Vec<u8> {
        let mut outline = Outline { text: String::new(), volatile: false };
        outline.line(0, "document", &[self.language, " ", &self.title]);
        outline.blocks(0, &self.blocks);
        outline.text.into_bytes()
    }
}

struct Outline {
    text: String,
    /// Whether volatile elements are written.
    volatile: bool,
}

impl Outline {
    fn blocks(&mut self, depth: usize, blocks: &[Block]) {
        let all = self.volatile;
        for block in blocks.iter().filter(|block| all || !block.volatile) {
            self.block(depth, &block.body);
        }
    }

    fn block(&mut self, depth: usize, body: &Body) {
        match body {
            Body::Court(words) => self.words(depth, "court", words),
            Body::Title(words) => self.words(depth, "title", words),
            Body::Subtitle(words) => self.words(depth, "subtitle", words),
            Body::Heading { level, words, bookmark } => {
                self.words(depth, if *level == 2 { "h2" } else { "h3" }, words);
                if let Some(bookmark) = bookmark {
                    self.line(depth + 1, "bookmark", &[bookmark]);
                }
            }
            Body::Addressee(lines) => self.several(depth, "addressee", lines),
            Body::Alert(words) => self.words(depth, "alert", words),
            Body::Band(facts) => self.facts(depth, "band", facts),
            Body::Paragraph(words) => self.words(depth, "p", words),
            Body::Facts(facts) => self.facts(depth, "facts", facts),
            Body::Terms(terms) => self.terms(depth, terms),
            Body::List { marker, items } => self.list(depth, *marker, items),
            Body::Definitions(definitions) => self.definitions(depth, definitions),
            Body::Warning { title, blocks } => {
                self.line(depth, "warning", &[title]);
                self.blocks(depth + 1, blocks);
            }
            Body::Table { head, rows } => self.table(depth, head, rows),
            Body::Questions { head, answers, rows } => {
                self.line(depth, "questions", &[&answers[0], " ", &answers[1]]);
                self.questions(depth, head, rows);
            }
            Body::Notice(lines) => self.several(depth, "notice", lines),
            Body::Signature(signature) => {
                self.line(depth, "signature", &[&signature.tooltip]);
                self.line(depth + 1, "alternative", &[&signature.alternative]);
                if let Some(seal) = &signature.seal {
                    self.line(depth + 1, "seal", &[seal]);
                }
                signature.lines.iter().for_each(|line| self.words(depth + 1, "line", line));
            }
            Body::Section(section) => self.section(depth, section),
            Body::Pair(sections) => {
                self.line(depth, "pair", &[]);
                sections.iter().for_each(|section| self.section(depth + 1, section));
            }
            Body::PageBreak => self.line(depth, "page-break", &[]),
            Body::BlankPage(lines) => self.several(depth, "blank-page", lines),
        }
    }

    fn section(&mut self, depth: usize, section: &Section) {
        self.line(depth, "section", &[section.language]);
        self.blocks(depth + 1, &section.blocks);
    }

    fn facts(&mut self, depth: usize, name: &str, facts: &[Fact]) {
        self.line(depth, name, &[]);
        let all = self.volatile;
        for fact in facts.iter().filter(|fact| all || !fact.volatile) {
            self.words(depth + 1, "label", &fact.label);
            self.several(depth + 1, "value", &fact.value);
        }
    }

    fn terms(&mut self, depth: usize, terms: &[Term]) {
        self.line(depth, "terms", &[]);
        let all = self.volatile;
        for term in terms.iter().filter(|term| all || !term.volatile) {
            self.line(depth + 1, "term", &[&term.number]);
            self.several(depth + 2, "p", &term.text);
            self.several(depth + 2, "note", &term.notes);
        }
    }

    fn list(&mut self, depth: usize, marker: Marker, items: &[Entry]) {
        let name = match marker {
            Marker::Bullet => "list",
            Marker::Number => "steps",
        };
        self.line(depth, name, &[]);
        let all = self.volatile;
        for item in items.iter().filter(|item| all || !item.volatile) {
            self.several(depth + 1, "item", &item.text);
        }
    }

    fn definitions(&mut self, depth: usize, definitions: &[Definition]) {
        self.line(depth, "definitions", &[]);
        let all = self.volatile;
        for definition in definitions.iter().filter(|one| all || !one.volatile) {
            self.words(depth + 1, "word", &definition.word);
            self.several(depth + 1, "meaning", &definition.meaning);
        }
    }

    fn table(&mut self, depth: usize, head: &[Cell], rows: &[Row]) {
        self.line(depth, "table", &[]);
        self.line(depth + 1, "head", &[]);
        self.cells(depth + 2, head);
        let all = self.volatile;
        for row in rows.iter().filter(|row| all || !row.volatile) {
            self.line(depth + 1, "row", &[]);
            self.cells(depth + 2, &row.cells);
        }
    }

    fn questions(&mut self, depth: usize, head: &[Cell], rows: &[Question]) {
        self.line(depth + 1, "head", &[]);
        self.cells(depth + 2, head);
        let all = self.volatile;
        for row in rows.iter().filter(|row| all || !row.volatile) {
            self.line(depth + 1, "question", &[&row.number]);
            self.words(depth + 2, "p", &row.words);
            if let Some(ends) = &row.ends {
                self.line(depth + 2, "ends", &[ends]);
            }
        }
    }

    fn cells(&mut self, depth: usize, cells: &[Cell]) {
        for cell in cells {
            let name = if cell.header { "header" } else { "cell" };
            self.several(depth, name, &cell.text);
        }
    }

    fn several(&mut self, depth: usize, name: &str, lines: &[Words]) {
        lines.iter().for_each(|line| self.words(depth, name, line));
    }

    fn words(&mut self, depth: usize, name: &str, words: &Words) {
        if words.volatile && !self.volatile {
            return;
        }
        let mut text = String::new();
        for piece in &words.pieces {
            let marked = [(piece.strong, "*"), (piece.emphasis, "/")];
            let marks: String = marked.iter().filter(|mark| mark.0).map(|mark| mark.1).collect();
            let language = piece.language.unwrap_or_default();
            if marks.is_empty() && language.is_empty() {
                text.push_str(&piece.text);
            } else {
                let _ = write!(text, "⟨{marks}{language} {}⟩", piece.text);
            }
        }
        let language = words.language.map(|tag| format!("[{tag}] ")).unwrap_or_default();
        self.line(depth, name, &[&language, &text]);
    }

    fn line(&mut self, depth: usize, name: &str, words: &[&str]) {
        let indent = depth * 2;
        let _ = write!(self.text, "{:indent$}{name}", "");
        if words.iter().any(|word| !word.is_empty()) {
            self.text.push_str(": ");
            self.text.extend(words.iter().copied());
        }
        self.text.push('\n');
    }
}
