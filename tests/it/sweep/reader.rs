//! A document as two other readers give it: the service's own, whose words the gate of the service
//! searches, and poppler, where it is installed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::paper::Part;
use super::tally::Channel;
use crate::harness::said;

/// What both say of a file.
pub fn parts(pdf: &[u8]) -> Vec<Part> {
    let read = said(pdf);
    let mut parts: Vec<Part> = read.pages.iter().map(|page| text(page)).collect();
    parts.push(text(&read.content));
    parts.push(text(&read.pages.join("\n")));
    let strings = read.strings.join("\n").into_bytes();
    parts.push(Part { channel: Channel::PdfString, bytes: strings });
    for arguments in [["-raw", "-", "-"], ["-layout", "-", "-"]] {
        let bytes = poppler("pdftotext", &arguments, pdf);
        parts.extend(bytes.map(|bytes| Part { channel: Channel::PdfPoppler, bytes }));
    }
    parts
}

fn text(text: &str) -> Part {
    Part { channel: Channel::PdfText, bytes: text.as_bytes().to_vec() }
}

/// What a tool says of a file that it reads from its standard input.
fn poppler(tool: &str, arguments: &[&str], pdf: &[u8]) -> Option<Vec<u8>> {
    let started = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else {
        crate::outside::skipped(tool);
        return None;
    };
    // It reads all before it writes.
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    Some(child.wait_with_output().unwrap().stdout)
}
