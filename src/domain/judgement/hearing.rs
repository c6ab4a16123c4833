//! The hearing, what the court found there, and the next hearing of an interim order.

use jiff::civil::Date;

use crate::domain::draft::{AvoidsConflictDraft, FindingsDraft, HearingDraft, NextHearingDraft};
use crate::domain::order::{AvoidsConflict, Court, Hearing, NextHearing, OrderKind, Practicable};
use crate::domain::text::Text;
use crate::domain::violation::{Rule, Violation};

use super::Context;
use super::duration::day;
use super::faults::{Faults, step};

/// Reads `hearing`; `welsh` where a Welsh document is asked for.
pub(super) fn judge(
    draft: Option<&HearingDraft>,
    welsh: bool,
    faults: &mut Faults,
) -> Option<Hearing> {
    let draft = faults.needed("/hearing", draft)?;
    let present = faults.needed("/hearing/respondent_present", draft.respondent_present);
    let on_notice = faults.needed("/hearing/on_notice", draft.on_notice);
    let bench = faults.needed_text("/hearing/bench", draft.bench.as_deref());
    let welsh_bench = faults.text("/hearing/welsh_bench", draft.welsh_bench.as_deref());
    if welsh && draft.welsh_bench.is_none() {
        faults.add("/hearing/welsh_bench", Rule::WelshTextMissing);
    }
    let legal_adviser = faults.text("/hearing/legal_adviser", draft.legal_adviser.as_deref());
    Some(Hearing {
        respondent_present: present?,
        on_notice: on_notice?,
        bench: bench?,
        welsh_bench,
        legal_adviser,
    })
}

/// `finding_missing`. Stalking Protection Act 2019, s.2(1) and s.5(3).
pub(super) fn findings(draft: Option<&FindingsDraft>, kind: OrderKind, faults: &mut Faults) {
    let Some(found) = faults.needed("/findings", draft) else {
        return;
    };
    let needed = match kind {
        OrderKind::InterimOrder => vec![("appropriate", found.appropriate)],
        OrderKind::FullOrder => vec![
            ("acts_associated_with_stalking", found.acts_associated_with_stalking),
            ("poses_risk", found.poses_risk),
            ("order_necessary", found.order_necessary),
        ],
    };
    for (field, value) in needed {
        if value != Some(true) {
            faults.add(step("/findings", field), Rule::FindingMissing);
        }
    }
}

/// Reads `avoids_conflict`: `conflict_reason_required`. Stalking Protection Act 2019, s.2(3) and
/// s.5(4).
pub(super) fn avoids_conflict(
    draft: Option<&AvoidsConflictDraft>,
    faults: &mut Faults,
) -> Option<AvoidsConflict> {
    let draft = faults.needed("/avoids_conflict", draft)?;
    let religious_belief =
        faults.needed("/avoids_conflict/religious_belief", draft.religious_belief);
    let work = faults.needed("/avoids_conflict/work", draft.work);
    let education = faults.needed("/avoids_conflict/education", draft.education);
    let at_reason = "/avoids_conflict/reason";
    let conflict = [draft.religious_belief, draft.work, draft.education]
        .contains(&Some(Practicable::NotPracticable));
    if conflict && draft.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
        faults.add(at_reason, Rule::ConflictReasonRequired);
        return None;
    }
    let reason = faults.prose(at_reason, draft.reason.as_deref());
    Some(AvoidsConflict {
        religious_belief: religious_belief?,
        work: work?,
        education: education?,
        reason,
    })
}

/// What a next hearing follows on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) made_on: Option<Date>,
    pub(super) court: Option<&'a Court>,
}

/// Reads `next_hearing` at this pointer: `next_hearing_before_order`, `unknown_court`. Without a
/// court of its own it is at the court that made the order.
pub(super) fn next_hearing(
    at: &str,
    draft: Option<&NextHearingDraft>,
    after: Place<'_>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<NextHearing> {
    let draft = faults.needed(at, draft)?;
    let to_be_notified = step(at, "to_be_notified");
    if draft.to_be_notified == Some(true) {
        if draft.date.is_some() {
            faults.add(to_be_notified, Rule::UnknownField);
        }
        return Some(NextHearing::ToBeNotified);
    }
    let date = faults.needed(&step(at, "date"), draft.date);
    let time = faults.needed(&step(at, "time"), draft.time);
    let place = place(&step(at, "court"), draft.court.as_deref(), after.court, context, faults);
    if let (Some(date), Some(made_on)) = (date, after.made_on)
        && date < made_on
    {
        let fault = Violation::new(step(at, "date"), Rule::NextHearingBeforeOrder);
        faults.push(fault.with("made_on", day(made_on)));
    }
    let (court_name, court_welsh_name) = place?;
    Some(NextHearing::At { date: date?, time: time?, court_name, court_welsh_name })
}

