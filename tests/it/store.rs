//! The store's contract: what every back-end keeps, seen through [`Store`] alone, then what only
//! SQLite can show.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use spo::domain::identity::{DocumentId, EventId, OrderId, VariationId};
use spo::domain::order::{Order, OrderKind, Undisclosed};
use spo::domain::people::Confidences;
use spo::domain::sensitive::Sensitive;
use spo::domain::variation::VariationRequest;
use spo::store::{
    self, ApiKey, Event, EvidenceDue, NewCopy, NewDocument, NewOrder, NewRevision, NewVariation,
    OpenError, OrderFilter, Paper, RememberedAnswer, Store, StoreError, StoredDocument,
};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection, SqlSafeStr, SqliteConnection};
use uuid::Uuid;

/// A register in a folder of its own, which goes when the test ends.
struct Register {
    store: Arc<dyn Store>,
    folder: PathBuf,
}

impl Register {
    async fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("spo-it-store-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let url = format!("sqlite:{}", folder.join("register.sqlite").display());
        let store = store::open(&url).await.expect("an empty folder opens");
        Self { store, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("register.sqlite")
    }

    /// A second way into the file, as another program would have.
    async fn raw(&self) -> SqliteConnection {
        let url = format!("sqlite:{}", self.path().display());
        SqliteConnection::connect(&url).await.expect("the file opens")
    }

    async fn run(&self, sql: &'static str) {
        let mut raw = self.raw().await;
        sqlx::raw_sql(sql).execute(&mut raw).await.expect("the statement runs");
        raw.close().await.expect("the connection closes");
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let mut raw = self.raw().await;
        sqlx::query_scalar(sql).fetch_one(&mut raw).await.expect("a number")
    }
}

impl Drop for Register {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Ids that sort as they were made.
fn uuid(number: u64) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest(&SHA256, bytes).as_ref().try_into().expect("32 bytes")
}

fn noon() -> Timestamp {
    "2026-11-02T12:00:00.123456Z".parse().expect("an instant")
}

fn force(code: &str) -> Value {
    json!({ "code": code, "name": "Testshire Police", "welsh_name": "Heddlu Prawf",
        "chief_officer": "The Chief Constable", "welsh_chief_officer": "Y Prif Gwnstabl" })
}

/// An order's facts as the store keeps them.
fn facts() -> Value {
    json!({
        "kind": "full_order",
        "case": { "reference": "SPO-1", "urn": null, "court_reference": null },
        "route": "application",
        "application": { "reference": "A-1", "made_on": "2026-10-01" },
        "court": { "code": "9999", "sitting": "magistrates", "name": "Testham Magistrates' Court",
            "welsh_name": null, "lja_code": "1234", "lja_name": "Testham",
            "address": { "lines": ["1 Test Street"], "postcode": "ZZ99 1AA" },
            "police_area": null },
        "applicant": { "force": force("testshire"), "ground": "resides_in_area", "officer": null },
        "respondent": { "title": null, "given_names": "Siân Zoë", "family_name": "Ŵyn-Straße",
            "aliases": [], "date_of_birth": "1990-02-28",
            "abode": { "no_fixed_abode": { "found_at": "Testham market" } },
            "police_area": null, "pnc_id": null, "guardian": null, "commitments": [],
            "sex_offender_notification": null },
        "protected_persons": [{ "reference": "A", "printed": "Person A" }],
        "made_on": "2026-11-02",
        "hearing": { "respondent_present": true, "on_notice": true, "bench": "A Bench",
            "welsh_bench": null, "legal_adviser": null },
        "avoids_conflict": { "religious_belief": "yes", "work": "yes", "education": "yes",
            "reason": null },
        "terms": [{ "number": "P1", "source": "free", "text": "Not to contact Person A.",
            "welsh": null, "locality": "united_kingdom", "until": null }],
        "duration": { "type": "fixed", "end_date": "2028-11-01" },
        "authorised_by": { "name": "A Adviser", "capacity": "justices_legal_adviser" },
        "language": "en",
        "next_hearing": null,
        "replaces_interim": null,
        "existing_orders": [],
    })
}

fn order_of(facts: Value) -> Order {
    serde_json::from_value(facts).expect("an order")
}

fn undisclosed() -> Undisclosed {
    let person = Confidences {
        reference: 'A',
        hidden_name: Some(Sensitive::new("Canary Hidden")),
        addresses: vec![Sensitive::new("7 Canary Row"), Sensitive::new("8 Canary Row")],
        phones: vec![Sensitive::new("07700 900123")],
        ..Confidences::default()
    };
    let necessity = vec![("P1".parse().expect("a number"), Sensitive::new("Because of fear."))];
    Undisclosed { persons: vec![person], necessity }
}

fn event(number: u64, order: Option<OrderId>) -> Event {
    Event {
        id: EventId::of(uuid(number)),
        at: noon(),
        what: "order.issued".to_owned(),
        who: "desk".to_owned(),
        order_id: order,
        document_id: None,
        request_id: format!("request-{number}"),
        detail: json!({ "documents": 1 }),
    }
}

fn document(number: u64, order: OrderId, bytes: &[u8]) -> StoredDocument {
    StoredDocument {
        id: DocumentId::of(uuid(number)),
        kind: "full_order".to_owned(),
        audience: "respondent".to_owned(),
        language: "en".to_owned(),
        person: None,
        paper: Paper::default(),
        order_id: order,
        variation_id: None,
        version: 1,
        edition: "full_order/2026-11".to_owned(),
        pages: 3,
        bytes: bytes.len() as u64,
        sha256: sha256(bytes),
        signed_sha256: Some(sha256(&[bytes, b"covered"].concat())),
        content_sha256: [9; 32],
        order_content_sha256: Some([9; 32]),
        signature_level: "B-B".to_owned(),
        timestamp: None,
        revision: 0,
        wanted_level: None,
        held: false,
        signer: "Local test seal".to_owned(),
        signed_at: noon(),
        issued_at: noon(),
        code: "ABCD-1234".to_owned(),
        words: "six words of a test here".to_owned(),
        supersedes: None,
        superseded_by: None,
    }
}

fn answer(key: &str, document: DocumentId) -> RememberedAnswer {
    RememberedAnswer {
        caller: "desk".to_owned(),
        key: key.to_owned(),
        path: "/v1/full-orders".to_owned(),
        body_sha256: [3; 32],
        status: 201,
        location: "/v1/orders/x".to_owned(),
        json: b"{\"id\":\"x\" }".to_vec(),
        document,
    }
}

/// What one issue under this number and key gives back.
async fn issue(store: &dyn Store, number: u64, key: &str, facts: Value) -> Result<(), StoreError> {
    let id = OrderId::of(uuid(number));
    let bytes = format!("%PDF of {number}").into_bytes();
    let document = document(number, id, &bytes);
    let answer = answer(key, document.id);
    store
        .save_order(NewOrder {
            id,
            order: &order_of(facts),
            undisclosed: &undisclosed(),
            acknowledged: &json!([{ "rule": "many_terms" }]),
            issued_at: noon(),
            edition: "full_order/2026-11",
            documents: vec![NewDocument {
                document,
                due: None,
                edition_sha256: [5; 32],
                bytes: &bytes,
            }],
            answer: Some(answer),
            event: event(number, Some(id)),
        })
        .await
}

fn variation_of(order: OrderId) -> VariationRequest {
    serde_json::from_value(json!({
        "order_id": order, "expected_version": 1, "kind": "discharge",
        "applicant": { "capacity": "respondent", "name": null }, "made_on": "2026-11-03",
        "grounds": "Circumstances have changed.", "changes": [], "consents": [], "language": "en",
    }))
    .expect("a request")
}

/// What recording a request under this number gives back.
async fn request(store: &dyn Store, number: u64, order: OrderId) -> Result<(), StoreError> {
    let id = VariationId::of(uuid(number));
    let mut paper = document(number, order, b"%PDF of a request");
    paper.kind = "variation_request".to_owned();
    paper.variation_id = Some(id);
    let answer = answer(&format!("key-{number}"), paper.id);
    store
        .save_variation(NewVariation {
            id,
            request: &variation_of(order),
            undisclosed: &undisclosed(),
            acknowledged: &json!([]),
            issued_at: noon(),
            documents: vec![NewDocument {
                document: paper,
                due: None,
                edition_sha256: [5; 32],
                bytes: b"%PDF of a request",
            }],
            answer: Some(answer),
            event: event(number, Some(order)),
        })
        .await
}

async fn ids(store: &dyn Store, filter: &OrderFilter) -> Vec<OrderId> {
    let found = store.orders(filter, None, 200).await.expect("a list");
    found.into_iter().map(|order| order.id).collect()
}

#[tokio::test]
async fn an_issue_comes_back_whole() {
    let register = Register::new().await;
    let store = &*register.store;
    issue(store, 1, "key", facts()).await.unwrap();
    let id = OrderId::of(uuid(1));
    let kept = store.order(id).await.unwrap().unwrap();
    assert_eq!((kept.id, kept.version, &*kept.edition), (id, 1, "full_order/2026-11"));
    assert_eq!(kept.order, order_of(facts()));
    assert_eq!(kept.acknowledged, json!([{ "rule": "many_terms" }]));
    assert_eq!(kept.issued_at, noon());
    assert_eq!(store.order_version(id, 1).await.unwrap(), Some(kept));
    assert_eq!(store.order_version(id, 2).await.unwrap(), None);
    assert_eq!(store.undisclosed(id).await.unwrap(), Some(undisclosed()));
    let bytes = b"%PDF of 1".to_vec();
    let paper = document(1, id, &bytes);
    assert_eq!(store.document(paper.id).await.unwrap().as_ref(), Some(&paper));
    assert_eq!(store.documents(id).await.unwrap(), std::slice::from_ref(&paper));
    assert_eq!(store.document_bytes(paper.id).await.unwrap(), Some(bytes));
    assert_eq!(store.answer("desk", "key").await.unwrap(), Some(answer("key", paper.id)));
    assert_eq!(store.events(id).await.unwrap(), [event(1, Some(id))]);
}

#[tokio::test]
async fn a_copy_joins_its_order_whole_or_not_at_all() {
    let register = Register::new().await;
    let store = &*register.store;
    issue(store, 1, "key", facts()).await.unwrap();
    let id = OrderId::of(uuid(1));
    let bytes = b"%PDF of a notice".to_vec();
    let notice = StoredDocument {
        kind: "protected_person_notice".to_owned(),
        audience: "protected_person".to_owned(),
        person: Some('A'),
        paper: Paper { large_print: true, even_pages: true, address_window: true },
        content_sha256: [8; 32],
        ..document(2, id, &bytes)
    };
    let copy = |document: StoredDocument, key: &str| NewCopy {
        answer: Some(answer(key, document.id)),
        event: event(document.pages.into(), Some(id)),
        document: NewDocument { document, due: None, edition_sha256: [5; 32], bytes: &bytes },
    };
    store.save_document(copy(notice.clone(), "another key")).await.unwrap();
    assert_eq!(store.document(notice.id).await.unwrap().as_ref(), Some(&notice));
    assert_eq!(store.document_bytes(notice.id).await.unwrap().as_ref(), Some(&bytes));
    let kept = [document(1, id, b"%PDF of 1"), notice.clone()];
    assert_eq!(store.documents(id).await.unwrap(), kept);
    let first = store.answer("desk", "another key").await.unwrap();
    assert_eq!(first, Some(answer("another key", notice.id)));
    assert_eq!(store.events(id).await.unwrap().len(), 2);

    let next = |order| StoredDocument { pages: 4, ..document(4, order, &bytes) };
    let taken = store.save_document(copy(next(id), "key")).await;
    assert!(matches!(taken, Err(StoreError::Conflict)), "{taken:?}");
    let orphan = store.save_document(copy(next(OrderId::of(uuid(9))), "third key")).await;
    assert!(matches!(orphan, Err(StoreError::Driver(_))), "{orphan:?}");
    assert_eq!(store.documents(id).await.unwrap().len(), 2, "neither left a trace");
    assert_eq!(store.events(id).await.unwrap().len(), 2);
    assert_eq!(store.answer("desk", "third key").await.unwrap(), None);
}

#[tokio::test]
async fn the_newest_document_says_when_something_was_last_issued() {
    let register = Register::new().await;
    let store = &*register.store;
    assert_eq!(store.last_issued().await.unwrap(), None);
    issue(store, 1, "key", facts()).await.unwrap();
    assert_eq!(store.last_issued().await.unwrap(), Some(noon()));
    let (id, bytes) = (OrderId::of(uuid(1)), b"%PDF of a copy");
    let copy = async |number: u64, issued_at: Timestamp| {
        let made = StoredDocument { issued_at, ..document(number, id, bytes) };
        let copy = NewCopy {
            answer: None,
            event: event(number, Some(id)),
            document: NewDocument { document: made, due: None, edition_sha256: [5; 32], bytes },
        };
        store.save_document(copy).await.unwrap();
        store.last_issued().await.unwrap()
    };
    let hours = |number| noon() + SignedDuration::from_hours(number);
    assert_eq!(copy(9, hours(9)).await, Some(hours(9)));
    assert_eq!(copy(5, hours(5)).await, Some(hours(9)), "kept later, under a clock that went back");
    // What is added to a document is not an issue.
    let raw = "INSERT INTO document_revision (document_id, revision, signature_level, made_at,
        byte_count, sha256) SELECT id, 1, 'B-T', issued_at + 1000000, 1, zeroblob(32) FROM document";
    register.run(raw).await;
    let url = format!("sqlite:{}", register.path().display());
    let again = store::open(&url).await.unwrap();
    assert_eq!(again.last_issued().await.unwrap(), Some(hours(9)));
}

