//! The log's key, whatever keeps it, and how it vouches for what the journal holds.
//!
//! An opening takes up what the journal holds and signs what comes of it; so each record must be known for one that the
//! holder of the log's key wrote, or anybody who can write into the directory could have entries signed. A signed checkpoint
//! would do: it takes the growth of the tree and some 20 µs for every append, more where a token signs. A key that can give a
//! secret seals the record instead: HMAC-SHA256 (RFC 2104) over the seal of the record before it and the digest of its own;
//! for the first one, over the digest of the checkpoint at which the log was settled. So a seal is good for one record after
//! one history. Only the key's holder can make it or tell whether it is good, and for the holder a signature would say no
//! more. The signature is made once it is to be shown: for a publication, or for the copy of the checkpoint elsewhere. A key
//! behind an agent or on a token only signs, and signs for each record.

use std::error::Error;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::digest::Digest;
use crate::signed_note::{Note, NoteSignature, NoteSigner, NoteText, VerifierKey};
use crate::tlog::Checkpoint;

use super::error::AuditError;

/// What the secret of the journal is asked for by.
const PURPOSE: &str = "impound journal";

pub(super) const SEAL_BYTES: usize = 32;

type Sign = dyn Fn(&NoteText) -> Result<NoteSignature, Box<dyn Error + Send + Sync>> + Send;

/// The log's key.
pub(super) struct Key {
    pub(super) verifier: VerifierKey,
    sign: Box<Sign>,
    /// What seals records, where the key gives a secret for it; taken in once for all.
    seal: Option<Hmac<Sha256>>,
}

/// Who wrote a record of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Voucher {
    /// The signed checkpoint of the log with it.
    Signed(Vec<u8>),
    /// Its seal.
    Sealed([u8; SEAL_BYTES]),
}

impl Key {
    pub(super) fn new<S: NoteSigner + Send + 'static>(signer: S) -> Self {
        let verifier = signer.verifier().clone();
        // Any length of key is good for HMAC (RFC 2104), so none of its own is refused.
        let seal = signer.secret(PURPOSE).and_then(|secret| Hmac::new_from_slice(&*secret).ok());
        let sign = move |text: &NoteText| NoteSignature::sign(text, &signer).map_err(|source| Box::new(source).into());
        Self { verifier, sign: Box::new(sign), seal }
    }

    /// The checkpoint, signed.
    pub(super) fn sign(&self, checkpoint: &Checkpoint) -> Result<Vec<u8>, AuditError> {
        let text = checkpoint.to_text().map_err(|source| AuditError::Signer(Box::new(source)))?;
        let signature = (self.sign)(&text).map_err(AuditError::Signer)?;
        Ok(Note { text, signatures: vec![signature] }.to_string().into_bytes())
    }

    /// The seal of a record with this digest, behind one with the seal `before`. Nothing where this key gives no secret.
    pub(super) fn seal(&self, before: &[u8; SEAL_BYTES], record: &Digest) -> Option<[u8; SEAL_BYTES]> {
        self.mac(before, record).map(|mac| mac.finalize().into_bytes().into())
    }

    /// Looks at such a seal, in constant time. Nothing where this key gives no secret.
    pub(super) fn is_sealed(&self, before: &[u8; SEAL_BYTES], record: &Digest, seal: &[u8]) -> Option<bool> {
        self.mac(before, record).map(|mac| mac.verify_slice(seal).is_ok())
    }

    fn mac(&self, before: &[u8; SEAL_BYTES], record: &Digest) -> Option<Hmac<Sha256>> {
        self.seal.clone().map(|mac| mac.chain_update(before).chain_update(record.as_bytes()))
    }
}

#[cfg(test)]
pub(super) mod tests;
