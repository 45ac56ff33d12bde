//! `impound log anchor`: a time stamp over the last checkpoint, asked for, or taken from elsewhere.

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::anchors::{anchor_failure, authorities};
use crate::anchor::{Anchor, Anchors, Query, RESPONSE_MAX_BYTES, Stamp, imprint_of, stamp};
use crate::audit::LogReader;
use crate::cli::args::{Format, LogAnchor};
use crate::cli::exit::OrFail;
use crate::cli::open::{audit_failure, log_keys, open_log, read_bounded, write_failure};
use crate::cli::{Env, Exit, Failure, look};
use crate::digest::Digest;
use crate::observe::{DnsClient, DnsLimits, HttpLimits, Network, ServiceUrl, post};
use crate::tlog::TreeSize;
use crate::whole_file::{self, Readers, WriteError};
use crate::words::counted;

/// How long an authority is given; they answer within a second, or after a few when they are busy.
const TSA_LIMITS: HttpLimits = HttpLimits { time: Duration::from_secs(30), body_bytes: RESPONSE_MAX_BYTES };

/// RFC 3161 section 3.4.
const QUERY_TYPE: &str = "application/timestamp-query";

/// The largest query that is read.
const QUERY_MAX_BYTES: usize = 1024;

/// Under which name an answer is kept when nobody says whose it is.
const NAMELESS: &str = "tsa";

/// The bytes that are stamped: a checkpoint as it was first signed.
struct Stamped {
    size: TreeSize,
    bytes: Vec<u8>,
}

impl Stamped {
    fn of(reader: &LogReader, size: TreeSize) -> Result<Self, Failure> {
        Ok(Self { size, bytes: reader.kept_checkpoint(size).map_err(audit_failure)? })
    }
}

/// Stamps the checkpoint, which is verified under the log's key. The entries are not recomputed: a time stamp is of what the
/// log vouches for, whatever it turns out to be worth.
pub(super) async fn run(arguments: &LogAnchor, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let (keys, _) = log_keys(&arguments.log.keys)?;
    let reader = open_log(&arguments.log.dir, &keys)?;
    let authorities = arguments.tsa_ca.as_deref().map(authorities).transpose()?;
    let (stamped, query, response) = match (&arguments.query, &arguments.response, &arguments.tsa) {
        (query, Some(response), _) => taken(&reader, query.as_deref(), response)?,
        (Some(path), None, _) => return write_query(&reader, path, arguments, format, env),
        (None, None, Some(tsa)) => asked(&reader, tsa, env).await?,
        (None, None, None) => return Err(Failure::new(Exit::Usage, "there is nobody to ask").help("give --tsa")),
    };
    let parsed = query.as_deref().map(Query::parse).transpose().map_err(anchor_failure)?;
    let judged = stamp(&response, &stamped.bytes, parsed.as_ref(), authorities.as_ref()).map_err(anchor_failure)?;
    let name = arguments.tsa.as_ref().map_or_else(|| NAMELESS.to_owned(), ServiceUrl::host);
    let anchors = Anchors::beside(reader.dir());
    let kept = anchors.keep(stamped.size, &name, query.as_deref(), &response).map_err(anchor_failure)?;
    match format {
        Format::Text => env.print(text(&reader, &kept, &judged))?,
        Format::Json => env.print_json(&wire(&reader, &kept, &judged))?,
    }
    Ok(Exit::Ok)
}

/// The bytes that are stamped, the query if there is one, and the answer.
type Answered = (Stamped, Option<Vec<u8>>, Vec<u8>);

/// Asks an authority about the published checkpoint.
async fn asked(reader: &LogReader, tsa: &ServiceUrl, env: &Env<'_>) -> Result<Answered, Failure> {
    let stamped = Stamped::of(reader, reader.checkpoint().size)?;
    let query = new_query(&stamped)?;
    let network = match &env.network {
        Some(network) => network.clone(),
        None if tsa.is_address() => Network::system(&[]),
        None => look::machine()?,
    };
    let dns = DnsClient::new(network, DnsLimits::default());
    let posted = post(&dns, &*env.clock, tsa, QUERY_TYPE, query.clone().into(), TSA_LIMITS).await;
    let posted = posted.map_err(|unknown| {
        Failure::new(Exit::Environment, format!("{tsa} gives no answer: {unknown}"))
            .help("nothing was kept; try again, or take the query elsewhere with --query FILE")
    })?;
    if posted.status != StatusCode::OK {
        let text = format!("{tsa} answered with HTTP status {}", posted.status.as_u16());
        return Err(Failure::new(Exit::Environment, text).help("is this the address for RFC 3161 queries?"));
    }
    Ok((stamped, Some(query), posted.body))
}

