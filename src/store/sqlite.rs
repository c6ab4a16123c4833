//! The register in one SQLite file: one writer, a few readers, settings that are read back before
//! use.
//!
//! A write is prepared where it is called for (`statement`), waits in a queue, and shares its
//! transaction with the others that wait (`writer`): it is answered after the commit, which SQLite
//! syncs to the disk. Reads run beside it on connections of their own (`reading`).
//!
//! # Decisions
//! - WAL with `synchronous` FULL: a commit that was answered survives the loss of power, at one
//!   sync a commit.
//! - The file is readable by its owner alone, and so are the files that SQLite makes beside it.
//! - Migrations are part of the binary, numbered, never changed once released; a database of a
//!   newer version is refused.

mod reading;
mod revision;
mod row;
mod statement;
mod writer;

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, SqlSafeStr, SqliteConnection};

use self::writer::Writer;
use super::{
    Answer, ApiKey, Event, EvidenceBehind, EvidenceDue, Matched, NewCopy, NewOrder, NewRevision,
    NewVariation, OpenError, OrderFilter, RememberedAnswer, Store, StoredDocument, StoredOrder,
    StoredVariation,
};
use crate::domain::identity::{DocumentId, OrderId, VariationId};
use crate::domain::order::Undisclosed;

/// An open register. Dropping it lets the writes that wait finish.
pub struct Sqlite {
    writer: Writer,
    readers: SqlitePool,
}

impl Sqlite {
    /// Opens the register in a file, made where there is none, and brings it to the newest form. To
    /// be called within a tokio runtime that lives as long as the register.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        private_file(path).map_err(|cause| OpenError::File { path: path.to_owned(), cause })?;
        let mut connection = first_connection(path).await?;
        check_settings(&mut connection).await?;
        migrate(&mut connection).await?;
        let options = options(path).read_only(true);
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .map_err(OpenError::driver)?;
        Ok(Self { writer: Writer::start(connection), readers })
    }
}

