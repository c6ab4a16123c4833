//! Words to lines: shaping, the places where a line may break, and which of them are taken.
//!
//! Ragged on the right, never hyphenated: a printed word is the word that was approved. A number
//! stays with what it counts. A word wider than its column is cut between letters rather than run
//! over the margin.
//!
//! Never here: pages, vertical places.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use unicode_linebreak::linebreaks;

use crate::render::font::{Fonts, MissingGlyph, Word};
use crate::render::pages::{Face, Ink, Owner, Run};

/// Text of one face and one owner.
#[derive(Debug, Clone)]
pub(crate) struct Stretch<'a> {
    pub(crate) text: &'a str,
    pub(crate) face: Face,
    pub(crate) owner: Owner,
}

/// Where and how a paragraph is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Left edge, points.
    pub(crate) x: f32,
    /// Points.
    pub(crate) width: f32,
    /// Points.
    pub(crate) size: f32,
    pub(crate) ink: Ink,
    /// Whether lines of like length are sought (headings), or only a last line that is not too
    /// short.
    pub(crate) balanced: bool,
}

/// One line: its runs stand on the baseline 0.
#[derive(Debug, Default)]
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
    /// Without the blanks at its end, points.
    pub(crate) width: f32,
}

/// Breaks text into lines. There is at least one.
///
/// # Errors
/// [`MissingGlyph`]: a face cannot draw a character.
pub(crate) fn lines(
    stretches: &[Stretch<'_>],
    column: &Column,
    fonts: &Fonts,
) -> Result<Vec<Line>, MissingGlyph> {
    let setter = Setter { stretches, column, fonts };
    let segments = setter.segments()?;
    let taken = choose(&segments, column);
    Ok(taken.into_iter().map(|range| setter.line(&segments[range])).collect())
}

/// The width of text on one line, without the blanks at its end.
///
/// # Errors
/// [`MissingGlyph`]: the face cannot draw a character.
pub(crate) fn width(text: &str, face: Face, size: f32, fonts: &Fonts) -> Result<f32, MissingGlyph> {
    let mut total = 0;
    let mut from = 0;
    for (end, _) in linebreaks(text) {
        let word = fonts.word(&text[from..end], face)?;
        total += if end == text.len() { word.ink_advance } else { word.advance };
        from = end;
    }
    Ok(total as f32 * fonts.scale(face, size))
}

/// What stands between two places where a line may break.
struct Segment<'a> {
    atoms: Vec<Atom<'a>>,
    /// Points.
    advance: f32,
    /// Points, without the blanks at its end.
    ink: f32,
}

/// A part of a segment in one stretch.
struct Atom<'a> {
    stretch: usize,
    text: &'a str,
    word: Arc<Word>,
}

struct Setter<'a> {
    stretches: &'a [Stretch<'a>],
    column: &'a Column,
    fonts: &'a Fonts,
}

