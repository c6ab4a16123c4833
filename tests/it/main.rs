//! The table of contents. One binary: it links once, and each test starts its own service.
//!
//! - `harness`: a real server on a port of its own; every answer is held against `openapi.yaml`.
//! - `golden`: the journey of each case, one readable file a stage.
//! - `contract`: the description, the routes and the code name the same things.
//! - `api`: the journeys of a caller. `roles`: who may what. `repeats`: idempotency.
//! - `cli`, `first_start`: the command line and the first server, from outside. `issuer`: between a
//!   store that fails and callers who repeat.
//! - `hostile`: what an enemy sends. `frames`: what an enemy writes on the wire itself. `gates`: what
//!   reads well and is refused all the same.
//! - `store`: what every back-end keeps. `crash`: `kill -9`, again and again.
//! - `readme`: its commands, as they stand there.
//! - `house`: the arrows and budgets of the code. `outside`: what other people's tools say of our
//!   files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may stop, and is told by its environment how strict to be"
)]

mod api;
mod cli;
mod contract;
mod crash;
mod first_start;
mod frames;
mod gates;
mod golden;
mod harness;
mod hostile;
mod house;
mod issuer;
mod outside;
mod readme;
mod repeats;
mod roles;
mod store;
