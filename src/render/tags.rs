//! The structure tree: one element a node, its marked content, the tree that leads back from
//! content to element. PDF 32000-1, 14.7 and 14.8; ISO 14289-1, 7. It takes the nodes as the layout
//! made them and judges nothing: `rules` does that on the finished file.
//!
//! To add a structure type: a variant of [`Role`], its name in [`name`].

use super::pages::{Node, NodeId, Role, Scope};
use super::pdf::body::{Body, Id, put, text_string, whole};
use super::pdf::paint::Mark;

/// What the tree refers to outside itself.
pub(crate) struct Anchors<'a> {
    pub pages: &'a [Id],
    /// Where there is a signature field.
    pub widget: Option<Widget>,
    /// The paragraph that holds the words of the signature panel. It stands beside the widget's
    /// element, which may hold the widget alone: PDF 32000-1, table 340.
    pub words: NodeId,
    /// Those words where a field draws them: few readers look into an appearance.
    pub said: String,
}

/// The signature's widget in the tree.
#[derive(Clone, Copy)]
pub(crate) struct Widget {
    pub node: NodeId,
    pub page: Id,
    pub field: Id,
    pub appearance: Id,
}

/// Writes all elements and the parent tree; gives back the tree's root. Page `n` has the key `n` in
/// the parent tree, the widget the key after the last page, its appearance the one after that.
pub(crate) fn write(body: &mut Body, nodes: &[Node], marks: &[Mark], anchors: &Anchors<'_>) -> Id {
    let root = body.reserve();
    let elements: Vec<Id> = nodes.iter().map(|_| body.reserve()).collect();
    let tree = Tree::of(nodes, marks, anchors);
    for (index, node) in nodes.iter().enumerate() {
        let parent = node.parent.and_then(|p| elements.get(p.0 as usize)).copied();
        let kids = tree.kids(index);
        body.object(elements[index], |out| {
            element(out, node, parent.unwrap_or(root), anchors);
            if index == anchors.words.0 as usize && !anchors.said.is_empty() {
                out.extend_from_slice(b"/ActualText");
                text_string(out, &anchors.said);
            }
            match anchors.widget.filter(|widget| widget.node.0 as usize == index) {
                Some(widget) => put(
                    out,
                    format_args!("/K<</Type/OBJR/Obj {}/Pg {}>>", widget.field, widget.page),
                ),
                None => content(out, &kids, &elements, anchors),
            }
            out.extend_from_slice(b">>");
        });
    }
    let parents = body.add(|out| parent_tree(out, marks, &elements, anchors));
    let next = anchors.pages.len() + if anchors.widget.is_some() { 2 } else { 0 };
    body.object(root, |out| {
        out.extend_from_slice(b"<</Type/StructTreeRoot/K[");
        for (element, _) in elements.iter().zip(nodes).filter(|(_, node)| node.parent.is_none()) {
            put(out, format_args!("{element} "));
        }
        put(out, format_args!("]/ParentTree {parents}/ParentTreeNextKey {next}>>"));
    });
    root
}

/// The structure type as PDF writes it.
pub(crate) const fn name(role: Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Sect => "Sect",
        Role::Heading(1) => "H1",
        Role::Heading(2) => "H2",
        Role::Heading(3) => "H3",
        Role::Heading(4) => "H4",
        Role::Heading(5) => "H5",
        Role::Heading(_) => "H6",
        Role::P => "P",
        Role::L => "L",
        Role::Li => "LI",
        Role::Lbl => "Lbl",
        Role::LBody => "LBody",
        Role::Table => "Table",
        Role::Tr => "TR",
        Role::Th(_) => "TH",
        Role::Td => "TD",
        Role::Span => "Span",
        Role::Form => "Form",
    }
}

/// What stands in a node: a child or content of its own, in reading order.
#[derive(Clone, Copy)]
enum Kid {
    Node(usize),
    Mark(Mark),
}

/// The nodes' children and marks.
struct Tree {
    children: Vec<Vec<usize>>,
    /// With their place in painting order.
    marks: Vec<Vec<(usize, Mark)>>,
    /// Place of the first mark in a node or below it.
    first: Vec<Option<usize>>,
}

impl Tree {
    fn of(nodes: &[Node], marks: &[Mark], anchors: &Anchors<'_>) -> Self {
        let mut tree = Self {
            children: vec![Vec::new(); nodes.len()],
            marks: vec![Vec::new(); nodes.len()],
            first: vec![None; nodes.len()],
        };
        for (place, mark) in marks.iter().enumerate() {
            if let Some(own) = tree.marks.get_mut(mark.node.0 as usize) {
                own.push((place, *mark));
            }
        }
        // A child comes after its parent: backwards, children are complete before their parents.
        for (index, node) in nodes.iter().enumerate().rev() {
            let own = tree.marks[index].first().map(|(place, _)| *place);
            tree.first[index] = [own, tree.first[index]].into_iter().flatten().min();
            if let Some(parent) = node.parent.map(|p| p.0 as usize).filter(|p| *p < index) {
                tree.children[parent].push(index);
                tree.first[parent] =
                    [tree.first[index], tree.first[parent]].into_iter().flatten().min();
            }
        }
        let words = anchors.words.0 as usize;
        let beside = anchors.widget.map_or(words, |widget| widget.node.0 as usize);
        let place = |index: &usize| {
            if *index == words { (beside, 0) } else { (*index, 1) }
        };
        tree.children.iter_mut().for_each(|children| children.sort_by_key(place));
        tree
    }