fn new_query(stamped: &Stamped) -> Result<Vec<u8>, Failure> {
    let nonce = getrandom::u64().or_fail(Exit::Environment)?;
    Query::new(&stamped.bytes, nonce).to_der().map_err(anchor_failure)
}

/// Takes an answer that was fetched elsewhere. The log may have grown since: the answer says by digest which checkpoint it is
/// of.
fn taken(reader: &LogReader, query: Option<&Path>, response: &Path) -> Result<Answered, Failure> {
    let query = query.map(|path| read_bounded(path, QUERY_MAX_BYTES)).transpose()?;
    let response = read_bounded(response, RESPONSE_MAX_BYTES)?;
    let imprint = imprint_of(&response).map_err(anchor_failure)?;
    let published = Stamped::of(reader, reader.checkpoint().size)?;
    if Digest::of(&published.bytes) == imprint {
        return Ok((published, query, response));
    }
    for size in reader.kept_sizes().map_err(audit_failure)?.into_iter().rev() {
        let stamped = Stamped::of(reader, size)?;
        if Digest::of(&stamped.bytes) == imprint {
            return Ok((stamped, query, response));
        }
    }
    Err(Failure::new(Exit::NotVerified, "the answer is not of a checkpoint of this log"))
}

fn write_query(
    reader: &LogReader,
    path: &PathBuf,
    arguments: &LogAnchor,
    format: Format,
    env: &mut Env<'_>,
) -> Result<Exit, Failure> {
    let stamped = Stamped::of(reader, reader.checkpoint().size)?;
    whole_file::create(path, &new_query(&stamped)?, Readers::Everyone).map_err(|error| match error {
        WriteError::Exists { .. } => Failure::new(Exit::Usage, error).help("it may be waiting for its answer"),
        error => write_failure(error),
    })?;
    let (file, log) = (path.display(), arguments.log.dir.display());
    match format {
        Format::Text => {
            let tsa = arguments.tsa.as_ref().map_or_else(|| "URL".to_owned(), ToString::to_string);
            env.print(format!(
                "{file} asks about checkpoint {}. Where there is a network:\n  \
                 curl -sS -H 'Content-Type: {QUERY_TYPE}' --data-binary @{file} -o ANSWER {tsa}\n\
                 then:\n  impound log anchor {log} --keys KEY --query {file} --response ANSWER\n",
                stamped.size
            ))?;
        }
        Format::Json => env.print_json(&json!({
            "version": 1,
            "origin": reader.checkpoint().origin,
            "entries": stamped.size.0,
            "query": path,
        }))?,
    }
    Ok(Exit::Ok)
}

fn wire(reader: &LogReader, kept: &Anchor, stamp: &Stamp) -> Value {
    json!({
        "version": 1,
        "origin": reader.checkpoint().origin,
        "entries": kept.size.0,
        "at": stamp.at,
        "latest": stamp.latest,
        "authority": stamp.authority,
        "serial": stamp.serial,
        "policy": stamp.policy,
        "nonce_checked": stamp.is_answer,
        "authority_checked": stamp.is_vouched,
        "response": kept.response,
    })
}

fn text(reader: &LogReader, kept: &Anchor, stamp: &Stamp) -> String {
    let Stamp { latest, authority, .. } = stamp;
    let log = reader.dir().display();
    let entries = counted(kept.size.0, "entry", "entries");
    let mut text = format!("{entries} of {} existed before {latest}\n", reader.checkpoint().origin);
    text.push_str(&format!("  says         {authority}\n  kept         {}\n", kept.response.display()));
    if !stamp.is_vouched {
        text.push_str("  not checked  who that is: give the authority's own with --tsa-ca\n");
    }
    if !stamp.is_answer {
        text.push_str("  not checked  that it answers our query: give it with --query\n");
    }
    text.push_str(&format!("  not checked  the entries: impound log verify {log}\n"));
    text
}
