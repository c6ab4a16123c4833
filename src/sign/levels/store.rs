//! The document security store: certificates, OCSP responses and CRLs inside the file, so that it
//! can be judged when nobody answers any more. ETSI EN 319 142-1, clause 5.4.2.

use super::base::{Base, Placed, references};
use super::revision::{Revision, array};
use super::{LevelError, prove};
use crate::digest::hex;
use crate::sign::dictionary::{Dictionary, Value};

/// What proves, each in DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Material {
    pub certificates: Vec<Vec<u8>>,
    pub ocsps: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
}

impl Material {
    /// Adds what is not yet in it.
    pub fn join(&mut self, other: &Self) {
        let pairs = [
            (&mut self.certificates, &other.certificates),
            (&mut self.ocsps, &other.ocsps),
            (&mut self.crls, &other.crls),
        ];
        for (mine, theirs) in pairs {
            for one in theirs {
                if !mine.contains(one) {
                    mine.push(one.clone());
                }
            }
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(list, _)| list.is_empty())
    }

    /// Bytes of all in it.
    pub fn len(&self) -> usize {
        self.lists().iter().flat_map(|(list, _)| list.iter()).map(Vec::len).sum()
    }

    /// Each list with its keys: in the store, and in an entry for one signature.
    const fn lists(&self) -> [(&Vec<Vec<u8>>, [&'static str; 2]); 3] {
        [
            (&self.certificates, ["Certs", "Cert"]),
            (&self.ocsps, ["OCSPs", "OCSP"]),
            (&self.crls, ["CRLs", "CRL"]),
        ]
    }
}

/// The file with a revision that holds the material of its signatures; `None` where all of it
/// stands there already. What stands in a store stays, and an entry for a signature is written
/// once.
///
/// # Errors
/// [`LevelError::Form`] where the file is not of our form; [`LevelError::Proof`] where the product
/// fails its proof.
pub fn grown(bytes: &[u8], material: &[(Placed, Material)]) -> Result<Option<Vec<u8>>, LevelError> {
    let base = Base::read(bytes)?;
    let catalog = base.dictionary(base.root()?)?;
    let standing = Standing::read(&base, &catalog)?;
    let mut revision = Revision::of(&base)?;
    let mut growing = Growing { standing, grew: false };
    let mut entries = Vec::new();
    for (placed, material) in material {
        let key = entry_key(bytes, placed)?;
        let refers = growing.take(&mut revision, material);
        if !growing.standing.entries.iter().any(|(known, _)| *known == key) {
            entries.push((key, entry(&refers)));
        }
    }
    if !growing.grew && entries.is_empty() {
        return Ok(None);
    }
    for (key, content) in entries {
        let number = revision.reserve();
        revision.object(number, content.as_bytes());
        growing.standing.entries.push((key, format!("{number} 0 R")));
    }
    growing.standing.write(&mut revision, &base, &catalog)?;
    let after = revision.finish()?;
    prove(bytes, &after)?;
    Ok(Some(after))
}

/// What the file's store holds.
///
/// # Errors
/// [`LevelError::Form`] where the file is not of our form.
pub fn held(bytes: &[u8]) -> Result<Material, LevelError> {
    let base = Base::read(bytes)?;
    let catalog = base.dictionary(base.root()?)?;
    let all = Standing::read(&base, &catalog)?.lists;
    let [certificates, ocsps, crls] =
        all.map(|list| list.into_iter().map(|(_, der)| der).collect());
    Ok(Material { certificates, ocsps, crls })
}

/// The key of a signature's entry: SHA-1, in capitals, of the whole string in `/Contents`.
/// ISO 32000-2, 12.8.4.4. A name for a place, no protection.
fn entry_key(bytes: &[u8], placed: &Placed) -> Result<String, LevelError> {
    use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
    let padded = placed.contents(bytes)?.padded;
    Ok(hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, &padded).as_ref()).to_ascii_uppercase())
}

