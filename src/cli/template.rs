//! `spo templates`: the layouts checked and drawn with their samples.

use std::path::Path;
use std::sync::Arc;

use super::drawing::{draw, folder, show_draft};
use super::file::Request;
use super::{Exit, Global, output};
use crate::app;
use crate::issue::Issuer;
use crate::wire::{self, RequestKind};

/// Reads every layout: a missing field or partial is an error here, never a blank on paper.
pub fn check(global: &Global) -> Exit {
    let layouts = match app::layouts() {
        Ok(layouts) => layouts,
        Err(error) => return output::start(&error),
    };
    if global.json {
        let edition = |(kind, edition)| serde_json::json!({ "kind": kind, "edition": edition });
        let items: Vec<_> = layouts.into_iter().map(edition).collect();
        output::json(&serde_json::json!({ "items": items }));
    } else {
        for (kind, edition) in layouts {
            output::result(&format!("{kind}\t{edition}"));
        }
    }
    output::note("layouts_good", &[]);
    Exit::Done
}

/// Draws the sample of each kind that needs no stored order.
pub fn preview(global: &Global, out: &Path) -> Exit {
    if let Err(exit) = folder(out) {
        return exit;
    }
    global.with_issuer(async |issuer: Arc<Issuer>| {
        for kind in [RequestKind::InterimOrder, RequestKind::FullOrder] {
            let request = Request { kind, body: wire::example(kind).as_bytes().to_vec() };
            let drafted = draw(&issuer, &request).await?;
            let exit = show_draft(&drafted, out, global.json);
            if exit != Exit::Done {
                return Ok(exit);
            }
        }
        Ok(Exit::Done)
    })
}
