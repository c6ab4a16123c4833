//! Documents made by chance: every element, words of any length, in every size of print.

use std::fmt::Write;

use proptest::prelude::*;

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-zA-Zŵŷłąễ]{1,11}[.,;:]?",
        1 => "[0-9]{1,4}",
        1 => "[A-Za-z]{100}",
    ]
}

fn words(longest: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..longest).prop_map(|words| words.join(" "))
}

/// A heading's words, with a very long one now and then.
fn heading() -> impl Strategy<Value = String> {
    let long = prop_oneof![5 => Just(String::new()), 1 => "[A-Za-z]{100}"];
    ("[A-ZŴ][a-zŵŷ]{1,11}( [a-z]{1,11}){0,9}", long).prop_map(|(words, long)| words + &long)
}

/// What stands on each page are the layouts' words: never longer than two lines.
const FURNITURE: &str = "[A-ZŴ][a-zŵŷ]{1,11}( [a-z]{1,11}){0,5}";

fn joined(parts: Vec<String>) -> String {
    parts.concat()
}

fn several(part: impl Strategy<Value = String>, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(part, 1..most).prop_map(joined)
}

fn element(
    name: &'static str,
    inner: impl Strategy<Value = String> + 'static,
) -> BoxedStrategy<String> {
    inner.prop_map(move |inner| format!("<{name}>{inner}</{name}>")).boxed()
}

fn pair(name: &'static str, longest: usize) -> impl Strategy<Value = String> {
    (words(longest), words(longest)).prop_map(move |(one, other)| {
        format!(
            "<pair><{name} lang=\"cy\">{one}</{name}><{name} lang=\"en\">{other}</{name}></pair>"
        )
    })
}

fn terms() -> impl Strategy<Value = String> {
    let plain =
        (several(element("p", words(90)), 3), several(element("note", words(12)), 3)).boxed();
    let paired = (several(pair("p", 60), 3), several(pair("note", 12), 3)).boxed();
    let term = prop_oneof![plain, paired];
    prop::collection::vec(term, 1..20).prop_map(|terms| {
        let mut markup = "<terms>".to_owned();
        for (place, (text, notes)) in terms.iter().enumerate() {
            let _ = write!(markup, "<term number=\"P{}\">{text}{notes}</term>", place + 1);
        }
        markup + "</terms>"
    })
}

fn block() -> impl Strategy<Value = String> {
    let fact = (element("label", words(6)), element("value", words(30)));
    let fact = fact.prop_map(|(label, value)| format!("<fact>{label}{value}</fact>"));
    let lines = several(element("line", words(9)), 25);
    let tall =
        lines.prop_map(|value| format!("<fact><label>l</label><value>{value}</value></fact>"));
    let definition = (element("word", words(3)), element("meaning", words(40)));
    let definition =
        definition.prop_map(|(word, said)| format!("<definition>{word}{said}</definition>"));
    let list = element("list", several(element("item", words(40)), 8)).boxed();
    let box_held = prop_oneof![element("p", words(80)), list.clone()];
    let warning = (heading(), several(box_held, 9))
        .prop_map(|(title, held)| format!("<warning title=\"{title}\">{held}</warning>"));
    let row = prop::collection::vec(element("cell", words(15)), 3);
    let table = prop::collection::vec(row, 1..12).prop_map(|rows| {
        let rows: Vec<_> = rows.into_iter().map(joined).collect();
        // Columns are headed by a layout, in short words.
        let head = "<cell>What</cell><cell>As it stands</cell><cell>As asked for</cell>";
        let rest = &rows;
        let rest: String = rest.iter().map(|row| format!("<row>{row}</row>")).collect();
        format!("<table><head>{head}</head>{rest}</table>")
    });
    let question = (words(30), "[A-Za-z0-9 ]{1,30}x").prop_map(|(words, ends)| {
        format!("<question number=\"P1\" ends=\"{ends}\">{words}</question>")
    });
    let questions = several(question, 40).prop_map(|rows| {
        let head = "<cell>No</cell><cell>Question</cell><cell>Answer</cell><cell>Ends</cell>";
        format!("<questions yes=\"Oes\" no=\"Nac oes\"><head>{head}</head>{rows}</questions>")
    });
    let large = (element("label", words(4)), element("value", words(6)));
    let large = large.prop_map(|(label, value)| format!("<fact>{label}{value}</fact>"));
    let band = prop::collection::vec(large, 2..5).prop_map(joined);
    prop_oneof![
        3 => (element("h2", heading()), element("p", words(120))).prop_map(|(h, p)| h + &p),
        3 => element("p", words(120)),
        2 => element("facts", several(prop_oneof![fact, tall], 12)),
        2 => terms(),
        1 => list,
        1 => element("steps", several(element("item", words(40)), 14)),
        1 => element("definitions", several(definition, 6)),
        1 => warning,
        1 => table,
        // A notice is kept whole: it holds a layout's words and ids, never a caller's long text.
        1 => element("notice", heading()),
        1 => Just("<page-break/>".to_owned()),
        1 => element("alert", words(15)),
        1 => element("band", band),
        1 => questions,
        2 => paired(),
    ]
}

