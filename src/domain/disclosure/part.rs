//! The parts of a confidential value that give it away alone: the house number with its street,
//! each full postcode, the end of a phone number. Never a town, a county or a bare number.

use zeroize::Zeroizing;

use crate::domain::identifier::postcode_shape;

type Secret = Zeroizing<String>;

/// Each house number with its street, as they stand in an address.
pub(super) fn numbered_streets(address: &str) -> Vec<Secret> {
    let segments: Vec<Vec<&str>> = address
        .split([',', ';', '\n'])
        .map(|segment| without_postcode(segment.split_whitespace().collect()))
        .filter(|segment| !segment.is_empty())
        .collect();
    let mut streets = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        for (place, token) in segment.iter().enumerate() {
            if !is_house_number(token) {
                continue;
            }
            let street = match (&segment[place + 1..], segments.get(at + 1)) {
                ([], Some(next)) if place == 0 => next,
                (rest, _) => rest,
            };
            if street.first().is_some_and(|word| is_street_word(word)) {
                streets.extend(with_number(token, street));
            }
        }
    }
    streets
}

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
        assert_eq!(streets("17 Hidden Haven, Otley"), ["17 Hidden Haven"]);
        assert_eq!(streets("Flat 3, 99a Specimen Row, Leeds"), ["99a Specimen Row"]);
        assert_eq!(streets("17, Hidden Haven, Otley"), ["17 Hidden Haven"]);
        assert_eq!(streets("Flat 3 17 Hidden Haven ZZ99 7WZ"), ["17 Hidden Haven"]);
        assert_eq!(
            streets("17-19 Hidden Haven Otley"),
            ["17-19 Hidden Haven Otley", "17-19 Hidden Haven"]
        );
        for none in ["Rose Cottage, Otley", "Flat 3, Otley", "PO Box 97, Leeds", "17", ""] {
            assert!(streets(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn each_full_postcode_is_found() {
        let found = |text| postcodes(text).iter().map(|p| p.to_string()).collect::<Vec<_>>();
        assert_eq!(found("17 Hidden Haven, ZZ99 7WZ and zz993vz."), ["ZZ99 3VZ", "ZZ99 7WZ"]);
        assert!(found("17 Hidden Haven, ZZ99").is_empty());
    }
}
