//! Odd entries of a log: what the program refuses the page refuses, and what the program reads the page reads.

use impound::signed_note::NoteSigner;
use impound::tlog::LeafIndex;

use crate::desk::*;
use crate::ring::*;

/// Arrays in arrays, the value of a field of the body, which is itself inside two objects.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn the_page_and_the_program_read_the_same_entries_of_a_log() {
    let (mut desk, ring) = (Desk::new(), Ring::new());
    let good = desk.good_note();
    let written = String::from_utf8(entry_of(&good).to_bytes(LeafIndex(2)).unwrap()).unwrap();
    let question = Question { log: format!("{}\n", ring.log.verifier()), ..desk.question(&good) };
    let body = |more: &str| (r#""body":{"#.to_owned(), format!(r#""body":{{{more},"#));
    let last = |more: &str| (r#"},"evidence""#.to_owned(), format!(r#",{more}}},"evidence""#));
    let swap = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let piece = format!(r#"{{"bytes":1,"digest":"sha256:{}","media":"a/b""#, "0".repeat(64));
    let evidence = |more: &str| (r#""evidence":[]"#.to_owned(), format!(r#""evidence":[{piece}{more}}}]"#));
    let (good_code, bad) = ("in-force", "malformed");
    let mut cases = vec![
        (swap("", ""), good_code),
        // White space, order, duplicates.
        (swap(r#""seq":2"#, r#""seq": 2"#), bad),
        (swap(r#""v":1}"#, "\"v\":1}\n"), bad),
        (swap(r#""v":1}"#, r#""v":1,}"#), bad),
        (swap(r#""v":1}"#, r#""v":1}}"#), bad),
        (swap(r#""v":1}"#, r#""v":1"#), bad),
        (swap(r#""v":1}"#, r#""v":1,"v":1}"#), bad),
        (swap(r#""action":"notice","#, r#""action":"notice","action":"notice","#), bad),
        (body(r#""a":1,"a":1"#), bad),
        (body(r#""a":1,"b":2"#), good_code),
        (body(r#""b":1,"a":2"#), bad),
        (body(r#""":0,"a":1"#), good_code),
        (body(r#""a":{"c":1,"b":2}"#), bad),
        (body(r#""a":{"b":1,"b":1}"#), bad),
        (body(r#""a":{},"b":[]"#), good_code),
        (body(r#""a":[1,]"#), bad),
        (body(r#""a":[,1]"#), bad),
        (body(r#""a":{"b":1,}"#), bad),
        (body(r#""__proto__":{"x":1}"#), good_code),
        (body(r#""a":{"__proto__":[],"constructor":1}"#), good_code),
        // By octets U+FFFD comes before U+1F600, by UTF-16 it comes after.
        (last("\"\u{fffd}\":1,\"\u{1f600}\":2"), good_code),
        (last("\"\u{1f600}\":1,\"\u{fffd}\":2"), bad),
        // Numbers.
        (body(r#""a":0"#), good_code),
        (body(r#""a":-1"#), good_code),
        (body(r#""a":-0"#), bad),
        (body(r#""a":01"#), bad),
        (body(r#""a":1.0"#), bad),
        (body(r#""a":0.5"#), bad),
        (body(r#""a":1e3"#), bad),
        (body(r#""a":9007199254740993"#), good_code),
        (body(r#""a":18446744073709551615"#), good_code),
        (body(r#""a":18446744073709551616"#), bad),
        (body(r#""a":-9223372036854775808"#), good_code),
        (body(r#""a":-9223372036854775809"#), bad),
        (body(r#""a":NaN"#), bad),
        (body(r#""a":[true,false,null]"#), good_code),
        (body(r#""a":tru"#), bad),
        // Texts.
        (body(r#""a":"\n\t\"\\\b\f\r\u001f""#), good_code),
        (body(r#""a":"\u000a""#), bad),
        (body(r#""a":"\u001F""#), bad),
        (body(r#""a":"\u0041""#), bad),
        (body(r#""a":"\/""#), bad),
        (body(r#""a":"\ud800""#), bad),
        (body(r#""a":"\ud83d\ude00""#), bad),
        (body("\"a\":\"\u{1f600}\u{2028}\u{7f}\""), good_code),
        (body("\"a\":\"\u{1}\""), bad),
        (body(r#""a":'b'"#), bad),
        // Fields.
        (swap(r#""v":1"#, r#""v":2"#), bad),
        (swap(r#""v":1"#, r#""v":"1""#), bad),
        (swap(r#","v":1"#, ""), bad),
        (swap(r#""v":1"#, r#""v":1,"w":0"#), bad),
        (swap(r#""seq":2"#, r#""seq":3"#), bad),
        (swap(r#""seq":2"#, r#""seq":-2"#), bad),
        (swap(r#""kind":"fact""#, r#""kind":"Fact""#), bad),
        (swap(r#""kind":"fact""#, r#""kind":"fact","of":1"#), bad),
        (swap(r#""kind":"fact""#, r#""kind":"fact","of":1,"result":"done""#), bad),
        (swap(r#""kind":"fact""#, r#""kind":"outcome""#), bad),
        (swap(r#""kind":"fact""#, r#""kind":"outcome","of":2,"result":"done""#), bad),
        (swap(r#""step":"publish""#, r#""step":null"#), bad),
        (swap(r#""evidence":[]"#, r#""evidence":{}"#), bad),
        (swap(r#""evidence":[]"#, r#""evidence":[{"bytes":-1,"digest":"sha256:00","media":"a"}]"#), bad),
        (evidence(r#","sealed":true"#), good_code),
        (evidence(r#","sealed":false"#), bad),
        (evidence(r#","sealed":1"#), bad),
        (swap(r#"{"agency":"#, r#"{"a":0,"agency":"#), bad),
        (swap(r#""role":"#, r#""key":"a b","role":"#), bad),
        (swap("T07:", "t07:"), bad),
        (swap("T07:", "T25:"), bad),
    ];
    cases.extend(
        [(124, good_code), (125, good_code), (126, bad), (127, bad), (1000, bad)]
            .map(|(depth, code)| (body(&format!(r#""a":{}"#, nested(depth))), code)),
    );
    for ((from, to), code) in cases {
        assert!(written.contains(&from), "{from}");
        let odd = written.replacen(&from, &to, 1);
        let proof = ring.proof_of(odd.clone().into_bytes(), &ring.log, &[]);
        write(&question.files.join("inclusion.tlog-proof"), proof);
        let (page, program) = (desk.page_says(&question), desk.program_says(&question).unwrap());
        assert_eq!(program["verdict"]["code"], code, "{odd}\n{program:#}");
        assert_eq!(page["verdict"]["code"], code, "{odd}\n{page:#}");
    }
    // Octets that are no text, and more of them than an entry has.
    for bytes in [vec![0xff; 100], b"\xef\xbb\xbf{}".to_vec(), Vec::new(), vec![b' '; (1 << 14) + 1]] {
        write(&question.files.join("inclusion.tlog-proof"), ring.proof_of(bytes, &ring.log, &[]));
        desk.says_no_other("malformed", "malformed", &question);
    }
}
