//! A key with its certificates in a PKCS#12 file. RFC 7292; encrypted by PBES2 alone (RFC 8018,
//! section 6.2), which is what OpenSSL 3 writes unless it is told otherwise.
//!
//! Opening derives keys from the passphrase thousands of times over: once at start, never for a
//! document. The library does not clear the decrypted file from its memory; the copy that we make
//! of the key is cleared.

use p12_keystore::error::Error;
use p12_keystore::{
    Certificate as Enclosed, KeyStore, KeyStoreEntry, Pkcs12Archive, PrivateKey, PrivateKeyChain,
};
use zeroize::Zeroizing;

use super::order::chain_of;
use super::{KeyFault, SigningKey, SoftwareKey};
use crate::sign::certificate::Certificate;
use crate::sign::{Secret, SignError};

/// Opens a file that holds one key and its certificates; gives them with the key's own first.
///
/// # Errors
/// [`SignError::Opening`] with [`KeyFault::WrongSecret`], [`KeyFault::Outdated`],
/// [`KeyFault::NoKey`], [`KeyFault::SeveralKeys`], [`KeyFault::NoCertificate`],
/// [`KeyFault::Refused`] where the key is of a kind or size that we do not sign with, and
/// [`KeyFault::Unreadable`] in all other cases.
pub fn open(
    bytes: &[u8],
    passphrase: &Secret,
) -> Result<(Box<dyn SigningKey>, Vec<Certificate>), SignError> {
    let fault = SignError::Opening;
    if bytes.len() > LONGEST {
        return Err(fault(KeyFault::Unreadable));
    }
    let archive = Pkcs12Archive::from_pkcs12(bytes, passphrase.expose());
    let archive = archive.map_err(|error| fault(why(&error, bytes)))?;
    let key = match archive.keys.as_slice() {
        [one] => SoftwareKey::from_pkcs8(one.key.as_der())?,
        [] => return Err(fault(KeyFault::NoKey)),
        _ => return Err(fault(KeyFault::SeveralKeys)),
    };
    let read =
        |bag: &p12_keystore::CertificateBag| Certificate::from_der(bag.cert.as_der().to_vec());
    let among = archive.certs.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let chain = chain_of(key.public_key(), among)?;
    Ok((Box::new(key), chain))
}

/// Writes a file that holds one key (PKCS#8 in PEM) and its certificates: PBES2 with AES-256, a
/// code over the whole. What is not on the way up from the key's own certificate is left out.
///
/// # Errors
/// [`SignError::Opening`] as [`open`]; [`SignError::Key`] where the library refuses.
pub fn write(
    key: &str,
    among: Vec<Certificate>,
    passphrase: &Secret,
) -> Result<Zeroizing<Vec<u8>>, SignError> {
    let unread = || SignError::Opening(KeyFault::Unreadable);
    let chain = chain_of(SoftwareKey::from_pkcs8(key.as_bytes())?.public_key(), among)?;
    let (_, der) = der::pem::decode_vec(key.as_bytes()).map_err(|_| unread())?;
    let der = Zeroizing::new(der);
    let private = PrivateKey::from_der(&der).map_err(|_| unread())?;
    let chain = chain.iter().map(|one| Enclosed::from_der(one.der()));
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(|_| unread())?;
    let mut store = KeyStore::new();
    let entry = PrivateKeyChain::new(ENTRY, private, chain);
    store.add_entry(ENTRY, KeyStoreEntry::PrivateKeyChain(entry));
    let written = store.writer(passphrase.expose()).write();
    written.map(Zeroizing::new).map_err(|_| SignError::Key)
}

/// The library's errors as far as whoever holds the file can mend them.
fn why(error: &Error, bytes: &[u8]) -> KeyFault {
    match error {
        // Without a code over the whole, a wrong passphrase shows as padding that is none.
        Error::MacError(_) | Error::Pkcs5Error(_) => KeyFault::WrongSecret,
        Error::UnsupportedEncryptionScheme if names_outdated(bytes) => KeyFault::Outdated,
        _ => KeyFault::Unreadable,
    }
}

/// Whether a file names one of the methods that came before PBES2: the algorithms stand in the open
/// beside what they encrypt.
fn names_outdated(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, PBE_IDS).is_some()
}

