//! One HTTP client for all services outside. Each exchange is one request and one bounded answer.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Response, StatusCode, redirect, retry};

use super::reach::Allow;
use super::{Address, Bounds, Wrong};

/// The client with its bounds.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    bounds: Bounds,
    allow: Allow,
}

/// What is asked of a service, and what its answer may be.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// The media type and the bytes of a POST; without them it is a GET.
    pub body: Option<(&'static str, &'a [u8])>,
    /// The media type of the answer.
    pub answer: &'static str,
    /// The answer must say that it is of that type. CRLs are served under many names.
    pub strict_type: bool,
    /// Bytes of the answer at most.
    pub longest: usize,
}

impl Client {
    /// A client within bounds.
    ///
    /// # Errors
    /// [`Wrong::Unreachable`] where the machine's TLS settings can't be read.
    pub fn new(bounds: Bounds, allow: Allow) -> Result<Self, Wrong> {
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .retry(retry::never())
            .http1_only()
            .http1_max_headers(64)
            // Each exchange looks its host up and connects anew: what was allowed once is judged
            // again.
            .pool_max_idle_per_host(0)
            .connect_timeout(bounds.connect)
            .timeout(bounds.exchange)
            .dns_resolver(Arc::new(Filtered { allow }))
            .user_agent(concat!("spo/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| Wrong::Unreachable)?;
        Ok(Self { http, bounds, allow })
    }

    /// Which addresses it goes to.
    pub const fn allow(&self) -> Allow {
        self.allow
    }

    /// Asks a service and gives its whole answer.
    ///
    /// # Errors
    /// [`Wrong`]: [`Wrong::ForbiddenAddress`] before anything is sent, otherwise what happened.
    pub async fn ask(&self, address: &Address, of: Exchange<'_>) -> Result<Vec<u8>, Wrong> {
        self.within(self.exchange(address, of, None)).await
    }

    /// The same, shown a bearer token. RFC 6750, section 2.1.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn ask_as(
        &self,
        bearer: &str,
        address: &Address,
        of: Exchange<'_>,
    ) -> Result<Vec<u8>, Wrong> {
        self.within(self.exchange(address, of, Some(bearer))).await
    }

    async fn within(
        &self,
        exchange: impl Future<Output = Result<Vec<u8>, Wrong>>,
    ) -> Result<Vec<u8>, Wrong> {
        let whole = tokio::time::timeout(self.bounds.exchange, exchange);
        whole.await.unwrap_or(Err(Wrong::TimedOut))
    }

    async fn exchange(
        &self,
        address: &Address,
        of: Exchange<'_>,
        bearer: Option<&str>,
    ) -> Result<Vec<u8>, Wrong> {
        // Read again here: an address made under a wider rule goes no further.
        let url = Address::parse(address.as_str(), self.allow)?.url()?;
        let request = match of.body {
            Some((kind, body)) => {
                self.http.post(url).header(CONTENT_TYPE, kind).body(body.to_vec())
            }
            None => self.http.get(url),
        };
        let request = match bearer {
            Some(bearer) => request.bearer_auth(bearer),
            None => request,
        };
        let sent = request.header(ACCEPT, of.answer).send().await;
        let response = sent.map_err(|error| wrong(&error))?;
        if response.status() != StatusCode::OK {
            return Err(Wrong::Refused(response.status().as_u16()));
        }
        if of.strict_type && !is_of_type(&response, of.answer) {
            return Err(Wrong::Malformed);
        }
        whole(response, of.longest).await
    }
}

/// The body, which stops being read where it is too long.
async fn whole(mut response: Response, longest: usize) -> Result<Vec<u8>, Wrong> {
    if response.content_length().is_some_and(|length| length > longest as u64) {
        return Err(Wrong::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| wrong(&error))? {
        if body.len() + chunk.len() > longest {
            return Err(Wrong::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_of_type(response: &Response, wanted: &str) -> bool {
    let said = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = said.and_then(|said| said.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case(wanted)
}

/// What an error of the client means, without its words.
fn wrong(error: &reqwest::Error) -> Wrong {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<Forbidden>() {
            return Wrong::ForbiddenAddress;
        }
        cause = inner.source();
    }
    if error.is_timeout() { Wrong::TimedOut } else { Wrong::Unreachable }
}

/// The system's names, without those that lead where the service may not go. The client asks it for
/// names only; literal addresses are judged before.
struct Filtered {
    allow: Allow,
}

/// A name that leads where the service may not go.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not allowed")]
struct Forbidden;

impl Resolve for Filtered {
    fn resolve(&self, name: Name) -> Resolving {
        let allow = self.allow;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            permitted(found, allow).map_err(Into::into)
        })
    }
}

/// All addresses of a name, or none: a name that leads outside *and* inside is a trap.
fn permitted(found: impl Iterator<Item = SocketAddr>, allow: Allow) -> Result<Addrs, Forbidden> {
    let found: Vec<SocketAddr> = found.take(MOST_ADDRESSES).collect();
    if found.iter().all(|address| allow.permits(address.ip())) {
        Ok(Box::new(found.into_iter()))
    } else {
        Err(Forbidden)
    }
}

const MOST_ADDRESSES: usize = 64;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    fn client(allow: Allow) -> Client {
        let bounds =
            Bounds { connect: Duration::from_millis(300), exchange: Duration::from_millis(600) };
        Client::new(bounds, allow).unwrap()
    }

    const PLAIN: Exchange<'_> =
        Exchange { body: None, answer: "application/x", strict_type: true, longest: 1000 };

    /// A server that says the same to everybody and counts who came.
    async fn says(parts: Vec<Vec<u8>>, pause: Duration) -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let came = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&came);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 2048];
                let _ = stream.read(&mut request).await;
                for part in &parts {
                    let _ = stream.write_all(part).await;
                    tokio::time::sleep(pause).await;
                }
            }
        });
        (port, came)
    }

    async fn asked(head: &str, body: &[u8]) -> Result<Vec<u8>, Wrong> {
        let answer = [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat();
        let (port, _) = says(vec![answer], Duration::ZERO).await;
        let address = Address::parse(&format!("http://127.0.0.1:{port}/"), Allow::Private);
        client(Allow::Private).ask(&address.unwrap(), PLAIN).await
    }

    #[tokio::test]
    async fn a_whole_answer_of_the_right_type_is_given() {
        let right = asked("200 OK\r\ncontent-type: Application/X; a=b", b"words").await;
        assert_eq!(right, Ok(b"words".to_vec()));
    }

    #[tokio::test]
    async fn each_wrong_answer_has_its_name() {
        assert_eq!(asked("500 No", b"").await, Err(Wrong::Refused(500)));
        let away = "302 Found\r\nlocation: http://127.0.0.1:1/";
        assert_eq!(asked(away, b"").await, Err(Wrong::Refused(302)));
        assert_eq!(asked("200 OK\r\ncontent-type: text/html", b"x").await, Err(Wrong::Malformed));
        assert_eq!(asked("200 OK", b"x").await, Err(Wrong::Malformed));
        let long = "200 OK\r\ncontent-type: application/x\r\ncontent-length: 999999999";
        assert_eq!(asked(long, b"x").await, Err(Wrong::TooLarge));
        let unending = "200 OK\r\ncontent-type: application/x";
        assert_eq!(asked(unending, &[b'x'; 4000]).await, Err(Wrong::TooLarge));
        let short = "200 OK\r\ncontent-type: application/x\r\ncontent-length: 500";
        assert_eq!(asked(short, b"x").await, Err(Wrong::Unreachable));
        assert_eq!(asked("nonsense", b"").await, Err(Wrong::Unreachable));
    }

    #[tokio::test]
    async fn a_body_that_says_it_is_packed_stays_packed() {
        let packed = "200 OK\r\ncontent-type: application/x\r\ncontent-encoding: gzip";
        assert_eq!(asked(packed, b"\x1f\x8bwords").await, Ok(b"\x1f\x8bwords".to_vec()));
    }

    #[tokio::test]
    async fn an_answer_that_drips_is_cut_off_in_time() {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/x\r\n\r\n".to_vec();
        let parts = [vec![head], vec![b"x".to_vec(); 100]].concat();
        let (port, _) = says(parts, Duration::from_millis(100)).await;
        let address = Address::parse(&format!("http://127.0.0.1:{port}/"), Allow::Private).unwrap();
        let begun = tokio::time::Instant::now();
        assert_eq!(client(Allow::Private).ask(&address, PLAIN).await, Err(Wrong::TimedOut));
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }

    #[tokio::test]
    async fn nobody_there_is_unreachable() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        let address = Address::parse(&address, Allow::Private).unwrap();
        assert_eq!(client(Allow::Private).ask(&address, PLAIN).await, Err(Wrong::Unreachable));
    }

    #[tokio::test]
    async fn no_form_of_a_private_address_reaches_a_listener() {
        let (port, came) = says(Vec::new(), Duration::ZERO).await;
        let client = client(Allow::Public);
        let mut tried = 0;
        for host in INSIDE {
            for scheme in ["http", "https"] {
                let text = format!("{scheme}://{host}:{port}/");
                // What a careless caller could have let in.
                let address = Address::parse(&text, Allow::Private);
                if let Ok(address) = address {
                    let answer = client.ask(&address, PLAIN).await;
                    assert_eq!(answer, Err(Wrong::ForbiddenAddress), "{text}");
                }
                tried += 1;
            }
        }
        assert!(tried >= 60, "{tried}");
        assert_eq!(came.load(Ordering::SeqCst), 0);
        // The test of the test: the same listener is reached where it may be.
        let address = Address::parse(&format!("http://localhost:{port}/"), Allow::Private).unwrap();
        let _ = self::client(Allow::Private).ask(&address, PLAIN).await;
        assert_eq!(came.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_name_that_leads_outside_and_inside_leads_nowhere() {
        let of = |texts: &[&str]| {
            let found: Vec<SocketAddr> = texts.iter().map(|text| text.parse().unwrap()).collect();
            permitted(found.into_iter(), Allow::Public).map(Iterator::count).ok()
        };
        assert_eq!(of(&["8.8.8.8:0", "1.1.1.1:0"]), Some(2));
        assert_eq!(of(&["8.8.8.8:0", "127.0.0.1:0"]), None);
        assert_eq!(of(&["[::ffff:10.0.0.1]:0"]), None);
    }

    const INSIDE: &[&str] = &[
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "127.127.127.127",
        "2130706433",
        "017700000001",
        "0177.0.0.1",
        "0x7f000001",
        "0x7f.0x0.0x0.0x1",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fe80::1%25lo]",
        "[fd00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "user@127.0.0.1",
        "tsa.example@127.0.0.1",
        "127.0.0.1#tsa.example",
        "127.0.0.1\\@tsa.example",
        "tsa.example\r\nHost: 127.0.0.1",
        "①②⑦.0.0.1",
    ];
}
