//! What was seen of a target in a few words: whole for the record, cut for a column of a table.

use std::collections::BTreeSet;

use super::parent::listed;
use super::{Addresses, Look, Parent, Standing};
use crate::authority::Action;
use crate::observe::{PortState, RecordName};
use crate::playbook::Target;

/// The width of the column, in characters.
const CHARS: usize = 34;

/// The longest state that is recorded, in characters. Thirteen name servers with long names fit; an entry of the log has room
/// for it several times.
const WHOLE_CHARS: usize = 1000;

/// What was seen, in about 34 characters: `NS ns1.old-hosting.test +1`, `NXDOMAIN, server hold`, `203.0.113.80
/// answers`.
pub fn state_line(target: &Target, look: &Look) -> String {
    shortened(&state(target, look, Room::Column), CHARS)
}

/// The same with every name server and every address: `NS ns1.old-hosting.test, ns2.old-hosting.test`. At most
/// 1,000 characters; what is cut ends in `…`.
pub fn state_in_full(target: &Target, look: &Look) -> String {
    shortened(&state(target, look, Room::Whole), WHOLE_CHARS)
}

/// How much is told of a list of servers or addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// The first, and how many more.
    Column,
    /// All.
    Whole,
}

fn state(target: &Target, look: &Look, room: Room) -> String {
    match target.means.action() {
        Action::Redirect | Action::Suspend | Action::Sinkhole | Action::Block => of_name(look, room),
        Action::Host => of_host(look, room),
        Action::Offline => of_port(look),
        Action::Onion => "key held".to_owned(),
    }
}

/// Whether anything could be found out about how the target stands. Nothing is asked about an onion service, so nothing is
/// found out.
pub fn is_state_known(target: &Target, look: &Look) -> bool {
    match target.means.action() {
        Action::Redirect | Action::Suspend | Action::Sinkhole | Action::Block => {
            !matches!(look.parent(), Parent::Unknown(_))
        }
        Action::Host => !matches!(look.addresses(), Addresses::Unknown(_)),
        Action::Offline => look.answers.knocks.first().is_some_and(|knock| knock.outcome.is_ok()),
        Action::Onion => false,
    }
}

fn of_name(look: &Look, room: Room) -> String {
    let hold = look.holds();
    match look.parent() {
        Parent::Agreed(Standing::Delegated(servers)) if room == Room::Whole && !servers.is_empty() => {
            format!("NS {}", listed(servers.iter().map(RecordName::as_str), ", "))
        }
        Parent::Agreed(Standing::Delegated(servers)) => delegated(&servers),
        Parent::Agreed(Standing::NotDelegated) => format!("not delegated{hold}"),
        Parent::Agreed(Standing::NxDomain) => format!("NXDOMAIN{hold}"),
        Parent::Differ(_) => "parent servers differ".to_owned(),
        Parent::Unknown(why) => format!("unknown: {}", why.code()),
    }
}

/// The first server, and how many more; the name gives way to the number.
fn delegated(servers: &BTreeSet<RecordName>) -> String {
    let more = match servers.len() {
        0 | 1 => String::new(),
        all => format!(" +{}", all - 1),
    };
    let first = servers.first().map_or("none", RecordName::as_str);
    format!("NS {}{more}", shortened(first, CHARS - "NS ".len() - more.len()))
}

impl Look {
    fn holds(&self) -> String {
        let Some(Ok(crate::observe::Registration::Registered(domain))) = self.registration() else {
            return String::new();
        };
        let hold = ["server hold", "client hold"].into_iter().find(|hold| domain.has_status(hold));
        hold.map(|hold| format!(", {hold}")).unwrap_or_default()
    }
}

fn of_host(look: &Look, room: Room) -> String {
    match look.addresses() {
        Addresses::Unknown(why) => format!("unknown: {}", why.code()),
        Addresses::None => "no address".to_owned(),
        Addresses::Known(addresses) => {
            let first = addresses.first().map(ToString::to_string).unwrap_or_default();
            let told = match (room, addresses.len()) {
                (_, 0 | 1) => first,
                (Room::Column, all) => format!("{first} +{}", all - 1),
                (Room::Whole, _) => listed(&addresses, ", "),
            };
            let open = look.answers.knocks.iter().any(|knock| knock.outcome == Ok(PortState::Open));
            format!("{told}{}", if open { " answers" } else { "" })
        }
    }
}

