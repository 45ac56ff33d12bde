//! What becomes of a notice after it was shown: amended, without some of its names, withdrawn.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::{NEXT, open, print, signers, taken};
use crate::cli::args::{Format, NoticeAmend, NoticeWithdraw};
use crate::cli::exit::OrFail;
use crate::cli::{Env, Exit, Failure, pending, site};
use crate::notice::{Draft, Edition, HeldSite, Life, Manifest, NOTICE_TXT, Past, Status, manifest_of, withdrawal};
use crate::observe::WebHost;
use crate::playbook::{Notice, Playbook};

/// A notice that was signed, and the site that it is in.
struct Shown {
    playbook: Playbook,
    dir: PathBuf,
    site: HeldSite,
    editions: Vec<Edition>,
    notice: Notice,
    past: Past,
    /// The last row, signed or not.
    present: Vec<Edition>,
}

/// Writes the editions that replace those that were signed, by the playbook as it is today. `returned` are the names that it
/// has no more: exactly those, so that none is lost by mistake and none is kept.
pub(super) fn amend(
    arguments: &NoticeAmend,
    returned: &[String],
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let shown = Shown::open(arguments, env)?;
    let drafts = site::drafts_after(&shown.playbook, &shown.notice, &shown.past)?;
    let wanted: BTreeSet<String> = returned.iter().map(|name| host(name)).collect::<Result<_, _>>()?;
    let missing = drafts.first().map(|draft| shown.past.missing_in(draft.names())).unwrap_or_default();
    if let Some(name) = missing.difference(&wanted).next() {
        return Err(Failure::new(Exit::Refused, format!("{name} was covered, and the playbook has it no more"))
            .help("if it is given back, say so: `impound notice return PLAYBOOK --name NAME`, with every such name"));
    }
    if let Some(name) = wanted.difference(&missing).next() {
        return Err(Failure::new(Exit::Refused, format!("{name} is not a name that the notice loses")).help(
            "take the targets that are given back out of the playbook first; names that were never covered are not",
        ));
    }
    if shown.says_the_same() {
        return shown.leave(format, env);
    }
    shown.write(&drafts, format, env)
}

fn host(text: &str) -> Result<String, Failure> {
    let host: WebHost = text.parse().or_fail(Exit::Usage)?;
    Ok(host.to_string())
}

/// Writes the edition that ends a notice.
pub(super) fn withdraw(arguments: &NoticeWithdraw, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let shown = Shown::open(&arguments.amend, env)?;
    let decision = arguments.decision.as_deref();
    let draft = withdrawal(&shown.playbook, &shown.notice, &shown.past, decision).map_err(site::draft_failure)?;
    shown.write(&[draft], format, env)
}

impl Shown {
    fn open(arguments: &NoticeAmend, env: &mut Env<'_>) -> Result<Self, Failure> {
        let (playbook, dir) = open(&arguments.build, env)?;
        let notice = chosen(&playbook, arguments.notice.as_deref())?.clone();
        let site = taken(&dir)?;
        let editions = site::read_built(&dir, Vec::new())?;
        let life = site::life_of(&playbook, &notice, &editions);
        let signed: Vec<&Edition> = signed(&life).collect();
        // A second later than those before at least: by that the rows are told apart.
        let last =
            Life::of(signed.iter().copied().cloned()).present().map(|(from, _)| from.plus(Duration::from_secs(1)));
        let last = last.ok_or_else(|| {
            Failure::new(Exit::Refused, format!("no edition of notice `{}` is signed", notice.id))
                .help("build it again with `impound notice build`: there is nothing to replace")
        })?;
        let past = Past::of(signed, env.clock.now().max(last));
        Ok(Self { playbook, dir, site, editions, notice, past, present: life.present })
    }

    /// Whether the playbook drafts the last row today as it lies in the site. After a withdrawal it never does: to
    /// amend that is to put the notice up again.
    fn says_the_same(&self) -> bool {
        // What cannot be drafted differs.
        let mut drafts = site::drafts(&self.playbook, Some(&self.dir)).unwrap_or_default();
        drafts.retain(|draft| draft.manifest().id.notice == self.notice.id);
        let is_same = |(edition, draft): (&Edition, &Draft)| {
            let stated = draft.manifest();
            let text = edition.kit.get(NOTICE_TXT).map(Vec::as_slice);
            stated.status != Status::Withdrawn && text == Some(stated.to_string().as_bytes())
        };
        drafts.len() == self.present.len() && self.present.iter().zip(&drafts).all(is_same)
    }

