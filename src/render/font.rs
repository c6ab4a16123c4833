//! The embedded faces, loaded once for the process, and the shaping of words into glyphs.
//!
//! Text comes in as words (the stretches between two places where a line may break) and goes out as
//! glyphs in design units. A bounded cache keeps shaped words; a word's glyphs depend on nothing
//! but the word and the face, so that what is cached can never change a document.
//!
//! Never here: sizes, positions, lines.
//!
//! To add a face: its file in `fonts/`, a variant of [`Face`], a line in [`DATA`].

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use harfrust::{Buffer, Direction, Font, Script, ShapeOptions, ShapePlan, ShaperFont};
use unicode_script::UnicodeScript;

use crate::render::error::RenderError;
use crate::render::pages::{Face, Glyph};

/// All faces with their caches. Made once, shared by reference.
pub struct Fonts {
    faces: [Loaded; 3],
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

struct Loaded {
    face: Face,
    data: &'static [u8],
    font: Font,
    metrics: Metrics,
    plans: [ShapePlan; SCRIPTS.len()],
    covered: Box<[u64]>,
    hasher: RandomState,
    shards: [Shard; SHARDS],
}

type Shard = RwLock<HashMap<Box<str>, Arc<Word>>>;

impl Fonts {
    /// Loads the embedded faces.
    ///
    /// # Errors
    /// [`RenderError::Font`]: the file in the binary is not a font.
    pub fn builtin() -> Result<Self, RenderError> {
        let [regular, bold, italic] = DATA;
        Ok(Self { faces: [load(regular)?, load(bold)?, load(italic)?] })
    }

    /// The whole font file of a face.
    pub fn data(&self, face: Face) -> &'static [u8] {
        self.loaded(face).data
    }

    /// The measures of a face.
    pub fn metrics(&self, face: Face) -> &Metrics {
        &self.loaded(face).metrics
    }

    /// Whether each face draws the character.
    pub fn covers(&self, character: char) -> bool {
        self.faces.iter().all(|face| face.covers(character))
    }

    /// The first character of `text` which some face cannot draw.
    pub fn uncovered(&self, text: &str) -> Option<char> {
        text.chars().find(|character| !self.covers(*character))
    }

    /// Shapes one line of text at a size in points. Clusters are byte offsets into `text`.
    ///
    /// # Errors
    /// [`MissingGlyph`]: the face cannot draw a character of the text.
    pub fn shape(&self, text: &str, face: Face, size: f32) -> Result<Vec<Glyph>, MissingGlyph> {
        let word = self.word(text, face)?;
        let scale = self.scale(face, size);
        Ok(word.glyphs.iter().map(|glyph| glyph.scaled(scale, 0)).collect())
    }

    /// Points to a design unit.
    pub(crate) fn scale(&self, face: Face, size: f32) -> f32 {
        size / self.loaded(face).metrics.units_per_em
    }

    /// A word's glyphs, from the cache where it holds them.
    pub(crate) fn word(&self, text: &str, face: Face) -> Result<Arc<Word>, MissingGlyph> {
        let loaded = self.loaded(face);
        let shard = loaded.shard(text);
        if let Some(word) = shard.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(Arc::clone(word));
        }
        let word = Arc::new(loaded.shape(text)?);
        let mut words = shard.write().unwrap_or_else(PoisonError::into_inner);
        if words.len() >= WORDS_A_SHARD {
            words.clear();
        }
        if text.len() <= LONGEST_CACHED {
            words.insert(text.into(), Arc::clone(&word));
        }
        Ok(word)
    }

    const fn loaded(&self, face: Face) -> &Loaded {
        let [regular, bold, italic] = &self.faces;
        match face {
            Face::Regular => regular,
            Face::Bold => bold,
            Face::Italic => italic,
        }
    }
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Fonts")
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

impl Loaded {
    fn covers(&self, character: char) -> bool {
        let code = character as usize;
        self.covered.get(code / 64).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
    }

    fn shard(&self, text: &str) -> &Shard {
        let hash = self.hasher.hash_one(text) as usize;
        &self.shards[hash % SHARDS]
    }