fn of_port(look: &Look) -> String {
    let Some(knock) = look.answers.knocks.first() else { return "unknown".to_owned() };
    match &knock.outcome {
        Ok(PortState::Open) => {
            format!("{} answers", knock.asked.map(|address| address.to_string()).unwrap_or_default())
        }
        Ok(PortState::Closed) => "port closed".to_owned(),
        Ok(PortState::Silent) => "no answer".to_owned(),
        Err(why) => format!("unknown: {}", why.code()),
    }
}

fn shortened(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, Sketch, timeout};
    use super::*;
    use crate::observe::RecordType;

    #[test]
    fn the_state_fits_its_column() {
        let name = || Sketch::new("shop.example");
        let redirect = testing::redirect("shop.example");
        let host = testing::host("shop.example", &["203.0.113.80"]);
        let offline = testing::offline("203.0.113.80:80");
        let long = "ns1.a-very-long-name-of-a-hosting-company.test";
        let cases = [
            (
                &redirect,
                name().delegated("192.0.2.10", &["ns1.old-hosting.test", "ns2.old-hosting.test"]),
                "NS ns1.old-hosting.test +1",
            ),
            (&redirect, name().delegated("192.0.2.10", &[long]), "NS ns1.a-very-long-name-of-a-host…"),
            (
                &redirect,
                name().parent_nxdomain("192.0.2.10").registered(&["server hold"], &[]),
                "NXDOMAIN, server hold",
            ),
            (&redirect, name().parent_silent("192.0.2.10"), "unknown: timeout"),
            (&redirect, name().not_delegated("192.0.2.10"), "not delegated"),
            (
                &host,
                name()
                    .resolver("192.0.2.1", RecordType::A, &["203.0.113.80"])
                    .port("203.0.113.80:80", Ok(PortState::Open)),
                "203.0.113.80 answers",
            ),
            (&host, name().resolver_fails("192.0.2.1", RecordType::A, timeout()), "unknown: timeout"),
            (&offline, Sketch::server("203.0.113.80:80").port("203.0.113.80:80", Ok(PortState::Silent)), "no answer"),
            (
                &offline,
                Sketch::server("203.0.113.80:80").port("203.0.113.80:80", Ok(PortState::Open)),
                "203.0.113.80:80 answers",
            ),
        ];
        for (target, sketch, expected) in cases {
            let line = state_line(target, &sketch.look());
            assert_eq!(line, expected);
            assert!(line.chars().count() <= CHARS, "{line}");
        }
        assert_eq!(state_line(&testing::onion(), &Sketch::onion().look()), "key held");
    }

    #[test]
    fn the_record_has_every_server_and_every_address_and_ends_somewhere() {
        let redirect = testing::redirect("shop.example");
        let long = "ns1.a-very-long-name-of-a-hosting-company.test";
        let look = Sketch::new("shop.example").delegated("192.0.2.10", &[long, "ns2.old-hosting.test"]).look();
        assert_eq!(state_in_full(&redirect, &look), format!("NS {long}, ns2.old-hosting.test"));

        let many: Vec<String> = (0..100).map(|n| format!("ns{n:03}.hosting.test")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let state = state_in_full(&redirect, &Sketch::new("shop.example").delegated("192.0.2.10", &many).look());
        assert_eq!(state.chars().count(), WHOLE_CHARS);
        assert!(state.starts_with("NS ns000.hosting.test, ns001") && state.ends_with('…'), "{state}");

        let host = testing::host("shop.example", &["203.0.113.80"]);
        let look = Sketch::new("shop.example").resolver("192.0.2.1", RecordType::A, &["203.0.113.80", "203.0.113.81"]);
        assert_eq!(state_in_full(&host, &look.look()), "203.0.113.80, 203.0.113.81");
    }
}
