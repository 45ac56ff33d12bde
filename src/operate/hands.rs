//! The hands: whatever changes the world, or asks a person to.

use std::future::Future;

use crate::conduct::Task;
use crate::notice::Edition;
use crate::playbook::{Id, Playbook};

/// One instruction, ready to be given.
#[derive(Debug, Clone, Copy)]
pub struct Instruction<'a> {
    /// What is done to whom under which order.
    pub task: &'a Task,
    /// The operation, for whatever else its recipient must be told.
    pub playbook: &'a Playbook,
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