fn entry(refers: &[Vec<u32>; 3]) -> String {
    let mut out = String::from("<</Type/VRI");
    for ((_, [_, key]), numbers) in Material::default().lists().iter().zip(refers) {
        if !numbers.is_empty() {
            out.push_str(&format!("/{key}{}", array(numbers)));
        }
    }
    out + ">>"
}

/// The store as it stands, with the number of each piece.
struct Standing {
    /// None where the file has no store yet.
    number: Option<u32>,
    lists: [Vec<(u32, Vec<u8>)>; 3],
    /// Keys and values of `/VRI`, values as written.
    entries: Vec<(String, String)>,
}

struct Growing {
    standing: Standing,
    grew: bool,
}

impl Growing {
    /// Writes what does not stand yet; gives the numbers of all of it, list by list.
    fn take(&mut self, revision: &mut Revision<'_>, material: &Material) -> [Vec<u32>; 3] {
        let mut numbers = [Vec::new(), Vec::new(), Vec::new()];
        for (place, (list, _)) in material.lists().into_iter().enumerate() {
            for der in list {
                let known = self.standing.lists[place].iter().find(|(_, known)| known == der);
                let number = known.map_or_else(|| revision.stream(der), |(number, _)| *number);
                if known.is_none() {
                    self.standing.lists[place].push((number, der.clone()));
                    self.grew = true;
                }
                numbers[place].push(number);
            }
        }
        numbers
    }
}

impl Standing {
    fn read(base: &Base<'_>, catalog: &Dictionary) -> Result<Self, LevelError> {
        let mut standing =
            Self { number: None, lists: [Vec::new(), Vec::new(), Vec::new()], entries: Vec::new() };
        let Some(number) = catalog.reference("DSS") else {
            return match catalog.value("DSS") {
                None => Ok(standing),
                Some(_) => Err(LevelError::Form("its security store")),
            };
        };
        let store = base.dictionary(number)?;
        standing.number = Some(number);
        for (place, (_, [key, _])) in Material::default().lists().iter().enumerate() {
            for piece in references(store.array(key).unwrap_or_default())? {
                standing.lists[place].push((piece, base.stream(piece)?.to_vec()));
            }
        }
        if let Some(Value::Dictionary(entries)) = store.value("VRI") {
            for (key, place) in entries.entries() {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                standing.entries.push((text(key), text(&base.bytes[place.clone()])));
            }
        }
        Ok(standing)
    }

    /// Writes the store; the first time also the catalog that names it.
    fn write(
        &self,
        revision: &mut Revision<'_>,
        base: &Base<'_>,
        catalog: &Dictionary,
    ) -> Result<(), LevelError> {
        let number = self.number.unwrap_or_else(|| revision.reserve());
        let mut out = String::from("<</Type/DSS");
        for ((_, [key, _]), list) in Material::default().lists().iter().zip(&self.lists) {
            let numbers: Vec<u32> = list.iter().map(|(number, _)| *number).collect();
            if !numbers.is_empty() {
                out.push_str(&format!("/{key}{}", array(&numbers)));
            }
        }
        out.push_str("/VRI<<");
        for (key, value) in &self.entries {
            out.push_str(&format!("/{key} {value}"));
        }
        out.push_str(">>>>");
        revision.object(number, out.as_bytes());
        if self.number.is_some() {
            return Ok(());
        }
        if catalog.value("Extensions").is_some() {
            return Err(LevelError::Form("it has extensions already"));
        }
        let entries = [("DSS", format!("{number} 0 R")), ("Extensions", EXTENSIONS.to_owned())];
        let content = revision.with(catalog, &entries);
        revision.object(base.root()?, &content);
        Ok(())
    }
}

/// That the file uses what ISO 32000-1 does not know. ETSI TS 102 778-4, annex A; ISO 32000-1,
/// 7.12.
const EXTENSIONS: &str = "<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>";
