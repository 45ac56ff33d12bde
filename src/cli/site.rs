//! The signed site of an operation: drafting, signing, and its stages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exit::OrFail;
use super::kit_lists::KitLists;
use super::{Exit, Failure};
use crate::coverage::Seed;
use crate::digest::Digest;
use crate::keyring::{
    KeyList, SshNamespace, TrustedComment, TrustedKeys, allowed_signers, is_minisign_signature, is_ssh_signature,
    minisign_public_key, minisign_signature, ssh_signature,
};
use crate::notice::{
    self, ALLOWED_SIGNERS, Draft, DraftError, Edition, FILES_MAX, Found, INCLUSION_PROOF, INCLUSION_STAMP, Life,
    NOTICE_NOTE, Names, NoticeId, POLICY, Past, REVOKED_KEYS, SiteError, editions_after, withdrawal,
};
use crate::plan::{NoticeDigest, authorize_all};
use crate::playbook::{Agency, Id, Notice, Playbook, SEED_FILE, Work};
use crate::signed_note::{Note, NoteSigner, VerifierKey};
use crate::whole_file::{self, Readers};

/// Where the site of an operation lies unless the user says otherwise.
pub(super) fn default_dir(playbook: &Playbook) -> PathBuf {
    playbook.root.join("site")
}

/// Draws the seed of the sealed names if names are to be sealed and there is none yet; whether it did. It is in memory
/// alone until [`write_seed`].
pub(super) fn draw_seed(playbook: &mut Playbook) -> Result<bool, Failure> {
    if playbook.seed.is_some() || !playbook.notices.iter().any(|notice| notice.sealed_names) {
        return Ok(false);
    }
    playbook.seed = Some(Seed::generate().or_fail(Exit::Environment)?);
    Ok(true)
}

/// Writes the seed beside the playbook. A seed that is there is never replaced: what was signed under it could no longer
/// be proven.
pub(super) fn write_seed(playbook: &Playbook) -> Result<PathBuf, Failure> {
    let path = playbook.root.join(SEED_FILE);
    let text = playbook.seed.as_ref().map(Seed::to_text).unwrap_or_default();
    let written = whole_file::create(&path, text.as_bytes(), Readers::Owner);
    written.or_fail(Exit::Environment).map_err(|failure| match path.exists() {
        true => failure.help("another command has made it just now; run this one again"),
        false => failure,
    })?;
    Ok(path)
}

/// What to do about a site in which a command was stopped.
pub(super) const PUT_BACK: &str = "run `impound notice build`, which puts it back";

/// What to do about a site that another command holds, or that cannot be read or written.
pub(super) fn site_failure(error: SiteError) -> Failure {
    match &error {
        SiteError::Locked { .. } => Failure::new(Exit::Environment, error)
            .help("wait until the other command has ended, and run this one again"),
        SiteError::Stopped { .. } => Failure::new(Exit::NotVerified, error).help(PUT_BACK),
        SiteError::Stray { .. } => Failure::new(Exit::NotVerified, error)
            .help("if this is the site, move that file out of it; if not, name the directory of the site"),
        SiteError::Io { .. } | SiteError::Write(_) => Failure::new(Exit::Environment, error),
        _ => Failure::new(Exit::NotVerified, error),
    }
}

/// What to do where no site was built.
const BUILD: &str = "build it first with `impound notice build`";

/// Editions of a site, unless it has none: then it was not built, or the directory is the wrong one.
pub(super) fn some(editions: Vec<Edition>, dir: &Path) -> Result<Vec<Edition>, Failure> {
    match editions.is_empty() {
        true => Err(Failure::new(Exit::NotVerified, format!("{} holds no notice", dir.display())).help(BUILD)),
        false => Ok(editions),
    }
}

/// The site as it was built. Some of the names may be at hand already.
pub(super) fn read_built(dir: &Path, names: Vec<Arc<Names>>) -> Result<Vec<Edition>, Failure> {
    match notice::read_site_of(dir, names) {
        Ok(editions) => some(editions, dir),
        Err(error @ SiteError::Stopped { .. }) => Err(site_failure(error)),
        Err(error) if !dir.is_dir() => Err(site_failure(error).help(BUILD)),
        Err(error) => Err(site_failure(error)
            .help("`impound notice build` writes again what it can, and keeps every signature; it loses none")),
    }
}

