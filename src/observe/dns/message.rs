//! One question as octets, and whether some octets are the answer to it.

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name};

use super::{DnsAnswer, DnsQuery};
use crate::observe::{Transport, Unknown};

/// The largest datagram that we ask for: it crosses every network unfragmented (RFC 9715 section 3, DNS flag day 2020).
pub(super) const UDP_PAYLOAD_BYTES: u16 = 1232;

/// One question in flight: its identifier and the exact spelling of its name, which an answer must repeat.
pub(super) struct Asked {
    pub(super) octets: Vec<u8>,
    id: u16,
    question: Query,
}

/// What some octets are to a question.
pub(super) enum Reply {
    /// Its answer.
    Answer(Message),
    /// Its answer, cut short (RFC 1035 section 4.1.1, TC).
    Truncated,
    /// An answer to this very question except for the case of letters: a server that folds case, or a guess that got far.
    OtherCase,
    /// An answer with another identifier or to another question.
    Stray,
    /// No DNS message.
    Garbage(String),
}

impl Asked {
    /// The question with a fresh identifier and a fresh spelling.
    ///
    /// Random case ("0x20") adds a bit for each letter to what somebody who forges an answer has to guess.
    pub(super) fn new(query: &DnsQuery) -> Result<Self, Unknown> {
        let unwritable = |why: String| Unknown::Garbage { why: format!("the question cannot be written: {why}") };
        let mut name = Name::from_ascii(query.name.as_str()).map_err(|error| unwritable(error.to_string()))?;
        name.set_fqdn(true);
        name.randomize_label_case();
        let mut message = Message::query();
        message.metadata.recursion_desired = query.recursion_desired;
        let question = Query::query(name, query.record_type.to_wire());
        message.add_query(question.clone());
        let mut edns = Edns::new();
        edns.set_max_payload(UDP_PAYLOAD_BYTES);
        message.set_edns(edns);
        let octets = message.to_vec().map_err(|error| unwritable(error.to_string()))?;
        Ok(Self { octets, id: message.metadata.id, question })
    }

    /// What `octets` are to this question (RFC 5452 section 9.1: identifier, name, type, class; the socket checks the peer).
    /// Over TCP the handshake has proved the peer, so the spelling proves nothing more.
    pub(super) fn judge(&self, octets: &[u8], transport: Transport) -> Reply {
        let message = match Message::from_vec(octets) {
            Ok(message) => message,
            Err(_) if self.is_cut(octets) => return Reply::Truncated,
            Err(error) => return Reply::Garbage(error.to_string()),
        };
        let head = &message.metadata;
        if head.message_type != MessageType::Response || head.op_code != OpCode::Query || head.id != self.id {
            return Reply::Stray;
        }
        match self.is_asked_in(&message) {
            None => Reply::Stray,
            Some(Spelling::Other) if transport == Transport::Udp => Reply::OtherCase,
            Some(_) if head.truncation => Reply::Truncated,
            Some(_) => Reply::Answer(message),
        }
    }

    /// Some servers cut within a record, and the rest cannot be read. The head tells: identifier, QR and TC. Whoever
    /// forges that only makes us ask over TCP.
    fn is_cut(&self, octets: &[u8]) -> bool {
        const QR_AND_TC: u8 = 0b1000_0010;
        let [high, low, flags, ..] = octets else { return false };
        u16::from_be_bytes([*high, *low]) == self.id && flags & QR_AND_TC == QR_AND_TC
    }

    fn is_asked_in(&self, message: &Message) -> Option<Spelling> {
        let [question] = message.queries.as_slice() else {
            // Some servers leave the question out when they cannot or will not serve it; the identifier and the socket
            // stand for it then, and such an answer says nothing but that.
            let says_nothing =
                !matches!(message.metadata.response_code, ResponseCode::NoError | ResponseCode::NXDomain);
            return (message.queries.is_empty() && says_nothing).then_some(Spelling::Same);
        };
        if question.query_type() != self.question.query_type() || question.query_class() != DNSClass::IN {
            return None;
        }
        if question.name().eq_case(self.question.name()) {
            Some(Spelling::Same)
        } else {
            (question.name() == self.question.name()).then_some(Spelling::Other)
        }
    }
}

enum Spelling {
    Same,
    Other,
}

/// What an answer says, or why it says nothing.
pub(super) fn read(query: &DnsQuery, message: &Message) -> Result<DnsAnswer, Unknown> {
    match message.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => {
            Ok(DnsAnswer::from_wire(&query.name, query.record_type, message))
        }
        failure => Err(Unknown::ServerFailure { rcode: failure.into() }),
    }
}
