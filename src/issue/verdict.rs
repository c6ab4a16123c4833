//! Whose a file is: what was found in it against what the register says. Pure.
//!
//! Each step is stricter than it must be rather than kinder; the tests below are its table.

use super::verifying::{KnownBy, Why};
use crate::store::StoredDocument;
use crate::verify::{Integrity, LaterChanges, Report, Signature, Weight};

/// What the register says of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) sha256: [u8; 32],
    /// The file is this document, byte for byte.
    pub(super) exact: Option<StoredDocument>,
    /// It begins with this document: so many bytes, with this digest.
    pub(super) earlier: Option<(u64, [u8; 32], StoredDocument)>,
    /// A seal in it covers what this document's seal covers.
    pub(super) covered: Option<StoredDocument>,
    /// It says that it is this document.
    pub(super) claimed: Option<StoredDocument>,
}

impl Known {
    /// The document that the file is, was made of, or claims to be, with what leads to it.
    pub(super) fn document(&self) -> Option<(&StoredDocument, KnownBy)> {
        let earlier = self.earlier.as_ref().map(|(_, _, document)| document);
        let leads = [
            (self.exact.as_ref(), KnownBy::WholeFile),
            (earlier, KnownBy::Beginning),
            (self.covered.as_ref(), KnownBy::Seal),
            (self.claimed.as_ref(), KnownBy::Claim),
        ];
        leads.into_iter().find_map(|(document, by)| Some((document?, by)))
    }
}

/// Whose the file is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Judged<'a> {
    Ours(&'a StoredDocument),
    Altered(Why),
    NotOurs(Why),
    Unreadable(Why),
}

/// Whose a file is, by what was found in it and what the register says; each step is stricter than
/// it must be rather than kinder.
pub(super) fn judge<'a>(
    found: Result<&Report, Why>,
    known: &'a Known,
    own: &[String],
) -> Judged<'a> {
    let report = match found {
        Ok(report) => report,
        // What was added to a document of ours is what can't be read. Where nothing looked at it,
        // nothing is said of it.
        Err(Why::NotReadable) if known.exact.is_none() && known.earlier.is_some() => {
            return Judged::Altered(Why::ChangedAfterIssue);
        }
        Err(why) => return Judged::Unreadable(why),
    };
    let whole = is_whole(report);
    if let Some(document) = &known.exact {
        return if whole {
            Judged::Ours(document)
        } else {
            Judged::Altered(Why::ChangedAfterIssue)
        };
    }
    if let Some((end, _, document)) = &known.earlier {
        // The signature of what was issued is still there and vouches for what came later.
        let vouched = report.signatures.iter().any(|one| one.covered <= *end);
        let explained = whole && vouched;
        return if explained {
            Judged::Ours(document)
        } else {
            Judged::Altered(Why::ChangedAfterIssue)
        };
    }
    if known.covered.is_some() {
        return Judged::Altered(Why::SignatureReplaced);
    }
    let ours =
        |one: &&Signature| one.signer.as_ref().is_some_and(|signer| own.contains(&signer.sha256));
    let by_us = report.signatures.iter().chain(&report.removed).any(|one| ours(&one));
    if by_us && !whole {
        return Judged::Altered(Why::ChangedAfterSigning);
    }
    if known.claimed.is_some() {
        return Judged::Altered(Why::ClaimsOurs);
    }
    if by_us {
        return Judged::NotOurs(Why::NotInRegister);
    }
    let signed = !report.signatures.is_empty();
    Judged::NotOurs(if signed { Why::SignedByOthers } else { Why::NoSignature })
}

/// Every signature is whole, none is gone, nothing unexplained came after any, and the file has no
/// fault. Whom they name is not asked: the register vouches for that.
fn is_whole(report: &Report) -> bool {
    let sound = |one: &Signature| {
        one.integrity == Integrity::Intact
            && !matches!(one.later_changes, LaterChanges::NotAllowed { .. })
    };
    !report.signatures.is_empty()
        && report.removed.is_empty()
        && report.signatures.iter().all(sound)
        && report.findings.iter().all(|finding| finding.weight != Weight::Fatal)
}

