//! `impound explain`.

use serde_json::{Value, json};

use super::args::{Explain, Format};
use super::{Env, Exit, Failure};
use crate::check::{self, Check};
use crate::columns;
use crate::playbook::Code;

/// What is known of a code.
struct Explained {
    code: String,
    name: &'static str,
    title: &'static str,
    /// The weight of a problem; a finding has one of its own each time.
    severity: Option<&'static str>,
    explanation: &'static str,
    advice: Option<&'static str>,
}

/// Explains one code, or lists all.
pub(super) fn run(arguments: &Explain, format: Format, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let problems = Code::ALL.iter().map(of_problem);
    let all: Vec<Explained> = problems.chain(check::checks().map(of_check)).collect();
    let chosen: Vec<Explained> = match &arguments.code {
        Some(code) => vec![find(code)?],
        None => all,
    };
    match (format, chosen.as_slice()) {
        (Format::Json, chosen) => {
            let codes: Vec<Value> = chosen.iter().map(Explained::json).collect();
            env.print_json(&json!({"version": 1, "codes": codes}))?;
        }
        (Format::Text, [one]) => {
            env.print(one.text().lines().map(|line| columns::row("", line)).collect::<String>())?
        }
        (Format::Text, all) => {
            all.iter().try_for_each(|one| env.print(format!("{}  {}\n", one.code, one.title)))?;
        }
    }
    Ok(Exit::Ok)
}

fn find(code: &str) -> Result<Explained, Failure> {
    let written = spelled(code);
    let problem = Code::find(&written).map(|code| of_problem(&code));
    problem.or_else(|| check::explain(&written).map(of_check)).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no code `{}`", code.escape_debug()))
            .help("`impound explain` lists all codes")
    })
}

/// A code as it is written in full: `p50` is `P050`. Names are left as they are.
fn spelled(code: &str) -> String {
    match code.split_at_checked(1) {
        Some((letter, digits))
            if !digits.is_empty() && digits.len() < 4 && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{}{digits:0>3}", letter.to_ascii_uppercase())
        }
        _ => code.to_owned(),
    }
}

fn of_problem(code: &Code) -> Explained {
    Explained {
        code: code.number().to_owned(),
        name: code.name(),
        title: code.title(),
        severity: Some(code.severity().word()),
        explanation: code.explanation(),
        advice: None,
    }
}

fn of_check(check: &Check) -> Explained {
    Explained {
        code: check.code.to_string(),
        name: check.name,
        title: check.title,
        severity: None,
        explanation: check.explanation,
        advice: Some(check.advice),
    }
}

impl Explained {
    fn text(&self) -> String {
        let severity = self.severity.map(|word| format!(" ({word})")).unwrap_or_default();
        let advice = self.advice.map(|advice| format!("\n{advice}\n")).unwrap_or_default();
        format!("{} {}{severity}\n\n{}\n\n{}\n{advice}", self.code, self.name, self.title, self.explanation)
    }

    fn json(&self) -> Value {
        json!({
            "code": self.code,
            "name": self.name,
            "title": self.title,
            "severity": self.severity,
            "explanation": self.explanation,
            "advice": self.advice,
        })
    }
}
