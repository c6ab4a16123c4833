//! Where requests are read and judged and documents drawn: on the blocking pool, no more at once
//! than there are cores. The threads that serve connections never do it, or one large request would
//! hold all others up, the question after health too.

use std::sync::Arc;

use super::Issuer;
use super::error::IssueError;

impl Issuer {
    /// Does the job at a desk, once one is free.
    ///
    /// # Errors
    /// [`IssueError::Overloaded`] where too many wait; [`IssueError::Broken`] where the job ended
    /// early.
    pub(super) async fn at_desk<T, F>(&self, job: F) -> Result<T, IssueError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let chair = Arc::clone(&self.chairs).try_acquire_owned();
        let chair = chair.map_err(|_| IssueError::Overloaded)?;
        let desk = Arc::clone(&self.desks).acquire_owned().await;
        let desk = desk.map_err(|_| IssueError::Broken)?;
        // The desk goes with the work: a caller who leaves does not free it.
        let work = move || {
            let _places = (chair, desk);
            job()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| IssueError::Broken)
    }

    /// Does the job at a desk, and at the same time at a second one where that stands empty. The
    /// job shares its work out: whoever is free takes the next piece, until none is left.
    ///
    /// # Errors
    /// As [`Issuer::at_desk`].
    pub(super) async fn at_desks<F>(&self, job: F) -> Result<(), IssueError>
    where
        F: Fn() + Send + Sync + 'static,
    {
        let (job, desks) = (Arc::new(job), Arc::clone(&self.desks));
        let second = self.at_desk(move || {
            let same = Arc::clone(&job);
            let second = desks.try_acquire_owned().ok().map(|desk| {
                tokio::task::spawn_blocking(move || {
                    let _place = desk;
                    same();
                })
            });
            job();
            second
        });
        match second.await? {
            Some(second) => second.await.map_err(|_| IssueError::Broken),
            None => Ok(()),
        }
    }
}

/// Some seconds of drawing.
pub(super) const CHAIRS_A_CORE: usize = 512;
