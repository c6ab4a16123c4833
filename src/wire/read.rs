//! The one road from the bytes of a request to the draft that the law judges.

use std::sync::LazyLock;

use serde::de::DeserializeOwned;
use validator::Validate;

use super::copy::DocumentRequest;
use super::json::{self, Malformed};
use super::order::{FullOrderRequest, InterimOrderRequest};
use super::search::{OrderSearch, Search};
use super::shape::Shape;
use super::variation::VariationRequestBody;
use super::walk::walk;
use super::{fault, pointer};
use crate::domain::draft::{CopyDraft, OrderDraft, VariationDraft};
use crate::domain::order::OrderKind;
use crate::domain::violation::{Rule, Violation};

/// A request for an order, read as far as its shape allows.
#[derive(Debug)]
pub struct ReadOrder {
    pub draft: OrderDraft,
    /// Every fault of shape, in the order of their pointers. Where there is one, nothing may be
    /// made of the draft.
    pub faults: Vec<Violation>,
}

/// A variation request, read as far as its shape allows.
#[derive(Debug)]
pub struct ReadVariation {
    pub draft: VariationDraft,
    /// As in [`ReadOrder`].
    pub faults: Vec<Violation>,
}

/// Requests for orders.
pub enum OrderRequest {}

impl OrderRequest {
    /// Reads a request for an order of this kind.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not JSON.
    pub fn read(kind: OrderKind, bytes: &[u8]) -> Result<ReadOrder, Malformed> {
        let (draft, faults) = match kind {
            OrderKind::InterimOrder => read::<InterimOrderRequest, _>(&INTERIM_ORDER, bytes)?,
            OrderKind::FullOrder => read::<FullOrderRequest, _>(&FULL_ORDER, bytes)?,
        };
        Ok(ReadOrder { draft: OrderDraft { kind: Some(kind), ..draft }, faults })
    }
}

impl VariationRequestBody {
    /// Reads a request to vary, renew or discharge.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not JSON.
    pub fn read(bytes: &[u8]) -> Result<ReadVariation, Malformed> {
        let (draft, faults) = read::<Self, _>(&VARIATION_REQUEST, bytes)?;
        Ok(ReadVariation { draft, faults })
    }
}

/// A request for one more document of an order, read as far as its shape allows.
#[derive(Debug)]
pub struct ReadCopy {
    pub draft: CopyDraft,
    /// As in [`ReadOrder`].
    pub faults: Vec<Violation>,
}

impl DocumentRequest {
    /// Reads a request for one more document.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not JSON.
    pub fn read(bytes: &[u8]) -> Result<ReadCopy, Malformed> {
        let (draft, faults) = read::<Self, _>(&DOCUMENT_REQUEST, bytes)?;
        Ok(ReadCopy { draft, faults })
    }
}

/// A search, read as far as its shape allows.
pub struct ReadSearch {
    pub search: Search,
    /// As in [`ReadOrder`].
    pub faults: Vec<Violation>,
}

impl OrderSearch {
    /// Reads a search.
    ///
    /// # Errors
    /// [`Malformed`] where the bytes are not JSON.
    pub fn read(bytes: &[u8]) -> Result<ReadSearch, Malformed> {
        let (search, faults) = read::<Self, _>(&ORDER_SEARCH, bytes)?;
        Ok(ReadSearch { search, faults })
    }
}

/// Whether this fault is why nothing stands at the pointer.
fn took_out(fault: &Violation, at: &str) -> bool {
    // The first of two keys stands, and an unknown field takes nothing away; its pointer may be its
    // parent's.
    !matches!(fault.rule, Rule::DuplicateKey | Rule::UnknownField)
        && pointer::is_within(at, &fault.pointer)
}

/// Whether a fault of length comes from the walk's own taking out: a list emptied is no empty list
/// of the caller's.
fn is_caused(length: &Violation, walked: &[Violation]) -> bool {
    walked.iter().any(|fault| {
        took_out(fault, &length.pointer)
            || length.rule == Rule::Empty && pointer::is_within(&fault.pointer, &length.pointer)
    })
}

fn in_order(mut faults: Vec<Violation>) -> Vec<Violation> {
    faults.sort_by(|one, other| pointer::in_order(&one.pointer, &other.pointer));
    faults
}

/// Reads and walks once; a request with a fault of length a second time, without the parts at
/// fault.
pub(super) fn read<T, D>(shape: &Shape, bytes: &[u8]) -> Result<(D, Vec<Violation>), Malformed>
where
    T: DeserializeOwned + Validate,
    D: From<T> + Default,
{
    let source = json::read(bytes)?;
    let mut faults = source.faults;
    // What is too deep stands as null, which has no fault of its own.
    let mut refused = source.too_deep;
    let walked = walk(shape, &source.value, &refused);
    faults.extend(walked.faults);
    let Ok(body) = serde_json::from_value::<T>(walked.value) else {
        return Ok((D::default(), unreadable(faults)));
    };
    let Err(errors) = body.validate() else {
        return Ok((body.into(), in_order(faults)));
    };
    let mut lengths = fault::violations(&errors);
    lengths.retain(|length| !is_caused(length, &faults));
    refused.extend(lengths.iter().map(|fault| fault.pointer.clone()));
    faults.extend(lengths);
    let rest = walk(shape, &source.value, &refused).value;
    match serde_json::from_value::<T>(rest) {
        Ok(body) => Ok((body.into(), in_order(faults))),
        Err(_) => Ok((D::default(), unreadable(faults))),
    }
}

/// A walked request can always be read, as the property tests hold. Were one not, it is refused
/// whole.
fn unreadable(mut faults: Vec<Violation>) -> Vec<Violation> {
    faults.push(Violation::new("", Rule::WrongType));
    in_order(faults)
}

static INTERIM_ORDER: LazyLock<Shape> = LazyLock::new(Shape::of::<InterimOrderRequest>);
static FULL_ORDER: LazyLock<Shape> = LazyLock::new(Shape::of::<FullOrderRequest>);
static VARIATION_REQUEST: LazyLock<Shape> = LazyLock::new(Shape::of::<VariationRequestBody>);
static DOCUMENT_REQUEST: LazyLock<Shape> = LazyLock::new(Shape::of::<DocumentRequest>);
static ORDER_SEARCH: LazyLock<Shape> = LazyLock::new(Shape::of::<OrderSearch>);
