//! The hands of a rehearsal.

use std::time::Duration;

use crate::authority::Subject;
use crate::cli::Env;
use crate::cli::proofs::Proofs;
use crate::notice::Edition;
use crate::operate::{Answer, Hands, Instruction, Question, Reply};
use crate::playbook::Means;
use crate::rehearse::{self, RegistryRefusal, World, WorldError};
use crate::serve::Splash;

/// How long a registry takes from the instruction to the zone.
const REGISTRY_DELAY: Duration = Duration::from_secs(300);

/// The hands of a rehearsal: simulated registries, hosters and approvers, and the real splash server.
pub(super) struct Simulated<'s, 'e, 'a> {
    pub(super) world: &'s World,
    pub(super) splash: &'s Splash,
    pub(super) proofs: &'s Proofs,
    pub(super) env: &'e mut Env<'a>,
}

/// Why the simulated world did not do as it was told.
#[derive(Debug, thiserror::Error)]
enum Unwilling {
    #[error(transparent)]
    Registry(#[from] RegistryRefusal),
    #[error(transparent)]
    World(#[from] WorldError),
    #[error("the playbook has no sinkhole `{0}`")]
    NoSinkhole(crate::playbook::Id),
    #[error("{0} is not a subject of this action")]
    Subject(Subject),
}

impl Simulated<'_, '_, '_> {
    async fn act(&self, instruction: Instruction<'_>, subject: &Subject) -> Result<(), Unwilling> {
        let playbook = instruction.playbook;
        let to = |servers: &[crate::playbook::NameServer]| servers.iter().map(|server| server.name.clone()).collect();
        match (&instruction.task.means, subject) {
            (Means::Redirect { .. }, Subject::Name(name)) => {
                self.world.activate_zone(name)?;
                let name_servers = to(&playbook.name_servers);
                self.registry(rehearse::Instruction::Redirect { name: name.clone(), name_servers, remove_ds: true })
            }
            (Means::Suspend, Subject::Name(name)) => {
                self.registry(rehearse::Instruction::Suspend { name: name.clone() })
            }
            (Means::Sinkhole { sinkhole }, Subject::Name(name)) => {
                let found = playbook.sinkhole(sinkhole).ok_or_else(|| Unwilling::NoSinkhole(sinkhole.clone()))?;
                let name_servers = to(&found.name_servers);
                self.registry(rehearse::Instruction::Sinkhole { name: name.clone(), name_servers })
            }
            (Means::Block, Subject::Name(name)) => self.registry(rehearse::Instruction::Block { name: name.clone() }),
            (Means::Host { addresses, .. }, Subject::Name(_)) => {
                Ok(addresses.iter().try_for_each(|address| self.world.hand_over(*address))?)
            }
            (Means::Offline, Subject::Server(address)) => Ok(self.world.take_offline(*address).await?),
            // The service's key is held, and the notice hosts answer for it already.
            (Means::Onion { .. }, Subject::Onion(_)) => Ok(()),
            (_, other) => Err(Unwilling::Subject(other.clone())),
        }
    }

    fn registry(&self, told: rehearse::Instruction) -> Result<(), Unwilling> {
        self.world.registry_act(&told, REGISTRY_DELAY)?;
        Ok(())
    }
}

/// Who answers in a rehearsal.
const SIMULATED: &str = "the simulated recipient";

impl Hands for Simulated<'_, '_, '_> {
    async fn instruct(&mut self, instruction: Instruction<'_>) -> Reply {
        for subject in &instruction.task.subjects {
            if let Err(unwilling) = self.act(instruction, subject).await {
                return Reply::Declined { by: SIMULATED.to_owned(), why: unwilling.to_string() };
            }
        }
        Reply::Accepted { by: SIMULATED.to_owned() }
    }

    async fn publish(&mut self, editions: &[Edition]) -> Reply {
        let mut editions = editions.to_vec();
        if let Err(failure) = self.proofs.put_soon(&mut editions, self.env).await {
            self.env.say(failure.to_string());
        }
        match self.splash.replace(&editions) {
            Ok(()) => Reply::Accepted { by: "the splash server".to_owned() },
            Err(error) => Reply::Declined { by: "the splash server".to_owned(), why: error.to_string() },
        }
    }

    async fn ask(&mut self, question: &Question<'_>) -> Answer {
        let by = question.role.map_or("a simulated person".to_owned(), |role| format!("a simulated `{role}`"));
        Answer::Yes { by }
    }

    fn tell(&mut self, line: &str) {
        self.env.say(line);
    }
}
