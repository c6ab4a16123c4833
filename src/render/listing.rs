//! Pages and their structure in readable lines, for the golden folders.

use std::fmt::Write;

use crate::paper::symbol::Symbol;
use crate::render::pages::{Artifact, Item, Node, NodeId, Owner, Pages, Role, Run, Scope, Shape};

impl Pages {
    /// Each painted item on a line: page, place and size to a tenth of a point, face, owner, text.
    pub fn listing(&self) -> String {
        let mut listing = String::new();
        for (place, page) in self.pages.iter().enumerate() {
            let _ = writeln!(listing, "page {}", place + 1);
            for item in &page.items {
                match item {
                    Item::Run(run) => self.run(run, &mut listing),
                    Item::Shape(shape) => self.shape(shape, &mut listing),
                }
            }
        }
        if let Some(panel) = &self.panel {
            let (page, tooltip) = (panel.page + 1, &panel.tooltip);
            let (x, y, width, height) = (panel.x, panel.y, panel.width, panel.height);
            let _ = writeln!(
                listing,
                "panel page {page} {x:.1} {y:.1} {width:.1}x{height:.1} {tooltip}"
            );
        }
        if let Some(code) = &self.code {
            let (x, y, module, side) = (code.x, code.y, code.module, code.symbol.side);
            let _ = writeln!(listing, "code {x:.1} {y:.1} {side} modules of {module:.2}");
            listing.push_str(&picture(&code.symbol));
        }
        listing
    }

    /// The structure tree, one node a line, indented; content follows its node.
    pub fn tags(&self) -> String {
        let mut held = vec![String::new(); self.nodes.len()];
        for item in self.pages.iter().flat_map(|page| &page.items) {
            if let Item::Run(Run { owner: Owner::Content(node), text, .. }) = item
                && let Some(held) = held.get_mut(node.0 as usize)
            {
                held.push_str(text);
            }
        }
        let mut tags = String::new();
        for (node, held) in self.nodes.iter().zip(held) {
            let indent = self.depth(node) * 2;
            let _ = write!(tags, "{:indent$}{}{}", "", name(node.role), facts(node));
            let _ = if held.is_empty() { writeln!(tags) } else { writeln!(tags, ": {held}") };
        }
        tags
    }

    fn depth(&self, node: &Node) -> usize {
        let parent = node.parent.and_then(|NodeId(place)| self.nodes.get(place as usize));
        parent.map_or(0, |parent| 1 + self.depth(parent))
    }

    fn run(&self, run: &Run, listing: &mut String) {
        let Run { x, y, size, face, ink, turned, text, .. } = run;
        let owner = self.owner(run.owner);
        let _ = write!(listing, "  {x:.1} {y:.1} {size:.1} {face:?} {ink:?} {owner}");
        if *turned != 0.0 {
            let _ = write!(listing, " turned {turned:.0}");
        }
        let _ = writeln!(listing, " | {text}");
    }

    fn shape(&self, shape: &Shape, listing: &mut String) {
        let Shape { x, y, width, height, ink, .. } = shape;
        let owner = self.owner(shape.owner);
        let drawn = match shape.stroke {
            Some(stroke) => format!("box {stroke:.1}"),
            None => "bar".to_owned(),
        };
        let _ = writeln!(listing, "  {x:.1} {y:.1} {width:.1}x{height:.1} {drawn} {ink:?} {owner}");
    }

    fn owner(&self, owner: Owner) -> String {
        match owner {
            Owner::Content(NodeId(place)) => {
                let role = self.nodes.get(place as usize).map(|node| name(node.role));
                format!("{}#{place}", role.unwrap_or_default())
            }
            Owner::Artifact(Artifact::Header) => "header".into(),
            Owner::Artifact(Artifact::Footer) => "footer".into(),
            Owner::Artifact(Artifact::Layout) => "rule".into(),
            Owner::Artifact(Artifact::Watermark) => "watermark".into(),
            Owner::Panel => "panel".into(),
        }
    }
}

/// Two rows of modules on a line of text.
fn picture(symbol: &Symbol) -> String {
    let mut picture = String::new();
    for upper in (0..symbol.side).rev().step_by(2) {
        picture.push_str("  ");
        for x in 0..symbol.side {
            let lower = upper.checked_sub(1).is_some_and(|lower| symbol.dark(x, lower));
            picture.push(match (symbol.dark(x, upper), lower) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        picture.truncate(picture.trim_end().len());
        picture.push('\n');
    }
    picture
}

fn name(role: Role) -> String {
    match role {
        Role::Heading(level) => format!("H{level}"),
        Role::Th(Scope::Row) => "TH(row)".into(),
        Role::Th(Scope::Column) => "TH(column)".into(),
        Role::Tr => "TR".into(),
        Role::Td => "TD".into(),
        Role::Li => "LI".into(),
        role => format!("{role:?}"),
    }
}

fn facts(node: &Node) -> String {
    let mut facts = String::new();
    for (name, value) in [
        ("lang", node.language),
        ("numbering", node.list_numbering),
        ("bookmark", node.bookmark.as_deref()),
        ("alternative", node.alternative.as_deref()),
    ] {
        if let Some(value) = value {
            let _ = write!(facts, " [{name} {value}]");
        }
    }
    facts
}
