//! Numbers, digits and escapes as bytes. PDF 32000-1, 7.2 and 7.3.

/// A simple decimal to the number that its digits say; none for any other word. Whole numbers and
/// powers of ten of so few digits are exact, so that their quotient is the nearest there is.
pub(super) fn decimal(word: &[u8]) -> Option<f64> {
    let (digits, sign) = match word.strip_prefix(b"-") {
        Some(digits) => (digits, -1.0),
        None => (word, 1.0),
    };
    if digits.len() > POWERS.len() {
        return None;
    }
    let (mut number, mut power) = (0_u32, None);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => number = number * 10 + u32::from(byte - b'0'),
            b'.' if power.is_none() => power = Some(0),
            _ => return None,
        }
        power = power.map(|power| power + usize::from(byte != b'.'));
    }
    let figures = digits.len() - usize::from(power.is_some());
    let divisor = POWERS.get(power.unwrap_or(0))?;
    (1..POWERS.len()).contains(&figures).then(|| sign * f64::from(number) / divisor)
}

/// PDF 32000-1, table 3.
pub(super) fn unescape(inside: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inside.len());
    let mut bytes = inside.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(digit @ b'0'..=b'7') => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(next) = bytes.next_if(|b| (b'0'..=b'7').contains(b)) else {
                        break;
                    };
                    value = value * 8 + u32::from(next - b'0');
                }
                out.push(u8::try_from(value & 255).unwrap_or_default());
            }
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(b't') => out.push(b'\t'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

const POWERS: [f64; 9] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// The value of each hexadecimal digit; 255 for all else.
pub(super) static DIGITS: [u8; 256] = {
    let mut table = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        table[b"0123456789abcdef"[digit as usize] as usize] = digit;
        digit += 1;
    }
    table
};

/// What ends a word. PDF 32000-1, tables 1 and 2.
pub(super) static ENDS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 15 {
        table[b"\t\n\x0c\r /()<>[]{}%"[at] as usize] = true;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_language_reads_them() {
        let words = ["0", "-0.5", "12.3456", "00012.", ".5", "99999999", "841.89", "-1"];
        for word in words {
            let read = decimal(word.as_bytes()).map(f64::to_bits);
            assert_eq!(read, word.parse().ok().map(f64::to_bits), "{word}");
        }
        for word in ["", "-", ".", "1.2.3", "1e5", "999999999", "--1", "+1", "0.00000001"] {
            assert_eq!(decimal(word.as_bytes()), None, "{word}");
        }
    }
}
