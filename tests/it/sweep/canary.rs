//! The canaries: for each confidential field a value that stands nowhere else in the world, plainly
//! invented, and of the shape that the field asks for.
//!
//! Which fields are confidential is read from the published schema (`field.rs`), so that a new one
//! stops the sweep until [`value`] knows what to put there.

use super::spelling::folded;

/// A value that must be found in no channel that is kept from it.
#[derive(Debug, Clone)]
pub struct Canary {
    /// Where it was planted, for a report.
    pub field: String,
    /// The value whole, and what of it gives it away alone: contract, section 3.
    pub parts: Vec<String>,
}

impl Canary {
    /// A value with what of it is searched for alone.
    pub fn new(field: impl Into<String>, parts: impl IntoIterator<Item = String>) -> Self {
        let mut all: Vec<String> = parts.into_iter().filter(|part| tells(part)).collect();
        all.sort();
        all.dedup();
        let field = field.into();
        assert!(!all.is_empty(), "{field}: nothing to search for");
        Self { field, parts: all }
    }
}

/// Whether a part is long enough to stand for its value.
fn tells(part: &str) -> bool {
    folded(part).chars().count() >= super::spelling::SHORTEST
}

/// A value of that kind, the same for the same number, and its canary.
pub fn value(kind: &str, number: u64) -> (String, Canary) {
    let mut made = Chance(number.wrapping_mul(977).wrapping_add(seed(kind)));
    let (value, parts) = match kind {
        "addresses" => address(&mut made),
        "postcodes" => whole(postcode(&mut made)),
        "phones" => phone(&mut made),
        "emails" => email(&mut made),
        "places" => whole(format!("{} {} Nursery", made.word(), made.word())),
        "name" => name(&mut made, number),
        "necessity" => necessity(&mut made),
        other => panic!("a confidential field without a canary: {other}"),
    };
    let canary = Canary::new(format!("{kind} {number}"), parts);
    (value, canary)
}

fn whole(value: String) -> (String, Vec<String>) {
    (value.clone(), vec![value])
}

/// A house with its street, which give it away without the town; every other one ends in a
/// postcode.
fn address(made: &mut Chance) -> (String, Vec<String>) {
    let street = format!("{} {} Wynd", 11 + made.below(88), made.word());
    let postcode = postcode(made);
    let value = format!("{street}, Otley, {postcode}");
    (value.clone(), vec![value, street, postcode])
}

/// Of the district that is given to nobody.
fn postcode(made: &mut Chance) -> String {
    let letters = b"ABDEFGHJLNPQRSTUWXYZ";
    let mut letter = || char::from(letters[made.below(20) as usize]);
    let (one, two) = (letter(), letter());
    format!("ZZ99 {}{one}{two}", made.below(10))
}

/// Of the numbers that are kept for stories.
fn phone(made: &mut Chance) -> (String, Vec<String>) {
    let end = 100 + made.below(900);
    let value = format!("07700 900{end}");
    let last_nine = format!("700900{end}");
    (value.clone(), vec![value, last_nine])
}

fn email(made: &mut Chance) -> (String, Vec<String>) {
    let local = format!("{}.{}", made.word(), made.word()).to_lowercase();
    let value = format!("{local}@example.test");
    (value.clone(), vec![value, local])
}

/// Two given names and a double one; every other has letters beyond ASCII.
fn name(made: &mut Chance, number: u64) -> (String, Vec<String>) {
    let mut words = [made.word(), made.word(), made.word(), made.word()];
    if number.is_multiple_of(2) {
        words[0] = format!("{}\u{175}yn", words[0]);
        words[3] = format!("\u{141}{}", words[3].to_lowercase());
    }
    let value = format!("{} {} {}-{}", words[0], words[1], words[2], words[3]);
    (value.clone(), words.into_iter().chain([value]).collect())
}

fn necessity(made: &mut Chance) -> (String, Vec<String>) {
    let (one, two) = (made.word(), made.word());
    let value = format!("Was seen with {one} {two} by night.");
    (value, vec![format!("{one} {two}"), one, two])
}

fn seed(kind: &str) -> u64 {
    kind.bytes().fold(11_u64, |seed, byte| seed.wrapping_mul(131) + u64::from(byte))
}

/// Numbers that look like chance and are the same in each run (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// A word of ten letters that can be said and stands in no dictionary.
    fn word(&mut self) -> String {
        let (firsts, vowels) = (b"bcdfgjklmnpqrstvwxz", b"aeiouy");
        let mut word = String::new();
        for _ in 0..5 {
            word.push(char::from(firsts[self.below(19) as usize]));
            word.push(char::from(vowels[self.below(6) as usize]));
        }
        word[..1].to_uppercase() + &word[1..]
    }
}
