//! Previews and validations: the same checks and the same layout; nothing is signed or stored.

use std::sync::Arc;

use jiff::Timestamp;

use super::drawing::{About, draft_name};
use super::error::IssueError;
use super::judging::{accepted, drawable, pointers};
use super::{Drafted, Findings, Issuer, requesting};
use crate::domain::judgement::Judgement;
use crate::domain::order::{Language, OrderKind};
use crate::domain::violation::Violation;
use crate::render::{DocumentKind, Format, Imprint, Preview};

impl Issuer {
    /// Draws an order marked DRAFT.
    ///
    /// # Errors
    /// As [`Issuer::issue_order`]; warnings refuse nothing.
    pub async fn preview_order(&self, kind: OrderKind, body: &[u8]) -> Result<Drafted, IssueError> {
        let now = self.with.clock.now();
        let (judged, warnings) = drawable(self.judge_order(kind, body, now).await?)?;
        let imprint = self.draft_imprint(judged.order.language, now)?;
        let name = draft_name(DocumentKind::of(kind).name(), imprint.document_id);
        let (reader, undisclosed) = (DocumentKind::of(kind).audience(), &judged.undisclosed);
        let secrets = self.law.secrets_for(reader, &judged.order, undisclosed);
        let searched = name.clone();
        let draft = self.draw(body, move |renderer| {
            let draft = renderer.order_preview(&judged.order, &imprint)?;
            draft.search(&searched, &secrets)?;
            Ok(draft)
        });
        Ok(drafted(draft.await?, name, warnings))
    }

    /// Draws a request to vary, renew or discharge marked DRAFT.
    ///
    /// # Errors
    /// As [`Issuer::preview_order`].
    pub async fn preview_variation(&self, body: &[u8]) -> Result<Drafted, IssueError> {
        let now = self.with.clock.now();
        let (judgement, base) = self.judge_variation(body, now).await?;
        let (judged, warnings) = drawable(judgement)?;
        let base = base.ok_or(IssueError::Broken)?; // `unknown_order` refused it before
        let imprint = self.draft_imprint(judged.request.language, now)?;
        let name = draft_name(requesting::KIND, imprint.document_id);
        let secrets = self.variation_secrets(&judged, &base);
        let searched = name.clone();
        let draft = self.draw(body, move |renderer| {
            let (request, order) = (&judged.request, &base.stored.order);
            let draft = renderer.variation_preview(request, order, &imprint)?;
            draft.search(&searched, &secrets)?;
            Ok(draft)
        });
        Ok(drafted(draft.await?, name, warnings))
    }

    /// Checks an order's request.
    ///
    /// # Errors
    /// [`IssueError::Malformed`], and those of the store; broken rules are in the [`Findings`].
    pub async fn validate_order(
        &self,
        kind: OrderKind,
        body: &[u8],
    ) -> Result<Findings, IssueError> {
        let now = self.with.clock.now();
        Ok(findings(self.judge_order(kind, body, now).await?))
    }

    /// Checks a request to vary, renew or discharge.
    ///
    /// # Errors
    /// As [`Issuer::validate_order`].
    pub async fn validate_variation(&self, body: &[u8]) -> Result<Findings, IssueError> {
        let now = self.with.clock.now();
        let (judgement, _) = self.judge_variation(body, now).await?;
        Ok(findings(judgement))
    }

    /// Makes an order and its copies up to the storing and throws them away: says on how many pages
    /// the order stood.
    ///
    /// # Errors
    /// As [`Issuer::issue_order`].
    pub async fn rehearse(&self, kind: OrderKind, body: &[u8]) -> Result<u32, IssueError> {
        let now = self.with.clock.now();
        let judged = accepted(self.judge_order(kind, body, now).await?)?.judged;
        let about = self.draft_about(now)?;
        let wanted = self.with_the_order(&judged.order, about, now)?.into();
        let signed = self.order_set(Arc::new(judged), body, wanted).await?;
        Ok(signed.first().ok_or(IssueError::Broken)?.page_count())
    }

    /// Ids that nothing keeps.
    fn draft_imprint(&self, language: Language, now: Timestamp) -> Result<Imprint, IssueError> {
        self.imprint(self.draft_about(now)?, (language, Format::default()), None, now)
    }

    fn draft_about(&self, now: Timestamp) -> Result<About, IssueError> {
        Ok(About { order_id: self.with.ids.order(now)?, variation_id: None, version: 1 })
    }
}

fn drafted(draft: Preview, file_name: String, warnings: Vec<Violation>) -> Drafted {
    let pages = draft.page_count();
    Drafted { bytes: draft.bytes().to_vec(), pages, file_name, warnings }
}

fn findings<T>(judgement: Judgement<T>) -> Findings {
    Findings {
        unused_acknowledgements: pointers(&judgement.unused_acknowledgements),
        errors: judgement.errors,
        warnings: judgement.warnings,
    }
}
