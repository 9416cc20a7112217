//! The kinds of faults, one test each.

use feedmill::model::{Article, Precision, Presented};

use super::read_at;
use super::story::{ADDRESS, PARAGRAPHS, TITLE, json_ld, page, paragraphs};

fn read(head: &str, below_headline: &str) -> (Article, Presented) {
    read_at(ADDRESS, &page(head, below_headline))
}

/// The publication: a day, or a moment with its offset.
fn published(article: &Article) -> String {
    let Some(dated) = article.date_published else { return String::new() };
    match dated.precision {
        Precision::Day => dated.at.date_naive().to_string(),
        Precision::Time => dated.at.to_rfc3339(),
    }
}

fn modified(article: &Article) -> String {
    article.date_modified.map(|dated| dated.at.date_naive().to_string()).unwrap_or_default()
}

fn authors(article: &Article) -> Vec<&str> {
    article.authors.iter().filter_map(|author| author.name.as_deref()).collect()
}

fn body_lines(presented: &Presented) -> Vec<&str> {
    presented.content_text.as_deref().unwrap_or_default().lines().filter(|line| !line.is_empty()).collect()
}

/// Dates: head, below the headline, expected.
fn dates(rows: &[(&str, &str, &str)]) {
    for (head, below, expected) in rows {
        assert_eq!(published(&read(head, below).0), *expected, "{head} {below}");
    }
}

#[test]
fn a_stamp_of_the_page_is_no_date_of_the_story() {
    let html = page("", "<p class=byline>By Jo Marten, May 2, 2024</p>")
        .replace("<header class=site-header>", "<header class=site-header><div>Last update: June 7, 2025 09:12</div>");
    let (article, _) = read_at(ADDRESS, &html);
    assert_eq!((published(&article).as_str(), modified(&article).as_str()), ("2024-05-02", ""));
}

#[test]
fn an_update_beside_the_publication_is_the_modification() {
    for below in [
        "<p>Published 2 May 2024 · Updated 3 May 2024</p>",
        "<p>Updated May 3, 2024</p><p>Published May 2, 2024</p>",
        "<p><time class=entry-date datetime=2024-05-02>2 May</time> <time class=updated datetime=2024-05-03>3 May</time></p>",
        "<p>Veröffentlicht am 2.5.2024, zuletzt aktualisiert 3.5.2024</p>",
    ] {
        let (article, _) = read("", below);
        assert_eq!(
            (published(&article).as_str(), modified(&article).as_str()),
            ("2024-05-02", "2024-05-03"),
            "{below}"
        );
    }
}

#[test]
fn a_date_that_only_the_byline_has_is_found() {
    dates(&[
        ("", "<p>By Jo Marten May 2, 2024</p>", "2024-05-02"),
        ("", "<div><span class=author>Jo Marten</span> | <span>02.05.24</span></div>", ""),
        ("", "<dl><dt>Published</dt><dd>2 May 2024</dd></dl>", "2024-05-02"),
        (
            "",
            "<aside class=facts><time datetime=2024-05-02T10:00:00Z>2 May</time></aside>",
            "2024-05-02T10:00:00+00:00",
        ),
    ]);
}

#[test]
fn a_day_that_utc_shifts_is_the_outlets() {
    let moment = json_ld("\"datePublished\":\"2020-08-25T00:23:00Z\"");
    dates(&[(&moment, "<p class=date>August 24, 2020, 8:23 p.m.</p>", "2020-08-24T20:23:00-04:00")]);
    let html = page(&moment, "");
    let (article, _) = read_at("https://www.harbour.example/2020/08/24/ferries-return", &html);
    assert_eq!(published(&article), "2020-08-24T23:23:00-01:00");
}

#[test]
fn zones_of_the_text_are_kept() {
    dates(&[
        ("", "<p class=date>2 May 2024, 10:15 CET</p>", "2024-05-02T10:15:00+01:00"),
        ("", "<p class=date>2 May 2024 10:15 PM EST</p>", "2024-05-02T22:15:00-05:00"),
        ("", "<p class=date>Published 10:15, 2 May 2024 BST</p>", "2024-05-02T10:15:00+01:00"),
    ]);
    let japanese = page("", "<p class=date>2024年5月2日 10時15分</p>").replace("lang=en", "lang=ja");
    assert_eq!(published(&read_at(ADDRESS, &japanese).0), "2024-05-02T10:15:00+09:00");
}

#[test]
fn day_and_month_stand_as_the_language_has_them() {
    let below = "<p class=date>03/02/2024</p>";
    for (language, expected) in [("en-GB", "2024-02-03"), ("fr", "2024-02-03"), ("en-US", "2024-03-02")] {
        let html = page("", below).replace("lang=en", &format!("lang={language}"));
        assert_eq!(published(&read_at(ADDRESS, &html).0), expected, "{language}");
    }
}

