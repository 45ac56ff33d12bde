//! What can be typed: wrong usage, help, completions, manual pages, explanations.

use clap::CommandFactory;
use impound::cli::{Arguments, Exit};

use crate::desk::Desk;

#[tokio::test]
async fn wrong_usage_ends_with_2_and_prints_no_result() {
    let desk = Desk::new();
    for line in [
        "",
        "seize everything",
        "lint",
        "lint --no-such-option x",
        "lint x --format yaml",
        "approve plan.note",
        "approve plan.note --key k --refuse",
        "approve plan.note --key k --reason because",
        "check x --before --after",
        "verify http://seized.example/",
        "key",
        "key new police.example/notice",
        "key new police.example/notice -o x.key --unencrypted --passphrase-fd 3",
        "log",
        "log verify",
        "serve x --http not-an-address",
        "explain P000",
        "explain nonsense",
        "completions tcsh",
        "run",
    ] {
        let ended = desk.run(line).await;
        assert_eq!(ended.exit, Exit::Usage, "{line}\n{ended}");
        assert_eq!(ended.output, "", "{line}");
        assert!(!ended.messages.is_empty(), "{line}");
    }
}

/// Every command that can be typed, word by word, with its help.
fn commands(command: &mut clap::Command, above: &str, found: &mut Vec<(String, String)>) {
    command.build();
    for one in command.get_subcommands_mut().filter(|one| one.get_name() != "help") {
        let line = format!("{above}{}", one.get_name());
        match one.has_subcommands() {
            true => commands(one, &format!("{line} "), found),
            false => found.push((line, one.render_long_help().to_string())),
        }
    }
}

#[tokio::test]
async fn every_command_says_what_it_does_and_gives_an_example_that_can_be_typed() {
    let mut found = Vec::new();
    commands(&mut Arguments::command(), "", &mut found);
    assert!(found.len() > 15, "{found:?}");
    let desk = Desk::new();
    for (line, help) in found {
        let (_, example) = help.split_once("\nExample: ").unwrap_or_else(|| panic!("`{line}` has no example:\n{help}"));
        // A long one goes on in the next line of the help.
        let words: Vec<_> = example.split("\n\n").next().unwrap().split_whitespace().collect();
        let example = words.join(" ");
        assert!(example.starts_with(&format!("impound {line}")), "{example}");
        let words = example.split_whitespace().take_while(|word| *word != ">");
        let parsed = <Arguments as clap::Parser>::try_parse_from(words);
        assert!(parsed.is_ok(), "{example}: {parsed:?}");
        assert_eq!(desk.ok(&format!("{line} --help")).await, desk.ok(&format!("help {line}")).await);
    }
    let help = desk.ok("--help").await;
    assert!(help.contains("Exit codes:"), "{help}");
    assert!(desk.ok("--version").await.starts_with("impound "));
}

#[tokio::test]
async fn completions_and_manual_pages_know_every_command() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = desk.ok(&format!("completions {shell}")).await;
        for word in ["rehearse", "unencrypted", "notice", "sign"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    desk.ok("man {}/man1").await;
    let mut found = Vec::new();
    commands(&mut Arguments::command(), "", &mut found);
    for (line, _) in found {
        let page = desk.read(&format!("man1/impound-{}.1", line.replace(' ', "-")));
        assert!(page.contains(".SH SYNOPSIS") || page.contains(".SH NAME"), "{line}");
    }
    desk.write("file", "");
    let ended = desk.run("man {}/file").await;
    assert_eq!(ended.exit, Exit::Environment, "{ended}");
    assert!(ended.messages.contains("file"), "{ended}");
}

#[tokio::test]
async fn every_code_is_explained_within_80_columns() {
    let desk = Desk::new();
    let list = desk.ok("explain").await;
    assert!(list.lines().count() > 50, "{list}");
    for line in list.lines() {
        let code = line.split_whitespace().next().unwrap();
        let text = desk.ok(&format!("explain {code}")).await;
        assert!(text.starts_with(code), "{text}");
        // An address on the web is one word, however long.
        let too_long = text.lines().find(|line| line.chars().count() > 80 && !line.contains("://"));
        assert_eq!(too_long, None, "{code}");
    }
    assert_eq!(desk.ok("explain p020").await, desk.ok("explain P020").await);
}
