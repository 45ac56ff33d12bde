//! Somebody at the keyboard, who reads what was asked and answers it.

use std::io::{self, BufRead, Read};

use crate::desk::Printed;

/// The answer to a question that has three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Yes,
    No,
    Later,
}

/// Makes up the person's mind about the question, which is everything said since the last answer.
pub type Decide<'d> = &'d mut dyn FnMut(&str) -> Word;

/// Who answers.
pub const NAME: &str = "Ada Example";

/// Reads from the messages, types into the input.
pub struct Person<'d> {
    messages: Printed,
    heard: usize,
    decide: Decide<'d>,
    typed: Vec<u8>,
}

impl<'d> Person<'d> {
    pub fn new(messages: Printed, decide: Decide<'d>) -> Self {
        Self { messages, heard: 0, decide, typed: Vec::new() }
    }

    fn answer(&mut self) -> &'static str {
        let said = self.messages.text();
        let question = &said[self.heard..];
        self.heard = said.len();
        if question.ends_with("Who confirms it?\n") || question.ends_with("Who says so?\n") {
            return NAME;
        }
        if question.ends_with("Why?\n") {
            return "not as agreed";
        }
        assert!(question.ends_with("[yes/no/later]\n"), "what shall I say to this?\n{question}");
        match (self.decide)(question) {
            Word::Yes => "yes",
            Word::No => "no",
            Word::Later => "later",
        }
    }
}

impl BufRead for Person<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.typed.is_empty() {
            self.typed = format!("{}\n", self.answer()).into_bytes();
        }
        Ok(&self.typed)
    }

    fn consume(&mut self, octets: usize) {
        self.typed.drain(..octets);
    }
}

impl Read for Person<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let octets = self.fill_buf()?.read(into)?;
        self.consume(octets);
        Ok(octets)
    }
}
