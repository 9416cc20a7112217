//! SIGTERM, SIGINT and SIGHUP.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::output;
use crate::cli::exit;
use crate::config::{Config, StateLocation};

/// What is under way gives up by itself; where it does not, the process ends after this.
const GRACE: Duration = Duration::from_secs(9);

/// A token that is cancelled by the first SIGTERM or SIGINT; the second one ends the process at once.
///
/// A state on the disk holds all that was stored, whenever the process ends. One in a bucket must be put back: that is
/// waited for, and cut short it is a failure.
#[must_use]
pub fn stop_on_signal(config: &Config) -> CancellationToken {
    let is_on_disk = matches!(config.state, StateLocation::Sqlite(_));
    let stop = CancellationToken::new();
    let token = stop.clone();
    // listens from here on, so that no signal falls between two waits
    let Some(mut signals) = Stops::new() else { return stop };
    tokio::spawn(async move {
        signals.next().await;
        output::say("stopping: what is under way ends within 10 seconds; once more ends at once");
        token.cancel();
        tokio::select! {
            () = signals.next() => {}
            () = tokio::time::sleep(GRACE), if is_on_disk => {}
        }
        std::process::exit(i32::from(if is_on_disk { exit::OK } else { exit::PUBLISHING_FAILED }));
    });
    stop
}

/// The signals that ask to stop.
#[cfg(unix)]
struct Stops {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Stops {
    /// Listens for them; `None` where signals cannot be had.
    fn new() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Some(Self {
            terminate: signal(SignalKind::terminate()).ok()?,
            interrupt: signal(SignalKind::interrupt()).ok()?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Stops;

#[cfg(not(unix))]
impl Stops {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere there may be no signals")]
    fn new() -> Option<Self> {
        Some(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
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
