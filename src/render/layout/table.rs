//! Rows of cells: facts (label and value) and tables with column headings.

use super::flow::{Bond, Flow, Head, Set, Strip, rule};
use crate::render::document::{Cell, Fact, Row, Words};
use crate::render::error::RenderError;
use crate::render::pages::{Artifact, Face, Ink, Item, NodeId, Owner, Role, Scope};
use crate::render::paragraph::{self, Line};

type Done = Result<(), RenderError>;

/// The lines of a cell, in its column.
type Column = Vec<Line>;

impl Flow<'_> {
    /// A table of labels and values with a hairline under each row.
    pub(super) fn facts(&mut self, facts: &[Fact], parent: NodeId, set: &Set) -> Done {
        self.rows(facts, parent, (set, set))
    }

    /// The same with values that are set in their own way.
    pub(super) fn rows(
        &mut self,
        facts: &[Fact],
        parent: NodeId,
        (set, value): (&Set, &Set),
    ) -> Done {
        let mut begins = Vec::with_capacity(facts.len());
        let table = self.node(Role::Table, parent);
        let label_set = Set { width: set.width * self.style.label_part, ..set.bold() };
        let across = label_set.width + self.style.gutter;
        let value_set = Set { x: set.x + across, width: set.width - across, ..*value };
        for (place, fact) in facts.iter().enumerate() {
            self.at("fact", &(place + 1).to_string());
            let row = self.node(Role::Tr, table);
            let head = self.node(Role::Th(Scope::Row), row);
            let label = self.lines_parted(&fact.label, head, &label_set)?;
            let cell = self.node(Role::Td, row);
            let value = self.cell(&fact.value, cell, &value_set)?;
            begins.push(self.mark());
            self.row(vec![label, value], &Set { kind: value_set.kind, ..*set }, place == 0);
        }
        self.no_row_alone(&begins);
        self.leave_below(self.style.table_gap);
        Ok(())
    }

    /// No first and no last row alone on a page.
    fn no_row_alone(&mut self, begins: &[usize]) {
        for place in [1, begins.len().saturating_sub(1)] {
            let Some(mark) = begins.get(place).filter(|_| place > 0) else {
                continue;
            };
            if let Some(first) = self.since(*mark).first_mut() {
                first.bond = first.bond.max(Bond::Weak);
            }
        }
    }

    /// A table with column headings.
    pub(super) fn table(&mut self, head: &[Cell], rows: &[Row], parent: NodeId, set: &Set) -> Done {
        let table = self.node(Role::Table, parent);
        self.at("table", "");
        let sets = self.columns(head, rows, set)?;
        let again = self.head_row(head, (table, &sets), set)?;
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
            let mark = self.mark();
            self.row(columns, set, false);
            self.under(again, mark);
        }
        self.leave_below(self.style.table_gap);
        Ok(())
    }

    /// The row of column headings; gives it as it stands again on a further page, unless it is so
    /// tall that little else would.
    pub(super) fn head_row(
        &mut self,
        head: &[Cell],
        (table, sets): (NodeId, &[Set]),
        set: &Set,
    ) -> Result<Option<usize>, RenderError> {
        let row = self.node(Role::Tr, table);
        let mut columns = Vec::with_capacity(head.len());
        for (cell, column) in head.iter().zip(sets) {
            let node = self.node(Role::Th(Scope::Column), row);
            columns.push(self.cell(&cell.text, node, &column.bold())?);
        }
        let mark = self.mark();
        self.row(columns, set, true);
        if let Some(last) = self.since(mark).last_mut() {
            for item in &mut last.items {
                if let Item::Shape(line) = item {
                    (line.ink, line.height) = (Ink::Black, HEAD_LINE);
                }
            }
        }
        self.hold_next();
        let again = match self.since(mark) {
            [row] if row.height <= TALLEST_AGAIN => {
                let items = row.items.clone().into_iter().map(furniture).collect();
                Some(Head { height: row.height, items })
            }
            _ => None,
        };
        Ok(again.map(|head| self.keep_head(head)))
    }

    /// Puts the strips since a mark under column headings.
    pub(super) fn under(&mut self, head: Option<usize>, mark: usize) {
        self.since(mark).iter_mut().for_each(|strip| strip.head = head);
    }

    /// Shares the measure out by what the columns hold: each gets its longest word where there is
    /// room for all, and of the rest what its longest paragraph asks for.
    fn columns(&self, head: &[Cell], rows: &[Row], set: &Set) -> Result<Vec<Set>, RenderError> {
        let count = head.len() as f32;
        let room = set.width - self.style.gutter * (count - 1.0);
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
                *x += width + self.style.gutter;
                Some(column)
            })
            .collect())
    }

    /// The width in bold, the wider face.
    pub(super) fn natural(&self, text: &str, set: &Set) -> Result<f32, RenderError> {
        paragraph::width(text, Face::Bold, set.kind.size, self.fonts)
            .map_err(|fault| self.missing(fault))
    }

    /// A cell's lines: one paragraph is the cell's own, several have each a node.
    pub(super) fn cell(
        &mut self,
        text: &[Words],
        cell: NodeId,
        set: &Set,
    ) -> Result<Column, RenderError> {
        let mut column = Vec::new();
        for words in text {
            let node = if text.len() == 1 { cell } else { self.node(Role::P, cell) };
            column.append(&mut self.lines(words, node, set)?);
        }
        Ok(column)
    }

    /// A row on one strip, or on one a line where it is too tall to be kept whole.
    pub(super) fn row(&mut self, columns: Vec<Column>, set: &Set, first: bool) {
        let count = columns.iter().map(Vec::len).max().unwrap_or(0);
        let above = if first { self.above(self.style.paragraph_gap) } else { 0.0 };
        let mark = self.mark();
        if count <= WHOLE_ROW {
            self.whole_row(columns, set, above, count);
        } else {
            self.split_row(columns, set, above, count);
        }
        let pad = self.style.row_pad;
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
                let depth = self.style.row_pad + set.kind.leading * place as f32;
                items.extend(self.on_baseline(line, set.kind, depth).map(Item::Run));
            }
        }
        let height = self.style.row_pad + set.kind.leading * count as f32;
        self.push(Strip { height, above, items, begins: true, ..Strip::default() });
    }

    fn split_row(&mut self, columns: Vec<Column>, set: &Set, above: f32, count: usize) {
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        for place in 0..count {
            let pad = if place == 0 { self.style.row_pad } else { 0.0 };
            let mut cells = columns.iter_mut().map(|column| {
                let line = column.next().into_iter();
                line.flat_map(|line| self.on_baseline(line, set.kind, pad)).map(Item::Run).collect()
            });
            let items: Vec<Item> = cells.next().unwrap_or_default();
            let aside = cells.collect();
            let opens = place == 0;
            let lonely = place == 1 || place + 1 == count;
            let bond = if lonely { Bond::Firm } else { Bond::Free };
            let above = if place == 0 { above } else { 0.0 };
            let height = pad + set.kind.leading;
            self.push(Strip {
                height,
                above,
                bond,
                items,
                aside,
                opens,
                begins: opens,
                ..Strip::default()
            });
        }
    }
}

/// A heading's item as it stands again: no content.
fn furniture(mut item: Item) -> Item {
    match &mut item {
        Item::Run(run) => run.owner = Owner::Artifact(Artifact::Layout),
        Item::Shape(shape) => shape.owner = Owner::Artifact(Artifact::Layout),
    }
    item
}

/// Widths that add up to the room.
pub(super) fn shared_out(room: f32, least: &[f32], wanted: &[f32]) -> Vec<f32> {
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

/// Rows up to this many lines are never cut.
const WHOLE_ROW: usize = 12;
const HAIRLINE: f32 = 0.5;
const HEAD_LINE: f32 = 1.2;
/// Points.
const TALLEST_AGAIN: f32 = 180.0;
