//! How a term reads to those who must keep it, enforce it and live under it: pure.
//!
//! Here stand the checks of words and what they know of English and Welsh (`data/wording.toml`).
//! A check finds and never refuses; where it looks, and what is said of it, are `judgement`'s and
//! `rules.toml`'s. The library's own words are never read for these faults, only what a caller
//! wrote.
//!
//! One file a fault: `vague`, `compound`, `distance`, `dwelling`, `script` read one passage;
//! `place`, `hours`, `opposite` hold two things against each other. `token` cuts a text into words.
//!
//! To teach a word: the list in `wording.toml`; then a term in `tests/wording/` that holds it and
//! one that only looks like it. The test there prints precision and recall.
//!
//! # Decisions
//! - A name is no vague word: what begins with a capital inside a sentence, or stands in quotation
//!   marks, is never matched.
//! - A check that can't be sure is silent. A warning that cries wolf is acknowledged unread.

use super::term::TermKind;
use super::violation::Rule;

mod compound;
mod distance;
mod dwelling;
mod hours;
mod lexicon;
mod opposite;
mod place;
pub mod script;
mod token;
mod vague;

pub use hours::{Busy, Slot, attended, clash, restricted};
pub use lexicon::Tongue;
pub use opposite::{Demand, demands, opposed};
pub use place::{attends, is_inside, keeps_out, lives_at};

/// A passage of a caller's own words in a term.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    pub text: &'a str,
    pub tongue: Tongue,
    pub kind: TermKind,
    pub role: Role,
    /// The respondent's own address, which gives no protected person away.
    pub own_address: &'a [String],
}

/// What a passage is in its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The whole of a free term.
    Term,
    /// A value of a clause that says where.
    Zone,
    /// A value that is a name or a title, whatever its letters: nothing in it is vague.
    Title,
    /// Any other value of a clause.
    Value,
    /// Where a term applies.
    Locality,
}

/// What a check found, with the phrase of our own lists that it met, if it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub rule: Rule,
    pub phrase: Option<String>,
}

/// All that one passage gives rise to, each rule once. Nothing of one that is longer than any term
/// may be: it is refused for that.
pub fn remarks(passage: &Passage<'_>) -> Vec<Remark> {
    if passage.text.len() > LONGEST {
        return Vec::new();
    }
    let words = token::words(passage.text);
    let lexicon = lexicon::of(passage.tongue);
    let mut found = Vec::new();
    let vague = vague::find(&words, passage.tongue).filter(|_| passage.role != Role::Title);
    if let Some(vague) = vague {
        found.push(Remark { rule: Rule::VagueTerm, phrase: vague.phrase });
    }
    let mut plain = |rule, is: bool| {
        if is {
            found.push(Remark { rule, phrase: None });
        }
    };
    plain(Rule::CompoundTerm, compound::is_compound(&words, lexicon, passage.role));
    plain(Rule::DistanceWithoutPoint, distance::lacks_point(&words, lexicon));
    plain(Rule::ZoneDisclosesHome, dwelling::shows_home(passage, &words, lexicon));
    plain(Rule::MixedScript, script::is_mixed(passage.text));
    found
}

/// Bytes, well above the characters that a term may have.
const LONGEST: usize = 16_384;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts of the words that the checks turn on, in any order.
    fn texts() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "You", "must", "not", "and", "or", "(a)", "enter", "contact", "N.T.M.", "N.T.M.'s",
            "home", "14", "Acacia", "Close", "100", "metres", "within", "of", "‘", "’", "\"", ".",
            ",", ";", "ZZ99", "4QX", "the", "flat", "every", "Monday", "17:00", "9am", "if",
            "150m", "except", "rhaid", "i", "chi", "’r", "-", "///", "ŵ", "a\u{301}", "№", "½",
            "Рау",
        ]);
        prop::collection::vec(words, 0..25).prop_map(|words| words.join(" "))
    }

    fn every_role(text: &str) {
        for tongue in [Tongue::English, Tongue::Welsh] {
            for role in [Role::Term, Role::Zone, Role::Title, Role::Value, Role::Locality] {
                for kind in [TermKind::Prohibition, TermKind::Requirement] {
                    remarks(&Passage { text, tongue, kind, role, own_address: &[] });
                    attended(text, kind);
                    demands(text, kind);
                }
            }
        }
        restricted(text);
        let zones = keeps_out(text);
        let place = attends(text).unwrap_or_default();
        assert!(zones.iter().all(|zone| !zone.is_empty()));
        is_inside(&place, text);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_check_fall(text in texts(), any in "\\PC{0,60}") {
            every_role(&text);
            every_role(&any);
        }

        #[test]
        fn a_demand_is_never_opposed_to_itself(text in texts()) {
            for kind in [TermKind::Prohibition, TermKind::Requirement] {
                for one in demands(&text, kind) {
                    prop_assert!(!opposed(&one, &one));
                }
            }
        }
    }

    #[test]
    fn a_text_longer_than_any_term_is_not_read() {
        let text = "You must not harass N.T.M. ".repeat(700);
        let passage = Passage {
            text: &text,
            tongue: Tongue::English,
            kind: TermKind::Prohibition,
            role: Role::Term,
            own_address: &[],
        };
        assert_eq!(remarks(&passage), []);
        let text = &text[..27];
        assert_eq!(remarks(&Passage { text, ..passage }).len(), 1);
    }
}
