//! The command line: one file a command, one enum for how it ends. Contract section 8.
//!
//! Results go to standard output, everything else to standard error; only `output` writes to
//! either. Sentences for people stand in `templates/messages/cli.toml`; the help is the
//! documentation of the arguments below.
//!
//! To add a command: its variant in `Command`, its file, its line in [`run`].

mod api_keys;
mod copy;
mod doctor;
mod drawing;
mod file;
mod keys;
mod output;
mod paper;
mod sample;
mod serve;
mod settings;
mod template;
mod verify;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::{self, App, StartError};
use crate::config::{Config, Flags};
use crate::issue::{COMMAND_LINE, Caller, Fault, IssueError, Issuer};

/// Makes signed stalking protection orders of the courts of England and Wales from JSON.
///
/// Exit codes: 0 done, 1 a fault of ours, 2 invalid input, 3 not found or conflict, 4 try again
/// later, 64 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "spo", version, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Settings that every command takes; they win over the environment and the file.
#[derive(Debug, Args)]
struct Global {
    /// File of settings (TOML); otherwise the one that `SPO_CONFIG` names.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the database, the test authority and the first key.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Folder of layouts that replace those in the program.
    #[arg(long, global = true, value_name = "DIR")]
    templates_dir: Option<PathBuf>,
    /// Where the database is: `sqlite:…`.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// `test` (each page says so) or `production`.
    #[arg(long, global = true, value_name = "MODE")]
    mode: Option<String>,
    /// Write results and faults as JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server.
    Serve {
        /// Address and port, on this machine alone.
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<String>,
    },
    /// Make, sign and keep an order with its copies, or a variation request, without a server.
    Issue {
        #[command(flatten)]
        from: Input,
        /// Folder for the signed PDFs.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
        /// The same key and request again give the first answer again.
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
    },
    /// Make, sign and keep one more document of an order: in large print, in another language, for
    /// another reader.
    Copy(copy::Asked),
    /// Draw it marked DRAFT, unsigned; nothing is kept.
    Preview {
        #[command(flatten)]
        from: Input,
        /// Folder for the draft.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
    /// Check it against the law; nothing is drawn or kept.
    Validate {
        #[command(flatten)]
        from: Input,
    },
    /// Print a sample request: the body of a POST.
    Sample {
        /// Which sample.
        kind: SampleKind,
        /// With the envelope that names its kind, as `spo issue` reads it without `--kind`.
        #[arg(long)]
        envelope: bool,
        /// The order that the variation sample is about.
        #[arg(long, value_name = "ID")]
        order: Option<String>,
    },
    /// Check or draw the layouts.
    #[command(subcommand)]
    Templates(Templates),
    /// Check a PDF against this register, or what stands on a paper: the text of its QR code, its
    /// short code, or its six words.
    ///
    /// Exit codes: 0 current; 2 altered or unreadable; 3 superseded, ended, or not of this
    /// register; 4 too busy, try again.
    Verify(verify::Asked),
    /// The keys of this installation: make, certify, import, list, test, rotate.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    ApiKeys(ApiKeys),
    /// Check the settings.
    #[command(subcommand)]
    Config(Settings),
    /// Print the contract, openapi.yaml.
    Openapi,
    /// Check this installation part by part: settings, store, layouts, key, clock, a sample order.
    Doctor {
        /// Ask a running server instead: its address, such as `http://127.0.0.1:8080`.
        #[arg(long, value_name = "URL")]
        server: Option<String>,
    },
    /// The confined process that reads a foreign file; the server and `spo verify` start it.
    #[command(hide = true)]
    Inspect {
        /// It began under its limits.
        #[arg(long)]
        limited: bool,
    },
}

/// The request to read.
#[derive(Debug, Args)]
struct Input {
    /// JSON file; `-` is standard input.
    file: PathBuf,
    /// What it is, where the file is the request alone.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Kind {
    InterimOrder,
    FullOrder,
    VariationRequest,
}

/// The languages of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    En,
    Cy,
    Bilingual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SampleKind {
    Interim,
    Full,
    Variation,
}

#[derive(Debug, Subcommand)]
enum Templates {
    /// Read every layout and fill it with its sample.
    Check,
    /// Draw the samples of an edition in each language, marked DRAFT.
    Preview {
        /// Which edition, such as `full_order/2026-11`; all current ones where none is named.
        edition: Option<String>,
        /// In this language alone: en, cy, bilingual.
        #[arg(long, value_enum)]
        language: Option<Language>,
        /// Folder for the drafts.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum ApiKeys {
    /// Make a key; it alone is printed, once.
    Create {
        /// Its name in the audit trail.
        #[arg(long)]
        name: String,
        /// What it may do: issue, request, read, draft, approve, serve, audit, batch, verify.
        #[arg(long, value_delimiter = ',', required = true)]
        roles: Vec<String>,
        /// Days until it expires.
        #[arg(long)]
        days: Option<u16>,
    },
    /// List all keys, without their secrets.
    List,
    /// Revoke the key of that name.
    Revoke {
        /// Its name.
        #[arg(required_unless_present = "named")]
        name: Option<String>,
        /// Its name, as when it was made.
        #[arg(long = "name", value_name = "NAME", conflicts_with = "name")]
        named: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Settings {
    /// Check the settings and print them, secrets left out.
    Check,
}

/// How a command ends: the process's exit code. Contract section 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    Defect = 1,
    Invalid = 2,
    Missing = 3,
    Later = 4,
    Usage = 64,
}

/// Reads the arguments of this process and does what they say.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(shown) => return output::usage(&shown).into(),
    };
    // Before any setting is read: this process is to know nothing.
    if let Command::Inspect { limited } = arguments.command {
        return ExitCode::from(app::inspect_here(limited));
    }
    obey(&arguments).into()
}

fn obey(arguments: &Arguments) -> Exit {
    let global = &arguments.global;
    match &arguments.command {
        Command::Sample { kind, envelope, order } => {
            sample::print(*kind, *envelope, order.as_deref())
        }
        Command::Openapi => settings::openapi(),
        Command::Config(Settings::Check) => settings::check(global),
        Command::Serve { listen } => serve::run(global, listen.as_deref()),
        Command::Issue { from, out, idempotency_key } => {
            drawing::issue(global, from, out, idempotency_key.as_deref())
        }
        Command::Copy(asked) => copy::run(global, asked),
        Command::Preview { from, out } => drawing::preview(global, from, out),
        Command::Validate { from } => drawing::validate(global, from),
        Command::Templates(Templates::Check) => template::check(global),
        Command::Templates(Templates::Preview { edition, language, out }) => {
            template::preview(global, (edition.as_deref(), *language), out)
        }
        Command::Verify(asked) => verify::run(global, asked),
        Command::Keys(command) => keys::run(global, command),
        Command::ApiKeys(command) => api_keys::run(global, command),
        Command::Doctor { server: None } => doctor::check(global),
        Command::Doctor { server: Some(url) } => doctor::ask(global, url),
        // Never comes here: see `run`.
        Command::Inspect { .. } => Exit::Usage,
    }
}

impl Global {
    /// The settings, with the address to listen on where a command takes one.
    fn settings(&self, listen: Option<&str>) -> Result<Config, Exit> {
        let flags = Flags {
            listen: listen.map(str::to_owned),
            data_dir: self.data_dir.clone(),
            templates_dir: self.templates_dir.clone(),
            database_url: self.database_url.clone(),
            mode: self.mode.clone(),
        };
        Config::load(self.config.as_deref(), &flags).map_err(|error| {
            output::start(&StartError::Config(error));
            Exit::Invalid
        })
    }