#[test]
fn metadata_that_lies_is_mended_by_what_readers_see() {
    dates(&[
        (
            &json_ld("\"datePublished\":\"2024-05-02T01:41:00+05:30\""),
            "<p class=date>May 2, 2024, 01:41 PM</p>",
            "2024-05-02T13:41:00+05:30",
        ),
        (
            &json_ld("\"datePublished\":\"2024-05-02T18:06:00Z\""),
            "<p class=date>May 2, 2024, 6:06 PM EST</p>",
            "2024-05-02T18:06:00-05:00",
        ),
    ]);
}

#[test]
fn dates_of_other_things_are_not_taken() {
    let teaser = "<div class=related><h3><a href=/b>Another story of the day</a></h3><time datetime=2025-06-01>June 1, 2025</time></div>";
    let comment =
        "<section id=comments><div class=comment>By Pat, June 2, 2025: What a fine thing this is.</div></section>";
    let figure = "<figure><img src=/a.jpg width=900 height=600><figcaption>The pier in a storm on June 3, 2023.</figcaption></figure>";
    let html = page("", &format!("{figure}<p class=byline>Jo Marten</p>"))
        .replace("</article>", &format!("</article>{teaser}{comment}"));
    let (article, _) = read_at(ADDRESS, &html);
    assert_eq!(published(&article), "");
    assert_eq!(authors(&article), ["Jo Marten"]);
}

#[test]
fn relative_dates_count_from_the_fetch() {
    dates(&[
        ("", "<p class=date>3 hours ago</p>", "2026-11-24T09:00:00+00:00"),
        ("", "<p class=date>2 days ago</p>", "2026-11-22"),
    ]);
}

#[test]
fn dates_of_other_scripts_are_read() {
    for (language, line) in [
        ("ru", "2 мая 2024"),
        ("zh", "2024年5月2日"),
        ("el", "2 Μαΐου 2024"),
        ("ar", "2 مايو 2024"),
        ("hi", "2 मई 2024"),
    ] {
        let html = page("", &format!("<p class=date>{line}</p>")).replace("lang=en", &format!("lang={language}"));
        assert_eq!(published(&read_at(ADDRESS, &html).0), "2024-05-02", "{line}");
    }
}

/// Titles: the `title` element, the markup of the headline, expected.
fn titles(rows: &[(&str, &str, &str)]) {
    for (title, headline, expected) in rows {
        let html = format!(
            "<html lang=en><head><title>{title}</title><meta property=og:site_name content='Harbour News'></head><body><article>{headline}{}</article>",
            paragraphs()
        );
        assert_eq!(read_at(ADDRESS, &html).0.title.as_deref(), Some(*expected), "{title} {headline}");
    }
}

#[test]
fn names_around_a_title_go_and_its_own_dash_stays() {
    titles(&[
        ("Ferries return to the isles - Harbour News", "", "Ferries return to the isles"),
        ("Harbour News | Ferries return to the isles", "", "Ferries return to the isles"),
        ("Ferries return - and stay this time", "", "Ferries return - and stay this time"),
    ]);
}

#[test]
fn tails_and_kickers_of_a_title_go() {
    let headline = "<div class=kicker>Islands</div><h1>Ferries return to the isles</h1>";
    titles(&[
        ("Ferries return to the isles | Islands | Harbour News", headline, "Ferries return to the isles"),
        ("Islands: Ferries return to the isles - Harbour News", headline, "Ferries return to the isles"),
    ]);
}

#[test]
fn the_headline_that_readers_see_beats_the_one_for_searches() {
    let head = "<meta property=og:title content='Ferry to northern islands: when boats sail again'>";
    let html = page(head, "").replace("<title>", "<title>Ferry northern islands boats sail again ");
    assert_eq!(read_at(ADDRESS, &html).0.title.as_deref(), Some(TITLE));
}

#[test]
fn a_logo_is_no_headline() {
    let html = page("", "").replace("<a href=/>Harbour News</a>", "<h1><a href=/>Harbour News</a></h1>");
    assert_eq!(read_at(ADDRESS, &html).0.title.as_deref(), Some(TITLE));
}

/// Authors: head, below the headline, expected.
fn names(rows: &[(&str, &str, &[&str])]) {
    for (head, below, expected) in rows {
        assert_eq!(authors(&read(head, below).0), *expected, "{head} {below}");
    }
}

