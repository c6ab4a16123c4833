//! Signed stalking protection orders of the courts of England and Wales, from validated JSON.
//!
//! # The journey
//!
//! ```text
//! bytes
//!    │ every fault of shape is named              wire
//! draft                                           domain::draft
//!    │ every rule of the law, all faults at once  domain::judgement
//! Order | VariationRequest                        domain::order, domain::variation
//!    │ its documents: the order, then its copies  issue
//!    │ view, layout, pages                        render
//!    │ the mark of the paper: QR code, six words  paper, sign::paper
//!    │ bytes, read back and held to the rules     render
//! UnsignedPdf | Preview
//!    │ searched for confidential values           render::leak, domain::disclosure
//!    │ sealed, and the seal checked               sign
//!    │ a timestamp beside the seal, if it comes   sign::evidence, issue
//! SignedPdf
//!    │ order, documents, answer, event: at once   store
//! the answer                                      wire::answer
//!    ┊ evidence that makes it last, in its time   jobs, sign::evidence
//! a revision of the same document                 store
//! ```
//!
//! [`issue::Issuer`] walks that line from top to bottom; data moves one way. Its edges are [`http`]
//! and [`cli`]; [`app`] puts the parts together. Time and chance enter once, in [`clock`]; settings
//! in [`config`]. Words for people stand in `templates/`, never here.
//!
//! # The rooms, in the order of reading
//!
//! - [`domain`]: what an order *is*; pure. [`wire`]: the JSON as sent and answered.
//! - [`paper`]: what stands on each page to check it by; pure.
//! - [`render`]: from an order to pages to bytes; pure. [`sign`]: the seal. [`store`]: what is
//!   kept.
//! - [`verify`]: the check of any file, ours or not; pure. [`quarantine`]: the process that runs
//!   it, from which all else is taken.
//! - [`page`]: what a check found, as people read it.
//! - [`issue`]: the straight line. [`http`], [`cli`]: its edges. [`jobs`]: what is
//!   done beside them. [`app`]: the root.
//!
//! Who may import whom stands in `tests/it/house.rs`, which holds the code to it.
//!
//! # Where do I go to…
//!
//! | I want to… | go to | then a test or the compiler leads to |
//! |---|---|---|
//! | change the words of an order | `templates/README.md`, a new edition | the golden folders |
//! | add or change a rule of the law | `domain::violation` | its words, its check, its test |
//! | add a field | [`wire`], `domain::draft` | view, layout, sample, `openapi.yaml` |
//! | add a document for a reader | `render::kind`, `render::view` | layouts, `tests/it/sweep` |
//! | warn of a wording | [`domain::wording`] | `tests/wording` |
//! | change a look | `render::layout` | the golden folders |
//! | add an endpoint | `http::route` | `openapi.yaml` |
//! | ask another service outside | [`sign::outside`] | `tests/it/evidence` |
//! | keep something new | [`store::Store`] | each back-end, the store's tests |
//! | say something new of a checked file | `templates/messages/verification.toml` | [`page`] |
//! | follow one order | [`issue`] | |

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod digest;
pub mod domain;
pub mod http;
pub mod issue;
pub mod jobs;
pub mod page;
pub mod paper;
pub mod quarantine;
pub mod render;
pub mod sign;
pub mod store;
pub mod verify;
pub mod wire;
