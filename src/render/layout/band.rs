//! What must be seen first: the line that nobody may miss, and the facts at a glance.

use super::blocks::boxed;
use super::flow::{Bond, Flow, Frame, Set, Strip};
use super::table::shared_out;
use crate::render::document::{Fact, Words};
use crate::render::error::RenderError;
use crate::render::pages::{Artifact, Ink, Item, NodeId, Owner, Role, Scope, Shape};
use crate::render::paragraph::{Line, unbroken};

type Done = Result<(), RenderError>;

impl Flow<'_> {
    /// White on black across the column.
    pub(super) fn alert(&mut self, words: &Words, parent: NodeId, set: &Set) -> Done {
        self.at("alert", "");
        let node = self.node(Role::P, parent);
        let pad = ALERT_PAD;
        let above = self.box_above();
        let inner = Set { ink: Ink::White, ..boxed(set, self.style.box_pad) }.bold();
        let lines = self.lines(words, node, &inner)?;
        let mark = self.mark();
        self.push_lines(lines, inner.kind, above, Bond::Free);
        for (place, strip) in self.since(mark).iter_mut().enumerate() {
            strip.dark = true;
            strip.bond = if place > 0 { Bond::Firm } else { strip.bond };
        }
        self.frame(mark, Frame::over(set, (0.0, Ink::Black), pad));
        Ok(())
    }

    /// Labels above values in columns, on a tint. Where that would be too tall, and in large print,
    /// rows.
    pub(super) fn band(&mut self, facts: &[Fact], parent: NodeId, set: &Set) -> Done {
        let sets = self.band_columns(facts, set)?;
        if self.style.stacked || self.band_is_tall(facts, &sets)? {
            return self.rows(facts, parent, (set, &set.of(self.style.band).bold()));
        }
        self.at("band", "");
        let table = self.node(Role::Table, parent);
        let (mut labels, mut values) = (Vec::new(), Vec::new());
        let row = self.node(Role::Tr, table);
        for (fact, column) in facts.iter().zip(&sets) {
            let cell = self.node(Role::Th(Scope::Column), row);
            labels.push(self.lines_parted(&fact.label, cell, column)?);
        }
        let row = self.node(Role::Tr, table);
        let large = self.style.band;
        for (fact, column) in facts.iter().zip(&sets) {
            let cell = self.node(Role::Td, row);
            values.push(self.cell(&fact.value, cell, &column.of(large).bold())?);
        }
        let mut items = Vec::new();
        let mut depth = self.style.box_pad;
        for (columns, kind) in [(labels, set.kind), (values, large)] {
            let most = columns.iter().map(Vec::len).max().unwrap_or(0);
            for column in columns {
                self.stack(column, kind, depth, &mut items);
            }
            depth += kind.leading * most as f32 + 2.0;
        }
        let height = depth + self.style.box_pad - 4.0;
        items.insert(0, Item::Shape(tint(set, height)));
        let above = self.box_above();
        self.push(Strip { height, above, items, begins: true, ..Strip::default() });
        self.leave_below(self.style.box_gap);
        Ok(())
    }

    fn band_columns(&self, facts: &[Fact], set: &Set) -> Result<Vec<Set>, RenderError> {
        let inner = boxed(set, self.style.box_pad);
        let count = facts.len() as f32;
        let room = inner.width - self.style.gutter * (count - 1.0);
        let large = inner.of(self.style.band);
        let (mut least, mut wanted) = (Vec::new(), Vec::new());
        for fact in facts {
            let mut longest = room / count * 0.5;
            let label = fact.label.text();
            let mut whole = self.natural(&label, &inner)?;
            for part in label.split_inclusive(" / ") {
                longest = longest.max(self.natural(part.trim_end(), &inner)?.min(room / count));
            }
            for words in fact.value.iter().map(Words::text) {
                whole = whole.max(self.natural(&words, &large)?);
                for word in unbroken(&words) {
                    longest = longest.max(self.natural(word, &large)?.min(room / count));
                }
            }
            least.push(longest);
            wanted.push(whole.max(longest));
        }
        // Where not all fit on one line, the longest are broken first.
        let mut whole = vec![true; wanted.len()];
        while wanted.iter().sum::<f32>() > room {
            let longest = (0..wanted.len()).filter(|place| whole[*place]);
            let Some(place) = longest.max_by(|a, b| wanted[*a].total_cmp(&wanted[*b])) else {
                break;
            };
            (wanted[place], whole[place]) = ((wanted[place] * HALF).max(least[place]), false);
        }
        let spare = (room - wanted.iter().sum::<f32>()) / count;
        let columns = match spare < 0.0 {
            true => shared_out(room, &least, &wanted),
            false => wanted.iter().map(|width| width + spare).collect(),
        };
        let columns = columns.into_iter();
        Ok(columns
            .scan(inner.x, |x, width| {
                let column = Set { x: *x, width, ..inner };
                *x += width + self.style.gutter;
                Some(column)
            })
            .collect())
    }

    fn band_is_tall(&self, facts: &[Fact], sets: &[Set]) -> Result<bool, RenderError> {
        for (fact, column) in facts.iter().zip(sets) {
            let mut lines = 0;
            for words in fact.value.iter().chain([&fact.label]) {
                let column = column.of(self.style.band).bold();
                lines += self.plain(&words.text(), super::flow::ROOT, &column)?.len();
            }
            if lines > TALLEST_BAND {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn stack(
        &self,
        column: Vec<Line>,
        kind: super::style::Type,
        depth: f32,
        items: &mut Vec<Item>,
    ) {
        for (place, line) in column.into_iter().enumerate() {
            let from = depth + kind.leading * place as f32;
            items.extend(self.on_baseline(line, kind, from).map(Item::Run));
        }
    }
}

/// A pale ground with a heavy rule at its head.
fn tint(set: &Set, height: f32) -> Shape {
    Shape {
        owner: Owner::Artifact(Artifact::Layout),
        x: set.x,
        y: -height,
        width: set.width,
        height,
        stroke: None,
        ink: Ink::Pale,
    }
}

const ALERT_PAD: f32 = 6.0;
/// Of its length, what text on two lines needs.
const HALF: f32 = 0.58;
/// Lines beyond which a band becomes rows.
const TALLEST_BAND: usize = 9;
