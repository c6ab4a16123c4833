//! What the file itself holds for the long term: certificates and answers in its `/DSS`. ETSI EN
//! 319 142-1, clause 5.4.2. Nothing of it is believed for standing there: each part proves itself.

use std::collections::BTreeMap;

use super::super::certificate::Certificate;
use super::super::pdf::value::Dictionary;
use super::super::pdf::{File, Object, State};

/// The long-term data of one revision.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) certificates: Vec<Certificate>,
    /// OCSP responses and lists, in DER.
    pub(super) answers: Vec<Vec<u8>>,
}

impl Store {
    /// The data as a revision has them; `None` where the catalog names none.
    pub(super) fn of(file: &File<'_>, revision: usize) -> Option<Self> {
        let state = file.at(revision);
        let store = state.follow(state.catalog(), "DSS").dictionary()?;
        let mut gathering = Gathering { state, listed: BTreeMap::new() };
        gathering.take(store, &["Certs", "OCSPs", "CRLs"]);
        let by_signature = state.follow(store, "VRI").dictionary();
        for (_, value) in by_signature.into_iter().flat_map(Dictionary::entries) {
            if let Some(one) = state.resolve(value).dictionary() {
                gathering.take(one, &["Cert", "OCSP", "CRL"]);
            }
        }
        Some(gathering.read(MOST_BYTES))
    }
}

/// Each stream once, however often it is named; the oldest first, so that nobody who adds to the
/// file can crowd out what was there.
struct Gathering<'f, 'a> {
    state: State<'f, 'a>,
    /// By the revision that wrote it, and its number.
    listed: BTreeMap<(usize, u32), Listed<'f>>,
}

struct Listed<'f> {
    object: &'f Object,
    is_certificate: bool,
    is_answer: bool,
}

impl Gathering<'_, '_> {
    /// The streams of three lists: certificates, responses, lists.
    fn take(&mut self, dictionary: &Dictionary, keys: &[&str; 3]) {
        for (key, is_certificate) in keys.iter().zip([true, false, false]) {
            let items = self.state.follow(dictionary, key).array().unwrap_or_default();
            for object in items.iter().filter_map(|item| self.state.referred(item)) {
                let place = (self.state.file().revision_of(object), object.id.number);
                let nothing = Listed { object, is_certificate: false, is_answer: false };
                let listed = self.listed.entry(place).or_insert(nothing);
                listed.is_certificate |= is_certificate;
                listed.is_answer |= !is_certificate;
            }
        }
    }

    /// Reads them while bytes are left. One that can't be unpacked costs what it might have cost.
    fn read(&self, mut left: usize) -> Store {
        let mut found = Store::default();
        for listed in self.listed.values().take(MOST_STREAMS) {
            let most = left.min(MOST_OF_ONE);
            let data = self.state.file().data(listed.object, most);
            left -= data.as_ref().map_or(most, |data| data.len().min(most));
            let Ok(data) = data else { continue };
            if listed.is_certificate {
                found.certificates.extend(Certificate::read(&data).ok());
            }
            if listed.is_answer {
                found.answers.push(data);
            }
        }
        found
    }
}

const MOST_BYTES: usize = 32 << 20;
/// A list of revoked certificates may be long; nothing else is.
const MOST_OF_ONE: usize = 8 << 20;
const MOST_STREAMS: usize = 1024;

#[cfg(test)]
mod tests {
    use super::super::super::pdf::specimen::{Style, certified};
    use super::*;

    /// A stream of zeros that unpack to more than one may have.
    fn bomb() -> String {
        let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
        let plain = vec![0; MOST_OF_ONE + 1];
        let mut packed = vec![0; packer.zlib_compress_bound(plain.len())];
        let length = packer.zlib_compress(&plain, &mut packed).unwrap();
        let hex = crate::digest::hex(&packed[..length]) + ">";
        let filter = "/Filter[/ASCIIHexDecode/FlateDecode]";
        format!("<<{filter}/Length {}>>stream\n{hex}\nendstream", hex.len())
    }

    #[test]
    fn what_was_there_first_is_read_first_and_everything_once() {
        let mut maker = certified(Style::Table, 1);
        let root = "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/DSS 40 0 R>>";
        let old = "<</Length 2>>stream\nab\nendstream";
        maker.revision(&[(1, root), (40, "<</OCSPs[90 0 R 90 0 R]/CRLs[90 0 R]>>"), (90, old)]);
        let answers = |bytes: &[u8], revision: usize| {
            let file = File::read(bytes).unwrap();
            Store::of(&file, revision).unwrap().answers
        };
        assert_eq!(answers(&maker.bytes, 1), [b"ab"]);
        let bomb = bomb();
        let numbers: Vec<u32> = (41..41 + 5).collect();
        let listed: String = numbers.iter().map(|number| format!("{number} 0 R ")).collect();
        let store = format!("<</Certs[{listed}]/OCSPs[{listed}47 0 R 90 0 R]>>");
        let mut objects: Vec<(u32, &str)> =
            numbers.iter().map(|number| (*number, bomb.as_str())).collect();
        objects.extend([(40, store.as_str()), (47, old)]);
        maker.revision(&objects);
        // Four that can't be unpacked take all that there is.
        assert_eq!(answers(&maker.bytes, 2), [b"ab"]);
    }
}
