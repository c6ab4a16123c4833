//! The rules by name, and a fault against one of them.
//!
//! The words for people stand in `templates/messages/rules.toml`, one entry a rule, and
//! `facts.toml`. A fault carries facts (a date, a limit, a code point), never what the caller
//! wrote.
//!
//! To add a rule: a variant in [`Rule`], its entry in `rules.toml`, the check in the file of the
//! thing that it guards under `judgement/`, a test named by the rule.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a request may break. Contract section 9 and, for shapes, section 1.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])* $variant,)*
        }

        impl Rule {
            /// Every rule, shapes first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name that callers see.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

rules! {
    /// A field that the request doesn't have.
    UnknownField = "unknown_field",
    /// A needed field is absent.
    MissingField = "missing_field",
    /// JSON of another type.
    WrongType = "wrong_type",
    /// A word outside the list of those allowed.
    NotOneOf = "not_one_of",
    /// A date, time, id or number of another form.
    BadFormat = "bad_format",
    /// Over the length of its field.
    TooLong = "too_long",
    /// Nothing in it.
    Empty = "empty",
    /// A key, reference or number stands twice.
    DuplicateKey = "duplicate_key",
    /// Nested too deep.
    TooDeep = "too_deep",

    /// Stalking Protection Act 2019, s.1(2): a prohibition or a requirement.
    NeedsATerm = "needs_a_term",
    /// Nothing is made on a day to come.
    MadeOnInFuture = "made_on_in_future",
    /// The Act is in force from 20 January 2020 (s.15).
    MadeOnBeforeCommencement = "made_on_before_commencement",
    /// The application comes first (s.1(1)).
    ApplicationAfterOrder = "application_after_order",
    /// The legal profile has the route not in force on the day.
    RouteNotInForce = "route_not_in_force",
    /// A force outside the list (s.14).
    UnknownForce = "unknown_force",
    /// A territorial force needs a link to its area (s.1(3)).
    GroundRequired = "ground_required",
    /// The code is not in the reference data and the request doesn't describe the court.
    UnknownCourt = "unknown_court",
    /// The request describes a known court otherwise than the reference data.
    CourtDiffers = "court_differs",
    /// The youth court sits for those under 18 (s.13).
    CourtSittingForAge = "court_sitting_for_age",
    /// A finding that the Act asks for (s.2(1), s.5(3)).
    FindingMissing = "finding_missing",
    /// An interim order stands on a pending main application (s.5(1)).
    InterimNeedsMainApplication = "interim_needs_main_application",
    /// An interim order has a fixed period (s.5(6)).
    InterimNeedsEndDate = "interim_needs_end_date",
    /// An interim order ends on or after the day it is made.
    InterimEndBeforeMade = "interim_end_before_made",
    /// The next hearing comes after the order.
    NextHearingBeforeOrder = "next_hearing_before_order",
    /// A fixed period is at least two years (s.3(2)).
    FullOrderMinimumPeriod = "full_order_minimum_period",
    /// The interim order that is replaced came first.
    ReplacedInterimAfterOrder = "replaced_interim_after_order",
    /// What is replaced is an interim order, and the one described (s.9(1)).
    ReplacedOrderNotInterim = "replaced_order_not_interim",
    /// A term ends while the order runs (s.3(3)).
    TermPeriodOutsideOrder = "term_period_outside_order",
    /// A term's own period against the two years of s.3(2): an unconfirmed reading.
    TermMinimumPeriod = "term_minimum_period",
    /// A deadline falls while the order runs.
    DeadlineOutsideOrder = "deadline_outside_order",
    /// The clause library has no such clause.
    UnknownClause = "unknown_clause",
    /// A requirement among the prohibitions, or the reverse.
    ClauseInWrongList = "clause_in_wrong_list",
    /// A parameter of the clause has no value.
    MissingValue = "missing_value",
    /// The clause has no such parameter.
    UnknownValue = "unknown_value",
    /// The value is of another type than its parameter.
    ValueType = "value_type",
    /// The value is outside the limits of its type.
    ValueOutOfRange = "value_out_of_range",
    /// A gap was left to be filled in.
    UnresolvedPlaceholder = "unresolved_placeholder",
    /// A term of over 2,500 characters.
    TermTooLong = "term_too_long",
    /// A reference to a term that the order doesn't have, or to itself.
    UnknownTermNumber = "unknown_term_number",
    /// Each term of a full order is itself necessary (s.2(2), s.4(4)(a)).
    NecessityRequired = "necessity_required",
    /// A conflict that can't be avoided needs a reason (s.2(3)).
    ConflictReasonRequired = "conflict_reason_required",
    /// No term may be incompatible with an earlier order (s.2(6)-(7)).
    IncompatibleWithExistingOrder = "incompatible_with_existing_order",
    /// The same term twice.
    DuplicateTerm = "duplicate_term",
    /// A letter that no protected person of the order has.
    UnknownProtectedPerson = "unknown_protected_person",
    /// An order protects somebody (s.1(1)(c)).
    NoProtectedPerson = "no_protected_person",
    /// In the future, or under ten at the application.
    DateOfBirthInvalid = "date_of_birth_invalid",
    /// A parent or guardian, or why none is named, for those under 18.
    GuardianRequired = "guardian_required",
    /// An address, or no fixed abode, and not both (s.9, s.14).
    AddressRequired = "address_required",
    /// An identifier of another shape.
    IdentifierFormat = "identifier_format",
    /// A name of over 100 characters.
    NameTooLong = "name_too_long",
    /// A character that a signed page can't show safely. Contract section 1.
    UnprintableCharacter = "unprintable_character",
    /// A confidential value stands in a printed field. Contract section 3.
    ConfidentialValueDisclosed = "confidential_value_disclosed",
    /// A document would show its reader what is kept from this reader. Contract section 5.
    NotForThisReader = "not_for_this_reader",
    /// A window envelope needs an address behind its window.
    WindowNeedsAddress = "window_needs_address",
    /// A Welsh document without Welsh words.
    WelshTextMissing = "welsh_text_missing",
    /// Welsh words that no translator has approved, in production.
    WelshTextUnapproved = "welsh_text_unapproved",
    /// The request was written against an older version.
    OrderChanged = "order_changed",
    /// The order had ended when the request was made.
    OrderNotInForce = "order_not_in_force",
    /// Neither the respondent nor a chief officer who may apply (s.4(1), s.5(7)).
    ApplicantMayNotApply = "applicant_may_not_apply",
    /// A renewal sets one new duration.
    RenewalNeedsDuration = "renewal_needs_duration",
    /// A renewal is asked for while the order runs.
    RenewalAfterExpiry = "renewal_after_expiry",
    /// No order of this id.
    UnknownOrder = "unknown_order",
    /// The order has no such version.
    UnknownVersion = "unknown_version",
    /// A request comes after the order.
    RequestBeforeOrder = "request_before_order",

    /// Warning: an interim order of over six months.
    InterimPeriodLong = "interim_period_long",
    /// Warning: an interim order that ends before its hearing.
    InterimEndsBeforeHearing = "interim_ends_before_hearing",
    /// Warning: a renewal for under two years.
    RenewalPeriodShort = "renewal_period_short",
    /// Warning: over fifteen prohibitions.
    ManyTerms = "many_terms",
    /// Warning: a word that each reader may take otherwise.
    VagueTerm = "vague_term",
    /// Warning: more than one duty in one term.
    CompoundTerm = "compound_term",
    /// Warning: a prohibition that shows where somebody lives.
    ZoneDisclosesHome = "zone_discloses_home",
    /// Warning: a distance from nothing.
    DistanceWithoutPoint = "distance_without_point",
    /// Warning: a place to attend inside one not to enter.
    PlaceInsideZone = "place_inside_zone",
    /// Warning: a time that the respondent gives to work, worship or education (s.2(3)).
    TimeConflict = "time_conflict",
    /// Warning: two terms that can't both be kept.
    ContradictingTerms = "contradicting_terms",
    /// Warning: letters of two alphabets in one word.
    MixedScript = "mixed_script",
    /// Warning: the check letter doesn't fit its number.
    IdentifierCheckLetter = "identifier_check_letter",
    /// Warning: a part of a name that police and court systems cut at 35 characters.
    NameOverCjsLimit = "name_over_cjs_limit",
}

impl Rule {
    /// Whether a break of this rule stops the order, where no profile says otherwise.
    pub fn severity(self) -> Severity {
        WORDS.get(self.name()).map_or(Severity::Error, |words| words.severity)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not the name of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a rule")]
pub struct NotARule;

impl FromStr for Rule {
    type Err = NotARule;

    fn from_str(name: &str) -> Result<Self, NotARule> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name).ok_or(NotARule)
    }
}

/// Whether a fault stops the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It does.
    Error,
    /// It does until somebody acknowledges it with a reason.
    Warning,
}

