//! Text as the search compares it: NFKC, case-folded, without spaces and punctuation.

use memchr::memmem;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
use zeroize::Zeroizing;

/// What stood before a character and was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    Nothing,
    Punctuation,
    Space,
}

/// Folded text that remembers where its words began.
pub(super) struct Folded {
    text: String,
    /// For each byte of `text`, what stood before the character that it begins; nothing stands
    /// before a byte within a character.
    gaps: Vec<Gap>,
    /// A bit for each three bytes in a row that `text` holds: most needles need no second look.
    threes: [u64; 1 << (THREES - 6)],
}

/// How a needle has to stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Anywhere, save that a number at its edge is the whole number.
    Anywhere,
    /// Anywhere, also within a longer number.
    Digits,
    /// From the start of a word to the end of one.
    Bounded,
    /// As one word; punctuation within it does not part it.
    Word,
}

impl Folded {
    /// Folds plain ASCII byte by byte; what lies beyond it in runs, each with the letter before it,
    /// on which its marks may stand.
    pub(super) fn of(text: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(text.len()),
            gaps: Vec::with_capacity(text.len()),
            threes: [0; 1 << (THREES - 6)],
        };
        let mut gap = Gap::Space;
        let mut rest = text;
        while !rest.is_empty() {
            let (plain, beyond) = match rest.bytes().position(|byte| !byte.is_ascii()) {
                Some(at) => rest.split_at(at.saturating_sub(1)),
                None => (rest, ""),
            };
            plain.bytes().for_each(|byte| folded.push_plain(byte, &mut gap));
            let run = beyond.char_indices().skip(1).find(|(_, c)| c.is_ascii());
            let (run, after) = beyond.split_at(run.map_or(beyond.len(), |(at, _)| at));
            fold_case(run).for_each(|c| folded.push(c, &mut gap));
            rest = after;
        }
        for three in folded.text.as_bytes().windows(3) {
            let (word, bit) = place(three);
            folded.threes[word] |= bit;
        }
        folded
    }

    /// Whether the text may hold the needle: false only where it can't.
    fn may_hold(&self, needle: &[u8]) -> bool {
        let has = |three: &[u8]| {
            let (word, bit) = place(three);
            self.threes[word] & bit != 0
        };
        needle.len() <= self.text.len() && needle.windows(3).all(has)
    }

    /// As [`Folded::push`], for what is most of each text.
    fn push_plain(&mut self, byte: u8, gap: &mut Gap) {
        match PLAIN[usize::from(byte)] {
            Kind::Kept => {
                self.text.push(char::from(byte.to_ascii_lowercase()));
                self.gaps.push(*gap);
                *gap = Gap::Nothing;
            }
            Kind::Ignored => {}
            Kind::Punctuation => *gap = Gap::Punctuation.max(*gap),
            Kind::Space => *gap = Gap::Space,
        }
    }

    fn push(&mut self, c: char, gap: &mut Gap) {
        match kind(c) {
            Kind::Kept => {
                self.text.push(c);
                self.gaps.push(*gap);
                self.gaps.resize(self.text.len(), Gap::Nothing);
                *gap = Gap::Nothing;
            }
            Kind::Ignored => {}
            Kind::Punctuation => *gap = Gap::Punctuation.max(*gap),
            Kind::Space => *gap = Gap::Space,
        }
    }

    /// Whether the needle, folded itself, stands in the text as it has to.
    pub(super) fn holds(&self, needle: &str, fit: Fit) -> bool {
        let mut from = 0;
        let (text, needle) = (self.text.as_bytes(), needle.as_bytes());
        if !self.may_hold(needle) {
            return false;
        }
        while let Some(found) = memmem::find(&text[from..], needle) {
            let at = from + found;
            if self.fits(at, at + needle.len(), fit) {
                return true;
            }
            let step = self.text[at..].chars().next().map_or(1, char::len_utf8);
            from = at + step;
        }
        false
    }

    fn fits(&self, start: usize, end: usize, fit: Fit) -> bool {
        let bounded = self.gap(start) > Gap::Nothing && self.gap(end) > Gap::Nothing;
        match fit {
            Fit::Digits => true,
            Fit::Bounded => bounded,
            Fit::Word => bounded && self.gaps[start + 1..end].iter().all(|gap| *gap < Gap::Space),
            Fit::Anywhere => !self.parts_number(start) && !self.parts_number(end),
        }
    }

    /// Whether a number runs on across this place.
    fn parts_number(&self, at: usize) -> bool {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        self.gap(at) == Gap::Nothing
            && digit(self.text[..at].chars().next_back())
            && digit(self.text[at..].chars().next())
    }

    fn gap(&self, at: usize) -> Gap {
        self.gaps.get(at).copied().unwrap_or(Gap::Space)
    }
}

