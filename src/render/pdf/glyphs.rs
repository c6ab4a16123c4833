//! A run's glyphs as the strings and moves of one `TJ`, with ActualText wherever the glyphs alone
//! would not give the text back. PDF 32000-1, 9.4.3 and 14.9.4.

use printpdf::DictItem;

use crate::render::pages::{Glyph, Run};
use crate::render::subset::Embedded;

/// What is to be done to show a run.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// The array of one `TJ`.
    Show(Vec<DictItem>),
    /// Text rise in points.
    Rise(f32),
    /// What follows up to [`Step::End`] reads as this.
    Begin(String),
    /// What follows up to [`Step::End`] stands in the reverse order of its reading.
    Reversed,
    End,
}

/// The steps of a run; empty where it draws nothing and says nothing. `told`: what stands around
/// says its text.
///
/// What runs from right to left is shown as on paper, from left to right: readers take its letters
/// by their script and turn them round, and would turn an ActualText in reading order the wrong
/// way. The standard's mark says so to those who don't guess, string by string, the strings in
/// reading order (PDF 32000-1, 14.8.2.3.3); and its element has an ActualText.
pub(super) fn steps(run: &Run, face: &Embedded, told: bool) -> Vec<Step> {
    let placed = placed(run);
    let clusters = clusters(run, &placed);
    let leftward = clusters.first().map(|c| c.from) > clusters.last().map(|c| c.from);
    let mut line = Line::new(face, (leftward, told));
    if leftward {
        line.steps.push(Step::Reversed);
    }
    if leftward {
        let strings: Vec<&[Cluster<'_>]> =
            clusters.chunk_by(|one, next| line.is_even(one) && line.is_even(next)).collect();
        for string in strings.into_iter().rev() {
            string.iter().for_each(|cluster| line.cluster(cluster));
            line.flush();
        }
        line.steps.push(Step::End);
    } else {
        clusters.iter().for_each(|cluster| line.cluster(cluster));
    }
    if clusters.is_empty() {
        line.cluster(&Cluster { glyphs: &[], from: 0, text: &run.text });
    }
    line.finish()
}

/// Characters with the glyphs that draw them together, as on paper from left to right.
struct Cluster<'a> {
    glyphs: &'a [Placed],
    /// Where its text begins in the run's.
    from: usize,
    text: &'a str,
}

/// A glyph with its place in the run.
struct Placed {
    id: u16,
    cluster: usize,
    /// In thousandths of an em.
    x: f32,
    /// Points.
    y: f32,
}

fn placed(run: &Run) -> Vec<Placed> {
    let thousandths = 1000.0 / run.size;
    let mut pen = 0.0;
    let place = |glyph: &Glyph| {
        let x = pen + glyph.x_offset * thousandths;
        pen += glyph.advance * thousandths;
        Placed { id: glyph.id, cluster: glyph.cluster as usize, x, y: glyph.y_offset }
    };
    run.glyphs.iter().map(place).collect()
}

/// The clusters of a run as on paper from left to right; their text goes up or down with them.
fn clusters<'a>(run: &'a Run, placed: &'a [Placed]) -> Vec<Cluster<'a>> {
    let mut chunks: Vec<&[Placed]> = Vec::with_capacity(placed.len());
    chunks.extend(placed.chunk_by(|a, b| a.cluster == b.cluster));
    let from = |place: usize| chunks.get(place).map(|glyphs| glyphs[0].cluster);
    let last = chunks.len().saturating_sub(1);
    let leftward = from(0) > from(last);
    let cluster = |(place, glyphs): (usize, &&'a [Placed])| {
        let (first, next) = match leftward {
            true => (last, place.checked_sub(1)),
            false => (0, Some(place + 1)),
        };
        let from = glyphs[0].cluster;
        // The first takes what stands before it too, so that no character is lost.
        let begins = if place == first { 0 } else { from };
        let ends = next.and_then(|next| Some(chunks.get(next)?[0].cluster));
        let text = run.text.get(begins..ends.unwrap_or(run.text.len())).unwrap_or_default();
        Cluster { glyphs, from, text }
    };
    chunks.iter().enumerate().map(cluster).collect()
}

