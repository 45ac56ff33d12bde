//! Which edition is for which host name.
//!
//! All names stand in one block of text, with an 8-byte place for each in a hash table, so that a million names cost
//! about forty bytes each and a look-up touches no file.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::ServeError;
use crate::domain::NAME_MAX_CHARS;

/// A host as a request names it: lower case, no port, no trailing dot. Held without an allocation.
#[derive(Clone, Copy)]
pub struct HostName {
    text: [u8; NAME_MAX_CHARS],
    len: u8,
}

/// Why a request's host cannot be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Not `uri-host [ ":" port ]` (RFC 9110 section 7.2).
    #[error("the request names no well-formed host")]
    Malformed,
    /// An IP address: well-formed, but never a name of ours.
    #[error("the request names an address and no host")]
    Address,
}

impl HostName {
    /// Reads a `Host` field, an `:authority`, or the host that a TLS client names.
    ///
    /// Stricter than RFC 3986 where browsers are: no percent-encoding, no user information, no letters outside ASCII.
    /// An underscore is allowed, since names below a covered one may have it.
    pub fn parse(text: &[u8]) -> Result<Self, HostError> {
        if text.first() == Some(&b'[') {
            return Err(if is_literal(text) { HostError::Address } else { HostError::Malformed });
        }
        let mut halves = text.splitn(2, |byte| *byte == b':');
        let name = halves.next().unwrap_or_default();
        if !halves.next().is_none_or(is_port) {
            return Err(HostError::Malformed);
        }
        let name = Self::read(name.strip_suffix(b".").unwrap_or(name)).ok_or(HostError::Malformed)?;
        if name.as_str().parse::<std::net::Ipv4Addr>().is_ok() { Err(HostError::Address) } else { Ok(name) }
    }

    fn read(name: &[u8]) -> Option<Self> {
        const LABEL_MAX_CHARS: usize = 63;
        let labels_fit = name.split(|byte| *byte == b'.').all(|label| (1..=LABEL_MAX_CHARS).contains(&label.len()));
        let mut text = [0; NAME_MAX_CHARS];
        let space = text.get_mut(..name.len()).filter(|_| labels_fit)?;
        for (to, from) in space.iter_mut().zip(name) {
            *to = match from {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => *from,
                b'A'..=b'Z' => from.to_ascii_lowercase(),
                _ => return None,
            };
        }
        Some(Self { text, len: u8::try_from(name.len()).ok()? })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        // ASCII by construction.
        self.text.get(..usize::from(self.len)).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// Whether it is an onion service, or stands below one (RFC 7686).
    pub fn is_onion(&self) -> bool {
        self.as_str().ends_with(".onion")
    }
}

impl PartialEq for HostName {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for HostName {}

impl std::fmt::Debug for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

/// `[2001:db8::1]` and perhaps a port (RFC 3986 section 3.2.2).
fn is_literal(text: &[u8]) -> bool {
    let Some((address, rest)) =
        std::str::from_utf8(text).ok().and_then(|text| text.strip_prefix('[')).and_then(|text| text.split_once(']'))
    else {
        return false;
    };
    let port_fits = rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| is_port(port.as_bytes()));
    port_fits && address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Any port will do: a name is covered whatever the port that its visitors come by. RFC 3986 allows none after the colon.
fn is_port(port: &[u8]) -> bool {
    port.len() <= 5 && port.iter().all(u8::is_ascii_digit)
}

/// Host names and, for each, the number of its edition.
#[derive(Debug, Default)]
pub struct HostTable {
    text: String,
    places: HashTable<Place>,
    /// Keyed anew in each process, so that nobody can aim names at one bucket.
    hasher: RandomState,
    /// Whether any name covers what is below it; most tables have none, and skip the walk up.
    has_parents: bool,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    start: u32,
    len: u8,
    covers: u8,
    edition: u16,
}

const ITSELF: u8 = 1;
const BELOW: u8 = 2;

impl HostTable {
    /// An empty table with room for so many names of so many octets together: a table that grows is made anew each time.
    pub fn with_room(names: usize, octets: usize) -> Self {
        Self { text: String::with_capacity(octets), places: HashTable::with_capacity(names), ..Self::default() }
    }

    /// Takes one name for an edition.
    ///
    /// # Errors
    ///
    /// The name is not a host name, or another edition has it already, or the table is full (4 GiB of names).
    pub fn insert(&mut self, name: &str, edition: u16) -> Result<(), ServeError> {
        self.put(name, edition, ITSELF)
    }

    /// Takes everything below `name` for an edition; not the name itself.
    ///
    /// # Errors
    ///
    /// As [`HostTable::insert`].
    pub fn insert_below(&mut self, name: &str, edition: u16) -> Result<(), ServeError> {
        self.has_parents = true;
        self.put(name, edition, BELOW)
    }

    fn put(&mut self, name: &str, edition: u16, covers: u8) -> Result<(), ServeError> {
        let key =
            HostName::parse(name.as_bytes()).map_err(|_| ServeError::Host { name: crate::domain::excerpt(name) })?;
        let Self { text, places, hasher, .. } = self;
        let hash = hasher.hash_one(key.as_str());
        let rehash = |place: &Place| hasher.hash_one(place.of(text));
        match places.entry(hash, |place| place.of(text) == key.as_str(), rehash) {
            Entry::Occupied(entry) if entry.get().edition != edition => {
                Err(ServeError::TwoEditions { name: key.as_str().to_owned() })
            }
            Entry::Occupied(mut entry) => {
                entry.get_mut().covers |= covers;
                Ok(())
            }
            Entry::Vacant(entry) => {
                let start = u32::try_from(text.len()).map_err(|_| ServeError::TooManyNames)?;
                entry.insert(Place { start, len: key.len, covers, edition });
                text.push_str(key.as_str());
                Ok(())
            }
        }
    }