/// One broken rule: where, and the facts that its words need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON Pointer into the request (RFC 6901).
    pub pointer: String,
    /// Which rule.
    pub rule: Rule,
    /// Limits, dates, code points; never what the caller wrote.
    pub facts: Vec<(&'static str, String)>,
    /// The rule's own severity, save where the legal profile sets another.
    pub severity: Severity,
}

impl Violation {
    /// A fault at this pointer, without facts, of the rule's own severity.
    pub fn new(pointer: impl Into<String>, rule: Rule) -> Self {
        Self { pointer: pointer.into(), rule, facts: Vec::new(), severity: rule.severity() }
    }

    /// Adds a fact for the words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    /// The words for people. A sentence whose facts are not known falls away whole.
    pub fn explain(&self) -> Explained {
        let Some(words) = WORDS.get(self.rule.name()) else {
            return Explained {
                message: self.rule.name().to_owned(),
                remedy: String::new(),
                basis: None,
                severity: self.severity,
            };
        };
        Explained {
            message: self.fill(&words.message),
            remedy: self.fill(&words.remedy),
            basis: words.basis.clone(),
            severity: self.severity,
        }
    }

    fn fill(&self, sentences: &[String]) -> String {
        let mut filled = Vec::new();
        for sentence in sentences {
            filled.extend(self.fill_sentence(sentence));
        }
        filled.join(" ")
    }

