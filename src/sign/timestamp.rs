//! Asking for a timestamp and judging what comes back. RFC 3161.
//!
//! A token counts where it was granted, answers this very request (imprint and nonce), is signed by
//! an authority whose certificate is for timestamps alone and leads to a trusted anchor at the
//! token's own time, and that time is near ours. The reading is `verify::token`'s.
//!
//! Never here: a connection, an address.

use der::asn1::{AnyRef, Int, OctetString};
use der::{Decode, Encode, Sequence};
use jiff::{SignedDuration, Timestamp};
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion};

use super::outside::Wrong;
use crate::verify::algorithm::Hash;
use crate::verify::path::Path;
use crate::verify::token::Token;
use crate::verify::{Certificate, Reason};

/// One request, kept until its answer is judged.
#[derive(Debug, Clone)]
pub struct Asked {
    hash: Hash,
    imprint: Vec<u8>,
    nonce: [u8; 16],
}

/// Whose timestamps count, and how far their clock may be from ours.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// Roots.
    pub anchors: Vec<Certificate>,
    /// Certificates that may stand between.
    pub known: Vec<Certificate>,
    pub max_clock_difference: SignedDuration,
}

/// A token that counts, with the way that its authority leads to an anchor.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The TimeStampToken in DER.
    pub der: Vec<u8>,
    pub token: Token,
    pub path: Path,
}

/// Why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It can't be relied on.
    Wrong(Wrong),
    /// It can, but names a time far from ours: one of the two clocks is wrong.
    Clock { theirs: Timestamp },
}

impl Asked {
    /// A request for a timestamp of what has this hash. The nonce is handed in; see
    /// [`super::outside::chance::nonce`] for its form.
    pub const fn of_imprint(imprint: Vec<u8>, hash: Hash, nonce: [u8; 16]) -> Self {
        Self { hash, imprint, nonce }
    }

    /// The request in DER: with a nonce, and the authority's certificates wanted. RFC 3161, section
    /// 2.4.1.
    ///
    /// # Errors
    /// [`Wrong::Malformed`] where it can't be written.
    pub fn to_der(&self) -> Result<Vec<u8>, Wrong> {
        self.write().map_err(|_| Wrong::Malformed)
    }

    fn write(&self) -> der::Result<Vec<u8>> {
        let digest = match self.hash {
            Hash::Sha256 => super::Digest::Sha256,
            Hash::Sha384 => super::Digest::Sha384,
            Hash::Sha512 => return Err(der::ErrorKind::Failed.into()),
        };
        TimeStampReq {
            version: TspVersion::V1,
            message_imprint: MessageImprint {
                hash_algorithm: digest.identifier(),
                hashed_message: OctetString::new(self.imprint.as_slice())?,
            },
            req_policy: None,
            nonce: Some(Int::new(&self.nonce)?),
            cert_req: true,
            extensions: None,
        }
        .to_der()
    }

    /// Judges the answer to this request.
    ///
    /// # Errors
    /// [`Refusal`] with the first thing that is wrong.
    pub fn judge(
        &self,
        answer: &[u8],
        trusted: &Trusted,
        now: Timestamp,
    ) -> Result<Granted, Refusal> {
        let der = granted(answer).map_err(Refusal::Wrong)?;
        let token = Token::read(&der).map_err(|reason| Refusal::Wrong(wrong(reason)))?;
        let path = self.holds(&token, trusted).map_err(Refusal::Wrong)?;
        if token.gen_time.duration_since(now).abs() > trusted.max_clock_difference {
            return Err(Refusal::Clock { theirs: token.gen_time });
        }
        Ok(Granted { der, token, path })
    }

    fn holds(&self, token: &Token, trusted: &Trusted) -> Result<Path, Wrong> {
        if token.nonce.as_deref() != Some(&self.nonce) {
            return Err(Wrong::WrongNonce);
        }
        if token.imprint_hash != self.hash || token.imprint != self.imprint {
            return Err(Wrong::WrongImprint);
        }
        token.signed_by().map_err(wrong)?;
        token.path(&trusted.known, &trusted.anchors).map_err(wrong)
    }
}

/// A reason of the reader's, as what is wrong with a server.
const fn wrong(reason: Reason) -> Wrong {
    match reason {
        Reason::TimestampMalformed => Wrong::Malformed,
        Reason::TimestampImprint => Wrong::WrongImprint,
        _ => Wrong::Untrusted,
    }
}