impl Store for Sqlite {
    fn answer<'a>(&'a self, caller: &'a str, key: &'a str) -> Answer<'a, Option<RememberedAnswer>> {
        Box::pin(reading::answer(&self.readers, caller, key))
    }

    fn save_order<'a>(&'a self, made: NewOrder<'a>) -> Answer<'a, ()> {
        Box::pin(async move { self.writer.write(statement::order(&made)?).await.map(drop) })
    }

    fn save_variation<'a>(&'a self, made: NewVariation<'a>) -> Answer<'a, ()> {
        Box::pin(async move { self.writer.write(statement::variation(&made)?).await.map(drop) })
    }

    fn save_document<'a>(&'a self, made: NewCopy<'a>) -> Answer<'a, ()> {
        Box::pin(async move { self.writer.write(statement::copy(&made)).await.map(drop) })
    }

    fn order<'a>(&'a self, id: OrderId) -> Answer<'a, Option<StoredOrder>> {
        Box::pin(reading::order(&self.readers, id, None))
    }

    fn order_version<'a>(&'a self, id: OrderId, version: u32) -> Answer<'a, Option<StoredOrder>> {
        Box::pin(reading::order(&self.readers, id, Some(version)))
    }

    fn undisclosed<'a>(&'a self, id: OrderId) -> Answer<'a, Option<Undisclosed>> {
        Box::pin(reading::undisclosed(&self.readers, id))
    }

    fn replaced_by<'a>(&'a self, id: OrderId) -> Answer<'a, Option<OrderId>> {
        Box::pin(reading::replaced_by(&self.readers, id))
    }

    fn orders<'a>(
        &'a self,
        filter: &'a OrderFilter,
        after: Option<OrderId>,
        limit: u32,
    ) -> Answer<'a, Vec<StoredOrder>> {
        Box::pin(reading::orders(&self.readers, filter, after, limit))
    }

    fn variation<'a>(&'a self, id: VariationId) -> Answer<'a, Option<StoredVariation>> {
        Box::pin(reading::variation(&self.readers, id))
    }

    fn documents<'a>(&'a self, order: OrderId) -> Answer<'a, Vec<StoredDocument>> {
        Box::pin(reading::documents(&self.readers, order))
    }

    fn document<'a>(&'a self, id: DocumentId) -> Answer<'a, Option<StoredDocument>> {
        Box::pin(reading::document(&self.readers, id))
    }

    fn documents_marked<'a>(&'a self, mark: &'a str) -> Answer<'a, Vec<StoredDocument>> {
        Box::pin(reading::documents_marked(&self.readers, mark))
    }

    fn document_bytes<'a>(&'a self, id: DocumentId) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(revision::latest_bytes(&self.readers, id))
    }

    fn first_bytes<'a>(&'a self, id: DocumentId) -> Answer<'a, Option<Vec<u8>>> {
        Box::pin(revision::first_bytes(&self.readers, id))
    }

    fn document_by_digest<'a>(&'a self, sha256: &'a [u8; 32]) -> Answer<'a, Option<Matched>> {
        Box::pin(revision::by_digest(&self.readers, sha256))
    }

    fn evidence_due<'a>(&'a self, now: Timestamp, limit: u32) -> Answer<'a, Vec<EvidenceDue>> {
        Box::pin(revision::due(&self.readers, now, limit))
    }

    fn evidence_behind<'a>(&'a self, now: Timestamp) -> Answer<'a, EvidenceBehind> {
        Box::pin(revision::behind(&self.readers, now))
    }

    fn add_revision<'a>(&'a self, made: NewRevision<'a>) -> Answer<'a, ()> {
        Box::pin(async move { self.writer.write(revision::adding(&made)).await.map(drop) })
    }

    fn postpone_evidence<'a>(&'a self, due: &'a EvidenceDue) -> Answer<'a, ()> {
        Box::pin(async move { self.writer.write(vec![revision::postponing(due)]).await.map(drop) })
    }

    fn events<'a>(&'a self, order: OrderId) -> Answer<'a, Vec<Event>> {
        Box::pin(reading::events(&self.readers, order))
    }

    fn record<'a>(&'a self, event: &'a Event) -> Answer<'a, ()> {
        Box::pin(async move { self.writer.write(vec![statement::event(event)]).await.map(drop) })
    }

    fn add_api_key<'a>(&'a self, key: &'a ApiKey, event: &'a Event) -> Answer<'a, ()> {
        Box::pin(async move {
            let statements = vec![statement::api_key(key)?, statement::event(event)];
            self.writer.write(statements).await.map(drop)
        })
    }

    fn api_keys<'a>(&'a self) -> Answer<'a, Vec<ApiKey>> {
        Box::pin(reading::api_keys(&self.readers))
    }

    fn api_key<'a>(&'a self, sha256: &'a [u8; 32]) -> Answer<'a, Option<ApiKey>> {
        Box::pin(reading::api_key(&self.readers, sha256))
    }

    fn touch_api_key<'a>(&'a self, sha256: &'a [u8; 32], at: Timestamp) -> Answer<'a, ()> {
        Box::pin(async move {
            let Some(key) = reading::api_key(&self.readers, sha256).await? else {
                return Ok(());
            };
            let fresh = |used: Timestamp| at.duration_since(used) < TOUCH_EVERY;
            if key.last_used_at.is_some_and(fresh) {
                return Ok(());
            }
            self.writer.write(vec![statement::touch(sha256, at)]).await.map(drop)
        })
    }

    fn revoke_api_key<'a>(&'a self, name: &'a str, event: &'a Event) -> Answer<'a, bool> {
        Box::pin(async move {
            // The event first: it is written only where there is a key to revoke.
            let statements =
                vec![statement::revoking(name, event), statement::revoke(name, event.at)];
            let revoked = self.writer.write(statements).await?;
            Ok(revoked > 0)
        })
    }

    fn editions(&self) -> Answer<'_, Vec<(String, [u8; 32])>> {
        Box::pin(reading::editions(&self.readers))
    }

    fn last_issued<'a>(&'a self) -> Answer<'a, Option<Timestamp>> {
        Box::pin(reading::last_issued(&self.readers))
    }

    fn check<'a>(&'a self) -> Answer<'a, ()> {
        Box::pin(async move {
            reading::sign_of_life(&self.readers).await?;
            self.writer.check().await
        })
    }
}

/// What every connection asks for. [`check_settings`] reads it back.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .disable_statement_logging()
}

/// SQLite does not wait where a file changes to WAL while another program opens it: it says at once
/// that the database is locked, whatever patience was asked for. So the waiting is done here.
async fn first_connection(path: &Path) -> Result<SqliteConnection, OpenError> {
    let options = options(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("fullfsync", "1")
        .pragma("checkpoint_fullfsync", "1")
        .pragma("wal_autocheckpoint", PAGES_TO_CHECKPOINT)
        .pragma("trusted_schema", "0");
    let mut waited = Duration::ZERO;
    loop {
        match SqliteConnection::connect_with(&options).await {
            Err(cause) if is_busy(&cause) && waited < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
                waited += PAUSE;
            }
            opened => return opened.map_err(OpenError::driver),
        }
    }
}

/// Whether the primary result code is SQLITE_BUSY (5): the low byte of the extended one.
fn is_busy(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xFF == 5)
}

/// Reads the settings back on which durability rests: an old file, another build of SQLite or a
/// file system without shared memory may not have taken them.
async fn check_settings(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    for (name, question, wanted) in SETTINGS {
        let found = setting(connection, question).await.map_err(OpenError::driver)?;
        if found != wanted {
            return Err(OpenError::Setting { name, found, wanted });
        }
    }
    Ok(())
}