    /// The edition for a host: its own, else that of the nearest name above which covers what is below it.
    pub fn find(&self, host: &HostName) -> Option<u16> {
        if let Some(place) = self.place(host.as_str()).filter(|place| place.covers & ITSELF != 0) {
            return Some(place.edition);
        }
        if !self.has_parents {
            return None;
        }
        // At most 126 steps: the length of the name bounds its labels.
        let mut rest = host.as_str();
        while let Some((_, parent)) = rest.split_once('.') {
            if let Some(place) = self.place(parent).filter(|place| place.covers & BELOW != 0) {
                return Some(place.edition);
            }
            rest = parent;
        }
        None
    }

    fn place(&self, name: &str) -> Option<&Place> {
        self.places.find(self.hasher.hash_one(name), |place| place.of(&self.text) == name)
    }

    /// How many names.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Octets of memory that the table holds.
    #[cfg(test)]
    fn memory_bytes(&self) -> usize {
        self.text.capacity() + self.places.allocation_size()
    }
}

impl Place {
    fn of(self, text: &str) -> &str {
        let start = self.start as usize;
        text.get(start..start + usize::from(self.len)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> HostName {
        HostName::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_host_is_read_in_every_way_that_visitors_write_it() {
        for (written, read) in [
            ("shop.example", "shop.example"),
            ("SHOP.Example", "shop.example"),
            ("shop.example.", "shop.example"),
            ("shop.example:8443", "shop.example"),
            ("shop.example.:80", "shop.example"),
            ("shop.example:", "shop.example"),
            ("_x.shop.example", "_x.shop.example"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(name(written).as_str(), read, "{written}");
        }
        for address in ["192.0.2.1", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:443", "[::ffff:192.0.2.1]:"] {
            assert_eq!(HostName::parse(address.as_bytes()), Err(HostError::Address), "{address}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        let long_label = format!("{}.example", "a".repeat(64));
        let long_name = format!("{}example", "abcdefgh.".repeat(30));
        for text in [
            "",
            ".",
            "..",
            "a..example",
            ".example",
            "shop.example..",
            "shop.example:http",
            "shop.example:123456",
            "shop.example:80:80",
            "a b.example",
            "shop%2eexample",
            "user@shop.example",
            "shop.example/",
            "b\u{fc}cher.example",
            "a\0.example",
            "a\r\n.example",
            "2001:db8::1",
            "[2001:db8::1",
            "[2001:db8::1]x",
            "[2001:db8::1%25eth0]",
            "[shop.example]",
            "[]",
            &long_label,
            &long_name,
        ] {
            assert_eq!(HostName::parse(text.as_bytes()), Err(HostError::Malformed), "{text:?}");
        }
        assert_eq!(HostName::parse(b"\xff\xfe"), Err(HostError::Malformed));
    }

    #[test]
    fn a_name_finds_its_own_edition_before_that_of_its_parent() {
        let mut table = HostTable::default();
        table.insert("shop.example", 0).unwrap();
        table.insert_below("shop.example", 0).unwrap();
        table.insert("forum.shop.example", 1).unwrap();
        table.insert_below("tenant.test", 2).unwrap();
        for (host, edition) in [
            ("shop.example", Some(0)),
            ("www.shop.example", Some(0)),
            ("a.b.c.shop.example", Some(0)),
            ("forum.shop.example", Some(1)),
            ("www.forum.shop.example", Some(0)),
            ("myshop.example", None),
            ("example", None),
            ("tenant.test", None),
            ("x.tenant.test", Some(2)),
        ] {
            assert_eq!(table.find(&name(host)), edition, "{host}");
        }
    }

    #[test]
    fn one_name_cannot_have_two_editions() {
        let mut table = HostTable::default();
        table.insert("Shop.example", 0).unwrap();
        table.insert("shop.example.", 0).unwrap();
        assert_eq!(table.len(), 1);
        assert!(matches!(table.insert("shop.example", 1), Err(ServeError::TwoEditions { .. })));
        assert!(matches!(table.insert("192.0.2.1", 1), Err(ServeError::Host { .. })));
    }

    #[test]
    fn a_hundred_thousand_names_stay_under_the_memory_they_may_have() {
        let mut table = HostTable::with_room(100_000, 100_000 * "predicted-name-12345.example".len());
        for number in 0..100_000 {
            table.insert(&format!("predicted-name-{number}.example"), 7).unwrap();
        }
        assert_eq!(table.find(&name("predicted-name-77777.example")), Some(7));
        assert_eq!(table.find(&name("predicted-name-100000.example")), None);
        let each = table.memory_bytes() / table.len();
        assert!(each < 60, "{each} bytes a name");
    }

    proptest! {
        #[test]
        fn any_octets_are_read_or_refused_and_reading_is_stable(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(read) = HostName::parse(&text) {
                prop_assert!(read.as_str().len() <= NAME_MAX_CHARS);
                prop_assert_eq!(HostName::parse(read.as_str().as_bytes()), Ok(read));
            }
        }

        #[test]
        fn case_port_and_dot_do_not_matter(text in "[a-zA-Z0-9]{1,20}(\\.[a-zA-Z][a-zA-Z0-9]{0,20}){1,4}", port in any::<u16>()) {
            let plain = name(&text.to_lowercase());
            prop_assert_eq!(name(&format!("{text}.:{port}")), plain);
        }
    }
}
