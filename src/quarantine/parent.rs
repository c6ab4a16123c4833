//! The parent: starts a child, feeds it, waits no longer than it may, buries it.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::child::{NOT_CONFINED, OUTER, THIS_PROGRAM};
use super::{LARGEST_FILE, LARGEST_REPLY, Order, Probe, Reply, Said};
use crate::verify::{Basis, Report};

/// Starts children, two at once; a few more wait for a short time.
#[derive(Debug)]
pub struct Quarantine {
    program: PathBuf,
    places: Semaphore,
    chairs: Semaphore,
    wall: OnceCell<Wall>,
    counts: Counts,
}

/// Why there is no report. It says nothing of the file but that it could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Too many wait. Nothing was started.
    #[error("too many files wait for their check")]
    Busy,
    /// The file is larger than any that is read. Nothing was started.
    #[error("the file is larger than 32 MiB")]
    TooLarge,
    /// The child could not be started, or could not be confined: nothing was read.
    #[error("the confined process could not be started")]
    NotStarted(#[source] Option<std::io::Error>),
    /// The child took longer than it may.
    #[error("the confined process took too long")]
    TimedOut,
    /// The child died, by a limit, the filter or a fault, or gave no report.
    #[error("the confined process died: {0}")]
    Died(String),
}

/// How far the kernel of this machine confines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// Limits and filter hold: a child lived behind them.
    pub stands: bool,
    /// So does landlock.
    pub landlock: bool,
}

/// How children ended since the start.
#[derive(Debug, Default)]
struct Counts {
    reported: AtomicU64,
    died: AtomicU64,
    timed_out: AtomicU64,
    refused: AtomicU64,
}

impl Quarantine {
    /// One that starts this very program.
    pub fn of_this_program() -> Self {
        Self::of(PathBuf::from(THIS_PROGRAM))
    }

    /// One that starts that program, which must be `spo`.
    pub fn of(program: PathBuf) -> Self {
        Self {
            program,
            places: Semaphore::new(AT_ONCE),
            chairs: Semaphore::new(AT_ONCE + WAITING),
            wall: OnceCell::new(),
            counts: Counts::default(),
        }
    }

