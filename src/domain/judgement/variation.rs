//! A request to vary, renew or discharge: who asks, when, against which version. What it would
//! change is `change`'s.

use jiff::civil::Date;

use crate::domain::disclosure::Secrets;
use crate::domain::draft::{
    ChangeDraft, ConsentDraft, Party, VariationApplicantDraft, VariationDraft,
};
use crate::domain::order::{Duration, Language, OrderKind, Undisclosed};
use crate::domain::people::ForceName;
use crate::domain::variation::{
    Consent, ConsentParty, VariationApplicant, VariationFacts, VariationKind, VariationRequest,
};
use crate::domain::violation::{Rule, Violation};

use super::change::{self, Asked, Changes};
use super::duration::day;
use super::faults::{Faults, step};
use super::law::{Names, names_of};
use super::order::{is_welsh, not_in_future};
use super::people::{force, is_territorial};
use super::{BaseOrder, Context, VariationJudged, confidence, respondent};

/// Judges the whole request. Without the order that it names, only what stands by itself.
pub(super) fn judge(
    draft: &VariationDraft,
    context: &Context<'_>,
    base: Option<&BaseOrder<'_>>,
    faults: &mut Faults,
) -> Option<VariationJudged> {
    let order_id = faults.needed("/order_id", draft.order_id);
    let expected_version = faults.needed("/expected_version", draft.expected_version);
    let kind = faults.needed("/kind", draft.kind);
    let made_on = faults.needed("/made_on", draft.made_on);
    if let Some(made_on) = made_on {
        not_in_future("/made_on", made_on, context, faults);
    }
    let welsh = is_welsh(draft.language, context, faults);
    let applicant = applicant(draft.applicant.as_ref(), context, faults);
    let grounds = faults.needed("/grounds", draft.grounds.as_deref());
    let grounds = faults.prose("/grounds", grounds);
    let consents = consents(&draft.consents, context, faults);
    let Some(base) = base else {
        if order_id.is_some() {
            faults.add("/order_id", Rule::UnknownOrder);
        }
        return None;
    };
    version(expected_version, base, faults);
    days(kind, made_on, base, faults);
    may_apply(applicant.as_ref(), base, context, faults);
    let asked = Asked {
        context,
        base,
        kind: kind?,
        made_on: made_on?,
        welsh: welsh || base.order.language != Language::En,
    };
    let changes = change::judge(&draft.changes, &asked, faults);
    confidence::search(&secrets(draft, base, &changes, context), faults);
    let request = VariationRequest::seal(VariationFacts {
        order_id: order_id?,
        expected_version: expected_version?,
        kind: asked.kind,
        applicant: applicant?,
        made_on: asked.made_on,
        grounds: grounds?,
        changes: changes.changes?,
        consents: consents?,
        language: draft.language.unwrap_or(base.order.language),
    });
    let undisclosed = Undisclosed { persons: changes.confidences, necessity: changes.necessity };
    Some(VariationJudged { request, undisclosed })
}

/// Those of the order and of the request together: a corrected person's old values too.
fn secrets(
    draft: &VariationDraft,
    base: &BaseOrder<'_>,
    changes: &Changes,
    context: &Context<'_>,
) -> Secrets {
    let persons = base.undisclosed.persons.iter().chain(&changes.confidences);
    let persons: Vec<_> = persons.cloned().collect();
    let corrected = draft.changes.iter().filter_map(|change| match change {
        ChangeDraft::CorrectRespondent { respondent, .. } => Some(respondent::names_of(respondent)),
        _ => None,
    });
    let names = Names {
        respondent: names_of(&base.order.respondent)
            .into_iter()
            .chain(corrected.flatten())
            .collect(),
        open: base.order.protected_persons.iter().chain(&changes.printed).collect(),
        public: Vec::new(),
    };
    context.law.secrets(&persons, &names)
}

/// `unknown_version`, `order_changed`: only the latest version can be varied.
fn version(expected: Option<u32>, base: &BaseOrder<'_>, faults: &mut Faults) {
    let rule = match expected {
        Some(expected) if expected == 0 || expected > base.version => Rule::UnknownVersion,
        Some(expected) if expected < base.version => Rule::OrderChanged,
        _ => return,
    };
    let fault = Violation::new("/expected_version", rule);
    faults.push(fault.with("latest", base.version));
}

