//! `spo copy`: one more document of an order, as `POST /v1/orders/{id}/documents` makes it.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::{Map, Value, json};

use super::drawing::{folder, show_made};
use super::{Exit, Global, caller, output};
use crate::issue::{Creating, IdempotencyKey, Issuer};

/// What is asked for.
#[derive(Debug, Args)]
pub struct Asked {
    /// Id of the order: `ord_…`.
    order: String,
    /// Which document: the order itself in its own kind, or a copy for another reader or use.
    #[arg(long, value_parser = KINDS)]
    kind: String,
    /// In which language; otherwise as the order.
    #[arg(long, value_parser = ["en", "cy", "bilingual"])]
    language: Option<String>,
    /// In 18 point and more.
    #[arg(long)]
    large_print: bool,
    /// Fill up an odd number of pages with one that says that it is blank.
    #[arg(long)]
    even_pages: bool,
    /// The respondent's address where a window envelope shows it.
    #[arg(long)]
    address_window: bool,
    /// The letter of the protected person for whom a notice is, where there are several.
    #[arg(long, value_name = "LETTER")]
    person: Option<String>,
    /// Who certifies a certified copy.
    #[arg(long, value_name = "NAME", requires = "capacity")]
    certified_by: Option<String>,
    /// In what capacity.
    #[arg(long, value_parser = CAPACITIES, requires = "certified_by")]
    capacity: Option<String>,
    /// Folder for the signed PDF.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// The same key and request again give the first answer again.
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

/// Makes, signs and keeps it, and writes the PDF into the folder.
pub fn run(global: &Global, asked: &Asked) -> Exit {
    let key = asked.idempotency_key.as_deref();
    let key = match key.map(|key| IdempotencyKey::read(Some(key.as_bytes()))).transpose() {
        Ok(key) => key,
        Err(error) => return output::fault(&error, global.json),
    };
    // A text that is no id names nothing.
    let Ok(order) = asked.order.parse() else {
        output::note("unknown", &[]);
        return Exit::Missing;
    };
    if let Err(exit) = folder(&asked.out) {
        return exit;
    }
    let body = asked.body();
    global.with_issuer(async |issuer: Arc<Issuer>| {
        let caller = caller(&issuer)?;
        let made = Creating { caller: &caller, key: key.as_ref(), body: body.as_bytes() };
        let issued = issuer.make_copy(order, made).await?;
        Ok(show_made(&issued, &asked.out, global.json))
    })
}

impl Asked {
    /// The body of the POST.
    fn body(&self) -> String {
        let mut body = Map::from_iter([("kind".to_owned(), json!(self.kind))]);
        let mut add = |name: &str, value: Option<Value>| {
            body.extend(value.map(|value| (name.to_owned(), value)));
        };
        add("language", self.language.as_ref().map(|language| json!(language)));
        add("large_print", self.large_print.then_some(Value::Bool(true)));
        add("even_pages", self.even_pages.then_some(Value::Bool(true)));
        add("address_window", self.address_window.then_some(Value::Bool(true)));
        add("person", self.person.as_ref().map(|letter| json!(letter)));
        let certifier = self.certified_by.as_ref().zip(self.capacity.as_ref());
        let certifier =
            certifier.map(|(name, capacity)| json!({ "name": name, "capacity": capacity }));
        add("certified_by", certifier);
        Value::Object(body).to_string()
    }
}

/// As the contract names them.
const KINDS: [&str; 6] = [
    "interim_order",
    "full_order",
    "explanatory_sheet",
    "protected_person_notice",
    "police_sheet",
    "certified_copy",
];
const CAPACITIES: [&str; 4] = [
    "justices_legal_adviser",
    "authorised_court_officer",
    "district_judge",
    "justice_of_the_peace",
];

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::wire::DocumentRequest;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        asked: Asked,
    }

    fn line(arguments: &[&str]) -> Result<Asked, clap::Error> {
        let all = ["copy", "ord_1"].iter().chain(arguments);
        Line::try_parse_from(all).map(|line| line.asked)
    }

    #[test]
    fn every_argument_becomes_the_field_of_its_name_and_nothing_else_is_said() {
        let asked = line(&[
            "--kind",
            "certified_copy",
            "--language",
            "cy",
            "--large-print",
            "--even-pages",
            "--address-window",
            "--person",
            "B",
            "--certified-by",
            "Pat Sample",
            "--capacity",
            "district_judge",
        ]);
        let body: Value = serde_json::from_str(&asked.unwrap().body()).unwrap();
        let whole = json!({
            "kind": "certified_copy", "language": "cy", "large_print": true, "even_pages": true,
            "address_window": true, "person": "B",
            "certified_by": { "name": "Pat Sample", "capacity": "district_judge" },
        });
        assert_eq!(body, whole);
        let bare = line(&["--kind", "police_sheet"]).unwrap().body();
        assert_eq!(bare, r#"{"kind":"police_sheet"}"#);
    }

    #[test]
    fn the_kinds_and_capacities_are_those_that_the_service_takes() {
        for kind in KINDS {
            for capacity in CAPACITIES {
                let arguments = ["--kind", kind, "--certified-by", "P", "--capacity", capacity];
                let body = line(&arguments).unwrap().body();
                let faults = DocumentRequest::read(body.as_bytes()).unwrap().faults;
                assert_eq!(faults, [], "{body}");
            }
        }
        assert!(line(&["--kind", "dates_page"]).is_err());
        assert!(line(&["--kind", "certified_copy", "--certified-by", "P"]).is_err());
    }
}