    /// Reads a file in a child.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn inspect(&self, file: &[u8], basis: Basis) -> Result<Report, Failure> {
        let said = self.counted(self.asked(Order::Inspect(Box::new(basis)), file).await)?.said;
        match said {
            Said::Report(report) => Ok(*report),
            Said::Refused | Said::Done => Err(Failure::Died("no report".to_owned())),
        }
    }

    /// How far the kernel of this machine confines; asked once.
    pub async fn wall(&self) -> Wall {
        *self.wall.get_or_init(|| self.built()).await
    }

    async fn built(&self) -> Wall {
        match self.run(Order::Probe(Probe::Nothing), &[]).await {
            Ok(reply) => Wall { stands: true, landlock: reply.landlock },
            Err(_) => Wall { stands: false, landlock: false },
        }
    }

    /// Whether a child that tries it dies of it or is refused.
    ///
    /// # Errors
    /// [`Failure::NotStarted`]: nothing was tried.
    pub async fn holds(&self, probe: Probe) -> Result<bool, Failure> {
        match self.run(Order::Probe(probe), &[]).await {
            Ok(reply) => Ok(matches!(reply.said, Said::Refused)),
            Err(Failure::Died(_) | Failure::TimedOut) => Ok(true),
            Err(failure) => Err(failure),
        }
    }

    /// How children ended since the start, by name.
    pub fn counts(&self) -> [(&'static str, u64); 4] {
        let Counts { reported, died, timed_out, refused } = &self.counts;
        [("reported", reported), ("died", died), ("timed_out", timed_out), ("refused", refused)]
            .map(|(name, count)| (name, count.load(Ordering::Relaxed)))
    }

    fn counted<T>(&self, ended: Result<T, Failure>) -> Result<T, Failure> {
        let count = match &ended {
            Ok(_) => &self.counts.reported,
            Err(Failure::TimedOut) => &self.counts.timed_out,
            Err(Failure::Died(_) | Failure::NotStarted(_)) => &self.counts.died,
            Err(Failure::Busy | Failure::TooLarge) => &self.counts.refused,
        };
        count.fetch_add(1, Ordering::Relaxed);
        ended
    }

    /// Waits for a place, for a while; then runs a child.
    async fn asked(&self, order: Order, file: &[u8]) -> Result<Reply, Failure> {
        if file.len() > LARGEST_FILE {
            return Err(Failure::TooLarge);
        }
        let _chair = self.chairs.try_acquire().map_err(|_| Failure::Busy)?;
        let _place: SemaphorePermit<'_> =
            match tokio::time::timeout(PATIENCE, self.places.acquire()).await {
                Ok(Ok(place)) => place,
                Ok(Err(_)) | Err(_) => return Err(Failure::Busy),
            };
        self.run(order, file).await
    }

    /// Runs a child to its end, which comes in time.
    async fn run(&self, order: Order, file: &[u8]) -> Result<Reply, Failure> {
        let order = serde_json::to_vec(&order).map_err(|_| Failure::NotStarted(None))?;
        let mut child = self.started()?;
        let talked = tokio::time::timeout(WALL_TIME, talk(&mut child, &order, file)).await;
        if talked.is_err() {
            end(&mut child).await;
            return Err(Failure::TimedOut);
        }
        let reply = talked.unwrap_or_default();
        // It closed its output: what it still does is to end.
        let status = match tokio::time::timeout(LAST_BREATH, child.wait()).await {
            Ok(Ok(status)) => status,
            Ok(Err(_)) | Err(_) => {
                end(&mut child).await;
                return Err(Failure::TimedOut);
            }
        };
        match status.code() {
            Some(0) if reply.len() as u64 <= LARGEST_REPLY => {
                serde_json::from_slice(&reply).map_err(|_| Failure::Died("no report".to_owned()))
            }
            Some(code) if code == i32::from(NOT_CONFINED) => Err(Failure::NotStarted(None)),
            _ => Err(Failure::Died(told(status))),
        }
    }

    /// A child in a group of its own, with an empty environment and nothing open but the two pipes.
    fn started(&self) -> Result<Child, Failure> {
        Command::new(&self.program)
            .args(OUTER)
            .env_clear()
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|cause| Failure::NotStarted(Some(cause)))
    }
}

/// Feeds the child and takes what it says; a child that stops listening may still have spoken.
async fn talk(child: &mut Child, order: &[u8], file: &[u8]) -> Vec<u8> {
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let feed = async {
        let Some(mut input) = input else { return };
        for part in [&(order.len() as u64).to_be_bytes()[..], order, file] {
            if input.write_all(part).await.is_err() {
                return;
            }
        }
        // Dropping it ends the file.
    };
    let hear = async {
        let mut reply = Vec::new();
        if let Some(output) = output {
            // One byte more than is allowed tells that there was more.
            let _ = output.take(LARGEST_REPLY + 1).read_to_end(&mut reply).await;
        }
        reply
    };
    let ((), reply) = tokio::join!(feed, hear);
    reply
}

/// Kills the child with all that is its own, and buries it.
async fn end(child: &mut Child) {
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(group) = id {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill().await;
}

fn told(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("signal {signal}"),
        (None, code) => format!("exit {}", code.unwrap_or_default()),
    }
}

/// Children at once.
const AT_ONCE: usize = 2;
/// How many more may wait.
const WAITING: usize = 6;
/// How long each waits at most.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a child may live.
const WALL_TIME: Duration = Duration::from_secs(10);
/// How long it may take to end once it has spoken.
const LAST_BREATH: Duration = Duration::from_secs(1);
