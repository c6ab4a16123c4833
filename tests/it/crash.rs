//! `kill -9`, again and again: no acknowledged order is lost, none is made twice, the same key
//! gives the same answer.
//!
//! It proves the recovery, not the disk: the machine goes on. The store's own tests hold WAL and
//! FULL.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{CANARIES, Folder, interim, keyed};

/// The real programme on a data folder.
struct Service {
    child: Mutex<Child>,
    url: String,
    secret: String,
    /// All that it wrote on either stream.
    said: Arc<Mutex<String>>,
}

impl Service {
    fn start(folder: &Folder) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spo"))
            .arg("serve")
            .env_clear()
            .env("SPO_DATA_DIR", folder.path().join("data"))
            .env("SPO_LISTEN", "127.0.0.1:0")
            .env("SPO_LOG__FILTER", "trace")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::default();
        let url = url_of(&mut child, &said);
        let secret = secret_in(folder);
        Self { child: Mutex::new(child), url, secret, said }
    }

    /// SIGKILL: nothing is written, flushed or finished.
    fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }

    async fn post(&self, client: &reqwest::Client, key: &str) -> reqwest::Result<Answer> {
        let body = serde_json::to_vec(&keyed(interim(), key)).unwrap();
        let call = client.post(format!("{}/v1/interim-orders", self.url)).body(body);
        let call = call.header("content-type", "application/json").header("idempotency-key", key);
        let response = call.bearer_auth(&self.secret).send().await?;
        let replayed = response.headers().contains_key("idempotent-replayed");
        let status = response.status().as_u16();
        Ok(Answer { status, replayed, body: response.bytes().await?.to_vec() })
    }

    async fn get(&self, client: &reqwest::Client, path: &str, accept: &str) -> Vec<u8> {
        let call = client.get(format!("{}{path}", self.url)).header("accept", accept);
        let response = call.bearer_auth(&self.secret).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.bytes().await.unwrap().to_vec()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

struct Answer {
    status: u16,
    replayed: bool,
    body: Vec<u8>,
}

/// The first key, which the first start writes after it says its address.
fn secret_in(folder: &Folder) -> String {
    let path = folder.path().join("data/first-key");
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match std::fs::read_to_string(&path) {
            Ok(secret) if secret.ends_with('\n') => return secret.trim().to_owned(),
            _ if Instant::now() > until => panic!("no first key"),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// The address that the programme says it serves on, once the key file stands beside it.
fn url_of(child: &mut Child, said: &Arc<Mutex<String>>) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let readers: [Box<dyn std::io::Read + Send>; 2] = [Box::new(out), Box::new(err)];
    for reader in readers {
        let (sender, said) = (sender.clone(), Arc::clone(said));
        // It reads to the end, so that the programme never waits for its own words to be read.
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                said.lock().unwrap().push_str(&line);
                let address = line.split("http://").nth(1).map(|rest| {
                    let end = rest.find(|c: char| !c.is_ascii_digit() && !".:".contains(c));
                    rest[..end.unwrap_or(rest.len())].trim_end_matches('.').to_owned()
                });
                let _ = sender.send(address);
            }
        });
    }
    let until = Instant::now() + Duration::from_secs(60);
    while let Ok(line) = receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
        if let Some(address) = line {
            return format!("http://{address}");
        }
    }
    panic!("the service did not start");
}