/// The value of a setting as text, whatever type it has.
async fn setting(
    connection: &mut SqliteConnection,
    question: &'static str,
) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(question).fetch_one(connection).await
}

/// Brings the register to the newest form in one transaction that shuts other programs out.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let alone = connection.begin_with("BEGIN IMMEDIATE").await;
    let mut alone = alone.map_err(OpenError::driver)?;
    match migrations().run_direct(None, &mut *alone, false).await {
        Ok(()) => alone.commit().await.map_err(OpenError::driver),
        Err(MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..)) => {
            Err(OpenError::Newer)
        }
        Err(cause) => Err(OpenError::Migration(Box::new(cause))),
    }
}

fn migrations() -> Migrator {
    let migrations = MIGRATIONS.iter().map(|(number, name, sql)| {
        let kind = MigrationType::Simple;
        Migration::new(*number, (*name).into(), kind, (*sql).into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Makes the file and its folder for their owner alone, and takes others' rights to an existing
/// file away.
#[allow(clippy::disallowed_methods, reason = "SQLite would make the file readable by others")]
fn private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // A file that is there is not opened: closing it again would end the locks that SQLite holds on
    // it here.
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => return Err(cause),
        Err(_) if !std::fs::metadata(path)?.is_file() => {
            return Err(std::io::ErrorKind::InvalidInput.into());
        }
        _ => std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?,
    }
    // For the same reason the one that was made stays open as long as the program.
    std::mem::forget(made);
    // SQLite syncs the file's own folder; the folder's name in the one above is ours to make
    // durable.
    match path.parent().and_then(Path::parent).filter(|above| !above.as_os_str().is_empty()) {
        Some(above) => std::fs::File::open(above)?.sync_all(),
        None => Ok(()),
    }
}

/// The settings of the writer: name, how it is asked for, what it must be.
const SETTINGS: [(&str, &str, &str); 3] = [
    ("journal_mode", "SELECT CAST(journal_mode AS TEXT) FROM pragma_journal_mode", "wal"),
    // 2 is FULL.
    ("synchronous", "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous", "2"),
    ("foreign_keys", "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys", "1"),
];
/// Number, name, statements. Once released, a migration never changes.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "the register", include_str!("migrations/sqlite/0001_the_register.sql")),
    (2, "copies", include_str!("migrations/sqlite/0002_copies.sql")),
    (3, "words on paper", include_str!("migrations/sqlite/0003_words_on_paper.sql")),
    (4, "editions", include_str!("migrations/sqlite/0004_editions.sql")),
    (5, "revisions", include_str!("migrations/sqlite/0005_revisions.sql")),
];
const READERS: u32 = 4;
/// How long a connection waits for another process, and a read for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);
/// 16 MiB of pages of 4 KiB: rarer checkpoints, each over more orders.
const PAGES_TO_CHECKPOINT: &str = "4096";
/// The last use of a key is kept to the minute, or every read would wait for a sync.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("spo-{}-store-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder.join("register.sqlite")
    }

    #[tokio::test]
    async fn weaker_settings_are_refused_by_their_names() {
        let path = path("settings");
        private_file(&path).unwrap();
        let full = || options(&path).journal_mode(SqliteJournalMode::Wal);
        let weaker = [
            ("synchronous", full().synchronous(SqliteSynchronous::Normal)),
            ("foreign_keys", full().foreign_keys(false)),
            ("journal_mode", full().journal_mode(SqliteJournalMode::Delete)),
        ];
        let mut settings = SqliteConnection::connect_with(&full()).await.unwrap();
        check_settings(&mut settings).await.unwrap();
        settings.close().await.unwrap();
        for (weak, options) in weaker {
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            let refused = check_settings(&mut connection).await;
            assert!(matches!(refused, Err(OpenError::Setting { name, .. }) if name == weak));
            connection.close().await.unwrap();
        }
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn programs_that_open_an_empty_folder_at_once_all_get_the_register() {
        for round in 0..10 {
            let path = path(&format!("race-{round}"));
            let open = || {
                let path = path.clone();
                tokio::spawn(async move { Sqlite::open(&path).await.map(drop) })
            };
            for opened in [open(), open(), open(), open()] {
                opened.await.unwrap().unwrap();
            }
            std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
        }
    }

    #[tokio::test]
    async fn a_database_of_a_newer_version_is_refused() {
        let path = path("newer");
        drop(Sqlite::open(&path).await.unwrap());
        let mut connection = first_connection(&path).await.unwrap();
        let newer = "INSERT INTO _sqlx_migrations
            VALUES (9999, 'newer', CURRENT_TIMESTAMP, TRUE, x'00', 0)";
        sqlx::query(newer).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        assert!(matches!(Sqlite::open(&path).await, Err(OpenError::Newer)));
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}
