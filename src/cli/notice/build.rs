//! `impound notice build`: the editions that stand now, by the playbook. What is signed is never lost by it.

use std::path::Path;

use super::{NEXT, names, open, print};
use crate::cli::args::{Format, NoticeBuildAnew};
use crate::cli::{Env, Exit, Failure, site};
use crate::notice::{Draft, Edition, Found, HeldSite, NOTICE_NOTE, NoticeId, SiteError, survey};
use crate::playbook::Playbook;

/// What became of a draft.
enum Built {
    /// Nobody has signed it, or what was signed is given up.
    Unsigned(Edition),
    /// Signed, and as it is to be.
    Kept(Edition),
    /// Signed, and made again under its note.
    Repaired(Edition),
}

/// Writes the editions that stand now, unsigned. Those that are signed and say the same, and those that were replaced,
/// are kept.
pub(super) fn build(arguments: &NoticeBuildAnew, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (mut playbook, dir) = open(&arguments.build, env)?;
    let held = HeldSite::make(&dir).map_err(site::site_failure)?;
    let new_seed = site::draw_seed(&mut playbook)?;
    let drafts = site::drafts(&playbook, Some(&dir))?;
    let found = survey(&dir, names(&drafts)).map_err(site::site_failure)?;
    let is_drafted = |one: &Found| drafts.iter().any(|draft| one.is_at(&draft.manifest().id));
    let past = past(&playbook, &found);
    let (mut found, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_drafted);
    let mut all = others_kept(others, &past, &mut found, arguments.anew)?;
    let mut built = Vec::new();
    for draft in &drafts {
        let place = found.iter().position(|one| !arguments.anew && one.is_at(&draft.manifest().id));
        let former = place.map(|place| found.swap_remove(place));
        let is_sealed_anew = new_seed && draft.manifest().sealed.is_some();
        built.push(of_draft(&playbook, draft, former).map_err(|failure| without_seed(failure, is_sealed_anew))?);
    }
    if new_seed {
        let path = site::write_seed(&playbook)?;
        env.say(format!("made {}; keep it: without it the sealed names cannot be proven", path.display()));
    }
    let editions: Vec<Edition> = built.iter().map(Built::edition).cloned().collect();
    all.extend(editions.iter().cloned());
    held.write(&all).map_err(site::site_failure)?;
    print(&playbook, &editions, format, env)?;
    tell(&playbook, &built, &dir, env);
    Ok(Exit::Ok)
}

/// The editions that were replaced, of every notice.
fn past(playbook: &Playbook, found: &[Found]) -> Vec<NoticeId> {
    let outlines: Vec<Edition> = found.iter().filter_map(Found::outline).cloned().collect();
    let past = playbook.notices.iter().flat_map(|notice| site::life_of(playbook, notice, &outlines).past);
    past.filter_map(|edition| edition.id.parse().ok()).collect()
}

/// What is kept of the editions that the playbook does not draft: those that were replaced. Others that are signed are not
/// lost without being asked for, and what cannot be read may be any of them. `drafted` are the rest.
fn others_kept(
    others: Vec<Found>,
    past: &[NoticeId],
    drafted: &mut Vec<Found>,
    anew: bool,
) -> Result<Vec<Edition>, Failure> {
    let mut kept = Vec::new();
    for one in others {
        let (is_past, is_signed) = (past.iter().any(|id| one.is_at(id)), !matches!(one.note, Ok(None)));
        let is_known = one.outline().is_some();
        match one.edition {
            Err(error) if is_past || is_signed || !is_known => return Err(site::lost(error)),
            Ok(edition) if is_past => kept.push(edition),
            // An edition without its `edition.json` may be the one that replaces others.
            Ok(edition) if is_signed => match damaged_beside(drafted, &edition) {
                Some(error) => return Err(site::lost(error)),
                None if anew => {}
                None => return Err(not_drafted(&edition)),
            },
            _ => {}
        }
    }
    Ok(kept)
}

/// Why an edition of the same notice does not tell what it is among the others.
fn damaged_beside(drafted: &mut Vec<Found>, edition: &Edition) -> Option<SiteError> {
    let id: NoticeId = edition.id.parse().ok()?;
    let place = drafted.iter().position(|one| one.is_of(&id.notice) && one.outline().is_none())?;
    drafted.swap_remove(place).edition.err()
}

