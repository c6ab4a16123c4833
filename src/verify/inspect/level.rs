//! Which baseline level a signature has. ETSI EN 319 142-1, clause 6: told by what the file itself
//! holds and by what of it is believed, not by what it looks like.

use super::super::certificate::Certificate;
use super::super::path::Path;
use super::super::pdf::File;
use super::super::report::{Integrity, Level};
use super::super::structure::Placed;
use super::ground::{Ground, Material, PathStanding};
use super::opened::Opened;
use super::stamps::{Judged, Placement};
use super::store::Store;

/// The file's long-term data as they are now, and as the last believed document timestamp covers
/// them. They only grow, so no other state can show more.
#[derive(Debug, Default)]
pub(super) struct Kept {
    now: Option<Shelf>,
    archived: Option<(Placement, Shelf)>,
}

/// Long-term data of one revision, read once.
#[derive(Debug)]
struct Shelf {
    certificates: Vec<Certificate>,
    material: Material,
}

impl Kept {
    /// The two states of a file.
    pub(super) fn of(file: &File<'_>, archived: Option<Placement>) -> Self {
        let archived = archived.and_then(|one| Some((one, Shelf::of(file, one.revision)?)));
        Self { now: Shelf::of(file, file.revisions().len() - 1), archived }
    }
}

impl Shelf {
    fn of(file: &File<'_>, revision: usize) -> Option<Self> {
        let store = Store::of(file, revision)?;
        let material = Material::read(store.answers.iter().map(Vec::as_slice));
        Some(Self { certificates: store.certificates, material })
    }
}

/// The level of a signature with its path and the timestamp that proves its time.
pub(super) fn of(
    ground: &Ground<'_, '_>,
    opened: &Opened,
    (path, proof): (&Path, Option<&Judged>),
    (kept, placed): (&Kept, &Placed),
) -> Option<Level> {
    if opened.integrity != Integrity::Intact || !opened.is_baseline {
        return None;
    }
    let Some(proof) = proof else { return Some(Level::BB) };
    let settled = |shelf: &Shelf| is_settled(ground, opened, (path, proof), shelf);
    let archived = kept.archived.as_ref().filter(|(stamp, _)| stamp.covers(placed));
    Some(if archived.is_some_and(|(_, shelf)| settled(shelf)) {
        Level::BLta
    } else if kept.now.as_ref().is_some_and(settled) {
        Level::BLt
    } else {
        Level::BT
    })
}

/// Whether the file holds all that shows both paths good: certificates and answers.
fn is_settled(
    ground: &Ground<'_, '_>,
    opened: &Opened,
    (path, proof): (&Path, &Judged),
    shelf: &Shelf,
) -> bool {
    let Some(stamped) = &proof.path else { return false };
    let enclosed = opened.answers().chain(proof.answers.iter().map(Vec::as_slice));
    let enclosed = Material::read(enclosed);
    let moment = ground.moment(Some(proof.stamp.at));
    let good = |path| PathStanding::of(path, &[&shelf.material, &enclosed], moment).is_settled();
    let held = |path: &Path, beside: &[Certificate]| {
        let mut between = path.certificates().iter().rev().skip(1);
        between.all(|one| beside.contains(one) || shelf.certificates.contains(one))
    };
    held(path, &opened.signed.certificates)
        && held(stamped, &proof.certificates)
        && good(path)
        && good(stamped)
}
