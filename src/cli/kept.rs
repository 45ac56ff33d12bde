//! The world of a rehearsal, left standing: where its parts are, and commands to look at them with.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use super::table::table;
use crate::authority::Subject;
use crate::clock::UtcTime;
use crate::domain::{DomainName, OnionName};
use crate::observe::DNS_PORT;
use crate::playbook::{Means, Playbook};
use crate::rehearse::Mapping;

/// Where everything is, with the commands; `now` is the moment at which the world stands, and `output` where the rehearsal
/// has left its files.
pub(super) fn kept(playbook: &Playbook, addresses: &[Mapping], now: UtcTime, output: &Path, columns: usize) -> String {
    let mut text = format!("\n{}", table(["WHAT", "OVER", "IN THE WORLD", "HERE"], &rows(addresses), columns));
    let _ = write!(text, "\nThe world stands at {now} and stays up until Ctrl-C.");
    let commands = Sights { playbook, addresses, now, output }.commands();
    if !commands.is_empty() {
        text.push_str(" Look at it from another terminal:\n");
    }
    for (what, command) in commands {
        let _ = write!(text, "\n  # {what}\n  {command}\n");
    }
    text.push('\n');
    text
}

/// One row an address; the two ways to ask a name server share one.
fn rows(addresses: &[Mapping]) -> Vec<[String; 4]> {
    let mut rows: Vec<[String; 4]> = Vec::new();
    for one in addresses {
        let (world, local) = (one.world.to_string(), one.local.to_string());
        match rows.last_mut() {
            Some([role, over, at, here]) if *role == one.role && *at == world && *here == local => {
                *over = format!("{over}+{}", one.protocol);
            }
            _ => rows.push([one.role.clone(), one.protocol.to_string(), world, local]),
        }
    }
    rows
}

/// What the commands are about.
struct Sights<'s> {
    playbook: &'s Playbook,
    addresses: &'s [Mapping],
    now: UtcTime,
    output: &'s Path,
}