/// Two sections: alike in shape, or not.
fn paired() -> impl Strategy<Value = String> {
    let blocks = |boxed: String| {
        [
            "<h2>%</h2><p>#</p><list><item>#</item><item>#</item></list>",
            "<p>#</p>",
            &boxed,
            "<h2>%</h2><definitions><definition><word>%</word><meaning>#</meaning></definition>\
             </definitions>",
        ]
        .map(str::to_owned)
    };
    let boxed = "<warning title=\"%\"><p>#</p><p>#</p></warning><notice>%</notice>".to_owned();
    let shapes = blocks(boxed);
    let section = |shape: usize| {
        let shape = shapes[shape].clone();
        (heading(), prop::collection::vec(words(60), 4)).prop_map(move |(heading, words)| {
            let mut words = words.iter().cycle();
            let filled =
                shape.replace('%', &heading).split('#').fold(String::new(), |all, part| {
                    if all.is_empty() {
                        part.to_owned()
                    } else {
                        all + words.next().map_or("w", String::as_str) + part
                    }
                });
            format!("<section lang=\"cy\">{filled}</section>")
        })
    };
    let sections: Vec<_> = (0..4).map(|shape| section(shape).boxed()).collect();
    (0..4usize, 0..4usize, any::<bool>()).prop_flat_map(move |(one, other, alike)| {
        let other = if alike { one } else { other };
        (sections[one].clone(), sections[other].clone())
            .prop_map(|(one, other)| format!("<pair>{one}{other}</pair>"))
    })
}

/// None, or from a name of one letter to seven lines of a hundred without a blank.
fn address() -> impl Strategy<Value = String> {
    let line = prop_oneof![Just("A".to_owned()), heading(), "[A-Z][a-z]{99}"];
    let lines = several(element("line", line), 8);
    prop_oneof![
        1 => Just(String::new()),
        1 => lines.prop_map(|lines| format!("<addressee>{lines}</addressee>")),
    ]
}

prop_compose! {
    pub(super) fn document()(
        blocks in prop::collection::vec(block(), 0..12),
        title in heading(),
        court in heading(),
        (header, footer, mark) in (FURNITURE, FURNITURE, FURNITURE),
        lines in several(element("line", words(8)), 8),
        furnished in any::<bool>(),
        draft in any::<bool>(),
        signed in any::<bool>(),
        print in prop::sample::select(vec!["", "large", "dense"]),
        (address, blank) in (address(), any::<bool>()),
    ) -> String {
        let mut markup = "<document lang=\"en\" title=\"T\"".to_owned();
        if furnished {
            let _ = write!(markup, " header=\"{header}\" footer=\"{footer}\" mark=\"{mark}\"");
            markup.push_str(" page=\"Page {n} of {m}\" spoken=\"Say: {words}\"");
        }
        let _ = write!(markup, " print=\"{print}\"");
        markup.push_str(if draft { " draft=\"DRAFT\">" } else { ">" });
        markup.push_str(&address);
        let _ = write!(markup, "<court>{court}</court><title>{title}</title>");
        markup.push_str(&blocks.concat());
        if signed {
            markup.push_str("<p>Before it.</p><signature tooltip=\"t\" alternative=\"a\"");
            markup.push_str(if draft { " seal=\"The seal of a court\">" } else { ">" });
            markup.push_str(&lines);
            markup.push_str("</signature>");
        }
        markup.push_str("<p>The end.</p>");
        if blank {
            let words = "<p lang=\"cy\">Gadawyd yn wag.</p><p lang=\"en\">Left blank.</p>";
            let _ = write!(markup, "<blank-page>{words}</blank-page>");
        }
        markup + "</document>"
    }
}
