//! An operation from `init` to its report, outside a rehearsal: every command by itself, people at the keyboard.

use impound::cli::Exit;

use crate::operation::{Operation, task_of};
use crate::person::Word;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_is_carried_out_from_init_to_its_report() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    let shown = desk.ok("notice show {}/op").await;
    assert!(shown.contains("signed by    police.example/notice"), "{shown}");
    desk.ok("check {}/op").await;

    let mut given = Vec::new();
    let ended = operation
        .run(|question| {
            given.extend(task_of(question).map(str::to_owned));
            operation.obey(question)
        })
        .await;
    println!("{ended}");
    assert_eq!(ended.exit, Exit::Ok, "{ended}");
    assert_eq!(given, ["seized.example", "panel.example", "203.0.113.7:443"]);
}
