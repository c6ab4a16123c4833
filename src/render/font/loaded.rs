//! One face: its tables, its plans of shaping, its words.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use harfrust::{Buffer, Direction, Font, Script, ShapeOptions, ShapePlan, ShaperFont, Tag};
use unicode_script::UnicodeScript;

use super::{Metrics, MissingGlyph, Shaped, Word};
use crate::render::face;
use crate::render::pages::Face;

pub(super) struct Loaded {
    face: Face,
    font: Font,
    pub(super) metrics: Metrics,
    /// In the direction of the face's letters.
    plans: Vec<(Script, ShapePlan)>,
    covered: Box<[u64]>,
    hasher: RandomState,
    shards: [Shard; SHARDS],
}

/// Words by the hash of their text, which is theirs alone or they are not kept.
type Shard = RwLock<HashMap<u64, Kept, BuildHasherDefault<AsItIs>>>;

struct Kept {
    text: Box<str>,
    word: Arc<Word>,
}

/// The hash of a hash: itself.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash << 8) | u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Loaded {
    /// Reads the face's file; none where it is no font.
    pub(super) fn of(face: Face) -> Option<Self> {
        let font = Font::new(face::source(face).data, 0)?;
        let metrics = measures(&font)?;
        let direction = direction(face::is_leftward(face));
        let plan = |script| (script, ShapePlan::new(&font, direction, Some(script), None, &[]));
        let plans = match face::script(face).and_then(tag) {
            Some(script) => vec![plan(script)],
            None => PLAIN_SCRIPTS.map(plan).into(),
        };
        let covered = coverage(&font);
        let shards = std::array::from_fn(|_| RwLock::default());
        Some(Self { face, font, metrics, plans, covered, hasher: RandomState::new(), shards })
    }

    pub(super) fn covers(&self, character: char) -> bool {
        let code = character as usize;
        self.covered.get(code / 64).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
    }

    /// A word's glyphs. Only words in the direction of the face's letters are kept.
    pub(super) fn word(&self, text: &str, leftward: bool) -> Result<Arc<Word>, MissingGlyph> {
        if leftward != face::is_leftward(self.face) {
            return self.shape(text, leftward).map(Arc::new);
        }
        let hash = self.hasher.hash_one(text);
        // The lower and the upper end are the table's.
        let shard = &self.shards[(hash >> 32) as usize % SHARDS];
        let words = shard.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = words.get(&hash).filter(|kept| *kept.text == *text) {
            return Ok(Arc::clone(&kept.word));
        }
        drop(words);
        let word = Arc::new(self.shape(text, leftward)?);
        let mut words = shard.write().unwrap_or_else(PoisonError::into_inner);
        if words.len() >= WORDS_A_SHARD {
            words.clear();
        }
        if text.len() <= LONGEST_CACHED {
            words.insert(hash, Kept { text: text.into(), word: Arc::clone(&word) });
        }
        Ok(word)
    }

    fn shape(&self, text: &str, leftward: bool) -> Result<Word, MissingGlyph> {
        let script = script_of(text);
        let own = self.plans.iter().find(|(of, _)| Some(*of) == script).or(self.plans.first());
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_direction(direction(leftward));
        buffer.set_script(own.map(|(script, _)| *script));
        let planned = own.filter(|_| leftward == face::is_leftward(self.face));
        let options = ShapeOptions::new().plan(planned.map(|(_, plan)| plan));
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

const fn direction(leftward: bool) -> Direction {
    match leftward {
        true => Direction::RightToLeft,
        false => Direction::LeftToRight,
    }
}

/// The script of the first letter that has one.
fn script_of(text: &str) -> Option<Script> {
    use unicode_script::Script::{Common, Inherited};
    let scripts = text.chars().map(|character| character.script());
    scripts.filter(|script| !matches!(script, Common | Inherited)).find_map(tag)
}

/// As fonts name it. ISO 15924.
fn tag(script: unicode_script::Script) -> Option<Script> {
    Script::from_iso15924_tag(Tag::from_u32(script.as_iso15924_tag()))
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The scripts of the plain faces.
const PLAIN_SCRIPTS: [Script; 3] = [Script::LATIN, Script::GREEK, Script::CYRILLIC];

/// So that workers seldom wait for each other.
const SHARDS: usize = 16;
/// With the longest word this keeps a face's cache under some 20 MB, and in practice under 2.
const WORDS_A_SHARD: usize = 1024;
/// Longer stretches are seldom words that come again.
const LONGEST_CACHED: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_stays_bounded() {
        let face = Loaded::of(Face::Regular).expect("a font");
        for number in 0..40_000 {
            face.word(&number.to_string(), false).expect("drawn");
        }
        let kept: usize = face.shards.iter().map(|shard| shard.read().expect("sound").len()).sum();
        assert!(kept <= SHARDS * WORDS_A_SHARD, "{kept}");
    }
}
