//! What layouts may use, and the proof that each field they name is there.
//!
//! The walk follows a layout over a sample view, through both branches of each condition and each
//! element of each list. A field counts as found where some sample reaches it; a key that an object
//! lacks is a fault at once.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::Path;
use handlebars::template::{
    DecoratorTemplate, HelperTemplate, Parameter, Template, TemplateElement,
};
use serde_json::Value as Json;

use super::{DEEPEST, PARTIALS, fault};
use crate::render::error::{RenderError, TemplateFault};

type Sources = BTreeMap<String, Template>;

/// Refuses what no layout may use.
pub(super) fn allowed(
    name: &str,
    template: &Template,
    sources: &Sources,
) -> Result<(), RenderError> {
    for (element, (line, _)) in template.elements.iter().zip(places(template)) {
        let refuse = |kind| Err(fault(name, Some(line), kind));
        let forbidden = |what: &str| refuse(TemplateFault::Forbidden(what.to_owned()));
        match element {
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
            TemplateElement::HtmlExpression(_) => return refuse(TemplateFault::Unescaped),
            TemplateElement::Expression(value) if !value.params.is_empty() => {
                return forbidden(value.name.as_name().unwrap_or("a helper"));
            }
            TemplateElement::Expression(value) if !value.hash.is_empty() => {
                return forbidden("a helper");
            }
            TemplateElement::Expression(value) if !is_field(&value.name) => {
                return forbidden("an expression");
            }
            TemplateElement::Expression(_) => {}
            TemplateElement::HelperBlock(block) => {
                if let Some(what) = unfit(block) {
                    return forbidden(what);
                }
                for branch in [&block.template, &block.inverse].into_iter().flatten() {
                    allowed(name, branch, sources)?;
                }
            }
            TemplateElement::PartialExpression(call) => {
                let partial = partial_name(call);
                if !sources.contains_key(&partial) {
                    return refuse(TemplateFault::UnknownPartial(partial));
                }
                if !call.hash.is_empty() || call.params.len() > 1 {
                    return forbidden("a partial with named values");
                }
            }
            _ => return forbidden("a decorator or a partial's block"),
        }
    }
    Ok(())
}

/// What is wrong with a block, if anything.
fn unfit(block: &HelperTemplate) -> Option<&str> {
    let name = block.name.as_name().unwrap_or("a block");
    if !BLOCKS.contains(&name) {
        return Some(name);
    }
    if block.block_param.is_some() || !block.hash.is_empty() {
        return Some("a block with named values");
    }
    match block.params.as_slice() {
        [asked] if is_field(asked) => None,
        _ => Some("a condition other than one field"),
    }
}

const fn is_field(parameter: &Parameter) -> bool {
    matches!(parameter, Parameter::Name(_) | Parameter::Path(_))
}

/// The partial's name among the sources.
pub(super) fn partial_name(call: &DecoratorTemplate) -> String {
    format!("{PARTIALS}{}", call.name.as_name().unwrap_or_default())
}

/// Walks a layout over all samples; gives the fields that are missing, unreached or no words.
pub(super) fn fields(name: &str, sources: &Sources, samples: &[Json]) -> Vec<RenderError> {
    let mut walk = Walk { sources, found: BTreeMap::new(), faults: BTreeSet::new() };
    for sample in samples {
        walk.layout(name, &mut vec![Some(sample)], 0);
    }
    let unreached = walk.found.into_iter().filter(|(_, found)| !found);
    let unreached = unreached.map(|(site, _)| (site.clone(), TemplateFault::Unreached(site.field)));
    let mut faults: Vec<_> =
        walk.faults.into_iter().map(|(site, kind)| (site, kind.kind())).collect();
    faults.extend(unreached);
    faults.into_iter().map(|(site, kind)| fault(&site.layout, Some(site.line), kind)).collect()
}

/// A place where a layout names a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Site {
    layout: String,
    line: usize,
    column: usize,
    field: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Missing(String),
    NotPrintable(String),
    NotList(String),
}

impl Fault {
    fn kind(self) -> TemplateFault {
        match self {
            Self::Missing(field) => TemplateFault::MissingField(field),
            Self::NotPrintable(field) => TemplateFault::NotPrintable(field),
            Self::NotList(field) => {
                TemplateFault::Forbidden(format!("each over {field}, no list,"))
            }
        }
    }
}

/// The values that `this` and `..` stand for, innermost last; none where no sample says.
type Scopes<'s> = Vec<Option<&'s Json>>;

struct Walk<'a> {
    sources: &'a Sources,
    found: BTreeMap<Site, bool>,
    faults: BTreeSet<(Site, Fault)>,
}

