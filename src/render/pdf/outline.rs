//! Bookmarks: one for each heading that has one, nested by level. PDF 32000-1, 12.3.3.

use super::body::{Body, Id, put, text_string};
use crate::render::pages::{Item, NodeId, Owner, Pages, Role};

/// One bookmark, before it is written.
struct Entry<'a> {
    id: Id,
    title: &'a str,
    level: u8,
    page: usize,
    top: f32,
}

/// Writes the bookmarks; `None` where no heading has one.
pub(super) fn write(body: &mut Body, pages: &Pages, page_ids: &[Id]) -> Option<Id> {
    let mut entries = Vec::new();
    for (index, node) in pages.nodes.iter().enumerate() {
        let (Some(title), Role::Heading(level)) = (&node.bookmark, node.role) else {
            continue;
        };
        let Some((page, top)) = place(pages, index) else {
            continue;
        };
        entries.push(Entry { id: body.reserve(), title, level, page, top });
    }
    if entries.is_empty() {
        return None;
    }
    let root = body.reserve();
    for index in 0..entries.len() {
        entry(body, &entries, index, root, page_ids);
    }
    let top = children(&entries, None);
    body.object(root, |out| {
        put(out, format_args!("<</Type/Outlines/Count {}", entries.len()));
        ends(out, &entries, &top);
        out.extend_from_slice(b">>");
    });
    Some(root)
}

/// Where the first run of a node or of one below it stands.
fn place(pages: &Pages, heading: usize) -> Option<(usize, f32)> {
    let within = |node: NodeId| {
        let mut at = Some(node);
        while let Some(id) = at {
            if id.0 as usize == heading {
                return true;
            }
            at = pages.nodes.get(id.0 as usize).and_then(|node| node.parent);
        }
        false
    };
    pages.pages.iter().enumerate().find_map(|(page, content)| {
        content.items.iter().find_map(|item| match item {
            Item::Run(run) => match run.owner {
                Owner::Content(node) if within(node) => Some((page, run.y + run.size)),
                _ => None,
            },
            Item::Shape(_) => None,
        })
    })
}

fn entry(body: &mut Body, entries: &[Entry<'_>], index: usize, root: Id, page_ids: &[Id]) {
    let own = &entries[index];
    let parent = parent(entries, index);
    let siblings = children(entries, parent);
    let place = siblings.iter().position(|&sibling| sibling == index).unwrap_or(0);
    let below = children(entries, Some(index));
    body.object(own.id, |out| {
        out.extend_from_slice(b"<</Title");
        text_string(out, own.title);
        put(out, format_args!("/Parent {}", parent.map_or(root, |p| entries[p].id)));
        if let Some(previous) = place.checked_sub(1).and_then(|p| siblings.get(p)) {
            put(out, format_args!("/Prev {}", entries[*previous].id));
        }
        if let Some(next) = siblings.get(place + 1) {
            put(out, format_args!("/Next {}", entries[*next].id));
        }
        if !below.is_empty() {
            put(out, format_args!("/Count {}", descendants(entries, index)));
            ends(out, entries, &below);
        }
        if let Some(page) = page_ids.get(own.page) {
            put(out, format_args!("/Dest[{page}/XYZ null {} null]", own.top.ceil()));
        }
        out.extend_from_slice(b">>");
    });
}

fn ends(out: &mut Vec<u8>, entries: &[Entry<'_>], among: &[usize]) {
    if let (Some(&first), Some(&last)) = (among.first(), among.last()) {
        put(out, format_args!("/First {}/Last {}", entries[first].id, entries[last].id));
    }
}

/// The nearest entry before it with a lower level.
fn parent(entries: &[Entry<'_>], index: usize) -> Option<usize> {
    entries[..index].iter().rposition(|entry| entry.level < entries[index].level)
}

fn children(entries: &[Entry<'_>], of: Option<usize>) -> Vec<usize> {
    (0..entries.len()).filter(|&index| parent(entries, index) == of).collect()
}

fn descendants(entries: &[Entry<'_>], index: usize) -> usize {
    let level = entries[index].level;
    entries[index + 1..].iter().take_while(|entry| entry.level > level).count()
}
