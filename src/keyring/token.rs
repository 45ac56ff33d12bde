//! Keys on PKCS#11 tokens: smart cards and hardware modules, which sign and never give the key away.
//!
//! The label of a key (`CKA_LABEL`) is its name, on the private and the public object alike.

use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;

use super::{KeyringError, Passphrase, Role, TokenUri};
use crate::signed_note::{KeyName, NoteSigner, VerifierKey};

/// Why a token does not sign.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The library or the token says no.
    #[error("the token of `{name}` does not do its work")]
    Module {
        /// The key's name.
        name: KeyName,
        /// What it says.
        source: Error,
    },
    /// There is no such token, or more than one.
    #[error("{count} tokens are as the address of `{name}` says; one must be")]
    Tokens {
        /// The key's name.
        name: KeyName,
        /// How many there are.
        count: usize,
    },
    /// There is no such key, or more than one.
    #[error("the token has {count} {kind} keys with the label `{name}` for Ed25519; one is needed")]
    Keys {
        /// The label.
        name: KeyName,
        /// Private or public.
        kind: &'static str,
        /// How many there are.
        count: usize,
    },
    /// The point of the public key is not 32 octets.
    #[error("the public key of `{name}` on the token is not one of Ed25519")]
    Point {
        /// The key's name.
        name: KeyName,
    },
    /// The PIN is wrong, or locked after too many wrong ones.
    #[error("the token of `{name}` does not accept the PIN: {why}")]
    Pin {
        /// The key's name.
        name: KeyName,
        /// Why.
        why: RvError,
    },
    /// The token asks for a PIN and none was given.
    #[error("the token of `{name}` asks for its PIN")]
    PinNeeded {
        /// The key's name.
        name: KeyName,
    },
    /// A signature that is not 64 octets.
    #[error("what the token signs for `{name}` is not an Ed25519 signature")]
    Signature {
        /// The key's name.
        name: KeyName,
    },
}

/// A token that was found and is still locked.
pub struct Token {
    context: Pkcs11,
    slot: Slot,
    info: TokenInfo,
    name: KeyName,
}

impl Token {
    /// Loads the library and finds the token, if the label of the key is a name that says a role.
    pub fn find(uri: &TokenUri) -> Result<Self, KeyringError> {
        let name = uri.object.clone();
        if Role::of(&name).is_none() {
            return Err(KeyringError::NoRole { name });
        }
        let failed = |source| TokenError::Module { name: name.clone(), source };
        let context = Pkcs11::new(&uri.module).map_err(failed)?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(source) => return Err(failed(source).into()),
        }
        let mut found = Vec::new();
        for slot in context.get_slots_with_initialized_token().map_err(failed)? {
            let info = context.get_token_info(slot).map_err(failed)?;
            let is = |wanted: &Option<String>, said: &str| wanted.as_deref().is_none_or(|wanted| wanted == said);
            if is(&uri.token, info.label()) && is(&uri.serial, info.serial_number()) {
                found.push((slot, info));
            }
        }
        let count = found.len();
        match found.pop().filter(|_| count == 1) {
            Some((slot, info)) => Ok(Self { context, slot, info, name }),
            None => Err(TokenError::Tokens { name, count }.into()),
        }
    }

    /// The token's label.
    pub fn label(&self) -> &str {
        self.info.label()
    }

    /// Whether [`Token::unlock`] needs a PIN. A token with a keypad of its own asks for it there.
    pub fn needs_pin(&self) -> bool {
        self.info.login_required() && !self.info.protected_authentication_path()
    }

    /// Logs in and finds the key.
    pub fn unlock(self, pin: Option<&Passphrase>) -> Result<TokenKey, KeyringError> {
        let Self { context, slot, info, name } = self;
        let failed = |source| TokenError::Module { name: name.clone(), source };
        let session = context.open_ro_session(slot).map_err(failed)?;
        if info.login_required() {
            log_in(&session, &info, pin, &name)?;
        }
        let key = one(&session, ObjectClass::PRIVATE_KEY, "private", &name)?;
        let verifier = public_key(&session, name)?;
        Ok(TokenKey { session: Mutex::new(session), key, verifier })
    }

    /// The public half, which a token shows to everybody.
    pub fn verifier(&self) -> Result<VerifierKey, KeyringError> {
        let failed = |source| TokenError::Module { name: self.name.clone(), source };
        let session = self.context.open_ro_session(self.slot).map_err(failed)?;
        public_key(&session, self.name.clone())
    }
}

