use std::path::PathBuf;

use super::{AgentError, PASSPHRASE_MIN_CHARS, Role};
#[cfg(feature = "pkcs11")]
use super::{TokenError, TokenUriError};
use crate::signed_note::{KeyName, NoteError};
use crate::whole_file::{ReadError, WriteError};

/// Why a key cannot be made, kept, read or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The name does not say a role, so nobody could tell what the key may sign.
    #[error(
        "the key name `{name}` is not HOST/ROLE or HOST/ROLE/LABEL: a domain name with a dot, in small letters, then root, notice, approval, log or witness"
    )]
    NoRole {
        /// The name.
        name: KeyName,
    },
    /// The key is of another role than the one that is needed. Keys are never shared between roles.
    #[error("the key `{name}` has the role {role}; a key of the role {wanted} is needed here")]
    WrongRole {
        /// The key's name.
        name: KeyName,
        /// The role that the name says.
        role: Role,
        /// The role that is needed.
        wanted: Role,
    },
    /// A word that is not a role.
    #[error("`{text}` is not a role: root, notice, approval, log or witness")]
    UnknownRole {
        /// The word, shortened.
        text: String,
    },
    /// A label that a key name cannot have.
    #[error("`{label}` is not a label: lower-case letters, digits, `-`, `_` and `.`, starting with a letter or digit")]
    Label {
        /// The label, shortened.
        label: String,
    },
    /// A key name or a public key that signed notes do not allow.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The ssh-agent.
    #[error(transparent)]
    Agent(#[from] AgentError),
    /// The token.
    #[cfg(feature = "pkcs11")]
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The address of a key on a token.
    #[cfg(feature = "pkcs11")]
    #[error("the key on the token is not addressed in a way that is understood")]
    TokenUri(#[from] TokenUriError),
    /// The system gave no random octets.
    #[error("the system's random number source failed")]
    Random(#[source] getrandom::Error),
    /// A new passphrase that is too short to keep.
    #[error("the passphrase has {chars} characters; a new one needs at least {PASSPHRASE_MIN_CHARS}")]
    ShortPassphrase {
        /// Its length.
        chars: usize,
    },
    /// The path of a new key file does not end in `.key`.
    #[error("{} does not end in `.key`", path.display())]
    FileName {
        /// The path.
        path: PathBuf,
    },
    /// The file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file is not written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The private key could not be encoded or encrypted.
    #[error("the private key cannot be encoded")]
    Encode(#[source] pkcs8::Error),
    /// Group or others have a permission on the file.
    #[error("the key file {} has mode {mode:04o}, open to others than its owner; run `chmod 600` on it", path.display())]
    OpenToOthers {
        /// The path.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file without a PEM block.
    #[error("{} is not a key file: no `-----BEGIN … PRIVATE KEY-----` in it", path.display())]
    NotAKeyFile {
        /// The path.
        path: PathBuf,
    },
    /// A PEM block of another kind.
    #[error("{} holds `{label}`; a key file holds `PRIVATE KEY` or `ENCRYPTED PRIVATE KEY` (PKCS#8)", path.display())]
    NotPkcs8 {
        /// The path.
        path: PathBuf,
        /// The label of the block, shortened.
        label: String,
    },
    /// A header of a later version of this program.
    #[error("{} says `{version}`; this program reads impound-key/v1", path.display())]
    LaterVersion {
        /// The path.
        path: PathBuf,
        /// The first line, shortened.
        version: String,
    },
    /// The lines before the PEM block are not the three lines that belong there.
    #[error("the header of {} is damaged: it must be `impound-key/v1`, `name: …` and `vkey: …`, of one key", path.display())]
    Header {
        /// The path.
        path: PathBuf,
    },
    /// A file without a header, and no name from the caller.
    #[error("{} does not say the key's name", path.display())]
    Nameless {
        /// The path.
        path: PathBuf,
    },
    /// The file is of another key than the one asked for.
    #[error("{} holds the key `{found}`, not `{wanted}`", path.display())]
    OtherName {
        /// The path.
        path: PathBuf,
        /// The name in the file.
        found: KeyName,
        /// The name asked for.
        wanted: KeyName,
    },
    /// PEM or DER that does not decode, or an encryption that is not read.
    #[error("the key in {} is damaged or encrypted in a way that is not read", path.display())]
    Damaged {
        /// The path.
        path: PathBuf,
        /// What did not decode.
        source: pkcs8::Error,
    },
    /// A private key of another algorithm.
    #[error("the key in {} is not an Ed25519 key", path.display())]
    NotEd25519 {
        /// The path.
        path: PathBuf,
    },
    /// Key derivation parameters that would keep the machine busy or eat its memory.
    #[error("the key in {} asks for more work to decrypt than is done for a key file", path.display())]
    TooCostly {
        /// The path.
        path: PathBuf,
    },
    /// The key is encrypted and no passphrase was given.
    #[error("the key in {} is encrypted; its passphrase is needed", path.display())]
    PassphraseNeeded {
        /// The path.
        path: PathBuf,
    },
    /// What comes out of the decryption is not a private key. CBC is not authenticated, so a damaged file looks the same.
    #[error("the passphrase for {} is wrong, or the file is damaged", path.display())]
    WrongPassphrase {
        /// The path.
        path: PathBuf,
    },
    /// The private key does not belong to the public key in the file: one of them was altered.
    #[error("the private key in {} does not belong to the public key in it", path.display())]
    OtherPublicKey {
        /// The path.
        path: PathBuf,
    },
    /// A comment or namespace with characters that the format cannot carry.
    #[error("`{text}` cannot stand in a signature: one line of 1 to {max} printable ASCII characters")]
    SignatureText {
        /// The text, shortened.
        text: String,
        /// The most characters.
        max: usize,
    },
}
