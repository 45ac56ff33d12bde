use proptest::prelude::*;

use super::*;
use crate::tlog::TreeSize;

const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/// A receipt in form; nothing in it is proven.
fn written() -> String {
    let signature = Base64::encode_string(&[7; 68]);
    format!(
        "{RECEIPT_MARK}\nextra eyJ9\nindex 7\n{ROOT}\n{ROOT}\n\npolice.example/log\n9\n{ROOT}\n\n— police.example/log {signature}\n"
    )
}

#[test]
fn a_receipt_prints_as_it_was_read() {
    let without_extra = written().replace("extra eyJ9\n", "");
    let of_one = written().replace("index 7", "index 0").replace(&format!("{ROOT}\n{ROOT}\n"), &format!("{ROOT}\n"));
    for text in [written(), without_extra, of_one, written().replace("extra eyJ9", "extra ")] {
        let receipt: Receipt = text.parse().unwrap();
        assert_eq!(receipt.to_string(), text);
    }
    let receipt: Receipt = written().parse().unwrap();
    assert_eq!(receipt.extra(), Some(&b"{\"}"[..]));
    assert_eq!((receipt.index(), receipt.proof().size, receipt.proof().path.len()), (LeafIndex(7), TreeSize(9), 2));
    assert_eq!(receipt.checkpoint().origin.as_str(), "police.example/log");
}

#[test]
fn other_forms_are_refused_for_their_own_reason() {
    type Expected = fn(&ReceiptError) -> bool;
    let lines = |count: usize| format!("{ROOT}\n").repeat(count);
    let long = lines(PATH_MAX + 1);
    let two = lines(2);
    let cases: [(&str, &str, Expected); 18] = [
        ("@v1", "@v2", |e| *e == ReceiptError::Mark),
        ("@v1\n", "@v1\r\n", |e| *e == ReceiptError::Mark),
        ("extra eyJ9", "extra eyJ", |e| *e == ReceiptError::Extra),
        ("extra eyJ9", "extra eyJ9 ", |e| *e == ReceiptError::Extra),
        ("extra eyJ9", "extra", |e| matches!(e, ReceiptError::Index { line: 2, .. })),
        ("extra eyJ9", "extra eyJ9\nextra eyJ9", |e| matches!(e, ReceiptError::Index { line: 3, .. })),
        ("index 7", "index 07", |e| matches!(e, ReceiptError::Index { line: 3, .. })),
        ("index 7", "index +7", |e| matches!(e, ReceiptError::Index { .. })),
        ("index 7", "index 18446744073709551616", |e| matches!(e, ReceiptError::Index { .. })),
        ("index 7\n", "", |e| matches!(e, ReceiptError::Index { line: 3, .. })),
        ("index 7", "index 7\nAAAA", |e| matches!(e, ReceiptError::Hash { line: 4, .. })),
        ("index 7", "index 7\n", |e| matches!(e, ReceiptError::Note(_) | ReceiptError::Checkpoint(_))),
        ("\n\npolice", "\npolice", |e| matches!(e, ReceiptError::Hash { line: 6, .. })),
        ("\n9\n", "\n09\n", |e| matches!(e, ReceiptError::Checkpoint(_))),
        ("— police", "- police", |e| matches!(e, ReceiptError::Note(NoteError::SignatureLine { .. }))),
        ("BwcHBwc=\n", "BwcHBwc=", |e| matches!(e, ReceiptError::Note(NoteError::Unsigned))),
        (&two, &long, |e| *e == ReceiptError::PathTooLong),
        ("eyJ9", "\t", |e| *e == ReceiptError::Extra),
    ];
    for (from, to, expected) in cases {
        assert!(written().contains(from), "{from}");
        let error = Receipt::parse(written().replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(expected(&error), "{from:?} as {to:?}: {error:?}");
    }
    assert_eq!(Receipt::parse(b""), Err(ReceiptError::Unended));
    assert_eq!(Receipt::parse(b"\xff"), Err(ReceiptError::NotUtf8));
    let bytes = RECEIPT_MAX_BYTES + 1;
    assert_eq!(Receipt::parse(&vec![b'a'; bytes]), Err(ReceiptError::TooLarge { bytes }));
}

#[test]
fn a_proof_is_not_put_under_a_checkpoint_of_another_size() {
    let receipt: Receipt = written().parse().unwrap();
    let proof = InclusionProof { size: TreeSize(8), ..receipt.proof().clone() };
    let refused = Receipt::new(None, proof, receipt.note().clone());
    assert_eq!(refused, Err(ReceiptError::Size { proof: 8, checkpoint: 9 }));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_bytes_are_read_or_refused(at: prop::sample::Index, octet: u8, cut: prop::sample::Index) {
        let mut bytes = written().into_bytes();
        let (at, cut) = (at.index(bytes.len()), cut.index(bytes.len()));
        bytes[at] = octet;
        for bytes in [&bytes[..], &bytes[cut..], &bytes[..cut]] {
            if let Ok(read) = Receipt::parse(bytes) {
                let printed = read.to_string();
                prop_assert_eq!(printed.as_bytes(), bytes);
            }
        }
    }
}
