//! Problems for people and for programs.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::load::Loaded;
use super::problem::{Problem, Severity};
use super::source::{Place, Source};
use crate::words::counted;

/// Columns of a plain terminal.
const WIDTH: usize = 80;

/// Version of the JSON form.
const JSON_VERSION: u32 = 1;

impl Loaded {
    /// Every problem as rustc would show it: the line, the offending text underlined, and what to write instead.
    pub fn render(&self, coloured: bool) -> String {
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
        let mut shown: Vec<String> = self.problems.iter().map(|problem| self.render_one(&renderer, problem)).collect();
        if self.untold > 0 {
            shown.push(format!("… and {}", counted(self.untold as u64, "more problem", "more problems")));
        } else if self.problems.len() > 1 {
            shown.push(format!("{} problems", self.problems.len()));
        }
        shown.join("\n\n")
    }

    fn render_one(&self, renderer: &Renderer, problem: &Problem) -> String {
        let level = match problem.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(problem.message.as_str()).id(problem.code.number());
        let mut group = Group::with_title(title);
        let related = problem.related.iter().map(|(place, label)| (place, AnnotationKind::Context, label.as_str()));
        for (place, kind, label) in [(&problem.place, AnnotationKind::Primary, "")].into_iter().chain(related) {
            let Some((source, line, column)) = self.position(place) else { continue };
            // A window into the text: a file of megabytes is not copied and searched for every problem in it.
            let (window, span) = source.window(&place.span);
            let whole = window.get(..span.start).is_some_and(|before| before.chars().count() + 1 == column);
            let annotation = kind.span(span).label((!label.is_empty()).then_some(label));
            let snippet = Snippet::source(window).line_start(line).annotation(annotation);
            let path = source.path.to_string_lossy().into_owned();
            group = match whole {
                true => group.element(snippet.path(path)),
                // The column that the snippet would count starts at the window, so it is given apart.
                false => group.element(Origin::path(path).line(line).char_column(column)).element(snippet),
            };
        }
        renderer.render(&[group.element(Level::HELP.message(problem.help.as_str()))])
    }

    fn source_of(&self, place: &Place) -> Option<&Source> {
        self.sources.get(place.source.0)
    }

    /// File, line and column of a place.
    pub fn position(&self, place: &Place) -> Option<(&Source, usize, usize)> {
        let source = self.source_of(place)?;
        let (line, column) = source.position(place.span.start);
        Some((source, line, column))
    }

    /// Every problem as JSON, `{"version": 1, "problems": […], "untold": 0}`.
    pub fn to_json(&self) -> serde_json::Value {
        let problems = self.problems.iter().map(|problem| self.json_of(problem)).collect();
        serde_json::json!(Report { version: JSON_VERSION, problems, untold: self.untold })
    }

    fn json_of(&self, problem: &Problem) -> Entry {
        let spot = |place: &Place| {
            let (source, line, column) = self.position(place)?;
            Some(Spot { file: source.path.to_string_lossy().into_owned(), line, column })
        };
        let related = problem.related.iter();
        Entry {
            code: problem.code.number(),
            name: problem.code.name(),
            severity: problem.severity().word(),
            spot: spot(&problem.place),
            message: problem.message.clone(),
            help: problem.help.clone(),
            related: related.map(|(place, label)| Related { spot: spot(place), label: label.clone() }).collect(),
        }
    }
}

#[derive(Serialize)]
struct Report {
    version: u32,
    problems: Vec<Entry>,
    untold: usize,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    spot: Option<Spot>,
    message: String,
    help: String,
    related: Vec<Related>,
}

#[derive(Serialize)]
struct Related {
    #[serde(flatten)]
    spot: Option<Spot>,
    label: String,
}

#[derive(Serialize)]
struct Spot {
    file: String,
    line: usize,
    column: usize,
}
