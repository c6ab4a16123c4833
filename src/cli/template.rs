//! `spo templates`: the layouts checked and drawn with their samples.

use std::path::Path;

use super::drawing::{folder, replace};
use super::{Exit, Global, Language, output};
use crate::app::{self, StartError};

/// Reads every layout and fills it with its samples: a missing field or partial is an error here,
/// never a blank on paper.
pub fn check(global: &Global) -> Exit {
    let editions = match global.settings(None).map(|config| app::editions(&config)) {
        Ok(Ok(editions)) => editions,
        Ok(Err(error)) => return bad(&error),
        Err(exit) => return exit,
    };
    if global.json {
        let edition = |edition: &crate::issue::Edition| {
            serde_json::json!({
                "edition": edition.name,
                "kind": edition.kind.name(),
                "sha256": edition.digest(),
                "current": edition.current,
            })
        };
        let items: Vec<_> = editions.iter().map(edition).collect();
        output::json(&serde_json::json!({ "items": items }));
    } else {
        for edition in &editions {
            output::result(&format!("{}\t{}", edition.name, edition.digest()));
        }
    }
    output::note("layouts_good", &[]);
    Exit::Done
}

/// A layout that can't be used is the work of whoever asks.
fn bad(error: &StartError) -> Exit {
    match (output::start(error), error) {
        (_, StartError::Render(_)) => Exit::Invalid,
        (exit, _) => exit,
    }
}

/// Draws the samples of an edition, or of all current ones.
pub fn preview(
    global: &Global,
    (edition, language): (Option<&str>, Option<Language>),
    out: &Path,
) -> Exit {
    if let Err(exit) = folder(out) {
        return exit;
    }
    let config = match global.settings(None) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let editions = match (edition, app::editions(&config)) {
        (_, Err(error)) => return bad(&error),
        (Some(named), Ok(editions)) => {
            if editions.iter().all(|edition| edition.name != named) {
                output::note("no_edition", &[("edition", named)]);
                return Exit::Missing;
            }
            vec![named.to_owned()]
        }
        (None, Ok(editions)) => {
            let current = editions.into_iter().filter(|edition| edition.current);
            current.map(|edition| edition.name).collect()
        }
    };
    let languages: &[&str] = match language {
        Some(Language::En) => &["en"],
        Some(Language::Cy) => &["cy"],
        Some(Language::Bilingual) => &["bilingual"],
        None => &["en", "cy", "bilingual"],
    };
    for edition in &editions {
        let samples = match app::samples(&config, edition, languages) {
            Ok(samples) => samples,
            Err(error) => return bad(&error),
        };
        for sample in samples {
            let stem = edition.replace('/', "-");
            let name = format!("{stem}-{}-{}.pdf", sample.language, sample.number);
            match replace(out, &name, &sample.bytes) {
                Ok(path) => output::result(&format!("{path}\t{}", sample.pages)),
                Err(exit) => return exit,
            }
        }
    }
    Exit::Done
}
