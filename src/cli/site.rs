//! The signed site of an operation: drafting, signing, and its stages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::exit::OrFail;
use super::kit_lists::KitLists;
use super::{Exit, Failure};
use crate::coverage::Seed;
use crate::digest::Digest;
use crate::keyring::{
    KeyList, SshNamespace, TrustedComment, TrustedKeys, allowed_signers, minisign_public_key, minisign_signature,
    ssh_signature,
};
use crate::notice::{
    self, ALLOWED_SIGNERS, Draft, DraftError, Edition, FILES_MAX, Life, POLICY, Past, REVOKED_KEYS, editions_after,
    withdrawal,
};
use crate::plan::{NoticeDigest, authorize_all};
use crate::playbook::{Agency, Id, Notice, Playbook, SEED_FILE, Work};
use crate::signed_note::{Note, NoteSigner, VerifierKey};
use crate::whole_file::{self, Readers};

/// Where the site of an operation lies unless the user says otherwise.
pub(super) fn default_dir(playbook: &Playbook) -> PathBuf {
    playbook.root.join("site")
}

/// Makes the seed of the sealed names, beside the playbook, if names are to be sealed and there is none yet. A seed is never
/// replaced: what was signed under it could no longer be proven.
pub(super) fn make_seed(playbook: &mut Playbook) -> Result<Option<PathBuf>, Failure> {
    if playbook.seed.is_some() || !playbook.notices.iter().any(|notice| notice.sealed_names) {
        return Ok(None);
    }
    let seed = Seed::generate().or_fail(Exit::Environment)?;
    let path = playbook.root.join(SEED_FILE);
    whole_file::create(&path, seed.to_text().as_bytes(), Readers::Owner).or_fail(Exit::Environment)?;
    playbook.seed = Some(seed);
    Ok(Some(path))
}

/// The editions of every notice that are to stand now, drafted for the hour: the first ones, or in a site that has earlier ones
/// those that replace them.
pub(super) fn drafts(playbook: &Playbook, site: Option<&Path>) -> Result<Vec<Draft>, Failure> {
    let lives = site.map(|dir| lives(playbook, dir)).transpose()?.unwrap_or_default();
    let mut drafts = Vec::new();
    for notice in &playbook.notices {
        let life = lives.get(&notice.id);
        let (past, end) =
            life.map_or((Past::default(), None), |life| (life.behind(), life.present().and_then(|row| row.1)));
        drafts.extend(match end {
            Some(decision) => vec![withdrawal(playbook, notice, &past, Some(&decision)).map_err(draft_failure)?],
            None => drafts_after(playbook, notice, &past)?,
        });
    }
    Ok(drafts)
}

/// The editions of one notice after what was signed before. The orders are asked for the hour, or for the later moment at which
/// these editions begin.
pub(super) fn drafts_after(playbook: &Playbook, notice: &Notice, past: &Past) -> Result<Vec<Draft>, Failure> {
    let hour = playbook.operation.hour;
    let at = past.from().map_or(hour, |from| from.max(hour));
    let authorizations = authorize_all(playbook, at).or_fail(Exit::Refused)?;
    editions_after(playbook, notice, &authorizations, past).map_err(draft_failure)
}

pub(super) fn draft_failure(error: DraftError) -> Failure {
    match &error {
        DraftError::NoSeed { .. } => {
            Failure::new(Exit::Usage, error).help("`impound notice build` makes one; where there was one, put it back")
        }
        DraftError::NoTargets { .. } => Failure::new(Exit::Usage, error)
            .help("a notice of which every name is returned ends with `impound notice withdraw`"),
        _ => Failure::new(Exit::Usage, error),
    }
}

/// The lives of the notices of which the site has more than one row of editions. Of the others nothing is needed, and a site
/// that was never written, or has none, is not read.
fn lives(playbook: &Playbook, dir: &Path) -> Result<BTreeMap<Id, Life>, Failure> {
    let has_rows = |notice: &Notice| rows(&dir.join(notice.id.as_str())) > 1;
    if !playbook.notices.iter().any(has_rows) {
        return Ok(BTreeMap::new());
    }
    let editions = notice::read_site(dir).or_fail(Exit::NotVerified)?;
    let life = |notice: &Notice| (notice.id.clone(), life_of(playbook, notice, &editions));
    Ok(playbook.notices.iter().map(life).collect())
}

