//! The golden folders: one request through every stage of the road, each stage a file that a
//! reviewer can read.
//!
//! `./check golden --write` writes them anew; the difference is read before it is committed. The
//! same run keeps each edition's `sample.json`: the views by which the service proves its layouts
//! when it starts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spo::domain::identity::{DocumentId, OrderId, VariationId};
use spo::domain::judgement::{BaseOrder, Context, Law, judge_order, judge_variation};
use spo::domain::order::{Language, Order, OrderKind, Undisclosed};
use spo::domain::people::Capacity;
use spo::domain::variation::VariationRequest;
use spo::render::{
    Composed, Copy, DocumentKind, Format, Imprint, Original, Renderer, Stages, view,
};
use spo::wire::{OrderRequest, VariationRequestBody};

use crate::harness::{full, interim, paper_key, set, variation, without};

#[test]
fn golden_stages_are_those_on_file() {
    let renderer = Renderer::new().unwrap();
    let mut wrong = Vec::new();
    for (name, case) in cases() {
        let folder = Path::new("tests/golden").join(&name);
        fs::create_dir_all(&folder).unwrap();
        hold(&folder.join("request.json"), &pretty(&case.request), &mut wrong);
        let stages = case.stages(&renderer);
        for (file, text) in [
            ("1-view.json", &stages.view),
            ("2-markup.txt", &stages.markup),
            ("3-document.txt", &stages.document),
            ("4-pages.txt", &stages.pages),
            ("5-tags.txt", &stages.tags),
            ("6-objects.txt", &stages.objects),
            ("unsigned.sha256", &stages.unsigned_sha256),
        ] {
            hold(&folder.join(file), text, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "not as on file (./check golden --write, then read it): {wrong:#?}");
}

#[test]
fn golden_documents_come_out_the_same_twice() {
    for (name, case) in cases() {
        let (one, two) = (Renderer::new().unwrap(), Renderer::new().unwrap());
        // Another document in between: what was drawn before must not show.
        let _ = cases()["full"].stages(&two);
        let (first, second) = (case.stages(&one), case.stages(&two));
        assert_eq!(first.unsigned_sha256, second.unsigned_sha256, "{name}");
    }
}

#[test]
fn golden_views_by_which_layouts_are_proved_are_those_of_today() {
    let mut wrong = Vec::new();
    for (edition, views) in sample_views() {
        let file = Path::new("templates/orders").join(edition).join("sample.json");
        hold(&file, &pretty(&Value::Array(views)), &mut wrong);
    }
    assert!(wrong.is_empty(), "not as on file (./check golden --write): {wrong:#?}");
}

/// What a golden folder is made from.
pub struct Case {
    pub request: Value,
    format: Format,
    made: Made,
}

enum Made {
    Order(Box<Order>),
    Variation(Box<VariationRequest>, Box<Order>),
    Copy(Copy, Box<Order>, Language),
}

impl Case {
    /// In every form of paper at once.
    fn on_paper(self) -> Self {
        Self {
            format: Format { large_print: true, even_pages: true, address_window: true },
            ..self
        }
    }

    fn stages(&self, renderer: &Renderer) -> Stages {
        let imprint = |language| Imprint { format: self.format, ..imprint(language) };
        match &self.made {
            Made::Order(order) => {
                let composed = renderer.order(order, &imprint(order.language)).unwrap();
                marked(&composed, order.duration.ends_on())
            }
            Made::Variation(request, order) => {
                let imprint = imprint(request.language);
                marked(&renderer.variation(request, order, &imprint).unwrap(), None)
            }
            Made::Copy(copy, order, language) => {
                let imprint = imprint(*language);
                let composed =
                    renderer.copy(copy, (order, &original(order.kind)), &imprint).unwrap();
                marked(&composed, order.duration.ends_on())
            }
        }
    }

    fn view(&self, edition: &str) -> Value {
        let language = match &self.made {
            Made::Order(order) => order.language,
            Made::Variation(request, _) => request.language,
            Made::Copy(_, _, language) => *language,
        };
        let imprint = Imprint { format: self.format, ..imprint(language) };
        let facts = view::Facts { imprint: &imprint, edition, draft: true };
        match &self.made {
            Made::Order(order) => serde_json::to_value(view::OrderView::of(order, facts)),
            Made::Variation(request, order) => {
                serde_json::to_value(view::VariationView::of(request, order, facts))
            }
            Made::Copy(copy, order, _) => serde_json::to_value(
                view::CopyView::of(copy, (order, &original(order.kind)), facts).unwrap(),
            ),
        }
        .unwrap()
    }
}

/// All stages with the mark of a key that never changes.
fn marked(composed: &Composed<'_>, ends_on: Option<jiff::civil::Date>) -> Stages {
    let mark = paper_key().mark(&composed.claim(ends_on), |_| true);
    composed.stages(Some(&mark)).unwrap()
}

pub fn cases() -> BTreeMap<String, Case> {
    let mut cases = BTreeMap::from([
        ("interim", order(OrderKind::InterimOrder, interim())),
        ("full", order(OrderKind::FullOrder, full())),
        ("full_scripts", order(OrderKind::FullOrder, in_many_scripts(full()))),
        ("interim_on_paper", order(OrderKind::InterimOrder, interim()).on_paper()),
        ("variation", request(variation(&order_id().to_string()))),
        ("interim_welsh", order(OrderKind::InterimOrder, in_welsh(interim(), "cy"))),
        ("interim_bilingual", order(OrderKind::InterimOrder, in_welsh(interim(), "bilingual"))),
    ])
    .into_iter()
    .map(|(name, case)| (name.to_owned(), case))
    .collect::<BTreeMap<_, _>>();
    let bilingual = || in_welsh(interim(), "bilingual");
    for copy in copies() {
        let name = copy.kind().name();
        let mut add = |ending: &str, kind, request, language| {
            cases
                .insert(format!("{name}{ending}"), copied(copy.clone(), (kind, request), language));
        };
        add("", OrderKind::FullOrder, full(), Language::En);
        add("_welsh", OrderKind::InterimOrder, bilingual(), Language::Cy);
        add("_bilingual", OrderKind::InterimOrder, bilingual(), Language::Bilingual);
    }
    cases
}

/// One of each kind of copy.
pub fn copies() -> [Copy; 4] {
    [
        Copy::ExplanatorySheet,
        Copy::ProtectedPersonNotice { person: 'A' },
        Copy::PoliceSheet,
        Copy::CertifiedCopy {
            certifier: "Ceri Sampl".to_owned(),
            capacity: Capacity::AuthorisedCourtOfficer,
        },
    ]
}

fn copied(copy: Copy, (kind, request): (OrderKind, Value), language: Language) -> Case {
    let (order, _) = judged(kind, &request);
    let made = Made::Copy(copy, Box::new(order), language);
    Case { request, format: Format::default(), made }
}

/// As from a signed order.
pub fn original(kind: OrderKind) -> Original {
    Original {
        document_id: "doc_01939d2b-0000-7000-8000-000000000003".parse().unwrap(),
        edition: format!("{}/2026-11", DocumentKind::of(kind).name()),
        content_sha256: [0x5a; 32],
        sha256: Some([0xc3; 32]),
        pages: Some(4),
    }
}

/// The full sample with a name in each script that has faces of its own, among them one beside
/// numbers, one in a sentence and one longer than its line.
pub fn in_many_scripts(request: Value) -> Value {
    let aliases = json!([
        "محمد نمونه العربي",
        "ڈاکٹر فاطمہ گلزار",
        "דוד בן-דוגמה",
        "রবীন্দ্র শ্রীকৃষ্ণ নমুনা",
        "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ ਨਮੂਨਾ",
        "श्रीमती क्षत्रिय नमूना",
        "નમૂનો શ્રીકૃષ્ણ",
        "மாதிரி ஸ்ரீதர்",
        "王小明",
        "陳大文𠮷",
        "Nguyễn Thị Mẫu",
        "Łukasz Wzór",
        "Ελένη Παράδειγμα",
        "Владимир Примеров",
    ]);
    let request = set(request, "/respondent/aliases", aliases);
    set(
        request,
        "/prohibitions/0/locality",
        json!({
        "description": "the shop نمونه محمد (known as עסק לדוגמה), 12 Sample Street, and 小明飯店" }),
    )
}

/// The interim sample with Welsh words for all that a caller writes.
pub fn in_welsh(request: Value, language: &str) -> Value {
    let request = set(request, "/language", language.into());
    let welsh = [
        ("/court/welsh_name", json!("Llys Ynadon Kirkgate (enghraifft)")),
        ("/hearing/welsh_bench", json!("Barnwr Rhanbarth (Llysoedd Ynadon)")),
        (
            "/prohibitions/0/welsh_values",
            json!({ "exceptions": "Nid yw hyn yn atal cyfreithiwr rhag ysgrifennu at gyfreithiwr." }),
        ),
        (
            "/prohibitions/2/welsh_values",
            json!({ "boundary": "Kirkgate, Vicar Lane, Duncan Street a Briggate, Leeds" }),
        ),
        ("/prohibitions/2/locality/welsh_description", json!("canol dinas Leeds")),
        (
            "/requirements/0/welsh_values",
            json!({
                "police_station": "Gorsaf Heddlu Elland Road, Leeds",
                "items": ["un tag tracio llwyd", "y ffôn symudol â’r rhif sy’n gorffen â 321"],
            }),
        ),
    ];
    all_set(request, welsh)
}

/// The full sample with the same.
fn full_in_welsh() -> Value {
    let health_board = "y bwrdd iechyd a enwir yn eich llythyr";
    let station = json!({ "police_unit": "Gorsaf Heddlu Bae Caerdydd" });
    let welsh = [
        ("/language", json!("bilingual")),
        ("/hearing/welsh_bench", json!("Dau ynad heddwch")),
        (
            "/prohibitions/0/welsh_values",
            json!({ "exceptions":
                "Nid yw hyn yn atal cysylltu drwy gyfreithiwr ynghylch eiddo a ddelir ar y cyd." }),
        ),
        ("/prohibitions/2/welsh_values", json!({ "matter": "eiddo a ddelir ar y cyd" })),
        (
            "/prohibitions/10/welsh_values",
            json!({ "service": "bws 95", "stop_a": "Cyfnewidfa’r Barri",
                "stop_b": "Caerdydd Canolog" }),
        ),
        ("/prohibitions/10/locality/welsh_description", json!("De Cymru")),
        (
            "/prohibitions/11/welsh_text",
            json!(
                "Rhaid i chi beidio â chadw unrhyw ddelwedd o N.T.M. ar unrhyw ddyfais â \
                mynediad i’r rhyngrwyd nac mewn unrhyw gyfrif ar-lein ar ôl 30 Tachwedd 2026."
            ),
        ),
        (
            "/requirements/0/welsh_values",
            json!({ "programme": "y rhaglen ymyrraeth ar stelcio", "provider": health_board,
                "supervisor": "eich rheolwr troseddwyr" }),
        ),
        (
            "/requirements/1/welsh_values",
            json!({ "provider": health_board, "place": "Example House, Caerdydd" }),
        ),
        ("/requirements/2/welsh_values", station.clone()),
        ("/requirements/3/welsh_values", station),
        ("/requirements/4/welsh_values", json!({ "police_station": "Gorsaf Heddlu Bae Caerdydd" })),
    ];
    all_set(full(), welsh)
}

fn all_set<const N: usize>(request: Value, values: [(&str, Value); N]) -> Value {
    values.into_iter().fold(request, |request, (pointer, value)| set(request, pointer, value))
}

/// Views that together reach every branch of the layouts.
const EDITIONS_OF_COPIES: [&str; 4] = [
    "explanatory_sheet/2026-11",
    "protected_person_notice/2026-11",
    "police_sheet/2026-11",
    "certified_copy/2026-11",
];

fn interim_welsh() -> Value {
    in_welsh(interim(), "bilingual")
}

fn sample_views() -> BTreeMap<&'static str, Vec<Value>> {
    let interim_more = with_all(set(
        set(without(interim_welsh(), "/court/welsh_name"), "/case/urn", json!("13AB0042126")),
        "/next_hearing",
        json!({ "to_be_notified": true }),
    ));
    let full_more = with_all(set(
        set(full_in_welsh(), "/case/urn", json!("62CY0007726")),
        "/application/reference",
        json!("62CY0007726"),
    ));
    let full_other = set(
        without(without(full_in_welsh(), "/replaces_interim"), "/requirements"),
        "/duration",
        json!({ "type": "until_further_order" }),
    );
    let conflict = json!({ "religious_belief": "not_practicable", "work": "not_practicable",
        "education": "not_practicable", "reason": "A sample reason." });
    let full_other = set(full_other, "/avoids_conflict", conflict);
    let full_other = set(
        full_other,
        "/existing_orders",
        json!([{ "description": "A sample order of 2025", "compatible": true }]),
    );
    let interim_conflict = set(
        interim_welsh(),
        "/avoids_conflict",
        json!({ "religious_belief": "not_practicable", "work": "not_practicable",
            "education": "not_practicable", "reason": "A sample reason." }),
    );
    let kind = OrderKind::InterimOrder;
    let cardiff = json!({ "code": "B62DC00", "sitting": "magistrates" });
    let interims = [
        interim_welsh(),
        limited(interim_more, "2027-01-10"),
        set(interim_conflict, "/court", cardiff),
    ];
    let address = json!({ "lines": ["99 Specimen Row", "Leeds"], "postcode": "ZZ99 3VZ" });
    let full_more = without(full_more, "/respondent/no_fixed_abode");
    let full_more = set(full_more, "/respondent/address", address);
    let full_other = set(set(full_other, "/route", json!("appeal")), "/court", crown_court());
    let fulls = [full_in_welsh(), limited(full_more, "2028-12-01"), full_other];
    let mut views = copy_views(&interims, &fulls);
    let variations = [everything_asked(), whole_discharge(), interim_change()];
    views.insert(
        "interim_order/2026-11",
        interims.map(|sent| order(kind, sent).view("interim_order/2026-11")).into(),
    );
    views.insert(
        "full_order/2026-11",
        fulls.map(|sent| order(OrderKind::FullOrder, sent).view("full_order/2026-11")).into(),
    );
    views.insert(
        "variation_request/2026-11",
        variations.map(|case| case.view("variation_request/2026-11")).into(),
    );
    views
}

/// The views of the copies of these orders.
fn copy_views(interims: &[Value], fulls: &[Value]) -> BTreeMap<&'static str, Vec<Value>> {
    let kind = OrderKind::InterimOrder;
    let orders: Vec<_> = interims
        .iter()
        .map(|sent| (kind, sent.clone()))
        .chain(fulls.iter().map(|sent| (OrderKind::FullOrder, sent.clone())))
        .chain([(OrderKind::FullOrder, withheld())])
        .collect();
    let mut views = BTreeMap::new();
    for copy in copies() {
        let edition = EDITIONS_OF_COPIES
            .into_iter()
            .find(|edition| edition.starts_with(copy.kind().name()))
            .unwrap();
        let cases =
            orders.iter().map(|order| copied(copy.clone(), order.clone(), Language::Bilingual));
        let papers = [copied(copy.clone(), orders[0].clone(), Language::Bilingual).on_paper()];
        let mut seen: Vec<Value> = cases.chain(papers).map(|case| case.view(edition)).collect();
        if copy.kind() == DocumentKind::CertifiedCopy {
            // Before the original is signed.
            seen.push(set(seen[0].clone(), "/certificate/sha256", Value::Null));
        }
        views.insert(edition, seen);
    }
    views
}

