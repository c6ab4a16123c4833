//! What says the same in two languages, side by side: each paragraph level with the one that it
//! answers to, in columns of the same width.

use super::flow::{Flow, Set, Strip};
use crate::render::document::{Body, Section};
use crate::render::error::RenderError;
use crate::render::pages::NodeId;

type Done = Result<(), RenderError>;

impl Flow<'_> {
    /// Two sections, each read to its end before the other.
    pub(super) fn pair(&mut self, sections: &[Section; 2], parent: NodeId, set: &Set) -> Done {
        let [one, other] = sections;
        let text = sections.iter().flat_map(|section| &section.blocks).any(|block| {
            !matches!(block.body, Body::Alert(_) | Body::Warning { .. } | Body::Notice(_))
        });
        // Boxes begin at the margin.
        let set = if text { set.running() } else { Set { indent: 0.0, ..*set } };
        self.beside(
            &set,
            |flow, set| flow.section(one, parent, set),
            |flow, set| flow.section(other, parent, set),
        )
    }

    /// Sets two things side by side; one below the other where the style has no room.
    pub(super) fn beside(
        &mut self,
        set: &Set,
        one: impl FnOnce(&mut Self, &Set) -> Done,
        other: impl FnOnce(&mut Self, &Set) -> Done,
    ) -> Done {
        if self.style.stacked {
            let mark = self.mark();
            one(self, set)?;
            if self.mark() - mark <= SHORT {
                self.hold_next();
            }
            return other(self, set);
        }
        let width = (set.width - self.style.gutter) / 2.0;
        let left = Set { width, ..*set };
        let right = Set { x: set.x + set.width - width, ..left };
        let before = self.asked();
        let mark = self.mark();
        one(self, &left)?;
        let first = self.take_since(mark);
        let after = self.ask(before);
        other(self, &right)?;
        let second = self.take_since(mark);
        self.ask_also(after);
        self.join(first, second);
        Ok(())
    }

    /// Where both have as many paragraphs, each stands level with its answer; else the one stands
    /// below the other in its column.
    fn join(&mut self, first: Vec<Strip>, second: Vec<Strip>) {
        let (ones, others) = (units(first), units(second));
        let boxed = |unit: &Vec<Strip>| unit.first().is_some_and(|strip| strip.frame.is_some());
        let alike = |(one, other): (&Vec<Strip>, &Vec<Strip>)| boxed(one) == boxed(other);
        if ones.len() != others.len() || !ones.iter().zip(&others).all(alike) {
            let all = ones.into_iter().chain(others).flatten();
            all.for_each(|strip| self.add(strip));
            return;
        }
        let mut opens = true;
        for (one, other) in ones.into_iter().zip(others) {
            let frames = (frame(&one), frame(&other));
            self.box_beside(frames);
            let (mut one, mut other) = (one.into_iter(), other.into_iter());
            loop {
                let (left, right) = (one.next(), other.next());
                if left.is_none() && right.is_none() {
                    break;
                }
                let joined = level(left.unwrap_or_default(), right.unwrap_or_default());
                self.add(Strip { frame: frames.0, opens, ..joined });
                opens = false;
            }
        }
    }
}

/// Lines up to which what stands below the other stays with it.
const SHORT: usize = 4;

fn frame(unit: &[Strip]) -> Option<usize> {
    unit.first().and_then(|strip| strip.frame)
}

/// Two strips as one.
fn level(left: Strip, right: Strip) -> Strip {
    let mut aside = left.aside;
    aside.push(right.items);
    aside.extend(right.aside);
    Strip {
        height: left.height.max(right.height),
        above: left.above.max(right.above),
        below: left.below.max(right.below),
        bond: if left.bond == right.bond { left.bond } else { left.bond.max(right.bond) },
        items: left.items,
        aside,
        begins: left.begins || right.begins,
        dark: left.dark || right.dark,
        ..Strip::default()
    }
}

/// Strips by the paragraph or row to which they belong.
fn units(strips: Vec<Strip>) -> Vec<Vec<Strip>> {
    let mut units: Vec<Vec<Strip>> = Vec::new();
    for strip in strips {
        match units.last_mut().filter(|_| !strip.begins) {
            Some(unit) => unit.push(strip),
            None => units.push(vec![strip]),
        }
    }
    units
}
