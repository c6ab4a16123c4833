//! The table of contents. One binary: it links once, and each test starts its own service.
//!
//! - `harness`: a real server on a port of its own; every answer is held against `openapi.yaml`.
//! - `golden`: the journey of each case, one readable file a stage.
//! - `contract`: the description, the routes and the code name the same things.
//! - `api`: the journeys of a caller. `roles`: who may what. `repeats`: idempotency.
//! - `copies`: an order for each of its readers.
//! - `cli`, `first_start`: the command line and the first server, from outside. `issuer`: between a
//!   store that fails and callers who repeat.
//! - `keyring`: who signs, and who no longer does.
//! - `hostile`: what an enemy sends. `frames`: what an enemy writes on the wire itself. `gates`: what
//!   reads well and is refused all the same.
//! - `sheets`: copies for other readers show what that reader may see, and nothing else.
//! - `store`: what every back-end keeps. `crash`: `kill -9`, again and again.
//! - `fuzz`: the corpus of the fuzz targets, replayed.
//! - `quarantine`: the process that reads foreign files can do nothing else. `verifications`: files
//!   handed in, and what is said of them.
//! - `paper`: the codes of printed pages, read by another's decoder and checked.
//! - `editions`: frozen once used; a folder outside the binary; what `spo templates` says.
//! - `readme`: its commands, as they stand there. `reading`: how hard the plain sheet is to read.
//! - `withdrawn`: files of ours whose certificate was, or was not, withdrawn since.
//! - `welsh`: no value after a word that would mutate it.
//! - `attacks`: files that try to fool the check, and files that must pass, before three judges.
//! - `evidence`: timestamps, revocation and levels with real services, and with services that fail.
//! - `lasting`: a running server and its certificates over time: revoked, asked about by many at
//!   once, evidence renewed before it ages.
//! - `sweep`: a canary in every confidential field, and in no channel.
//! - `keys`: each kind of key, from its file, its token or its service to a signed order.
//! - `foreign`: files of another maker are told by our check as they were made.
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
mod attacks;
mod cli;
mod conformance;
mod contract;
mod copies;
mod crash;
mod dss;
mod editions;
mod evidence;
mod first_start;
mod foreign;
mod frames;
mod fuzz;
mod gates;
mod golden;
mod harness;
mod hostile;
mod house;
mod issuer;
mod java;
mod keyring;
mod keys;
mod lasting;
mod outside;
mod paper;
mod quarantine;
mod reading;
mod readme;
mod repeats;
mod roles;
mod roundtrip;
mod services;
mod sheets;
mod store;
mod sweep;
mod timestamps;
mod verapdf;
mod verifications;
mod welsh;
mod withdrawn;