/// A full order with all that a notice to a protected person leaves out or shows by its number, an
/// officer, and terms with places.
pub fn withheld() -> Value {
    let officer = json!({ "name": "Detective Sergeant Ffion Sampl", "collar_number": "4321" });
    let request = set(full_in_welsh(), "/applicant/officer", officer);
    let request = set(request, "/case/urn", json!("62CY0007726"));
    let request = set(
        request,
        "/prohibitions/12",
        json!({ "text": "You must not keep any picture of N.T.M. at 1 Example Quay.",
                "welsh_text": "Rhaid i chi beidio â chadw llun o N.T.M. yn 1 Example Quay.",
                "necessity": "Images were kept." }),
    );
    set(
        request,
        "/requirements/5",
        json!({ "text": "You must return every picture of N.T.M. by 30 November 2026.",
                "welsh_text": "Rhaid i chi ddychwelyd pob llun o N.T.M. erbyn 30 Tachwedd 2026.",
                "necessity": "Images were kept.",
                "locality": { "description": "Wales", "welsh_description": "Cymru" } }),
    )
}

fn crown_court() -> Value {
    json!({ "code": "C99ZZ00", "sitting": "crown", "name": "Sample Crown Court",
            "welsh_name": "Llys y Goron Enghraifft",
            "lja_code": "9999", "lja_name": "Specimen area",
            "address": { "lines": ["1 Sample Square"], "postcode": "ZZ99 1AA" } })
}

