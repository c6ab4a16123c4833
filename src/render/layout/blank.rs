//! The page that makes the number of pages even.

use super::flow::{Flow, Set};
use crate::render::error::RenderError;
use crate::render::pages::{Item, PAGE_HEIGHT, Page, Role};

impl Flow<'_> {
    /// The added page, where the document asks for an even number of them and has an odd one: its
    /// words stand in the middle, as content, so that it is also read aloud as blank.
    pub(super) fn blank_page(&mut self, pages: usize) -> Result<Option<Page>, RenderError> {
        let lines = std::mem::take(&mut self.blank);
        if lines.is_empty() || pages.is_multiple_of(2) {
            return Ok(None);
        }
        self.at("blank-page", "");
        let set = Set::body(self.style.left, self.style.measure, self.style.body).balanced();
        let mut page = Page::default();
        let mut top = PAGE_HEIGHT / 2.0 + set.kind.leading;
        for words in &lines {
            let node = self.node(Role::P, super::flow::ROOT);
            for line in self.lines(words, node, &set)? {
                let centred = (set.width - line.width) / 2.0;
                for mut run in self.on_baseline(line, set.kind, 0.0) {
                    run.x += centred;
                    run.y += top;
                    page.items.push(Item::Run(run));
                }
                top -= set.kind.leading;
            }
        }
        Ok(Some(page))
    }
}
