//! What an enemy writes on the wire itself: two readings of one message, endless heads, slow
//! bodies. Reliability, threats 19 and 25.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use spo::http::Limits;

use crate::harness::TestApp;

/// Writes the bytes, reads what comes until the other side closes or falls silent.
fn exchange(address: SocketAddr, message: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    // The other side may close while we still write: that is an answer too.
    let _ = stream.write_all(message);
    read(&mut stream)
}

fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..count]);
    }
    let _ = stream.shutdown(Shutdown::Both);
    String::from_utf8_lossy(&answer).into_owned()
}

async fn answered(app: &TestApp, message: String) -> String {
    let address = app.address;
    let exchanged = tokio::task::spawn_blocking(move || exchange(address, message.as_bytes()));
    exchanged.await.unwrap()
}

/// The status of each answer in what came back.
fn statuses(answer: &str) -> Vec<u16> {
    let heads = answer.split("HTTP/1.1 ").skip(1);
    heads.filter_map(|head| head.get(..3)?.parse().ok()).collect()
}

/// In the messages below `KEY` stands for a good key, `SIGNED` for the end of a signed head, `NEXT`
/// for a whole second request, `END` for a last chunk and a second request.
async fn refused(app: &TestApp, name: &str, message: &str) {
    let key = format!("Bearer {}", app.secret);
    let next = format!("GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n\r\n");
    let message = message
        .replace("SIGNED", "\r\nHost: x\r\nAuthorization: KEY\r\n\r\n")
        .replace("KEY", &key)
        .replace("END", "0\r\n\r\nNEXT")
        .replace("NEXT", &next);
    let answer = answered(app, message).await;
    let found = statuses(&answer);
    assert!(found.len() <= 1, "{name}: two answers: {answer}");
    assert!(found.iter().all(|status| *status >= 400), "{name}: {answer}");
    assert!(!answer.contains("\"roles\""), "{name}: the smuggled request was answered: {answer}");
}

const HEAD: &str = "POST /v1/interim-orders HTTP/1.1\r\nHost: x\r\nAuthorization: KEY\r\n\
    Idempotency-Key: k\r\nContent-Type: application/json\r\n";

#[tokio::test]
async fn a_message_that_two_readers_could_part_differently_is_refused() {
    let app = TestApp::start().await;
    let framings = [
        ("length and chunks", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nEND"),
        ("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nEND"),
        ("two lengths", "Content-Length: 2\r\nContent-Length: 400\r\n\r\n{}NEXT"),
        ("a list of lengths", "Content-Length: 2, 400\r\n\r\n{}NEXT"),
        ("a signed length", "Content-Length: +2\r\n\r\n{}NEXT"),
        ("a negative length", "Content-Length: -2\r\n\r\n{}NEXT"),
        ("a hexadecimal length", "Content-Length: 0x2\r\n\r\n{}NEXT"),
        ("a huge length", "Content-Length: 99999999999999999999999\r\n\r\n{}NEXT"),
        ("an empty length", "Content-Length: \r\n\r\nNEXT"),
        ("chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\nEND"),
        ("chunked, then none", "Transfer-Encoding: chunked, identity\r\n\r\nEND"),
        ("chunked, misspelt", "Transfer-Encoding: xchunked\r\n\r\nEND"),
        ("chunked, quoted", "Transfer-Encoding: \"chunked\"\r\n\r\nEND"),
        ("two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\nEND"),
        ("a blank before the colon", "Transfer-Encoding : chunked\r\n\r\nEND"),
        ("a folded header", "X-A: b\r\n Transfer-Encoding: chunked\r\n\r\nEND"),
        ("a null in a header", "X-A: b\0c\r\nContent-Length: 2\r\n\r\n{}"),
        ("a bare return", "X-A: b\rContent-Length: 2\r\n\r\n{}"),
        ("a chunk of no size", "Transfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n0\r\n\r\n"),
        ("a huge chunk", "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"),
        ("a negative chunk", "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
    ];
    for (name, framing) in framings {
        refused(&app, name, &format!("{HEAD}{framing}")).await;
    }
    assert_eq!(app.count_orders().await, 0);
}

#[tokio::test]
async fn a_request_line_that_is_none_is_refused() {
    let app = TestApp::start().await;
    let lines = [
        ("no version", "GET /v1/me\r\n\r\n"),
        ("another version", "GET /v1/me HTTP/3.0\r\nAuthorization: KEY\r\n\r\n"),
        ("a blank in the path", "GET /v1/me x HTTP/1.1SIGNED"),
        ("a tab as separator", "GET\t/v1/me\tHTTP/1.1\r\nAuthorization: KEY\r\n\r\n"),
        ("a method of signs", "G@T /v1/me HTTP/1.1SIGNED"),
        ("a tunnel", "CONNECT x.example:443 HTTP/1.1\r\nHost: x\r\nAuthorization: KEY\r\n\r\n"),
        ("an echo", "TRACE /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: KEY\r\n\r\n"),
        ("steps out", "GET /v1/documents/../../etc/passwd HTTP/1.1SIGNED"),
        ("steps out, escaped", "GET /v1/documents/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1SIGNED"),
        ("a null in the path", "GET /v1/orders/%00 HTTP/1.1SIGNED"),
        ("bytes that are no text", "GET /v1/orders/%ff%fe HTTP/1.1SIGNED"),
        ("lines in the path", "GET /v1/orders/%0d%0aX-Evil:%201 HTTP/1.1SIGNED"),
    ];
    for (name, message) in lines {
        refused(&app, name, message).await;
    }
}

#[tokio::test]
async fn what_stands_in_a_path_reaches_no_header() {
    let app = TestApp::start().await;
    let message = format!(
        "GET /v1/orders/%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: evil.example\r\n\
         Authorization: Bearer {}\r\n\r\n",
        app.secret
    );
    let answer = answered(&app, message).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    assert!(!head.contains("X-Evil") && !head.contains("evil.example"), "{head}");
    assert!(!body.contains("evil.example"), "{body}");
}

#[tokio::test]
async fn a_body_that_dribbles_is_cut_and_holds_nobody_up() {
    let limits =
        Limits { body_time: Duration::from_millis(400), under_way: 1, ..Limits::default() };
    let app = TestApp::with(limits).await;
    let head = HEAD.replace("KEY", &format!("Bearer {}", app.secret));
    let address = app.address;
    let slow = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let started = Instant::now();
        write!(stream, "{head}Content-Length: 100\r\n\r\n{{").unwrap();
        (read(&mut stream), started.elapsed())
    });
    // Meanwhile another takes the only place at the gate and gets through.
    let reply =
        app.post("/v1/interim-orders", &crate::harness::interim()).key("other").send().await;
    reply.expect(201);
    let (answer, took) = slow.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("application/problem+json") && answer.contains("request_timeout"));
    assert!(took < Duration::from_secs(8), "{took:?}");
    assert_eq!(app.count_orders().await, 1);
}

