//! Signatures of the agencies, and the kit with which anybody checks them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::edition::Draft;
use super::logged::INCLUSION_PROOF;
use super::manifest::Manifest;
use super::site::{Edition, is_kit_name};
use crate::keyring::{fingerprint, public_key_pem, verifier_key_line};
use crate::playbook::Id;
use crate::signed_note::{KeyName, Note, NoteError, NoteSignature, NoteSigner, NoteText, VerifierKey};

/// The manifest's name in the kit.
pub const NOTICE_TXT: &str = "notice.txt";
/// The name of the manifest with its signatures in the kit.
pub const NOTICE_NOTE: &str = "notice.note";
/// The name of the instructions in the kit.
pub const HOWTO_TXT: &str = "HOWTO.txt";
/// The name in the kit of the proof that the site's own name is covered, where the notice does not list its names. Each site
/// serves its own.
pub const COVERAGE_PROOF: &str = "coverage.proof";
/// The name in the kit of the page that checks a notice in a browser, without a network.
pub const VERIFY_HTML: &str = "verify.html";
/// The name in the kit of the policy by which the publisher means the notice to be checked. Nobody believes it for standing
/// there: a person holds it against the one that the agencies publish elsewhere.
pub const POLICY: &str = "policy";
/// The name in the kit of the agencies' signed key list, where the operation has one.
pub const KEYS_NOTE: &str = "keys.note";
/// The name of the list by which `ssh-keygen -Y verify` knows the agencies' keys.
pub const ALLOWED_SIGNERS: &str = "allowed_signers";

/// The name of the list of keys that are revoked, as `ssh-keygen -Y verify -r` takes it, where the operation has a key list that
/// revokes any.
pub const REVOKED_KEYS: &str = "revoked_keys.ssh";

/// The page itself: one file, the same for every notice. It believes only keys that a person gives it.
pub const VERIFY_PAGE: &str = include_str!("../../templates/verify.html");

/// Why a notice is not signed or not published.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The key is not one of those that the notice shows as its agencies' keys.
    #[error("`{name}` is not the notice key of an agency on notice {id}")]
    NotAsked {
        /// The key's name.
        name: KeyName,
        /// The notice.
        id: String,
    },
    /// The signatures so far are under another text.
    #[error("the signatures so far are not under this edition of notice {id}: the playbook or the files have changed")]
    OtherText {
        /// The notice.
        id: String,
    },
    /// The note is refused.
    #[error("the signatures of notice {id} are refused")]
    Note {
        /// The notice.
        id: String,
        /// Why.
        source: NoteError,
    },
    /// The key could not sign.
    #[error("`{name}` could not sign")]
    Signer {
        /// The key's name.
        name: KeyName,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A further file of the kit has a name that the kit uses itself or cannot serve.
    #[error("`{name}` cannot be the name of a further file in the kit")]
    KitName {
        /// The name.
        name: String,
    },
}

/// Signs a draft, once more if others have signed it already; the lines stand in the order of the agencies on the notice.
///
/// That a [`Draft`] exists shows that every name on it is authorized.
///
/// # Errors
///
/// [`SignError`]: the key is of no agency on the notice, `former` is under another text or bad, or the key fails.
pub fn sign<S: NoteSigner>(draft: &Draft, former: Option<&Note>, signer: &S) -> Result<Note, SignError> {
    let id = draft.manifest.id.to_string();
    let key = signer.verifier();
    if !known_keys(draft).contains(key) {
        return Err(SignError::NotAsked { name: key.name().clone(), id });
    }
    let text = text(draft)?;
    let signature = NoteSignature::sign(&text, signer)
        .map_err(|source| SignError::Signer { name: key.name().clone(), source: Box::new(source) })?;
    let mut signatures = match former {
        Some(former) => checked(draft, former)?.signatures.clone(),
        None => Vec::new(),
    };
    signatures.retain(|other| other.name != signature.name || other.id != signature.id);
    signatures.push(signature);
    let order = known_keys(draft);
    let place = |one: &NoteSignature| order.iter().position(|key| *key.name() == one.name && key.id() == one.id);
    // Lines of unknown keys, which a note may have, come last.
    signatures.sort_by_key(|one| place(one).unwrap_or(usize::MAX));
    Ok(Note { text, signatures })
}

