//! The parts of a confidential value that give it away alone: the house number with its street,
//! each full postcode, the end of a phone number. Never a town, a county or a bare number.

use zeroize::Zeroizing;

use crate::domain::identifier::postcode_shape;

type Secret = Zeroizing<String>;

/// Each house number with its street, in figures and, up to 99, in English words, whichever stands
/// in the address. "Twenty-one" of a street also gives its number one away: that errs on the safe
/// side.
pub(super) fn numbered_streets(address: &str) -> Vec<Secret> {
    let segments: Vec<Vec<&str>> = address
        .split([',', ';', '\n'])
        .map(|segment| without_postcode(segment.split_whitespace().collect()))
        .filter(|segment| !segment.is_empty())
        .collect();
    let mut streets = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let mut read_to = 0;
        for place in 0..segment.len() {
            let Some((numbers, length)) = house_number(&segment[place..]) else {
                continue;
            };
            if place < read_to {
                continue;
            }
            read_to = place + length;
            let street = match (&segment[read_to..], segments.get(at + 1)) {
                ([], Some(next)) if place == 0 => next,
                (rest, _) => rest,
            };
            if street.first().is_some_and(|word| is_street_word(word)) {
                streets.extend(numbers.iter().flat_map(|number| with_number(number, street)));
            }
        }
    }
    streets
}

/// The house number with which tokens begin, as it may be written, and how many tokens it takes.
fn house_number(tokens: &[&str]) -> Option<(Vec<Secret>, usize)> {
    let first = tokens.first()?;
    if is_house_number(first) {
        let written = Zeroizing::new((*first).to_owned());
        let said = first.parse().ok().and_then(in_words);
        return Some((std::iter::once(written).chain(said).collect(), 1));
    }
    let two = tokens.get(1).map(|second| format!("{first}-{second}"));
    let one = || Some((read_words(first)?, 1));
    let (number, length) = two.and_then(|two| Some((read_words(&two)?, 2))).or_else(one)?;
    let written = Zeroizing::new(number.to_string());
    Some((std::iter::once(written).chain(in_words(number)).collect(), length))
}

/// "ninety-nine"; nothing for zero and what is over 99.
fn in_words(number: usize) -> Option<Secret> {
    let (ten, one) = (number / 10, number % 10);
    let said = match (number, one) {
        (1..20, _) => (*SMALL.get(number - 1)?).to_owned(),
        (20..100, 0) => (*TENS.get(ten - 2)?).to_owned(),
        (20..100, _) => format!("{}-{}", TENS.get(ten - 2)?, SMALL.get(one - 1)?),
        _ => return None,
    };
    Some(Zeroizing::new(said))
}

/// The number that words say, from 1 to 99.
fn read_words(words: &str) -> Option<usize> {
    let words = words.to_lowercase();
    let small = |word: &str| SMALL.iter().position(|small| *small == word).map(|at| at + 1);
    let tens = |word: &str| TENS.iter().position(|tens| *tens == word).map(|at| 10 * at + 20);
    match words.split_once('-') {
        Some((ten, one)) => Some(tens(ten)? + small(one).filter(|one| *one < 10)?),
        None => small(&words).or_else(|| tens(&words)),
    }
}

const SMALL: [&str; 19] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number with the whole street, and with its first two words where a town may follow without a
/// comma.
fn with_number(number: &str, street: &[&str]) -> Vec<Secret> {
    let joined = |words: &[&str]| Zeroizing::new(format!("{number} {}", words.join(" ")));
    match street {
        [first, second, _, ..] => vec![joined(street), joined(&[first, second])],
        _ => vec![joined(street)],
    }
}

