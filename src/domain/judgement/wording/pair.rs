//! Two terms beside each other: `place_inside_zone`, `contradicting_terms`.

use crate::domain::calendar::Weekday;
use crate::domain::clause::{Library, Value};
use crate::domain::term::{Source, Term, TermKind};
use crate::domain::violation::{Rule, Violation};
use crate::domain::wording::{
    Busy, Demand, Slot, attends, clash, demands, is_inside, keeps_out, lives_at, opposed,
    restricted,
};

use super::super::faults::Faults;
use super::Placed;
use super::week::{slot, value, weekly};

/// Terms beside which others are held; an order of more is warned of as such, and comparing each
/// with each would cost a hostile one's square.
const MOST: usize = 200;

/// Warns of each pair, at the later of the two that the request brings.
pub(super) fn warn(placed: &[Placed<'_>], library: &Library, faults: &mut Faults) {
    let known: Vec<_> = placed.iter().take(MOST).map(|one| Known::of(*one, library)).collect();
    for (index, later) in known.iter().enumerate() {
        for earlier in &known[..index] {
            if earlier.placed.at.is_none() && later.placed.at.is_none() {
                continue;
            }
            inside(earlier, later, faults);
            inside(later, earlier, faults);
            if let Some(part) = contradiction(earlier, later, library) {
                let (later, earlier) = (&later.placed, &earlier.placed);
                say(later, earlier, part, Rule::ContradictingTerms, faults);
            }
        }
    }
}

/// A term and what it says of places, times and acts, read once.
struct Known<'a> {
    placed: Placed<'a>,
    zones: Vec<String>,
    /// When alone it keeps out.
    closed: Option<Slot>,
    /// Where it sends, with the part that says so.
    place: Option<(String, String)>,
    wanted: Option<Slot>,
    home: Option<String>,
    asked: Vec<Demand>,
}

impl<'a> Known<'a> {
    fn of(placed: Placed<'a>, library: &Library) -> Self {
        let term = placed.term;
        let forbids = term.number.kind == TermKind::Prohibition;
        let free = is_free(term);
        Self {
            placed,
            zones: if forbids { zones_of(term) } else { Vec::new() },
            closed: if free { restricted(&term.text) } else { weekly(term) },
            place: if forbids { None } else { place_of(term) },
            wanted: slot(term).map(|(_, slot)| slot),
            home: if free && !forbids { lives_at(&term.text) } else { None },
            asked: asked(term, library),
        }
    }
}

fn is_free(term: &Term) -> bool {
    matches!(term.source, Source::Free)
}

/// At the one, if the request brings it; else at the other, which it then does.
fn say(one: &Placed<'_>, other: &Placed<'_>, part: &str, rule: Rule, faults: &mut Faults) {
    let (at, number) = match (one.at, other.at) {
        (Some(at), _) => (format!("{at}{part}"), other.term.number),
        (None, Some(at)) => (at.to_owned(), one.term.number),
        (None, None) => return,
    };
    faults.push(Violation::new(at, rule).with("number", number));
}

/// `place_inside_zone`: a requirement sends the respondent where a prohibition keeps them out.
fn inside(zone: &Known<'_>, sent: &Known<'_>, faults: &mut Faults) {
    let Some((part, place)) = &sent.place else { return };
    if zone.zones.is_empty() || never_at_once(zone, sent) {
        return;
    }
    if zone.zones.iter().any(|zone| is_inside(place, zone)) {
        say(&sent.placed, &zone.placed, part, Rule::PlaceInsideZone, faults);
    }
}

/// Whether the prohibition has hours of its own in which the requirement wants nobody.
fn never_at_once(zone: &Known<'_>, sent: &Known<'_>) -> bool {
    let (Some(closed), Some(wanted)) = (&zone.closed, &sent.wanted) else { return false };
    busy(closed).is_some_and(|busy| !clash(wanted, &busy))
}

fn busy(slot: &Slot) -> Option<Busy<'_>> {
    let days: &[Weekday] = if slot.days.is_empty() { &Weekday::ALL } else { &slot.days };
    Some(Busy { days, from: slot.from, to: slot.to? })
}

