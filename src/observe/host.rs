//! The addresses of a host that is to be asked something.

use std::net::IpAddr;

use super::dns::{DnsAnswer, DnsClient, DnsQuery, RecordType};
use super::observation::Unknown;
use crate::clock::Clock;
use crate::domain::DomainName;

/// The most addresses of one host that are tried.
const ADDRESSES_MAX: usize = 4;

/// The addresses of a host, from the first resolver that has any.
pub(super) async fn addresses_of(
    dns: &DnsClient,
    clock: &dyn Clock,
    host: &DomainName,
) -> Result<Vec<IpAddr>, Unknown> {
    let mut why = None;
    for resolver in dns.network().resolvers() {
        for record_type in [RecordType::A, RecordType::Aaaa] {
            match dns.query(clock, DnsQuery::to_resolver(*resolver, host, record_type)).await.outcome {
                Ok(answer) => match addresses_in(&answer) {
                    none if none.is_empty() => why = why.or(Some(Unknown::NoAddress)),
                    some => return Ok(some),
                },
                Err(unknown) => why = Some(Unknown::Host(Box::new(unknown))),
            }
        }
    }
    Err(why.unwrap_or(Unknown::NobodyToAsk))
}

fn addresses_in(answer: &DnsAnswer) -> Vec<IpAddr> {
    answer.records().filter_map(|record| record.data.address()).take(ADDRESSES_MAX).collect()
}
