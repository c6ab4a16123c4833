//! Addresses, forces, officers, protected persons, and who signs.

use std::collections::BTreeMap;

use crate::domain::draft::{
    AddressDraft, ApplicantDraft, AuthorisedByDraft, ConfidentialDraft, OfficerDraft, PersonDraft,
};
use crate::domain::people::{
    Address, Applicant, AuthorisedBy, Confidences, ForceName, Officer, ProtectedPerson,
};
use crate::domain::text::{Marks, Text};
use crate::domain::violation::Rule;

use super::Context;
use super::faults::{Faults, step};

/// Reads a postal address.
pub(super) fn address(at: &str, draft: &AddressDraft, faults: &mut Faults) -> Option<Address> {
    let at_lines = step(at, "lines");
    faults.needed(&at_lines, draft.lines.first());
    let mut lines = Vec::new();
    for (index, line) in draft.lines.iter().enumerate() {
        lines.extend(faults.text(&step(&at_lines, index), Some(line)));
    }
    let postcode = faults.postcode(&step(at, "postcode"), draft.postcode.as_deref());
    (!lines.is_empty()).then_some(Address { lines, postcode })
}

/// The force of this code: `unknown_force`.
pub(super) fn force(
    at: &str,
    code: &str,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<ForceName> {
    let Some(force) = context.law.reference.force(code) else {
        faults.add(at, Rule::UnknownForce);
        return None;
    };
    Some(force.name_as_printed())
}

/// Whether the force's powers end at the border of an area. Stalking Protection Act 2019, s.1(3).
pub(super) fn is_territorial(code: &str, context: &Context<'_>) -> bool {
    context.law.reference.force(code).is_some_and(|force| force.territorial)
}

/// Reads `applicant`: `unknown_force`, `ground_required`.
pub(super) fn applicant(
    draft: Option<&ApplicantDraft>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Applicant> {
    let draft = faults.needed("/applicant", draft)?;
    let officer = draft.officer.as_ref().map(|o| officer(o, context, faults));
    let code = faults.needed("/applicant/force", draft.force.as_deref())?;
    let force = force("/applicant/force", code, context, faults)?;
    if draft.ground.is_none() && is_territorial(code, context) {
        faults.add("/applicant/ground", Rule::GroundRequired);
    }
    Some(Applicant { force, ground: draft.ground, officer: officer.flatten() })
}

fn officer(draft: &OfficerDraft, context: &Context<'_>, faults: &mut Faults) -> Option<Officer> {
    let at = "/applicant/officer";
    let max = context.law.profile.name_part_longest();
    let name = faults.needed(&step(at, "name"), draft.name.as_deref());
    let name = faults.name(&step(at, "name"), name, max);
    let collar_number = faults.text(&step(at, "collar_number"), draft.collar_number.as_deref());
    Some(Officer { name: name?, collar_number })
}

/// Reads `authorised_by`.
pub(super) fn authorised_by(
    draft: Option<&AuthorisedByDraft>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<AuthorisedBy> {
    let at = "/authorised_by";
    in_capacity(at, faults.needed(at, draft)?, context, faults)
}

/// Reads who acts for the court, and in what capacity.
pub(super) fn in_capacity(
    at: &str,
    draft: &AuthorisedByDraft,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<AuthorisedBy> {
    let (at_name, max) = (step(at, "name"), context.law.profile.name_part_longest());
    let name = faults.needed(&at_name, draft.name.as_deref());
    let name = faults.name(&at_name, name, max);
    let capacity = faults.needed(&step(at, "capacity"), draft.capacity);
    Some(AuthorisedBy { name: name?, capacity: capacity? })
}

/// The protected persons as far as they could be read.
#[derive(Debug)]
pub(super) struct Persons {
    pub(super) printed: Vec<ProtectedPerson>,
    pub(super) confidences: Vec<Confidences>,
    /// Each letter that stands in the request, with what is printed for it where that could be
    /// read.
    letters: BTreeMap<char, Option<Text>>,
    /// The most characters of a name.
    name_longest: usize,
}

impl Persons {
    /// Those of a stored order, or nobody yet.
    pub(super) fn of(printed: &[ProtectedPerson], context: &Context<'_>) -> Self {
        let letters = printed.iter().map(|p| (p.reference, Some(p.printed.clone()))).collect();
        let name_longest = context.law.profile.name_part_longest();
        Self { printed: Vec::new(), confidences: Vec::new(), letters, name_longest }
    }

    /// What is printed for this person.
    pub(super) fn printed_as(&self, letter: char) -> Option<Text> {
        self.letters.get(&letter).cloned().flatten()
    }

    /// Whether there is nobody at all.
    pub(super) fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// Whether the request has this person, readable or not.
    pub(super) fn has(&self, letter: char) -> bool {
        self.letters.contains_key(&letter)
    }

    /// Reads one person under this letter; the letter's place is the caller's to judge.
    pub(super) fn read(
        &mut self,
        at: &str,
        letter: Option<char>,
        draft: &PersonDraft,
        faults: &mut Faults,
    ) -> Option<ProtectedPerson> {
        let printed = printed(at, draft, self.name_longest, faults);
        confidential(&step(at, "confidential"), &draft.confidential, faults);
        let letter = letter?;
        self.letters.insert(letter, printed.clone());
        self.confidences.push(confidences(letter, draft));
        let person = ProtectedPerson { reference: letter, printed: printed? };
        self.printed.push(person.clone());
        Some(person)
    }
}

/// Reads `protected_persons`: `no_protected_person`, and no letter twice.
pub(super) fn persons(
    drafts: &[PersonDraft],
    context: &Context<'_>,
    faults: &mut Faults,
) -> Persons {
    if drafts.is_empty() {
        faults.add("/protected_persons", Rule::NoProtectedPerson);
    }
    let mut persons = Persons::of(&[], context);
    for (index, draft) in drafts.iter().enumerate() {
        let at = step("/protected_persons", index);
        let letter = faults.needed(&step(&at, "ref"), draft.reference);
        if letter.is_some_and(|letter| persons.has(letter)) {
            faults.add(step(&at, "ref"), Rule::DuplicateKey);
        }
        persons.read(&at, letter, draft, faults);
    }
    persons
}

/// What is printed for a person: `printed_as` where it stands, else the name.
fn printed(at: &str, draft: &PersonDraft, max: usize, faults: &mut Faults) -> Option<Text> {
    let name = faults.needed(&step(at, "name"), draft.name.as_ref());
    match &draft.printed_as {
        Some(printed_as) => {
            if let Some(name) = name {
                faults.name_length(&step(at, "name"), name.reveal(), max);
                faults.name_script(&step(at, "name"), name.reveal());
                faults.kept(&step(at, "name"), name, Marks::Name);
            }
            faults.name(&step(at, "printed_as"), Some(printed_as), max)
        }
        None => faults.name(&step(at, "name"), name.map(|name| name.reveal()), max),
    }
}

/// What is kept of a person is text like any other.
fn confidential(at: &str, draft: &ConfidentialDraft, faults: &mut Faults) {
    let lists = [
        ("addresses", &draft.addresses),
        ("postcodes", &draft.postcodes),
        ("phones", &draft.phones),
        ("emails", &draft.emails),
        ("places", &draft.places),
    ];
    for (field, values) in lists {
        for (index, value) in values.iter().enumerate() {
            faults.kept(&step(&step(at, field), index), value, Marks::Name);
        }
    }
}

fn confidences(letter: char, draft: &PersonDraft) -> Confidences {
    let hidden = draft.printed_as.is_some();
    let kept = &draft.confidential;
    Confidences {
        reference: letter,
        hidden_name: draft.name.clone().filter(|_| hidden),
        addresses: kept.addresses.clone(),
        postcodes: kept.postcodes.clone(),
        phones: kept.phones.clone(),
        emails: kept.emails.clone(),
        places: kept.places.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{full, interim};
    use crate::domain::sensitive::Sensitive;
    use crate::domain::violation::Rule;

    #[test]
    fn unknown_force_is_refused_where_it_stands() {
        let mut case = full();
        case.applicant().force = Some("narnia".to_owned());
        case.refused("/applicant/force", Rule::UnknownForce);
        let mut case = full();
        case.respondent().police_area = Some("narnia".to_owned());
        case.refused("/respondent/police_area", Rule::UnknownForce);
    }

    #[test]
    fn ground_required_for_a_territorial_force_alone() {
        let mut case = full();
        case.applicant().ground = None;
        case.refused("/applicant/ground", Rule::GroundRequired);
        case.applicant().force = Some("british-transport-police".to_owned());
        case.passes();
    }

    #[test]
    fn no_protected_person_is_refused() {
        let mut case = full();
        case.draft.protected_persons.clear();
        case.refused("/protected_persons", Rule::NoProtectedPerson);
    }

    #[test]
    fn two_persons_of_one_letter_break_duplicate_key() {
        let mut case = full();
        case.draft.protected_persons[1].reference = Some('A');
        case.refused("/protected_persons/1/ref", Rule::DuplicateKey);
    }

    #[test]
    fn name_too_long_of_anyone_is_refused() {
        let long = "n".repeat(101);
        let mut case = full();
        case.draft.protected_persons[0].name = Some(Sensitive::new(long.clone()));
        case.refused("/protected_persons/0/name", Rule::NameTooLong);
        let mut case = full();
        case.draft.authorised_by.as_mut().unwrap().name = Some(long);
        case.refused("/authorised_by/name", Rule::NameTooLong);
    }

    #[test]
    fn a_hidden_name_is_kept_and_not_printed() {
        let (order, undisclosed) = full().outcome();
        assert_eq!(&*order.protected_persons[0].printed, "N.T.M.");
        assert!(undisclosed.persons[0].hidden_name.is_some());
        assert!(undisclosed.persons[1].hidden_name.is_none());
    }

    #[test]
    fn a_postcode_of_another_shape_breaks_identifier_format() {
        let mut case = interim();
        let address = case.respondent().address.as_mut().unwrap();
        address.postcode = Some("zz99 3vz".to_owned());
        case.refused("/respondent/address/postcode", Rule::IdentifierFormat);
    }

    #[test]
    fn unprintable_character_in_any_field_is_refused_at_its_pointer() {
        let mut case = interim();
        case.respondent().family_name = Some("Ffug\u{202e}".to_owned());
        case.refused("/respondent/family_name", Rule::UnprintableCharacter);
        let mut case = interim();
        case.respondent().address.as_mut().unwrap().lines[1] = "1\u{200b}2".to_owned();
        case.refused("/respondent/address/lines/1", Rule::UnprintableCharacter);
    }

    #[test]
    fn unprintable_character_in_what_is_kept_is_refused_and_not_repeated() {
        let mut case = full();
        case.draft.protected_persons[0].name = Some(Sensitive::new("Zofia\u{200b} Testowa"));
        case.draft.protected_persons[0].confidential.places =
            vec![Sensitive::new("Sunnybank School"), Sensitive::new("Tajne\u{7} Miejsce")];
        case.draft.prohibitions[0].necessity = Some(Sensitive::new("Went\u{e000} there."));
        for (pointer, code_point) in [
            ("/protected_persons/0/name", "U+200B"),
            ("/protected_persons/0/confidential/places/1", "U+0007"),
            ("/prohibitions/0/necessity", "U+E000"),
        ] {
            let words = case.refused(pointer, Rule::UnprintableCharacter).explain();
            let said = format!("{} {}", words.message, words.remedy);
            assert!(said.contains(code_point), "{said}");
            for value in ["Zofia", "Tajne", "Went"] {
                assert!(!said.contains(value), "{said}");
            }
        }
    }
}