/// The editions of one notice of the operation.
pub(super) fn life_of(playbook: &Playbook, notice: &Notice, editions: &[Edition]) -> Life {
    let prefix = format!("{}/{}/", playbook.operation.id, notice.id);
    Life::of(editions.iter().filter(|edition| edition.id.starts_with(&prefix)).cloned())
}

/// How many rows of editions a notice has: as many as editions that no step releases. What cannot be read is left to the reader of
/// the site, who says why.
fn rows(notice: &Path) -> usize {
    let homes = std::fs::read_dir(notice).into_iter().flatten().flatten().take(FILES_MAX);
    homes.filter(|home| notice::is_first_of_row(&home.path())).count()
}

/// What a plan says of the notices.
pub(super) fn digests(drafts: &[Draft]) -> Vec<NoticeDigest> {
    let digest = |draft: &Draft| NoticeDigest {
        id: draft.manifest().id.to_string(),
        digest: Digest::of(draft.manifest().to_string()),
    };
    drafts.iter().map(digest).collect()
}

/// A draft as an edition that nobody has signed.
pub(super) fn unsigned(draft: &Draft) -> Result<Edition, Failure> {
    notice::publish(draft, None, BTreeMap::new()).or_fail(Exit::Usage)
}

/// The edition with one more agency's signatures: in the note, and beside it for minisign and OpenSSH.
pub(super) fn sign<S: NoteSigner>(
    playbook: &Playbook,
    draft: &Draft,
    former: Option<&Edition>,
    (key, lists): (&S, &KitLists),
) -> Result<Edition, Failure> {
    let agency = agency_of(playbook, key.verifier())?;
    let former_note = former.and_then(Edition::note).map(Note::parse).transpose().or_fail(Exit::NotVerified)?;
    let note = notice::sign(draft, former_note.as_ref(), key).or_fail(Exit::Refused)?;
    let mut further = former.map(detached_files).unwrap_or_default();
    further.extend(detached(draft, agency, key)?);
    let stated = lists.newest();
    further.insert(ALLOWED_SIGNERS.to_owned(), signers_file(playbook, &note, stated)?.into_bytes());
    let revoked = stated.map(KeyList::revoked_ssh_keys).filter(|keys| !keys.is_empty());
    further.extend(revoked.map(|keys| (REVOKED_KEYS.to_owned(), keys.into_bytes())));
    further.insert(POLICY.to_owned(), trusted(playbook)?.to_string().into_bytes());
    further.extend(lists.files());
    notice::publish(draft, Some(&note), further).or_fail(Exit::NotVerified)
}

fn agency_of<'p>(playbook: &'p Playbook, key: &VerifierKey) -> Result<&'p Agency, Failure> {
    playbook.agencies.iter().find(|agency| agency.notice_key.as_ref() == Some(key)).ok_or_else(|| {
        Failure::new(Exit::Refused, format!("`{}` is not the notice key of an agency of this playbook", key.name()))
            .help("put its verifier key into `notice-key` of the agency")
    })
}

/// The signatures of one agency that stock tools verify.
fn detached<S: NoteSigner>(draft: &Draft, agency: &Agency, key: &S) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let text = draft.manifest().to_string();
    let id = &agency.id;
    let comment: TrustedComment = format!("notice-id: {}", draft.manifest().id).parse().or_fail(Exit::Usage)?;
    let namespace = SshNamespace::of_notices(key.verifier().name()).or_fail(Exit::Usage)?;
    let minisig = minisign_signature(key, text.as_bytes(), &comment).or_fail(Exit::Environment)?;
    let sig = ssh_signature(key, text.as_bytes(), &namespace).or_fail(Exit::Environment)?;
    Ok(BTreeMap::from([
        (format!("notice.txt.{id}.minisig"), minisig.into_bytes()),
        (format!("notice.txt.{id}.sig"), sig.into_bytes()),
        (format!("{id}.minisign.pub"), minisign_public_key(key.verifier()).into_bytes()),
    ]))
}

/// The detached signatures that an edition has already.
fn detached_files(edition: &Edition) -> BTreeMap<String, Vec<u8>> {
    let detached = |name: &str| name.starts_with("notice.txt.") || name.ends_with(".minisign.pub");
    edition.kit.iter().filter(|(name, _)| detached(name)).map(|(name, bytes)| (name.clone(), bytes.clone())).collect()
}

