//! The shapes of identifiers that the justice system gives. Shape only: whether one exists is not
//! known here.

/// The letters of PNC check letters, by remainder.
const CHECK_LETTERS: &[u8; 23] = b"ZABCDEFGHJKLMNPQRTUVWXY";

/// Whether a PNC identifier has its shape: four digits of the year, `/`, seven digits, a check
/// letter.
pub fn pnc_shape(id: &str) -> bool {
    fits(id, "9999/9999999A") && id.as_bytes().last().is_some_and(|c| CHECK_LETTERS.contains(c))
}

/// Whether the check letter of a PNC identifier agrees with its digits: the last two digits of the
/// year and the seven digits, by 23. Nothing where the shape is not right.
pub fn pnc_check_letter(id: &str) -> Option<bool> {
    if !pnc_shape(id) {
        return None;
    }
    let digits = id.bytes().skip(2).filter(u8::is_ascii_digit);
    let number = digits.fold(0_u64, |n, digit| n * 10 + u64::from(digit - b'0'));
    let letter = CHECK_LETTERS[usize::try_from(number % 23).unwrap_or(0)];
    Some(id.as_bytes().last() == Some(&letter))
}

/// Whether a postcode has the shape `[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}`.
pub fn postcode_shape(postcode: &str) -> bool {
    let Some((outward, inward)) = postcode.split_once(' ') else {
        return false;
    };
    let outward_fits = ["A9", "A99", "A9A", "AA9", "AA99", "AA9A"];
    fits(inward, "9AA") && outward_fits.iter().any(|pattern| fits(outward, pattern))
}

/// Whether a unique reference number of a case has its shape: four letters or digits, three to
/// seven digits.
pub fn urn_shape(urn: &str) -> bool {
    let bytes = urn.as_bytes();
    let upper = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    (7..=11).contains(&bytes.len())
        && bytes[..4].iter().all(upper)
        && bytes[4..].iter().all(u8::is_ascii_digit)
}

/// Whether a court's code has the shape of an organisation unit's: a letter `A` to `J` or `Z` or a
/// digit, then six letters or digits. The first of them may be absent.
pub fn court_code_shape(code: &str) -> bool {
    let upper = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let bytes = code.as_bytes();
    let first = |b: u8| matches!(b, b'A'..=b'J' | b'Z') || b.is_ascii_digit();
    bytes.iter().all(upper) && (bytes.len() == 6 || (bytes.len() == 7 && first(bytes[0])))
}

/// Whether the code of a local justice area has its shape: four digits.
pub fn lja_code_shape(code: &str) -> bool {
    fits(code, "9999")
}

/// Whether a text fits a pattern in which `9` is a digit, `A` a capital letter, and all else
/// itself.
fn fits(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, sign)| match sign {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            sign => byte == sign,
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_test_numbers_of_the_pnc_pass_their_check() {
        for id in ["2003/0011985X", "2012/0052494Q", "2000/0448754A"] {
            assert!(pnc_shape(id), "{id}");
        }
        assert_eq!(pnc_check_letter("2003/0011985X"), Some(true));
        assert_eq!(pnc_check_letter("2012/0052494Q"), Some(true));
        assert_eq!(pnc_check_letter("2003/0011985Y"), Some(false));
        assert_eq!(pnc_check_letter("2003/0011985"), None);
    }

    #[test]
    fn a_pnc_identifier_never_ends_in_i_o_or_s() {
        for letter in ['I', 'O', 'S', 'x', '5'] {
            assert!(!pnc_shape(&format!("2003/0011985{letter}")));
        }
        for wrong in ["03/0011985X", "2003-0011985X", "2003/011985X", "", "2003/0011985X "] {
            assert!(!pnc_shape(wrong), "{wrong}");
        }
    }

    #[test]
    fn postcodes_are_known_by_shape() {
        for right in ["ZZ99 3VZ", "M1 1AA", "W1A 0AX", "EC4M 7EH", "B33 8TH", "CF24 0RZ"] {
            assert!(postcode_shape(right), "{right}");
        }
        for wrong in ["ZZ993VZ", "zz99 3vz", "ZZ99  3VZ", "ZZZ9 3VZ", "9Z9 3VZ", "ZZ99 3V", ""] {
            assert!(!postcode_shape(wrong), "{wrong}");
        }
    }

    #[test]
    fn case_court_and_area_numbers_are_known_by_shape() {
        assert!(urn_shape("45GD8918520") && urn_shape("45GD891"));
        for wrong in ["45GD89", "45GD89185201", "45gd8918520", "45GD89A8520", "ÄÄGD891"] {
            assert!(!urn_shape(wrong), "{wrong}");
        }
        for right in ["B62DC00", "62DC00", "C01IL00", "Z62DC00", "062DC00"] {
            assert!(court_code_shape(right), "{right}");
        }
        for wrong in ["K62DC00", "62DC0", "B62DC000", "b62dc00", "B62DC-0"] {
            assert!(!court_code_shape(wrong), "{wrong}");
        }
        assert!(lja_code_shape("3190") && !lja_code_shape("319") && !lja_code_shape("31900"));
    }

    proptest! {
        #[test]
        fn exactly_one_letter_agrees_with_the_digits(
            year in 1900_u16..2100,
            n in 0_u32..10_000_000,
        ) {
            let agrees = |letter: &u8| {
                let id = format!("{year}/{n:07}{}", char::from(*letter));
                pnc_check_letter(&id) == Some(true)
            };
            prop_assert_eq!(CHECK_LETTERS.iter().filter(|letter| agrees(letter)).count(), 1);
        }

        #[test]
        fn no_text_makes_a_shape_fall(text in any::<String>()) {
            let _ = (pnc_check_letter(&text), postcode_shape(&text), urn_shape(&text));
            let _ = (court_code_shape(&text), lja_code_shape(&text));
        }
    }
}
