//! Plans on disk: what a new one may take the place of.

use impound::cli::Exit;

use crate::building::program;
use crate::operation::Operation;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_was_signed_is_not_written_over() {
    let operation = Operation::approved().await;
    let desk = &operation.desk;
    let approved = desk.read("op/plan.note");

    // Drawn an hour later, it says the same.
    desk.clock.advance_to("2026-11-22T09:00:00Z".parse().unwrap());
    let same = desk.run("plan {}/op").await;
    same.must(Exit::Ok, "says the same already, and was left as it is");
    assert_eq!(desk.read("op/plan.note"), approved);

    desk.edit("op/playbook.toml", "within = \"3d\"", "within = \"4d\"");
    let other = desk.run("plan {}/op").await;
    other
        .must(Exit::Refused, "plan.note is signed by prosecution.example/approval/prosecutor, police.example/approval");
    other.must(Exit::Refused, "--anew");
    assert_eq!((desk.read("op/plan.note"), other.output), (approved, String::new()));

    desk.ok("plan {}/op -o {}/second.note").await;
    desk.ok("plan {}/op --anew").await;
    let anew = desk.read("op/plan.note");
    assert_eq!(anew, desk.read("second.note"));
    assert!(!anew.contains("\n— "), "{anew}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn approvers_who_sign_at_the_same_time_both_count() {
    let operation = Operation::ready().await;
    let desk = &operation.desk;
    desk.ok("plan {}/op").await;
    let drawn = desk.read("op/plan.note");
    for _ in 0..10 {
        desk.write("op/plan.note", &drawn);
        let sign = |key: &str| program(desk, &format!("approve {{}}/op/plan.note --key {{}}/{key}.key"));
        let both = [sign("prosecutor"), sign("commander")];
        for signing in both {
            let output = signing.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let signed = desk.read("op/plan.note");
        assert_eq!(signed.matches("\n— ").count(), 2, "{signed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_nobody_has_signed_is_replaced_and_another_file_is_not() {
    let operation = Operation::ready().await;
    let desk = &operation.desk;
    desk.ok("plan {}/op").await;
    let first = desk.read("op/plan.note");
    desk.edit("op/playbook.toml", "within = \"3d\"", "within = \"4d\"");
    desk.ok("plan {}/op").await;
    assert_ne!(desk.read("op/plan.note"), first);

    let text = desk.read("op/documents/order.txt");
    let taken = desk.run("plan {}/op -o {}/op/documents/order.txt").await;
    taken.must(Exit::Usage, "order.txt is no plan");
    assert_eq!(desk.read("op/documents/order.txt"), text);
}
