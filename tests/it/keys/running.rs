//! Keys that a keyring names, in a server that runs: from the posted order to the signed file, its
//! signature before others and before our own check; and from a request for a certificate to a key
//! that signs.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cryptoki::session::SessionState;
use jiff::Timestamp;
use serde_json::Value;
use spo::sign::Algorithm;
use spo::sign::keyring::Keyring;

use super::pkcs11::{Tokens, module, stranger};
use super::service::service_of;
use super::{Issued, KINDS, judged_whole_file};
use crate::harness::{CLIENT, CREDENTIAL, Mood, Services, TestApp, full, interim, problem_names};
use crate::keyring::{Court, Server};
use crate::outside::adesverify;
use crate::timestamps::place;

/// A keyring's tables of a key on a token.
fn on_token(folder: &Path) -> String {
    let path = |name: &str| folder.join(name).display().to_string();
    format!(
        "[[key]]\nname = \"token\"\nkind = \"pkcs11\"\nmodule = \"{}\"\ntoken = \"Court one\"\n\
         object = \"seal\"\ncertificates = \"{}\"\npin_file = \"{}\"\n",
        module().unwrap().display(),
        path("token.pem"),
        path("pin"),
    )
}

/// The same of one with a signing service.
fn remote(url: &str) -> String {
    format!(
        "[[key]]\nname = \"remote\"\nkind = \"csc\"\nurl = \"{url}\"\n\
         credential = \"{CREDENTIAL}\"\nclient_id = \"{}\"\n\
         secret_variable = \"SPO_SECRET_REMOTE\"\n",
        CLIENT.0
    )
}

