//! The table of contents. One binary: it links once, and each test starts its own service.
//!
//! - `harness`: a real server on a port of its own; every answer is held against `openapi.yaml`.
//! - `golden`: the journey of each case, one readable file a stage.
//! - `contract`: the description, the routes and the code name the same things.
//! - `api`: the journeys of a caller. `roles`: who may what. `repeats`: idempotency.
//! - `copies`: an order for each of its readers.
//! - `cli`, `first_start`: the command line and the first server, from outside. `issuer`: between a
//!   store that fails and callers who repeat.
//! - `hostile`: what an enemy sends. `frames`: what an enemy writes on the wire itself. `gates`: what
//!   reads well and is refused all the same.
//! - `sheets`: copies for other readers show what that reader may see, and nothing else.
//! - `store`: what every back-end keeps. `crash`: `kill -9`, again and again.
//! - `paper`: the codes of printed pages, read by another's decoder and checked.
//! - `editions`: frozen once used; a folder outside the binary; what `spo templates` says.
//! - `readme`: its commands, as they stand there. `reading`: how hard the plain sheet is to read.
//! - `welsh`: no value after a word that would mutate it.
//! - `sweep`: a canary in every confidential field, and in no channel.
//! - `house`: the arrows and budgets of the code. `outside`: what other people's tools say of our
//!   files. `conformance`: every kind of document in every language before `verapdf` and poppler.
//!   `roundtrip`: every text of many orders, from the request to paper and back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may stop, and is told by its environment how strict to be"
)]

mod api;
mod cli;
mod conformance;
mod contract;
mod copies;
mod crash;
mod editions;
mod first_start;
mod frames;
mod gates;
mod golden;
mod harness;
mod hostile;
mod house;
mod issuer;
mod outside;
mod paper;
mod reading;
mod readme;
mod repeats;
mod roles;
mod roundtrip;
mod sheets;
mod store;
mod sweep;
mod verapdf;
mod welsh;
