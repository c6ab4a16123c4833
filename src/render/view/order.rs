//! The view of an interim or full order: the respondent's copy.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::calendar::{Period, age_on};
use crate::domain::clause::Library;
use crate::domain::order::{AvoidsConflict, Order, OrderKind, Practicable, Route};
use crate::domain::people::{Abode, Capacity, Ground, Guardian, Respondent};
use crate::domain::profile::Profile;
use crate::domain::term::{Locality, Term, TermKind};

use super::{
    CourtView, DurationView, Facts, Flags, HearingView, ImprintView, Phrase, address_lines,
};

/// What a layout of an order may name.
#[derive(Debug, Clone, Serialize)]
pub struct OrderView {
    pub(super) imprint: ImprintView,
    interim: bool,
    /// Made by the Crown Court. Stalking Protection Act 2019, s.7.
    on_appeal: bool,
    court: CourtView,
    case: CaseView,
    made_on: Phrase,
    application: ApplicationView,
    applicant: ApplicantView,
    respondent: RespondentView,
    several_protected: bool,
    /// As printed.
    protected: Vec<String>,
    hearing: BenchView,
    conflict: ConflictView,
    has_prohibitions: bool,
    prohibitions: Vec<TermView>,
    has_requirements: bool,
    requirements: Vec<TermView>,
    duration: DurationView,
    next_hearing: Option<HearingView>,
    replaces: Option<ReplacesView>,
    has_existing_orders: bool,
    has_definitions: bool,
    definitions: Vec<DefinitionView>,
    notification: NotificationView,
    penalty: PenaltyView,
    signature: SignatureView,
}

