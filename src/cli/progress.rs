//! Progress for people: a bar on a terminal, plain lines otherwise, and always on the side of the messages.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Env;

/// The progress of something with a known number of parts.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Starts at zero of `parts`. Draws nothing where nobody watches.
    pub(super) fn start(env: &mut Env<'_>, what: &'static str, parts: usize) -> Self {
        let target =
            if env.interactive && env.colour { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        if target.is_hidden() {
            env.say(format!("{what}: {parts}"));
        }
        let bar = ProgressBar::with_draw_target(Some(u64::try_from(parts).unwrap_or(u64::MAX)), target);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// So many more parts are done.
    pub(super) fn advance(&self, parts: usize) {
        self.bar.inc(u64::try_from(parts).unwrap_or(u64::MAX));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
