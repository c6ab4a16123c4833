//! The drafts themselves.

use jiff::civil::{Date, date, time};
use serde_json::{Value as Json, json};

use crate::domain::draft::*;
use crate::domain::order::{Language, OrderKind, Practicable, Sitting};
use crate::domain::people::{Capacity, Ground};
use crate::domain::sensitive::Sensitive;
use crate::domain::term::TermKind;
use crate::domain::variation::VariationKind;

use super::{Case, ID};

/// An interim order of 16 November 2026 at a court that the request describes.
pub(in crate::domain::judgement) fn interim() -> Case {
    let mut draft = order(OrderKind::InterimOrder, date(2026, 11, 10), date(2026, 11, 16));
    draft.application.as_mut().unwrap().reference = text("13AB0042126");
    draft.court = Some(CourtDraft {
        code: text("B99ZZ00"),
        sitting: Some(Sitting::Magistrates),
        name: text("Kirkgate Magistrates' Court (specimen)"),
        welsh_name: None,
        lja_code: text("9999"),
        lja_name: text("Specimen area"),
        address: Some(address(&["1 Sample Square", "Leeds"], Some("ZZ99 1AA"))),
    });
    draft.applicant = applicant("west-yorkshire", Ground::ResidesInArea);
    draft.respondent = Some(RespondentDraft {
        title: text("Mr"),
        given_names: text("Rhodri Testament"),
        family_name: text("Ffug-Example"),
        aliases: vec!["Rod Example".to_owned(), "r.ffug_example".to_owned()],
        date_of_birth: Some(date(1987, 3, 14)),
        address: Some(address(&["Flat 3", "99 Specimen Row", "Leeds"], Some("ZZ99 3VZ"))),
        ..Default::default()
    });
    draft.protected_persons = vec![PersonDraft {
        reference: Some('A'),
        name: Some(Sensitive::new("Siân Placeholder")),
        printed_as: None,
        confidential: ConfidentialDraft {
            addresses: vec![Sensitive::new("17 Hidden Haven, Otley")],
            postcodes: vec![Sensitive::new("ZZ99 7WZ")],
            phones: vec![Sensitive::new("07700 900123")],
            emails: vec![Sensitive::new("sian@mail.example")],
            places: vec![Sensitive::new("Sunnybank Infant School")],
        },
    }];
    draft.findings = Some(FindingsDraft { appropriate: Some(true), ..Default::default() });
    draft.next_hearing = Some(NextHearingDraft {
        date: Some(date(2026, 12, 14)),
        time: Some(time(10, 0, 0, 0)),
        court: None,
        to_be_notified: None,
    });
    let exceptions = "This does not stop a solicitor writing to a solicitor.";
    draft.prohibitions = vec![
        clause("no-contact", json!({ "pp": "A", "exceptions": exceptions })),
        clause("no-following", json!({ "pp": "A" })),
        clause("exclusion-area", json!({ "boundary": "Kirkgate and Briggate, Leeds" })),
        clause("no-tracking", json!({ "pp": "A" })),
    ];
    draft.requirements = vec![clause(
        "surrender-items",
        json!({
            "by": "2026-11-18T17:00:00+00:00",
            "police_station": "Elland Road Police Station, Leeds",
            "items": ["one grey tracking tag", "the mobile phone with number ending 321"],
        }),
    )];
    draft.duration = Some(DurationDraft::Fixed(Some(date(2027, 1, 15))));
    Case::of(draft)
}

