//! What axe-core finds in the page, empty and with each kind of answer, on a phone and on a desk, by day and by night.

use std::fs;

use serde_json::{Value, json};

use crate::desk::*;

fn axe() -> String {
    let path = std::env::var("IMPOUND_AXE").unwrap_or_else(|_| {
        panic!("IMPOUND_AXE is to be the path of axe.min.js; `npm install axe-core` brings it, and .ci/run does so")
    });
    fs::read_to_string(path).unwrap()
}

const RUN: &str = "axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } })
    .then(result => ({ passed: result.passes.length, found: result.violations.flatMap(rule => rule.nodes.map(node =>
      `${rule.id}: ${node.target}`)).concat(document.documentElement.scrollWidth > innerWidth ? ['it scrolls sideways'] : []) }))";

impl Desk {
    #[track_caller]
    fn nothing_found(&mut self, state: &str) {
        for (width, dark) in [(320, false), (390, true), (1280, false), (1280, true)] {
            self.browser.shape(width, dark);
            let looked: Value = self.browser.value(RUN);
            assert_eq!(looked["found"], json!([]), "{state} at {width}, dark: {dark}");
            assert!(looked["passed"].as_u64().unwrap() >= 15, "{state}: {looked}");
        }
    }
}

#[test]
fn no_state_of_the_page_breaks_a_rule_of_wcag_or_scrolls_sideways() {
    let mut desk = Desk::new();
    let (axe, good) = (axe(), desk.good());
    desk.browser.open(&format!("file://{PAGE}"));
    desk.browser.awaited("document.documentElement.hasAttribute('data-ready')");
    desk.browser.value(&format!("{axe}; 0"));
    desk.nothing_found("empty");
    // Colours that nobody can read are found.
    desk.browser.value("document.getElementById('name-hint').style.color = '#888'; 0");
    desk.browser.value("document.getElementById('name-hint').style.background = '#999'; 0");
    assert!(desk.browser.value(RUN)["found"].to_string().contains("color-contrast"));
    for (name, code) in [(NAME, "in-force"), ("other.example", "not-covered"), ("", "undetermined"), ("a..b", "")] {
        desk.page_says(&Question { name: name.into(), ..good.clone() });
        desk.browser.value("document.querySelectorAll('details').forEach(one => { one.open = true; }); 0");
        desk.browser.value(&format!("{axe}; 0"));
        desk.nothing_found(code);
    }
}