fn text(draft: &Draft) -> Result<NoteText, SignError> {
    NoteText::new(draft.manifest.to_string())
        .map_err(|source| SignError::Note { id: draft.manifest.id.to_string(), source })
}

fn known_keys(draft: &Draft) -> Vec<VerifierKey> {
    draft.agencies.iter().filter_map(|agency| agency.key.clone()).collect()
}

/// The note, if it is under this draft's text and its signatures are good.
fn checked<'n>(draft: &Draft, note: &'n Note) -> Result<&'n Note, SignError> {
    let id = || draft.manifest.id.to_string();
    if note.text != text(draft)? {
        return Err(SignError::OtherText { id: id() });
    }
    note.verify(&known_keys(draft)).map_err(|source| SignError::Note { id: id(), source })?;
    Ok(note)
}

/// Makes what is served of a draft: with its signatures, or without them while they are still to come.
///
/// `further` is whatever else belongs in the kit, by file name: for other people's tools `notice.txt.AGENCY.minisig` and
/// `AGENCY.minisign.pub`, `notice.txt.AGENCY.sig` and `allowed_signers`, AGENCY being the agency's short name in the playbook;
/// `policy` and `keys.note`. The instructions speak of those that are there. Any other name has a dot in it, so that it is no language's directory.
///
/// # Errors
///
/// [`SignError`]: the note is not under this draft's text or holds a bad signature; a file's name is taken or cannot be
/// served.
pub fn publish(draft: &Draft, note: Option<&Note>, further: BTreeMap<String, Vec<u8>>) -> Result<Edition, SignError> {
    let manifest = &draft.manifest;
    Ok(Edition {
        id: manifest.id.to_string(),
        status: draft.status,
        default_language: draft.default_language.clone(),
        pages: draft.pages.clone(),
        kit: kit(draft, note, further)?,
        security_txt: draft.security_txt.clone(),
        names: Arc::clone(&draft.names),
        release: draft.release.clone(),
    })
}

fn kit(
    draft: &Draft,
    note: Option<&Note>,
    further: BTreeMap<String, Vec<u8>>,
) -> Result<BTreeMap<String, Vec<u8>>, SignError> {
    let mut kit = BTreeMap::from([
        (NOTICE_TXT.to_owned(), draft.manifest.to_string().into_bytes()),
        (VERIFY_HTML.to_owned(), VERIFY_PAGE.as_bytes().to_vec()),
    ]);
    let mut signers = Vec::new();
    if let Some(note) = note {
        kit.insert(NOTICE_NOTE.to_owned(), checked(draft, note)?.to_string().into_bytes());
        signers = signers_of(draft, note);
    }
    for (agency, key) in &signers {
        kit.insert(format!("{agency}.vkey"), verifier_key_line(key).into_bytes());
        kit.insert(format!("{agency}.pub.pem"), public_key_pem(key).into_bytes());
    }
    for (name, bytes) in further {
        if !is_kit_name(&name) || name == HOWTO_TXT || kit.contains_key(&name) {
            return Err(SignError::KitName { name });
        }
        kit.insert(name, bytes);
    }
    let howto = howto(draft, &signers, |name| kit.contains_key(name));
    kit.insert(HOWTO_TXT.to_owned(), howto.into_bytes());
    Ok(kit)
}

/// The agencies whose good signatures stand in the note, with their keys.
fn signers_of(draft: &Draft, note: &Note) -> Vec<(Id, VerifierKey)> {
    let signed = |key: &VerifierKey| note.signatures.iter().any(|one| one.name == *key.name() && one.id == key.id());
    let known = draft.agencies.iter().filter_map(|agency| Some((agency.id.clone(), agency.key.clone()?)));
    known.filter(|(_, key)| signed(key)).collect()
}

