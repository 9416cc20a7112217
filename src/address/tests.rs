use url::Url;

use super::*;

#[test]
fn parse_forgives_what_browsers_forgive() {
    for (text, expected) in [
        (" \n http://Example.ORG/a b\t ", Some("http://example.org/a%20b")),
        ("https://пример.рф/новости", Some("https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8")),
        ("http:\\\\example.org\\a", Some("http://example.org/a")),
        ("https://example.org/a|b[c]?q={x}^`#a#b", Some("https://example.org/a%7Cb%5Bc%5D?q=%7Bx%7D%5E%60#a%23b")),
        ("https://example.org/100%", Some("https://example.org/100%25")),
        ("https://exam\nple.org/a", Some("https://example.org/a")),
        ("http://https://example.org/a", Some("https://example.org/a")),
        ("feed:https://example.org/a.xml", Some("https://example.org/a.xml")),
        ("example.org/a", None),
        ("ftp://example.org/a", None),
        ("http://", None),
        ("http://{host}/a", None),
        ("javascript:alert(1)", None),
        ("", None),
    ] {
        assert_eq!(parse(text).as_ref().map(Url::as_str), expected, "{text:?}");
    }
}

#[test]
fn resolve_gives_absolute_addresses_of_rfc_3986_or_nothing() {
    let base = Url::parse("https://example.org/news/today.html?x=1").unwrap();
    let local = Url::parse("file:///home/user/page.html").unwrap();
    for (base, text, expected) in [
        (Some(&base), "a.jpg", Some("https://example.org/news/a.jpg")),
        (Some(&base), "../b?c=d#e", Some("https://example.org/b?c=d#e")),
        (Some(&base), "//cdn.example.net/x", Some("https://cdn.example.net/x")),
        (Some(&base), "?p=2", Some("https://example.org/news/today.html?p=2")),
        (Some(&base), "#part", Some("https://example.org/news/today.html?x=1#part")),
        (Some(&base), "mailto:a b@example.org", Some("mailto:a%20b@example.org")),
        (Some(&base), "http://例え.jp/画像.png", Some("http://xn--r8jz45g.jp/%E7%94%BB%E5%83%8F.png")),
        (Some(&base), "\u{feff}/a\u{200b}b\r\n   c", Some("https://example.org/abc")),
        (Some(&base), "   ", None),
        (Some(&base), "data:image/png;base64,AAAA", None),
        (Some(&base), "javascript:void(0)", None),
        (Some(&base), "tag:example.org,2020:1", None),
        (Some(&base), "mailto:", None),
        (Some(&base), "http://a:b:c/", None),
        (Some(&local), "a.jpg", None),
        (Some(&local), "file:///etc/passwd", None),
        (Some(&local), "//cdn.example.net/x", Some("https://cdn.example.net/x")),
        (None, "/a", None),
        (None, "//example.net/a", Some("https://example.net/a")),
        (None, "HTTPS://EXAMPLE.net", Some("https://example.net/")),
    ] {
        assert_eq!(resolve(base, text).as_deref(), expected, "{text:?} against {base:?}");
    }
}

#[test]
fn resolve_refuses_overlong_addresses() {
    let long = format!("https://example.org/{}", "a".repeat(10_000));
    assert_eq!(resolve(None, &long), None);
    assert_eq!(canonical(&long), None);
}

