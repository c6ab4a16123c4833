//! A copy of an order that is asked for: which, for whom, in which language and form.
//!
//! # Decisions
//! - What a kind has no use for is an `unknown_field`; what it can't do without, a `missing_field`:
//!   the letter of a person where the order protects several, who certifies a certified copy.
//! - `kind` names the order's own kind or a copy of it; the other order's kind is `not_one_of`.
//! - In Welsh it stands only where each term, its area and the bench have Welsh words: the fault
//!   names the terms that lack them.

use crate::domain::copy::{CopyKind, CopyWanted, Wanted};
use crate::domain::draft::CopyDraft;
use crate::domain::order::{Language, Order};
use crate::domain::people::Abode;
use crate::domain::term::{Locality, Term};
use crate::domain::violation::{Rule, Violation};

use super::faults::Faults;
use super::{BaseOrder, Context, confidence, order, people};

/// Reads what is asked for, against the order that it is asked of.
pub(super) fn judge(
    draft: &CopyDraft,
    base: &BaseOrder<'_>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<CopyWanted> {
    let kind = faults.needed("/kind", draft.kind);
    let language = draft.language.unwrap_or(base.order.language);
    welsh(base.order, language, context, faults);
    let what = kind.and_then(|kind| wanted(kind, draft, base.order, (context, faults)));
    if draft.address_window == Some(true) {
        window(kind, base.order, faults);
    }
    let secrets = context.law.secrets_of_order(base.order, base.undisclosed);
    confidence::search(&secrets, faults);
    Some(CopyWanted {
        what: what?,
        language,
        large_print: draft.large_print.unwrap_or(false),
        even_pages: draft.even_pages.unwrap_or(false),
        address_window: draft.address_window.unwrap_or(false),
    })
}

