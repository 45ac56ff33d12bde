//! The partners' witnesses in a rehearsal: real ones, on loopback, with keys that are gone at the end.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::exit::OrFail;
use super::serve::serve_failure;
use super::{Exit, Failure};
use crate::clock::Clock;
use crate::keyring::{Role, SecretKey};
use crate::observe::{Network, Protocol};
use crate::playbook::Playbook;
use crate::serve::bind;
use crate::signed_note::{NoteSigner, VerifierKey};
use crate::witness::{Witness, serve};

/// The witnesses of a playbook, running.
pub(super) struct Partners {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Partners {
    /// Starts a witness for each that the playbook names, and puts its key and its place on loopback into the playbook, where
    /// those of the real one stand. Their states lie below `dir`.
    pub(super) async fn stand(
        playbook: &mut Playbook,
        log: &VerifierKey,
        (network, clock): (&Network, Arc<dyn Clock>),
        dir: &Path,
    ) -> Result<Self, Failure> {
        let (stop, stopped) = watch::channel(false);
        let mut running = Vec::new();
        for index in 0..playbook.witnesses.len() {
            let Some(agency) = playbook.witnesses.get(index).and_then(|one| playbook.agency(&one.agency)) else {
                continue;
            };
            let name = Role::Witness.key_name(&agency.domain, None).or_fail(Exit::Usage)?;
            let state = dir.join(agency.id.as_str());
            let key = SecretKey::generate(name).or_fail(Exit::Environment)?;
            let verifier = key.verifier().clone();
            let (logs, first) = ([log.clone()], [log.name().clone()]);
            let witness = Witness::open(&state, key, &logs, &first).or_fail(Exit::Environment)?;
            let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.map_err(serve_failure)?;
            let at = listener.local_addr().or_fail(Exit::Environment)?;
            // The address on loopback is its own address in the simulated world.
            network.route(Protocol::Tcp, at, at).or_fail(Exit::Environment)?;
            let (clock, mut stopped) = (Arc::clone(&clock), stopped.clone());
            running.push(tokio::spawn(async move {
                let ended = async move { drop(stopped.wait_for(|stop| *stop).await) };
                serve(Arc::new(witness), clock, listener, ended).await;
            }));
            if let Some(one) = playbook.witnesses.get_mut(index) {
                (one.key, one.url) = (Some(verifier), format!("http://{at}/"));
            }
        }
        Ok(Self { stop, running })
    }

    /// Stops them.
    pub(super) async fn leave(self) {
        self.stop.send_replace(true);
        for one in self.running {
            let _ = one.await;
        }
    }
}
