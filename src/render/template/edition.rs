//! Editions: the folders of layouts, each with the digest of every word that it can print.
//!
//! An edition is frozen once a document was issued under it: the register keeps its digest, and a
//! program whose layouts give another digest under the same name is refused. A change of words is
//! a new folder, and the newest folder of a kind is the one that is drawn today.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::template::{Template, TemplateElement};

use super::files::LayoutFiles;
use super::{PARTIALS, check, fault};
use crate::digest::{hex, sha256};
use crate::domain::clause::Library;
use crate::domain::words::Words;
use crate::render::error::{RenderError, TemplateFault};
use crate::render::kind::DocumentKind;

/// A folder of layouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// `<kind>/<yyyy-mm>`.
    pub name: String,
    pub kind: DocumentKind,
    /// Of its layouts with the partials that they reach, of the words of dates and numbers and of
    /// the clause library: of every word that a document takes from us.
    pub sha256: [u8; 32],
    /// Whether it is drawn today: the newest of its kind.
    pub current: bool,
}

impl Edition {
    /// [`Edition::sha256`] in hexadecimal.
    pub fn digest(&self) -> String {
        hex(&self.sha256)
    }
}

/// The editions among the files, by name; all faults at once.
///
/// # Errors
/// [`RenderError::Template`]: a folder of no known kind or month, one that lacks a language, a kind
/// without any edition.
pub(super) fn editions(
    files: &LayoutFiles,
    sources: &BTreeMap<String, Template>,
) -> Result<Vec<Edition>, Vec<RenderError>> {
    let (mut found, mut faults) = (Vec::<Edition>::new(), Vec::new());
    for name in folders(files) {
        match edition(&name, files, sources) {
            Ok(edition) => found.push(edition),
            Err(fault) => faults.push(fault),
        }
    }
    for kind in DocumentKind::ALL {
        let of_kind = found.iter_mut().filter(|edition| edition.kind == kind);
        match of_kind.max_by(|one, other| one.name.cmp(&other.name)) {
            Some(newest) => newest.current = true,
            None => faults.push(fault(kind.name(), None, TemplateFault::NoEdition)),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn folders(files: &LayoutFiles) -> BTreeSet<String> {
    let layouts = files.layouts().map(|(name, _)| name);
    let own = layouts.filter(|name| !name.starts_with(PARTIALS));
    own.map(|name| name.rsplit_once('/').map_or(name, |(folder, _)| folder).to_owned()).collect()
}

fn edition(
    name: &str,
    files: &LayoutFiles,
    sources: &BTreeMap<String, Template>,
) -> Result<Edition, RenderError> {
    let named = name.split_once('/').filter(|(_, month)| is_month(month));
    let kind = named.and_then(|(kind, _)| DocumentKind::named(kind));
    let kind = kind.ok_or_else(|| fault(name, None, TemplateFault::NotAnEdition))?;
    for language in LANGUAGES {
        let layout = format!("{name}/{language}");
        if !sources.contains_key(&layout) {
            return Err(fault(&layout, None, TemplateFault::Unknown(layout.clone())));
        }
    }
    let sha256 = digest(name, files, sources);
    Ok(Edition { name: name.to_owned(), kind, sha256, current: false })
}

/// `2026-11`.
fn is_month(text: &str) -> bool {
    let (year, month) = text.split_once('-').unwrap_or_default();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    year.len() == 4 && digits(year) && month.len() == 2 && ("01"..="12").contains(&month)
}

fn digest(name: &str, files: &LayoutFiles, sources: &BTreeMap<String, Template>) -> [u8; 32] {
    let mut reached = BTreeSet::new();
    for language in LANGUAGES {
        reach(&format!("{name}/{language}"), sources, &mut reached);
    }
    let texts: BTreeMap<&str, &str> = files.layouts().collect();
    let mut hashed = String::new();
    let layouts = reached.iter().map(|name| (name.as_str(), texts.get(name.as_str())));
    for (name, text) in layouts {
        add(&mut hashed, name, text.copied().unwrap_or_default());
    }
    let [english, welsh] = Words::contents();
    add(&mut hashed, "words/en", &english);
    add(&mut hashed, "words/cy", &welsh);
    add(&mut hashed, "clauses", &Library::builtin_contents());
    sha256(hashed.as_bytes())
}

/// A name and a text that no other name and text can be taken for.
fn add(hashed: &mut String, name: &str, text: &str) {
    hashed.push_str(&format!("{name}\0{}\0{text}\0", text.len()));
}

/// A layout with every partial that it can come to.
fn reach(name: &str, sources: &BTreeMap<String, Template>, reached: &mut BTreeSet<String>) {
    if let Some(template) = sources.get(name)
        && reached.insert(name.to_owned())
    {
        partials(template, &mut |partial| reach(&partial, sources, reached));
    }
}

fn partials(template: &Template, found: &mut dyn FnMut(String)) {
    for element in &template.elements {
        match element {
            TemplateElement::PartialExpression(call) => found(check::partial_name(call)),
            TemplateElement::HelperBlock(block) => {
                let branches = [&block.template, &block.inverse];
                branches.into_iter().flatten().for_each(|inner| partials(inner, found));
            }
            _ => {}
        }
    }
}

/// Every edition speaks all of them.
const LANGUAGES: [&str; 3] = ["en", "cy", "bilingual"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::template::Layouts;

    fn files(change: impl Fn(&mut BTreeMap<String, String>)) -> LayoutFiles {
        let page = |words: &str| {
            format!("<document lang=\"en\" title=\"T\"><title>T</title>{words}</document>")
        };
        let mut files = BTreeMap::new();
        for kind in DocumentKind::ALL {
            for language in LANGUAGES {
                let layout = format!("{}/2026-11/{language}.hbs", kind.name());
                files.insert(layout, page("{{#if a}}{{> one}}{{/if}}"));
            }
            files.insert(format!("{}/2026-11/sample.json", kind.name()), "[{\"a\":1}]".into());
        }
        files.insert("partials/one.hbs".into(), "<p>{{> two}}</p>".into());
        files.insert("partials/two.hbs".into(), "two".into());
        files.insert("partials/alone.hbs".into(), "alone".into());
        change(&mut files);
        LayoutFiles::new(files)
    }

    fn digests(change: impl Fn(&mut BTreeMap<String, String>)) -> Vec<[u8; 32]> {
        let layouts = Layouts::load(&files(change)).expect("they load");
        layouts.editions().iter().map(|edition| edition.sha256).collect()
    }

    #[test]
    fn each_word_that_an_edition_can_print_changes_its_digest_and_no_other() {
        let plain = digests(|_| ());
        let set = |name: &'static str| {
            digests(move |files| {
                files.insert(name.to_owned(), "other".to_owned());
            })
        };
        let partial = set("partials/two.hbs");
        assert!(plain.iter().zip(&partial).all(|(one, other)| one != other));
        assert_eq!(set("partials/alone.hbs"), plain);
        let layout = digests(|files| {
            files.entry("full_order/2026-11/cy.hbs".into()).or_default().push(' ');
        });
        assert_eq!(plain.iter().zip(&layout).filter(|(one, other)| one != other).count(), 1);
    }

    #[test]
    fn the_newest_folder_of_a_kind_is_drawn_today() {
        let layouts = Layouts::load(&files(|files| {
            for language in LANGUAGES {
                let text = files[&format!("full_order/2026-11/{language}.hbs")].clone();
                files.insert(format!("full_order/2027-02/{language}.hbs"), text);
            }
            files.insert("full_order/2027-02/sample.json".into(), "[{\"a\":1}]".into());
        }));
        let layouts = layouts.expect("they load");
        let newest = layouts.today(DocumentKind::FullOrder).expect("an edition");
        assert_eq!(newest.name, "full_order/2027-02");
        assert_eq!(layouts.editions().iter().filter(|edition| edition.current).count(), 7);
    }

    #[test]
    fn a_folder_of_no_kind_or_month_and_one_that_lacks_a_language_are_refused() {
        for (name, text) in [
            ("other_order/2026-11/en.hbs", "x"),
            ("full_order/2026-13/en.hbs", "x"),
            ("full_order/soon/en.hbs", "x"),
            ("full_order/2027-01/en.hbs", "x"),
        ] {
            let refused = Layouts::load(&files(|files| {
                files.insert(name.to_owned(), text.to_owned());
            }));
            assert!(refused.is_err(), "{name}");
        }
    }

    #[test]
    fn a_kind_without_an_edition_is_refused() {
        let refused = Layouts::load(&files(|files| {
            files.retain(|name, _| !name.starts_with("police_sheet/"));
        }));
        let faults = refused.expect_err("refused");
        assert!(
            faults.iter().any(|fault| fault.to_string().contains("police_sheet")),
            "{faults:?}"
        );
    }
}
