//! What an agency brings of its own: seals, colours, pages.

use super::*;

/// The example in which this file is the seal of the lead.
fn with_seal(copy: &Copy, path: &str, bytes: &[u8]) -> Loaded {
    copy.write(path, bytes);
    let old = Digest::of(fs::read(Path::new(EXAMPLE).join("seals/ncu.svg")).unwrap()).hex();
    let text = changed(&good(), "\"seals/ncu.svg\"", &format!("\"{path}\""));
    copy.load_text(&changed(&text, &old, &Digest::of(bytes).hex()))
}

#[test]
fn a_seal_that_acts_or_is_no_picture_is_refused_whatever_its_digest_and_name() {
    let copy = Copy::new();
    let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">\n{inner}</svg>");
    for (path, bytes, part) in [
        ("seals/a.svg", svg("<script/>"), "line 2: the element `script` is refused"),
        ("seals/a.svg", svg("<g onload=\"x\"/>"), "the attribute `onload` is refused"),
        ("seals/a.png", svg("<image/>"), "the element `image` is refused"),
        ("seals/a.png", "\u{89}PNG".into(), "not an SVG"),
        ("seals/a.svg", format!("<!DOCTYPE svg>{}", svg("")), "document type"),
        ("seals/a.jpg", "JFIF".into(), "not an SVG"),
    ] {
        let loaded = with_seal(&copy, path, bytes.as_bytes());
        let shown = loaded.render(false);
        assert!(loaded.playbook.is_none() && shown.contains("error[P110]") && shown.contains(part), "{path}: {shown}");
        assert_eq!(loaded.problems.len(), 1, "{shown}");
    }
    let drawn = with_seal(&copy, "seals/a.svg", svg("<path d=\"M0 0h9v9z\"/>").as_bytes());
    assert_eq!(drawn.render(false), "");
    let seal = drawn.playbook.unwrap().agencies[0].seal.clone().unwrap();
    assert_eq!(seal.alt[&"ja".parse().unwrap()], "海を照らす灯台");
    // Each is small enough, and all of them are not.
    let many = svg(&format!("<title>{}</title>", "é".repeat(30_000)));
    let mut text = good();
    for agency in ["ncu", "npo", "fcd"] {
        let path = format!("seals/{agency}.svg");
        text = changed(
            &text,
            &Digest::of(fs::read(Path::new(EXAMPLE).join(&path)).unwrap()).hex(),
            &Digest::of(&many).hex(),
        );
        copy.write(&path, many.as_bytes());
    }
    let shown = copy.load_text(&text).render(false);
    assert!(shown.contains("error[P110]: the seals of this notice take"), "{shown}");
}

/// The example with a page of the agencies' own, in English, for each of these embargoes.
fn with_pages(copy: &Copy, pages: &[(&str, Option<&str>)]) -> Loaded {
    let mut text = good();
    for (number, (html, embargo)) in pages.iter().enumerate() {
        let path = format!("pages/{number}.html");
        copy.write(&path, html.as_bytes());
        let embargo = embargo.map(|step| format!("embargo = \"{step}\"\n")).unwrap_or_default();
        let file = format!("file = {{ path = \"{path}\", sha256 = \"{}\" }}", Digest::of(html).hex());
        let page = format!("[[notice.page]]\nlanguage = \"en\"\n{file}\n{embargo}\n");
        text = changed(&text, "[notice.theme]", &format!("{page}[notice.theme]"));
    }
    copy.load_text(&text)
}

