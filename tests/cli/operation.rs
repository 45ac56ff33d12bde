//! The operation that `impound init` makes, with keys, and the world in which it is carried out.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use impound::authority::Subject;
use impound::cli::Exit;
use impound::playbook::{Means, load};
use impound::rehearse::{Instruction, World};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::desk::{Desk, Ended, Printed};
use crate::person::Word;

/// The keys of the operation: the name, and the file without its ending.
pub const KEYS: [(&str, &str); 5] = [
    ("police.example/notice", "police"),
    ("prosecution.example/notice", "prosecution"),
    ("prosecution.example/approval/prosecutor", "prosecutor"),
    ("police.example/approval/commander", "commander"),
    ("police.example/log/op", "log"),
];

/// How long a registry takes from the instruction to the zone.
const REGISTRY_DELAY: Duration = Duration::from_secs(300);

/// An operation in `{}/op`, its keys in `{}`, and its world.
pub struct Operation {
    pub desk: Desk,
    pub world: Arc<World>,
    server: Option<Serving>,
}

/// A new operation whose playbook names the public keys.
pub async fn with_keys() -> Desk {
    let desk = Desk::new();
    desk.ok("init {}/op").await;
    for (name, file) in KEYS {
        desk.ok(&format!("key new {name} -o {{}}/{file}.key --unencrypted")).await;
    }
    let vkey = |file: &str| desk.read(&format!("{file}.vkey")).trim_end().to_owned();
    for (line, key, file) in [
        ("domain = \"police.example\"\n", "notice-key", "police"),
        ("domain = \"prosecution.example\"\n", "notice-key", "prosecution"),
        ("role = \"legal\"\n", "key", "prosecutor"),
        ("role = \"command\"\n", "key", "commander"),
    ] {
        desk.edit("op/playbook.toml", line, &format!("{line}{key} = \"{}\"\n", vkey(file)));
    }
    desk.edit("op/playbook.toml", "# reviewed-by", "reviewed-by");
    desk.ok("lint {}/op").await;
    desk
}

impl Operation {
    /// In its world, with the notices built, signed and served.
    pub async fn ready() -> Self {
        Self::ready_from(with_keys().await).await
    }

    /// The same, from an operation that somebody has edited.
    pub async fn ready_from(desk: Desk) -> Self {
        let mut operation = Self::in_its_world(desk).await;
        operation.desk.ok("notice build {}/op").await;
        operation.desk.ok("notice sign {}/op --key {}/police.key").await;
        operation.serve().await;
        operation
    }

    /// Ready, and with a plan that both approvers have signed.
    pub async fn approved() -> Self {
        Self::ready().await.approve().await
    }

    /// Both approvers sign a plan of it.
    pub async fn approve(self) -> Self {
        let operation = self;
        operation.desk.ok("plan {}/op").await;
        operation.desk.ok("approve {}/op/plan.note --key {}/prosecutor.key").await;
        operation.desk.ok("approve {}/op/plan.note --key {}/commander.key").await;
        operation
    }

    /// The world as the playbook says it is, before anything was done.
    pub async fn in_its_world(mut desk: Desk) -> Self {
        let playbook = load(&desk.path("op")).unwrap().playbook.unwrap();
        let world = World::start(&playbook, desk.clock.clone()).await.unwrap();
        desk.network = world.network();
        Self { desk, world: Arc::new(world), server: None }
    }

    /// Has `impound serve` show the notices on the notice hosts, with a certificate of the world's authority.
    pub async fn serve(&mut self) {
        let issued = self.world.issue(&["seized.example".to_owned()]).unwrap().remove(0);
        self.desk.write("chain.pem", issued.certificate_pem);
        self.desk.write("chain.key", issued.key_pem);
        let line = "serve {}/op --http 127.0.0.1:0 --https 127.0.0.1:0 --cert {}/chain.pem --cert-key {}/chain.key";
        let serving = Serving::start(&self.desk, line).await;
        let at = |scheme: &str| {
            let found = serving.output.lines().find_map(|line| line.strip_prefix(scheme)?.strip_prefix("://"));
            found.unwrap().parse().unwrap()
        };
        self.world.attach_splash(at("http"), at("https")).unwrap();
        self.server = Some(serving);
    }

