//! Who names whom: every reference of every object of every revision, by its target.

use super::super::pdf::File;
use super::super::pdf::value::Value;

/// One object that names another, under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mention {
    target: u32,
    /// 0 is the trailer.
    parent: u32,
    key: Key,
    /// The first revision in which it does.
    since: u32,
}

/// The keys that say what their value is, as far as a change is named by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Annotations,
    Appearance,
    Content,
    Font,
    Form,
    Information,
    Names,
    Other,
    Pages,
    Structure,
}

impl Key {
    fn of(key: &[u8]) -> Self {
        match key {
            b"Annots" => Self::Annotations,
            b"AP" | b"N" | b"D" | b"MK" => Self::Appearance,
            b"Contents" | b"Resources" | b"XObject" | b"ExtGState" | b"ColorSpace" | b"Pattern"
            | b"Shading" | b"Properties" | b"SMask" => Self::Content,
            b"Font" | b"DescendantFonts" | b"FontDescriptor" | b"FontFile" | b"FontFile2"
            | b"FontFile3" | b"ToUnicode" | b"Encoding" | b"CIDToGIDMap" | b"W" | b"Widths" => {
                Self::Font
            }
            b"AcroForm" | b"Fields" | b"DR" | b"CO" => Self::Form,
            b"Info" => Self::Information,
            b"Names" | b"Dests" | b"EmbeddedFiles" | b"AF" | b"EF" | b"F" | b"UF" => Self::Names,
            b"Pages" | b"Kids" => Self::Pages,
            b"StructTreeRoot" | b"K" | b"ParentTree" | b"Outlines" | b"PageLabels" => {
                Self::Structure
            }
            _ => Self::Other,
        }
    }
}

#[derive(Debug)]
pub(super) struct Usage(Vec<Mention>);

impl Usage {
    /// One pass over all values.
    pub fn of(file: &File<'_>) -> Self {
        let mut mentions = Vec::new();
        for object in file.objects() {
            let own = file.revision_of(object);
            // A cross-reference stream's dictionary is the trailer, which comes below.
            if file.revisions().get(own).is_some_and(|own| own.section == Some(object.id)) {
                continue;
            }
            mention(&object.value, object.id.number, short(own), &mut mentions);
        }
        for (since, revision) in file.revisions().iter().enumerate() {
            for (key, value) in revision.trailer.entries() {
                let (key, since) = (Key::of(key), short(since));
                references(value, &mut |_, target| {
                    mentions.push(Mention { target, parent: 0, key, since });
                });
            }
        }
        mentions.sort_unstable();
        mentions.dedup_by_key(|mention| (mention.target, mention.parent, mention.key));
        Self(mentions)
    }

    fn before(&self, target: u32, revision: usize) -> impl Iterator<Item = &Mention> {
        let start = self.0.partition_point(|mention| mention.target < target);
        let all = self.0.get(start..).unwrap_or_default();
        all.iter()
            .take_while(move |mention| mention.target == target)
            .filter(move |mention| mention.since as usize <= revision)
    }

    /// Whether anything named the number up to this revision.
    pub fn is_named(&self, target: u32, revision: usize) -> bool {
        self.before(target, revision).next().is_some()
    }

    /// Whether the parent named the number up to this revision.
    pub fn is_named_by(&self, target: u32, parent: u32, revision: usize) -> bool {
        let start =
            self.0.partition_point(|mention| (mention.target, mention.parent) < (target, parent));
        let all = self.0.get(start..).unwrap_or_default().iter();
        all.take_while(|mention| (mention.target, mention.parent) == (target, parent))
            .any(|mention| mention.since as usize <= revision)
    }

    /// Whether nothing but this object named the number up to this revision.
    pub fn only_by(&self, target: u32, parent: u32, revision: usize) -> bool {
        self.before(target, revision).all(|mention| mention.parent == parent)
    }

    /// The one object that named the number as annotations of a page; `None` where any other did.
    pub fn only_page(&self, target: u32, revision: usize) -> Option<u32> {
        let mut mentions = self.before(target, revision);
        let first = mentions.next().filter(|mention| mention.key == Key::Annotations)?;
        mentions.next().is_none().then_some(first.parent)
    }

    /// Under which keys the number was named.
    pub fn keys(&self, target: u32, revision: usize) -> impl Iterator<Item = Key> {
        self.before(target, revision).take(MOST).map(|mention| mention.key)
    }
}

/// Revisions are few.
fn short(revision: usize) -> u32 {
    u32::try_from(revision).unwrap_or(u32::MAX)
}

fn mention(value: &Value, parent: u32, since: u32, mentions: &mut Vec<Mention>) {
    references(value, &mut |key, target| {
        mentions.push(Mention { target, parent, key, since });
    });
}

/// Each reference inside a value with the key above it.
pub(super) fn references(value: &Value, found: &mut impl FnMut(Key, u32)) {
    value.each(&mut |key, value| {
        if let Some(id) = value.reference() {
            found(Key::of(key), id.number);
        }
    });
}

/// Mentions of one number that a change is named by.
const MOST: usize = 1000;
