//! Addresses that every format and every reader takes.

/// An absolute http or https address, if it is one by the letter of RFC 3986.
///
/// IP literals in brackets and users are left out: feed validators refuse them, and a password is
/// nobody's business.
#[must_use]
pub fn publishable(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let sound = host.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && !authority.contains(['%', '@'])
        && has_uri_characters(rest);
    sound.then_some(text)
}

/// Whether a text has only characters of RFC 3986 §2, percent signs lead two digits, and there is
/// one fragment at most.
fn has_uri_characters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut fragments = 0;
    bytes.iter().enumerate().all(|(at, &byte)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        b'#' => {
            fragments += 1;
            fragments == 1
        }
        _ => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rfc_3986_is_published() {
        let good = [
            "http://a.example",
            "https://a.example/p%20q?x=1&y[]=".strip_suffix("[]=").expect("a suffix"),
            "https://a.example:8080/~x;y,(z)'*!$@#frag",
            "http://127.0.0.1/",
            "https://xn--bcher-kva.example/",
        ];
        let bad = [
            "",
            "/path",
            "//a.example/",
            "ftp://a.example/",
            "javascript:alert(1)",
            "http://",
            "http:///path",
            "http://a.example/a b",
            "http://a.example/%zz",
            "http://a.example/%2",
            "http://a.example/#a#b",
            "http://a.example/é",
            "http://bücher.example/",
            "http://[::1]/",
            "http://a.example/?q[]=1",
            "http://a.example:port/",
            "http://a%41.example/",
            "http://user@a.example/",
            "http://a.example/\"<>",
            "http://./",
            "HTTP://a.example/\n",
        ];
        for text in good {
            assert_eq!(publishable(text), Some(text));
        }
        for text in bad {
            assert_eq!(publishable(text), None, "{text}");
        }
    }
}
