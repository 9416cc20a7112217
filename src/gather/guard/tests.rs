use super::*;

fn check(allow: &[&str], url: &str) -> Result<(), FetchError> {
    let allow: Vec<AllowRange> = allow.iter().map(|range| range.parse().unwrap()).collect();
    Guard::new(&allow).check(&url.parse().unwrap())
}

#[test]
fn special_addresses_are_refused_in_every_notation() {
    let hosts = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        // the same in other notations
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "0x7f000001",
        "127.1",
        "017700000001",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "10.1",
        "0xa9fea9fe",
        // the other family
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[::ffff:0:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",
        "[100::1]",
        "[2001::1]",
        "[2001:10::1]",
        "[2001:20::1]",
        "[2001:2::1]",
        "[2001:db8::1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::1]",
        "[3fff::1]",
        "[5f00::1]",
        "[fc00::1]",
        "[fd12:3456::1]",
        "[fe80::1]",
        "[febf::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[ff0e::1]",
        "[4000::1]",
        "[e000::1]",
    ];
    for host in hosts {
        let result = check(&[], &format!("http://{host}/"));
        assert!(matches!(result, Err(FetchError::ForbiddenAddress { .. })), "{host}: {result:?}");
    }
}

#[test]
fn public_addresses_and_names_are_let_through() {
    let hosts = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "[2606:4700::1111]",
        "[2a00:1450::1]",
        "[2001:4860::8888]",
        "[2001:200::1]",
        "[2003::1]",
        "[::ffff:8.8.8.8]",
        "news.example",
        "localhost",
        "xn--bcher-kva.example",
    ];
    for host in hosts {
        assert_eq!(check(&[], &format!("https://{host}/feed")), Ok(()), "{host}");
    }
}

#[test]
fn other_schemes_and_user_information_are_refused() {
    let secret = ["http://me:hunter2@news.example/", "https://hunter2@news.example/", "http://:hunter2@news.example/"];
    let others =
        ["ftp://news.example/", "file:///etc/passwd", "data:text/plain,x", "gopher://news.example/", "ws://a.example/"];
    for url in secret.into_iter().chain(others) {
        let error = check(&["0.0.0.0/0", "::/0", "news.example"], url).unwrap_err();
        assert!(matches!(error, FetchError::RefusedUrl { .. }), "{url}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn ranges_open_what_they_name_and_no_more() {
    let cases = [
        ("127.0.0.0/8", "127.200.0.1", true),
        ("127.0.0.0/8", "128.0.0.1", true),
        ("127.0.0.0/8", "10.0.0.1", false),
        ("127.0.0.0/8", "[::ffff:127.0.0.1]", true),
        ("127.0.0.0/8", "[::1]", false),
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "10.1.2.4", false),
        ("10.1.2.128/25", "10.1.2.127", false),
        ("10.1.2.128/25", "10.1.2.200", true),
        ("0.0.0.0/0", "192.168.1.1", true),
        ("0.0.0.0/0", "[fc00::1]", false),
        ("::1", "[::1]", true),
        ("[::1]", "[::1]", true),
        ("fc00::/7", "[fdff::1]", true),
        ("fc00::/7", "[fe80::1]", false),
        ("::/0", "[fe80::1]", true),
        ("::/0", "10.0.0.1", false),
        ("10.0.0.1.example", "10.0.0.1", false),
    ];
    for (range, host, expected) in cases {
        assert_eq!(check(&[range], &format!("http://{host}/")).is_ok(), expected, "{range} {host}");
    }
}

#[test]
fn names_are_compared_without_case_and_root_dot() {
    let guard = Guard::new(&["Intranet.Example".parse().unwrap()]);
    for (name, expected) in
        [("intranet.example", true), ("INTRANET.example.", true), ("a.intranet.example", false), ("example", false)]
    {
        assert_eq!(guard.admits_name(name), expected, "{name}");
    }
}

#[test]
fn entries_that_make_no_sense_say_why() {
    let cases = [
        ("10.0.0.0/33", "has too many bits: at most 32 count"),
        ("::/129", "has too many bits: at most 128 count"),
        ("10.0.0/8", "is no address range"),
        ("10.0.0.0/", "is no address range"),
        ("10.0.0.0/x", "is no address range"),
        ("host/8", "is no address range"),
        ("http://a.example", "is no address range"),
        ("a.example:80", "is no host name"),
        ("*.example", "is no host name"),
        ("me@example", "is no host name"),
        ("", "is no host name"),
    ];
    for (text, expected) in cases {
        let message = text.parse::<AllowRange>().unwrap_err().to_string();
        assert!(message.contains(expected), "{text}: {message}");
    }
}
