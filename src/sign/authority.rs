//! The local test authority: a root and a signer, made on first run in a folder of the data
//! directory, so that the service signs from its first minute. Its certificates say [`TEST_MARK`];
//! nobody need trust them.
//!
//! In the folder: `root.pem` and `signer.pem` (each a key with its certificate, one file so that
//! the two can't part) and under `certificates/` every certificate ever made, kept for checking old
//! signatures. All private to the user, each written whole or not at all. A signer near its end is
//! renewed when the service starts.
//!
//! The instant is handed in; the keys' randomness is the library's own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use der::pem;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256,
    PublicKeyData, SignatureAlgorithm,
};
use zeroize::Zeroizing;

use super::certificate::{CERTIFICATE, Certificate, TEST_MARK};
use super::keeping::{self, Placing};
use super::key::software::{PRIVATE_KEY, SoftwareKey};
use super::{Algorithm, SignError, Signer};

/// A key with its certificate.
struct Identity {
    key: SoftwareKey,
    certificate: Certificate,
}

/// The local authority, ready to hand out its signer.
pub struct Authority {
    root: Identity,
    signer: Identity,
}

impl Authority {
    /// Opens the authority in a folder, makes what is missing and renews what is near its end at
    /// `now`.
    ///
    /// # Errors
    /// [`SignError::Files`] where the folder can't be read or written; [`SignError::Key`] and
    /// [`SignError::Unfit`] where what stands in it is damaged: it is never replaced unasked.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, SignError> {
        keeping::private_folder(folder)?;
        keeping::private_folder(&folder.join(CERTIFICATES))?;
        let root = settle(
            folder,
            "root",
            |identity| ends_after(identity, now, ROOT_MARGIN),
            || make_root(now),
        )?;
        let fit = |identity: &Identity| {
            ends_after(identity, now, SIGNER_MARGIN)
                && identity.certificate.names_as_issuer(&root.certificate)
        };
        let signer = settle(folder, "signer", fit, || make_signer(&root, now))?;
        Ok(Self { root, signer })
    }

    /// The signer, with the root's certificate beside its own.
    ///
    /// # Errors
    /// [`SignError::Unfit`] where the certificate does not fit; see [`Signer::new`].
    pub fn into_signer(self) -> Result<Signer, SignError> {
        let chain = vec![self.signer.certificate, self.root.certificate];
        Signer::new(Box::new(self.signer.key), chain)
    }

    /// A certificate for another key of this installation, as long as a signer's.
    ///
    /// # Errors
    /// [`SignError::Key`] where the library refuses.
    pub(super) fn issue(
        &self,
        key: &SoftwareKey,
        name: &str,
        now: Timestamp,
    ) -> Result<Certificate, SignError> {
        certify(&self.root, (key, name), now)
    }

    /// Whether a certificate of a signer is so near its end that the next opening renews it.
    pub(super) fn is_due(certificate: &Certificate, now: Timestamp) -> bool {
        !lasts(certificate, now, SIGNER_MARGIN)
    }

    /// The root's certificate: what a reader would have to trust.
    pub const fn root(&self) -> &Certificate {
        &self.root.certificate
    }

    /// The signer's certificate.
    pub const fn signer(&self) -> &Certificate {
        &self.signer.certificate
    }
}

/// Reads an identity that is fit; otherwise makes one, keeps its certificate, then puts it in
/// place.
fn settle(
    folder: &Path,
    name: &str,
    fit: impl Fn(&Identity) -> bool,
    make: impl FnOnce() -> Result<Identity, SignError>,
) -> Result<Identity, SignError> {
    let path = folder.join(name).with_extension("pem");
    let standing = read_identity(&path)?;
    let placing = match standing {
        Some(identity) if fit(&identity) => return Ok(identity),
        Some(_) => Placing::Replacing,
        None => Placing::IfFree,
    };
    let made = make()?;
    let kept = folder.join(CERTIFICATES).join(format!("{name}-{}.pem", made.certificate.serial()));
    keeping::write(&kept, &made.certificate.to_pem()?, Placing::Replacing)?;
    if keeping::write(&path, &identity_text(&made)?, placing)? {
        return Ok(made);
    }
    // Another process was first: its identity is the one.
    read_identity(&path)?.ok_or(SignError::Key)
}

fn ends_after(identity: &Identity, now: Timestamp, margin: SignedDuration) -> bool {
    lasts(&identity.certificate, now, margin)
}

fn lasts(certificate: &Certificate, now: Timestamp, margin: SignedDuration) -> bool {
    now.checked_add(margin).is_ok_and(|then| then < certificate.not_after())
}

fn make_root(now: Timestamp) -> Result<Identity, SignError> {
    let key = SoftwareKey::generate(Algorithm::EcdsaP256)?;
    let params = root_params(&key, now)?;
    let made = params.self_signed(&key).map_err(|_| SignError::Key)?;
    let certificate = Certificate::from_der(made.der().to_vec())?;
    Ok(Identity { key, certificate })
}

