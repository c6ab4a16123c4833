//! A request to vary, renew or discharge: from its bytes to the signed, stored document. Its
//! decision is another matter: this only records what is asked for. Stalking Protection Act 2019,
//! s.4 and s.5(7).

use std::sync::Arc;

use super::answering::{VariationMade, acknowledged_json};
use super::drawing::{About, file_name, finished};
use super::error::IssueError;
use super::issuing::Kept;
use super::judging::{Accepted, Base, accepted, pointers};
use super::repeat::Fingerprint;
use super::{Caller, Creating, Issued, Issuer, gate};
use crate::domain::judgement::VariationJudged;
use crate::render::{DocumentKind, Format, Imprint};
use crate::sign::SignedPdf;
use crate::sign::keyring::Choice;
use crate::store::{NewVariation, StoredDocument};

impl Issuer {
    /// Makes, signs and keeps a request to vary, renew or discharge.
    ///
    /// # Errors
    /// As [`Issuer::issue_order`].
    pub async fn request_variation(&self, made: Creating<'_>) -> Result<Issued, IssueError> {
        self.once(PATH, made, |repeat| self.make_variation(made, repeat)).await
    }

    async fn make_variation(
        &self,
        made: Creating<'_>,
        repeat: Option<Fingerprint>,
    ) -> Result<Issued, IssueError> {
        let now = self.with.clock.now();
        let (judgement, base) = self.judge_variation(made.body, now).await?;
        let accepted = accepted(judgement)?;
        let base = base.ok_or(IssueError::Broken)?; // `unknown_order` refused it before
        let variation_id = Some(self.with.ids.variation(now)?);
        let (order_id, version) = (base.stored.id, base.stored.version);
        let form = (accepted.judged.request.language, Format::default());
        let about = About { order_id, variation_id, version };
        let signer = self.signer(base.stored.order.court.code.as_str(), KIND_OF, now)?;
        let imprint = self.imprint(about, form, Some(&signer), now)?;
        let name = file_name(KIND, &imprint.code);
        let accepted = accepted.map(|judged| Arc::new((judged, base)));
        let asked = Arc::clone(&accepted.judged);
        let printed = (&imprint, name.as_str(), &signer);
        let signed = self.variation_pdf(asked, made.body, printed).await?;
        let kept = Kept { kind: KIND_OF, person: None, order_content: None, signed: signer };
        let document = self.stored_document(&kept, &imprint, &signed)?;
        self.keep_variation(made.caller, repeat, accepted, (document, signed)).await
    }

    /// Keeps request, document, answer and event at once, then answers.
    async fn keep_variation(
        &self,
        caller: &Caller,
        repeat: Option<Fingerprint>,
        accepted: Accepted<Arc<(VariationJudged, Base)>>,
        (document, signed): (StoredDocument, SignedPdf),
    ) -> Result<Issued, IssueError> {
        let (judged, base) = &*accepted.judged;
        let VariationJudged { request, undisclosed } = judged;
        let id = document.variation_id.ok_or(IssueError::Broken)?; // it has one from above
        let acknowledged = acknowledged_json(&accepted.acknowledged, caller);
        let json = VariationMade {
            id,
            request,
            acknowledged: &acknowledged,
            unused: pointers(&accepted.unused),
            issued_at: document.issued_at,
            documents: std::slice::from_ref(&document),
        }
        .json()?;
        gate::search(&json, &self.variation_secrets(judged, base))?;
        let location = format!("{PATH}/{id}");
        let new = NewVariation {
            id,
            request,
            undisclosed,
            acknowledged: &acknowledged,
            issued_at: document.issued_at,
            documents: vec![self.new_document(&document, &signed)?],
            answer: repeat.map(|repeat| repeat.answered(&location, &json, document.id)),
            event: self.made_event(caller, "variation.requested", &[(&document, &signed)])?,
        };
        self.with.store.save_variation(new).await?;
        Ok(self.made(location, json, &document, signed))
    }

    /// Draws, searches and signs. What the order keeps from the respondent the request keeps too.
    async fn variation_pdf(
        &self,
        asked: Arc<(VariationJudged, Base)>,
        body: &[u8],
        (imprint, name, signer): (&Imprint, &str, &Choice),
    ) -> Result<SignedPdf, IssueError> {
        let secrets = self.variation_secrets(&asked.0, &asked.1);
        let (printed, name) = (imprint.clone(), name.to_owned());
        let key = Arc::clone(&self.with.paper);
        let unsigned = self
            .draw(body, move |renderer| {
                let (judged, base) = &*asked;
                let order = &base.stored.order;
                let composed = renderer.variation(&judged.request, order, &printed)?;
                Ok(finished(composed, (&name, &secrets), (&key, None))?)
            })
            .await?;
        self.seal(unsigned, signer, imprint.issued_at).await
    }

    pub(super) fn variation_secrets(
        &self,
        judged: &VariationJudged,
        base: &Base,
    ) -> crate::domain::disclosure::Secrets {
        self.law.secrets_of_request(&base.stored.order, &base.undisclosed, judged)
    }
}

/// Kind of the document. Contract section 5.
pub(super) const KIND: &str = KIND_OF.name();
const KIND_OF: DocumentKind = DocumentKind::VariationRequest;
const PATH: &str = "/v1/variation-requests";
