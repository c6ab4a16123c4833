//! What a protected person is never told of the respondent: where they live or are found, when they
//! were born, by which number the police know them, who looks after them.
//!
//! A notice that would print one of these names the paragraph alone. The search errs on the safe
//! side: the respondent is owed privacy, and a victim who learns an address is in danger. It looks
//! for all that the finished notice is searched for (`reader`), so that no notice
//! is stopped by a paragraph that could have been left out.

use super::Secrets;
use crate::domain::people::Respondent;

/// The respondent's private facts, ready to be searched for.
pub struct RespondentSecrets(Secrets);

impl RespondentSecrets {
    /// Gathers what is to be searched for.
    pub fn of(respondent: &Respondent) -> Self {
        Self(Secrets::of_respondent(respondent))
    }

    /// Whether a text gives one of them away.
    pub fn in_text(&self, text: &str) -> bool {
        self.0.in_text(text).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::people::{Abode, Address, Guardian};
    use crate::domain::text::{Marks, Text};

    fn text(words: &str) -> Text {
        Text::parse(words, Marks::Name).expect("printable")
    }

    fn secrets(abode: Abode) -> RespondentSecrets {
        RespondentSecrets::of(&Respondent {
            title: None,
            given_names: text("Rhodri"),
            family_name: text("Ffug"),
            aliases: vec![text("Rod Sampl")],
            date_of_birth: jiff::civil::date(1979, 2, 28),
            abode,
            police_area: None,
            pnc_id: Some(text("2000/0448754A")),
            guardian: Some(Guardian::Named {
                name: text("Pat Sample"),
                relationship: text("aunt"),
            }),
            commitments: Vec::new(),
            sex_offender_notification: None,
        })
    }

    fn at_home() -> RespondentSecrets {
        let lines = vec![text("99 Specimen Row"), text("Rose Hill"), text("Otley")];
        secrets(Abode::Address(Address { lines, postcode: Some(text("ZZ99 3VZ")) }))
    }

    #[test]
    fn the_address_is_found_whole_in_its_parts_and_run_together() {
        let home = at_home();
        for told in [
            "You must not keep it at 99 Specimen Row.",
            "at 99, SPECIMEN row",
            "near Rose Hill on foot",
            "in zz993vz only",
            "99SpecimenRow",
            "at ninety-nine Specimen Row",
            "at Ninety Nine, Specimen Row",
        ] {
            assert!(home.in_text(told), "{told}");
        }
        for safe in ["the centre of Otley", "Specimen Row and Example Quay", "bus 99", "Rod Sampl"]
        {
            assert!(!home.in_text(safe), "{safe}");
        }
    }

    #[test]
    fn the_date_of_birth_is_found_as_people_write_it() {
        let home = at_home();
        for told in [
            "born 28 February 1979",
            "28th of February 1979",
            "28 Chwefror 1979",
            "28/02/1979",
            "28.2.79",
            "1979-02-28",
            "February 28, 1979",
            "28 Feb 1979",
        ] {
            assert!(home.in_text(told), "{told}");
        }
        for safe in ["28 February 2027", "by 28 February", "1979"] {
            assert!(!home.in_text(safe), "{safe}");
        }
    }

    #[test]
    fn where_a_person_without_a_home_is_found_is_found() {
        let found_at = text("the hostel at 1 Example Quay, Cardiff");
        let known = secrets(Abode::NoFixedAbode { found_at });
        for told in ["leave the hostel at 1 Example Quay", "1 example quay", "PNC 2000/0448754A"] {
            assert!(known.in_text(told), "{told}");
        }
        assert!(known.in_text("live with Pat Sample"));
        assert!(!known.in_text("Example Quay") && !known.in_text("Cardiff"));
    }
}
