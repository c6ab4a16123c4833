//! Terms that can't both be kept: one demands what the other forbids.

use crate::domain::term::TermKind;

use super::compound::{duties, forbids};
use super::lexicon::{self, Lexicon, Tongue};
use super::token::{Word, one_at, words};

/// What a free term asks: an act, whether it is forbidden, and what it is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    forbidden: bool,
    acts: Vec<String>,
    verb: String,
    object: Vec<String>,
    excepted: bool,
}

impl Demand {
    /// A ban on contact with a person, as the clauses of the library make it.
    pub fn no_contact(name: &str, excepted: bool) -> Self {
        let object = words(name).into_iter().map(|word| word.lower).collect();
        let acts = vec!["speak".to_owned()];
        Self { forbidden: true, acts, verb: "contact".to_owned(), object, excepted }
    }
}

/// What the words of a free term ask.
pub fn demands(text: &str, kind: TermKind) -> Vec<Demand> {
    let words = words(text);
    let lexicon = lexicon::of(Tongue::English);
    let demand = |after: usize| {
        let forbidden = forbids(&words, after);
        if forbidden != (kind == TermKind::Prohibition) {
            return None;
        }
        let verbs = verbs(&words, after);
        let (first, last) = (*verbs.first()?, *verbs.last()?);
        let verb = words[first].lower.clone();
        let acts = verbs.iter().flat_map(|at| acts(&words[*at].lower, lexicon)).collect();
        let object = object(&words, last + 1, lexicon);
        let excepted = (0..words.len()).any(|at| one_at(&words, at, &lexicon.except).is_some());
        Some(Demand { forbidden, acts, verb, object, excepted })
    };
    duties(&words, lexicon).into_iter().filter_map(demand).collect()
}

/// Whether one forbids what the other demands: the same act, and all that one does it to is in what
/// the other does it to. One with an exception may have made room.
pub fn opposed(one: &Demand, other: &Demand) -> bool {
    if one.forbidden == other.forbidden || one.excepted || other.excepted {
        return false;
    }
    let (banned, wanted) = if one.forbidden { (one, other) } else { (other, one) };
    let same = one.verb == other.verb || banned.acts.iter().any(|act| wanted.acts.contains(act));
    let all = |inner: &Demand, outer: &Demand| {
        !inner.object.is_empty() && inner.object.iter().all(|word| outer.object.contains(word))
    };
    same && (all(banned, wanted) || all(wanted, banned))
}

/// The places of the verbs after "must" or "must not": the first word that is none of the small
/// ones, and each that "or" joins to it at once ("sell or give").
fn verbs(words: &[Word], after: usize) -> Vec<usize> {
    let small = |word: &Word| SMALL.contains(&word.lower.as_str());
    let mut at = after;
    while words.get(at).is_some_and(small) {
        at += 1;
    }
    let mut verbs = Vec::new();
    while words.get(at).is_some_and(|word| !word.first || verbs.is_empty()) {
        verbs.push(at);
        if words.get(at + 1).is_none_or(|word| word.lower != "or") {
            break;
        }
        at += 2;
    }
    verbs
}

const SMALL: [&str; 6] = ["not", "never", "also", "at", "once", "always"];

fn acts(verb: &str, lexicon: &Lexicon) -> Vec<String> {
    let holds = |(_, verbs): &(&String, &Vec<String>)| Lexicon::has(verbs, verb);
    lexicon.opposite.iter().filter(holds).map(|(act, _)| act.clone()).collect()
}

/// The words that name what the act is done to, to the first that begins a time, a purpose or
/// another part.
fn object(words: &[Word], from: usize, lexicon: &Lexicon) -> Vec<String> {
    let rest = words.iter().skip(from).enumerate();
    let ends = |at: usize, word: &Word| {
        let begins = Lexicon::has(&lexicon.place.ends, &word.lower)
            || ["to", "about", "so", "that"].contains(&word.lower.as_str());
        word.first || word.before.contains([',', ';']) || (at > 0 && begins)
    };
    let part = rest.take_while(|(at, word)| !ends(*at, word)).map(|(_, word)| word);
    let telling = part.filter(|word| !BARE.contains(&word.lower.as_str()));
    telling.map(|word| word.lower.clone()).collect()
}

/// Words that tell no object from another.
const BARE: [&str; 22] = [
    "the", "a", "an", "any", "each", "every", "all", "no", "your", "this", "that", "to", "with",
    "of", "from", "by", "in", "on", "at", "away", "up", "you",
];
