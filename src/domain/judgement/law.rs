//! The law as it stands in data: profile, reference data, clause library.

use std::collections::BTreeSet;
use std::iter;

use crate::domain::audience::Audience;
use crate::domain::clause::Library;
use crate::domain::disclosure::Secrets;
use crate::domain::order::{Order, Undisclosed};
use crate::domain::people::{Confidences, ForceName, ProtectedPerson, Respondent};
use crate::domain::profile::Profile;
use crate::domain::reference::Reference;
use crate::domain::text::Text;
use crate::domain::variation::{ChangeOp, VariationApplicant};

use super::VariationJudged;

/// What requests are judged by. Built once for the process.
#[derive(Debug, Clone)]
pub struct Law {
    /// Dated rules and limits.
    pub profile: &'static Profile,
    /// Courts and forces.
    pub reference: &'static Reference,
    /// The standard terms.
    pub library: &'static Library,
    /// Whether a translator has approved the Welsh layouts.
    pub welsh_layouts_approved: bool,
    /// In small letters. Those of the clause library and of the calendar the search knows itself.
    layout_words: BTreeSet<String>,
}

/// The names which stand openly in what is searched.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// Those of the respondent.
    pub(super) respondent: Vec<&'a str>,
    /// Protected persons as printed; a hidden one among them is passed over.
    pub(super) open: Vec<&'a ProtectedPerson>,
    /// Of bodies.
    pub(super) public: Vec<&'a str>,
}

impl Law {
    /// The law that comes with the program, with the words of dates and times but of no layout.
    pub fn builtin() -> Self {
        let law = Self {
            profile: Profile::builtin(),
            reference: Reference::builtin(),
            library: Library::builtin(),
            welsh_layouts_approved: false,
            layout_words: BTreeSet::new(),
        };
        law.with_words_of(include_str!("../../../templates/words/en.toml"))
            .with_words_of(include_str!("../../../templates/words/cy.toml"))
    }

    /// Adds the words of a layout: a part of a hidden name never matches what every document
    /// prints. Contract section 3.
    #[must_use]
    pub fn with_words_of(mut self, layout: &str) -> Self {
        let words = layout.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        self.layout_words.extend(words.map(str::to_lowercase));
        self
    }

    /// What is searched for in a finished order. The court and the forces are public: what their
    /// names hold is no trace of anybody, else a person named Kent could not be protected in Kent.
    pub fn secrets_of_order(&self, order: &Order, undisclosed: &Undisclosed) -> Secrets {
        let names = Names {
            respondent: names_of(&order.respondent),
            open: order.protected_persons.iter().collect(),
            public: public_texts(order),
        };
        self.secrets(&undisclosed.persons, &names)
    }

    /// What is searched for in a finished document of an order for that reader: confidential
    /// values, and what is kept from this reader.
    pub fn secrets_for(
        &self,
        reader: Audience,
        order: &Order,
        undisclosed: &Undisclosed,
    ) -> Secrets {
        let secrets = self.secrets_of_order(order, undisclosed);
        secrets.and_kept_from(reader, (order, undisclosed), &|word| self.is_layout_word(word))
    }

    /// What is searched for in a finished request to vary this order: its values and those of the
    /// persons whom the request adds or corrects.
    pub fn secrets_of_request(
        &self,
        order: &Order,
        undisclosed: &Undisclosed,
        judged: &VariationJudged,
    ) -> Secrets {
        let persons = undisclosed.persons.iter().chain(&judged.undisclosed.persons);
        let persons: Vec<_> = persons.cloned().collect();
        let mut names = Names {
            respondent: names_of(&order.respondent),
            open: order.protected_persons.iter().collect(),
            public: public_texts(order),
        };
        for change in &judged.request.changes {
            match &change.op {
                ChangeOp::AddProtectedPerson { person }
                | ChangeOp::CorrectProtectedPerson { person, .. } => names.open.push(person),
                ChangeOp::CorrectRespondent { respondent } => {
                    names.respondent.extend(names_of(respondent));
                }
                _ => {}
            }
        }
        if let VariationApplicant::ChiefOfficer { force, .. } = &judged.request.applicant {
            names.public.extend(force_texts(force));
        }
        self.secrets(&persons, &names)
    }

    /// Gathers what is searched for. What public bodies bear is no trace. An openly printed name
    /// lifts the search for nothing but the local part of its owner's e-mail: else an address like
    /// `given.family@…` would stop every order for her.
    pub(super) fn secrets(&self, persons: &[Confidences], names: &Names<'_>) -> Secrets {
        let hidden =
            |letter| persons.iter().any(|p| p.reference == letter && p.hidden_name.is_some());
        let open = names.open.iter().filter(|person| !hidden(person.reference));
        let open = open.flat_map(|person| {
            runs(&person.printed).into_iter().map(|run| (person.reference, run))
        });
        let open: BTreeSet<(char, String)> = open.collect();
        let public: BTreeSet<String> = names.public.iter().flat_map(|name| runs(name)).collect();
        let common = |word: &str| self.is_layout_word(word) || public.contains(word);
        let own = |letter: char, word: &str| open.contains(&(letter, word.to_owned()));
        Secrets::beside(persons, &names.respondent, &common, &own)
    }

