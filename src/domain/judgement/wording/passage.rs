//! The caller's own words in one term: `vague_term`, `compound_term`, `zone_discloses_home`,
//! `distance_without_point`, `mixed_script`.

use std::collections::BTreeMap;

use crate::domain::clause::Value;
use crate::domain::term::{Locality, Source, Term};
use crate::domain::text::Text;
use crate::domain::violation::Violation;
use crate::domain::wording::{Passage, Role, Tongue, remarks};

use super::super::faults::{Faults, step};
use super::Placed;

/// Warns of each passage of a term that the request brings.
pub(super) fn warn(one: &Placed<'_>, own_address: &[String], faults: &mut Faults) {
    let Some(at) = one.at else { return };
    for (at, text, tongue, role) in passages(at, one.term) {
        let kind = one.term.number.kind;
        let passage = Passage { text, tongue, kind, role, own_address };
        for remark in remarks(&passage) {
            let fault = Violation::new(at.as_str(), remark.rule);
            faults.push(match remark.phrase {
                Some(phrase) => fault.with("phrase", phrase),
                None => fault,
            });
        }
    }
}

type Found<'a> = (String, &'a str, Tongue, Role);

fn passages<'a>(at: &str, term: &'a Term) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    match &term.source {
        Source::Free => {
            found.push((step(at, "text"), term.text.as_str(), Tongue::English, Role::Term));
            if let Some(welsh) = &term.welsh {
                let at = step(at, "welsh_text");
                found.push((at, welsh.text.as_str(), Tongue::Welsh, Role::Term));
            }
        }
        Source::Clause { values, welsh_values, .. } => {
            of_values(&step(at, "values"), values, Tongue::English, &mut found);
            of_values(&step(at, "welsh_values"), welsh_values, Tongue::Welsh, &mut found);
        }
    }
    if let Locality::Limited { description, welsh_description } = &term.locality {
        let at = step(at, "locality");
        let mut place = |field: &str, text: &'a Text, tongue| {
            found.push((step(&at, field), text.as_str(), tongue, Role::Locality));
        };
        place("description", description, Tongue::English);
        if let Some(welsh) = welsh_description {
            place("welsh_description", welsh, Tongue::Welsh);
        }
    }
    found
}

fn of_values<'a>(
    at: &str,
    values: &'a BTreeMap<String, Value>,
    tongue: Tongue,
    found: &mut Vec<Found<'a>>,
) {
    for (name, value) in values {
        let role = match name.as_str() {
            name if ZONES.contains(&name) => Role::Zone,
            name if TITLES.contains(&name) => Role::Title,
            _ => Role::Value,
        };
        let at = step(at, name);
        match value {
            Value::Text(text) => found.push((at, text.as_str(), tongue, role)),
            Value::List(items) => {
                let each = items.iter().enumerate();
                found.extend(each.map(|(i, item)| (step(&at, i), item.as_str(), tongue, role)));
            }
            _ => {}
        }
    }
}

/// The parameters that say where.
const ZONES: [&str; 3] = ["boundary", "place", "premises"];

/// The parameters that hold a name.
const TITLES: [&str; 4] = ["name", "programme", "registration", "service"];
