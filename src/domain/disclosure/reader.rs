//! What a document keeps from its reader, beside the confidential values that no document prints.
//!
//! - From everybody: why a term is needed.
//! - From the respondent: the PNC id; the officer in the case, unless a term names them.
//! - From a protected person: where the respondent lives or is found, the date of birth, the PNC
//!   id, the parent or guardian.
//!
//! A value falls away that stands in what every such document says openly: the names of the
//! respondent, the court, the force, the protected persons, who authorised the order. A town or a
//! bare number never matches alone. To keep one more value from a reader: its line here and above.

use jiff::civil::Date;

use super::fold::{Fit, Folded, compact, words};
use super::raw::RawNeedles;
use super::{Disclosure, GENERIC, Kind, Secrets, fit, part};
use crate::domain::audience::Audience;
use crate::domain::order::{Order, Undisclosed};
use crate::domain::people::{Abode, Address, Guardian, Respondent};
use crate::domain::term::{Locality, Term};
use crate::domain::text::Text;
use crate::domain::words::Words;

impl Secrets {
    /// Searches as well for what that reader may not see of the order. `common` says of a folded
    /// word whether every document prints it.
    #[must_use]
    pub fn and_kept_from(
        mut self,
        reader: Audience,
        (order, undisclosed): (&Order, &Undisclosed),
        common: &dyn Fn(&str) -> bool,
    ) -> Self {
        let respondent = &order.respondent;
        let named = format!("{} {}", respondent.given_names, respondent.family_name);
        let open = open_texts(order).chain([named.as_str()]).map(Folded::of).collect();
        let mut kept = Kept { into: &mut self, open, common };
        match reader {
            Audience::Respondent => {
                kept.pnc_id(&order.respondent);
                kept.terms_are_open(order);
                kept.officer(order);
            }
            Audience::ProtectedPerson => kept.respondent(&order.respondent),
            Audience::Court | Audience::CourtPolice => {}
        }
        kept.terms_are_open(order);
        kept.necessity(undisclosed);
        self
    }
}

impl Secrets {
    /// All that no protected person is told of the respondent, whatever else is said openly.
    pub(super) fn of_respondent(respondent: &Respondent) -> Self {
        let mut secrets = Self { needles: Vec::new(), raw: RawNeedles::new() };
        let mut kept = Kept { into: &mut secrets, open: Vec::new(), common: &|_| false };
        kept.respondent(respondent);
        secrets
    }
}

/// Values on their way into the needles.
struct Kept<'a> {
    into: &'a mut Secrets,
    /// What the reader's document says anyway.
    open: Vec<Folded>,
    common: &'a dyn Fn(&str) -> bool,
}

