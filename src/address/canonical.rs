//! The one form that different spellings of an address are brought to.

use std::borrow::Cow;

use url::Url;

use super::resolve::parse_untidied;
use super::settled::{Settled, settled};
use super::tracking::is_tracking;
use super::{is_plain, is_unreserved, push_encoded, registrable_domain, triplet};

/// How often an address may be wrapped in another one, such as that of an AMP cache.
const DEEPEST_WRAPPING: u8 = 2;

/// The canonical form of an absolute http or https address.
///
/// Host folded; user, default port, fragment, tracking parameters, session ids and empty queries
/// removed; AMP and mobile forms mapped to the page itself; percent-encoding as in RFC 3986
/// §6.2.2. The scheme, `www.` and a trailing slash stay as found: [`key_form`] ignores them.
#[must_use]
pub fn canonical(url: &str) -> Option<String> {
    let mut out = String::with_capacity(url.len());
    if let Some(address) = settled_page(url) {
        out.push_str(address.scheme);
        out.push_str("://");
        push_settled(&mut out, &address);
        return Some(out);
    }
    let url = unwrapped(parse_untidied(url)?);
    out.push_str(url.scheme());
    out.push_str("://");
    push_rest(&mut out, &url);
    Some(out)
}

/// What an address is compared by: its canonical form without scheme, `www.` and trailing slash.
///
/// A fragment stays, unless it tracks: where it tells items of one page apart it is part of the
/// address as found. Canonical addresses have none. Text that is no web address is itself.
#[must_use]
pub fn key_form(url: &str) -> String {
    if let Some(address) = settled_page(url) {
        let mut out = String::with_capacity(url.len());
        push_settled(&mut out, &address);
        return bare(&out).into_owned();
    }
    let Some(parsed) = parse_untidied(url).map(unwrapped) else { return url.trim().to_owned() };
    let mut out = String::with_capacity(url.len());
    push_rest(&mut out, &parsed);
    let mut out = bare(&out).into_owned();
    if let Some(fragment) = parsed.fragment().filter(|fragment| !fragment.is_empty())
        && !fragment.split('&').all(is_tracking)
    {
        out.push('#');
        push_normalized(&mut out, fragment);
    }
    out
}

/// The [`key_form`] of an address that [`canonical`] made, without reading it again.
#[must_use]
pub fn key_form_of_canonical(canonical: &str) -> Cow<'_, str> {
    bare(canonical.split_once("://").map_or(canonical, |(_, rest)| rest))
}

/// Without `www.` and without the slash at the end of the path.
fn bare(address: &str) -> Cow<'_, str> {
    let address = address.strip_prefix("www.").unwrap_or(address);
    match address.split_once('?') {
        None => Cow::Borrowed(address.strip_suffix('/').unwrap_or(address)),
        Some((path, query)) => match path.strip_suffix('/') {
            Some(path) => Cow::Owned(format!("{path}?{query}")),
            None => Cow::Borrowed(address),
        },
    }
}

/// Appends host, port, path and query in canonical form.
fn push_rest(out: &mut String, url: &Url) {
    push_host(out, url.host_str().unwrap_or_default());
    if let Some(port) = url.port() {
        out.push(':');
        out.push_str(&port.to_string());
    }
    push_path(out, url.path());
    push_query(out, url.query().unwrap_or_default());
}

/// [`settled`], but for addresses that may hold another one.
fn settled_page(url: &str) -> Option<Settled<'_>> {
    settled(url).filter(|address| !address.host.contains("google.") && !address.host.ends_with(".ampproject.org"))
}

/// As [`push_rest`], for an address that is not parsed.
fn push_settled(out: &mut String, address: &Settled<'_>) {
    push_host(out, address.host);
    if let Some(port) = address.port {
        out.push(':');
        out.push_str(port);
    }
    push_path(out, address.path);
    push_query(out, address.query.unwrap_or_default());
}

/// The page inside an address of Google's AMP viewer or of an AMP cache.
fn unwrapped(mut url: Url) -> Url {
    for _ in 0..DEEPEST_WRAPPING {
        let Some(inner) = amp_cached(&url).and_then(|address| parse_untidied(&address)) else { break };
        url = inner;
    }
    url
}