/// `request_before_order`; `order_not_in_force` on the day of the request, for a renewal
/// `renewal_after_expiry`.
fn days(
    kind: Option<VariationKind>,
    made_on: Option<Date>,
    base: &BaseOrder<'_>,
    faults: &mut Faults,
) {
    let Some(made_on) = made_on else { return };
    if made_on < base.order.made_on {
        let fault = Violation::new("/made_on", Rule::RequestBeforeOrder);
        faults.push(fault.with("made_on", day(base.order.made_on)));
    }
    let Duration::Fixed { end_date } = base.order.duration else {
        return;
    };
    if end_date < made_on {
        let (at, rule) = match kind {
            Some(VariationKind::Renew) => ("/made_on", Rule::RenewalAfterExpiry),
            _ => ("/order_id", Rule::OrderNotInForce),
        };
        faults.push(Violation::new(at, rule).with("end_date", day(end_date)));
    }
}

fn applicant(
    draft: Option<&VariationApplicantDraft>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<VariationApplicant> {
    let draft = faults.needed("/applicant", draft)?;
    let max = context.law.profile.name_part_longest();
    let name = faults.name("/applicant/name", draft.name.as_deref(), max);
    match faults.needed("/applicant/capacity", draft.capacity)? {
        Party::Respondent => {
            let others = [("force", draft.force.is_some()), ("ground", draft.ground.is_some())];
            for (field, stands) in others {
                if stands {
                    faults.add(step("/applicant", field), Rule::UnknownField);
                }
            }
            Some(VariationApplicant::Respondent { name })
        }
        Party::ChiefOfficer => {
            let code = faults.needed("/applicant/force", draft.force.as_deref())?;
            let force = force("/applicant/force", code, context, faults)?;
            Some(VariationApplicant::ChiefOfficer { force, ground: draft.ground, name })
        }
    }
}

/// `applicant_may_not_apply`, `ground_required`. The respondent always may. Of an interim order
/// only the force that applied for it may; of a full order also the force of an area to which it
/// says what links the respondent. Stalking Protection Act 2019, s.4(1), s.5(7) and s.14.
fn may_apply(
    applicant: Option<&VariationApplicant>,
    base: &BaseOrder<'_>,
    context: &Context<'_>,
    faults: &mut Faults,
) {
    let Some(VariationApplicant::ChiefOfficer { force, ground, .. }) = applicant else {
        return;
    };
    let full = base.order.kind == OrderKind::FullOrder;
    if force.code == base.order.applicant.force.code {
        return;
    }
    if !(full && is_territorial(&force.code, context)) {
        faults.add("/applicant/force", Rule::ApplicantMayNotApply);
    } else if ground.is_none() {
        faults.add("/applicant/ground", Rule::GroundRequired);
    }
}

/// Consents as far as they were given; whether they suffice is for the decision.
fn consents(
    drafts: &[ConsentDraft],
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Vec<Consent>> {
    let mut consents = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let at = step("/consents", index);
        let given_on = faults.needed(&step(&at, "given_on"), draft.given_on);
        if let Some(given_on) = given_on {
            not_in_future(&step(&at, "given_on"), given_on, context, faults);
        }
        let party = match faults.needed(&step(&at, "party"), draft.party) {
            None => None,
            Some(Party::Respondent) => Some(ConsentParty::Respondent),
            Some(Party::ChiefOfficer) => officer(&step(&at, "force"), draft, context, faults)
                .map(|force| ConsentParty::ChiefOfficer { force }),
        };
        consents.push(party.zip(given_on).map(|(party, given_on)| Consent { party, given_on }));
    }
    consents.into_iter().collect()
}

fn officer(
    at: &str,
    draft: &ConsentDraft,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<ForceName> {
    let code = faults.needed(at, draft.force.as_deref())?;
    force(at, code, context, faults)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::sample::{Request, full, interim};
    use crate::domain::draft::{ChangeDraft, ConsentDraft, DurationDraft, Party};
    use crate::domain::people::Ground;
    use crate::domain::term::TermNumber;
    use crate::domain::variation::{ChangeOp, VariationKind};
    use crate::domain::violation::Rule;

    #[test]
    fn the_sample_passes_and_numbers_its_additions_after_the_last() {
        let (request, undisclosed) = Request::of(full()).outcome();
        let ChangeOp::Add { term } = &request.changes[0].op else { panic!() };
        assert_eq!(term.number.to_string(), "P13");
        let ChangeOp::Amend { was, term } = &request.changes[1].op else { panic!() };
        assert_eq!(term.number, was.number);
        assert!(was.text.contains("100 metres") && term.text.contains("200 metres"));
        let numbers: Vec<_> = undisclosed.necessity.iter().map(|(number, _)| *number).collect();
        let expected: Vec<TermNumber> = ["P13", "P4"].map(|n| n.parse().unwrap()).to_vec();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn unknown_order_is_refused() {
        Request::unknown().refused("/order_id", Rule::UnknownOrder);
    }

    #[test]
    fn unknown_version_and_order_changed() {
        let mut request = Request::of(full());
        request.version = 3;
        for (expected, rule) in [(0, Rule::UnknownVersion), (4, Rule::UnknownVersion)] {
            request.draft.expected_version = Some(expected);
            request.refused("/expected_version", rule);
        }
        request.draft.expected_version = Some(2);
        request.refused("/expected_version", Rule::OrderChanged);
        request.draft.expected_version = Some(3);
        request.outcome();
    }

    #[test]
    fn order_not_in_force_on_the_day_of_the_request() {
        let mut request = Request::of(interim());
        request.today = date(2027, 2, 1);
        request.draft.changes.clear();
        request.draft.kind = Some(VariationKind::Discharge);
        request.draft.made_on = Some(date(2027, 1, 16));
        request.refused("/order_id", Rule::OrderNotInForce);
        request.draft.made_on = Some(date(2027, 1, 15));
        request.outcome();
    }

    #[test]
    fn renewal_after_expiry_is_refused() {
        let mut request = Request::of(interim());
        request.today = date(2027, 2, 1);
        request.draft.kind = Some(VariationKind::Renew);
        request.draft.changes = vec![ChangeDraft::SetDuration {
            duration: Some(DurationDraft::Fixed(Some(date(2027, 3, 1)))),
            reason: None,
        }];
        request.draft.made_on = Some(date(2027, 1, 16));
        request.refused("/made_on", Rule::RenewalAfterExpiry);
        request.silent_on("/order_id", Rule::OrderNotInForce);
        request.draft.made_on = Some(date(2027, 1, 15));
        request.outcome();
    }

    #[test]
    fn request_before_order_is_refused_and_the_same_day_is_not() {
        let mut request = Request::of(full());
        request.draft.made_on = Some(date(2026, 11, 1));
        request.refused("/made_on", Rule::RequestBeforeOrder);
        request.draft.made_on = Some(date(2026, 11, 2));
        request.outcome();
    }

    #[test]
    fn made_on_in_future_of_a_request_or_a_consent_is_refused() {
        let mut request = Request::of(full());
        request.draft.made_on = Some(date(2026, 11, 22));
        request.refused("/made_on", Rule::MadeOnInFuture);
        let mut request = Request::of(full());
        request.draft.consents.push(ConsentDraft {
            party: Some(Party::Respondent),
            force: None,
            given_on: Some(date(2026, 11, 22)),
        });
        request.refused("/consents/0/given_on", Rule::MadeOnInFuture);
    }

    #[test]
    fn applicant_may_not_apply_unless_of_the_case_or_of_the_area() {
        let pointer = "/applicant/force";
        let mut request = Request::of(full());
        request.applicant().force = Some("kent".to_owned());
        request.refused("/applicant/ground", Rule::GroundRequired);
        request.silent_on(pointer, Rule::ApplicantMayNotApply);
        request.applicant().ground = Some(Ground::ResidesInArea);
        request.silent_on(pointer, Rule::ApplicantMayNotApply);
        request.silent_on("/applicant/ground", Rule::GroundRequired);
        request.applicant().force = Some("british-transport-police".to_owned());
        request.refused(pointer, Rule::ApplicantMayNotApply);
        let mut request = Request::of(interim());
        request.applicant().force = Some("kent".to_owned());
        request.applicant().ground = Some(Ground::ResidesInArea);
        request.refused(pointer, Rule::ApplicantMayNotApply);
    }

    #[test]
    fn the_respondent_may_always_apply() {
        let mut request = Request::of(full());
        let applicant = request.applicant();
        applicant.capacity = Some(Party::Respondent);
        applicant.force = None;
        request.outcome();
    }

    #[test]
    fn a_discharge_without_consents_is_recorded_for_the_court_to_decide() {
        let mut request = Request::of(full());
        request.draft.kind = Some(VariationKind::Discharge);
        request.draft.changes.clear();
        request.outcome();
    }
}
