//! The one writer: a queue, and a task that takes what waits in it into one transaction.
//!
//! Each writing stands in a savepoint of its own, so that one that clashes falls out alone; all are
//! answered after the commit. Any other fault gives the whole transaction up: then nothing of it
//! was written.
//!
//! # Decisions
//! - A fault of COMMIT itself (a failed write or sync, a connection that fell) is called
//!   unconfirmed: the commit may stand in the log though SQLite undid it in memory, and the next
//!   opening, which reads the log, decides. A full disk, a lock or a constraint says no for
//!   certain.
//! - After a fault of the disk every further write is refused until the program starts again: what
//!   a failed sync has left is unknown, and a second sync that succeeds would say nothing of the
//!   first. Reads go on.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::error::ErrorKind;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::statement::Statement;
use crate::store::StoreError;

/// The way to the writer's queue.
pub(super) struct Writer {
    queue: mpsc::Sender<Waiting>,
    broken: Arc<AtomicBool>,
}

/// What the writer is asked for.
enum Work {
    /// All of these or none.
    Writing(Vec<Statement>),
    /// Whether it can begin, under the settings that it began with.
    Check,
}

/// Work and where its answer goes.
struct Waiting {
    work: Work,
    answer: oneshot::Sender<Result<u64, StoreError>>,
}

impl Writer {
    /// Starts the task on a connection that is the writer's alone.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (queue, waiting) = mpsc::channel(LONGEST_QUEUE);
        let broken = Arc::new(AtomicBool::new(false));
        tokio::spawn(run(connection, waiting, Arc::clone(&broken)));
        Self { queue, broken }
    }

    /// Writes all statements or none; gives the rows that the last one touched, once they are on
    /// disk.
    pub(super) async fn write(&self, statements: Vec<Statement>) -> Result<u64, StoreError> {
        self.ask(Work::Writing(statements)).await
    }

    /// Asks whether the writer can begin a transaction and still has its settings.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        self.ask(Work::Check).await.map(drop)
    }

    async fn ask(&self, work: Work) -> Result<u64, StoreError> {
        if self.broken.load(Ordering::Acquire) {
            return Err(StoreError::Unavailable);
        }
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { work, answer };
        self.queue.send(waiting).await.map_err(|_| StoreError::Unavailable)?;
        // No answer: the task fell, and whether it had written nobody knows.
        answered.await.map_err(|_| StoreError::from(Fault::Commit(0)))?
    }
}

/// Works until the register is dropped, then closes the connection, which tidies the log up.
async fn run(
    mut connection: SqliteConnection,
    mut queue: mpsc::Receiver<Waiting>,
    broken: Arc<AtomicBool>,
) {
    let mut together = Vec::new();
    while queue.recv_many(&mut together, MOST_TOGETHER).await > 0 {
        let outcomes = transaction(&mut connection, &together).await;
        if outcomes.as_ref().is_err_and(Fault::is_of_the_disk) {
            // What a failed sync has left on the disk is unknown until the file is opened anew.
            broken.store(true, Ordering::Release);
        }
        for (index, waiting) in together.drain(..).enumerate() {
            let outcome = match &outcomes {
                Ok(outcomes) => outcomes[index],
                Err(fault) => Err(*fault),
            };
            // Who asked may have gone; what was written stays.
            let _ = waiting.answer.send(outcome.map_err(StoreError::from));
        }
    }
    let _ = connection.close().await;
}

/// One transaction over all that waits: an outcome for each, or the fault that undid them all.
async fn transaction(
    connection: &mut SqliteConnection,
    together: &[Waiting],
) -> Result<Vec<Result<u64, Fault>>, Fault> {
    execute(connection, "BEGIN IMMEDIATE").await?;
    let mut outcomes = Vec::with_capacity(together.len());
    for waiting in together {
        match alone(connection, &waiting.work).await {
            Ok(rows) => outcomes.push(Ok(rows)),
            Err(fault) if fault.is_of_one_writing() => outcomes.push(Err(fault)),
            Err(fault) => return Err(given_up(connection, fault).await),
        }
    }
    match execute(connection, "COMMIT").await {
        Ok(()) => Ok(outcomes),
        Err(fault) => Err(given_up(connection, fault.of_commit()).await),
    }
}

