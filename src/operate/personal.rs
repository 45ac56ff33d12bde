//! Which texts of the record are about people.
//!
//! The rule: who somebody is (a name, a key of one's own, a name that was typed) and what somebody typed freely is sealed; the
//! log holds a salted commitment, and what opens it is kept apart. Agencies, roles, orders, targets, what was seen and what the
//! program says of itself stay in the clear: they are what the operation is answered for with. A log is kept for ever, and
//! the law may give a person the right to be forgotten long before.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::audit::{Openings, SealedError};

/// For each action the parts of its body that are about a person. What is free text of the playbook is no part of this: the plan
/// and its signatures are evidence, which is apart from the entries too.
const PERSONAL: [(&str, &[&str]); 3] =
    [("approval", &["approver", "key"]), ("gate", &["by", "why"]), ("outcome", &["by", "why"])];

/// The body with everything personal sealed. An empty text tells of nobody and stays.
pub(super) fn seal(action: &str, body: &mut BTreeMap<String, Value>, openings: &Openings) -> Result<(), SealedError> {
    let fields = PERSONAL.iter().filter(|(of, _)| *of == action).flat_map(|(_, fields)| *fields);
    for field in fields {
        if let Some(value) = body.get_mut(*field)
            && let Some(text) = value.as_str().filter(|text| !text.is_empty())
        {
            *value = openings.seal(field, text)?;
        }
    }
    Ok(())
}