fn wanted(
    kind: CopyKind,
    draft: &CopyDraft,
    order: &Order,
    (context, faults): (&Context<'_>, &mut Faults),
) -> Option<Wanted> {
    if draft.person.is_some() && kind != CopyKind::ProtectedPersonNotice {
        faults.add("/person", Rule::UnknownField);
    }
    if draft.certified_by.is_some() && kind != CopyKind::CertifiedCopy {
        faults.add("/certified_by", Rule::UnknownField);
    }
    match kind {
        CopyKind::InterimOrder | CopyKind::FullOrder if kind != CopyKind::of(order.kind) => {
            faults.add("/kind", Rule::NotOneOf);
            None
        }
        CopyKind::InterimOrder | CopyKind::FullOrder => Some(Wanted::Order),
        CopyKind::ExplanatorySheet => Some(Wanted::ExplanatorySheet),
        CopyKind::ProtectedPersonNotice => {
            let person = person(draft.person, order, faults)?;
            Some(Wanted::ProtectedPersonNotice { person })
        }
        CopyKind::PoliceSheet => Some(Wanted::PoliceSheet),
        CopyKind::CertifiedCopy => {
            let at = "/certified_by";
            let Some(certifier) = &draft.certified_by else {
                faults.add(at, Rule::MissingField);
                return None;
            };
            let certified_by = people::in_capacity(at, certifier, context, faults)?;
            Some(Wanted::CertifiedCopy { certified_by })
        }
    }
}

/// `unknown_protected_person`; where the order protects one person alone, it need not say whom.
fn person(letter: Option<char>, order: &Order, faults: &mut Faults) -> Option<char> {
    match (letter, order.protected_persons.as_slice()) {
        (None, [only]) => Some(only.reference),
        (None, _) => {
            faults.add("/person", Rule::MissingField);
            None
        }
        (Some(letter), persons) => {
            let known = persons.iter().any(|person| person.reference == letter);
            if !known {
                faults.add("/person", Rule::UnknownProtectedPerson);
            }
            known.then_some(letter)
        }
    }
}

/// `window_needs_address`: only the respondent's documents go out in an envelope, to an address.
fn window(kind: Option<CopyKind>, order: &Order, faults: &mut Faults) {
    if kind.is_some_and(|kind| !kind.is_for_the_respondent()) {
        faults.add("/address_window", Rule::UnknownField);
    } else if let Abode::NoFixedAbode { .. } = order.respondent.abode {
        faults.add("/address_window", Rule::WindowNeedsAddress);
    }
}

/// `welsh_text_missing`, `welsh_text_unapproved`.
fn welsh(order: &Order, language: Language, context: &Context<'_>, faults: &mut Faults) {
    if !order::is_welsh(Some(language), context, faults) {
        return;
    }
    let lacking = order.terms.iter().filter(|term| lacks_welsh(term));
    let lacking: Vec<String> = lacking.map(|term| term.number.to_string()).collect();
    if !lacking.is_empty() || order.hearing.welsh_bench.is_none() {
        let fault = Violation::new("/language", Rule::WelshTextMissing);
        faults.push(match lacking.is_empty() {
            true => fault,
            false => fault.with("terms", lacking.join(", ")),
        });
    }
    let unapproved = |term: &Term| term.welsh.as_ref().is_some_and(|welsh| !welsh.approved);
    if context.production && order.terms.iter().any(unapproved) {
        faults.add("/language", Rule::WelshTextUnapproved);
    }
}

fn lacks_welsh(term: &Term) -> bool {
    let place = matches!(term.locality, Locality::Limited { welsh_description: None, .. });
    term.welsh.is_none() || place
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::sample::{Case, ID, clause, free, full, interim};
    use super::super::{BaseOrder, Context, Judgement, Law, judge_copy};
    use super::*;
    use crate::domain::draft::AuthorisedByDraft;
    use crate::domain::people::{Abode, Capacity};

    fn judged(case: &Case, draft: &CopyDraft, production: bool) -> Judgement<CopyWanted> {
        let (order, undisclosed) = case.outcome();
        let base = BaseOrder { id: ID, version: 1, order: &order, undisclosed: &undisclosed };
        let (law, known) = (Law::builtin(), BTreeMap::new());
        let today = "2026-11-21".parse().unwrap();
        let context = Context { law: &law, today, production, known_orders: &known };
        judge_copy(draft, &context, &base)
    }

    fn faults(case: &Case, draft: &CopyDraft) -> Vec<(String, Rule)> {
        let judgement = judged(case, draft, false);
        assert_eq!(judgement.outcome.is_none(), !judgement.errors.is_empty());
        judgement.errors.into_iter().map(|fault| (fault.pointer, fault.rule)).collect()
    }

    fn of(kind: CopyKind) -> CopyDraft {
        CopyDraft { kind: Some(kind), ..CopyDraft::default() }
    }

    fn certifier(name: &str) -> Option<AuthorisedByDraft> {
        let capacity = Some(Capacity::AuthorisedCourtOfficer);
        Some(AuthorisedByDraft { name: Some(name.to_owned()), capacity })
    }

    #[test]
    fn each_kind_that_needs_nothing_more_is_taken_in_the_orders_own_language() {
        for kind in [CopyKind::InterimOrder, CopyKind::ExplanatorySheet, CopyKind::PoliceSheet] {
            let wanted = judged(&interim(), &of(kind), true).outcome.unwrap();
            assert_eq!(wanted.language, Language::En);
            assert!(!wanted.large_print && !wanted.even_pages && !wanted.address_window);
        }
    }

    #[test]
    fn the_kind_of_another_order_is_not_one_of_those_that_can_be_asked_for() {
        let at_kind = |rule| [("/kind".to_owned(), rule)];
        assert_eq!(faults(&interim(), &of(CopyKind::FullOrder)), at_kind(Rule::NotOneOf));
        assert_eq!(faults(&full(), &of(CopyKind::InterimOrder)), at_kind(Rule::NotOneOf));
        assert_eq!(faults(&full(), &of(CopyKind::FullOrder)), []);
    }

    #[test]
    fn a_notice_needs_a_person_only_where_the_order_protects_several() {
        let mut several = full();
        assert!(several.passes().protected_persons.len() > 1);
        let missing = [("/person".to_owned(), Rule::MissingField)];
        assert_eq!(faults(&several, &of(CopyKind::ProtectedPersonNotice)), missing);
        let for_person =
            |letter| CopyDraft { person: Some(letter), ..of(CopyKind::ProtectedPersonNotice) };
        assert_eq!(faults(&several, &for_person('B')), []);
        let unknown = [("/person".to_owned(), Rule::UnknownProtectedPerson)];
        assert_eq!(faults(&several, &for_person('Z')), unknown);
        several.draft.protected_persons.truncate(1);
        several.only_free_terms();
        let wanted = judged(&several, &of(CopyKind::ProtectedPersonNotice), false).outcome;
        assert_eq!(wanted.unwrap().what, Wanted::ProtectedPersonNotice { person: 'A' });
    }

    #[test]
    fn what_a_kind_has_no_use_for_is_an_unknown_field() {
        let mut draft = CopyDraft { person: Some('A'), ..of(CopyKind::PoliceSheet) };
        draft.certified_by = certifier("Pat Sample");
        draft.address_window = Some(true);
        let unknown = ["/person", "/certified_by", "/address_window"];
        let unknown = unknown.map(|at| (at.to_owned(), Rule::UnknownField));
        assert_eq!(faults(&interim(), &draft), unknown);
    }

    #[test]
    fn a_certified_copy_names_who_certifies_it_in_characters_that_print() {
        let missing = [("/certified_by".to_owned(), Rule::MissingField)];
        assert_eq!(faults(&interim(), &of(CopyKind::CertifiedCopy)), missing);
        let by =
            |name: &str| CopyDraft { certified_by: certifier(name), ..of(CopyKind::CertifiedCopy) };
        assert_eq!(faults(&interim(), &by("Pat Sample")), []);
        let at = "/certified_by/name".to_owned();
        let soft = faults(&interim(), &by("Pat\u{ad}Sample"));
        assert_eq!(soft, [(at.clone(), Rule::UnprintableCharacter)]);
        let told = faults(&full(), &by("Pat of 8 Secret Court"));
        assert_eq!(told, [(at.clone(), Rule::ConfidentialValueDisclosed)]);
        assert_eq!(faults(&interim(), &by(&"x".repeat(101))), [(at, Rule::NameTooLong)]);
    }

    #[test]
    fn window_needs_address() {
        let draft = CopyDraft { address_window: Some(true), ..of(CopyKind::ExplanatorySheet) };
        let (with, without) = (interim(), full());
        assert!(matches!(with.passes().respondent.abode, Abode::Address(_)));
        assert_eq!(faults(&with, &draft), []);
        let refused = [("/address_window".to_owned(), Rule::WindowNeedsAddress)];
        assert_eq!(faults(&without, &draft), refused);
    }

    #[test]
    fn welsh_text_missing_names_the_terms_that_have_none() {
        let mut case = interim();
        case.draft.prohibitions = vec![
            free("You must not enter Mill Lane."),
            clause("no-contact", serde_json::json!({ "pp": "A" })),
        ];
        case.draft.requirements.clear();
        let draft = CopyDraft { language: Some(Language::Cy), ..of(CopyKind::InterimOrder) };
        let judgement = judged(&case, &draft, false);
        let [fault] = judgement.errors.as_slice() else { panic!("{:?}", judgement.errors) };
        assert_eq!((fault.pointer.as_str(), fault.rule), ("/language", Rule::WelshTextMissing));
        assert!(fault.explain().message.contains("P1"), "{}", fault.explain().message);
        assert!(!fault.explain().message.contains("P2"));
    }

    #[test]
    fn welsh_text_unapproved_is_refused_in_production_alone() {
        let draft = CopyDraft { language: Some(Language::Bilingual), ..of(CopyKind::PoliceSheet) };
        let unapproved = |production| {
            let errors = judged(&interim(), &draft, production).errors;
            errors.iter().any(|fault| fault.rule == Rule::WelshTextUnapproved)
        };
        assert!(unapproved(true) && !unapproved(false));
    }
}
