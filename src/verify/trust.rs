//! Whom the operator trusts, and to whom of them a certificate leads. What leads to a test
//! authority is never called trusted.

use jiff::Timestamp;

use super::certificate::Certificate;
use super::path::{self, Path, Purpose};
use super::reason::Reason;
use super::report::{Anchor, Trust};

/// The anchors for one purpose, real ones apart from those of test authorities.
#[derive(Debug)]
pub(super) struct Anchors {
    real: Vec<Certificate>,
    test: Vec<Certificate>,
    purpose: Purpose,
}

/// To whom a certificate leads.
#[derive(Debug, Clone)]
pub(super) struct Led {
    pub(super) trust: Trust,
    /// Absent where it leads to nobody, or is not fit.
    pub(super) path: Option<Path>,
    /// Why it does not lead to one who is trusted.
    pub(super) reason: Option<Reason>,
}

impl Anchors {
    /// The anchors that can be read; one that can't is trusted by nobody.
    pub(super) fn read(anchors: &[Anchor], purpose: Purpose) -> Self {
        let of = |test: bool| {
            let kind = anchors.iter().filter(|anchor| anchor.test == test);
            kind.filter_map(|anchor| Certificate::read(&anchor.der).ok()).collect()
        };
        Self { real: of(false), test: of(true), purpose }
    }

    /// To whom a certificate leads at an instant, with others that may stand between.
    pub(super) fn lead(&self, leaf: &Certificate, between: &[Certificate], at: Timestamp) -> Led {
        let build = |anchors| path::build(leaf, between, anchors, (at, self.purpose));
        match (build(&self.real), build(&self.test)) {
            (Ok(path), _) => Led { trust: Trust::Trusted, path: Some(path), reason: None },
            (Err(Reason::NoPath), Ok(path)) => {
                Led { trust: Trust::Test, path: Some(path), reason: Some(Reason::TestAuthority) }
            }
            (Err(Reason::NoPath), Err(Reason::NoPath)) => {
                Led { trust: Trust::Untrusted, path: None, reason: Some(Reason::NoPath) }
            }
            (Err(Reason::NoPath), Err(reason)) | (Err(reason), _) => {
                Led { trust: Trust::Unfit, path: None, reason: Some(reason) }
            }
        }
    }
}
