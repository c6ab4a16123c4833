//! The two rooms of the service that read foreign bytes, taken in as they are: the targets need
//! nothing else, and an instrumented build of the whole service would take far longer.

#[path = "../../src/digest.rs"]
pub mod digest;
#[path = "../../src/verify/mod.rs"]
pub mod verify;
