//! The seal: an [`UnsignedPdf`] becomes a [`SignedPdf`]. It knows bytes and keys, and nothing about
//! orders.
//!
//! The road: [`prepare`] closes the byte range and takes the digest; the key signs the attributes
//! that hold it (`cms`); the result goes into the hole that the renderer left (`pades`); our own
//! check reads the finished file back (`proof`), and only then is there a [`SignedPdf`]. Nothing
//! else makes one, so what is stored or sent as signed *is* signed. Signed and unsigned bytes
//! differ only inside the slot. A timestamp goes beside the signature later, in the same hole
//! ([`SignedPdf::stamped`], [`stamped`]), and the whole is proven again.
//!
//! Never here: a clock (the instant is handed in), a network, a fallback to a weaker signature.
//!
//! To use another kind of key: a file in `key` that implements [`SigningKey`]; hand it to
//! [`Signer::new`] with its certificates; the check after signing holds it to its certificate.
//!
//! # Decisions
//! - PAdES baseline level B-B (ETSI EN 319 142-1, clause 6): the time stands in `/M`, not in a
//!   signed attribute.
//! - ECDSA on P-256 with SHA-256 through aws-lc is the default: small and quick. RSA is for keys
//!   that are given to us, from 3072 bits on, in constant time through aws-lc alone.
//! - One digest for the file and for the signed attributes, the one that goes with the key; the
//!   certificate is always named by its SHA-256.

mod algorithm;
pub mod authority;
pub mod certificate;
mod cms;
mod dictionary;
pub mod evidence;
mod keeping;
pub mod key;
pub mod keyring;
pub mod levels;
pub mod outside;
mod pades;
pub mod paper;
pub mod proof;
mod refusal;
pub mod revocation;
mod secret;
pub mod timestamp;

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use crate::render::UnsignedPdf;