impl<'a> Setter<'a> {
    fn segments(&self) -> Result<Vec<Segment<'a>>, MissingGlyph> {
        let whole: String = self.stretches.iter().map(|stretch| stretch.text).collect();
        let mut segments = Vec::with_capacity(whole.len() / 5 + 1);
        let mut cursor = Cursor::default();
        let mut from = 0;
        for (end, _) in linebreaks(&whole) {
            if end < whole.len() && holds(&whole[from..end], &whole[end..]) {
                continue;
            }
            let mut atoms = Vec::with_capacity(1);
            while let Some((stretch, text)) = cursor.take(self.stretches, end) {
                atoms.push(self.atom(stretch, text)?);
            }
            self.push(&mut segments, atoms)?;
            from = end;
        }
        Ok(segments)
    }

    /// Adds a segment; where it is wider than the column, cut between its words, and then between
    /// letters.
    fn push(
        &self,
        segments: &mut Vec<Segment<'a>>,
        atoms: Vec<Atom<'a>>,
    ) -> Result<(), MissingGlyph> {
        let segment = self.segment(atoms);
        if segment.ink <= self.column.width {
            segments.push(segment);
            return Ok(());
        }
        for atom in segment.atoms {
            for word in atom.text.split_inclusive(' ') {
                let mut rest = self.atom(atom.stretch, word)?;
                while let Some((head, tail)) = self.cut(&rest)? {
                    segments.push(self.segment(vec![head]));
                    rest = tail;
                }
                segments.push(self.segment(vec![rest]));
            }
        }
        Ok(())
    }

    fn atom(&self, stretch: usize, text: &'a str) -> Result<Atom<'a>, MissingGlyph> {
        let word = self.fonts.word(text, self.stretches[stretch].face)?;
        Ok(Atom { stretch, text, word })
    }

    fn segment(&self, atoms: Vec<Atom<'a>>) -> Segment<'a> {
        let (mut advance, mut ink) = (0.0, 0.0);
        for atom in &atoms {
            let scale = self.scale(atom);
            ink = advance + atom.word.ink_advance as f32 * scale;
            advance += atom.word.advance as f32 * scale;
        }
        Segment { atoms, advance, ink }
    }

    /// The longest beginning of a word that fits the column, and the rest; `None` where it fits
    /// whole.
    fn cut(&self, atom: &Atom<'a>) -> Result<Option<(Atom<'a>, Atom<'a>)>, MissingGlyph> {
        let scale = self.scale(atom);
        if atom.word.ink_advance as f32 * scale <= self.column.width {
            return Ok(None);
        }
        let mut x = 0.0;
        let mut at = 0;
        for glyph in &atom.word.glyphs {
            let cluster = glyph.cluster as usize;
            x += glyph.advance as f32 * scale;
            if cluster > 0 && (at == 0 || x <= self.column.width) {
                at = cluster;
            }
            if x > self.column.width && at > 0 {
                break;
            }
        }
        let Some((head, tail)) =
            atom.text.split_at_checked(at).filter(|(head, _)| !head.is_empty())
        else {
            return Ok(None);
        };
        Ok(Some((self.atom(atom.stretch, head)?, self.atom(atom.stretch, tail)?)))
    }

    fn scale(&self, atom: &Atom<'_>) -> f32 {
        self.fonts.scale(self.stretches[atom.stretch].face, self.column.size)
    }

    fn line(&self, segments: &[Segment<'a>]) -> Line {
        let mut line = Line { runs: Vec::with_capacity(1), width: reach(segments) };
        let mut x = self.column.x;
        let mut last = None;
        for atom in segments.iter().flat_map(|segment| &segment.atoms) {
            if last != Some(atom.stretch) {
                line.runs.push(self.run(atom.stretch, x));
                last = Some(atom.stretch);
            }
            let scale = self.scale(atom);
            if let Some(run) = line.runs.last_mut() {
                let from = run.text.len();
                run.glyphs.extend(atom.word.glyphs.iter().map(|glyph| glyph.scaled(scale, from)));
                run.text.push_str(atom.text);
            }
            x += atom.word.advance as f32 * scale;
        }
        line
    }

    fn run(&self, stretch: usize, x: f32) -> Run {
        let Stretch { face, owner, .. } = self.stretches[stretch];
        Run {
            owner,
            face,
            size: self.column.size,
            x,
            y: 0.0,
            glyphs: Vec::with_capacity(80),
            text: String::with_capacity(80),
            ink: self.column.ink,
            turned: 0.0,
        }
    }
}

/// Walks through the stretches along the offsets of the joined text.
#[derive(Default)]
struct Cursor {
    stretch: usize,
    /// Offset into the stretch.
    within: usize,
    /// Offset into the joined text.
    at: usize,
}

impl Cursor {
    /// The next part up to `end` that lies in one stretch.
    fn take<'a>(&mut self, stretches: &[Stretch<'a>], end: usize) -> Option<(usize, &'a str)> {
        while self.at < end {
            let text = stretches.get(self.stretch)?.text;
            let length = (text.len() - self.within).min(end - self.at);
            let (stretch, from) = (self.stretch, self.within);
            self.within += length;
            self.at += length;
            if self.within == text.len() {
                (self.stretch, self.within) = (stretch + 1, 0);
            }
            if length > 0 {
                return Some((stretch, &text[from..from + length]));
            }
        }
        None
    }
}

/// Whether a segment holds to what follows: a short number to what it counts (`100 metres`, `2
/// November`), and a day with its month to the year.
fn holds(segment: &str, next: &str) -> bool {
    let Some(words) = segment.strip_suffix(' ') else {
        return false;
    };
    let short = |word: &str| is_number(word, 1..=3);
    let (first, last) = match words.rsplit_once(' ') {
        Some((before, last)) => (before.rsplit(' ').next(), last),
        None => (None, words),
    };
    let year = || {
        let digits = next.bytes().take_while(u8::is_ascii_digit).count();
        digits == 4 && first.is_some_and(short) && last.chars().all(char::is_alphabetic)
    };
    short(last) || year()
}

