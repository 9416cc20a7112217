//! Panics: what one says reaches people once, on one line.

use super::output;

/// Threads of the runtime have this name; whoever waits for their work tells of its panic.
const WORKERS: &str = "tokio-rt-worker";

/// Replaces the standard message of a panic, which is several lines long.
///
/// What a source's panic said stands in its trouble; where it happened is logged with `-vv`.
pub fn on_one_line() {
    std::panic::set_hook(Box::new(|panic| {
        let said = panic.payload_as_str().unwrap_or("no message");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if std::thread::current().name() == Some(WORKERS) {
            tracing::debug!(place, "a fault in the program: {said}");
        } else {
            output::say(&format!("feedmill: a fault in the program: {said} ({place}); please report it"));
        }
    }));
}
