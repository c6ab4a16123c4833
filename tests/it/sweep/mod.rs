//! The leak sweep: a canary in every confidential field, every kind and every error driven, and no
//! canary in any channel, however it is written.
//!
//! - `field`: which fields are confidential, from the published description. `canary`: what is put
//!   there. `request`: where.
//! - `drive`: the caller. `journey`: what is done well. `refusal`: what is refused. `terminal`: the
//!   command line and the log of the real programme.
//! - `paper`, `reader`: a finished file taken apart. `view`, `spelling`, `search`: the search.
//!   `tally`: what was searched and found.
//! - `controls`: a leak planted on purpose in each channel and each encoding is found.
//!
//! A new endpoint, a new confidential field or a new reader of documents stops the sweep until it
//! is driven, filled, or said what is kept from it: `journey.rs`, `canary.rs`, `request.rs`.
//!
//! Not searched: the bytes of the database, which keeps the values themselves; the file in which a
//! first key is handed over.

mod canary;
mod controls;
mod drive;
mod field;
mod journey;
mod paper;
mod reader;
mod refusal;
mod request;
mod search;
mod spelling;
mod tally;
mod terminal;
mod view;

use std::collections::BTreeSet;
use std::io::Write as _;

use spo::domain::violation::Rule;
use spo::http::route::ROUTES;

use self::drive::Drive;
use self::refusal::Ground;
use self::request::Plants;
use self::tally::{Channel, Sweep};
use self::terminal::Server;
use crate::harness::TestApp;

/// A service in this process, whose clock stands still: everything is driven.
#[tokio::test(flavor = "multi_thread")]
async fn sweep_no_channel_gives_a_confidential_value_away() {
    let app = TestApp::start().await;
    let roleless = app.key("roleless", &[]).await;
    let (address, secret) = (app.address, app.secret.clone());
    let drive = tokio::task::spawn_blocking(move || {
        let mut plants = Plants::new();
        // The keys of this service count up; those of the real programme are searched for.
        let sweep = Sweep::of(&plants.kept(&[]));
        let mut drive = Drive::new(address, &secret, sweep, plants.values());
        let (interim_id, full_id) = journey::all(&mut drive, &mut plants);
        refuse(&mut drive, &mut plants, (interim_id, full_id, roleless));
        drive
    });
    let drive = drive.await.unwrap();
    // The log, and what only the real programme has.
    let elsewhere = [Channel::Log, Channel::Stdout, Channel::Stderr];
    told(&drive.sweep, &elsewhere);
    every_field_was_filled(&drive);
    every_route_was_answered(&drive);
    assert!(drive.sweep.rules.len() >= LEAST_RULES, "{}", drive.sweep);
}

/// The real programme, its server at its loudest.
#[test]
fn sweep_no_log_and_no_stream_of_the_programme_gives_a_confidential_value_away() {
    let mut plants = Plants::new();
    let server = Server::start();
    let sweep = Sweep::of(&plants.kept(&[("first", &server.secret)]));
    let mut drive = Drive::new(server.address, &server.secret, sweep, plants.values());
    let (interim_id, full_id) = journey::first_two(&mut drive, &mut plants);
    let roleless = "no key".to_owned();
    refuse(&mut drive, &mut plants, (interim_id, full_id, roleless));
    journey::lists(&mut drive);
    let mut sweep = drive.sweep;
    server.end(&mut sweep);
    terminal::commands(&mut sweep, &mut plants);
    told(&sweep, &[]);
}

fn refuse(drive: &mut Drive, plants: &mut Plants, kept: (String, String, String)) {
    let orders = plants.orders();
    let of_kind = |kind: &str| orders.iter().find(|(one, ..)| *one == kind).unwrap().2.clone();
    let (interim, full) = (of_kind("interim-orders"), of_kind("full-orders"));
    let (interim_id, full_id, roleless) = kept;
    let ground = Ground { interim, full, interim_id, full_id, roleless };
    refusal::all(drive, plants, &ground);
}

/// Prints the tally past the capture of the test harness, so that a run of all checks shows it.
fn told(sweep: &Sweep, elsewhere: &[Channel]) {
    let _ = writeln!(std::io::stderr(), "{sweep}");
    passes(sweep, elsewhere);
}

/// Fails where a sweep has a leak, or a channel in which nothing was searched.
fn passes(sweep: &Sweep, elsewhere: &[Channel]) {
    assert!(sweep.leaks.is_empty(), "{sweep}");
    let mut silent = sweep.silent();
    // No document carries a file as yet; poppler may be missing, which is said.
    silent.retain(|one| ![Channel::PdfAttachment, Channel::PdfPoppler].contains(one));
    silent.retain(|one| !elsewhere.contains(one));
    assert!(silent.is_empty(), "nothing was searched in {silent:?}");
}

fn every_field_was_filled(drive: &Drive) {
    let mut empty = Vec::new();
    for (path, fields) in field::confidential() {
        let none = BTreeSet::new();
        let sent = drive.sent.get(&path).unwrap_or(&none);
        empty.extend(fields.difference(sent).map(|field| format!("{path} {field}")));
    }
    assert!(empty.is_empty(), "confidential fields that no canary was sent in: {empty:#?}");
}

fn every_route_was_answered(drive: &Drive) {
    let called = |verb: &str, path: &str| drive.answered.contains(&(verb.into(), path.into()));
    let silent: Vec<_> = ROUTES
        .iter()
        .filter(|route| !called(route.verb.name(), route.path))
        .map(|route| format!("{} {}", route.verb.name(), route.path))
        .collect();
    assert!(silent.is_empty(), "routes that the sweep does not drive (journey.rs): {silent:#?}");
}

/// The rules that no call broke, for the tally.
fn unbroken(sweep: &Sweep) -> Vec<&'static str> {
    let names = Rule::ALL.iter().map(|rule| rule.name());
    names.filter(|name| !sweep.rules.contains(*name)).collect()
}

/// Of the rules by name; the tally names those that were not met.
const LEAST_RULES: usize = 55;
