//! Object streams: objects inside the data of a stream. ISO 32000-1, 7.5.7.

use std::collections::{BTreeMap, BTreeSet};

use super::super::reason::{Finding, Reason, Weight, add};
use super::filter;
use super::history::{Index, Spots};
use super::limits::Budget;
use super::scanner::{Hand, Origin, Read, Scanner};
use super::section::Spot;
use super::value::{Dictionary, Id, Value};
use super::{Object, Place};

/// What one object stream must hold: the numbers by their index in it.
#[derive(Debug)]
pub(super) struct Container {
    number: u32,
    revision: usize,
    /// Index into the objects.
    object: usize,
    wanted: BTreeMap<usize, u32>,
    findings: Vec<Finding>,
}

/// Which object streams there must be. An object may only be named in an object stream of the
/// same revision, and no later revision may touch a stream that is still used.
pub(super) fn list(
    spots: &Spots,
    index: &Index,
    findings: &mut Vec<Finding>,
) -> Read<Vec<Container>> {
    let mut containers: BTreeMap<(u32, usize), Container> = BTreeMap::new();
    for (number, known) in spots {
        for (place, (revision, spot)) in known.iter().enumerate() {
            let Spot::Packed { container, index: inside } = spot else { continue };
            let fault = |reason| Finding::fatal(reason, format_args!("{number} 0 R"));
            let object = index.get(&(*container, *revision)).copied();
            let object = object.ok_or_else(|| fault(Reason::OldPlaceNamed))?;
            let until = known.get(place + 1).map_or(usize::MAX, |(next, _)| *next);
            if is_touched(spots, *container, *revision, until) {
                let replaced = Finding::fatal(
                    Reason::ObjectStreamReplaced,
                    Id { number: *container, generation: 0 },
                );
                add(findings, replaced);
            }
            let found = containers.entry((*container, *revision)).or_insert_with(|| Container {
                number: *container,
                revision: *revision,
                object,
                wanted: BTreeMap::new(),
                findings: Vec::new(),
            });
            if found.wanted.insert(*inside, *number).is_some() {
                return Err(fault(Reason::BrokenReferences));
            }
        }
    }
    Ok(containers.into_values().collect())
}

/// Whether a number became something else behind one revision and before another.
fn is_touched(spots: &Spots, number: u32, behind: usize, before: usize) -> bool {
    let Some(known) = spots.get(&number) else { return false };
    let next = known.partition_point(|(revision, _)| *revision <= behind);
    known.get(next).is_some_and(|(revision, _)| *revision < before)
}

/// Reads the objects of all object streams.
pub(super) fn read(
    bytes: &[u8],
    containers: &mut [Container],
    (objects, index): (&mut Vec<Object>, &mut Index),
    budget: &mut Budget,
) -> Read<()> {
    for container in containers {
        let inside = contents(bytes, container, objects, budget)?;
        for object in inside {
            index.insert((object.id.number, container.revision), objects.len());
            objects.push(object);
        }
    }
    Ok(())
}

fn contents(
    bytes: &[u8],
    container: &mut Container,
    objects: &[Object],
    budget: &mut Budget,
) -> Read<Vec<Object>> {
    let id = Id { number: container.number, generation: 0 };
    let broken = || Finding::fatal(Reason::BrokenObject, id);
    let object = objects.get(container.object).filter(|object| object.id == id);
    let object = object.ok_or_else(broken)?;
    let dictionary = object.value.dictionary().ok_or_else(broken)?;
    let packed = object.stream.clone().and_then(|place| bytes.get(place)).ok_or_else(broken)?;
    if !dictionary.get("Type").is_name("ObjStm") {
        return Err(broken());
    }
    let data = filter::decoded(dictionary, packed, budget.stream())
        .map_err(|reason| Finding::fatal(reason, id))?;
    budget.took(data.len());
    let first = dictionary.get("First").index().filter(|first| *first <= data.len());
    let first = first.ok_or_else(broken)?;
    let hand = if container.revision == 0 { Hand::Free } else { Hand::Plain };
    let heads = heads((&data[..first], hand), dictionary, id, budget)?;
    let mut found = Vec::new();
    let mut free_from = 0;
    for (place, (number, offset)) in heads.iter().enumerate() {
        let start = first.checked_add(*offset).filter(|start| *start >= free_from);
        let start = start.ok_or_else(broken)?;
        let origin = Origin::Container(id);
        let mut scanner = Scanner { bytes: &data, at: start, origin, hand, budget };
        let value = scanner.value(0)?;
        free_from = scanner.at;
        let end =
            heads.get(place + 1).map_or(Some(data.len()), |(_, next)| first.checked_add(*next));
        scanner.blanks();
        if end != Some(scanner.at) {
            return Err(broken());
        }
        match container.wanted.remove(&place) {
            Some(wanted) if wanted == *number => found.push(Object {
                id: Id { number: *number, generation: 0 },
                value,
                stream: None,
                place: Place::Inside { container: id.number, revision: container.revision },
            }),
            Some(_) => return Err(Finding::fatal(Reason::BrokenReferences, id)),
            None => container.findings.push(unlisted(*number, container.revision)),
        }
    }
    match container.wanted.is_empty() {
        true => Ok(found),
        false => Err(Finding::fatal(Reason::BrokenReferences, id)),
    }
}

/// The pairs of number and offset before the first object.
fn heads(
    (bytes, hand): (&[u8], Hand),
    dictionary: &Dictionary,
    id: Id,
    budget: &mut Budget,
) -> Read<Vec<(u32, usize)>> {
    let mut scanner = Scanner { bytes, at: 0, origin: Origin::Container(id), hand, budget };
    let mut heads = Vec::new();
    loop {
        scanner.blanks();
        if scanner.rest().is_empty() {
            break;
        }
        let number = scanner.unsigned().and_then(|number| u32::try_from(number).ok());
        scanner.blanks();
        let offset = scanner.unsigned();
        heads.push(number.zip(offset).ok_or_else(|| scanner.broken())?);
        if !scanner.budget.value() {
            return Err(scanner.fault(Reason::TooMany));
        }
    }
    match dictionary.get("N") {
        Value::Integer(count) if usize::try_from(*count) == Ok(heads.len()) => Ok(heads),
        _ => Err(scanner.broken()),
    }
}

fn unlisted(number: u32, revision: usize) -> Finding {
    let weight = if revision == 0 { Weight::Note } else { Weight::Fatal };
    Finding { reason: Reason::UnlistedObject, weight, place: format!("{number} 0 R") }
}

/// What stands in object streams and in no section: objects of the streams that were read, and
/// whole streams that no section draws on.
pub(super) fn check_unlisted(
    objects: &[Object],
    containers: Vec<Container>,
    revision_of: impl Fn(usize) -> usize,
    findings: &mut Vec<Finding>,
) {
    let used: BTreeSet<usize> = containers.iter().map(|container| container.object).collect();
    let inside = containers.into_iter().flat_map(|container| container.findings);
    let whole = objects.iter().enumerate().filter_map(|(index, object)| {
        let Place::File(place) = &object.place else { return None };
        let kind = object.value.dictionary()?.get("Type");
        let stray = kind.is_name("ObjStm") && !used.contains(&index);
        stray.then(|| unlisted(object.id.number, revision_of(place.start)))
    });
    inside.chain(whole).for_each(|finding| add(findings, finding));
}
