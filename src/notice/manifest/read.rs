//! From lines to a manifest.

use std::collections::{BTreeMap, BTreeSet};

use super::{Manifest, NoticeId, PAGE_TYPE, Status};
use crate::clock::UtcTime;
use crate::coverage::Seal;
use crate::digest::Digest;
use crate::domain::{DomainName, OnionName};
use crate::notice::statement::{
    Lines, StatementError, StatementProblem, address_of, file_line, percent_decoded, unless_none, yes_or_no,
};

/// What ends the name of an onion service (RFC 7686).
const ONION_SUFFIX: &str = ".onion";

pub(super) fn manifest(lines: &mut Lines<'_>) -> Result<Manifest, StatementError> {
    let id: NoticeId = lines.value("notice-id", str::parse)?;
    let issuer = lines.value("issuer", DomainName::parse)?;
    let order = lines.value("order", percent_decoded)?;
    let status = lines.value("status", status)?;
    let domains: BTreeSet<_> = lines.values("domain", DomainName::parse)?;
    let onions: BTreeSet<_> = lines.values("onion", str::parse::<OnionName>)?;
    let sealed = seal(lines, "sealed", !domains.is_empty() || !onions.is_empty())?;
    if domains.is_empty() && onions.is_empty() && sealed.is_none() {
        return Err(lines.refuse_next(StatementProblem::NoNames));
    }
    let returned: BTreeSet<String> = lines.values("returned", host)?;
    let returned_sealed = seal(lines, "returned-sealed", sealed.is_none())?;
    if sealed.is_some() && !returned.is_empty() {
        return Err(lines.refuse(StatementProblem::ListedAndSealed));
    }
    let subdomains = lines.value("subdomains", yes_or_no)?;
    let not_before = lines.value("not-before", str::parse)?;
    let not_after = lines.value("not-after", |text| end_after(text, not_before))?;
    let review = lines.value("review", |text| unless_none(text, str::parse))?;
    let verify_at = lines.value("verify-at", |text| address_of(text, &issuer))?;
    let pages: BTreeMap<_, _> = lines.values("content", content)?;
    if pages.is_empty() {
        return Err(lines.refuse_next(StatementProblem::NoPages));
    }
    let supersedes = lines.last_values("supersedes", |text| earlier_edition(text, &id))?;
    let supersedes: BTreeMap<_, _> = supersedes.into_iter().collect();
    if supersedes.is_empty() && (status == Status::Withdrawn || !returned.is_empty() || returned_sealed.is_some()) {
        return Err(lines.refuse(StatementProblem::Empty { wanted: "supersedes" }));
    }
    #[rustfmt::skip]
    let manifest = Manifest {
        id, issuer, order, status, domains, onions, sealed, returned, returned_sealed, subdomains, not_before, not_after, review,
        verify_at, pages, supersedes,
    };
    match manifest.returned.iter().find(|name| manifest.covers(name)) {
        Some(name) => Err(lines.refuse(StatementProblem::ReturnedAndCovered { name: name.clone() })),
        None => Ok(manifest),
    }
}

pub(in crate::notice) fn status(text: &str) -> Result<Status, StatementProblem> {
    let known = [Status::InForce, Status::Withdrawn].into_iter().find(|status| status.as_str() == text);
    known.ok_or_else(|| StatementProblem::value(text, "`in-force` or `withdrawn`"))
}

/// At most one seal; none where names are `listed`.
fn seal(lines: &mut Lines<'_>, key: &'static str, listed: bool) -> Result<Option<Seal>, StatementError> {
    let read = |text: &str| {
        let refuse = |_| StatementProblem::value(text, "the number of sealed names and the root of their tree");
        text.parse::<Seal>().map_err(refuse)
    };
    let seals: Vec<Seal> = lines.values(key, read)?;
    match seals.as_slice() {
        [] => Ok(None),
        [seal] if !listed => Ok(Some(*seal)),
        _ => Err(lines.refuse(StatementProblem::ListedAndSealed)),
    }
}

/// A domain name or an onion service, as hosts are written.
pub(in crate::notice) fn host(text: &str) -> Result<String, StatementProblem> {
    match text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase().ends_with(ONION_SUFFIX) {
        true => Ok(text.parse::<OnionName>()?.to_string()),
        false => Ok(DomainName::parse(text)?.to_string()),
    }
}

fn end_after(text: &str, not_before: UtcTime) -> Result<UtcTime, StatementProblem> {
    let not_after: UtcTime = text.parse()?;
    if not_before < not_after { Ok(not_after) } else { Err(StatementProblem::Ends { not_after }) }
}

fn content(text: &str) -> Result<(crate::language::LanguageTag, Digest), StatementProblem> {
    file_line(text, PAGE_TYPE, Manifest::page_path, "`LANGUAGE text/html sha256:DIGEST LANGUAGE/index.html`")
}

/// The edition that is replaced, and the digest of its text.
fn earlier_edition(text: &str, id: &NoticeId) -> Result<(NoticeId, Digest), StatementProblem> {
    let refuse = || StatementProblem::value(text, "operation/notice/edition and the digest of its text");
    let (former, digest) = text.split_once(' ').ok_or_else(refuse)?;
    let former: NoticeId = former.parse()?;
    if !former.is_of_same(id) || former.edition >= id.edition {
        return Err(StatementProblem::Supersedes { id: id.clone(), supersedes: former });
    }
    Ok((former, digest.parse()?))
}
