//! Durations and sizes as people write them: "30m", "1d 12h", "250 KB".

use std::time::Duration;

/// A duration: whole numbers, each with a unit from `ms` to `w`; `None` where it is none.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (number, unit, after) = measure(rest)?;
        let millis: u64 = match unit.to_ascii_lowercase().as_str() {
            "ms" => 1,
            "s" | "sec" | "secs" | "second" | "seconds" => 1_000,
            "m" | "min" | "mins" | "minute" | "minutes" => 60_000,
            "h" | "hour" | "hours" => 3_600_000,
            "d" | "day" | "days" => 86_400_000,
            "w" | "week" | "weeks" => 604_800_000,
            _ => return None,
        };
        total = total.checked_add(Duration::from_millis(number.checked_mul(millis)?))?;
        rest = after;
    }
    // Dates must still be able to take it: ten years.
    (total <= Duration::from_hours(24 * 3650)).then_some(total)
}

/// A number of bytes: 1 KB is 1,000 of them, 1 KiB 1,024; `None` where it is none.
pub(super) fn size(text: &str) -> Option<u64> {
    let (number, unit, after) = measure(text.trim())?;
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "b" | "byte" | "bytes" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    let bytes = number.checked_mul(factor)?;
    (after.is_empty() && i64::try_from(bytes).is_ok()).then_some(bytes)
}

/// Splits "30 min rest" into number, unit, rest.
fn measure(text: &str) -> Option<(u64, &str, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number = text[..digits].parse().ok()?;
    let tail = text[digits..].trim_start();
    let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
    let (unit, after) = tail.split_at(letters);
    Some((number, unit, after.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations() {
        let cases = [
            ("30m", Some(1800)),
            ("1h", Some(3600)),
            ("2 h", Some(7200)),
            (" 1d ", Some(86_400)),
            ("1d 12h", Some(129_600)),
            ("1h30m", Some(5400)),
            ("90 minutes", Some(5400)),
            ("1 Week", Some(604_800)),
            ("0s", Some(0)),
            ("", None),
            ("30", None),
            ("m", None),
            ("-1h", None),
            ("1.5h", None),
            ("1 month", None),
            ("99999999999999999999 s", None),
            ("18446744073709551615 w", None),
            ("9999999 d", None),
            ("1ħ", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(duration(text), seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
    }

    #[test]
    fn reads_sizes() {
        let cases = [
            ("250 KB", Some(250_000)),
            ("250kb", Some(250_000)),
            ("1 MB", Some(1_000_000)),
            ("1 KiB", Some(1024)),
            ("512 bytes", Some(512)),
            ("250", None),
            ("KB", None),
            ("1 KB 1 B", None),
            ("-1 KB", None),
            ("18446744073709551615 GB", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(size(text), bytes, "{text}");
        }
    }
}
