//! What an outlet says of how its page may be used.

/// The signals that matter of lines such as `noarchive, max-snippet:80` (`robots`) or, with the name of the
/// field, `x-robots-tag: noarchive`, `content-usage: train-ai=n`, `tdm-reservation: 1`; in lower case.
///
/// Directives for one robot of another name are not ours: `x-robots-tag: otherbot: noarchive`.
#[must_use]
pub fn usage_signals<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut signals: Vec<String> = Vec::new();
    for line in lines {
        let lower = line.trim().to_ascii_lowercase();
        let (field, value) = match lower.split_once(':') {
            Some((name @ ("content-usage" | "tdm-reservation"), value)) => (Some(name), value.trim()),
            Some(("x-robots-tag", value)) => (None, value.trim()),
            _ => (None, lower.as_str()),
        };
        if field.is_none() && is_for_another(value) {
            continue;
        }
        for part in value.split(',').map(str::trim).filter(|part| matters(field, part)) {
            let signal = field.map_or_else(|| part.to_owned(), |field| format!("{field}: {part}"));
            if !signals.contains(&signal) {
                signals.push(signal);
            }
        }
    }
    signals
}

/// Whether directives begin with the name of a robot.
fn is_for_another(value: &str) -> bool {
    let first = value.split(',').next().unwrap_or_default();
    let Some((name, _)) = first.split_once(':') else { return false };
    !matches!(name.trim(), "max-snippet" | "max-image-preview" | "max-video-preview" | "unavailable_after" | "*")
}

fn matters(field: Option<&str>, part: &str) -> bool {
    let (name, value) = part.split_once(':').map_or((part, ""), |(name, value)| (name.trim(), value.trim()));
    match field {
        Some("content-usage") => part.ends_with("=n"),
        Some(_) => part == "1",
        None => match name {
            "max-snippet" => value != "-1",
            "max-image-preview" => value == "none",
            _ => matches!(
                part,
                "noarchive" | "nocache" | "nosnippet" | "noai" | "noimageai" | "noindex" | "noimageindex"
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_read_from_pages_and_headers() {
        for (line, expected) in [
            ("index, NoArchive", &["noarchive"][..]),
            ("max-snippet:80, max-image-preview:none", &["max-snippet:80", "max-image-preview:none"]),
            ("max-snippet:-1, max-image-preview:large, follow", &[]),
            ("x-robots-tag: noai, nosnippet", &["noai", "nosnippet"]),
            ("X-Robots-Tag: otherbot: noarchive, nosnippet", &[]),
            ("content-usage: train-ai=n, search=y", &["content-usage: train-ai=n"]),
            ("tdm-reservation: 1", &["tdm-reservation: 1"]),
            ("tdm-reservation: 0", &[]),
        ] {
            assert_eq!(usage_signals([line]), expected, "{line}");
        }
    }
}
