//! Names in further scripts: spans of the structure tree with a language and a text of their own.

use super::flow::Flow;
use crate::render::face;
use crate::render::pages::{Owner, Run};
use crate::render::paragraph::Line;

impl Flow<'_> {
    /// Finds the names on lines that were set.
    pub(super) fn name(&mut self, lines: &mut [Line]) {
        for line in lines {
            for names in line.runs.chunk_by_mut(face::is_one_name) {
                self.name_runs(names);
            }
        }
    }

    /// Makes runs in a further script a span of their own, with their language, and with their text
    /// in reading order where the glyphs may stand in another.
    fn name_runs(&mut self, runs: &mut [Run]) {
        let begins = runs.iter().position(|run| face::is_further(run.face));
        let runs = &mut runs[begins.unwrap_or(0)..];
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        let Some(&Run { face, owner: Owner::Content(node), .. }) = runs.first() else {
            return;
        };
        let Some(language) = face::language(face, &text) else {
            return;
        };
        let span = self.span(language, node);
        runs.iter_mut().for_each(|run| run.owner = Owner::Content(span));
        if let Some(span) = self.node_mut(span).filter(|_| face::is_complex(face)) {
            span.alternative = Some(text);
        }
    }
}
