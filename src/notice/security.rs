//! `security.txt` (RFC 9116): whom to write to about a covered name, for people and for tools.

use std::fmt::Write as _;

use super::manifest::Manifest;
use crate::playbook::{ContactPurpose, Notice, Playbook};

/// With more names than this the file gives no `Canonical` lines: RFC 9116 section 5.4 lets readers stop at 32 KB.
const CANONICAL_MAX: usize = 100;

/// The contact file of an edition. It expires when the order must be looked at again, or with the notice.
pub(super) fn security_txt(playbook: &Playbook, notice: &Notice, manifest: &Manifest) -> String {
    let mut text = format!("# Notice {}: objections first, then victims and witnesses.\n", manifest.id);
    for address in contacts(playbook, notice) {
        line(&mut text, "Contact", &address);
    }
    let expires = manifest.review.map_or(manifest.not_after, |review| review.min(manifest.not_after));
    line(&mut text, "Expires", &expires.to_string());
    let languages: Vec<&str> = manifest.pages.keys().map(|language| language.as_str()).collect();
    line(&mut text, "Preferred-Languages", &languages.join(", "));
    if manifest.domains.len() <= CANONICAL_MAX {
        for name in &manifest.domains {
            line(&mut text, "Canonical", &format!("https://{name}/.well-known/security.txt"));
        }
    }
    line(&mut text, "Policy", &manifest.verify_at);
    text
}

fn line(text: &mut String, field: &str, value: &str) {
    // Writing to a string does not fail. A value is one line, whatever a contact's address holds.
    let _ = writeln!(text, "{field}: {}", value.replace(char::is_control, " "));
}

/// At least one, as RFC 9116 section 2.5.3 demands: without a contact, the page that says how to check the notice.
fn contacts(playbook: &Playbook, notice: &Notice) -> Vec<String> {
    let of = |purpose| {
        playbook.contacts.iter().filter(move |contact| contact.purpose == purpose).map(|contact| contact.email.as_str())
    };
    let mut addresses: Vec<String> = Vec::new();
    for email in of(ContactPurpose::Objections).chain(of(ContactPurpose::Tips)) {
        let address = format!("mailto:{email}");
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        addresses.push(notice.verify_at.clone());
    }
    addresses
}
