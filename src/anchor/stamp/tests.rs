//! The vectors were made by OpenSSL 3.0.19 and their keys thrown away. `rsa`: a root, an intermediate that is in the token, a
//! signer that digests with SHA-512. `ec`: a root on P-256, a signer on P-384 with SHA-384. `older`: the same root, a signer on
//! P-256, its certificate named by SHA-1 (RFC 2634). For each:
//!
//! ```text
//! openssl ts -query -data checkpoint -sha256 -cert -out NAME.tsq
//! openssl ts -reply -queryfile NAME.tsq -signer NAME.pem -inkey NAME.key [-chain intermediate.pem] \
//!     -section tsa_conf -config conf -out NAME.tsr
//! ```

use proptest::prelude::*;

use super::*;

const CHECKPOINT: &[u8] = include_bytes!("../vectors/checkpoint");
const RSA_ROOT: &[u8] = include_bytes!("../vectors/rsa-root.pem");
const EC_ROOT: &[u8] = include_bytes!("../vectors/ec-root.pem");

struct Vector {
    query: &'static [u8],
    response: &'static [u8],
    root: &'static [u8],
    authority: &'static str,
    serial: &'static str,
}

const VECTORS: [Vector; 3] = [
    Vector {
        query: include_bytes!("../vectors/rsa.tsq"),
        response: include_bytes!("../vectors/rsa.tsr"),
        root: RSA_ROOT,
        authority: "CN=RSA time stamps,O=Test",
        serial: "01",
    },
    Vector {
        query: include_bytes!("../vectors/ec.tsq"),
        response: include_bytes!("../vectors/ec.tsr"),
        root: EC_ROOT,
        authority: "CN=EC time stamps,O=Test",
        serial: "02",
    },
    Vector {
        query: include_bytes!("../vectors/older.tsq"),
        response: include_bytes!("../vectors/older.tsr"),
        root: EC_ROOT,
        authority: "CN=Older time stamps,O=Test",
        serial: "03",
    },
];

impl Vector {
    fn query(&self) -> Query {
        Query::parse(self.query).unwrap()
    }

    /// Everything that can be judged.
    fn judge(&self, response: &[u8]) -> Result<Stamp, AnchorError> {
        stamp(response, CHECKPOINT, Some(&self.query()), Some(&Authorities::from_pem(self.root).unwrap()))
    }
}

#[test]
fn a_stamp_says_when_by_whom_and_under_which_policy() {
    for vector in &VECTORS {
        let stamp = vector.judge(vector.response).unwrap();
        assert_eq!(stamp.authority, vector.authority);
        assert_eq!((stamp.serial.as_str(), stamp.policy.as_str()), (vector.serial, "1.3.6.1.4.1.32473.1"));
        assert!(stamp.is_answer && stamp.is_vouched);
        // An accuracy of 1.5001 seconds is stated, and the time has a fraction.
        let after = stamp.latest.since(stamp.at).as_secs();
        assert!((2..=3).contains(&after), "{stamp:?}");
        assert_eq!(imprint_of(vector.response).unwrap(), Digest::of(CHECKPOINT));
    }
}

#[test]
fn what_was_not_at_hand_is_not_said_to_be_checked() {
    let vector = &VECTORS[0];
    let bare = stamp(vector.response, CHECKPOINT, None, None).unwrap();
    assert!(!bare.is_answer && !bare.is_vouched);
}

/// Each octet of these answers is covered by a signature, a digest, or a rule.
#[test]
fn an_octet_changed_anywhere_is_refused() {
    for vector in &VECTORS {
        let authorities = Authorities::from_pem(vector.root).unwrap();
        let query = vector.query();
        for place in 0..vector.response.len() {
            for mask in [0x01, 0x80] {
                let mut changed = vector.response.to_vec();
                changed[place] ^= mask;
                let judged = stamp(&changed, CHECKPOINT, Some(&query), Some(&authorities));
                assert!(judged.is_err(), "{mask:#x} in octet {place} of {}: {judged:?}", vector.authority);
            }
        }
    }
}

#[test]
fn an_answer_that_was_cut_or_has_more_behind_it_is_refused() {
    let vector = &VECTORS[1];
    for length in 0..vector.response.len() {
        assert!(vector.judge(&vector.response[..length]).is_err(), "{length}");
    }
    let longer = [vector.response, b"\0"].concat();
    assert!(matches!(vector.judge(&longer), Err(AnchorError::NotDer { what: "answer", .. })));
    let large = vec![0x30; RESPONSE_MAX_BYTES + 1];
    assert!(matches!(vector.judge(&large), Err(AnchorError::TooLarge { .. })));
}

#[test]
fn other_bytes_another_query_and_another_authority_are_told_apart() {
    let [rsa, ec, _] = &VECTORS;
    let roots = |root| Authorities::from_pem(root).unwrap();
    let other_bytes = stamp(rsa.response, b"another", None, None);
    assert!(matches!(other_bytes, Err(AnchorError::Imprint)), "{other_bytes:?}");
    let other_query = stamp(rsa.response, CHECKPOINT, Some(&ec.query()), None);
    assert!(matches!(other_query, Err(AnchorError::Nonce)), "{other_query:?}");
    let query_of_others = Query::new(b"another", rsa.query().nonce);
    let foreign = stamp(rsa.response, CHECKPOINT, Some(&query_of_others), None);
    assert!(matches!(foreign, Err(AnchorError::QueryImprint)), "{foreign:?}");
    let stranger = stamp(rsa.response, CHECKPOINT, None, Some(&roots(EC_ROOT)));
    let unknown = webpki::Error::UnknownIssuer;
    assert!(matches!(stranger, Err(AnchorError::Chain { source, .. }) if source == unknown));
}

#[test]
fn a_refusal_is_told_in_the_words_of_the_authority() {
    // PKIStatusInfo: rejection, "no", badRequest.
    let refusal = b"\x30\x0f\x30\x0d\x02\x01\x02\x30\x04\x0c\x02no\x03\x02\x05\x20";
    let refused = stamp(refusal, CHECKPOINT, None, None).unwrap_err();
    assert_eq!(refused.to_string(), "the authority refuses, status 2: no; badRequest");
    let nothing = stamp(b"\x30\x05\x30\x03\x02\x01\x00", CHECKPOINT, None, None);
    assert!(matches!(nothing, Err(AnchorError::NoToken)), "{nothing:?}");
}

#[test]
fn a_file_of_authorities_holds_certificates() {
    assert!(matches!(Authorities::from_pem(b""), Err(AnchorError::NoAuthorities)));
    let broken = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    assert!(matches!(Authorities::from_pem(broken), Err(AnchorError::Authority { number: 1, .. })));
    let cut = b"-----BEGIN CERTIFICATE-----\nMAA=\n";
    assert!(matches!(Authorities::from_pem(cut), Err(AnchorError::AuthoritiesMalformed { .. })));
}

proptest! {
    #[test]
    fn any_octets_are_answered(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(stamp(&octets, CHECKPOINT, None, None).is_err());
        let _ = Query::parse(&octets);
    }

    #[test]
    fn a_stretch_of_other_octets_is_answered(
        at in 0_usize..3000,
        octets in proptest::collection::vec(any::<u8>(), 1..20),
        vector in 0_usize..3,
    ) {
        let vector = &VECTORS[vector];
        let mut changed = vector.response.to_vec();
        let at = at % changed.len();
        let end = (at + octets.len()).min(changed.len());
        changed.splice(at..end, octets);
        prop_assert!(changed == vector.response || vector.judge(&changed).is_err());
    }
}