fn not_drafted(edition: &Edition) -> Failure {
    Failure::new(Exit::Refused, format!("{} is signed, and the playbook has no such edition today", edition.id))
        .help("if it was shown, end it with `impound notice withdraw`; if nobody outside has seen it, give --anew")
}

/// Two signed texts of one number could both be shown; so one that is signed is not written over with another.
fn of_draft(playbook: &Playbook, draft: &Draft, former: Option<Found>) -> Result<Built, Failure> {
    let plain = site::unsigned(draft)?;
    let Some(Found { note, edition, mut intact, claimed, .. }) = former else { return Ok(Built::Unsigned(plain)) };
    let note = note.map_err(lost_note)?;
    let Some(note) = note else { return Ok(Built::Unsigned(plain)) };
    if note.text.as_str() != draft.manifest().to_string() {
        return Err(says_else(&plain, edition.err()));
    }
    match edition {
        // What no signature covers is as the playbook says; the kit stays.
        Ok(former) => match (Edition { kit: former.kit.clone(), ..plain }) {
            same if same == former => Ok(Built::Kept(former)),
            newer => Ok(Built::Repaired(newer)),
        },
        Err(_) => {
            intact.extend(claimed.into_iter().filter(|(name, bytes)| site::is_genuine(playbook, &note, name, bytes)));
            site::repaired(playbook, draft, &note, intact).map(Built::Repaired)
        }
    }
}

/// Why an edition is not written over. One that is damaged as well is to be repaired first: `amend` takes only whole ones.
fn says_else(plain: &Edition, damage: Option<SiteError>) -> Failure {
    let what = format!("{} is signed, and the playbook says something else today", plain.id);
    let failure = Failure::new(Exit::Refused, what);
    match damage {
        // Not the playbook says something else, but whoever altered it.
        Some(damage) if matches!(&damage, SiteError::Altered { path, .. } if path.ends_with(NOTICE_NOTE)) => {
            lost_note(damage)
        }
        None => failure
            .help("if it was shown, amend it with `impound notice amend`; if nobody outside has seen it, give --anew"),
        Some(damage) => failure.help(format!(
            "it is damaged too: {damage}. If it was shown, put the file back; or put the playbook back as it was, run \
             this command again, which repairs the edition, and change the playbook again; then amend it with `impound \
             notice amend`. If nobody outside has seen it, give --anew",
        )),
    }
}

/// The one file that cannot be built again.
fn lost_note(error: SiteError) -> Failure {
    site::site_failure(error).help(
        "it holds the signatures: put it back, from a copy or from a server that shows the notice; if nobody outside has \
         seen the edition, give --anew",
    )
}

/// With a new seed sealed names look like others.
fn without_seed(failure: Failure, is_sealed_anew: bool) -> Failure {
    match is_sealed_anew && failure.exit == Exit::Refused {
        true => failure.help(
            "the seed of the sealed names is not beside the playbook, so they cannot be told from others: put \
             coverage.seed back (its two lines begin covered.names in the site); if nobody outside has seen the notice, \
             give --anew",
        ),
        false => failure,
    }
}

impl Built {
    fn edition(&self) -> &Edition {
        match self {
            Self::Unsigned(edition) | Self::Kept(edition) | Self::Repaired(edition) => edition,
        }
    }
}

fn tell(playbook: &Playbook, built: &[Built], dir: &Path, env: &mut Env<'_>) {
    for one in built {
        let (Built::Kept(edition) | Built::Repaired(edition)) = one else { continue };
        let what = match one {
            Built::Repaired(_) => "its signatures are kept, and the files beside them are written again",
            _ => "left as it is",
        };
        env.say(format!("{} is signed and says the same: {what}", edition.id));
        for agency in site::without_detached(playbook, edition) {
            env.say(format!(
                "  {agency}: the signatures for minisign and OpenSSH are damaged or missing; `impound notice sign` with \
                 its key makes them again"
            ));
        }
    }
    if built.iter().any(|one| matches!(one, Built::Unsigned(_))) {
        env.say(format!("wrote {}; {NEXT}", dir.display()));
    } else if built.iter().any(|one| matches!(one, Built::Repaired(_))) {
        env.say(format!("wrote {}", dir.display()));
    }
}
