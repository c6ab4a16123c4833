//! The layouts: handlebars files that turn a view into markup. The words of every document live in
//! them.
//!
//! Loading proves what it can: a layout that does not compile, prints unescaped, or uses anything
//! beyond `if`, `unless`, `each`, `with` and plain partials is refused. [`Layouts::check`] proves
//! the rest against sample views: each field that a layout names is there, also inside conditions,
//! which the engine's own strict mode does not reach. Values are escaped once, here.
//!
//! Never here: the grammar of the markup, looks.

mod check;
mod edition;
mod files;

use std::collections::BTreeMap;

use handlebars::template::{Template, TemplateElement};
use handlebars::{Handlebars, TemplateError};
use serde::Serialize;
use serde_json::Value as Json;

use crate::render::document::Document;
use crate::render::error::{RenderError, TemplateFault};
use crate::render::kind::DocumentKind;

pub use edition::Edition;
pub use files::LayoutFiles;

/// All layouts and partials, compiled once.
pub struct Layouts {
    /// As written: what [`Layouts::check`] walks.
    sources: BTreeMap<String, Template>,
    /// Partials put in place, so that no view is copied for one.
    engine: Handlebars<'static>,
    /// Views by folder, which together reach every branch of an edition's layouts.
    samples: BTreeMap<String, Vec<Json>>,
    editions: Vec<Edition>,
}

impl Layouts {
    /// Layouts with their samples and editions, each proved: every field that a layout names is
    /// there, and every sample gives a document.
    ///
    /// # Errors
    /// All faults found: [`RenderError::Template`] and [`RenderError::Markup`].
    pub fn load(files: &LayoutFiles) -> Result<Self, Vec<RenderError>> {
        let mut layouts = Self::of(files.layouts()).map_err(|fault| vec![fault])?;
        layouts.editions = edition::editions(files, &layouts.sources)?;
        for edition in &layouts.editions {
            let file = format!("{}/{SAMPLES}", edition.name);
            let samples = files.text(&file).and_then(|text| serde_json::from_str(text).ok());
            if let Some(samples) = samples {
                layouts.samples.insert(edition.name.clone(), samples);
            }
        }
        layouts.prove()?;
        Ok(layouts)
    }

