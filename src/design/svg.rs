//! SVG, as little of it as a seal needs: shapes, fills and gradients. Whatever is not on the lists below is refused, so that
//! nothing which a later browser learns to do is let in by default.

use roxmltree::{Attribute, Document, Node, NodeType, ParsingOptions};

const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements, attributes and texts together; a rich coat of arms has some thousand.
const NODES_MAX: u32 = 20_000;

/// Groups within groups; drawing programs nest a dozen.
const DEPTH_MAX: usize = 40;

/// Not here: `text`, which needs fonts; `use`, which can multiply itself without end; `image`, `style`, `filter`, `a`,
/// `foreignObject`, `script` and all that moves.
const ELEMENTS: [&str; 17] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "metadata",
];

/// What is drawn and where.
const GEOMETRY: [&str; 31] = [
    "id",
    "version",
    "viewBox",
    "preserveAspectRatio",
    "width",
    "height",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "d",
    "points",
    "offset",
    "transform",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "clipPathUnits",
    "pathLength",
    "overflow",
    "enable-background",
    "baseProfile",
];

/// How it is painted; these may also stand in `style`.
const PAINTING: [&str; 22] = [
    "fill",
    "fill-rule",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-opacity",
    "opacity",
    "clip-path",
    "clip-rule",
    "stop-color",
    "stop-opacity",
    "color",
    "display",
    "visibility",
    "paint-order",
    "vector-effect",
    "shape-rendering",
];

/// The properties that may point at a gradient or a clip of the same file.
const POINTING: [&str; 3] = ["fill", "stroke", "clip-path"];

/// Why an SVG is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SvgError {
    /// Not UTF-8, or it says that it is something else.
    #[error("it is neither a PNG nor an SVG in UTF-8")]
    Encoding,
    /// Not well-formed, with a document type (and so perhaps entities), or with too many nodes.
    #[error("it is not an SVG without document type: {0}")]
    Xml(#[from] roxmltree::Error),
    /// The outermost element is another.
    #[error("it is not an SVG: its outermost element is not `svg` of {SVG}")]
    Root,
    /// Without it the picture does not scale.
    #[error("its `svg` element has no viewBox of four numbers with a width and a height")]
    ViewBox,
    /// An instruction to whoever reads it, such as `xml-stylesheet`.
    #[error("line {line}: a processing instruction is refused")]
    Instruction {
        /// From 1.
        line: u32,
    },
    /// Not one of the elements of a seal.
    #[error("line {line}: the element `{name}` is refused")]
    Element {
        /// Its name.
        name: String,
        /// From 1.
        line: u32,
    },
    /// Not one of the attributes of a seal.
    #[error("line {line}: the attribute `{name}` is refused")]
    Attribute {
        /// Its name.
        name: String,
        /// From 1.
        line: u32,
    },
    /// A value that could lead out of the file, or is none.
    #[error("line {line}: `{name}` has a value that is refused: `{value}`")]
    Value {
        /// The attribute or property.
        name: String,
        /// Shortened.
        value: String,
        /// From 1.
        line: u32,
    },
    /// Text would be drawn in whatever font is there.
    #[error("line {line}: text outside of `title` and `desc` is refused")]
    Text {
        /// From 1.
        line: u32,
    },
    /// Too many elements within each other.
    #[error("line {line}: more than {DEPTH_MAX} elements within each other")]
    Depth {
        /// From 1.
        line: u32,
    },
}

/// The text of an SVG in which nothing acts.
pub(super) fn check(bytes: &[u8]) -> Result<&str, SvgError> {
    let text = std::str::from_utf8(bytes).map_err(|_| SvgError::Encoding)?;
    says_utf_8(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err(SvgError::Root);
    }
    view_box(root.attribute("viewBox").unwrap_or_default())?;
    document.root().descendants().try_for_each(node)?;
    Ok(text)
}

/// A declared encoding is what a browser goes by, so it must be the one that was read here.
fn says_utf_8(text: &str) -> Result<(), SvgError> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some((declaration, _)) = bare.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) else {
        return Ok(());
    };
    let declaration = declaration.to_ascii_lowercase().replace('\'', "\"");
    let says = declaration.contains("encoding");
    (!says || declaration.contains("encoding=\"utf-8\"")).then_some(()).ok_or(SvgError::Encoding)
}

fn view_box(value: &str) -> Result<(), SvgError> {
    let numbers: Option<Vec<f64>> = value
        .split(|c: char| c.is_ascii_whitespace() || c == ',')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok().filter(|number: &f64| number.is_finite()))
        .collect();
    match numbers.as_deref() {
        Some([_, _, width, height]) if *width > 0.0 && *height > 0.0 => Ok(()),
        _ => Err(SvgError::ViewBox),
    }
}

