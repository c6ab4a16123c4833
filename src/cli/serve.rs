//! `spo serve`: the server, its first key, and the line to try.

use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::{Exit, Global, in_runtime, output};
use crate::app::{self, App, StartError};
use crate::config::Config;
use crate::issue::IssueError;

/// Runs the server until it is told to stop.
pub fn run(global: &Global, listen: Option<&str>) -> Exit {
    let config = match global.settings(listen) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    app::log(&config);
    in_runtime(async {
        match serve(config).await {
            Ok(()) => Exit::Done,
            Err(error) => output::start(&error),
        }
    })
}

async fn serve(config: Config) -> Result<(), StartError> {
    let folder = config.data_dir.clone();
    let app = App::build(config).await?;
    let listener = app.bind()?;
    let address = listener.local_addr().map_err(StartError::Server)?.to_string();
    let first = first_key(&app, &folder).await?;
    let ready = || {
        tracing::info!(address, "serving");
        let facts = [("address", address.as_str()), ("folder", &folder.display().to_string())];
        output::note("serving", &facts);
        first.tell(&address);
    };
    app.serve(listener, ready).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Makes the first key where there is none. Its file has a name of this process until the key is
/// kept: of two servers that start at once the second leaves the first one's file alone.
async fn first_key(app: &App, folder: &Path) -> Result<FirstKey, StartError> {
    let path = folder.join("first-key");
    let early = folder.join(format!("first-key.{}", std::process::id()));
    let failed = |path: &PathBuf, cause| StartError::Folder { path: path.clone(), cause };
    let made =
        app.first_key(|secret| write(&early, secret).map_err(|cause| failed(&early, cause))).await;
    let made = match made {
        // Where it may have been kept all the same, the file stays.
        Err(error @ StartError::FirstKey(IssueError::Conflict)) => {
            let _ = std::fs::remove_file(&early);
            return Err(error);
        }
        other => other?,
    };
    let Some(key) = made else {
        return Ok(FirstKey::Old);
    };
    std::fs::rename(&early, &path).map_err(|cause| failed(&path, cause))?;
    Ok(if is_watched() { FirstKey::Shown(key.secret, path) } else { FirstKey::Written(path) })
}

/// Whether somebody sits before both outputs: one alone may go to a supervisor's log.
fn is_watched() -> bool {
    std::io::stdout().is_terminal() && std::io::stderr().is_terminal()
}

/// Where the first key is.
enum FirstKey {
    /// Made at an earlier start.
    Old,
    /// To be shown on the terminal, once; its file goes then.
    Shown(String, PathBuf),
    /// In a file of its own.
    Written(PathBuf),
}

impl FirstKey {
    /// Says where it is, and the line to try.
    fn tell(&self, address: &str) {
        match self {
            Self::Old => output::note("try_with_your_key", &[("address", address)]),
            Self::Shown(secret, path) => {
                output::note("first_key_shown", &[]);
                output::result(secret);
                output::note("try_with_this_key", &[("key", secret), ("address", address)]);
                let _ = std::fs::remove_file(path);
            }
            Self::Written(path) => {
                let path = path.display().to_string();
                output::note("first_key_written", &[("path", &path)]);
                output::note("try_with_key_file", &[("path", &path), ("address", address)]);
            }
        }
    }
}

/// For this user alone, from its first byte.
fn write(path: &PathBuf, secret: &str) -> std::io::Result<()> {
    let _ = std::fs::remove_file(path); // an old one would keep its old rights
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{secret}")?;
    file.sync_all()
}