#[test]
fn canonical_brings_spellings_to_one_form() {
    for (text, expected) in [
        ("HTTP://Example.org:80/a", "http://example.org/a"),
        ("https://user:pw@example.org:443/a#top", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/%7euser/%e4?x=%2f%41", "https://example.org/~user/%E4?x=%2FA"),
        ("https://example.org/a/?", "https://example.org/a/"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=y&b=1", "https://example.org/a?id=7&b=1"),
        ("https://example.org/a?UTM_Medium=rss", "https://example.org/a"),
        ("https://example.org/a?id=7&amp;utm_source=rss&amp;b=2", "https://example.org/a?id=7&b=2"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a;jsessionid=0A1B?x=1", "https://example.org/a?x=1"),
        ("https://example.org/a;v=2/b", "https://example.org/a;v=2/b"),
        ("https://example.org/(S(abcdef))/a.aspx", "https://example.org/a.aspx"),
        ("https://example.org/a?PHPSESSID=1&sid=0123456789abcdef0123", "https://example.org/a"),
        ("https://example.org/a?sid=42&s=search", "https://example.org/a?sid=42&s=search"),
        ("https://example.org/a?s=not-a-session-but-words", "https://example.org/a?s=not-a-session-but-words"),
        ("https://example.org/a?s=0123456789abcde", "https://example.org/a?s=0123456789abcde"),
        ("https://example.org/a?ASPSESSIONIDQQBCADTS=x&b=1", "https://example.org/a?b=1"),
        ("https://example.org/a?ref=rss", "https://example.org/a"),
        ("https://example.org/a?ref=42", "https://example.org/a?ref=42"),
        ("https://example.org/story/amp", "https://example.org/story"),
        ("https://example.org/story/amp/", "https://example.org/story/"),
        ("https://example.org/amp/story", "https://example.org/story"),
        ("https://example.org/amp", "https://example.org/amp"),
        ("https://example.org/amp/", "https://example.org/amp/"),
        ("https://example.org/amp/amp/story/amp/amp/", "https://example.org/story/"),
        ("https://example.org/story.amp.html", "https://example.org/story.html"),
        ("https://example.org/story?amp=1", "https://example.org/story"),
        ("https://example.org/story?amp", "https://example.org/story"),
        ("https://amp.example.co.uk/story", "https://example.co.uk/story"),
        ("https://m.example.org/story", "https://example.org/story"),
        ("https://mobile.example.org/story", "https://example.org/story"),
        ("https://en.m.example.org/wiki/A", "https://en.example.org/wiki/A"),
        ("https://m.co/story", "https://m.co/story"),
        ("https://www.google.com/amp/s/example.org/story/amp/", "https://example.org/story/"),
        ("https://example-org.cdn.ampproject.org/c/s/example.org/story?x=1", "https://example.org/story?x=1"),
        (
            "https://www.google.com/amp/s/example-org.cdn.ampproject.org/c/s/example.org/story",
            "https://example.org/story",
        ),
        ("https://example.org/a/привет", "https://example.org/a/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82"),
    ] {
        assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        assert_eq!(canonical(expected).as_deref(), Some(expected), "twice is once: {expected}");
    }
}

#[test]
fn key_form_ignores_scheme_www_and_trailing_slash() {
    let expected = "example.org/a";
    for text in [
        "http://www.example.org/a/",
        "https://example.org/a",
        "https://www.example.org/a/?utm_source=rss",
        "https://m.example.org/a#xtor=RSS-1",
        "https://example.org/a/amp/",
        "https://example.org:443/a#",
    ] {
        assert_eq!(key_form(text), expected, "{text}");
    }
    for (text, expected) in [
        ("https://www.example.org/", "example.org"),
        ("https://example.org/a/?b=c/", "example.org/a?b=c/"),
        ("https://example.org/changes#v1.2", "example.org/changes#v1.2"),
        (" not an address ", "not an address"),
    ] {
        assert_eq!(key_form(text), expected, "{text}");
    }
}

#[test]
fn registrable_domain_knows_private_suffixes_and_literals() {
    for (host, expected) in [
        ("www.example.co.uk", "example.co.uk"),
        ("news.example.org", "example.org"),
        ("example.org.", "example.org"),
        ("alice.github.io", "alice.github.io"),
        ("a.b.alice.github.io", "alice.github.io"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
        ("co.uk", "co.uk"),
        ("", ""),
    ] {
        assert_eq!(registrable_domain(host), expected, "{host}");
    }
}

#[test]
fn same_site_compares_registrable_domains() {
    assert!(same_site("https://www.example.org/a", "http://news.example.org:8080/b"));
    assert!(same_site("http://127.0.0.1:8000/a", "http://127.0.0.1/b"));
    assert!(!same_site("https://alice.github.io/", "https://bob.github.io/"));
    assert!(!same_site("http://127.0.0.1/", "http://10.0.0.1/"));
    assert!(!same_site("https://example.org@evil.example/", "https://example.org/"));
    assert!(!same_site("mailto:a@example.org", "mailto:a@example.org"));
}

#[test]
fn host_reads_every_form_of_authority() {
    for (url, expected) in [
        ("https://example.org", Some("example.org")),
        ("https://u:p@example.org:80/a@b", Some("example.org")),
        ("http://[::1]:8080/a", Some("[::1]")),
        ("http://[::1/a", None),
        ("https://example.org?x", Some("example.org")),
        ("/a/b", None),
        ("http:///a", None),
    ] {
        assert_eq!(host(url), expected, "{url}");
    }
}

#[test]
fn is_uri_accepts_only_canonical_uris_of_registered_schemes() {
    for (text, expected) in [
        ("https://example.org/a?b#c", true),
        ("http://example.org/", true),
        ("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", true),
        ("urn:newsml:example.org:20230301:a:1", true),
        ("tag:example.org,2023-03-01:/a/1", true),
        ("tag:bob@example.org,2023:a", true),
        ("info:doi/10.1000/182", true),
        ("http://example.org", false),
        ("HTTP://example.org/", false),
        ("http://Example.org/", false),
        ("http://example.org:80/", false),
        ("http://example.org/a/../b", false),
        ("http://example.org/a b", false),
        ("http://example.org/%7ea", false),
        ("http://example.org/%e4", false),
        ("http://example.org/ä", false),
        ("http://example.org/a|b", false),
        ("http:///a", false),
        ("http://[::1]/a", false),
        ("http://example.org/%C3%A9", true),
        ("http://example.org/e%CC%81", false),
        ("http://example.org/%E4", true),
        ("http://u@example.org/", false),
        ("urn:uuid:1234", false),
        ("urn:x:a", false),
        ("urn:abc:", false),
        ("urn:abc:a/b", false),
        ("tag:example.org:a", false),
        ("tag:example.org,23:a", false),
        ("unknownscheme:a", false),
        ("yt:video:abc", false),
        ("12345", false),
        ("", false),
        (":", false),
    ] {
        assert_eq!(is_uri(text), expected, "{text}");
    }
    let long = |length: usize| format!("https://example.org/{}", "a".repeat(length - 20));
    assert!(is_uri(&long(512)) && long(512).len() == 512);
    assert!(!is_uri(&long(513)));
}

#[test]
fn tracking_names_are_lower_case_and_short_enough_to_be_found() {
    let names = include_str!("data/tracking.txt").lines().filter(|line| !line.starts_with('#'));
    for name in names {
        assert!(!name.is_empty() && name.len() < 40 && name == name.to_ascii_lowercase(), "{name:?}");
    }
}

proptest::proptest! {
    #[test]
    fn whatever_goes_in_only_rfc_3986_comes_out(text in "(https?://[a-z.]{1,12})?\\PC{0,40}") {
        let base = Url::parse("https://example.org/a/b").unwrap();
        for out in [resolve(Some(&base), &text), canonical(&text)].into_iter().flatten() {
            proptest::prop_assert!(out.bytes().all(|b| is_plain(b) || matches!(b, b'%' | b'#' | b'[' | b']')), "{}", out);
            proptest::prop_assert_eq!(resolve(None, &out), Some(out.clone()));
        }
    }

    #[test]
    fn canonical_is_stable(text in "https?://(m\\.|amp\\.)?[a-z]{1,8}\\.org(/(amp|[a-z;=()S~&ä]{0,8})(\\.amp|\\.html)?){0,4}(\\?[a-z%=&;]{0,12})?") {
        if let Some(once) = canonical(&text) {
            proptest::prop_assert_eq!(canonical(&once), Some(once.clone()));
            proptest::prop_assert_eq!(key_form_of_canonical(&once), key_form(&once));
        }
    }
}
