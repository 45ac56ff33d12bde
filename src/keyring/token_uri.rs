//! The address of a key on a token (RFC 7512).

use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::excerpt;
use crate::signed_note::{KeyName, NoteError};

/// The longest address that is read: a path, two labels and a key name.
const URI_MAX_BYTES: usize = 4096;

/// `pkcs11:token=police;object=police.example%2Fnotice?module-path=/usr/lib/softhsm/libsofthsm2.so`
///
/// The object's label is the name of the key. Of the attributes of RFC 7512 `token`, `serial`, `object`, `type` (`private`) and
/// `module-path` are understood; any other would narrow the choice unheard, and is refused. A PIN in the address could be
/// read by others, and is refused too. A `/` in a label need not be escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUri {
    /// The library that speaks to the token: a path from the root, since whoever could put a file beside the program would
    /// otherwise be asked to sign.
    pub module: PathBuf,
    /// The label of the token.
    pub token: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// The label of the key, which is its name.
    pub object: KeyName,
}

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenUriError {
    /// Not `pkcs11:`, or too long.
    #[error("the address of a key on a token begins with `pkcs11:` and has at most {URI_MAX_BYTES} octets")]
    Scheme,
    /// An attribute that is not understood, stands twice, or has no value.
    #[error("`{attribute}` is not understood, or stands twice: write token=, serial=, object= and ?module-path=")]
    Attribute {
        /// The attribute, shortened.
        attribute: String,
    },
    /// A PIN.
    #[error("a PIN in the address could be read by others; it is asked for, or read with --passphrase-fd")]
    Pin,
    /// A `%` without two hexadecimal digits, or octets that are not UTF-8.
    #[error("`{value}` is not escaped as RFC 3986 says")]
    Escape {
        /// The value, shortened.
        value: String,
    },
    /// No path from the root.
    #[error("the address does not say which library speaks to the token: ?module-path=/usr/lib/…")]
    Module,
    /// No object.
    #[error("the address does not name the key: object=police.example/notice")]
    Object,
    /// The label is no key name.
    #[error("the label of a key on a token is the key's name")]
    Name(#[from] NoteError),
}

/// The value of an attribute that stands once at most.
fn once(slot: &mut Option<String>, attribute: &str, value: &str) -> Result<(), TokenUriError> {
    let repeated = slot.replace(unescaped(value)?).is_some();
    if repeated { Err(unknown(attribute)) } else { Ok(()) }
}

fn unknown(attribute: &str) -> TokenUriError {
    TokenUriError::Attribute { attribute: excerpt(attribute) }
}

impl FromStr for TokenUri {
    type Err = TokenUriError;

    fn from_str(text: &str) -> Result<Self, TokenUriError> {
        let rest = text.strip_prefix("pkcs11:").filter(|rest| rest.len() <= URI_MAX_BYTES);
        let (path, query) = rest.map(|rest| rest.split_once('?').unwrap_or((rest, ""))).ok_or(TokenUriError::Scheme)?;
        let [mut token, mut serial, mut object, mut kind, mut module] = [const { None }; 5];
        // Section 2.3: path attributes are parted by `;`, query attributes by `&`.
        let path = path.split(';').map(|attribute| (attribute, true));
        let query = query.split('&').map(|attribute| (attribute, false));
        for (attribute, in_path) in path.chain(query).filter(|(attribute, _)| !attribute.is_empty()) {
            let (name, value) = attribute.split_once('=').ok_or_else(|| unknown(attribute))?;
            match (name, in_path) {
                ("token", true) => once(&mut token, attribute, value)?,
                ("serial", true) => once(&mut serial, attribute, value)?,
                ("object", true) => once(&mut object, attribute, value)?,
                ("type", true) if value == "private" => once(&mut kind, attribute, value)?,
                ("module-path", false) => once(&mut module, attribute, value)?,
                ("pin-value" | "pin-source", false) => return Err(TokenUriError::Pin),
                _ => return Err(unknown(attribute)),
            }
        }
        let module = module.map(PathBuf::from).filter(|path| path.is_absolute()).ok_or(TokenUriError::Module)?;
        let object = object.ok_or(TokenUriError::Object)?.parse()?;
        Ok(Self { module, token, serial, object })
    }
}

/// RFC 3986 section 2.1.
fn unescaped(value: &str) -> Result<String, TokenUriError> {
    let refuse = || TokenUriError::Escape { value: excerpt(value) };
    let mut octets = Vec::new();
    let mut pieces = value.split('%');
    octets.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2).ok_or_else(refuse)?;
        let digits = digits.to_ascii_lowercase();
        octets.extend(data_encoding::HEXLOWER.decode(digits.as_bytes()).map_err(|_| refuse())?);
        octets.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(octets).map_err(|_| refuse())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str =
        "pkcs11:token=The%20police;object=police.example%2Fnotice;type=private?module-path=/usr/lib/p11.so";

    #[test]
    fn an_address_names_the_library_the_token_and_the_key() {
        let uri: TokenUri = GOOD.parse().unwrap();
        assert_eq!(uri.module, PathBuf::from("/usr/lib/p11.so"));
        assert_eq!((uri.token.as_deref(), uri.serial), (Some("The police"), None));
        assert_eq!(uri.object.as_str(), "police.example/notice");
        let bare: TokenUri = "pkcs11:object=police.example/notice?module-path=%2Fusr/lib/p11.so".parse().unwrap();
        assert_eq!((bare.object, bare.module), (uri.object, uri.module));
    }

    #[test]
    fn what_is_not_understood_is_refused_for_its_own_reason() {
        for (text, said) in [
            ("", "begins with `pkcs11:`"),
            ("object=a", "begins with `pkcs11:`"),
            ("pkcs11:", "which library"),
            ("pkcs11:object=police.example/notice", "which library"),
            ("pkcs11:object=police.example/notice?module-path=p11.so", "which library"),
            ("pkcs11:token=a?module-path=/p11.so", "does not name the key"),
            ("pkcs11:object=a;object=b?module-path=/p11.so", "`object=b` is not understood, or stands twice"),
            ("pkcs11:object=a;id=%01?module-path=/p11.so", "`id=%01`"),
            ("pkcs11:object=a;type=public?module-path=/p11.so", "`type=public`"),
            ("pkcs11:object=a;module-path=/p11.so", "`module-path=/p11.so`"),
            ("pkcs11:object=a;token?module-path=/p11.so", "`token`"),
            ("pkcs11:object=a?module-path=/p11.so&pin-value=1234", "a PIN in the address"),
            ("pkcs11:object=a?module-path=/p11.so&pin-source=file:/pin", "a PIN in the address"),
            ("pkcs11:object=a%2?module-path=/p11.so", "not escaped"),
            ("pkcs11:object=a%zz?module-path=/p11.so", "not escaped"),
            ("pkcs11:object=%ff?module-path=/p11.so", "not escaped"),
            ("pkcs11:object=two%20words?module-path=/p11.so", "is the key's name"),
        ] {
            let error = text.parse::<TokenUri>().unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
        let long = format!("{GOOD}{}", "x".repeat(URI_MAX_BYTES));
        assert_eq!(long.parse::<TokenUri>(), Err(TokenUriError::Scheme));
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_or_refused(rest in "\\PC{0,60}") {
            let _ = format!("pkcs11:{rest}").parse::<TokenUri>();
            let _ = format!("pkcs11:object=a.example/root;token={rest}?module-path=/a").parse::<TokenUri>();
        }
    }
}
