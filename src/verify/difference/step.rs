//! One revision against the one before it.

use std::collections::BTreeSet;

use super::super::pdf::value::{Id, NULL, Value};
use super::super::pdf::{File, Object, State};
use super::super::reason::Reason;
use super::usage::{self, Usage};
use super::{Class, catalog, filling, form, metadata, naming, trailer};

/// Something that a revision did.
#[derive(Debug, Clone)]
pub(super) struct Made {
    /// `12 0 R`, or a place such as `trailer`.
    pub object: String,
    pub reason: Reason,
    pub class: Class,
}

/// The comparison while it runs: what no rule has explained yet, and what was found.
pub(super) struct Step<'f, 'a> {
    pub old: State<'f, 'a>,
    pub new: State<'f, 'a>,
    pub usage: &'f Usage,
    /// Objects that were there and are no longer equal.
    pub changed: BTreeSet<u32>,
    /// Objects that were not there.
    pub added: BTreeSet<u32>,
    /// Annotations that may come to a page: widgets of accepted new fields, not yet on one.
    pub widgets: BTreeSet<u32>,
    made: Vec<Made>,
}

/// What a revision made of the one before it; empty where nothing.
pub(super) fn made(file: &File<'_>, revision: usize, usage: &Usage) -> Vec<Made> {
    let mut step = Step {
        old: file.at(revision - 1),
        new: file.at(revision),
        usage,
        changed: BTreeSet::new(),
        added: BTreeSet::new(),
        widgets: BTreeSet::new(),
        made: Vec::new(),
    };
    step.collect();
    trailer::compare(&mut step);
    catalog::compare(&mut step);
    metadata::compare(&mut step);
    filling::explain(&mut step);
    form::annotations(&mut step);
    step.leftover();
    step.made
}

impl<'f> Step<'f, '_> {
    /// A change that a rule explains.
    pub fn allow(&mut self, object: impl ToString, reason: Reason, class: Class) {
        if self.made.len() < MOST {
            self.made.push(Made { object: object.to_string(), reason, class });
        }
    }

    /// A change that none does. One is always told, however many there are.
    pub fn refuse(&mut self, object: impl ToString, reason: Reason) {
        let many = self.made.len() >= MOST;
        if many && let Some(last) = self.made.last_mut() {
            last.class = Class::Never;
            return;
        }
        self.made.push(Made { object: object.to_string(), reason, class: Class::Never });
    }

    fn is_refused(&self) -> bool {
        self.made.iter().any(|made| made.class == Class::Never)
    }

    /// Nothing more needs to be said of this object.
    pub fn explain(&mut self, number: u32) {
        self.changed.remove(&number);
        self.added.remove(&number);
    }

    /// What the revision's section touched, by what became of it.
    fn collect(&mut self) {
        let Some(revision) = self.new.file().revisions().get(self.new.revision) else { return };
        for number in &revision.touched {
            match (self.old.object(*number), self.new.object(*number)) {
                (None, None) => {}
                (Some(old), None) => self.refuse(old.id, Reason::ObjectFreed),
                (Some(old), Some(new)) if old.id != new.id => {
                    self.refuse(new.id, Reason::TypeChanged);
                }
                (Some(old), Some(new)) => {
                    if !self.is_equal(old, new) {
                        self.changed.insert(*number);
                    }
                }
                (None, Some(new)) if self.is_carrier(new, revision.section) => {}
                (None, Some(new)) => self.comes(new),
            }
        }
    }

    /// A number that was never used and never named may become an object.
    fn comes(&mut self, new: &Object) {
        let before = self.old.revision;
        let number = new.id.number;
        let fresh = self.old.touched(number).is_none()
            && new.id.generation == 0
            && !self.usage.is_named(number, before);
        if fresh {
            self.added.insert(number);
        } else {
            self.refuse(new.id, Reason::MissingObjectFilled);
        }
    }

    /// Cross-reference streams and object streams carry objects and are none of the document's.
    fn is_carrier(&self, object: &Object, section: Option<Id>) -> bool {
        let kind = object.value.dictionary().map_or(NULL, |dictionary| dictionary.get("Type"));
        let unnamed = !self.usage.is_named(object.id.number, usize::MAX);
        let own = section == Some(object.id) && kind.is_name("XRef");
        object.stream.is_some() && unnamed && (own || kind.is_name("ObjStm"))
    }

    fn is_equal(&self, old: &Object, new: &Object) -> bool {
        let file = self.old.file();
        old.value == new.value && file.stream(old) == file.stream(new)
    }

    /// The same slot before and now, seen from the object that holds it: both written in it, or
    /// the same object, which nobody else may use, or a new one where nothing was. Gives the
    /// object that holds what the slot leads to.
    pub fn descend(&mut self, old: &Value, new: &Value, holder: u32) -> Option<u32> {
        match (old, new) {
            (Value::Reference(before), Value::Reference(now)) if before == now => {
                let number = now.number;
                if !self.changed.contains(&number) {
                    return Some(number);
                }
                let alone = self.usage.only_by(number, holder, self.old.revision);
                let plain = self.is_plain(number);
                if alone && plain {
                    self.explain(number);
                }
                (alone && plain).then_some(number)
            }
            (Value::Null, Value::Reference(now)) => {
                let fits = self.added.contains(&now.number) && self.is_plain(now.number);
                if fits {
                    self.explain(now.number);
                }
                fits.then_some(now.number)
            }
            (Value::Reference(_), _) | (_, Value::Reference(_)) => None,
            _ => Some(holder),
        }
    }

    /// Whether the number is no stream, before and now.
    fn is_plain(&self, number: u32) -> bool {
        let plain = |state: &State<'_, '_>| {
            state.object(number).is_none_or(|object| object.stream.is_none())
        };
        plain(&self.old) && plain(&self.new)
    }

    /// Explains all new objects that a value leads to by new objects only; false where one of them
    /// acts by itself.
    pub fn explain_below(&mut self, object: &'f Object) -> bool {
        let mut waiting = vec![&object.value];
        let mut tame = is_tame(object);
        while let Some(value) = waiting.pop() {
            let mut found = Vec::new();
            usage::references(value, &mut |_, number| found.push(number));
            for number in found {
                if self.added.remove(&number)
                    && let Some(object) = self.new.object(number)
                {
                    tame &= is_tame(object);
                    waiting.push(&object.value);
                }
            }
        }
        tame
    }

    /// What no rule explained. New objects are told only where no change leads to them.
    fn leftover(&mut self) {
        for number in std::mem::take(&mut self.changed) {
            if let (Some(old), Some(new)) = (self.old.object(number), self.new.object(number)) {
                let reason = naming::reason(self, old, new);
                self.refuse(new.id, reason);
            }
        }
        if self.is_refused() {
            return;
        }
        for number in std::mem::take(&mut self.added) {
            self.refuse(format_args!("{number} 0 R"), Reason::Unreferenced);
        }
    }
}

/// Nothing in it runs by itself, and its data are its own.
fn is_tame(object: &Object) -> bool {
    let outside = object.stream.is_some() && object.value.or_empty().has("F");
    !outside && !naming::acts(&object.value)
}

/// Changes of one revision that are told.
const MOST: usize = 512;
