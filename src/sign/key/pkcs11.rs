//! A key on a token or in a hardware module, through PKCS#11 (version 2.40). It never leaves the
//! token: hashes go in, signatures come out.
//!
//! The token is found by its *label*, since the number of its slot may be another after each start;
//! the key by label, identifier or both. One thread of its own holds the session, because the calls
//! block and a session is one caller's; a queue with an end leads to it. What a session can lose (a
//! login, itself, the token) is mended once for each signature by opening it anew; a PIN that was
//! refused is never tried again, since a token locks after a few.
//!
//! # Decisions
//! - A module stays loaded until the process ends: its state is the process's, and many fall over
//!   when they are unloaded.
//! - We hash, the token signs the hash: every token can do that. RSA is hashed on the token where
//!   it offers that; so is every message of a key that wants the PIN for each signature, since the
//!   PIN comes between two calls which the library joins for a hash.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11 as Module};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use der::Decode;
use der::asn1::ObjectIdentifier;
use tokio::sync::{mpsc, oneshot};

use super::values::{digest_info, in_der};
use super::{KeyFault, Signature, SigningKey};
use crate::sign::algorithm::{P_256, P_384, RSA_BITS};
use crate::sign::certificate::Certificate;
use crate::sign::{Algorithm, Secret, SignError};

/// Where a key lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pkcs11 {
    /// The library of the token's maker.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The key's label (CKA_LABEL).
    pub object: Option<String>,
    /// The key's identifier (CKA_ID). Without label and identifier the token must hold one key.
    pub id: Option<Vec<u8>>,
}

/// Opens the token, logs in and finds the key. It blocks until the token answers, half a minute at
/// most.
///
/// # Errors
/// [`SignError::Opening`] with [`KeyFault::Module`], [`KeyFault::Token`],
/// [`KeyFault::WrongSecret`], [`KeyFault::Locked`], [`KeyFault::NoKey`],
/// [`KeyFault::SeveralKeys`], [`KeyFault::Refused`] where the key is of no kind that we sign with,
/// or [`KeyFault::Mechanism`] where the token can't sign with it.
pub fn open(settings: &Pkcs11, pin: &Secret) -> Result<Box<dyn SigningKey>, SignError> {
    let mut holder = Holder::new(settings, pin)?;
    let (orders, received) = mpsc::channel(QUEUE);
    let (opened, wait) = std::sync::mpsc::channel();
    let thread = thread::Builder::new().name("pkcs11".into());
    let work = move || {
        let found = holder.find();
        let worked = found.is_ok();
        // Whoever opens waits for this, unless the token took too long.
        let waited = opened.send(found).is_ok();
        if worked && waited {
            holder.serve(received);
        }
    };
    thread.spawn(work).map_err(|_| SignError::Key)?;
    let found = wait.recv_timeout(OPENING).unwrap_or(Err(KeyFault::Module));
    let algorithm = found.map_err(SignError::Opening)?;
    Ok(Box::new(TokenKey { algorithm, orders }))
}

/// The certificates that lie on the token, in no order; they need no PIN.
///
/// # Errors
/// [`SignError::Opening`] with [`KeyFault::Module`] or [`KeyFault::Token`].
pub fn certificates(settings: &Pkcs11) -> Result<Vec<Certificate>, SignError> {
    let module = load(settings).map_err(SignError::Opening)?;
    let read = || -> Result<Vec<Certificate>, KeyFault> {
        let session = module.open_ro_session(slot(&module, settings)?).map_err(|e| fault(&e))?;
        let template = [Attribute::Class(ObjectClass::CERTIFICATE)];
        let mut found = Vec::new();
        for object in session.find_objects(&template).map_err(|e| fault(&e))? {
            let values = session.get_attributes(object, &[AttributeType::Value]);
            for value in values.map_err(|e| fault(&e))? {
                // What is no certificate of our kind is another's.
                let Attribute::Value(der) = value else { continue };
                found.extend(Certificate::from_der(der));
            }
        }
        Ok(found)
    };
    read().map_err(SignError::Opening)
}

