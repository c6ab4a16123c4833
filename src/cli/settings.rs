//! `spo config check` and `spo openapi`: what this program would do, and what it promises.

use super::{Exit, Global, output};

/// Checks the settings and prints them without their secrets.
pub fn check(global: &Global) -> Exit {
    match global.settings(None) {
        Ok(config) if global.json => {
            output::json(&config.shown());
            Exit::Done
        }
        Ok(config) => {
            output::result(config.redacted().trim_end());
            output::note("config_good", &[]);
            Exit::Done
        }
        Err(exit) => exit,
    }
}

/// Prints the contract as the code writes it.
pub fn openapi() -> Exit {
    output::bytes(crate::app::openapi().as_bytes());
    Exit::Done
}
