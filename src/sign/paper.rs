//! The paper key: it signs what the QR code of each page says, so that paper can be checked by
//! whoever has the public key, without a network. Ed25519 (RFC 8032): small, and the same words
//! give the same signature, so a document drawn again is the same to the byte.
//!
//! It is not the key of the documents: it stands on this machine, made at the first start, and is
//! asked once a document. In the folder: `paper.pem` (private, PKCS#8) and `paper-public.pem`, the
//! public keys of all paper keys ever used here, so that old paper stays checkable. To change the
//! key: take `paper.pem` away and start again.
//!
//! # Decisions
//! - Nothing vouches for the public file but the way by which it is brought: whoever takes it over
//!   compares its fingerprint with the one that `spo doctor` and `/health/signing` show. A forged
//!   key file would make forged paper pass, so the file goes to a force as certificates do.

use std::path::Path;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use der::pem;
use zeroize::Zeroizing;

use super::SignError;
use super::keeping::{self, Placing};
use super::key::software::PRIVATE_KEY;
use crate::digest::sha256;
use crate::paper::{Claim, KeyId, Mark, SIGNATURE, Signed, Statement};

/// The key that marks paper, with the public keys of its forerunners.
pub struct PaperKey {
    pair: Ed25519KeyPair,
    id: KeyId,
    known: PaperKeys,
}

/// Public keys by which paper is checked; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperKeys(Vec<PublicKey>);

/// The public half of a paper key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey {
    point: [u8; POINT],
}

/// Why a paper's statement is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It names a key that we do not have.
    #[error("the paper names an unknown key")]
    UnknownKey,
    /// Its key did not sign it.
    #[error("the paper's signature is false")]
    False,
}

impl PaperKey {
    /// Opens the key in a folder, or makes it.
    ///
    /// # Errors
    /// [`SignError::Files`] where the folder can't be read or written; [`SignError::Key`] where
    /// what stands in it is damaged: it is never replaced unasked.
    pub fn open(folder: &Path) -> Result<Self, SignError> {
        keeping::private_folder(folder)?;
        let pair = settle(&folder.join(PRIVATE_FILE))?;
        let key = Self::of(pair)?;
        let path = folder.join(PUBLIC_FILE);
        let kept = keeping::read(&path)?;
        let mut known = match &kept {
            Some(text) => PaperKeys::read(text)?,
            None => PaperKeys(Vec::new()),
        };
        let own = key.known.0.first().copied().ok_or(SignError::Key)?;
        if !known.0.contains(&own) {
            known.0.push(own);
            keeping::write(&path, &known.pem()?, Placing::Replacing)?;
        }
        Ok(Self { known, ..key })
    }

    /// The key of a seed: 32 bytes of chance that nobody else has.
    ///
    /// # Errors
    /// [`SignError::Key`] where the library refuses.
    pub fn of_seed(seed: &[u8; 32]) -> Result<Self, SignError> {
        Self::of(Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| SignError::Key)?)
    }

    /// The mark of a claim. Its words are the first set that `may_stand`; where none does, the
    /// last, and the search of the finished file has the last word.
    pub fn mark(&self, claim: &Claim, may_stand: impl Fn(&str) -> bool) -> Mark {
        let of = |set| Statement::of(claim, self.id, set);
        let set = (0..u8::MAX).find(|set| may_stand(&of(*set).words())).unwrap_or(u8::MAX);
        let statement = of(set);
        let mut signature = [0; SIGNATURE];
        let made = self.pair.sign(&statement.signed_bytes());
        signature.copy_from_slice(made.as_ref());
        Mark { qr: Signed { statement, signature }.text(), words: statement.words() }
    }

    /// By which it is named on paper.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Its own public key and those of its forerunners.
    pub const fn public(&self) -> &PaperKeys {
        &self.known
    }

    /// SHA-256 of its public key as it stands in the file (DER).
    pub fn fingerprint(&self) -> [u8; 32] {
        PublicKey::of(&self.pair).map_or([0; 32], |key| key.fingerprint())
    }

    fn of(pair: Ed25519KeyPair) -> Result<Self, SignError> {
        let own = PublicKey::of(&pair).ok_or(SignError::Key)?;
        Ok(Self { pair, id: own.id(), known: PaperKeys(vec![own]) })
    }
}

