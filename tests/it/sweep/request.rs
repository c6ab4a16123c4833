//! Requests in which every confidential field holds a canary, and what is kept from whom.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::canary::{Canary, value};
use super::tally::{Kept, Reader};
use crate::harness::{Spec, full, interim, set, variation, without};

/// The values of the respondent and the police that some readers must not see.
pub struct Private {
    family_name: String,
    address: Value,
    found_at: String,
    guardian: String,
    officer: String,
}

/// Every value that a sweep plants, the same in each run.
pub struct Plants {
    kept: Kept,
    private: Private,
    /// Every confidential value as it is sent.
    values: Vec<String>,
}

impl Plants {
    pub fn new() -> Self {
        let mut plants = Self {
            kept: Kept { everybody: Vec::new(), private: Vec::new(), readers: BTreeMap::new() },
            private: Private {
                family_name: String::new(),
                address: Value::Null,
                found_at: String::new(),
                guardian: String::new(),
                officer: String::new(),
            },
            values: Vec::new(),
        };
        for person in 0..PERSONS {
            plants.person(person, "A", None);
        }
        for number in 0..TERMS {
            plants.secret("necessity", number);
        }
        plants.private_values();
        plants
    }

    /// What is kept from whom, with the secrets of keys beside it.
    pub fn kept(&self, secrets: &[(&str, &str)]) -> Kept {
        let secrets = secrets.iter().map(|(name, secret)| {
            let (_, end) = secret.split_at(secret.len() / 2);
            Canary::new(format!("secret of the key {name}"), [(*secret).to_owned(), end.to_owned()])
        });
        Kept {
            everybody: self.kept.everybody.iter().cloned().chain(secrets).collect(),
            private: self.kept.private.clone(),
            readers: self.kept.readers.clone(),
        }
    }

