//! A service that fails in one way, on the loopback. It speaks just enough HTTP, and can ask a real
//! service in the asker's place to give a real answer to another question.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How a service fails.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Takes the connection and says nothing.
    BlackHole,
    /// One byte of a proper answer now and then.
    Drip,
    /// Breaks the connection off in the middle.
    Reset,
    /// This status, with nothing.
    Status(u16),
    /// Sends the asker to that address.
    Redirect(String),
    /// This body under this media type.
    Says(&'static str, Vec<u8>),
    /// What stands there when it is asked, under this media type.
    Shows(&'static str, Arc<Mutex<Vec<u8>>>),
    /// A body without end.
    Huge(&'static str),
    /// What that service answers when this many bytes from the end of the question one bit is
    /// turned.
    Turned { service: String, from_end: usize },
}

/// A service at work. It ends with the test.
pub struct Faulty {
    pub url: String,
    /// How many connections there were.
    came: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Faulty {
    pub async fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let came = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&came);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, fault.clone()));
            }
        });
        Self { url, came, task }
    }

    pub fn came(&self) -> usize {
        self.came.load(Ordering::SeqCst)
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, fault: Fault) {
    let Some(question) = question(&mut stream).await else { return };
    let head = |kind: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n\r\n");
    let text = match fault {
        Fault::BlackHole => return tokio::time::sleep(Duration::from_secs(600)).await,
        Fault::Drip => {
            let _ = stream.write_all(head(REPLY).as_bytes()).await;
            while stream.write_all(b"0").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            return;
        }
        Fault::Reset => format!("{}half", head(REPLY).replace("\r\n\r\n", LONG)).into_bytes(),
        Fault::Status(status) => format!("HTTP/1.1 {status} No\r\n\r\n").into_bytes(),
        Fault::Redirect(to) => {
            format!("HTTP/1.1 307 Elsewhere\r\nlocation: {to}\r\n\r\n").into_bytes()
        }
        Fault::Says(kind, body) => [head(kind).into_bytes(), body].concat(),
        Fault::Shows(kind, body) => {
            let body = body.lock().unwrap().clone();
            [head(kind).into_bytes(), body].concat()
        }
        Fault::Huge(kind) => {
            let _ = stream.write_all(head(kind).as_bytes()).await;
            while stream.write_all(&[b'0'; 65536]).await.is_ok() {}
            return;
        }
        Fault::Turned { service, from_end } => {
            let mut question = question;
            let place = question.len() - from_end;
            question[place] ^= 1;
            let asked = reqwest::Client::new().post(service);
            let asked = asked.header("content-type", "application/timestamp-query");
            let answer = asked.body(question).send().await.unwrap();
            [head(REPLY).as_bytes(), &answer.bytes().await.unwrap()].concat()
        }
    };
    let _ = stream.write_all(&text).await;
    let _ = stream.shutdown().await;
}

/// The body of a request.
async fn question(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&part[..length]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        if bytes.len() >= end + 4 + length {
            return Some(bytes[end + 4..].to_vec());
        }
    }
}

const REPLY: &str = "application/timestamp-reply";
const LONG: &str = "\r\ncontent-length: 5000\r\n\r\n";
