//! Nothing is lost on the way to paper: each page, read back from its bytes, says exactly what it
//! was to say.

use super::Breach;
use crate::render::pages::{Item, Owner, Pages};
use crate::render::readback::{Content, Finished};

pub(super) fn check(finished: &Finished<'_>, pages: &Pages, breaches: &mut Vec<Breach>) {
    if finished.sheets.len() != pages.pages.len() {
        breaches.push(Breach::PageCount);
    }
    for (page, (sheet, made)) in finished.sheets.iter().zip(&pages.pages).enumerate() {
        let has_field = pages.panel.as_ref().is_some_and(|panel| panel.page == page);
        let mut on_page = String::new();
        let mut in_panel = String::new();
        for item in &made.items {
            match item {
                Item::Run(run) if has_field && run.owner == Owner::Panel => {
                    in_panel.push_str(&run.text);
                }
                Item::Run(run) => on_page.push_str(&run.text),
                Item::Shape(_) => {}
            }
        }
        let appearance = sheet.appearance.as_ref().map(|(_, content)| content);
        let drawn = appearance.map(said).unwrap_or_default();
        if said(&sheet.page) != on_page || drawn != in_panel {
            breaches.push(Breach::TextDiffers(page));
        }
        for content in [Some(&sheet.page), appearance].into_iter().flatten() {
            if content.unmarked > 0 {
                breaches.push(Breach::UnmarkedContent(page));
            }
            if content.mute > 0 {
                breaches.push(Breach::MuteGlyph(page));
            }
            if !content.balanced {
                breaches.push(Breach::UnbalancedContent(page));
            }
        }
    }
}

fn said(content: &Content) -> String {
    content.sequences.iter().map(|sequence| sequence.text.as_str()).collect()
}
