//! What is taken from the child, and how it is asked of the kernel.
//!
//! The limits are set before the program that reads is started: the allocator reserves a gibibyte
//! as it begins, and a limit that comes later would leave it that. Of the calls in `filter.json`,
//! `read` is for standard input alone, `write` for the two outputs, memory is mapped from no file
//! and becomes no code, and `prctl` names memory (`PR_SET_VMA`), which the allocator does.

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
use rlimit::Resource;
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

use super::{CPU_SECONDS, MEMORY};

/// Something could not be taken away: nothing may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the process could not be confined")]
pub(super) struct NotConfined;

/// Sets the limits that last through the start of a program. Each is set hard: the process can't
/// raise it again.
pub(super) fn limit() -> Result<(), NotConfined> {
    let limits = [
        (Resource::AS, MEMORY, MEMORY),
        // The soft end may be caught, the hard one may not.
        (Resource::CPU, CPU_SECONDS, CPU_SECONDS + 1),
        (Resource::FSIZE, 0, 0),
        (Resource::CORE, 0, 0),
        (Resource::NPROC, 0, 0),
        // What the start of a program needs for its libraries.
        (Resource::NOFILE, FILES_TO_START, FILES_TO_START),
    ];
    for (resource, soft, hard) in limits {
        resource.set(soft, hard).map_err(|_| NotConfined)?;
    }
    Ok(())
}

/// Marks whatever else is open to be closed as the next program starts: what the service itself was
/// given, and what a library opened.
pub(super) fn keep_only_pipes() {
    close_fds::set_fds_cloexec(FIRST_BEYOND_PIPES, &[]);
}

/// Whether anything is open beyond input and the two outputs.
pub(super) fn has_more_than_pipes() -> bool {
    close_fds::iter_open_fds(FIRST_BEYOND_PIPES).next().is_some()
}

/// Whether [`limit`] was called before this program began.
pub(super) fn is_limited() -> bool {
    Resource::AS.get().is_ok_and(|limits| limits == (MEMORY, MEMORY))
        && Resource::CPU.get().is_ok_and(|(soft, _)| soft == CPU_SECONDS)
}

/// Shuts the process in: no trace of it, no files, no network, no other call of the kernel than
/// those of `filter.json`. Gives whether landlock holds, too.
pub(super) fn shut() -> Result<bool, NotConfined> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| NotConfined)?;
    let landlock = no_files();
    Resource::NOFILE.set(0, 0).map_err(|_| NotConfined)?;
    let arch = std::env::consts::ARCH.try_into().map_err(|_| NotConfined)?;
    let filters = seccompiler::compile_from_json(FILTER.as_bytes(), arch);
    let filters = filters.map_err(|_| NotConfined)?;
    let filter = filters.get("inspect").ok_or(NotConfined)?;
    seccompiler::apply_filter_all_threads(filter).map_err(|_| NotConfined)?;
    Ok(landlock)
}

/// A ruleset without a rule: every access that this kernel knows how to refuse is refused.
fn no_files() -> bool {
    let abi = ABI::V6;
    let held = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(|rules| rules.create())
        .and_then(|rules| rules.restrict_self());
    held.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

const FILTER: &str = include_str!("filter.json");
const FILES_TO_START: u64 = 16;
const FIRST_BEYOND_PIPES: i32 = 3;