fn line_of(node: &Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

fn node(node: Node<'_, '_>) -> Result<(), SvgError> {
    match node.node_type() {
        NodeType::Root | NodeType::Comment => Ok(()),
        NodeType::PI => Err(SvgError::Instruction { line: line_of(&node) }),
        NodeType::Text => text(&node),
        NodeType::Element => element(&node),
    }
}

fn text(node: &Node<'_, '_>) -> Result<(), SvgError> {
    let is_blank = node.text().is_none_or(|text| text.trim().is_empty());
    let is_told = node.parent().is_some_and(|parent| ["title", "desc"].contains(&parent.tag_name().name()));
    (is_blank || is_told).then_some(()).ok_or_else(|| SvgError::Text { line: line_of(node) })
}

fn element(node: &Node<'_, '_>) -> Result<(), SvgError> {
    let name = node.tag_name();
    let is_inner_svg = name.name() == "svg" && node.parent_element().is_some();
    if name.namespace() != Some(SVG) || !ELEMENTS.contains(&name.name()) || is_inner_svg {
        return Err(SvgError::Element { name: crate::domain::excerpt(name.name()), line: line_of(node) });
    }
    if node.ancestors().count() > DEPTH_MAX {
        return Err(SvgError::Depth { line: line_of(node) });
    }
    node.attributes().try_for_each(|attribute| attribute_of(node, &attribute))
}

fn attribute_of(node: &Node<'_, '_>, attribute: &Attribute<'_, '_>) -> Result<(), SvgError> {
    let (name, value) = (attribute.name(), attribute.value());
    let refuse = || Err(SvgError::Attribute { name: crate::domain::excerpt(name), line: line_of(node) });
    match attribute.namespace() {
        // `xml:space`, which drawing programs write.
        Some(space) if space == roxmltree::NS_XML_URI && name == "space" => Ok(()),
        Some(_) => refuse(),
        None if name == "style" => style(node, value),
        None if GEOMETRY.contains(&name) || PAINTING.contains(&name) => plain(node, name, value),
        None => refuse(),
    }
}

/// Declarations as `name: value; name: value`.
fn style(node: &Node<'_, '_>, text: &str) -> Result<(), SvgError> {
    for declaration in text.split(';').map(str::trim).filter(|declaration| !declaration.is_empty()) {
        let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
        let (name, value) = (name.trim(), value.trim());
        if !PAINTING.contains(&name) {
            return Err(SvgError::Attribute {
                name: format!("style: {}", crate::domain::excerpt(name)),
                line: line_of(node),
            });
        }
        plain(node, name, value)?;
    }
    Ok(())
}

/// Numbers, words, colours and functions such as `rotate(45)`. No character is let in with which an address, an escape, a
/// string or a rule could be written; a pointer leads to a name in the same file.
fn plain(node: &Node<'_, '_>, name: &str, value: &str) -> Result<(), SvgError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || ".,+-#%()_".contains(c);
    let points = value.to_ascii_lowercase().contains("url");
    let within_clip = || node.ancestors().any(|above| above.has_tag_name((SVG, "clipPath")));
    let good = value.chars().all(is_plain)
        && (!points || (POINTING.contains(&name) && is_pointer(value.trim())))
        // Clips that clip each other multiply without end.
        && (name != "clip-path" || !within_clip());
    let refused = || SvgError::Value { name: name.into(), value: crate::domain::excerpt(value), line: line_of(node) };
    good.then_some(()).ok_or_else(refused)
}