/// The address that an AMP cache's path holds: `/amp/s/HOST/PATH`, `/c/s/HOST/PATH`.
fn amp_cached(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let rest = if host.ends_with(".cdn.ampproject.org") {
        // document, image, viewer, resource: all hold the page's address behind
        let (kind, rest) = url.path().strip_prefix('/')?.split_once('/')?;
        matches!(kind, "c" | "v" | "wp" | "ad" | "r").then_some(rest)?
    } else if registrable_domain(host).starts_with("google.") {
        url.path().strip_prefix("/amp/")?
    } else {
        return None;
    };
    let (scheme, rest) = rest.strip_prefix("s/").map_or(("http", rest), |rest| ("https", rest));
    rest.split('/').next()?.contains('.').then_some(())?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{scheme}://{rest}{query}"))
}

/// Appends a host without labels that only name a smaller form: `m.`, `mobile.`, `amp.`.
fn push_host(out: &mut String, host: &str) {
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_small = |label: &str| matches!(label, "m" | "mobile" | "amp");
    // without one of its labels a name with empty ones may be none
    if !host.split('.').any(is_small) || host.contains("..") {
        out.push_str(host);
        return;
    }
    let domain = registrable_domain(host);
    let labels = &host[..host.len() - domain.len()];
    for label in labels.split_terminator('.').filter(|label| !is_small(label)) {
        out.push_str(label);
        out.push('.');
    }
    out.push_str(domain);
}

/// Appends a path without AMP marks and session ids; never empty.
fn push_path(out: &mut String, path: &str) {
    let (path, ending) = without_amp(path);
    if !path.contains(';') && !path.contains("(S(") {
        push_normalized(out, path);
        out.push_str(ending);
        return;
    }
    let start = out.len();
    for segment in path.split('/').skip(1).filter(|segment| !(segment.starts_with("(S(") && segment.ends_with("))"))) {
        out.push('/');
        let mut parameters = segment.split(';');
        push_normalized(out, parameters.next().unwrap_or_default());
        for parameter in parameters.filter(|parameter| !is_tracking(parameter)) {
            out.push(';');
            push_normalized(out, parameter);
        }
    }
    out.push_str(ending);
    if out.len() == start {
        out.push('/');
    }
}

/// A path without AMP marks at its ends, and what stands for the cut end.
///
/// A path that is nothing but the mark stays: it is a page about the letters.
fn without_amp(mut path: &str) -> (&str, &'static str) {
    while path.len() > "/amp/".len() && path.starts_with("/amp/") {
        path = &path["/amp".len()..];
    }
    let mut ending = "";
    loop {
        // the end that was put back counts when the next mark is looked for
        let marks: &[(&str, &str)] = match ending {
            "/" => &[("/amp", "/")],
            ".html" => &[(".amp", ".html")],
            _ => &[("/amp/", "/"), ("/amp", ""), (".amp.html", ".html"), (".amp", "")],
        };
        let cut = marks.iter().find_map(|(mark, instead)| Some((path.strip_suffix(mark)?, *instead)));
        match cut {
            Some((rest, instead)) if rest.len() > 1 && !rest.ends_with('.') => (path, ending) = (rest, instead),
            _ => return (path, ending),
        }
    }
}

/// Appends a query in its order, without tracking parameters; nothing where none is left.
fn push_query(out: &mut String, query: &str) {
    let mut mark = '?';
    for parameter in query.split('&') {
        // a second escaping of `&amp;` in the carrier leaves this
        let parameter = parameter.strip_prefix("amp;").unwrap_or(parameter);
        if parameter.is_empty() || is_tracking(parameter) {
            continue;
        }
        out.push(mark);
        mark = '&';
        push_normalized(out, parameter);
    }
}

/// Appends text with its percent-encoding normalized (RFC 3986 §6.2.2.1 and §6.2.2.2).
fn push_normalized(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut plain_from = 0;
    while let Some(&byte) = bytes.get(at) {
        if is_plain(byte) {
            at += 1;
            continue;
        }
        out.push_str(&text[plain_from..at]);
        let (value, length) = triplet(&bytes[at..]).map_or((byte, 1), |value| (value, 3));
        if length == 3 && is_unreserved(value) {
            out.push(char::from(value));
        } else {
            push_encoded(out, value);
        }
        at += length;
        plain_from = at;
    }
    out.push_str(&text[plain_from..]);
}
