//! The hands: whatever changes the world, or asks a person to.

use std::collections::BTreeSet;
use std::future::Future;

use crate::authority::{Action, Subject};
use crate::conduct::Task;
use crate::notice::Edition;
use crate::playbook::{Id, Means, NameServer, Playbook};

/// One instruction, ready to be given.
#[derive(Debug, Clone, Copy)]
pub struct Instruction<'a> {
    /// What is done to whom under which order.
    pub task: &'a Task,
    /// The operation, for whatever else its recipient must be told.
    pub playbook: &'a Playbook,
}

impl Instruction<'_> {
    /// What its recipient is told, one thing a line.
    pub fn text(&self) -> String {
        let (task, playbook) = (self.task, self.playbook);
        let mut lines = vec![format!("{} {}", task.means.action(), task.key.0)];
        if let Some(order) = playbook.order(&task.order) {
            lines.push(format!("order  {}: {}, {}", order.id, order.issuer, order.reference));
        }
        lines.extend(recipients(playbook, task).map(|recipient| format!("to     {recipient}")));
        lines.push(format!("do     {}", what_to_do(playbook, &task.means)));
        lines.join("\n")
    }
}

/// The registries of the task's names, each once. A server or an onion service has none: its recipient is on the order.
fn recipients(playbook: &Playbook, task: &Task) -> impl Iterator<Item = String> {
    let names = task.subjects.iter().filter_map(|subject| match subject {
        Subject::Name(name) => Some(name),
        Subject::Onion(_) | Subject::Server(_) => None,
    });
    let through_registry = task.means.action() != Action::Host;
    let registries = names.filter(|_| through_registry).filter_map(|name| playbook.registry_of(name));
    let told = registries.map(|registry| match &registry.email {
        Some(email) => format!("{} <{email}>, for .{}", registry.name, registry.zone),
        None => format!("{}, for .{}", registry.name, registry.zone),
    });
    told.collect::<BTreeSet<_>>().into_iter()
}

fn what_to_do(playbook: &Playbook, means: &Means) -> String {
    match means {
        Means::Redirect { .. } => {
            format!(
                "remove the DS records, then delegate to {} and nothing else; lock",
                servers(&playbook.name_servers)
            )
        }
        Means::Sinkhole { sinkhole } => {
            let servers =
                playbook.sinkhole(sinkhole).map(|sinkhole| servers(&sinkhole.name_servers)).unwrap_or_default();
            format!("remove the DS records, then delegate to {servers} and nothing else; lock")
        }
        Means::Suspend => "put the name on hold (serverHold); lock".to_owned(),
        Means::Block => "reserve the name, so that nobody can register it".to_owned(),
        Means::Host { addresses, .. } => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            format!("serve the signed site at {}", addresses.join(", "))
        }
        Means::Offline => "take the server off the net and keep it as it is".to_owned(),
        Means::Onion { .. } => "put the signed site behind the onion service whose key is held".to_owned(),
    }
}

fn servers(servers: &[NameServer]) -> String {
    servers.iter().map(|server| server.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// What the recipient of an instruction said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It will be, or was, carried out.
    Accepted {
        /// Who said so.
        by: String,
    },
    /// It will not be carried out.
    Declined {
        /// Who said so.
        by: String,
        /// Why.
        why: String,
    },
    /// It has not been given; the operation stops here and can be resumed.
    Later,
}

/// A question to a person.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// In which role; `None`: whoever is at the keyboard.
    pub role: Option<&'a Id>,
    /// The question, to be answered with yes or no.
    pub text: String,
}

/// What the person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes {
        /// Who.
        by: String,
    },
    /// No.
    No {
        /// Who.
        by: String,
        /// Why.
        why: String,
    },
    /// Nobody is there to answer; the operation stops here and can be resumed.
    Later,
}

/// Changes the world, or asks a person to.
pub trait Hands {
    /// Gives an instruction to its recipient: a registry, a registrar, a hoster, a partner.
    fn instruct(&mut self, instruction: Instruction<'_>) -> impl Future<Output = Reply>;

    /// Puts these editions on the notice hosts, in place of what they served.
    fn publish(&mut self, editions: &[Edition]) -> impl Future<Output = Reply>;

    /// Asks a person.
    fn ask(&mut self, question: &Question<'_>) -> impl Future<Output = Answer>;

    /// Tells a person how it goes.
    fn tell(&mut self, line: &str);
}