    /// Whether a layout holds this word. Case doesn't count.
    pub fn is_layout_word(&self, word: &str) -> bool {
        self.layout_words.contains(&word.to_lowercase())
    }
}

/// By what names a respondent is called.
pub(super) fn names_of(respondent: &Respondent) -> Vec<&str> {
    let names = [&respondent.given_names, &respondent.family_name];
    names.into_iter().chain(&respondent.aliases).map(Text::as_str).collect()
}

/// The names and places of the court and the forces of an order.
fn public_texts(order: &Order) -> Vec<&str> {
    let court = &order.court;
    let mut texts = vec![court.name.as_str(), court.lja_name.as_str()];
    texts.extend(court.welsh_name.as_deref());
    let addresses = iter::once(&court.address).chain(&court.welsh_address);
    texts.extend(addresses.flat_map(|address| &address.lines).map(Text::as_str));
    let forces = [Some(&order.applicant.force), court.police_area.as_ref()];
    let forces = forces.into_iter().chain([order.respondent.police_area.as_ref()]).flatten();
    texts.extend(forces.flat_map(force_texts));
    texts
}

fn force_texts(force: &ForceName) -> [&str; 4] {
    [&force.name, &force.welsh_name, &force.chief_officer, &force.welsh_chief_officer]
        .map(Text::as_str)
}

/// Each run of words of a name, folded and without what stands between them.
fn runs(name: &str) -> Vec<String> {
    let folded = name.to_uppercase().to_lowercase();
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let from = |start: usize| (start + 1..=words.len()).map(move |end| start..end);
    (0..words.len()).flat_map(from).map(|run| words[run].concat()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Request, free, full};
    use super::*;
    use crate::domain::draft::{ChangeDraft, PersonDraft};
    use crate::domain::sensitive::Sensitive;
    use crate::domain::violation::Rule;

    #[test]
    fn the_words_of_a_layout_are_known_in_either_case() {
        let law = Law::builtin().with_words_of("<h2>Warning: a {{name}}</h2>");
        assert!(law.is_layout_word("WARNING") && law.is_layout_word("name"));
        assert!(!law.is_layout_word("warn"));
    }

    #[test]
    fn a_hidden_name_that_the_force_or_the_court_bears_does_not_stop_their_orders() {
        let mut case = full();
        case.applicant().force = Some("kent".to_owned());
        case.draft.protected_persons[0].name = Some(Sensitive::new("Siwan Kent"));
        let (order, undisclosed) = case.outcome();
        let secrets = case.law.secrets_of_order(&order, &undisclosed);
        assert_eq!(secrets.in_text(&order.applicant.force.chief_officer), None);
        assert!(secrets.in_text("Siwan").is_some() && secrets.in_text("Siwan Kent").is_some());
        // What the caller writes is searched for it all the same.
        case.draft.prohibitions.push(free("You must not write to Ms Kent."));
        case.refused("/prohibitions/12/text", Rule::ConfidentialValueDisclosed);
    }

    #[test]
    fn an_openly_printed_name_lifts_the_search_for_nothing_of_another_person() {
        let at = "/protected_persons/1/name";
        for named in ["Nguyễn Thị Mẫu", "Harbour Dental Practice", "Gwen Mẫu"] {
            let mut case = full();
            case.draft.protected_persons[1].name = Some(Sensitive::new(named));
            case.refused(at, Rule::ConfidentialValueDisclosed);
        }
        let mut case = full();
        let hidden = &mut case.draft.protected_persons[0];
        hidden.confidential.emails = vec![Sensitive::new("gwenllian@mail.example")];
        case.draft.protected_persons[1].name = Some(Sensitive::new("Gwenllian Sampl"));
        case.refused(at, Rule::ConfidentialValueDisclosed);
    }

    #[test]
    fn a_request_is_searched_for_the_values_of_the_order_and_of_its_own_persons() {
        let mut request = Request::of(full());
        let person = PersonDraft {
            reference: Some('C'),
            name: Some(Sensitive::new("Catrin Sampl")),
            printed_as: Some("C.S.".to_owned()),
            ..Default::default()
        };
        request.draft.changes.push(ChangeDraft::AddProtectedPerson { person, reason: None });
        let judged = request.judge().outcome.unwrap();
        let (order, undisclosed) = request.base.as_ref().unwrap();
        let secrets = Law::builtin().secrets_of_request(order, undisclosed, &judged);
        assert!(secrets.in_text("Catrin").is_some());
        assert!(secrets.in_text("8 Secret Court").is_some());
        assert_eq!(secrets.in_text("C.S. and N.T.M."), None);
    }
}
