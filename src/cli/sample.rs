//! `spo sample`: a whole valid request, with invented people.

use super::{Exit, SampleKind, output};
use crate::wire::{self, RequestKind};

/// Prints the sample of that kind.
pub fn print(kind: SampleKind, envelope: bool, order: Option<&str>) -> Exit {
    let kind = kind.into();
    let mut request: serde_json::Value =
        serde_json::from_str(wire::example(kind)).unwrap_or_default();
    if let (Some(order), Some(request)) = (order, request.as_object_mut()) {
        if kind != RequestKind::VariationRequest {
            return output::misuse("sample_without_order", &[]);
        }
        request.insert("order_id".to_owned(), order.into());
    }
    if envelope {
        output::json(&serde_json::json!({ "kind": kind.name(), "request": request }));
    } else if order.is_some() {
        output::json(&request);
    } else {
        output::result(wire::example(kind).trim_end());
    }
    Exit::Done
}

impl From<SampleKind> for RequestKind {
    fn from(kind: SampleKind) -> Self {
        match kind {
            SampleKind::Interim => Self::InterimOrder,
            SampleKind::Full => Self::FullOrder,
            SampleKind::Variation => Self::VariationRequest,
        }
    }
}
