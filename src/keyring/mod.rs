//! Keys: what each may be used for, where it is kept, and what other people's tools need to check its signatures.
//!
//! A key has a name, and the name says its [`Role`]: `police.example/notice`, `police.example/approval/jane-doe`. The name is
//! part of the key ID of a signed note, so a signature made in one role does not count in another.
//!
//! - [`SecretKey`] signs. It is made with [`SecretKey::generate`], or read from a file with [`KeyFile::read`] and
//!   [`KeyFile::unlock`], which is told the role that is wanted.
//! - [`Signer`] is a key that signs, wherever it is kept: in a file, in an ssh-agent ([`AgentKey`]), or with the feature
//!   `pkcs11` on a token.
//! - [`KeyFile::create`] writes `NAME.key` (PKCS#8 version 1, encrypted, read by `openssl pkey`) and `NAME.vkey`.
//! - [`verifier_key_line`], [`public_key_pem`], [`minisign_public_key`], [`ssh_public_key`], [`allowed_signers`] and
//!   [`fingerprint`] print a public key; [`minisign_signature`] and [`ssh_signature`] sign so that stock tools verify it.
//! - [`TrustedKeys`] is a policy: which keys are known, and how many agencies must have signed.
//! - [`LogPolicy`] is the same for logs: which are known, and how many witnesses must have cosigned their checkpoints.
//! - [`KeyList`] is what the offline roots say of everybody's keys; a [`VerifiedKeyList`] is one that enough of them have
//!   signed, and a [`KeyListChain`] leads from one that is trusted to the newest.
//! - [`list_file`] and [`dns_txt`] say where an agency publishes its key lists and the digest of their roots, [`KeysRecord`] reads it.
//!
//! Only [`KeyFile`] touches the disk, and only [`AgentKey`] a socket. An algorithm other than Ed25519 is refused, and a key never
//! leaves this module in
//! the clear but by [`Protection::Plain`].

mod agent;
mod detached;
mod error;
mod export;
mod file;
mod list;
mod pkcs8_pem;
mod published;
mod role;
mod secret;
mod signer;
#[cfg(feature = "pkcs11")]
mod token;
#[cfg(feature = "pkcs11")]
mod token_uri;
mod trust;

pub use agent::{AgentError, AgentKey};
pub use detached::{
    SshNamespace, TrustedComment, is_minisign_signature, is_ssh_signature, minisign_signature, ssh_signature,
};
pub use error::KeyringError;
pub use export::{
    allowed_signers, fingerprint, minisign_public_key, public_key_pem, ssh_public_key, verifier_key_line,
};
pub use file::{KEY_FILE_MAX_BYTES, KeyFile, Protection, holds_private_key};
pub use list::{
    KEY_LIST_FILE_MAX_BYTES, KEY_LIST_MARK, KEY_LIST_MAX_BYTES, KEY_LISTS_MAX, KeyList, KeyListChain, KeyListChange,
    KeyListChangeError, KeyListError, KeyListProblem, KeyListRefusal, KeyStatus, LISTED_KEYS_MAX, ListedKey, ROOTS_MAX,
    Standing, VerifiedKeyList,
};
pub use published::{KEYS_LABEL, KeysRecord, dns_txt, list_file, roots_fingerprint};
pub use role::Role;
pub use secret::{PASSPHRASE_MIN_CHARS, Passphrase, SecretKey};
pub use signer::{Signer, SignerError};
#[cfg(feature = "pkcs11")]
pub use token::{Token, TokenError, TokenKey};
#[cfg(feature = "pkcs11")]
pub use token_uri::{TokenUri, TokenUriError};
pub use trust::{
    GROUPS_MAX, LogPolicy, POLICY_MAX_BYTES, QuorumVerdict, SIGNERS_MAX, TrustError, TrustProblem, TrustedKeys,
    WitnessLine, Witnessed,
};
