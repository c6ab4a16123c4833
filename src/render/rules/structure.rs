//! The structure tree against the content: every mark has its element, every element its content,
//! and headings, lists and tables have the shape that readers expect.

use std::collections::BTreeMap;

use super::Breach;
use crate::render::readback::{Content, Finished, Sheet};
use crate::render::scan::{Dictionary, File, Value};

pub(super) fn check(finished: &Finished<'_>, breaches: &mut Vec<Breach>) {
    let file = &finished.file;
    let mut walk = Walk { file, breaches, claims: BTreeMap::new(), level: 0, widget: None };
    let root = file.catalog().get("StructTreeRoot").reference().unwrap_or(0);
    let tree = file.entry(root).map_or(&Value::Null, |entry| &entry.value).dictionary();
    for kid in tree.get("K").array() {
        walk.element(kid.reference().unwrap_or(0), (root, ""));
    }
    let (mut claims, widget) = (walk.claims, walk.widget);
    let parents = Parents::of(file, tree);
    for (page, sheet) in finished.sheets.iter().enumerate() {
        let number = sheet.number;
        marks(&sheet.page, (page, number), &parents, &mut claims, breaches);
        if let Some((appearance, content)) = &sheet.appearance {
            marks(content, (page, *appearance), &parents, &mut claims, breaches);
        }
        let dictionary = dictionary(file, number);
        if dictionary.get("Tabs").name() != "S" {
            breaches.push(Breach::TabOrder(page));
        }
        for annotation in dictionary.get("Annots").array().iter().filter_map(Value::reference) {
            let key = dictionary_key(file, annotation, "StructParent");
            let element = key.and_then(|key| parents.0.get(&key)).and_then(|v| v.reference());
            if element.is_none() || widget != Some((annotation, element.unwrap_or(0))) {
                breaches.push(Breach::FieldWithoutElement);
            }
        }
    }
    let marked = finished.sheets.iter().flat_map(Sheet::sequences).filter(|s| !s.artifact).count();
    if !parents.is_complete(marked + usize::from(widget.is_some()), tree) {
        breaches.push(Breach::ParentTree);
    }
    let lost = claims.into_values().map(Breach::ElementWithoutContent);
    breaches.extend(lost);
}

/// The walk down the tree in reading order.
struct Walk<'w, 'a> {
    file: &'w File<'a>,
    breaches: &'w mut Vec<Breach>,
    /// By stream and number: the element that holds the marked content.
    claims: BTreeMap<(u32, u32), u32>,
    /// Of the last heading.
    level: u8,
    /// The annotation and the element that holds it.
    widget: Option<(u32, u32)>,
}

impl Walk<'_, '_> {
    fn element(&mut self, number: u32, (parent, parent_type): (u32, &str)) {
        let element = dictionary(self.file, number);
        let kind = element.get("S").name();
        if element.get("P").reference() != Some(parent) {
            // Nor is it followed: a tree that leads back to itself has no end.
            self.breaches.push(Breach::Parentage(number));
            return;
        }
        if !KNOWN.contains(&kind) {
            self.breaches.push(Breach::UnknownType(number));
        }
        self.heading(number, kind);
        self.shape(number, kind, parent_type);
        let page = element.get("Pg").reference().unwrap_or(0);
        for kid in element.get("K").array() {
            self.kid(kid, number, kind, page);
        }
        if let Value::Dictionary(kid) = element.get("K") {
            self.object(kid, number, page);
        }
    }

    fn kid(&mut self, kid: &Value<'_>, number: u32, kind: &str, page: u32) {
        match kid {
            Value::Reference(child) => self.element(*child, (number, kind)),
            Value::Number(_) => self.claim((page, kid), number),
            Value::Dictionary(kid) => self.object(kid, number, page),
            _ => {}
        }
    }

    /// A reference to marked content elsewhere, or to an annotation.
    fn object(&mut self, kid: &Dictionary<'_>, number: u32, page: u32) {
        match (kid.get("Type").name(), kid.get("Obj").reference()) {
            ("OBJR", Some(annotation)) => self.widget = Some((annotation, number)),
            _ => {
                let stream = kid.get("Stm").reference().or_else(|| kid.get("Pg").reference());
                self.claim((stream.unwrap_or(page), kid.get("MCID")), number);
            }
        }
    }

