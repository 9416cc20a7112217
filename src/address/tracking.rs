//! Query parameters that say how a reader came, not what they read.

use std::sync::LazyLock;

/// The names, one a line: `name`, `prefix*`, or `name=value` for one value only.
const NAMES: &str = include_str!("data/tracking.txt");

/// Parameters that hold a session whatever their value.
const SESSIONS: [&str; 7] = ["phpsessid", "jsessionid", "sessid", "oscsid", "zenid", "cftoken", "cfid"];

/// Parameters that hold a session where the value is a long hexadecimal number.
const PERHAPS_SESSIONS: [&str; 5] = ["sid", "s", "session", "sessionid", "session_id"];

/// Shorter values of [`PERHAPS_SESSIONS`] may be numbers of articles or searches.
const SESSION_DIGITS: usize = 16;

/// Longer names are compared with nothing; the list has none.
const LONGEST_NAME: usize = 40;

struct Names {
    /// Sorted.
    whole: Vec<&'static str>,
    prefixes: Vec<&'static str>,
    pairs: Vec<(&'static str, &'static str)>,
}

static TRACKING: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { whole: Vec::new(), prefixes: Vec::new(), pairs: Vec::new() };
    for line in NAMES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(prefix) = line.strip_suffix('*') {
            names.prefixes.push(prefix);
        } else if let Some(pair) = line.split_once('=') {
            names.pairs.push(pair);
        } else {
            names.whole.push(line);
        }
    }
    names.whole.sort_unstable();
    names
});

/// Whether a query parameter, `name` or `name=value`, is about the reader's way or session.
pub(super) fn is_tracking(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let mut buffer = [0_u8; LONGEST_NAME];
    let Some(lower) = buffer.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    let Ok(name) = std::str::from_utf8(lower) else { return false };
    TRACKING.whole.binary_search(&name).is_ok()
        || TRACKING.prefixes.iter().any(|prefix| name.starts_with(prefix))
        || TRACKING.pairs.iter().any(|(n, v)| *n == name && v.eq_ignore_ascii_case(value))
        || is_session(name, value)
}

fn is_session(name: &str, value: &str) -> bool {
    SESSIONS.contains(&name)
        || name.starts_with("aspsessionid")
        || (PERHAPS_SESSIONS.contains(&name)
            && value.len() >= SESSION_DIGITS
            && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
