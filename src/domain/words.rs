//! Dates, times, numbers and lists in words, in English and Welsh.
//!
//! The words themselves stand in `templates/words/`; here stands only how they are put together.
//! Terms are filled with them, and the documents show their dates with them. To change how
//! something is said, change the TOML; a new language is a new file and a function beside
//! [`Words::welsh`].

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use serde::Deserialize;

use super::calendar::{Period, Weekday};
use super::embedded;
use super::term::TermNumber;

/// The words of one language for dates, times, numbers and lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    months: [String; 12],
    weekdays: [String; 7],
    date: String,
    date_time: String,
    thousands: String,
    time: TimeWords,
    every: Joiners,
    list: ListJoiners,
    term: Forms,
    metres: Forms,
    years: Forms,
    months_long: Forms,
    days: Forms,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeWords {
    am: String,
    pm: String,
    midday: String,
    midnight: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Joiners {
    first: String,
    next: String,
    last: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListJoiners {
    next: String,
    last: String,
    either: String,
}

/// A phrase in the forms that it takes beside a number: by the number itself, else `other`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Forms(BTreeMap<String, String>);

impl Forms {
    /// The form beside this number.
    pub fn beside(&self, number: u16) -> &str {
        self.0.get(&number.to_string()).map_or_else(|| self.other(), String::as_str)
    }

    /// The form beside most numbers.
    pub fn other(&self) -> &str {
        self.0.get("other").map_or("", String::as_str)
    }

    /// Every form.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl Words {
    /// The English words.
    pub fn english() -> &'static Self {
        &ENGLISH
    }

    /// The Welsh words: a draft that no translator has approved.
    pub fn welsh() -> &'static Self {
        &WELSH
    }

    /// "2 November 2026".
    pub fn date(&self, day: Date) -> String {
        self.date
            .replace("{day}", &day.day().to_string())
            .replace("{month}", self.month(day))
            .replace("{year}", &day.year().to_string())
    }

    /// "10:30am", "5pm", "midday", "midnight".
    pub fn time(&self, time: Time) -> String {
        let (hour, minute) = (time.hour(), time.minute());
        let form = match (hour, minute) {
            (0, 0) => return self.time.midnight.clone(),
            (12, 0) => return self.time.midday.clone(),
            (0..12, _) => &self.time.am,
            _ => &self.time.pm,
        };
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        let clock = if minute == 0 { hour.to_string() } else { format!("{hour}:{minute:02}") };
        form.replace("{clock}", &clock)
    }

    /// "18 November 2026 at 5pm".
    pub fn date_time(&self, day: Date, time: Time) -> String {
        self.date_time.replace("{date}", &self.date(day)).replace("{time}", &self.time(time))
    }

    /// "every Monday and every Thursday", in the order given.
    pub fn weekdays(&self, days: &[Weekday]) -> String {
        let mut said = String::new();
        for (at, day) in days.iter().enumerate() {
            let form = match at {
                0 => &self.every.first,
                _ if at + 1 == days.len() => &self.every.last,
                _ => &self.every.next,
            };
            said.push_str(&form.replace("{day}", self.weekday(*day)));
        }
        said
    }

    /// "a, b and c".
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        self.joined(items, &self.list.last)
    }

    /// "a, b or c".
    pub fn either<S: AsRef<str>>(&self, items: &[S]) -> String {
        self.joined(items, &self.list.either)
    }

    fn joined<S: AsRef<str>>(&self, items: &[S], before_last: &str) -> String {
        let mut said = String::new();
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                let last = at + 1 == items.len();
                said.push_str(if last { before_last } else { &self.list.next });
            }
            said.push_str(item.as_ref());
        }
        said
    }

    /// "100 metres", "1,000 metres".
    pub fn metres(&self, metres: u16) -> String {
        self.counted(&self.metres, metres)
    }

    /// "paragraph R1".
    pub fn term(&self, number: TermNumber) -> String {
        self.term.other().replace("{term}", &number.to_string())
    }

    /// The length of the period that begins with `first` and ends with `last`, both counted: "3
    /// years", "2 months and 1 day". Empty where `last` is before `first`.
    pub fn period(&self, first: Date, last: Date) -> String {
        self.length(Period::inclusive(first, last))
    }

    /// A length in words; parts of nothing are left out.
    pub fn length(&self, period: Period) -> String {
        let parts: Vec<String> = [
            (period.years, &self.years),
            (period.months, &self.months_long),
            (period.days, &self.days),
        ]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, forms)| self.counted(forms, number))
        .collect();
        self.list(&parts)
    }

    /// "Monday".
    pub fn weekday(&self, day: Weekday) -> &str {
        &self.weekdays[day as usize]
    }

    /// The name of a date's month.
    pub fn month(&self, day: Date) -> &str {
        &self.months[usize::from(day.month().unsigned_abs()) - 1]
    }

    /// The names of the twelve months.
    pub fn months(&self) -> &[String] {
        &self.months
    }

    /// What the built-in words of both languages hold, English first: for the digests of editions.
    pub fn contents() -> [String; 2] {
        [ENGLISH_TOML, WELSH_TOML].map(embedded::contents)
    }

    /// A number in figures: "1,000".
    pub fn number(&self, number: u16) -> String {
        if number < 1000 {
            return number.to_string();
        }
        format!("{}{}{:03}", number / 1000, self.thousands, number % 1000)
    }

    fn counted(&self, forms: &Forms, number: u16) -> String {
        forms.beside(number).replace("{n}", &self.number(number))
    }
}

