//! Each kind of key, from its file, its token or its service to a signed order that others find
//! whole. Authorities and files are made by the openssl command, tokens by SoftHSM.

mod pkcs11;
mod pkcs12;
mod running;
mod service;

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use serde_json::json;
use spo::domain::order::{Language, OrderKind};
use spo::render::{Format, Imprint, UnsignedPdf};
use spo::sign::{Algorithm, Certificate, Secret, SignedPdf, Signer};
use zeroize::Zeroizing;

use crate::harness::{Folder, Press, full, imprint, marked};
use crate::outside::{pyhanko, python, run, said, skipped};

/// The kinds of keys that sign, as the openssl command names them, and one that is refused.
pub const KINDS: [(Algorithm, &[&str]); 3] = [
    (Algorithm::EcdsaP256, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    (Algorithm::EcdsaP384, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    (Algorithm::Rsa, &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"]),
];
pub const SMALL: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];

/// A key with its certificate and an authority's, in files of its own folder.
pub struct Issued {
    folder: Folder,
}

impl Issued {
    /// Made by openssl; none where it is not installed, which is then told.
    pub fn new(kind: &[&str]) -> Option<Self> {
        let issued = Self { folder: Folder::new() };
        if Command::new("openssl").arg("version").output().is_err() {
            skipped("openssl");
            return None;
        }
        std::fs::write(issued.path("leaf.cnf"), LEAF).unwrap();
        let root = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key \
                    -out root.pem -days 30 -subj /C=GB/O=Invented/CN=Root \
                    -addext keyUsage=critical,keyCertSign,cRLSign";
        issued.openssl(root, &[]);
        issued.openssl("genpkey -out leaf.key", kind);
        issued.openssl("req -new -key leaf.key -out leaf.csr -subj /C=GB/O=Invented/CN=Seal", &[]);
        let leaf = "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 \
                    -out leaf.pem -extfile leaf.cnf";
        issued.openssl(leaf, &[]);
        Some(issued)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// The certificates, the key's own first.
    pub fn chain(&self) -> Vec<Certificate> {
        let text = ["leaf.pem", "root.pem"].map(|name| self.bytes(name)).concat();
        Certificate::chain_from_pem(&String::from_utf8(text).unwrap()).unwrap()
    }

    /// Runs openssl in the folder.
    pub fn openssl(&self, words: &str, more: &[&str]) {
        let mut command = Command::new("openssl");
        command.args(words.split_whitespace()).args(more).current_dir(self.folder.path());
        let out = command.output().unwrap();
        assert!(out.status.success(), "openssl {words}: {}", said(&out));
    }
}

const LEAF: &str = "basicConstraints=critical,CA:FALSE\n\
                    keyUsage=critical,digitalSignature,nonRepudiation\n\
                    extendedKeyUsage=emailProtection\n\
                    subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

pub fn secret(text: &str) -> Secret {
    Secret::new(Zeroizing::new(text.to_owned()))
}

/// An order with room for a signature of so many bytes.
pub fn unsigned(reserve: usize) -> UnsignedPdf {
    let press = Press::new();
    let judged = press.judged(OrderKind::FullOrder, &full());
    let imprint = Imprint { reserve, ..imprint(Language::En, Format::default()) };
    marked(press.renderer.order(&judged.order, &imprint).unwrap(), &judged.order).unwrap()
}

/// A signed order, at the instant at which openssl made the certificates.
pub async fn sealed(signer: &Signer) -> SignedPdf {
    signer.seal(unsigned(signer.reserve(false)), Timestamp::now()).await.unwrap()
}

/// What pdfsig and pyHanko say of a signed order: whole, all of it covered, with the digest that
/// goes with the key.
pub fn judged_whole(signed: &SignedPdf, algorithm: Algorithm) {
    let folder = Folder::new();
    let file = folder.path().join("order.pdf");
    std::fs::write(&file, signed.bytes()).unwrap();
    judged_whole_file(&file, algorithm);
}

/// The same of a file.
pub fn judged_whole_file(file: &Path, algorithm: Algorithm) {
    judged_by_pdfsig(file, algorithm);
    let Some(python) = python("pyhanko") else { return };
    let verdict = pyhanko(&python, file);
    for finding in ["intact", "valid", "trusted"] {
        assert_eq!(verdict[finding], json!(true), "{}: {verdict}", algorithm.name());
    }
    assert_eq!(verdict["coverage"], json!("ENTIRE_FILE"), "{}: {verdict}", algorithm.name());
    assert_eq!(verdict["docmdp"], json!("NO_CHANGES"), "{}: {verdict}", algorithm.name());
}

fn judged_by_pdfsig(file: &Path, algorithm: Algorithm) {
    let Some(out) = run("pdfsig", &["-nocert"], file, &[]) else { return };
    let hash = match algorithm {
        Algorithm::EcdsaP384 => "Signing Hash Algorithm: SHA-384",
        Algorithm::EcdsaP256 | Algorithm::Rsa => "Signing Hash Algorithm: SHA-256",
    };
    for finding in ["Signature is Valid", "Total document signed", hash] {
        assert!(said(&out).contains(finding), "{}: {}", algorithm.name(), said(&out));
    }
}
