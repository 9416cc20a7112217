//! Sources that move, vanish, and come back.

use crate::origin::Reply;
use crate::outlet::{Life, Reader, header, small};

const DAY: i64 = 24 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_301_is_taken_over_after_7_days_and_5_sightings_in_state_only() {
    for life in Life::ALL {
        for code in [301, 308] {
            let mut reader = Reader::new(life).await;
            reader.source("feed", "/old", "headers = { Authorization = \"Bearer hunter2\" }");
            let new = reader.origin.url_at("127.0.0.2", "/new");
            reader.origin.on("/old", Reply::redirect(code, new.as_str()));
            reader.origin.on("/new", small().header("ETag", "\"1\"")).on("/new", Reply::new(304));
            for day in 0..8 {
                reader.run(day * (DAY + 180)).await;
            }
            assert_eq!(reader.targets(), ["/old", "/new"].repeat(8), "{life:?} {code}");
            let standing = reader.standing("feed", 8 * DAY).await;
            assert_eq!(standing.state, "moved", "{life:?} {code}");
            assert!(standing.trouble.contains(new.as_str()), "{}", standing.trouble);
            for day in 8..10 {
                reader.run(day * (DAY + 180)).await;
            }
            assert_eq!(reader.targets()[16..], ["/new", "/new"], "{life:?} {code}: the redirect is spared");
            for seen in reader.origin.requests() {
                let is_home = seen.host == "127.0.0.1";
                assert_eq!(header(&seen, "authorization").is_some(), is_home, "{life:?}: secrets stay at home");
                let is_conditional = header(&seen, "if-none-match").is_some();
                assert!(!is_home || !is_conditional, "validators belong to the address that sent them");
            }
            // the new address is gone: the configured one has the next word, and may say otherwise
            reader.origin.now_on("/new", Reply::new(410)).now_on("/old", small());
            reader.run(20 * DAY).await;
            reader.run(23 * DAY).await;
            let targets = reader.targets();
            assert_eq!(targets[targets.len() - 2..], ["/new", "/old"], "{life:?} {code}");
            assert_eq!(reader.standing("feed", 23 * DAY).await.state, "ok");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_that_is_temporary_young_or_seldom_seen_moves_nothing() {
    // status, days between two runs, runs
    for (code, days, runs) in [(302, 2, 8), (307, 2, 8), (303, 2, 8), (301, 1, 6), (301, 9, 4)] {
        let mut reader = Reader::of_feed(Life::Anew).await;
        reader.origin.on("/feed", Reply::redirect(code, "/new")).on("/new", small());
        for run in 0..=runs {
            if run < runs {
                reader.run(run * days * DAY + run * 60).await;
            }
        }
        let targets = reader.targets();
        assert_eq!(targets, ["/feed", "/new"].repeat(targets.len() / 2), "{code} {days} {runs}");
        assert_eq!(reader.standing("feed", 100 * DAY).await.state, "ok", "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_410_is_asked_no_more_until_the_config_changes() {
    for life in Life::ALL {
        let mut reader = Reader::of_feed(life).await;
        reader.origin.on("/feed", Reply::new(410));
        reader.run(0).await;
        for day in [1, 30, 365] {
            reader.run(day * DAY).await;
            reader.run_forced(day * DAY + 1).await;
        }
        assert_eq!(reader.origin.requests().len(), 1, "{life:?}");
        let standing = reader.standing("feed", 365 * DAY).await;
        assert_eq!((standing.state.as_str(), standing.next_due), ("gone", None), "{life:?}");
        assert!(standing.trouble.contains("#fragment"), "what to do is told: {}", standing.trouble);
        reader.no_sources();
        reader.source("feed", "/feed#again", "");
        reader.origin.now_on("/feed", small());
        reader.run(366 * DAY).await;
        assert_eq!(reader.targets(), ["/feed", "/feed"], "{life:?}");
        assert_eq!(reader.standing("feed", 366 * DAY).await.state, "ok", "{life:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_404_backs_off_to_a_week_is_never_forgotten_and_recovery_resets() {
    for life in Life::IN_PROCESS {
        let mut reader = Reader::of_feed(life).await;
        // one of kind "auto" would look for another place once a day
        reader.no_sources();
        reader.source("feed", "/feed", "kind = \"feed\"");
        reader.origin.on("/feed", small().header("ETag", "\"1\"")).on("/feed", Reply::new(404));
        let every = 12 * 60;
        let times = reader.run_every(every, 0..60 * DAY).await;
        let gaps: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.windows(2).all(|pair| pair[1] + every >= pair[0]), "{life:?}: it grows: {gaps:?}");
        // a jitter of a tenth, and the rhythm of the runs
        let last = gaps.last().copied().unwrap_or_default();
        assert!((7 * DAY..8 * DAY).contains(&last), "{life:?}: {gaps:?}");
        assert!(gaps.len() <= 26, "{life:?}: {gaps:?}");
        assert!(gaps.iter().take_while(|gap| **gap <= 2 * DAY).count() >= 12, "{life:?}: two weeks daily: {gaps:?}");
        assert_eq!(header(&reader.last(), "if-none-match").as_deref(), Some("\"1\""), "{life:?}");
        let standing = reader.standing("feed", 60 * DAY).await;
        assert_eq!(standing.state, "backoff", "{life:?}");
        assert!(standing.trouble.contains("404") && standing.trouble.contains("next try"), "{}", standing.trouble);

        reader.origin.now_on("/feed", small());
        let found = 70 * DAY;
        reader.run(found).await;
        let standing = reader.standing("feed", found).await;
        assert_eq!((standing.state.as_str(), standing.trouble.as_str()), ("ok", ""), "{life:?}");
        let times = reader.run_every(30, found + 30..found + 180).await;
        assert_eq!(times.len(), 1, "{life:?}: an hour and a jitter, as if nothing had been: {times:?}");
    }
}
