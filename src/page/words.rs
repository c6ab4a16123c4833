//! The sentences, from `templates/messages/verification.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::Tongue;
use crate::issue::{FileVerdict, Why};
use crate::verify::Reason;

/// A text in both languages.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Both<T> {
    en: T,
    cy: T,
}

/// What a verdict says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ruling {
    pub(super) headline: String,
    pub(super) advice: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct All {
    verdict: BTreeMap<String, Both<Ruling>>,
    why: BTreeMap<String, Both<String>>,
    says: BTreeMap<String, Both<String>>,
    label: BTreeMap<String, Both<String>>,
    reason: BTreeMap<String, Both<String>>,
}

/// The sentences in one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Tongue);

impl Words {
    pub(super) fn ruling(self, verdict: FileVerdict) -> &'static Ruling {
        static NONE: Ruling = Ruling { headline: String::new(), advice: String::new() };
        all().verdict.get(verdict.name()).map_or(&NONE, |both| self.of(both))
    }

    pub(super) fn why(self, why: Why) -> &'static str {
        self.plain(&all().why, why.name())
    }

    /// The words of a reason.
    pub(super) fn reason(self, reason: Reason) -> &'static str {
        self.plain(&all().reason, &name(&reason))
    }

    pub(super) fn label(self, name: &str) -> &'static str {
        self.plain(&all().label, name)
    }

    /// A sentence of that name with its facts filled in.
    pub(super) fn says(self, name: &str, facts: &[(&str, &str)]) -> String {
        filled(self.plain(&all().says, name), facts)
    }

    /// A label of that name with its facts filled in.
    pub(super) fn labelled(self, name: &str, facts: &[(&str, &str)]) -> String {
        filled(self.label(name), facts)
    }

    fn plain(self, from: &'static BTreeMap<String, Both<String>>, name: &str) -> &'static str {
        from.get(name).map_or("", |both| self.of(both).as_str())
    }

    fn of<T>(self, both: &Both<T>) -> &T {
        match self.0 {
            Tongue::English => &both.en,
            Tongue::Welsh => &both.cy,
        }
    }
}

/// The stable name of a value that is written as one word.
pub(super) fn name(value: &impl serde::Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A sentence with its facts at their `{names}`; one pass, so that a fact's own braces stay as they
/// are.
pub fn filled(sentence: &str, facts: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            break;
        };
        let fact = facts.iter().find(|(known, _)| *known == name);
        filled.push_str(fact.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn all() -> &'static All {
    static ALL: OnceLock<All> = OnceLock::new();
    // The tests below read the file.
    ALL.get_or_init(|| toml::from_str(WORDS).unwrap_or_default())
}

const WORDS: &str = include_str!("../../templates/messages/verification.toml");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn facts_fill_their_places_and_keep_their_braces() {
        assert_eq!(filled("a {b} c {d}", &[("b", "{d}"), ("d", "e")]), "a {d} c e");
    }

    fn read() -> All {
        toml::from_str(WORDS).unwrap()
    }

    /// The variants as the enum's own source lists them.
    fn reasons() -> BTreeSet<String> {
        let source = include_str!("../verify/reason.rs");
        let body = source.split("pub enum Reason {").nth(1).unwrap().split("\n}").next().unwrap();
        let lines = body.lines().map(str::trim).filter_map(|line| line.strip_suffix(','));
        let names: BTreeSet<String> = lines
            .map(|variant| {
                let mut name = String::new();
                for c in variant.chars() {
                    if c.is_ascii_uppercase() && !name.is_empty() {
                        name.push('_');
                    }
                    name.push(c.to_ascii_lowercase());
                }
                name
            })
            .collect();
        assert!(names.len() > 50, "{names:?}");
        names
    }

    #[test]
    fn every_reason_has_words_in_both_languages_and_no_words_are_left_over() {
        let words: BTreeSet<String> = read().reason.into_keys().collect();
        assert_eq!(words, reasons());
        for reason in reasons() {
            let reason: Reason = serde_json::from_value(reason.into()).unwrap();
            for tongue in [Tongue::English, Tongue::Welsh] {
                assert!(Words(tongue).reason(reason).ends_with('.'), "{reason:?}");
            }
        }
    }

    #[test]
    fn every_verdict_and_every_why_has_words_in_both_languages() {
        let all = read();
        let names: Vec<_> = FileVerdict::ALL.iter().map(|one| one.name()).collect();
        assert_eq!(all.verdict.len(), names.len());
        for tongue in [Tongue::English, Tongue::Welsh] {
            for verdict in FileVerdict::ALL {
                let ruling = Words(tongue).ruling(verdict);
                assert!(ruling.headline.ends_with('.') && ruling.advice.ends_with('.'));
            }
            for why in Why::ALL {
                assert!(Words(tongue).why(why).ends_with('.'), "{why:?}");
            }
        }
        assert_eq!(all.why.len(), Why::ALL.len());
    }

    #[test]
    fn every_kind_of_document_has_words() {
        for kind in crate::render::DocumentKind::ALL {
            let label = format!("kind_{}", kind.name());
            assert!(read().label.contains_key(&label), "{label}");
        }
    }

    #[test]
    fn both_languages_name_the_same_facts() {
        let facts = |text: &str| -> BTreeSet<String> {
            let parts = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
            parts.map(|(name, _)| name.to_owned()).collect()
        };
        let all = read();
        for (name, both) in all.says.iter().chain(&all.label) {
            assert_eq!(facts(&both.en), facts(&both.cy), "{name}");
            assert!(!both.en.is_empty() && !both.cy.is_empty(), "{name}");
        }
    }

    #[test]
    fn the_code_names_every_sentence_and_label_and_no_other() {
        let code: String = ["lines.rs", "found.rs", "cautions.rs"]
            .map(|file| {
                let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page/");
                std::fs::read_to_string(format!("{folder}{file}")).unwrap()
            })
            .concat();
        let all = read();
        for name in all.says.keys().chain(all.label.keys()) {
            let made = ["trust_", "integrity_", "revocation_", "changes_", "kind_"];
            let made = made.iter().any(|prefix| name.starts_with(prefix));
            let kinds = ["certification", "approval", "expired", "ended_by_full_order"];
            let made = made || kinds.contains(&name.as_str()) || name == "document_timestamp";
            assert!(made || code.contains(&format!("\"{name}\"")), "{name} is named nowhere");
        }
    }
}