/// A copy that waits for a timestamp.
async fn waiting(store: &dyn Store, held: bool) -> EvidenceDue {
    let order = OrderId::of(uuid(1));
    issue(store, 1, "key", facts()).await.unwrap();
    let bytes = b"%PDF of a copy";
    let copy = document(7, order, bytes);
    let copy = StoredDocument { kind: "certified_copy".to_owned(), held, ..copy };
    let due = EvidenceDue {
        document: copy.id,
        wanted: "B-LT".to_owned(),
        due_at: noon(),
        tries: 0,
        failure: None,
    };
    let made =
        NewDocument { document: copy, due: Some(due.clone()), edition_sha256: [5; 32], bytes };
    let event = event(70, Some(order));
    store.save_document(NewCopy { document: made, answer: None, event }).await.unwrap();
    due
}

fn stamped(due: &EvidenceDue, next: Option<EvidenceDue>) -> NewRevision<'static> {
    NewRevision {
        document: due.document,
        revision: 1,
        signature_level: "B-T",
        timestamp: Some(noon()),
        made_at: noon(),
        sha256: sha256(b"%PDF with a timestamp"),
        bytes: b"%PDF with a timestamp",
        due: next,
        event: event(71, Some(OrderId::of(uuid(1)))),
    }
}

#[tokio::test]
async fn a_revision_stands_beside_the_document_as_it_was_issued() {
    let register = Register::new().await;
    let store = &*register.store;
    let due = waiting(store, true).await;
    let before = store.document(due.document).await.unwrap().unwrap();
    assert_eq!((before.revision, before.held), (0, true));
    assert_eq!(before.wanted_level.as_deref(), Some("B-LT"));
    let earlier = noon() - jiff::SignedDuration::from_secs(1);
    assert_eq!(store.evidence_due(earlier, 9).await.unwrap(), []);
    assert_eq!(store.evidence_due(noon(), 9).await.unwrap(), std::slice::from_ref(&due));
    let behind = store.evidence_behind(noon()).await.unwrap();
    assert_eq!((behind.without_timestamp, behind.due, behind.since), (1, 1, Some(noon())));
    let later = noon() + jiff::SignedDuration::from_hours(1);
    let next = EvidenceDue { due_at: later, ..due.clone() };
    store.add_revision(stamped(&due, Some(next.clone()))).await.unwrap();
    let after = store.document(due.document).await.unwrap().unwrap();
    assert_eq!((after.revision, after.held), (1, false));
    assert_eq!((after.signature_level.as_str(), after.timestamp), ("B-T", Some(noon())));
    assert_eq!(after.bytes, b"%PDF with a timestamp".len() as u64);
    assert_eq!(after.signed_sha256, before.signed_sha256);
    let bytes = store.document_bytes(due.document).await.unwrap().unwrap();
    assert_eq!((bytes.as_slice(), sha256(&bytes)), (&b"%PDF with a timestamp"[..], after.sha256));
    let first = store.first_bytes(due.document).await.unwrap().unwrap();
    assert_eq!(first, bytes, "it was held until its timestamp stood");
    assert_eq!(store.evidence_due(noon(), 9).await.unwrap(), []);
    assert_eq!(store.evidence_due(later, 9).await.unwrap(), [next]);
    let again = store.add_revision(stamped(&due, None)).await;
    assert!(matches!(again, Err(StoreError::Conflict)));
    assert_eq!(store.evidence_due(later, 9).await.unwrap().len(), 1, "the clash wrote nothing");
}

