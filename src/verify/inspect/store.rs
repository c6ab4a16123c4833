//! What the file itself holds for the long term: certificates and answers in its `/DSS`. ETSI EN
//! 319 142-1, clause 5.4.2. Nothing of it is believed for standing there: each part proves itself.

use super::super::certificate::Certificate;
use super::super::pdf::value::{Dictionary, Value};
use super::super::pdf::{File, State};

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
        let mut gathering = Gathering { file, state, left: MOST_BYTES, streams: MOST_STREAMS };
        let mut found = Self::default();
        gathering.take(store, &["Certs", "OCSPs", "CRLs"], &mut found);
        let by_signature = state.follow(store, "VRI").dictionary();
        for (_, value) in by_signature.into_iter().flat_map(Dictionary::entries) {
            if let Some(one) = state.resolve(value).dictionary() {
                gathering.take(one, &["Cert", "OCSP", "CRL"], &mut found);
            }
        }
        Some(found)
    }
}

struct Gathering<'f, 'a> {
    file: &'f File<'a>,
    state: State<'f, 'a>,
    /// Bytes that may still be unpacked.
    left: usize,
    streams: usize,
}

impl Gathering<'_, '_> {
    /// The streams of three lists: certificates, responses, lists.
    fn take(&mut self, dictionary: &Dictionary, keys: &[&str; 3], found: &mut Store) {
        let [certificates, responses, lists] = keys.map(|key| self.list(dictionary, key));
        let certificates = certificates.iter().filter_map(|der| Certificate::read(der).ok());
        found.certificates.extend(certificates);
        found.answers.extend(responses.into_iter().chain(lists));
    }

    fn list(&mut self, dictionary: &Dictionary, key: &str) -> Vec<Vec<u8>> {
        let items = self.state.follow(dictionary, key).array().unwrap_or_default();
        items.iter().filter_map(|item| self.stream(item)).collect()
    }

    fn stream(&mut self, value: &Value) -> Option<Vec<u8>> {
        self.streams = self.streams.checked_sub(1)?;
        let object = self.state.referred(value)?;
        let data = self.file.data(object, self.left).ok()?;
        self.left = self.left.saturating_sub(data.len());
        Some(data)
    }
}

const MOST_BYTES: usize = 32 << 20;
const MOST_STREAMS: usize = 1024;