/// Waits until it answers; a restart takes seconds, not minutes.
async fn ready(service: &Service, client: &reqwest::Client) {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        let asked = client.get(format!("{}/health/ready", service.url)).send().await;
        if asked.is_ok_and(|response| response.status().is_success()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the service is not ready");
}

/// What the writers sent, and what they were promised.
#[derive(Default)]
struct Promises {
    sent: Mutex<Vec<String>>,
    acknowledged: Mutex<BTreeMap<String, Vec<u8>>>,
}

/// Writes order after order until the service is gone.
async fn write(service: &Service, client: &reqwest::Client, name: String, promises: &Promises) {
    for index in 0.. {
        let key = format!("{name}-{index}");
        promises.sent.lock().unwrap().push(key.clone());
        let Ok(answer) = service.post(client, &key).await else { return };
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        promises.acknowledged.lock().unwrap().insert(key, answer.body);
    }
}

/// Waits for one more answer.
async fn one_more(promises: &Promises) {
    let count = || promises.acknowledged.lock().unwrap().len();
    let (before, until) = (count(), Instant::now() + Duration::from_secs(60));
    while count() == before && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn no_acknowledged_order_is_lost_or_made_twice_through_kills() {
    let folder = Folder::new();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let promises = Promises::default();
    for (round, delay) in [60, 250, 130, 400, 90].into_iter().enumerate() {
        let service = Service::start(&folder);
        ready(&service, &client).await;
        let name = |writer: i32| format!("r{round}-{writer}");
        let writers = (0..3).map(|writer| write(&service, &client, name(writer), &promises));
        let killer = async {
            // Every other round dies in the middle of its work, the rest before its first answer.
            if round % 2 == 1 {
                one_more(&promises).await;
            }
            tokio::time::sleep(Duration::from_millis(delay)).await;
            service.kill();
        };
        tokio::join!(futures_util::future::join_all(writers), killer);
    }

    let service = Service::start(&folder);
    ready(&service, &client).await;
    let sent = promises.sent.into_inner().unwrap();
    let acknowledged = promises.acknowledged.into_inner().unwrap();
    assert!(!acknowledged.is_empty() && acknowledged.len() < sent.len(), "no kill came in time");
    let mut orders = BTreeMap::new();
    for key in &sent {
        let answer = service.post(&client, key).await.unwrap();
        assert_eq!(answer.status, 201, "{key}");
        if let Some(first) = acknowledged.get(key) {
            assert!(answer.replayed, "{key} was lost");
            assert_eq!(&answer.body, first, "{key} has another answer");
        }
        let order: Value = serde_json::from_slice(&answer.body).unwrap();
        orders.insert(order["id"].as_str().unwrap().to_owned(), order);
    }
    assert_eq!(orders.len(), sent.len(), "one order for each key");
    let listed = listed(&service, &client).await;
    assert_eq!(listed, orders.keys().cloned().collect::<Vec<_>>(), "and no other");
    for document in orders.values().flat_map(with_its_copies) {
        let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
        let bytes = service.get(&client, &path, "application/pdf").await;
        let digest = spo::digest::hex(&spo::digest::sha256(&bytes));
        assert_eq!(document["sha256"].as_str().unwrap(), digest, "half a document");
    }
    check_log(&service);
}

/// The documents of an order, of which none is ever kept without the others.
fn with_its_copies(order: &Value) -> &[Value] {
    let documents = order["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 4, "half an order: {documents:?}");
    documents
}

/// The ids of all orders, page by page.
async fn listed(service: &Service, client: &reqwest::Client) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    loop {
        let after = ids.last().map(|id| format!("&after={id}")).unwrap_or_default();
        let path = format!("/v1/orders?limit=200{after}");
        let page = service.get(client, &path, "application/json").await;
        let page: Value = serde_json::from_slice(&page).unwrap();
        let items = page["items"].as_array().unwrap();
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        if items.len() < 200 {
            return ids;
        }
    }
}

/// The loudest log tells what was answered, and nothing of people, keys or bodies.
fn check_log(service: &Service) {
    let log = service.said.lock().unwrap().clone();
    assert!(log.contains("/v1/documents/{id}"), "{}", &log[..log.len().min(2000)]);
    let names = ["Ffug-Example", "Rhodri", "Si\u{e2}n", "Specimen Row", service.secret.as_str()];
    for personal in CANARIES.iter().chain(&names) {
        assert!(!log.contains(personal), "the log tells {personal}");
    }
}
