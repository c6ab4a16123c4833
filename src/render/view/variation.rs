//! The view of a request to vary, renew or discharge: a copy for the court.

use serde::Serialize;

use crate::domain::order::{Duration, NextHearing, Order, OrderKind};
use crate::domain::people::{Ground, ProtectedPerson, Respondent};
use crate::domain::term::{Term, TermNumber};
use crate::domain::variation::{
    Change, ChangeOp, Consent, ConsentParty, VariationApplicant, VariationKind, VariationRequest,
};

use super::order::{CaseView, RespondentView, TermView};
use super::{CourtView, DurationView, Facts, HearingView, ImprintView, Phrase};

/// What a layout of a request may name.
#[derive(Debug, Clone, Serialize)]
pub struct VariationView {
    imprint: ImprintView,
    vary: bool,
    renew: bool,
    discharge: bool,
    /// A discharge without a list of terms asks for the whole order to end.
    discharge_whole: bool,
    /// The order is an interim one.
    interim: bool,
    court: CourtView,
    case: CaseView,
    made_on: Phrase,
    duration: DurationView,
    respondent: RespondentView,
    several_protected: bool,
    protected: Vec<String>,
    request: RequestView,
    has_changes: bool,
    changes: Vec<ChangeView>,
    has_consents: bool,
    consents: Vec<ConsentView>,
}