#[tokio::test]
async fn a_document_is_found_by_each_of_its_revisions_and_by_what_its_seal_covers() {
    let register = Register::new().await;
    let store = &*register.store;
    let due = waiting(store, false).await;
    store.add_revision(stamped(&due, None)).await.unwrap();
    let document = store.document(due.document).await.unwrap().unwrap();
    let asked = [
        (sha256(b"%PDF of a copy"), Some(0)),
        (sha256(b"%PDF with a timestamp"), Some(1)),
        (document.signed_sha256.unwrap(), None),
    ];
    for (digest, revision) in asked {
        let found = store.document_by_digest(&digest).await.unwrap().unwrap();
        assert_eq!((found.document, found.revision), (document.clone(), revision));
    }
    let first = store.first_bytes(due.document).await.unwrap().unwrap();
    assert_eq!(first, b"%PDF of a copy", "what was first given out");
    assert_eq!(store.document_by_digest(&[1; 32]).await.unwrap(), None);
}

#[tokio::test]
async fn a_try_that_failed_is_due_later_and_says_why() {
    let register = Register::new().await;
    let store = &*register.store;
    let due = waiting(store, false).await;
    let later = noon() + jiff::SignedDuration::from_mins(1);
    let failure = Some("unreachable".to_owned());
    let next = EvidenceDue { due_at: later, tries: 1, failure, ..due };
    store.postpone_evidence(&next).await.unwrap();
    assert_eq!(store.evidence_due(noon(), 9).await.unwrap(), []);
    assert_eq!(store.evidence_due(later, 9).await.unwrap(), [next]);
    let behind = store.evidence_behind(noon()).await.unwrap();
    assert_eq!(behind.due, 1, "a failure counts before its next try is due");
}

