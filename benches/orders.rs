//! Orders a second and CPU milliseconds an order, on the full sample with varied values: drawn alone
//! and with its copies, searched, signed; the whole request with its copies and durable storage, by
//! one caller and more; what signing costs of an order. `cargo bench --bench orders`, or with words
//! of the lines wanted: `cargo bench --bench orders -- reading signing`.
//!
//! It prints; it judges nothing.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "it is run by hand and prints")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spo::clock::{Clock, System};
use spo::domain::audience::Audience;
use spo::domain::judgement::{Context, Law, OrderJudged, judge_order};
use spo::domain::order::{Language, Order, OrderKind, Undisclosed};
use spo::issue::{Caller, Collaborators, Creating, Issuer, Mode};
use spo::quarantine::Quarantine;
use spo::render::{Composed, Copy, Format, Imprint, Original, Renderer, UnsignedPdf};
use spo::sign::authority::Authority;
use spo::sign::key::SoftwareKey;
use spo::sign::keyring::Keyring;
use spo::sign::paper::PaperKey;
use spo::sign::{Algorithm, Digest, Level, SignedPdf, Signer, SigningKey, prepare, proof};
use spo::store::sqlite::Sqlite;

const FULL: &str = include_str!("../templates/samples/full_order.json");
const SECONDS: u64 = 5;
/// Rounds in which signing is measured, and files of each.
const ROUNDS: usize = 40;
const EACH: usize = 16;
/// As many bytes as the signed attributes have.
const ATTRIBUTES: usize = 222;

// As the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