impl VariationView {
    /// The facts of this request, held beside the order that it names.
    pub fn of(request: &VariationRequest, order: &Order, facts: Facts<'_>) -> Self {
        Self {
            imprint: ImprintView::of(facts),
            vary: request.kind == VariationKind::Vary,
            renew: request.kind == VariationKind::Renew,
            discharge: request.kind == VariationKind::Discharge,
            discharge_whole: request.kind == VariationKind::Discharge && request.changes.is_empty(),
            interim: order.kind == OrderKind::InterimOrder,
            court: CourtView::of(&order.court),
            case: CaseView::of(order),
            made_on: Phrase::date(order.made_on),
            duration: DurationView::of(order.duration, order.made_on),
            respondent: RespondentView::of(&order.respondent, order.made_on),
            several_protected: order.protected_persons.len() > 1,
            protected: order.protected_persons.iter().map(|p| p.printed.to_string()).collect(),
            request: RequestView::of(request),
            has_changes: !request.changes.is_empty(),
            changes: request.changes.iter().map(|change| ChangeView::of(change, order)).collect(),
            has_consents: !request.consents.is_empty(),
            consents: request.consents.iter().map(ConsentView::of).collect(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct RequestView {
    by_respondent: bool,
    chief_officer: Option<Phrase>,
    name: Option<String>,
    made_on: Phrase,
    grounds: String,
    /// Why a force that did not apply for the order may ask. Stalking Protection Act 2019, s.14.
    resides_in_area: bool,
    believed_in_area: bool,
    intends_to_come: bool,
}

impl RequestView {
    fn of(request: &VariationRequest) -> Self {
        let (chief_officer, ground, name) = match &request.applicant {
            VariationApplicant::Respondent { name } => (None, None, name),
            VariationApplicant::ChiefOfficer { force, ground, name } => {
                (Some(Phrase::chief_officer(force)), *ground, name)
            }
        };
        Self {
            by_respondent: chief_officer.is_none(),
            chief_officer,
            name: name.as_ref().map(ToString::to_string),
            made_on: Phrase::date(request.made_on),
            grounds: request.grounds.to_string(),
            resides_in_area: ground == Some(Ground::ResidesInArea),
            believed_in_area: ground == Some(Ground::BelievedInArea),
            intends_to_come: ground == Some(Ground::IntendsToCome),
        }
    }
}

/// One change: which kind holds, and what stands before and after.
#[derive(Debug, Clone, Default, Serialize)]
struct ChangeView {
    add: bool,
    amend: bool,
    remove: bool,
    duration: bool,
    hearing: bool,
    respondent: bool,
    person_added: bool,
    person_corrected: bool,
    number: Option<String>,
    was: SideView,
    becomes: SideView,
    reason: Option<String>,
}

/// One side of a change, whole: a court must see a place or an end that goes as well as a word.
#[derive(Debug, Clone, Default, Serialize)]
struct SideView {
    term: Option<TermView>,
    duration: Option<DurationView>,
    hearing: Option<HearingView>,
    respondent: Option<RespondentView>,
    /// A protected person as printed.
    name: Option<String>,
    /// The paragraph has no words any more.
    ends: bool,
    /// Nothing stood here before.
    nothing: bool,
}

impl SideView {
    fn term(term: &Term) -> Self {
        Self { term: Some(TermView::of(term)), ..Self::default() }
    }

    fn duration(duration: Duration, order: &Order) -> Self {
        let duration = DurationView::of(duration, order.made_on);
        Self { duration: Some(duration), ..Self::default() }
    }

    fn hearing(next: Option<&NextHearing>) -> Self {
        let hearing = next.map(HearingView::of);
        Self { nothing: hearing.is_none(), hearing, ..Self::default() }
    }

    fn respondent(respondent: &Respondent, order: &Order) -> Self {
        let respondent = RespondentView::of(respondent, order.made_on);
        Self { respondent: Some(respondent), ..Self::default() }
    }

    fn name(person: Option<&ProtectedPerson>) -> Self {
        let name = person.map(|person| person.printed.to_string());
        Self { nothing: name.is_none(), name, ..Self::default() }
    }

    fn nothing() -> Self {
        Self { nothing: true, ..Self::default() }
    }

    fn ends() -> Self {
        Self { ends: true, ..Self::default() }
    }
}

impl ChangeView {
    fn of(change: &Change, order: &Order) -> Self {
        let reason = change.reason.as_ref().map(ToString::to_string);
        Self { reason, ..Self::without_reason(&change.op, order) }
    }

    fn without_reason(op: &ChangeOp, order: &Order) -> Self {
        let none = Self::default();
        match op {
            ChangeOp::Add { term } => Self {
                add: true,
                ..Self::numbered(term.number, SideView::nothing(), SideView::term(term))
            },
            ChangeOp::Amend { was, term } => Self {
                amend: true,
                ..Self::numbered(term.number, SideView::term(was), SideView::term(term))
            },
            ChangeOp::Remove { number, was } => Self {
                remove: true,
                ..Self::numbered(*number, SideView::term(was), SideView::ends())
            },
            ChangeOp::SetDuration { duration } => {
                let was = SideView::duration(order.duration, order);
                Self { duration: true, was, becomes: SideView::duration(*duration, order), ..none }
            }
            ChangeOp::SetNextHearing { next_hearing } => {
                let was = SideView::hearing(order.next_hearing.as_ref());
                Self { hearing: true, was, becomes: SideView::hearing(Some(next_hearing)), ..none }
            }
            ChangeOp::CorrectRespondent { respondent } => {
                let was = SideView::respondent(&order.respondent, order);
                let becomes = SideView::respondent(respondent, order);
                Self { respondent: true, was, becomes, ..none }
            }
            ChangeOp::AddProtectedPerson { person } => {
                let becomes = SideView::name(Some(person));
                Self { person_added: true, was: SideView::nothing(), becomes, ..none }
            }
            ChangeOp::CorrectProtectedPerson { reference, person } => {
                let mut known = order.protected_persons.iter();
                let was = SideView::name(known.find(|known| known.reference == *reference));
                let becomes = SideView::name(Some(person));
                Self { person_corrected: true, was, becomes, ..none }
            }
        }
    }

    fn numbered(number: TermNumber, was: SideView, becomes: SideView) -> Self {
        Self { number: Some(number.to_string()), was, becomes, ..Self::default() }
    }
}

#[derive(Debug, Clone, Serialize)]
struct ConsentView {
    respondent: bool,
    chief_officer: Option<Phrase>,
    given_on: Phrase,
}

impl ConsentView {
    fn of(consent: &Consent) -> Self {
        let chief_officer = match &consent.party {
            ConsentParty::Respondent => None,
            ConsentParty::ChiefOfficer { force } => Some(Phrase::chief_officer(force)),
        };
        Self {
            respondent: chief_officer.is_none(),
            chief_officer,
            given_on: Phrase::date(consent.given_on),
        }
    }
}