impl<'a> Walk<'a> {
    fn layout<'s>(&mut self, name: &str, scopes: &mut Scopes<'s>, depth: usize) {
        if let Some(template) = self.sources.get(name).filter(|_| depth <= DEEPEST) {
            self.template(name, template, scopes, depth);
        }
    }

    fn template<'s>(
        &mut self,
        name: &str,
        template: &'a Template,
        scopes: &mut Scopes<'s>,
        depth: usize,
    ) {
        for (element, (line, column)) in template.elements.iter().zip(places(template)) {
            let (layout, field) = (name.to_owned(), String::new());
            let site = Site { layout, line, column, field };
            match element {
                TemplateElement::Expression(value) => {
                    let held = self.find(&site, &value.name, scopes);
                    if let Some(Json::Array(_) | Json::Object(_) | Json::Bool(_)) = held {
                        let field = raw(&value.name);
                        self.faults.insert((site, Fault::NotPrintable(field)));
                    }
                }
                TemplateElement::HelperBlock(block) => self.block(site, block, scopes, depth),
                TemplateElement::PartialExpression(call) => {
                    let handed = call.params.first();
                    let inner = handed.map(|handed| self.find(&site, handed, scopes));
                    let pushed = inner.is_some();
                    scopes.extend(inner);
                    self.layout(&partial_name(call), scopes, depth + 1);
                    scopes.truncate(scopes.len() - usize::from(pushed));
                }
                _ => {}
            }
        }
    }

    fn block<'s>(
        &mut self,
        site: Site,
        block: &'a HelperTemplate,
        scopes: &mut Scopes<'s>,
        depth: usize,
    ) {
        let Some(asked) = block.params.first() else {
            return;
        };
        let held = self.find(&site, asked, scopes);
        let layout = site.layout.clone();
        if let Some(inner) = &block.template {
            match block.name.as_name() {
                Some("each") => {
                    for element in elements(held) {
                        scopes.push(element);
                        self.template(&layout, inner, scopes, depth);
                        scopes.pop();
                    }
                }
                Some("with") => {
                    scopes.push(held.filter(|held| !held.is_null()));
                    self.template(&layout, inner, scopes, depth);
                    scopes.pop();
                }
                _ => self.template(&layout, inner, scopes, depth),
            }
        }
        if let Some(inverse) = &block.inverse {
            self.template(&layout, inverse, scopes, depth);
        }
        let list = matches!(held, None | Some(Json::Array(_) | Json::Null));
        if block.name.as_name() == Some("each") && !list {
            self.faults.insert((site, Fault::NotList(raw(asked))));
        }
    }

    /// The value at a path, where the sample reaches it; notes whether it was found.
    fn find<'s>(&mut self, site: &Site, path: &Parameter, scopes: &Scopes<'s>) -> Option<&'s Json> {
        let field = raw(path);
        if field.starts_with('@') && LOCALS.contains(&field.as_str()) {
            return None;
        }
        let site = Site { field: field.clone(), ..site.clone() };
        let found = self.found.entry(site.clone()).or_default();
        match resolve(&field, scopes) {
            Reached::Value(value) => {
                *found = true;
                Some(value)
            }
            Reached::Missing => {
                *found = true;
                self.faults.insert((site, Fault::Missing(field)));
                None
            }
            Reached::Unknown => None,
        }
    }
}

enum Reached<'s> {
    Value(&'s Json),
    /// An object lacks the key, or the path leads nowhere.
    Missing,
    /// The sample ends before.
    Unknown,
}

fn resolve<'s>(field: &str, scopes: &Scopes<'s>) -> Reached<'s> {
    let (mut rest, mut up) = (field, 0);
    while let Some(inner) = rest.strip_prefix("../") {
        (rest, up) = (inner, up + 1);
    }
    if let Some(inner) = rest.strip_prefix("@root.") {
        (rest, up) = (inner, scopes.len().saturating_sub(1));
    }
    let Some(place) = scopes.len().checked_sub(up + 1) else {
        return Reached::Missing;
    };
    let Some(mut value) = scopes.get(place).copied().flatten() else {
        return Reached::Unknown;
    };
    let rest = rest.strip_prefix("this.").or_else(|| rest.strip_prefix("./")).unwrap_or(rest);
    for key in rest.split(['.', '/']).filter(|key| !matches!(*key, "this" | "")) {
        match value {
            Json::Object(fields) => match fields.get(key) {
                Some(inner) => value = inner,
                None => return Reached::Missing,
            },
            Json::Null => return Reached::Unknown,
            _ => return Reached::Missing,
        }
    }
    Reached::Value(value)
}

/// The elements of a list, or one that nothing is known of.
fn elements(list: Option<&Json>) -> Vec<Option<&Json>> {
    match list {
        Some(Json::Array(list)) if !list.is_empty() => list.iter().map(Some).collect(),
        _ => vec![None],
    }
}

fn raw(path: &Parameter) -> String {
    match path {
        Parameter::Name(name) => name.clone(),
        Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => raw.clone(),
        _ => String::new(),
    }
}

/// Line and column of each element; the beginning where the parser noted none.
fn places(template: &Template) -> impl Iterator<Item = (usize, usize)> {
    let noted = template.mapping.iter().map(|place| (place.0, place.1));
    noted.chain(std::iter::repeat((1, 1)))
}

const BLOCKS: [&str; 4] = ["if", "unless", "each", "with"];
const LOCALS: [&str; 4] = ["@index", "@first", "@last", "@key"];
