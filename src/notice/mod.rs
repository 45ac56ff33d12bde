//! Notices: the page that visitors see, and the signed manifest that binds it to names, an order and a time.
//!
//! [`editions`] drafts a notice from a playbook and the authorizations of its names; [`sign()`] adds an agency's signature;
//! [`publish`] makes of both what is served. All these are pure. [`HeldSite`] and [`read_site`] keep it on disk, and [`survey`]
//! reads what is left of a damaged site.

mod statement;
mod manifest;
mod indicators;
mod advisory;
mod denial;
mod listing;
mod kind;
mod page;
mod security;
mod edition;
mod life;
mod logged;
mod names;
mod sign;
mod site;
#[cfg(test)]
mod tests;

pub use advisory::{ADVISORY_NOTE, Advisory, INDICATORS_CSV};
pub use denial::Denial;
pub use edition::{Draft, DraftError, editions, editions_after};
pub use indicators::{INDICATORS_MAX_BYTES, Indicator, Indicators, IndicatorsError, tells, tells_in_json};
pub use kind::Statement;
pub use life::{Life, Past, STATUS_GONE, manifest_of, withdrawal};
pub use listing::{Listing, REGISTER_JSON, REGISTER_JSON_MAX_BYTES};
pub use logged::{INCLUSION_PROOF, INCLUSION_STAMP, LoggedNotice, NOTICE_ENTRY};
pub use manifest::{Manifest, NoticeId, Status};
pub use names::{COVERED_NAMES, Names, sealed_names};
pub use page::{PageError, STYLE as PAGE_STYLE};
pub use sign::{
    ALLOWED_SIGNERS, COVERAGE_PROOF, HOWTO_TXT, KEYS_NOTE, NOTICE_NOTE, NOTICE_TXT, POLICY, REVOKED_KEYS, SignError,
    VERIFY_HTML, VERIFY_PAGE, publish, sign,
};
pub use site::{
    EDITION_JSON, Edition, FILE_MAX_BYTES, FILES_MAX, Found, HeldSite, KIT_PATH, SiteError, at_rest, is_first_of_row,
    put_proof, read_proof, read_site, read_site_of, refuse_stopped, remove_proof, stated_files, survey, write_site,
};
pub use statement::{STATEMENT_MAX_BYTES, StatementError, StatementProblem};
