//! What a bucket's refusals mean, in words for people.

use object_store::Error;

/// The longest cause that is shown, in characters: some stores answer with whole pages.
const LONGEST: usize = 200;

/// The words of the deepest cause, on one line; of an error document its message.
#[must_use]
pub fn bucket_cause(error: &Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    let text = deepest.to_string();
    let text = text.strip_prefix("Server returned non-2xx status code: ").unwrap_or(&text);
    let text = match (text.split_once(": <"), between(text, "<Message>", "</Message>")) {
        (Some((status, _)), Some(message)) => format!("{status}, {message}"),
        (Some((status, _)), None) => status.to_owned(),
        (None, _) => text.to_owned(),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches([':', '.']);
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

/// What somebody can do about it; begins with "; ".
#[must_use]
pub fn bucket_advice(error: &Error) -> &'static str {
    match error {
        Error::NotFound { .. } => "; make the bucket, or mend its name in the config",
        Error::PermissionDenied { .. } => "; give the credentials the rights to read, write and list there",
        Error::Unauthenticated { .. } => "; set valid credentials in the environment",
        Error::Precondition { .. } | Error::AlreadyExists { .. } => {
            "; somebody else wrote there in the same moment, the next run looks again"
        }
        _ if gave_no_credentials(error) => {
            "; these are the answers of who hands out credentials: check what the environment says of them"
        }
        _ => {
            let cause = bucket_cause(error);
            if cause.starts_with("501") {
                "; this store knows no conditional writes: set AWS_CONDITIONAL_PUT=disabled to publish there without them"
            } else if cause.contains("URL scheme is not allowed") {
                "; set AWS_ALLOW_HTTP=true for an endpoint with plain http"
            } else {
                "; the next run tries again"
            }
        }
    }
}

/// Whether who was asked for credentials, such as a web identity's, gave none.
///
/// The client has errors of its own for what the bucket itself refuses; what it says of requests for
/// tokens stands in its words only.
fn gave_no_credentials(error: &Error) -> bool {
    let Error::Generic { source, .. } = error else { return false };
    let said = source.to_string();
    let refusals = ["401", "403", "404"];
    refusals.into_iter().any(|status| bucket_cause(error).starts_with(status))
        || ["REDACTED", "token request", "token response", "token file", "AssumeRole"]
            .iter()
            .any(|it| said.contains(it))
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, after) = text.split_once(start)?;
    after.split_once(end).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_short_and_on_one_line() {
        let page = "Server returned non-2xx status code: 403 Forbidden: <?xml version=\"1.0\"?>\n<Error><Code>AccessDenied\
                    </Code><Message>Access Denied.</Message></Error>";
        let long = format!("it {}", "hurts ".repeat(100));
        for (source, expected) in [
            (page, "403 Forbidden, Access Denied"),
            ("Server returned non-2xx status code: 500 Internal Server Error: ", "500 Internal Server Error"),
            ("Server returned non-2xx status code: 502 Bad Gateway: <html>", "502 Bad Gateway"),
            ("operation\n timed  out", "operation timed out"),
        ] {
            assert_eq!(bucket_cause(&Error::Generic { store: "S3", source: source.into() }), expected);
        }
        let cause = bucket_cause(&Error::Generic { store: "S3", source: long.into() });
        assert!(cause.ends_with('…') && cause.chars().count() == LONGEST + 1, "{cause}");
    }

    #[test]
    fn advice_tells_what_to_do() {
        let path = || "a".to_owned();
        for (error, expected) in [
            (Error::NotFound { path: path(), source: "x".into() }, "make the bucket"),
            (Error::PermissionDenied { path: path(), source: "x".into() }, "rights"),
            (Error::Unauthenticated { path: path(), source: "x".into() }, "credentials"),
            (Error::Precondition { path: path(), source: "x".into() }, "somebody else"),
            (Error::Generic { store: "S3", source: "501 Not Implemented".into() }, "AWS_CONDITIONAL_PUT"),
            (Error::Generic { store: "S3", source: "URL scheme is not allowed".into() }, "AWS_ALLOW_HTTP"),
            (Error::Generic { store: "S3", source: "reset".into() }, "next run"),
            (Error::Generic { store: "S3", source: "Error performing POST REDACTED in 2ms".into() }, "credentials"),
            (
                Error::Generic { store: "S3", source: "Server returned non-2xx status code: 403 no".into() },
                "credentials",
            ),
            (Error::Generic { store: "Azure", source: "Error reading federated token file ".into() }, "credentials"),
        ] {
            assert!(bucket_advice(&error).contains(expected), "{error}");
        }
    }
}
