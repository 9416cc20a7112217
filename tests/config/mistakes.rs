use std::path::Path;

use feedmill::config::{ConfigError, load};
use proptest::prelude::*;

use super::{read, with_site};

/// What is expected of one problem: line, column, a part of the message, a part of the suggestion.
type Expected = (usize, usize, &'static str, &'static str);

fn assert_problems(text: &str, expected: &[Expected]) {
    let error = read(text).expect_err(text);
    let shown = error.to_string();
    assert_eq!(error.problems().len(), expected.len(), "{text}\n{shown}");
    for (problem, (line, column, message, suggestion)) in error.problems().iter().zip(expected) {
        let place = problem.place.as_ref().expect("it has a place");
        assert_eq!((place.line, place.column), (*line, *column), "{text}\n{shown}");
        assert!(problem.message.contains(message), "{message}\n{shown}");
        assert!(problem.suggestion.as_deref().unwrap_or_default().contains(suggestion), "{suggestion}\n{shown}");
    }
}

/// The same for text that follows a right `[site]`, which takes up line 1.
fn assert_mistakes(rest: &str, expected: &[Expected]) {
    assert_problems(&with_site(rest), expected);
}

#[test]
fn base_url_is_required() {
    assert_problems("", &[(1, 1, "lacks `site`", "")]);
    assert_problems("\n[site]\ntitle = \"x\"", &[(2, 1, "[site] lacks `base_url`", "")]);
    let bad = [
        ("feeds.example.org", "did you mean `https://feeds.example.org`?"),
        ("/feeds", "in full"),
        ("ftp://feeds.example.org", ""),
        ("https://feeds.example.org/?a=b", ""),
        ("https://me:secret@feeds.example.org/", ""),
    ];
    for (url, suggestion) in bad {
        let error = read(&format!("[site]\nbase_url = \"{url}\"")).expect_err(url);
        assert_eq!(error.problems().len(), 1, "{error}");
        assert!(error.problems()[0].suggestion.as_deref().unwrap_or_default().contains(suggestion), "{error}");
    }
}

#[test]
fn unknown_keys_are_found_at_any_depth_with_what_was_meant() {
    assert_mistakes(
        "stat = \"x\"\n[publish]\nformat = [\"rss\"]\n[[source]]\nid = \"a\"\nurl = \"https://a.example\"\nevry = \"1h\"\n\
         [[feed]]\nid = \"f\"\nitmes = 3\ninclude = { titel = [\"x\"] }\ncolour = \"red\"\n[fetsh]",
        &[
            (2, 1, "unknown key `stat` in the top of the file", "did you mean `state`?"),
            (4, 1, "unknown key `format` in [publish]", "did you mean `formats`?"),
            (8, 1, "unknown key `evry` in [[source]]", "did you mean `every`?"),
            (11, 1, "unknown key `itmes` in [[feed]]", "did you mean `items`?"),
            (12, 13, "unknown key `titel` in include or exclude", "did you mean `title`?"),
            (13, 1, "unknown key `colour`", ""),
            (14, 2, "unknown key `fetsh`", "did you mean `fetch`?"),
        ],
    );
}

#[test]
fn kinds_and_selectors_are_checked() {
    let source = |line: &str| format!("[[source]]\nid = \"a\"\nurl = \"https://a.example\"\n{line}");
    let kinds = "is none of `auto`, `feed`, `sitemap`, `listing`, `article`, `folder`";
    assert_mistakes(&source("kind = \"lising\""), &[(5, 8, kinds, "listing")]);
    assert_mistakes(&source("full_text = \"yes\""), &[(5, 13, "takes true or false", "")]);
    assert_mistakes(&source("pages = 0"), &[(5, 9, "from 1 to 20", "")]);
    assert_mistakes(&source("select = { titel = \"h2\" }"), &[(5, 12, "unknown key `titel` in select", "title")]);
    assert_mistakes(&source("select = { title = \"h2[\" }"), &[(5, 20, "is no CSS selector", "look like")]);
}

#[test]
fn options_of_later_versions_are_not_taken_silently() {
    let advice = "s3://BUCKET/PATH";
    assert_mistakes("state = \"postgres://host/db\"", &[(2, 9, "`postgres://host/db` is neither", advice)]);
}

