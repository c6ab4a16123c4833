//! A remote signing service that speaks the API of the Cloud Signature Consortium, version 2.0, over
//! plain HTTP on the loopback. It keeps to the standard where it can and breaks it where it is told
//! to; what it is asked is judged by its own reading, not by the client's.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// How the service behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    #[default]
    Good,
    /// ECDSA values as two numbers side by side.
    SideBySide,
    /// Lists the key's kind alone among the algorithms.
    KindAlone,
    /// Signs another hash than the one asked for.
    WrongHash,
    /// Gives two signatures for one.
    Two,
    /// Bearer tokens serve one call each.
    ShortTokens,
    /// No bearer token is ever taken.
    NoTokens,
    /// No bearer token is taken, and the secret is not the client's.
    WrongSecret,
    /// Signatures need a person.
    Person,
    /// The credential is switched off.
    Disabled,
    /// Answers that are no JSON.
    Garbage,
    /// JSON of another type than it says.
    WrongType,
    /// Answers later than anybody waits.
    Slow,
    /// Answers that do not end.
    Huge,
    /// Sends everybody elsewhere.
    Elsewhere,
    /// Fails.
    Broken,
}

/// What the service holds: a key in PEM, its certificates in DER, and how it is listed.
pub struct Credential {
    pub key: PathBuf,
    pub certificates: Vec<Vec<u8>>,
    /// The whole scheme, then the key's kind.
    pub algorithms: [&'static str; 2],
    pub hash: &'static str,
    /// Bytes of one number of an ECDSA value; zero for RSA.
    pub half: usize,
}

/// The running service.
pub struct SigningService {
    pub url: String,
    state: Arc<State>,
}

struct State {
    credential: Credential,
    mood: Mutex<Mood>,
    tokens: Mutex<HashSet<String>>,
    /// Permissions with the hash that each is for.
    permissions: Mutex<Vec<(String, String)>>,
    /// The method of each call that was answered, in order.
    calls: Mutex<Vec<String>>,
}

/// The client whom the service knows.
pub const CLIENT: (&str, &str) = ("court one", "s3cret & more=%");
pub const CREDENTIAL: &str = "seal-1";

impl SigningService {
    pub fn start(credential: Credential) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/csc/v2", listener.local_addr().unwrap());
        let state = Arc::new(State {
            credential,
            mood: Mutex::default(),
            tokens: Mutex::default(),
            permissions: Mutex::default(),
            calls: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        // It ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || state.serve(stream));
            }
        });
        Self { url, state }
    }

    pub fn set(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// What was called since the last asking.
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.calls.lock().unwrap())
    }
}

impl State {
    fn serve(&self, mut stream: TcpStream) {
        let Some(request) = Request::read(&stream) else { return };
        self.calls.lock().unwrap().push(request.method.clone());
        let mood = *self.mood.lock().unwrap();
        let (status, body) = match mood {
            Mood::Slow => {
                std::thread::sleep(Duration::from_secs(3));
                return;
            }
            Mood::Huge => {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
                let _ = stream.write_all(head.as_bytes());
                while stream.write_all(&[b' '; 65536]).is_ok() {}
                return;
            }
            Mood::Garbage => (200, "{\"key\":".to_owned()),
            Mood::Broken => (500, "{}".to_owned()),
            Mood::Elsewhere => (307, "{}".to_owned()),
            _ => match self.answer(&request, mood) {
                Ok(answer) => (200, answer.to_string()),
                Err((status, error)) => (status, json!({ "error": error }).to_string()),
            },
        };
        let kind = if mood == Mood::WrongType { "text/html" } else { "application/json" };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
             location: /csc/v2/elsewhere\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(&[head.as_bytes(), body.as_bytes()].concat());
    }

    fn answer(&self, request: &Request, mood: Mood) -> Result<Value, (u16, &'static str)> {
        if request.method == "oauth2/token" {
            return self.token(request, mood);
        }
        let bearer = request.authorization.strip_prefix("Bearer ").unwrap_or_default();
        let mut tokens = self.tokens.lock().unwrap();
        let known = match mood {
            Mood::NoTokens | Mood::WrongSecret => false,
            Mood::ShortTokens => tokens.remove(bearer),
            _ => tokens.contains(bearer),
        };
        drop(tokens);
        if !known {
            return Err((401, "invalid_token"));
        }
        let asked: Value = serde_json::from_slice(&request.body).map_err(|_| (400, "no JSON"))?;
        if asked["credentialID"] != CREDENTIAL {
            return Err((400, "invalid_request"));
        }
        match request.method.as_str() {
            "credentials/info" => Ok(self.info(&asked, mood)),
            "credentials/authorize" => self.authorize(&asked),
            "signatures/signHash" => self.sign(&asked, mood),
            _ => Err((404, "unknown")),
        }
    }

