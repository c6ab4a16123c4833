//! The dated facts of the law, from `data/law-england-wales.toml`: no date or figure of the law
//! stands in code.
//!
//! To change a fact: its entry in the TOML with its source, and whether the source was read. A fact
//! that is not confirmed makes a rule warn where it would refuse.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::embedded;
use super::order::Route;

/// The law of one jurisdiction as dated facts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    version: String,
    name: String,
    commencement: Commencement,
    penalty: Vec<Penalty>,
    offence: Vec<Offence>,
    route: Vec<RouteFact>,
    full_order_minimum: Figure,
    term_minimum: Figure,
    discharge_consent: Figure,
    renewal_minimum: Figure,
    interim_long: Figure,
    many_prohibitions: Figure,
    term_longest: Figure,
    name_part_warned: Figure,
    name_part_longest: Figure,
    youngest: Figure,
    adult: Figure,
}

/// A figure of the law with its source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub value: i16,
    pub source: String,
    /// Whether the source was read.
    pub confirmed: bool,
}

/// The most that a court may impose for a breach. Stalking Protection Act 2019, s.8(2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Penalty {
    /// The first day on which it holds.
    pub from: Date,
    /// Months of imprisonment on summary conviction.
    pub summary_months: u16,
    /// Years of imprisonment on conviction on indictment.
    pub indictment_years: u16,
    pub source: String,
    pub confirmed: bool,
}

/// An offence by the code under which the police record it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offence {
    pub code: String,
    /// The section of the Stalking Protection Act 2019.
    pub provision: String,
    /// The first day on which it holds.
    pub from: Date,
    pub source: String,
    pub confirmed: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commencement {
    date: Date,
    source: String,
    confirmed: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteFact {
    route: Route,
    in_force_from: Option<Date>,
    source: String,
    confirmed: bool,
}

impl Profile {
    /// The law of England and Wales.
    pub fn builtin() -> &'static Self {
        &ENGLAND_AND_WALES
    }

    /// The day of the facts.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The jurisdiction.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first day on which an order could be made. SI 2020/26.
    pub fn commencement(&self) -> Date {
        self.commencement.date
    }

    /// Whether an order may be made by this route on a day.
    pub fn route_in_force(&self, route: Route, day: Date) -> bool {
        let from = self.route.iter().find(|fact| fact.route == route);
        from.and_then(|fact| fact.in_force_from).is_some_and(|from| from <= day)
    }

    /// The penalty for a breach on a day; nothing before commencement. Stalking Protection Act
    /// 2019, s.8(2).
    pub fn penalty_on(&self, day: Date) -> Option<&Penalty> {
        self.penalty.iter().filter(|penalty| penalty.from <= day).max_by_key(|p| p.from)
    }

    /// The offences on a day whose codes are confirmed.
    pub fn offences_on(&self, day: Date) -> impl Iterator<Item = &Offence> {
        let holds = move |offence: &&Offence| offence.confirmed && offence.from <= day;
        self.offence.iter().filter(holds)
    }

    /// Years that a fixed period of a full order must last. Stalking Protection Act 2019, s.3(2).
    pub fn full_order_minimum_years(&self) -> i16 {
        self.full_order_minimum.value
    }

    /// Years that a term's own period in a full order must last; its reading is not confirmed.
    pub fn term_minimum(&self) -> &Figure {
        &self.term_minimum
    }

    /// Years from the day made within which a discharge needs consent. No request is refused for
    /// it: the years count to the day on which the court decides, so `discharge_needs_consent`, a
    /// rule of the decision, is its reader. Stalking Protection Act 2019, s.4(4)(b).
    pub fn discharge_consent_years(&self) -> i16 {
        self.discharge_consent.value
    }

    /// Years below which a renewed period is warned of.
    pub fn renewal_minimum_years(&self) -> i16 {
        self.renewal_minimum.value
    }

    /// Months above which an interim period is warned of.
    pub fn interim_long_months(&self) -> i32 {
        i32::from(self.interim_long.value)
    }

    /// Prohibitions above which their number is warned of.
    pub fn many_prohibitions(&self) -> usize {
        count(&self.many_prohibitions)
    }

    /// The most characters of a term.
    pub fn term_longest(&self) -> usize {
        count(&self.term_longest)
    }

    /// Characters of one part of a name above which it is warned of.
    pub fn name_part_warned(&self) -> usize {
        count(&self.name_part_warned)
    }

    /// The most characters of one part of a name.
    pub fn name_part_longest(&self) -> usize {
        count(&self.name_part_longest)
    }

    /// The least age of a respondent at the application.
    pub fn youngest(&self) -> i16 {
        self.youngest.value
    }

    /// The age below which a person is before the youth court.
    pub fn adult(&self) -> i16 {
        self.adult.value
    }

    /// Every source that the facts name, with whether it was read.
    pub fn sources(&self) -> Vec<(&str, bool)> {
        let figures = self.figures().map(|figure| (figure.source.as_str(), figure.confirmed));
        let penalties = self.penalty.iter().map(|p| (p.source.as_str(), p.confirmed));
        let routes = self.route.iter().map(|r| (r.source.as_str(), r.confirmed));
        let first = (self.commencement.source.as_str(), self.commencement.confirmed);
        let offences = self.offence.iter().map(|o| (o.source.as_str(), o.confirmed));
        let listed = std::iter::once(first).chain(penalties).chain(offences).chain(routes);
        listed.chain(figures).collect()
    }

    fn figures(&self) -> impl Iterator<Item = &Figure> {
        [
            &self.full_order_minimum,
            &self.term_minimum,
            &self.discharge_consent,
            &self.renewal_minimum,
            &self.interim_long,
            &self.many_prohibitions,
            &self.term_longest,
            &self.name_part_warned,
            &self.name_part_longest,
            &self.youngest,
            &self.adult,
        ]
        .into_iter()
    }
}