/// A full order of 2 November 2026 at a court of the reference data.
pub(in crate::domain::judgement) fn full() -> Case {
    let mut draft = order(OrderKind::FullOrder, date(2026, 9, 1), date(2026, 11, 2));
    draft.court = Some(CourtDraft {
        code: text("B62DC00"),
        sitting: Some(Sitting::Magistrates),
        ..Default::default()
    });
    draft.applicant = applicant("south-wales", Ground::BelievedInArea);
    draft.respondent = Some(RespondentDraft {
        given_names: text("Przemysław Łukasz"),
        family_name: text("Wzór"),
        aliases: vec!["Shaun Ŵyr".to_owned()],
        date_of_birth: Some(date(1979, 2, 28)),
        no_fixed_abode: Some(text("the hostel at 1 Example Quay, Cardiff")),
        pnc_id: text("2000/0448754A"),
        ..Default::default()
    });
    draft.protected_persons = full_persons();
    draft.findings = Some(FindingsDraft {
        acts_associated_with_stalking: Some(true),
        poses_risk: Some(true),
        order_necessary: Some(true),
        appropriate: None,
    });
    draft.replaces_interim = Some(ReplacesInterimDraft {
        order_id: None,
        case_reference: text("62CY0007726"),
        made_on: Some(date(2026, 9, 7)),
    });
    draft.prohibitions = full_prohibitions();
    draft.requirements = full_requirements();
    draft.duration = Some(DurationDraft::Fixed(Some(date(2029, 11, 1))));
    Case::of(draft)
}

fn full_persons() -> Vec<PersonDraft> {
    let hidden = PersonDraft {
        reference: Some('A'),
        name: Some(Sensitive::new("Nguyễn Thị Mẫu")),
        printed_as: text("N.T.M."),
        confidential: ConfidentialDraft {
            addresses: vec![Sensitive::new("8 Secret Court, Barry")],
            postcodes: vec![Sensitive::new("ZZ99 2AA")],
            phones: vec![Sensitive::new("+44 7700 900456")],
            emails: Vec::new(),
            places: vec![Sensitive::new("Harbour Dental Practice")],
        },
    };
    let named = PersonDraft {
        reference: Some('B'),
        name: Some(Sensitive::new("Gwenllïan Tŷ-Mawr")),
        ..Default::default()
    };
    vec![hidden, named]
}

fn full_prohibitions() -> Vec<TermDraft> {
    let mut travel = clause(
        "no-travel-on-service",
        json!({
            "service": "bus 95",
            "stop_a": "Barry Interchange",
            "stop_b": "Cardiff Central",
            "from": "07:30",
            "to": "09:00",
            "days": ["monday", "tuesday"],
        }),
    );
    travel.locality =
        Some(LocalityDraft { description: text("South Wales"), welsh_description: None });
    vec![
        clause("no-contact", json!({ "pp": "A" })),
        clause("no-contact", json!({ "pp": "B" })),
        clause("no-third-party-contact", json!({ "pp": "A", "matter": "property" })),
        clause("keep-distance", json!({ "distance": 100, "pp": "A" })),
        clause("no-approach-home", json!({ "pp": "A" })),
        clause("no-approach-work", json!({ "pp": "A" })),
        clause("no-watching", json!({ "pp": "A" })),
        clause("no-recording", json!({ "pp": "A" })),
        clause("no-posting", json!({ "pp": "A" })),
        clause("no-impersonation", json!({ "pp": "A" })),
        travel,
        free("You must not keep any image of N.T.M. on any internet-enabled device."),
    ]
}

fn full_requirements() -> Vec<TermDraft> {
    let mut sign_on = clause(
        "sign-on",
        json!({
            "police_station": "Cardiff Bay Police Station",
            "from": "17:00",
            "to": "19:00",
            "days": ["monday", "thursday"],
        }),
    );
    sign_on.until = Some(date(2028, 11, 1));
    let register = json!({ "days": 3, "police_unit": "Cardiff Bay", "days_change": 3 });
    let assessment = json!({
        "provider": "the health board named in your letter",
        "place": "Example House, Cardiff",
        "at": "2026-11-23T09:30:00+00:00",
    });
    vec![
        clause("register-devices", register),
        clause("mental-health-assessment", assessment),
        sign_on,
    ]
}