/// What a command shows, and the command.
type Sight = (&'static str, String);

impl Sights<'_> {
    fn commands(&self) -> Vec<Sight> {
        let redirected = self.first_name(|means| matches!(means, Means::Redirect { .. }));
        let suspended = self.first_name(|means| matches!(means, Means::Suspend));
        let shown = redirected.or_else(|| self.first_name(|means| matches!(means, Means::Host { .. })));
        let mut commands: Vec<Sight> = Vec::new();
        commands.extend(redirected.into_iter().flat_map(|name| self.of_delegation(name)));
        commands.extend(suspended.and_then(|name| {
            let at = self.parent(name)?;
            Some(("a suspended name is gone", dig(at, name, "A")))
        }));
        commands.extend(shown.into_iter().flat_map(|name| self.of_notice(name)));
        commands.extend(self.onion().and_then(|onion| self.of_onion(onion)));
        commands
    }

    /// The first name that is dealt with in this way.
    fn first_name(&self, wanted: impl Fn(&Means) -> bool) -> Option<&DomainName> {
        self.playbook.targets.iter().find_map(|target| match &target.subject {
            Subject::Name(name) if wanted(&target.means) => Some(name),
            _ => None,
        })
    }

    fn onion(&self) -> Option<&OnionName> {
        self.playbook.targets.iter().find_map(|target| match &target.subject {
            Subject::Onion(onion) => Some(onion),
            _ => None,
        })
    }

    /// The loopback port of the name server at an address of the world.
    fn name_server(&self, address: IpAddr) -> Option<SocketAddr> {
        let world = SocketAddr::new(address, DNS_PORT);
        self.addresses.iter().find(|one| one.world == world).map(|one| one.local)
    }

    /// A name server of the registry in whose zone the name is delegated.
    fn parent(&self, name: &DomainName) -> Option<SocketAddr> {
        let above = self.playbook.registries.iter().filter(|registry| name.is_within(&registry.zone));
        let nearest = above.max_by_key(|registry| registry.zone.as_str().len())?;
        self.name_server(*nearest.name_servers.first()?)
    }

    fn of_delegation(&self, name: &DomainName) -> Vec<Sight> {
        let seizure = self.playbook.name_servers.first().and_then(|server| server.addresses.first());
        let resolver = self.addresses.iter().find(|one| one.role == "resolver").map(|one| one.local);
        [
            ("whom the registry names", self.parent(name).map(|at| dig(at, name, "NS"))),
            ("what those say", seizure.and_then(|at| self.name_server(*at)).map(|at| dig(at, name, "A"))),
            ("what a resolver says, which keeps answers for a while", resolver.map(|at| dig(at, name, "A"))),
        ]
        .into_iter()
        .filter_map(|(what, command)| Some((what, command?)))
        .collect()
    }

    fn of_notice(&self, name: &DomainName) -> Vec<Sight> {
        let Some(at) = self.addresses.iter().find(|one| one.role == "notice host" && one.world.port() == 443) else {
            return Vec::new();
        };
        let (at, now) = (at.local, self.now);
        let (ca, policy, profile) = (self.file("keys/ca.pem"), self.file("keys/policy"), self.file("chromium"));
        let log = self.file("keys/log.policy");
        let language = self.playbook.notices.first().map_or("en", |notice| notice.default_language.as_str());
        let curl =
            format!("curl --cacert {ca} --connect-to {name}:443:{at} -H 'Accept-Language: {language}' https://{name}/");
        let openssl = format!("openssl s_client -brief -connect {at} -servername {name} -CAfile {ca} < /dev/null");
        let chromium = format!(
            "chromium --user-data-dir={profile} --ignore-certificate-errors --host-resolver-rules='MAP {name} {at}' \
             https://{name}/"
        );
        let verify =
            format!("impound verify https://{name}/ --connect {at} --ca {ca} --keys {policy} --log {log} --at {now}");
        vec![
            ("the notice, in the visitor's language", curl),
            ("the certificate", openssl),
            ("the page in a browser, with a profile of its own", chromium),
            ("is it real?", verify),
        ]
    }

    fn of_onion(&self, onion: &OnionName) -> Option<Sight> {
        let at = self.addresses.iter().find(|one| one.role == "onion service")?.local;
        Some(("an onion service, as tor hands its visitors on", format!("curl -H 'Host: {onion}' http://{at}/")))
    }

    /// A file of the rehearsal as a word for the shell.
    fn file(&self, name: &str) -> String {
        shell_word(&self.output.join(name).display().to_string())
    }
}

fn dig(at: SocketAddr, name: &DomainName, kind: &str) -> String {
    format!("dig @{} -p {} {name} {kind}", at.ip(), at.port())
}

/// The text as one word of a POSIX shell, in quotes only where it needs them.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::Protocol;

    #[test]
    fn a_path_is_one_word_of_the_shell_whatever_it_holds() {
        for (text, word) in [
            ("/tmp/a-1/x.pem", "/tmp/a-1/x.pem"),
            ("/tmp/a b", "'/tmp/a b'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("$x", "'$x'"),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }

    #[test]
    fn an_address_asked_over_udp_and_tcp_has_one_row() {
        let one = |protocol, role: &str, port| Mapping {
            world: "192.0.2.1:53".parse().unwrap(),
            protocol,
            role: role.to_owned(),
            local: SocketAddr::from(([127, 0, 0, 1], port)),
        };
        let both = rows(&[one(Protocol::Udp, "root", 4000), one(Protocol::Tcp, "root", 4000)]);
        assert_eq!(both, [["root", "UDP+TCP", "192.0.2.1:53", "127.0.0.1:4000"].map(str::to_owned)]);
        assert_eq!(rows(&[one(Protocol::Udp, "root", 4000), one(Protocol::Tcp, "root", 4001)]).len(), 2);
    }
}