    fn claim(&mut self, (stream, mcid): (u32, &Value<'_>), element: u32) {
        let mcid = mcid.index().and_then(|mcid| u32::try_from(mcid).ok()).unwrap_or(u32::MAX);
        if self.claims.insert((stream, mcid), element).is_some() {
            self.breaches.push(Breach::ElementWithoutContent(element));
        }
    }

    fn heading(&mut self, element: u32, kind: &str) {
        let Some(level) = kind.strip_prefix('H').and_then(|level| level.parse().ok()) else {
            return;
        };
        if level > self.level + 1 {
            self.breaches.push(Breach::SkippedHeading(element));
        }
        self.level = level;
    }

    fn shape(&mut self, number: u32, kind: &str, parent: &str) {
        let element = dictionary(self.file, number);
        let attributes = element.get("A").dictionary();
        let kids = || element.get("K").array().iter().filter_map(Value::reference);
        let only = |kinds: &[&str]| {
            let kind = |kid| dictionary(self.file, kid).get("S").name();
            let all = element.get("K").array().len() == kids().count();
            all && kids().next().is_some() && kids().all(|kid| kinds.contains(&kind(kid)))
        };
        let held = match kind {
            "L" => only(&["LI", "L"]),
            "LI" => parent == "L" && only(&["Lbl", "LBody"]),
            "LBody" => parent == "LI",
            "Table" => only(&["TR"]) && self.is_rectangular(kids().collect()),
            "TR" => parent == "Table" && only(&["TH", "TD"]),
            "TH" | "TD" => parent == "TR",
            _ => true,
        };
        let in_table = matches!(kind, "Table" | "TR" | "TH" | "TD");
        match (held, in_table) {
            (true, _) => {}
            (false, true) => self.breaches.push(Breach::TableShape(number)),
            (false, false) => self.breaches.push(Breach::ListShape(number)),
        }
        if kind == "L" && attributes.get("ListNumbering").name().is_empty() {
            self.breaches.push(Breach::ListNumbering(number));
        }
        if kind == "TH" && !matches!(attributes.get("Scope").name(), "Row" | "Column" | "Both") {
            self.breaches.push(Breach::HeaderScope(number));
        }
    }

    fn is_rectangular(&self, rows: Vec<u32>) -> bool {
        let width = |row: &u32| -> usize {
            let cells = dictionary(self.file, *row).get("K").array().iter();
            let span = |cell| {
                let attributes = dictionary(self.file, cell).get("A").dictionary();
                attributes.get("ColSpan").index().unwrap_or(1)
            };
            cells.filter_map(Value::reference).map(span).sum()
        };
        let first = rows.first().map(width);
        rows.iter().all(|row| Some(width(row)) == first)
    }
}

/// The parent tree by its keys. PDF 32000-1, 14.7.4.4.
struct Parents<'f, 'a>(BTreeMap<usize, &'f Value<'a>>, &'f File<'a>);

impl<'f, 'a> Parents<'f, 'a> {
    fn of(file: &'f File<'a>, tree: &'f Dictionary<'a>) -> Self {
        let pairs = file.follow(tree, "ParentTree").dictionary().get("Nums").array();
        let pairs = pairs.chunks_exact(2);
        Self(pairs.filter_map(|pair| Some((pair[0].index()?, &pair[1]))).collect(), file)
    }

    /// Whether it leads back from so many marks and no more, and its next key is free.
    fn is_complete(&self, marks: usize, tree: &Dictionary<'_>) -> bool {
        let led = |value: &&Value<'_>| match value {
            Value::Array(items) => items.iter().filter_map(Value::reference).count(),
            value => usize::from(value.reference().is_some()),
        };
        let next = tree.get("ParentTreeNextKey").index();
        let last = self.0.last_key_value().map_or(0, |(key, _)| key + 1);
        self.0.values().map(led).sum::<usize>() == marks && next == Some(last)
    }

    /// The element of marked content in a page or appearance.
    fn element(&self, stream: u32, mcid: u32) -> Option<u32> {
        let key = dictionary_key(self.1, stream, "StructParents")?;
        self.0.get(&key)?.array().get(mcid as usize)?.reference()
    }
}

/// Each sequence of a stream: furniture, or content of the element that claims it.
fn marks(
    content: &Content,
    (page, stream): (usize, u32),
    parents: &Parents<'_, '_>,
    claims: &mut BTreeMap<(u32, u32), u32>,
    breaches: &mut Vec<Breach>,
) {
    for sequence in content.sequences.iter().filter(|sequence| !sequence.artifact) {
        let Some(mcid) = sequence.mcid else {
            breaches.push(Breach::UnmarkedContent(page));
            continue;
        };
        let claimed = claims.remove(&(stream, mcid));
        if claimed.is_none() || claimed != parents.element(stream, mcid) {
            breaches.push(Breach::ContentWithoutElement(page, mcid));
        }
    }
}

fn dictionary<'f, 'a>(file: &'f File<'a>, number: u32) -> &'f Dictionary<'a> {
    file.entry(number).map_or(&Value::Null, |entry| &entry.value).dictionary()
}

fn dictionary_key(file: &File<'_>, number: u32, key: &str) -> Option<usize> {
    dictionary(file, number).get(key).index()
}

/// The standard types that we use. PDF 32000-1, 14.8.4.
const KNOWN: [&str; 20] = [
    "Document", "Sect", "H1", "H2", "H3", "H4", "H5", "H6", "P", "L", "LI", "Lbl", "LBody",
    "Table", "TR", "TH", "TD", "Span", "Form", "Note",
];