/// An edition that cannot be read and cannot be built again.
pub(super) fn lost(error: SiteError) -> Failure {
    site_failure(error).help(
        "put the file back, from a copy or from a server that shows the notice; an edition that was signed and that \
         the playbook does not draft today cannot be built again; one that nobody has signed can be removed",
    )
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

/// The lives of the notices of which the site has more than one row of editions. Of the others nothing is needed, and a
/// site that was never written, or has none, is not read. Of the last row the statements are enough; those before it must
/// be whole.
fn lives(playbook: &Playbook, dir: &Path) -> Result<BTreeMap<Id, Life>, Failure> {
    notice::at_rest(dir, || lives_now(playbook, dir))
}

fn lives_now(playbook: &Playbook, dir: &Path) -> Result<BTreeMap<Id, Life>, Failure> {
    // An edition that is away is no reason to draft it anew.
    notice::refuse_stopped(dir).map_err(site_failure)?;
    let has_rows = |notice: &Notice| rows(&dir.join(notice.id.as_str())) > 1;
    if !playbook.notices.iter().any(has_rows) {
        return Ok(BTreeMap::new());
    }
    let found = notice::survey(dir, Vec::new()).map_err(site_failure)?;
    let outlines: Vec<Edition> = found.iter().filter_map(Found::outline).cloned().collect();
    let life = |notice: &Notice| (notice.id.clone(), life_of(playbook, notice, &outlines));
    let lives: BTreeMap<Id, Life> = playbook.notices.iter().map(life).collect();
    let past: Vec<NoticeId> =
        lives.values().flat_map(|life| &life.past).filter_map(|one| one.id.parse().ok()).collect();
    let mut damaged = found.into_iter().filter(|one| past.iter().any(|id| one.is_at(id)));
    match damaged.find_map(|one| one.edition.err()) {
        Some(error) => Err(lost(error)),
        None => Ok(lives),
    }
}

/// The editions of one notice of the operation.
pub(super) fn life_of(playbook: &Playbook, notice: &Notice, editions: &[Edition]) -> Life {
    Life::of(editions.iter().filter(|edition| is_of(playbook, notice, edition)).cloned())
}

/// Whether an edition is one of this notice.
pub(super) fn is_of(playbook: &Playbook, notice: &Notice, edition: &Edition) -> bool {
    edition.id.starts_with(&format!("{}/{}/", playbook.operation.id, notice.id))
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
    let mut further = lists_beside(playbook, &note, lists)?;
    // The proof that it is in the log is of the note with its signatures.
    let same = former_note.as_ref() == Some(&note);
    let keeps = |name: &str| is_detached(name) || same && [INCLUSION_PROOF, INCLUSION_STAMP].contains(&name);
    let former = former.into_iter().flat_map(|former| &former.kit).filter(|(name, _)| keeps(name));
    further.extend(former.map(|(name, bytes)| (name.clone(), bytes.clone())));
    further.extend(detached(draft, agency, key)?);
    notice::publish(draft, Some(&note), further).or_fail(Exit::NotVerified)
}

/// A signed edition of which files are damaged or missing, made again: under its note, with the files of its kit that
/// are `intact`.
pub(super) fn repaired(
    playbook: &Playbook,
    draft: &Draft,
    note: &Note,
    intact: BTreeMap<String, Vec<u8>>,
) -> Result<Edition, Failure> {
    let mut further = lists_beside(playbook, note, &KitLists::beside(playbook)?)?;
    for agency in &playbook.agencies {
        let signed = intact.contains_key(&format!("notice.txt.{}.minisig", agency.id));
        let key = agency.notice_key.as_ref().filter(|_| signed);
        further.extend(key.map(|key| minisign_key(&agency.id, key)));
    }
    further.extend(intact);
    // These are made of the draft and the note.
    let plain = unsigned(draft)?.kit;
    further.retain(|name, _| {
        let of_note = name == NOTICE_NOTE || name.ends_with(".vkey") || name.ends_with(".pub.pem");
        !of_note && !plain.contains_key(name)
    });
    notice::publish(draft, Some(note), further).map_err(|error| {
        Failure::new(Exit::NotVerified, error)
            .help("put notice.note back from a copy; if nobody outside has seen the edition, give --anew")
    })
}

/// What is in the kit beside a note of the keys that count.
fn lists_beside(playbook: &Playbook, note: &Note, lists: &KitLists) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let stated = lists.newest();
    let mut files = lists.files();
    files.insert(ALLOWED_SIGNERS.to_owned(), signers_file(playbook, note, stated)?.into_bytes());
    let revoked = stated.map(KeyList::revoked_ssh_keys).filter(|keys| !keys.is_empty());
    files.extend(revoked.map(|keys| (REVOKED_KEYS.to_owned(), keys.into_bytes())));
    files.insert(POLICY.to_owned(), trusted(playbook)?.to_string().into_bytes());
    Ok(files)
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
        minisign_key(id, key.verifier()),
    ]))
}

