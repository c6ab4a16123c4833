//! The structure read back against the nodes that it was made of: type by type, language by
//! language, word by word; bookmarks against headings; title and language of the whole.

use super::Breach;
use crate::render::pages::{Item, Node, NodeId, Owner, Pages, Role, Scope};
use crate::render::pdf;
use crate::render::readback::Finished;
use crate::render::scan::{Dictionary, File, Value};
use crate::render::tags::name;
use crate::render::tree::{Element, Facts, Kid, Tree};

pub(super) fn check(
    finished: &Finished<'_>,
    tree: &Tree<'_>,
    pages: &Pages,
    breaches: &mut Vec<Breach>,
) {
    let (nodes, words) = pdf::nodes(pages);
    let made = Made::of(pages, &nodes, words);
    if made.order.len() != tree.elements.len() {
        breaches.push(Breach::StructureDiffers(0));
    }
    for (place, &node) in made.order.iter().enumerate().take(tree.elements.len()) {
        element(tree, place, (&made, node), breaches);
    }
    whole(&finished.file, pages, breaches);
    bookmarks(&finished.file, pages, breaches);
}

/// One element against its node.
fn element(
    tree: &Tree<'_>,
    place: usize,
    (made, node): (&Made<'_>, usize),
    breaches: &mut Vec<Breach>,
) {
    let Element { number, parent, language, facts, kids } = &tree.elements[place];
    if language.as_deref() != made.nodes[node].language {
        breaches.push(Breach::LanguageDiffers(*number));
    }
    let above = made.nodes[node].parent.map(|above| above.0 as usize);
    let same_parent = above == parent.and_then(|parent| made.order.get(parent)).copied();
    if !same_parent || *facts != made.facts(node) {
        breaches.push(Breach::StructureDiffers(*number));
    }
    for kid in kids {
        if let Kid::Words(sequence) = kid
            && sequence.tag != facts.kind
        {
            breaches.push(Breach::RoleDiffers(*number));
        }
    }
    // Where words stand between words of an element below, their order is that of the painting.
    let own = &made.own[node];
    if tree.own(place) != *own || (!own.is_empty() && tree.said(place) != made.below[node]) {
        breaches.push(Breach::WordsDiffer(*number));
    }
}

/// The nodes as they are to be found.
struct Made<'p> {
    pages: &'p Pages,
    nodes: &'p [Node],
    /// The panel's words.
    words: usize,
    /// Nodes in reading order; those in the field's node are drawn as the panel's words.
    order: Vec<usize>,
    /// The words of each node.
    own: Vec<String>,
    /// The words of each node and of all below it, as they are painted.
    below: Vec<String>,
}

impl<'p> Made<'p> {
    fn of(pages: &'p Pages, nodes: &'p [Node], words: NodeId) -> Self {
        let words = words.0 as usize;
        let (own, below) = (vec![String::new(); nodes.len()], vec![String::new(); nodes.len()]);
        let mut made = Self { pages, nodes, words, order: Vec::new(), own, below };
        for item in pages.pages.iter().flat_map(|page| &page.items) {
            let Item::Run(run) = item else { continue };
            match run.owner {
                Owner::Content(node) => made.say(node.0 as usize, &run.text),
                Owner::Panel => made.say(words, &run.text),
                Owner::Artifact(_) => {}
            }
        }
        let mut below = vec![Vec::new(); nodes.len()];
        for (place, node) in nodes.iter().enumerate() {
            if let Some(parent) = node.parent.and_then(|parent| below.get_mut(parent.0 as usize)) {
                parent.push(place);
            }
        }
        let roots = (0..nodes.len()).filter(|&node| nodes[node].parent.is_none());
        roots.for_each(|root| made.walk(root, &below));
        made
    }

    fn say(&mut self, node: usize, text: &str) {
        if let Some(own) = self.own.get_mut(node) {
            own.push_str(text);
        }
        let mut at = Some(node);
        while let Some(node) = at.filter(|node| *node < self.nodes.len()) {
            self.below[node].push_str(text);
            at = self.nodes[node].parent.map(|parent| parent.0 as usize);
        }
    }