fn is_number(word: &str, digits: RangeInclusive<usize>) -> bool {
    digits.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Width of segments on one line, without the blanks at its end.
fn reach(segments: &[Segment<'_>]) -> f32 {
    let Some((last, rest)) = segments.split_last() else {
        return 0.0;
    };
    rest.iter().map(|segment| segment.advance).sum::<f32>() + last.ink
}

/// Which segments stand on which line.
fn choose(segments: &[Segment<'_>], column: &Column) -> Vec<Range<usize>> {
    let lines = fill(segments, column.width);
    let short = |lines: &[Range<usize>]| {
        lines
            .last()
            .is_none_or(|last| reach(&segments[last.clone()]) < column.width * SHORTEST_LAST)
    };
    if lines.len() < 2 || !(column.balanced || short(&lines)) {
        return lines;
    }
    let mut best = lines;
    for step in 1..=STEPS {
        let tried = fill(segments, column.width * (1.0 - step as f32 * STEP));
        if tried.len() > best.len() {
            break;
        }
        if column.balanced {
            best = tried;
        } else if !short(&tried) {
            return tried;
        }
    }
    best
}

/// As many segments on each line as it takes.
fn fill(segments: &[Segment<'_>], width: f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut from, mut x) = (0, 0.0);
    for (place, segment) in segments.iter().enumerate() {
        if place > from && x + segment.ink > width {
            lines.push(from..place);
            (from, x) = (place, 0.0);
        }
        x += segment.advance;
    }
    lines.push(from..segments.len());
    lines
}

/// A last line shorter than this part of the measure looks like a mistake.
const SHORTEST_LAST: f32 = 0.16;
/// How often, and by which part, the measure is narrowed in search of better lines.
const STEPS: u8 = 12;
const STEP: f32 = 0.04;

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::render::pages::NodeId;

    static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::builtin().expect("fonts"));

    fn column(width: f32) -> Column {
        Column { x: 70.0, width, size: 12.0, ink: Ink::Black, balanced: false }
    }

    fn set(text: &str, width: f32) -> Vec<String> {
        let owner = Owner::Content(NodeId(0));
        let stretches = [Stretch { text, face: Face::Regular, owner }];
        let lines = lines(&stretches, &column(width), &FONTS).expect("drawn");
        let text = |line: &Line| line.runs.iter().map(|run| run.text.as_str()).collect::<String>();
        lines.iter().map(text).collect()
    }

    #[test]
    fn a_number_stays_with_what_it_counts() {
        let text = "You must not come within any distance of 100 metres of it at all";
        for width in 80..400 {
            assert!(!set(text, width as f32).iter().any(|line| line.ends_with("100 ")), "{width}");
        }
    }

    #[test]
    fn a_day_its_month_and_its_year_stay_together() {
        let text = "The hearing is on 23 November 2026 at noon, and again on 3 Rhagfyr 2026, if so";
        for width in 120..400 {
            let lines = set(text, width as f32);
            let parted = ["23 ", "3 ", "November ", "Rhagfyr "];
            assert!(!lines.iter().any(|line| parted.iter().any(|end| line.ends_with(end))));
        }
    }

    #[test]
    fn in_a_narrow_column_a_date_is_parted_between_its_words() {
        assert_eq!(set("23 November 2026", 75.0), ["23 ", "November ", "2026"]);
    }

    #[test]
    fn a_word_wider_than_its_column_is_cut_between_letters() {
        let name = "Llanfairpwllgwyngyll".repeat(5);
        let lines = set(&name, 90.0);
        assert!(lines.len() > 5);
        assert_eq!(lines.concat(), name);
    }

    #[test]
    fn a_last_line_of_one_short_word_is_avoided() {
        let text =
            "The court is satisfied of each of these things on the evidence that it heard so";
        for width in 200..500 {
            let lines = set(text, width as f32);
            let last = lines.last().map(String::as_str);
            assert!(lines.len() == 1 || last != Some("so"), "{width}: {lines:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_lost_and_no_line_is_too_wide(
            words in prop::collection::vec("[a-zA-Zŵŷïł'.,0-9-]{1,40}", 1..30),
            cut in 0usize..400,
            width in 40f32..460.0,
        ) {
            let text = words.join(" ");
            let cut = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
            let (plain, bold) = text.split_at(cut.unwrap_or(0));
            let owner = Owner::Content(NodeId(0));
            let stretches = [
                Stretch { text: plain, face: Face::Regular, owner },
                Stretch { text: bold, face: Face::Bold, owner },
            ];
            let lines = lines(&stretches, &column(width), &FONTS).expect("drawn");
            let mut joined = String::new();
            for line in &lines {
                prop_assert!(line.width <= width + 0.01);
                for run in &line.runs {
                    joined.push_str(&run.text);
                    let reach: f32 = run.glyphs.iter().map(|glyph| glyph.advance).sum();
                    prop_assert!(run.x >= 70.0);
                    let blanks = run.text.len() - run.text.trim_end().len();
                    prop_assert!(run.x + reach <= 70.0 + width + 0.01 + 4.0 * blanks as f32);
                    let whole = |at: u32| run.text.is_char_boundary(at as usize);
                    prop_assert!(run.glyphs.iter().all(|glyph| whole(glyph.cluster)));
                }
            }
            prop_assert_eq!(joined, text);
        }
    }
}
