//! The issuer between a store that fails and callers who repeat: what is kept is answered, what is
//! not kept is never claimed. Reliability, threats 10 to 12; contract section 1, idempotency.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde_json::Value;
use spo::clock::{Fixed, Sequential, System};
use spo::domain::identity::{DocumentId, OrderId, VariationId};
use spo::domain::judgement::Law;
use spo::domain::order::{OrderKind, Undisclosed};
use spo::domain::violation::Rule;
use spo::issue::{
    Caller, Collaborators, Creating, Fault, IdempotencyKey, IssueError, Issued, Issuer, Mode,
    OrderQuery,
};
use spo::render::Renderer;
use spo::sign::authority::Authority;
use spo::sign::keyring::Keyring;
use spo::store::{
    self, Answer, ApiKey, Event, EvidenceBehind, EvidenceDue, Matched, NewCopy, NewOrder,
    NewRevision, NewVariation, OrderFilter, RememberedAnswer, Store, StoreError, StoredDocument,
    StoredOrder, StoredVariation,
};

use crate::harness::{Folder, interim, keyed, now, set};

/// What goes wrong at the next writing of an order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Nothing,
    /// It fails before anything is kept.
    Before,
    /// It is kept, but the word that says so is lost.
    After,
    /// It is kept, and then nothing answers any more.
    AfterThenSilent,
    /// The commit fails, and nobody can say whether it is kept.
    Commit,
    /// The document of an answer is gone.
    NoDocument,
    /// The disk is full.
    Full,
    /// Nothing answers.
    Silent,
}

/// A store that fails when told to.
struct Faulty {
    inner: Arc<dyn Store>,
    trouble: AtomicU8,
}

impl Faulty {
    fn set(&self, trouble: Trouble) {
        self.trouble.store(trouble as u8, Ordering::SeqCst);
    }

    fn is(&self, trouble: Trouble) -> bool {
        self.trouble.load(Ordering::SeqCst) == trouble as u8
    }

    /// Fails once in the way that was set.
    async fn save(&self, made: NewOrder<'_>) -> Result<(), StoreError> {
        if self.is(Trouble::Before) {
            self.set(Trouble::Nothing);
            return Err(lost());
        }
        if self.is(Trouble::Commit) {
            self.set(Trouble::Nothing);
            return Err(StoreError::Unconfirmed("the sync failed".into()));
        }
        if self.is(Trouble::Full) {
            return Err(StoreError::Full);
        }
        self.inner.save_order(made).await?;
        if self.is(Trouble::After) {
            self.set(Trouble::Nothing);
            return Err(lost());
        }
        if self.is(Trouble::AfterThenSilent) {
            self.set(Trouble::Silent);
            return Err(lost());
        }
        Ok(())
    }
}

fn lost() -> StoreError {
    StoreError::Driver("the line is dead".into())
}

/// Hands a call on as it is.
macro_rules! handed_on {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)+) => {$(
        fn $name<'a>(&'a self, $($argument: $kind),*) -> Answer<'a, $answer> {
            self.inner.$name($($argument),*)
        }
    )+};
}