    /// Carries the plan out with somebody who answers every question with this.
    pub async fn run(&self, mut decide: impl FnMut(&str) -> Word) -> Ended {
        self.run_line("run {}/op/plan.note --key {}/log.key", &mut decide).await
    }

    pub async fn run_line(&self, line: &str, decide: &mut dyn FnMut(&str) -> Word) -> Ended {
        self.desk.run_with(line, Some(decide)).await
    }

    /// Gives the world the instruction in the question, as its recipient would act on it, and says yes to everything.
    pub fn obey(&self, question: &str) -> Word {
        if let Some(task) = task_of(question) {
            self.act(task, REGISTRY_DELAY);
        }
        Word::Yes
    }

    /// Does in the world what the task is about.
    pub fn act(&self, task: &str, delay: Duration) {
        let playbook = load(&self.desk.path("op")).unwrap().playbook.unwrap();
        let target = playbook.targets.iter().find(|target| target.subject.to_string() == task).unwrap();
        let told = match (&target.subject, &target.means) {
            (Subject::Name(name), Means::Redirect { .. }) => {
                self.world.activate_zone(name).unwrap();
                let name_servers = playbook.name_servers.iter().map(|server| server.name.clone()).collect();
                Instruction::Redirect { name: name.clone(), name_servers, remove_ds: true }
            }
            (Subject::Name(name), Means::Suspend) => Instruction::Suspend { name: name.clone() },
            (Subject::Server(address), Means::Offline) => {
                let gone = self.world.take_offline(*address);
                tokio::task::block_in_place(|| Handle::current().block_on(gone)).unwrap();
                return;
            }
            other => panic!("the operation of `init` has no {other:?}"),
        };
        self.world.registry_act(&told, delay).unwrap();
    }

    /// The entries of the record, as they were written.
    pub async fn entries(&self) -> Vec<serde_json::Value> {
        let text = self.desk.ok("log show {}/op/log --keys {}/log.vkey --format json").await;
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The subject of the instruction in a question.
pub fn task_of(question: &str) -> Option<&str> {
    let line = question.lines().find_map(|line| line.strip_prefix("INSTRUCTION  "))?;
    line.split_whitespace().nth(1)
}

/// `impound serve`, on a thread of its own until it is dropped.
pub struct Serving {
    pub output: String,
    pub messages: String,
    stopper: watch::Sender<bool>,
    thread: Option<JoinHandle<Exit>>,
}

impl Serving {
    pub async fn start(desk: &Desk, line: &str) -> Self {
        let (stopper, stop) = watch::channel(false);
        let (output, messages) = (Printed::new(), Printed::new());
        let (out, said) = (output.clone(), messages.clone());
        let own = desk.twin();
        let line = line.to_owned();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(own.run_until(&line, None, out, said, stop))
        });
        messages.wait_for("Ctrl-C stops").await;
        Self { output: output.text(), messages: messages.text(), stopper, thread: Some(thread) }
    }

    /// Presses Ctrl-C; how it ended.
    pub fn stop(mut self) -> Exit {
        self.stopper.send_replace(true);
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.stopper.send_replace(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Has the notice of a desk [`with_keys`] signed by both agencies, with its names told or sealed; then some weeks pass.
pub async fn shown(desk: &Desk, sealed: bool) {
    desk.edit("op/playbook.toml", "\nnotice = 1\n", "\nnotice = 2\n");
    if sealed {
        desk.edit("op/playbook.toml", "[[notice]]\n", "[[notice]]\nsealed-names = true\n");
    }
    desk.ok("notice build {}/op").await;
    sign(desk).await;
    desk.write("policy", desk.read("op/site/banner/1/policy"));
    desk.clock.advance_to("2026-12-08T08:00:00Z".parse().unwrap());
}

/// Both agencies sign what was built.
pub async fn sign(desk: &Desk) {
    desk.ok("notice sign {}/op --key {}/police.key").await;
    desk.ok("notice sign {}/op --key {}/prosecution.key").await;
}