fn make_signer(root: &Identity, now: Timestamp) -> Result<Identity, SignError> {
    let key = SoftwareKey::generate(Algorithm::EcdsaP256)?;
    let certificate = certify(root, (&key, "Local test seal"), now)?;
    Ok(Identity { key, certificate })
}

/// A certificate of the root for a key that signs documents.
fn certify(
    root: &Identity,
    (key, name): (&SoftwareKey, &str),
    now: Timestamp,
) -> Result<Certificate, SignError> {
    let root_end = root.certificate.not_after();
    let end = now.checked_add(SIGNER_LIFE).map_or(root_end, |end| end.min(root_end));
    let mut params = validity(now, end)?;
    params.distinguished_name = name_of(name, key);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    // Readers on NSS judge whoever signs a document as one who signs mail.
    params.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::Other(DOCUMENT_SIGNING.to_vec()),
        ExtendedKeyUsagePurpose::EmailProtection,
    ];
    params.use_authority_key_identifier_extension = true;
    // The root's parameters give its name and key identifier; they follow from its key, not from
    // the time.
    let root_params = root_params(&root.key, now)?;
    let issuer = Issuer::from_params(&root_params, &root.key);
    let made = params.signed_by(key, &issuer).map_err(|_| SignError::Key)?;
    Certificate::from_der(made.der().to_vec())
}

fn root_params(key: &SoftwareKey, now: Timestamp) -> Result<CertificateParams, SignError> {
    let mut params = validity(now, now.checked_add(ROOT_LIFE).unwrap_or(Timestamp::MAX))?;
    params.distinguished_name = name_of("Local test root", key);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// Parameters with a validity in whole seconds and nothing else.
fn validity(from: Timestamp, to: Timestamp) -> Result<CertificateParams, SignError> {
    let seconds = |at: Timestamp| {
        u64::try_from(at.as_second()).map_err(|_| SignError::Unfit("the clock is before 1970"))
    };
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let mut params = CertificateParams::default();
    params.not_before = epoch + Duration::from_secs(seconds(from)?);
    params.not_after = epoch + Duration::from_secs(seconds(to)?);
    Ok(params)
}

/// A name with the beginning of the key's hash, so that no two authorities share one.
fn name_of(what: &str, key: &SoftwareKey) -> DistinguishedName {
    let hash = super::pades::sha256(key.public_key());
    let mark: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "GB");
    name.push(DnType::OrganizationName, TEST_MARK);
    name.push(DnType::CommonName, format!("{what} {mark}"));
    name
}

fn identity_text(identity: &Identity) -> Result<Zeroizing<String>, SignError> {
    let (key, certificate) = (identity.key.to_pem()?, identity.certificate.to_pem()?);
    // At its full size from the start: a text that grew would leave uncleared copies behind.
    let mut text = Zeroizing::new(String::with_capacity(key.len() + certificate.len()));
    text.push_str(&key);
    text.push_str(&certificate);
    Ok(text)
}

fn read_identity(path: &Path) -> Result<Option<Identity>, SignError> {
    let Some(text) = keeping::read(path)? else {
        return Ok(None);
    };
    let key =
        SoftwareKey::from_pkcs8(section(&text, PRIVATE_KEY).ok_or(SignError::Key)?.as_bytes())?;
    let missing = SignError::Unfit("it is missing beside its key");
    let certificate = Certificate::from_pem(section(&text, CERTIFICATE).ok_or(missing)?)?;
    if certificate.public_key() != key.public_key() {
        return Err(SignError::Unfit("it belongs to another key"));
    }
    Ok(Some(Identity { key, certificate }))
}

/// The first section of this label in a text of several. RFC 7468.
fn section<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let start = text.find(&format!("-----BEGIN {label}-----"))?;
    let close = format!("-----END {label}-----\n");
    let end = start + text[start..].find(&close)? + close.len();
    let section = &text[start..end];
    pem::decode_label(section.as_bytes()).ok().map(|_| section)
}

impl PublicKeyData for SoftwareKey {
    fn der_bytes(&self) -> &[u8] {
        self.public_key()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        match self.kind() {
            Algorithm::EcdsaP256 => &PKCS_ECDSA_P256_SHA256,
            Algorithm::EcdsaP384 => &PKCS_ECDSA_P384_SHA384,
            Algorithm::Rsa => &PKCS_RSA_SHA256,
        }
    }
}

impl rcgen::SigningKey for SoftwareKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.sign_now(message).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

/// Where the authority stands in a data directory.
pub fn folder_in(data_directory: &Path) -> PathBuf {
    data_directory.join("authority")
}