/// The run as far as it is shown.
struct Line<'a> {
    face: &'a Embedded,
    /// Letters run from right to left.
    leftward: bool,
    /// What stands around says the run's text.
    told: bool,
    steps: Vec<Step>,
    array: Vec<DictItem>,
    string: Vec<u8>,
    /// Where the reader's pen is, in thousandths of an em from the run's beginning.
    pen: f32,
    rise: f32,
}

impl<'a> Line<'a> {
    fn new(face: &'a Embedded, (leftward, told): (bool, bool)) -> Self {
        Self {
            face,
            leftward,
            told,
            steps: Vec::new(),
            array: Vec::with_capacity(ARRAY),
            string: Vec::with_capacity(STRING),
            pen: 0.0,
            rise: 0.0,
        }
    }

    /// The text of a cluster that its glyphs do not say; none where they say something else.
    fn unsaid<'t>(&self, &Cluster { glyphs, text, .. }: &Cluster<'t>) -> Option<&'t str> {
        let said = |rest: &'t str, glyph: &Placed| {
            rest.strip_prefix(self.face.code(glyph.id)?.text.as_str())
        };
        match (self.told, self.leftward) {
            (true, _) => Some(""),
            (false, true) => glyphs.iter().rev().try_fold(text, said),
            (false, false) => glyphs.iter().try_fold(text, said),
        }
    }

    /// Whether a cluster can stand in one string with another.
    fn is_even(&self, cluster: &Cluster<'_>) -> bool {
        self.unsaid(cluster) == Some("") && cluster.glyphs.iter().all(|glyph| glyph.y == 0.0)
    }

    fn cluster(&mut self, cluster: &Cluster<'_>) {
        let Cluster { glyphs, text, .. } = *cluster;
        let rest = self.unsaid(cluster);
        // The spaces that end a line have no glyphs of their own.
        let spaces = rest.filter(|rest| rest.bytes().all(|byte| byte == b' ')).map(str::len);
        if spaces.is_none() {
            self.flush();
            self.steps.push(Step::Begin(text.to_owned()));
        }
        if self.leftward && glyphs.iter().any(|glyph| glyph.y != 0.0) {
            // A vowel sign on its height parts the string: each string is turned round by itself,
            // so the letter has to come before its signs.
            for glyph in glyphs.iter().rev() {
                self.set_rise(glyph.y);
                self.glyph(glyph.id, glyph.x);
                self.flush();
            }
        } else {
            for glyph in glyphs {
                self.set_rise(glyph.y);
                self.glyph(glyph.id, glyph.x);
            }
        }
        self.set_rise(0.0);
        for _ in 0..spaces.unwrap_or(0) {
            self.string.extend_from_slice(&self.face.space().to_be_bytes());
        }
        if spaces.is_none() {
            self.flush();
            self.steps.push(Step::End);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded to whole thousandths")]
    fn glyph(&mut self, glyph: u16, at: f32) {
        let Some(code) = self.face.code(glyph) else {
            return;
        };
        let off = (at - self.pen).round();
        if off != 0.0 {
            self.break_string();
            self.array.push(DictItem::Int(-(off as i64)));
            self.pen += off;
        }
        self.string.extend_from_slice(&code.number.to_be_bytes());
        #[expect(clippy::cast_precision_loss, reason = "a width is a few thousandths")]
        let width = code.width as f32;
        self.pen += width;
    }

    fn set_rise(&mut self, rise: f32) {
        if (self.rise - rise).abs() > f32::EPSILON {
            self.flush();
            self.rise = rise;
            self.steps.push(Step::Rise(rise));
        }
    }

    fn break_string(&mut self) {
        if !self.string.is_empty() {
            let data = std::mem::replace(&mut self.string, Vec::with_capacity(STRING));
            self.array.push(DictItem::String { data, literal: true });
        }
    }

    fn flush(&mut self) {
        self.break_string();
        if !self.array.is_empty() {
            let array = std::mem::replace(&mut self.array, Vec::with_capacity(ARRAY));
            self.steps.push(Step::Show(array));
        }
    }

    fn finish(mut self) -> Vec<Step> {
        self.flush();
        self.steps
    }
}

/// Room for the bytes of a usual string, and for the items of a usual array.
const STRING: usize = 32;
const ARRAY: usize = 16;