fn count(figure: &Figure) -> usize {
    usize::from(figure.value.unsigned_abs())
}

static ENGLAND_AND_WALES: LazyLock<Profile> =
    LazyLock::new(|| embedded::toml(include_str!("data/law-england-wales.toml")));

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_act_commenced_on_20_january_2020() {
        assert_eq!(Profile::builtin().commencement(), date(2020, 1, 20));
    }

    #[test]
    fn routes_of_the_act_of_2026_are_not_in_force() {
        let law = Profile::builtin();
        let day = date(2026, 11, 21);
        assert!(law.route_in_force(Route::Application, day));
        assert!(law.route_in_force(Route::Appeal, day));
        assert!(!law.route_in_force(Route::Acquittal, day));
        assert!(!law.route_in_force(Route::Conviction, day));
        assert!(!law.route_in_force(Route::Application, date(2020, 1, 19)));
    }

    #[test]
    fn the_summary_maximum_changes_with_the_day() {
        let months = |day| Profile::builtin().penalty_on(day).map(|p| p.summary_months);
        assert_eq!(months(date(2020, 1, 19)), None);
        assert_eq!(months(date(2022, 5, 1)), Some(6));
        assert_eq!(months(date(2022, 5, 2)), Some(12));
        assert_eq!(months(date(2023, 3, 29)), Some(12));
        assert_eq!(months(date(2023, 3, 30)), Some(6));
        assert_eq!(months(date(2024, 11, 17)), Some(6));
        assert_eq!(months(date(2024, 11, 18)), Some(12));
        assert_eq!(months(date(2026, 11, 21)), Some(12));
        let penalty = Profile::builtin().penalty_on(date(2026, 11, 21)).unwrap();
        assert_eq!(penalty.indictment_years, 5);
    }

    #[test]
    fn the_reading_of_the_terms_minimum_is_not_confirmed() {
        let law = Profile::builtin();
        assert_eq!(law.full_order_minimum_years(), 2);
        assert!(!law.term_minimum().confirmed);
    }

    #[test]
    fn an_offence_code_that_is_not_confirmed_is_given_to_nobody() {
        let day = date(2026, 11, 2);
        let codes = |law: &Profile| -> Vec<String> {
            law.offences_on(day).map(|offence| offence.code.clone()).collect()
        };
        assert_eq!(codes(Profile::builtin()), ["ST19001"]);
        let text = include_str!("data/law-england-wales.toml");
        let mut law: Profile = embedded::toml(text);
        law.offence[0].confirmed = false;
        assert!(codes(&law).is_empty());
        assert_eq!(Profile::builtin().offences_on(date(2020, 1, 19)).count(), 0);
    }

    #[test]
    fn every_fact_names_its_source() {
        let sources = Profile::builtin().sources();
        assert!(sources.iter().all(|(source, _)| !source.is_empty()));
        assert!(sources.iter().any(|(_, confirmed)| !confirmed));
    }
}