#[test]
fn what_sticks_to_a_name_goes() {
    names(&[
        ("", "<p class=byline>Posted by Jo Marten on May 2, 2024</p>", &["Jo Marten"]),
        ("", "<p class=byline>Jo Marten, Harbour Correspondent</p>", &["Jo Marten"]),
        ("", "<p class=author>Von <a href=/autoren/jo-marten>Jo Marten</a> | Stand: 3.5.2024</p>", &["Jo Marten"]),
        ("", "<p>Posted on May 2, 2024 by Jo Marten</p>", &["Jo Marten"]),
        ("", "<p class=byline><a rel=author href=/jo>View all posts by Jo Marten →</a></p>", &["Jo Marten"]),
        ("", "<p class=byline>Jo Marten, PhD</p>", &["Jo Marten"]),
    ]);
}

#[test]
fn outlets_and_accounts_are_no_authors_but_agencies_are() {
    let outlet = "<meta name=author content='Harbour News'><meta property=og:site_name content='Harbour News'>";
    let account = json_ld("\"author\":{\"name\":\"jomarten\"}");
    names(&[
        (outlet, "<p class=byline>By Jo Marten</p>", &["Jo Marten"]),
        (outlet, "", &[]),
        (&account, "<p class=byline>Jo Marten</p>", &["Jo Marten"]),
        ("", "<p class=byline>AFP</p>", &["AFP"]),
        ("<meta name=author content='https://social.example/jo'>", "", &[]),
    ]);
}

#[test]
fn several_authors_are_told_apart() {
    let one_of_two = json_ld("\"author\":{\"name\":\"Jo Marten\"}");
    names(&[
        ("", "<p class=byline>By Jo Marten, Di Poe and Al Rey</p>", &["Jo Marten", "Di Poe", "Al Rey"]),
        (&one_of_two, "<p class=byline>Jo Marten, Di Poe</p>", &["Jo Marten", "Di Poe"]),
    ]);
}

#[test]
fn foreign_names_are_not_taken() {
    let more = "<div class=comments><p class=author>Pat Loud</p></div><div class=related><p class=byline>By Other Writer</p></div>";
    let html = page("", "<p class=byline>By Jo Marten</p>").replace("</article>", &format!("</article>{more}"));
    assert_eq!(authors(&read_at(ADDRESS, &html).0), ["Jo Marten"]);
}

#[test]
fn the_lead_picture_is_no_logo_card_or_placeholder() {
    let figure = "<figure><img data-src=/media/ferry-leaves.jpg src=/placeholder.gif width=900 height=600><figcaption>The ferry leaves.</figcaption></figure>";
    let url = "https://www.harbour.example/media/ferry-leaves.jpg";
    for head in
        ["", "<meta property=og:image content=/img/logo.png>", "<meta property=og:image content=/cards/dummy-card.jpg>"]
    {
        assert_eq!(read(head, figure).0.image.map(|image| image.url).as_deref(), Some(url), "{head}");
    }
}

#[test]
fn a_crop_of_the_same_picture_shares_its_caption() {
    let figure = "<figure><img src=/media/ferry-leaves-640x400.jpg width=640 height=400><figcaption>The ferry leaves. Photo: Di Poe</figcaption></figure>";
    let (article, _) = read("<meta property=og:image content=/media/ferry-leaves-1200x630.jpg>", figure);
    let image = article.image.expect("a picture");
    assert_eq!(image.url, "https://www.harbour.example/media/ferry-leaves-1200x630.jpg");
    assert_eq!((image.caption.as_deref(), image.credit.as_deref()), (Some("The ferry leaves."), Some("Di Poe")));
}

#[test]
fn caption_credit_and_alt_are_apart() {
    for (inside, credit) in [
        ("The ferry leaves. (Di Poe)", "Di Poe"),
        ("The ferry leaves. / Harbour Photo", "Harbour Photo"),
        ("The ferry leaves. Foto: Di Poe/dpa hide caption", "Di Poe/dpa"),
        ("<span>The ferry leaves.</span> <span class=credit>Di Poe</span>", "Di Poe"),
        ("<span>The ferry leaves.</span> <span class=caption__author>(Di Poe)</span>", "Di Poe"),
        ("The ferry leaves. DI POE / AFP", "DI POE / AFP"),
    ] {
        let figure = format!(
            "<figure><img src=/ferry.jpg alt='A ferry' width=900 height=600><figcaption>{inside}</figcaption></figure>"
        );
        let image = read("", &figure).0.image.expect("a picture");
        let found = (image.caption.as_deref(), image.credit.as_deref(), image.alt.as_deref());
        assert_eq!(found, (Some("The ferry leaves."), Some(credit), Some("A ferry")), "{inside}");
    }
}

