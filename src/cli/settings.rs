//! `spo config check` and `spo openapi`: what this program would do, and what it promises.

use super::{Exit, Global, in_runtime, output};
use crate::app;

/// Checks the settings, prints them without their secrets, and says what they lack to sign.
pub fn check(global: &Global) -> Exit {
    match global.settings(None) {
        Ok(config) => {
            if global.json {
                output::json(&config.shown());
            } else {
                output::result(config.redacted().trim_end());
            }
            let keys = in_runtime(async {
                match app::check_keys(&config).await {
                    Ok(()) => Exit::Done,
                    Err(error) => output::start(&error),
                }
            });
            if keys == Exit::Done && !global.json {
                output::note("config_good", &[]);
            }
            keys
        }
        Err(exit) => exit,
    }
}

/// Prints the contract as the code writes it.
pub fn openapi() -> Exit {
    output::bytes(app::openapi().as_bytes());
    Exit::Done
}
