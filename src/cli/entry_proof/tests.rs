use super::*;

fn proof(dated: Dated, receipt: &str) -> Option<Proof> {
    let stamp = (dated == Dated::ByUnknown).then(|| b"stamp".to_vec());
    Some(Proof { receipt: receipt.into(), stamp, dated })
}

#[test]
fn witnesses_beat_a_stamp_of_nobody_knows_whom_and_of_equals_the_first_is_kept() {
    use Dated::{ByNobody, ByOthers, ByUnknown};
    for (one, other, first) in [
        (ByNobody, ByUnknown, false),
        (ByNobody, ByOthers, false),
        (ByUnknown, ByOthers, false),
        (ByOthers, ByUnknown, true),
        (ByUnknown, ByNobody, true),
        (ByUnknown, ByUnknown, true),
        (ByOthers, ByOthers, true),
    ] {
        let (one, other) = (proof(one, "one"), proof(other, "other"));
        let expected = if first { &one } else { &other };
        assert_eq!(better(one.clone(), other.clone()), *expected);
    }
    assert_eq!(better(None, proof(ByNobody, "other")), proof(ByNobody, "other"));
    assert_eq!(better(proof(ByNobody, "one"), None), proof(ByNobody, "one"));
}
