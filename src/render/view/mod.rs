//! domain -> the facts that a layout fills in, as strings for people in each language.
//!
//! No word of a document is here: layouts hold the words, this room gives names, numbers and dates,
//! and says which of two wordings holds (as flags that a layout tests with `if`). Every member
//! stands in every view, `null` where there is nothing, so that a layout which names a member that
//! does not exist fails at start-up.
//!
//! To add a fact: a member here, its use in the layouts, the golden folders.

mod certified;
mod copy;
mod explanatory;
mod notice;
mod order;
mod police;
mod police_data;
mod variation;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::calendar::{Weekday, london_civil};
use crate::domain::order::{Court, Duration, Language, NextHearing, Sitting};
use crate::domain::people::{Address, ForceName};
use crate::domain::words::Words;

use super::Imprint;

pub use copy::CopyView;
pub use order::OrderView;
pub use police_data::police_data;
pub use variation::VariationView;

/// The same thing said in both languages. Where nobody gave the Welsh, the English stands: never a
/// blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// English.
    pub en: String,
    /// Welsh.
    pub cy: String,
}

impl Phrase {
    fn of(say: impl Fn(&Words) -> String) -> Self {
        Self { en: say(Words::english()), cy: say(Words::welsh()) }
    }

    fn date(date: Date) -> Self {
        Self::of(|words| words.date(date))
    }

    fn weekday_and_date(date: Date) -> Self {
        let weekday = Weekday::of(date);
        Self::of(|words| format!("{} {}", words.weekday(weekday), words.date(date)))
    }

    fn pair(english: &str, welsh: Option<&str>) -> Self {
        Self { en: english.to_owned(), cy: welsh.unwrap_or(english).to_owned() }
    }

    fn force(force: &ForceName) -> Self {
        Self::pair(&force.name, Some(&force.welsh_name))
    }

    fn chief_officer(force: &ForceName) -> Self {
        Self::pair(&force.chief_officer, Some(&force.welsh_chief_officer))
    }
}

/// Where a view's facts come from, beside its own subject.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub imprint: &'a Imprint,
    pub edition: &'a str,
    pub draft: bool,
}

/// One flag a variant: the layout asks for the one that holds.
type Flags = BTreeMap<&'static str, bool>;

/// What is stamped on this document alone, apart from what the court said.
#[derive(Debug, Clone, Serialize)]
pub struct ImprintView {
    document_id: String,
    order_id: String,
    version: u32,
    code: String,
    edition: String,
    issued_at: Phrase,
    /// Made with the test authority: each page says so.
    test: bool,
    draft: bool,
    /// See [`Format`](crate::render::Format).
    large_print: bool,
    even_pages: bool,
    address_window: bool,
    /// Some Welsh words have no translator's approval: each page says so.
    unapproved_welsh: bool,
}

impl ImprintView {
    fn of(facts: Facts<'_>) -> Self {
        let Facts { imprint, edition, draft } = facts;
        let civil = london_civil(imprint.issued_at);
        Self {
            document_id: imprint.document_id.to_string(),
            order_id: imprint.order_id.to_string(),
            version: imprint.version,
            code: imprint.code.clone(),
            edition: edition.to_owned(),
            issued_at: Phrase::of(|words| words.date_time(civil.date(), civil.time())),
            test: imprint.test,
            draft,
            large_print: imprint.format.large_print,
            even_pages: imprint.format.even_pages,
            address_window: imprint.format.address_window,
            unapproved_welsh: imprint.language != Language::En,
        }
    }
}

/// The court as it sat.
#[derive(Debug, Clone, Serialize)]
struct CourtView {
    name: Phrase,
    /// Whether `name.cy` is Welsh; without a Welsh name the English one stands there too.
    has_welsh_name: bool,
    code: String,
    lja_code: String,
    lja_name: String,
    address: Vec<String>,
    /// Whether `welsh_address` is Welsh; else it is `address`.
    has_welsh_address: bool,
    welsh_address: Vec<String>,
    youth: bool,
    crown: bool,
}

impl CourtView {
    fn of(court: &Court) -> Self {
        Self {
            name: Phrase::pair(&court.name, court.welsh_name.as_deref()),
            has_welsh_name: court.welsh_name.is_some(),
            code: court.code.to_string(),
            lja_code: court.lja_code.to_string(),
            lja_name: court.lja_name.to_string(),
            address: address_lines(&court.address),
            has_welsh_address: court.welsh_address.is_some(),
            welsh_address: address_lines(court.welsh_address.as_ref().unwrap_or(&court.address)),
            youth: court.sitting == Sitting::Youth,
            crown: court.sitting == Sitting::Crown,
        }
    }
}

/// A duration; `period` and `last_day` stand where it is fixed.
#[derive(Debug, Clone, Serialize)]
struct DurationView {
    fixed: bool,
    period: Option<Phrase>,
    last_day: Option<Phrase>,
}

impl DurationView {
    /// The length is counted from the day made, that day included. Stalking Protection Act 2019,
    /// s.6(b).
    fn of(duration: Duration, made_on: Date) -> Self {
        match duration {
            Duration::Fixed { end_date } => Self {
                fixed: true,
                period: Some(Phrase::of(|words| words.period(made_on, end_date))),
                last_day: Some(Phrase::date(end_date)),
            },
            Duration::UntilFurtherOrder => Self { fixed: false, period: None, last_day: None },
        }
    }
}

/// The next hearing of an interim order's main application.
#[derive(Debug, Clone, Serialize)]
struct HearingView {
    to_be_notified: bool,
    date: Option<Phrase>,
    time: Option<Phrase>,
    court: Option<Phrase>,
}

impl HearingView {
    fn of(next: &NextHearing) -> Self {
        match next {
            NextHearing::At { date, time, court_name, court_welsh_name } => Self {
                to_be_notified: false,
                date: Some(Phrase::weekday_and_date(*date)),
                time: Some(Phrase::of(|words| words.time(*time))),
                court: Some(Phrase::pair(court_name, court_welsh_name.as_deref())),
            },
            NextHearing::ToBeNotified => {
                Self { to_be_notified: true, date: None, time: None, court: None }
            }
        }
    }
}

fn address_lines(address: &Address) -> Vec<String> {
    address.lines.iter().chain(&address.postcode).map(ToString::to_string).collect()
}
