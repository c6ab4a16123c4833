//! How much may be under way at once: beyond that a request is refused early and cheaply, with
//! `Retry-After`.
//!
//! The gate stands behind the reading of the body, so that a slow sender takes nobody's place.
//! Drafts and checks are refused first; what issues an order, last.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::http::header;

use super::problem::{Kind, Problem};

/// What may be refused sooner than what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Previews, validations, searches: half of the places.
    Draft,
    /// What creates something: all places.
    Issue,
}

/// Counts what is under way.
#[derive(Debug)]
pub struct Gate {
    places: usize,
    taken: AtomicUsize,
}

impl Gate {
    /// A gate with so many places.
    pub fn of(places: usize) -> Self {
        Self { places, taken: AtomicUsize::new(0) }
    }

    /// Takes a place until the guard is dropped, also where the caller goes away.
    ///
    /// # Errors
    /// [`Kind::Overloaded`].
    pub fn enter(&self, class: Class) -> Result<Inside<'_>, Problem> {
        let bound = match class {
            Class::Draft => self.places.div_ceil(2),
            Class::Issue => self.places,
        };
        let next = |taken: usize| (taken < bound).then_some(taken + 1);
        let entered = self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        let refused = |_| Problem::new(Kind::Overloaded).header(header::RETRY_AFTER, "1");
        entered.map(|_| Inside(self)).map_err(refused)
    }

    /// How many are under way.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Acquire)
    }
}

/// One place at the gate.
#[derive(Debug)]
pub struct Inside<'a>(&'a Gate);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_refused_before_orders_and_a_place_left_is_free_again() {
        let gate = Gate::of(2);
        let first = gate.enter(Class::Draft).unwrap();
        assert!(gate.enter(Class::Draft).is_err());
        let second = gate.enter(Class::Issue).unwrap();
        assert!(gate.enter(Class::Issue).is_err());
        drop((first, second));
        assert_eq!(gate.taken(), 0);
        assert!(gate.enter(Class::Draft).is_ok());
    }
}
