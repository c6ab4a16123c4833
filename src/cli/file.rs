//! The request's file: read, and its envelope taken off.

use std::io::Read;
use std::path::Path;

use super::{Exit, Global, Input, Kind, output};
use crate::wire::RequestKind;
use crate::wire::answer::Fault;
use crate::wire::envelope::{self, EnvelopeError};

/// A request as it goes to the issuer.
pub struct Request {
    pub kind: RequestKind,
    /// The body of the POST that would do the same.
    pub body: Vec<u8>,
}

impl Input {
    /// Reads the file and takes its envelope off; what went wrong has been said.
    pub fn read(&self, global: &Global) -> Result<Request, Exit> {
        let json = global.json;
        let longest = global.settings(None)?.limits.body_bytes;
        let bytes = bytes_of(&self.file, longest)?;
        match envelope::open(&bytes, self.kind.map(RequestKind::from)) {
            Ok(opened) => Ok(Request { kind: opened.kind, body: opened.request.to_vec() }),
            Err(EnvelopeError::Malformed(malformed)) => Err(output::fault(&malformed.into(), json)),
            Err(EnvelopeError::Faults(faults)) => {
                output::faults(&faults.iter().map(Fault::of).collect::<Vec<_>>(), json);
                output::note("envelope", &[]);
                Err(Exit::Invalid)
            }
        }
    }
}

impl From<Kind> for RequestKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::InterimOrder => Self::InterimOrder,
            Kind::FullOrder => Self::FullOrder,
            Kind::VariationRequest => Self::VariationRequest,
        }
    }
}

fn bytes_of(file: &Path, longest: usize) -> Result<Vec<u8>, Exit> {
    let shown = file.display().to_string();
    let source: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        match std::fs::File::open(file) {
            Ok(file) => Box::new(file),
            Err(_) => return Err(unreadable(&shown)),
        }
    };
    let mut bytes = Vec::new();
    let read = source.take((longest + ENVELOPE) as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|_| unreadable(&shown))?;
    if bytes.len() > longest + ENVELOPE {
        output::note("too_long", &[("limit", &longest.to_string())]);
        return Err(Exit::Invalid);
    }
    Ok(bytes)
}

fn unreadable(file: &str) -> Exit {
    output::note("unreadable", &[("file", file)]);
    Exit::Missing
}

/// Room for the envelope around what may be as long as the body of a POST.
const ENVELOPE: usize = 1024;
