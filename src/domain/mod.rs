//! What an order *is*: the law, its words and its dates, pure.
//!
//! Nothing here knows of the web, a database, a PDF, a clock or chance. What the law needs from
//! outside (today, the reference data, stored orders) is handed in.
//!
//! To add a rule: a variant in [`violation::Rule`], its words in `templates/messages/rules.toml`,
//! the check in the file of the thing that it guards under `judgement/`, a test named by the rule.

pub mod audience;
pub mod calendar;
pub mod clause;
pub mod copy;
pub mod disclosure;
pub mod draft;
mod embedded;
pub mod identifier;
pub mod identity;
pub mod judgement;
pub mod order;
pub mod people;
pub mod profile;
pub mod reference;
pub mod sensitive;
pub mod term;
pub mod text;
pub mod variation;
pub mod violation;
pub mod wording;
pub mod words;