impl OrderView {
    /// The facts of this order for its layout.
    pub fn of(order: &Order, facts: Facts<'_>) -> Self {
        let definitions = DefinitionView::used_in(&order.terms);
        let prohibitions = TermView::list(&order.terms, TermKind::Prohibition);
        let requirements = TermView::list(&order.terms, TermKind::Requirement);
        Self {
            imprint: ImprintView::of(facts),
            interim: order.kind == OrderKind::InterimOrder,
            on_appeal: order.route == Route::Appeal,
            court: CourtView::of(&order.court),
            case: CaseView::of(order),
            made_on: Phrase::date(order.made_on),
            application: ApplicationView {
                reference: order.application.reference.as_ref().map(ToString::to_string),
                made_on: Phrase::date(order.application.made_on),
            },
            applicant: ApplicantView::of(order),
            respondent: RespondentView::of(&order.respondent, order.made_on),
            several_protected: order.protected_persons.len() > 1,
            protected: order.protected_persons.iter().map(|p| p.printed.to_string()).collect(),
            hearing: BenchView::of(order),
            conflict: ConflictView::of(&order.avoids_conflict),
            has_prohibitions: !prohibitions.is_empty(),
            prohibitions,
            has_requirements: !requirements.is_empty(),
            requirements,
            duration: DurationView::of(order.duration, order.made_on),
            next_hearing: order.next_hearing.as_ref().map(HearingView::of),
            replaces: order.replaces_interim.as_ref().map(|replaced| ReplacesView {
                case_reference: replaced.case_reference.to_string(),
                made_on: Phrase::date(replaced.made_on),
            }),
            has_existing_orders: !order.existing_orders.is_empty(),
            has_definitions: !definitions.is_empty(),
            definitions,
            notification: NotificationView::of(order),
            penalty: PenaltyView::on_day_of(order),
            signature: SignatureView::of(order),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct CaseView {
    reference: String,
    urn: Option<String>,
    court_reference: Option<String>,
}

impl CaseView {
    pub(super) fn of(order: &Order) -> Self {
        Self {
            reference: order.case.reference.to_string(),
            urn: order.case.urn.as_ref().map(ToString::to_string),
            court_reference: order.case.court_reference.as_ref().map(ToString::to_string),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct ApplicationView {
    reference: Option<String>,
    made_on: Phrase,
}

#[derive(Debug, Clone, Serialize)]
struct ApplicantView {
    chief_officer: Phrase,
    resides_in_area: bool,
    believed_in_area: bool,
    intends_to_come: bool,
}

impl ApplicantView {
    fn of(order: &Order) -> Self {
        let ground = order.applicant.ground;
        Self {
            chief_officer: Phrase::chief_officer(&order.applicant.force),
            resides_in_area: ground == Some(Ground::ResidesInArea),
            believed_in_area: ground == Some(Ground::BelievedInArea),
            intends_to_come: ground == Some(Ground::IntendsToCome),
        }
    }
}

/// The respondent without what is for courts and police alone (the PNC number).
#[derive(Debug, Clone, Serialize)]
pub(super) struct RespondentView {
    name: String,
    has_aliases: bool,
    aliases: Vec<String>,
    date_of_birth: Phrase,
    /// Whole years on the day of the order, of a person under 18 alone.
    age: Option<i16>,
    address: Option<Vec<String>>,
    found_at: Option<String>,
    /// Of a person under 18 alone.
    guardian: Option<GuardianView>,
    no_guardian_because: Option<String>,
    /// The police area named for notification.
    police_area: Option<Phrase>,
    under_part_2: bool,
    under_part_2_until: Option<Phrase>,
}

#[derive(Debug, Clone, Serialize)]
struct GuardianView {
    name: String,
    relationship: String,
}

impl RespondentView {
    /// The respondent as of this day.
    pub(super) fn of(respondent: &Respondent, day: Date) -> Self {
        let age = age_on(respondent.date_of_birth, day);
        let (address, found_at) = match &respondent.abode {
            Abode::Address(address) => (Some(address_lines(address)), None),
            Abode::NoFixedAbode { found_at } => (None, Some(found_at.to_string())),
        };
        let young = age < Profile::builtin().adult();
        let part_2 = respondent.sex_offender_notification.as_ref();
        let (guardian, no_guardian_because) = match respondent.guardian.as_ref().filter(|_| young) {
            Some(Guardian::Named { name, relationship }) => {
                let (name, relationship) = (name.to_string(), relationship.to_string());
                (Some(GuardianView { name, relationship }), None)
            }
            Some(Guardian::NoneBecause { reason }) => (None, Some(reason.to_string())),
            None => (None, None),
        };
        Self {
            name: full_name(respondent),
            has_aliases: !respondent.aliases.is_empty(),
            aliases: respondent.aliases.iter().map(ToString::to_string).collect(),
            date_of_birth: Phrase::date(respondent.date_of_birth),
            age: young.then_some(age),
            address,
            found_at,
            guardian,
            no_guardian_because,
            police_area: respondent.police_area.as_ref().map(Phrase::force),
            under_part_2: part_2.is_some(),
            under_part_2_until: part_2.and_then(|part_2| part_2.until).map(Phrase::date),
        }
    }
}

pub(super) fn full_name(respondent: &Respondent) -> String {
    let parts = [
        respondent.title.as_deref(),
        Some(&*respondent.given_names),
        Some(&*respondent.family_name),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[derive(Debug, Clone, Serialize)]
struct BenchView {
    bench: Phrase,
    legal_adviser: Option<String>,
    respondent_present: bool,
    on_notice: bool,
}

impl BenchView {
    fn of(order: &Order) -> Self {
        let hearing = &order.hearing;
        Self {
            bench: Phrase::pair(&hearing.bench, hearing.welsh_bench.as_deref()),
            legal_adviser: hearing.legal_adviser.as_ref().map(ToString::to_string),
            respondent_present: hearing.respondent_present,
            on_notice: hearing.on_notice,
        }
    }
}

/// What could not be avoided, as flags with the joints between them.
#[derive(Debug, Clone, Serialize)]
struct ConflictView {
    avoided: bool,
    religious_belief: bool,
    work: bool,
    education: bool,
    reason: Option<String>,
}

impl ConflictView {
    fn of(avoids: &AvoidsConflict) -> Self {
        let stands = |practicable| practicable == Practicable::NotPracticable;
        let (religious_belief, work, education) =
            (stands(avoids.religious_belief), stands(avoids.work), stands(avoids.education));
        Self {
            avoided: !(religious_belief || work || education),
            religious_belief,
            work,
            education,
            reason: avoids.reason.as_ref().map(ToString::to_string),
        }
    }
}

/// One term with its number and its words, verbatim.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TermView {
    number: String,
    text: Phrase,
    locality: Option<Phrase>,
    until: Option<Phrase>,
}

impl TermView {
    fn list(terms: &[Term], kind: TermKind) -> Vec<Self> {
        terms.iter().filter(|term| term.number.kind == kind).map(Self::of).collect()
    }

    pub(super) fn of(term: &Term) -> Self {
        Self {
            number: term.number.to_string(),
            text: term_text(term),
            locality: locality(term),
            until: term.until.map(Phrase::date),
        }
    }
}

pub(super) fn term_text(term: &Term) -> Phrase {
    Phrase::pair(&term.text, term.welsh.as_ref().map(|welsh| &*welsh.text))
}

pub(super) fn locality(term: &Term) -> Option<Phrase> {
    match &term.locality {
        Locality::UnitedKingdom => None,
        Locality::Limited { description, welsh_description } => {
            Some(Phrase::pair(description, welsh_description.as_deref()))
        }
    }
}

#[derive(Debug, Clone, Serialize)]
struct ReplacesView {
    case_reference: String,
    made_on: Phrase,
}

/// A defined word that some term uses.
#[derive(Debug, Clone, Serialize)]
struct DefinitionView {
    word: Phrase,
    meaning: Phrase,
}

impl DefinitionView {
    fn used_in(terms: &[Term]) -> Vec<Self> {
        let used = Library::builtin().definitions_used(terms.iter().map(|term| &*term.text));
        used.into_iter()
            .map(|definition| Self {
                word: Phrase::pair(&definition.word, Some(&definition.welsh.word)),
                meaning: Phrase::pair(&definition.meaning, Some(&definition.welsh.meaning)),
            })
            .collect()
    }
}

/// Which notification paragraph holds: derived from the facts, never chosen. Stalking Protection
/// Act 2019, s.9-10.
#[derive(Debug, Clone, Serialize)]
pub(super) struct NotificationView {
    /// s.9(1): first notification due.
    first: bool,
    /// s.9(2): a full order that replaces an interim one.
    replaced: bool,
    /// s.9(5): under Part 2 of the Sexual Offences Act 2003.
    suspended: bool,
    suspended_until: Option<Phrase>,
    home_area: Option<Phrase>,
    court_area: Option<Phrase>,
}

impl NotificationView {
    pub(super) fn of(order: &Order) -> Self {
        // Notification that had ended before the order suspends nothing.
        let part_2 = order.respondent.sex_offender_notification.as_ref();
        let part_2 = part_2.filter(|part_2| part_2.until.is_none_or(|end| end >= order.made_on));
        let replaced = part_2.is_none() && order.replaces_interim.is_some();
        Self {
            first: part_2.is_none() && !replaced,
            replaced,
            suspended: part_2.is_some(),
            suspended_until: part_2.and_then(|part_2| part_2.until).map(Phrase::date),
            home_area: order.respondent.police_area.as_ref().map(Phrase::force),
            court_area: order.court.police_area.as_ref().map(Phrase::force),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct PenaltyView {
    /// Absent where the table has no figure for the day: then the layouts name none.
    indictment_years: Option<Phrase>,
}

impl PenaltyView {
    /// The greatest penalty in the dated table on the day made. Stalking Protection Act 2019,
    /// s.8(2).
    pub(super) fn on_day_of(order: &Order) -> Self {
        let penalty = Profile::builtin().penalty_on(order.made_on);
        let length = |years| Period { years, months: 0, days: 0 };
        let in_words = |years| Phrase::of(|words| words.length(length(years)));
        Self { indictment_years: penalty.map(|penalty| in_words(penalty.indictment_years)) }
    }
}

#[derive(Debug, Clone, Serialize)]
struct SignatureView {
    name: String,
    #[serde(flatten)]
    capacity: Flags,
}

impl SignatureView {
    fn of(order: &Order) -> Self {
        Self {
            name: order.authorised_by.name.to_string(),
            capacity: capacity_flags(order.authorised_by.capacity),
        }
    }
}

pub(super) fn capacity_flags(capacity: Capacity) -> Flags {
    Flags::from([
        ("justices_legal_adviser", capacity == Capacity::JusticesLegalAdviser),
        ("authorised_court_officer", capacity == Capacity::AuthorisedCourtOfficer),
        ("district_judge", capacity == Capacity::DistrictJudge),
        ("justice_of_the_peace", capacity == Capacity::JusticeOfThePeace),
    ])
}
