//! The view of the notice to one protected person: which order, its dates, and those terms that
//! keep this person safe.
//!
//! # Decisions
//! - A term is shown to this person where it names them or names no protected person. One that
//!   names another person alone is not: who else is protected, and how, is theirs to tell.
//! - A term that names this person beside another one's printed name, or that holds a private fact
//!   of the respondent, is shown by its number alone: the police can say what it says.
//! - A requirement that the library marks private is left out; that there is one is said. One in
//!   words of the court's own, which nobody has marked, is shown by its number alone: it may say
//!   where the respondent is to live, or be treated.

use serde::Serialize;

use crate::domain::clause::Library;
use crate::domain::disclosure::RespondentSecrets;
use crate::domain::order::{Order, OrderKind};
use crate::domain::people::ProtectedPerson;
use crate::domain::term::{Source, Term, TermKind};
use crate::render::imprint::Original;

use super::copy::{CourtNameView, OriginalView};
use super::explanatory::PlainTerm;
use super::order::{PenaltyView, full_name};
use super::{DurationView, Facts, HearingView, ImprintView, Phrase};

/// What a layout of the notice may name. Of the respondent it has the name alone.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeView {
    imprint: ImprintView,
    interim: bool,
    court: CourtNameView,
    case_reference: String,
    made_on: Phrase,
    /// This person, as printed.
    person: String,
    respondent: String,
    force: Phrase,
    officer: Option<String>,
    has_prohibitions: bool,
    prohibitions: Vec<NoticeTerm>,
    has_requirements: bool,
    requirements: Vec<NoticeTerm>,
    /// Something that the respondent must do is left out.
    other_requirements: bool,
    duration: DurationView,
    next_hearing: Option<HearingView>,
    penalty: PenaltyView,
    original: OriginalView,
}

impl NoticeView {
    pub(super) fn of(
        person: char,
        (order, original): (&Order, &Original),
        facts: Facts<'_>,
    ) -> Option<Self> {
        let person = order.protected_persons.iter().find(|known| known.reference == person)?;
        let reader = Reader::of(person, order);
        let prohibitions = reader.terms(TermKind::Prohibition);
        let requirements = reader.terms(TermKind::Requirement);
        let required = order.terms.iter().filter(|t| t.number.kind == TermKind::Requirement);
        Some(Self {
            imprint: ImprintView::of(facts),
            interim: order.kind == OrderKind::InterimOrder,
            court: CourtNameView::of(&order.court),
            case_reference: order.case.reference.to_string(),
            made_on: Phrase::date(order.made_on),
            person: person.printed.to_string(),
            respondent: full_name(&order.respondent),
            force: Phrase::force(&order.applicant.force),
            officer: order.applicant.officer.as_ref().map(|officer| officer.name.to_string()),
            has_prohibitions: !prohibitions.is_empty(),
            prohibitions,
            has_requirements: !requirements.is_empty(),
            other_requirements: required.count() > requirements.len(),
            requirements,
            duration: DurationView::of(order.duration, order.made_on),
            next_hearing: order.next_hearing.as_ref().map(HearingView::of),
            penalty: PenaltyView::on_day_of(order),
            original: OriginalView::of(original),
        })
    }
}

/// A term as this person may read it: its words, or its number alone.
#[derive(Debug, Clone, Serialize)]
struct NoticeTerm {
    number: String,
    term: Option<PlainTerm>,
}

/// Who reads, and what they may not.
struct Reader<'a> {
    person: &'a ProtectedPerson,
    order: &'a Order,
    secrets: RespondentSecrets,
}

/// Whether a reader is shown a term.
enum Shown {
    Whole,
    Number,
    Not,
}

impl<'a> Reader<'a> {
    fn of(person: &'a ProtectedPerson, order: &'a Order) -> Self {
        Self { person, order, secrets: RespondentSecrets::of(&order.respondent) }
    }

    fn terms(&self, kind: TermKind) -> Vec<NoticeTerm> {
        let terms = self.order.terms.iter().filter(|term| term.number.kind == kind);
        terms.filter_map(|term| self.term(term)).collect()
    }

    fn term(&self, term: &Term) -> Option<NoticeTerm> {
        let plain = PlainTerm::of(term, self.order);
        let shown = self.shown(term, &plain);
        let number = term.number.to_string();
        match shown {
            Shown::Whole => Some(NoticeTerm { number, term: Some(plain) }),
            Shown::Number => Some(NoticeTerm { number, term: None }),
            Shown::Not => None,
        }
    }

    fn shown(&self, term: &Term, plain: &PlainTerm) -> Shown {
        let source = Library::builtin().source(term);
        if source.is_some_and(|source| source.clause.private) {
            return Shown::Not;
        }
        let (this, others) = self.named(term, plain);
        // Nothing marks what the court's own words are about: a requirement, or a prohibition that
        // names nobody, may say where the respondent is to live or to sleep.
        let requirement = term.number.kind == TermKind::Requirement;
        let unmarked = term.source == Source::Free && (requirement || !this);
        match (this, others) {
            (false, true) => Shown::Not,
            _ if unmarked => Shown::Number,
            (true, true) => Shown::Number,
            _ if plain.printed().any(|words| self.secrets.in_text(words)) => Shown::Number,
            _ => Shown::Whole,
        }
    }

    /// Whether a term names this person, and whether it names another protected one: by a value, or
    /// by the printed name in its words.
    fn named(&self, term: &Term, plain: &PlainTerm) -> (bool, bool) {
        let source = Library::builtin().source(term);
        let by_value: Vec<char> = source.iter().flat_map(|source| source.people()).collect();
        let said: Vec<String> = plain.printed().map(str::to_lowercase).collect();
        let names = |person: &ProtectedPerson| {
            by_value.contains(&person.reference)
                || said.iter().any(|words| holds_name(words, &person.printed.to_lowercase()))
        };
        let mut others = self.order.protected_persons.iter();
        let others = others.any(|other| other.reference != self.person.reference && names(other));
        (names(self.person), others)
    }
}

/// Whether a text holds a name as whole words; both are in small letters.
fn holds_name(text: &str, name: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric();
    text.match_indices(name).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    })
}