const ENGLISH_TOML: &str = include_str!("../../templates/words/en.toml");
const WELSH_TOML: &str = include_str!("../../templates/words/cy.toml");
static ENGLISH: LazyLock<Words> = LazyLock::new(|| embedded::toml(ENGLISH_TOML));
static WELSH: LazyLock<Words> = LazyLock::new(|| embedded::toml(WELSH_TOML));

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn dates_are_day_month_year_without_ordinals() {
        assert_eq!(Words::english().date(date(2026, 11, 2)), "2 November 2026");
        assert_eq!(Words::welsh().date(date(2026, 1, 13)), "13 Ionawr 2026");
    }

    #[test]
    fn welsh_dates_times_and_days_are_said_so_that_no_word_before_them_mutates_them() {
        let words = Words::welsh();
        let months = [
            "Ionawr",
            "Chwefror",
            "Mawrth",
            "Ebrill",
            "Mai",
            "Mehefin",
            "Gorffennaf",
            "Awst",
            "Medi",
            "Hydref",
            "Tachwedd",
            "Rhagfyr",
        ];
        for (month, name) in (1..).zip(months) {
            assert_eq!(words.date(date(2026, month, 2)), format!("2 {name} 2026"));
        }
        let said = |hour, minute| words.time(time(hour, minute, 0, 0));
        assert_eq!([said(9, 30), said(17, 0)], ["9:30am", "5pm"]);
        assert_eq!([said(12, 0), said(0, 0)], ["hanner dydd", "hanner nos"]);
        let both = words.date_time(date(2026, 11, 18), time(17, 0, 0, 0));
        assert_eq!(both, "18 Tachwedd 2026 am 5pm");
        assert_eq!(words.list(&["Caerdydd", "Tredegar"]), "Caerdydd; Tredegar");
        let days = words.weekdays(&[Weekday::Monday, Weekday::Wednesday, Weekday::Sunday]);
        assert_eq!(days, "bob dydd Llun, bob dydd Mercher a phob dydd Sul");
    }

    #[test]
    fn times_are_said_as_on_gov_uk() {
        let said = |hour, minute| Words::english().time(time(hour, minute, 0, 0));
        assert_eq!(said(10, 30), "10:30am");
        assert_eq!(said(17, 0), "5pm");
        assert_eq!(said(12, 0), "midday");
        assert_eq!(said(0, 0), "midnight");
        assert_eq!(said(0, 5), "12:05am");
        assert_eq!(said(12, 30), "12:30pm");
        assert_eq!(said(9, 9), "9:09am");
        assert_eq!(said(23, 59), "11:59pm");
    }

    #[test]
    fn a_date_and_time_stand_together() {
        let words = Words::english();
        let said = words.date_time(date(2026, 11, 18), time(17, 0, 0, 0));
        assert_eq!(said, "18 November 2026 at 5pm");
    }

    #[test]
    fn weekdays_are_said_one_by_one_so_that_none_is_read_as_once() {
        use Weekday::{Friday, Monday, Thursday};
        let words = Words::english();
        assert_eq!(words.weekdays(&[Friday]), "every Friday");
        assert_eq!(words.weekdays(&[Monday, Thursday]), "every Monday and every Thursday");
        assert_eq!(
            words.weekdays(&[Monday, Thursday, Friday]),
            "every Monday, every Thursday and every Friday"
        );
        let welsh = Words::welsh().weekdays(&[Monday, Thursday]);
        assert_eq!(welsh, "bob dydd Llun a phob dydd Iau");
    }

    #[test]
    fn every_weekday_has_its_own_name_in_its_place() {
        for (day, name) in Weekday::ALL.iter().zip(["Mon", "Tue", "Wed", "Thu", "Fri"]) {
            assert!(Words::english().weekday(*day).starts_with(name));
        }
    }

    #[test]
    fn lists_join_their_last_item_with_and() {
        let words = Words::english();
        assert_eq!(words.list::<&str>(&[]), "");
        assert_eq!(words.list(&["a"]), "a");
        assert_eq!(words.list(&["a", "b"]), "a and b");
        assert_eq!(words.list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(words.either(&["a", "b", "c"]), "a, b or c");
    }

    #[test]
    fn metres_print_their_unit_and_thousands_their_comma() {
        assert_eq!(Words::english().metres(100), "100 metres");
        assert_eq!(Words::english().metres(5000), "5,000 metres");
        assert_eq!(Words::welsh().metres(100), "100 metr");
    }

    #[test]
    fn a_period_is_said_in_years_months_and_days() {
        let words = Words::english();
        let said = |first, last| words.period(first, last);
        assert_eq!(said(date(2026, 11, 2), date(2029, 11, 1)), "3 years");
        assert_eq!(said(date(2026, 11, 16), date(2027, 1, 15)), "2 months");
        assert_eq!(said(date(2026, 11, 16), date(2028, 12, 16)), "2 years, 1 month and 1 day");
        assert_eq!(said(date(2026, 11, 16), date(2026, 11, 16)), "1 day");
        assert_eq!(said(date(2026, 11, 16), date(2026, 11, 15)), "");
    }

    #[test]
    fn welsh_years_take_the_form_that_their_number_asks_for() {
        let words = Words::welsh();
        for (years, said) in [
            (1, "1 flwyddyn"),
            (2, "2 flynedd"),
            (3, "3 blynedd"),
            (4, "4 blynedd"),
            (5, "5 mlynedd"),
            (6, "6 blynedd"),
            (10, "10 mlynedd"),
        ] {
            assert_eq!(words.length(Period { years, months: 0, days: 0 }), said);
        }
    }

    #[test]
    fn every_group_of_forms_has_one_for_other_numbers() {
        for words in [Words::english(), Words::welsh()] {
            for forms in [&words.term, &words.metres, &words.years, &words.months_long, &words.days]
            {
                assert!(!forms.other().is_empty());
            }
        }
    }
}
