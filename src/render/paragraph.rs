//! Words to lines: shaping, the places where a line may break, and which of them are taken.
//!
//! Ragged on the right, never hyphenated: a printed word is the word that was approved. A number
//! stays with what it counts. A word wider than its column is cut between letters rather than run
//! over the margin.
//!
//! Lines are broken in reading order, and then each line by itself puts the parts that run from
//! right to left in their places on paper (UAX #9, L1 and L2). Runs leave in reading order: only
//! their x says where they stand.
//!
//! Never here: pages, vertical places; faces and directions ([`super::writing`]).

mod breaks;

use std::ops::Range;
use std::sync::Arc;

use unicode_normalization::char::canonical_combining_class;

use crate::render::direction;
use crate::render::font::{Fonts, MissingGlyph, Word};
use crate::render::pages::{Artifact, Face, Ink, Owner, Run};
use crate::render::writing::{self, Piece};

/// Text of one owner, in one of the plain faces; names in further scripts find their faces.
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
    let whole: String = stretches.iter().map(|stretch| stretch.text).collect();
    let pieces = writing::pieces(stretches, &whole, fonts);
    let setter = Setter { stretches, pieces: &pieces, column, fonts };
    let segments = setter.segments(&whole)?;
    let taken = choose(&segments, column);
    Ok(taken.into_iter().map(|range| setter.line(&segments[range])).collect())
}

/// The width of text on one line, without the blanks at its end.
///
/// # Errors
/// [`MissingGlyph`]: the face cannot draw a character.
pub(crate) fn width(text: &str, face: Face, size: f32, fonts: &Fonts) -> Result<f32, MissingGlyph> {
    if !writing::is_plain(text, fonts) {
        let stretch = Stretch { text, face, owner: Owner::Artifact(Artifact::Layout) };
        let width = f32::INFINITY;
        let column = Column { x: 0.0, width, size, ink: Ink::Black, balanced: false };
        let lines = lines(&[stretch], &column, fonts)?;
        return Ok(lines.iter().map(|line| line.width).sum());
    }
    let mut total = 0;
    let mut from = 0;
    for end in breaks::all(text) {
        let word = fonts.word(&text[from..end], face, false)?;
        total += if end == text.len() { word.ink_advance } else { word.advance };
        from = end;
    }
    Ok(total as f32 * fonts.scale(face, size))
}

pub(crate) use breaks::unbroken;

/// What stands between two places where a line may break.
struct Segment<'a> {
    atoms: Vec<Atom<'a>>,
    /// Points.
    advance: f32,
    /// Points, without the blanks at its end.
    ink: f32,
}

/// A part of a segment in one piece.
struct Atom<'a> {
    piece: usize,
    text: &'a str,
    word: Arc<Word>,
}

/// Atoms of a line in one piece, which stand beside each other on paper.
struct Group<'s, 'a> {
    piece: usize,
    level: u8,
    atoms: Vec<&'s Atom<'a>>,
}

struct Setter<'s, 'a> {
    stretches: &'s [Stretch<'a>],
    pieces: &'s [Piece<'a>],
    column: &'s Column,
    fonts: &'s Fonts,
}

