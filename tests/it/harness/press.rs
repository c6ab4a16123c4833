//! From a request straight to a signed file, without a server or a store: for tests that need many
//! documents, or forms that no call asks for yet.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use spo::domain::identity::OrderId;
use spo::domain::judgement::{BaseOrder, Context, Law, OrderJudged, judge_order, judge_variation};
use spo::domain::order::{Language, Order, OrderKind};
use spo::domain::variation::VariationRequest;
use spo::paper::Mark;
use spo::render::{Composed, Format, Imprint, RenderError, Renderer, UnsignedPdf};
use spo::sign::Signer;
use spo::sign::authority::Authority;

use super::{Folder, now, paper_key, renderer};

/// Judges, draws and signs.
pub struct Press {
    pub renderer: Arc<Renderer>,
    signer: Signer,
    law: Law,
}

impl Press {
    pub fn new() -> Self {
        let folder = Folder::new();
        let authority = Authority::open(folder.path(), now()).unwrap();
        let signer = authority.into_signer().unwrap();
        Self { renderer: renderer(), signer, law: Law::builtin() }
    }

    /// The certificate (DER) to which its signatures lead.
    pub fn root(&self) -> Vec<u8> {
        self.signer.chain().last().unwrap().der().to_vec()
    }

    /// The order that a request makes. Warnings do not stop it.
    pub fn judged(&self, kind: OrderKind, request: &Value) -> OrderJudged {
        let read = spo::wire::OrderRequest::read(kind, request.to_string().as_bytes()).unwrap();
        assert!(read.faults.is_empty(), "{:?}: {request:#}", read.faults);
        let judgement = judge_order(read.draft, &self.context());
        let errors = judgement.errors;
        judgement.outcome.unwrap_or_else(|| panic!("refused: {errors:?}: {request:#}"))
    }

    /// The request about an order.
    pub fn requested(&self, base: &OrderJudged, request: &Value) -> VariationRequest {
        let body = request.to_string();
        let read = spo::wire::VariationRequestBody::read(body.as_bytes()).unwrap();
        assert!(read.faults.is_empty(), "{:?}: {request:#}", read.faults);
        let (order, undisclosed) = (&base.order, &base.undisclosed);
        let base = BaseOrder { id: order_id(), version: 1, order, undisclosed };
        let judgement = judge_variation(read.draft, &self.context(), Some(&base));
        let errors = judgement.errors;
        let outcome = judgement.outcome;
        outcome.unwrap_or_else(|| panic!("refused: {errors:?}: {request:#}")).request
    }

    pub async fn signed(&self, unsigned: UnsignedPdf) -> Vec<u8> {
        self.signer.seal(unsigned, now()).await.unwrap().into_bytes()
    }

    fn context(&self) -> Context<'_> {
        static NONE: OnceLock<BTreeMap<OrderId, (u32, Order)>> = OnceLock::new();
        let known_orders = NONE.get_or_init(BTreeMap::new);
        let today = "2026-11-20".parse().unwrap();
        Context { law: &self.law, today, production: false, known_orders }
    }
}

/// The mark that a document of this order bears on each page.
pub fn mark(composed: &Composed<'_>, order: &Order) -> Mark {
    paper_key().mark(&composed.claim(order.duration.ends_on()), |_| true)
}

/// A document as it goes to the signer: with the mark on each page.
pub fn marked(composed: Composed<'_>, order: &Order) -> Result<UnsignedPdf, RenderError> {
    let mark = mark(&composed, order);
    composed.finish(Some(&mark))
}

/// The order of every document of the press.
pub fn order_id() -> OrderId {
    "ord_01939d2b-0000-7000-8000-000000000001".parse().unwrap()
}

/// What is stamped on every document of the press.
pub fn imprint(language: Language, format: Format) -> Imprint {
    Imprint {
        document_id: "doc_01939d2b-0000-7000-8000-000000000002".parse().unwrap(),
        order_id: order_id(),
        variation_id: None,
        version: 1,
        code: "7K3QM-2X9TB".to_owned(),
        issued_at: now(),
        test: true,
        signer: "TEST - NOT A COURT signer".to_owned(),
        reserve: 4096,
        language,
        format,
    }
}
