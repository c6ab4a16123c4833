//! What holds of every request, however odd.

use proptest::prelude::*;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::domain::sensitive::Sensitive;

use super::sample::{Case, Request, clause, free, full, interim};

/// Takes out or spoils one part of a draft.
fn spoil(case: &mut Case, part: u8, word: &str) {
    let text = || Some(word.to_owned());
    let draft = &mut case.draft;
    match part {
        0 => draft.case = None,
        1 => draft.application = None,
        2 => draft.court.as_mut().into_iter().for_each(|court| court.code = text()),
        3 => draft.applicant.as_mut().into_iter().for_each(|a| a.force = text()),
        4 => draft.respondent = None,
        5 => draft.protected_persons.clear(),
        6 => draft.made_on = None,
        7 => draft.hearing.as_mut().into_iter().for_each(|hearing| hearing.bench = text()),
        8 => draft.findings = None,
        9 => draft.duration = None,
        10 => draft.prohibitions.insert(0, clause(word, json!({ word: word }))),
        11 => draft.prohibitions.insert(0, clause("no-watching", json!({ "pp": word }))),
        12 => draft.prohibitions.push(free(word)),
        13 => draft.respondent.as_mut().into_iter().for_each(|r| r.pnc_id = text()),
        14 => draft.case.as_mut().into_iter().for_each(|case| case.urn = text()),
        15 => draft.requirements.iter_mut().for_each(|term| term.clause = text()),
        16 => draft.protected_persons.iter_mut().for_each(|p| p.printed_as = text()),
        17 => draft.protected_persons.iter_mut().for_each(|p| {
            p.confidential.places = vec![Sensitive::new(word)];
        }),
        18 => draft.authorised_by = None,
        _ => draft.next_hearing.as_mut().into_iter().for_each(|next| next.court = text()),
    }
}

proptest! {
    #[test]
    fn a_spoilt_request_is_judged_without_panic_and_never_both_refused_and_made(
        is_full: bool,
        parts in prop::collection::vec(0_u8..20, 0..6),
        word in r"\PC{0,40}",
    ) {
        let mut case = if is_full { full() } else { interim() };
        parts.iter().for_each(|part| spoil(&mut case, *part, &word));
        let judgement = case.judge().after(Vec::new());
        prop_assert_eq!(judgement.outcome.is_some(), judgement.errors.is_empty());
    }

    #[test]
    fn no_message_repeats_what_the_caller_wrote(
        is_full: bool,
        parts in prop::collection::vec(0_u8..20, 1..8),
    ) {
        let word = "Xyzzyplugh";
        let mut case = if is_full { full() } else { interim() };
        parts.iter().for_each(|part| spoil(&mut case, *part, word));
        for fault in case.judge().errors {
            let words = fault.explain();
            let said = format!("{} {}", words.message, words.remedy);
            prop_assert!(!said.contains(word), "{}: {}", fault.rule, said);
        }
    }

    #[test]
    fn free_words_stand_in_the_order_as_they_were_sent_or_are_refused(word in r"\PC{1,60}") {
        let mut case = interim();
        case.only_free_terms();
        case.draft.prohibitions = vec![free(&word)];
        if let Some(judged) = case.judge().outcome {
            let sent: String = word.nfc().collect();
            prop_assert_eq!(&*judged.order.terms[0].text, sent.as_str());
        }
    }

    #[test]
    fn a_number_is_never_given_to_two_terms(removed in prop::collection::vec(1_u16..13, 0..5)) {
        let mut request = Request::of(full());
        let removals = removed.iter().map(|n| super::sample::remove(&format!("P{n}")));
        request.draft.changes.extend(removals);
        if let Some(judged) = request.judge().outcome {
            let mut numbers: Vec<_> =
                request.base.iter().flat_map(|(o, _)| o.terms.iter().map(|t| t.number)).collect();
            for change in &judged.request.changes {
                if let crate::domain::variation::ChangeOp::Add { term } = &change.op {
                    prop_assert!(!numbers.contains(&term.number));
                    numbers.push(term.number);
                }
            }
        }
    }
}