impl PaperKeys {
    /// Reads one or more public keys in PEM. RFC 7468, section 13; RFC 8410.
    ///
    /// # Errors
    /// [`SignError::Key`] where there is none, or something else stands among them.
    pub fn read(text: &str) -> Result<Self, SignError> {
        let mut keys = Vec::new();
        for part in text.split_inclusive(PUBLIC_END) {
            if part.trim().is_empty() {
                continue;
            }
            let part = part.trim_start();
            let (label, der) = pem::decode_vec(part.as_bytes()).map_err(|_| SignError::Key)?;
            let point = der.strip_prefix(SPKI).and_then(|point| point.try_into().ok());
            let point = point.filter(|_| label == PUBLIC_KEY).ok_or(SignError::Key)?;
            keys.push(PublicKey { point });
        }
        if keys.is_empty() { Err(SignError::Key) } else { Ok(Self(keys)) }
    }

    /// All of them in PEM, the newest last.
    ///
    /// # Errors
    /// [`SignError::Key`] where the library refuses.
    pub fn pem(&self) -> Result<String, SignError> {
        self.0.iter().map(PublicKey::pem).collect()
    }

    /// Each with its fingerprint.
    pub fn each(&self) -> impl Iterator<Item = (KeyId, [u8; 32])> {
        self.0.iter().map(|key| (key.id(), key.fingerprint()))
    }

    /// Whether one of these keys said so.
    ///
    /// # Errors
    /// [`Doubt`] says why not.
    pub fn check(&self, signed: &Signed) -> Result<(), Doubt> {
        let mut named = self.0.iter().filter(|key| key.id() == signed.statement.key).peekable();
        named.peek().ok_or(Doubt::UnknownKey)?;
        let said = signed.statement.signed_bytes();
        let by = |key: &PublicKey| {
            UnparsedPublicKey::new(&ED25519, key.point).verify(&said, &signed.signature).is_ok()
        };
        if named.any(by) { Ok(()) } else { Err(Doubt::False) }
    }
}

impl PublicKey {
    fn of(pair: &Ed25519KeyPair) -> Option<Self> {
        Some(Self { point: pair.public_key().as_ref().try_into().ok()? })
    }

    fn id(&self) -> KeyId {
        let [a, b, c, d, ..] = self.fingerprint();
        KeyId([a, b, c, d])
    }

    fn fingerprint(&self) -> [u8; 32] {
        sha256(&self.der())
    }

    fn der(&self) -> Vec<u8> {
        [SPKI, &self.point].concat()
    }

    fn pem(&self) -> Result<String, SignError> {
        let made = pem::encode_string(PUBLIC_KEY, pem::LineEnding::LF, &self.der());
        made.map_err(|_| SignError::Key)
    }
}

/// Reads the private key, or makes it and puts it in place.
fn settle(path: &Path) -> Result<Ed25519KeyPair, SignError> {
    if let Some(pair) = read_private(path)? {
        return Ok(pair);
    }
    let made = Ed25519KeyPair::generate().map_err(|_| SignError::Key)?;
    let document = made.to_pkcs8v1().map_err(|_| SignError::Key)?;
    let text = pem::encode_string(PRIVATE_KEY, pem::LineEnding::LF, document.as_ref());
    let text = Zeroizing::new(text.map_err(|_| SignError::Key)?);
    if keeping::write(path, &text, Placing::IfFree)? {
        return Ok(made);
    }
    // Another process was first: its key is the one.
    read_private(path)?.ok_or(SignError::Key)
}

fn read_private(path: &Path) -> Result<Option<Ed25519KeyPair>, SignError> {
    let Some(text) = keeping::read(path)? else {
        return Ok(None);
    };
    let (label, der) = pem::decode_vec(text.as_bytes()).map_err(|_| SignError::Key)?;
    let der = Zeroizing::new(der);
    if label != PRIVATE_KEY {
        return Err(SignError::Key);
    }
    // Version 1 of PKCS#8 has no public key beside the private one to compare it with.
    Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map(Some).map_err(|_| SignError::Key)
}