#[test]
fn places_in_buckets_that_cannot_be() {
    for (text, message, advice) in [
        ("ftp://bucket/feeds", "is neither a path of the local disk nor a place in a bucket", "gs://BUCKET/PATH"),
        ("s3:///feeds", "names no bucket", "s3://BUCKET/PATH"),
        ("gs://bu cket/feeds", "names no bucket", "gs://BUCKET/PATH"),
        ("az://bucket//feeds", "has a path that does not do", "letters, digits"),
        ("s3://bucket/../feeds", "has a path that does not do", "letters, digits"),
        ("s3://bucket/a?b=c", "has a path that does not do", "letters, digits"),
    ] {
        assert_mistakes(&format!("publish.to = \"{text}\""), &[(2, 14, message, advice)]);
    }
    assert_mistakes(
        "publish.to = \"s3://me:hunter3@bucket/feeds\"",
        &[(2, 14, "names a user: credentials come from the environment", "")],
    );
    assert_mistakes("publish.to = [\"s3://b/a\", \"s3://b/a/\"]", &[(2, 27, "named twice", "")]);
    for text in ["s3://bucket", "s3://bucket/states/"] {
        assert_mistakes(&format!("state = \"{text}\""), &[(2, 9, "names no object", "s3://bucket/feedmill.db")]);
    }
    for target in ["s3://bucket", "s3://bucket/wire"] {
        assert_mistakes(
            &format!("state = \"s3://bucket/wire/feedmill.db\"\npublish.to = \"{target}\""),
            &[(2, 9, "where everybody can read it", "another bucket")],
        );
    }
}

#[test]
fn archives_keep_what_limits_would_drop() {
    for (limit, column, message) in [
        ("max_age = \"9d\"", 11, "`max_age` and `archives = true` exclude each other"),
        ("per_outlet = 3", 14, "`per_outlet` and `archives = true` exclude each other"),
    ] {
        let text = format!("[[feed]]\nid = \"a\"\narchives = true\n{limit}");
        assert_mistakes(&text, &[(5, column, message, "leave one of the two out")]);
    }
    assert_mistakes("[[feed]]\nid = \"a\"\narchives = 1", &[(4, 12, "`archives` takes true or false", "")]);
}

#[test]
fn wrong_types_say_what_is_taken() {
    assert_mistakes(
        "state = 1\npublish = \"x\"\n[fetch]\nconcurrency = \"many\"\nallow = \"10.0.0.0/8\"\ntimeout = 30\n[source]\nid = \"a\"",
        &[
            (2, 9, "`state` takes a string, not a whole number", ""),
            (3, 11, "`publish` takes a table, not a string", ""),
            (5, 15, "`concurrency` takes a whole number, not a string", ""),
            (6, 9, "`allow` takes a list of strings, not a string", "allow = [\"…\"]"),
            (7, 11, "`timeout` takes a duration such as \"30m\", not a whole number", ""),
            (8, 1, "`source` takes a list of tables, not a table", "[[source]]"),
        ],
    );
    assert_mistakes(
        "[[feed]]\nid = \"f\"\nsources = [1, [], \"x\"]\ninclude = [\"x\"]\nitems = 1.5\nbytes = true",
        &[
            (4, 12, "`sources` takes a list of strings, not a whole number", ""),
            (4, 15, "not a list", ""),
            (4, 19, "`x` is the id of no source", ""),
            (5, 11, "`include` takes a table, not a list", ""),
            (6, 9, "`items` takes a whole number, not a number with a fraction", ""),
            (7, 9, "`bytes` takes a size such as \"250 KB\", not true or false", ""),
        ],
    );
    assert_mistakes("source = [1]\nfeed = 2", &[(2, 11, "a list of tables", ""), (3, 8, "a list of tables", "")]);
}