/// What the statement says of names that it lists.
const LISTED: &str = "If the name in your\n\
                      browser is not listed there, nor below a listed name where it says\n\
                      `subdomains: yes`, the notice does not speak of it.";

/// What it says of names that it does not tell.
const SEALED: &str = "It does not tell\n\
                      its names; the line `sealed:` has their number and the root of a tree of them.\n\
                      Each site proves that its own name is among them with the file coverage.proof.";

/// The tree's arithmetic is that of RFC 6962 section 2.1 and RFC 9162 section 2.1.3.2.
const COVERAGE_RECIPE: &str = r#"
The second line of coverage.proof must be the name in your browser, or a name
above it where notice.txt says `subdomains: yes`. This says whether it is covered:

python3 - <<'END'
import base64, hashlib
read = lambda file: [line.split(': ', 1) for line in open(file).read().splitlines()[1:]]
count, root = dict(read('notice.txt'))['sealed'].split()
proof = read('coverage.proof')
name, salt, index = (value for _, value in proof[:3])
H = lambda data: hashlib.sha256(data).digest()
node, at, last = H(f'\0seizure-name/v1\n{name}\n{salt}\n'.encode()), int(index), int(count) - 1
for _, step in proof[3:]:
    step = base64.b64decode(step)
    if at % 2 or at == last:
        node = H(b'\1' + step + node)
        while at % 2 == 0 and at:
            at, last = at // 2, last // 2
    else:
        node = H(b'\1' + node + step)
    at, last = at // 2, last // 2
good = last == 0 and node == base64.b64decode(root)
print(name, 'is covered' if good else 'IS NOT COVERED')
END
"#;

/// The instructions, in plain words, for the files that are there.
fn howto(draft: &Draft, signers: &[(Id, VerifierKey)], has: impl Fn(&str) -> bool) -> String {
    let mut text = what_is_signed(&draft.manifest);
    if draft.manifest.sealed.is_some() {
        text.push_str(COVERAGE_RECIPE);
    }
    let Some((first, _)) = signers.first() else {
        text.push_str("\nThis edition is not signed yet. Do not rely on it.\n");
        return text;
    };
    text.push_str(
        "\n3. Check the signatures\n\
         Any one of these ways is enough for an agency. First save into one folder the\n\
         files of this directory and the page itself (HTML only), or it is not checked.\n",
    );
    text.push_str(&with_a_browser(&has));
    text.push_str("\nWith commands, in that folder. The agencies' short names, keys and fingerprints:\n");
    for (agency, key) in signers {
        // Writing to a string does not fail.
        let _ = writeln!(text, "    {agency}  {}\n        {}", key.name(), fingerprint(key));
    }
    text.push_str(FINGERPRINTS);
    text.push_str(&signature_recipe(first, &signers.iter().map(|(agency, _)| agency).collect::<Vec<_>>(), &has));
    text
}

/// What shows whose keys they are. Nothing in the kit does.
const FINGERPRINTS: &str = "These alone prove nothing. Compare them with what each agency prints elsewhere:\n\
                            its own site, a press release, or by telephone at a number that you looked up.\n";

/// The first two steps, which need no key.
fn what_is_signed(manifest: &Manifest) -> String {
    format!(
        "HOW TO CHECK NOTICE {id}\n\
         \n\
         Anyone can copy a page, and anyone can sign a text with a key of their own.\n\
         Three things together show that a notice is real: the issuer says so in its own\n\
         place, the signatures are good, and the keys are the agencies' keys.\n\
         \n\
         1. Ask the issuer\n\
         Type this address yourself, if you know {issuer} as the issuer's own domain:\n    \
         {verify_at}\n\
         Compare the number of the notice and the fingerprints of the keys in step 3.\n\
         \n\
         2. Read what is signed\n\
         {NOTICE_TXT} is what the agencies sign: the order, whether the notice is in force\n\
         or withdrawn (`status:`), the names for which it may be shown, from when until\n\
         when, and the digest of the page in every language. {names}\n\
         To compare a page, save it as it was sent and look for its digest:\n    \
         sha256sum index.html\n\
         A later edition may have replaced or withdrawn this one; ask the issuer.\n",
        id = manifest.id,
        issuer = manifest.issuer,
        verify_at = manifest.verify_at,
        names = if manifest.sealed.is_some() { SEALED } else { LISTED },
    )
}