#[test]
fn a_page_of_ones_own_is_whole_and_tells_what_visitors_must_know() {
    const GOOD: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Seized</title></head>\n<body><h1>Seized</h1>\
        <a href=\"https://www.ncu.example/seizure-notices\">Check</a>\n<a href=\"mailto:objections@npo.example\">Object</a>\
        <p>tips@ncu.example</p></body></html>\n";
    let copy = Copy::new();
    let told = |pages: &[(&str, Option<&str>)]| {
        let loaded = with_pages(&copy, pages);
        assert_eq!(loaded.playbook.is_none(), loaded.has_errors());
        found(&loaded)
    };
    let both = [(GOOD, None), (GOOD, Some("release"))];
    assert_eq!(told(&both), []);
    let playbook = with_pages(&copy, &both).playbook.unwrap();
    assert_eq!((playbook.notices[0].pages.len(), playbook.notices[0].pages[0].html.as_str()), (2, GOOD));
    // Each pointed at in the page itself: code, line.
    for (from, to, code, line) in [
        ("<h1>", "<script src=\"https://evil.example/x.js\"></script><h1>", "P113", 3),
        ("<h1>", "<img src=\"https://evil.example/x.png\" alt=\"\"><h1>", "P113", 3),
        ("</head>", "<link rel=\"stylesheet\" href=\"https://evil.example/x.css\"></head>", "P113", 2),
        ("<h1>", "<h1 onclick=\"x()\">", "P113", 3),
        ("<title>Seized</title>", "", "P114", 1),
        ("lang=\"en\"", "lang=\"de\"", "P114", 2),
        ("<!DOCTYPE html>", "", "P114", 1),
    ] {
        let page = GOOD.replace(from, to);
        let told = told(&[(&page, None), (GOOD, Some("release"))]);
        assert!(told.iter().any(|(found, at, _)| (*found, *at) == (code, line)), "{from} {to}: {told:?}");
    }
    for silent in ["https://www.ncu.example/seizure-notices", "objections@npo.example", "tips@ncu.example"] {
        let page = GOOD.replace(silent, "https://x.example/");
        let told = told(&[(&page, None), (GOOD, Some("release"))]);
        assert!(told.len() == 1 && told[0].0 == "P115", "{silent}: {told:?}");
    }
    assert_eq!(told(&[(GOOD, None)])[0].0, "P116", "what is released would not be shown");
    assert_eq!(told(&[(GOOD, None), (GOOD, Some("verify"))])[0].0, "P116");
    assert!(told(&[(GOOD, None), (GOOD, None)]).iter().any(|(code, ..)| *code == "P007"));
}

#[test]
fn pages_of_ones_own_are_for_languages_of_the_notice_and_told_where_they_are_missing() {
    let copy = Copy::new();
    let english = fs::read_to_string(copy.path("texts/en.toml")).unwrap();
    copy.write("texts/de.toml", made_from(&Digest::of(&english).hex()).as_bytes());
    copy.write("pages/a.html", b"x");
    let digest = Digest::of("x").hex();
    let page = |language: &str, path: &str, digest: &str| {
        let page = format!(
            "[[notice.page]]\nlanguage = \"{language}\"\nfile = {{ path = \"{path}\", sha256 = \"{digest}\" }}\n\n"
        );
        changed(&with_german(), "[notice.theme]", &format!("{page}[notice.theme]"))
    };
    let codes = |text: &str| found(&copy.load_text(text)).into_iter().map(|(code, ..)| code).collect::<Vec<_>>();
    assert!(codes(&page("fr", "pages/a.html", &digest)).contains(&"P008"));
    assert!(codes(&page("en", "pages/none.html", &digest)).contains(&"P021"));
    assert!(codes(&page("en", "pages/a.html", &press_release())).contains(&"P025"));
    let shown = copy.load_text(&page("en", "pages/a.html", &digest)).render(false);
    assert!(shown.contains("there is no page of your own in de"), "{shown}");
    copy.write("pages/a.html", b"\xff");
    assert!(codes(&page("en", "pages/a.html", &Digest::of(b"\xff").hex())).contains(&"P022"));
    copy.write("pages/a.html", &vec![b'x'; 513 << 10]);
    assert!(codes(&page("en", "pages/a.html", &digest)).contains(&"P023"));
}

#[test]
fn a_low_contrast_is_told_with_its_ratio_what_is_needed_and_a_colour_that_has_it() {
    let copy = Copy::new();
    let faint = changed(&good(), "link = \"#0a4a8a\"", "link = \"#8fa6bd\"");
    let shown = copy.load_text(&faint).render(false);
    assert!(shown.contains("error[P112]: light: `link` on `tint` has a contrast of 2.2"), "{shown}");
    assert!(shown.contains("to 1, and 4.5 is needed"), "{shown}");
    let (_, help) = shown.split_once("write link = \"").unwrap();
    let better = help.split('"').next().unwrap();
    assert_eq!(copy.load_text(&faint.replace("#8fa6bd", better)).render(false), "");
    // A ground that is changed is at fault itself where nothing else was.
    let dark_paper = changed(&good(), "mark = \"#d6b25c\"", "paper = \"#ffffff\"");
    let loaded = copy.load_text(&dark_paper);
    assert!(loaded.problems.iter().all(|problem| problem.code == Code::Contrast) && !loaded.problems.is_empty());
}