/// One piece of work: a writing stands in its savepoint.
async fn alone(connection: &mut SqliteConnection, work: &Work) -> Result<u64, Fault> {
    let Work::Writing(statements) = work else {
        let settings = super::check_settings(connection).await;
        return settings.map(|()| 0).map_err(|_| Fault::Other(0));
    };
    execute(connection, "SAVEPOINT writing").await?;
    let mut rows = 0;
    for statement in statements {
        match statement.query()?.execute(&mut *connection).await {
            Ok(done) => rows = done.rows_affected(),
            Err(error) => {
                let fault = Fault::of(&error);
                if fault.is_of_one_writing() {
                    execute(connection, "ROLLBACK TO writing").await?;
                    execute(connection, "RELEASE writing").await?;
                }
                return Err(fault);
            }
        }
    }
    execute(connection, "RELEASE writing").await?;
    Ok(rows)
}

/// Undoes the transaction where SQLite has not done so itself, and gives the fault back.
async fn given_up(connection: &mut SqliteConnection, fault: Fault) -> Fault {
    let _ = execute(connection, "ROLLBACK").await;
    fault
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), Fault> {
    let done = sqlx::query(sql).execute(connection).await;
    done.map(drop).map_err(|error| Fault::of(&error))
}

/// A failure of the database by what it means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Primary key or unique index.
    Taken,
    /// Another constraint: a defect of ours, of this one writing.
    Constraint(i32),
    /// Busy or locked.
    Unavailable,
    /// The connection is gone.
    Gone,
    Full,
    /// Reading, writing or syncing failed.
    Disk(i32),
    /// COMMIT failed without saying whether it was written; the result code as below.
    Commit(i32),
    /// The result code, 0 where the fault is none of SQLite's.
    Other(i32),
}

impl Fault {
    /// Sorts an error by SQLite's result code. <https://sqlite.org/rescode.html>
    pub(super) fn of(error: &sqlx::Error) -> Self {
        let sqlx::Error::Database(database) = error else {
            return match error {
                sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Unavailable,
                sqlx::Error::WorkerCrashed => Self::Gone,
                sqlx::Error::Io(_) => Self::Disk(0),
                _ => Self::Other(0),
            };
        };
        if database.kind() == ErrorKind::UniqueViolation {
            return Self::Taken;
        }
        let code = database.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or(0);
        // The low byte is the primary code.
        match code & 0xff {
            19 => Self::Constraint(code),
            5 | 6 | 14 => Self::Unavailable,
            13 => Self::Full,
            10 => Self::Disk(code),
            _ => Self::Other(code),
        }
    }

    const fn is_of_one_writing(self) -> bool {
        matches!(self, Self::Taken | Self::Constraint(_))
    }

    /// The same where COMMIT met it.
    const fn of_commit(self) -> Self {
        match self {
            Self::Gone => Self::Commit(0),
            Self::Disk(code) | Self::Other(code) => Self::Commit(code),
            certain => certain,
        }
    }

    const fn is_of_the_disk(&self) -> bool {
        matches!(self, Self::Disk(_) | Self::Commit(_))
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Taken => Self::Conflict,
            Fault::Unavailable | Fault::Gone => Self::Unavailable,
            Fault::Full => Self::Full,
            Fault::Commit(code) => Self::Unconfirmed(Box::new(Code(code))),
            Fault::Constraint(code) | Fault::Disk(code) | Fault::Other(code) => {
                Self::Driver(Box::new(Code(code)))
            }
        }
    }
}

/// SQLite's extended result code. Its message stays behind: it may name what a row holds.
#[derive(Debug)]
struct Code(i32);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SQLite result code {}", self.0)
    }
}

impl StdError for Code {}