impl<'a> Setter<'_, 'a> {
    fn segments(&self, whole: &str) -> Result<Vec<Segment<'a>>, MissingGlyph> {
        let mut segments = Vec::with_capacity(whole.len() / 5 + 1);
        let mut cursor = Cursor::default();
        for end in breaks::kept(whole) {
            let mut atoms = Vec::with_capacity(1);
            while let Some((piece, text)) = cursor.take(self.pieces, end) {
                self.add(piece, text, &mut atoms)?;
            }
            self.push(&mut segments, atoms)?;
        }
        Ok(segments)
    }

    /// Adds atoms. Blanks at the end of a word that runs to the left are one of their own: at the
    /// end of a line they belong on its right.
    fn add(
        &self,
        piece: usize,
        text: &'a str,
        atoms: &mut Vec<Atom<'a>>,
    ) -> Result<(), MissingGlyph> {
        let blanks = match self.pieces[piece].is_leftward() {
            true => text.trim_end_matches(' ').len(),
            false => text.len(),
        };
        let (word, blanks) = text.split_at(blanks);
        for part in [word, blanks].into_iter().filter(|part| !part.is_empty()) {
            atoms.push(self.atom(piece, part)?);
        }
        Ok(())
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
                let mut rest = self.atom(atom.piece, word)?;
                while let Some((head, tail)) = self.cut(&rest)? {
                    segments.push(self.segment(vec![head]));
                    rest = tail;
                }
                segments.push(self.segment(vec![rest]));
            }
        }
        Ok(())
    }

    fn atom(&self, place: usize, text: &'a str) -> Result<Atom<'a>, MissingGlyph> {
        let piece = &self.pieces[place];
        let word = self.fonts.word(text, piece.face, piece.is_leftward())?;
        Ok(Atom { piece: place, text, word })
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
        let seams = self.seams(atom);
        // Letters may be wider at a word's end than within it.
        let mut seams = seams.iter().rev().peekable();
        while let Some(&at) = seams.next() {
            let (head, tail) = atom.text.split_at_checked(at).unwrap_or((atom.text, ""));
            let head = self.atom(atom.piece, head)?;
            if head.word.ink_advance as f32 * scale <= self.column.width || seams.peek().is_none() {
                return Ok(Some((head, self.atom(atom.piece, tail)?)));
            }
        }
        Ok(None)
    }

    /// Where a word that is too wide may be cut: each place up to which it fits the column, as far
    /// as its glyphs tell, or the first.
    fn seams(&self, atom: &Atom<'a>) -> Vec<usize> {
        let scale = self.scale(atom);
        let mut glyphs: Vec<(usize, i32)> =
            atom.word.glyphs.iter().map(|glyph| (glyph.cluster as usize, glyph.advance)).collect();
        glyphs.sort_unstable();
        let mut x = 0.0;
        let mut seams = Vec::new();
        for (cluster, advance) in glyphs {
            let fits = seams.is_empty() || x <= self.column.width;
            if fits && is_seam(atom.text, cluster) && seams.last() != Some(&cluster) {
                seams.push(cluster);
            }
            x += advance as f32 * scale;
        }
        seams
    }

    fn scale(&self, atom: &Atom<'_>) -> f32 {
        self.fonts.scale(self.pieces[atom.piece].face, self.column.size)
    }

    fn line(&self, segments: &[Segment<'a>]) -> Line {
        let groups = self.groups(segments);
        let levels: Vec<u8> = groups.iter().map(|group| group.level).collect();
        let mut places = vec![0.0; groups.len()];
        let mut x = self.column.x;
        for place in direction::visual(&levels) {
            places[place] = x;
            let advance = |atom: &&Atom<'a>| atom.word.advance as f32 * self.scale(atom);
            x += groups[place].atoms.iter().map(advance).sum::<f32>();
        }
        let runs = groups.iter().zip(places).map(|(group, x)| self.run(group, x)).collect();
        Line { runs, width: reach(segments) }
    }

    /// The parts of a line in reading order. The blanks at its end run as the paragraph does. UAX
    /// #9, L1.
    fn groups<'s>(&self, segments: &'s [Segment<'a>]) -> Vec<Group<'s, 'a>> {
        let mut groups: Vec<Group<'s, 'a>> = Vec::with_capacity(1);
        for atom in segments.iter().flat_map(|segment| &segment.atoms) {
            let level = self.pieces[atom.piece].level;
            match groups.last_mut().filter(|group| group.piece == atom.piece) {
                Some(group) => group.atoms.push(atom),
                None => groups.push(Group { piece: atom.piece, level, atoms: vec![atom] }),
            }
        }
        let blank = |atom: &&Atom<'a>| atom.text.bytes().all(|byte| byte == b' ');
        if let Some(last) = groups.last_mut().filter(|group| group.level > 0)
            && let Some(atom) = last.atoms.pop_if(|atom| blank(&&**atom))
        {
            let piece = last.piece;
            groups.retain(|group| !group.atoms.is_empty());
            groups.push(Group { piece, level: 0, atoms: vec![atom] });
        }
        groups
    }

    fn run(&self, group: &Group<'_, 'a>, x: f32) -> Run {
        let Piece { stretch, face, .. } = self.pieces[group.piece];
        let mut run = Run {
            owner: self.stretches[stretch].owner,
            face,
            size: self.column.size,
            x,
            y: 0.0,
            glyphs: Vec::with_capacity(80),
            text: String::with_capacity(80),
            ink: self.column.ink,
            turned: 0.0,
        };
        let scale = self.fonts.scale(face, self.column.size);
        let starts: Vec<usize> = group
            .atoms
            .iter()
            .map(|atom| {
                let start = run.text.len();
                run.text.push_str(atom.text);
                start
            })
            .collect();
        let mut add = |(atom, from): (&&Atom<'a>, usize)| {
            run.glyphs.extend(atom.word.glyphs.iter().map(|glyph| glyph.scaled(scale, from)));
        };
        let atoms = group.atoms.iter().zip(starts);
        if group.level % 2 == 1 {
            atoms.rev().for_each(&mut add);
        } else {
            atoms.for_each(&mut add);
        }
        run
    }
}

/// Whether a word may be cut here: not within a conjunct.
fn is_seam(text: &str, at: usize) -> bool {
    let joins = |character: char| {
        canonical_combining_class(character) == VIRAMA
            || matches!(character, '\u{200c}' | '\u{200d}')
    };
    at > 0 && !text[..at].chars().next_back().is_some_and(joins)
}

/// Walks through the pieces along the offsets of the joined text.
#[derive(Default)]
struct Cursor {
    piece: usize,
    /// Offset into the piece.
    within: usize,
    /// Offset into the joined text.
    at: usize,
}

impl Cursor {
    /// The next part up to `end` that lies in one piece.
    fn take<'a>(&mut self, pieces: &[Piece<'a>], end: usize) -> Option<(usize, &'a str)> {
        while self.at < end {
            let text = pieces.get(self.piece)?.text;
            let length = (text.len() - self.within).min(end - self.at);
            let (piece, from) = (self.piece, self.within);
            self.within += length;
            self.at += length;
            if self.within == text.len() {
                (self.piece, self.within) = (piece + 1, 0);
            }
            if length > 0 {
                return Some((piece, &text[from..from + length]));
            }
        }
        None
    }
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

