//! Fonts as documents embed them. Each face has a base subset, the letters that courts always use,
//! made and deflated once a process; a document that needs more gets base and extras, kept by the
//! extras alone, so that no document changes the bytes of a later one. Nothing here shapes or
//! paints.
//!
//! The faces of further scripts have a base of the space alone, and are read when first drawn with.
//!
//! To add a face: `render/face.rs`.

mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use libdeflater::{CompressionLvl, Compressor};
use subsetter::GlyphRemapper;

use super::face::{self, COUNT, FACES, PLAIN, position};
use super::pages::{Face, Item, Pages, Run};
use crate::digest::sha256;
use tables::FaceTables;

/// A face that cannot be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the face {0:?} cannot be read or cut")]
pub struct BrokenFace(pub Face);

/// Cuts by the place of their face in [`FACES`] and their extras.
type Kept = HashMap<(usize, Vec<u16>), Arc<Embedded>>;

/// All faces, ready to be cut. One a process, shared.
#[derive(Debug)]
pub struct Subsets {
    faces: [OnceLock<Option<Source>>; COUNT],
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Source {
    data: &'static [u8],
    tables: FaceTables,
    base: Arc<Embedded>,
}

/// The faces that a document draws with, in the order of [`FACES`].
pub(crate) type Drawing = [Option<Arc<Embedded>>; COUNT];

/// One face as one document embeds it: a part of its file and what the PDF says of it.
#[derive(Debug)]
pub(crate) struct Embedded {
    /// With its tag, PDF 32000-1, 9.6.4.
    pub name: String,
    pub descriptor: Descriptor,
    /// How its outlines are written.
    pub outlines: Outlines,
    /// The file, deflated.
    pub program: Vec<u8>,
    /// Its length before that.
    pub program_length: usize,
    /// The inside of `/W`.
    pub widths: String,
    /// The ToUnicode map, deflated.
    pub unicode: Vec<u8>,
    codes: Vec<Code>,
    /// By glyph of the whole face: its place in `codes`, counted from 1.
    places: Vec<u16>,
    space: u16,
}

/// How outlines are written, and with them the font program. PDF 32000-1, table 126.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlines {
    /// A TrueType file.
    TrueType,
    /// The table `CFF ` alone.
    Compact,
}

/// A glyph as the document's strings name it.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub number: u16,
    /// Thousandths of an em.
    pub width: i32,
    /// What ToUnicode says that it draws.
    pub text: String,
}

/// The numbers of a font descriptor. PDF 32000-1, table 122.
#[derive(Debug, Clone)]
pub(crate) struct Descriptor {
    pub bbox: [i32; 4],
    pub ascent: i32,
    pub descent: i32,
    pub cap_height: i32,
    pub italic_angle: f32,
    pub flags: u32,
    pub stem: u32,
}

impl Subsets {
    /// Cuts the base of each plain face.
    ///
    /// # Errors
    /// [`BrokenFace`] where a file is no font that we can read.
    pub fn new() -> Result<Self, BrokenFace> {
        let subsets = Self { faces: [const { OnceLock::new() }; COUNT], kept: Mutex::default() };
        for source in &FACES[..PLAIN] {
            subsets.source(position(source.face))?;
        }
        Ok(subsets)
    }

    /// The faces that the document draws with.
    pub(crate) fn of(&self, pages: &Pages) -> Result<Drawing, BrokenFace> {
        let mut drawn: [Drawn; COUNT] = Default::default();
        for page in &pages.pages {
            for item in &page.items {
                if let Item::Run(run) = item {
                    let place = position(run.face);
                    drawn[place].add(run, &self.source(place)?.base);
                }
            }
        }
        let mut embedded = [const { None }; COUNT];
        for (place, drawn) in drawn.into_iter().enumerate().filter(|(_, drawn)| drawn.used) {
            embedded[place] = Some(self.cut(place, drawn.extras)?);
        }
        Ok(embedded)
    }

    fn source(&self, place: usize) -> Result<&Source, BrokenFace> {
        let face = FACES[place].face;
        self.faces[place].get_or_init(|| Source::read(face)).as_ref().ok_or(BrokenFace(face))
    }

    /// Glyph and width of a character, for tests that lay pages out by hand.
    #[cfg(test)]
    pub(crate) fn glyph_of(&self, face: Face, character: char) -> Option<(u16, i32)> {
        let tables = &self.source(position(face)).ok()?.tables;
        let glyph = *tables.glyphs.get(&character)?;
        Some((glyph, tables.widths[usize::from(glyph)]))
    }

    fn cut(
        &self,
        place: usize,
        extras: BTreeMap<u16, String>,
    ) -> Result<Arc<Embedded>, BrokenFace> {
        let source = self.source(place)?;
        if extras.is_empty() {
            return Ok(Arc::clone(&source.base));
        }
        // Only glyphs whose text the face itself gives are the same in each document.
        let own = |glyph: &u16| source.tables.characters.contains_key(glyph);
        let key = (place, extras.keys().copied().collect::<Vec<_>>());
        let keep = extras.keys().all(own);
        if keep && let Some(found) = self.kept().get(&key) {
            return Ok(Arc::clone(found));
        }
        let face = FACES[place].face;
        let cut = cut(face, source.data, &source.tables, &extras).ok_or(BrokenFace(face))?;
        let cut = Arc::new(cut);
        if keep {
            let mut kept = self.kept();
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(key, Arc::clone(&cut));
        }
        Ok(cut)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    fn read(face: Face) -> Option<Self> {
        let data = face::source(face).data;
        let tables = FaceTables::read(data)?;
        let base = Arc::new(cut(face, data, &tables, &BTreeMap::new())?);
        Some(Self { data, tables, base })
    }
}

impl Embedded {
    /// The code of a glyph of the whole face.
    pub fn code(&self, glyph: u16) -> Option<&Code> {
        let place = usize::from(*self.places.get(usize::from(glyph))?);
        self.codes.get(place.checked_sub(1)?)
    }