/// A key on a token: where the thread that holds it takes its orders.
struct TokenKey {
    algorithm: Algorithm,
    orders: mpsc::Sender<Order>,
}

struct Order {
    message: Vec<u8>,
    answer: oneshot::Sender<Option<Vec<u8>>>,
}

impl SigningKey for TokenKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> Signature<'a> {
        Box::pin(async move {
            let (answer, wait) = oneshot::channel();
            let order = Order { message: message.to_vec(), answer };
            let whole = async {
                self.orders.send(order).await.ok()?;
                wait.await.ok()?
            };
            tokio::time::timeout(PATIENCE, whole).await.ok().flatten().ok_or(SignError::Key)
        })
    }
}

/// The one that holds the session.
struct Holder {
    module: Module,
    settings: Pkcs11,
    pin: Secret,
    standing: Option<Standing>,
    /// The token refused the PIN: to try it again could lock it.
    refused: Option<KeyFault>,
}

/// A session that is logged in, with the key in it.
struct Standing {
    session: Session,
    key: ObjectHandle,
    algorithm: Algorithm,
    way: Way,
}

/// How the token signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// A hash, or for RSA the frame around it.
    Hash,
    /// The message itself, by the token's own hashing.
    Message,
    /// The message itself, with the PIN given for each.
    MessageWithPin,
}

impl Holder {
    fn new(settings: &Pkcs11, pin: &Secret) -> Result<Self, SignError> {
        let module = load(settings).map_err(SignError::Opening)?;
        Ok(Self {
            module,
            settings: settings.clone(),
            pin: pin.copy(),
            standing: None,
            refused: None,
        })
    }

    fn serve(&mut self, mut orders: mpsc::Receiver<Order>) {
        while let Some(order) = orders.blocking_recv() {
            if order.answer.is_closed() {
                continue;
            }
            // Whoever asked may have gone meanwhile.
            let _ = order.answer.send(self.sign(&order.message));
        }
    }

    /// A signature, if need be after opening all anew, once.
    fn sign(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let first = self.standing.as_ref().and_then(|open| open.sign(message, &self.pin).ok());
        if first.is_some() {
            return first;
        }
        self.find().ok()?;
        match self.standing.as_ref()?.sign(message, &self.pin) {
            Ok(signature) => Some(signature),
            Err(fault) => {
                self.note(fault);
                None
            }
        }
    }

    /// Opens a session, logs in and finds the key, all anew.
    fn find(&mut self) -> Result<Algorithm, KeyFault> {
        // The old session is closed first: while it stands, a login may be taken for its own.
        self.standing = None;
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let found = Standing::open(&self.module, &self.settings, &self.pin);
        match found {
            Ok(standing) => {
                let algorithm = standing.algorithm;
                self.standing = Some(standing);
                Ok(algorithm)
            }
            Err(fault) => Err(self.note(fault)),
        }
    }

    fn note(&mut self, fault: KeyFault) -> KeyFault {
        if matches!(fault, KeyFault::WrongSecret | KeyFault::Locked) {
            self.refused = Some(fault);
        }
        fault
    }
}

impl Standing {
    fn open(module: &Module, settings: &Pkcs11, pin: &Secret) -> Result<Self, KeyFault> {
        start(module)?;
        let slot = slot(module, settings)?;
        let session = module.open_ro_session(slot).map_err(|e| fault(&e))?;
        match session.login(UserType::User, Some(&handed(pin))) {
            // Another session of this process has done it for all.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(fault(&error)),
        }
        let key = key_in(&session, settings)?;
        let (algorithm, with_pin) = kind_of(&session, key)?;
        let offered = module.get_mechanism_list(slot).map_err(|e| fault(&e))?;
        let way = way_of(algorithm, with_pin, &offered)?;
        Ok(Self { session, key, algorithm, way })
    }