/// Where a PDF may have ended in a file: behind each `%%EOF`, with each form of line end that may
/// follow. The first ones, where there are too many: what was issued stands at the beginning,
/// whatever was added.
pub(super) fn ends(bytes: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    for at in memchr::memmem::find_iter(bytes, MARKER) {
        let end = at + MARKER.len();
        if ends.len() >= MOST_ENDS {
            break;
        }
        ends.push(end);
        for line_end in [&b"\r\n"[..], b"\n", b"\r"] {
            if bytes[end..].starts_with(line_end) {
                ends.push(end + line_end.len());
            }
        }
    }
    ends.sort_unstable();
    ends.dedup();
    ends.truncate(MOST_ENDS);
    ends
}

const MARKER: &[u8] = b"%%EOF";
const MOST_ENDS: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::Paper;
    use crate::verify::{Finding, Kind, Reason, Revocation, Signer, Trust};

    const OURS: &str = "00ff";

    fn document() -> StoredDocument {
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        StoredDocument {
            id: "doc_01990000-0000-7000-8000-000000000001".parse().unwrap(),
            kind: "interim_order".into(),
            audience: "respondent".into(),
            language: "en".into(),
            person: None,
            paper: Paper::default(),
            order_id: "ord_01990000-0000-7000-8000-000000000000".parse().unwrap(),
            variation_id: None,
            version: 1,
            edition: "interim_order/2026-11".into(),
            pages: 1,
            bytes: 100,
            sha256: [1; 32],
            signed_sha256: None,
            content_sha256: [2; 32],
            order_content_sha256: None,
            signature_level: "B-B".into(),
            timestamp: None,
            revision: 0,
            wanted_level: None,
            held: false,
            signer: "Specimen".into(),
            signed_at: at,
            issued_at: at,
            code: "AAAA".into(),
            words: String::new(),
            supersedes: None,
            superseded_by: None,
        }
    }

    fn signature(certificate: &str) -> Signature {
        let at = "2026-11-20T10:00:00Z".parse().unwrap();
        Signature {
            field: "Seal".into(),
            kind: Kind::Certification,
            covers_whole_document: true,
            covered: 100,
            covered_sha256: String::new(),
            integrity: Integrity::Intact,
            signer: Some(Signer {
                common_name: "Specimen".into(),
                organisation: String::new(),
                serial: "01".into(),
                sha256: certificate.into(),
                not_before: at,
                not_after: at,
            }),
            trust: Trust::Trusted,
            revocation: Revocation::Good,
            level: None,
            signed_at: None,
            timestamp: None,
            later_changes: LaterChanges::None,
            findings: vec![],
        }
    }

    fn report(signatures: Vec<Signature>) -> Report {
        Report {
            readable: true,
            findings: vec![],
            revisions: vec![],
            signatures,
            removed: vec![],
            claimed_document: None,
        }
    }

    /// Every way in which a good report is not whole.
    fn spoilt() -> Vec<Report> {
        let good = || report(vec![signature(OURS)]);
        let mut all = Vec::new();
        for integrity in [Integrity::Broken, Integrity::Unreadable] {
            all.push(report(vec![Signature { integrity, ..signature(OURS) }]));
        }
        let later_changes = LaterChanges::NotAllowed { changes: vec![] };
        all.push(report(vec![Signature { later_changes, ..signature(OURS) }]));
        all.push(Report { removed: vec![signature(OURS)], ..good() });
        let (reason, weight) = (Reason::BytesAfterEnd, Weight::Fatal);
        let finding = Finding { reason, weight, place: String::new() };
        all.push(Report { findings: vec![finding], ..good() });
        let other = Signature { integrity: Integrity::Broken, ..signature("aa") };
        all.push(report(vec![signature(OURS), other]));
        all
    }

    fn judged(report: &Report, known: &Known) -> String {
        match judge(Ok(report), known, &[OURS.to_owned()]) {
            Judged::Ours(_) => "ours".to_owned(),
            Judged::Altered(why) => format!("altered {}", why.name()),
            Judged::NotOurs(why) => format!("not ours {}", why.name()),
            Judged::Unreadable(why) => format!("unreadable {}", why.name()),
        }
    }

    fn held(what: &str) -> Known {
        let mut known = Known::default();
        match what {
            "exact" => known.exact = Some(document()),
            "earlier" => known.earlier = Some((100, [0; 32], document())),
            "covered" => known.covered = Some(document()),
            "claimed" => known.claimed = Some(document()),
            _ => {}
        }
        known
    }

    #[test]
    fn a_whole_file_is_ours_by_the_register_alone() {
        let (by_us, by_others) = (report(vec![signature(OURS)]), report(vec![signature("aa")]));
        for (held_as, ours, others) in [
            ("exact", "ours", "ours"),
            ("earlier", "ours", "ours"),
            ("covered", "altered signature_replaced", "altered signature_replaced"),
            ("claimed", "altered claims_ours", "altered claims_ours"),
            ("not", "not ours not_in_register", "not ours signed_by_others"),
        ] {
            assert_eq!(judged(&by_us, &held(held_as)), ours, "{held_as}");
            assert_eq!(judged(&by_others, &held(held_as)), others, "{held_as}");
        }
    }

    #[test]
    fn a_file_that_is_not_whole_is_never_ours() {
        for report in spoilt() {
            for (held_as, wanted) in [
                ("exact", "altered changed_after_issue"),
                ("earlier", "altered changed_after_issue"),
                ("covered", "altered signature_replaced"),
                ("claimed", "altered changed_after_signing"),
                ("not", "altered changed_after_signing"),
            ] {
                assert_eq!(judged(&report, &held(held_as)), wanted, "{held_as}: {report:?}");
            }
        }
    }

    #[test]
    fn a_file_without_signatures_is_never_ours() {
        for (held_as, wanted) in [
            ("exact", "altered changed_after_issue"),
            ("earlier", "altered changed_after_issue"),
            ("claimed", "altered claims_ours"),
            ("not", "not ours no_signature"),
        ] {
            assert_eq!(judged(&report(vec![]), &held(held_as)), wanted, "{held_as}");
        }
    }

    #[test]
    fn what_was_added_must_lie_behind_a_signature_of_what_was_issued() {
        let behind = report(vec![Signature { covered: 101, ..signature(OURS) }]);
        assert_eq!(judged(&behind, &held("earlier")), "altered changed_after_issue");
    }

    #[test]
    fn what_could_not_be_checked_is_unreadable_or_altered_and_never_ours() {
        for held_as in ["exact", "earlier", "claimed", "not"] {
            for why in [Why::CheckDied, Why::CheckTimedOut, Why::NotReadable] {
                let altered = held_as == "earlier" && why == Why::NotReadable;
                let wanted = if altered {
                    Judged::Altered(Why::ChangedAfterIssue)
                } else {
                    Judged::Unreadable(why)
                };
                assert_eq!(judge(Err(why), &held(held_as), &[]), wanted, "{held_as} {why:?}");
            }
        }
    }

    #[test]
    fn the_strongest_lead_to_a_document_counts() {
        assert_eq!(Known::default().document(), None);
        let mut known = Known::default();
        for (held_as, by) in [
            ("claimed", KnownBy::Claim),
            ("covered", KnownBy::Seal),
            ("earlier", KnownBy::Beginning),
            ("exact", KnownBy::WholeFile),
        ] {
            let one = held(held_as);
            known = Known {
                exact: one.exact.or(known.exact),
                earlier: one.earlier.or(known.earlier),
                covered: one.covered.or(known.covered),
                claimed: one.claimed.or(known.claimed),
                ..known
            };
            assert_eq!(known.document().map(|(_, by)| by), Some(by), "{held_as}");
        }
    }

    #[test]
    fn every_end_of_a_line_behind_a_marker_is_a_place_where_a_file_may_have_ended() {
        assert_eq!(ends(b"a%%EOF\r\nb%%EOF\nc%%EOF"), [6, 7, 8, 14, 15, 21]);
        assert_eq!(ends(b"%%EO"), [0; 0]);
        assert_eq!(ends(&b"%%EOF".repeat(1000)).len(), MOST_ENDS);
    }

    proptest! {
        #[test]
        fn ends_ascend_and_lie_within(bytes in "[%EOF\r\n]{0,60}") {
            let all = ends(bytes.as_bytes());
            prop_assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(all.iter().all(|end| *end <= bytes.len()));
        }
    }
}
