//! Chromium without a screen, told what to do over its DevTools pipe: messages of JSON, each ended by a zero octet, on two
//! named pipes that stand as its file descriptors 3 and 4.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::bench::{Bench, good};

/// What makes it run without a screen, as any user, and call nobody.
const HEADLESS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --host-resolver-rules='MAP * 127.0.0.1' --remote-debugging-pipe";

/// How long it may live: several times what all that is asked of it takes on a busy machine.
const BROWSER_SECONDS: u32 = 300;

/// A browser with one tab. It ends with the test, however that ends.
pub struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: Option<String>,
    sent: u64,
    /// What happened in the tab since it was last asked.
    events: Vec<Value>,
}

impl Browser {
    pub fn start(bench: &Bench) -> Self {
        // Says which package is missing, if one is.
        good(&bench.run("chromium", &["--version"], ""));
        good(&bench.run("mkfifo", &["to-browser", "from-browser"], ""));
        let script = format!(
            "exec timeout --kill-after=5 {BROWSER_SECONDS} chromium {HEADLESS} --user-data-dir=profile about:blank \
             3<to-browser 4>from-browser 2>browser.log"
        );
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(bench.path()).stdin(Stdio::null()).stdout(Stdio::null());
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", bench.path()).env("LC_ALL", "C");
        let child = command.spawn().unwrap();
        // Each end waits for the other, in the order in which the shell opens them.
        let to = fs::OpenOptions::new().write(true).open(bench.path().join("to-browser")).unwrap();
        let from = BufReader::new(File::open(bench.path().join("from-browser")).unwrap());
        let mut browser = Self { child, to, from, session: None, sent: 0, events: Vec::new() };
        let tab = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": tab["targetId"], "flatten": true});
        browser.session = Some(browser.call("Target.attachToTarget", attach)["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "DOM", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Opens a page and waits until it is loaded.
    pub fn open(&mut self, address: &str) {
        self.events.clear();
        self.call("Page.navigate", json!({"url": address}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.hear();
            self.events.push(event);
        }
    }

    /// The value of an expression; of a promise, what it comes to.
    #[track_caller]
    pub fn value(&mut self, expression: &str) -> Value {
        let arguments = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", arguments);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// The value of an expression, as soon as it is neither null nor empty.
    #[track_caller]
    pub fn awaited(&mut self, expression: &str) -> Value {
        self.value(&format!(
            "new Promise(found => {{
               const look = () => {{ const value = {expression}; if (value) found(value); }};
               new MutationObserver(look).observe(document, {{ subtree: true, childList: true, attributes: true }});
               look();
             }})"
        ))
    }

    /// Gives files, or a directory, to a file input, as a person does who chooses them.
    pub fn choose(&mut self, input: &str, paths: &[&Path]) {
        let root = self.call("DOM.getDocument", json!({}))["root"]["nodeId"].clone();
        let node = self.call("DOM.querySelector", json!({"nodeId": root, "selector": input}))["nodeId"].clone();
        let files: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
        self.call("DOM.setFileInputFiles", json!({"nodeId": node, "files": files}));
    }

    /// Makes the window so wide, and asks for light or dark colours.
    pub fn shape(&mut self, width: u32, dark: bool) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Drags files over an element and lets them go.
    pub fn drop_on(&mut self, element: &str, paths: &[&Path]) {
        let place = self.value(&format!(
            "(() => {{ const element = document.querySelector('{element}'); element.scrollIntoView();
               const {{ x, y }} = element.getBoundingClientRect(); return [x + 9, y + 9]; }})()"
        ));
        let files: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
        let data = json!({"items": [], "files": files, "dragOperationsMask": 1});
        for kind in ["dragEnter", "dragOver", "drop"] {
            self.call("Input.dispatchDragEvent", json!({"type": kind, "x": place[0], "y": place[1], "data": data}));
        }
    }

    /// Complaints of the page, and whatever it asked of a network, since it was opened.
    pub fn complaints(&self) -> Vec<&Value> {
        let is_complaint = |event: &&Value| match event["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded") => true,
            Some("Network.requestWillBeSent") => event["params"]["type"] != "Document",
            _ => false,
        };
        self.events.iter().filter(is_complaint).collect()
    }

    #[track_caller]
    fn call(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let heard = self.hear();
            if heard["id"] == self.sent {
                assert!(heard.get("error").is_none(), "{method}: {heard}");
                return heard["result"].clone();
            }
            self.events.push(heard);
        }
    }

    fn hear(&mut self) -> Value {
        let mut message = Vec::new();
        self.from.read_until(0, &mut message).unwrap();
        assert_eq!(message.pop(), Some(0), "the browser has ended");
        serde_json::from_slice(&message).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // `timeout` hands this on to what it runs.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
