//! Notices against the tools that other people check them with.

#![allow(clippy::unwrap_used, reason = "tests stop at once on what they did not expect")]

mod bench;

use std::fs;

use bench::{Bench, good, refused};

/// The Python of the instructions, run word for word in the directory where they stand.
#[test]
fn a_sealed_name_is_checked_by_the_instructions_of_the_kit() {
    let bench = Bench::new();
    let impound = |line: &str| good(&bench.run("impound", &line.split(' ').collect::<Vec<_>>(), ""));
    impound("init op");
    let names: String = (0..100).map(|n| format!("name-{n}.example\n")).collect();
    bench.write("op/names.txt", &names);
    let digest = good(&bench.run("sha256sum", &["op/names.txt"], ""));
    let playbook = bench.read("op/playbook.toml").replace("[[notice]]\n", "[[notice]]\nsealed-names = true\n");
    let playbook = playbook.replace(
        "[[notice]]\n",
        &format!(
            "[[list]]\nid = \"many\"\npath = \"names.txt\"\nsha256 = \"{}\"\naction = \"redirect\"\norder = \"order\"\nnotice = \"banner\"\n\n[[notice]]\n",
            digest.split(' ').next().unwrap()
        ),
    );
    let playbook = playbook.replace("names = [", "lists = [\"many\"]\nnames = [");
    bench.write("op/playbook.toml", &playbook);
    impound("notice build op --site site");
    let howto = bench.read("site/banner/1/HOWTO.txt");
    let recipe: String = howto
        .lines()
        .skip_while(|line| !line.contains("<<'END'"))
        .map(|line| format!("{line}\n"))
        .take_while(|line| line != "END\n")
        .collect();
    let recipe = format!("{recipe}END\n");
    // What somebody gets who may know one name.
    fs::create_dir(bench.path().join("handed")).unwrap();
    bench.write("handed/notice.txt", &bench.read("site/banner/1/notice.txt"));
    bench.write("handed/recipe", &recipe);
    let says = |proof: &str| {
        bench.write("handed/coverage.proof", proof);
        good(&bench.run("sh", &["-c", "cd handed && sh recipe"], ""))
    };
    for n in [0, 1, 50, 99] {
        let proof = impound(&format!("notice prove op --site site --name name-{n}.example"));
        assert_eq!(says(&proof), format!("name-{n}.example is covered\n"));
    }
    let proof = impound("notice prove op --site site --name name-99.example");
    assert_eq!(says(&proof.replace("name-99", "name-98")), "name-98.example IS NOT COVERED\n");
    let last = proof.trim_end().rsplit_once('\n').unwrap().0;
    assert_eq!(says(&format!("{last}\n")), "name-99.example IS NOT COVERED\n");
    let strange = bench.run("impound", &["notice", "prove", "op", "--site", "site", "--name", "name-100.example"], "");
    assert!(refused(&strange).contains("name-100.example"));
}
