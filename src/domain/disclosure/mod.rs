//! The search for confidential values in what a respondent will read. Contract section 3.
//!
//! It compares after NFKC, case-folding and removal of spaces and punctuation. It runs over the
//! fields of a request that are printed, and over the finished file; there also for what its
//! reader may not see (`reader`). What it finds it names by person and kind; the value itself never
//! leaves it. To search for one more part of a value: `part.rs`, and where [`Secrets::of`] adds it.
//!
//! # Decision
//! A name that is printed openly lifts the search for nothing that another person keeps hidden: a
//! child who bears her hidden mother's family name can't be named in full beside her. The contract
//! excepts the respondent's names and ordinary words alone; the court prints the child by initials
//! too. Only a person's own e-mail may repeat her own open name.

mod fold;
mod part;
mod raw;
mod reader;
mod respondent;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use zeroize::Zeroizing;

use self::fold::{Fit, Folded, compact, words};
use self::raw::RawNeedles;
pub use self::respondent::RespondentSecrets;
use super::clause::Library;
use super::people::Confidences;
use super::sensitive::Sensitive;
use super::violation::{Rule, Violation};
use super::words::Words;

/// The confidential values of one order, ready to be searched for.
pub struct Secrets {
    needles: Vec<Needle>,
    raw: RawNeedles,
}

/// A value was found that may not stand there: whose, and what kind of value it is. Never the
/// value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosure {
    /// `A` to `Z`: a confidential value of that protected person. None: what this reader may not
    /// see of the order.
    pub person: Option<char>,
    pub what: Kind,
}

impl Disclosure {
    /// The fault at this pointer: `confidential_value_disclosed` or `not_for_this_reader`.
    pub fn fault(self, at: impl Into<String>) -> Violation {
        let kind = self.what.name();
        match self.person {
            Some(person) => Violation::new(at, Rule::ConfidentialValueDisclosed)
                .with("person", person)
                .with("kind", kind),
            None => Violation::new(at, Rule::NotForThisReader).with("kept", kind),
        }
    }
}

/// The kinds of value that may not stand everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Name,
    Address,
    Postcode,
    Phone,
    Email,
    Place,
    DateOfBirth,
    PncId,
    Guardian,
    Officer,
    Necessity,
}

impl Kind {
    /// The name of the kind in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Address => "address",
            Self::Postcode => "postcode",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Place => "place",
            Self::DateOfBirth => "date_of_birth",
            Self::PncId => "pnc_id",
            Self::Guardian => "guardian",
            Self::Officer => "officer",
            Self::Necessity => "necessity",
        }
    }
}

/// Something to look for, folded.
struct Needle {
    folded: Zeroizing<String>,
    fit: Fit,
    found: Disclosure,
}

impl Secrets {
    /// Gathers what is to be searched for. `common` says of a word in lower case whether the
    /// layouts hold it; the words of the clause library and the names of months are known here.
    /// Such a word, and the respondent's own names, never count as a part of a hidden name.
    pub fn of(
        persons: &[Confidences],
        respondent_names: &[&str],
        common: &dyn Fn(&str) -> bool,
    ) -> Self {
        Self::beside(persons, respondent_names, common, &|_, _| false)
    }

    /// As [`Secrets::of`]; `own` says whether folded words are a run of the name by which that
    /// person is printed openly: such a local part of her own e-mail gives nothing away.
    pub fn beside(
        persons: &[Confidences],
        respondent_names: &[&str],
        common: &dyn Fn(&str) -> bool,
        own: &dyn Fn(char, &str) -> bool,
    ) -> Self {
        let respondent = respondent_names.iter().flat_map(|name| parts(name));
        let respondent = respondent.map(|word| word.to_string()).collect();
        let common = |word: &str| COMMON.contains(word) || common(word);
        let gather = Gather { common: &common, own, respondent, person: ' ' };
        let mut secrets = Self { needles: Vec::new(), raw: RawNeedles::new() };
        for person in persons {
            let gather = Gather { person: person.reference, ..gather.clone() };
            gather.person_into(person, &mut secrets);
        }
        secrets
    }

    /// Whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// The first confidential value that a text gives away.
    pub fn in_text(&self, text: &str) -> Option<Disclosure> {
        if self.needles.is_empty() {
            return None;
        }
        let folded = Folded::of(text);
        let found = self.needles.iter().find(|needle| folded.holds(&needle.folded, needle.fit));
        found.map(|needle| needle.found)
    }

    /// The first confidential value of six or more characters that raw bytes give away.
    pub fn in_raw(&self, raw: &[u8]) -> Option<Disclosure> {
        let source = self.raw.find(raw)?;
        self.needles.get(source).map(|needle| needle.found)
    }

    /// Adds a value; `as_sent` makes it one for raw bytes too.
    fn add(&mut self, value: &str, fit: Fit, found: Disclosure, in_raw: bool) {
        let folded = compact(value);
        if folded.is_empty() {
            return;
        }
        if in_raw && folded.chars().count() >= raw::SHORTEST {
            self.raw.add(value, fit, self.needles.len());
        }
        self.needles.push(Needle { folded, fit, found });
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets(‹redacted› × {})", self.needles.len())
    }
}

/// One person's values on their way into the needles.
#[derive(Clone)]
struct Gather<'a> {
    common: &'a dyn Fn(&str) -> bool,
    own: &'a dyn Fn(char, &str) -> bool,
    /// The words of the respondent's names, those with a hyphen whole and in their pieces.
    respondent: BTreeSet<String>,
    person: char,
}

