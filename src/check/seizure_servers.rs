//! Name servers by which public detectors recognise a name as seized or sinkholed already.

use crate::domain::DomainName;

/// A zone or host that stands for an operator of seizures.
pub(super) struct SeizureServer {
    /// The name itself, or a zone that holds its name servers.
    zone: &'static str,
    /// Who runs it.
    pub(super) operator: &'static str,
    /// Whether others use the same servers for ordinary names, so that they prove little.
    pub(super) shared: bool,
}

/// Each was seen in public detectors or reports of seizures. Additions need a public source.
const KNOWN: [SeizureServer; 9] = [
    SeizureServer { zone: "seized.gov", operator: "an agency of the United States", shared: false },
    SeizureServer { zone: "seizedservers.com", operator: "ICE/HSI, IPR Center", shared: false },
    SeizureServer { zone: "usssdomainseizure.com", operator: "US Secret Service", shared: false },
    // Lost by the FBI in 2015 and abused since, so a name there is in nobody's lawful hands for certain.
    SeizureServer { zone: "cirfu.net", operator: "formerly the FBI, lost in 2015", shared: true },
    SeizureServer { zone: "jocelyn.ns.cloudflare.com", operator: "perhaps the FBI", shared: true },
    SeizureServer { zone: "plato.ns.cloudflare.com", operator: "perhaps the FBI", shared: true },
    SeizureServer { zone: "microsoftinternetsafety.net", operator: "Microsoft Digital Crimes Unit", shared: false },
    SeizureServer { zone: "sinkhole.shadowserver.org", operator: "Shadowserver", shared: false },
    SeizureServer { zone: "conficker-sinkhole.com", operator: "the Conficker Working Group", shared: false },
];

/// The operator that a name server is known for.
pub(super) fn known(server: &DomainName) -> Option<&'static SeizureServer> {
    KNOWN.iter().find(|known| DomainName::parse(known.zone).is_ok_and(|zone| server.is_within(&zone)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_known_by_their_zone() {
        let operator = |text: &str| known(&text.parse().unwrap()).map(|known| (known.operator, known.shared));
        assert_eq!(operator("ns1.fbi.seized.gov"), Some(("an agency of the United States", false)));
        assert_eq!(operator("ns2.seizedservers.com"), Some(("ICE/HSI, IPR Center", false)));
        assert_eq!(operator("plato.ns.cloudflare.com"), Some(("perhaps the FBI", true)));
        assert_eq!(operator("anna.ns.cloudflare.com"), None);
        assert_eq!(operator("ns1.notseized.gov"), None);
        assert!(KNOWN.iter().all(|known| DomainName::parse(known.zone).is_ok()));
    }
}
