//! Which part of a paragraph is drawn in which face, and which way it runs.
//!
//! A character goes to the face that was asked for wherever that draws it, so that English and
//! Welsh, and every language in their letters, stay in one face; any other goes to the face of its
//! script. Marks and joiners go with the letter before them; blanks, hyphens and full stops between
//! two parts of a name with the name, where its face has them.
//!
//! Never here: shaping, lines.

use unicode_script::{Script, UnicodeScript};

use super::direction;
use super::font::Fonts;
use super::pages::Face;
use super::paragraph::Stretch;

/// Text of one stretch in one face and direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub text: &'a str,
    pub stretch: usize,
    pub face: Face,
    /// Odd where it runs from right to left. UAX #9.
    pub level: u8,
}

impl Piece<'_> {
    pub const fn is_leftward(&self) -> bool {
        self.level % 2 == 1
    }
}

/// Whether all of it is drawn in the face asked for, from left to right.
pub(crate) fn is_plain(text: &str, fonts: &Fonts) -> bool {
    text.is_ascii() || text.chars().all(|c| c.is_ascii() || fonts.is_plain(c))
}

/// The pieces of a paragraph, whose joined text is `whole`, in reading order. What no face draws is
/// left to the face asked for, which will say so.
pub(crate) fn pieces<'a>(stretches: &[Stretch<'a>], whole: &str, fonts: &Fonts) -> Vec<Piece<'a>> {
    if is_plain(whole, fonts) {
        return stretches.iter().enumerate().map(|(at, of)| plain(at, of)).collect();
    }
    let levels = direction::levels(whole);
    let mut pieces = Vec::new();
    let mut from = 0;
    for (place, stretch) in stretches.iter().enumerate() {
        let levels = &levels[from..from + stretch.text.len()];
        split((place, stretch), levels, fonts, &mut pieces);
        from += stretch.text.len();
    }
    pieces
}

const fn plain<'a>(place: usize, stretch: &Stretch<'a>) -> Piece<'a> {
    Piece { text: stretch.text, stretch: place, face: stretch.face, level: 0 }
}

fn split<'a>(
    (place, stretch): (usize, &Stretch<'a>),
    levels: &[u8],
    fonts: &Fonts,
    pieces: &mut Vec<Piece<'a>>,
) {
    let text = stretch.text;
    let faces = faces(text, stretch.face, fonts);
    let mut begins = 0;
    let mut of = None;
    for ((at, _), face) in text.char_indices().zip(faces) {
        let here = (face, levels[at]);
        if let Some((face, level)) = of.filter(|before| *before != here) {
            pieces.push(Piece { text: &text[begins..at], stretch: place, face, level });
            begins = at;
        }
        of = Some(here);
    }
    if let Some((face, level)) = of {
        pieces.push(Piece { text: &text[begins..], stretch: place, face, level });
    }
}

/// The face of each character.
fn faces(text: &str, plain: Face, fonts: &Fonts) -> Vec<Face> {
    let mut faces: Vec<Face> = Vec::with_capacity(text.len());
    // The face of the last letter, and how many signs after it that face draws too.
    let mut before = plain;
    let mut signs = 0;
    for character in text.chars() {
        let face = choose(character, (plain, before), fonts);
        let is_sign = face == plain && character.script() == Script::Common;
        if is_sign && before != plain && fonts.draws(before, character) {
            signs += 1;
        } else {
            if face == before {
                let end = faces.len();
                faces[end - signs..].fill(face);
            }
            (before, signs) = (face, 0);
        }
        faces.push(face);
    }
    faces
}

/// The face of a character after one in the face `before`.
fn choose(character: char, (plain, before): (Face, Face), fonts: &Fonts) -> Face {
    let follows = character.script() == Script::Inherited;
    if follows && before != plain && fonts.draws(before, character) {
        return before;
    }
    if fonts.draws(plain, character) {
        return plain;
    }
    let shared = character.script() == Script::Common;
    if shared && before != plain && fonts.draws(before, character) {
        return before;
    }
    fonts.beside(character, plain).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::render::pages::{NodeId, Owner};

    static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::builtin().expect("fonts"));

    fn split(text: &str, face: Face) -> Vec<(&str, Face, u8)> {
        let stretch = Stretch { text, face, owner: Owner::Content(NodeId(0)) };
        let pieces = pieces(&[stretch], text, &FONTS);
        pieces.into_iter().map(|piece| (piece.text, piece.face, piece.level)).collect()
    }

    #[test]
    fn a_name_goes_to_the_face_of_its_script_and_nothing_else_does() {
        assert_eq!(
            split("known as محمد علي (Mo)", Face::Bold),
            [
                ("known as ", Face::Bold, 0),
                ("محمد علي", Face::ArabicBold, 1),
                (" (Mo)", Face::Bold, 0)
            ]
        );
        assert_eq!(
            split("王小明 and রবীন্দ্র", Face::Italic),
            [
                ("王小明", Face::Chinese, 0),
                (" and ", Face::Italic, 0),
                ("রবীন্দ্র", Face::Bengali, 0)
            ]
        );
    }

    #[test]
    fn signs_that_scripts_share_stay_with_the_name_before_them() {
        assert_eq!(split("ਗੁਰਮੀਤ।", Face::Regular), [("ਗੁਰਮੀਤ।", Face::Gurmukhi, 0)]);
        assert_eq!(split("নাম।", Face::Regular), [("নাম।", Face::Bengali, 0)]);
        assert_eq!(split("محمد، علي", Face::Regular), [("محمد، علي", Face::Arabic, 1)]);
    }

    #[test]
    fn signs_between_the_parts_of_a_name_are_drawn_with_it_and_those_after_it_are_not() {
        assert_eq!(split("בן-דוד", Face::Regular), [("בן-דוד", Face::Hebrew, 1)]);
        let name = ("এ. কে. রহমান", Face::Bengali, 0);
        assert_eq!(split("এ. কে. রহমান.", Face::Regular), [name, (".", Face::Regular, 0)]);
        let apostrophe = ("'", Face::Bold, 1);
        let parts = [("ג", Face::HebrewBold, 1), apostrophe, ("ורג", Face::HebrewBold, 1)];
        assert_eq!(split("ג'ורג", Face::Bold), parts);
    }

    #[test]
    fn text_in_plain_letters_is_one_piece() {
        for text in ["Siân Ŵyn", "Łukasz", "Đặng", "Ελένη", "Жук x\u{301}"] {
            assert_eq!(split(text, Face::Bold), [(text, Face::Bold, 0)]);
        }
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text(text in "[a-cא-גأ-تক-গਕ-ਗ一-丅 ।،(),0-9\u{9cd}\u{200d}-]{1,40}") {
            let pieces = split(&text, Face::Regular);
            prop_assert!(pieces.iter().all(|piece| !piece.0.is_empty()));
            prop_assert_eq!(pieces.iter().map(|piece| piece.0).collect::<String>(), &*text);
        }
    }
}
