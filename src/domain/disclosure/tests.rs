//! The search held against itself: what is planted is found, what is ordinary is not.

use proptest::prelude::*;

use super::*;

fn hidden(values: &[&str]) -> Vec<Sensitive> {
    values.iter().map(|value| Sensitive::new(*value)).collect()
}

fn person() -> Confidences {
    Confidences {
        reference: 'A',
        hidden_name: Some(Sensitive::new("Angharad May Cuddiedig-Sample")),
        addresses: hidden(&["17 Hidden Haven, Otley", "Flat 2, 8 Secret Court, Barry ZZ99 5AA"]),
        postcodes: hidden(&["ZZ99 7WZ"]),
        phones: hidden(&["07700 900123", "+44 7700 900456"]),
        emails: hidden(&["angharad@mail.example", "ac@mail.example"]),
        places: hidden(&["Sunnybank Infant School", "Harbour Dental Practice"]),
    }
}

fn secrets() -> Secrets {
    let names = ["Rhodri Testament", "Ffug-Sample"];
    Secrets::of(&[person()], &names, &|word| word == "order")
}

fn what(text: &str) -> Option<Kind> {
    secrets().in_text(text).map(|found| found.what)
}

#[test]
fn each_value_is_found_whole() {
    for (text, kind) in [
        ("near 17 Hidden Haven, Otley today", Kind::Address),
        ("at ZZ99 7WZ", Kind::Postcode),
        ("call 07700 900123", Kind::Phone),
        ("write to ac@mail.example now", Kind::Email),
        ("the Sunnybank Infant School gate", Kind::Place),
        ("Angharad May Cuddiedig-Sample", Kind::Name),
    ] {
        assert_eq!(what(text), Some(kind), "{text}");
    }
}

#[test]
fn a_finding_names_the_person_and_never_the_value() {
    let found = secrets().in_text("ZZ99 7WZ").unwrap();
    assert_eq!(found, Disclosure { person: Some('A'), what: Kind::Postcode });
    let shown = format!("{:?} {found:?}", secrets());
    assert!(!shown.to_lowercase().contains("zz99") && !shown.contains("Hidden"));
}

#[test]
fn the_house_number_with_its_street_is_found_alone() {
    assert_eq!(what("go to 17, Hidden Haven"), Some(Kind::Address));
    assert_eq!(what("go to 8 SECRET COURT"), Some(Kind::Address));
    for other in ["117 Hidden Haven", "7 Hidden Haven", "Hidden Haven", "17", "Otley", "Barry"] {
        assert_eq!(what(other), None, "{other}");
    }
}

#[test]
fn each_full_postcode_is_found_alone_also_from_within_an_address() {
    assert_eq!(what("the area ZZ995AA."), Some(Kind::Postcode));
    assert_eq!(what("zz99-7wz"), Some(Kind::Postcode));
    assert_eq!(what("the ZZ99 area"), None);
    assert_eq!(what("ZZ99 7W"), None);
}

#[test]
fn a_phone_is_found_by_its_last_nine_digits() {
    for text in ["0044 (0)7700 900123", "+447700900456", "7 0 0 9 0 0 1 2 3"] {
        assert_eq!(what(text), Some(Kind::Phone), "{text}");
    }
    assert_eq!(what("07700 900124"), None);
    assert_eq!(what("900123"), None);
}

#[test]
fn an_email_is_found_by_a_local_part_of_five_or_more() {
    assert_eq!(what("the user ANGHARAD"), Some(Kind::Name));
    let mut person = person();
    person.hidden_name = None;
    let secrets = Secrets::of(&[person], &[], &|_| false);
    let found = |text| secrets.in_text(text).map(|found: Disclosure| found.what);
    assert_eq!(found("the user Angharad on any app"), Some(Kind::Email));
    assert_eq!(found("angharadus"), None);
    assert_eq!(found("the ac unit"), None);
}

#[test]
fn parts_of_a_hidden_name_are_found_as_whole_words() {
    assert_eq!(what("Ms CUDDIEDIG said"), Some(Kind::Name));
    assert_eq!(what("angharad's bus"), Some(Kind::Name));
    assert_eq!(what("Angharad’s bus"), Some(Kind::Name));
    assert_eq!(what("Angharadine"), None);
}

#[test]
fn the_respondents_own_names_and_common_words_are_no_parts() {
    assert_eq!(what("Rhodri Testament Ffug-Sample"), None);
    assert_eq!(what("Mr Sample"), None);
    assert_eq!(what("on 3 May 2027"), None, "a month's name");
}

#[test]
fn a_family_name_with_a_hyphen_that_the_respondent_bears_is_no_part() {
    let person = Confidences {
        reference: 'A',
        hidden_name: Some(Sensitive::new("Siân Ffug-Example")),
        ..Confidences::default()
    };
    let secrets = Secrets::of(&[person], &["Rhodri", "Ffug-Example"], &|_| false);
    assert_eq!(secrets.in_text("Ffug-Example"), None);
    assert_eq!(secrets.in_text("Rhodri Ffug‑Example"), None);
    assert!(secrets.in_text("Siân").is_some() && secrets.in_text("Siân Ffug-Example").is_some());
}

