//! Dates as PDF writes them: `D:20260401093000+01'00'`. ISO 32000-1, 7.9.4.

use jiff::Timestamp;
use jiff::tz::Offset;

/// The instant; `None` where it is not written so. What is left out is the least there can be, and
/// no zone is UTC.
pub(super) fn instant(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix("D:")?;
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, zone) = text.split_at(end);
    if digits.len() < 4 || digits.len() > 14 || !digits.len().is_multiple_of(2) {
        return None;
    }
    let year = digits.get(..4)?.parse().ok()?;
    let part = |at: usize, least: i8| match digits.get(at..at + 2) {
        Some(pair) => pair.parse().ok(),
        None => Some(least),
    };
    let day = jiff::civil::Date::new(year, part(4, 1)?, part(6, 1)?).ok()?;
    let time = jiff::civil::Time::new(part(8, 0)?, part(10, 0)?, part(12, 0)?, 0).ok()?;
    offset(zone)?.to_timestamp(day.to_datetime(time)).ok()
}

/// `Z`, `+01'00'`, `+01'00`, `+01`.
fn offset(zone: &str) -> Option<Offset> {
    let mut parts = zone.get(1..).unwrap_or_default().split('\'');
    let part = |part: Option<&str>| match part {
        None | Some("") => Some(0),
        Some(pair) if pair.len() == 2 => pair.parse::<u8>().ok().map(i32::from),
        Some(_) => None,
    };
    let (hours, minutes) = (part(parts.next())?, part(parts.next())?);
    let seconds = hours * 3600 + minutes * 60;
    let nothing_more = parts.next().is_none_or(str::is_empty) && parts.next().is_none();
    let sign = match zone.bytes().next() {
        None => 0,
        Some(b'Z') if seconds == 0 => 0,
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return None,
    };
    if nothing_more { Offset::from_seconds(sign * seconds).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_their_zone() {
        for (text, wanted) in [
            ("D:20260401093000+01'00'", "2026-04-01T08:30:00Z"),
            ("D:20260401093000-02'30", "2026-04-01T12:00:00Z"),
            ("D:20260401093000Z", "2026-04-01T09:30:00Z"),
            ("D:20260401093000Z00'00'", "2026-04-01T09:30:00Z"),
            ("D:202604", "2026-04-01T00:00:00Z"),
        ] {
            assert_eq!(instant(text.as_bytes()).unwrap().to_string(), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["", "20260401", "D:202", "D:20261301", "D:20260401+1", "D:20260401X", "D:2026é"]
        {
            assert_eq!(instant(text.as_bytes()), None, "{text}");
        }
    }
}