fn log_in(session: &Session, info: &TokenInfo, pin: Option<&Passphrase>, name: &KeyName) -> Result<(), TokenError> {
    let pin = match pin {
        Some(pin) => Some(AuthPin::new(pin.as_str().into())),
        None if info.protected_authentication_path() => None,
        None => return Err(TokenError::PinNeeded { name: name.clone() }),
    };
    match session.login(UserType::User, pin.as_ref()) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
        Err(Error::Pkcs11(
            why @ (RvError::PinIncorrect
            | RvError::PinInvalid
            | RvError::PinLenRange
            | RvError::PinExpired
            | RvError::PinLocked),
            _,
        )) => Err(TokenError::Pin { name: name.clone(), why }),
        Err(source) => Err(TokenError::Module { name: name.clone(), source }),
    }
}

/// The one Edwards key of this class with this label.
fn one(session: &Session, class: ObjectClass, kind: &'static str, name: &KeyName) -> Result<ObjectHandle, TokenError> {
    let label = Attribute::Label(name.as_str().as_bytes().to_vec());
    let template = [Attribute::Class(class), Attribute::KeyType(KeyType::EC_EDWARDS), label];
    let found = session.find_objects(&template).map_err(|source| TokenError::Module { name: name.clone(), source })?;
    match found.as_slice() {
        [one] => Ok(*one),
        others => Err(TokenError::Keys { name: name.clone(), kind, count: others.len() }),
    }
}

fn public_key(session: &Session, name: KeyName) -> Result<VerifierKey, KeyringError> {
    let public = one(session, ObjectClass::PUBLIC_KEY, "public", &name)?;
    let attributes = session.get_attributes(public, &[AttributeType::EcPoint]);
    let attributes = attributes.map_err(|source| TokenError::Module { name: name.clone(), source })?;
    let point = attributes.iter().find_map(|attribute| match attribute {
        Attribute::EcPoint(point) => ed25519_point(point),
        _ => None,
    });
    let octets = point.ok_or_else(|| TokenError::Point { name: name.clone() })?;
    match Role::of(&name) {
        Some(role) => Ok(VerifierKey::of_type(role.key_type(), name, &octets)?),
        None => Err(KeyringError::NoRole { name }),
    }
}

/// The point as PKCS#11 v3 has it, an OCTET STRING in DER, or bare as some tokens give it.
fn ed25519_point(point: &[u8]) -> Option<[u8; 32]> {
    point.strip_prefix(&[0x04, 0x20]).unwrap_or(point).try_into().ok()
}

/// An Ed25519 key on a token, logged in.
#[derive(Debug)]
pub struct TokenKey {
    /// A session does one thing at a time.
    session: Mutex<Session>,
    key: ObjectHandle,
    verifier: VerifierKey,
}

impl NoteSigner for TokenKey {
    type Error = TokenError;

    fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], TokenError> {
        let name = || self.verifier.name().clone();
        // Section 6.3.14 of PKCS#11 v3.1: without parameters this is Ed25519 of RFC 8032.
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let signature = self.session.lock().unwrap_or_else(PoisonError::into_inner).sign(&mechanism, self.key, message);
        let signature = signature.map_err(|source| TokenError::Module { name: name(), source })?;
        signature.try_into().map_err(|_| TokenError::Signature { name: name() })
    }
}