#[expect(clippy::too_many_lines, reason = "one measurement after another")]
async fn measure() {
    let folder = std::env::temp_dir().join(format!("spo-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let started = Instant::now();
    let renderer = Arc::new(Renderer::new().unwrap());
    println!("faces and layouts loaded in {:.1} ms", millis(started.elapsed()));
    let now = System.now();
    let authority = || Authority::open(&folder.join("authority"), now).unwrap();
    let signer = authority().into_signer().unwrap();
    let keyring = Arc::new(Keyring::of(authority().into_signer().unwrap()));
    let requests: Vec<Vec<u8>> = (0..64).map(varied).collect();
    let orders: Vec<Order> = requests.iter().map(|request| judged(request)).collect();
    let imprint = imprint();
    let paper = Arc::new(PaperKey::of_seed(&[1; 32]).unwrap());

    println!("{:<42} {:>9} {:>12} {:>9}", "", "orders/s", "CPU ms each", "bytes");
    let mut count = 0;
    timed("reading and judging", SECONDS, || {
        count += 1;
        std::hint::black_box(judged(&requests[count % requests.len()]));
        0
    });
    timed("drawing", SECONDS, || {
        count += 1;
        marked(renderer.order(&orders[count % orders.len()], &imprint).unwrap(), &paper)
            .bytes()
            .len()
    });
    timed("drawing it with its copies", SECONDS, || {
        count += 1;
        with_its_copies((&renderer, &paper), &orders[count % orders.len()], &imprint)
            .iter()
            .map(|unsigned| unsigned.bytes().len())
            .sum()
    });
    searches((&renderer, &paper), (&orders[0], &requests[0]), &imprint);
    let handle = tokio::runtime::Handle::current();
    let each = tokio::task::block_in_place(|| {
        let seal = |unsigned| handle.block_on(signer.seal(unsigned, imprint.issued_at)).unwrap();
        let drawn = |count: usize| {
            marked(renderer.order(&orders[count % orders.len()], &imprint).unwrap(), &paper)
        };
        timed("drawing and signing", SECONDS, || {
            count += 1;
            seal(drawn(count)).bytes().len()
        });
        let each = signing(&signer, drawn, seal);
        timed("drawing and signing it with its copies", SECONDS, || {
            count += 1;
            let all = with_its_copies((&renderer, &paper), &orders[count % orders.len()], &imprint);
            all.into_iter().map(|unsigned| seal(unsigned).bytes().len()).sum()
        });
        each
    });

    let documents = with_its_copies((&renderer, &paper), &orders[0], &imprint).len();
    let whole = whole_requests(Collaborators {
        quarantine: Arc::new(Quarantine::of_this_program()),
        renderer,
        keyring,
        paper,
        store: Arc::new(Sqlite::open(&folder.join("spo.db")).await.unwrap()),
        clock: Arc::new(System),
        ids: Arc::new(System),
    })
    .await;
    if let (Some(each), Some(whole)) = (each, whole) {
        let all = each * u32::try_from(documents).unwrap();
        share(&format!("signing {documents} documents, of the whole request"), all, whole);
    }
    println!("peak memory {} KiB", peak());
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The search of a finished order, and what it takes to know what to search for.
fn searches(
    (renderer, paper): (&Renderer, &PaperKey),
    (order, request): (&Order, &[u8]),
    imprint: &Imprint,
) {
    let (law, kept) = (Law::builtin(), undisclosed(request));
    timed("gathering what its reader may not see", SECONDS, || {
        std::hint::black_box(law.secrets_for(Audience::ProtectedPerson, order, &kept));
        0
    });
    let secrets = law.secrets_for(Audience::Respondent, order, &kept);
    let drawn = marked(renderer.order(order, imprint).unwrap(), paper);
    timed("searching the order for that", SECONDS, || {
        drawn.search("full-order.pdf", &secrets).unwrap();
        0
    });
}

/// What signing costs with its check, of what drawing and signing cost together, and what its parts
/// cost: the least CPU time of each in many rounds, all measured in the same ones. Gives that of
/// signing.
fn signing(
    signer: &Signer,
    drawn: impl Fn(usize) -> UnsignedPdf,
    seal: impl Fn(UnsignedPdf) -> SignedPdf,
) -> Option<Duration> {
    if !is_wanted("signing alone") {
        return None;
    }
    let key = SoftwareKey::generate(Algorithm::EcdsaP256).unwrap();
    let words = [7; ATTRIBUTES];
    let value = key_signs(&key, &words);
    let certificate = signer.certificate();
    let [mut draw, mut sign, mut close, mut value_made, mut prove, mut confirm] =
        [Duration::MAX; 6];
    for _ in 0..ROUNDS {
        let files: Vec<_> = least(&mut draw, || (0..EACH).map(&drawn).collect());
        let holes: Vec<_> = files.iter().map(|file| file.slot().contents.clone()).collect();
        let signed: Vec<_> = least(&mut sign, || files.into_iter().map(&seal).collect());
        let proven = |(file, hole): (&SignedPdf, &Range<usize>)| {
            proof::check(file.bytes(), hole, signer.chain(), Level::BB).unwrap();
        };
        least(&mut prove, || signed.iter().zip(&holes).for_each(proven));
        let files: Vec<_> = (0..EACH).map(&drawn).collect();
        let closed = |file| prepare(file, Digest::Sha256).unwrap();
        let _: Vec<_> = least(&mut close, || files.into_iter().map(closed).collect());
        least(&mut value_made, || (0..EACH).for_each(|_| drop(key_signs(&key, &words))));
        // Of another key, which takes as long.
        let confirmed = || std::hint::black_box(certificate.confirms(&words, &value));
        least(&mut confirm, || (0..EACH).for_each(|_| assert!(!confirmed())));
    }
    for (name, time) in [
        ("signing alone", sign),
        ("  of it: the file closed and hashed", close),
        ("  of it: the value, by the key", value_made),
        ("  of it: the proof of the finished file", prove),
        ("  of the proof: the value, by its key", confirm),
    ] {
        println!("{name:<42} {:>9} {:>12.3}", "", millis(time));
    }
    share("signing alone, of drawing and signing", sign, draw + sign);
    Some(sign)
}

fn key_signs(key: &SoftwareKey, message: &[u8]) -> Vec<u8> {
    tokio::runtime::Handle::current().block_on(key.sign(message)).unwrap()
}

/// Does work that makes [`EACH`], and remembers the least CPU time that one took.
fn least<T>(least: &mut Duration, work: impl FnOnce() -> T) -> T {
    let begun = thread_cpu();
    let made = work();
    *least = (*least).min((thread_cpu() - begun) / u32::try_from(EACH).unwrap());
    made
}

fn share(name: &str, part: Duration, whole: Duration) {
    let share = 100.0 * part.as_secs_f64() / whole.as_secs_f64();
    println!("{name:<42} {share:>20.1} %");
}

/// From a request's bytes to the durable order with its copies.
/// Gives the least CPU time of each.
async fn whole_requests(with: Collaborators) -> Option<Duration> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let requests: Vec<Vec<u8>> = (0..64).map(varied).collect();
    let issuer = Arc::new(Issuer::new(with, Law::builtin(), Mode::Test, cores).unwrap());
    let mut least = None;
    for callers in [1, 8, 32] {
        let each = whole(&issuer, &requests, callers).await;
        least = [least, each].into_iter().flatten().min();
    }
    least
}

/// What is drawn when an order is issued.
fn with_its_copies(
    (renderer, key): (&Renderer, &PaperKey),
    order: &Order,
    imprint: &Imprint,
) -> Vec<UnsignedPdf> {
    let own = marked(renderer.order(order, imprint).unwrap(), key);
    let original = Original {
        edition: "full_order/2026-11".to_owned(),
        document_id: imprint.document_id,
        content_sha256: *own.content_sha256(),
        sha256: None,
        pages: Some(own.page_count()),
    };
    let persons = order.protected_persons.iter().map(|person| person.reference);
    let notices = persons.map(|person| Copy::ProtectedPersonNotice { person });
    let copies = notices.chain([Copy::ExplanatorySheet, Copy::PoliceSheet]);
    let drawn =
        copies.map(|copy| marked(renderer.copy(&copy, (order, &original), imprint).unwrap(), key));
    [own].into_iter().chain(drawn).collect()
}

/// The whole request with its copies, durable before it counts, by that many callers at once.
async fn whole(issuer: &Arc<Issuer>, requests: &[Vec<u8>], callers: usize) -> Option<Duration> {
    let name = format!("the whole request, durable, {callers} at once");
    if !is_wanted(&name) {
        return None;
    }
    let (begun, cpu) = (Instant::now(), cpu());
    let end = begun + Duration::from_secs(SECONDS);
    let mut tasks = Vec::new();
    for caller in 0..callers {
        let (issuer, requests) = (Arc::clone(issuer), requests.to_vec());
        tasks.push(tokio::spawn(async move {
            let who = Caller { name: "bench".into(), request_id: "bench".into() };
            let (mut made, mut bytes) = (0, 0);
            while Instant::now() < end {
                let body = &requests[(made * callers + caller) % requests.len()];
                let creating = Creating { caller: &who, key: None, body };
                let issued = issuer.issue_order(OrderKind::FullOrder, creating).await.unwrap();
                bytes = issued.document.bytes.len();
                made += 1;
            }
            (made, bytes)
        }));
    }
    let (mut made, mut bytes) = (0, 0);
    for task in tasks {
        let (more, size) = task.await.unwrap();
        made += more;
        bytes = size;
    }
    Some(row(&name, made, begun.elapsed(), self::cpu() - cpu, bytes))
}

/// With the mark by which paper is checked.
fn marked(composed: Composed<'_>, key: &PaperKey) -> UnsignedPdf {
    let mark = key.mark(&composed.claim(None), |_| true);
    composed.finish(Some(&mark)).unwrap()
}

/// The CPU time of each, where the line is wanted.
fn timed(name: &str, seconds: u64, mut work: impl FnMut() -> usize) -> Option<Duration> {
    if !is_wanted(name) {
        return None;
    }
    for _ in 0..20 {
        work();
    }
    let (begun, cpu_begun) = (Instant::now(), cpu());
    let (mut made, mut bytes) = (0, 0);
    while begun.elapsed() < Duration::from_secs(seconds) {
        bytes = work();
        made += 1;
    }
    Some(row(name, made, begun.elapsed(), cpu() - cpu_begun, bytes))
}

/// Prints a line; gives the CPU time of each.
fn row(name: &str, made: usize, wall: Duration, cpu: Duration, bytes: usize) -> Duration {
    let each = cpu.div_f64(made as f64);
    let rate = made as f64 / wall.as_secs_f64();
    println!("{name:<42} {rate:>9.0} {:>12.2} {bytes:>9}", millis(each));
    each
}

/// Whether this line was asked for: by a word of it, or all by none.
fn is_wanted(name: &str) -> bool {
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--")).peekable();
    words.peek().is_none() || words.any(|word| name.contains(&word))
}

/// CPU time of this thread so far. The kernel writes it down when the thread gives way, so it does.
fn thread_cpu() -> Duration {
    std::thread::sleep(Duration::from_nanos(1));
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(account.split_whitespace().next().unwrap().parse().unwrap())
}

/// CPU time of this process so far, in steps of 10 ms.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after = stat.rsplit_once(')').unwrap().1;
    let fields: Vec<i64> =
        after.split_whitespace().filter_map(|field| field.parse().ok()).collect();
    // utime and stime: fields 14 and 15 of the line; the state, field 3, is no number.
    Duration::from_millis(u64::try_from(fields[10] + fields[11]).unwrap() * 10)
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The sample with other names, numbers and words each time.
fn varied(number: usize) -> Vec<u8> {
    let mut request: Value = serde_json::from_str(FULL).unwrap();
    let names = ["Łukasz", "Siân", "Nguyễn", "Órla", "Gwenllïan", "Θάλεια", "Святослав", "Ünal"];
    let name = names[number % names.len()];
    request["case"]["reference"] = json!(format!("62CY{number:07}"));
    request["respondent"]["given_names"] = json!(format!("{name} Sample{number}"));
    request["respondent"]["family_name"] = json!(format!("Wzór-{number}"));
    request["prohibitions"][3]["values"]["distance"] = json!(100 + number);
    request.to_string().into_bytes()
}

fn judged(request: &[u8]) -> Order {
    judgement(request).order
}

fn undisclosed(request: &[u8]) -> Undisclosed {
    judgement(request).undisclosed
}

fn judgement(request: &[u8]) -> OrderJudged {
    let read = spo::wire::OrderRequest::read(OrderKind::FullOrder, request).unwrap();
    let law = Law::builtin();
    let none = BTreeMap::new();
    let today = "2026-11-20".parse().unwrap();
    let context = Context { law: &law, today, production: false, known_orders: &none };
    judge_order(read.draft, &context).outcome.unwrap()
}

fn imprint() -> Imprint {
    let now = System.now();
    Imprint {
        document_id: "doc_01939d2b-0000-7000-8000-000000000002".parse().unwrap(),
        order_id: "ord_01939d2b-0000-7000-8000-000000000001".parse().unwrap(),
        variation_id: None,
        version: 1,
        code: "7K3QM-2X9TB".to_owned(),
        issued_at: now,
        test: true,
        signer: "TEST".to_owned(),
        reserve: 4096,
        language: Language::En,
        format: Format::default(),
    }
}