pub(in crate::domain::judgement) fn full_changes() -> Vec<ChangeDraft> {
    vec![
        add(TermKind::Prohibition, clause("no-account-access", json!({ "pp": "A" }))),
        amend("P4", clause("keep-distance", json!({ "distance": 200, "pp": "A" }))),
        remove("P11"),
        set_duration(DurationDraft::UntilFurtherOrder),
    ]
}

pub(in crate::domain::judgement) fn vary(
    force: &str,
    made_on: Date,
    changes: Vec<ChangeDraft>,
) -> VariationDraft {
    VariationDraft {
        order_id: Some(ID),
        expected_version: Some(1),
        kind: Some(VariationKind::Vary),
        applicant: Some(VariationApplicantDraft {
            capacity: Some(Party::ChiefOfficer),
            force: text(force),
            ground: None,
            name: None,
        }),
        made_on: Some(made_on),
        grounds: text("New false accounts were found."),
        changes,
        consents: Vec::new(),
        language: None,
        acknowledged: Vec::new(),
    }
}

/// A clause with its values and a reason.
pub(in crate::domain::judgement) fn clause(slug: &str, values: Json) -> TermDraft {
    let Json::Object(values) = values else { panic!("values are an object") };
    TermDraft {
        clause: text(slug),
        values: values.into_iter().collect(),
        necessity: Some(Sensitive::new("Seen on four days.")),
        ..Default::default()
    }
}

/// A free term with a reason.
pub(in crate::domain::judgement) fn free(words: &str) -> TermDraft {
    TermDraft {
        text: text(words),
        necessity: Some(Sensitive::new("Seen on four days.")),
        ..Default::default()
    }
}

pub(in crate::domain::judgement) fn add(kind: TermKind, term: TermDraft) -> ChangeDraft {
    ChangeDraft::Add { kind: Some(kind), term, reason: text("New behaviour.") }
}

pub(in crate::domain::judgement) fn amend(number: &str, term: TermDraft) -> ChangeDraft {
    ChangeDraft::Amend { number: text(number), term, reason: text("Too close.") }
}

pub(in crate::domain::judgement) fn remove(number: &str) -> ChangeDraft {
    ChangeDraft::Remove { number: text(number), reason: text("No longer needed.") }
}

pub(in crate::domain::judgement) fn set_duration(duration: DurationDraft) -> ChangeDraft {
    ChangeDraft::SetDuration { duration: Some(duration), reason: text("The risk lasts.") }
}

fn order(kind: OrderKind, applied_on: Date, made_on: Date) -> OrderDraft {
    OrderDraft {
        kind: Some(kind),
        case: Some(CaseDraft {
            reference: text("62CY0007726"),
            urn: None,
            court_reference: text("2600005678"),
        }),
        application: Some(ApplicationDraft { reference: None, made_on: Some(applied_on) }),
        made_on: Some(made_on),
        hearing: Some(HearingDraft {
            respondent_present: Some(true),
            on_notice: Some(true),
            bench: text("Two justices of the peace"),
            welsh_bench: None,
            legal_adviser: None,
        }),
        avoids_conflict: Some(AvoidsConflictDraft {
            religious_belief: Some(Practicable::Yes),
            work: Some(Practicable::Yes),
            education: Some(Practicable::Yes),
            reason: None,
        }),
        authorised_by: Some(AuthorisedByDraft {
            name: text("Morgan Specimen"),
            capacity: Some(Capacity::JusticesLegalAdviser),
        }),
        language: Some(Language::En),
        ..Default::default()
    }
}

fn applicant(force: &str, ground: Ground) -> Option<ApplicantDraft> {
    Some(ApplicantDraft { force: text(force), ground: Some(ground), officer: None })
}

fn address(lines: &[&str], postcode: Option<&str>) -> AddressDraft {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    AddressDraft { lines, postcode: postcode.map(str::to_owned) }
}

fn text(words: &str) -> Option<String> {
    Some(words.to_owned())
}