/// The combining class of the sign that joins consonants. Unicode Standard, table 4-3.
const VIRAMA: u8 = 9;

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
    fn a_number_stays_with_what_it_numbers_and_a_double_name_in_one_piece() {
        let text = "You must not travel on bus 95 between the towns with Rhodri Ffug-Example";
        for width in 120..400 {
            let lines = set(text, width as f32);
            assert!(!lines.iter().any(|line| line.ends_with("bus ") || line.ends_with("Ffug-")));
        }
        let lines = |width| set("on bus 95 between", width);
        assert!((40..100).any(|width| lines(width as f32).contains(&"between".to_owned())));
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

    /// The runs of each line as on paper from left to right, `|` between them.
    fn seen(text: &str, width: f32) -> Vec<String> {
        let owner = Owner::Content(NodeId(0));
        let stretches = [Stretch { text, face: Face::Regular, owner }];
        let lines = lines(&stretches, &column(width), &FONTS).expect("drawn");
        let seen = |line: &Line| {
            let mut runs: Vec<&Run> = line.runs.iter().collect();
            runs.sort_by(|one, other| one.x.total_cmp(&other.x));
            runs.iter().map(|run| run.text.as_str()).collect::<Vec<_>>().join("|")
        };
        lines.iter().map(seen).collect()
    }

    #[test]
    fn a_name_from_right_to_left_leaves_what_stands_beside_it_in_its_place() {
        for (text, paper) in [
            ("Name אבג (born 1 May 1990), N.T.M.", "Name |אבג| (born 1 May 1990), N.T.M."),
            ("محمد, 12 High Street", "محمد|, 12 High Street"),
            ("محمد علي", "محمد علي"),
            ("אבג (דהו)", ")|דהו|(|אבג"),
        ] {
            let mut seen = seen(text, 400.0).concat();
            seen.retain(|character| character != ' ');
            assert_eq!(seen, paper.replace(' ', ""), "{text}");
        }
    }

    #[test]
    fn a_name_that_breaks_begins_on_the_upper_line_and_each_line_is_turned_by_itself() {
        let lines = seen("So named: אבג דהו, as heard", 85.0);
        assert_eq!(lines, ["So named: |אבג| ", "דהו|, as heard"]);
    }

    #[test]
    fn chinese_breaks_between_its_signs_and_a_conjunct_is_never_cut() {
        assert_eq!(set("王小明陳大文", 40.0), ["王小明", "陳大文"]);
        let conjunct = "ক্ষ";
        let lines = set(&conjunct.repeat(12), 40.0);
        assert!(
            lines.len() > 2 && lines.iter().all(|line| line.starts_with(conjunct)),
            "{lines:?}"
        );
    }

    #[test]
    fn letters_of_arabic_join_within_a_word_and_over_no_blank() {
        let glyphs = |text| FONTS.shape(text, Face::Arabic, 12.0).expect("drawn");
        let (joined, alone) = (glyphs("بب"), glyphs("ب"));
        assert!(joined.iter().all(|glyph| glyph.id != alone[0].id), "{joined:?}");
        let parted = glyphs("ب ب");
        assert_eq!((parted[0].id, parted[2].id), (alone[0].id, alone[0].id));
    }

    /// Some words of each script.
    fn words() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-zA-Zŵŷïł'.,0-9()-]{1,20}",
            1 => "[اأبتثجحخدذرسشصعغفقكلمنهويپٹڈڑگہی]{1,12}",
            1 => "[א-ת]{1,10}['-]?[א-ת]{0,4}",
            1 => "([কখগঘচজতদনপবমরলশসহ](\u{9cd}[যরলব])?[ািীুে]?){1,6}",
            1 => "([ਕਖਗਚਜਟਤਦਨਪਬਮਰਲਵਸਹ](\u{a4d}[ਰਹ])?[ਾਿੀੁੇੰ]?){1,6}",
            1 => "([कगचजतदनपबमरलवशसह](\u{94d}[यर])?[ािीुे]?){1,6}",
            1 => "[一-丿𠮷陳王]{1,12}",
        ]
    }

    /// Whether the runs of a line stand beside each other and no run's glyphs leave its text.
    fn is_sound(line: &Line) -> bool {
        let reach = |run: &Run| run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>();
        let mut runs: Vec<&Run> = line.runs.iter().collect();
        runs.sort_by(|one, other| one.x.total_cmp(&other.x));
        let beside = |pair: &[&Run]| (pair[0].x + reach(pair[0]) - pair[1].x).abs() < 0.01;
        let whole = |run: &Run| {
            run.glyphs.iter().all(|glyph| run.text.is_char_boundary(glyph.cluster as usize))
        };
        runs.windows(2).all(beside) && line.runs.iter().all(whole)
    }

    proptest! {
        #[test]
        fn in_any_mix_of_scripts_no_text_is_lost_and_no_line_is_too_wide(
            words in prop::collection::vec(words(), 1..16),
            cut in 0usize..200,
            width in 60f32..460.0,
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
                prop_assert!(is_sound(line), "{line:?}");
                prop_assert!(line.runs.iter().all(|run| run.x > 69.99));
                line.runs.iter().for_each(|run| joined.push_str(&run.text));
            }
            prop_assert_eq!(joined, text);
        }

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
