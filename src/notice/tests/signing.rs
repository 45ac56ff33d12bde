//! Signatures, and the kit with which they are checked.

use super::*;

#[test]
fn security_txt_has_what_rfc_9116_demands() {
    let edition = publish(&drafts(&playbook())[0], None, BTreeMap::new()).unwrap();
    assert_eq!(
        std::str::from_utf8(&edition.security_txt).unwrap(),
        "# Notice harbour-light/main/1: objections first, then victims and witnesses.\n\
         Contact: mailto:objections@ncu.example\n\
         Contact: mailto:tips@ncu.example\n\
         Expires: 2027-05-22T08:00:00Z\n\
         Preferred-Languages: ar, de, en, es, fr, ja, nl, pl, ru, zh-Hans\n\
         Canonical: https://shop.example/.well-known/security.txt\n\
         Canonical: https://xn--bcher-kva.example/.well-known/security.txt\n\
         Policy: https://ncu.example/notices/harbour-light\n"
    );
    let mut without = playbook();
    without.contacts.clear();
    let edition = publish(&drafts(&without)[0], None, BTreeMap::new()).unwrap();
    assert!(edition.security_txt.windows(36).any(|part| part == b"Contact: https://ncu.example/notices"));
}

#[test]
fn agencies_sign_one_after_the_other_and_the_lines_stand_in_their_order() {
    let draft = &drafts(&playbook())[0];
    let first = sign(draft, None, &prosecutor()).unwrap();
    let both = sign(draft, Some(&first), &ncu()).unwrap();
    let names: Vec<_> = both.signatures.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["ncu.example/notice", "prosecutor.example/notice"]);
    assert_eq!(both.text.as_str(), draft.manifest().to_string());
    let keys = [ncu().verifier().clone(), prosecutor().verifier().clone()];
    assert_eq!(both.verify(&keys).unwrap().len(), 2);
    assert_eq!(sign(draft, Some(&both), &ncu()).unwrap(), both, "signing again changes nothing");
}

#[test]
fn only_the_keys_on_the_notice_sign_and_only_this_edition() {
    let drafts = drafts(&playbook());
    for stranger in [key_of("other.example/notice", 3), key_of("ncu.example/notice", 3)] {
        assert!(matches!(sign(&drafts[0], None, &stranger), Err(SignError::NotAsked { .. })));
    }
    let of_second = sign(&drafts[1], None, &ncu()).unwrap();
    assert!(matches!(sign(&drafts[0], Some(&of_second), &prosecutor()), Err(SignError::OtherText { .. })));
    let mut forged = sign(&drafts[0], None, &ncu()).unwrap();
    forged.signatures[0].signature[5] ^= 1;
    assert!(matches!(sign(&drafts[0], Some(&forged), &prosecutor()), Err(SignError::Note { .. })));
    assert!(matches!(publish(&drafts[0], Some(&forged), BTreeMap::new()), Err(SignError::Note { .. })));
}

#[test]
fn the_kit_has_the_keys_of_those_who_signed_and_speaks_of_what_is_there() {
    let draft = &drafts(&playbook())[0];
    let howto = |edition: &Edition| String::from_utf8(edition.kit["HOWTO.txt"].clone()).unwrap();
    let unsigned = publish(draft, None, BTreeMap::new()).unwrap();
    assert_eq!(unsigned.note(), None);
    assert_eq!(unsigned.kit.keys().collect::<Vec<_>>(), ["HOWTO.txt", "notice.txt", "verify.html"]);
    assert!(howto(&unsigned).contains("not signed yet"));

    let note = sign(draft, None, &ncu()).unwrap();
    let further: BTreeMap<String, Vec<u8>> = ["notice.txt.ncu.minisig", "ncu.minisign.pub", "policy", "keys.note"]
        .map(|name| (name.to_owned(), b"x".to_vec()))
        .into();
    let signed = publish(draft, Some(&note), further).unwrap();
    assert_eq!(signed.note(), Some(note.to_string().as_bytes()));
    assert_eq!(signed.kit["ncu.vkey"], format!("{}\n", ncu().verifier()).into_bytes());
    assert!(!signed.kit.contains_key("prosecutor.vkey"));
    let text = howto(&signed);
    assert!(text.is_ascii() && text.contains("minisign -Vm") && !text.contains("ssh-keygen"), "{text}");
    assert!(
        text.contains("Save verify.html") && text.contains("policy says") && text.contains("keys.note says"),
        "{text}"
    );
    // Nothing in the kit vouches for its own keys, and without the page nothing is said of it.
    assert!(text.contains("prints elsewhere") && text.contains("and the page itself (HTML only)"), "{text}");
    let prose = text.lines().filter(|line| !line.starts_with("    "));
    assert!(prose.into_iter().all(|line| line.len() <= 80), "{text}");

    for name in [
        "notice.txt",
        "HOWTO.txt",
        "verify.html",
        "edition.json",
        "security.txt",
        "../x.txt",
        ".x",
        "en",
        "",
        "a/b.txt",
    ] {
        let further = BTreeMap::from([(name.to_owned(), Vec::new())]);
        assert!(matches!(publish(draft, Some(&note), further), Err(SignError::KitName { .. })), "{name}");
    }
}

#[test]
fn the_page_that_checks_in_a_browser_runs_its_own_script_and_nothing_else() {
    let draft = &drafts(&playbook())[0];
    let kit = publish(draft, None, BTreeMap::new()).unwrap().kit;
    let page = std::str::from_utf8(&kit["verify.html"]).unwrap();
    let inside = |tag: &str| {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        assert_eq!((page.matches(&format!("<{tag}")).count(), page.matches(&close).count()), (1, 1), "{tag}");
        page.split_once(&open).unwrap().1.split_once(&close).unwrap().0
    };
    // After a change of the page, this is what its policy must say.
    for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
        let digest = data_encoding::BASE64.encode(Digest::of(inside(tag)).as_bytes());
        let allowed = format!("; {directive} 'sha256-{digest}';");
        assert!(page.contains(&allowed), "the policy in templates/verify.html must have `{allowed}`");
    }
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none';") && policy.contains("; connect-src 'none';"), "{policy}");
    for outside in
        [" src=", " href=", "url(", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "innerHTML", "eval(", "Storage"]
    {
        assert!(!page.contains(outside), "{outside}");
    }
}
