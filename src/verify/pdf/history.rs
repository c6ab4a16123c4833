//! What each revision's section makes of each number, and the objects that are written in the
//! file, in its order.

use std::collections::BTreeMap;

use super::super::reason::{Finding, Reason};
use super::body::{self, Found};
use super::limits::Budget;
use super::scanner::{Hand, Read, Scanner};
use super::section::{Section, Spot};
use super::value::Id;
use super::{Event, Object, Place, Revision};

/// Which of the objects a number is, by number and revision.
pub(super) type Index = BTreeMap<(u32, usize), usize>;

/// Where each number is from which revision on; only what differs from what held before.
pub(super) type Spots = BTreeMap<u32, Vec<(usize, Spot)>>;

/// The spot of a number as of a revision.
pub(super) fn spot(spots: &Spots, number: u32, revision: usize) -> Option<Spot> {
    let known = spots.get(&number)?;
    let until = known.partition_point(|(since, _)| *since <= revision);
    known.get(until.checked_sub(1)?).map(|(_, spot)| *spot)
}

/// Joins the sections to histories. An object that a section names anew must lie in the bytes of
/// its own revision.
pub(super) fn spots(sections: &[Section]) -> Read<(Spots, Vec<Revision>)> {
    let mut spots = Spots::new();
    let mut revisions: Vec<Revision> = Vec::new();
    for (index, section) in sections.iter().enumerate() {
        let start = revisions.last().map_or(0, |revision| revision.end);
        for (number, row) in &section.rows {
            let known = spot(&spots, *number, usize::MAX);
            let same = known == Some(*row) || (known.is_none() && *row == Spot::Free);
            if same {
                continue;
            }
            let own = match row {
                Spot::Offset { at, .. } => (start..section.end).contains(at),
                Spot::Free | Spot::Packed { .. } => true,
            };
            if !own {
                return Err(Finding::fatal(Reason::OldPlaceNamed, format_args!("{number} 0 R")));
            }
            spots.entry(*number).or_default().push((index, *row));
        }
        revisions.push(Revision {
            start,
            mark_end: section.mark_end,
            end: section.end,
            trailer: section.trailer.clone(),
            touched: Vec::new(),
            section: section.object,
        });
    }
    Ok((spots, revisions))
}

/// All objects that are written in the file itself, in its order.
pub(super) fn objects(
    bytes: &[u8],
    sections: &[Section],
    spots: &Spots,
    budget: &mut Budget,
) -> Read<(Vec<Object>, Index)> {
    let mut places: Vec<(usize, Id, usize)> = Vec::new();
    for (number, known) in spots {
        for (revision, spot) in known {
            if let Spot::Offset { at, generation } = spot {
                places.push((*at, Id { number: *number, generation: *generation }, *revision));
            }
        }
    }
    places.sort_unstable();
    let mut objects = Vec::new();
    let mut index = Index::new();
    let mut free_from = 0;
    for (at, id, revision) in places {
        if at < free_from {
            return Err(Finding::fatal(Reason::OverlappingObjects, id));
        }
        let end = sections.get(revision).map_or(bytes.len(), |section| section.end);
        let lengths = |id: Id| match spot(spots, id.number, revision)? {
            Spot::Offset { at, generation } if generation == id.generation => {
                body::length(bytes, at, id)
            }
            _ => None,
        };
        let hand = if revision == 0 { Hand::Free } else { Hand::Plain };
        let mut scanner = Scanner::new(&bytes[..end], at, budget).by(hand);
        let Found { id: found, value, stream, place } = body::object(&mut scanner, &lengths)?;
        if found != id {
            return Err(Finding::fatal(Reason::BrokenReferences, id));
        }
        free_from = place.end;
        index.insert((id.number, revision), objects.len());
        objects.push(Object { id, value, stream, place: Place::File(place) });
    }
    Ok((objects, index))
}

/// What became of each number, and what each revision touched.
pub(super) fn events(
    spots: &Spots,
    index: &Index,
    revisions: &mut [Revision],
) -> BTreeMap<u32, Vec<Event>> {
    let mut histories = BTreeMap::new();
    for (number, known) in spots {
        let mut events = Vec::new();
        for (revision, _) in known {
            let object = index.get(&(*number, *revision)).copied();
            events.push(Event { revision: *revision, object });
            if let Some(revision) = revisions.get_mut(*revision) {
                revision.touched.push(*number);
            }
        }
        histories.insert(*number, events);
    }
    histories
}