    /// The code of the space.
    pub const fn space(&self) -> u16 {
        self.space
    }
}

/// What a document draws with one face beyond the base, with the text that each glyph stands for.
#[derive(Default)]
struct Drawn {
    used: bool,
    extras: BTreeMap<u16, String>,
}

impl Drawn {
    fn add(&mut self, run: &Run, base: &Embedded) {
        self.used = true;
        for glyph in &run.glyphs {
            if base.code(glyph.id).is_some() || self.extras.contains_key(&glyph.id) {
                continue;
            }
            // In a run from right to left the next cluster stands before this one.
            let later = run.glyphs.iter().map(|g| g.cluster).filter(|c| *c > glyph.cluster);
            let end = later.min().map_or(run.text.len(), |cluster| cluster as usize);
            let text = run.text.get(glyph.cluster as usize..end).unwrap_or_default();
            self.extras.insert(glyph.id, text.to_owned());
        }
    }
}

/// Cuts the base and the extras out of a face.
fn cut(
    face: Face,
    data: &[u8],
    tables: &FaceTables,
    extras: &BTreeMap<u16, String>,
) -> Option<Embedded> {
    let mut remapper = GlyphRemapper::new();
    let base: BTreeSet<u16> =
        base(face).chars().filter_map(|c| tables.glyphs.get(&c).copied()).collect();
    let mut codes: Vec<Code> = Vec::with_capacity(base.len() + extras.len());
    let mut places = vec![0; tables.widths.len()];
    for glyph in base.iter().chain(extras.keys()) {
        let number = remapper.remap(*glyph);
        let text = match tables.characters.get(glyph) {
            Some(character) => character.to_string(),
            None => extras.get(glyph).cloned().unwrap_or_default(),
        };
        let width = tables.widths.get(usize::from(*glyph)).copied()?;
        codes.push(Code { number, width, text });
        *places.get_mut(usize::from(*glyph))? = u16::try_from(codes.len()).ok()?;
    }
    let (outlines, program) = program(subsetter::subset(data, 0, &remapper).ok()?)?;
    let missing = tables.widths.first().copied()?;
    let space = usize::from(*places.get(usize::from(*tables.glyphs.get(&' ')?))?);
    Some(Embedded {
        name: format!("{}+{}", tag(&program), face::source(face).name),
        descriptor: descriptor(face, tables),
        outlines,
        program_length: program.len(),
        program: deflate(&program),
        widths: widths(missing, &codes),
        unicode: deflate(to_unicode(&codes).as_bytes()),
        space: codes.get(space.checked_sub(1)?)?.number,
        codes,
        places,
    })
}

/// What of a cut file is embedded: all of TrueType, of others the outlines alone.
fn program(cut: Vec<u8>) -> Option<(Outlines, Vec<u8>)> {
    match tables::table(&cut, b"CFF ").map(<[u8]>::to_vec) {
        Some(outlines) => Some((Outlines::Compact, outlines)),
        None => tables::table(&cut, b"glyf").is_some().then_some((Outlines::TrueType, cut)),
    }
}

fn descriptor(face: Face, tables: &FaceTables) -> Descriptor {
    let italic = if face == Face::Italic { 64 } else { 0 };
    Descriptor {
        bbox: tables.bbox,
        ascent: tables.ascent,
        descent: tables.descent,
        cap_height: tables.cap_height,
        italic_angle: tables.italic_angle,
        // Non-symbolic would promise an encoding of names; glyphs are chosen by number. PDF
        // 32000-1, table 123.
        flags: 4 | italic,
        stem: if face::source(face).name.ends_with("-Bold") { 140 } else { 80 },
    }
}

fn widths(missing: i32, codes: &[Code]) -> String {
    let mut out = format!("0[{missing}");
    for code in codes {
        let _ = write!(out, " {}", code.width);
    }
    out.push(']');
    out
}

/// PDF 32000-1, 9.10.3.
fn to_unicode(codes: &[Code]) -> String {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n\
         <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName/Adobe-Identity-UCS def\n\
         /CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
    );
    let told: Vec<&Code> = codes.iter().filter(|code| !code.text.is_empty()).collect();
    for hundred in told.chunks(100) {
        let _ = writeln!(out, "{} beginbfchar", hundred.len());
        for code in hundred {
            let _ = write!(out, "<{:04X}><", code.number);
            for unit in code.text.encode_utf16() {
                let _ = write!(out, "{unit:04X}");
            }
            out.push_str(">\n");
        }
        out.push_str("endbfchar\n");
    }
    out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}

/// Six capitals that name the cut by its content.
fn tag(program: &[u8]) -> String {
    sha256(program)[..6].iter().map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    if let Ok(level) = CompressionLvl::new(LEVEL) {
        compressor = Compressor::new(level);
    }
    let mut out = vec![0; compressor.zlib_compress_bound(data.len())];
    // The bound is the library's own, so the room suffices.
    let length = compressor.zlib_compress(data, &mut out).unwrap_or(0);
    out.truncate(length);
    out
}

/// The characters of every order in a face: what is rare costs a cut of its own, what is here costs
/// each file.
const fn base(face: Face) -> &'static str {
    match face {
        Face::Regular | Face::Bold => {
            " &'()+,-./0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz£·–—‘’“”•"
        }
        Face::Italic => " ()',-.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz’",
        _ => " ",
    }
}

/// How many cuts with extras are kept. A cut is some ten kilobytes.
const KEPT: usize = 256;

/// The best level: a cut is packed once and written many times.
const LEVEL: i32 = 12;
