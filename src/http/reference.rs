//! Reference data with its versions: clauses, courts, forces, editions.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::web::Data;

use super::Edge;
use super::orders::json_only;
use super::respond::{self, Answer};
use crate::domain::clause::{Clause, Library, Parameter, StalkingKind, Values};
use crate::domain::reference::{CourtRecord, ForceRecord};
use crate::domain::text::{Marks, Text};
use crate::wire::answer::{
    AddressAnswer, ClauseAnswer, CourtAnswer, EditionAnswer, ForceAnswer, List, ParameterAnswer,
};

/// Lists the clauses of the library: the standard terms, with their parameters and a sample.
#[utoipa::path(
    get, path = "/v1/clauses", tag = "reference data",
    responses((status = 200, description = "The clauses.", body = List<ClauseAnswer>)),
)]
pub async fn list_clauses(edge: Data<Edge>, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let library = edge.issuer.law().library;
    let items = library.clauses().iter().map(|clause| clause_answer(library, clause));
    respond::json(&List { items: items.collect() })
}

/// Lists the courts that an order can name by their code alone.
#[utoipa::path(
    get, path = "/v1/courts", tag = "reference data",
    responses((status = 200, description = "The courts.", body = List<CourtAnswer>)),
)]
pub async fn list_courts(edge: Data<Edge>, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let reference = edge.issuer.law().reference;
    let items = reference.courts().map(|court| court_answer(court, reference.version()));
    respond::json(&List { items: items.collect() })
}

/// Lists the police forces whose chief officers may apply.
#[utoipa::path(
    get, path = "/v1/forces", tag = "reference data",
    responses((status = 200, description = "The forces.", body = List<ForceAnswer>)),
)]
pub async fn list_forces(edge: Data<Edge>, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let reference = edge.issuer.law().reference;
    let items = reference.forces().map(|force| force_answer(force, reference.version()));
    respond::json(&List { items: items.collect() })
}

/// Lists the editions of each kind of document: the current one is drawn today.
#[utoipa::path(
    get, path = "/v1/editions", tag = "reference data",
    responses((status = 200, description = "The editions.", body = List<EditionAnswer>)),
)]
pub async fn list_editions(edge: Data<Edge>, request: HttpRequest) -> Answer {
    json_only(&request)?;
    let library = edge.issuer.law().library.version();
    let items = edge.issuer.editions().iter().map(|edition| EditionAnswer {
        edition: edition.name.clone(),
        kind: edition.kind.name().to_owned(),
        sha256: edition.digest(),
        languages: LANGUAGES.map(str::to_owned).to_vec(),
        clause_library: library.to_owned(),
        current: edition.current,
    });
    respond::json(&List { items: items.collect() })
}

fn clause_answer(library: &Library, clause: &Clause) -> ClauseAnswer {
    let text = sample_text(clause);
    let definitions = library.definitions_used([text.as_str(), clause.words.as_str()]);
    ClauseAnswer {
        slug: clause.slug.clone(),
        version: clause.version.into(),
        kind: clause.kind,
        text: clause.words.clone(),
        welsh_text: Some(clause.welsh.words.clone()),
        welsh_approved: clause.welsh.approved,
        parameters: clause.parameters.iter().map(parameter_answer).collect(),
        kinds_of_stalking: clause.stalking.iter().map(|kind| letter(*kind).to_owned()).collect(),
        definitions: definitions.iter().map(|defined| defined.word.clone()).collect(),
        sample: clause.sample.values.clone().into_iter().collect(),
        sample_text: text,
        library: library.version().to_owned(),
    }
}

/// The clause with its sample filled in; the library's own tests fill every one.
fn sample_text(clause: &Clause) -> String {
    let people = |letter: char| Text::parse(&letter.to_string(), Marks::Name).ok();
    let none = BTreeMap::new();
    let values = Values { values: &clause.sample.values, welsh_values: &none, people: &people };
    clause.fill(&values).map(|filled| filled.text.to_string()).unwrap_or_default()
}

fn parameter_answer(parameter: &Parameter) -> ParameterAnswer {
    let range = parameter.kind.range();
    ParameterAnswer {
        name: parameter.name.clone(),
        r#type: parameter.kind.name().to_owned(),
        required: !parameter.optional,
        minimum: range.map(|(least, _)| least.into()),
        maximum: range.map(|(_, most)| most.into()),
    }
}

/// The paragraph of the Protection from Harassment Act 1997, s.2A(3).
const fn letter(kind: StalkingKind) -> &'static str {
    match kind {
        StalkingKind::Following => "a",
        StalkingKind::Contacting => "b",
        StalkingKind::Publishing => "c",
        StalkingKind::Monitoring => "d",
        StalkingKind::Loitering => "e",
        StalkingKind::InterferingWithProperty => "f",
        StalkingKind::Watching => "g",
    }
}

fn court_answer(court: &CourtRecord, version: &str) -> CourtAnswer {
    CourtAnswer {
        code: court.code.clone(),
        name: court.name.to_string(),
        welsh_name: court.welsh_name.as_ref().map(ToString::to_string),
        lja_code: court.lja_code.to_string(),
        lja_name: court.lja_name.to_string(),
        address: Some(AddressAnswer::of(&court.address())),
        version: version.to_owned(),
    }
}

fn force_answer(force: &ForceRecord, version: &str) -> ForceAnswer {
    let printed = force.name_as_printed();
    ForceAnswer {
        code: printed.code,
        name: printed.name.to_string(),
        welsh_name: printed.welsh_name.to_string(),
        chief_officer: printed.chief_officer.to_string(),
        welsh_chief_officer: printed.welsh_chief_officer.to_string(),
        territorial: force.territorial,
        version: version.to_owned(),
    }
}

/// The languages in which every edition is drawn.
const LANGUAGES: [&str; 3] = ["en", "cy", "bilingual"];
