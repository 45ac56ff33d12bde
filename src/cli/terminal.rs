//! A person at the keyboard, as the hands of a run.

use super::Env;
use super::proofs::Proofs;
use crate::notice::Edition;
use crate::operate::{Answer, Hands, Instruction, Question, Reply};

/// Prints instructions and questions, reads the answers. Where nobody sits at the input, every answer is "later".
pub(super) struct Terminal<'e, 'a> {
    pub(super) env: &'e mut Env<'a>,
    /// Where the proofs go that the notices are in the log, before a person puts the notices up.
    pub(super) proofs: &'e Proofs,
}

/// What was typed.
enum Typed {
    Yes,
    No,
    Later,
}

impl Terminal<'_, '_> {
    /// Asks until the answer is one of three.
    fn choose(&mut self, question: &str) -> Typed {
        loop {
            self.env.say(format!("{question} [yes/no/later]"));
            match self.line().as_deref() {
                Some("yes") => return Typed::Yes,
                Some("no") => return Typed::No,
                Some("later") | None => return Typed::Later,
                Some(_) => self.env.say("please type one of the three words"),
            }
        }
    }

    /// A line that was typed, trimmed; `None` at the end of the input or where nobody types.
    fn line(&mut self) -> Option<String> {
        /// A name or a reason; what is longer is cut.
        const CHARS_MAX: usize = 500;
        if !self.env.interactive {
            return None;
        }
        let mut line = String::new();
        match self.env.input.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim().chars().take(CHARS_MAX).collect()),
        }
    }

    /// Asks until something is typed.
    fn tell_me(&mut self, what: &str) -> Option<String> {
        loop {
            self.env.say(what);
            match self.line() {
                Some(line) if line.is_empty() => {}
                other => return other,
            }
        }
    }

    fn reply(&mut self, question: &str) -> Reply {
        match self.choose(question) {
            Typed::Yes => match self.tell_me("Who confirms it?") {
                Some(by) => Reply::Accepted { by },
                None => Reply::Later,
            },
            Typed::No => match (self.tell_me("Who says so?"), self.tell_me("Why?")) {
                (Some(by), Some(why)) => Reply::Declined { by, why },
                _ => Reply::Later,
            },
            Typed::Later => Reply::Later,
        }
    }
}

impl Hands for Terminal<'_, '_> {
    async fn instruct(&mut self, instruction: Instruction<'_>) -> Reply {
        self.env.say(format!("\nINSTRUCTION  {}", instruction.text().replace('\n', "\n  ")));
        self.reply("Was it given, and accepted?")
    }

    async fn publish(&mut self, editions: &[Edition]) -> Reply {
        // A notice without its proof is better than none: it is told, and the proof can be put there later.
        if let Err(failure) = self.proofs.put_soon(&mut editions.to_vec(), self.env).await {
            self.env.say(failure.to_string());
        }
        let ids: Vec<&str> = editions.iter().map(|edition| edition.id.as_str()).collect();
        self.env.say(format!("\nPUBLISH  have every notice host serve {}", ids.join(", ")));
        self.reply("Is it up?")
    }

    async fn ask(&mut self, question: &Question<'_>) -> Answer {
        let role = question.role.map(|role| format!("for the role `{role}`: ")).unwrap_or_default();
        match self.reply(&format!("\n{role}{}", question.text)) {
            Reply::Accepted { by } => Answer::Yes { by },
            Reply::Declined { by, why } => Answer::No { by, why },
            Reply::Later => Answer::Later,
        }
    }

    fn tell(&mut self, line: &str) {
        self.env.say(line);
    }
}
