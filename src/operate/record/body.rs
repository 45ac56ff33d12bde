//! The bodies of entries.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::check::{Certainty, Finding};

/// A body of these parts.
pub(super) fn body<const N: usize>(parts: [(&str, Value); N]) -> BTreeMap<String, Value> {
    parts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The values as one part of a body, as many of them as an entry has room for; how many were left out stands beside them.
pub(super) fn told(key: &str, values: impl Iterator<Item = Value>) -> Vec<(String, Value)> {
    /// Two such parts and all else that an entry says fit into [`crate::audit::ENTRY_MAX_BYTES`].
    const TOLD_MAX_BYTES: usize = 6 << 10;
    let (mut kept, mut left_out, mut bytes) = (Vec::new(), 0_u64, 0);
    for value in values {
        bytes += value.to_string().len() + 1;
        if left_out == 0 && bytes <= TOLD_MAX_BYTES {
            kept.push(value);
        } else {
            left_out += 1;
        }
    }
    let mut parts = vec![(key.to_owned(), json!(kept))];
    if left_out > 0 {
        parts.push((format!("{key}_left_out"), json!(left_out)));
    }
    parts
}

/// A finding as it stands in an entry.
pub(super) fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code.to_string(),
        "severity": finding.severity.word(),
        "known": finding.certainty == Certainty::Seen,
        "message": finding.message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_too_long_for_an_entry_is_cut_and_says_so() {
        let long = || (0..1000).map(|n| json!(format!("ns{n}.example of a long list")));
        let parts: BTreeMap<String, Value> = told("waiting", long()).into_iter().collect();
        let kept = parts["waiting"].as_array().unwrap().len();
        assert!(kept > 100 && parts["waiting"].to_string().len() < 7 << 10, "{kept}");
        assert_eq!(parts["waiting_left_out"], json!(1000 - kept));
        assert_eq!(told("waiting", long().take(2)).len(), 1);
    }
}
