//! The view of the police sheet: one page for the street, each term as a question.

use serde::Serialize;

use crate::domain::clause::{Library, Telling};
use crate::domain::order::{Order, OrderKind};
use crate::domain::people::Respondent;
use crate::domain::profile::Profile;
use crate::domain::term::{Term, TermKind};
use crate::render::imprint::Original;

use super::copy::{CourtNameView, OriginalView, told};
use super::order::{CaseView, PenaltyView, full_name, locality, term_text};
use super::{DurationView, Facts, HearingView, ImprintView, Phrase};

/// What a layout of the sheet may name: for the police, with the PNC number.
#[derive(Debug, Clone, Serialize)]
pub struct PoliceView {
    imprint: ImprintView,
    interim: bool,
    court: CourtNameView,
    case: CaseView,
    made_on: Phrase,
    duration: DurationView,
    next_hearing: Option<HearingView>,
    respondent: Suspect,
    /// As printed.
    protected: Vec<String>,
    force: Phrase,
    officer: Option<OfficerView>,
    has_prohibitions: bool,
    prohibitions: Vec<Question>,
    has_requirements: bool,
    requirements: Vec<Question>,
    has_places: bool,
    places: Vec<PlaceView>,
    has_offences: bool,
    offences: Vec<OffenceView>,
    penalty: PenaltyView,
    original: OriginalView,
}

impl PoliceView {
    pub(super) fn of((order, original): (&Order, &Original), facts: Facts<'_>) -> Self {
        let questions = |kind: TermKind| -> Vec<Question> {
            let terms = order.terms.iter().filter(|term| term.number.kind == kind);
            terms.map(|term| Question::of(term, order)).collect()
        };
        let (prohibitions, requirements) =
            (questions(TermKind::Prohibition), questions(TermKind::Requirement));
        let places: Vec<_> = order.terms.iter().filter_map(PlaceView::of).collect();
        let offences = Profile::builtin().offences_on(order.made_on);
        let offences: Vec<_> = offences
            .map(|offence| OffenceView {
                code: offence.code.clone(),
                provision: offence.provision.clone(),
            })
            .collect();
        Self {
            imprint: ImprintView::of(facts),
            interim: order.kind == OrderKind::InterimOrder,
            court: CourtNameView::of(&order.court),
            case: CaseView::of(order),
            made_on: Phrase::date(order.made_on),
            duration: DurationView::of(order.duration, order.made_on),
            next_hearing: order.next_hearing.as_ref().map(HearingView::of),
            respondent: Suspect::of(&order.respondent),
            protected: order.protected_persons.iter().map(|p| p.printed.to_string()).collect(),
            force: Phrase::force(&order.applicant.force),
            officer: OfficerView::of(order),
            has_prohibitions: !prohibitions.is_empty(),
            prohibitions,
            has_requirements: !requirements.is_empty(),
            requirements,
            has_places: !places.is_empty(),
            places,
            has_offences: !offences.is_empty(),
            offences,
            penalty: PenaltyView::on_day_of(order),
            original: OriginalView::of(original),
        }
    }
}

/// By what an officer knows the person.
#[derive(Debug, Clone, Serialize)]
struct Suspect {
    name: String,
    has_aliases: bool,
    aliases: Vec<String>,
    date_of_birth: Phrase,
    pnc_id: Option<String>,
}

impl Suspect {
    fn of(respondent: &Respondent) -> Self {
        Self {
            name: full_name(respondent),
            has_aliases: !respondent.aliases.is_empty(),
            aliases: respondent.aliases.iter().map(ToString::to_string).collect(),
            date_of_birth: Phrase::date(respondent.date_of_birth),
            pnc_id: respondent.pnc_id.as_ref().map(ToString::to_string),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct OfficerView {
    name: String,
    collar_number: Option<String>,
}

impl OfficerView {
    fn of(order: &Order) -> Option<Self> {
        order.applicant.officer.as_ref().map(|officer| Self {
            name: officer.name.to_string(),
            collar_number: officer.collar_number.as_ref().map(ToString::to_string),
        })
    }
}

/// A term as a question to which YES means a possible breach.
#[derive(Debug, Clone, Serialize)]
struct Question {
    number: String,
    /// The clause's own question; absent where the term's words are the only ones.
    question: Option<Phrase>,
    /// The words of a term that has no question.
    text: Option<Phrase>,
    locality: Option<Phrase>,
    until: Option<Phrase>,
}

impl Question {
    fn of(term: &Term, order: &Order) -> Self {
        let question = told(term, order, Telling::Question);
        Self {
            number: term.number.to_string(),
            text: question.is_none().then(|| term_text(term)),
            question,
            locality: locality(term),
            until: term.until.map(Phrase::date),
        }
    }
}

/// The places of a term: those among its values, or the one to which it is limited.
#[derive(Debug, Clone, Serialize)]
struct PlaceView {
    number: String,
    has_names: bool,
    names: Vec<Phrase>,
    locality: Option<Phrase>,
}

impl PlaceView {
    fn of(term: &Term) -> Option<Self> {
        let source = Library::builtin().source(term);
        let names = source.map(|source| source.places()).unwrap_or_default();
        let names = names.into_iter();
        let names: Vec<_> =
            names.map(|(english, welsh)| Phrase::pair(english, welsh.map(|w| &**w))).collect();
        let locality = locality(term);
        (!names.is_empty() || locality.is_some()).then(|| Self {
            number: term.number.to_string(),
            has_names: !names.is_empty(),
            names,
            locality,
        })
    }
}

#[derive(Debug, Clone, Serialize)]
struct OffenceView {
    code: String,
    provision: String,
}