/// TimeStampResp, its token as it came. RFC 3161, section 2.4.2.
#[derive(Sequence)]
struct Answer<'a> {
    status: Status<'a>,
    #[asn1(optional = "true")]
    token: Option<AnyRef<'a>>,
}

/// PKIStatusInfo; only the status is read.
#[derive(Sequence)]
struct Status<'a> {
    status: u8,
    #[asn1(optional = "true")]
    words: Option<AnyRef<'a>>,
    #[asn1(optional = "true")]
    failure: Option<AnyRef<'a>>,
}

/// The token of an answer that grants one.
fn granted(answer: &[u8]) -> Result<Vec<u8>, Wrong> {
    let answer = Answer::from_der(answer).map_err(|_| Wrong::Malformed)?;
    let _ = (answer.status.words, answer.status.failure);
    if answer.status.status > GRANTED_WITH_CHANGES {
        return Err(Wrong::Denied);
    }
    let token = answer.token.ok_or(Wrong::Malformed)?;
    token.to_der().map_err(|_| Wrong::Malformed)
}

/// granted is 0, grantedWithMods 1. RFC 3161, section 2.4.2.
const GRANTED_WITH_CHANGES: u8 = 1;
/// The media types of request and answer. RFC 3161, section 3.4.
pub const QUERY: &str = "application/timestamp-query";
pub const REPLY: &str = "application/timestamp-reply";
/// Bytes of an answer at most: a token with a long chain takes a few KiB.
pub const LONGEST_REPLY: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked(hash: Hash) -> Asked {
        Asked::of_imprint(hash.of(&[b"words"]), hash, [0x41; 16])
    }

    fn trusted() -> Trusted {
        let max_clock_difference = SignedDuration::from_secs(120);
        Trusted { anchors: Vec::new(), known: Vec::new(), max_clock_difference }
    }

    #[test]
    fn a_request_names_the_hash_the_nonce_and_wants_certificates() {
        for (hash, length) in [(Hash::Sha256, 32), (Hash::Sha384, 48)] {
            let der = asked(hash).to_der().unwrap();
            let read = TimeStampReq::from_der(&der).unwrap();
            assert_eq!(read.message_imprint.hashed_message.as_bytes().len(), length);
            assert_eq!(read.nonce.unwrap().as_bytes(), [0x41; 16]);
            assert!(read.cert_req && read.req_policy.is_none());
            assert_eq!(der[der.len() - 3..], [1, 1, 0xff]);
        }
    }

    #[test]
    fn an_answer_that_grants_nothing_is_told_from_one_that_can_t_be_read() {
        let judged = |answer: &[u8]| {
            let judged = asked(Hash::Sha256).judge(answer, &trusted(), Timestamp::UNIX_EPOCH);
            judged.map(|_| ()).unwrap_err()
        };
        let status = |status: u8| [0x30, 5, 0x30, 3, 2, 1, status];
        for refused in 2..6 {
            assert_eq!(judged(&status(refused)), Refusal::Wrong(Wrong::Denied));
        }
        // With words and a failure: RFC 3161, section 2.4.2.
        let told = b"0\x0e0\x0c\x02\x01\x020\x03\x0c\x01x\x03\x02\x05\x20";
        assert_eq!(judged(told), Refusal::Wrong(Wrong::Denied));
        let token = [&[0x30, 9, 0x30, 3, 2, 1, 0][..], &[0x30, 2, 5, 0]].concat();
        for broken in [&status(0)[..], &status(2)[..6], &[status(2).as_slice(), &[0]].concat()] {
            assert_eq!(judged(broken), Refusal::Wrong(Wrong::Malformed));
        }
        assert_eq!(judged(&token), Refusal::Wrong(Wrong::Malformed));
    }

    proptest! {
        #[test]
        fn no_answer_makes_the_reader_fall(mut answer: Vec<u8>, head: bool) {
            if head {
                answer.splice(..0, [0x30, 0x82, 0, 9, 0x30, 3, 2, 1, 0, 0x30]);
            }
            let judged = asked(Hash::Sha256).judge(&answer, &trusted(), Timestamp::UNIX_EPOCH);
            prop_assert!(judged.is_err());
        }
    }
}
