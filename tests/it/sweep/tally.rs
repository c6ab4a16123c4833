//! What was searched, in which channels, for what; and what was found.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::canary::Canary;
use super::paper;
use super::search::{Found, Search};
use super::spelling::Encoding;

/// A way in which something leaves the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Status line and headers of an answer.
    Head,
    /// Body of an answer that is no document.
    Body,
    /// The same of a refusal or a failure.
    Problem,
    /// The name that a file is given: a header, a folder.
    FileName,
    Log,
    Metrics,
    /// Of the command line.
    Stdout,
    Stderr,
    PdfBytes,
    /// Each stream, inflated.
    PdfStream,
    /// Glyphs through their maps, by our reader and by the service's.
    PdfText,
    /// Text as poppler gives it.
    PdfPoppler,
    PdfXmp,
    PdfBookmark,
    /// Alternative and actual texts, tooltips.
    PdfAlternative,
    /// The signature's entries and its bytes.
    PdfSignature,
    /// Every other string.
    PdfString,
    /// Names, those of fonts among them.
    PdfName,
    PdfAttachment,
}

impl Channel {
    pub const ALL: [Self; 19] = [
        Self::Head,
        Self::Body,
        Self::Problem,
        Self::FileName,
        Self::Log,
        Self::Metrics,
        Self::Stdout,
        Self::Stderr,
        Self::PdfBytes,
        Self::PdfStream,
        Self::PdfText,
        Self::PdfPoppler,
        Self::PdfXmp,
        Self::PdfBookmark,
        Self::PdfAlternative,
        Self::PdfSignature,
        Self::PdfString,
        Self::PdfName,
        Self::PdfAttachment,
    ];

    /// Whether it is part of a document, which has one reader.
    pub fn is_of_a_document(self) -> bool {
        self >= Self::PdfBytes
    }
}

/// To whom a document is given: contract, section 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    Respondent,
    ProtectedPerson,
    Court,
    CourtPolice,
}

impl Reader {
    pub fn of(name: &str) -> Self {
        match name {
            "respondent" => Self::Respondent,
            "protected_person" => Self::ProtectedPerson,
            "court" => Self::Court,
            "court_police" => Self::CourtPolice,
            other => panic!("a reader of whom nobody said what is kept from them: {other}"),
        }
    }
}

/// What is kept from whom. A value that stands under several is kept from each of them.
pub struct Kept {
    /// From everybody: confidential values, reasons of necessity, secrets of keys.
    pub everybody: Vec<Canary>,
    /// Of the respondent, beside that: from each line of a log, refusal, head and file name.
    pub private: Vec<Canary>,
    /// Of the respondent and the police, by the readers who must not see it.
    pub readers: BTreeMap<Reader, Vec<Canary>>,
}

/// A sweep under way.
pub struct Sweep {
    everybody: Search,
    private: Search,
    readers: BTreeMap<Reader, Search>,
    pub canaries: usize,
    searched: BTreeMap<Channel, usize>,
    /// Bytes that were searched for the same before.
    seen: HashSet<u64>,
    pub documents: BTreeMap<String, usize>,
    pub rules: BTreeSet<String>,
    pub statuses: BTreeMap<u16, usize>,
    pub leaks: BTreeSet<Leak>,
}

/// A canary in a channel that must not have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    pub channel: Channel,
    /// Which answer, file or line.
    pub what: String,
    pub found: Found,
}

impl Sweep {
    pub fn of(kept: &Kept) -> Self {
        let of_readers = kept.readers.iter();
        Self {
            everybody: Search::of(&kept.everybody),
            private: Search::of(kept.everybody.iter().chain(&kept.private)),
            readers: of_readers
                .map(|(reader, more)| (*reader, Search::of(kept.everybody.iter().chain(more))))
                .collect(),
            canaries: kept.everybody.len() + kept.private.len(),
            searched: BTreeMap::new(),
            seen: HashSet::new(),
            documents: BTreeMap::new(),
            rules: BTreeSet::new(),
            statuses: BTreeMap::new(),
            leaks: BTreeSet::new(),
        }
    }