impl Gather<'_> {
    fn person_into(&self, person: &Confidences, into: &mut Secrets) {
        let each =
            |values: &[Sensitive], into: &mut Secrets, add: fn(&Self, &str, &mut Secrets)| {
                values.iter().for_each(|value| add(self, value.reveal(), into));
            };
        each(person.hidden_name.as_slice(), into, Self::name);
        each(&person.addresses, into, |gather, value, into| {
            gather.located(value, Kind::Address, into);
        });
        each(&person.postcodes, into, |gather, value, into| {
            gather.located(value, Kind::Postcode, into);
        });
        each(&person.phones, into, Self::phone);
        each(&person.emails, into, Self::email);
        each(&person.places, into, |gather, value, into| {
            gather.located(value, Kind::Place, into);
        });
    }

    /// The whole name and each part that is three letters or more, neither common nor the
    /// respondent's.
    fn name(&self, name: &str, into: &mut Secrets) {
        let found = self.found(Kind::Name);
        let respondents = |part: &Zeroizing<String>| self.respondent.contains(part.as_str());
        if !words(name, is_hyphen).iter().all(respondents) {
            self.whole(name, Kind::Name, into);
        }
        let tells = |part: &Zeroizing<String>| {
            let letters = part.chars().filter(|c| c.is_alphabetic()).count();
            letters >= 3 && !(self.common)(part) && !respondents(part)
        };
        for part in parts(name).filter(tells) {
            into.add(&part, Fit::Word, found, false);
        }
    }

    /// An address, a postcode or a place: whole, each house number with its street, each full
    /// postcode.
    fn located(&self, value: &str, kind: Kind, into: &mut Secrets) {
        self.whole(value, kind, into);
        for street in part::numbered_streets(value) {
            into.add(&street, fit(&street), self.found(kind), true);
        }
        for postcode in part::postcodes(value) {
            let short = compact(&postcode).len() < 6;
            let fit = if short { Fit::Bounded } else { Fit::Anywhere };
            into.add(&postcode, fit, self.found(Kind::Postcode), true);
        }
    }

    /// A phone by its last nine digits; a shorter one whole, from six digits on.
    fn phone(&self, phone: &str, into: &mut Secrets) {
        let folded = compact(phone);
        let digits = folded.chars().filter(char::is_ascii_digit).collect();
        let digits: Zeroizing<String> = Zeroizing::new(digits);
        match part::phone_end(&digits) {
            Some(end) => into.add(end, Fit::Digits, self.found(Kind::Phone), true),
            None if digits.len() >= 6 => {
                into.add(&digits, Fit::Bounded, self.found(Kind::Phone), true);
            }
            None => {}
        }
    }

    /// An e-mail whole, and its local part of five or more characters.
    fn email(&self, email: &str, into: &mut Secrets) {
        self.whole(email, Kind::Email, into);
        let Some((local, _)) = email.split_once('@') else {
            return;
        };
        let folded = compact(local);
        let tells = local.chars().count() >= 5
            && !(self.common)(&folded)
            && !(self.own)(self.person, &folded)
            && !folded.bytes().all(|b| b.is_ascii_digit());
        if tells {
            into.add(local, Fit::Bounded, self.found(Kind::Email), true);
        }
    }

    /// The whole value, unless it is a bare number or a single common word, which never match
    /// alone.
    fn whole(&self, value: &str, kind: Kind, into: &mut Secrets) {
        let folded = compact(value);
        let bare = folded.chars().all(char::is_numeric);
        if !bare && !GENERIC.contains(folded.as_str()) && !(self.common)(&folded) {
            into.add(value, fit(value), self.found(kind), true);
        }
    }

    fn found(&self, what: Kind) -> Disclosure {
        Disclosure { person: Some(self.person), what }
    }
}

/// Long values match anywhere, so that text run together hides none; short ones from word to word.
fn fit(value: &str) -> Fit {
    if compact(value).chars().count() >= 12 { Fit::Anywhere } else { Fit::Bounded }
}

/// The words of a name; one with a hyphen whole, and each of its pieces.
fn parts(name: &str) -> impl Iterator<Item = Zeroizing<String>> {
    words(name, |_| false).into_iter().chain(words(name, is_hyphen))
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

/// The words of the clause library and the names of months, folded.
static COMMON: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let months = [Words::english(), Words::welsh()].into_iter().flat_map(Words::months);
    let library = Library::builtin();
    let clauses = library.clauses().iter().flat_map(|c| {
        let (english, welsh) = ([&c.words, &c.plain, &c.question], &c.welsh);
        english.into_iter().chain([&welsh.words, &welsh.plain, &welsh.question])
    });
    let definitions = library
        .definitions()
        .iter()
        .flat_map(|d| [&d.word, &d.meaning, &d.plain, &d.welsh.word, &d.welsh.meaning])
        .chain(library.definitions().iter().map(|d| &d.welsh.plain));
    let texts = months.chain(clauses).chain(definitions);
    texts
        .flat_map(|text| words(text, |c| !c.is_alphanumeric()))
        .map(|word| word.to_string())
        .collect()
});

/// Generic words, counties and towns, folded.
static GENERIC: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../data/generic-words.txt").lines();
    lines.filter(|line| !line.starts_with('#')).map(|line| compact(line).to_string()).collect()
});
