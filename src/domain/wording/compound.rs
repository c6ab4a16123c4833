//! One term, one duty. What joins objects is not a second duty, nor is an exception, nor verbs of
//! one conduct ("photograph, film or record").

use super::Role;
use super::lexicon::Lexicon;
use super::token::{Word, is_at, length, one_at};

/// Whether a passage holds more than one duty. A value stands in a clause that has one already.
pub(super) fn is_compound(words: &[Word], lexicon: &Lexicon, role: Role) -> bool {
    let duties = duties(words, lexicon);
    match role {
        Role::Term => duties.len() > 1 || duties.iter().any(|at| joins_two(words, *at, lexicon)),
        Role::Zone | Role::Title | Role::Value | Role::Locality => !duties.is_empty(),
    }
}

/// The places after each main "must", "must not", "are forbidden to".
pub(super) fn duties(words: &[Word], lexicon: &Lexicon) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match one_at(words, at, &lexicon.duty).filter(|_| !words[at].name) {
            Some(phrase) => {
                let after = at + length(phrase);
                if !is_subordinate(words, at, after, lexicon) {
                    found.push(after);
                }
                at = after;
            }
            None => at += 1,
        }
    }
    found
}

/// "a list which must show…", "if you meet by chance you must leave".
fn is_subordinate(words: &[Word], at: usize, after: usize, lexicon: &Lexicon) -> bool {
    let sentence = words[..=at].iter().rposition(|word| word.first).unwrap_or(0);
    let opens = Lexicon::has(&lexicon.subordinate, &words[sentence].lower);
    if opens {
        let verb = words[after..].iter().take(3);
        let yields = verb.clone().any(|word| Lexicon::has(&lexicon.giving_way, &word.lower));
        return sentence > 0 && yields;
    }
    // Further back it has a verb of its own: "any that you have must be given up".
    let part = part_start(words, sentence, at, lexicon).max(at.saturating_sub(2));
    words[part..at].iter().any(|word| Lexicon::has(&lexicon.subordinate, &word.lower))
}

/// Where the part of the sentence begins that this word stands in: after the last pause, or after
/// an "and" right before "you" or the word itself.
fn part_start(words: &[Word], sentence: usize, at: usize, lexicon: &Lexicon) -> usize {
    let joined = |place: usize| {
        place + 2 >= at && place < at && Lexicon::has(&lexicon.joining, &words[place].lower)
    };
    let here = |place: &usize| {
        let relative = Lexicon::has(&lexicon.subordinate, &words[*place].lower);
        (words[*place].paused() && !relative) || joined(*place)
    };
    (sentence..=at).rev().find(here).unwrap_or(sentence)
}

/// Whether the duty that begins here has verbs of two conducts.
fn joins_two(words: &[Word], start: usize, lexicon: &Lexicon) -> bool {
    let end = span(words, start, lexicon);
    let Some(first) = main_verb(words, start, end, lexicon) else { return false };
    let conducts = lexicon.conducts(&words[first].lower);
    let participle = words[first].lower.ends_with("ing");
    (first + 1..end).any(|at| {
        let other = lexicon.conducts(&words[at].lower);
        !other.is_empty()
            && !other.iter().any(|one| conducts.contains(one))
            && words[at].lower.ends_with("ing") == participle
            && is_joined_verb(words, (first, at), end, lexicon)
    })
}

/// To the end of the sentence, and no further than an exception.
fn span(words: &[Word], start: usize, lexicon: &Lexicon) -> usize {
    let stop = |at: &usize| {
        words[*at].first || one_at(words, *at, &lexicon.except).is_some_and(|_| !words[*at].name)
    };
    (start..words.len()).skip(1).find(stop).unwrap_or(words.len())
}

fn main_verb(words: &[Word], start: usize, end: usize, lexicon: &Lexicon) -> Option<usize> {
    let verb = |at: &usize| !words[*at].name && !lexicon.conducts(&words[*at].lower).is_empty();
    (start..end).take(4).find(verb)
}

/// Whether the word at the second place is a verb beside the one at the first.
fn is_joined_verb(
    words: &[Word],
    (first, at): (usize, usize),
    end: usize,
    lexicon: &Lexicon,
) -> bool {
    if words[at].name || words[at].quoted {
        return false;
    }
    let Some(joint) = joint(words, at, lexicon) else { return false };
    if joint <= first || words[at - 1].is_list_mark() {
        return joint > first;
    }
    // Two verbs with one object between them: "use or threaten violence".
    if joint == first + 1 {
        return false;
    }
    let between = &words[first + 1..joint];
    let relative = between.iter().any(|word| Lexicon::has(&lexicon.subordinate, &word.lower));
    let after = words.get(at + 1).filter(|word| at + 1 < end && !word.paused());
    let object = after.is_some_and(|word| {
        word.name || word.is_number() || Lexicon::has(&lexicon.object, &word.lower)
    });
    let by_means = between.iter().any(|word| Lexicon::has(&lexicon.means, &word.lower));
    let noun_too = Lexicon::has(&lexicon.nouns_too.words, &words[at].lower);
    let pair = lexicon.conducts(&words[joint - 1].lower);
    if relative {
        return object && (pair.is_empty() || words[joint - 1].name);
    }
    !noun_too || (object && !by_means)
}

/// The "and" or "or" by which a verb is joined, past "also", "then", "to", "not"; for the verb of a
/// list, its mark.
fn joint(words: &[Word], at: usize, lexicon: &Lexicon) -> Option<usize> {
    let mut place = at.checked_sub(1)?;
    if words[place].is_list_mark() {
        return Some(place);
    }
    while ["also", "then", "to", "not", "from", "must", "either"]
        .contains(&words[place].lower.as_str())
    {
        place = place.checked_sub(1)?;
    }
    let joins = Lexicon::has(&lexicon.joining, &words[place].lower);
    joins.then_some(place)
}

/// Whether a duty forbids.
pub(super) fn forbids(words: &[Word], after: usize) -> bool {
    let denied = |word: &Word| ["not", "never", "beidio"].contains(&word.lower.as_str());
    let before = after.saturating_sub(2);
    let by_verb = ["prohibited from", "forbidden to", "forbidden from", "prohibited to", "may not"];
    by_verb.iter().any(|phrase| is_at(words, before, phrase))
        || words[after..].iter().take(2).any(denied)
}