#[test]
fn values_out_of_range_are_mistakes() {
    let feed = "[[feed]]\nid = \"f\"\n";
    let source = "[[source]]\nid = \"a\"\nurl = \"https://a.example\"\n";
    let cases: [(String, Expected); 27] = [
        (format!("{feed}items = 0"), (4, 9, "from 1 to", "")),
        (format!("{feed}items = -1"), (4, 9, "from 1 to", "")),
        (format!("{feed}items = 99999999999999999999"), (4, 9, "from 1 to", "")),
        (format!("{feed}bytes = 0"), (4, 9, "above zero", "")),
        (format!("{feed}bytes = -5"), (4, 9, "above zero", "")),
        (format!("{feed}bytes = \"0 KB\""), (4, 9, "above zero", "")),
        (format!("{feed}bytes = \"many\""), (4, 9, "`many` is no size", "250 KB")),
        (format!("{feed}formats = []"), (4, 11, "is empty", "leave the key out")),
        (format!("{feed}formats = [\"rss\", \"rss\"]"), (4, 19, "named twice", "")),
        (format!("{feed}formats = [\"atm\"]"), (4, 12, "`atm` is none of", "did you mean `atom`?")),
        (format!("{feed}sources = []"), (4, 11, "is empty", "leave it out")),
        (format!("{feed}stories = \"some\""), (4, 11, "`some` is none of", "")),
        (format!("{feed}content = \"ful\""), (4, 11, "`ful` is none of", "did you mean `full`?")),
        (format!("{feed}include.title = [\"/a(/\"]"), (4, 18, "regular expression: unclosed group", "")),
        (format!("{feed}languages = [\"en_US\"]"), (4, 14, "no language tag", "did you mean `en-US`?")),
        (format!("{feed}title = \" \""), (4, 9, "`title` is empty", "leave it out")),
        (format!("{feed}icon = \"a.png\""), (4, 8, "http", "")),
        (format!("{source}timezone = \"Asia/Baky\""), (5, 12, "no IANA time zone", "did you mean `Asia/Baku`?")),
        (format!("{source}timezone = \"New York\""), (5, 12, "no IANA time zone", "did you mean `America/New_York`?")),
        (format!("{source}every = \"soon\""), (5, 9, "`soon` is no duration", "30m")),
        (format!("{source}every = \"0s\""), (5, 9, "`0s` is no time between two looks", "")),
        (format!("{source}headers = {{ \"a b\" = \"x\" }}"), (5, 13, "no name of a header", "")),
        (format!("{source}headers = {{ Host = \"x\" }}"), (5, 13, "sets itself", "")),
        (format!("{source}headers = {{ X = \"ä\" }}"), (5, 17, "the value holds characters", "")),
        ("fetch.allow = [\"10.0.0.0/64\"]".into(), (2, 16, "neither a host name nor", "127.0.0.0/8")),
        ("fetch.proxy = \"proxy.example\"".into(), (2, 15, "no address of a proxy", "")),
        ("clock = 2026-01-31T06:00:00".into(), (2, 9, "no offset", "2026-01-31T06:00:00Z")),
    ];
    for (text, expected) in cases {
        assert_mistakes(&text, &[expected]);
    }
}

#[test]
fn ids_are_required_unique_and_plain() {
    assert_mistakes(
        "[[source]]\nid = \"a\"\nurl = \"https://a.example\"\n[[source]]\nid = \"a\"\nurl = \"https://b.example\"\n\
         [[source]]\nurl = \"https://c.example\"\n[[source]]\nid = \"New Id\"\nurl = \"https://d.example\"\n[[source]]\nid = \"e\"",
        &[
            (6, 6, "id `a` stands twice (first on line 3)", ""),
            (8, 1, "[[source]] lacks `id`", ""),
            (11, 6, "`New Id` is no id", "did you mean `new-id`?"),
            (13, 1, "[[source]] lacks `url`", ""),
        ],
    );
    assert_mistakes(
        "[[feed]]\nid = \"a\"\nwas = [\"b\", \"x\"]\n[[feed]]\nid = \"b\"\n[[feed]]\nid = \"index\"\n[[feed]]\nid = \"c\"\nwas = [\"x\"]",
        &[
            (4, 8, "id `b` stands twice (first on line 6)", ""),
            (8, 6, "id `index` is taken", "another"),
            (11, 8, "id `x` stands twice (first on line 4)", ""),
        ],
    );
}

