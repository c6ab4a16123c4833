//! The outside services that the tests run are what they are said to be.

use crate::dss;
use crate::harness::{Folder, NOW, Services, TestApp, full, now};
use crate::outside::run;

#[test]
fn the_test_services_answer_and_their_certificates_are_what_they_say() {
    let Some(services) = Services::at(Some(NOW)) else { return };
    let text = |name: &str| {
        let shown =
            run("openssl", &["x509", "-noout", "-text", "-in"], &services.certificate(name), &[]);
        String::from_utf8(shown.unwrap().stdout).unwrap()
    };
    let seal = text("seal-p256");
    assert!(seal.contains(&format!("{}/fiction/ocsp/issuing", services.url)), "{seal}");
    assert!(seal.contains(&format!("{}/fiction/crls/issuing/latest.crl", services.url)), "{seal}");
    assert!(text("tsa").contains("Time Stamping"));
    assert!(text("seal-weak").contains("2048 bit"));
    assert!(text("seal-expired").contains("Not After : Jan  1 00:00:00 2025"));
    assert!(services.signer("seal-p384").exists() && services.key("seal-rsa").exists());
    assert!(services.timestamps("tsa").ends_with("/fiction/tsa/tsa"));
}

#[tokio::test]
async fn conformance_eu_dss_finds_a_signed_order_whole_and_a_changed_one_not() {
    let folder = Folder::new();
    let app = TestApp::start().await;
    let reply = app.post("/v1/full-orders", &full()).key("dss").pdf().send().await.expect(201);
    let (good, bad) = (folder.path().join("good.pdf"), folder.path().join("bad.pdf"));
    std::fs::write(&good, &reply.body).unwrap();
    let mut changed = reply.body.clone();
    changed[5000] ^= 1;
    std::fs::write(&bad, &changed).unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, app.root_certificate()).unwrap();
    let Some(said) = dss::judge(&[root], now(), &[&good, &bad]) else { return };
    let one = |judgement: &dss::Judgement| judgement.as_ref().unwrap()[0].clone();
    let (good, bad) = (one(&said[0]), one(&said[1]));
    assert!(good.intact && !good.modified && good.format == "PAdES-BASELINE-B", "{good:?}");
    // Nothing says of the test authority's certificates whether they were revoked.
    assert_ne!(good.indication, "TOTAL_FAILED", "{good:?}");
    assert_eq!((bad.indication.as_str(), bad.sub.as_str()), ("TOTAL_FAILED", "HASH_FAILURE"));
}
