//! Letters of two alphabets within one word, which look like one and are not.

use unicode_script::{Script, UnicodeScript};

/// Whether a word mixes alphabets that share shapes. A word wholly of another alphabet is
/// somebody's name; the parts of a double name are words of their own.
pub fn is_mixed(text: &str) -> bool {
    !text.is_ascii()
        && text.split(|c: char| !c.is_alphabetic()).any(|word| {
            let mut alphabets = word.chars().map(|c| c.script()).filter(|s| ALPHABETS.contains(s));
            let first = alphabets.next();
            alphabets.any(|script| Some(script) != first)
        })
}

/// Alphabets with letters of the same shape. Unicode Technical Standard 39, section 4.
const ALPHABETS: [Script; 7] = [
    Script::Latin,
    Script::Cyrillic,
    Script::Greek,
    Script::Armenian,
    Script::Cherokee,
    Script::Coptic,
    Script::Lisu,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_two_alphabets_is_mixed_and_one_of_another_is_not() {
        for text in ["Аnna", "Mіll Lane", "pοst", "Саrdiff"] {
            assert!(is_mixed(text), "{text}");
        }
        for text in ["Владимир", "Smith-Образец", "Łódź", "Tŷ", "Ωμέγα", "Сара and Sara", "½ m"]
        {
            assert!(!is_mixed(text), "{text}");
        }
    }
}
