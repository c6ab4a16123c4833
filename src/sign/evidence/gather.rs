//! What a file of ours needs to be judged for years: the paths of all its signatures and
//! timestamps, and an answer about each certificate on them.

use der::Encode;
use jiff::Timestamp;

use super::{Evidence, EvidenceError, revoked_error};
use crate::sign::cms;
use crate::sign::levels::{self, Material, Placed};
use crate::sign::revocation::{Kind, Question};
use crate::verify::Certificate;
use crate::verify::path::{self, Path, Purpose};
use crate::verify::revocation::{Moment, Revoked, Said, crl, ocsp};
use crate::verify::token::Token;

/// All of it.
pub(super) struct Gathered {
    /// For each signature, oldest first.
    pub material: Vec<(Placed, Material)>,
    /// The end of what the newest timestamp proves by itself.
    pub until: Timestamp,
    /// Bytes of the longest timestamp in it.
    pub longest_token: usize,
}

/// A path that was used at an instant.
struct Used {
    path: Path,
    at: Timestamp,
    /// The bytes of the token where the path is a timestamp authority's: who has its key can make
    /// the past.
    token: Option<usize>,
}

/// The first end of a certificate on a path that was used at an instant, its anchor aside. Of a
/// key that is short nobody knows for how long it will do: a year. ETSI TS 119 312, clause 9.
pub(super) fn end_of(path: &Path, at: Timestamp) -> Timestamp {
    let end = |one: &Certificate| {
        let year = at.checked_add(YEAR).unwrap_or(Timestamp::MAX);
        if is_short(one) { one.not_after().min(year) } else { one.not_after() }
    };
    path.links().map(|(one, _)| end(one)).min().unwrap_or(Timestamp::MIN)
}

/// Whether a key is RSA of less than 3072 bits, which takes 422 bytes; one on a curve takes fewer
/// than 200.
fn is_short(certificate: &Certificate) -> bool {
    (200..400).contains(&certificate.key().len())
}

impl Evidence {
    /// The answers about certificates that are remembered at `now`, in DER, for a check that judges
    /// each anew. Nobody is asked.
    pub fn answers(&self, now: Timestamp) -> Vec<Vec<u8>> {
        self.revocations.remembered(now)
    }