/// Each list has a term with a place and an end of its own.
pub fn limited(request: Value, until: &str) -> Value {
    ["/prohibitions/0", "/requirements/0"].into_iter().fold(request, |request, term| {
        let request = set(request, &format!("{term}/until"), until.into());
        let place = json!({ "description": "Wales", "welsh_description": "Cymru" });
        set(request, &format!("{term}/locality"), place)
    })
}

/// A young respondent with a guardian, an area and an end to notification under another Act.
fn with_all(request: Value) -> Value {
    let changes = [
        ("/court/sitting", json!("youth")),
        ("/respondent/date_of_birth", json!("2010-05-06")),
        ("/respondent/guardian", json!({ "name": "Pat Sample", "relationship": "mother" })),
        ("/respondent/police_area", json!("west-yorkshire")),
        ("/respondent/sex_offender_notification", json!({ "until": "2026-12-31" })),
        ("/applicant/ground", json!("intends_to_come")),
        ("/hearing/on_notice", json!(false)),
        ("/authorised_by/capacity", json!("district_judge")),
    ];
    changes.into_iter().fold(request, |request, (pointer, value)| set(request, pointer, value))
}

fn everything_asked() -> Case {
    let sent = variation(&order_id().to_string());
    let more = json!([
        { "op": "correct_respondent", "reason": "A sample reason.", "respondent": {
            "given_names": "Przemysław", "family_name": "Wzór", "aliases": ["Shaun Ŵyr"],
            "date_of_birth": "1979-02-28", "no_fixed_abode": { "found_at": "Example Quay" } } },
        { "op": "add_protected_person", "person": { "ref": "C", "name": "Ann Sampl" } },
        { "op": "correct_protected_person", "ref": "B", "person": { "ref": "B", "name": "Gwen Sampl" } }
    ]);
    let mut changes = sent["changes"].as_array().unwrap().clone();
    changes.extend(more.as_array().unwrap().iter().cloned());
    changes[0]["term"]["locality"] =
        json!({ "description": "Wales", "welsh_description": "Cymru" });
    changes[0]["term"]["until"] = json!("2029-01-01");
    changes[3]["duration"] = json!({ "type": "fixed", "end_date": "2030-11-01" });
    let sent = set(sent, "/changes", Value::Array(changes));
    let sent = set(sent, "/applicant/name", json!("Detective Sergeant Ffion Sampl"));
    request_on(sent, judged(OrderKind::FullOrder, &full_in_welsh()))
}

