//! A whole page of an agency's own making: what stands in it that would not be shown, would ask somebody for something, or is
//! missing.
//!
//! The page is read by the tokenizer of the HTML standard and held against lists of what may stand in it. A browser that reads
//! something else into it runs nothing all the same: the server's policy lets no script, frame, form or address in.

use std::collections::BTreeMap;
use std::ops::Range;

use html5gum::{DefaultEmitter, HtmlString, Spanned, StartTag, Token, Tokenizer};

use crate::domain::excerpt;
use crate::language::{Direction, LanguageTag};

/// A page with its pictures. Ours has a tenth of it; a visitor on a bad line waits for every octet.
pub const OWN_PAGE_MAX_BYTES: u64 = 512 << 10;

/// Faults that are told of one page; whoever has more starts with these.
const FAULTS_TOLD: usize = 50;

/// Text, pictures, tables. Not here: scripts, frames, forms, plug-ins, media, templates, and vectors in place, which are a
/// language of their own: a picture of them can stand in `img`.
const ELEMENTS: [&str; 80] = [
    "html",
    "head",
    "title",
    "meta",
    "link",
    "style",
    "body",
    "header",
    "nav",
    "main",
    "section",
    "article",
    "aside",
    "footer",
    "address",
    "hgroup",
    "search",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "div",
    "span",
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "cite",
    "code",
    "data",
    "details",
    "summary",
    "dfn",
    "em",
    "figure",
    "figcaption",
    "hr",
    "i",
    "img",
    "kbd",
    "mark",
    "menu",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "col",
    "colgroup",
    "time",
    "u",
    "var",
    "wbr",
    "del",
];

/// What elements may say; besides `aria-…` and `data-…`.
const ATTRIBUTES: [&str; 37] = [
    "id",
    "class",
    "lang",
    "dir",
    "title",
    "role",
    "tabindex",
    "hidden",
    "alt",
    "width",
    "height",
    "datetime",
    "colspan",
    "rowspan",
    "scope",
    "headers",
    "abbr",
    "name",
    "content",
    "charset",
    "rel",
    "href",
    "hreflang",
    "src",
    "open",
    "start",
    "reversed",
    "value",
    "type",
    "translate",
    "media",
    "sizes",
    "span",
    "decoding",
    "loading",
    "referrerpolicy",
    "property",
];

/// What may stand before a link's colon, or begin it: nothing is asked of these before a visitor does it.
const LINKS: [&str; 6] = ["https:", "http:", "mailto:", "tel:", "#", "/"];

/// Pictures that stand in the page.
const PICTURES: [&str; 6] =
    ["data:image/png", "data:image/svg+xml", "data:image/jpeg", "data:image/webp", "data:image/avif", "data:image/gif"];

/// What in a style sheet asks for something.
const CALLS: [&str; 6] = ["url(", "image(", "image-set(", "src(", "@import", "@namespace"];

/// What kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It runs something, asks somebody for something, or is not shown.
    Unsafe,
    /// Something every page has is missing.
    Incomplete,
}

/// What is wrong with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which kind.
    pub kind: FaultKind,
    /// Where, in bytes.
    pub span: Range<usize>,
    /// What.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// Everything that is wrong with a page in a language, up to a bound.
pub fn faults(html: &str, language: &LanguageTag) -> Vec<Fault> {
    let mut reader = Reader::default();
    for token in tokens(html) {
        reader.take(token);
    }
    reader.is_complete(language);
    reader.faults.truncate(FAULTS_TOLD);
    reader.faults
}

