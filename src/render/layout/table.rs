//! Rows of cells: facts (label and value) and tables with column headings.

use super::STYLE;
use super::flow::{Bond, Flow, Set, Strip, rule};
use crate::render::document::{Cell, Fact, Row, Words};
use crate::render::error::RenderError;
use crate::render::pages::{Face, Ink, Item, NodeId, Role, Scope};
use crate::render::paragraph::{self, Line};

type Done = Result<(), RenderError>;

/// The lines of a cell, in its column.
type Column = Vec<Line>;

impl Flow<'_> {
    /// A table of labels and values with a hairline under each row.
    pub(super) fn facts(&mut self, facts: &[Fact], parent: NodeId, set: &Set) -> Done {
        let table = self.node(Role::Table, parent);
        let label_set = Set { width: set.width * LABEL_PART, ..set.bold() };
        let across = label_set.width + STYLE.gutter;
        let value_set = Set { x: set.x + across, width: set.width - across, ..*set };
        for (place, fact) in facts.iter().enumerate() {
            self.at("fact", &(place + 1).to_string());
            let row = self.node(Role::Tr, table);
            let head = self.node(Role::Th(Scope::Row), row);
            let label = self.lines(&fact.label, head, &label_set)?;
            let cell = self.node(Role::Td, row);
            let value = self.cell(&fact.value, cell, &value_set)?;
            self.row(vec![label, value], set, place == 0);
        }
        self.leave_below(STYLE.table_gap);
        Ok(())
    }

    /// A table with column headings.
    pub(super) fn table(&mut self, head: &[Cell], rows: &[Row], parent: NodeId, set: &Set) -> Done {
        let table = self.node(Role::Table, parent);
        self.at("table", "");
        let sets = self.columns(head, rows, set)?;
        let row = self.node(Role::Tr, table);
        let mut columns = Vec::with_capacity(head.len());
        for (cell, column) in head.iter().zip(&sets) {
            let node = self.node(Role::Th(Scope::Column), row);
            columns.push(self.cell(&cell.text, node, &column.bold())?);
        }
        self.row(columns, set, true);
        self.hold_next();
        for (place, held) in rows.iter().enumerate() {
            self.at("row", &(place + 1).to_string());
            let row = self.node(Role::Tr, table);
            let mut columns = Vec::with_capacity(head.len());
            for (cell, column) in held.cells.iter().zip(&sets) {
                let role = if cell.header { Role::Th(Scope::Row) } else { Role::Td };
                let node = self.node(role, row);
                let column = if cell.header { column.bold() } else { *column };
                columns.push(self.cell(&cell.text, node, &column)?);
            }
            self.row(columns, set, false);
        }
        self.leave_below(STYLE.table_gap);
        Ok(())
    }

    /// Shares the measure out by what the columns hold: each gets its longest word where there is
    /// room for all, and of the rest what its longest paragraph asks for.
    fn columns(&self, head: &[Cell], rows: &[Row], set: &Set) -> Result<Vec<Set>, RenderError> {
        let count = head.len() as f32;
        let room = set.width - STYLE.gutter * (count - 1.0);
        let mut least = vec![room / count * 0.2; head.len()];
        let mut wanted = vec![0.0_f32; head.len()];
        for cells in std::iter::once(head).chain(rows.iter().map(|row| row.cells.as_slice())) {
            for (column, words) in cells.iter().enumerate().flat_map(|(column, cell)| {
                cell.text.iter().map(move |words| (column, words.text()))
            }) {
                let longest = words.split(' ').map(|word| self.natural(word, set));
                let longest =
                    longest.collect::<Result<Vec<_>, _>>()?.into_iter().fold(0.0, f32::max);
                least[column] = least[column].max(longest.min(room * 0.4));
                wanted[column] = wanted[column].max(self.natural(&words, set)?.min(room * 0.6));
            }
        }
        Ok(shared_out(room, &least, &wanted)
            .into_iter()
            .scan(set.x, |x, width| {
                let column = Set { x: *x, width, ..*set };
                *x += width + STYLE.gutter;
                Some(column)
            })
            .collect())
    }

    /// The width in bold, the wider face.
    fn natural(&self, text: &str, set: &Set) -> Result<f32, RenderError> {
        paragraph::width(text, Face::Bold, set.kind.size, self.fonts)
            .map_err(|fault| self.missing(fault))
    }

    /// A cell's lines: one paragraph is the cell's own, several have each a node.
    fn cell(&mut self, text: &[Words], cell: NodeId, set: &Set) -> Result<Column, RenderError> {
        let mut column = Vec::new();
        for words in text {
            let node = if text.len() == 1 { cell } else { self.node(Role::P, cell) };
            column.append(&mut self.lines(words, node, set)?);
        }
        Ok(column)
    }

    /// A row on one strip, or on one a line where it is too tall to be kept whole.
    fn row(&mut self, columns: Vec<Column>, set: &Set, first: bool) {
        let count = columns.iter().map(Vec::len).max().unwrap_or(0);
        let above = if first { self.above(STYLE.paragraph_gap) } else { 0.0 };
        let mark = self.mark();
        if count <= WHOLE_ROW {
            self.whole_row(columns, set, above, count);
        } else {
            self.split_row(columns, set, above, count);
        }
        let pad = STYLE.row_pad;
        if let Some(last) = self.since(mark).last_mut() {
            last.height += pad;
            let hairline = rule(set.x, -last.height, set.width, HAIRLINE);
            last.items
                .push(Item::Shape(crate::render::pages::Shape { ink: Ink::Grey, ..hairline }));
        }
    }

    fn whole_row(&mut self, columns: Vec<Column>, set: &Set, above: f32, count: usize) {
        let mut items = Vec::new();
        for column in columns {
            for (place, line) in column.into_iter().enumerate() {
                let depth = STYLE.row_pad + set.kind.leading * place as f32;
                items.extend(self.on_baseline(line, set.kind, depth).map(Item::Run));
            }
        }
        let height = STYLE.row_pad + set.kind.leading * count as f32;
        self.push(Strip { height, above, items, ..Strip::default() });
    }

    fn split_row(&mut self, columns: Vec<Column>, set: &Set, above: f32, count: usize) {
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        for place in 0..count {
            let pad = if place == 0 { STYLE.row_pad } else { 0.0 };
            let mut items = Vec::new();
            for column in &mut columns {
                if let Some(line) = column.next() {
                    items.extend(self.on_baseline(line, set.kind, pad).map(Item::Run));
                }
            }
            let lonely = place == 1 || place + 1 == count;
            let bond = if lonely { Bond::Firm } else { Bond::Free };
            let above = if place == 0 { above } else { 0.0 };
            let height = pad + set.kind.leading;
            self.push(Strip { height, above, bond, items, ..Strip::default() });
        }
    }
}

/// The labels' part of the measure: alike in all tables of a document, so that their values line
/// up.
/// Widths that add up to the room.
fn shared_out(room: f32, least: &[f32], wanted: &[f32]) -> Vec<f32> {
    let floor: f32 = least.iter().sum();
    let asked: f32 =
        least.iter().zip(wanted).map(|(least, wanted)| (wanted - least).max(0.0)).sum();
    let rest = room - floor;
    let widths = least.iter().zip(wanted).map(|(least, wanted)| {
        if rest <= 0.0 {
            least / floor * room
        } else if asked > 0.0 {
            least + (wanted - least).max(0.0) / asked * rest
        } else {
            least + rest * least / floor
        }
    });
    widths.collect()
}

const LABEL_PART: f32 = 0.33;
/// Rows up to this many lines are never cut.
const WHOLE_ROW: usize = 12;
const HAIRLINE: f32 = 0.5;