    fn shape(&self, text: &str) -> Result<Word, MissingGlyph> {
        let script = script_of(text);
        let plan = SCRIPTS.iter().position(|known| *known == script).unwrap_or(0);
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(Some(SCRIPTS[plan]));
        let options = ShapeOptions::new().plan(self.plans.get(plan));
        let missing = |character| MissingGlyph { character, face: self.face };
        harfrust::shape(&ShaperFont::new(&self.font), &mut buffer, options)
            .map_err(|_| missing(first(text)))?;
        let mut word = Vec::with_capacity(buffer.len());
        for (glyph, place) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            let id = u16::try_from(glyph.glyph_id).unwrap_or(0);
            if id == 0 {
                return Err(missing(self.culprit(text, glyph.cluster)));
            }
            word.push(Shaped {
                id,
                advance: place.x_advance,
                x_offset: place.x_offset,
                y_offset: place.y_offset,
                cluster: glyph.cluster,
            });
        }
        Ok(Word::of(word, text.trim_end_matches(' ').len()))
    }

    /// The character at a cluster that has no glyph.
    fn culprit(&self, text: &str, cluster: u32) -> char {
        let rest = text.get(cluster as usize..).unwrap_or(text);
        rest.chars().find(|character| !self.covers(*character)).unwrap_or_else(|| first(rest))
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

fn load((face, data): (Face, &'static [u8])) -> Result<Loaded, RenderError> {
    let font = Font::new(data, 0).ok_or(RenderError::Font(face))?;
    let metrics = measures(&font).ok_or(RenderError::Font(face))?;
    let plans = SCRIPTS
        .map(|script| ShapePlan::new(&font, Direction::LeftToRight, Some(script), None, &[]));
    let covered = coverage(&font);
    let shards = std::array::from_fn(|_| RwLock::default());
    Ok(Loaded { face, data, font, metrics, plans, covered, hasher: RandomState::new(), shards })
}

fn measures(font: &Font) -> Option<Metrics> {
    let metrics = font.metrics();
    let line = metrics.hhea_line?;
    Some(Metrics {
        units_per_em: f32::from(metrics.units_per_em),
        ascent: line.ascender.to_f64() as f32,
        descent: line.descender.to_f64() as f32,
        cap_height: metrics.cap_height?.to_f64() as f32,
    })
}

/// A bit for each code point that the face maps.
fn coverage(font: &Font) -> Box<[u64]> {
    let mut bits = Vec::new();
    for (code, _) in font.charmap().unicodes() {
        let place = code as usize / 64;
        if bits.len() <= place {
            bits.resize(place + 1, 0_u64);
        }
        bits[place] |= 1 << (code % 64);
    }
    bits.into()
}

/// The script of the first letter that has one.
fn script_of(text: &str) -> Script {
    let scripts = text.chars().map(|character| character.script());
    scripts
        .filter_map(|script| match script {
            unicode_script::Script::Latin => Some(Script::LATIN),
            unicode_script::Script::Greek => Some(Script::GREEK),
            unicode_script::Script::Cyrillic => Some(Script::CYRILLIC),
            _ => None,
        })
        .next()
        .unwrap_or(Script::LATIN)
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The scripts that the faces are drawn for; others are refused as missing glyphs.
const SCRIPTS: [Script; 3] = [Script::LATIN, Script::GREEK, Script::CYRILLIC];

const DATA: [(Face, &[u8]); 3] = [
    (Face::Regular, include_bytes!("../../fonts/NotoSans-Regular.ttf")),
    (Face::Bold, include_bytes!("../../fonts/NotoSans-Bold.ttf")),
    (Face::Italic, include_bytes!("../../fonts/NotoSans-Italic.ttf")),
];

/// So that workers seldom wait for each other.
const SHARDS: usize = 16;
/// With the longest word this keeps a face's cache under some 20 MB, and in practice under 2.
const WORDS_A_SHARD: usize = 1024;
/// Longer stretches are seldom words that come again.
const LONGEST_CACHED: usize = 48;

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
    fn a_character_without_a_glyph_is_named() {
        let fonts = fonts();
        let fault = fonts.shape("abc \u{4f60} d", Face::Bold, 12.0).expect_err("no Chinese face");
        assert_eq!(fault, MissingGlyph { character: '\u{4f60}', face: Face::Bold });
        assert_eq!(fonts.uncovered("abc \u{4f60}"), Some('\u{4f60}'));
    }

    #[test]
    fn a_cached_word_is_the_word_as_shaped_anew() {
        let (warm, cold) = (fonts(), fonts());
        for text in ["Tomos ", "AVATAR", "fi"] {
            warm.word(text, Face::Regular).expect("drawn");
        }
        for text in ["Tomos ", "AVATAR", "fi"] {
            let (again, anew) = (warm.word(text, Face::Regular), cold.word(text, Face::Regular));
            assert_eq!(again.expect("drawn"), anew.expect("drawn"));
        }
    }

    #[test]
    fn the_cache_stays_bounded() {
        let fonts = fonts();
        for number in 0..40_000 {
            fonts.word(&number.to_string(), Face::Regular).expect("drawn");
        }
        let shards = &fonts.loaded(Face::Regular).shards;
        let kept: usize = shards.iter().map(|shard| shard.read().expect("sound").len()).sum();
        assert!(kept <= SHARDS * WORDS_A_SHARD, "{kept}");
    }

    #[test]
    fn blanks_at_the_end_of_a_word_have_no_ink() {
        let fonts = fonts();
        let (bare, spaced) = (fonts.word("end", Face::Regular), fonts.word("end ", Face::Regular));
        let (bare, spaced) = (bare.expect("drawn"), spaced.expect("drawn"));
        assert_eq!(bare.advance, spaced.ink_advance);
        assert!(spaced.advance > bare.advance);
    }
}