#[test]
fn feeds_may_only_name_what_there_is() {
    assert_mistakes(
        "[[source]]\nid = \"caspian\"\nurl = \"https://a.example\"\n\
         [[feed]]\nid = \"f\"\nsources = [\"caspain\", \"caspian\"]\noutlets = [\"a.exmple\"]\nstories = \"prefer:zzz\"",
        &[
            (7, 12, "`caspain` is the id of no source", "did you mean `caspian`?"),
            (8, 12, "`a.exmple` is the outlet of no source", "did you mean `a.example`?"),
            (9, 11, "`zzz` is the outlet of no source", ""),
        ],
    );
    // A source that is wrong itself brings no complaint about the feeds that name it.
    assert_mistakes(
        "[[source]]\nid = \"a\"\nurl = \"nonsense\"\n[[feed]]\nid = \"f\"\nsources = [\"a\"]\noutlets = [\"a.example\"]",
        &[(4, 7, "no absolute http or https address", "kind = \"folder\"")],
    );
}

#[test]
fn folders_must_say_that_they_are() {
    let source = |url: &str, more: &str| format!("[[source]]\nid = \"a\"\nurl = \"{url}\"\n{more}");
    assert_mistakes(&source("articles/", ""), &[(4, 7, "`articles/` is no absolute", "kind = \"folder\"")]);
    assert_mistakes(&source("file:///etc", ""), &[(4, 7, "is no http or https address", "")]);
    let folder = "kind = \"folder\"";
    assert_mistakes(&source("https://a.example", folder), &[(4, 7, "is no folder, but an address", "leave out")]);
    assert_mistakes(&source("file:///etc", folder), &[(4, 7, "is no path of the local disk", "path")]);
    assert_mistakes(&source("articles", "kind = \"foldr\""), &[(5, 8, "is none of", "did you mean `folder`?")]);
}