/// What pdfsig, pyHanko by its plain and by its AdES rules, and our own check say of a file that a
/// server gave out.
async fn judged(server: &Server, root: &Path, pdf: &[u8], algorithm: Algorithm) {
    let folder = crate::harness::Folder::new();
    let file = folder.path().join("order.pdf");
    std::fs::write(&file, pdf).unwrap();
    judged_whole_file(&file, algorithm);
    let soon = Timestamp::now() + Duration::from_secs(60);
    if let Some(judged) = adesverify(root, (&file, algorithm.name()), soon, false) {
        judged.unwrap();
    }
    let checked = server.checked(pdf).await;
    assert_eq!(checked["verdict"], "current", "{checked}");
    let [signature] = checked["signatures"].as_array().unwrap().as_slice() else {
        panic!("{checked}")
    };
    let found = ["integrity", "trust", "level", "revocation"].map(|name| signature[name].clone());
    assert_eq!(found[..3], ["intact", "trusted", "B-T"].map(Value::from), "{signature}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_on_a_token_and_with_a_service_sign_the_orders_of_a_running_server() {
    let mut court = Court::new();
    let Some(tokens) = Tokens::prepared(&court.data()) else { return };
    let Some(services) = Services::at(None) else { return };
    tokens.make("Court one");
    tokens.put_file("Court one", &services.key("seal-p384"), ("seal", "A1"));
    let chain = |name: &str| {
        let parts = [name, "issuing", "root"].map(|one| services.certificate(one));
        parts.map(|file| std::fs::read_to_string(file).unwrap()).concat()
    };
    let (key, chain_there) = (services.key("seal-p256"), chain("seal-p256"));
    let service = service_of(Algorithm::EcdsaP256, key, &chain_there);
    court.environment = vec![
        ("SOFTHSM2_CONF", tokens.settings().display().to_string()),
        ("SPO_SECRET_REMOTE", CLIENT.1.to_owned()),
    ];
    let data = court.data();
    court.private("data/pin", b"1234\n");
    std::fs::write(data.join("token.pem"), chain("seal-p384")).unwrap();
    let root = services.certificate("root");
    let text = format!(
        "{}{}[[profile]]\nname = \"interim\"\nkinds = [\"interim_order\"]\nkeys = [\"token\"]\n\
         [[profile]]\nname = \"others\"\nkeys = [\"remote\"]\n\
         [[timestamp]]\nurl = \"{}\"\nanchors = \"{root}\"\n\
         [trust]\nsigners = [\"{root}\"]\n[outside]\nallow_private = true\n",
        on_token(&data),
        remote(&service.url),
        services.timestamps("tsa"),
        root = root.display(),
    );
    std::fs::write(court.keyring(), text).unwrap();
    for name in ["token", "remote"] {
        let (code, out, err) = court.spo(&["keys", "test", name], "");
        assert!(code == 0 && out.contains("its certificate confirms it"), "{out}{err}");
    }
    service.calls();
    let server = Server::start(&court);
    // A key with a service is tried when the keyring opens, like every other.
    let opening = service.calls();
    assert_eq!(opening.iter().filter(|call| *call == "signatures/signHash").count(), 1);
    let by_token = server.pdf("/v1/interim-orders", &interim()).await;
    let by_service = server.pdf("/v1/full-orders", &full()).await;
    assert!(service.calls().iter().any(|call| call == "signatures/signHash"));
    judged(&server, &root, &by_token, Algorithm::EcdsaP384).await;
    judged(&server, &root, &by_service, Algorithm::EcdsaP256).await;
    let orders: Value = serde_json::from_str(&server.read("/v1/orders").await).unwrap();
    assert_eq!(orders["items"].as_array().unwrap().len(), 2);
    // What the service signs wrongly is no order, and nothing is kept.
    service.set(Mood::WrongHash);
    let call = server.post("/v1/full-orders").header("Content-Type", "application/json");
    let refused = call.body(full().to_string()).send().await.unwrap();
    assert!(refused.status().is_server_error(), "{}", refused.status());
    let orders: Value = serde_json::from_str(&server.read("/v1/orders").await).unwrap();
    assert_eq!(orders["items"].as_array().unwrap().len(), 2);
    // Nor does a keyring open with it.
    let (code, _, err) = court.spo(&["keys", "list"], "");
    assert!(code == 2 && err.contains("key.remote.url"), "{err}");
}

#[tokio::test]
async fn a_server_whose_token_loses_login_session_or_itself_goes_on_signing_once_it_can() {
    let test = "keys::running::\
                a_server_whose_token_loses_login_session_or_itself_goes_on_signing_once_it_can";
    let Some(tokens) = Tokens::inside(test) else { return };
    tokens.make("Court one");
    let issued = Issued::new(KINDS[0].1).unwrap();
    tokens.put("Court one", &issued, ("seal", "A1"));
    let folder = crate::harness::Folder::new();
    let at = |name: &str| folder.path().join(name);
    let certificates = ["leaf.pem", "root.pem"].map(|name| issued.bytes(name)).concat();
    std::fs::write(at("token.pem"), certificates).unwrap();
    std::fs::write(at("pin"), "1234").unwrap();
    crate::timestamps::private(&at("pin"));
    let text = format!(
        "{}[[profile]]\nname = \"all\"\nkeys = [\"token\"]\n[trust]\nsigners = [\"{}\"]\n",
        on_token(folder.path()),
        issued.path("root.pem").display()
    );
    std::fs::write(at("keyring.toml"), text).unwrap();
    let keys = Keyring::open(place(folder.path(), at("keyring.toml")), Timestamp::now()).await;
    let app = TestApp::sealing(Arc::new(keys.unwrap())).await;
    app.clock.set(Timestamp::now());
    let post = |key: &'static str| app.post("/v1/interim-orders", &interim()).key(key).pdf();
    post("first").send().await.expect(201);
    let (library, _, session) = stranger("Court one");
    session.logout().unwrap();
    let state = session.get_session_info().unwrap().session_state();
    assert!(matches!(state, SessionState::RwPublic), "nobody is logged in: {state:?}");
    post("logged-out").send().await.expect(201);
    drop(session);
    // Every session of the process ends with the library.
    library.clone().finalize().unwrap();
    assert!(library.get_slots_with_token().is_err());
    post("without-a-session").send().await.expect(201);
    library.clone().finalize().unwrap();
    tokens.tool("softhsm2-util", "--delete-token --token", &["Court one"]);
    let before = app.rows().await;
    let refused = post("without-a-token").send_unchecked().await.expect(503);
    assert_eq!(problem_names(&refused), "signing_unavailable");
    assert_eq!(app.rows().await, before, "a refusal keeps nothing");
    library.clone().finalize().unwrap();
    tokens.make("Court one");
    tokens.put("Court one", &issued, ("seal", "A1"));
    let order = post("without-a-token").send().await.expect(201);
    assert_eq!(app.count_orders().await, 4);
    std::fs::write(at("order.pdf"), &order.body).unwrap();
    judged_whole_file(&at("order.pdf"), Algorithm::EcdsaP256);
    let checked = crate::timestamps::verdict(&app, &order.body).await;
    assert_eq!(checked["verdict"], "current", "{checked}");
    assert_eq!(checked["signatures"][0]["trust"], "trusted", "{checked}");
}

#[tokio::test]
async fn a_request_becomes_a_key_that_signs_by_the_commands_that_are_documented() {
    let court = Court::new();
    let Some(issued) = Issued::new(KINDS[0].1) else { return };
    let (code, request, err) =
        court.spo(&["keys", "make", "seal-2027", "--common-name", "Example Court Seal"], "");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("spo keys certify seal-2027"), "{err}");
    std::fs::write(issued.path("leaf.csr"), &request).unwrap();
    issued.openssl(
        "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 \
         -out seal.pem -extfile leaf.cnf",
        &[],
    );
    let file = |name: &str| issued.path(name).display().to_string();
    let (own, root, other, pass) =
        (file("seal.pem"), file("root.pem"), file("leaf.pem"), file("p"));
    let certify = |name: &str, files: &[&str]| {
        let flag = ["--passphrase-file", &pass];
        court.spo(&[&["keys", "certify", name], files, &flag].concat(), "")
    };
    // Another's certificate, none at all, no such key: nothing changes.
    std::fs::write(issued.path("noise.pem"), "noise").unwrap();
    let (caller, missing) = (2, 3);
    for (name, files, expected) in [
        ("seal-2027", &[other.as_str(), &root][..], caller),
        ("seal-2027", &[&file("noise.pem")], caller),
        ("seal-2027", &["nowhere.pem"], missing),
        ("seal-2028", &[&own], missing),
    ] {
        let (code, _, err) = certify(name, files);
        assert_eq!(code, expected, "{name} {files:?}: {err}");
        assert!(!court.keyring().exists() && !issued.path("p").exists(), "{files:?}");
        assert!(court.data().join("keys/seal-2027.pem").exists());
    }
    // In any order.
    let (code, _, err) = certify("seal-2027", &[&root, &own]);
    assert_eq!(code, 0, "{err}");
    let (keys, mode) = (court.data().join("keys"), |path: &Path| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    });
    assert!(!keys.join("seal-2027.pem").exists() && !keys.join("seal-2027.csr").exists());
    assert_eq!((mode(&keys.join("seal-2027.p12")), mode(&issued.path("p"))), (0o600, 0o600));
    let listed = court.listed("seal-2027");
    assert_eq!((&listed["kind"], &listed["signs"][0]), (&"pkcs12".into(), &"all".into()));
    assert_eq!(listed["subject"], "Example Court Seal");
    let text = std::fs::read_to_string(court.keyring()).unwrap();
    let trust = format!("{text}\n[trust]\nsigners = [\"{root}\"]\n");
    std::fs::write(court.keyring(), trust).unwrap();
    let server = Server::start(&court);
    let pdf = server.pdf("/v1/interim-orders", &interim()).await;
    std::fs::write(issued.path("order.pdf"), &pdf).unwrap();
    judged_whole_file(&issued.path("order.pdf"), Algorithm::EcdsaP256);
    let checked = server.checked(&pdf).await;
    assert_eq!(checked["verdict"], "current", "{checked}");
    assert_eq!(checked["signatures"][0]["trust"], "trusted", "{checked}");
    names_its_certificate(&server, Path::new(&own)).await;
}

/// The audit trail of the first order names the certificate in that file, as openssl shows it.
async fn names_its_certificate(server: &Server, own: &Path) {
    let orders: Value = serde_json::from_str(&server.read("/v1/orders").await).unwrap();
    let events = format!("/v1/orders/{}/events", orders["items"][0]["id"].as_str().unwrap());
    let events: Value = serde_json::from_str(&server.read(&events).await).unwrap();
    let detail = &events["items"][0]["detail"];
    let shown = ["-noout", "-fingerprint", "-sha256", "-serial", "-in"];
    let shown = crate::outside::run("openssl", &[&["x509"], &shown[..]].concat(), own, &[]);
    let shown = String::from_utf8(shown.unwrap().stdout).unwrap().replace(':', "").to_lowercase();
    for certificate in [&detail["certificate"], &detail["copies"][0]["certificate"]] {
        for name in ["sha256", "serial"] {
            assert!(shown.contains(certificate[name].as_str().unwrap()), "{certificate} {shown}");
        }
    }
}