/// Folder of every certificate that it ever made.
pub(super) const CERTIFICATES: &str = "certificates";
/// id-kp-documentSigning: RFC 9336, section 3.1.
const DOCUMENT_SIGNING: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 36];
const ROOT_LIFE: SignedDuration = SignedDuration::from_hours(731 * 24);
const SIGNER_LIFE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A root with less left than a signer's life is replaced.
const ROOT_MARGIN: SignedDuration = SIGNER_LIFE;
const SIGNER_MARGIN: SignedDuration = SignedDuration::from_hours(14 * 24);

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("spo-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        path
    }

    fn noon() -> Timestamp {
        "2026-11-21T12:00:00.25Z".parse().unwrap()
    }

    fn later(days: i64) -> Timestamp {
        noon() + SignedDuration::from_hours(24 * days)
    }

    #[test]
    fn the_first_opening_makes_private_files_and_the_next_reads_them() {
        let folder = folder("first");
        let first = Authority::open(&folder, noon()).unwrap();
        let again = Authority::open(&folder, later(1)).unwrap();
        assert_eq!(first.root(), again.root());
        assert_eq!(first.signer(), again.signer());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        let mut names = Vec::new();
        for place in [folder.clone(), folder.join(CERTIFICATES)] {
            for entry in std::fs::read_dir(place).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_file() {
                    assert_eq!(mode(&entry.path()), 0o600);
                }
                names.push(entry.file_name().into_string().unwrap());
            }
        }
        names.sort();
        assert_eq!(names.len(), 5, "{names:?}");
        assert_eq!(names[0], CERTIFICATES);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_signer_is_a_marked_document_signer_for_ninety_days() {
        let folder = folder("marked");
        let authority = Authority::open(&folder, noon()).unwrap();
        let signer = authority.signer();
        assert!(signer.is_test() && authority.root().is_test());
        assert!(signer.allows_signing_documents().is_ok());
        assert!(authority.root().allows_signing_documents().is_err());
        assert!(signer.names_as_issuer(authority.root()));
        assert!(signer.common_name().starts_with("Local test seal "));
        assert!(signer.valid_at(noon()).is_ok());
        assert!(signer.valid_at(later(89)).is_ok());
        assert!(signer.valid_at(later(90)).is_ok(), "the last second counts whole");
        assert!(signer.valid_at(later(90) + SignedDuration::from_secs(1)).is_err());
        assert!(signer.valid_at(noon() - SignedDuration::from_secs(1)).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_signer_near_its_end_is_renewed_and_its_certificate_kept() {
        let folder = folder("renewed");
        let first = Authority::open(&folder, noon()).unwrap();
        let kept = Authority::open(&folder, later(75)).unwrap();
        assert_eq!(first.signer(), kept.signer());
        let renewed = Authority::open(&folder, later(77)).unwrap();
        assert_ne!(first.signer(), renewed.signer());
        assert_eq!(first.root(), renewed.root());
        let old = folder.join(CERTIFICATES).join(format!("signer-{}.pem", first.signer().serial()));
        let old = Certificate::from_pem(&std::fs::read_to_string(old).unwrap()).unwrap();
        assert_eq!(&old, first.signer());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_root_with_less_than_a_signer_s_life_left_is_replaced_with_its_signer() {
        let folder = folder("root");
        let first = Authority::open(&folder, noon()).unwrap();
        let next = Authority::open(&folder, later(642)).unwrap();
        assert_ne!(first.root(), next.root());
        assert!(next.signer().names_as_issuer(next.root()));
        assert!(next.signer().not_after() <= next.root().not_after());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_damaged_file_is_an_error_and_stays() {
        let folder = folder("damaged");
        drop(Authority::open(&folder, noon()).unwrap());
        let (root, signer) = (folder.join("root.pem"), folder.join("signer.pem"));
        let whole = std::fs::read_to_string(&signer).unwrap();
        std::fs::write(&signer, &whole[..300]).unwrap();
        assert!(matches!(Authority::open(&folder, noon()), Err(SignError::Unfit(_))));
        assert_eq!(std::fs::read_to_string(&signer).unwrap(), whole[..300]);
        let other = std::fs::read_to_string(&root).unwrap();
        let key = section(&other, PRIVATE_KEY).unwrap();
        std::fs::write(&signer, format!("{key}{}", section(&whole, CERTIFICATE).unwrap())).unwrap();
        assert!(matches!(Authority::open(&folder, noon()), Err(SignError::Unfit(_))));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn two_first_openings_at_once_end_with_one_root() {
        let folder = folder("race");
        keeping::private_folder(&folder).unwrap();
        keeping::private_folder(&folder.join(CERTIFICATES)).unwrap();
        let fit = |_: &Identity| true;
        let mut winner = None;
        let loser = settle(&folder, "root", fit, || {
            winner = Some(settle(&folder, "root", fit, || make_root(noon()))?);
            make_root(noon())
        });
        assert_eq!(loser.unwrap().certificate, winner.unwrap().certificate);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
