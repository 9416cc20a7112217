//! robots.txt: asked before pages, kept for a day, obeyed; not for feeds that the operator named.

use crate::origin::Reply;
use crate::outlet::{Life, Reader, page, small};

const DAY: i64 = 24 * 60;

async fn reader_of_page(life: Life, robots: Reply) -> Reader {
    let mut reader = Reader::new(life).await;
    reader.source("page", "/story", "kind = \"article\"\nevery = \"1h\"");
    reader.origin.on("/robots.txt", robots);
    reader.origin.on("/story", page());
    reader
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_is_asked_first_once_a_day_and_obeyed() {
    for life in Life::ALL {
        let mut reader = reader_of_page(life, Reply::ok("User-agent: *\nDisallow: /private")).await;
        reader.run_every(60, 0..6 * 60).await;
        let targets = reader.targets();
        assert_eq!(targets[0], "/robots.txt", "{life:?}");
        assert_eq!(targets[1..], ["/story"].repeat(6), "{life:?}: kept from run to run");
        reader.run(DAY - 1).await;
        assert_eq!(reader.last().target, "/story", "{life:?}");
        // a day is over
        reader.origin.now_on("/robots.txt", Reply::ok("User-agent: feedmill\nDisallow: /"));
        reader.run(DAY + 120).await;
        assert_eq!(reader.last().target, "/robots.txt", "{life:?}");
        let standing = reader.standing("page", DAY + 120).await;
        assert_eq!(standing.state, "backoff", "{life:?}");
        assert!(standing.trouble.contains("robots.txt bars the address"), "{life:?}: {}", standing.trouble);
        let before = reader.origin.requests().len();
        reader.run_forced(DAY + 180).await;
        assert_eq!(reader.origin.requests().len(), before, "{life:?}: force does not override it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robots_txt_that_is_missing_allows_and_one_that_cannot_be_reached_does_not() {
    for life in Life::ALL {
        for (reply, is_asked) in [
            (Reply::new(404), true),
            (Reply::new(403), true),
            (Reply::new(410), true),
            (Reply::redirect(301, "/robots.txt"), true),
            (Reply::ok("<html>hello</html>"), true),
            (Reply::new(500), false),
            (Reply::ok("User-agent: *\nAllow: /").reset(), false),
        ] {
            let mut reader = reader_of_page(life, reply.clone()).await;
            reader.run(0).await;
            let is_found = reader.targets().contains(&"/story".to_owned());
            assert_eq!(is_found, is_asked, "{life:?} {reply:?}");
        }
        let mut reader = reader_of_page(life, Reply::new(429)).await;
        reader.run(0).await;
        assert_eq!(reader.targets(), ["/robots.txt"], "{life:?}");
        assert_eq!(reader.standing("page", 0).await.state, "held", "{life:?}: a pause is a pause");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_the_operator_named_is_asked_on_their_behalf_unless_they_say_otherwise() {
    for life in Life::ALL {
        for (settings, expected) in [("", &["/feed"][..]), ("robots = \"all\"", &["/robots.txt"])] {
            let mut reader = Reader::of_feed(life).await;
            reader.fetch_settings(&format!("allow = [\"127.0.0.0/8\"]\n{settings}"));
            reader.origin.on("/robots.txt", Reply::ok("User-agent: *\nDisallow: /"));
            reader.origin.on("/feed", small());
            reader.run(0).await;
            assert_eq!(reader.targets(), expected, "{life:?} {settings}");
        }
    }
}
