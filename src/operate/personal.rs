//! Which texts of the record are about people.
//!
//! The rule: who somebody is (a name, a key of one's own, a name that was typed) and what somebody typed freely is sealed; the
//! log holds a salted commitment, and what opens it is kept apart. Agencies, roles, orders, targets, what was seen and what the
//! program says of itself stay in the clear: they are what the operation is answered for with. A log is kept for ever, and
//! the law may give a person the right to be forgotten long before.

use crate::audit::{Entry, Opening, Openings, SealedError};

/// For each action the parts of its body that are about a person. What is free text of the playbook is no part of this: the plan
/// with its signatures and the playbook are evidence, which is sealed as a whole.
const PERSONAL: [(&str, &[&str]); 4] = [
    ("approval", &["approver", "key"]),
    ("gate", &["by", "why"]),
    ("note", &["by", "subject", "text"]),
    ("outcome", &["by", "why"]),
];

/// The entries as they are written: with everything personal sealed, and what opens it durable, all of it in one go. An empty
/// text tells of nobody and stays.
pub fn sealed(mut entries: Vec<Entry>, openings: &Openings) -> Result<Vec<Entry>, SealedError> {
    let mut kept = Vec::new();
    for entry in &mut entries {
        seal(entry, &mut kept)?;
    }
    openings.keep(&kept)?;
    Ok(entries)
}

fn seal(entry: &mut Entry, kept: &mut Vec<Opening>) -> Result<(), SealedError> {
    let personal = PERSONAL.iter().filter(|(action, _)| *action == entry.action);
    for field in personal.flat_map(|(_, fields)| *fields) {
        if let Some(value) = entry.body.get_mut(*field)
            && let Some(text) = value.as_str().filter(|text| !text.is_empty())
        {
            let opening = Opening::new(field, text)?;
            *value = opening.commitment().to_value();
            kept.push(opening);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::audit::Commitment;
    use crate::audit::fixture::plain;

    #[test]
    fn what_is_about_a_person_is_sealed_and_the_rest_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let openings = Openings::new(&dir.path().join("private"));
        let all = ["agency", "approver", "by", "how", "key", "role", "state", "subject", "text", "what", "why"];
        for (action, personal) in [
            ("approval", vec!["approver", "key"]),
            ("gate", vec!["by", "why"]),
            ("note", vec!["by", "subject", "text"]),
            ("outcome", vec!["by", "why"]),
            ("observe", vec![]),
            ("refused", vec![]),
            ("instruct", vec![]),
        ] {
            let body = all.iter().map(|key| ((*key).to_owned(), json!("a text"))).collect();
            let entry = Entry { body, ..plain(action) };
            let written = sealed(vec![entry.clone()], &openings).unwrap().remove(0);
            let is_sealed = |key: &&str| Commitment::in_value(&written.body[*key]).is_some();
            assert_eq!(all.into_iter().filter(is_sealed).collect::<Vec<_>>(), personal, "{action}");
            let rest = all.iter().filter(|key| !is_sealed(key));
            assert!(rest.map(|key| &written.body[*key]).all(|value| *value == json!("a text")), "{action}");
        }
    }

    #[test]
    fn an_empty_text_and_what_is_no_text_stay() {
        let dir = tempfile::tempdir().unwrap();
        let openings = Openings::new(&dir.path().join("private"));
        for value in [json!(""), Value::Null, json!(1), json!({"sealed": "no digest"})] {
            let entry = Entry { body: [("why".to_owned(), value.clone())].into(), ..plain("gate") };
            assert_eq!(sealed(vec![entry], &openings).unwrap()[0].body["why"], value);
        }
        assert!(!openings.dir().exists());
    }
}