    /// Children stay in the order of the nodes; a node's own content goes before the first child
    /// that is painted after it.
    fn kids(&self, index: usize) -> Vec<Kid> {
        let mut kids = Vec::new();
        let mut own = self.marks[index].iter().peekable();
        for &child in &self.children[index] {
            let begins = self.first[child].unwrap_or(0);
            while let Some((_, mark)) = own.next_if(|(place, _)| *place < begins) {
                kids.push(Kid::Mark(*mark));
            }
            kids.push(Kid::Node(child));
        }
        kids.extend(own.map(|(_, mark)| Kid::Mark(*mark)));
        kids
    }
}

/// The entries of an element except its content. PDF 32000-1, table 323.
fn element(out: &mut Vec<u8>, node: &Node, parent: Id, anchors: &Anchors<'_>) {
    // Without a field, in a preview, the panel's words are a paragraph.
    let role = match node.role {
        Role::Form if anchors.widget.is_none() => Role::P,
        role => role,
    };
    out.extend_from_slice(b"<</S/");
    out.extend_from_slice(name(role).as_bytes());
    out.extend_from_slice(b"/P ");
    parent.write(out);
    if let Some(language) = node.language {
        out.extend_from_slice(b"/Lang");
        text_string(out, language);
    }
    if let Some(alternative) = &node.alternative {
        let key: &[u8] = if node.role == Role::Span { b"/ActualText" } else { b"/Alt" };
        out.extend_from_slice(key);
        text_string(out, alternative);
    }
    attributes(out, node);
}

/// PDF 32000-1, 14.8.5.5 and 14.8.5.7.
fn attributes(out: &mut Vec<u8>, node: &Node) {
    if let (Role::L, Some(numbering)) = (node.role, node.list_numbering) {
        put(out, format_args!("/A<</O/List/ListNumbering/{numbering}>>"));
    }
    let scope = match node.role {
        Role::Th(Scope::Row) => "/Scope/Row",
        Role::Th(Scope::Column) => "/Scope/Column",
        _ => "",
    };
    let wide = matches!(node.role, Role::Th(_) | Role::Td) && node.column_span > 1;
    match (scope, wide) {
        ("", false) => {}
        (_, false) => put(out, format_args!("/A<</O/Table{scope}>>")),
        (_, true) => {
            put(out, format_args!("/A<</O/Table{scope}/ColSpan {}>>", node.column_span));
        }
    }
}

/// `/K` and, where all plain content stands on one page, `/Pg`.
fn content(out: &mut Vec<u8>, kids: &[Kid], elements: &[Id], anchors: &Anchors<'_>) {
    let page = kids.iter().find_map(|kid| match kid {
        Kid::Mark(mark) if !mark.in_appearance => Some(mark.page),
        _ => None,
    });
    if let Some(id) = page.and_then(|page| anchors.pages.get(page)) {
        out.extend_from_slice(b"/Pg ");
        id.write(out);
    }
    out.extend_from_slice(b"/K[");
    for kid in kids {
        match kid {
            Kid::Node(index) => {
                elements[*index].write(out);
                out.push(b' ');
            }
            Kid::Mark(mark) => reference(out, mark, page, anchors),
        }
    }
    out.push(b']');
}

/// PDF 32000-1, table 324.
fn reference(out: &mut Vec<u8>, mark: &Mark, page: Option<usize>, anchors: &Anchors<'_>) {
    if !mark.in_appearance && page == Some(mark.page) {
        whole(out, mark.mcid.into());
        out.push(b' ');
        return;
    }
    out.extend_from_slice(b"<</Type/MCR");
    if let Some(id) = anchors.pages.get(mark.page) {
        put(out, format_args!("/Pg {id}"));
    }
    if let (true, Some(widget)) = (mark.in_appearance, anchors.widget) {
        put(out, format_args!("/Stm {}/StmOwn {}", widget.appearance, widget.field));
    }
    put(out, format_args!("/MCID {}>>", mark.mcid));
}

/// PDF 32000-1, 14.7.4.4.
fn parent_tree(out: &mut Vec<u8>, marks: &[Mark], elements: &[Id], anchors: &Anchors<'_>) {
    let owner = |node: NodeId| elements.get(node.0 as usize).copied().unwrap_or(Id(0));
    out.extend_from_slice(b"<</Nums[");
    for key in 0..anchors.pages.len() {
        put(out, format_args!("{key}["));
        for mark in marks.iter().filter(|mark| mark.page == key && !mark.in_appearance) {
            owner(mark.node).write(out);
            out.push(b' ');
        }
        out.push(b']');
    }
    if let Some(widget) = anchors.widget {
        let key = anchors.pages.len();
        put(out, format_args!("{key} {} {}[", owner(widget.node), key + 1));
        let within = marks.iter().filter(|mark| mark.in_appearance);
        // Numbers go on from the page's, so that no reader takes one for the other.
        let skipped = within.clone().map(|mark| mark.mcid).min().unwrap_or(0);
        (0..skipped).for_each(|_| out.extend_from_slice(b"null "));
        for mark in within {
            put(out, format_args!("{} ", owner(mark.node)));
        }
        out.push(b']');
    }
    out.extend_from_slice(b"]>>");
}
