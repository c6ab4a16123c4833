//! The short code as somebody types it or reads it out.

/// The code as it is printed and stored: two groups of five with a hyphen. Case and spacing are
/// forgiven, and the letters that are taken for digits: O for 0, I and L for 1.
pub(super) fn read(text: &str) -> Option<String> {
    let mut code = String::with_capacity(LENGTH + 1);
    for letter in text.chars().filter(|letter| !matches!(letter, ' ' | '-' | '\u{a0}')) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter if letter.is_ascii_alphanumeric() && letter != 'U' => letter,
            _ => return None,
        };
        if code.len() > LENGTH {
            return None;
        }
        if code.len() == GROUP {
            code.push('-');
        }
        code.push(letter);
    }
    (code.len() == LENGTH + 1).then_some(code)
}

const LENGTH: usize = 10;
const GROUP: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spacing_and_look_alikes_are_forgiven() {
        for typed in ["70K1M-2X1TB", "7OKIM-2XLTB", "7oki m2xl tb", " 70k1m2x1tb "] {
            assert_eq!(read(typed).as_deref(), Some("70K1M-2X1TB"), "{typed}");
        }
    }

    #[test]
    fn nothing_else_is_a_code() {
        for typed in
            ["", "70K1M-2X1T", "70K1M-2X1TBB", "70K1M-2X1TU", "70K1M_2X1TB", "７0K1M-2X1TB"]
        {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
