//! A text cut into words, each with what its surroundings say of it.

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// As written, with straight apostrophes; an abbreviation keeps its full stops.
    pub(super) raw: String,
    pub(super) lower: String,
    /// What stands between it and the word before, without space.
    pub(super) before: String,
    /// Inside quotation marks.
    pub(super) quoted: bool,
    /// The first of its sentence.
    pub(super) first: bool,
    /// Begins with a capital and is not merely the first of its sentence, or is quoted.
    pub(super) name: bool,
}

impl Word {
    pub(super) fn is_capital(&self) -> bool {
        self.raw.chars().next().is_some_and(char::is_uppercase)
    }

    /// A digit and whatever follows it: `14`, `22a`, `3-7`.
    pub(super) fn is_number(&self) -> bool {
        self.raw.chars().next().is_some_and(|c| c.is_ascii_digit())
    }

    /// Whether a pause stands before it.
    pub(super) fn paused(&self) -> bool {
        self.before.contains([',', ';', ':', '(', ')']) || self.first
    }

    /// The `b` of `(b)`.
    pub(super) fn is_list_mark(&self) -> bool {
        self.before.ends_with('(') && self.raw.chars().count() <= 2
    }
}

/// The words of a text in their order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let characters: Vec<char> = text.chars().map(straight).collect();
    let mut words: Vec<Word> = Vec::new();
    let mut quote: Option<char> = None;
    let mut before = String::new();
    let mut at = 0;
    while at < characters.len() {
        let c = characters[at];
        if !c.is_alphanumeric() {
            quote = quote_after(quote, &characters, at);
            if !c.is_whitespace() {
                before.push(c);
            }
            at += 1;
            continue;
        }
        let end = end_of_word(&characters, at);
        let raw: String = characters[at..end].iter().collect();
        let first = starts_sentence(words.last(), &before, c);
        let lower = raw.to_lowercase();
        let before = std::mem::take(&mut before);
        words.push(Word { raw, lower, before, quoted: quote.is_some(), first, name: false });
        at = end;
    }
    for at in 0..words.len() {
        let next = words.get(at + 1).is_some_and(|next| next.is_capital() && !next.paused());
        let alone = !words[at].first || next;
        words[at].name = words[at].quoted || (words[at].is_capital() && alone);
    }
    words
}

/// Whether these words begin at this place.
pub(super) fn is_at(words: &[Word], at: usize, phrase: &str) -> bool {
    // Most phrases differ in their first letter.
    let first = words.get(at).map(|word| word.lower.as_bytes().first());
    if first != Some(phrase.as_bytes().first()) && !phrase.starts_with('*') {
        return false;
    }
    let mut length = 0;
    for part in phrase.split(' ') {
        let Some(word) = words.get(at + length) else { return false };
        let apart = length > 0 && word.paused();
        if apart || !fits(&word.lower, part) {
            return false;
        }
        length += 1;
    }
    length > 0
}

/// The one of these phrases that begins here.
pub(super) fn one_at<'p>(words: &[Word], at: usize, phrases: &'p [String]) -> Option<&'p str> {
    let here = phrases.iter().filter(|phrase| is_at(words, at, phrase));
    here.max_by_key(|phrase| phrase.len()).map(String::as_str)
}

/// How many words a phrase has.
pub(super) fn length(phrase: &str) -> usize {
    phrase.split(' ').count()
}

fn fits(word: &str, part: &str) -> bool {
    match part.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == part,
    }
}

const fn straight(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}' | '\u{2011}' => '-',
        _ => c,
    }
}

/// Letters and digits, with what may stand inside a word; the last stop of `N.T.M.` with it.
fn end_of_word(characters: &[char], start: usize) -> usize {
    let inside = |at: usize| {
        let links = matches!(characters[at], '\'' | '-' | '.' | ':' | '/');
        let digits = matches!(characters[at], ':' | '/')
            && !(characters[at - 1].is_ascii_digit()
                && characters.get(at + 1).is_some_and(char::is_ascii_digit));
        links && !digits && characters.get(at + 1).is_some_and(|c| c.is_alphanumeric())
    };
    let mut end = start;
    while end < characters.len()
        && (characters[end].is_alphanumeric()
            || is_joined(characters[end])
            || (end > start && inside(end)))
    {
        end += 1;
    }
    let word = &characters[start..end];
    let initials = word.contains(&'.') && word.iter().all(|c| *c == '.' || c.is_uppercase());
    if !(initials && characters.get(end) == Some(&'.')) {
        return end;
    }
    let owner = characters.get(end + 1) == Some(&'\'') && characters.get(end + 2) == Some(&'s');
    end + if owner { 3 } else { 1 }
}

/// Marks that NFC leaves beside their letter.
fn is_joined(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn starts_sentence(last: Option<&Word>, before: &str, c: char) -> bool {
    let Some(last) = last else { return true };
    let stopped = before.contains(['.', '!', '?']) || last.raw.ends_with('.');
    before.contains(';') || (stopped && c.is_uppercase())
}

/// The quotation mark still open after this character. An apostrophe opens only after a space and
/// closes only before one.
fn quote_after(open: Option<char>, characters: &[char], at: usize) -> Option<char> {
    let c = characters[at];
    let before = at.checked_sub(1).and_then(|at| characters.get(at));
    let after = characters.get(at + 1);
    match (open, c) {
        (None, '"') => Some('"'),
        (None, '\'') if before.is_none_or(|c| c.is_whitespace() || *c == '(') => {
            // Only where the same mark closes it further on.
            characters[at + 1..].contains(&'\'').then_some('\'')
        }
        (Some('"'), '"') => None,
        (Some('\''), '\'') if after.is_none_or(|c| !c.is_alphanumeric()) => None,
        _ => open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.raw).collect()
    }

    #[test]
    fn initials_keep_their_stops_and_their_owner_and_a_sentence_gives_up_its_own() {
        assert_eq!(raw("Ask N.T.M."), ["Ask", "N.T.M."]);
        assert_eq!(raw("N.T.M.’s home."), ["N.T.M.'s", "home"]);
        assert_eq!(raw("at 9.30pm, 17:00"), ["at", "9.30pm", "17:00"]);
    }

    #[test]
    fn a_sentence_begins_after_a_stop_and_not_after_initials() {
        let first = |text: &str| words(text).iter().filter(|word| word.first).count();
        assert_eq!(first("Do not. Never."), 2);
        assert_eq!(first("Ask N.T.M. and go."), 1);
        assert_eq!(first("Ask N.T.M. You must go."), 2);
    }

    #[test]
    fn a_name_is_a_capital_inside_a_sentence_or_what_is_quoted() {
        let names = |text: &str| -> Vec<String> {
            words(text).into_iter().filter(|word| word.name).map(|word| word.raw).collect()
        };
        assert_eq!(names("Go to Mill Lane"), ["Mill", "Lane"]);
        assert_eq!(names("the account “harass me” there"), ["harass", "me"]);
        assert_eq!(names("the driver's account 'near' me"), ["near"]);
    }

    #[test]
    fn a_phrase_does_not_run_over_a_pause() {
        let words = words("alarm or distress, and so, on");
        assert!(is_at(&words, 0, "alarm or distress"));
        assert!(is_at(&words, 3, "and so"));
        assert!(!is_at(&words, 3, "and so on"));
    }
}
