//! Adds to signatures what they wait for: timestamps that did not come at once, answers on
//! revocation, timestamps over the whole.

use std::sync::Arc;
use std::time::Duration;

use crate::issue::Issuer;

/// Works until it is dropped; what fails is tried again later.
pub async fn run(issuer: Arc<Issuer>) {
    loop {
        match issuer.raise_evidence().await {
            // More may be due already.
            Ok(tried) if tried > 0 => tokio::task::yield_now().await,
            Ok(_) => tokio::time::sleep(EVERY).await,
            Err(error) => {
                tracing::error!(cause = %error, "evidence could not be kept");
                tokio::time::sleep(AFTER_TROUBLE).await;
            }
        }
    }
}

const EVERY: Duration = Duration::from_secs(2);
const AFTER_TROUBLE: Duration = Duration::from_secs(15);