    /// The editions, by name.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The edition in which a kind of document is drawn today.
    pub fn today(&self, kind: DocumentKind) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.kind == kind && edition.current)
    }

    /// The sample views of an edition.
    pub fn samples(&self, edition: &str) -> &[Json] {
        self.samples.get(edition).map_or(&[], Vec::as_slice)
    }

    /// Layouts from their names and sources. A name is the path below `templates/orders` without
    /// its ending: `full_order/2026-11/en`, `partials/en/warning`.
    ///
    /// # Errors
    /// [`RenderError::Template`]: it does not compile, prints unescaped, uses what no layout may,
    /// or asks for a partial that is not there.
    pub fn of<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, RenderError> {
        let mut sources = BTreeMap::new();
        for (name, source) in files {
            let template = Template::compile_with_name(source, name.to_owned())
                .map_err(|fault| syntax(name, &fault))?;
            sources.insert(name.to_owned(), template);
        }
        for (name, template) in &sources {
            check::allowed(name, template, &sources)?;
        }
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.register_escape_fn(escape);
        for name in sources.keys().filter(|name| !name.starts_with(PARTIALS)) {
            let whole = assemble(name, &sources, 0)?;
            engine.register_template(name, whole);
        }
        for (name, template) in &sources {
            if let Some(partial) = name.strip_prefix(PARTIALS) {
                engine.register_template(partial, template.clone());
            }
        }
        Ok(Self { sources, engine, samples: BTreeMap::new(), editions: Vec::new() })
    }

    /// Names of the layouts, without the partials, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str).filter(|name| !name.starts_with(PARTIALS))
    }

    /// Renders a view to markup.
    ///
    /// # Errors
    /// [`RenderError::Template`]: no such layout, or the view lacks a field.
    pub fn render(&self, name: &str, view: &impl Serialize) -> Result<String, RenderError> {
        if !self.sources.contains_key(name) || name.starts_with(PARTIALS) {
            return Err(fault(name, None, TemplateFault::Unknown(name.to_owned())));
        }
        self.engine.render(name, view).map_err(|error| {
            use handlebars::RenderErrorReason as Reason;
            let kind = match error.reason() {
                Reason::MissingVariable(field) => {
                    TemplateFault::MissingField(field.clone().unwrap_or_default())
                }
                Reason::PartialNotFound(partial) => TemplateFault::UnknownPartial(partial.clone()),
                Reason::HelperNotFound(helper) => TemplateFault::Forbidden(helper.clone()),
                _ => TemplateFault::Failed("the engine stopped".to_owned()),
            };
            fault(name, error.line_no, kind)
        })
    }

    /// Proves a layout against sample views: each field that it names is found, none is missing,
    /// and each sample gives a document.
    ///
    /// # Errors
    /// All faults found: [`RenderError::Template`] and [`RenderError::Markup`].
    pub fn check(&self, name: &str, samples: &[Json]) -> Result<(), Vec<RenderError>> {
        let mut faults = check::fields(name, &self.sources, samples);
        for sample in samples {
            let parsed = self.render(name, sample).and_then(|markup| Document::parse(&markup));
            faults.extend(parsed.err());
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

impl Layouts {
    /// Each layout against its edition's samples; an edition without samples is a fault.
    fn prove(&self) -> Result<(), Vec<RenderError>> {
        let mut faults = Vec::new();
        for name in self.names() {
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            match self.samples.get(folder).filter(|samples| !samples.is_empty()) {
                Some(samples) => {
                    faults.extend(self.check(name, samples).err().into_iter().flatten())
                }
                None => {
                    let file = format!("{folder}/{SAMPLES}");
                    faults.push(fault(name, None, TemplateFault::Unknown(file)));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

impl std::fmt::Debug for Layouts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.names()).finish()
    }
}

/// Escapes a value for text and for attributes, keeps its blanks as they are, and marks a value
/// that is empty: the reader of the markup refuses it, so that nothing is blank on paper.
fn escape(value: &str) -> String {
    if value.is_empty() {
        return crate::render::document::BLANK.to_string();
    }
    let mut escaped = String::with_capacity(value.len() + 8);
    let mut after_blank = true;
    for character in value.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            ' ' if after_blank => escaped.push_str("&#32;"),
            other => escaped.push(other),
        }
        after_blank = character == ' ';
    }
    if escaped.ends_with(' ') {
        escaped.pop();
        escaped.push_str("&#32;");
    }
    escaped
}

/// A template with its plain partials put in place. One that is handed a value of its own stays a
/// call.
fn assemble(
    name: &str,
    sources: &BTreeMap<String, Template>,
    depth: usize,
) -> Result<Template, RenderError> {
    let unknown = || fault(name, None, TemplateFault::UnknownPartial(name.to_owned()));
    let template = sources.get(name).ok_or_else(unknown)?;
    if depth > DEEPEST {
        return Err(fault(name, None, TemplateFault::Forbidden("a partial within itself".into())));
    }
    spliced(template, sources, depth)
}

fn spliced(
    template: &Template,
    sources: &BTreeMap<String, Template>,
    depth: usize,
) -> Result<Template, RenderError> {
    let mut whole = template.clone();
    whole.elements.clear();
    whole.mapping.clear();
    for (element, mapping) in template.elements.iter().zip(&template.mapping) {
        match element {
            TemplateElement::PartialExpression(call) if call.params.is_empty() => {
                let name = check::partial_name(call);
                let inner = assemble(&name, sources, depth + 1)?;
                whole.elements.extend(inner.elements);
                whole.mapping.extend(inner.mapping);
                continue;
            }
            TemplateElement::HelperBlock(block) => {
                let mut block = block.clone();
                for branch in [&mut block.template, &mut block.inverse] {
                    if let Some(held) = branch.take() {
                        *branch = Some(spliced(&held, sources, depth)?);
                    }
                }
                whole.elements.push(TemplateElement::HelperBlock(block));
            }
            other => whole.elements.push(other.clone()),
        }
        whole.mapping.push(mapping.clone());
    }
    Ok(whole)
}

fn syntax(name: &str, error: &TemplateError) -> RenderError {
    let line = error.pos().map(|(line, _)| line);
    fault(name, line, TemplateFault::Syntax(error.reason().to_string()))
}

fn fault(layout: &str, line: Option<usize>, kind: TemplateFault) -> RenderError {
    RenderError::Template { layout: layout.to_owned(), line, kind }
}

/// Where partials live; a layout names one without it.
const PARTIALS: &str = "partials/";
const SAMPLES: &str = "sample.json";
/// Partials within partials.
const DEEPEST: usize = 8;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn one(source: &str) -> Result<Layouts, RenderError> {
        Layouts::of([("k/1/en", source)])
    }

    fn kind(refused: Result<Layouts, RenderError>) -> TemplateFault {
        match refused.expect_err("refused") {
            RenderError::Template { kind, .. } => kind,
            other => unreachable!("{other}"),
        }
    }

    fn page(words: &str) -> String {
        format!("<document lang=\"en\" title=\"T\"><title>T</title><p>{words}</p></document>")
    }

    #[test]
    fn the_layouts_in_the_binary_load() {
        let layouts = Layouts::load(&LayoutFiles::builtin()).expect("they load");
        let names: Vec<_> = layouts.names().collect();
        assert!(names.contains(&"full_order/2026-11/en"), "{names:?}");
        assert!(names.iter().all(|name| !name.starts_with("partials")));
    }

    #[test]
    fn unescaped_output_is_refused() {
        for source in ["{{{a}}}", "{{&a}}", "{{#if a}}{{{a}}}{{/if}}", "{{~{a}~}}"] {
            assert_eq!(kind(one(source)), TemplateFault::Unescaped, "{source}");
        }
    }

    #[test]
    fn helpers_and_decorators_are_refused() {
        for source in [
            "{{lookup a 0}}",
            "{{log a}}",
            "{{#raw}}x{{/raw}}",
            "{{{{raw}}}}x{{{{/raw}}}}",
            "{{#*inline \"x\"}}{{/inline}}",
            "{{#each a as |b|}}{{/each}}",
            "{{#if (eq a b)}}{{/if}}",
            "{{> x b=1}}",
            "{{#> x}}y{{/x}}",
        ] {
            let refused = Layouts::of([("k/1/en", source), ("partials/x", "")]);
            assert!(matches!(kind(refused), TemplateFault::Forbidden(_)), "{source}");
        }
    }

    #[test]
    fn a_partial_that_is_not_there_is_refused_at_load() {
        let unknown = TemplateFault::UnknownPartial("partials/none".into());
        assert_eq!(kind(one("{{#if a}}{{> none}}{{/if}}")), unknown);
    }

    #[test]
    fn a_partial_within_itself_is_refused() {
        let layouts = Layouts::of([("k/1/en", "{{> a}}"), ("partials/a", "{{> a}}")]);
        assert!(matches!(kind(layouts), TemplateFault::Forbidden(_)));
    }

    #[test]
    fn a_field_that_is_missing_inside_a_condition_is_found() {
        let source = page("{{#if a}}{{else}}{{#each list}}{{b.gone}}{{/each}}{{/if}}x");
        let layouts = one(&source).expect("it loads");
        let sample = json!({ "a": true, "list": [{ "b": {} }] });
        let faults = layouts.check("k/1/en", &[sample]).expect_err("refused");
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].to_string().contains("b.gone"), "{}", faults[0]);
    }

    #[test]
    fn a_misspelt_condition_is_found() {
        let layouts = one(&page("x{{#if an_y}}y{{/if}}")).expect("it loads");
        let faults = layouts.check("k/1/en", &[json!({ "any": true })]).expect_err("refused");
        assert!(faults[0].to_string().contains("an_y"), "{}", faults[0]);
    }

    #[test]
    fn a_field_that_no_sample_reaches_is_named() {
        let layouts = one(&page("{{#each list}}{{b}}{{/each}}x")).expect("it loads");
        let faults = layouts.check("k/1/en", &[json!({ "list": [] })]).expect_err("refused");
        assert!(faults[0].to_string().contains("no sample reaches the field b"), "{}", faults[0]);
        let both = [json!({ "list": [] }), json!({ "list": [{ "b": "y" }] })];
        assert_eq!(layouts.check("k/1/en", &both), Ok(()));
    }

    #[test]
    fn parents_and_partials_are_followed() {
        let files = [
            (
                "k/1/en",
                "<document lang=\"en\" title=\"T\"><title>{{> t}}</title>{{> p deep}}</document>",
            ),
            ("partials/t", "{{name}}{{#each list}}{{this}}{{../name}}{{@index}}{{/each}}"),
            ("partials/p", "<p>{{inner}}</p>"),
        ];
        let layouts = Layouts::of(files).expect("they load");
        let view = json!({ "name": "n", "list": ["a", "b"], "deep": { "inner": "i" } });
        assert_eq!(layouts.check("k/1/en", std::slice::from_ref(&view)), Ok(()));
        let markup = layouts.render("k/1/en", &view).expect("rendered");
        assert!(markup.contains("<title>nan0bn1</title><p>i</p>"), "{markup}");
    }

    #[test]
    fn a_list_or_a_yes_is_not_printed() {
        let layouts = one(&page("{{a}}")).expect("it loads");
        for value in [json!(true), json!([1]), json!({})] {
            assert!(layouts.check("k/1/en", &[json!({ "a": value })]).is_err());
        }
    }

    #[test]
    fn an_empty_value_is_refused_by_the_reader() {
        let layouts = one(&page("Name: {{a}}")).expect("it loads");
        for value in [json!(""), json!(null)] {
            let markup = layouts.render("k/1/en", &json!({ "a": value })).expect("rendered");
            assert!(Document::parse(&markup).is_err(), "{markup:?}");
        }
    }

    #[test]
    fn a_view_without_a_field_is_an_error() {
        let layouts = one("{{a.b}}").expect("it loads");
        let refused = layouts.render("k/1/en", &json!({ "a": {} })).expect_err("refused");
        assert!(refused.to_string().contains("a.b"), "{refused}");
    }

    proptest! {
        #[test]
        fn any_text_is_inert_in_markup(text in "[ -~ŵÉ–’\u{300}]{1,80}") {
            let source = "<document lang=\"en\" title=\"{{a}}x\"><title>T</title>\
                          <facts><fact><label>L</label><value>{{a}}</value></fact></facts>\
                          </document>";
            let layouts = one(source).expect("it loads");
            let markup = layouts.render("k/1/en", &json!({ "a": text })).expect("rendered");
            let document = Document::parse(&markup).expect("it is still the same document");
            prop_assert_eq!(document.title, format!("{text}x"));
            let facts = match &document.blocks[1].body {
                crate::render::document::Body::Facts(facts) => facts,
                other => unreachable!("{other:?}"),
            };
            prop_assert_eq!(facts[0].value[0].text(), text);
        }
    }
}
