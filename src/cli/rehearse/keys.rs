//! The keys of a rehearsal, and what it leaves of them.

use std::path::Path;
use std::time::Duration;

use crate::cli::exit::OrFail;
use crate::cli::open::write_whole;
use crate::cli::{Exit, Failure};
use crate::clock::UtcTime;
use crate::domain::DomainName;
use crate::keyring::{
    KeyList, KeyStatus, ListedKey, Role, SecretKey, SshNamespace, TrustedKeys, allowed_signers, minisign_public_key,
    public_key_pem,
};
use crate::notice::{ALLOWED_SIGNERS, KEYS_NOTE};
use crate::playbook::Playbook;
use crate::signed_note::{KeyName, Note, NoteSignature, NoteSigner, NoteText, VerifierKey};
use crate::verify::Trust;

/// How long the key list of a rehearsal is believed: a year, longer than anybody looks at its results.
const LIST_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// Throw-away keys: in memory only, gone at the end.
pub(super) struct Keys {
    /// Of the lead agency and, where there is one, of another.
    roots: Vec<SecretKey>,
    /// Of every agency of the playbook, in its order.
    pub(super) notices: Vec<SecretKey>,
    /// Of every approver, in the same order.
    pub(super) approvals: Vec<SecretKey>,
}

impl Keys {
    /// Makes all keys that the operation needs and puts their public halves into the playbook, in place of the real ones. The
    /// second is the key of the log.
    pub(super) fn make(playbook: &mut Playbook) -> Result<(Self, SecretKey), Failure> {
        let key = |role: Role, domain: &DomainName, label: Option<&str>| -> Result<SecretKey, Failure> {
            let name: KeyName = role.key_name(domain, label).or_fail(Exit::Usage)?;
            SecretKey::generate(name).or_fail(Exit::Environment)
        };
        let lead = playbook.agency(&playbook.operation.lead).map(|agency| agency.domain.clone());
        let lead = lead.ok_or_else(|| Failure::new(Exit::Usage, "the lead agency is not an agency of the playbook"))?;
        let log = key(Role::Log, &lead, Some(playbook.operation.id.as_str()))?;
        let other = playbook.agencies.iter().map(|agency| &agency.domain).find(|domain| **domain != lead);
        let roots = [Some(&lead), other].into_iter().flatten().map(|domain| key(Role::Root, domain, None));
        let roots = roots.collect::<Result<_, _>>()?;
        let mut notices = Vec::new();
        for agency in &mut playbook.agencies {
            let made = key(Role::Notice, &agency.domain, None)?;
            agency.notice_key = Some(made.verifier().clone());
            notices.push(made);
        }
        let mut approvals = Vec::new();
        for approver in &mut playbook.approvers {
            let agency = playbook.agencies.iter().find(|agency| agency.id == approver.agency);
            let domain = agency.map_or(&lead, |agency| &agency.domain);
            let made = key(Role::Approval, domain, Some(approver.id.as_str()))?;
            approver.key = Some(made.verifier().clone());
            approvals.push(made);
        }
        Ok((Self { roots, notices, approvals }, log))
    }

    /// Leaves the public halves for whoever checks the rehearsal's results.
    pub(super) fn write_public(
        &self,
        playbook: &Playbook,
        log: &SecretKey,
        trust: &Trust,
        dir: &Path,
    ) -> Result<(), Failure> {
        let line = |key: &SecretKey| format!("{}\n", key.verifier());
        write_whole(&dir.join("log.vkey"), line(log).as_bytes())?;
        write_whole(&dir.join("log.pem"), public_key_pem(log.verifier()).as_bytes())?;
        write_whole(&dir.join("policy"), trust.keys.to_string().as_bytes())?;
        let mut signers = String::new();
        for (agency, key) in playbook.agencies.iter().zip(&self.notices) {
            write_whole(&dir.join(format!("{}.vkey", agency.id)), line(key).as_bytes())?;
            write_whole(&dir.join(format!("{}.pem", agency.id)), public_key_pem(key.verifier()).as_bytes())?;
            let minisign = minisign_public_key(key.verifier());
            write_whole(&dir.join(format!("{}.minisign.pub", agency.id)), minisign.as_bytes())?;
            let namespace = SshNamespace::of_notices(key.name()).or_fail(Exit::Usage)?;
            signers.push_str(&allowed_signers(key.verifier(), &namespace).or_fail(Exit::Usage)?);
        }
        write_whole(&dir.join(ALLOWED_SIGNERS), signers.as_bytes())?;
        Ok(())
    }

    /// The list of the keys of notices, log and witnesses, signed by every root.
    pub(super) fn list(
        &self,
        playbook: &Playbook,
        log: &VerifierKey,
        now: UtcTime,
    ) -> Result<(KeyList, Note), Failure> {
        // Before any day on which somebody tries the kit with a tool that knows no day but today's.
        let (from, expires) = (UtcTime::from_unix(1_000_000_000), now.plus(LIST_LIFE));
        let listed = |key: &VerifierKey| {
            let (key, status) = (key.clone(), KeyStatus::Active);
            ListedKey { key, status, not_before: from, not_after: expires }
        };
        let witnesses = playbook.witnesses.iter().filter_map(|witness| witness.key.as_ref());
        let keys = self.notices.iter().map(NoteSigner::verifier).chain([log]).chain(witnesses).map(listed).collect();
        let roots: Vec<_> = self.roots.iter().map(|key| key.verifier().clone()).collect();
        let (threshold, quorum) = (roots.len(), playbook.approvals.notice);
        let list = KeyList { version: 1, issued: now, expires, threshold, roots, quorum, keys };
        let list = list.checked().or_fail(Exit::Usage)?;
        let text = NoteText::new(list.to_string()).or_fail(Exit::Usage)?;
        let signatures = self.roots.iter().map(|key| NoteSignature::sign(&text, key));
        let signatures = signatures.collect::<Result<_, _>>().or_fail(Exit::Environment)?;
        Ok((list, Note { text, signatures }))
    }

    /// Leaves the list and the policy under which it is believed.
    pub(super) fn write_list(&self, list: &Note, dir: &Path) -> Result<(), Failure> {
        std::fs::create_dir_all(dir).or_fail(Exit::Environment)?;
        write_whole(&dir.join(KEYS_NOTE), list.to_string().as_bytes())?;
        let roots: Vec<_> = self.roots.iter().map(|key| key.verifier().clone()).collect();
        let policy = TrustedKeys::at_least(roots.len(), &roots).or_fail(Exit::Usage)?;
        write_whole(&dir.join("roots.policy"), policy.to_string().as_bytes())
    }
}