#[tokio::test]
async fn a_body_larger_than_it_says_is_stopped_while_it_is_read() {
    let app = TestApp::with(Limits { body_bytes: 10_000, ..Limits::default() }).await;
    let head = HEAD.replace("KEY", &format!("Bearer {}", app.secret));
    let chunk = format!("400\r\n{}\r\n", " ".repeat(0x400));
    let message = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(40));
    let answer = answered(&app, message).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(statuses(&answer), [413]);
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut() {
    let app = TestApp::start().await;
    let address = app.address;
    let cut = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let started = Instant::now();
        stream.write_all(b"GET /v1/me HTTP/1.1\r\nX-A: ").unwrap();
        (read(&mut stream), started.elapsed())
    });
    let (answer, took) = cut.await.unwrap();
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(took < Duration::from_secs(15), "{took:?}");
    app.get("/health/live").send().await.expect(200);
}

/// The status lines of what came back, each answer taken off by its own framing.
fn taken_apart(answer: &str, methods: &[&str]) -> Vec<String> {
    let mut rest = answer;
    let mut lines = Vec::new();
    for method in methods {
        let (head, behind) = rest.split_once("\r\n\r\n").expect("a whole head");
        let line = head.lines().next().unwrap().to_owned();
        let length = head.lines().find_map(|header| {
            header.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
        });
        let bodiless = *method == "HEAD" || line.contains(" 304 ");
        if line.contains(" 304 ") {
            assert!(!head.to_ascii_lowercase().contains("\ncontent-type:"), "{head}");
            assert!(head.to_ascii_lowercase().contains("etag: "), "{head}");
        }
        rest = &behind[if bodiless { 0 } else { length.expect("a length") }..];
        lines.push(line);
    }
    assert_eq!(rest, "", "bytes that belong to no answer");
    lines
}

#[tokio::test]
async fn an_answer_without_a_body_leaves_the_next_one_whole() {
    let app = TestApp::start().await;
    let made = app.post("/v1/interim-orders", &crate::harness::interim()).key("k").send().await;
    let made = made.expect(201);
    let order = made.header("location").unwrap().to_owned();
    let document = format!("/v1/documents/{}", made.json()["documents"][0]["id"].as_str().unwrap());
    let forms = [
        (&order, "application/json"),
        (&document, "application/json"),
        (&document, "application/pdf"),
    ];
    for (path, form) in forms {
        let first = app.get(path).accept(form).send().await.expect(200);
        let etag = first.header("etag").unwrap();
        for method in ["GET", "HEAD"] {
            let message = format!(
                "{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\
                 Accept: {form}\r\nIf-None-Match: {etag}\r\n\r\n\
                 GET /v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\r\n",
                secret = app.secret
            );
            let answer = answered(&app, message).await;
            let lines = taken_apart(&answer, &[method, "GET"]);
            assert_eq!(
                lines,
                ["HTTP/1.1 304 Not Modified", "HTTP/1.1 200 OK"],
                "{method} {path} {form}"
            );
        }
    }
}
