//! PKCS#12 files as the openssl command writes them.

use spo::sign::key::pkcs12;
use spo::sign::{Algorithm, KeyFault, SignError, Signer};

use super::{Issued, KINDS, SMALL, judged_whole, sealed, secret};

const EXPORT: &str = "pkcs12 -export -inkey leaf.key -in leaf.pem -certfile root.pem -out leaf.p12 \
                      -passout pass:words";

#[tokio::test]
async fn each_kind_of_key_in_a_file_signs_an_order_that_others_find_whole() {
    for (algorithm, kind) in KINDS {
        let Some(issued) = Issued::new(kind) else { return };
        issued.openssl(EXPORT, &[]);
        let (key, chain) = pkcs12::open(&issued.bytes("leaf.p12"), &secret("words\n")).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        assert_eq!(chain, issued.chain());
        let signer = Signer::new(key, chain).unwrap();
        signer.try_out().await.unwrap();
        assert_eq!(signer.reserve(false), 4096, "{}", algorithm.name());
        judged_whole(&sealed(&signer).await, algorithm);
    }
}

#[tokio::test]
async fn an_older_or_weaker_file_is_refused_by_name() {
    let Some(issued) = Issued::new(KINDS[0].1) else { return };
    let fault = |issued: &Issued, export: &str, more: &[&str], passphrase: &str| {
        issued.openssl(export, more);
        match pkcs12::open(&issued.bytes("leaf.p12"), &secret(passphrase)) {
            Err(SignError::Opening(fault)) => Some(fault),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        }
    };
    assert_eq!(fault(&issued, EXPORT, &[], "words"), None);
    assert_eq!(fault(&issued, EXPORT, &[], "other"), Some(KeyFault::WrongSecret));
    let old = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"];
    for more in [&old[..], &old[..2], &old[2..4]] {
        assert_eq!(fault(&issued, EXPORT, more, "words"), Some(KeyFault::Outdated), "{more:?}");
    }
    assert_eq!(fault(&issued, EXPORT, &["-nomac"], "words"), None);
    assert_eq!(fault(&issued, EXPORT, &["-nomac"], "other"), Some(KeyFault::WrongSecret));
    let bare = "pkcs12 -export -nokeys -in leaf.pem -out leaf.p12 -passout pass:words";
    assert_eq!(fault(&issued, bare, &[], "words"), Some(KeyFault::NoKey));
    let alone = "pkcs12 -export -nocerts -inkey leaf.key -out leaf.p12 -passout pass:words";
    assert_eq!(fault(&issued, alone, &[], "words"), Some(KeyFault::NoCertificate));
    let small = Issued::new(SMALL).unwrap();
    assert_eq!(fault(&small, EXPORT, &[], "words"), Some(KeyFault::Refused));
    assert!(small.chain()[0].algorithm().is_err());
}

#[tokio::test]
async fn a_longer_chain_reserves_more_and_a_key_of_another_certificate_signs_nothing() {
    let (Some(one), Some(other)) = (Issued::new(KINDS[0].1), Issued::new(KINDS[0].1)) else {
        return;
    };
    one.openssl(EXPORT, &[]);
    let open = || pkcs12::open(&one.bytes("leaf.p12"), &secret("words")).unwrap();
    let signer = Signer::new(open().0, other.chain()).unwrap();
    assert!(matches!(signer.try_out().await, Err(SignError::Breach(_))));
    let sealed = signer.seal(super::unsigned(4096), jiff::Timestamp::now()).await;
    assert!(matches!(sealed, Err(SignError::Breach(_))));
    let (key, mut chain) = open();
    for kind in KINDS.into_iter().cycle().take(4) {
        chain.extend(Issued::new(kind.1).unwrap().chain());
    }
    let signer = Signer::new(key, chain).unwrap();
    assert_eq!((signer.reserve(false), signer.reserve(true)), (8192, 16384));
    judged_whole(&super::sealed(&signer).await, Algorithm::EcdsaP256);
}