fn is_pointer(value: &str) -> bool {
    let name = value.strip_prefix("url(#").and_then(|rest| rest.strip_suffix(')'));
    name.is_some_and(|name| !name.is_empty() && !name.contains(['(', ')', '#', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 64 64\"";

    fn within(inner: &str) -> String {
        format!("{HEAD}>{inner}</svg>")
    }

    fn told(svg: &str) -> String {
        check(svg.as_bytes()).err().map_or_else(|| "accepted".into(), |error| error.to_string())
    }

    #[test]
    fn drawings_are_accepted() {
        for svg in [
            within("<path d=\"M1,2 L3 4z\" fill=\"#00234a\"/>"),
            within(
                "<title>Seal — 印</title><desc>A &amp; B &lt;c&gt;</desc><g transform=\"rotate(45 3,3)\"><rect width=\"5\" height=\"50%\"/></g>",
            ),
            within(
                "<defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"#fff\"/></linearGradient></defs><circle r=\"4\" fill=\"url(#a)\"/>",
            ),
            within("<clipPath id=\"c\"><rect width=\"4\" height=\"4\"/></clipPath><g clip-path=\"url(#c)\"/>"),
            within("<!-- <script>alert(1)</script> --><path style=\"fill:#fff; stroke : none;\" d=\"M0 0\"/>"),
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n{}", within("")),
            format!("\u{feff}{HEAD} xml:space=\"preserve\"/>"),
        ] {
            assert_eq!(told(&svg), "accepted", "{svg}");
        }
    }

    /// Every way in which an SVG is known to act, to ask for something, or to grow.
    #[test]
    fn what_acts_in_an_svg_is_refused() {
        let nested = format!("{}{}", "<g>".repeat(50), "</g>".repeat(50));
        let deep = format!("{}{}", "<g>".repeat(9_000), "</g>".repeat(9_000));
        for (inner, part) in [
            // Scripts.
            ("<script>alert(1)</script>", "element `script`"),
            ("<script href=\"https://evil.example/x.js\"/>", "element `script`"),
            ("<script xlink:href=\"data:text/javascript,alert(1)\"/>", "element `script`"),
            ("<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\">alert(1)</h:script>", "element `script`"),
            ("<SCRIPT>alert(1)</SCRIPT>", "element `SCRIPT`"),
            ("<handler type=\"application/ecmascript\">alert(1)</handler>", "element `handler`"),
            ("<listener event=\"load\"/>", "element `listener`"),
            // Handlers of events.
            ("<path onload=\"alert(1)\"/>", "attribute `onload`"),
            ("<g onclick=\"alert(1)\"/>", "attribute `onclick`"),
            ("<g OnMouseOver=\"alert(1)\"/>", "attribute `OnMouseOver`"),
            ("<g onbegin=\"alert(1)\"/>", "attribute `onbegin`"),
            ("<g ev:event=\"load\" xmlns:ev=\"http://www.w3.org/2001/xml-events\"/>", "attribute `event`"),
            // Other documents inside.
            (
                "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"/></foreignObject>",
                "element `foreignObject`",
            ),
            ("<iframe xmlns=\"http://www.w3.org/1999/xhtml\" src=\"javascript:alert(1)\"/>", "element `iframe`"),
            ("<image href=\"https://evil.example/x.png\"/>", "element `image`"),
            ("<image xlink:href=\"data:image/svg+xml,x\"/>", "element `image`"),
            ("<feImage href=\"https://evil.example/x\"/>", "element `feImage`"),
            ("<video src=\"x\" xmlns=\"http://www.w3.org/1999/xhtml\"/>", "element `video`"),
            ("<embed src=\"x\" xmlns=\"http://www.w3.org/1999/xhtml\"/>", "element `embed`"),
            ("<svg viewBox=\"0 0 1 1\"/>", "element `svg`"),
            // What asks for something outside.
            ("<use href=\"https://evil.example/x.svg#a\"/>", "element `use`"),
            ("<use href=\"#a\"/>", "element `use`"),
            ("<a href=\"javascript:alert(1)\"><path d=\"M0 0\"/></a>", "element `a`"),
            ("<a xlink:href=\"https://evil.example/\"/>", "element `a`"),
            ("<linearGradient href=\"https://evil.example/x.svg#a\"/>", "attribute `href`"),
            ("<linearGradient xlink:href=\"#a\"/>", "attribute `href`"),
            ("<path fill=\"url(https://evil.example/x.svg#a)\"/>", "`fill` has a value"),
            ("<path fill=\"url(&#104;ttp://evil.example/#a)\"/>", "`fill` has a value"),
            ("<path fill=\"URL(//evil.example/#a)\"/>", "`fill` has a value"),
            ("<path fill=\"u\\72l(evil)\"/>", "`fill` has a value"),
            ("<path fill=\"url('#a')\"/>", "`fill` has a value"),
            ("<path fill=\"url(evil.svg#a)\"/>", "`fill` has a value"),
            ("<path fill=\"url(#a) url(evil)\"/>", "`fill` has a value"),
            ("<path transform=\"url(#a)\"/>", "`transform` has a value"),
            ("<path stroke=\"javascript:alert(1)\"/>", "`stroke` has a value"),
            ("<g xml:base=\"https://evil.example/\"/>", "attribute `base`"),
            ("<path cursor=\"url(https://evil.example/x)\"/>", "attribute `cursor`"),
            ("<path filter=\"url(#f)\"/>", "attribute `filter`"),
            ("<path mask=\"url(https://evil.example/#m)\"/>", "attribute `mask`"),
            ("<path marker-end=\"url(#m)\"/>", "attribute `marker-end`"),
            ("<font-face-uri href=\"https://evil.example/x.svg\"/>", "element `font-face-uri`"),
            // Styles.
            ("<style>@import 'https://evil.example/x.css'</style>", "element `style`"),
            ("<path style=\"background:url(https://evil.example/x)\"/>", "attribute `style: background`"),
            ("<path style=\"fill:url(https://evil.example/x)\"/>", "`fill` has a value"),
            ("<path style=\"fill:url(//evil.example/x)\"/>", "`fill` has a value"),
            ("<path style=\"fill:expression(alert(1)); behavior:url(x)\"/>", "attribute `style: behavior`"),
            ("<path style=\"fill:#fff;@import 'x'\"/>", "attribute `style: @import"),
            ("<path style=\"fi\\6c l:#fff\"/>", "attribute `style: fi"),
            ("<path class=\"a\"/>", "attribute `class`"),
            // What moves, and can write `href` or a handler as it goes.
            ("<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>", "element `animate`"),
            ("<set attributeName=\"onload\" to=\"alert(1)\"/>", "element `set`"),
            ("<animateTransform/>", "element `animateTransform`"),
            ("<animateMotion/>", "element `animateMotion`"),
            ("<discard/>", "element `discard`"),
            // What grows.
            ("<symbol id=\"a\"/>", "element `symbol`"),
            ("<pattern id=\"a\"/>", "element `pattern`"),
            ("<mask id=\"a\"/>", "element `mask`"),
            ("<filter id=\"a\"/>", "element `filter`"),
            ("<clipPath id=\"a\"><path clip-path=\"url(#b)\"/></clipPath>", "`clip-path` has a value"),
            ("<clipPath id=\"a\" clip-path=\"url(#b)\"/>", "`clip-path` has a value"),
            (nested.as_str(), "more than 40"),
            (deep.as_str(), "more than 40"),
            // What reads differently elsewhere.
            ("<text>Police</text>", "element `text`"),
            ("Police", "text outside"),
            ("<![CDATA[<script>alert(1)</script>]]>", "text outside"),
            ("<?xml-stylesheet href=\"https://evil.example/x.css\"?>", "processing instruction"),
            ("<?php echo 1 ?>", "processing instruction"),
            ("<metadata><rdf:RDF xmlns:rdf=\"http://x\"/></metadata>", "element `RDF`"),
            ("&evil;", "not an SVG without document type"),
            ("<path d=\"M0 0\"", "not an SVG without document type"),
            ("<path d=\"M0 0\" d=\"M1 1\"/>", "not an SVG without document type"),
        ] {
            let said = told(&within(inner));
            assert!(said.contains(part), "{}: {said}", inner.get(..80).unwrap_or(inner));
        }
    }

    #[test]
    fn what_is_no_svg_or_reads_as_another_is_refused() {
        let entity = format!("<!DOCTYPE svg [<!ENTITY x \"y\">]>{}", within("&x;"));
        let external = format!("<!DOCTYPE svg SYSTEM \"file:///etc/passwd\">{}", within(""));
        let parameter = format!("<!DOCTYPE svg [<!ENTITY % x SYSTEM \"http://evil.example/\"> %x;]>{}", within(""));
        for (svg, part) in [
            (entity, "document type"),
            (external, "document type"),
            (parameter, "document type"),
            (format!("<?xml-stylesheet href='x'?>{}", within("")), "processing instruction"),
            (format!("<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?>{}", within("")), "UTF-8"),
            (format!("<?xml version='1.0' encoding = 'utf-16'?>{}", within("")), "UTF-8"),
            (within("").replace("2000/svg", "1999/xhtml"), "outermost element"),
            ("<svg viewBox=\"0 0 1 1\"/>".into(), "outermost element"),
            ("<html xmlns=\"http://www.w3.org/2000/svg\"/>".into(), "outermost element"),
            (within("").replace("viewBox=\"0 0 64 64\"", ""), "viewBox"),
            (within("").replace("0 0 64 64", "0 0 0 64"), "viewBox"),
            (within("").replace("0 0 64 64", "0 0 inf 64"), "viewBox"),
            (within("").replace("0 0 64 64", "0 0 64"), "viewBox"),
            (format!("{HEAD} onload=\"alert(1)\"/>"), "attribute `onload`"),
            ("GIF89a".into(), "document type"),
            (String::new(), "document type"),
        ] {
            let said = told(&svg);
            assert!(said.contains(part), "{svg}: {said}");
        }
        assert_eq!(check(b"<svg \xff/>"), Err(SvgError::Encoding));
        let utf_16: Vec<u8> = within("").encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(check(&utf_16).is_err());
        let many = within(&"<g/>".repeat(NODES_MAX as usize));
        assert!(matches!(check(many.as_bytes()), Err(SvgError::Xml(roxmltree::Error::NodesLimitReached))));
    }
}
