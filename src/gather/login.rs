//! Headers of a source's own: logins and other secrets.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::error::FetchError;

/// The headers as they are sent, marked so that no log shows them.
///
/// `Authorization: Basic user:password` is written in its encoded form (RFC 7617 §2), so that user and
/// password can come from the environment as they are.
pub(super) fn own_headers(headers: &[(String, String)]) -> Result<HeaderMap, FetchError> {
    let mut all = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let fault = || FetchError::Header { name: name.clone() };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| fault())?;
        let encoded = if key == AUTHORIZATION { basic(value) } else { None };
        let mut value = HeaderValue::from_str(encoded.as_deref().unwrap_or(value)).map_err(|_| fault())?;
        value.set_sensitive(true);
        all.append(key, value);
    }
    Ok(all)
}

/// A basic login in its encoded form, if it is not yet: the encoded one has no colon.
fn basic(value: &str) -> Option<String> {
    let (scheme, login) = value.trim().split_once(' ')?;
    let is_plain = scheme.eq_ignore_ascii_case("basic") && login.contains(':');
    is_plain.then(|| format!("Basic {}", base64(login.trim().as_bytes())))
}

/// Base 64 with padding (RFC 4648 §4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_usize, |group, byte| group << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = char::from(DIGITS[group >> (18 - 6 * place) & 63]);
            text.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_login_is_encoded_and_everything_else_is_left() {
        let rows = [
            // the example of RFC 7617
            ("Basic Aladdin:open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("basic a:", "Basic YTo="),
            ("Basic ab:cd?", "Basic YWI6Y2Q/"),
            ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("Bearer a:b", "Bearer a:b"),
            ("token", "token"),
        ];
        for (given, sent) in rows {
            let all = own_headers(&[("authorization".to_owned(), given.to_owned())]).unwrap();
            assert_eq!(all[AUTHORIZATION], sent, "{given}");
            assert!(all[AUTHORIZATION].is_sensitive());
        }
        let other = own_headers(&[("X-Key".to_owned(), "Basic a:b".to_owned())]).unwrap();
        assert_eq!(other["x-key"], "Basic a:b");
    }
}
