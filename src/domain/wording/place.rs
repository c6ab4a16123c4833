//! Whether a place that must be attended lies in one that must not be entered, as far as words can
//! tell: there is no map here.

use super::lexicon::{self, Lexicon, Tongue};
use super::token::{Word, is_at, length, one_at, words};

/// The places that the words of a free prohibition keep its reader out of; none where it makes an
/// exception for what has to be attended.
pub fn keeps_out(text: &str) -> Vec<String> {
    let words = words(text);
    let lexicon = lexicon::of(Tongue::English);
    let excepted = (0..words.len()).any(|at| one_at(&words, at, &lexicon.except).is_some());
    if excepted {
        return Vec::new();
    }
    let mut zones = Vec::new();
    for at in 0..words.len() {
        let verb = one_at(&words, at, &lexicon.place.enter).map(length);
        let near = one_at(&words, at, &lexicon.place.within)
            .map(length)
            .and_then(|verb| point_of(&words, at + verb, lexicon).map(|point| point - at));
        if let Some(length) = near.or(verb) {
            zones.push(written(&words, at + length, lexicon));
        }
    }
    zones.retain(|zone| !zone.is_empty());
    zones
}

/// The place that the words of a free requirement send its reader to.
pub fn attends(text: &str) -> Option<String> {
    let words = words(text);
    let lexicon = lexicon::of(Tongue::English);
    let after = (0..words.len())
        .find_map(|at| one_at(&words, at, &lexicon.place.attend).map(|verb| at + length(verb)))?;
    Some(written(&words, after, lexicon)).filter(|place| !place.is_empty())
}

/// Where the words of a free requirement tell its reader to live.
pub fn lives_at(text: &str) -> Option<String> {
    let words = words(text);
    let lexicon = lexicon::of(Tongue::English);
    let after = (0..words.len())
        .find_map(|at| one_at(&words, at, &lexicon.place.live).map(|verb| at + length(verb)))?;
    Some(written(&words, after, lexicon)).filter(|place| !place.is_empty())
}

/// Whether a place lies in a zone: the zone is an item of a list that names a street of the place,
/// the place itself, or the town around it; or a postcode district.
pub fn is_inside(place: &str, zone: &str) -> bool {
    let lexicon = lexicon::of(Tongue::English);
    let place = words(place);
    items(zone, lexicon).iter().any(|item| holds(&place, item, lexicon))
}

/// Where the point of a distance begins: "300 metres of Example House".
fn point_of(words: &[Word], from: usize, lexicon: &Lexicon) -> Option<usize> {
    let near = (from..words.len()).take(6);
    near.into_iter().find(|at| Lexicon::has(&lexicon.point, &words[*at].lower)).map(|at| at + 1)
}

/// The words from here to where a time or another sentence begins, as text.
fn written(words: &[Word], from: usize, lexicon: &Lexicon) -> String {
    let mut text = String::new();
    for word in words.iter().skip(from) {
        let ends = word.first || (Lexicon::has(&lexicon.place.ends, &word.lower) && !word.name);
        if ends {
            break;
        }
        if word.before.contains(',') {
            text.push(',');
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.raw);
    }
    text
}

/// The items of a list of places. A town after the last comma says where the others are.
fn items(zone: &str, lexicon: &Lexicon) -> Vec<Vec<String>> {
    let words = words(zone);
    let mut items: Vec<Vec<&Word>> = vec![Vec::new()];
    let mut commas = vec![false];
    for word in &words {
        let joins = Lexicon::has(&lexicon.joining, &word.lower);
        let comma = word.before.contains([',', ';']);
        if joins || comma {
            items.push(Vec::new());
            commas.push(comma && !joins);
        }
        let plain = joins || Lexicon::has(&lexicon.place.plain, &word.lower);
        if let (Some(item), false) = (items.last_mut(), plain) {
            item.push(word);
        }
    }
    let street =
        |item: &[&Word]| item.iter().any(|word| Lexicon::has(&lexicon.home.street, &word.lower));
    let town = items.len() > 1
        && commas.last() == Some(&true)
        && items.last().is_some_and(|item| !street(item));
    if town {
        items.pop();
    }
    let lower = |item: Vec<&Word>| item.into_iter().map(|word| word.lower.clone()).collect();
    let named = |item: &Vec<&Word>| item.iter().any(|word| word.is_capital() || word.is_number());
    items.into_iter().filter(named).map(lower).collect()
}

/// Whether the words of an item stand together in the place, not as the start of another's name
/// ("Barry" in "Barry Street").
fn holds(place: &[Word], item: &[String], lexicon: &Lexicon) -> bool {
    let significant: Vec<&Word> =
        place.iter().filter(|word| !Lexicon::has(&lexicon.place.plain, &word.lower)).collect();
    let phrase = item.join(" ");
    (0..significant.len()).any(|start| {
        let end = start + item.len();
        let same = significant
            .get(start..end)
            .is_some_and(|here| here.iter().zip(item).all(|(word, wanted)| word.lower == *wanted));
        let longer = significant.get(end).is_some_and(|next| {
            !next.paused() && next.is_capital() && Lexicon::has(&lexicon.home.street, &next.lower)
        });
        let shorter = item.len() == 1 && start > 0 && is_at(place, 0, &phrase) && longer;
        same && !longer && !shorter
    })
}
