//! The document that a file's metadata claim to be: the first document id in its XMP. It proves
//! nothing, and only helps a person to find the register's entry.

use super::super::pdf::File;

/// `doc_` and a UUID, as ids of documents are written.
pub(super) fn document(file: &File<'_>) -> Option<String> {
    let state = file.last();
    let metadata = state.referred(state.catalog().get("Metadata"))?;
    let packet = file.data(metadata, LONGEST).ok()?;
    let packet = String::from_utf8(packet).ok()?;
    packet.match_indices(PREFIX).find_map(|(place, _)| {
        let id = packet.get(place..place + PREFIX.len() + UUID)?;
        let behind = packet[place + id.len()..].chars().next();
        let ends = behind.is_none_or(|next| !next.is_ascii_alphanumeric());
        (ends && is_uuid(&id[PREFIX.len()..])).then(|| id.to_owned())
    })
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    })
}

const PREFIX: &str = "doc_";
const UUID: usize = 36;
const LONGEST: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_of_an_id_is_one() {
        assert!(is_uuid("0195f3a2-0000-7000-8000-0000000000ab"));
        assert!(!is_uuid("0195f3a2-0000-7000-8000-0000000000AB"));
        assert!(!is_uuid("0195f3a200000-7000-8000-0000000000ab"));
    }
}
