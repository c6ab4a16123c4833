//! Reference data: the courts and police forces that the service knows, from `data/*.csv`.
//!
//! Each file names its source and its date. A court that is not here is named in full by the
//! caller; a force that is not here cannot apply. To add one: a line in the CSV with a source; the
//! tests read every line.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use super::embedded;
use super::people::{Address, ForceName};
use super::text::Text;

/// The courts and forces known.
#[derive(Debug)]
pub struct Reference {
    courts: BTreeMap<String, CourtRecord>,
    forces: BTreeMap<String, ForceRecord>,
}

/// A court of the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourtRecord {
    /// Its organisation unit: `B62DC00`.
    pub code: String,
    pub kind: CourtKind,
    pub name: Text,
    pub welsh_name: Option<Text>,
    /// Four digits.
    pub lja_code: Text,
    pub lja_name: Text,
    /// Whether a source was read for the name of the area.
    pub lja_name_confirmed: bool,
    #[serde(deserialize_with = "lines")]
    address: Vec<Text>,
    postcode: Option<Text>,
    #[serde(deserialize_with = "lines")]
    welsh_address: Vec<Text>,
    /// The code of the force for the area in which it stands.
    pub force: String,
}

/// What a court is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourtKind {
    Magistrates,
    Crown,
}

/// A police force whose chief officer may apply. Stalking Protection Act 2019, s.14.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForceRecord {
    pub code: String,
    pub name: Text,
    pub welsh_name: Text,
    /// Whether it has an area, so that an application needs a ground. Stalking Protection Act 2019,
    /// s.1(3).
    pub territorial: bool,
    chief_officer: Text,
    welsh_chief_officer: Text,
}

impl Reference {
    /// The data of this program.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The day of the data.
    pub fn version(&self) -> &'static str {
        "2026-11-21"
    }

    /// The court of a code.
    pub fn court(&self, code: &str) -> Option<&CourtRecord> {
        self.courts.get(code)
    }

    /// Every court, by code.
    pub fn courts(&self) -> impl Iterator<Item = &CourtRecord> {
        self.courts.values()
    }

    /// The force of a code.
    pub fn force(&self, code: &str) -> Option<&ForceRecord> {
        self.forces.get(code)
    }

    /// Every force, by code.
    pub fn forces(&self) -> impl Iterator<Item = &ForceRecord> {
        self.forces.values()
    }
}

impl CourtRecord {
    /// Its address in English.
    pub fn address(&self) -> Address {
        Address { lines: self.address.clone(), postcode: self.postcode.clone() }
    }

    /// Its address in Welsh, where the list has one.
    pub fn welsh_address(&self) -> Option<Address> {
        if self.welsh_address.is_empty() {
            return None;
        }
        Some(Address { lines: self.welsh_address.clone(), postcode: self.postcode.clone() })
    }
}

impl ForceRecord {
    /// The force as documents name it.
    pub fn name_as_printed(&self) -> ForceName {
        ForceName {
            code: self.code.clone(),
            name: self.name.clone(),
            welsh_name: self.welsh_name.clone(),
            chief_officer: self.chief_officer.clone(),
            welsh_chief_officer: self.welsh_chief_officer.clone(),
        }
    }
}

/// Lines parted by semicolons.
fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Text>, D::Error> {
    let field = String::deserialize(deserializer)?;
    let parts = field.split(';').map(str::trim).filter(|line| !line.is_empty());
    parts.map(|line| Text::try_from(line.to_owned()).map_err(serde::de::Error::custom)).collect()
}

static BUILTIN: LazyLock<Reference> = LazyLock::new(|| {
    let courts: Vec<CourtRecord> = embedded::csv(include_str!("data/courts.csv"));
    let forces: Vec<ForceRecord> = embedded::csv(include_str!("data/forces.csv"));
    Reference {
        courts: courts.into_iter().map(|court| (court.code.clone(), court)).collect(),
        forces: forces.into_iter().map(|force| (force.code.clone(), force)).collect(),
    }
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier;

    #[test]
    fn the_43_territorial_forces_and_two_without_an_area_may_apply() {
        let reference = Reference::builtin();
        assert_eq!(reference.forces().filter(|force| force.territorial).count(), 43);
        let others: Vec<_> = reference.forces().filter(|force| !force.territorial).collect();
        let codes: Vec<_> = others.iter().map(|force| force.code.as_str()).collect();
        assert_eq!(codes, ["british-transport-police", "ministry-of-defence-police"]);
    }

    #[test]
    fn forces_are_printed_with_their_chief_officer() {
        let printed = |code| Reference::builtin().force(code).unwrap().name_as_printed();
        let south_wales = printed("south-wales");
        assert_eq!(&*south_wales.chief_officer, "The Chief Constable of South Wales Police");
        assert_eq!(&*south_wales.welsh_name, "Heddlu De Cymru");
        let met = printed("metropolitan");
        assert_eq!(&*met.chief_officer, "The Commissioner of Police of the Metropolis");
    }

    #[test]
    fn cardiff_is_known_in_both_languages() {
        let court = Reference::builtin().court("B62DC00").unwrap();
        assert_eq!(&*court.name, "Cardiff Magistrates' Court");
        assert_eq!(court.welsh_name.as_deref(), Some("Llys Ynadon Caerdydd"));
        assert_eq!(&*court.lja_code, "3190");
        assert_eq!(court.address().lines.len(), 2);
        assert_eq!(court.welsh_address().unwrap().postcode.as_deref(), Some("CF24 0RZ"));
    }

    #[test]
    fn every_court_has_codes_of_the_right_shape_and_a_force_that_is_known() {
        let reference = Reference::builtin();
        assert!(reference.courts().count() >= 15);
        for court in reference.courts() {
            let letter = if court.kind == CourtKind::Crown { 'C' } else { 'B' };
            assert!(court.code.starts_with(letter), "{}", court.code);
            assert!(identifier::court_code_shape(&court.code), "{}", court.code);
            assert!(identifier::lja_code_shape(&court.lja_code), "{}", court.code);
            let address = court.address();
            assert!((1..=5).contains(&address.lines.len()), "{}", court.code);
            assert!(address.postcode.is_none_or(|p| identifier::postcode_shape(&p)));
            assert!(reference.force(&court.force).is_some_and(|f| f.territorial));
        }
    }

    #[test]
    fn welsh_names_of_courts_and_forces_keep_their_first_letter_after_any_word() {
        for court in Reference::builtin().courts() {
            let name = court.welsh_name.as_deref().unwrap_or_default();
            assert!(
                name.starts_with("Llys Ynadon ") || name.starts_with("Llys y Goron "),
                "{name}"
            );
        }
        for force in Reference::builtin().forces() {
            let name = force.name_as_printed();
            let same = name.welsh_name == name.name;
            assert!(same || name.welsh_name.starts_with("Heddlu"), "{}", name.welsh_name);
        }
    }

    #[test]
    fn no_code_stands_twice_and_the_specimen_court_is_not_here() {
        let lines = |file: &str| file.lines().filter(|line| !line.starts_with('#')).count() - 1;
        let reference = Reference::builtin();
        assert_eq!(lines(include_str!("data/courts.csv")), reference.courts().count());
        assert_eq!(lines(include_str!("data/forces.csv")), reference.forces().count());
        assert!(reference.court("B99ZZ00").is_none());
    }
}
