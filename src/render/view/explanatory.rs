//! The view of the explanatory sheet: the respondent's order in easy words, term by term.

use serde::Serialize;

use crate::domain::clause::{Library, Telling};
use crate::domain::order::{Order, OrderKind, Route};
use crate::domain::term::{Term, TermKind};
use crate::render::imprint::Original;

use super::copy::{CourtNameView, OriginalView, told};
use super::order::{NotificationView, PenaltyView, full_name, locality, term_text};
use super::{DurationView, Facts, HearingView, ImprintView, Phrase};

/// What a layout of the sheet may name. It has no address, no date of birth and no number by which
/// the police know a person: the order holds them.
#[derive(Debug, Clone, Serialize)]
pub struct ExplanatoryView {
    imprint: ImprintView,
    interim: bool,
    on_appeal: bool,
    court: CourtNameView,
    case_reference: String,
    made_on: Phrase,
    respondent: String,
    /// As printed.
    protected: Vec<String>,
    has_prohibitions: bool,
    prohibitions: Vec<PlainTerm>,
    has_requirements: bool,
    requirements: Vec<PlainTerm>,
    duration: DurationView,
    next_hearing: Option<HearingView>,
    has_definitions: bool,
    definitions: Vec<PlainDefinition>,
    notification: NotificationView,
    penalty: PenaltyView,
    original: OriginalView,
}

impl ExplanatoryView {
    pub(super) fn of((order, original): (&Order, &Original), facts: Facts<'_>) -> Self {
        let terms = |kind: TermKind| -> Vec<PlainTerm> {
            let terms = order.terms.iter().filter(|term| term.number.kind == kind);
            terms.map(|term| PlainTerm::of(term, order)).collect()
        };
        let (prohibitions, requirements) =
            (terms(TermKind::Prohibition), terms(TermKind::Requirement));
        let definitions = PlainDefinition::used_in(&order.terms);
        Self {
            imprint: ImprintView::of(facts),
            interim: order.kind == OrderKind::InterimOrder,
            on_appeal: order.route == Route::Appeal,
            court: CourtNameView::of(&order.court),
            case_reference: order.case.reference.to_string(),
            made_on: Phrase::date(order.made_on),
            respondent: full_name(&order.respondent),
            protected: order.protected_persons.iter().map(|p| p.printed.to_string()).collect(),
            has_prohibitions: !prohibitions.is_empty(),
            prohibitions,
            has_requirements: !requirements.is_empty(),
            requirements,
            duration: DurationView::of(order.duration, order.made_on),
            next_hearing: order.next_hearing.as_ref().map(HearingView::of),
            has_definitions: !definitions.is_empty(),
            definitions,
            notification: NotificationView::of(order),
            penalty: PenaltyView::on_day_of(order),
            original: OriginalView::of(original),
        }
    }
}

/// A term in easy words, or in its own.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PlainTerm {
    number: String,
    words: Phrase,
    /// The words are the order's, verbatim.
    own_words: bool,
    locality: Option<Phrase>,
    until: Option<Phrase>,
}

impl PlainTerm {
    pub(super) fn of(term: &Term, order: &Order) -> Self {
        let plain = told(term, order, Telling::Plain);
        Self {
            number: term.number.to_string(),
            own_words: plain.is_none(),
            words: plain.unwrap_or_else(|| term_text(term)),
            locality: locality(term),
            until: term.until.map(Phrase::date),
        }
    }

    /// Everything that would be printed of it.
    pub(super) fn printed(&self) -> impl Iterator<Item = &str> {
        let phrases = std::iter::once(&self.words).chain(&self.locality);
        phrases.flat_map(|phrase| [phrase.en.as_str(), phrase.cy.as_str()])
    }
}

/// A defined word in easy words.
#[derive(Debug, Clone, Serialize)]
struct PlainDefinition {
    word: Phrase,
    meaning: Phrase,
}

impl PlainDefinition {
    fn used_in(terms: &[Term]) -> Vec<Self> {
        let used = Library::builtin().definitions_used(terms.iter().map(|term| &*term.text));
        used.into_iter()
            .map(|definition| Self {
                word: Phrase::pair(&definition.word, Some(&definition.welsh.word)),
                meaning: Phrase::pair(&definition.plain, Some(&definition.welsh.plain)),
            })
            .collect()
    }
}