/// The `allowed_signers` file of all who signed the note; where the agencies have a key list, of all on it, with their dates.
fn signers_file(playbook: &Playbook, note: &Note, list: Option<&KeyList>) -> Result<String, Failure> {
    if let Some(list) = list {
        return list.allowed_signers().or_fail(Exit::Usage);
    }
    let mut lines = String::new();
    for key in playbook.agencies.iter().filter_map(|agency| agency.notice_key.as_ref()) {
        if note.signatures.iter().any(|line| line.name == *key.name() && line.id == key.id()) {
            let namespace = SshNamespace::of_notices(key.name()).or_fail(Exit::Usage)?;
            lines.push_str(allowed_signers(key, &namespace).or_fail(Exit::Usage)?.trim_end());
            lines.push('\n');
        }
    }
    Ok(lines)
}

/// The notices at each stage: as they are first put up, then as each release step puts them up.
pub(super) fn stages(playbook: &Playbook, editions: &[Edition]) -> Vec<Vec<Edition>> {
    let releases = playbook.steps.iter().filter(|step| step.work == Work::Release).map(|step| &step.id);
    let mut over: Vec<&Id> = Vec::new();
    let mut stages = vec![stage(playbook, editions, &over)];
    for release in releases {
        over.push(release);
        stages.push(stage(playbook, editions, &over));
    }
    stages
}

/// The last edition of each notice whose release step is over.
fn stage(playbook: &Playbook, editions: &[Edition], over: &[&Id]) -> Vec<Edition> {
    let of_notice = |notice: &Id| {
        let prefix = format!("{}/{notice}/", playbook.operation.id);
        let out = |edition: &&Edition| edition.release.as_ref().is_none_or(|step| over.contains(&step));
        editions.iter().filter(|edition| edition.id.starts_with(&prefix)).rfind(out).cloned()
    };
    playbook.notices.iter().filter_map(|notice| of_notice(&notice.id)).collect()
}

/// Whose signatures a notice needs, by the playbook: a number of its agencies.
pub(super) fn trusted(playbook: &Playbook) -> Result<TrustedKeys, Failure> {
    let keys: Vec<VerifierKey> = playbook.agencies.iter().filter_map(|agency| agency.notice_key.clone()).collect();
    TrustedKeys::at_least(playbook.approvals.notice, &keys)
        .map_err(|error| Failure::new(Exit::Usage, error).help("give the agencies their `notice-key` in the playbook"))
}

/// Reads a site and holds it against what the playbook says today: same editions, enough signatures.
pub(super) fn read_signed(playbook: &Playbook, dir: &Path, drafts: &[Draft]) -> Result<Vec<Edition>, Failure> {
    let site_failure = |error| {
        Failure::new(Exit::NotVerified, error).help("build and sign it with `impound notice build` and `notice sign`")
    };
    let editions = notice::read_site(dir).map_err(site_failure)?;
    let trusted = trusted(playbook)?;
    for draft in drafts {
        let id = draft.manifest().id.to_string();
        let edition = editions.iter().find(|edition| edition.id == id).ok_or_else(|| {
            Failure::new(Exit::NotVerified, format!("the site in {} lacks {id}", dir.display()))
                .help("build it again with `impound notice build`")
        })?;
        enough(&trusted, draft, edition)?;
    }
    Ok(editions)
}

/// Whether an edition says what the draft says, signed by enough agencies.
fn enough(trusted: &TrustedKeys, draft: &Draft, edition: &Edition) -> Result<(), Failure> {
    let id = &edition.id;
    let Some(note) = edition.note() else {
        return Err(
            Failure::new(Exit::Refused, format!("{id} is not signed")).help("sign it with `impound notice sign`")
        );
    };
    let note = Note::parse(note).or_fail(Exit::NotVerified)?;
    if note.text.as_str() != draft.manifest().to_string() {
        return Err(Failure::new(Exit::NotVerified, format!("{id} is not what the playbook says today"))
            .help("build and sign it again"));
    }
    let verdict = trusted.verify(&note).or_fail(Exit::NotVerified)?;
    if verdict.reached { Ok(()) } else { Err(Failure::new(Exit::Refused, format!("{id}: {verdict}"))) }
}