/// Each full postcode of a text, in capitals with its space.
pub(super) fn postcodes(text: &str) -> Vec<Secret> {
    let tokens: Vec<Secret> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|token| !token.is_empty())
        .map(|token| Zeroizing::new(token.to_uppercase()))
        .collect();
    let alone = tokens.iter().filter_map(|token| {
        let at = token.len().checked_sub(3)?;
        let (outward, inward) = token.split_at_checked(at)?;
        postcode(outward, inward)
    });
    let pairs = tokens.windows(2).filter_map(|pair| postcode(&pair[0], &pair[1]));
    alone.chain(pairs).collect()
}

/// The last nine digits of a phone number that has them.
pub(super) fn phone_end(digits: &str) -> Option<&str> {
    digits.len().checked_sub(9).and_then(|at| digits.get(at..))
}

fn postcode(outward: &str, inward: &str) -> Option<Secret> {
    let whole = Zeroizing::new(format!("{outward} {inward}"));
    postcode_shape(&whole).then_some(whole)
}

fn without_postcode(mut tokens: Vec<&str>) -> Vec<&str> {
    let ends_in_postcode = |count: usize, tokens: &[&str]| {
        let tail = &tokens[tokens.len().saturating_sub(count)..];
        tail.len() == count && !postcodes(&tail.join(" ")).is_empty()
    };
    if ends_in_postcode(1, &tokens) {
        tokens.truncate(tokens.len() - 1);
    } else if ends_in_postcode(2, &tokens) {
        tokens.truncate(tokens.len() - 2);
    }
    tokens
}

/// `17`, `17a`, `17-19`, `17/2`.
fn is_house_number(token: &str) -> bool {
    let token = token.trim_matches(|c: char| !c.is_alphanumeric());
    !token.is_empty()
        && token.split(['-', '–', '/']).all(|part| {
            let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            !digits.is_empty()
                && digits.bytes().all(|b| b.is_ascii_digit())
                && part.len() - digits.len() <= 1
        })
}

fn is_street_word(word: &str) -> bool {
    !is_house_number(word) && word.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streets(address: &str) -> Vec<String> {
        numbered_streets(address).iter().map(|s| s.to_string()).collect()
    }

    #[test]
    fn the_house_number_is_taken_with_its_street() {
        assert_eq!(
            streets("17 Hidden Haven, Otley"),
            ["17 Hidden Haven", "seventeen Hidden Haven"]
        );
        assert_eq!(streets("Flat 3, 99a Specimen Row, Leeds"), ["99a Specimen Row"]);
        assert_eq!(streets("140, Hidden Haven, Otley"), ["140 Hidden Haven"]);
        assert_eq!(streets("Flat 3 140 Hidden Haven ZZ99 7WZ"), ["140 Hidden Haven"]);
        assert_eq!(
            streets("17-19 Hidden Haven Otley"),
            ["17-19 Hidden Haven Otley", "17-19 Hidden Haven"]
        );
        for none in ["Rose Cottage, Otley", "Flat 3, Otley", "PO Box 97, Leeds", "17", ""] {
            assert!(streets(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_house_number_in_words_and_one_in_figures_are_the_same() {
        let both = ["99 Specimen Row", "ninety-nine Specimen Row"];
        for written in ["99 Specimen Row", "Ninety-nine Specimen Row", "ninety Nine Specimen Row"] {
            assert_eq!(streets(&format!("{written}, Leeds")), both, "{written}");
        }
        for number in 1..100 {
            let said = in_words(number).expect("a number");
            assert_eq!(read_words(&said), Some(number), "{}", *said);
        }
        assert!(in_words(0).is_none() && in_words(100).is_none());
        for none in ["twenty-eleven", "twenty-", "-one", "ninety-nine-one", "zero"] {
            assert!(read_words(none).is_none(), "{none}");
        }
    }

    #[test]
    fn each_full_postcode_is_found() {
        let found = |text| postcodes(text).iter().map(|p| p.to_string()).collect::<Vec<_>>();
        assert_eq!(found("17 Hidden Haven, ZZ99 7WZ and zz993vz."), ["ZZ99 3VZ", "ZZ99 7WZ"]);
        assert!(found("17 Hidden Haven, ZZ99").is_empty());
    }
}
