use super::*;

fn verdict(file: &str, address: &str) -> bool {
    allows(&read(file.as_bytes()).rules, &format!("https://outlet.example{address}").parse().unwrap())
}

#[test]
fn the_longest_rule_decides() {
    let rows = [
        // file, address, allowed
        ("User-agent: *\nDisallow: /", "/news", false),
        ("User-agent: *\nDisallow:", "/news", true),
        ("User-agent: *\nDisallow: /news", "/newsroom", false),
        ("User-agent: *\nDisallow: /news/", "/news", true),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", false),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
        ("User-agent: *\nDisallow: /*.xml$", "/feed.xml", false),
        ("User-agent: *\nDisallow: /*.xml$", "/feed.xml?page=2", true),
        ("User-agent: *\nDisallow: /*.xml", "/feed.xml?page=2", false),
        ("User-agent: *\nDisallow: *private*", "/a/private/b", false),
        ("User-agent: *\nDisallow: /a*b*c$", "/aXbYbc", false),
        ("User-agent: *\nDisallow: /a*b*c$", "/aXbYbcd", true),
        ("User-agent: *\nDisallow: /*?page=", "/list?page=2", false),
        ("User-agent: *\nDisallow: /", "/robots.txt", true),
        ("", "/", true),
        ("<html><body>Not here</body></html>", "/", true),
    ];
    for (file, address, allowed) in rows {
        assert_eq!(verdict(file, address), allowed, "{file:?} {address}");
    }
}

#[test]
fn the_group_that_names_us_counts_and_no_other() {
    let rows = [
        ("User-agent: feedmill\nDisallow: /\nUser-agent: *\nAllow: /", false),
        ("User-agent: *\nDisallow: /\n\nUser-agent: FeedMill\nDisallow:", true),
        ("User-agent: feedmill/1.0\nDisallow: /", false),
        ("User-agent: feedmillbot\nDisallow: /", true),
        ("User-agent: other\nDisallow: /", true),
        ("User-agent: other\nUser-agent: feedmill\nDisallow: /", false),
        ("User-agent: feedmill\nSitemap: https://a.example/s.xml\nDisallow: /", false),
        ("User-agent: other\nDisallow: /x\nUser-agent: feedmill\nDisallow: /", false),
        // groups for one name are one group
        (
            "User-agent: feedmill\nDisallow: /x\nUser-agent: other\nDisallow: /y\nUser-agent: feedmill\nDisallow: /",
            false,
        ),
        ("Disallow: /\nUser-agent: *\nAllow: /", true),
        ("user-AGENT:feedmill # us\rDISALLOW:/ # all of it", false),
        ("\u{feff}User-agent: *\r\nDisallow: /", false),
        ("User-agent: *\nDisallow /", true),
    ];
    for (file, allowed) in rows {
        assert_eq!(verdict(file, "/news"), allowed, "{file:?}");
    }
}

#[test]
fn paths_are_compared_as_addresses_are() {
    let rows = [
        ("/новости", "/%d0%bd%d0%be%d0%b2%d0%be%d1%81%d1%82%d0%b8/1", false),
        ("/%D0%BD%d0%BE", "/новости", false),
        ("/%7euser", "/~user", false),
        ("/a%2fb", "/a/b", true),
        ("/a%2fb", "/a%2Fb", false),
        ("/a b", "/a%20b", false),
    ];
    for (pattern, address, allowed) in rows {
        assert_eq!(verdict(&format!("User-agent: *\nDisallow: {pattern}"), address), allowed, "{pattern} {address}");
    }
}

#[test]
fn a_pause_is_read_up_to_two_minutes() {
    let rows = [
        ("10", Some(10_000)),
        ("0.5", Some(500)),
        ("86400", Some(120_000)),
        ("1e300", Some(120_000)),
        ("0", None),
        ("-1", None),
        ("NaN", None),
        ("soon", None),
    ];
    for (text, expected) in rows {
        let file = format!("User-agent: *\nCrawl-delay: {text}\nDisallow: /x");
        assert_eq!(read(file.as_bytes()).crawl_delay, expected, "{text}");
    }
    let other = "User-agent: *\nCrawl-delay: 9\nUser-agent: feedmill\nDisallow: /x";
    assert_eq!(read(other.as_bytes()).crawl_delay, None, "it belongs to its group");
}

#[test]
fn hostile_files_cost_little() {
    let address: Url = format!("https://outlet.example/{}", "a".repeat(2000)).parse().unwrap();
    let stars = format!("User-agent: *\nDisallow: /{}b\n", "a*".repeat(1000)).repeat(200);
    let files = [stars, "User-agent: *\n".repeat(40_000), "Disallow: /a\n".repeat(100_000), "\0:\u{7}".repeat(100_000)];
    for file in files {
        assert!(allows(&read(file.as_bytes()).rules, &address));
    }
    let many = format!("User-agent: *\n{}", "Disallow: /a\n".repeat(100_000));
    assert_eq!(read(many.as_bytes()).rules.len(), MOST_RULES);
    let late = format!("User-agent: *\n{}Disallow: /late", "# padding\n".repeat(MOST_BYTES / 10));
    assert!(read(late.as_bytes()).rules.is_empty(), "what lies beyond 500 KiB is not read");
}