fn whole_discharge() -> Case {
    let id = order_id().to_string();
    let sent = json!({ "order_id": id, "expected_version": 1, "kind": "discharge",
        "applicant": { "capacity": "respondent" }, "made_on": "2026-11-12", "grounds": "A sample.",
        "changes": [], "consents": [
            { "party": "respondent", "given_on": "2026-11-12" },
            { "party": "chief_officer", "force": "south-wales", "given_on": "2026-11-12" } ] });
    request_on(sent, judged(OrderKind::FullOrder, &full_in_welsh()))
}

fn interim_change() -> Case {
    let base = judged(OrderKind::InterimOrder, &interim_welsh());
    let id = order_id().to_string();
    let sent = json!({ "order_id": id, "expected_version": 1, "kind": "renew",
        "applicant": { "capacity": "respondent" }, "made_on": "2026-11-18", "grounds": "A sample.",
        "changes": [
            { "op": "set_duration", "duration": { "type": "fixed", "end_date": "2027-02-15" } },
            { "op": "set_next_hearing", "reason": "A sample.",
              "next_hearing": { "date": "2027-01-11", "time": "10:00" } },
            { "op": "correct_respondent", "respondent": {
                "given_names": "Rhodri", "family_name": "Ffug-Example", "date_of_birth": "2010-05-06",
                "guardian": { "name": "Pat Sample", "relationship": "mother" },
                "police_area": "west-yorkshire",
                "sex_offender_notification": { "until": "2026-12-31" },
                "address": { "lines": ["99 Specimen Row", "Leeds"], "postcode": "ZZ99 3VZ" } } } ] });
    request_on(sent, base)
}