/// What a page says to those who read it, and where its links lead, all in one text.
pub fn said(html: &str) -> String {
    let mut said = String::new();
    let mut of_a_tag = false;
    for token in tokens(html) {
        match token {
            // The text of a style sheet is nobody's to read.
            Token::StartTag(tag) => {
                of_a_tag = *tag.name == b"style"[..];
                let href = tag.attributes.get(&b"href"[..]);
                said.extend(href.map(|href| format!(" {} ", String::from_utf8_lossy(href))));
            }
            Token::EndTag(_) => of_a_tag = false,
            Token::String(text) if !of_a_tag => said.push_str(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    said
}

fn tokens(html: &str) -> impl Iterator<Item = Token<usize>> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // After `style`, `title` and `script` the standard reads on in other ways.
    emitter.naively_switch_states(true);
    // A text in memory is read without an error.
    Tokenizer::new_with_emitter(html, emitter).map_while(Result::ok)
}

#[derive(Default)]
struct Reader {
    faults: Vec<Fault>,
    in_style: bool,
    in_title: bool,
    has_doctype: bool,
    title: String,
    language: Option<(String, String, Range<usize>)>,
}

impl Reader {
    fn fault(&mut self, kind: FaultKind, span: Range<usize>, message: String, help: &'static str) {
        // One above the bound is kept, so that no hostile page fills memory.
        if self.faults.len() <= FAULTS_TOLD {
            self.faults.push(Fault { kind, span, message, help });
        }
    }

    fn refuse(&mut self, span: Range<usize>, message: String, help: &'static str) {
        self.fault(FaultKind::Unsafe, span, message, help);
    }

    fn take(&mut self, token: Token<usize>) {
        match token {
            Token::Doctype(doctype) => {
                self.has_doctype |= !doctype.force_quirks && doctype.name.eq_ignore_ascii_case(b"html");
            }
            Token::StartTag(tag) => self.tag(&tag),
            Token::EndTag(_) => (self.in_style, self.in_title) = (false, false),
            Token::String(text) => self.text(&text),
            Token::Comment(_) | Token::Error(_) => {}
        }
    }

    fn text(&mut self, text: &Spanned<HtmlString, usize>) {
        let value = String::from_utf8_lossy(text);
        if self.in_title {
            self.title.push_str(&value);
        }
        if self.in_style {
            self.style(&value, text.span.start..text.span.end);
        }
    }

    fn tag(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let span = tag.span.start..tag.span.end;
        (self.in_style, self.in_title) = (name == "style", name == "title");
        if !ELEMENTS.contains(&name.as_str()) {
            let help = "remove it: a notice runs nothing, asks for nothing and takes nothing in";
            self.refuse(span.clone(), format!("the element `{}` is refused", excerpt(&name)), help);
        }
        let attributes: BTreeMap<String, String> =
            tag.attributes.iter().map(|(name, value)| (lossy(name), lossy(value))).collect();
        let of = |name: &str| attributes.get(name).cloned().unwrap_or_default();
        if name == "html" && self.language.is_none() {
            self.language = Some((of("lang"), of("dir"), span.clone()));
        }
        if name == "link" && !(of("rel").eq_ignore_ascii_case("icon") && of("href").starts_with("data:")) {
            let help = "write styles into a style element, and an icon as rel=\"icon\" href=\"data:…\"";
            self.refuse(span.clone(), "a link to a resource is refused".into(), help);
        }
        for (attribute, value) in &attributes {
            self.attribute(&name, attribute, value, &span);
        }
    }

    fn attribute(&mut self, element: &str, name: &str, value: &str, span: &Range<usize>) {
        let known = ATTRIBUTES.contains(&name) || name.starts_with("aria-") || name.starts_with("data-");
        let value = value.trim();
        match name {
            _ if !known => {
                let help = "remove it; what it looks like stands in a style element";
                self.refuse(span.clone(), format!("the attribute `{}` is refused", excerpt(name)), help);
            }
            "href" if element != "link" && !LINKS.iter().any(|start| begins(value, start)) => {
                let help = "links begin with https:, mailto:, tel:, # or /";
                self.refuse(span.clone(), format!("the link `{}` is refused", excerpt(value)), help);
            }
            "src" if !PICTURES.iter().any(|start| begins(value, start)) => {
                let help = "put the picture into the page: src=\"data:image/png;base64,…\"";
                self.refuse(span.clone(), format!("`{}` is outside of the page", excerpt(value)), help);
            }
            _ => {}
        }
    }

    fn style(&mut self, css: &str, span: Range<usize>) {
        let css = unescaped(css).to_ascii_lowercase();
        for call in CALLS {
            for (at, _) in css.match_indices(call) {
                let after = css.get(at + call.len()..).unwrap_or_default().trim_start().trim_start_matches(['"', '\'']);
                let is_inside =
                    PICTURES.iter().any(|start| after.starts_with(start)) || after.starts_with("data:font/");
                let is_a_picture = call == "url(" && is_inside;
                if !is_a_picture && !is_part_of_a_word(&css, at) {
                    let help = "put pictures and fonts into the style as url(data:image/…) or url(data:font/…)";
                    self.refuse(span.clone(), format!("the style sheet asks for something with `{call}`"), help);
                }
            }
        }
    }

    fn is_complete(&mut self, language: &LanguageTag) {
        let missing = |reader: &mut Self, span: Range<usize>, message: String, help| {
            reader.fault(FaultKind::Incomplete, span, message, help);
        };
        if !self.has_doctype {
            missing(self, 0..0, "the page does not begin with <!DOCTYPE html>".into(), "write it on the first line");
        }
        if self.title.trim().is_empty() {
            missing(self, 0..0, "the page has no title".into(), "add <title>…</title> in the language of the page");
        }
        let (lang, dir, span) = self.language.take().unwrap_or_default();
        if !lang.eq_ignore_ascii_case(language.as_str()) {
            let message = format!("the page says lang=\"{}\" and stands for `{language}`", excerpt(&lang));
            missing(self, span.clone(), message, "write the language into the html element: <html lang=\"…\">");
        }
        if language.direction() == Direction::RightToLeft && !dir.eq_ignore_ascii_case("rtl") {
            let message = format!("`{language}` is written from right to left, and the page does not say so");
            missing(self, span, message, "write <html … dir=\"rtl\">");
        }
    }
}

fn lossy(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn begins(value: &str, start: &str) -> bool {
    // `//host/` is an address of another site and not a path of this one.
    let head = value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    head && !(start == "/" && value[1..].starts_with(['/', '\\']))
}

/// `curl(` only ends in one of the words. What stands behind a hyphen is one of them under a maker's prefix, such as
/// `-webkit-image-set(`.
fn is_part_of_a_word(css: &str, at: usize) -> bool {
    let before = css.get(..at).and_then(|before| before.chars().next_back());
    before.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// CSS Syntax 3 section 4.3.7: `\75 rl(` is `url(`.
fn unescaped(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let (number, tail) = after.split_at_checked(digits).unwrap_or(("", after));
        let written = u32::from_str_radix(number, 16).ok().and_then(char::from_u32);
        plain.extend(written);
        rest = if digits > 0 { tail.strip_prefix(|c: char| c.is_ascii_whitespace()).unwrap_or(tail) } else { tail };
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Seized</title>\
        <style>p{color:#000;background:url(data:image/png;base64,AAAA)}</style><link rel=\"icon\" href=\"data:,\"></head>\
        <body><h1 class=\"a\">Seized</h1><p>Write to <a href=\"mailto:a@police.example\">us</a>.</p>\
        <img src=\"data:image/png;base64,AAAA\" alt=\"\"><a href=\"https://police.example/notices\">Check</a>\
        <a href=\"/.well-known/seizure-notice/\">files</a></body></html>";

    fn tag(text: &str) -> LanguageTag {
        text.parse().unwrap()
    }

    fn told(html: &str) -> Vec<String> {
        faults(html, &tag("en")).into_iter().map(|fault| format!("{:?}: {}", fault.kind, fault.message)).collect()
    }

    #[test]
    fn a_page_of_text_and_pictures_is_accepted_and_read() {
        assert_eq!(told(GOOD), Vec::<String>::new());
        let said = said(GOOD);
        for part in
            ["mailto:a@police.example", "https://police.example/notices", "Seized", "/.well-known/seizure-notice/"]
        {
            assert!(said.contains(part), "{part}");
        }
        assert!(!said.contains("AAAA"));
    }

    #[test]
    fn what_runs_asks_or_takes_is_refused() {
        let style = |css: &str| format!("<style>{css}</style>");
        for inner in [
            "<script>alert(1)</script>".to_owned(),
            "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>".into(),
            "<scr\0ipt>".into(),
            "<noscript><p>x</p></noscript>".into(),
            "<iframe src=\"https://evil.example/\"></iframe>".into(),
            "<object data=\"x\"></object>".into(),
            "<embed src=\"x\">".into(),
            "<form action=\"/\"><input name=\"a\"></form>".into(),
            "<button>x</button>".into(),
            "<base href=\"https://evil.example/\">".into(),
            "<template><p></p></template>".into(),
            "<svg onload=\"alert(1)\"></svg>".into(),
            "<math><maction></maction></math>".into(),
            "<video src=\"data:image/png,x\"></video>".into(),
            "<marquee>x</marquee>".into(),
            "<my-element></my-element>".into(),
            "<frameset></frameset>".into(),
            "<p onclick=\"alert(1)\">x</p>".into(),
            "<p/onclick=alert(1)>x</p>".into(),
            "<p ONMOUSEOVER=alert(1)>x</p>".into(),
            "<p style=\"color:red\">x</p>".into(),
            "<p is=\"x-y\">x</p>".into(),
            "<a href=\"javascript:alert(1)\">x</a>".into(),
            "<a href=\" java&#115;cript:alert(1)\">x</a>".into(),
            "<a href=\"data:text/html,x\">x</a>".into(),
            "<a href=\"//evil.example/\">x</a>".into(),
            "<a href=\"/\\evil.example/\">x</a>".into(),
            "<a href=\"x.html\">x</a>".into(),
            "<a href=\"ftp://evil.example/\">x</a>".into(),
            "<a href=\"/\" ping=\"https://evil.example/\">x</a>".into(),
            "<img src=\"https://evil.example/x.png\" alt=\"\">".into(),
            "<img src=\"x.png\" alt=\"\">".into(),
            "<img src=\"/.well-known/seizure-notice/x.png\" alt=\"\">".into(),
            "<img src=\"data:text/html,x\" alt=\"\">".into(),
            "<img srcset=\"https://evil.example/x.png 2x\" alt=\"\">".into(),
            "<body background=\"https://evil.example/x.png\">".into(),
            "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example/\">".into(),
            "<link rel=\"stylesheet\" href=\"https://evil.example/x.css\">".into(),
            "<link rel=\"icon\" href=\"https://evil.example/x.ico\">".into(),
            "<link rel=\"preload\" href=\"data:,\">".into(),
            style("@import 'https://evil.example/x.css';"),
            style("p{background:url(https://evil.example/x.png)}"),
            style("p{background:URL( 'x.png' )}"),
            style("p{background:u\\72l(https://evil.example/x.png)}"),
            style("p{background:\\75 rl(x)}"),
            style("p{background:image-set('x.png' 1x)}"),
            style("p{background:-webkit-image-set('x.png' 1x)}"),
            style("@font-face{src:url(https://evil.example/x.woff2)}"),
            style("p{background:url(data:text/html,x)}"),
        ] {
            let told = told(&GOOD.replace("<h1", &format!("{inner}<h1")));
            assert!(!told.is_empty() && told.iter().all(|fault| fault.starts_with("Unsafe")), "{inner}: {told:?}");
        }
    }

    #[test]
    fn what_every_page_has_is_missed() {
        for (from, to, part) in [
            ("<!DOCTYPE html>", "", "DOCTYPE"),
            ("<title>Seized</title>", "", "no title"),
            ("<title>Seized", "<title> ", "no title"),
            ("lang=\"en\"", "", "lang=\"\""),
            ("lang=\"en\"", "lang=\"de\"", "lang=\"de\""),
        ] {
            let told = told(&GOOD.replace(from, to));
            assert!(told.len() == 1 && told[0].starts_with("Incomplete") && told[0].contains(part), "{from}: {told:?}");
        }
        let arabic = GOOD.replace("lang=\"en\"", "lang=\"ar\"");
        assert_eq!(faults(&arabic, &tag("ar")).len(), 1);
        assert_eq!(faults(&arabic.replace("lang=\"ar\"", "lang=\"ar\" dir=\"rtl\""), &tag("ar")), []);
        assert!(told(&GOOD.replace("<title>", "<!-- <title>x</title> --><title>")).is_empty());
        assert_eq!(told(&"<x>".repeat(10_000)).len(), FAULTS_TOLD);
    }

    proptest! {
        #[test]
        fn any_text_is_answered(html in "\\PC{0,300}", css in "[\\\\0-9a-fA-F ur(l:;'\"@\n]{0,60}") {
            let html = format!("{html}<style>{css}</style>");
            for fault in faults(&html, &tag("en")) {
                prop_assert!(fault.span.end <= html.len());
            }
            said(&html);
        }
    }
}
