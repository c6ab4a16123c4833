//! A run's glyphs as the strings and moves of one `TJ`, with ActualText wherever the glyphs alone
//! would not give the text back. PDF 32000-1, 9.4.3 and 14.9.4.

use std::ops::Range;

use printpdf::DictItem;

use crate::render::pages::Run;
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
    End,
}

/// The steps of a run; empty where it draws nothing and says nothing.
pub(super) fn steps(run: &Run, face: &Embedded) -> Vec<Step> {
    let mut line = Line::new(run, face);
    if !run.glyphs.windows(2).all(|pair| pair[0].cluster <= pair[1].cluster) {
        // Drawn from right to left: the glyphs stand in another order than the characters.
        line.cluster(0..run.glyphs.len(), &run.text);
        return line.finish();
    }
    let mut start = 0;
    while start < run.glyphs.len() {
        let cluster = run.glyphs[start].cluster;
        let same = run.glyphs[start..].iter().take_while(|g| g.cluster == cluster).count();
        let end = start + same;
        // The first cluster takes what stands before it too, so that no character is lost.
        let from = if start == 0 { 0 } else { cluster as usize };
        let to = run.glyphs.get(end).map_or(run.text.len(), |g| g.cluster as usize);
        line.cluster(start..end, run.text.get(from..to).unwrap_or_default());
        start = end;
    }
    if run.glyphs.is_empty() {
        line.cluster(0..0, &run.text);
    }
    line.finish()
}

/// The run as far as it is shown.
struct Line<'a> {
    run: &'a Run,
    face: &'a Embedded,
    steps: Vec<Step>,
    array: Vec<DictItem>,
    string: Vec<u8>,
    /// Where the next glyph should start, in thousandths of an em from the run's beginning.
    wanted: f32,
    /// Where the reader's pen is.
    pen: f32,
    rise: f32,
}

impl<'a> Line<'a> {
    fn new(run: &'a Run, face: &'a Embedded) -> Self {
        Self {
            run,
            face,
            steps: Vec::new(),
            array: Vec::new(),
            string: Vec::new(),
            wanted: 0.0,
            pen: 0.0,
            rise: 0.0,
        }
    }

    fn cluster(&mut self, glyphs: Range<usize>, text: &str) {
        let run = self.run;
        let glyphs = &run.glyphs[glyphs];
        let rest = glyphs.iter().try_fold(text, |rest, glyph| {
            let code = self.face.code(glyph.id)?;
            rest.strip_prefix(code.text.as_str())
        });
        // The spaces that end a line have no glyphs of their own.
        let spaces = rest.filter(|rest| rest.bytes().all(|byte| byte == b' ')).map(str::len);
        if spaces.is_none() {
            self.flush();
            self.steps.push(Step::Begin(text.to_owned()));
        }
        for glyph in glyphs {
            let thousandths = 1000.0 / self.run.size;
            self.set_rise(glyph.y_offset);
            self.glyph(glyph.id, self.wanted + glyph.x_offset * thousandths);
            self.wanted += glyph.advance * thousandths;
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
            let data = std::mem::take(&mut self.string);
            self.array.push(DictItem::String { data, literal: true });
        }
    }

    fn flush(&mut self) {
        self.break_string();
        if !self.array.is_empty() {
            self.steps.push(Step::Show(std::mem::take(&mut self.array)));
        }
    }

    fn finish(mut self) -> Vec<Step> {
        self.flush();
        self.steps
    }
}
