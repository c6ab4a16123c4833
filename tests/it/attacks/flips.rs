//! One byte turned over, wherever it is.

use memchr::memmem;
use spo::verify::Reason::*;

use super::base::{Base, INFORMATION, METADATA, SIGNATURE, content};
use super::update::{byte_range, contents, filled, put, raw_body};
use super::{Attack, attack};

pub fn attacks(base: &Base) -> Vec<Attack> {
    let order = &base.order;
    let digest: &[_] = &[DigestMismatch];
    let within = |number| {
        let body = raw_body(order, number);
        let from = body.as_ptr() as usize - order.as_ptr() as usize;
        (from, from + body.len())
    };
    let flip = |at: usize, bit: u8| put(order, at, &[order[at] ^ bit]);
    let (from, to) = within(content(order));
    let (dictionary, _) = within(INFORMATION);
    let (packet, packet_end) = within(METADATA);
    let (signature, _) = within(SIGNATURE);
    let find = |text: &[u8]| memmem::rfind(order, text).unwrap();
    let (_, [_, hole, _, _]) = byte_range(order);
    // Which digit stands there is chance: another may lead elsewhere, or be none any more.
    let tail: &[_] = &[DigestMismatch, BrokenReferences, BrokenObject, OverlappingObjects];
    let clerks = super::signer::signed(base, |_| (), &base.clerk);
    vec![
        attack("flip/in-a-page", digest, flip(from + (to - from) / 2, 1)),
        attack("flip/in-the-end-of-a-page", digest, flip(to - 20, 4)),
        attack("flip/in-the-title", digest, flip(dictionary + 9, 1)),
        attack("flip/in-the-metadata", digest, flip((packet + packet_end) / 2, 1)),
        attack("flip/in-the-header", &[DigestMismatch, NotAPdf], flip(7, 1)),
        attack("flip/in-the-second-line", digest, flip(12, 1)),
        attack("flip/in-the-reason", digest, flip(find(b"/Reason(") + 9, 1)),
        attack("flip/in-the-time", digest, flip(find(b"/M(D:") + 8, 1)),
        attack("flip/in-the-kind-of-signature", &[DigestMismatch, AlgorithmRefused], {
            flip(find(b"/SubFilter/ETSI") + 12, 1)
        }),
        attack("flip/in-the-permission", &[DigestMismatch], flip(find(b"/P 1/V") + 3, 2)),
        attack("flip/in-a-row", tail, flip(find(b"\nxref\n") + 60, 1)),
        attack("flip/in-the-trailer", tail, flip(find(b"/ID[<") + 6, 1)),
        attack("flip/in-the-start", tail, flip(find(b"startxref\n") + 10, 1)),
        attack("flip/in-the-end", tail, flip(order.len() - 4, 1)),
        attack("flip/in-the-certificate", CMS, {
            let cms = contents(&clerks);
            let at = memmem::find(&cms, &base.clerk.certificate).unwrap() + 200;
            filled(&clerks, &put(&cms, at, &[cms[at] ^ 1]))
        }),
        attack("flip/in-the-first-byte-of-the-cms", CMS, flip(hole + 1, 1)),
        attack(
            "flip/key-of-the-signature",
            &[DigestMismatch, FieldsMalformed],
            flip(signature + 3, 1),
        ),
        attack("flip/behind-the-cms", &[BytesBehindCms], {
            let end = hole + 8000;
            put(order, end, b"7")
        }),
    ]
}

const CMS: &[spo::verify::Reason] = &[
    CmsMalformed,
    SignatureMismatch,
    CertificateMismatch,
    CertificateMissing,
    NoPath,
    AttributesMalformed,
];
