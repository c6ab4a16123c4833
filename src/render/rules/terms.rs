//! The terms that a finished file says against the terms that the court pronounced: each once, in
//! order, under its number, word for word in each language, and one list a run of them however many
//! pages it crosses.

use super::Breach;
use crate::domain::order::{Language, Order};
use crate::domain::term::TermNumber;
use crate::render::tree::Tree;

/// A term as it must be read in a finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pronounced {
    pub number: TermNumber,
    /// BCP 47, with the words; none where the document tells the term in words of its own.
    pub words: Vec<(&'static str, Option<String>)>,
}

impl Pronounced {
    /// The terms of an order that a document in this language repeats.
    pub(in crate::render) fn of(order: &Order, language: Language) -> Vec<Self> {
        let terms = order.terms.iter().map(|term| {
            let welsh = term.welsh.as_ref().map_or(&term.text, |welsh| &welsh.text);
            let english = ("en-GB", Some(term.text.to_string()));
            let welsh = ("cy-GB", Some(welsh.to_string()));
            let words = match language {
                Language::En => vec![english],
                Language::Cy => vec![welsh],
                Language::Bilingual => vec![english, welsh],
            };
            Self { number: term.number, words }
        });
        terms.collect()
    }

    /// The same, told in other words.
    pub(in crate::render) fn told(order: &Order, language: Language) -> Vec<Self> {
        let mut terms = Self::of(order, language);
        terms.iter_mut().flat_map(|term| &mut term.words).for_each(|(_, words)| *words = None);
        terms
    }
}

/// A numbered item as it is read: in a list, or in a row of a table.
struct Found<'f> {
    number: TermNumber,
    /// The list or table that holds it.
    run: usize,
    /// Paragraphs with the language that holds for each.
    paragraphs: Vec<(&'f str, String)>,
}

pub(super) fn check(
    tree: &Tree<'_>,
    language: &str,
    pronounced: &[Pronounced],
    breaches: &mut Vec<Breach>,
) {
    if pronounced.is_empty() {
        return;
    }
    // Terms are items of a list, or rows of a table where both languages stand side by side. Where
    // they are items, a row that names one only speaks of it.
    let mut found = found(tree, "LI", language);
    if found.is_empty() {
        found = self::found(tree, "TR", language);
    }
    let mut languages: Vec<_> = pronounced.iter().flat_map(|t| &t.words).map(|w| w.0).collect();
    languages.sort_unstable();
    languages.dedup();
    let known = |item: &Found<'_>| item.paragraphs.iter().any(|(l, _)| languages.contains(l));
    if !found.iter().all(known) {
        breaches.push(Breach::TermsDiffer);
    }
    for language in languages {
        if !are_said(&found, language, pronounced) {
            breaches.push(Breach::TermsDiffer);
        }
    }
}

/// Whether the items of one language are the terms.
fn are_said(found: &[Found<'_>], language: &str, pronounced: &[Pronounced]) -> bool {
    let items = found.iter().filter_map(|item| {
        let first = item.paragraphs.iter().find(|(own, _)| *own == language)?;
        Some((item.number, item.run, folded(&first.1)))
    });
    let items: Vec<_> = items.collect();
    let terms = pronounced.iter().filter_map(|term| {
        let words = term.words.iter().find(|(own, _)| *own == language)?;
        Some((term.number, words.1.as_deref().map(folded)))
    });
    let terms: Vec<_> = terms.collect();
    let same = items.len() == terms.len()
        && items.iter().zip(&terms).all(|((number, _, said), (expected, words))| {
            number == expected && words.as_ref().is_none_or(|words| words == said)
        });
    let verbatim = terms.iter().all(|(_, words)| words.is_some());
    let one_run = items.windows(2).all(|pair| {
        let of_a_kind = pair[0].0.kind == pair[1].0.kind;
        (pair[0].1 == pair[1].1) == of_a_kind
    });
    same && (one_run || !verbatim)
}

fn found<'f>(tree: &'f Tree<'_>, kind: &str, language: &'f str) -> Vec<Found<'f>> {
    let mut found = Vec::new();
    for (place, element) in tree.elements.iter().enumerate() {
        if element.facts.kind != kind {
            continue;
        }
        let Some(label) = tree.children(place).next() else { continue };
        let Ok(number) = tree.said(label).trim().parse() else { continue };
        let mut paragraphs = Vec::new();
        for body in tree.children(place).skip(1) {
            gather(tree, body, language, &mut paragraphs);
        }
        found.push(Found { number, run: element.parent.unwrap_or(0), paragraphs });
    }
    found
}

/// The paragraphs of an item: elements that hold words themselves.
fn gather<'f>(
    tree: &'f Tree<'_>,
    place: usize,
    language: &'f str,
    paragraphs: &mut Vec<(&'f str, String)>,
) {
    if !tree.own(place).is_empty() {
        paragraphs.push((tree.language(place).unwrap_or(language), tree.said(place)));
        return;
    }
    for below in tree.children(place) {
        gather(tree, below, language, paragraphs);
    }
}

/// A line's end is a blank, and two are one.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