    /// One pass from left to right: a brace inside a fact is no placeholder.
    fn fill_sentence(&self, sentence: &str) -> Option<String> {
        let mut filled = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}')?;
            let (_, value) = self.facts.iter().find(|(fact, _)| *fact == name)?;
            filled.push_str(before);
            filled.push_str(in_words(name, value));
            rest = behind;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// How a fact is said: by name where the list has it, else as it is.
fn in_words<'a>(fact: &str, value: &'a str) -> &'a str {
    FACTS.get(fact).and_then(|words| words.get(value)).map_or(value, String::as_str)
}

/// A fault in words that a court clerk can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
    /// The provision, where there is one.
    pub basis: Option<String>,
    /// Whether it stops the order.
    pub severity: Severity,
}

/// One entry of `rules.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleWords {
    message: Vec<String>,
    remedy: Vec<String>,
    basis: Option<String>,
    severity: Severity,
}

/// Empty only if the file can't be read, which the tests below rule out.
static WORDS: LazyLock<BTreeMap<String, RuleWords>> =
    LazyLock::new(|| toml::from_str(RULES_TOML).unwrap_or_default());

/// As [`WORDS`].
static FACTS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> =
    LazyLock::new(|| toml::from_str(FACTS_TOML).unwrap_or_default());

const FACTS_TOML: &str = include_str!("../../templates/messages/facts.toml");

const RULES_TOML: &str = include_str!("../../templates/messages/rules.toml");

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> BTreeMap<String, RuleWords> {
        toml::from_str(RULES_TOML).expect("rules.toml is read")
    }

    #[test]
    fn every_rule_has_words_and_all_words_have_a_rule() {
        let words = words();
        for rule in Rule::ALL {
            assert!(words.contains_key(rule.name()), "{rule} has no words");
            assert_eq!(rule.name().parse(), Ok(*rule));
        }
        assert_eq!(words.len(), Rule::ALL.len());
    }

    #[test]
    fn the_first_sentence_of_a_message_and_of_a_remedy_needs_no_fact() {
        for (name, words) in words() {
            for sentences in [&words.message, &words.remedy] {
                assert!(!sentences[0].contains('{'), "{name}: {}", sentences[0]);
                for sentence in sentences {
                    assert!(sentence.ends_with('.'), "{name}: {sentence}");
                }
            }
        }
    }

    #[test]
    fn a_sentence_without_its_fact_falls_away_whole() {
        let bare = Violation::new("/a", Rule::TooLong).explain();
        let full = Violation::new("/a", Rule::TooLong).with("max", 50).explain();
        assert!(!bare.message.contains('{'));
        assert!(full.message.starts_with(&bare.message));
        assert!(full.message.contains("50"));
    }

    #[test]
    fn a_brace_in_a_fact_stays_as_it_is() {
        let fault = Violation::new("/a", Rule::NotOneOf).with("allowed", "{max}");
        assert!(fault.explain().message.contains("{max}"));
    }

    #[test]
    fn a_fact_with_words_of_its_own_is_said_in_them() {
        let said = |expected| {
            let fault = Violation::new("/a", Rule::ValueType).with("expected", expected);
            fault.explain().message
        };
        assert!(said("date_time").contains("2026-11-16T17:00:00+00:00"));
        assert!(said("YYYY-MM-DD").contains("YYYY-MM-DD"));
    }

    #[test]
    fn every_kind_of_fact_with_words_is_a_fact_of_some_rule() {
        let facts: BTreeMap<String, BTreeMap<String, String>> =
            toml::from_str(FACTS_TOML).expect("facts.toml is read");
        for fact in facts.keys() {
            assert!(RULES_TOML.contains(&format!("{{{fact}}}")), "{fact}");
        }
    }

    #[test]
    fn the_warnings_are_those_of_the_contract() {
        let warnings: Vec<_> = Rule::ALL
            .iter()
            .filter(|rule| rule.severity() == Severity::Warning)
            .map(|rule| rule.name())
            .collect();
        assert_eq!(
            warnings,
            [
                "term_minimum_period",
                "interim_period_long",
                "interim_ends_before_hearing",
                "renewal_period_short",
                "many_terms",
                "vague_term",
                "compound_term",
                "zone_discloses_home",
                "distance_without_point",
                "place_inside_zone",
                "time_conflict",
                "contradicting_terms",
                "mixed_script",
                "identifier_check_letter",
                "name_over_cjs_limit",
            ]
        );
    }
}