/// The names of the court of the next hearing.
fn place(
    at: &str,
    code: Option<&str>,
    court: Option<&Court>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<(Text, Option<Text>)> {
    let same = court.filter(|court| code.is_none_or(|code| code == &*court.code));
    if let Some(court) = same {
        return Some((court.name.clone(), court.welsh_name.clone()));
    }
    let Some(record) = context.law.reference.court(code?) else {
        faults.add(at, Rule::UnknownCourt);
        return None;
    };
    Some((record.name.clone(), record.welsh_name.clone()))
}

/// `interim_ends_before_hearing`.
pub(super) fn hearing_within(end_date: Date, hearing: Date, at: &str, faults: &mut Faults) {
    if end_date < hearing {
        let fault = Violation::new(at, Rule::InterimEndsBeforeHearing);
        faults.push(fault.with("hearing", day(hearing)));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::sample::{full, interim};
    use crate::domain::draft::{DurationDraft, NextHearingDraft};
    use crate::domain::order::{NextHearing, Practicable};
    use crate::domain::violation::Rule;

    #[test]
    fn finding_missing_where_it_is_false_or_absent() {
        let mut case = full();
        let findings = case.draft.findings.as_mut().unwrap();
        findings.poses_risk = Some(false);
        findings.order_necessary = None;
        case.refused("/findings/poses_risk", Rule::FindingMissing);
        case.refused("/findings/order_necessary", Rule::FindingMissing);
        case.silent_on("/findings/acts_associated_with_stalking", Rule::FindingMissing);
        let mut case = interim();
        case.draft.findings.as_mut().unwrap().appropriate = Some(false);
        case.refused("/findings/appropriate", Rule::FindingMissing);
    }

    #[test]
    fn conflict_reason_required_where_one_could_not_be_avoided() {
        let mut case = interim();
        case.draft.avoids_conflict.as_mut().unwrap().education = Some(Practicable::NotPracticable);
        case.refused("/avoids_conflict/reason", Rule::ConflictReasonRequired);
        case.draft.avoids_conflict.as_mut().unwrap().reason = Some("One school for both.".into());
        case.passes();
    }

    #[test]
    fn next_hearing_before_order_is_refused_and_the_same_day_is_not() {
        let mut case = interim();
        case.draft.next_hearing.as_mut().unwrap().date = Some(date(2026, 11, 15));
        case.refused("/next_hearing/date", Rule::NextHearingBeforeOrder);
        case.draft.next_hearing.as_mut().unwrap().date = Some(date(2026, 11, 16));
        case.passes();
    }

    #[test]
    fn unknown_court_of_the_next_hearing_is_refused() {
        let mut case = interim();
        case.draft.next_hearing.as_mut().unwrap().court = Some("B00XX00".to_owned());
        case.refused("/next_hearing/court", Rule::UnknownCourt);
        case.draft.next_hearing.as_mut().unwrap().court = Some("B62DC00".to_owned());
        let order = case.passes();
        let Some(NextHearing::At { court_name, .. }) = &order.next_hearing else { panic!() };
        assert!(court_name.contains("Cardiff"));
    }

    #[test]
    fn a_hearing_to_be_notified_has_no_date() {
        let mut case = interim();
        let draft = NextHearingDraft { to_be_notified: Some(true), ..Default::default() };
        case.draft.next_hearing = Some(draft);
        assert_eq!(case.passes().next_hearing, Some(NextHearing::ToBeNotified));
        case.draft.next_hearing.as_mut().unwrap().date = Some(date(2026, 12, 1));
        case.refused("/next_hearing/to_be_notified", Rule::UnknownField);
    }

    #[test]
    fn interim_ends_before_hearing_is_a_warning() {
        let mut case = interim();
        case.draft.duration = Some(DurationDraft::Fixed(Some(date(2026, 12, 13))));
        case.warned("/duration/end_date", Rule::InterimEndsBeforeHearing);
        case.draft.duration = Some(DurationDraft::Fixed(Some(date(2026, 12, 14))));
        case.passes();
    }
}
