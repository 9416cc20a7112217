//! SIGTERM, SIGINT and SIGHUP.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::output;

/// What is under way may take so long after a signal to stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// A token that is cancelled by the first SIGTERM or SIGINT; the second one ends the process at once.
#[must_use]
pub fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        if !next_stop().await {
            return;
        }
        output::say("stopping: what is under way ends within 10 seconds; once more ends at once");
        token.cancel();
        tokio::select! {
            _ = next_stop() => {}
            () = tokio::time::sleep(GRACE) => {}
        }
        std::process::exit(i32::from(crate::cli::exit::OK));
    });
    stop
}

/// Waits for a signal to stop; false where signals cannot be had.
#[cfg(unix)]
async fn next_stop() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return false;
    };
    tokio::select! {
        _ = terminate.recv() => true,
        _ = interrupt.recv() => true,
    }
}

#[cfg(not(unix))]
async fn next_stop() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}

/// SIGHUP, which asks a daemon to read its config again; where there is none it never comes.
#[cfg(unix)]
pub struct Reload(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Reload {
    #[must_use]
    pub fn new() -> Self {
        Self(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok())
    }

    /// Waits for the next one.
    pub async fn recv(&mut self) {
        let signalled = match &mut self.0 {
            Some(signal) => signal.recv().await.is_some(),
            None => false,
        };
        if !signalled {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
pub struct Reload;

#[cfg(not(unix))]
impl Reload {
    #[must_use]
    pub fn new() -> Self {
        Self
    }

    pub async fn recv(&mut self) {
        std::future::pending().await
    }
}