#[tokio::test]
async fn a_revision_never_changes_and_a_changed_one_is_not_given_out() {
    let register = Register::new().await;
    let due = waiting(&*register.store, false).await;
    register.store.add_revision(stamped(&due, None)).await.unwrap();
    let mut raw = register.raw().await;
    for sql in [
        "UPDATE document_revision SET signature_level = 'B-LTA'",
        "UPDATE document_revision_bytes SET bytes = x'00'",
    ] {
        assert!(sqlx::query(sql).execute(&mut raw).await.is_err(), "{sql}");
    }
    raw.close().await.unwrap();
    register
        .run(
            "DROP TRIGGER document_revision_bytes_stay;
            UPDATE document_revision_bytes SET bytes = x'00'",
        )
        .await;
    let error = register.store.document_bytes(due.document).await.unwrap_err();
    let StoreError::Corrupt { table, column, .. } = error else { panic!("{error}") };
    assert_eq!((table, column), ("document_revision_bytes", "bytes"));
}

/// A file as the first release made it: its tables alone, with an order and a request in them.
async fn of_the_first_release() -> Register {
    let (now, old) = (Register::new().await, Register::new().await);
    issue(&*now.store, 1, "key", facts()).await.unwrap();
    request(&*now.store, 2, OrderId::of(uuid(1))).await.unwrap();
    let _ = std::fs::remove_dir_all(&old.folder);
    std::fs::create_dir_all(&old.folder).unwrap();
    let url = format!("sqlite:{}?mode=rwc", old.path().display());
    let mut file = SqliteConnection::connect(&url).await.unwrap();
    let sql = include_str!("../../src/store/migrations/sqlite/0001_the_register.sql");
    let (name, kind) = ("the register".into(), MigrationType::Simple);
    let first = Migration::new(1, name, kind, sql.into_sql_str(), false);
    Migrator::with_migrations(vec![first]).run_direct(None, &mut file, false).await.unwrap();
    let attach = "ATTACH $1 AS newer";
    sqlx::query(attach).bind(now.path().display().to_string()).execute(&mut file).await.unwrap();
    let rows = "INSERT INTO order_version SELECT * FROM newer.order_version;
        INSERT INTO variation SELECT * FROM newer.variation;
        INSERT INTO confidence SELECT * FROM newer.confidence;
        INSERT INTO necessity SELECT * FROM newer.necessity;
        INSERT INTO document SELECT id, kind, audience, language, order_id, variation_id, version,
            edition, pages, byte_count, sha256, content_sha256, signature_level, signer, signed_at,
            issued_at, code, supersedes FROM newer.document;
        INSERT INTO document_bytes SELECT * FROM newer.document_bytes;
        INSERT INTO answer SELECT * FROM newer.answer;
        INSERT INTO event SELECT * FROM newer.event";
    sqlx::raw_sql(rows).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    old
}

