//! The embedded faces: their files, their names, and which script each is for.
//!
//! Three faces draw English and every other language in Latin, Greek or Cyrillic letters; the
//! further ones draw names in scripts that those lack, are read only once such a name comes, and
//! cost a document without one nothing. Origin, licence and coverage: `fonts/README.md`.
//!
//! To add a script: its files in `fonts/`, its variants of [`Face`], their lines in [`FACES`] in
//! the same order, its line in [`WRITINGS`].

use unicode_script::{Script, UnicodeScript};

use super::pages::{Face, Run};

/// A face's file.
pub(crate) struct Source {
    pub face: Face,
    /// As the PDF names it.
    pub name: &'static str,
    pub data: &'static [u8],
}

/// How many faces there are.
pub(crate) const COUNT: usize = FACES.len();

/// How many of them draw any text; the rest draw further scripts.
pub(crate) const PLAIN: usize = 3;

/// Place of a face in [`FACES`].
pub(crate) const fn position(face: Face) -> usize {
    face as usize
}

/// The file of a face.
pub(crate) const fn source(face: Face) -> &'static Source {
    &FACES[position(face)]
}

/// Whether the face is one of a further script.
pub(crate) const fn is_further(face: Face) -> bool {
    position(face) >= PLAIN
}

/// Whether the face's letters run from right to left.
pub(crate) const fn is_leftward(face: Face) -> bool {
    matches!(face, Face::Arabic | Face::ArabicBold | Face::Hebrew | Face::HebrewBold)
}

/// The script of a further face.
pub(super) fn script(face: Face) -> Option<Script> {
    let of = |writing: &&Writing| writing.regular == face || writing.bold == face;
    WRITINGS.iter().find(of).map(|writing| writing.script)
}

/// Whether the face's glyphs may be more or fewer than the characters, or stand in another order.
pub(crate) const fn is_complex(face: Face) -> bool {
    is_further(face) && !matches!(face, Face::Chinese)
}

/// Whether two neighbours on a line are parts of one name in a further script: of one face, or an
/// apostrophe in a plain face beside it, as Hebrew names have.
pub(crate) fn is_one_name(run: &Run, next: &Run) -> bool {
    let is_apostrophe = |run: &Run| matches!(run.text.as_str(), "'" | "’" | "\"");
    run.owner == next.owner
        && match (is_further(run.face), is_further(next.face)) {
            (true, true) => run.face == next.face,
            (true, false) => is_apostrophe(next),
            (false, true) => is_apostrophe(run),
            (false, false) => false,
        }
}

/// The language of a run in a further script, BCP 47: as far as its letters tell. None for text in
/// the plain faces, and for blanks.
pub(crate) fn language(face: Face, text: &str) -> Option<&'static str> {
    let script = script(face)?;
    let any = |letters: &[char]| text.contains(letters);
    Some(match script {
        _ if text.trim().is_empty() => return None,
        Script::Arabic if any(&URDU) => "ur",
        // Persian, Kurdish, Pashto, Sindhi and others share these.
        Script::Arabic if any(&BEYOND_ARABIC) => "und-Arab",
        Script::Arabic => "ar",
        Script::Hebrew => "he",
        Script::Bengali if any(&['ৰ', 'ৱ']) => "as",
        Script::Bengali => "bn",
        Script::Gurmukhi => "pa",
        // Hindi, Marathi, Nepali and others share all of its letters.
        Script::Devanagari => "und-Deva",
        Script::Gujarati => "gu",
        Script::Tamil => "ta",
        _ if text.chars().any(is_kana) => "ja",
        _ => "zh",
    })
}

fn is_kana(character: char) -> bool {
    matches!(character.script(), Script::Hiragana | Script::Katakana)
}

/// Letters of Urdu that neither Arabic nor Persian has.
const URDU: [char; 7] = ['ٹ', 'ڈ', 'ڑ', 'ں', 'ہ', 'ھ', 'ے'];
/// Letters of many languages that Arabic has not.
const BEYOND_ARABIC: [char; 14] =
    ['پ', 'چ', 'ژ', 'گ', 'ک', 'ی', 'ڤ', 'ۆ', 'ێ', 'ڵ', 'ڕ', 'ې', 'ځ', 'څ'];

/// The further faces that may draw a character beside one of the plain faces: those of its script,
/// and for a sign that several scripts share, of each.
pub(crate) fn further(character: char, beside: Face) -> impl Iterator<Item = Face> {
    let scripts = character.script_extension();
    let of = move |writing: &&Writing| match scripts.is_common() {
        // Wide forms of common signs are drawn for Chinese lines.
        true => writing.script == Script::Han,
        false => scripts.contains_script(writing.script),
    };
    let face = move |writing: &Writing| match beside {
        Face::Bold => writing.bold,
        _ => writing.regular,
    };
    WRITINGS.iter().filter(of).map(face)
}

