//! What attacks start from: orders of the real road, and papers that an enemy prepared before
//! somebody signed them.

use jiff::SignedDuration;
use spo::sign::Certificate;
use spo::verify::{Anchor, Basis};

use super::people::{Person, Says};
use super::update::{Update, body, reference};
use crate::harness::{TestApp, full, keyed, now};

/// Papers and people.
pub struct Base {
    /// A full order as the service answered it: B-B, certified so that nothing may change.
    pub order: Vec<u8>,
    /// Another one.
    pub other: Vec<u8>,
    /// What is not signed at all.
    pub preview: Vec<u8>,
    /// The local authority's root.
    pub root: Vec<u8>,
    /// Whom the operator trusts.
    pub court: Person,
    /// One whom the court certified.
    pub clerk: Person,
    /// Another.
    pub judge: Person,
    pub stamper: Person,
    /// One who certified himself.
    pub stranger: Person,
}

impl Base {
    pub async fn new() -> Self {
        let app = TestApp::start().await;
        let order = |reference: &'static str, path: &'static str| {
            let request = keyed(full(), reference);
            let app = &app;
            async move {
                let call = app.post(path, &request).key(reference).pdf();
                let reply = call.send().await;
                assert!(reply.status < 300, "{}", reply.text());
                reply.body
            }
        };
        let pem = app.root_certificate();
        let court = Person::root("Court of Fiction");
        let of = |name, says| Person::new(name, &court, &says);
        Self {
            order: order("ATTACK/1", "/v1/full-orders").await,
            other: order("ATTACK/2", "/v1/full-orders").await,
            preview: order("ATTACK/1", "/v1/previews/full-orders").await,
            root: Certificate::from_pem(&pem).unwrap().der().to_vec(),
            clerk: of("Clerk", Says::signer()),
            judge: of("Judge", Says::signer()),
            stamper: of("Stamper", Says::stamper()),
            stranger: Person::root("Stranger"),
            court,
        }
    }

    /// What the check knows: the local authority as a test one, the court as a real one.
    pub fn basis(&self) -> Basis {
        let court = Anchor { der: self.court.certificate.clone(), test: false };
        let local = Anchor { der: self.root.clone(), test: true };
        Basis {
            now: now() + SignedDuration::from_mins(1),
            signers: vec![court.clone(), local],
            timestamps: vec![court],
            known: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// A preview that an enemy prepared, with more in its catalog and on its first page, and then
    /// had certified by the clerk. The form's fields are the signature and those of `prepared`.
    pub fn certified(&self, permission: u8, prepared: &Prepared) -> Vec<u8> {
        let update = Update::to(&self.preview);
        let [field, sign] = [update.next() + 20, update.next() + 21];
        let fields = format!("[{field} 0 R {}]", prepared.fields);
        let more = format!(
            "/AcroForm<</Fields{fields}/SigFlags 3{}>>/Perms<</DocMDP {sign} 0 R>>{}",
            prepared.form, prepared.catalog
        );
        let catalog = with(&body(&self.preview, CATALOG), &more);
        let page = format!("/Annots[{field} 0 R {}]", prepared.annotations);
        let page = with(&body(&self.preview, PAGE), &page);
        let widget = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/P 3 0 R/Rect[0 0 0 0]/V {sign} 0 R>>"
        );
        let mut update =
            update.object(CATALOG, &catalog).object(PAGE, &page).object(field, &widget);
        for (number, text) in &prepared.objects {
            update = update.object(*number, text);
        }
        let update = update.raw(&prepared.raw);
        update.signed(sign, &certifying(permission), &self.clerk)
    }
}

/// What an enemy put into a paper before it was signed.
#[derive(Default)]
pub struct Prepared {
    pub objects: Vec<(u32, String)>,
    pub annotations: String,
    pub fields: String,
    pub form: String,
    pub catalog: String,
    /// Bytes that nothing names.
    pub raw: String,
}

/// The catalog, the first page, the seal's widget and its appearance, the signature: as the service
/// numbers them.
pub const CATALOG: u32 = 1;
pub const PAGE: u32 = 3;
pub const FORM: u32 = 8;
pub const WIDGET: u32 = 9;
pub const SEAL: u32 = 10;
pub const SIGNATURE: u32 = 11;
pub const INFORMATION: u32 = 12;
pub const METADATA: u32 = 13;

pub const SIGNING: &str = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
     /M(D:20261120100000Z)";

pub fn certifying(permission: u8) -> String {
    format!(
        "{SIGNING}/Reference[<</Type/SigRef/TransformMethod/DocMDP\
         /TransformParams<</Type/TransformParams/P {permission}/V/1.2>>>>]"
    )
}

/// A dictionary with more entries at its end.
pub fn with(body: &str, more: &str) -> String {
    let end = body.rfind(">>").unwrap();
    format!("{}{more}{}", &body[..end], &body[end..])
}

/// The number of the first page's content stream.
pub fn content(file: &[u8]) -> u32 {
    reference(&body(file, PAGE), "/Contents")
}

/// What an enemy would like a page to say.
pub const LIES: &[u8] = b"BT /F1 12 Tf 72 700 Td (The order has ended) Tj ET";
