//! From a request to paper and back: generated orders and requests, every text that they print read
//! again from the signed bytes, by our own reader and for some by poppler's. The same seed makes the
//! same orders: `CHECK_ROUNDTRIPS` says how many (300 where it says nothing).

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Command;

use serde_json::{Value, json};
use spo::domain::judgement::OrderJudged;
use spo::domain::order::{Language, OrderKind};
use spo::domain::term::Locality;
use spo::render::{Format, UnsignedPdf};

use crate::harness::{Folder, Press, full, imprint, interim, marked, order_id, said, set};
use crate::outside::{skipped, squeezed};

#[tokio::test]
async fn roundtrip_of_every_text_from_request_to_paper() {
    let count = std::env::var("CHECK_ROUNDTRIPS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let (press, folder) = (Press::new(), Folder::new());
    let (mut equal, mut texts, mut pages, mut by_poppler, mut asked) = (0_u64, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for seed in 0..count {
        let case = Case::of(seed, &press);
        pages += case.unsigned.page_count();
        let bytes = press.signed(case.unsigned).await;
        let read = said(&bytes).structure;
        let lost = case.printed.lost_in(&read);
        texts += case.printed.count();
        equal += u64::from(lost.is_none());
        wrong.extend(lost.map(|lost| format!("{seed}: {lost}\n{:#}\n{read}", case.request)));
        if seed % (count / 40).max(1) == 0
            && let Some(read) = poppler(&bytes, &folder)
        {
            asked += 1;
            let columns = case.request["language"] == "bilingual";
            let lost = case.printed.in_plain_order(columns).missing_in(&read);
            by_poppler += u64::from(lost.is_none());
            wrong.extend(lost.map(|lost| format!("{seed}, by poppler: {lost}\n{read}")));
        }
    }
    let _ = writeln!(
        std::io::stderr(),
        "round trip: {equal} of {count} equal ({texts} texts on {pages} pages); by poppler \
         {by_poppler} of {asked}"
    );
    assert!(wrong.is_empty(), "{} lost, first: {}", wrong.len(), wrong[0]);
    assert_eq!((equal, by_poppler), (count, asked));
}

#[tokio::test]
async fn roundtrip_finds_what_is_lost_changed_or_out_of_order() {
    let press = Press::new();
    let case = Case::of(0, &press);
    let read = said(&press.signed(case.unsigned).await).structure;
    assert_eq!(case.printed.lost_in(&read), None);
    let (number, words) = &case.printed.terms[0];
    let without = read.replacen(&words[0], "", 1);
    assert!(case.printed.lost_in(&without).is_some());
    let renumbered = read.replacen(&format!("{number}\n"), "P99\n", 1);
    assert!(case.printed.lost_in(&renumbered).is_some());
    for anywhere in &case.printed.anywhere {
        assert!(case.printed.lost_in(&read.replace(anywhere, "")).is_some(), "{anywhere}");
    }
    let mut twisted = case.printed.clone();
    twisted.terms.reverse();
    assert!(twisted.terms.len() < 2 || twisted.lost_in(&read).is_some());
}

#[tokio::test]
async fn roundtrip_of_names_with_vowel_signs_that_run_from_right_to_left() {
    let press = Press::new();
    for name in ["بكِ", "مُحَمَّد", "عَبْدُ اللَّه", "שָׁלוֹם", "רִבְקָה"]
    {
        let request = set(interim(), "/respondent/given_names", name.into());
        let judged = press.judged(OrderKind::InterimOrder, &request);
        let plain = imprint(Language::En, Format::default());
        let composed = press.renderer.order(&judged.order, &plain).unwrap();
        let unsigned = marked(composed, &judged.order).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(said(&press.signed(unsigned).await).content.contains(name), "{name}");
    }
}

/// A document with all that it must say.
struct Case {
    request: Value,
    unsigned: UnsignedPdf,
    printed: Printed,
}

/// What is to be read again.
#[derive(Debug, Clone, Default)]
struct Printed {
    anywhere: Vec<String>,
    /// In this order: a number, then at once one of its texts, then the rest of them before the
    /// next number.
    terms: Vec<(String, Vec<String>)>,
}

impl Printed {
    fn count(&self) -> usize {
        self.anywhere.len() + self.terms.iter().map(|(_, words)| 1 + words.len()).sum::<usize>()
    }

    /// The first text that is not there or not in its place.
    fn lost_in(&self, read: &str) -> Option<String> {
        let text = squeezed(read);
        let starts = self.terms.iter().try_fold((0, Vec::new()), |(from, mut starts), term| {
            let starting = term.1.iter().take(2).filter_map(|words| {
                let whole = squeezed(&format!("{}{words}", term.0));
                text[from..].find(&whole)
            });
            let Some(at) = starting.min() else { return Err(format!("{term:?}")) };
            starts.push(from + at);
            Ok((from + at + term.0.len(), starts))
        });
        let starts = match starts {
            Ok((_, starts)) => starts,
            Err(lost) => return Some(lost),
        };
        for (place, (number, words)) in self.terms.iter().enumerate() {
            let end = starts.get(place + 1).copied().unwrap_or(text.len());
            let within = &text[starts[place]..end];
            if let Some(lost) = words.iter().find(|words| !within.contains(&squeezed(words))) {
                return Some(format!("{number}: {lost}"));
            }
        }
        self.missing_in(read)
    }

    /// Without the texts that hold a name which runs from right to left: poppler gives some of
    /// them in the order of paper. Beside other columns also without letters of India: a text that
    /// runs over a page's end is then whole in the structure alone, and there poppler reads
    /// glyphs, not what they stand for.
    fn in_plain_order(&self, columns: bool) -> Self {
        let turned = |letter: char| ('\u{590}'..='\u{8ff}').contains(&letter);
        let joined = |letter: char| columns && ('\u{900}'..='\u{d7f}').contains(&letter);
        let plain = |text: &String| !text.contains(|letter| turned(letter) || joined(letter));
        let terms = self.terms.iter().map(|(number, words)| {
            (number.clone(), words.iter().filter(|words| plain(words)).cloned().collect())
        });
        let anywhere = self.anywhere.iter().filter(|text| plain(text)).cloned().collect();
        Self { anywhere, terms: terms.collect() }
    }

    /// The first text that is nowhere.
    fn missing_in(&self, read: &str) -> Option<String> {
        let text = squeezed(read);
        let all = self.anywhere.iter().chain(self.terms.iter().flat_map(|(_, words)| words));
        all.into_iter().find(|words| !text.contains(&squeezed(words))).cloned()
    }
}

impl Case {
    /// The document of this seed: every fifth is a request to vary an order.
    fn of(seed: u64, press: &Press) -> Self {
        let mut chance = Chance::of(seed);
        let (kind, mut request) = match chance.below(2) {
            0 => (OrderKind::InterimOrder, interim()),
            _ => (OrderKind::FullOrder, full()),
        };
        let (language, spoken) = chance.pick(&LANGUAGES);
        request = set(request, "/language", language.into());
        people(&mut request, &mut chance);
        terms(&mut request, kind, &mut chance);
        let judged = press.judged(kind, &request);
        if seed % 5 == 4 {
            return Self::variation(press, &judged, (language, spoken), &mut chance);
        }
        let printed = printed(&request, &judged, spoken);
        let imprint = imprint(spoken, Format::default());
        let composed = press.renderer.order(&judged.order, &imprint).unwrap();
        let unsigned = marked(composed, &judged.order);
        let unsigned = unsigned.unwrap_or_else(|e| panic!("{seed}: {e}: {request:#}"));
        Self { request, unsigned, printed }
    }

    fn variation(
        press: &Press,
        judged: &OrderJudged,
        (language, spoken): (&str, Language),
        chance: &mut Chance,
    ) -> Self {
        let mut printed = Printed::default();
        let mut changes = Vec::new();
        for _ in 0..=chance.below(6) {
            let (text, reason) = (forbids(chance), chance.sentence());
            printed.anywhere.extend([text.clone(), reason.clone()]);
            let mut term = json!({ "text": text, "necessity": "A sample." });
            if language != "en" {
                let welsh = format!("Rhaid i chi beidio â: {}", chance.sentence());
                printed.anywhere.push(welsh.clone());
                term["welsh_text"] = welsh.into();
                if language == "cy" {
                    let place = printed.anywhere.iter().position(|t| *t == text).unwrap();
                    printed.anywhere.remove(place);
                }
            }
            changes.push(json!({ "op": "add", "type": "prohibition", "reason": reason,
                "term": term }));
        }
        let grounds = chance.sentence();
        printed.anywhere.push(grounds.clone());
        printed.anywhere.push(name(&judged.order.respondent));
        let request = json!({ "order_id": order_id().to_string(), "expected_version": 1,
            "kind": "vary", "applicant": { "capacity": "respondent" }, "made_on": "2026-11-18",
            "grounds": grounds, "changes": changes, "language": language });
        let asked = press.requested(judged, &request);
        let imprint = imprint(spoken, Format::default());
        let composed = press.renderer.variation(&asked, &judged.order, &imprint).unwrap();
        let unsigned = marked(composed, &judged.order);
        let unsigned = unsigned.unwrap_or_else(|e| panic!("{e}: {request:#}"));
        Self { request, unsigned, printed }
    }
}

/// Names, aliases, addresses, dates and references.
fn people(request: &mut Value, chance: &mut Chance) {
    let respondent = &mut request["respondent"];
    respondent["given_names"] = chance.name().into();
    respondent["family_name"] = chance.name().into();
    respondent["aliases"] = (0..chance.below(4)).map(|_| Value::from(chance.name())).collect();
    respondent["date_of_birth"] = chance.date(1950, 2000).into();
    let fixed = chance.below(3) > 0;
    let (home, other) =
        if fixed { ("address", "no_fixed_abode") } else { ("no_fixed_abode", "address") };
    respondent.as_object_mut().unwrap().remove(other);
    let lines: Vec<_> = (0..=chance.below(5)).map(|_| chance.words(1, 4)).collect();
    respondent[home] = match fixed {
        true => json!({ "lines": lines, "postcode": format!("ZZ99 {}XY", chance.below(10)) }),
        false => json!({ "found_at": lines.join(", ") }),
    };
    let person = json!({ "ref": "A", "name": chance.name() });
    let hidden =
        json!({ "ref": "B", "name": "Quillon Placeholder", "printed_as": chance.initials() });
    request["protected_persons"] = json!([person, hidden]);
    request["case"]["reference"] = format!("{}/{}", chance.letters(3), chance.below(99999)).into();
    request["hearing"]["bench"] = chance.words(2, 6).into();
    request["authorised_by"]["name"] = chance.name().into();
    if request["language"] != "en" {
        request["hearing"]["welsh_bench"] = chance.words(2, 6).into();
        if request["court"]["name"].is_string() {
            request["court"]["welsh_name"] = format!("Llys {}", chance.words(1, 3)).into();
        }
    }
}

/// Between 1 and 40 terms, from the library and free.
fn terms(request: &mut Value, kind: OrderKind, chance: &mut Chance) {
    let welsh = request["language"] != "en";
    let most = chance.pick(&[1, 3, 8, 20, 40]);
    let (mut forbidding, mut demanding) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for _ in 0..=chance.below(most - 1) {
        let mut term = match chance.below(3) {
            0 => library(chance, welsh),
            _ => free(chance, welsh),
        };
        // The same term twice is refused.
        if !seen.insert(format!("{}{}{}", term["clause"], term["values"], term["text"])) {
            continue;
        }
        term["necessity"] = "A sample.".into();
        if chance.below(4) == 0 {
            term["locality"] = json!({ "description": chance.words(1, 9) });
            if welsh {
                term["locality"]["welsh_description"] = chance.words(1, 9).into();
            }
        }
        if chance.below(4) == 0 {
            let ends = if kind == OrderKind::FullOrder { "2029-01-31" } else { "2027-01-10" };
            term["until"] = ends.into();
        }
        match term["text"].is_string() && chance.below(3) == 0 {
            true => demanding.push(term),
            false => forbidding.push(term),
        }
    }
    request["prohibitions"] = forbidding.into();
    request["requirements"] = demanding.into();
}

fn library(chance: &mut Chance, welsh: bool) -> Value {
    let (clause, values) = match chance.below(4) {
        0 => ("no-contact", json!({ "pp": "A", "exceptions": chance.sentence() })),
        1 => ("exclusion-area", json!({ "boundary": chance.words(2, 8) })),
        2 => ("no-entry-premises", json!({ "premises": chance.words(1, 5) })),
        _ => {
            let (distance, person) = (10 + chance.below(900), chance.pick(&["A", "B"]));
            ("keep-distance", json!({ "distance": distance, "pp": person }))
        }
    };
    let mut term = json!({ "clause": clause, "values": values });
    if welsh && clause != "keep-distance" {
        let mut values = values;
        values.as_object_mut().unwrap().remove("pp");
        for value in values.as_object_mut().unwrap().values_mut() {
            *value = chance.words(2, 8).into();
        }
        term["welsh_values"] = values;
    }
    term
}

fn free(chance: &mut Chance, welsh: bool) -> Value {
    let mut term = json!({ "text": forbids(chance) });
    if welsh {
        term["welsh_text"] = format!("Rhaid i chi beidio â: {}", chance.sentence()).into();
    }
    term
}

fn forbids(chance: &mut Chance) -> String {
    format!("You must not {} {}", chance.letters(6), chance.sentence())
}

/// What the order says to the person who reads it.
fn printed(request: &Value, judged: &OrderJudged, language: Language) -> Printed {
    let order = &judged.order;
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let bench = if language == Language::Cy { "/hearing/welsh_bench" } else { "/hearing/bench" };
    let pointers = [
        "/case/reference",
        "/authorised_by/name",
        "/protected_persons/0/name",
        "/protected_persons/1/printed_as",
        "/respondent/no_fixed_abode/found_at",
        "/respondent/address/postcode",
        bench,
    ];
    let mut anywhere: Vec<_> = pointers.into_iter().filter_map(text).collect();
    for list in ["/respondent/aliases", "/respondent/address/lines"] {
        let lines = request.pointer(list).and_then(Value::as_array).into_iter().flatten();
        anywhere.extend(lines.filter_map(Value::as_str).map(str::to_owned));
    }
    anywhere.push(name(&order.respondent));
    let born: jiff::civil::Date = text("/respondent/date_of_birth").unwrap().parse().unwrap();
    for day in [born, order.made_on] {
        anywhere.extend(dates(day, language));
    }
    Printed {
        anywhere,
        terms: order
            .terms
            .iter()
            .map(|term| {
                let welsh = term.welsh.as_ref().map_or(&term.text, |welsh| &welsh.text);
                let mut words = chosen(language, &term.text, welsh);
                if let Locality::Limited { description, welsh_description } = &term.locality {
                    let welsh = welsh_description.as_ref().unwrap_or(description);
                    words.extend(chosen(language, description, welsh));
                }
                words.extend(term.until.into_iter().flat_map(|day| dates(day, language)));
                (term.number.to_string(), words)
            })
            .collect(),
    }
}

fn name(respondent: &spo::domain::people::Respondent) -> String {
    format!("{} {}", respondent.given_names, respondent.family_name)
}

fn chosen(language: Language, english: &str, welsh: &str) -> Vec<String> {
    match language {
        Language::En => vec![english.to_owned()],
        Language::Cy => vec![welsh.to_owned()],
        Language::Bilingual => vec![welsh.to_owned(), english.to_owned()],
    }
}

fn dates(day: jiff::civil::Date, language: Language) -> Vec<String> {
    let say = |months: [&str; 12]| {
        let month = months[usize::try_from(day.month()).unwrap() - 1];
        format!("{} {month} {}", day.day(), day.year())
    };
    chosen(language, &say(MONTHS), &say(MISOEDD))
}

/// As poppler reads it; `None` where it is not installed, which is said.
fn poppler(bytes: &[u8], folder: &Folder) -> Option<String> {
    let file = folder.path().join("roundtrip.pdf");
    std::fs::write(&file, bytes).unwrap();
    let Ok(out) = Command::new("pdftotext").arg("-raw").arg(&file).arg("-").output() else {
        skipped("pdftotext");
        return None;
    };
    let painted = without_furniture(&String::from_utf8(out.stdout).unwrap());
    // Columns side by side that cross a page's end are painted a page at a time: what runs on in
    // one of them is together in the structure alone.
    let out = Command::new("pdfinfo").arg("-struct-text").arg(&file).output().unwrap();
    let tree = String::from_utf8(out.stdout).unwrap();
    let lines = tree.lines().map(str::trim).filter_map(|line| line.strip_prefix('"'));
    let read: String = lines.map(|line| line.strip_suffix('"').unwrap_or(line)).collect();
    Some(painted + "\n" + &read)
}

/// Without the lines that stand on every page, whatever their numbers: words that run on over a
/// page's end are then together.
fn without_furniture(read: &str) -> String {
    let plain = |line: &str| line.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let pages: Vec<&str> = read.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    let on_page = |page: &&str| page.lines().map(plain).collect::<BTreeSet<_>>();
    let common = pages.iter().map(on_page).reduce(|all, page| &all & &page).unwrap_or_default();
    let lines = pages.iter().flat_map(|page| page.lines());
    let kept = lines.filter(|line| pages.len() == 1 || !common.contains(&plain(line)));
    kept.collect::<Vec<_>>().join("\n")
}

/// Chance that comes out the same: SplitMix64.
struct Chance(u64);

impl Chance {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x005B_0A11)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `most`; 0 where that is 0.
    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most.max(1) as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| self.pick(b"ABCDEFGHJKLMNPQRSTUVWXYZ") as char).collect()
    }

    fn initials(&mut self) -> String {
        format!("{}.{}.", self.letters(1), self.letters(1))
    }

    /// A name in the letters of one of many languages: of one letter, as usual, or very long.
    fn name(&mut self) -> String {
        if self.below(4) == 0 {
            return self.name_of_syllables();
        }
        let letters: Vec<char> = self.pick(&ALPHABETS).chars().collect();
        let length = self.pick(&[1, 2, 5, 7, 9, 12, 30, 100]);
        let mut name: Vec<char> = (0..length).map(|_| self.pick(&letters)).collect();
        for at in (8..name.len().saturating_sub(1)).step_by(9) {
            name[at] = self.pick(&[' ', '-', '’']);
        }
        // Some letters have no capital of their own.
        let mut capital = name[0].to_uppercase();
        if let (Some(first), None) = (capital.next(), capital.next()) {
            name[0] = first;
        }
        name.into_iter().collect()
    }

    /// A name in a script that is shaped or runs from right to left: whole syllables, so that each
    /// sign has what it stands on.
    fn name_of_syllables(&mut self) -> String {
        let syllables: Vec<&str> = self.pick(&SYLLABLES).split(' ').collect();
        let words = 1 + self.below(3);
        let word = |chance: &mut Self| {
            (0..=chance.below(6)).map(|_| chance.pick(&syllables)).collect::<String>()
        };
        (0..words).map(|_| word(self)).collect::<Vec<_>>().join(" ")
    }

    fn words(&mut self, least: usize, most: usize) -> String {
        let count = least + self.below(most - least + 1);
        let words: Vec<_> = (0..count).map(|_| self.word()).collect();
        cut(&words.join(" "), 190)
    }

    fn word(&mut self) -> String {
        match self.below(6) {
            0 => self.name(),
            1 => format!("{}", self.below(2000)),
            _ => self.pick(&WORDS).to_owned(),
        }
    }

    /// From one word to as many as a reason may have.
    fn sentence(&mut self) -> String {
        let most = self.pick(&[1, 6, 15, 40, 120, 300]);
        let words: Vec<_> = (0..=self.below(most)).map(|_| self.word()).collect();
        cut(&words.join(" "), 1990) + "."
    }

    fn date(&mut self, from: usize, to: usize) -> String {
        let year = from + self.below(to - from);
        format!("{year}-{:02}-{:02}", 1 + self.below(12), 1 + self.below(28))
    }
}