#[test]
fn generic_words_and_bare_numbers_never_match_alone() {
    let mut person = Confidences { reference: 'B', ..Confidences::default() };
    person.places = hidden(&["school", "order", "website", "12", "Otley", "West Yorkshire"]);
    person.addresses = hidden(&["Milton Keynes"]);
    person.phones = hidden(&["101"]);
    person.hidden_name = Some(Sensitive::new("May"));
    let secrets = Secrets::of(&[person], &[], &|word| ["school", "order"].contains(&word));
    assert!(secrets.is_empty(), "{secrets:?}");
}

#[test]
fn a_name_that_is_the_respondents_too_is_not_searched_for() {
    let person = Confidences {
        reference: 'B',
        hidden_name: Some(Sensitive::new("Rhodri Sample")),
        ..Confidences::default()
    };
    let secrets = Secrets::of(&[person], &["Rhodri", "Sample"], &|_| false);
    assert_eq!(secrets.in_text("Rhodri Sample"), None);
}

#[test]
fn ordinary_words_of_an_order_are_not_flagged() {
    for text in [
        "You must not contact A.C.S. by any means. This does not stop a solicitor's letter.",
        "You must not enter or remain in the area bounded by Sample Street and Haven Road, Otley.",
        "You must attend Example Court Police Station between 5pm and 7pm, every Monday.",
        "1 Example Quay, Barry, ZZ99 3VZ",
        "The hidden camera and the dental practice on the school road near the harbour.",
        "Page 1 of 3, case 62CY0007726, 2600005678, made on 17 November 2026",
        "Rhaid i chi beidio â chysylltu ag A.C.S. mewn unrhyw fodd.",
    ] {
        assert_eq!(what(text), None, "{text}");
    }
}

#[test]
fn no_word_of_the_clause_library_counts_as_part_of_a_name() {
    let mut text = String::new();
    for clause in Library::builtin().clauses() {
        text.push_str(&clause.words);
        text.push(' ');
    }
    let person = Confidences {
        reference: 'A',
        hidden_name: Some(Sensitive::new("Post Device Assessment")),
        ..Confidences::default()
    };
    let secrets = Secrets::of(&[person], &[], &|_| false);
    assert_eq!(secrets.in_text(&text), None);
}

#[test]
fn raw_bytes_give_values_away_in_every_encoding() {
    let secrets = secrets();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    for text in ["17 Hidden Haven", "zz99 7wz", "sunnybank INFANT school", "07700900123"] {
        let around = format!("<< /Title ({text}) >>");
        assert!(secrets.in_raw(around.as_bytes()).is_some(), "{text}");
        assert!(secrets.in_raw(&utf16(&around)).is_some(), "{text} in UTF-16");
    }
    assert_eq!(secrets.in_raw(b"0.2 7 0 0.9 0 01 23 re 700.9 001 23.5 m 700\n900\n123 w"), None);
    assert_eq!(secrets.in_raw(b""), None);
    assert_eq!(secrets.in_raw(b"117 Hidden Haven"), None);
}

#[test]
fn raw_bytes_give_away_letters_beyond_ascii() {
    let person = Confidences {
        reference: 'C',
        places: hidden(&["Tŷ Cuddiedig Ysgol", "École Masquée"]),
        ..Confidences::default()
    };
    let secrets = Secrets::of(&[person], &[], &|_| false);
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    for text in ["Tŷ Cuddiedig Ysgol", "TŶ CUDDIEDIG YSGOL", "École Masquée"] {
        assert!(secrets.in_raw(text.as_bytes()).is_some(), "{text}");
        assert!(secrets.in_raw(&utf16(text)).is_some(), "{text} in UTF-16");
    }
    assert!(secrets.in_raw(b"(\xc9cole Masqu\xe9e)").is_some());
}

#[test]
fn values_of_fewer_than_six_characters_are_not_searched_for_in_raw_bytes() {
    let person =
        Confidences { reference: 'C', places: hidden(&["Zzyx"]), ..Confidences::default() };
    let secrets = Secrets::of(&[person], &[], &|_| false);
    assert_eq!(secrets.in_raw(b"Zzyx"), None);
    assert!(secrets.in_text("the Zzyx gate").is_some());
}

/// The ways in which a value may be written and still be read.
fn disguise(value: &str, way: usize) -> String {
    match way {
        0 => value.to_owned(),
        1 => value.chars().flat_map(|c| [c, ' ']).collect(),
        2 => value.to_uppercase(),
        3 => value.to_lowercase(),
        4 => value.chars().map(wide).collect(),
        5 => value.chars().flat_map(|c| [c, '\u{200b}']).collect(),
        6 => value.replace(' ', "-"),
        _ => value.replace(' ', "\n"),
    }
}

/// The full-width form of a character.
fn wide(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
        c => c,
    }
}