fn order(kind: OrderKind, request: Value) -> Case {
    let (order, _) = judged(kind, &request);
    Case { request, format: Format::default(), made: Made::Order(Box::new(order)) }
}

fn request(sent: Value) -> Case {
    request_on(sent, judged(OrderKind::FullOrder, &full()))
}

fn request_on(sent: Value, (order, undisclosed): (Order, Undisclosed)) -> Case {
    let read = VariationRequestBody::read(sent.to_string().as_bytes()).unwrap();
    let law = Law::builtin();
    let base = BaseOrder { id: order_id(), version: 1, order: &order, undisclosed: &undisclosed };
    let judgement = judge_variation(read.draft, &context(&law), Some(&base));
    let outcome = judgement.outcome.unwrap_or_else(|| panic!("refused: {:?}", judgement.errors));
    Case {
        request: sent,
        format: Format::default(),
        made: Made::Variation(Box::new(outcome.request), Box::new(order)),
    }
}

pub fn judged(kind: OrderKind, request: &Value) -> (Order, Undisclosed) {
    let read = OrderRequest::read(kind, request.to_string().as_bytes()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    let law = Law::builtin();
    let judgement = judge_order(read.draft, &context(&law));
    let outcome = judgement.outcome.unwrap_or_else(|| panic!("refused: {:?}", judgement.errors));
    (outcome.order, outcome.undisclosed)
}

fn context(law: &Law) -> Context<'_> {
    static NONE: BTreeMap<OrderId, (u32, Order)> = BTreeMap::new();
    Context { law, today: "2026-11-20".parse().unwrap(), production: false, known_orders: &NONE }
}

fn order_id() -> OrderId {
    "ord_01939d2b-0000-7000-8000-000000000001".parse().unwrap()
}

pub fn imprint(language: Language) -> Imprint {
    Imprint {
        document_id: "doc_01939d2b-0000-7000-8000-000000000002".parse::<DocumentId>().unwrap(),
        order_id: order_id(),
        variation_id: None::<VariationId>,
        version: 1,
        code: "7K3QM-2X9TB".to_owned(),
        issued_at: "2026-11-20T10:00:00Z".parse().unwrap(),
        test: true,
        signer: "TEST - NOT A COURT signer".to_owned(),
        reserve: 4096,
        language,
        format: Format::default(),
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn hold(file: &PathBuf, text: &str, wrong: &mut Vec<String>) {
    let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    if std::env::var_os("CHECK_GOLDEN_WRITE").is_some() {
        fs::write(file, text).unwrap();
    } else if fs::read_to_string(file).is_ok_and(|on_file| on_file == text) {
    } else {
        wrong.push(file.display().to_string());
    }
}
