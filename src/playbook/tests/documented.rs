//! What the documents in `docs` say of the language.

use super::*;

/// What must be kept in step with the program: a file of the repository and what it has to say.
fn current(path: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("IMPOUND_RENEW").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} is not current: run the tests with IMPOUND_RENEW=1", path.display());
}

#[test]
fn the_schema_in_docs_is_current() {
    current("docs/playbook.schema.json", &format!("{:#}\n", schema()));
}

#[test]
fn the_list_of_problems_in_docs_is_current() {
    let mut text = String::from(
        "# Problems of playbooks\n\n`impound lint` shows these; `impound explain CODE` prints the same text. \
         A playbook with an error cannot be used; a warning asks someone to look.\n",
    );
    for code in Code::ALL {
        let (number, name, severity) = (code.number(), code.name(), code.severity().word());
        let (title, explanation) = (code.title(), code.explanation());
        text.push_str(&format!("\n## {number} {name} ({severity})\n\n**{title}**\n\n{explanation}\n"));
    }
    current("docs/problems.md", &text);
}

/// The rows of the table that documents one struct of the schema.
fn rows(table: &serde_json::Value) -> String {
    let required: Vec<&str> =
        table["required"].as_array().into_iter().flatten().filter_map(|key| key.as_str()).collect();
    let mut text = String::from("| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
    for (key, value) in table["properties"].as_object().unwrap() {
        let default = match value.get("default") {
            _ if required.contains(&key.as_str()) => "required".to_owned(),
            Some(value) if *value != serde_json::json!([]) && *value != serde_json::json!({}) => format!("`{value}`"),
            _ => "none".to_owned(),
        };
        let meaning = value["description"].as_str().unwrap().replace('\n', " ");
        let words = words_of(value).map(|words| format!(" One of {words}.")).unwrap_or_default();
        text.push_str(&format!("| `{key}` | {} | {default} | {meaning}{words} |\n", type_of(value)));
    }
    text
}

fn words_of(value: &serde_json::Value) -> Option<String> {
    let words = value.get("enum").or_else(|| value["items"].get("enum"))?.as_array()?;
    Some(words.iter().map(|word| format!("`{}`", word.to_string().trim_matches('"'))).collect::<Vec<_>>().join(", "))
}

fn type_of(value: &serde_json::Value) -> String {
    match (value["type"].as_str(), value["format"].as_str(), value["$ref"].as_str()) {
        (_, Some("date-time"), _) => "time".into(),
        (Some("array"), ..) => format!("array of {}", type_of(&value["items"])),
        (Some("object"), ..) => format!("table of {}", type_of(&value["additionalProperties"])),
        (Some("string"), ..) => "text".into(),
        (Some("integer"), ..) => "number".into(),
        (Some("boolean"), ..) => "true or false".into(),
        (_, _, Some(path)) => format!("[{0}](#{0})", path.rsplit('/').next().unwrap()),
        _ => "time or text".into(),
    }
}

/// Every table of the language has a section `## name` in docs/playbook.md, with a table of its keys between two marks.
#[test]
fn every_key_is_documented() {
    let mut tables = vec![("playbook".to_owned(), schema())];
    let texts = shape::schema_of::<spec::TextsSpec>();
    let of = |schema: &serde_json::Value| schema["$defs"].as_object().unwrap().clone();
    tables.extend(of(&schema()));
    tables.push(("texts".to_owned(), texts.clone()));
    tables.extend(of(&texts));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/playbook.md");
    let mut text = fs::read_to_string(path).unwrap();
    for (name, table) in tables {
        let section = format!("\n## {name}\n");
        let (head, tail) =
            text.split_once(&section).unwrap_or_else(|| panic!("docs/playbook.md has no section {name}"));
        let (before, tail) = tail.split_once("<!-- keys -->\n").unwrap();
        let (_, rest) = tail.split_once("<!-- end of keys -->\n").unwrap();
        assert!(!before.contains("\n## "), "the section {name} has no table of keys");
        text = format!("{head}{section}{before}<!-- keys -->\n{}<!-- end of keys -->\n{rest}", rows(&table));
    }
    assert!(!text.contains("<!-- keys -->\n<!-- end"), "a section describes a table that the language does not have");
    current("docs/playbook.md", &text);
}
