//! The embedded faces, loaded once for the process, and the shaping of words into glyphs.
//!
//! Text comes in as words (the stretches between two places where a line may break) and goes out as
//! glyphs in design units. A bounded cache keeps shaped words; a word's glyphs depend on nothing
//! but the word, the face and the direction, so that what is cached can never change a document.
//! The faces of further scripts are loaded when the first name in them comes.
//!
//! Never here: sizes, positions, lines; which part of a line is in which face ([`super::writing`]).
//!
//! To add a face: `face.rs`.

mod loaded;

use std::sync::{Arc, OnceLock};

use super::face::{self, COUNT, FACES, PLAIN};
use crate::render::error::RenderError;
use crate::render::pages::{Face, Glyph};
use loaded::Loaded;

/// All faces with their caches. Made once, shared by reference.
pub struct Fonts {
    plain: [Loaded; PLAIN],
    /// Empty where a file is no font: none of its letters is covered then.
    further: [OnceLock<Option<Loaded>>; COUNT - PLAIN],
}

/// A face's measures in design units; y grows upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// Design units to the em.
    pub units_per_em: f32,
    /// Above the baseline.
    pub ascent: f32,
    /// Below the baseline: negative.
    pub descent: f32,
    /// Height of a capital letter.
    pub cap_height: f32,
}

/// No face draws this character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no glyph for U+{:04X} in the {face:?} face", *character as u32)]
pub struct MissingGlyph {
    /// The character.
    pub character: char,
    /// The face asked for.
    pub face: Face,
}

/// A shaped word, in design units.
#[derive(Debug, PartialEq)]
pub(crate) struct Word {
    /// From left to right.
    pub(crate) glyphs: Box<[Shaped]>,
    /// Of all glyphs.
    pub(crate) advance: i32,
    /// Without the blanks at its end.
    pub(crate) ink_advance: i32,
}

/// A glyph of a [`Word`], in design units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shaped {
    pub(crate) id: u16,
    pub(crate) advance: i32,
    pub(crate) x_offset: i32,
    pub(crate) y_offset: i32,
    /// Byte offset into the word.
    pub(crate) cluster: u32,
}

impl Fonts {
    /// Loads the faces that draw any text.
    ///
    /// # Errors
    /// [`RenderError::Font`]: the file in the binary is not a font.
    pub fn builtin() -> Result<Self, RenderError> {
        let load = |face| Loaded::of(face).ok_or(RenderError::Font(face));
        Ok(Self {
            plain: [load(Face::Regular)?, load(Face::Bold)?, load(Face::Italic)?],
            further: [const { OnceLock::new() }; COUNT - PLAIN],
        })
    }

    /// The measures of a face.
    pub fn metrics(&self, face: Face) -> &Metrics {
        &self.loaded(face).metrics
    }

    /// Whether the character can be drawn, in each weight and slope.
    pub fn covers(&self, character: char) -> bool {
        self.is_plain(character)
            || [Face::Regular, Face::Bold]
                .iter()
                .all(|beside| self.beside(character, *beside).is_some())
    }

    /// The first character of `text` which no face can draw.
    pub fn uncovered(&self, text: &str) -> Option<char> {
        text.chars().find(|character| !self.covers(*character))
    }

    /// Whether each plain face draws the character.
    pub(crate) fn is_plain(&self, character: char) -> bool {
        self.plain.iter().all(|face| face.covers(character))
    }

    /// Whether the face draws the character.
    pub(crate) fn draws(&self, face: Face, character: char) -> bool {
        self.loaded(face).covers(character)
    }

    /// The further face that draws a character beside one of the plain faces.
    pub(crate) fn beside(&self, character: char, plain: Face) -> Option<Face> {
        face::further(character, plain).find(|further| self.draws(*further, character))
    }

    /// Shapes one line of text at a size in points. Clusters are byte offsets into `text`.
    ///
    /// # Errors
    /// [`MissingGlyph`]: the face cannot draw a character of the text.
    pub fn shape(&self, text: &str, face: Face, size: f32) -> Result<Vec<Glyph>, MissingGlyph> {
        let word = self.word(text, face, face::is_leftward(face))?;
        let scale = self.scale(face, size);
        Ok(word.glyphs.iter().map(|glyph| glyph.scaled(scale, 0)).collect())
    }

    /// Points to a design unit.
    pub(crate) fn scale(&self, face: Face, size: f32) -> f32 {
        size / self.loaded(face).metrics.units_per_em
    }

    /// A word's glyphs, from the cache where it holds them. `leftward`: it runs from right to left.
    pub(crate) fn word(
        &self,
        text: &str,
        face: Face,
        leftward: bool,
    ) -> Result<Arc<Word>, MissingGlyph> {
        self.loaded(face).word(text, leftward)
    }