#[test]
fn foreign_parts_are_cut_out_of_the_body() {
    let foreign = [
        "<figure><img src=/b.jpg><figcaption>The pier in winter.</figcaption></figure>",
        "<p>Read more: <a href=/b>The long winter of the small boats</a></p>",
        "<div class=newsletter><p>Sign up for our letter and read the news of the coast each morning.</p></div>",
        "<div class=share-bar>Share Post Mail</div>",
        "<h3>You may also like</h3><ul><li><a href=/c>Another story of the northern coast</a></li><li><a href=/d>And a third story of the same coast</a></li></ul>",
        "<p>Jo Marten is a reporter on the coast and has written of ferries for twenty years now.</p>",
        "<div class=tags>Tags: <a href=/t/ferry>Ferry</a></div>",
        "<div id=comments><p>What a fine thing this is, I have waited so long for it, says a reader here.</p></div>",
    ];
    let html =
        page("", "<p class=byline>By Jo Marten</p>").replace("</article>", &format!("{}</article>", foreign.concat()));
    assert_eq!(body_lines(&read_at(ADDRESS, &html).1), PARAGRAPHS);
}

#[test]
fn what_follows_behind_the_story_is_not_of_it() {
    let excerpts = [
        "The harbour master of the northern town has asked for a second crane, and told the council on Monday that …",
        "A school of the outer islands takes in its first pupils from the mainland, who come by the early boat and …",
        "Fishermen have found a wreck of the last war at the mouth of the strait, and divers are to look at it in …",
        "The old lighthouse is for sale once more, and this time the town would like to have it for a museum of …",
    ];
    let excerpts = excerpts.map(|text| format!("<p>{text}</p>")).concat();
    let events = "<h2>Upcoming events</h2><p>Come to the reading hour of the library on the quay, with songs and games for all ages, each Tuesday.</p>\
        <p>Build a boat of paper and see whether it floats; the class is small, so tell us beforehand that you will come.</p>";
    for behind in [excerpts.as_str(), events] {
        let html = page("", "<p class=byline>By Jo Marten</p>").replace("</article>", &format!("{behind}</article>"));
        assert_eq!(body_lines(&read_at(ADDRESS, &html).1), PARAGRAPHS, "{behind}");
    }
}

#[test]
fn parts_in_other_containers_are_not_lost() {
    let long = |section: usize| {
        let texts = PARAGRAPHS.map(|text| format!("<p>Part {section}: {text}</p>")).concat();
        format!(
            "<section class='s{section}'><div><div><h2>Part {section} of the story</h2>{texts}</div></div></section>"
        )
    };
    let parts: String = (1..=6).map(long).collect();
    let html = page("", &parts).replace(&paragraphs(), "");
    let (_, presented) = read_at(ADDRESS, &html);
    let lines = body_lines(&presented);
    for section in 1..=6 {
        let found = lines.iter().filter(|line| line.starts_with(&format!("Part {section}: "))).count();
        assert_eq!(found, PARAGRAPHS.len(), "{section} of {lines:?}");
    }
}

#[test]
fn lists_and_tables_stay_in_the_body() {
    let more = "<p>These are the crossings of the first week, as the harbour office has announced them on its boards:</p>\
        <ul><li>Varnholm to Skarv</li><li>Skarv to Lilleby</li></ul><table><tr><th>Day</th><th>Time</th></tr><tr><td>Monday</td><td>9:30</td></tr></table>";
    let html = page("", "").replace("</article>", &format!("{more}</article>"));
    let text = read_at(ADDRESS, &html).1.content_text.unwrap_or_default();
    for part in ["Varnholm to Skarv", "Skarv to Lilleby", "Monday", "9:30"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn the_outlet_has_its_own_name_and_the_text_its_own_language() {
    let head = "<meta property=og:site_name content=harbour.example>";
    let publisher = json_ld("\"publisher\":{\"name\":\"Harbour Broadcasting\"}");
    for (head, expected) in [([head, &publisher].concat(), "Harbour Broadcasting"), (String::new(), "Harbour News")] {
        assert_eq!(read(&head, "").0.site_name.as_deref(), Some(expected), "{head}");
    }
    let german = "Die erste Fähre der Saison hat am Donnerstagmorgen mit rund zweihundert Fahrgästen an Bord den Hafen verlassen und damit fünf Monate beendet, in denen die nördlichen Inseln nur mit kleinen Booten zu erreichen waren. ";
    let html = page("", "").replace(&paragraphs(), &format!("<p>{}</p>", german.repeat(4)));
    assert_eq!(read_at(ADDRESS, &html).1.language.as_deref(), Some("de"));
}
