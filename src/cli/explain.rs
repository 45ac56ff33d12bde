//! `impound explain`.

use super::args::Explain;
use super::{Env, Exit, Failure};
use crate::check;
use crate::playbook::Code;

/// Explains one code, or lists all.
pub(super) fn run(arguments: &Explain, env: &mut Env<'_>) -> Result<Exit, Failure> {
    match &arguments.code {
        Some(code) => explain(code, env),
        None => list(env),
    }
}

fn explain(code: &str, env: &mut Env<'_>) -> Result<Exit, Failure> {
    let text = if let Some(code) = Code::find(code) {
        let severity = code.severity().word();
        format!("{} {} ({severity})\n\n{}\n\n{}\n", code.number(), code.name(), code.title(), code.explanation())
    } else if let Some(check) = check::explain(code) {
        format!("{} {}\n\n{}\n\n{}\n\n{}\n", check.code, check.name, check.title, check.explanation, check.advice)
    } else {
        return Err(Failure::new(Exit::Usage, format!("there is no code `{}`", code.escape_debug()))
            .help("`impound explain` lists all codes"));
    };
    env.print(wrap(&text))?;
    Ok(Exit::Ok)
}

fn list(env: &mut Env<'_>) -> Result<Exit, Failure> {
    for code in Code::ALL {
        env.print(format!("{}  {}\n", code.number(), code.title()))?;
    }
    for check in check::checks() {
        env.print(format!("{}  {}\n", check.code, check.title))?;
    }
    Ok(Exit::Ok)
}

/// Breaks lines between words, at 80 columns.
fn wrap(text: &str) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let mut column = 0;
        for word in line.split(' ') {
            if column > 0 && column + 1 + word.len() > super::table::COLUMNS {
                wrapped.push('\n');
                column = 0;
            }
            if column > 0 {
                wrapped.push(' ');
                column += 1;
            }
            wrapped.push_str(word);
            column += word.len();
        }
        wrapped.push('\n');
    }
    wrapped
}
