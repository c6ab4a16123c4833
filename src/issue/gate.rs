//! The last search for confidential values: over the answer, before anything is kept. Contract
//! section 3. The fields of the request and the finished file were searched before; what still
//! stands here came into the answer by a way that neither knows.

use serde_json::Value as Json;

use super::drawing::disclosed;
use super::error::{IssueError, Refusal};
use crate::domain::disclosure::{Disclosure, Secrets};

/// Searches each text of an answer that a caller's words could have reached.
///
/// # Errors
/// [`IssueError::Invalid`] with what was found, as for a finished file; [`IssueError::Broken`]
/// where the answer is no JSON.
pub(super) fn search(answer: &[u8], secrets: &Secrets) -> Result<(), IssueError> {
    if secrets.is_empty() {
        return Ok(());
    }
    let answer: Json = serde_json::from_slice(answer).map_err(|_| IssueError::Broken)?;
    let mut found = Vec::new();
    walk(&answer, secrets, &mut found);
    if found.is_empty() {
        return Ok(());
    }
    let violations = disclosed(found.into_iter());
    Err(IssueError::Invalid(Refusal { violations, unused_acknowledgements: Vec::new() }))
}

fn walk(part: &Json, secrets: &Secrets, found: &mut Vec<Disclosure>) {
    match part {
        Json::String(text) => found.extend(secrets.in_text(text)),
        Json::Array(items) => items.iter().for_each(|item| walk(item, secrets, found)),
        Json::Object(fields) => {
            let callers = fields.iter().filter(|(name, _)| !OURS.contains(&name.as_str()));
            callers.for_each(|(_, field)| walk(field, secrets, found));
        }
        _ => {}
    }
}

/// What no caller of this request wrote: ids, digests, the name of an API key. Among so many digits
/// the end of a phone number may stand by chance.
const OURS: [&str; 9] =
    ["id", "order_id", "edition", "status", "document", "documents", "by", "issued_at", "_links"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::people::Confidences;
    use crate::domain::sensitive::Sensitive;
    use crate::domain::violation::Rule;

    fn searched(answer: &Json) -> Result<(), IssueError> {
        let person = Confidences {
            reference: 'B',
            phones: vec![Sensitive::new("07700 900123")],
            places: vec![Sensitive::new("Sunnybank Infant School")],
            ..Confidences::default()
        };
        let secrets = Secrets::of(&[person], &[], &|_| false);
        search(&serde_json::to_vec(answer).unwrap(), &secrets)
    }

    #[test]
    fn a_value_in_any_text_of_an_answer_is_refused_once_and_not_repeated() {
        let answer = json!({
            "acknowledged": [{ "reason": "Near SUNNYBANK infant-school." }],
            "terms": [{ "text": "Not Sunnybank Infant School." }],
        });
        let Err(IssueError::Invalid(refusal)) = searched(&answer) else { panic!("refused") };
        let [fault] = refusal.violations.as_slice() else { panic!("{refusal:?}") };
        assert_eq!((fault.pointer.as_str(), fault.rule), ("", Rule::ConfidentialValueDisclosed));
        assert!(!format!("{refusal:?}").to_lowercase().contains("sunnybank"));
    }

    #[test]
    fn digits_of_our_own_give_nobody_away() {
        let digest = "a17700900123b";
        let ours = json!({ "document": { "sha256": digest }, "documents": [{ "code": digest }] });
        assert!(searched(&ours).is_ok());
        assert!(searched(&json!({ "grounds": digest })).is_err());
        assert!(searched(&json!({ "version": 1, "grounds": "New accounts." })).is_ok());
    }
}