impl Kept<'_> {
    /// What a term says the court chose to say.
    fn terms_are_open(&mut self, order: &Order) {
        self.open.extend(order.terms.iter().flat_map(term_texts).map(|text| Folded::of(text)));
    }

    /// A value in its own right: more than a number, a town or a word that every document holds.
    fn value(&mut self, value: &str, what: Kind) {
        self.searched(value, fit(value), what);
    }

    fn searched(&mut self, value: &str, fit: Fit, what: Kind) {
        let folded = compact(value);
        let number = folded.chars().all(char::is_numeric);
        let said = self.open.iter().any(|text| text.holds(&folded, Fit::Bounded));
        let generic = GENERIC.contains(folded.as_str()) || (self.common)(&folded);
        if !folded.is_empty() && !number && !said && !generic {
            self.into.add(value, fit, Disclosure { person: None, what }, true);
        }
    }

    /// The whole, each house number with its street, each full postcode.
    fn located(&mut self, place: &str, what: Kind) {
        self.value(place, what);
        for street in part::numbered_streets(place) {
            self.value(&street, what);
        }
        for postcode in part::postcodes(place) {
            let short = compact(&postcode).len() < 6;
            let fit = if short { Fit::Bounded } else { Fit::Anywhere };
            self.searched(&postcode, fit, Kind::Postcode);
        }
    }

    fn respondent(&mut self, respondent: &Respondent) {
        self.abode(&respondent.abode);
        self.date_of_birth(respondent.date_of_birth);
        self.pnc_id(respondent);
        if let Some(Guardian::Named { name, .. }) = &respondent.guardian {
            self.value(name, Kind::Guardian);
        }
    }

    fn abode(&mut self, abode: &Abode) {
        match abode {
            Abode::Address(address) => self.address(address),
            Abode::NoFixedAbode { found_at } => {
                self.located(found_at, Kind::Place);
                if let Some((place, _town)) = found_at.split_once(',') {
                    self.part_of_place(place, Kind::Place);
                }
            }
        }
    }

    /// As a whole, and each line but the last, which names the town.
    fn address(&mut self, address: &Address) {
        let lines: Vec<&str> = address.lines.iter().map(Text::as_str).collect();
        let whole = lines.iter().copied().chain(address.postcode.as_deref());
        self.located(&whole.collect::<Vec<_>>().join(", "), Kind::Address);
        let town = lines.len().saturating_sub(1).max(1);
        lines.iter().take(town).for_each(|line| self.part_of_place(line, Kind::Address));
    }

    /// A part, unless every document holds all its words.
    fn part_of_place(&mut self, part: &str, what: Kind) {
        if !words(part, |c| !c.is_alphanumeric()).iter().all(|word| (self.common)(word)) {
            self.value(part, what);
        }
    }

    /// In figures and in words of either language. Figures are searched for in text alone: among
    /// the numbers of a drawing eight in a row stand by chance.
    fn date_of_birth(&mut self, day: Date) {
        let found = Disclosure { person: None, what: Kind::DateOfBirth };
        for figures in figures(day) {
            self.into.add(&figures, Fit::Bounded, found, false);
        }
        for words in in_words(day) {
            self.into.add(&words, Fit::Anywhere, found, true);
        }
    }

    /// With the year whole and in two figures.
    fn pnc_id(&mut self, respondent: &Respondent) {
        let Some(id) = &respondent.pnc_id else { return };
        self.value(id, Kind::PncId);
        if let Some((century, rest)) = id.split_at_checked(2)
            && century.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.searched(rest, Fit::Bounded, Kind::PncId);
        }
    }

    /// The name with and without its rank, and the collar number.
    fn officer(&mut self, order: &Order) {
        let Some(officer) = &order.applicant.officer else { return };
        self.value(&officer.name, Kind::Officer);
        let words: Vec<&str> = officer.name.split_whitespace().collect();
        if let [_, .., given, family] = words.as_slice() {
            self.value(&format!("{given} {family}"), Kind::Officer);
        }
        if let Some(collar) = &officer.collar_number {
            self.value(collar, Kind::Officer);
        }
    }

    /// Whole, and only where it is long enough to be nobody else's words.
    fn necessity(&mut self, undisclosed: &Undisclosed) {
        for (_, why) in &undisclosed.necessity {
            if compact(why.reveal()).chars().count() >= LEAST_OF_A_REASON {
                self.value(why.reveal(), Kind::Necessity);
            }
        }
    }
}

/// What every document of the order says to every reader.
fn open_texts(order: &Order) -> impl Iterator<Item = &str> {
    let (court, force) = (&order.court, &order.applicant.force);
    let persons = order.protected_persons.iter().map(|person| &person.printed);
    let texts = [&court.name, &court.lja_name, &order.hearing.bench, &order.authorised_by.name];
    let welsh = court.welsh_address.iter().flat_map(|address| &address.lines);
    let lines = court.address.lines.iter().chain(welsh);
    let texts = texts.into_iter().chain(&court.welsh_name).chain(lines);
    let force = [&force.name, &force.welsh_name, &force.chief_officer, &force.welsh_chief_officer];
    texts.chain(&court.address.postcode).chain(persons).chain(force).map(Text::as_str)
}

/// The words of a term in either language, and where it applies.
fn term_texts(term: &Term) -> impl Iterator<Item = &Text> {
    let welsh = term.welsh.as_ref().map(|welsh| &welsh.text);
    let place = match &term.locality {
        Locality::UnitedKingdom => [None, None],
        Locality::Limited { description, welsh_description } => {
            [Some(description), welsh_description.as_ref()]
        }
    };
    [Some(&term.text), welsh].into_iter().chain(place).flatten()
}

/// A day in figures: day first, year first, month first; with two figures of the year.
fn figures(day: Date) -> [String; 7] {
    let (y, m, d) = (day.year(), day.month(), day.day());
    let short = y.rem_euclid(100);
    [
        format!("{d:02}/{m:02}/{short:02}"),
        format!("{d}/{m}/{short:02}"),
        format!("{d:02}/{m:02}/{y}"),
        format!("{d}/{m}/{y}"),
        format!("{y}-{m:02}-{d:02}"),
        format!("{m:02}/{d:02}/{y}"),
        format!("{m}/{d}/{y}"),
    ]
}

