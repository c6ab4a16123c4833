//! The two ways in which the value of an ECDSA signature is written: as two numbers side by side,
//! which tokens and some services give, and in DER, which a signature holds. And the frame around a
//! digest that an RSA key signs.

use der::asn1::{Any, Null, OctetStringRef, UintRef};
use der::{Decode, Encode, Sequence};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::sign::{Algorithm, Digest};

/// RFC 3279, section 2.2.3.
#[derive(Sequence)]
struct Pair<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// RFC 8017, appendix A.2.4.
#[derive(Sequence)]
struct DigestInfo<'a> {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetStringRef<'a>,
}

/// A signature value in the form that a CMS signature holds, from either form in which an ECDSA
/// value may come; none where it is of no form of this kind. That it is right is not said.
pub(super) fn in_der(algorithm: Algorithm, value: Vec<u8>) -> Option<Vec<u8>> {
    let half = match algorithm {
        Algorithm::Rsa => return Some(value),
        Algorithm::EcdsaP256 => 32,
        Algorithm::EcdsaP384 => 48,
    };
    if Pair::from_der(&value).is_ok() {
        return Some(value);
    }
    if value.len() != 2 * half {
        return None;
    }
    let (r, s) = value.split_at(half);
    Pair { r: UintRef::new(r).ok()?, s: UintRef::new(s).ok()? }.to_der().ok()
}

/// What an RSA key signs by PKCS #1 v1.5 where it does not hash itself: the digest with its name,
/// which here has parameters. RFC 8017, section 9.2.
pub(super) fn digest_info(kind: Digest, digest: &[u8]) -> Option<Vec<u8>> {
    let mut algorithm = kind.identifier();
    algorithm.parameters = Some(Any::from(Null));
    DigestInfo { algorithm, digest: OctetStringRef::new(digest).ok()? }.to_der().ok()
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_ASN1,
        ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    };

    use super::*;

    #[test]
    fn two_numbers_side_by_side_become_der_that_the_key_confirms() {
        for (algorithm, fixed, verification) in [
            (Algorithm::EcdsaP256, &ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P256_SHA256_ASN1),
            (Algorithm::EcdsaP384, &ECDSA_P384_SHA384_FIXED_SIGNING, &ECDSA_P384_SHA384_ASN1),
        ] {
            let key = EcdsaKeyPair::generate(fixed).unwrap();
            let public = UnparsedPublicKey::new(verification, key.public_key());
            // Often enough that numbers with a high bit and with leading zeros come up.
            for round in 0_u32..600 {
                let message = round.to_be_bytes();
                let value = key.sign(&SystemRandom::new(), &message).unwrap().as_ref().to_vec();
                let der = in_der(algorithm, value).unwrap();
                public.verify(&message, &der).unwrap();
                assert_eq!(in_der(algorithm, der.clone()), Some(der));
            }
        }
    }

    #[test]
    fn what_is_of_no_form_is_refused() {
        for value in [vec![], vec![7; 63], vec![7; 65], vec![7; 96], b"0\x03\x02\x01\x05".to_vec()]
        {
            assert_eq!(in_der(Algorithm::EcdsaP256, value), None);
        }
        assert_eq!(in_der(Algorithm::Rsa, vec![1, 2]), Some(vec![1, 2]));
    }

    #[test]
    fn the_frame_around_a_digest_is_the_standard_s() {
        // RFC 8017, section 9.2, note 1.
        let frame = digest_info(Digest::Sha256, &[7; 32]).unwrap();
        let before =
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
        assert_eq!(frame, [before.as_slice(), &[7; 32]].concat());
    }
}