/// Writings that wait before the next has to wait for a place.
const LONGEST_QUEUE: usize = 256;
/// Writings in one transaction.
const MOST_TOGETHER: usize = 64;

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};

    use super::*;

    async fn connection(name: &str) -> SqliteConnection {
        let file = format!("spo-{}-writer-{name}.sqlite", std::process::id());
        let path = std::env::temp_dir().join(file);
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let table = "CREATE TABLE kept (id INTEGER PRIMARY KEY, bytes BLOB CHECK (id < 1000))";
        sqlx::query(table).execute(&mut connection).await.unwrap();
        connection
    }

    fn keep(id: u32, size: usize) -> Vec<Statement> {
        let sql = "INSERT INTO kept (id, bytes) VALUES ($1, $2)";
        vec![Statement::new(sql).bind(id).bind(vec![b'x'; size])]
    }

    fn waiting(statements: Vec<Statement>) -> Waiting {
        Waiting { work: Work::Writing(statements), answer: oneshot::channel().0 }
    }

    async fn count(connection: &mut SqliteConnection) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM kept").fetch_one(connection).await.unwrap()
    }

    #[tokio::test]
    async fn a_full_disk_undoes_all_that_shared_the_transaction() {
        let mut connection = connection("full").await;
        sqlx::query("PRAGMA max_page_count = 20").execute(&mut connection).await.unwrap();
        let together = [waiting(keep(1, 10)), waiting(keep(2, 200_000)), waiting(keep(3, 10))];
        assert_eq!(transaction(&mut connection, &together).await, Err(Fault::Full));
        assert!(matches!(StoreError::from(Fault::Full), StoreError::Full));
        assert_eq!(count(&mut connection).await, 0);
        let writer = Writer::start(connection);
        assert_eq!(writer.write(keep(1, 10)).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn one_that_clashes_falls_out_alone_with_all_it_wrote() {
        let mut connection = connection("alone").await;
        let mut half = keep(4, 10);
        half.extend(keep(1, 10));
        let mut unlawful = keep(5, 10);
        unlawful.extend(keep(2000, 10));
        let together =
            [waiting(keep(1, 10)), waiting(half), waiting(unlawful), waiting(keep(6, 10))];
        let outcomes = transaction(&mut connection, &together).await.unwrap();
        assert_eq!(outcomes[0], Ok(1));
        assert_eq!(outcomes[1], Err(Fault::Taken));
        assert!(matches!(outcomes[2], Err(Fault::Constraint(_))));
        assert_eq!(outcomes[3], Ok(1));
        assert_eq!(count(&mut connection).await, 2);
    }

    #[tokio::test]
    async fn after_a_fault_of_the_disk_nothing_more_is_written() {
        let writer = Writer::start(connection("broken").await);
        writer.write(keep(2, 10)).await.unwrap();
        writer.check().await.unwrap();
        writer.broken.store(true, Ordering::Release);
        assert!(matches!(writer.write(keep(1, 10)).await, Err(StoreError::Unavailable)));
        assert!(matches!(writer.check().await, Err(StoreError::Unavailable)));
    }

    #[test]
    fn a_commit_that_failed_is_unconfirmed_unless_it_says_no_for_certain() {
        for unknown in [Fault::Gone, Fault::Disk(1034), Fault::Other(0)] {
            let fault = unknown.of_commit();
            assert!(fault.is_of_the_disk(), "{unknown:?}");
            assert!(matches!(StoreError::from(fault), StoreError::Unconfirmed(_)), "{unknown:?}");
        }
        for certain in [Fault::Full, Fault::Unavailable, Fault::Constraint(787)] {
            assert_eq!(certain.of_commit(), certain);
        }
        assert!(matches!(StoreError::from(Fault::Gone), StoreError::Unavailable));
    }

    #[tokio::test]
    async fn a_writer_that_fell_leaves_the_outcome_unconfirmed() {
        let (queue, mut waiting) = mpsc::channel(1);
        let writer = Writer { queue, broken: Arc::new(AtomicBool::new(false)) };
        let (outcome, ()) = tokio::join!(writer.write(keep(1, 10)), async {
            drop(waiting.recv().await);
        });
        assert!(matches!(outcome, Err(StoreError::Unconfirmed(_))), "{outcome:?}");
    }

    #[tokio::test]
    async fn the_check_tells_of_settings_that_were_lost() {
        let mut connection = connection("lost").await;
        sqlx::query("PRAGMA synchronous = FULL").execute(&mut connection).await.unwrap();
        let check = || [Waiting { work: Work::Check, answer: oneshot::channel().0 }];
        assert_eq!(transaction(&mut connection, &check()).await, Ok(vec![Ok(0)]));
        sqlx::query("PRAGMA synchronous = NORMAL").execute(&mut connection).await.unwrap();
        assert!(transaction(&mut connection, &check()).await.is_err());
    }

    #[tokio::test]
    async fn what_was_sent_before_the_register_is_dropped_is_written() {
        let connection = connection("dropped").await;
        let writer = Writer::start(connection);
        let (answer, answered) = oneshot::channel();
        let sent = writer.queue.send(Waiting { work: Work::Writing(keep(1, 10)), answer }).await;
        assert!(sent.is_ok());
        drop(writer);
        assert_eq!(answered.await.unwrap().unwrap(), 1);
    }
}