impl Store for Faulty {
    fn answer<'a>(&'a self, caller: &'a str, key: &'a str) -> Answer<'a, Option<RememberedAnswer>> {
        if self.is(Trouble::Silent) {
            return Box::pin(async { Err(StoreError::Unavailable) });
        }
        self.inner.answer(caller, key)
    }

    fn save_order<'a>(&'a self, made: NewOrder<'a>) -> Answer<'a, ()> {
        Box::pin(self.save(made))
    }

    fn document<'a>(&'a self, id: DocumentId) -> Answer<'a, Option<StoredDocument>> {
        if self.is(Trouble::NoDocument) {
            return Box::pin(async { Ok(None) });
        }
        self.inner.document(id)
    }

    fn editions(&self) -> Answer<'_, Vec<(String, [u8; 32])>> {
        self.inner.editions()
    }

    fn save_document<'a>(&'a self, made: NewCopy<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.inner.save_document(made).await?;
            if self.is(Trouble::After) {
                self.set(Trouble::Nothing);
                return Err(lost());
            }
            Ok(())
        })
    }

    handed_on! {
        save_variation(made: NewVariation<'a>) -> ();
        order(id: OrderId) -> Option<StoredOrder>;
        order_version(id: OrderId, version: u32) -> Option<StoredOrder>;
        undisclosed(id: OrderId) -> Option<Undisclosed>;
        replaced_by(id: OrderId) -> Option<OrderId>;
        orders(filter: &'a OrderFilter, after: Option<OrderId>, limit: u32) -> Vec<StoredOrder>;
        variation(id: VariationId) -> Option<StoredVariation>;
        documents(order: OrderId) -> Vec<StoredDocument>;
        documents_marked(mark: &'a str) -> Vec<StoredDocument>;
        document_bytes(id: DocumentId) -> Option<Vec<u8>>;
        first_bytes(id: DocumentId) -> Option<Vec<u8>>;
        document_by_digest(sha256: &'a [u8; 32]) -> Option<Matched>;
        evidence_due(now: Timestamp, limit: u32) -> Vec<EvidenceDue>;
        evidence_behind(now: Timestamp) -> EvidenceBehind;
        add_revision(made: NewRevision<'a>) -> ();
        postpone_evidence(due: &'a EvidenceDue) -> ();
        events(order: OrderId) -> Vec<Event>;
        record(event: &'a Event) -> ();
        add_api_key(key: &'a ApiKey, event: &'a Event) -> ();
        api_keys() -> Vec<ApiKey>;
        api_key(sha256: &'a [u8; 32]) -> Option<ApiKey>;
        touch_api_key(sha256: &'a [u8; 32], at: Timestamp) -> ();
        revoke_api_key(name: &'a str, event: &'a Event) -> bool;
        check() -> ();
        last_issued() -> Option<Timestamp>;
    }
}

/// An issuer in a folder of its own.
struct Desk {
    folder: Folder,
    store: Arc<Faulty>,
    issuer: Issuer,
}

impl Desk {
    async fn new() -> Self {
        let folder = Folder::new();
        let url = format!("sqlite:{}", folder.path().join("spo.db").display());
        let inner = store::open(&url).await.unwrap();
        let trouble = AtomicU8::new(Trouble::Nothing as u8);
        let store = Arc::new(Faulty { inner, trouble });
        let issuer = issuer(&folder, Arc::clone(&store) as Arc<dyn Store>);
        Self { folder, store, issuer }
    }

    /// A second program on the same store.
    fn beside(&self) -> Issuer {
        issuer(&self.folder, Arc::clone(&self.store) as Arc<dyn Store>)
    }

    async fn issue(&self, key: &str, request: &Value) -> Result<Issued, IssueError> {
        issue(&self.issuer, key, request).await
    }

    async fn count(&self) -> usize {
        let query = OrderQuery { limit: 200, ..OrderQuery::default() };
        let listed = self.issuer.orders(&query).await.unwrap();
        let list: Value = serde_json::from_slice(&listed.json).unwrap();
        list["items"].as_array().unwrap().len()
    }
}

fn issuer(folder: &Folder, store: Arc<dyn Store>) -> Issuer {
    static RENDERER: OnceLock<Arc<Renderer>> = OnceLock::new();
    let renderer = RENDERER.get_or_init(|| Arc::new(Renderer::new().unwrap()));
    let authority = Authority::open(&folder.path().join("authority"), now()).unwrap();
    let with = Collaborators {
        quarantine: crate::harness::quarantine(),
        renderer: Arc::clone(renderer),
        keyring: Arc::new(Keyring::of(authority.into_signer().unwrap())),
        paper: crate::harness::paper_key(),
        store,
        clock: Arc::new(Fixed::at(now())),
        // Two programs never make the same ids.
        ids: Arc::new(System),
    };
    Issuer::new(with, Law::builtin(), Mode::Test, 2).unwrap()
}

async fn issue(issuer: &Issuer, key: &str, request: &Value) -> Result<Issued, IssueError> {
    let caller = Caller { name: "desk".into(), request_id: "r-1".into() };
    let key = IdempotencyKey::read(Some(key.as_bytes())).unwrap();
    let body = request.to_string();
    let made = Creating { caller: &caller, key: Some(&key), body: body.as_bytes() };
    issuer.issue_order(OrderKind::InterimOrder, made).await
}

#[tokio::test]
async fn a_repeat_gives_the_first_answer_byte_for_byte() {
    let desk = Desk::new().await;
    let first = desk.issue("k", &interim()).await.unwrap();
    let second = desk.issue("k", &interim()).await.unwrap();
    assert!(!first.replayed && second.replayed);
    assert_eq!(Issued { replayed: false, ..second }, first);
    assert_eq!(desk.count().await, 1);
}

#[tokio::test]
async fn what_was_kept_is_answered_though_the_store_lost_its_voice() {
    let desk = Desk::new().await;
    desk.store.set(Trouble::After);
    let issued = desk.issue("k", &interim()).await.unwrap();
    assert!(issued.replayed);
    assert_eq!(desk.count().await, 1);
}

#[tokio::test]
async fn a_copy_that_was_kept_is_answered_though_the_store_lost_its_voice() {
    let desk = Desk::new().await;
    let order: Value =
        serde_json::from_slice(&desk.issue("k", &interim()).await.unwrap().json).unwrap();
    let id = order["id"].as_str().unwrap().parse().unwrap();
    let caller = Caller { name: "desk".into(), request_id: "r-2".into() };
    let key = IdempotencyKey::read(Some(b"k2")).unwrap();
    let body = br#"{"kind":"explanatory_sheet"}"#;
    let made = Creating { caller: &caller, key: Some(&key), body };
    desk.store.set(Trouble::After);
    let copy = desk.issuer.make_copy(id, made).await.unwrap();
    assert!(copy.replayed);
    assert_eq!(desk.issuer.make_copy(id, made).await.unwrap(), copy);
    let listed = desk.issuer.documents(id).await.unwrap();
    let listed: Value = serde_json::from_slice(&listed.json).unwrap();
    let kinds = listed["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap());
    assert_eq!(kinds.filter(|kind| *kind == "explanatory_sheet").count(), 2, "one with the order");
}

#[tokio::test]
async fn an_order_that_is_not_kept_leaves_no_copy() {
    let desk = Desk::new().await;
    desk.store.set(Trouble::Before);
    desk.issue("k", &interim()).await.unwrap_err();
    let order: Value =
        serde_json::from_slice(&desk.issue("k", &interim()).await.unwrap().json).unwrap();
    let documents = order["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 4);
    let id = order["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(desk.store.documents(id).await.unwrap().len(), documents.len());
    let first: Vec<_> = documents.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(first.is_sorted(), "lists run by id: {first:?}");
}

#[tokio::test]
async fn a_failure_that_kept_nothing_says_so_and_leaves_the_key_free() {
    let desk = Desk::new().await;
    desk.store.set(Trouble::Before);
    let failed = desk.issue("k", &interim()).await.unwrap_err();
    assert!(matches!(failed, IssueError::Store(_)), "{failed:?}");
    assert_eq!((failed.fault(), desk.count().await), (Fault::Defect, 0));
    assert!(!desk.issue("k", &interim()).await.unwrap().replayed);
}

#[tokio::test]
async fn where_nothing_can_be_confirmed_the_outcome_is_called_unknown() {
    let desk = Desk::new().await;
    desk.store.set(Trouble::AfterThenSilent);
    let failed = desk.issue("k", &interim()).await.unwrap_err();
    assert!(matches!(failed, IssueError::Unconfirmed(_)), "{failed:?}");
    assert_eq!(failed.fault(), Fault::Transient);
    desk.store.set(Trouble::Nothing);
    assert!(desk.issue("k", &interim()).await.unwrap().replayed);
    assert_eq!(desk.count().await, 1);
}

#[tokio::test]
async fn a_commit_that_failed_is_called_unknown_though_nothing_of_it_shows() {
    let desk = Desk::new().await;
    desk.store.set(Trouble::Commit);
    let failed = desk.issue("k", &interim()).await.unwrap_err();
    assert!(matches!(failed, IssueError::Unconfirmed(_)), "{failed:?}");
    assert_eq!(failed.fault(), Fault::Transient);
    assert!(!desk.issue("k", &interim()).await.unwrap().replayed);
}

#[tokio::test]
async fn an_answer_whose_document_is_gone_is_damage_and_not_unknown() {
    let desk = Desk::new().await;
    desk.issue("k", &interim()).await.unwrap();
    desk.store.set(Trouble::NoDocument);
    let failed = desk.issue("k", &interim()).await.unwrap_err();
    assert!(matches!(failed, IssueError::Integrity(_)), "{failed:?}");
}

#[tokio::test]
async fn a_full_disk_is_named_and_keeps_nothing() {
    let desk = Desk::new().await;
    desk.store.set(Trouble::Full);
    let failed = desk.issue("k", &interim()).await.unwrap_err();
    assert!(matches!(failed, IssueError::StorageFull), "{failed:?}");
    desk.store.set(Trouble::Nothing);
    assert_eq!(desk.count().await, 0);
}

#[tokio::test]
async fn two_programs_with_one_key_make_one_order_and_both_answer_it() {
    let desk = Desk::new().await;
    let other = desk.beside();
    let request = interim();
    let (one, two) = tokio::join!(desk.issue("k", &request), issue(&other, "k", &request));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((&one.json, &one.document), (&two.json, &two.document));
    assert_eq!(desk.count().await, 1);
}

#[tokio::test]
async fn in_one_program_the_second_is_told_that_the_first_still_runs() {
    let desk = Desk::new().await;
    let request = interim();
    let (one, two) = tokio::join!(desk.issue("k", &request), desk.issue("k", &request));
    assert!(one.is_ok());
    assert!(matches!(two, Err(IssueError::StillRunning)));
    assert!(desk.issue("k", &request).await.unwrap().replayed);
}

#[tokio::test]
async fn a_caller_who_leaves_frees_the_key() {
    let desk = Desk::new().await;
    let request = interim();
    let leaving = std::time::Duration::from_millis(1);
    let left = tokio::time::timeout(leaving, desk.issue("k", &request)).await;
    assert!(left.is_err(), "drawing takes longer");
    assert!(desk.issue("k", &request).await.is_ok());
    assert_eq!(desk.count().await, 1);
}

#[tokio::test]
async fn a_refusal_is_not_remembered_and_a_key_stands_for_one_request() {
    let desk = Desk::new().await;
    let refused = set(interim(), "/made_on", "2019-12-31".into());
    let refusal = desk.issue("k", &refused).await.unwrap_err();
    assert_eq!(refusal.fault(), Fault::Caller);
    assert!(desk.issue("k", &interim()).await.is_ok());
    let other = keyed(interim(), "13AB0099999");
    let reused = desk.issue("k", &other).await.unwrap_err();
    assert!(matches!(reused, IssueError::KeyReused), "{reused:?}");
    assert_eq!(desk.count().await, 1);
}

#[tokio::test]
async fn every_character_without_a_glyph_is_refused_by_field_and_code_point() {
    let desk = Desk::new().await;
    let request = set(interim(), "/respondent/family_name", "Example \u{12a0}".into());
    let request = set(request, "/authorised_by/name", "A. \u{12a1} Sample".into());
    let IssueError::Invalid(refusal) = desk.issue("k", &request).await.unwrap_err() else {
        panic!("it is a refusal");
    };
    let faults = refusal.violations.iter().map(|fault| {
        let code_point = fault.facts.iter().find(|(name, _)| *name == "code_point");
        (fault.rule, fault.pointer.as_str(), code_point.map_or("", |(_, value)| value.as_str()))
    });
    let mut faults: Vec<_> = faults.collect();
    faults.sort_by_key(|(_, pointer, _)| *pointer);
    let expected = [
        (Rule::UnprintableCharacter, "/authorised_by/name", "U+12A1"),
        (Rule::UnprintableCharacter, "/respondent/family_name", "U+12A0"),
    ];
    assert_eq!(faults, expected);
    let body = request.to_string();
    let found = desk.issuer.validate_order(OrderKind::InterimOrder, body.as_bytes()).await;
    assert_eq!(found.unwrap().errors, refusal.violations);
    assert_eq!(desk.count().await, 0);
}

#[tokio::test]
async fn the_same_request_at_the_same_instant_with_the_same_ids_signs_the_same_content() {
    let mut contents = Vec::new();
    for _ in 0..2 {
        let desk = Desk::new().await;
        let issued = desk.issue("k", &interim()).await.unwrap();
        let answer: Value = serde_json::from_slice(&issued.json).unwrap();
        contents.push(answer["document"]["content_sha256"].clone());
    }
    assert_eq!(contents[0], contents[1]);
}

#[tokio::test]
async fn a_test_authority_makes_no_issuer_for_production() {
    let folder = Folder::new();
    let url = format!("sqlite:{}", folder.path().join("spo.db").display());
    let authority = Authority::open(&folder.path().join("authority"), now()).unwrap();
    let with = Collaborators {
        quarantine: crate::harness::quarantine(),
        renderer: Arc::new(Renderer::new().unwrap()),
        keyring: Arc::new(Keyring::of(authority.into_signer().unwrap())),
        paper: crate::harness::paper_key(),
        store: store::open(&url).await.unwrap(),
        clock: Arc::new(Fixed::at(now())),
        ids: Arc::new(Sequential::default()),
    };
    let refused = Issuer::new(with, Law::builtin(), Mode::Production, 2).err();
    assert!(matches!(refused, Some(IssueError::TestAuthorityInProduction)));
}

#[tokio::test]
async fn an_api_key_holds_until_it_expires_or_is_revoked() {
    let folder = Folder::new();
    let url = format!("sqlite:{}", folder.path().join("spo.db").display());
    let clock = Arc::new(Fixed::at(now()));
    let authority = Authority::open(&folder.path().join("authority"), now()).unwrap();
    let with = Collaborators {
        quarantine: crate::harness::quarantine(),
        renderer: Arc::new(Renderer::new().unwrap()),
        keyring: Arc::new(Keyring::of(authority.into_signer().unwrap())),
        paper: crate::harness::paper_key(),
        store: store::open(&url).await.unwrap(),
        clock: Arc::clone(&clock) as Arc<dyn spo::clock::Clock>,
        ids: Arc::new(System),
    };
    let issuer = Issuer::new(with, Law::builtin(), Mode::Test, 1).unwrap();
    let caller = Caller { name: "desk".into(), request_id: "r-1".into() };
    let roles = [spo::issue::Role::Read];
    let made = issuer.create_key(&caller, "short", &roles, 1).await.unwrap();
    let held = issuer.key_holder(&made.secret).await.unwrap().unwrap();
    assert_eq!((held.name.as_str(), held.roles.as_slice()), ("short", &roles[..]));
    assert!(issuer.key_holder("spo_other").await.unwrap().is_none());
    clock.advance(jiff::SignedDuration::from_hours(24));
    assert!(issuer.key_holder(&made.secret).await.unwrap().is_none(), "expired");
    let made = issuer.create_key(&caller, "second", &roles, 1).await.unwrap();
    issuer.revoke_key(&caller, "second").await.unwrap();
    assert!(issuer.key_holder(&made.secret).await.unwrap().is_none(), "revoked");
}