#[tokio::test]
async fn a_register_of_the_first_release_is_brought_up_to_date_and_loses_nothing() {
    let register = of_the_first_release().await;
    let url = format!("sqlite:{}", register.path().display());
    let store = store::open(&url).await.expect("an older file is brought up to date");
    let id = OrderId::of(uuid(1));
    assert_eq!(store.order(id).await.unwrap().unwrap().order, order_of(facts()));
    assert_eq!(store.undisclosed(id).await.unwrap(), Some(undisclosed()));
    let [order, asked] = &store.documents(id).await.unwrap()[..] else { panic!("two documents") };
    let bytes = b"%PDF of 1".to_vec();
    let old = document(1, id, &bytes);
    let old = StoredDocument { words: String::new(), signed_sha256: None, ..old };
    assert_eq!(*order, old, "its own digest is that of its copies to come");
    assert_eq!((asked.order_content_sha256, asked.person), (None, None));
    assert_eq!(store.document_bytes(order.id).await.unwrap(), Some(bytes));
    assert!(store.answer("desk", "key").await.unwrap().is_some());
    assert_eq!(store.events(id).await.unwrap().len(), 2);
    assert_eq!(store.editions().await.unwrap(), []);
    assert_eq!(store.documents_marked("").await.unwrap(), [], "no words are not the words");

    let copy = document(3, id, b"%PDF of a copy");
    let event = event(3, Some(id));
    let made = NewDocument {
        document: copy,
        due: None,
        edition_sha256: [5; 32],
        bytes: b"%PDF of a copy",
    };
    store.save_document(NewCopy { document: made, answer: None, event }).await.unwrap();
    assert_eq!(store.documents(id).await.unwrap().len(), 3);
    for changed in ["UPDATE document SET pages = 9", "UPDATE edition SET sha256 = zeroblob(32)"] {
        let changed = sqlx::query(changed).execute(&mut register.raw().await).await;
        assert!(changed.is_err(), "what was issued never changes");
    }
}

#[tokio::test]
async fn what_is_not_there_is_none_and_not_an_error() {
    let register = Register::new().await;
    let store = &*register.store;
    issue(store, 1, "key", facts()).await.unwrap();
    let (order, document) = (OrderId::of(uuid(2)), DocumentId::of(uuid(2)));
    assert_eq!(store.order(order).await.unwrap(), None);
    assert_eq!(store.undisclosed(order).await.unwrap(), None);
    assert_eq!(store.replaced_by(order).await.unwrap(), None);
    assert_eq!(store.document(document).await.unwrap(), None);
    assert_eq!(store.document_bytes(document).await.unwrap(), None);
    assert_eq!(store.variation(VariationId::of(uuid(2))).await.unwrap(), None);
    assert_eq!(store.answer("desk", "other").await.unwrap(), None);
    assert_eq!(store.answer("another desk", "key").await.unwrap(), None);
    assert_eq!(store.documents(order).await.unwrap(), []);
    assert_eq!(store.events(order).await.unwrap(), []);
}

#[tokio::test]
async fn a_taken_key_leaves_nothing_of_the_second_order_behind() {
    let register = Register::new().await;
    let store = &*register.store;
    issue(store, 1, "key", facts()).await.unwrap();
    assert!(matches!(issue(store, 2, "key", facts()).await, Err(StoreError::Conflict)));
    let everything = "SELECT (SELECT count(*) FROM order_version) + (SELECT count(*) FROM document)
        + (SELECT count(*) FROM document_bytes) + (SELECT count(*) FROM confidence)
        + (SELECT count(*) FROM necessity) + (SELECT count(*) FROM answer)
        + (SELECT count(*) FROM event)";
    assert_eq!(register.count(everything).await, 7);
    issue(store, 2, "another key", facts()).await.unwrap();
    assert_eq!(register.count(everything).await, 14);
}