/// A text without spaces and punctuation, folded.
pub(super) fn compact(text: &str) -> Zeroizing<String> {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        return Zeroizing::new(kept.map(|byte| char::from(byte.to_ascii_lowercase())).collect());
    }
    let kept = fold_case(text).filter(|c| matches!(kind(*c), Kind::Kept));
    Zeroizing::new(kept.collect())
}

/// The words of a text, folded, parted at spaces and at punctuation for which `parts` says so.
pub(super) fn words(text: &str, parts: fn(char) -> bool) -> Vec<Zeroizing<String>> {
    let pieces = text.split(|c: char| c.is_whitespace() || parts(c));
    pieces.map(compact).filter(|word| !word.is_empty()).collect()
}

fn fold_case(text: &str) -> impl Iterator<Item = char> {
    // Upper, then lower: "ß" and "ſ" come out as "ss" and "s".
    text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc()
}

/// Where three bytes have their bit.
fn place(three: &[u8]) -> (usize, u64) {
    let key = three.iter().fold(0_u32, |key, byte| (key << 8) | u32::from(*byte));
    let hash = key.wrapping_mul(0x9e37_79b1) >> (32 - THREES);
    ((hash / 64) as usize, 1 << (hash % 64))
}

/// Of so many binary digits is the number of a bit in [`Folded::threes`].
const THREES: u32 = 13;

#[derive(Clone, Copy)]
enum Kind {
    Kept,
    Ignored,
    Punctuation,
    Space,
}

/// The kinds of plain ASCII; none beyond it is asked for.
static PLAIN: [Kind; 256] = {
    let mut kinds = [Kind::Punctuation; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        if byte.is_ascii_alphanumeric() {
            kinds[byte as usize] = Kind::Kept;
        } else if byte == b' ' || byte.is_ascii_control() {
            kinds[byte as usize] = Kind::Space;
        }
        byte += 1;
    }
    kinds
};

fn kind(c: char) -> Kind {
    if c.is_ascii() {
        return PLAIN[c as usize];
    }
    if c.is_whitespace() {
        return Kind::Space;
    }
    match c.general_category_group() {
        GeneralCategoryGroup::Letter
        | GeneralCategoryGroup::Mark
        | GeneralCategoryGroup::Number => Kind::Kept,
        GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Symbol => Kind::Punctuation,
        GeneralCategoryGroup::Separator => Kind::Space,
        GeneralCategoryGroup::Other => Kind::Ignored,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_forgets_case_width_and_what_parts_words() {
        assert_eq!(*compact("ＺＺ９９ 7-wz"), "zz997wz");
        assert_eq!(*compact("Straße ΣΑΣ ﬁ"), "strasseσασfi");
        assert_eq!(*compact("Sia\u{302}n"), "siân");
    }

    #[test]
    fn a_word_is_whole_only_between_gaps() {
        let text = Folded::of("Ms O’Brien-Sampl, an do");
        assert!(text.holds("obrien", Fit::Word));
        assert!(!text.holds("brie", Fit::Bounded));
        assert!(!text.holds("ando", Fit::Word) && text.holds("ando", Fit::Bounded));
    }

    #[test]
    fn a_word_that_begins_beyond_ascii_is_one_word() {
        for (text, word) in
            [("of Łucka.", "łucka"), ("(Ŵyrion)", "ŵyrion"), ("Ms W\u{302}yrion", "ŵyrion")]
        {
            let text = Folded::of(text);
            assert!(text.holds(word, Fit::Word) && text.holds(word, Fit::Bounded), "{word}");
        }
        assert!(!Folded::of("Ł ucka").holds("łucka", Fit::Word));
    }

    proptest! {
        #[test]
        fn folding_in_runs_is_folding_the_whole(
            text in "[a-zA-Z é\u{300}-\u{304}’ﬁŷßİ가각\u{11a8} ]{0,30}",
        ) {
            prop_assert_eq!(&Folded::of(&text).text, &*compact(&text));
        }

        #[test]
        fn folding_any_text_in_runs_is_folding_the_whole(text in any::<String>()) {
            prop_assert_eq!(&Folded::of(&text).text, &*compact(&text));
        }
    }
}