    /// Reads the file, proves every timestamp in it, and collects what is missing.
    pub(super) async fn gather(
        &self,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<Gathered, EvidenceError> {
        let held = levels::held(bytes)?;
        let (mut material, mut until, mut longest_token) = (Vec::new(), Timestamp::MIN, 0);
        for (placed, paths) in self.used(bytes)? {
            let mut all = Material::default();
            for used in &paths {
                all.join(&self.about(used, &held, now).await?);
                if let Some(length) = used.token {
                    until = end_of(&used.path, used.at);
                    longest_token = longest_token.max(length);
                }
            }
            material.push((placed, all));
        }
        Ok(Gathered { material, until, longest_token })
    }

    /// The paths of each signature of the file, oldest first.
    fn used(&self, bytes: &[u8]) -> Result<Vec<(Placed, Vec<Used>)>, EvidenceError> {
        let mut found = Vec::new();
        for placed in levels::signatures(bytes)? {
            let der = placed.contents(bytes)?.der;
            let used = if placed.is_timestamp {
                vec![self.stamped(&der, &placed.around(bytes))?]
            } else {
                self.sealed(bytes, &placed, &der)?
            };
            found.push((placed, used));
        }
        Ok(found)
    }

    /// The seal, proven again on its own revision, with its timestamp.
    fn sealed(
        &self,
        bytes: &[u8],
        placed: &Placed,
        der: &[u8],
    ) -> Result<Vec<Used>, EvidenceError> {
        let token = token_of(der)?.ok_or(EvidenceError::NotStamped)?;
        let own = cms::chain(der)?;
        crate::sign::proof::check(&bytes[..placed.end], &placed.hole, &own, crate::sign::Level::BT)
            .map_err(|_| EvidenceError::Broken("the seal"))?;
        let stamp = self.stamped(&token, &[&cms::signature_value(der)?])?;
        let read = |one: &crate::sign::Certificate| Certificate::read(one.der());
        let chain: Result<Vec<_>, _> = own.iter().map(read).collect();
        let chain = chain.map_err(|_| EvidenceError::Broken("a certificate can't be read"))?;
        let between = [&chain[1..], &self.trusted.known].concat();
        let purpose = (stamp.at, Purpose::Documents);
        let path = path::build(&chain[0], &between, &self.signer_anchors, purpose)
            .map_err(|_| EvidenceError::Broken("the seal leads to no anchor"))?;
        Ok(vec![Used { path, at: stamp.at, token: None }, stamp])
    }

    fn stamped(&self, der: &[u8], parts: &[&[u8]]) -> Result<Used, EvidenceError> {
        let broken = |_| EvidenceError::Broken("a timestamp");
        let token = Token::read(der).map_err(broken)?;
        let path =
            token.check(parts, &self.trusted.known, &self.trusted.anchors).map_err(broken)?;
        Ok(Used { path, at: whole_second(token.gen_time), token: Some(der.len()) })
    }

    /// The certificates of a path, and an answer about each but its anchor.
    async fn about(
        &self,
        used: &Used,
        held: &Material,
        now: Timestamp,
    ) -> Result<Material, EvidenceError> {
        let certificates = used.path.certificates().iter().map(|one| one.der().to_vec());
        let mut material = Material { certificates: certificates.collect(), ..Material::default() };
        for (certificate, issuer) in used.path.links() {
            let moment = Moment { at: used.at, now };
            let question = Question { certificate, issuer, moment, from_after: true };
            let (kind, der, said) = self.answer(question, held).await?;
            if let Some(revoked) = said.revoked
                && !was_good(revoked, used.at, used.token.is_some())
            {
                return Err(revoked_error(certificate, revoked.at));
            }
            let list = match kind {
                Kind::Ocsp => &mut material.ocsps,
                Kind::Crl => &mut material.crls,
            };
            list.push(der);
        }
        Ok(material)
    }

    /// What the file holds already, where it is from after the use; else what the issuer says now;
    /// else what the file holds, where it covers the use.
    async fn answer(
        &self,
        question: Question<'_>,
        held: &Material,
    ) -> Result<(Kind, Vec<u8>, Said), EvidenceError> {
        let standing = standing(question, held);
        let newest = standing.iter().max_by_key(|(.., said)| said.this_update);
        if let Some(newest) = newest
            && newest.2.this_update >= question.moment.at
        {
            return Ok(newest.clone());
        }
        let serial = || crate::digest::hex(question.certificate.serial());
        match (self.revocations.ask(question).await, newest) {
            (Ok(answer), _) => Ok((answer.kind, answer.der.clone(), answer.said.clone())),
            (Err(_), Some(newest)) => Ok(newest.clone()),
            (Err(failures), None) if failures.is_empty() => {
                Err(EvidenceError::NotOffered { serial: serial() })
            }
            (Err(failures), None) => Err(EvidenceError::Unknown { serial: serial(), failures }),
        }
    }
}

/// The answers in the file that count for a question.
fn standing(question: Question<'_>, held: &Material) -> Vec<(Kind, Vec<u8>, Said)> {
    let Question { certificate, issuer, moment, .. } = question;
    let ocsps = held.ocsps.iter().filter_map(|der| {
        let said = ocsp::Answer::read(der).ok()?.check(certificate, issuer, moment).ok()?;
        said.responder.is_none().then(|| (Kind::Ocsp, der.clone(), said))
    });
    let lists = held.crls.iter().filter_map(|der| {
        let said = crl::List::read(der).ok()?.check(certificate, issuer, moment).ok()?;
        Some((Kind::Crl, der.clone(), said))
    });
    ocsps.chain(lists).collect()
}

/// Whether a certificate that was revoked counted when it was used: a timestamp proves the seal's
/// instant; an authority's own instants prove themselves only while its key was in its hands.
fn was_good(revoked: Revoked, at: Timestamp, is_authority: bool) -> bool {
    revoked.at > at && (!is_authority || revoked.leaves_the_past())
}

/// The timestamp beside a signature.
fn token_of(der: &[u8]) -> Result<Option<Vec<u8>>, EvidenceError> {
    let broken = || EvidenceError::Broken("the seal can't be read");
    let signed = cms::read(der).map_err(|_| broken())?;
    let [signer] = signed.signer_infos.0.as_slice() else { return Err(broken()) };
    let mut attributes = signer.unsigned_attrs.iter().flat_map(|all| all.iter());
    let Some(attribute) = attributes.find(|one| one.oid == cms::TIMESTAMP_TOKEN) else {
        return Ok(None);
    };
    let token = attribute.values.as_slice().first().ok_or_else(broken)?;
    token.to_der().map(Some).map_err(|_| broken())
}

/// Answers are dated to the second.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

const YEAR: jiff::SignedDuration = jiff::SignedDuration::from_hours(365 * 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_revoked_later_counted_then_unless_he_could_have_made_the_time_himself() {
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        let compromised = |second| Revoked { at: at(second), reason: Some(1) };
        let retired = |second| Revoked { at: at(second), reason: Some(5) };
        assert!(was_good(compromised(1), at(0), false));
        assert!(!was_good(compromised(0), at(0), false));
        assert!(!was_good(compromised(1), at(0), true));
        assert!(was_good(retired(1), at(0), true));
        assert!(!was_good(retired(-1), at(0), true));
    }
}
