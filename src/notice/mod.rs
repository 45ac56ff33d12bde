//! Notices: the page that visitors see, and the signed manifest that binds it to names, an order and a time.

mod manifest;
mod site;

pub use manifest::{MANIFEST_MAX_BYTES, Manifest, ManifestError, ManifestProblem, NoticeId};
pub use site::{Edition, KIT_PATH};