    fn sign(&self, message: &[u8], pin: &Secret) -> Result<Vec<u8>, KeyFault> {
        let kind = self.algorithm.digest();
        let value = match self.way {
            Way::Hash => {
                let digest = kind.of(message);
                let (mechanism, framed) = match self.algorithm {
                    Algorithm::Rsa => (Mechanism::RsaPkcs, digest_info(kind, digest.as_ref())),
                    _ => (Mechanism::Ecdsa, Some(digest.as_ref().to_vec())),
                };
                let framed = framed.ok_or(KeyFault::Unreadable)?;
                self.session.sign(&mechanism, self.key, &framed)
            }
            Way::Message => self.session.sign(&hashing(self.algorithm), self.key, message),
            Way::MessageWithPin => self.sign_with_pin(message, pin),
        };
        let value = value.map_err(|error| fault(&error))?;
        in_der(self.algorithm, value).ok_or(KeyFault::Unreadable)
    }

    /// CKA_ALWAYS_AUTHENTICATE: the PIN comes after the beginning of each signature. PKCS#11 2.40,
    /// section 5.6, C_Login.
    fn sign_with_pin(&self, message: &[u8], pin: &Secret) -> cryptoki::error::Result<Vec<u8>> {
        self.session.sign_init(&hashing(self.algorithm), self.key)?;
        self.session.login(UserType::ContextSpecific, Some(&handed(pin)))?;
        self.session.sign_update(message)?;
        self.session.sign_final()
    }
}

/// The PIN as the library takes it; it clears its copy.
fn handed(pin: &Secret) -> AuthPin {
    AuthPin::new(pin.expose().into())
}

/// Loads and starts the module; one that is started stays so.
fn load(settings: &Pkcs11) -> Result<Module, KeyFault> {
    let module = Module::new(&settings.module).map_err(|_| KeyFault::Module)?;
    // See the decisions above.
    std::mem::forget(module.clone());
    start(&module)?;
    Ok(module)
}

/// Starts a module that is not running.
fn start(module: &Module) -> Result<(), KeyFault> {
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
        Err(_) => Err(KeyFault::Module),
    }
}

/// The slot in which the token of that label is now.
fn slot(module: &Module, settings: &Pkcs11) -> Result<Slot, KeyFault> {
    let slots = module.get_slots_with_token().map_err(|error| fault(&error))?;
    // A slot that does not answer holds another token, or none.
    let labelled =
        |slot: &Slot| module.get_token_info(*slot).is_ok_and(|info| info.label() == settings.token);
    let mut found = slots.into_iter().filter(labelled);
    match (found.next(), found.next()) {
        (Some(slot), None) => Ok(slot),
        _ => Err(KeyFault::Token),
    }
}

/// The one private key that bears the label and the identifier.
fn key_in(session: &Session, settings: &Pkcs11) -> Result<ObjectHandle, KeyFault> {
    let mut template = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
    if let Some(label) = &settings.object {
        template.push(Attribute::Label(label.clone().into_bytes()));
    }
    if let Some(id) = &settings.id {
        template.push(Attribute::Id(id.clone()));
    }
    match session.find_objects(&template).map_err(|error| fault(&error))?.as_slice() {
        [one] => Ok(*one),
        [] => Err(KeyFault::NoKey),
        _ => Err(KeyFault::SeveralKeys),
    }
}

/// The kind of a key, and whether it wants the PIN for each signature.
fn kind_of(session: &Session, key: ObjectHandle) -> Result<(Algorithm, bool), KeyFault> {
    let wanted = [
        AttributeType::KeyType,
        AttributeType::EcParams,
        AttributeType::Modulus,
        AttributeType::AlwaysAuthenticate,
    ];
    let values = session.get_attributes(key, &wanted).map_err(|error| fault(&error))?;
    let (mut algorithm, mut with_pin, mut curve, mut bits) = (None, false, None, 0);
    for value in values {
        match value {
            Attribute::KeyType(kind) => algorithm = Some(kind),
            Attribute::EcParams(der) => curve = ObjectIdentifier::from_der(&der).ok(),
            Attribute::Modulus(modulus) => {
                bits = modulus.iter().skip_while(|byte| **byte == 0).count() * 8;
            }
            Attribute::AlwaysAuthenticate(always) => with_pin = always,
            _ => {}
        }
    }
    let algorithm = match (algorithm, curve) {
        (Some(KeyType::EC), Some(P_256)) => Algorithm::EcdsaP256,
        (Some(KeyType::EC), Some(P_384)) => Algorithm::EcdsaP384,
        (Some(KeyType::RSA), _) if RSA_BITS.contains(&bits) => Algorithm::Rsa,
        _ => return Err(KeyFault::Refused),
    };
    Ok((algorithm, with_pin))
}

