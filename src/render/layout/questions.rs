//! Questions to be answered with a pen: a box for yes and a box for no in each row. The words
//! beside the boxes are content, the boxes furniture: read aloud, each row offers both answers.

use super::flow::{Flow, Set};
use crate::render::document::{Cell, Question};
use crate::render::error::RenderError;
use crate::render::pages::{Artifact, Ink, Item, NodeId, Owner, Role, Scope, Shape};
use crate::render::paragraph::Line;

type Done = Result<(), RenderError>;

impl Flow<'_> {
    /// A table with a row a question; its head stands again on each further page.
    pub(super) fn questions(
        &mut self,
        (head, answers, rows): (&[Cell], &[String; 2], &[Question]),
        parent: NodeId,
        set: &Set,
    ) -> Done {
        self.at("questions", "");
        let table = self.node(Role::Table, parent);
        let sets = self.question_columns(head, answers, rows, set)?;
        let again = self.head_row(head, (table, &sets), set)?;
        for question in rows {
            self.at("question", &question.number);
            let row = self.node(Role::Tr, table);
            let number = self.node(Role::Th(Scope::Row), row);
            let mut columns = vec![self.plain(&question.number, number, &sets[0].bold())?];
            let words = self.node(Role::Td, row);
            columns.push(self.lines(&question.words, words, &sets[1])?);
            let answer = self.node(Role::Td, row);
            let (line, boxes) = self.answers(answers, answer, &sets[2])?;
            columns.push(vec![line]);
            if let (Some(ends), Some(column)) = (&question.ends, sets.get(3)) {
                let cell = self.node(Role::Td, row);
                columns.push(self.plain(ends, cell, column)?);
            }
            let mark = self.mark();
            self.row(columns, set, false);
            if let Some(first) = self.since(mark).first_mut() {
                first.items.extend(boxes.into_iter().map(Item::Shape));
            }
            self.under(again, mark);
        }
        self.leave_below(self.style.table_gap);
        Ok(())
    }

    /// Both words on one line, with room for a box before each.
    fn answers(
        &self,
        answers: &[String; 2],
        cell: NodeId,
        set: &Set,
    ) -> Result<(Line, [Shape; 2]), RenderError> {
        let side = set.kind.size * BOX;
        let [yes, no] = answers;
        let rooms = [self.answer_room(yes, set)?, self.answer_room(no, set)? - BOX_GAP];
        let second = set.x + rooms[0];
        let mut line = Line::default();
        for (text, x, room) in
            [(format!("{yes} "), set.x, rooms[0]), (no.clone(), second, rooms[1])]
        {
            let x = x + side + BOX_GAP;
            let column = Set { x, width: room - side - BOX_GAP, ..*set };
            let first = self.plain(&text, cell, &column)?.into_iter().next();
            line.runs.extend(first.into_iter().flat_map(|line| line.runs));
        }
        let baseline = super::flow::baseline(self.fonts, set.kind);
        let y = -(self.style.row_pad + baseline) - side * 0.12;
        let tick = |x: f32| Shape {
            owner: Owner::Artifact(Artifact::Layout),
            x: x + 0.5,
            y,
            width: side - 1.0,
            height: side - 1.0,
            stroke: Some(1.0),
            ink: Ink::Black,
        };
        Ok((line, [tick(set.x), tick(second)]))
    }

    /// What an answer needs: its box, its word, and the gap after it.
    fn answer_room(&self, word: &str, set: &Set) -> Result<f32, RenderError> {
        let side = set.kind.size * BOX;
        Ok(side + BOX_GAP + self.natural(word, set)? + 0.5 + BOX_GAP)
    }

    /// Number and answers get what they need, the end a quarter at most, the question the rest.
    fn question_columns(
        &self,
        head: &[Cell],
        answers: &[String; 2],
        rows: &[Question],
        set: &Set,
    ) -> Result<Vec<Set>, RenderError> {
        let longest = |texts: Vec<&String>| {
            texts.into_iter().try_fold(0.0_f32, |most, text| {
                self.natural(text, set).map(|width| most.max(width))
            })
        };
        let number = longest(rows.iter().map(|row| &row.number).collect())?;
        let number = number.clamp(self.style.number_width - self.style.gutter, set.width * 0.2);
        let [yes, no] = answers;
        let answer = self.answer_room(yes, set)? + self.answer_room(no, set)? - BOX_GAP;
        let ends = longest(rows.iter().filter_map(|row| row.ends.as_ref()).collect())?;
        let ends = (head.len() > 3).then_some(ends.min(set.width * 0.22));
        let gutters = self.style.gutter * (head.len() as f32 - 1.0);
        let question = set.width - gutters - number - answer - ends.unwrap_or(0.0);
        let widths = [Some(number), Some(question), Some(answer), ends];
        let columns = widths.into_iter().flatten().scan(set.x, |x, width| {
            let column = Set { x: *x, width, ..*set };
            *x += width + self.style.gutter;
            Some(column)
        });
        Ok(columns.collect())
    }
}

/// Side of a box to the size of its words.
const BOX: f32 = 1.1;
const BOX_GAP: f32 = 5.0;
