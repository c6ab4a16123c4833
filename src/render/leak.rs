//! The search for confidential values in what we made: every way in which a finished file speaks is
//! handed to the search of `domain`, which knows the values; this module knows the ways. Contract,
//! section 3.
//!
//! A leak names the place and what kind of value it was, never the value.

use super::readback::ReadBack;

/// A confidential value in a finished file. `D` is what the search tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leak<D> {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub what: D,
}

/// A place in a finished file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The text of a page, from 0, with furniture and signature panel.
    Page(usize),
    /// The text of all pages without furniture, where a value may run over a page's end.
    Content,
    /// The text of all elements in the order in which it is read aloud.
    Structure,
    /// Metadata, a bookmark, an alternative text, a tooltip, the signature's entries.
    Words,
    /// A file within the file.
    Attachment,
    /// An inflated stream.
    Stream,
    /// The file as it is.
    Bytes,
    /// The name that the file is given.
    FileName,
}

/// Searches a finished file, by its bytes and what they say, and its name. `in_text` is the search
/// in decoded text, `in_raw` in bytes.
///
/// # Errors
/// All leaks that were found, one a place.
pub fn search<D>(
    (bytes, read): (&[u8], &ReadBack),
    file_name: &str,
    in_text: impl Fn(&str) -> Option<D>,
    in_raw: impl Fn(&[u8]) -> Option<D>,
) -> Result<(), Vec<Leak<D>>> {
    let mut leaks = Vec::new();
    let mut found = |place, what: Option<D>| leaks.extend(what.map(|what| Leak { place, what }));
    for (page, text) in read.pages.iter().enumerate() {
        found(Place::Page(page), in_text(text));
    }
    found(Place::Content, in_text(&read.content));
    found(Place::Structure, in_text(&read.structure));
    for words in &read.strings {
        found(Place::Words, in_text(words));
    }
    for text in &read.attached {
        found(Place::Attachment, in_text(text));
    }
    for stream in &read.streams {
        found(Place::Stream, in_raw(stream));
    }
    found(Place::Bytes, in_raw(bytes));
    found(Place::FileName, in_text(file_name));
    if leaks.is_empty() { Ok(()) } else { Err(leaks) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::attachment::Attachment;
    use crate::render::pdf::specimen::{pages, stamp, subsets, written};
    use crate::render::pdf::{Stamp, write};
    use crate::render::readback::Finished;

    fn places(value: &str) -> Vec<Place> {
        places_in(&written(true).1.bytes, value)
    }

    fn places_in(bytes: &[u8], value: &str) -> Vec<Place> {
        let read = Finished::read(bytes).unwrap().read_back().unwrap();
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let in_text = |text: &str| squeezed(text).contains(&squeezed(value)).then_some(());
        let in_raw = |raw: &[u8]| {
            raw.windows(value.len()).any(|window| window == value.as_bytes()).then_some(())
        };
        match search((bytes, &read), "spo-01-specimen.pdf", in_text, in_raw) {
            Ok(()) => Vec::new(),
            Err(leaks) => leaks.into_iter().map(|leak| leak.place).collect(),
        }
    }

    #[test]
    fn a_file_within_the_file_is_searched_also_behind_the_escapes_of_its_json() {
        let attachment = Attachment {
            name: "planted.json".to_owned(),
            mime: "application/json",
            description: "Planted".to_owned(),
            bytes: br#"{"a":"17 Hidden Haven","b":["8 \u0053ecret Court"]}"#.to_vec(),
        };
        let stamp = Stamp { attachment: Some(&attachment), ..stamp(true) };
        let bytes = write(&pages(true), subsets(), &stamp).unwrap().bytes;
        let plain = [Place::Attachment, Place::Attachment, Place::Stream];
        assert_eq!(places_in(&bytes, "17 Hidden Haven"), plain);
        assert_eq!(places_in(&bytes, "8 Secret Court"), [Place::Attachment]);
        assert_eq!(
            places_in(&bytes, "planted.json"),
            [Place::Words, Place::Words, Place::Words, Place::Bytes]
        );
    }

    #[test]
    fn each_place_is_searched() {
        assert_eq!(places("Łukasz"), [Place::Page(0), Place::Content, Place::Structure]);
        assert_eq!(places("Ann Example in any way"), [Place::Content, Place::Structure]);
        let signed = [Place::Page(1), Place::Content, Place::Structure, Place::Words, Place::Bytes];
        assert_eq!(places("A. N. Officer"), signed);
        assert_eq!(places("Prohibitions"), [Place::Words, Place::Bytes]);
        assert_eq!(places("Test Signer"), [Place::Words, Place::Bytes]);
        assert_eq!(places("begincmap"), [Place::Stream; 3]);
        assert_eq!(places("spo-01"), [Place::FileName]);
    }

    #[test]
    fn what_stands_nowhere_is_not_found() {
        assert_eq!(places("Canary"), []);
    }
}