/// Where a prohibition keeps the respondent out.
fn zones_of(term: &Term) -> Vec<String> {
    if is_free(term) {
        return keeps_out(&term.text);
    }
    let zone = |(clause, name): &(&str, &str)| match (slug(term)? == *clause, value(term, name)?) {
        (true, Value::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    ZONES.iter().filter_map(zone).collect()
}

const ZONES: [(&str, &str); 3] = [
    ("exclusion-area", "boundary"),
    ("no-approach-place", "place"),
    ("no-entry-premises", "premises"),
];

/// Where a requirement sends the respondent, and the part of the term that says so.
fn place_of(term: &Term) -> Option<(String, String)> {
    if is_free(term) {
        return Some(("/text".to_owned(), attends(&term.text)?));
    }
    PLACES.iter().find_map(|name| match value(term, name)? {
        Value::Text(text) => Some((format!("/values/{name}"), text.to_string())),
        _ => None,
    })
}

const PLACES: [&str; 2] = ["place", "police_station"];

/// `contradicting_terms`, and the part of the later term that is at odds.
fn contradiction(
    earlier: &Known<'_>,
    later: &Known<'_>,
    library: &Library,
) -> Option<&'static str> {
    let (one, other) = (earlier.placed.term, later.placed.term);
    if cannot_stand(one, other, library) || is_other_measure(one, other) {
        return Some("");
    }
    if is_elsewhere_then(one, other) {
        return Some("/values/at");
    }
    let opposite =
        || earlier.asked.iter().any(|one| later.asked.iter().any(|other| opposed(one, other)));
    let free = is_free(one) || is_free(other);
    let at_odds = free && opposite()
        || are_two_homes(earlier, later)
        || is_kept_in(earlier, later)
        || is_kept_in(later, earlier);
    at_odds.then_some(if is_free(other) { "/text" } else { "" })
}

/// Two places to live at.
fn are_two_homes(one: &Known<'_>, other: &Known<'_>) -> bool {
    let (Some(one), Some(other)) = (&one.home, &other.home) else { return false };
    !is_inside(one, other) && !is_inside(other, one)
}

/// Whether one keeps the respondent at home when the other wants them elsewhere.
fn is_kept_in(home: &Known<'_>, away: &Known<'_>) -> bool {
    let (Some(kept), Some(wanted)) = (&home.wanted, &away.wanted) else { return false };
    let stays = |slot: &Slot| slot.whole && slot.to.is_some();
    stays(kept) && !stays(wanted) && busy(kept).is_some_and(|busy| clash(wanted, &busy))
}

/// Clauses that the library keeps apart.
fn cannot_stand(one: &Term, other: &Term, library: &Library) -> bool {
    let (Some(one), Some(other)) = (slug(one), slug(other)) else { return false };
    let names = |one: &str, other: &str| {
        let clause = library.find(one);
        clause.is_some_and(|clause| clause.cannot_stand_beside.iter().any(|slug| slug == other))
    };
    names(one, other) || names(other, one)
}

/// The same clause of the same person and things, with another number.
fn is_other_measure(one: &Term, other: &Term) -> bool {
    let (Source::Clause { values, .. }, Source::Clause { values: others, .. }) =
        (&one.source, &other.source)
    else {
        return false;
    };
    let number = |value: &Value| {
        matches!(value, Value::Metres(_) | Value::Hours(_) | Value::Days(_) | Value::Count(_))
    };
    let differs = |name: &String| values.get(name) != others.get(name);
    let mut differing = values.keys().filter(|name| differs(name)).peekable();
    slug(one) == slug(other)
        && one.locality == other.locality
        && values.len() == others.len()
        && differing.peek().is_some()
        && differing.all(|name| values.get(name).is_some_and(number))
}

/// Two places at one time.
fn is_elsewhere_then(one: &Term, other: &Term) -> bool {
    let same = value(one, "at").is_some_and(|at| value(other, "at") == Some(at));
    same && value(one, "place") != value(other, "place")
}

/// What a term asks, as far as its words or its clause say it plainly.
fn asked(term: &Term, library: &Library) -> Vec<Demand> {
    let kind = term.number.kind;
    match (&term.source, slug(term)) {
        (Source::Free, _) => demands(&term.text, kind),
        (_, Some("no-contact")) => {
            let name = person(term, library)
                .map(|name| Demand::no_contact(&name, value(term, "exceptions").is_some()));
            name.into_iter().collect()
        }
        (_, Some("no-contact-with-named-person")) => match value(term, "name") {
            Some(Value::Text(name)) => vec![Demand::no_contact(name, false)],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Whom the finished words of a ban on contact name.
fn person(term: &Term, library: &Library) -> Option<String> {
    let clause = library.find(slug(term)?)?;
    let (before, after) = clause.words.split_once("{pp}")?;
    let after = after.split('{').next()?.trim_end();
    let (name, _) = term.text.strip_prefix(before)?.split_once(after)?;
    Some(name.to_owned())
}

/// The name of a term's clause without its version.
fn slug(term: &Term) -> Option<&str> {
    match &term.source {
        Source::Clause { clause, .. } => clause.split('@').next(),
        Source::Free => None,
    }
}