fn way_of(
    algorithm: Algorithm,
    with_pin: bool,
    offered: &[MechanismType],
) -> Result<Way, KeyFault> {
    let hashing = offered.contains(&hashing(algorithm).mechanism_type());
    let plain = match algorithm {
        Algorithm::Rsa => MechanismType::RSA_PKCS,
        _ => MechanismType::ECDSA,
    };
    match (with_pin, hashing) {
        (true, true) => Ok(Way::MessageWithPin),
        (false, true) if algorithm == Algorithm::Rsa => Ok(Way::Message),
        (false, _) if offered.contains(&plain) => Ok(Way::Hash),
        _ => Err(KeyFault::Mechanism),
    }
}

/// The mechanism by which the token hashes and signs.
const fn hashing(algorithm: Algorithm) -> Mechanism<'static> {
    match algorithm {
        Algorithm::EcdsaP256 => Mechanism::EcdsaSha256,
        Algorithm::EcdsaP384 => Mechanism::EcdsaSha384,
        Algorithm::Rsa => Mechanism::Sha256RsaPkcs,
    }
}

/// The token's word as far as whoever holds it can mend it.
const fn fault(error: &Error) -> KeyFault {
    match error {
        Error::Pkcs11(RvError::PinLocked, _) => KeyFault::Locked,
        Error::Pkcs11(
            RvError::PinIncorrect
            | RvError::PinInvalid
            | RvError::PinLenRange
            | RvError::PinExpired
            | RvError::UserPinNotInitialized,
            _,
        ) => KeyFault::WrongSecret,
        Error::Pkcs11(
            RvError::TokenNotPresent | RvError::TokenNotRecognized | RvError::DeviceRemoved,
            _,
        ) => KeyFault::Token,
        _ => KeyFault::Module,
    }
}

/// How many signatures may wait; who comes after them waits for a place.
const QUEUE: usize = 64;
/// How long a signature may take with its wait; a token that hangs is no worse than one that is
/// gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a token may take to be opened; some look for others in their net.
const OPENING: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_follows_the_key_and_what_the_token_offers() {
        use Algorithm::{EcdsaP256, EcdsaP384, Rsa};
        let all = [
            MechanismType::ECDSA,
            MechanismType::ECDSA_SHA256,
            MechanismType::RSA_PKCS,
            MechanismType::SHA256_RSA_PKCS,
        ];
        assert_eq!(way_of(EcdsaP256, false, &all), Ok(Way::Hash));
        assert_eq!(way_of(EcdsaP256, true, &all), Ok(Way::MessageWithPin));
        assert_eq!(way_of(EcdsaP384, true, &all), Err(KeyFault::Mechanism));
        assert_eq!(way_of(Rsa, false, &all), Ok(Way::Message));
        assert_eq!(way_of(Rsa, false, &all[..3]), Ok(Way::Hash));
        assert_eq!(way_of(Rsa, false, &all[..2]), Err(KeyFault::Mechanism));
        assert_eq!(way_of(Rsa, true, &all), Ok(Way::MessageWithPin));
    }

    #[test]
    fn a_module_that_is_none_is_told_so() {
        for path in ["/nowhere.so", "Cargo.toml", "/"] {
            let settings =
                Pkcs11 { module: path.into(), token: "t".into(), object: None, id: None };
            let pin = Secret::new(zeroize::Zeroizing::new("1234".into()));
            assert!(matches!(open(&settings, &pin), Err(SignError::Opening(KeyFault::Module))));
            assert!(certificates(&settings).is_err());
        }
    }
}