/// So many letters at most.
fn cut(words: &str, most: usize) -> String {
    words.chars().take(most).collect::<String>().trim_end().to_owned()
}

const LANGUAGES: [(&str, Language); 5] = [
    ("en", Language::En),
    ("en", Language::En),
    ("en", Language::En),
    ("cy", Language::Cy),
    ("bilingual", Language::Bilingual),
];

/// Letters of names: English, Welsh, Polish, Vietnamese, Greek, Cyrillic, and others of Latin.
const ALPHABETS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "abcdefghilmnoprstuwyâêîôûŵŷáéíóúẃýäëïöüẅÿ",
    "aąbcćdeęfghijklłmnńoóprsśtuwyzźż",
    "aăâbcdđeêghiklmnoôơpqrstuưvxyạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋΐΰς",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґ",
    "abcčdďeéěfghiíjklmnňoópqrřsštťuúůvwxyýzžåæøœßñçğışșț",
    "aiuàèìòùãõāēīōūőű",
];

/// Syllables of names: Arabic, Urdu, Hebrew, Bengali, Gurmukhi, Devanagari, Gujarati, Tamil, and
/// Chinese characters. Letters join and change their shape, vowels stand before, above and below.
const SYLLABLES: [&str; 9] = [
    "نو ر مح مد لا سا رة علي ي ب كِ تَ ؤ ئ",
    "فا ط مہ ن گ پ ٹی ڈ ے چو ژ ھ ں لا",
    "ש ר ה מי כ אל נו ת ן ף שׁ",
    "ক কি কে কো ক্ষ র্ক জ্ঞ ন্দ্র স্ত্রী য় কং রু আ ই",
    "ਸਿੰ ਘ ਗੁ ਰ ਪ੍ਰੀ ਤ ਕੌ ਮ ਨ੍ਹਾ ਊ ਜੀ",
    "क कि र्की क्ष त्रि शृ द्ध हीं म जो इ ण",
    "ક કિ ર્ક ક્ષ જ્ઞા ત્ર શ્રી પે ણ ઇ",
    "க கி கெ கொ கௌ க்ஷ ஸ்ரீ ன் லை மு ற",
    "王 李 张 陈 明 小 华 美 玲 國 龍 麗",
];

const WORDS: [&str; 32] = [
    "go",
    "near",
    "the",
    "market",
    "at",
    "any",
    "time",
    "between",
    "river",
    "and",
    "old",
    "mill",
    "(north",
    "side)",
    "“home”",
    "she",
    "hasn’t",
    "seen",
    "§",
    "5(1)",
    "50%",
    "£20",
    "a/b",
    "co-op",
    "first,",
    "second;",
    "office",
    "affluent",
    "fjord",
    "To",
    "AV",
    "Tŷ’r",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const MISOEDD: [&str; 12] = [
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
];