fn minisign_key(agency: &Id, key: &VerifierKey) -> (String, Vec<u8>) {
    (format!("{agency}.minisign.pub"), minisign_public_key(key).into_bytes())
}

/// Whether a file of the kit is a signature beside the note, or a key for it.
fn is_detached(name: &str) -> bool {
    name.starts_with("notice.txt.") || name.ends_with(".minisign.pub")
}

/// Whether a file is the signature beside the note, for minisign or OpenSSH, of the agency that its name tells.
pub(super) fn is_genuine(playbook: &Playbook, note: &Note, name: &str, bytes: &[u8]) -> bool {
    let (file, message) = (std::str::from_utf8(bytes).unwrap_or_default(), note.text.as_str().as_bytes());
    let is_of = |agency: &Agency| {
        let Some(key) = &agency.notice_key else { return false };
        let is_called = |end: &str| name == format!("notice.txt.{}.{end}", agency.id);
        let is_ssh = |namespace| is_ssh_signature(file, key, message, &namespace);
        is_called("minisig") && is_minisign_signature(file, key, message)
            || is_called("sig") && SshNamespace::of_notices(key.name()).is_ok_and(is_ssh)
    };
    playbook.agencies.iter().any(is_of)
}

/// The agencies that have signed the note and have no signatures beside it for other tools.
pub(super) fn without_detached<'p>(playbook: &'p Playbook, edition: &Edition) -> Vec<&'p Id> {
    let note = edition.note().and_then(|note| Note::parse(note).ok());
    let lines = note.map(|note| note.signatures).unwrap_or_default();
    let lacks = |agency: &&Agency| {
        let signed = agency.notice_key.as_ref().is_some_and(|key| lines.iter().any(|line| key.is_of(line)));
        let ends = ["minisig", "sig"];
        signed && !ends.iter().all(|end| edition.kit.contains_key(&format!("notice.txt.{}.{end}", agency.id)))
    };
    playbook.agencies.iter().filter(lacks).map(|agency| &agency.id).collect()
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
    let editions = notice::read_site(dir).map_err(|error| match error {
        SiteError::Stopped { .. } => site_failure(error),
        _ => Failure::new(Exit::NotVerified, error).help(
            "build and sign it with `impound notice build` and `notice sign`; signatures that are there are kept",
        ),
    })?;
    let trusted = trusted(playbook)?;
    hold(&trusted, dir, drafts, &editions)?;
    Ok(editions)
}

/// Holds the editions of a site against drafts: each is there, says the same and is signed by enough.
pub(super) fn hold(trusted: &TrustedKeys, dir: &Path, drafts: &[Draft], editions: &[Edition]) -> Result<(), Failure> {
    drafts.iter().try_for_each(|draft| {
        let id = draft.manifest().id.to_string();
        let edition = editions.iter().find(|edition| edition.id == id).ok_or_else(|| {
            Failure::new(Exit::NotVerified, format!("the site in {} lacks {id}", dir.display()))
                .help("build it again with `impound notice build`")
        })?;
        enough(trusted, draft, edition)
    })
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