/// A script with faces of its own. Where it has no bold face the regular one stands for it: a
/// thickened outline is nobody's letter.
struct Writing {
    script: Script,
    regular: Face,
    bold: Face,
}

const fn writing(script: Script, regular: Face, bold: Face) -> Writing {
    Writing { script, regular, bold }
}

const WRITINGS: [Writing; 11] = [
    writing(Script::Arabic, Face::Arabic, Face::ArabicBold),
    writing(Script::Hebrew, Face::Hebrew, Face::HebrewBold),
    writing(Script::Bengali, Face::Bengali, Face::BengaliBold),
    writing(Script::Gurmukhi, Face::Gurmukhi, Face::GurmukhiBold),
    writing(Script::Devanagari, Face::Devanagari, Face::DevanagariBold),
    writing(Script::Gujarati, Face::Gujarati, Face::GujaratiBold),
    writing(Script::Tamil, Face::Tamil, Face::TamilBold),
    writing(Script::Han, Face::Chinese, Face::Chinese),
    writing(Script::Bopomofo, Face::Chinese, Face::Chinese),
    writing(Script::Hiragana, Face::Chinese, Face::Chinese),
    writing(Script::Katakana, Face::Chinese, Face::Chinese),
];

macro_rules! file {
    ($face:ident, $name:literal, $ending:literal) => {
        Source {
            face: Face::$face,
            name: $name,
            data: include_bytes!(concat!("../../fonts/", $name, ".", $ending)),
        }
    };
}

/// All faces in the order of [`Face`].
pub(crate) static FACES: [Source; 18] = [
    file!(Regular, "NotoSans-Regular", "ttf"),
    file!(Bold, "NotoSans-Bold", "ttf"),
    file!(Italic, "NotoSans-Italic", "ttf"),
    file!(Arabic, "NotoSansArabic-Regular", "ttf"),
    file!(ArabicBold, "NotoSansArabic-Bold", "ttf"),
    file!(Hebrew, "NotoSansHebrew-Regular", "ttf"),
    file!(HebrewBold, "NotoSansHebrew-Bold", "ttf"),
    file!(Bengali, "NotoSansBengali-Regular", "ttf"),
    file!(BengaliBold, "NotoSansBengali-Bold", "ttf"),
    file!(Gurmukhi, "NotoSansGurmukhi-Regular", "ttf"),
    file!(GurmukhiBold, "NotoSansGurmukhi-Bold", "ttf"),
    file!(Devanagari, "NotoSansDevanagari-Regular", "ttf"),
    file!(DevanagariBold, "NotoSansDevanagari-Bold", "ttf"),
    file!(Gujarati, "NotoSansGujarati-Regular", "ttf"),
    file!(GujaratiBold, "NotoSansGujarati-Bold", "ttf"),
    file!(Tamil, "NotoSansTamil-Regular", "ttf"),
    file!(TamilBold, "NotoSansTamil-Bold", "ttf"),
    file!(Chinese, "NotoSansCJKsc-Regular", "otf"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::{hex, sha256};

    #[test]
    fn faces_stand_in_the_order_of_their_names() {
        for (place, source) in FACES.iter().enumerate() {
            assert_eq!(position(source.face), place);
        }
    }

    #[test]
    fn each_file_is_the_one_that_its_readme_describes() {
        let readme = include_str!("../../fonts/README.md");
        for source in &FACES {
            let row = readme.lines().find(|line| line.contains(&format!("`{}.", source.name)));
            let digest = hex(&sha256(source.data));
            assert!(row.is_some_and(|row| row.contains(&digest)), "{}: {digest}", source.name);
        }
    }

    #[test]
    fn a_bold_name_in_chinese_is_drawn_in_the_face_that_there_is() {
        assert_eq!(further('王', Face::Bold).collect::<Vec<_>>(), [Face::Chinese]);
        assert_eq!(further('م', Face::Bold).collect::<Vec<_>>(), [Face::ArabicBold]);
        assert_eq!(further('م', Face::Italic).collect::<Vec<_>>(), [Face::Arabic]);
    }

    #[test]
    fn a_sign_of_many_scripts_may_be_drawn_by_the_face_of_each() {
        let danda: Vec<Face> = further('।', Face::Regular).collect();
        assert!(danda.contains(&Face::Bengali) && danda.contains(&Face::Gurmukhi), "{danda:?}");
    }
}