    fn walk(&mut self, node: usize, below: &[Vec<usize>]) {
        self.order.push(node);
        let field = self.pages.panel.as_ref().map(|panel| panel.node.0 as usize);
        if field == Some(node) {
            return;
        }
        for &child in &below[node] {
            // The panel's words stand just before the field that draws them.
            if field == Some(child) && self.words < self.nodes.len() {
                self.walk(self.words, below);
            }
            if child != self.words || field.is_none() {
                self.walk(child, below);
            }
        }
    }

    fn facts(&self, place: usize) -> Facts<'p> {
        let node = &self.nodes[place];
        let role = match node.role {
            Role::Form if self.pages.panel.is_none() => Role::P,
            role => role,
        };
        let scope = match role {
            Role::Th(Scope::Row) => "Row",
            Role::Th(Scope::Column) => "Column",
            _ => "",
        };
        let numbering = node.list_numbering.filter(|_| role == Role::L);
        let cell = matches!(role, Role::Th(_) | Role::Td);
        let panel = (place == self.words).then(|| pdf::said(self.pages));
        // A span reads as its text, where its glyphs may not tell.
        let (alternative, actual) = match role {
            Role::Span => (None, node.alternative.clone()),
            _ => (node.alternative.clone(), panel.filter(|said| !said.is_empty())),
        };
        Facts {
            kind: name(role),
            alternative,
            actual,
            numbering: numbering.unwrap_or_default(),
            scope,
            span: if cell { usize::from(node.column_span.max(1)) } else { 1 },
        }
    }
}

/// Language and title of the whole document, and what its one field is called.
fn whole(file: &File<'_>, pages: &Pages, breaches: &mut Vec<Breach>) {
    let catalog = file.catalog();
    if catalog.get("Lang").text().as_deref() != Some(pages.language) {
        breaches.push(Breach::LanguageDiffers(0));
    }
    let title = file.follow(&file.trailer, "Info").dictionary().get("Title").text();
    if title.as_deref() != Some(&pages.title) {
        breaches.push(Breach::TitleDiffers);
    }
    if let Some(panel) = &pages.panel {
        let form = file.follow(catalog, "AcroForm").dictionary();
        let field = form.get("Fields").array().first().map(|field| file.resolve(field));
        let said = field.and_then(|field| field.dictionary().get("TU").text());
        let node = pages.nodes.get(panel.node.0 as usize);
        let alternative = node.and_then(|node| node.alternative.as_deref()).unwrap_or_default();
        if said.as_deref() != Some(&panel.tooltip) || alternative.trim().is_empty() {
            breaches.push(Breach::FieldNotDescribed);
        }
    }
}

/// Each heading is a bookmark in its place, nested by level. PDF 32000-1, 12.3.3.
fn bookmarks(file: &File<'_>, pages: &Pages, breaches: &mut Vec<Breach>) {
    let mut found = Vec::new();
    let outlines = file.follow(file.catalog(), "Outlines").dictionary();
    follow(file, outlines, (1, pages.nodes.len()), &mut found);
    let mut levels: Vec<u8> = Vec::new();
    let mut expected = Vec::new();
    for node in &pages.nodes {
        let Role::Heading(level) = node.role else { continue };
        levels.retain(|above| *above < level);
        levels.push(level);
        // One without a bookmark is expected as one that says nothing: never found.
        expected.push((levels.len(), node.bookmark.clone().unwrap_or_default()));
    }
    if found != expected {
        breaches.push(Breach::BookmarksDiffer);
    }
}

/// The bookmarks below one, with their depth; never more than there can be.
fn follow<'a>(
    file: &File<'a>,
    above: &Dictionary<'a>,
    (depth, most): (usize, usize),
    found: &mut Vec<(usize, String)>,
) {
    let mut next = above.get("First");
    while let (Value::Reference(_), true) = (next, found.len() <= most) {
        let entry = file.resolve(next).dictionary();
        let leads = entry.get("Dest").array().first().and_then(Value::reference);
        let lands = leads.is_some_and(|page| file.pages().contains(&page));
        let title = entry.get("Title").text().filter(|_| lands);
        found.push((depth, title.unwrap_or_default()));
        follow(file, entry, (depth + 1, most), found);
        next = entry.get("Next");
    }
}