    /// Searches what a channel says.
    pub fn channel(&mut self, channel: Channel, what: &str, bytes: &[u8]) {
        let search = match channel {
            Channel::Body | Channel::Stdout => &self.everybody,
            _ => &self.private,
        };
        let leaks = searched(search, &mut self.seen, (channel, 0), bytes);
        self.note(channel, what, leaks);
    }

    /// Searches a document in every way in which it speaks.
    pub fn document(&mut self, (kind, reader): (&str, Reader), what: &str, pdf: &[u8]) {
        *self.documents.entry(kind.to_owned()).or_default() += 1;
        // The same file again, from a repeat or a second reading.
        let leaks = self.leaks.len();
        let key = key_of(&(reader, pdf));
        if self.seen.contains(&key) {
            return;
        }
        let mut parts = paper::parts(pdf).unwrap_or_else(|fault| panic!("{what}: {fault}"));
        parts.extend(super::reader::parts(pdf));
        for part in parts {
            let search = self.readers.get(&reader).unwrap_or(&self.everybody);
            let as_read = (part.channel, 1 + reader as u8);
            let found = searched(search, &mut self.seen, as_read, &part.bytes);
            self.note(part.channel, what, found);
        }
        if self.leaks.len() == leaks {
            self.seen.insert(key);
        }
    }

    fn note(&mut self, channel: Channel, what: &str, found: BTreeSet<Found>) {
        *self.searched.entry(channel).or_default() += 1;
        let leaks = found.into_iter();
        self.leaks.extend(leaks.map(|found| Leak { channel, what: what.to_owned(), found }));
    }

    /// Whether anything was searched in a channel.
    pub fn has_searched(&self, channel: Channel) -> bool {
        self.searched.contains_key(&channel)
    }

    /// The channels in which nothing at all was searched.
    pub fn silent(&self) -> Vec<Channel> {
        Channel::ALL.into_iter().filter(|channel| !self.has_searched(*channel)).collect()
    }
}

/// What is found in the bytes; bytes that were clean before are clean again.
fn searched(
    search: &Search,
    seen: &mut HashSet<u64>,
    (channel, reader): (Channel, u8),
    bytes: &[u8],
) -> BTreeSet<Found> {
    let key = key_of(&(matches!(channel, Channel::Body | Channel::Stdout), reader, bytes));
    if seen.contains(&key) {
        return BTreeSet::new();
    }
    let found = search.find(bytes);
    if found.is_empty() {
        seen.insert(key);
    }
    found
}

fn key_of(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

impl fmt::Display for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: usize = self.documents.values().sum();
        let places: usize = self.searched.values().sum();
        writeln!(f, "leak sweep")?;
        writeln!(
            f,
            "  canaries    {} planted, {} spellings of each reach",
            self.canaries,
            self.private.spellings()
        )?;
        writeln!(f, "  documents   {total}: {:?}", self.documents)?;
        writeln!(f, "  answers     by status {:?}", self.statuses)?;
        writeln!(
            f,
            "  rules       {} refused with canaries in play; not met: {}",
            self.rules.len(),
            super::unbroken(self).join(" ")
        )?;
        writeln!(
            f,
            "  channels    {} with {places} places searched, {} encodings in each",
            self.searched.len(),
            Encoding::ALL.len()
        )?;
        for (channel, count) in &self.searched {
            writeln!(f, "    {count:>6} {channel:?}")?;
        }
        for leak in &self.leaks {
            writeln!(
                f,
                "  LEAK {:?} {:?} in {:?}: {}",
                leak.found.field, leak.found.encoding, leak.channel, leak.what
            )?;
        }
        write!(f, "  {} found", self.leaks.len())
    }
}
