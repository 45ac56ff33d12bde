//! Notices: the page that visitors see, and the signed manifest that binds it to names, an order and a time.

mod site;

pub use site::{Edition, KIT_PATH};
