//! The `impound` command: hands the process's own streams, clock and network to the library.

use std::io::{self, IsTerminal};
use std::mem::ManuallyDrop;
use std::process::ExitCode;
use std::sync::Arc;

use impound::cli::{self, Env};
use impound::clock::SystemClock;
use impound::columns::COLUMNS;
use impound::keyring::Passphrase;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        // Not shut down at the end: what a command must finish it has finished and said, and its threads end with the process.
        // Waking them to tell them so is one more thing that could fail, or hang.
        Ok(runtime) => ManuallyDrop::new(runtime),
        Err(error) => {
            let _ = io::Write::write_all(&mut io::stderr(), format!("error: no runtime: {error}\n").as_bytes());
            return ExitCode::from(cli::Exit::Environment as u8);
        }
    };
    ExitCode::from(runtime.block_on(run()) as u8)
}

async fn run() -> cli::Exit {
    let (stopper, stop) = watch::channel(false);
    tokio::spawn(stop_on_signals(stopper));
    // Whoever limits the size of files (`ulimit -f`) is told so by the write that fails. Without a handler of its own, which stays
    // once it was set up, the signal would end the process before that and leave unfinished files behind.
    let _ = signal(SignalKind::from_raw(libc::SIGXFSZ));
    let interactive = io::stdin().is_terminal();
    let mut env = Env {
        clock: Arc::new(SystemClock),
        network: None,
        input: &mut io::stdin().lock(),
        output: &mut io::stdout().lock(),
        // Not locked for life: the task that waits for signals writes there too.
        messages: &mut anstream::stderr(),
        interactive,
        terminal: io::stdout().is_terminal(),
        columns: terminal_size::terminal_size().map_or(COLUMNS, |(width, _)| usize::from(width.0).max(COLUMNS)),
        colour: anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        passphrase: &mut |prompt| rpassword::prompt_password(prompt).map(Passphrase::new),
        agent: std::env::var_os("SSH_AUTH_SOCK").filter(|socket| !socket.is_empty()).map(Into::into),
        stop,
    };
    cli::run(std::env::args_os(), &mut env).await
}

/// The first Ctrl-C or SIGTERM asks for a clean stop, the second ends the process where it is. Both leave a record that can be
/// gone on from: whatever was acknowledged is durable.
async fn stop_on_signals(stopper: watch::Sender<bool>) {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    let mut signalled = async || {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.is_ok(),
            terminated = terminate.recv() => terminated.is_some(),
        }
    };
    if signalled().await {
        stopper.send_replace(true);
        let _ = io::Write::write_all(&mut io::stderr(), b"\nstopping; once more stops at once\n");
    }
    if signalled().await {
        std::process::exit(cli::Exit::Environment as i32);
    }
}