#[test]
fn variables_must_exist_and_their_values_are_not_shown() {
    assert_mistakes("state = \"${NOPE}\"", &[(2, 9, "the environment has no variable `NOPE`", "set NOPE")]);
    assert_mistakes("state = \"${NOPE\"", &[(2, 9, "no closing `}`", "$${")]);
    assert_mistakes("state = \"${a b}\"", &[(2, 9, "no name of a variable", "$${")]);
    assert_mistakes("state = \"${EMPTY}\"", &[(2, 9, "`state` is empty", "")]);
    let wrong = with_site(
        "[[source]]\nid = \"${TOKEN}!\"\nurl = \"${TOKEN}\"\ntimezone = \"${TOKEN}\"\nlanguage = \"${TOKEN}_x\"\n\
         every = \"${TOKEN}\"\nheaders = { Host = \"${TOKEN}\" }\n[[feed]]\nid = \"${TOKEN} a\"\nsources = [\"${TOKEN}\"]\n\
         include.title = [\"/${TOKEN}(/\"]\nstories = \"${TOKEN}\"\nbytes = \"${TOKEN}\"\nicon = \"${TOKEN}.example\"\n\
         [[source]]\nid = \"t\"\nurl = \"${TOKEN}://x\"\n[[source]]\nid = \"u\"\nurl = \"${TOKEN}://x\"\nkind = \"folder\"",
    );
    let error = read(&wrong).expect_err("all of it is wrong");
    assert_eq!(error.problems().len(), 14, "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[test]
fn secrets_in_the_file_itself_are_not_shown_either() {
    let error = read(&with_site(
        "fetch.proxy = \"hunter3\"\nstate = \"postgres://me:hunter3@host/db\"\n[[source]]\nid = \"a\"\nurl = \"https://a.example\"\nheaders = { X = \"hunter3é\" }",
    ))
    .expect_err("all are wrong");
    assert_eq!(error.problems().len(), 3, "{error}");
    assert!(!error.to_string().contains("hunter3"), "{error}");
}

#[test]
fn syntax_errors_have_their_place() {
    assert_problems("[site]\nbase_url = ", &[(2, 12, "", "")]);
    assert_problems("[site]\nbase_url = \"a\"\nbase_url = \"b\"", &[(3, 1, "duplicate key", "")]);
    assert_problems("a = \"x", &[(1, 7, "", "")]);
    assert_problems("[site\n", &[(1, 6, "", "")]);
}

#[test]
fn columns_count_characters() {
    assert_mistakes(
        "site.title = \"Ünïcødé\"\npublish = { to = \"où\", fromats = [] }",
        &[(2, 1, "", ""), (3, 24, "unknown key `fromats`", "did you mean `formats`?")][1..],
    );
}

#[test]
fn problems_read_well() {
    let text = with_site("\n[[feed]]\nid = \"asia\"\nitmes = 3\n\tlanguages = [\"english\"]\r\nitems = 0");
    let error = read(&text).expect_err("three things are wrong");
    let expected = "\
/etc/feedmill/feedmill.toml:5:1: unknown key `itmes` in [[feed]]
   |
 5 | itmes = 3
   | ^^^^^
   help: did you mean `items`?

/etc/feedmill/feedmill.toml:7:9: `items` takes a number from 1 to 1000000
   |
 7 | items = 0
   |         ^";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn long_lines_are_cut_around_the_mistake() {
    let padding = "x".repeat(5_000);
    let text = with_site(&format!("site.title = \"{padding}\"\nsource = [{{ id = \"{padding}\", ulr = 1 }}]"));
    let error: ConfigError = read(&text).expect_err("id and key are wrong");
    let shown = error.to_string();
    assert!(shown.lines().all(|line| line.chars().count() < 200), "{shown}");
    assert!(shown.contains("ulr = 1"), "{shown}");
}

#[test]
fn a_file_that_cannot_be_read_is_one_problem() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let error = load(&folder.path().join("none.toml"), &|_| None).expect_err("there is none");
    assert!(error.to_string().contains("cannot read the config file") && error.to_string().contains("-c FILE"));
    assert!(load(folder.path(), &|_| None).is_err());

    let file = folder.path().join("latin.toml");
    #[expect(clippy::disallowed_methods, reason = "a test makes its own input")]
    std::fs::write(&file, b"state = \"a\"\n# caf\xe9\n").expect("it can be written");
    let error = load(&file, &|_| None).expect_err("it is Latin-1");
    let place = error.problems()[0].place.as_ref().expect("it has a place");
    assert_eq!((place.line, place.column), (2, 6), "{error}");
}

#[test]
fn many_mistakes_are_all_listed() {
    let blocks: Vec<String> = (0..2_000).map(|n| format!("[[source]]\nid = \"s{n}\"\nulr = \"x\"\n")).collect();
    let error = read(&with_site(&blocks.concat())).expect_err("every block is wrong");
    assert_eq!(error.problems().len(), 4_000);
    assert_eq!(error.file(), Path::new("/etc/feedmill/feedmill.toml"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = read(&text).map_err(|error| error.to_string());
    }

    #[test]
    fn no_damage_to_the_example_makes_it_panic(at in any::<prop::sample::Index>(), cut in 0usize..40, put in "[\\[\\]{}\"'=.,\n #aé$]{0,6}") {
        let mut text = super::example::EXAMPLE.to_owned();
        let mut start = at.index(text.len());
        while !text.is_char_boundary(start) { start -= 1; }
        let mut end = (start + cut).min(text.len());
        while !text.is_char_boundary(end) { end -= 1; }
        text.replace_range(start..end.max(start), &put);
        let _ = read(&text).map_err(|error| error.to_string());
    }
}

#[test]
fn addresses_hold_no_user() {
    let source = "[[source]]\nid = \"a\"\nurl = \"https://me:hunter4@a.example/\"";
    assert_mistakes(source, &[(4, 7, "holds a user name or password", "")]);
    for key in ["hub", "icon"] {
        let feed = format!("[[feed]]\nid = \"f\"\n{key} = \"https://me@a.example/\"");
        assert_mistakes(&feed, &[(4, key.len() + 4, "holds a user name or password", "")]);
    }
    assert!(!read(&with_site(source)).expect_err("a user").to_string().contains("hunter4"));
}

#[test]
fn the_name_of_the_list_of_feeds_is_no_former_id_either() {
    assert_mistakes("[[feed]]\nid = \"a\"\nwas = [\"index\"]", &[(4, 8, "`index` is taken by the page", "")]);
    assert_mistakes("[[feed]]\nid = \"index\"", &[(3, 6, "`index` is taken by the page", "choose another")]);
}

#[test]
fn a_state_among_the_feeds_could_be_read_by_everybody() {
    for (state, target) in [("feeds/feedmill.db", "feeds"), ("feedmill.db", "."), ("x/../feeds/a.db", "./feeds/")] {
        assert_mistakes(
            &format!("state = \"{state}\"\npublish.to = \"{target}\""),
            &[(2, 9, "where everybody can read it", "another folder")],
        );
    }
    assert!(read(&with_site("state = \"feeds.db\"\npublish.to = \"feeds\"")).is_ok());
}