const PRIVATE_FILE: &str = "paper.pem";
const PUBLIC_FILE: &str = "paper-public.pem";
const PUBLIC_KEY: &str = "PUBLIC KEY";
const PUBLIC_END: &str = "-----END PUBLIC KEY-----";
/// Bytes of a public key.
const POINT: usize = 32;
/// What stands before the point in a SubjectPublicKeyInfo. RFC 8410, section 4.
const SPKI: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Presented;

    fn claim() -> Claim {
        Claim { document: [1; 16], content_sha256: [2; 32], ends_on: None }
    }

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("spo-{}-paper-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    fn signed(mark: &Mark) -> Signed {
        let Ok(Presented::Paper(signed)) = Presented::read(&mark.qr) else { panic!("{mark:?}") };
        *signed
    }

    #[test]
    fn a_mark_is_believed_by_its_public_key_and_by_no_other() {
        let key = PaperKey::of_seed(&[7; 32]).unwrap();
        let signed = signed(&key.mark(&claim(), |_| true));
        assert_eq!(signed.statement, Statement::of(&claim(), key.id(), 0));
        assert_eq!(key.public().check(&signed), Ok(()));
        let other = PaperKey::of_seed(&[8; 32]).unwrap();
        assert_eq!(other.public().check(&signed), Err(Doubt::UnknownKey));
    }

    #[test]
    fn each_changed_bit_is_doubted() {
        let key = PaperKey::of_seed(&[7; 32]).unwrap();
        let good = signed(&key.mark(&claim(), |_| true));
        for bit in 0..SIGNATURE * 8 {
            let mut signed = good;
            signed.signature[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.public().check(&signed), Err(Doubt::False));
        }
        for byte in 0..23 {
            let mut signed = good;
            signed.statement.content[byte] ^= 1;
            assert_eq!(key.public().check(&signed), Err(Doubt::False));
        }
        let mut later = good;
        later.statement.ends_on = Some(jiff::civil::date(2030, 1, 1));
        assert_eq!(key.public().check(&later), Err(Doubt::False));
    }

    #[test]
    fn the_same_claim_gives_the_same_mark() {
        let key = PaperKey::of_seed(&[7; 32]).unwrap();
        assert_eq!(key.mark(&claim(), |_| true), key.mark(&claim(), |_| true));
    }

    #[test]
    fn words_that_may_not_stand_give_way_to_others() {
        let key = PaperKey::of_seed(&[7; 32]).unwrap();
        let first = key.mark(&claim(), |_| true).words;
        let second = key.mark(&claim(), |words| words != first).words;
        assert_ne!(first, second);
        let word = first.split(' ').next().unwrap();
        let without = key.mark(&claim(), |words| !words.split(' ').any(|said| said == word));
        assert!(!without.words.split(' ').any(|said| said == word));
    }

    #[test]
    fn the_key_in_a_folder_stays_and_its_forerunners_are_still_believed() {
        let folder = folder("stays");
        let first = PaperKey::open(&folder).unwrap();
        let again = PaperKey::open(&folder).unwrap();
        assert_eq!((first.id(), first.public()), (again.id(), again.public()));
        let old = signed(&first.mark(&claim(), |_| true));
        std::fs::remove_file(folder.join(PRIVATE_FILE)).unwrap();
        let next = PaperKey::open(&folder).unwrap();
        assert_ne!(first.id(), next.id());
        assert_eq!(next.public().check(&old), Ok(()));
        let exported = PaperKeys::read(&next.public().pem().unwrap()).unwrap();
        assert_eq!((&exported, exported.each().count()), (next.public(), 2));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_damaged_key_is_refused_and_left_as_it_is() {
        let folder = folder("damaged");
        PaperKey::open(&folder).unwrap();
        std::fs::write(folder.join(PRIVATE_FILE), "no key").unwrap();
        assert!(matches!(PaperKey::open(&folder), Err(SignError::Key)));
        assert_eq!(std::fs::read_to_string(folder.join(PRIVATE_FILE)).unwrap(), "no key");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_no_public_key_is_refused() {
        let good = PaperKey::of_seed(&[7; 32]).unwrap().public().pem().unwrap();
        let wrong = ["", "words", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"];
        for wrong in wrong.into_iter().map(str::to_owned).chain([format!("{good}words")]) {
            assert!(PaperKeys::read(&wrong).is_err(), "{wrong}");
        }
        assert!(PaperKeys::read(&format!("{good}\n{good}")).is_ok());
    }
}
