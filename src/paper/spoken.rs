//! Six words that a paper is found by over the radio. The list is `templates/words/spoken.txt`.
//!
//! They follow from the document's id and its content, so that whoever reads the QR code can say
//! them without the register. Sixty bits: among a million papers two share their six with a chance
//! of one in two million.

use std::sync::LazyLock;

use crate::digest::sha256;

/// The words of a document and the beginning of its content's digest. Another set gives others.
pub(super) fn words(document: &[u8; 16], content: &[u8; 23], set: u8) -> String {
    let hash = sha256(&[DOMAIN, &document[..], &content[..], &[set]].concat());
    let mut bits = hash.iter().take(8).fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let mut words: Vec<&str> = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        let place = usize::try_from(bits & 1023).unwrap_or_default();
        words.extend(LIST.get(place));
        bits >>= 10;
    }
    words.join(" ")
}

/// Six words of the list as they are stored, whatever their case and what parts them.
pub(super) fn read(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let said = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let said: Vec<&str> = said.take(COUNT + 1).collect();
    let known = said.iter().all(|word| LIST.binary_search(word).is_ok());
    (said.len() == COUNT && known).then(|| said.join(" "))
}

/// In the order of the alphabet.
static LIST: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../templates/words/spoken.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

const COUNT: usize = 6;
const DOMAIN: &[u8] = b"spo spoken words 1\0";

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_list_holds_1024_words_of_3_to_7_letters_in_order() {
        assert_eq!(LIST.len(), 1024);
        assert!(LIST.windows(2).all(|pair| pair[0] < pair[1]));
        for word in LIST.iter() {
            assert!((3..=7).contains(&word.len()), "{word}");
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
        }
    }

    #[test]
    fn no_word_is_one_letter_away_from_another_or_its_beginning() {
        for (place, one) in LIST.iter().enumerate() {
            for other in &LIST[place + 1..] {
                assert!(!near(one, other), "{one} and {other}");
                assert!(!other.starts_with(one), "{one} and {other}");
            }
        }
        assert!(near("canal", "canals") && near("canal", "banal") && near("anal", "canal"));
        assert!(!near("canal", "banana"));
    }

    #[test]
    fn no_word_is_two_others_run_together() {
        for word in LIST.iter() {
            for cut in 1..word.len() {
                let (one, two) = word.split_at(cut);
                assert!(LIST.binary_search(&one).is_err() || LIST.binary_search(&two).is_err());
            }
        }
    }

    #[test]
    fn no_two_words_sound_alike() {
        let mut sounds: BTreeMap<String, &str> = BTreeMap::new();
        for word in LIST.iter() {
            if let Some(other) = sounds.insert(sound(word), word) {
                panic!("{word} and {other}");
            }
        }
        for (one, two) in [("flour", "flower"), ("night", "knight"), ("pair", "payr")] {
            let close = sound(one) == sound(two) || near(&sound(one), &sound(two));
            assert!(close, "{one} {two}");
        }
    }

    #[test]
    fn no_word_is_a_number_a_month_or_one_that_the_radio_has_already() {
        let taken = "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett \
            kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey \
            whisky xray yankee zulu zero one two three four five six seven eight nine ten eleven \
            twelve dozen hundred thousand million first second third single double triple half \
            over out roger wilco copy repeat affirm negative again urgent break wait stand send \
            message report control station signal january february march april may june july \
            august september october december monday tuesday wednesday thursday friday saturday \
            sunday police officer court order arrest victim suspect knife weapon blood";
        let taken: BTreeSet<_> = taken.split_whitespace().collect();
        let held: Vec<_> = LIST.iter().filter(|word| taken.contains(*word)).collect();
        assert!(held.is_empty(), "{held:?}");
    }

    #[test]
    fn words_follow_from_document_content_and_set() {
        let first = words(&[1; 16], &[2; 23], 0);
        assert_eq!(first, words(&[1; 16], &[2; 23], 0));
        assert_eq!(first.split(' ').count(), 6);
        assert_eq!(read(&first).as_deref(), Some(first.as_str()));
        for other in [
            words(&[3; 16], &[2; 23], 0),
            words(&[1; 16], &[3; 23], 0),
            words(&[1; 16], &[2; 23], 1),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn other_than_six_words_of_the_list_are_refused() {
        assert_eq!(read("almond canal dolphin eagle fennel"), None);
        assert_eq!(read("almond canal dolphin eagle fennel garlic grape"), None);
        assert_eq!(read("almond canal dolphin eagle fennel garlik"), None);
    }

    /// Whether one letter more, less or other makes one of the other.
    fn near(one: &str, two: &str) -> bool {
        let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
        let same = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
        match long.len() - short.len() {
            0 => short.get(same + 1..) == long.get(same + 1..) || short == long,
            1 => short.get(same..) == long.get(same + 1..),
            _ => false,
        }
    }

    /// How a word sounds, roughly: spellings of one sound are brought together.
    fn sound(word: &str) -> String {
        let mut sound = word.to_owned();
        for (from, to) in [
            ("tch", "c"),
            ("ch", "c"),
            ("sh", "x"),
            ("ph", "f"),
            ("gh", ""),
            ("ck", "k"),
            ("qu", "kw"),
            ("wr", "r"),
            ("wh", "w"),
            ("kn", "n"),
            ("ce", "se"),
            ("ci", "si"),
            ("cy", "si"),
            ("z", "s"),
            ("ee", "i"),
            ("ea", "i"),
            ("ie", "i"),
            ("ei", "i"),
            ("ey", "i"),
            ("ai", "e"),
            ("ay", "e"),
            ("oa", "o"),
            ("ow", "o"),
            ("ou", "o"),
            ("au", "o"),
            ("aw", "o"),
            ("oo", "u"),
            ("ue", "u"),
            ("ew", "u"),
            ("ui", "u"),
            ("y", "i"),
        ] {
            sound = sound.replace(from, to);
        }
        let mut letters: Vec<char> = sound.chars().collect();
        letters.dedup();
        letters.into_iter().collect::<String>().trim_end_matches('e').to_owned()
    }
}
