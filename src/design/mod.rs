//! What an agency brings of its own design to a notice: its seal, colours, a page of its own making.
//!
//! Everything here is a function of bytes: [`Seal`] and [`faults`] say what a browser could be made to do by a picture or a
//! page, and refuse it; [`Theme`] says whether everyone can read what is written in its colours. What is refused here would
//! mostly not run either, because the server's policy forbids it; so it is told before the hour and not found after it.

mod own_page;
mod png;
mod seal;
mod svg;
mod theme;

pub use own_page::{Fault, FaultKind, OWN_PAGE_MAX_BYTES, faults, said};
pub use png::PngError;
pub use seal::{SEAL_MAX_BYTES, Seal, SealError};
pub use svg::SvgError;
pub use theme::{Colour, ColourError, Paint, Partners, Scheme, TEXT_RATIO, Theme, TooFaint};