#[tokio::test]
async fn a_taken_id_leaves_the_first_order_as_it_was() {
    let register = Register::new().await;
    let store = &*register.store;
    issue(store, 1, "key", facts()).await.unwrap();
    let mut other = facts();
    other["case"]["reference"] = json!("SPO-2");
    assert!(matches!(issue(store, 1, "another key", other).await, Err(StoreError::Conflict)));
    let kept = store.order(OrderId::of(uuid(1))).await.unwrap().unwrap();
    assert_eq!(kept.order, order_of(facts()));
    assert_eq!(store.answer("desk", "another key").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_with_one_key_exactly_one_is_first() {
    let register = Register::new().await;
    let tasks: Vec<_> = (1..=20)
        .map(|number| {
            let store = Arc::clone(&register.store);
            tokio::spawn(async move { issue(&*store, number, "key", facts()).await })
        })
        .collect();
    let mut first = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => first += 1,
            Err(error) => assert!(matches!(error, StoreError::Conflict), "{error}"),
        }
    }
    assert_eq!(first, 1);
    let kept = ids(&*register.store, &OrderFilter::default()).await;
    let answer = register.store.answer("desk", "key").await.unwrap().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(answer.document.uuid(), kept[0].uuid());
    assert_eq!(register.count("SELECT count(*) FROM event").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_that_wait_together_do_not_fall_together() {
    let register = Register::new().await;
    let tasks: Vec<_> = (1..=60)
        .map(|number| {
            let store = Arc::clone(&register.store);
            // Every third takes the key of the one before.
            let key = format!("key-{}", if number % 3 == 0 { number - 1 } else { number });
            tokio::spawn(async move { issue(&*store, number, &key, facts()).await.is_ok() })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += u32::from(task.await.unwrap());
    }
    assert_eq!(done, 40);
    assert_eq!(ids(&*register.store, &OrderFilter::default()).await.len(), 40);
}

#[tokio::test]
async fn a_variation_request_stands_beside_its_order() {
    let register = Register::new().await;
    let store = &*register.store;
    issue(store, 1, "key", facts()).await.unwrap();
    let order = OrderId::of(uuid(1));
    request(store, 2, order).await.unwrap();
    let kept = store.variation(VariationId::of(uuid(2))).await.unwrap().unwrap();
    assert_eq!(kept.request, variation_of(order));
    assert_eq!(kept.issued_at, noon());
    let papers = store.documents(order).await.unwrap();
    assert_eq!(papers.len(), 2);
    assert_eq!(papers[1].variation_id, Some(kept.id));
    assert_eq!(store.events(order).await.unwrap().len(), 2);
    assert_eq!(store.undisclosed(order).await.unwrap(), Some(undisclosed()));
}

#[tokio::test]
async fn a_variation_request_of_no_order_leaves_nothing() {
    let register = Register::new().await;
    let store = &*register.store;
    let refused = request(store, 2, OrderId::of(uuid(1))).await;
    assert!(matches!(refused, Err(StoreError::Driver(_))));
    assert_eq!(store.variation(VariationId::of(uuid(2))).await.unwrap(), None);
    assert_eq!(register.count("SELECT count(*) FROM event").await, 0);
}

#[tokio::test]
async fn what_was_answered_is_there_after_the_next_opening() {
    let register = Register::new().await;
    issue(&*register.store, 1, "key", facts()).await.unwrap();
    let url = format!("sqlite:{}", register.path().display());
    let again = store::open(&url).await.unwrap();
    assert!(again.order(OrderId::of(uuid(1))).await.unwrap().is_some());
    issue(&*again, 2, "key-2", facts()).await.unwrap();
    assert!(register.store.order(OrderId::of(uuid(2))).await.unwrap().is_some());
    assert!(register.store.check().await.is_ok() && again.check().await.is_ok());
}

#[tokio::test]
async fn lists_run_by_id_in_pages() {
    let register = Register::new().await;
    let store = &*register.store;
    for number in [3, 1, 2] {
        issue(store, number, &format!("key-{number}"), facts()).await.unwrap();
    }
    let filter = OrderFilter::default();
    let all = [1, 2, 3].map(|number| OrderId::of(uuid(number)));
    assert_eq!(ids(store, &filter).await, all);
    let first = store.orders(&filter, None, 2).await.unwrap();
    let rest = store.orders(&filter, Some(first[1].id), 2).await.unwrap();
    assert_eq!(first.iter().chain(&rest).map(|order| order.id).collect::<Vec<_>>(), all);
}

#[tokio::test]
async fn each_condition_of_a_filter_divides_the_orders() {
    let register = Register::new().await;
    let store = &*register.store;
    let mut other = facts();
    other["kind"] = json!("interim_order");
    other["court"]["code"] = json!("8888");
    other["applicant"]["force"] = force("otherton");
    other["made_on"] = json!("2026-11-20");
    other["duration"] = json!({ "type": "until_further_order" });
    other["case"]["reference"] = json!("SPO-2");
    other["respondent"]["family_name"] = json!("Prawf");
    other["respondent"]["given_names"] = json!("Ioan");
    other["respondent"]["date_of_birth"] = json!("1991-03-01");
    issue(store, 1, "key-1", facts()).await.unwrap();
    issue(store, 2, "key-2", other).await.unwrap();
    let none = OrderFilter::default;
    let text = |text: &str| Some(text.to_owned());
    let day = |text: &str| Some(text.parse().expect("a date"));
    let first = [
        OrderFilter { kind: Some(OrderKind::FullOrder), ..none() },
        OrderFilter { court: text("9999"), ..none() },
        OrderFilter { force: text("testshire"), ..none() },
        OrderFilter { made_to: day("2026-11-19"), ..none() },
        OrderFilter { ends_before: day("2028-11-02"), ..none() },
        OrderFilter { case_reference: text("SPO-1"), ..none() },
        OrderFilter { respondent_family_name: text("ŵYN-STRASSE"), ..none() },
        OrderFilter { respondent_given_names: text("SIÂN zoë"), ..none() },
        OrderFilter { respondent_date_of_birth: day("1990-02-28"), ..none() },
        OrderFilter { in_force_on: day("2028-11-02").map(|day| (day, false)), ..none() },
        OrderFilter { in_force_on: day("2026-11-19").map(|day| (day, true)), ..none() },
    ];
    for filter in first {
        assert_eq!(ids(store, &filter).await, [OrderId::of(uuid(1))], "{filter:?}");
    }
    let second = [
        OrderFilter { made_from: day("2026-11-20"), ..none() },
        OrderFilter { in_force_on: day("2028-11-02").map(|day| (day, true)), ..none() },
    ];
    for filter in second {
        assert_eq!(ids(store, &filter).await, [OrderId::of(uuid(2))], "{filter:?}");
    }
    let both = [
        OrderFilter { in_force_on: day("2028-11-01").map(|day| (day, true)), ..none() },
        OrderFilter { edition: text("full_order/2026-11"), ..none() },
    ];
    for filter in both {
        assert_eq!(ids(store, &filter).await.len(), 2, "{filter:?}");
    }
    let neither = [
        OrderFilter { ends_before: day("2028-11-01"), ..none() },
        OrderFilter { respondent_family_name: text("Ŵyn"), ..none() },
        OrderFilter { case_reference: text("SPO-_"), ..none() },
    ];
    for filter in neither {
        assert_eq!(ids(store, &filter).await, [], "{filter:?}");
    }
}

#[tokio::test]
async fn a_full_order_ends_the_interim_order_that_it_replaces() {
    let register = Register::new().await;
    let store = &*register.store;
    let (interim, full) = (OrderId::of(uuid(1)), OrderId::of(uuid(2)));
    let mut replacing = facts();
    replacing["made_on"] = json!("2026-11-20");
    replacing["replaces_interim"] =
        json!({ "order_id": interim, "case_reference": "SPO-1", "made_on": "2026-11-02" });
    issue(store, 1, "key-1", facts()).await.unwrap();
    assert_eq!(store.replaced_by(interim).await.unwrap(), None);
    issue(store, 2, "key-2", replacing.clone()).await.unwrap();
    assert_eq!(store.replaced_by(interim).await.unwrap(), Some(full));
    let second = issue(store, 3, "key-3", replacing).await;
    assert!(matches!(second, Err(StoreError::Conflict)), "two full orders for one interim order");
    assert!(store.order(OrderId::of(uuid(3))).await.unwrap().is_none());
    assert!(store.answer("desk", "key-3").await.unwrap().is_none());
    let in_force = |day: &str, yes: bool| OrderFilter {
        in_force_on: Some((day.parse().expect("a date"), yes)),
        ..OrderFilter::default()
    };
    assert_eq!(ids(store, &in_force("2026-11-19", true)).await, [interim]);
    assert_eq!(ids(store, &in_force("2026-11-20", true)).await, [full]);
    assert_eq!(ids(store, &in_force("2026-11-20", false)).await, [interim]);
    let replaced = |yes| OrderFilter { replaced: Some(yes), ..OrderFilter::default() };
    assert_eq!(ids(store, &replaced(true)).await, [interim]);
    assert_eq!(ids(store, &replaced(false)).await, [full]);
}

#[tokio::test]
async fn keys_are_kept_used_and_revoked() {
    let register = Register::new().await;
    let store = &*register.store;
    let key = |name: &str, byte: u8| ApiKey {
        name: name.to_owned(),
        sha256: [byte; 32],
        roles: vec!["issue".to_owned(), "read".to_owned()],
        created_at: noon(),
        expires_at: noon() + SignedDuration::from_hours(24),
        last_used_at: None,
        revoked_at: None,
    };
    let order = OrderId::of(uuid(1));
    let event = |number, at| Event { at, ..event(number, Some(order)) };
    store.add_api_key(&key("desk", 1), &event(1, noon())).await.unwrap();
    store.add_api_key(&key("batch", 2), &event(2, noon())).await.unwrap();
    assert!(matches!(
        store.add_api_key(&key("desk", 3), &event(3, noon())).await,
        Err(StoreError::Conflict)
    ));
    assert!(matches!(
        store.add_api_key(&key("third", 1), &event(4, noon())).await,
        Err(StoreError::Conflict)
    ));
    assert_eq!(store.api_keys().await.unwrap(), [key("desk", 1), key("batch", 2)]);
    assert_eq!(store.api_key(&[1; 32]).await.unwrap(), Some(key("desk", 1)));
    assert_eq!(store.api_key(&[9; 32]).await.unwrap(), None);

    let used = |seconds| noon() + SignedDuration::from_secs(seconds);
    for (at, kept) in [(0, 0), (59, 0), (61, 61), (30, 61)] {
        store.touch_api_key(&[1; 32], used(at)).await.unwrap();
        let key = store.api_key(&[1; 32]).await.unwrap().unwrap();
        assert_eq!(key.last_used_at, Some(used(kept)), "after {at}");
    }
    store.touch_api_key(&[9; 32], noon()).await.unwrap();

    assert!(store.revoke_api_key("desk", &event(6, used(90))).await.unwrap());
    assert!(!store.revoke_api_key("desk", &event(7, used(95))).await.unwrap());
    assert!(!store.revoke_api_key("nobody", &event(8, used(95))).await.unwrap());
    let revoked = store.api_key(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(revoked.revoked_at, Some(used(90)));
    store.add_api_key(&key("desk", 3), &event(5, noon())).await.unwrap();
    let trail: Vec<_> = store.events(order).await.unwrap().iter().map(|line| line.id).collect();
    let written = [1, 2, 5, 6].map(|number| event(number, noon()).id);
    assert_eq!(trail, written, "a key that was not made or revoked has no line");
}

#[tokio::test]
async fn a_lone_event_joins_the_trail_of_its_order() {
    let register = Register::new().await;
    let store = &*register.store;
    let order = OrderId::of(uuid(1));
    store.record(&event(5, Some(order))).await.unwrap();
    store.record(&event(4, Some(order))).await.unwrap();
    store.record(&event(6, None)).await.unwrap();
    let trail = store.events(order).await.unwrap();
    assert_eq!(trail, [event(4, Some(order)), event(5, Some(order))]);
}

#[tokio::test]
async fn damaged_rows_are_named_and_never_served() {
    let register = Register::new().await;
    let store = &*register.store;
    issue(store, 1, "key", facts()).await.unwrap();
    request(store, 2, OrderId::of(uuid(1))).await.unwrap();
    register
        .run(
            "DROP TRIGGER document_bytes_stay; DROP TRIGGER order_version_stays;
            DROP TRIGGER answer_stays; DROP TRIGGER variation_stays;
            UPDATE document_bytes SET bytes = CAST('%pdf of 1' AS BLOB);
            UPDATE order_version SET facts = replace(facts, 'Not to contact', 'To contact');
            UPDATE variation SET facts = replace(facts, 'discharge', 'renew');
            UPDATE answer SET json = x'7b7d';
            UPDATE confidence SET content = x'7b7d'",
        )
        .await;
    let id = OrderId::of(uuid(1));
    let named = |error: StoreError| match error {
        StoreError::Corrupt { table, column, id } => (table, column, id),
        other => panic!("{other}"),
    };
    let (order, document) = (id.to_string(), DocumentId::of(uuid(1)));
    let faults = [
        (store.document_bytes(document).await.unwrap_err(), "document_bytes", "bytes"),
        (store.order(id).await.unwrap_err(), "order_version", "facts"),
        (
            store.orders(&OrderFilter::default(), None, 9).await.unwrap_err(),
            "order_version",
            "facts",
        ),
        (store.variation(VariationId::of(uuid(2))).await.unwrap_err(), "variation", "facts"),
        (store.answer("desk", "key").await.unwrap_err(), "answer", "json"),
        (store.undisclosed(id).await.unwrap_err(), "confidence", "content"),
    ];
    for (error, table, column) in faults {
        let (found_table, found_column, found_id) = named(error);
        assert_eq!((found_table, found_column), (table, column));
        assert!(!found_id.is_empty());
        assert!(table != "order_version" || found_id == order);
    }
    register.run("DELETE FROM document_bytes").await;
    assert_eq!(named(store.document_bytes(document).await.unwrap_err()).0, "document_bytes");
}

#[tokio::test]
async fn issued_rows_and_the_trail_refuse_to_change() {
    let register = Register::new().await;
    issue(&*register.store, 1, "key", facts()).await.unwrap();
    request(&*register.store, 2, OrderId::of(uuid(1))).await.unwrap();
    let mut raw = register.raw().await;
    for sql in [
        "UPDATE order_version SET edition = 'x'",
        "UPDATE variation SET facts = 'x'",
        "UPDATE document SET pages = 9",
        "UPDATE document_bytes SET bytes = x'00'",
        "UPDATE answer SET status = 200",
        "UPDATE event SET who = 'nobody'",
        "DELETE FROM event",
        "DELETE FROM document",
    ] {
        assert!(sqlx::query(sql).execute(&mut raw).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn the_file_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt;
    let register = Register::new().await;
    issue(&*register.store, 1, "key", facts()).await.unwrap();
    let mode = |path: &std::path::Path| {
        std::fs::metadata(path).expect("there").permissions().mode() & 0o777
    };
    assert_eq!(mode(&register.folder), 0o700);
    let mut files = 0;
    for entry in std::fs::read_dir(&register.folder).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
        files += 1;
    }
    assert_eq!(files, 3, "the database, its log and the log's index");
}

#[tokio::test]
async fn a_writer_that_another_program_locks_out_says_so() {
    let register = Register::new().await;
    issue(&*register.store, 1, "key", facts()).await.unwrap();
    let mut raw = register.raw().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut raw).await.unwrap();
    let refused = issue(&*register.store, 2, "key-2", facts()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable)));
    assert!(register.store.order(OrderId::of(uuid(1))).await.unwrap().is_some(), "reads go on");
    sqlx::query("ROLLBACK").execute(&mut raw).await.unwrap();
    issue(&*register.store, 2, "key-2", facts()).await.unwrap();
}

#[tokio::test]
async fn only_a_file_is_opened() {
    for url in ["", "postgres://x", "sqlite:", "sqlite::memory:", "sqlite:x?mode=memory", "x"] {
        assert!(matches!(store::open(url).await, Err(OpenError::Url)), "{url}");
    }
    let folder = std::env::temp_dir();
    let refused = store::open(&format!("sqlite:{}", folder.display())).await;
    assert!(matches!(refused, Err(OpenError::File { .. })));
}

/// The part of the child in the test below: issues orders until it is killed, and says which were
/// acknowledged.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the child of what_was_acknowledged_survives_a_kill"]
async fn a_child_that_issues_until_it_is_killed() {
    use std::io::Write;
    let Ok(url) = std::env::var("SPO_TEST_URL") else {
        return;
    };
    let store = store::open(&url).await.unwrap();
    let first: u64 = std::env::var("SPO_TEST_FROM").expect("the parent sets it").parse().unwrap();
    let lanes = (0..4).map(|lane| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for turn in 0..10_000 {
                let number = first + turn * 4 + lane;
                issue(&*store, number, &format!("key-{number}"), facts()).await.unwrap();
                // One write, so that a line is whole or not there.
                std::io::stdout().write_all(format!("issued {number}\n").as_bytes()).unwrap();
            }
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let register = Register::new().await;
    let mut acknowledged = Vec::new();
    for (round, kill_after) in [1, 20, 45].into_iter().enumerate() {
        let child = "store::a_child_that_issues_until_it_is_killed";
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", child, "--nocapture"])
            .env("SPO_TEST_FROM", (1 + round * 1_000_000).to_string())
            .env("SPO_TEST_URL", format!("sqlite:{}", register.path().display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let number = |line: String| Some(line.split_once("issued ")?.1.parse::<u64>().unwrap());
        acknowledged.extend(lines.by_ref().filter_map(number).take(kill_after));
        // SIGKILL; what it had said before that counts too.
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(lines.filter_map(number));
    }
    let again = store::open(&format!("sqlite:{}", register.path().display())).await.unwrap();
    for number in &acknowledged {
        let (order, paper) = (OrderId::of(uuid(*number)), DocumentId::of(uuid(*number)));
        assert!(again.order(order).await.unwrap().is_some(), "order {number}");
        let bytes = again.document_bytes(paper).await.unwrap();
        assert_eq!(bytes, Some(format!("%PDF of {number}").into_bytes()));
        let answer = again.answer("desk", &format!("key-{number}")).await.unwrap();
        assert_eq!(answer.map(|answer| answer.document), Some(paper));
        assert_eq!(again.events(order).await.unwrap().len(), 1);
    }
    assert!(acknowledged.len() >= 66, "{}", acknowledged.len());
    // Whatever was cut off is there whole or not at all.
    let tables = [
        "SELECT count(*) FROM document",
        "SELECT count(*) FROM document_bytes",
        "SELECT count(*) FROM answer",
        "SELECT count(*) FROM event",
        "SELECT count(*) FROM confidence",
        "SELECT count(*) FROM necessity",
    ];
    let orders = register.count("SELECT count(*) FROM order_version").await;
    for table in tables {
        assert_eq!(register.count(table).await, orders, "{table}");
    }
}