    /// Every confidential value as it is sent.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    fn secret(&mut self, kind: &str, number: u64) -> String {
        let (text, canary) = value(kind, number);
        if !self.values.contains(&text) {
            self.values.push(text.clone());
            self.kept.everybody.push(canary);
        }
        text
    }

    /// A protected person whose every confidential list holds several values; the lists are those
    /// of the published schema, so that a new one is filled or stops the sweep.
    pub fn person(&mut self, number: u64, letter: &str, open: Option<&str>) -> Value {
        let lists = &Spec::get().document()["components"]["schemas"]["ConfidentialBody"];
        let mut confidential = json!({});
        for list in lists["properties"].as_object().unwrap().keys() {
            let values = (0..EACH).map(|each| self.secret(list, number * EACH + each));
            confidential[list] = values.collect();
        }
        let mut person = json!({ "ref": letter, "confidential": confidential });
        match open {
            Some(name) => person["name"] = name.into(),
            None => {
                person["name"] = self.secret("name", number).into();
                person["printed_as"] = format!("{letter}.{letter}.").into();
            }
        }
        person
    }

    fn private_values(&mut self) {
        let (family_name, family) = value("name", 1000);
        let family_name = family_name.split(' ').next().unwrap().to_owned();
        let (guardian, of_guardian) = value("name", 1001);
        let (officer, of_officer) = value("name", 1002);
        let (street, of_street) = value("addresses", 1003);
        let street = street.split(',').next().unwrap().to_owned();
        let (postcode, of_postcode) = value("postcodes", 1004);
        let (hostel, of_hostel) = value("places", 1005);
        let abode = [of_street, of_postcode, of_hostel].map(|canary| Canary {
            field: format!("abode of the respondent: {}", canary.field),
            ..canary
        });
        let pnc = Canary::new("PNC id", [PNC.to_owned(), PNC[5..].to_owned()]);
        let births = [ADULT, CHILD].map(birth);
        let named = |field: &str, canary: Canary| Canary { field: field.to_owned(), ..canary };
        let guardians = named("parent or guardian", of_guardian);
        let officers = named("officer in the case", of_officer);
        let private = [
            vec![named("name of the respondent", Canary::new("", [family_name.clone()]))],
            vec![pnc.clone(), guardians.clone(), officers.clone()],
            abode.to_vec(),
            births.to_vec(),
        ];
        drop(family);
        self.kept.private = private.concat();
        let kept_from_victim = [abode.to_vec(), births.to_vec(), vec![pnc.clone(), guardians]];
        self.kept.readers = BTreeMap::from([
            (Reader::Respondent, vec![pnc, officers]),
            (Reader::ProtectedPerson, kept_from_victim.concat()),
            (Reader::Court, Vec::new()),
            (Reader::CourtPolice, Vec::new()),
        ]);
        self.private = Private {
            family_name,
            address: json!({ "lines": ["Flat 2", street, "Leeds"], "postcode": postcode }),
            found_at: format!("{hostel}, Cardiff"),
            guardian,
            officer,
        };
    }

    /// A sample order with a canary in each field that is kept from anybody.
    fn planted(&mut self, request: Value) -> Value {
        let mut request = request;
        let open = request["protected_persons"].as_array().unwrap().clone();
        let mut persons: Vec<Value> = Vec::new();
        for (number, person) in open.iter().enumerate() {
            let name = person["name"].as_str().filter(|_| person["printed_as"].is_null());
            let letter = person["ref"].as_str().unwrap();
            let mut planted = self.person(number as u64, letter, name);
            if person["printed_as"].is_string() {
                planted["printed_as"] = person["printed_as"].clone();
            }
            persons.push(planted);
        }
        for letter in ["X", "Y"] {
            persons.push(self.person(persons.len() as u64, letter, None));
        }
        request["protected_persons"] = persons.into();
        let mut number = 0;
        for list in ["prohibitions", "requirements"] {
            for term in request[list].as_array_mut().into_iter().flatten() {
                term["necessity"] = self.secret("necessity", number).into();
                number += 1;
            }
        }
        let private = &self.private;
        let officer = json!({ "name": private.officer, "collar_number": "0000" });
        let request = set(request, "/applicant/officer", officer);
        let request = set(request, "/respondent/family_name", private.family_name.clone().into());
        let request = set(request, "/respondent/pnc_id", PNC.into());
        let request = set(request, "/respondent/date_of_birth", ADULT.into());
        self.housed(request)
    }

    fn housed(&self, request: Value) -> Value {
        let request = without(request, "/respondent/no_fixed_abode");
        set(request, "/respondent/address", self.private.address.clone())
    }

    fn homeless(&self, request: Value) -> Value {
        let found_at = json!({ "found_at": self.private.found_at });
        set(without(request, "/respondent/address"), "/respondent/no_fixed_abode", found_at)
    }

    /// A respondent under 18, before a youth court.
    fn young(&self, request: Value) -> Value {
        let guardian = json!({ "name": self.private.guardian, "relationship": "mother" });
        let request = set(request, "/respondent/date_of_birth", CHILD.into());
        let request = set(request, "/respondent/guardian", guardian);
        set(request, "/court/sitting", "youth".into())
    }

    /// Each kind of order and of respondent: the path of its kind, a name, the request.
    pub fn orders(&mut self) -> Vec<(&'static str, &'static str, Value)> {
        let interim = self.planted(interim());
        let full = self.planted(full());
        let crown = json!({ "code": "C99ZZ00", "sitting": "crown", "name": "Sample Crown Court",
            "lja_code": "9999", "lja_name": "Specimen area",
            "address": { "lines": ["1 Sample Square"], "postcode": "ZZ99 1AA" } });
        let appeal = set(set(full.clone(), "/route", "appeal".into()), "/court", crown);
        let until_further = json!({ "type": "until_further_order" });
        vec![
            ("interim-orders", "an interim order", interim.clone()),
            ("interim-orders", "a child's", self.young(interim.clone())),
            ("full-orders", "a full order", full.clone()),
            ("full-orders", "of no fixed abode", self.homeless(full.clone())),
            ("full-orders", "on appeal", appeal),
            ("full-orders", "until further order", set(full, "/duration", until_further)),
        ]
    }

    /// Each kind of request to vary that full order, with each change.
    pub fn variations(&mut self, order: &str) -> Vec<(&'static str, Value)> {
        let mut everything = variation(order);
        let respondent = json!({ "given_names": "Przemys\u{142}aw", "pnc_id": PNC,
            "family_name": self.private.family_name, "date_of_birth": ADULT,
            "no_fixed_abode": { "found_at": self.private.found_at } });
        let more = [
            json!({ "op": "correct_respondent", "respondent": respondent }),
            json!({ "op": "add_protected_person", "person": self.person(5, "N", None) }),
            json!({ "op": "correct_protected_person", "ref": "X",
                "person": self.person(6, "X", None) }),
        ];
        let changes = everything["changes"].as_array_mut().unwrap();
        changes.extend(more);
        let terms = changes.iter_mut().filter(|change| change["term"].is_object());
        for (number, change) in (40..).zip(terms) {
            change["term"]["necessity"] = self.secret("necessity", number).into();
        }
        let longer = json!([{ "op": "set_duration", "reason": "The risk is assessed as lasting.",
            "duration": { "type": "fixed", "end_date": "2031-11-01" } }]);
        let base = set(without(everything.clone(), "/changes"), "/changes", longer);
        let renewal = set(base.clone(), "/kind", "renew".into());
        let consents = json!([{ "party": "respondent", "given_on": "2026-11-12" },
            { "party": "chief_officer", "force": "south-wales", "given_on": "2026-11-12" }]);
        let discharge = set(set(base, "/kind", "discharge".into()), "/consents", consents);
        let part = set(discharge.clone(), "/changes", json!([{ "op": "remove", "number": "P11" }]));
        let whole = set(discharge, "/changes", json!([]));
        vec![
            ("everything to vary", everything),
            ("to renew", renewal),
            ("to discharge", whole),
            ("to discharge in part", part),
        ]
    }

    /// A request that only an interim order can meet.
    pub fn interim_variation(&mut self, order: &str) -> Value {
        let changes = json!([
            { "op": "set_duration", "duration": { "type": "fixed", "end_date": "2027-02-15" } },
            { "op": "set_next_hearing", "reason": "A sample.",
              "next_hearing": { "date": "2027-01-11", "time": "10:00" } },
            { "op": "add_protected_person", "person": self.person(5, "N", None) },
            { "op": "correct_protected_person", "ref": "A",
              "person": self.person(7, "A", Some("Si\u{e2}n Placeholder")) },
        ]);
        json!({ "order_id": order, "expected_version": 1, "kind": "vary",
            "applicant": { "capacity": "respondent" }, "made_on": "2026-11-18",
            "grounds": "A sample.", "changes": changes })
    }
}

/// A day of birth as papers write it.
fn birth(day: &str) -> Canary {
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day] = parts[..] else { panic!("{day}") };
    let number = day.trim_start_matches('0');
    let mut ways = vec![
        format!("{year}-{month}-{day}"),
        format!("{day}/{month}/{year}"),
        format!("{month}/{day}/{year}"),
    ];
    for name in months(month) {
        ways.push(format!("{number} {name} {year}"));
        ways.push(format!("{name} {number} {year}"));
        ways.push(format!("{number} o {name} {year}"));
    }
    Canary::new("date of birth of the respondent", ways)
}

fn months(month: &str) -> [&'static str; 4] {
    match month {
        "07" => ["July", "Gorffennaf", "Orffennaf", "Ngorffennaf"],
        "06" => ["June", "Mehefin", "Fehefin", "Jun"],
        other => panic!("{other}"),
    }
}

/// The sample's, whose check letter is right.
pub const PNC: &str = "2000/0448754A";
const ADULT: &str = "1981-07-29";
const CHILD: &str = "2010-06-23";
const PERSONS: u64 = 8;
const TERMS: u64 = 50;
/// Values in each confidential list.
const EACH: u64 = 2;