/// The way without any command.
fn with_a_browser(has: &impl Fn(&str) -> bool) -> String {
    let mut text = format!(
        "\nWith a browser alone. Save {VERIFY_HTML} and open it from disk: over http it can\n\
         check nothing. Give it the files, the name in your address bar and the\n\
         agencies' keys. A copy from an agency's own site is better than this one.\n"
    );
    if has(POLICY) {
        let _ = write!(
            text,
            "The file {POLICY} says which agencies must have signed. Believe it only if it is\n\
             the same as the one that the agencies publish elsewhere.\n"
        );
    }
    if has(KEYS_NOTE) {
        let _ = write!(
            text,
            "The file {KEYS_NOTE} says which keys count today and which were revoked. It is\n\
             as good as the root keys that signed it, and those stand elsewhere.\n"
        );
    }
    let _ = write!(
        text,
        "Once the notice is in the operation's log, {INCLUSION_PROOF} proves it to\n\
         whoever has the log's public key, here and with `impound verify`.\n"
    );
    text
}

/// The commands for one agency's signature, which serve for each of the others with its short name in the first line.
fn signature_recipe(first: &Id, signers: &[&Id], has: &impl Fn(&str) -> bool) -> String {
    let mut text = format!(
        "\nChoose one by its short name, and see that its key has the fingerprint so found:\n    \
         A={first}\n    \
         N=$(cut -d+ -f1 $A.vkey)\n    \
         openssl pkey -pubin -in $A.pub.pem -outform DER | tail -c 32 | sha256sum\n\
         \nOpenSSL 3 says \"Signature Verified Successfully\", and cmp nothing:\n    \
         sed '/^$/,$d' {NOTICE_NOTE} > body\n    \
         cmp body {NOTICE_TXT}\n    \
         awk -v n=$N '$2 == n {{print $3}}' {NOTICE_NOTE} | base64 -d | tail -c +5 > signature\n    \
         openssl pkeyutl -verify -rawin -pubin -inkey $A.pub.pem -in body -sigfile signature\n"
    );
    let minisigned =
        |agency: &&Id| has(&format!("{NOTICE_TXT}.{agency}.minisig")) && has(&format!("{agency}.minisign.pub"));
    if let Some(whose) = whose(signers, minisigned) {
        let _ = write!(
            text,
            "\nminisign{whose} says \"Signature and comment signature verified\":\n    \
             minisign -Vm {NOTICE_TXT} -p $A.minisign.pub -x {NOTICE_TXT}.$A.minisig\n"
        );
    }
    let ssh_signed = |agency: &&Id| has(&format!("{NOTICE_TXT}.{agency}.sig")) && has(ALLOWED_SIGNERS);
    if let Some(whose) = whose(signers, ssh_signed) {
        let revoked = if has(REVOKED_KEYS) { format!("-r {REVOKED_KEYS} ") } else { String::new() };
        let _ = write!(
            text,
            "\nOpenSSH{whose} begins with \"Good\":\n    \
             ssh-keygen -Y verify -f {ALLOWED_SIGNERS} -I ${{N%%/*}} -n seizure-notice@${{N%%/*}} \\\n      \
             {revoked}-s {NOTICE_TXT}.$A.sig < {NOTICE_TXT}\n"
        );
    }
    text
}

/// For which of the agencies something is there, where not for all; `None`: for none of them.
fn whose(signers: &[&Id], has: impl Fn(&&Id) -> bool) -> Option<String> {
    let those: Vec<_> = signers.iter().copied().filter(|agency| has(agency)).map(Id::as_str).collect();
    match those.len() {
        0 => None,
        all if all == signers.len() => Some(String::new()),
        _ => Some(format!(" (for {})", those.join(", "))),
    }
}