pub use self::algorithm::{Algorithm, Digest};
pub use self::certificate::Certificate;
pub use self::key::{KeyFault, SigningKey};
pub use self::pades::{PreparedPdf, Sealed, stamped};
use self::proof::Breach;
pub use self::secret::Secret;
pub use crate::verify::Level;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key is missing, can't be read, or can't sign.
    #[error("the signing key can't be used")]
    Key,
    /// The key can't be opened.
    #[error("the signing key can't be opened: {0}")]
    Opening(KeyFault),
    /// The certificate is expired or not yet valid at the instant of signing.
    #[error("the signing certificate is valid from {not_before} to {not_after} only")]
    Certificate { not_before: Timestamp, not_after: Timestamp },
    /// The certificate can't be read, or belongs to another key.
    #[error("the signing certificate is unfit: {0}")]
    Unfit(&'static str),
    /// The certificate is of another use than signing documents.
    #[error("the signing certificate is of another use: {0}")]
    Usage(&'static str),
    /// The certificate, or one above it, was revoked.
    #[error("the signing certificate was revoked")]
    Revoked,
    /// The clock went back behind what was issued, or differs from a timestamp's.
    #[error("the clock can't be believed")]
    Clock,
    /// No profile of the keyring is for this.
    #[error("no profile of the keyring is for this document")]
    NoProfile,
    /// The signature does not fit the space that the renderer reserved; both in bytes of DER.
    #[error("the signature needs {needed} bytes and {reserved} are reserved")]
    TooSmall { needed: usize, reserved: usize },
    /// The slot or the signature is not of the form that we make.
    #[error("what is to be signed is malformed: {0}")]
    Structure(&'static str),
    /// The finished file failed our own check.
    #[error("the signed file fails its own check")]
    Breach(#[from] Breach),
    /// The folder of the local authority can't be read or written.
    #[error("{path} can't be used")]
    Files {
        path: std::path::PathBuf,
        #[source]
        cause: std::io::Error,
    },
}

/// Closes the byte range of an unsigned file and takes its digest of that kind; pure.
///
/// # Errors
/// [`SignError::Structure`] where the slot is not the empty one that the renderer makes.
pub fn prepare(unsigned: UnsignedPdf, kind: Digest) -> Result<PreparedPdf, SignError> {
    pades::prepare(unsigned, kind)
}

/// A key with its certificates: what seals.
pub struct Signer {
    key: Box<dyn SigningKey>,
    /// Not empty; its own first.
    chain: Arc<[Certificate]>,
    form: cms::Form,
    /// Bytes of DER that a signature takes at most.
    longest: usize,
}

impl Signer {
    /// A signer from a key and its certificates, the signer's own first.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where there is no certificate, it may not sign documents, its key is of
    /// another kind than `key` or of none that we sign with, or a certificate stands in the list
    /// twice. Whether it is the very key is found out by [`Self::try_out`] and by each signature.
    pub fn new(key: Box<dyn SigningKey>, chain: Vec<Certificate>) -> Result<Self, SignError> {
        let Some(own) = chain.first() else {
            return Err(SignError::Unfit("there is none"));
        };
        own.allows_signing_documents()?;
        let algorithm = own.algorithm()?;
        if key.algorithm() != algorithm {
            return Err(SignError::Unfit("it belongs to a key of another kind"));
        }
        let form = cms::Form::new(&chain)?;
        let longest = form.longest(algorithm.longest_value(own.public_key()))?;
        Ok(Self { key, chain: chain.into(), form, longest })
    }

    /// Signs a few bytes that are no document, and verifies them with the certificate: whether the
    /// key is there, answers and is the certificate's.
    ///
    /// # Errors
    /// [`SignError::Key`] where it does not answer; [`SignError::Breach`] where it is another.
    pub async fn try_out(&self) -> Result<(), SignError> {
        let signature = self.key.sign(TRIAL).await?;
        let right = self.certificate().confirms(TRIAL, &signature);
        if right { Ok(()) } else { Err(Breach::Signature.into()) }
    }

    /// Bytes of DER that the renderer must keep free for a signature of this signer: its own
    /// certificates, its longest value and, where one is wanted, a timestamp.
    pub const fn reserve(&self, with_timestamp: bool) -> usize {
        let needed = self.longest + if with_timestamp { TIMESTAMP } else { 0 };
        needed.next_multiple_of(STEP)
    }

    /// Seals a file at an instant, the one in its `/M`.
    ///
    /// # Errors
    /// [`SignError::Certificate`] where the certificate is not valid at `at`; [`SignError::Key`]
    /// where the key does not answer; [`SignError::TooSmall`], [`SignError::Structure`] and
    /// [`SignError::Breach`] where the file and the signature do not go together. In each case
    /// there is no signed file.
    pub async fn seal(&self, unsigned: UnsignedPdf, at: Timestamp) -> Result<SignedPdf, SignError> {
        self.ready_at(at)?;
        let prepared = prepare(unsigned, self.key.algorithm().digest())?;
        let attributes = self.form.signed_attributes(prepared.digest())?;
        let signature = self.key.sign(attributes.der()).await?;
        let cms = self.form.assemble(&attributes, &signature)?;
        prepared.embed(&cms, &self.chain)
    }

    /// Whether its certificate, and each above it that signatures enclose, is valid at an instant.
    ///
    /// # Errors
    /// [`SignError::Certificate`] where one is not.
    pub fn ready_at(&self, at: Timestamp) -> Result<(), SignError> {
        self.chain.iter().try_for_each(|certificate| certificate.valid_at(at))
    }

    /// The certificate that the signatures name.
    pub fn certificate(&self) -> &Certificate {
        // `new` refuses an empty chain.
        &self.chain[0]
    }

    /// The certificates that the signatures enclose, its own first.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// How its key signs.
    pub fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// The level of the signatures made.
    pub const fn level(&self) -> Level {
        Level::BB
    }
}

/// A sealed file, checked. Only [`Signer::seal`] makes one; [`Self::stamped`] another of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPdf {
    bytes: Vec<u8>,
    /// `/Contents` with its `<` and `>`.
    hole: Range<usize>,
    /// Of the signer, its own first.
    chain: Arc<[Certificate]>,
    level: Level,
    sha256: [u8; 32],
    covered_sha256: [u8; 32],
    timestamp: Option<Timestamp>,
    page_count: u32,
    content_sha256: [u8; 32],
    words: String,
}

impl SignedPdf {
    /// The whole file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the whole file.
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// SHA-256 of the file but for the signature's own place: the same whatever evidence is added
    /// to the signature.
    pub const fn covered_sha256(&self) -> &[u8; 32] {
        &self.covered_sha256
    }

    /// The time that the timestamp beside its signature proves, where it has one.
    pub const fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp
    }

    /// Number of pages.
    pub const fn page_count(&self) -> u32 {
        self.page_count
    }

    /// SHA-256 of the content stage, as the renderer gave it.
    pub const fn content_sha256(&self) -> &[u8; 32] {
        &self.content_sha256
    }

    /// The six words on its pages, as the renderer drew them.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The level of its signature: B-B, or B-T once it is stamped.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// The certificates that stand in it, the signer's own first.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The value of its signature: what a timestamp is asked for. ETSI EN 319 122-1, clause 5.3.
    ///
    /// # Errors
    /// [`SignError::Structure`] where it can't be read back.
    pub fn signature_value(&self) -> Result<Vec<u8>, SignError> {
        Sealed::read(&self.bytes)?.value()
    }

    /// The same with a timestamp (a TimeStampToken in DER, RFC 3161) beside the very same
    /// signature, proven again. What the token says is the caller's to check first.
    ///
    /// # Errors
    /// [`SignError::TooSmall`], [`SignError::Structure`] and [`SignError::Breach`] as [`stamped`].
    pub fn stamped(self, token: &[u8]) -> Result<Self, SignError> {
        pades::stamp(self, token)
    }

    /// Gives the bytes away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// What is signed for a trial. It does not begin as attributes do, so it signs no document.
const TRIAL: &[u8] = b"a trial of the signing key; no document";
/// Room for a timestamp token: one with a few hundred bytes of its own and a chain of up to four
/// certificates.
const TIMESTAMP: usize = 7 * 1024;
/// Reserves are multiples of this, so that a certificate of another length moves no byte.
const STEP: usize = 4096;

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use jiff::SignedDuration;

    use super::authority::Authority;
    use super::key::{Signature, SoftwareKey};
    use super::*;
    use crate::render::Slot;

    /// A page with a certified signature field, its dictionary as the renderer writes it: last and
    /// open.
    pub(super) fn unsigned(reserved: usize) -> UnsignedPdf {
        let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let before = [
            "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 6 0 R>>\
             /AcroForm<</Fields[5 0 R]/SigFlags 3>>>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[5 0 R]>>",
            "<</Length 27>>stream\n0 0 1 rg 72 72 100 100 re f\nendstream",
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(seal)/F 132/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>",
        ];
        let mut places = Vec::new();
        for (index, object) in before.iter().enumerate() {
            places.push(bytes.len());
            bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
        }
        places.push(bytes.len());
        bytes.extend(
            b"6 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
              /Name(A 1 0 obj <<)/M(D:20261121120000Z)/Reference[<</Type/SigRef\
              /TransformMethod/DocMDP\
              /TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]/ByteRange[",
        );
        let byte_range = bytes.len()..bytes.len() + 40;
        bytes.extend([b' '; 40]);
        bytes.extend(b"]/Contents");
        let contents = bytes.len()..bytes.len() + reserved * 2 + 2;
        bytes.extend(format!("<{}>", "00".repeat(reserved)).as_bytes());
        bytes.extend(b">>\nendobj\n");
        let table = bytes.len();
        bytes.extend(b"xref\n0 7\n0000000000 65535 f \n");
        for place in places {
            bytes.extend(format!("{place:010} 00000 n \n").as_bytes());
        }
        bytes.extend(
            format!("trailer<</Size 7/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
        );
        UnsignedPdf::for_tests(bytes, Slot { contents, byte_range }, 1)
    }

    pub(super) fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    pub(super) fn authority(name: &str) -> Authority {
        let folder = std::env::temp_dir().join(format!("spo-{}-seal-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let authority = Authority::open(&folder, noon()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        authority
    }

    pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    /// A sealed file with its hole and certificates.
    fn sealed(name: &str) -> (Vec<u8>, Range<usize>, Vec<Certificate>) {
        let signer = authority(name).into_signer().unwrap();
        let unsigned = unsigned(4096);
        let hole = unsigned.slot().contents.clone();
        let signed = now(signer.seal(unsigned, noon())).unwrap();
        (signed.into_bytes(), hole, signer.chain().to_vec())
    }

    #[test]
    fn signed_and_unsigned_bytes_differ_only_inside_the_slot() {
        let signer = authority("differ").into_signer().unwrap();
        let (before, slot) = (unsigned(4096).bytes().to_vec(), unsigned(4096).slot().clone());
        let signed = now(signer.seal(unsigned(4096), noon())).unwrap();
        assert_eq!(signed.bytes().len(), before.len());
        for (index, (then, now)) in before.iter().zip(signed.bytes()).enumerate() {
            let open = slot.contents.contains(&index) || slot.byte_range.contains(&index);
            assert!(open || then == now, "byte {index}");
        }
        assert_eq!(signed.sha256(), &pades::sha256(signed.bytes()));
        assert_eq!((signed.page_count(), signed.content_sha256()), (1, &[7; 32]));
    }

    #[test]
    fn each_changed_byte_is_found() {
        let (bytes, hole, chain) = sealed("changed");
        proof::check(&bytes, &hole, &chain, Level::BB).unwrap();
        let der = bytes[hole.clone()].iter().rposition(|byte| !b"0>".contains(byte)).unwrap();
        let inside = hole.start + 2..hole.start + der;
        let outside = (0..hole.start).chain(hole.end..bytes.len() - 1);
        for index in outside.chain(inside.step_by(7)) {
            let mut changed = bytes.clone();
            changed[index] = if bytes[index] == b'1' { b'2' } else { b'1' };
            assert!(proof::check(&changed, &hole, &chain, Level::BB).is_err(), "byte {index}");
        }
    }

    #[test]
    fn each_breach_is_told_by_its_name() {
        let (bytes, hole, chain) = sealed("named");
        let swapped = |from: &str, to: &str| {
            let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
            let mut changed = bytes.clone();
            changed[at..at + to.len()].copy_from_slice(to.as_bytes());
            proof::check(&changed, &hole, &chain, Level::BB).unwrap_err()
        };
        assert_eq!(swapped("72 72", "72 73"), Breach::Digest);
        assert_eq!(swapped("/P 1/V", "/P 2/V"), Breach::Certification);
        assert_eq!(swapped("/DocMDP/Tr", "/FieldMD/Tr"), Breach::Certification);
        assert_eq!(swapped("/Type/Sig/", "/Type/Six/"), Breach::Dictionary);
        assert_eq!(swapped("ETSI.CAdES.detached", "adbe.pkcs7.detached"), Breach::Dictionary);
        assert_eq!(swapped("/ByteRange[0 ", "/ByteRange[1 "), Breach::ByteRange);
        assert_eq!(swapped("%%EOF", "%%FOE"), Breach::End);
        let mut longer = bytes.clone();
        longer.extend(b"6 0 obj<</Type/Catalog>>endobj\n%%EOF\n");
        let breach = proof::check(&longer, &hole, &chain, Level::BB);
        assert_eq!(breach, Err(Breach::ByteRange));
        let mut behind = bytes.clone();
        behind[hole.end - 2] = b'1';
        assert_eq!(proof::check(&behind, &hole, &chain, Level::BB), Err(Breach::Encoding));
        let wider = hole.start..hole.end + 2;
        assert_eq!(proof::check(&bytes, &wider, &chain, Level::BB), Err(Breach::Dictionary));
        let other = authority("named-other").into_signer().unwrap();
        for chain in [other.chain(), &chain[..1], &chain[1..], &[]] {
            let breach = proof::check(&bytes, &hole, chain, Level::BB);
            assert_eq!(breach, Err(Breach::Certificate));
        }
    }

    #[test]
    fn a_certificate_that_is_not_valid_or_not_for_documents_signs_nothing() {
        let signer = authority("validity").into_signer().unwrap();
        for at in
            [noon() - SignedDuration::from_secs(1), noon() + SignedDuration::from_hours(91 * 24)]
        {
            let refused = now(signer.seal(unsigned(4096), at));
            assert!(matches!(refused, Err(SignError::Certificate { .. })));
        }
        let root = authority("usage").root().clone();
        let key = Box::new(SoftwareKey::generate(Algorithm::EcdsaP256).unwrap());
        assert!(matches!(Signer::new(key, vec![root]), Err(SignError::Usage(_))));
        let key = Box::new(SoftwareKey::generate(Algorithm::EcdsaP256).unwrap());
        assert!(matches!(Signer::new(key, Vec::new()), Err(SignError::Unfit(_))));
    }

    #[test]
    fn a_key_that_is_not_the_certificate_s_or_answers_nonsense_leaves_no_file() {
        struct Nonsense;
        impl SigningKey for Nonsense {
            fn algorithm(&self) -> Algorithm {
                Algorithm::EcdsaP256
            }

            fn sign<'a>(&'a self, _: &'a [u8]) -> Signature<'a> {
                Box::pin(std::future::ready(Ok(vec![1, 2, 3])))
            }
        }
        let other = Box::new(SoftwareKey::generate(Algorithm::EcdsaP256).unwrap());
        for key in [other as Box<dyn SigningKey>, Box::new(Nonsense)] {
            let chain = vec![authority("nonsense").signer().clone()];
            let refused = now(Signer::new(key, chain).unwrap().seal(unsigned(4096), noon()));
            assert!(matches!(refused, Err(SignError::Breach(Breach::Signature))));
        }
    }

    /// A ContentInfo of signed data that holds as many bytes.
    fn token(length: u16) -> Vec<u8> {
        use der::asn1::{Any, OctetString};
        use der::{Decode, Encode};
        let inside = OctetString::new(vec![9; usize::from(length)]).unwrap().to_der().unwrap();
        let content = Any::from_der(&inside).unwrap();
        let outer = ::cms::content_info::ContentInfo { content_type: cms::SIGNED_DATA, content };
        outer.to_der().unwrap()
    }

    #[test]
    fn a_stamp_keeps_the_value_and_every_byte_outside_the_hole() {
        let signer = authority("stamped").into_signer().unwrap();
        let signed = now(signer.seal(unsigned(8192), noon())).unwrap();
        let (before, hole) = (signed.clone(), signed.hole.clone());
        let after = signed.stamped(&token(2000)).unwrap();
        assert_eq!((before.level(), after.level()), (Level::BB, Level::BT));
        assert_eq!(before.signature_value().unwrap(), after.signature_value().unwrap());
        assert_eq!(after.bytes()[..hole.start], before.bytes()[..hole.start]);
        assert_eq!(after.bytes()[hole.end..], before.bytes()[hole.end..]);
        assert_eq!(after.sha256(), &pades::sha256(after.bytes()));
        assert_ne!(after.sha256(), before.sha256());
        // From stored bytes alone the same comes out.
        let stored = stamped(before.bytes().to_vec(), &token(2000)).unwrap();
        assert_eq!(stored, after.bytes());
        assert_eq!(Sealed::read(&stored).unwrap().chain().unwrap(), signer.chain());
        // What was good at one level is not at the other.
        let check =
            |file: &SignedPdf, level| proof::check(file.bytes(), &hole, file.chain(), level);
        assert_eq!(check(&after, Level::BT), Ok(()));
        assert_eq!(check(&after, Level::BB), Err(Breach::Unsigned));
        assert_eq!(check(&before, Level::BT), Err(Breach::Unsigned));
    }

    #[test]
    fn a_signer_whose_authority_has_ended_signs_nothing() {
        for (year, ready) in [(2030, true), (2026, false)] {
            let (root_key, key) = (rcgen::KeyPair::generate(), rcgen::KeyPair::generate());
            let (root_key, key) = (root_key.unwrap(), key.unwrap());
            let mut params = rcgen::CertificateParams::default();
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
            params.not_after = rcgen::date_time_ymd(year, 1, 1);
            let root = params.self_signed(&root_key).unwrap();
            let mut own = rcgen::CertificateParams::default();
            own.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
            let own = own.signed_by(&key, &rcgen::Issuer::from_params(&params, &root_key)).unwrap();
            let chain = [own.der().to_vec(), root.der().to_vec()];
            let chain = chain.map(|der| Certificate::from_der(der).unwrap()).to_vec();
            let key = key::software::SoftwareKey::from_pkcs8(&key.serialize_der()).unwrap();
            let signer = Signer::new(Box::new(key), chain).unwrap();
            assert_eq!(signer.ready_at(noon()).is_ok(), ready, "{year}");
            assert_eq!(now(signer.seal(unsigned(8192), noon())).is_ok(), ready, "{year}");
        }
    }

    #[test]
    fn a_stamp_that_is_none_too_long_or_the_second_is_refused() {
        let signer = authority("restamped").into_signer().unwrap();
        let signed = || now(signer.seal(unsigned(4096), noon())).unwrap();
        for wrong in [b"".as_slice(), b"0\x00", &token(9)[1..], &[token(9), vec![0]].concat()] {
            assert!(matches!(signed().stamped(wrong), Err(SignError::Structure(_))));
        }
        let long = signed().stamped(&token(3000));
        assert!(matches!(long, Err(SignError::TooSmall { reserved: 4096, .. })));
        let twice = signed().stamped(&token(9)).unwrap().stamped(&token(9));
        assert!(matches!(twice, Err(SignError::Structure(_))));
        let bytes = signed().into_bytes();
        for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            assert!(stamped(bytes[..cut].to_vec(), &token(9)).is_err(), "{cut}");
        }
        let mut altered = bytes.clone();
        altered[100] ^= 1;
        assert!(matches!(stamped(altered, &token(9)), Err(SignError::Breach(Breach::Digest))));
        let longer = [bytes, b"%\n".to_vec()].concat();
        assert!(matches!(stamped(longer, &token(9)), Err(SignError::Structure(_))));
    }

    #[test]
    fn an_unsigned_attribute_that_is_no_timestamp_or_one_too_many_is_found() {
        use der::asn1::SetOfVec;
        use der::{Any, Decode, Encode};
        let (bytes, hole, chain) = sealed("unsigned");
        let cms = proof::contents(&bytes, &hole).unwrap();
        let value = |der: &[u8]| Any::from_der(der).unwrap();
        let attribute = |oid: der::asn1::ObjectIdentifier, values: Vec<Any>| {
            x509_cert::attr::Attribute { oid, values: SetOfVec::try_from(values).unwrap() }
        };
        let (good, other) = (cms::TIMESTAMP_TOKEN, cms::CONTENT_TYPE);
        let cases = [
            (vec![attribute(good, vec![value(&token(9))])], Ok(())),
            (vec![attribute(other, vec![value(&token(9))])], Err(Breach::Unsigned)),
            (vec![attribute(good, vec![value(b"\x04\x01a")])], Err(Breach::Unsigned)),
            (vec![attribute(good, Vec::new())], Err(Breach::Unsigned)),
            (
                vec![attribute(good, vec![value(&token(9)), value(&token(8))])],
                Err(Breach::Unsigned),
            ),
            (
                vec![
                    attribute(good, vec![value(&token(9))]),
                    attribute(other, vec![value(&token(9))]),
                ],
                Err(Breach::Unsigned),
            ),
        ];
        for (attributes, verdict) in cases {
            let mut signed_data = cms::read(&cms).unwrap();
            let mut signer = signed_data.signer_infos.0.get(0).unwrap().clone();
            signer.unsigned_attrs = Some(attributes.try_into().unwrap());
            signed_data.signer_infos = vec![signer].try_into().unwrap();
            let content = der::Any::encode_from(&signed_data).unwrap();
            let outer =
                ::cms::content_info::ContentInfo { content_type: cms::SIGNED_DATA, content };
            let mut changed = bytes.clone();
            let text = crate::digest::hex(&outer.to_der().unwrap());
            changed[hole.start + 1..][..text.len()].copy_from_slice(text.as_bytes());
            assert_eq!(proof::check(&changed, &hole, &chain, Level::BT), verdict);
        }
    }

    #[test]
    fn what_is_reserved_holds_what_is_made() {
        let signer = authority("reserve").into_signer().unwrap();
        assert_eq!((signer.reserve(false), signer.reserve(true)), (4096, 12288));
        let signed = now(signer.seal(unsigned(4096), noon())).unwrap();
        let made = proof::contents(signed.bytes(), &signed.hole).unwrap().len();
        assert!((signer.longest - 4..=signer.longest).contains(&made), "{made}");
    }

    #[test]
    fn a_trial_finds_a_key_that_is_another_s() {
        assert!(now(authority("trial").into_signer().unwrap().try_out()).is_ok());
        let other = Box::new(SoftwareKey::generate(Algorithm::EcdsaP256).unwrap());
        let chain = vec![authority("trial-other").signer().clone()];
        let tried = now(Signer::new(other, chain).unwrap().try_out());
        assert!(matches!(tried, Err(SignError::Breach(Breach::Signature))));
        let kind = Box::new(SoftwareKey::generate(Algorithm::EcdsaP384).unwrap());
        let chain = vec![authority("trial-kind").signer().clone()];
        assert!(matches!(Signer::new(kind, chain), Err(SignError::Unfit(_))));
    }

    #[test]
    fn a_slot_too_small_says_what_is_needed() {
        let signer = authority("small").into_signer().unwrap();
        let Err(SignError::TooSmall { needed, reserved: 900 }) =
            now(signer.seal(unsigned(900), noon()))
        else {
            panic!("too small")
        };
        assert!((1000..2048).contains(&needed), "{needed}");
    }

    #[test]
    fn a_slot_that_is_not_open_is_refused() {
        let open = unsigned(900);
        let slot = open.slot().clone();
        let bytes = open.into_bytes();
        let broken = |change: &dyn Fn(&mut Vec<u8>, &mut Slot)| {
            let (mut bytes, mut slot) = (bytes.clone(), slot.clone());
            change(&mut bytes, &mut slot);
            matches!(
                prepare(UnsignedPdf::for_tests(bytes, slot, 1), Digest::Sha256),
                Err(SignError::Structure(_))
            )
        };
        assert!(!broken(&|_, _| {}));
        assert!(broken(&|bytes, slot| bytes[slot.contents.start + 1] = b'1'));
        assert!(broken(&|bytes, slot| bytes[slot.byte_range.start] = b'1'));
        assert!(broken(&|_, slot| slot.contents.start += 1));
        assert!(broken(&|_, slot| slot.contents.end += 100_000));
        assert!(broken(&|_, slot| slot.byte_range.end -= 1));
        assert!(
            broken(&|_, slot| slot.byte_range = slot.contents.start + 1..slot.contents.end - 1)
        );
    }

    #[test]
    fn members_of_a_der_set_stand_in_the_order_of_their_bytes() {
        use der::{Decode, Encode};
        let (bytes, hole, _) = sealed("order");
        let hex = std::str::from_utf8(&bytes[hole.start + 1..hole.end - 1]).unwrap();
        let padded: Vec<u8> = (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        let length = 4 + usize::from(padded[2]) * 256 + usize::from(padded[3]);
        let outer = ::cms::content_info::ContentInfo::from_der(&padded[..length]).unwrap();
        let inner: ::cms::signed_data::SignedData = outer.content.decode_as().unwrap();
        let attributes = inner.signer_infos.0.get(0).unwrap().signed_attrs.clone().unwrap();
        let members: Vec<_> = attributes.iter().map(|one| one.to_der().unwrap()).collect();
        assert!(members.is_sorted() && members.len() == 4);
        let certificates: Vec<_> =
            inner.certificates.unwrap().0.iter().map(|one| one.to_der().unwrap()).collect();
        assert!(certificates.is_sorted() && certificates.len() == 2);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the check says how strict to be")]
    fn another_program_finds_the_signature_valid_over_the_whole_file() {
        let (bytes, _, _) = sealed("outside");
        let path = std::env::temp_dir().join(format!("spo-{}-sealed.pdf", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let run = std::process::Command::new("pdfsig").arg(&path).output();
        std::fs::remove_file(&path).unwrap();
        let Ok(run) = run else {
            assert!(std::env::var_os("CHECK_STRICT").is_none(), "pdfsig is not installed");
            // Past the harness, which would keep it to itself.
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                b"skipped: pdfsig is not installed\n",
            );
            return;
        };
        let report = String::from_utf8_lossy(&run.stdout);
        for finding in [
            "Signature Validation: Signature is Valid.",
            "Total document signed",
            "Signature Type: ETSI.CAdES.detached",
            "Signing Hash Algorithm: SHA-256",
            "Certificate Common Name: Local test seal",
        ] {
            assert!(report.contains(finding), "{finding}: {report}");
        }
    }
}
