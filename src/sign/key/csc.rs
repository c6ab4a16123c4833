//! A key with a remote signing service, by the API of the Cloud Signature Consortium, version 2.0.
//! The wire format is this file's own; nobody else sees it.
//!
//! The road: at start `credentials/info` gives the certificates, the algorithms and whether the
//! credential can sign unattended. For each signature `credentials/authorize` is asked for one with
//! these very hashes (with SCAL 2 the permission, called SAD, is good for nothing else), then
//! `signatures/signHash`. The bearer token comes from the service's own OAuth2 endpoint by client
//! credentials (RFC 6749, section 4.4) and is asked for anew once when it is no longer taken.
//!
//! What the service answers is bounded by `outside` in time and size and never shown. That the
//! value is a signature of the certificate's key is proven where every other key is held to it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::order::led_by_own;
use super::values::in_der;
use super::{KeyFault, Signature, SigningKey};
use crate::sign::algorithm::{EC_PUBLIC_KEY, RSA_ENCRYPTION};
use crate::sign::certificate::Certificate;
use crate::sign::outside::{Address, Allow, Bounds, Client, Exchange, Wrong};
use crate::sign::{Algorithm, Secret, SignError};

/// Which credential of which service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csc {
    /// The base of the API with its version, as `https://signing.example/csc/v2`. Plain HTTP goes
    /// to an address of this machine alone, where that is allowed.
    pub url: String,
    /// The credential's identifier.
    pub credential: String,
    /// Who asks: the client identifier of OAuth2.
    pub client: String,
    /// Where the bearer token comes from; absent: `oauth2/token` under `url`.
    pub token_url: Option<String>,
    /// How long one call may take; a signature is two of them.
    pub bounds: Bounds,
    /// Where the service may stand.
    pub allow: Allow,
}

/// Asks the service for the credential; gives the key with its certificates, its own first.
///
/// # Errors
/// [`SignError::Opening`] with [`KeyFault::Settings`] where an address is no HTTPS address or the
/// credential can't sign unattended, [`KeyFault::Unreachable`], [`KeyFault::WrongSecret`],
/// [`KeyFault::Declined`], [`KeyFault::Unreadable`], [`KeyFault::NoCertificate`] and
/// [`KeyFault::Refused`] where the key is of no kind that we sign with.
pub async fn open(
    settings: &Csc,
    secret: &Secret,
) -> Result<(Box<dyn SigningKey>, Vec<Certificate>), SignError> {
    let service = Service::new(settings, secret).map_err(SignError::Opening)?;
    let asked = json!({
        "credentialID": settings.credential,
        "certificates": "chain",
        "certInfo": false,
        "authInfo": true,
    });
    let info: Info = service.call("credentials/info", &asked).await.map_err(SignError::Opening)?;
    let decoded = |text: &String| {
        let der = STANDARD.decode(text).ok()?;
        Certificate::from_der(der).ok()
    };
    let among: Option<Vec<_>> = info.cert.certificates.iter().map(decoded).collect();
    let among = among.ok_or(SignError::Opening(KeyFault::Unreadable))?;
    let (algorithm, chain) = led_by_own(among)?;
    let scheme = info.scheme(algorithm).map_err(SignError::Opening)?;
    let credential = settings.credential.clone();
    Ok((Box::new(RemoteKey { service, credential, algorithm, scheme }), chain))
}

/// A key that answers over the network.
struct RemoteKey {
    service: Service,
    credential: String,
    algorithm: Algorithm,
    /// `signAlgo` of each request.
    scheme: String,
}

impl SigningKey for RemoteKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> Signature<'a> {
        Box::pin(async move { self.value(message).await.map_err(|_| SignError::Key) })
    }
}

impl RemoteKey {
    async fn value(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let kind = self.algorithm.digest();
        let hash = STANDARD.encode(kind.of(message));
        let named = kind.identifier().oid.to_string();
        let mut asked = json!({
            "credentialID": self.credential,
            "numSignatures": 1,
            "hashes": [hash],
            "hashAlgorithmOID": named,
        });
        let granted: Granted = self.service.call("credentials/authorize", &asked).await?;
        asked = json!({
            "credentialID": self.credential,
            "SAD": granted.sad.as_str(),
            "hashes": [hash],
            "hashAlgorithmOID": named,
            "signAlgo": self.scheme,
            "operationMode": "S",
        });
        let signed: Signed = self.service.call("signatures/signHash", &asked).await?;
        let [value] = signed.signatures.as_slice() else {
            return Err(KeyFault::Unreadable);
        };
        let value = STANDARD.decode(value).map_err(|_| KeyFault::Unreadable)?;
        in_der(self.algorithm, value).ok_or(KeyFault::Unreadable)
    }
}

/// The answer of `credentials/info`, as far as it matters here.
#[derive(Deserialize)]
struct Info {
    key: KeyInfo,
    cert: CertInfo,
    auth: Option<AuthInfo>,
}

