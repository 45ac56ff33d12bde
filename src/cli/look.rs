//! What several commands look with, and the looks at all targets.

use std::path::Path;
use std::sync::Arc;

use super::exit::OrFail;
use super::progress::Progress;
use super::{Env, Exit, Failure};
use crate::check::{Eyes, Look, looks, portions};
use crate::observe::{Network, RESOLV_CONF, resolvers_from};
use crate::playbook::{Playbook, Target};

/// The network that was handed in, or this machine's own with the resolvers of the playbook or of the machine.
pub(super) fn eyes(playbook: &Playbook, env: &Env<'_>) -> Result<Eyes, Failure> {
    let network = match &env.network {
        Some(network) => network.clone(),
        None if playbook.resolvers.is_empty() => machine()?,
        None => Network::system(&playbook.resolvers),
    };
    Ok(Eyes::new(network, Arc::clone(&env.clock)))
}

/// This machine's network with its own resolvers.
pub(super) fn machine() -> Result<Network, Failure> {
    let resolvers = resolvers_from(Path::new(RESOLV_CONF)).or_fail(Exit::Environment)?;
    Ok(Network::system(&resolvers))
}

/// Looks at every target, several at once, and tells how it goes.
pub(super) async fn at_all(playbook: &Playbook, eyes: &Eyes, env: &mut Env<'_>) -> Vec<(Target, Look)> {
    let progress = Progress::start(env, "looking at the targets", playbook.target_count());
    let mut seen = Vec::with_capacity(playbook.target_count());
    for some in portions(playbook.all_targets()) {
        let looks = looks(eyes, playbook, &some).await;
        progress.advance(some.len());
        seen.extend(some.into_iter().zip(looks));
    }
    seen
}
