//! The court as it sat, and whether it may make this order.

use crate::domain::draft::{AddressDraft, CourtDraft};
use crate::domain::identifier;
use crate::domain::order::{Court, Route, Sitting};
use crate::domain::people::Address;
use crate::domain::reference::{CourtKind, CourtRecord};
use crate::domain::text::Text;
use crate::domain::violation::{Rule, Violation};

use super::Context;
use super::faults::{Faults, step};
use super::people::address;

/// Reads `court`: from the reference data where it knows the code, else as the request describes
/// it.
pub(super) fn judge(
    draft: Option<&CourtDraft>,
    route: Route,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Court> {
    let draft = faults.needed("/court", draft)?;
    let sitting = sitting(draft.sitting, route, faults);
    let code = faults.needed("/court/code", draft.code.as_deref());
    let code = faults.identifier("/court/code", code, "B62DC00", identifier::court_code_shape);
    let described = Described::read(draft, faults);
    let code = code?;
    match context.law.reference.court(&code) {
        Some(record) => {
            described.compare(draft, record, faults);
            sits_as_known(sitting, route, record, faults);
            let mut court = known(code, record, sitting?, context);
            if let Some(lja_name) = described.lja_name.filter(|_| !record.lja_name_confirmed) {
                court.lja_name = lja_name;
            }
            Some(court)
        }
        None => described.court(code, sitting, faults),
    }
}

/// The Crown Court makes these orders only on appeal. Stalking Protection Act 2019, s.7.
fn sitting(sent: Option<Sitting>, route: Route, faults: &mut Faults) -> Option<Sitting> {
    let sitting = faults.needed("/court/sitting", sent)?;
    if sitting == Sitting::Crown && route != Route::Appeal {
        let fault = Violation::new("/court/sitting", Rule::NotOneOf);
        faults.push(fault.with("allowed", "magistrates, youth"));
    }
    Some(sitting)
}

/// `court_differs`: the Crown Court is not a magistrates' court. Where it may not sit at all, that
/// is said.
fn sits_as_known(
    sitting: Option<Sitting>,
    route: Route,
    record: &CourtRecord,
    faults: &mut Faults,
) {
    let crown = record.kind == CourtKind::Crown;
    let differs = match sitting {
        Some(Sitting::Crown) => !crown && route == Route::Appeal,
        Some(_) => crown,
        None => false,
    };
    if differs {
        faults.add("/court/sitting", Rule::CourtDiffers);
    }
}

fn known(code: Text, record: &CourtRecord, sitting: Sitting, context: &Context<'_>) -> Court {
    let force = context.law.reference.force(&record.force);
    Court {
        code,
        sitting,
        name: record.name.clone(),
        welsh_name: record.welsh_name.clone(),
        lja_code: record.lja_code.clone(),
        lja_name: record.lja_name.clone(),
        address: record.address(),
        welsh_address: record.welsh_address(),
        police_area: force.map(|force| force.name_as_printed()),
    }
}

/// What the request itself says of the court.
struct Described {
    name: Option<Text>,
    welsh_name: Option<Text>,
    lja_code: Option<Text>,
    lja_name: Option<Text>,
    address: Option<Address>,
}

impl Described {
    fn read(draft: &CourtDraft, faults: &mut Faults) -> Self {
        let lja_code = draft.lja_code.as_deref();
        Self {
            name: faults.text("/court/name", draft.name.as_deref()),
            welsh_name: faults.text("/court/welsh_name", draft.welsh_name.as_deref()),
            lja_code: faults.identifier(
                "/court/lja_code",
                lja_code,
                "2570",
                identifier::lja_code_shape,
            ),
            lja_name: faults.text("/court/lja_name", draft.lja_name.as_deref()),
            address: draft.address.as_ref().and_then(|a| address("/court/address", a, faults)),
        }
    }

    /// `court_differs`: beside a known code each given field agrees with the reference data.
    fn compare(&self, draft: &CourtDraft, record: &CourtRecord, faults: &mut Faults) {
        let fields = [
            ("name", &self.name, Some(&record.name)),
            ("welsh_name", &self.welsh_name, record.welsh_name.as_ref()),
            ("lja_code", &self.lja_code, Some(&record.lja_code)),
            ("lja_name", &self.lja_name, Some(&record.lja_name)),
        ];
        // A name of an area that no source confirmed holds nobody to it.
        let compared =
            fields.iter().filter(|(field, ..)| *field != "lja_name" || record.lja_name_confirmed);
        for (field, given, known) in compared {
            let differs = |given: &Text| known.is_none_or(|known| folded(known) != folded(given));
            if given.as_ref().is_some_and(differs) {
                faults.add(step("/court", field), Rule::CourtDiffers);
            }
        }
        if draft.address.as_ref().is_some_and(|given| !same_address(given, &record.address())) {
            faults.add("/court/address", Rule::CourtDiffers);
        }
    }

    /// `unknown_court`: without a known code all of it is needed.
    fn court(self, code: Text, sitting: Option<Sitting>, faults: &mut Faults) -> Option<Court> {
        let needed = [
            ("name", self.name.is_none()),
            ("lja_code", self.lja_code.is_none()),
            ("lja_name", self.lja_name.is_none()),
            ("address", self.address.is_none()),
        ];
        let missing: Vec<_> =
            needed.into_iter().filter(|(_, absent)| *absent).map(|(field, _)| field).collect();
        if !missing.is_empty() {
            let fault = Violation::new("/court/code", Rule::UnknownCourt);
            faults.push(fault.with("missing", missing.join(", ")));
        }
        Some(Court {
            code,
            sitting: sitting?,
            name: self.name?,
            welsh_name: self.welsh_name,
            lja_code: self.lja_code?,
            lja_name: self.lja_name?,
            address: self.address?,
            welsh_address: None,
            police_area: None,
        })
    }
}

fn same_address(given: &AddressDraft, known: &Address) -> bool {
    let postcode = given.postcode.as_deref();
    let same_postcode = postcode.is_none_or(|given| known.postcode.as_deref() == Some(given));
    let line = |line: &str| folded(line);
    let given: Vec<_> = given.lines.iter().map(|l| line(l)).collect();
    let known: Vec<_> = known.lines.iter().map(|l| line(l)).collect();
    same_postcode && given == known
}

/// For comparing: small letters, single spaces, one kind of apostrophe.
fn folded(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").replace('\u{2019}', "'")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{full, interim};
    use crate::domain::draft::CourtDraft;
    use crate::domain::order::{Route, Sitting};
    use crate::domain::reference::{CourtKind, CourtRecord};
    use crate::domain::violation::Rule;

    #[test]
    fn unknown_court_without_its_description_is_refused() {
        let mut case = interim();
        case.court().lja_name = None;
        case.refused("/court/code", Rule::UnknownCourt);
    }

    #[test]
    fn unknown_court_described_in_full_is_taken() {
        let order = interim().passes();
        assert_eq!(&*order.court.code, "B99ZZ00");
        assert_eq!(order.court.police_area, None);
    }

    #[test]
    fn a_known_court_is_taken_from_the_reference_data() {
        let order = full().passes();
        assert_eq!(&*order.court.lja_code, "3190");
        assert_eq!(order.court.police_area.as_ref().map(|f| f.code.as_str()), Some("south-wales"));
        let welsh = order.court.welsh_address.as_ref().expect("an address in Welsh");
        assert_eq!(&*welsh.lines[1], "Caerdydd");
    }

    #[test]
    fn court_differs_from_the_reference_data() {
        let mut case = full();
        case.court().name = Some("Another Court".to_owned());
        case.refused("/court/name", Rule::CourtDiffers);
        let mut case = full();
        case.court().lja_code = Some("2570".to_owned());
        case.refused("/court/lja_code", Rule::CourtDiffers);
    }

    #[test]
    fn the_name_of_an_area_that_was_not_confirmed_gives_way_to_the_requests() {
        let mut case = full();
        case.court().lja_name = Some("Another Area".to_owned());
        case.refused("/court/lja_name", Rule::CourtDiffers);
        let unconfirmed = |court: &&CourtRecord| {
            !court.lja_name_confirmed && court.kind == CourtKind::Magistrates
        };
        let court = case.law.reference.courts().find(unconfirmed).unwrap();
        *case.court() = CourtDraft {
            code: Some(court.code.to_string()),
            sitting: Some(Sitting::Magistrates),
            lja_name: Some("Another Area".to_owned()),
            ..CourtDraft::default()
        };
        assert_eq!(&*case.passes().court.lja_name, "Another Area");
        case.court().lja_name = None;
        assert_eq!(case.passes().court.lja_name, court.lja_name);
    }

    #[test]
    fn court_differs_where_it_is_no_crown_court() {
        let mut case = full();
        case.draft.route = Some(Route::Appeal);
        case.court().sitting = Some(Sitting::Crown);
        case.refused("/court/sitting", Rule::CourtDiffers);
        let crown = case.law.reference.courts().find(|court| court.kind == CourtKind::Crown);
        case.court().code = crown.map(|court| court.code.to_string());
        case.passes();
    }

    #[test]
    fn the_crown_court_without_an_appeal_is_not_one_of_those_allowed() {
        let mut case = full();
        case.court().sitting = Some(Sitting::Crown);
        case.refused("/court/sitting", Rule::NotOneOf);
        case.draft.route = Some(Route::Appeal);
        case.silent_on("/court/sitting", Rule::NotOneOf);
    }

    #[test]
    fn a_court_code_or_area_code_of_another_shape_breaks_identifier_format() {
        let mut case = interim();
        case.court().lja_code = Some("99".to_owned());
        case.refused("/court/lja_code", Rule::IdentifierFormat);
        let mut case = interim();
        case.court().code = Some("leeds".to_owned());
        case.refused("/court/code", Rule::IdentifierFormat);
    }
}