    fn loaded(&self, face: Face) -> &Loaded {
        let [regular, ..] = &self.plain;
        let place = face::position(face);
        if let Some(plain) = self.plain.get(place) {
            return plain;
        }
        let further = self.further.get(place - PLAIN);
        further.and_then(|of| of.get_or_init(|| Loaded::of(face)).as_ref()).unwrap_or(regular)
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(FACES.iter().map(|source| source.name)).finish()
    }
}

impl Shaped {
    /// In points, with its cluster moved to where the word stands in its run.
    pub(crate) fn scaled(&self, scale: f32, from: usize) -> Glyph {
        Glyph {
            id: self.id,
            advance: self.advance as f32 * scale,
            x_offset: self.x_offset as f32 * scale,
            y_offset: self.y_offset as f32 * scale,
            cluster: self.cluster + u32::try_from(from).unwrap_or(u32::MAX),
        }
    }
}

impl Word {
    fn of(glyphs: Vec<Shaped>, ink_end: usize) -> Self {
        let advance = glyphs.iter().map(|glyph| glyph.advance).sum();
        let ink = glyphs.iter().filter(|glyph| (glyph.cluster as usize) < ink_end);
        let ink_advance = ink.map(|glyph| glyph.advance).sum();
        Self { glyphs: glyphs.into(), advance, ink_advance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> Fonts {
        Fonts::builtin().expect("the embedded faces load")
    }

    #[test]
    fn every_face_draws_the_letters_of_welsh_polish_vietnamese_greek_and_cyrillic_names() {
        let fonts = fonts();
        for text in ["Ŵyr ŷ Tŷ-Mawr", "Łukasz Wzór", "Nguyễn Thị Mẫu", "Ελένη", "Иванов §’–•\u{a0}"]
        {
            for face in [Face::Regular, Face::Bold, Face::Italic] {
                let glyphs = fonts.shape(text, face, 12.0).expect("drawn");
                assert!(!glyphs.is_empty() && glyphs.iter().all(|glyph| glyph.id != 0), "{text}");
            }
            assert_eq!(fonts.uncovered(text), None);
        }
    }

    #[test]
    fn names_in_further_scripts_are_covered_in_each_weight() {
        let fonts = fonts();
        for text in [
            "محمد علي العربي",
            "ڈاکٹر فاطمہ گلزار ں ے ھ",
            "\u{5d3}\u{5d5}\u{5d3} \u{5be} \u{5b8}",
            "রবীন্দ্রনাথ শ্রীকৃষ্ণ ৎ ঁ",
            "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ ੜ",
            "श्रीमती क्षत्रिय",
            "ગુજરાતી",
            "தமிழ்ச்செல்வி",
            "王小明 陳大文 𠮷 𡋾 㐂 龘",
        ] {
            let text = text.replace(['\u{200c}', '\u{200d}'], "");
            assert_eq!(fonts.uncovered(&text), None, "{text}");
        }
        for character in ['\u{202e}', '\u{2066}', '\u{feff}', '\u{200b}', '\u{ad}', 'ሀ', '가'] {
            assert!(!fonts.covers(character), "U+{:04X}", u32::from(character));
        }
    }

    #[test]
    fn a_further_face_is_read_when_its_first_name_comes_and_not_before() {
        let fonts = fonts();
        let read = || fonts.further.iter().filter(|face| face.get().is_some()).count();
        assert_eq!(fonts.uncovered("Siân Ŵyn-Łukasz (née O’Brien) — Đặng Θεός Жук"), None);
        fonts.word("Siân ", Face::Bold, false).expect("drawn");
        assert_eq!(read(), 0);
        assert!(fonts.beside('م', Face::Bold).is_some());
        assert_eq!(read(), 1);
    }

    #[test]
    fn a_character_without_a_glyph_is_named() {
        let fonts = fonts();
        let fault = fonts.shape("abc \u{1200} d", Face::Bold, 12.0).expect_err("no such face");
        assert_eq!(fault, MissingGlyph { character: '\u{1200}', face: Face::Bold });
        assert_eq!(fonts.uncovered("abc \u{1200}"), Some('\u{1200}'));
    }

    #[test]
    fn a_cached_word_is_the_word_as_shaped_anew() {
        let (warm, cold) = (fonts(), fonts());
        for text in ["Tomos ", "AVATAR", "fi"] {
            warm.word(text, Face::Regular, false).expect("drawn");
        }
        for text in ["Tomos ", "AVATAR", "fi"] {
            let (again, anew) =
                (warm.word(text, Face::Regular, false), cold.word(text, Face::Regular, false));
            assert_eq!(again.expect("drawn"), anew.expect("drawn"));
        }
    }

    #[test]
    fn blanks_at_the_end_of_a_word_have_no_ink() {
        let fonts = fonts();
        let (bare, spaced) =
            (fonts.word("end", Face::Regular, false), fonts.word("end ", Face::Regular, false));
        let (bare, spaced) = (bare.expect("drawn"), spaced.expect("drawn"));
        assert_eq!(bare.advance, spaced.ink_advance);
        assert!(spaced.advance > bare.advance);
    }
}
