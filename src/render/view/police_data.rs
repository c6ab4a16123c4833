//! The police sheet for machines: what the sheet says, coded, for the attachment of its file.
//!
//! Names of members are fixed by [`SCHEMA`]: a change that a reader could trip over raises it.

use serde_json::{Value as Json, json};

use crate::digest::hex;
use crate::domain::clause::Library;
use crate::domain::order::{Duration, NextHearing, Order, OrderKind};
use crate::domain::profile::Profile;
use crate::domain::term::{Locality, Source, Term, TermKind};
use crate::render::imprint::{Imprint, Original};

/// The order coded for police systems: identifiers, dates, and each term by clause and values. It
/// says nothing that the sheet does not say.
pub fn police_data((order, original): (&Order, &Original), imprint: &Imprint) -> Json {
    let respondent = &order.respondent;
    let persons = order.protected_persons.iter();
    let offences = Profile::builtin().offences_on(order.made_on);
    json!({
        "schema": SCHEMA,
        "order": identity(order, original, imprint),
        "force": {
            "code": order.applicant.force.code,
            "name": order.applicant.force.name,
            "officer": order.applicant.officer.as_ref().map(|officer| json!({
                "name": officer.name,
                "collar_number": officer.collar_number,
            })),
        },
        "respondent": {
            "title": respondent.title,
            "given_names": respondent.given_names,
            "family_name": respondent.family_name,
            "aliases": respondent.aliases,
            "date_of_birth": respondent.date_of_birth,
            "pnc_id": respondent.pnc_id,
        },
        "protected_persons": persons
            .map(|person| json!({ "ref": person.reference, "name": person.printed }))
            .collect::<Vec<_>>(),
        "offences": offences
            .map(|offence| json!({ "code": offence.code, "section": offence.provision }))
            .collect::<Vec<_>>(),
        "terms": order.terms.iter().map(|held| term(held, order)).collect::<Vec<_>>(),
    })
}

fn identity(order: &Order, original: &Original, imprint: &Imprint) -> Json {
    let kind = match order.kind {
        OrderKind::InterimOrder => "interim_order",
        OrderKind::FullOrder => "full_order",
    };
    let hearing = order.next_hearing.as_ref().map(|next| match next {
        NextHearing::At { date, time, court_name, .. } => json!({
            "date": date,
            "time": time.strftime("%H:%M").to_string(),
            "court": court_name,
        }),
        NextHearing::ToBeNotified => json!({ "to_be_notified": true }),
    });
    json!({
        "id": imprint.order_id.to_string(),
        "version": imprint.version,
        "kind": kind,
        "document_id": original.document_id.to_string(),
        "content_sha256": hex(&original.content_sha256),
        "case": {
            "reference": order.case.reference,
            "urn": order.case.urn,
            "court_reference": order.case.court_reference,
        },
        "court": { "code": order.court.code, "name": order.court.name,
            "lja_code": order.court.lja_code },
        "made_on": order.made_on,
        "ends_on": ends_on(order.duration),
        "next_hearing": hearing,
    })
}

fn term(term: &Term, order: &Order) -> Json {
    let (clause, values) = match &term.source {
        Source::Clause { clause, values, .. } => (Some(clause), json!(values)),
        Source::Free => (None, Json::Null),
    };
    let kind = match term.number.kind {
        TermKind::Prohibition => "prohibition",
        TermKind::Requirement => "requirement",
    };
    let source = Library::builtin().source(term);
    let places = source.map(|source| source.places()).unwrap_or_default();
    let locality = match &term.locality {
        Locality::UnitedKingdom => None,
        Locality::Limited { description, .. } => Some(description),
    };
    json!({
        "number": term.number.to_string(),
        "type": kind,
        "clause": clause,
        "values": values,
        "text": term.text,
        "welsh_text": term.welsh.as_ref().map(|welsh| &welsh.text),
        "places": places.into_iter().map(|(english, _)| english).collect::<Vec<_>>(),
        "locality": locality,
        "ends_on": term.until.or(ends_on(order.duration)),
    })
}

/// Nothing for an order until further order.
const fn ends_on(duration: Duration) -> Option<jiff::civil::Date> {
    match duration {
        Duration::Fixed { end_date } => Some(end_date),
        Duration::UntilFurtherOrder => None,
    }
}

/// What this form of the data is called.
const SCHEMA: &str = "spo.police_sheet/1";