    /// Does the work with an issuer of this machine's settings, and shows what went wrong.
    fn with_issuer<F>(&self, work: impl FnOnce(Arc<Issuer>) -> F) -> Exit
    where
        F: Future<Output = Result<Exit, IssueError>>,
    {
        let config = match self.settings(None) {
            Ok(config) => config,
            Err(exit) => return exit,
        };
        app::log(&config.clone().quiet());
        let json = self.json;
        in_runtime(async {
            let app = match App::build(config).await {
                Ok(app) => app,
                Err(error) => return output::start(&error),
            };
            work(app.issuer()).await.unwrap_or_else(|error| output::fault(&error, json))
        })
    }
}

/// Runs it to its end on a runtime of its own.
fn in_runtime(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(_) => output::failure("no_runtime", &[]),
    }
}

/// Who the command line is in the audit trail.
fn caller(issuer: &Issuer) -> Result<Caller, IssueError> {
    Ok(Caller { name: COMMAND_LINE.to_owned(), request_id: issuer.request_id()? })
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<Fault> for Exit {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Caller => Self::Invalid,
            Fault::Missing | Fault::Conflict => Self::Missing,
            Fault::Transient => Self::Later,
            Fault::Defect => Self::Defect,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn each_fault_has_its_exit_code() {
        let codes =
            [Fault::Caller, Fault::Missing, Fault::Conflict, Fault::Transient, Fault::Defect]
                .map(|fault| Exit::from(fault) as u8);
        assert_eq!(codes, [2, 3, 3, 4, 1]);
    }
}