    fn token(&self, request: &Request, mood: Mood) -> Result<Value, (u16, &'static str)> {
        let form = String::from_utf8(request.body.clone()).map_err(|_| (400, "no form"))?;
        // Read by another's reader of forms.
        let url = reqwest::Url::parse(&format!("form:?{form}")).unwrap();
        let value = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let who = (value("client_id"), value("client_secret"));
        let known = who == (Some(CLIENT.0.to_owned()), Some(CLIENT.1.to_owned()));
        let granted = value("grant_type").as_deref() == Some("client_credentials");
        if !known || !granted || mood == Mood::WrongSecret {
            return Err((401, "invalid_client"));
        }
        let mut tokens = self.tokens.lock().unwrap();
        let token = format!("token-{}-{:?}", tokens.len(), std::thread::current().id());
        tokens.insert(token.clone());
        Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": 3600 }))
    }

    fn info(&self, asked: &Value, mood: Mood) -> Value {
        let all = self.credential.certificates.iter().map(|der| STANDARD.encode(der));
        let wanted = if asked["certificates"] == "chain" { usize::MAX } else { 1 };
        let algorithms = match mood {
            Mood::KindAlone => &self.credential.algorithms[1..],
            _ => &self.credential.algorithms[..],
        };
        json!({
            "description": "An invented credential",
            "key": {
                "status": if mood == Mood::Disabled { "disabled" } else { "enabled" },
                "algo": algorithms,
                "len": 256,
            },
            "cert": { "status": "valid", "certificates": all.take(wanted).collect::<Vec<_>>() },
            "auth": { "mode": if mood == Mood::Person { "explicit" } else { "implicit" } },
            "SCAL": "2",
            "multisign": 1,
        })
    }

    fn authorize(&self, asked: &Value) -> Result<Value, (u16, &'static str)> {
        let hash = self.hash(asked)?;
        if asked["numSignatures"] != 1 {
            return Err((400, "one signature"));
        }
        let mut permissions = self.permissions.lock().unwrap();
        let permission = format!("SAD-{}", permissions.len());
        permissions.push((permission.clone(), hash));
        Ok(json!({ "SAD": permission, "expiresIn": 300 }))
    }

    fn sign(&self, asked: &Value, mood: Mood) -> Result<Value, (u16, &'static str)> {
        let hash = self.hash(asked)?;
        let mut permissions = self.permissions.lock().unwrap();
        let granted = permissions
            .iter()
            .position(|(permission, bound)| asked["SAD"] == **permission && *bound == hash);
        // SCAL 2: a permission is for one hash, and once.
        let granted = granted.ok_or((400, "invalid SAD"))?;
        permissions[granted].0 = String::new();
        drop(permissions);
        let scheme = asked["signAlgo"].as_str().unwrap_or_default();
        if !self.credential.algorithms.contains(&scheme) {
            return Err((400, "invalid signAlgo"));
        }
        let mut hash = STANDARD.decode(hash).map_err(|_| (400, "no base64"))?;
        if mood == Mood::WrongHash {
            hash[0] ^= 1;
        }
        let mut value = self.value(&hash);
        if mood == Mood::SideBySide && self.credential.half > 0 {
            value = side_by_side(&value, self.credential.half);
        }
        let value = STANDARD.encode(value);
        let count = if mood == Mood::Two { 2 } else { 1 };
        Ok(json!({ "signatures": vec![value; count] }))
    }

    /// The one hash of a request, of the length that its name has.
    fn hash(&self, asked: &Value) -> Result<String, (u16, &'static str)> {
        let [hash] = asked["hashes"].as_array().map(Vec::as_slice).unwrap_or_default() else {
            return Err((400, "one hash"));
        };
        let length = match asked["hashAlgorithmOID"].as_str() {
            Some("2.16.840.1.101.3.4.2.1") => ("sha256", 32),
            Some("2.16.840.1.101.3.4.2.2") => ("sha384", 48),
            _ => return Err((400, "hash algorithm")),
        };
        let hash = hash.as_str().unwrap_or_default();
        let decoded = STANDARD.decode(hash).map_err(|_| (400, "no base64"))?;
        let right = length == (self.credential.hash, decoded.len());
        if right { Ok(hash.to_owned()) } else { Err((400, "hash length")) }
    }

    /// A signature by the openssl command.
    fn value(&self, hash: &[u8]) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(["pkeyutl", "-sign", "-pkeyopt"]);
        command.arg(format!("digest:{}", self.credential.hash)).arg("-inkey");
        let child = command
            .arg(&self.credential.key)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        child.stdin.take().unwrap().write_all(hash).unwrap();
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success());
        out.stdout
    }
}

/// SEQUENCE { INTEGER, INTEGER } as two numbers of so many bytes.
fn side_by_side(der: &[u8], half: usize) -> Vec<u8> {
    let mut rest = &der[if der[1] & 0x80 == 0 { 2 } else { 3 }..];
    let mut value = Vec::new();
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let bare = &number[length.saturating_sub(half)..];
        value.extend(vec![0; half - bare.len()]);
        value.extend(bare);
        rest = &rest[2 + length..];
    }
    value
}

struct Request {
    /// Behind the base.
    method: String,
    authorization: String,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let method = line.strip_prefix("POST /csc/v2/")?.split(' ').next()?.to_owned();
        let (mut length, mut authorization) = (0, String::new());
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().ok()?,
                "authorization" => authorization = value.trim().to_owned(),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Self { method, authorization, body })
    }
}
