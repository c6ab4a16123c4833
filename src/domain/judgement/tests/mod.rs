//! What the tests of this room share, and what holds of every request.

mod properties;
pub(super) mod sample;
