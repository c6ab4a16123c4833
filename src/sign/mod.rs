//! The seal: an [`UnsignedPdf`] becomes a [`SignedPdf`]. It knows bytes and keys, and nothing about
//! orders.
//!
//! The road: [`prepare`] closes the byte range and takes the digest; the key signs the attributes
//! that hold it (`cms`); the result goes into the hole that the renderer left (`pades`); our own
//! check reads the finished file back (`verify`), and only then is there a [`SignedPdf`]. Nothing
//! else makes one, so what is stored or sent as signed *is* signed. Signed and unsigned bytes
//! differ only inside the slot.
//!
//! Never here: a clock (the instant is handed in), a network, a fallback to a weaker signature.
//!
//! To use another kind of key: implement [`SigningKey`] in a file of its own and hand it to
//! [`Signer::new`] with its certificates; the check after signing holds it to its certificate.
//!
//! # Decisions
//! - PAdES baseline level B-B (ETSI EN 319 142-1, clause 6): the time stands in `/M`, not in a
//!   signed attribute.
//! - ECDSA on P-256 with SHA-256 through aws-lc: small, quick, and no RSA code near a private key.

pub mod authority;
pub mod certificate;
mod cms;
mod dictionary;
mod keeping;
pub mod key;
mod pades;
pub mod paper;
pub mod verify;

use jiff::Timestamp;

use crate::render::UnsignedPdf;

pub use self::certificate::Certificate;
pub use self::key::SigningKey;
pub use self::pades::PreparedPdf;
use self::verify::Breach;

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key is missing, can't be read, or can't sign.
    #[error("the signing key can't be used")]
    Key,
    /// The certificate is expired or not yet valid at the instant of signing.
    #[error("the signing certificate is valid from {not_before} to {not_after} only")]
    Certificate { not_before: Timestamp, not_after: Timestamp },
    /// The certificate can't be read, is not for signing documents, or belongs to another key.
    #[error("the signing certificate is unfit: {0}")]
    Unfit(&'static str),
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

/// How much proof a signature carries. ETSI EN 319 142-1, clause 6.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Who signed what.
    BB,
}

impl Level {
    /// The name that the standard gives the level.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BB => "B-B",
        }
    }
}

/// Closes the byte range of an unsigned file and takes its digest; pure.
///
/// # Errors
/// [`SignError::Structure`] where the slot is not the empty one that the renderer makes.
pub fn prepare(unsigned: UnsignedPdf) -> Result<PreparedPdf, SignError> {
    pades::prepare(unsigned)
}

/// A key with its certificates: what seals.
pub struct Signer {
    key: Box<dyn SigningKey>,
    /// Not empty; its own first.
    chain: Vec<Certificate>,
    form: cms::Form,
}

impl Signer {
    /// A signer from a key and its certificates, the signer's own first.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where there is no certificate, it may not sign documents, or a
    /// certificate stands in the list twice.
    pub fn new(key: Box<dyn SigningKey>, chain: Vec<Certificate>) -> Result<Self, SignError> {
        let Some(own) = chain.first() else {
            return Err(SignError::Unfit("there is none"));
        };
        own.allows_signing_documents()?;
        let form = cms::Form::new(&chain)?;
        Ok(Self { key, chain, form })
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
        let prepared = prepare(unsigned)?;
        let attributes = self.form.signed_attributes(prepared.digest())?;
        let signature = self.key.sign(attributes.der()).await?;
        let cms = self.form.assemble(attributes, &signature)?;
        prepared.embed(&cms, &self.chain)
    }

    /// Whether the certificate is valid at an instant.
    ///
    /// # Errors
    /// [`SignError::Certificate`] where it is not.
    pub fn ready_at(&self, at: Timestamp) -> Result<(), SignError> {
        self.certificate().valid_at(at)
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

    /// The level of the signatures made.
    pub const fn level(&self) -> Level {
        Level::BB
    }
}

/// A sealed file, checked. Only [`Signer::seal`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPdf {
    bytes: Vec<u8>,
    sha256: [u8; 32],
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

    /// Gives the bytes away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

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
    fn unsigned(reserved: usize) -> UnsignedPdf {
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

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn authority(name: &str) -> Authority {
        let folder = std::env::temp_dir().join(format!("spo-{}-seal-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let authority = Authority::open(&folder, noon()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        authority
    }

    fn now<T>(future: impl Future<Output = T>) -> T {
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
        verify::check(&bytes, &hole, &chain).unwrap();
        let der = bytes[hole.clone()].iter().rposition(|byte| !b"0>".contains(byte)).unwrap();
        let inside = hole.start + 2..hole.start + der;
        let outside = (0..hole.start).chain(hole.end..bytes.len() - 1);
        for index in outside.chain(inside.step_by(7)) {
            let mut changed = bytes.clone();
            changed[index] = if bytes[index] == b'1' { b'2' } else { b'1' };
            assert!(verify::check(&changed, &hole, &chain).is_err(), "byte {index}");
        }
    }

    #[test]
    fn each_breach_is_told_by_its_name() {
        let (bytes, hole, chain) = sealed("named");
        let swapped = |from: &str, to: &str| {
            let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
            let mut changed = bytes.clone();
            changed[at..at + to.len()].copy_from_slice(to.as_bytes());
            verify::check(&changed, &hole, &chain).unwrap_err()
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
        let breach = verify::check(&longer, &hole, &chain);
        assert_eq!(breach, Err(Breach::ByteRange));
        let mut behind = bytes.clone();
        behind[hole.end - 2] = b'1';
        assert_eq!(verify::check(&behind, &hole, &chain), Err(Breach::Encoding));
        let wider = hole.start..hole.end + 2;
        assert_eq!(verify::check(&bytes, &wider, &chain), Err(Breach::Dictionary));
        let other = authority("named-other").into_signer().unwrap();
        for chain in [other.chain(), &chain[..1], &chain[1..], &[]] {
            let breach = verify::check(&bytes, &hole, chain);
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
        let key = Box::new(SoftwareKey::generate().unwrap());
        assert!(matches!(Signer::new(key, vec![root]), Err(SignError::Unfit(_))));
        let key = Box::new(SoftwareKey::generate().unwrap());
        assert!(matches!(Signer::new(key, Vec::new()), Err(SignError::Unfit(_))));
    }

    #[test]
    fn a_key_that_is_not_the_certificate_s_or_answers_nonsense_leaves_no_file() {
        struct Nonsense;
        impl SigningKey for Nonsense {
            fn sign<'a>(&'a self, _: &'a [u8]) -> Signature<'a> {
                Box::pin(std::future::ready(Ok(vec![1, 2, 3])))
            }
        }
        let other = Box::new(SoftwareKey::generate().unwrap());
        for key in [other as Box<dyn SigningKey>, Box::new(Nonsense)] {
            let chain = vec![authority("nonsense").signer().clone()];
            let refused = now(Signer::new(key, chain).unwrap().seal(unsigned(4096), noon()));
            assert!(matches!(refused, Err(SignError::Breach(Breach::Signature))));
        }
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
            matches!(prepare(UnsignedPdf::for_tests(bytes, slot, 1)), Err(SignError::Structure(_)))
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