/// Words of three letters or more in the scripts of the names that courts write.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{2,8}",
        "[A-ZÀ-ÖØ-ÞĀĆČĐĒĘĞĪŁŃŐŘŚŞŠŪŴŶŹŻŽȘȚ][a-zà-öø-þāćčđēęğīłńőřśşšūŵŷźżžșț]{2,8}",
        "[ĂÂĐÊÔƠƯẢẠẤỄỈỌỒỢỦỮỲ][aăâđêôơưảạấễỉọồợủữỳ]{2,8}",
        "[Α-ΡΣ-ΩΆΈΉΌ][α-ωάέήίόύώ]{2,8}",
        "[А-ЯЁЄІЇҐЂЈЉ][а-яёєіїґђјљ]{2,8}",
        "[Ŵŵ][a-z]{0,3}(-|’)?[Éé][a-zé]{2,4}",
    ]
}

/// A word as it may come back from a request or a finished file.
fn form(word: &str, form: usize) -> String {
    use unicode_normalization::UnicodeNormalization;
    match form {
        0 => word.nfc().collect(),
        1 => word.nfd().collect(),
        2 => word.to_uppercase(),
        3 => word.to_lowercase(),
        _ => word.to_uppercase().nfd().collect(),
    }
}

#[test]
fn a_hidden_name_that_begins_beyond_ascii_is_found() {
    for (name, text) in [
        ("Zofia Łucka", "You must not speak of Łucka"),
        ("Élodie Masquée", "You must not write to Élodie."),
        ("Carys Ŵyrion", "(Ŵyrion)"),
        ("Carys W\u{302}yrion", "You must not speak of Ŵyrion"),
        ("Ольга Тестова", "Тестова"),
    ] {
        let person = Confidences {
            reference: 'A',
            hidden_name: Some(Sensitive::new(name)),
            ..Confidences::default()
        };
        let secrets = Secrets::of(&[person], &[], &|_| false);
        assert!(secrets.in_text(text).is_some(), "{name}");
    }
}

proptest! {
    #[test]
    fn any_part_of_a_hidden_name_is_found_as_a_word(
        part in word(),
        as_named in 0_usize..5,
        as_written in 0_usize..5,
        before in "[A-Za-zéŷ ]{0,8}[ (\\[“‘\"—/.,\n]",
        after in "[ )\\]”’\",.;:?!—/\n][A-Za-zéŷ ]{0,8}",
    ) {
        let name = format!("Qqx {}", form(&part, as_named));
        let person = Confidences {
            reference: 'A', hidden_name: Some(Sensitive::new(name)), ..Confidences::default()
        };
        let secrets = Secrets::of(&[person], &[], &|_| false);
        let known = words(&part, is_hyphen).iter().chain(&words(&part, |_| false))
            .all(|word| COMMON.contains(word.as_str()));
        prop_assume!(!known);
        let text = format!("{before}{}{after}", form(&part, as_written));
        prop_assert!(secrets.in_text(&text).is_some(), "{}", text);
    }

    #[test]
    fn a_planted_value_is_found_however_it_is_written(
        which in 0_usize..7,
        way in 0_usize..8,
        before in "[A-Za-z ,.]{0,20}",
        after in "[A-Za-z ,.]{0,20}",
    ) {
        let values = ["17 Hidden Haven", "ZZ99 7WZ", "07700 900123", "angharad@mail.example",
            "Sunnybank Infant School", "Angharad May Cuddiedig-Sample", "8 Secret Court"];
        let text = format!("{before} {} {after}", disguise(values[which], way));
        prop_assert!(secrets().in_text(&text).is_some(), "{}", text);
    }

    #[test]
    fn any_address_is_found_by_its_number_and_street(
        number in 1_u16..999,
        street in "[A-Z][a-z]{3,9} (Road|Street|Lane|Haven)",
        town in "[A-Z][a-z]{3,9}",
    ) {
        let address = format!("{number} {street}, {town}");
        let person = Confidences {
            reference: 'D', addresses: hidden(&[&address]), ..Confidences::default()
        };
        let secrets = Secrets::of(&[person], &[], &|_| false);
        let whole = format!("near {number} {street} by day");
        let other = format!("near {}{number} {street} by day", 1);
        let elsewhere = format!("near {street}, {town} by day");
        prop_assert!(secrets.in_text(&whole).is_some());
        prop_assert!(secrets.in_text(&other).is_none());
        prop_assert!(secrets.in_text(&elsewhere).is_none());
        prop_assert!(secrets.in_raw(whole.as_bytes()).is_some());
    }

    #[test]
    fn no_value_and_no_text_make_the_search_fall(
        value in any::<String>(),
        text in any::<String>(),
        raw in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let person = Confidences {
            reference: 'E',
            hidden_name: Some(Sensitive::new(value.as_str())),
            addresses: hidden(&[&value]),
            postcodes: hidden(&[&value]),
            phones: hidden(&[&value]),
            emails: hidden(&[&value, &format!("{value}@{value}")]),
            places: hidden(&[&value]),
        };
        let secrets = Secrets::of(&[person], &[&text], &|_| false);
        let _ = secrets.in_text(&text);
        let _ = secrets.in_text(&format!("{text}{value}{text}"));
        let _ = (secrets.in_raw(&raw), secrets.in_raw(value.as_bytes()));
    }
}
