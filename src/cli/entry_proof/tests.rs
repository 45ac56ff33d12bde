use super::*;

fn proof(dated: Dated, receipt: &str) -> Option<Proof> {
    let stamp = (dated == Dated::Unjudged).then(|| b"stamp".to_vec());
    Some(Proof { receipt: receipt.into(), stamp, dated })
}

#[test]
fn witnesses_beat_a_stamp_of_nobody_knows_whom_and_of_equals_the_first_is_kept() {
    use Dated::{Alone, Others, Unjudged};
    for (one, other, first) in [
        (Alone, Unjudged, false),
        (Alone, Others, false),
        (Unjudged, Others, false),
        (Others, Unjudged, true),
        (Unjudged, Alone, true),
        (Unjudged, Unjudged, true),
        (Others, Others, true),
    ] {
        let (one, other) = (proof(one, "one"), proof(other, "other"));
        let expected = if first { &one } else { &other };
        assert_eq!(better(one.clone(), other.clone()), *expected);
    }
    assert_eq!(better(None, proof(Alone, "other")), proof(Alone, "other"));
    assert_eq!(better(proof(Alone, "one"), None), proof(Alone, "one"));
}