    fn leave(&self, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
        print(&self.playbook, &self.present, format, env)?;
        let last = self.present.first().map_or("the last edition", |edition| &edition.id);
        env.say(format!("nothing differs from {last}, and nothing was written"));
        Ok(Exit::Ok)
    }

    /// Tells of a pending edition that is given up by this one, where they say different things of the notice's end.
    /// One that somebody has signed is not given up by the way.
    fn give_up(&self, by: &Manifest, env: &mut Env<'_>) -> Result<(), Failure> {
        let Some((first, former)) = self.present.first().and_then(|first| Some((first, manifest_of(first)?))) else {
            return Ok(());
        };
        let trusted = site::trusted(&self.playbook)?;
        let is_complete = !self.present.iter().all(|edition| pending::is_pending(edition, Some(&trusted)));
        if is_complete || end_of(&former) == end_of(by) {
            return Ok(());
        }
        let what = match end_of(&former) {
            Some(decision) => format!("{} withdraws the notice (order: {decision})", first.id),
            None => format!("{} keeps the notice in force", first.id),
        };
        match signers(first).as_slice() {
            [] => env.say(format!("{what}; nobody has signed it, and it is replaced")),
            signed => {
                let home = self.dir.join(self.notice.id.as_str()).join(former.id.edition.to_string());
                let help = format!(
                    "have it signed by the others; if it is given up and nobody outside has seen it, tell who signed it \
                     and remove {}",
                    home.display()
                );
                let signed = signed.join(", ");
                return Err(Failure::new(Exit::Refused, format!("{what}, and is signed by {signed}")).help(help));
            }
        }
        Ok(())
    }

    /// Keeps whatever was signed, in the place of what was not puts the drafts, and shows them.
    fn write(&self, drafts: &[Draft], format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
        if let Some(draft) = drafts.first() {
            self.give_up(draft.manifest(), env)?;
        }
        let unsigned =
            |edition: &&Edition| edition.note().is_none() && site::is_of(&self.playbook, &self.notice, edition);
        let mut all: Vec<Edition> = self.editions.iter().filter(|edition| !unsigned(edition)).cloned().collect();
        let editions: Vec<Edition> = drafts.iter().map(site::unsigned).collect::<Result<_, _>>()?;
        all.extend(editions.iter().cloned());
        self.site.write(&all).map_err(site::site_failure)?;
        print(&self.playbook, &editions, format, env)?;
        env.say(format!("wrote {}; {NEXT}", self.dir.display()));
        Ok(Exit::Ok)
    }
}

/// The decision by which a notice ends, if it does.
fn end_of(manifest: &Manifest) -> Option<&str> {
    (manifest.status == Status::Withdrawn).then_some(manifest.order.as_str())
}

/// The editions that anybody has signed. Whether they were enough is not asked: a text that one agency has signed may be signed
/// by the others later, so it is replaced as well.
fn signed(life: &Life) -> impl Iterator<Item = &Edition> {
    life.past.iter().chain(&life.present).filter(|edition| edition.note().is_some())
}

fn chosen<'p>(playbook: &'p Playbook, wanted: Option<&str>) -> Result<&'p Notice, Failure> {
    let ids = || playbook.notices.iter().map(|notice| notice.id.to_string()).collect::<Vec<_>>().join(", ");
    match (wanted, playbook.notices.as_slice()) {
        (None, [only]) => Ok(only),
        (None, _) => {
            Err(Failure::new(Exit::Usage, "the playbook has several notices").help(format!("give --notice: {}", ids())))
        }
        (Some(wanted), notices) => notices.iter().find(|notice| notice.id.as_str() == wanted).ok_or_else(|| {
            Failure::new(Exit::Usage, format!("there is no notice `{wanted}`")).help(format!("there are: {}", ids()))
        }),
    }
}