/// A day in words of either language: as documents say it, with an ordinal, month first, cut short.
fn in_words(day: Date) -> Vec<String> {
    let (y, d) = (day.year(), day.day());
    let mut forms = Vec::new();
    for words in [Words::english(), Words::welsh()] {
        let month = words.month(day);
        let short: String = month.chars().take(3).collect();
        for month in [month, &short] {
            forms.extend([format!("{d} {month} {y}"), format!("{d:02} {month} {y}")]);
            forms.extend([format!("{month} {d} {y}"), format!("{d} o {month} {y}")]);
            for ordinal in ["st", "nd", "rd", "th"] {
                forms.push(format!("{d}{ordinal} {month} {y}"));
                forms.push(format!("{d}{ordinal} of {month} {y}"));
            }
        }
        forms.push(words.date(day));
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Characters of a reason from which on its words are its own.
const LEAST_OF_A_REASON: usize = 24;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::sensitive::Sensitive;

    fn facts() -> Value {
        let force = json!({ "code": "testshire", "name": "Testshire Police",
            "welsh_name": "Heddlu Prawf", "chief_officer": "The Chief Constable",
            "welsh_chief_officer": "Y Prif Gwnstabl" });
        json!({
            "kind": "interim_order",
            "case": { "reference": "SPO-1", "urn": null, "court_reference": null },
            "route": "application",
            "application": { "reference": "A-1", "made_on": "2026-10-01" },
            "court": { "code": "9999", "sitting": "magistrates", "name": "Testham Court",
                "welsh_name": null, "lja_code": "1234", "lja_name": "Testham",
                "address": { "lines": ["1 Test Street"], "postcode": "ZZ99 1AA" },
                "police_area": null },
            "applicant": { "force": force, "ground": "resides_in_area",
                "officer": { "name": "DC Imran Specimen", "collar_number": "DC 9934" } },
            "respondent": { "title": null, "given_names": "Rhodri", "family_name": "Ffug",
                "aliases": [], "date_of_birth": "1985-03-07",
                "abode": { "address": {
                    "lines": ["12 Example Row", "Testham"], "postcode": "ZZ99 3VZ" } },
                "police_area": null, "pnc_id": "2000/0448754A", "guardian": null,
                "commitments": [], "sex_offender_notification": null },
            "protected_persons": [{ "reference": "A", "printed": "Ann Placeholder" }],
            "made_on": "2026-11-02",
            "hearing": { "respondent_present": true, "on_notice": true, "bench": "A Bench",
                "welsh_bench": null, "legal_adviser": null },
            "avoids_conflict": { "religious_belief": "yes", "work": "yes", "education": "yes",
                "reason": null },
            "terms": [{ "number": "P1", "source": "free", "text": "Not to contact Person A.",
                "welsh": null, "locality": "united_kingdom", "until": null }],
            "duration": { "type": "fixed", "end_date": "2028-11-01" },
            "authorised_by": { "name": "A Adviser", "capacity": "justices_legal_adviser" },
            "language": "en",
            "next_hearing": null,
            "replaces_interim": null,
            "existing_orders": [],
        })
    }

    fn order_with(respondent: &Value) -> Order {
        let mut facts = facts();
        for (name, value) in respondent.as_object().unwrap() {
            facts["respondent"][name] = value.clone();
        }
        serde_json::from_value(facts).unwrap()
    }

    fn order() -> Order {
        order_with(&json!({}))
    }

    fn undisclosed() -> Undisclosed {
        let why = |words: &str| ("P1".parse().unwrap(), Sensitive::new(words));
        let reasons = [why("He waited at her door on nine evenings."), why("No contact.")];
        Undisclosed { persons: Vec::new(), necessity: reasons.to_vec() }
    }

    fn kept_from(reader: Audience, order: &Order) -> Secrets {
        let none = Secrets::of(&[], &[], &|_| false);
        none.and_kept_from(reader, (order, &undisclosed()), &|_| false)
    }

    fn finds(reader: Audience, text: &str) -> Option<Kind> {
        kept_from(reader, &order()).in_text(text).map(|found| {
            assert_eq!(found.person, None);
            found.what
        })
    }

    #[test]
    fn a_protected_person_is_not_told_where_the_respondent_lives() {
        let finds = |text| finds(Audience::ProtectedPerson, text);
        assert_eq!(finds("He lives at 12 Example-Row."), Some(Kind::Address));
        assert_eq!(finds("12 EXAMPLE ROW, TESTHAM"), Some(Kind::Address));
        assert_eq!(finds("zz993VZ"), Some(Kind::Postcode));
        for nothing in ["Testham", "12", "Example Row", "112 Example Row", "ZZ99"] {
            assert_eq!(finds(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_house_with_a_name_and_a_place_without_an_address_are_kept_too() {
        let lines = json!({ "abode": { "address": {
            "lines": ["Rosehip Cottage", "Testham"], "postcode": null } } });
        let secrets = kept_from(Audience::ProtectedPerson, &order_with(&lines));
        assert!(secrets.in_text("the door of Rosehip Cottage").is_some());
        assert!(secrets.in_text("a cottage in Testham").is_none());
        let place = json!({ "abode": { "no_fixed_abode": {
            "found_at": "the night shelter at 3 Quay Lane, Testham" } } });
        let secrets = kept_from(Audience::ProtectedPerson, &order_with(&place));
        let found = secrets.in_text("You may meet him near 3 Quay Lane.").unwrap();
        assert_eq!(found.what, Kind::Place);
    }

    #[test]
    fn a_protected_person_is_not_told_a_date_of_birth_in_any_form() {
        for form in [
            "7 March 1985",
            "07/03/1985",
            "7.3.1985",
            "1985-03-07",
            "03/07/1985",
            "7th March, 1985",
            "the 7th of March 1985",
            "March 7, 1985",
            "07 MAR 1985",
            "7 Mawrth 1985",
        ] {
            assert_eq!(finds(Audience::ProtectedPerson, form), Some(Kind::DateOfBirth), "{form}");
            assert_eq!(finds(Audience::Respondent, form), None, "{form}");
        }
        for nothing in ["17 March 1985", "7 March 1986", "March 1985", "1985", "7/3"] {
            assert_eq!(finds(Audience::ProtectedPerson, nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_pnc_id_is_for_court_and_police_alone() {
        for reader in [Audience::Respondent, Audience::ProtectedPerson] {
            for form in ["2000/0448754A", "20000448754a", "00/0448754A"] {
                assert_eq!(finds(reader, form), Some(Kind::PncId), "{form}");
            }
        }
        for reader in [Audience::Court, Audience::CourtPolice] {
            assert_eq!(finds(reader, "2000/0448754A"), None);
        }
    }

    #[test]
    fn the_officer_in_the_case_is_not_named_to_the_respondent() {
        let finds = |text| finds(Audience::Respondent, text);
        assert_eq!(finds("DC Imran Specimen"), Some(Kind::Officer));
        assert_eq!(finds("ask imran specimen"), Some(Kind::Officer));
        assert_eq!(finds("DC9934"), Some(Kind::Officer));
        assert_eq!(finds("A specimen"), None);
        assert_eq!(self::finds(Audience::ProtectedPerson, "DC Imran Specimen"), None);
    }

    #[test]
    fn an_officer_whom_a_term_names_is_named() {
        let mut facts = facts();
        facts["terms"][0]["text"] = json!("You must report to DC Imran Specimen each Monday.");
        let secrets = kept_from(Audience::Respondent, &serde_json::from_value(facts).unwrap());
        assert_eq!(secrets.in_text("You must report to DC Imran Specimen."), None);
        assert!(secrets.in_text("PNC 2000/0448754A").is_some());
    }

    #[test]
    fn a_guardian_is_not_named_to_a_protected_person_unless_she_is_one() {
        let named = |name: &str| {
            let guardian = json!({ "guardian": { "named": {
                "name": name, "relationship": "mother" } } });
            kept_from(Audience::ProtectedPerson, &order_with(&guardian))
        };
        let found = named("Olwen Specimen").in_text("his mother, Olwen Specimen").unwrap();
        assert_eq!(found.what, Kind::Guardian);
        assert!(named("Ann Placeholder").in_text("for Ann Placeholder").is_none());
    }

    #[test]
    fn a_guardian_who_bears_a_name_that_every_document_prints_stops_none() {
        for name in ["Rhodri Ffug", "Testshire Police", "Heddlu Prawf"] {
            let guardian = json!({ "guardian": { "named": {
                "name": name, "relationship": "father" } } });
            let secrets = kept_from(Audience::ProtectedPerson, &order_with(&guardian));
            assert_eq!(secrets.in_text(&format!("Mr {name}, on 2 November")), None, "{name}");
        }
    }

    #[test]
    fn no_reader_is_told_why_a_term_was_needed() {
        for reader in Audience::ALL {
            let found = finds(reader, "For he waited at her door on nine evenings, it is said.");
            assert_eq!(found, Some(Kind::Necessity));
            assert_eq!(finds(reader, "No contact."), None, "too short to be its own words");
        }
    }

    #[test]
    fn figures_of_a_drawing_are_no_date_of_birth() {
        let secrets = kept_from(Audience::ProtectedPerson, &order());
        assert_eq!(secrets.in_raw(b"7 3 1985 0 0 cm 07 03 1985 re"), None);
        assert!(secrets.in_raw(b"<dc:title>7 March 1985</dc:title>").is_some());
    }

    proptest! {
        #[test]
        fn a_town_a_number_or_a_street_alone_never_matches(
            number in 0..100_000_u32,
            town in "(Testham|Leeds|Cardiff|Example Row|Row|Street|March|Mawrth)",
        ) {
            let secrets = kept_from(Audience::ProtectedPerson, &order());
            prop_assert_eq!(secrets.in_text(&format!("{number}")), None);
            prop_assert_eq!(secrets.in_text(&town), None);
        }
    }
}
