//! The `impound` command: hands the process's own streams, clock and network to the library.

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use impound::cli::{self, Env};
use impound::clock::SystemClock;
use impound::keyring::Passphrase;
use tokio::sync::watch;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = io::Write::write_all(&mut io::stderr(), format!("error: no runtime: {error}\n").as_bytes());
            return ExitCode::from(cli::Exit::Environment as u8);
        }
    };
    ExitCode::from(runtime.block_on(run()) as u8)
}

async fn run() -> cli::Exit {
    let (stopper, stop) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = stopper.send(true);
        }
    });
    let interactive = io::stdin().is_terminal();
    let mut env = Env {
        clock: Arc::new(SystemClock),
        network: None,
        input: &mut io::stdin().lock(),
        output: &mut io::stdout().lock(),
        messages: &mut anstream::stderr().lock(),
        interactive,
        columns: terminal_size::terminal_size()
            .map_or(cli::COLUMNS, |(width, _)| usize::from(width.0).max(cli::COLUMNS)),
        colour: io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        passphrase: &mut |prompt| rpassword::prompt_password(prompt).map(Passphrase::new),
        stop,
    };
    cli::run(std::env::args_os(), &mut env).await
}
