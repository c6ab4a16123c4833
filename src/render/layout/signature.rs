//! The signature's panel: who signed and as what, with the seal beside it.

use super::blocks::boxed;
use super::flow::{Bond, Flow, PanelStrip, Set, Strip};
use super::style::Type;
use crate::render::document::Signature;
use crate::render::error::RenderError;
use crate::render::pages::{Artifact, Ink, Item, NodeId, Owner, Role, Shape};

impl Flow<'_> {
    /// The panel is one strip. It holds to what stands before, so that it is never alone on a page.
    /// In a draft it is ordinary content without a field.
    pub(super) fn signature(
        &mut self,
        signature: &Signature,
        parent: NodeId,
        set: &Set,
    ) -> Result<(), RenderError> {
        self.at("signature", "");
        let form = (!self.draft).then(|| self.node(Role::Form, parent));
        if let Some(node) = form.and_then(|form| self.node_mut(form)) {
            node.alternative = Some(signature.alternative.clone());
        }
        let above = self.box_above();
        let mut inner = boxed(set, self.style.box_pad);
        if signature.seal.is_some() {
            inner.width -= SEAL + self.style.gutter;
        }
        inner.kind = self.panel_type(signature, &inner)?;
        let (mut items, mut depth) = (Vec::new(), self.style.box_pad);
        for words in &signature.lines {
            let node = form.unwrap_or_else(|| self.node(Role::P, parent));
            for line in self.lines(words, node, &inner)? {
                items.extend(self.on_baseline(line, inner.kind, depth).map(Item::Run));
                depth += inner.kind.leading;
            }
        }
        let mut height = depth + self.style.box_pad;
        if let Some(seal) = &signature.seal {
            let node = form.unwrap_or_else(|| self.node(Role::P, parent));
            height = height.max(SEAL + 2.0 * self.style.box_pad);
            let corner = (set.x + set.width - self.style.box_pad - SEAL, (height - SEAL) / 2.0);
            self.seal(seal, node, corner, &mut items)?;
        }
        items.insert(0, Item::Shape(border((set.x, 0.0), (set.width, height), 1.0)));
        let owner = if self.draft { Owner::Artifact(Artifact::Layout) } else { Owner::Panel };
        for item in &mut items {
            match item {
                Item::Shape(shape) => shape.owner = owner,
                Item::Run(run) if !self.draft => run.owner = owner,
                Item::Run(_) => {}
            }
        }
        // The widget's element holds the widget alone: spans of its words would hold nothing.
        if let Some(form) = form {
            self.cut_below(form);
        }
        let (tooltip, x, width) = (signature.tooltip.clone(), set.x, set.width);
        let panel = form.map(|node| PanelStrip { node, tooltip, x, width });
        self.push(Strip {
            height,
            above,
            bond: Bond::Firm,
            items,
            panel,
            begins: true,
            ..Strip::default()
        });
        self.leave_below(self.style.box_gap);
        self.signed = true;
        Ok(())
    }

    /// The size of the panel's words: smaller only where they would not fit on a page.
    fn panel_type(&self, signature: &Signature, set: &Set) -> Result<Type, RenderError> {
        let kind = self.style.body;
        let length: usize = signature.lines.iter().map(|words| words.text().len()).sum();
        if length < LONG_PANEL {
            return Ok(kind);
        }
        for part in [1.0, 0.8, 0.6, 0.45] {
            let kind = Type { size: kind.size * part, leading: kind.leading * part };
            let mut count = 0;
            for words in &signature.lines {
                count += self.plain(&words.text(), super::flow::ROOT, &set.of(kind))?.len();
            }
            if count as f32 * kind.leading < TALLEST_PANEL {
                return Ok(kind);
            }
        }
        Ok(kind)
    }

    /// A square with two borders and words in its middle, its left upper corner at a point below
    /// the strip's top.
    fn seal(
        &self,
        words: &str,
        node: NodeId,
        (x, from): (f32, f32),
        items: &mut Vec<Item>,
    ) -> Result<(), RenderError> {
        let kind = Type { size: 9.5, leading: 12.5 };
        let pad = 9.0;
        let set = Set::body(x + pad, SEAL - 2.0 * pad, kind).bold().balanced();
        let lines = self.plain(words, node, &set)?;
        let mut depth = from + (SEAL - kind.leading * lines.len() as f32) / 2.0;
        items.push(Item::Shape(border((x, from), (SEAL, SEAL), 2.0)));
        items.push(Item::Shape(border((x + 4.0, from + 4.0), (SEAL - 8.0, SEAL - 8.0), 0.6)));
        for line in lines {
            let centred = (set.width - line.width) / 2.0;
            for mut run in self.on_baseline(line, kind, depth) {
                run.x += centred;
                items.push(Item::Run(run));
            }
            depth += kind.leading;
        }
        Ok(())
    }
}

/// A border drawn within its bounds, whose left upper corner is a point below the strip's top.
fn border((x, from): (f32, f32), (width, height): (f32, f32), stroke: f32) -> Shape {
    Shape {
        owner: Owner::Panel,
        x: x + stroke / 2.0,
        y: stroke / 2.0 - from - height,
        width: width - stroke,
        height: height - stroke,
        stroke: Some(stroke),
        ink: Ink::Black,
    }
}

/// Characters up to which a panel fits on any page.
const LONG_PANEL: usize = 400;
/// Points.
const TALLEST_PANEL: f32 = 480.0;
/// Side of the seal's square.
const SEAL: f32 = 84.0;
