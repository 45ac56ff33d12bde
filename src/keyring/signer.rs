//! Where a key is kept, behind one face.

use zeroize::Zeroizing;

use super::SecretKey;
use super::agent::{AgentError, AgentKey};
#[cfg(feature = "pkcs11")]
use super::{TokenError, TokenKey};
use crate::signed_note::{KeyName, NoteSigner, VerifierKey};

/// A key that signs, wherever it is kept. Nothing above knows which.
///
/// A signature is used only after it was verified with the public key: what is not held here may be another key, and a
/// machine that computes wrongly may give the private key away with a wrong signature.
#[derive(Debug)]
pub enum Signer {
    /// In memory, read from a file.
    File(SecretKey),
    /// In an ssh-agent.
    Agent(AgentKey),
    /// On a PKCS#11 token.
    #[cfg(feature = "pkcs11")]
    Token(TokenKey),
}

/// Why a key did not sign.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The agent did not.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// The token did not.
    #[cfg(feature = "pkcs11")]
    #[error(transparent)]
    Token(#[from] TokenError),
    /// What came back is not a signature of this key over the text.
    #[error("what was returned for `{name}` is not its signature; nothing was signed")]
    Wrong {
        /// The key's name.
        name: KeyName,
    },
}

impl From<SecretKey> for Signer {
    fn from(key: SecretKey) -> Self {
        Self::File(key)
    }
}

impl NoteSigner for Signer {
    type Error = SignerError;

    fn verifier(&self) -> &VerifierKey {
        match self {
            Self::File(key) => key.verifier(),
            Self::Agent(key) => key.verifier(),
            #[cfg(feature = "pkcs11")]
            Self::Token(key) => key.verifier(),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignerError> {
        let signature = match self {
            Self::File(key) => key.sign(message).unwrap_or_else(|never| match never {}),
            Self::Agent(key) => key.sign(message)?,
            #[cfg(feature = "pkcs11")]
            Self::Token(key) => key.sign(message)?,
        };
        let verifier = self.verifier();
        if verifier.verifies(message, &signature) {
            Ok(signature)
        } else {
            Err(SignerError::Wrong { name: verifier.name().clone() })
        }
    }

    fn secret(&self, purpose: &str) -> Option<Zeroizing<[u8; 32]>> {
        match self {
            Self::File(key) => key.secret(purpose),
            Self::Agent(_) => None,
            #[cfg(feature = "pkcs11")]
            Self::Token(_) => None,
        }
    }
}
