//! What is done without anybody asking, beside the server: evidence added to signatures.
//!
//! To add a job: its loop in a file here, its start in `app`.

pub mod evidence;
