//! Warnings against what the caller acknowledged. Contract section 1.

use crate::domain::draft::AcknowledgementDraft;
use crate::domain::text::Text;
use crate::domain::violation::{Rule, Violation};

use super::faults::{Faults, step};

/// A warning that somebody has looked at and let stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    pub rule: Rule,
    pub pointer: String,
    pub reason: Text,
}

/// An acknowledgement of what was not warned of, as the caller wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedAcknowledgement {
    /// Its place in `acknowledged`, from 0.
    pub index: usize,
    pub rule: Option<String>,
    pub pointer: Option<String>,
}

/// What became of the warnings.
pub(super) struct Matched {
    pub(super) open: Vec<Violation>,
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) unused: Vec<UnusedAcknowledgement>,
}

/// Reads the reasons, before the search for confidential values: each is kept with the order and
/// comes back in answers, so it is text like any other.
pub(super) fn reasons(sent: &[AcknowledgementDraft], faults: &mut Faults) -> Vec<Option<Text>> {
    let mut reasons = Vec::new();
    for (index, one) in sent.iter().enumerate() {
        let at = step("/acknowledged", index);
        let reason = faults.needed(&step(&at, "reason"), one.reason.as_deref());
        reasons.push(faults.prose(&step(&at, "reason"), reason));
    }
    reasons
}

/// Matches warnings by rule and pointer. One without a readable reason acknowledges nothing.
pub(super) fn matched(
    sent: &[AcknowledgementDraft],
    reasons: Vec<Option<Text>>,
    warnings: Vec<Violation>,
) -> Matched {
    let mut matched = Matched { open: warnings, acknowledged: Vec::new(), unused: Vec::new() };
    for (index, (one, reason)) in sent.iter().zip(reasons).enumerate() {
        let place = matched.open.iter().position(|warning| fits(one, warning));
        match (place, reason) {
            (Some(place), Some(reason)) => {
                let Violation { rule, pointer, .. } = matched.open.remove(place);
                matched.acknowledged.push(Acknowledged { rule, pointer, reason });
            }
            (Some(_), None) => {}
            (None, _) => matched.unused.push(UnusedAcknowledgement {
                index,
                rule: one.rule.clone(),
                pointer: one.pointer.clone(),
            }),
        }
    }
    matched
}

fn fits(one: &AcknowledgementDraft, warning: &Violation) -> bool {
    one.rule.as_deref() == Some(warning.rule.name())
        && one.pointer.as_deref() == Some(warning.pointer.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(rule: &str, pointer: &str, reason: &str) -> AcknowledgementDraft {
        AcknowledgementDraft {
            rule: Some(rule.to_owned()),
            pointer: Some(pointer.to_owned()),
            reason: Some(reason.to_owned()),
        }
    }

    fn run(sent: &[AcknowledgementDraft]) -> (Matched, Vec<Violation>) {
        let mut faults = Faults::default();
        let reasons = reasons(sent, &mut faults);
        let warning = Violation::new("/prohibitions", Rule::ManyTerms);
        (matched(sent, reasons, vec![warning]), faults.into_parts().0)
    }

    #[test]
    fn a_warning_is_acknowledged_by_rule_and_pointer() {
        let (matched, _) = run(&[sent("many_terms", "/prohibitions", "All were argued.")]);
        assert!(matched.open.is_empty() && matched.unused.is_empty());
        assert_eq!(&*matched.acknowledged[0].reason, "All were argued.");
    }

    #[test]
    fn an_acknowledgement_elsewhere_or_of_another_rule_is_unused() {
        for one in [sent("many_terms", "/x", "Why."), sent("vague_term", "/prohibitions", "Why.")] {
            let (matched, _) = run(&[one]);
            assert_eq!(matched.open.len(), 1);
            assert_eq!(matched.unused.len(), 1);
            assert_eq!(matched.unused[0].index, 0);
        }
    }

    #[test]
    fn an_acknowledgement_with_a_blank_reason_acknowledges_nothing() {
        let (matched, faults) = run(&[sent("many_terms", "/prohibitions", "  ")]);
        assert_eq!(matched.open.len(), 1);
        assert!(matched.acknowledged.is_empty());
        assert_eq!(faults[0].pointer, "/acknowledged/0/reason");
    }
}
