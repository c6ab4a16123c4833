//! The search for confidential values over what the request would print or an answer would give
//! back. Contract section 3.

use std::collections::BTreeMap;

use crate::domain::disclosure::{Disclosure, Secrets};
use crate::domain::text::Text;

use super::faults::Faults;

/// `confidential_value_disclosed` at each printed field that holds one. Where no field does, whole
/// terms are searched too: a value may arise only where clause and values meet.
pub(super) fn search(secrets: &Secrets, faults: &mut Faults) {
    let found = |texts: &[(String, Text)]| -> Vec<(String, Disclosure)> {
        let hit = |(at, text): &(String, Text)| Some((at.clone(), secrets.in_text(text)?));
        texts.iter().filter_map(hit).collect()
    };
    let mut hits = found(faults.printed());
    for (at, text) in joined(faults.printed()) {
        let within = |(hit, _): &(String, Disclosure)| super::is_at_or_under(hit, &at);
        if let Some(disclosure) = secrets.in_text(&text).filter(|_| !hits.iter().any(within)) {
            hits.push((at, disclosure));
        }
    }
    if hits.is_empty() {
        hits = found(faults.printed_whole());
    }
    for (at, disclosure) in hits {
        faults.push(disclosure.fault(at));
    }
}

/// What is printed as one though it was sent in several fields, at the pointer of the parent: the
/// lines of an address, the parts of a name.
fn joined(printed: &[(String, Text)]) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (at, text) in printed {
        let Some((parent, field)) = at.rsplit_once('/') else { continue };
        let line = parent.ends_with("/address/lines");
        if line || ["title", "given_names", "family_name"].contains(&field) {
            let whole = joined.entry(parent.to_owned()).or_default();
            whole.push(' ');
            whole.push_str(text);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample::{Case, Request, clause, free, full, interim};
    use crate::domain::draft::{
        AcknowledgementDraft, AddressDraft, ExistingOrderDraft, OfficerDraft,
    };
    use crate::domain::sensitive::Sensitive;
    use crate::domain::violation::Rule;

    #[test]
    fn confidential_value_disclosed_in_a_printed_field_is_refused_and_not_repeated() {
        let mut case = interim();
        case.draft.prohibitions.push(clause(
            "no-entry-premises",
            json!({ "premises": "the school called SUNNYBANK infant-school" }),
        ));
        let pointer = "/prohibitions/4/values/premises";
        let fault = case.refused(pointer, Rule::ConfidentialValueDisclosed);
        let words = fault.explain();
        let said = format!("{} {}", words.message, words.remedy).to_lowercase();
        assert!(said.contains("person a"));
        assert!(!said.contains("sunnybank"));
    }

    #[test]
    fn confidential_value_disclosed_in_free_text_locality_or_hearing_is_refused() {
        let mut case = full();
        case.draft.prohibitions.push(free("You must not enter 8 Secret Court."));
        case.refused("/prohibitions/12/text", Rule::ConfidentialValueDisclosed);
        let mut case = full();
        let locality = case.draft.prohibitions[10].locality.as_mut().unwrap();
        locality.description = Some("the area of ZZ99 2AA".to_owned());
        let pointer = "/prohibitions/10/locality/description";
        case.refused(pointer, Rule::ConfidentialValueDisclosed);
    }

    #[test]
    fn confidential_value_disclosed_in_the_reason_of_an_acknowledgement_is_refused() {
        let acknowledged = |reason: &str| AcknowledgementDraft {
            rule: Some("many_terms".to_owned()),
            pointer: Some("/prohibitions".to_owned()),
            reason: Some(reason.to_owned()),
        };
        let reasons =
            [acknowledged("All were argued."), acknowledged("She lives at 8 Secret Court.")];
        let mut case = full();
        case.draft.acknowledged = reasons.to_vec();
        case.refused("/acknowledged/1/reason", Rule::ConfidentialValueDisclosed);
        case.silent_on("/acknowledged/0/reason", Rule::ConfidentialValueDisclosed);
        let mut request = Request::of(full());
        request.draft.acknowledged = reasons.to_vec();
        request.refused("/acknowledged/1/reason", Rule::ConfidentialValueDisclosed);
    }

    /// Puts a text into a field.
    type Spoil = fn(&mut Case, Option<String>);

    #[test]
    fn confidential_value_disclosed_in_a_field_that_only_answers_give_back_is_refused() {
        let at_home = || Some("8 Secret Court".to_owned());
        let spoil: [(&str, Spoil); 6] = [
            ("/applicant/officer/name", |case, text| {
                let officer = OfficerDraft { name: text, collar_number: None };
                case.applicant().officer = Some(officer);
            }),
            ("/applicant/officer/collar_number", |case, text| {
                let name = Some("Pat Sample".to_owned());
                let officer = OfficerDraft { name, collar_number: text };
                case.applicant().officer = Some(officer);
            }),
            ("/existing_orders/0/description", |case, text| {
                let description = text;
                let beside =
                    ExistingOrderDraft { order_id: None, description, compatible: Some(true) };
                case.draft.existing_orders = vec![beside];
            }),
            ("/case/court_reference", |case, text| {
                case.draft.case.as_mut().unwrap().court_reference = text;
            }),
            ("/hearing/legal_adviser", |case, text| {
                case.draft.hearing.as_mut().unwrap().legal_adviser = text;
            }),
            ("/respondent/address/lines/0", |case, text| {
                let lines = text.into_iter().collect();
                case.respondent().address = Some(AddressDraft { lines, postcode: None });
            }),
        ];
        for (pointer, spoil) in spoil {
            let mut case = full();
            spoil(&mut case, at_home());
            case.refused(pointer, Rule::ConfidentialValueDisclosed);
        }
    }

    #[test]
    fn confidential_value_disclosed_across_lines_or_parts_of_a_name_is_refused_at_their_parent() {
        let mut case = interim();
        let lines = ["Flat 3", "17 Hidden", "Haven"].map(str::to_owned).to_vec();
        case.respondent().address.as_mut().unwrap().lines = lines;
        case.refused("/respondent/address/lines", Rule::ConfidentialValueDisclosed);
        let mut case = interim();
        case.respondent().given_names = Some("Sunnybank".to_owned());
        case.respondent().family_name = Some("Infant School".to_owned());
        case.refused("/respondent", Rule::ConfidentialValueDisclosed);
    }

    #[test]
    fn a_reason_of_necessity_is_printed_nowhere_and_so_not_searched() {
        let mut case = full();
        let necessity = Some(Sensitive::new("Went to 8 Secret Court."));
        case.draft.prohibitions[0].necessity = necessity;
        case.passes();
    }

    #[test]
    fn an_address_made_of_a_name_that_is_printed_openly_stops_nothing() {
        let mut case = interim();
        let person = &mut case.draft.protected_persons[0];
        person.confidential.emails = vec![Sensitive::new("placeholder@mail.example")];
        case.passes();
        case.draft.prohibitions.push(free("You must not write to placeholder@mail.example."));
        case.refused("/prohibitions/4/text", Rule::ConfidentialValueDisclosed);
    }

    #[test]
    fn confidential_value_disclosed_where_a_hidden_name_is_printed_in_part() {
        let mut case = full();
        case.draft.protected_persons[0].printed_as = Some("Thị M.".to_owned());
        case.refused("/protected_persons/0/printed_as", Rule::ConfidentialValueDisclosed);
    }
}