#[derive(Deserialize)]
struct KeyInfo {
    status: String,
    algo: Vec<String>,
}

#[derive(Deserialize)]
struct CertInfo {
    #[serde(default)]
    certificates: Vec<String>,
}

#[derive(Deserialize)]
struct AuthInfo {
    mode: String,
}

/// The answer of `credentials/authorize`.
#[derive(Deserialize)]
struct Granted {
    #[serde(rename = "SAD", deserialize_with = "cleared")]
    sad: Zeroizing<String>,
}

/// The answer of `signatures/signHash`.
#[derive(Deserialize)]
struct Signed {
    signatures: Vec<String>,
}

/// The answer of the token endpoint. RFC 6749, section 5.1.
#[derive(Deserialize)]
struct Bearer {
    #[serde(deserialize_with = "cleared")]
    access_token: Zeroizing<String>,
    token_type: String,
}

/// A text that is cleared when it is dropped.
fn cleared<'de, D: Deserializer<'de>>(from: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(from).map(Zeroizing::new)
}

impl Info {
    /// What to name as `signAlgo`: the whole scheme where the credential lists it, otherwise the
    /// key's kind, which goes with the hash that is named beside it.
    fn scheme(&self, algorithm: Algorithm) -> Result<String, KeyFault> {
        if self.key.status != "enabled" {
            return Err(KeyFault::Declined);
        }
        // The others want a person's consent for each signature.
        if self.auth.as_ref().is_some_and(|auth| auth.mode != "implicit") {
            return Err(KeyFault::Settings("the credential does not sign unattended"));
        }
        let kind = match algorithm {
            Algorithm::Rsa => RSA_ENCRYPTION,
            Algorithm::EcdsaP256 | Algorithm::EcdsaP384 => EC_PUBLIC_KEY,
        };
        let known = [algorithm.identifier().oid, kind].map(|oid| oid.to_string());
        let listed = known.into_iter().find(|oid| self.key.algo.contains(oid));
        listed.ok_or(KeyFault::Refused)
    }
}

/// The service, with who we are to it.
struct Service {
    client: Client,
    base: String,
    tokens: Address,
    allow: Allow,
    name: String,
    secret: Secret,
    /// The bearer token in use.
    bearer: Mutex<Option<Zeroizing<String>>>,
}

impl Service {
    fn new(settings: &Csc, secret: &Secret) -> Result<Self, KeyFault> {
        let allow = settings.allow;
        let base = settings.url.trim_end_matches('/').to_owned();
        address(&base, allow)?;
        let tokens = match &settings.token_url {
            Some(url) => address(url, allow)?,
            None => address(&format!("{base}/oauth2/token"), allow)?,
        };
        let client = Client::new(settings.bounds, allow).map_err(why)?;
        let (name, secret) = (settings.client.clone(), secret.copy());
        Ok(Self { client, base, tokens, allow, name, secret, bearer: Mutex::new(None) })
    }

    /// A call with the bearer token, which is asked for anew once where it is not taken.
    async fn call<T: DeserializeOwned>(&self, method: &str, body: &Value) -> Result<T, KeyFault> {
        let address = address(&format!("{}/{method}", self.base), self.allow)?;
        let body = Zeroizing::new(body.to_string());
        let of = exchange("application/json", body.as_bytes());
        let bearer = self.bearer(None).await?;
        let mut answer = self.client.ask_as(&bearer, &address, of).await;
        if answer == Err(Wrong::Refused(UNAUTHORIZED)) {
            let bearer = self.bearer(Some(&bearer)).await?;
            answer = self.client.ask_as(&bearer, &address, of).await;
        }
        read(answer.map_err(why)?)
    }

    /// The bearer token: the one in use unless it is the `stale` one.
    async fn bearer(&self, stale: Option<&str>) -> Result<Zeroizing<String>, KeyFault> {
        // Held while a new one comes, so that many callers ask for one.
        let mut held = self.bearer.lock().await;
        if let Some(good) = held.as_ref().filter(|one| Some(one.as_str()) != stale) {
            return Ok(good.clone());
        }
        *held = None;
        let form = self.form();
        let of = exchange("application/x-www-form-urlencoded", form.as_bytes());
        let answer = self.client.ask(&self.tokens, of).await.map_err(|wrong| match wrong {
            // RFC 6749, section 5.2.
            Wrong::Refused(BAD_REQUEST | UNAUTHORIZED) => KeyFault::WrongSecret,
            other => why(other),
        })?;
        let bearer: Bearer = read(answer)?;
        if !bearer.token_type.eq_ignore_ascii_case("bearer") {
            return Err(KeyFault::Unreadable);
        }
        Ok(held.insert(bearer.access_token).clone())
    }

