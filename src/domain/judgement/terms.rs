//! All terms of an order beside each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::clause::Value;
use crate::domain::draft::TermDraft;
use crate::domain::term::{Locality, Source, Term, TermKind, TermNumber};
use crate::domain::violation::{Rule, Violation};

use super::Context;
use super::faults::{Faults, step};
use super::term::{Judged, Slot, TermRules};

/// Reads both lists of a new order: `needs_a_term`, `many_terms` and what the terms say of each
/// other.
pub(super) fn judge(
    prohibitions: &[TermDraft],
    requirements: &[TermDraft],
    rules: &TermRules<'_>,
    faults: &mut Faults,
) -> Vec<Judged> {
    if prohibitions.is_empty() && requirements.is_empty() {
        faults.add("/prohibitions", Rule::NeedsATerm);
    }
    many(prohibitions.len(), "/prohibitions", rules.context, faults);
    let mut judged = Vec::new();
    for (list, kind, drafts) in [
        ("/prohibitions", TermKind::Prohibition, prohibitions),
        ("/requirements", TermKind::Requirement, requirements),
    ] {
        for (index, (draft, ordinal)) in drafts.iter().zip(1..).enumerate() {
            let number = TermNumber { kind, ordinal };
            let slot = Slot { at: step(list, index), number, added: true };
            judged.push(rules.judge(slot, draft, faults));
        }
    }
    let numbers = judged.iter().map(|term| term.number).collect();
    references(&judged, &numbers, faults);
    let mut said = Said::default();
    for term in &judged {
        said.once(&term.at, term.term.as_ref(), faults);
    }
    judged
}

/// `many_terms`.
pub(super) fn many(count: usize, at: &str, context: &Context<'_>, faults: &mut Faults) {
    let max = context.law.profile.many_prohibitions();
    if count > max {
        let fault = Violation::new(at, Rule::ManyTerms);
        faults.push(fault.with("count", count).with("max", max));
    }
}

/// `unknown_term_number`: a term refers to another of the order, never to itself.
pub(super) fn references(judged: &[Judged], numbers: &BTreeSet<TermNumber>, faults: &mut Faults) {
    for term in judged {
        for (at, number) in &term.refers {
            if *number == term.number || !numbers.contains(number) {
                faults.add(at, Rule::UnknownTermNumber);
            }
        }
    }
}

/// What the terms so far say, to find the same said twice.
#[derive(Default)]
pub(super) struct Said(BTreeMap<String, TermNumber>);

impl Said {
    /// `duplicate_term`: the same words for the same place, or the same clause with the same values
    /// in whatever order. Case, spaces and punctuation don't count.
    pub(super) fn once(&mut self, at: &str, term: Option<&Term>, faults: &mut Faults) {
        let Some(term) = term else { return };
        let place = match &term.locality {
            Locality::UnitedKingdom => String::new(),
            Locality::Limited { description, .. } => letters(description),
        };
        let words = Some(letters(&term.text)).filter(|words| !words.is_empty());
        for mut said in words.into_iter().chain(values(term)) {
            said.push('|');
            said.push_str(&place);
            match self.0.get(&said) {
                Some(number) if *number != term.number => {
                    faults.push(Violation::new(at, Rule::DuplicateTerm).with("number", number));
                }
                _ => {
                    self.0.insert(said, term.number);
                }
            }
        }
    }
}

/// A clause with its values, of which the order of a list does not count.
fn values(term: &Term) -> Option<String> {
    let Source::Clause { clause, values, .. } = &term.source else { return None };
    let mut key = clause.clone();
    for (name, value) in values {
        let mut parts: Vec<String> = match value {
            Value::Text(text) => vec![letters(text)],
            Value::List(items) => items.iter().map(|item| letters(item)).collect(),
            Value::Weekdays(days) => days.iter().map(|day| format!("{day:?}")).collect(),
            other => vec![format!("{other:?}")],
        };
        parts.sort();
        parts.dedup();
        key.push_str(&format!("|{name}={}", parts.join(",")));
    }
    Some(key)
}

/// What of a text counts where case, spaces and punctuation don't.
pub(super) fn letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        match c.is_ascii() {
            true => out.push(c.to_ascii_lowercase()),
            false => out.extend(c.to_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample::{Case, clause, free, full, interim};
    use crate::domain::term::TermNumber;
    use crate::domain::violation::Rule;

    #[test]
    fn needs_a_term_of_either_kind() {
        let mut case = interim();
        case.draft.prohibitions.clear();
        case.passes();
        case.draft.requirements.clear();
        case.refused("/prohibitions", Rule::NeedsATerm);
    }

    fn with_prohibitions(count: usize) -> Case {
        let mut case = full();
        case.only_free_terms();
        let term = |n: usize| free(&format!("You must not enter house number {n}."));
        case.draft.prohibitions = (0..count).map(term).collect();
        case
    }

    #[test]
    fn many_terms_is_a_warning_over_fifteen_prohibitions() {
        with_prohibitions(15).silent_on("/prohibitions", Rule::ManyTerms);
        with_prohibitions(16).warned("/prohibitions", Rule::ManyTerms);
    }

    #[test]
    fn duplicate_term_of_the_same_clause_and_values_is_refused() {
        let mut case = full();
        let again = case.draft.prohibitions[0].clone();
        case.draft.prohibitions.push(again);
        let fault = case.refused("/prohibitions/12", Rule::DuplicateTerm);
        assert!(fault.explain().message.contains("P1"));
    }

    #[test]
    fn duplicate_term_of_the_same_words_but_for_case_and_spaces_is_refused() {
        let mut case = full();
        case.draft.prohibitions.push(free("You must not enter  Mill Lane"));
        case.draft.prohibitions.push(free("you must not enter Mill Lane."));
        case.refused("/prohibitions/13", Rule::DuplicateTerm);
    }

    #[test]
    fn terms_are_numbered_by_their_place_prohibitions_first() {
        let order = full().passes();
        let numbers: Vec<_> = order.terms.iter().map(|term| term.number.to_string()).collect();
        assert_eq!(numbers[0], "P1");
        assert_eq!(numbers[11], "P12");
        assert_eq!(numbers[12], "R1");
        assert!(order.terms.is_sorted_by_key(|term| term.number));
    }

    #[test]
    fn unknown_term_number_in_a_reference_is_refused_and_so_is_itself() {
        let pointer = "/requirements/0/values/term";
        for (number, known) in [("R2", true), ("R9", false), ("R1", false), ("P1", true)] {
            let mut case = interim();
            let codes = clause("give-access-codes", json!({ "term": number }));
            case.draft.requirements.insert(0, codes);
            if known {
                case.silent_on(pointer, Rule::UnknownTermNumber);
            } else {
                case.refused(pointer, Rule::UnknownTermNumber);
            }
        }
        assert!("R9".parse::<TermNumber>().is_ok());
    }
}