/// The name of the key in a file that we write.
const ENTRY: &str = "signer";
/// A key with the longest of chains has some ten thousand bytes.
const LONGEST: usize = 1024 * 1024;
/// pkcs-12PbeIds in DER, without its last arc. RFC 7292, appendix C.
const PBE_IDS: &[u8] = &[0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::authority::Authority;

    fn secret(text: &str) -> Secret {
        Secret::new(Zeroizing::new(text.to_owned()))
    }

    /// A file of that many keys of the local authority, each with its two certificates.
    fn file(name: &str, keys: usize) -> Vec<u8> {
        let mut store = KeyStore::new();
        for index in 0..keys.max(1) {
            let place = format!("spo-{}-p12-{name}-{index}", std::process::id());
            let folder = std::env::temp_dir().join(place);
            let _ = std::fs::remove_dir_all(&folder);
            let at = "2026-11-21T12:00:00Z".parse().unwrap();
            let authority = Authority::open(&folder, at).unwrap();
            let text = std::fs::read_to_string(folder.join("signer.pem")).unwrap();
            std::fs::remove_dir_all(&folder).unwrap();
            let end = text.find("-----BEGIN CERTIFICATE").unwrap();
            let (_, key) = der::pem::decode_vec(&text.as_bytes()[..end]).unwrap();
            let certificates = [authority.signer(), authority.root()]
                .map(|one| Enclosed::from_der(one.der()).unwrap());
            let entry = if keys == 0 {
                KeyStoreEntry::Certificate(certificates[0].clone())
            } else {
                let key = PrivateKey::from_der(&key).unwrap();
                KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(
                    format!("key {index}"),
                    key,
                    certificates,
                ))
            };
            store.add_entry(&format!("entry {index}"), entry);
        }
        store.writer("words").write().unwrap()
    }

    fn fault(bytes: &[u8], passphrase: &str) -> Option<KeyFault> {
        match open(bytes, &secret(passphrase)) {
            Err(SignError::Opening(fault)) => Some(fault),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        }
    }

    #[test]
    fn one_key_comes_with_its_chain_and_its_own_certificate_first() {
        let (key, chain) = open(&file("one", 1), &secret("words\n")).unwrap();
        assert_eq!(chain.len(), 2);
        assert!(chain[0].names_as_issuer(&chain[1]));
        assert_eq!(chain[0].algorithm().unwrap(), key.algorithm());
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_by_name() {
        let one = file("faults", 1);
        assert_eq!(fault(&one, "other words"), Some(KeyFault::WrongSecret));
        assert_eq!(fault(&one, ""), Some(KeyFault::WrongSecret));
        assert_eq!(fault(&file("none", 0), "words"), Some(KeyFault::NoKey));
        assert_eq!(fault(&file("two", 2), "words"), Some(KeyFault::SeveralKeys));
        for bytes in [&one[..one.len() - 1], b"", b"0\x80", &vec![0; LONGEST + 1]] {
            assert_eq!(fault(bytes, "words"), Some(KeyFault::Unreadable));
        }
    }

    #[test]
    fn a_key_and_its_certificates_written_are_read_as_they_were() {
        let folder = std::env::temp_dir().join(format!("spo-{}-p12-write", std::process::id()));
        let made = || {
            let _ = std::fs::remove_dir_all(&folder);
            Authority::open(&folder, "2026-11-21T12:00:00Z".parse().unwrap()).unwrap()
        };
        let other = made();
        let authority = made();
        let text = std::fs::read_to_string(folder.join("signer.pem")).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let key = &text[..text.find("-----BEGIN CERTIFICATE").unwrap()];
        let (own, root) = (authority.signer().clone(), authority.root().clone());
        let among = vec![root.clone(), other.signer().clone(), own.clone()];
        let bytes = write(key, among, &secret("words")).unwrap();
        assert_eq!(open(&bytes, &secret("words")).unwrap().1, [own, root]);
        assert_eq!(fault(&bytes, "other words"), Some(KeyFault::WrongSecret));
        let strange = write(key, vec![other.signer().clone()], &secret("words"));
        assert!(matches!(strange, Err(SignError::Opening(KeyFault::NoCertificate))));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]
        #[test]
        fn no_changed_byte_makes_the_reader_fall(place in 0_usize..2000, by in 1_u8..=255) {
            static FILE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
            let mut bytes = FILE.get_or_init(|| file("changed", 1)).clone();
            let place = place % bytes.len();
            bytes[place] ^= by;
            let _ = open(&bytes, &secret("words"));
        }
    }
}