    /// The request for a bearer token. RFC 6749, sections 2.3.1 and 4.4.2; the scope is the CSC's.
    fn form(&self) -> Zeroizing<String> {
        let (name, secret) = (quoted(&self.name), quoted(self.secret.expose()));
        let (name, secret) = (name.as_str(), secret.as_str());
        Zeroizing::new(format!(
            "grant_type=client_credentials&scope=service&client_id={name}&client_secret={secret}"
        ))
    }
}

/// A text as a form holds it: what is not plainly harmless as its bytes in hexadecimal. RFC 3986,
/// section 2.1.
fn quoted(text: &str) -> Zeroizing<String> {
    // At its full size from the start, so that no copy is left behind by growing.
    let mut form = Zeroizing::new(String::with_capacity(text.len() * 3));
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            form.push(char::from(byte));
        } else {
            form.push('%');
            form.push_str(&crate::digest::hex(&[byte]).to_ascii_uppercase());
        }
    }
    form
}

const fn exchange<'a>(kind: &'static str, body: &'a [u8]) -> Exchange<'a> {
    let body = Some((kind, body));
    Exchange { body, answer: "application/json", strict_type: true, longest: LONGEST }
}

fn read<T: DeserializeOwned>(answer: Vec<u8>) -> Result<T, KeyFault> {
    serde_json::from_slice(&Zeroizing::new(answer)).map_err(|_| KeyFault::Unreadable)
}

/// What an exchange that failed means for the key.
const fn why(wrong: Wrong) -> KeyFault {
    match wrong {
        Wrong::Refused(_) => KeyFault::Declined,
        Wrong::TooLarge | Wrong::Malformed => KeyFault::Unreadable,
        Wrong::ForbiddenAddress => KeyFault::Settings("an address is not allowed"),
        _ => KeyFault::Unreachable,
    }
}

/// An address of the service: HTTPS, or HTTP where it stays in this machine and that is allowed.
/// Without a query: secrets have no place in it.
fn address(text: &str, allow: Allow) -> Result<Address, KeyFault> {
    let address = Address::parse(text, allow).map_err(why)?;
    let inside = || {
        let host = address.host();
        host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    };
    if text.contains('?') {
        return Err(KeyFault::Settings("an address holds more than a place"));
    }
    if text.starts_with("https://") || inside() {
        Ok(address)
    } else {
        Err(KeyFault::Settings("an address is not HTTPS"))
    }
}

const BAD_REQUEST: u16 = 400;
const UNAUTHORIZED: u16 = 401;
/// A chain of certificates in base64 has some ten thousand bytes.
const LONGEST: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_stays_in_this_machine() {
        let (public, private) = (Allow::Public, Allow::Private);
        assert!(address("https://signing.example/csc/v2", public).is_ok());
        for inside in ["http://127.0.0.1:9/x", "http://[::1]:9/x"] {
            assert!(address(inside, private).is_ok(), "{inside}");
            assert!(address(inside, public).is_err(), "{inside}");
        }
        for bad in [
            "",
            "signing.example",
            "http://signing.example/csc/v2",
            "http://localhost.example/",
            "http://localhost/",
            "http://127.0.0.1.example/",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "https://name:word@signing.example/",
            "https://signing.example/?a=b",
            "https://signing.example/#a",
        ] {
            assert!(matches!(address(bad, private), Err(KeyFault::Settings(_))), "{bad}");
        }
    }

    #[test]
    fn a_form_holds_any_secret_as_one_value() {
        assert_eq!(quoted("aZ0-._~").as_str(), "aZ0-._~");
        assert_eq!(quoted("a b&c=d+e%ŵ\n").as_str(), "a%20b%26c%3Dd%2Be%25%C5%B5%0A");
    }

    #[test]
    fn the_scheme_is_one_that_the_credential_lists() {
        let info = |status: &str, algo: &[&str], mode: &str| {
            let key = json!({ "status": status, "algo": algo });
            let info = json!({ "key": key, "cert": {}, "auth": { "mode": mode } });
            serde_json::from_value::<Info>(info).unwrap()
        };
        let (whole, kind) = ("1.2.840.10045.4.3.2", "1.2.840.10045.2.1");
        let scheme = |info: Info| info.scheme(Algorithm::EcdsaP256);
        assert_eq!(scheme(info("enabled", &[kind, whole], "implicit")).as_deref(), Ok(whole));
        assert_eq!(scheme(info("enabled", &[kind], "implicit")).as_deref(), Ok(kind));
        assert_eq!(scheme(info("enabled", &["1.2.3"], "implicit")), Err(KeyFault::Refused));
        assert_eq!(scheme(info("disabled", &[whole], "implicit")), Err(KeyFault::Declined));
        let person = scheme(info("enabled", &[whole], "explicit"));
        assert!(matches!(person, Err(KeyFault::Settings(_))));
    }
}
