//! Pages whose scripts hold the story, and whose markup may hold none of it.

use feedmill::model::{Article, Presented};
use serde_json::{Value, json};

use super::read_at;
use super::story::{ADDRESS, PARAGRAPHS, TITLE, page};

/// A page that scripts draw: its markup is an empty box.
fn drawn(scripts: &str) -> (Article, Presented) {
    let html = format!(
        "<!doctype html><html lang=en><head><title>{TITLE} | Harbour News</title></head>\
         <body><div id=root></div>{scripts}</body></html>"
    );
    read_at(ADDRESS, &html)
}

/// The story as most systems write it.
fn story() -> Value {
    json!({
        "title": TITLE,
        "slug": "ferries-return",
        "url": "/news/ferries-return",
        "publishedAt": "2024-05-02T08:15:00+02:00",
        "updatedAt": "2024-05-03T10:00:00+02:00",
        "author": {"name": "Jo Marten"},
        "section": "Islands",
        "image": {"url": "/pier.jpg", "caption": "The new pier.", "credit": "Ann Holm"},
        "body": PARAGRAPHS.map(|text| format!("<p>{text}</p>")).concat(),
    })
}

/// Others that a state holds beside it.
fn teasers() -> Value {
    json!([
        {"title": "Another story of the day that is older", "url": "/news/another-story", "publishedAt": "2024-04-01T08:00:00Z",
         "author": {"name": "Pat Other"}, "body": "Another text of another story. ".repeat(40)},
        {"title": "Harbour News", "url": "/", "publishedAt": "2020-01-01T00:00:00Z"}
    ])
}

fn assert_whole((article, presented): &(Article, Presented), form: &str) {
    assert_eq!(article.title.as_deref(), Some(TITLE), "{form}");
    let date = |dated: Option<feedmill::model::Dated>| dated.map(|dated| dated.at.to_rfc3339()).unwrap_or_default();
    assert_eq!(date(article.date_published), "2024-05-02T08:15:00+02:00", "{form}");
    assert_eq!(date(article.date_modified), "2024-05-03T10:00:00+02:00", "{form}");
    let authors: Vec<_> = article.authors.iter().filter_map(|author| author.name.as_deref()).collect();
    assert_eq!(authors, ["Jo Marten"], "{form}");
    assert_eq!(article.section.as_deref(), Some("Islands"), "{form}");
    let image = article.image.as_ref().expect(form);
    assert_eq!(image.url, "https://www.harbour.example/pier.jpg", "{form}");
    assert_eq!(
        (image.caption.as_deref(), image.credit.as_deref()),
        (Some("The new pier."), Some("Ann Holm")),
        "{form}"
    );
    let text = presented.content_text.as_deref().unwrap_or_default();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, PARAGRAPHS, "{form}");
}

#[test]
fn the_story_in_a_state_is_read_whole_whatever_its_form() {
    let state = json!({"page": {"list": teasers(), "story": story()}});
    let quoted = serde_json::to_string(&state.to_string()).expect("a string");
    let by_name = "{list:[],story:{title:a,slug:\"ferries-return\",publishedAt:b,updatedAt:\"2024-05-03T10:00:00+02:00\",\
                   author:{name:c},section:{name:'Islands'},leadImage:{url:\"\\u002Fpier.jpg\",caption:\"The new pier.\",\
                   credit:\"Ann Holm\"},body:d}}";
    let parameters = [TITLE, "2024-05-02T08:15:00+02:00", "Jo Marten", &PARAGRAPHS.join("\n")]
        .map(|text| serde_json::to_string(text).expect("a string"))
        .join(",");
    let chunk = serde_json::to_string(&format!("7:{state}\n")).expect("a string");
    for script in [
        format!("<script id=__NEXT_DATA__ type=application/json>{state}</script>"),
        format!("<script>window.__INITIAL_STATE__ = {state};</script>"),
        format!("<script>window.__PRELOADED_STATE__=JSON.parse({quoted})</script>"),
        format!("<script>window.__NUXT__=(function(a,b,c,d){{return {by_name}}}({parameters}));</script>"),
        format!(
            "<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={};Fusion.arcSite=\"h\"</script>",
            story()
        ),
        format!("<script>self.__next_f.push([1,{chunk}])</script>"),
        format!("<script type=application/json data-island>{state}</script>"),
        format!(
            "<script>window.__APOLLO_STATE__={}</script>",
            json!({"Story:1": story(), "ROOT_QUERY": {"__typename": "Query"}})
        ),
    ] {
        assert_whole(&drawn(&script), &script[..60]);
    }
}

#[test]
fn a_flat_state_is_unfolded() {
    // Nuxt 3: members are places in the array
    let mut flat = vec![json!(["ShallowReactive", 1]), json!({"data": 2}), json!({"story": 3})];
    let story = story();
    let mut object = serde_json::Map::new();
    let mut values = Vec::new();
    for (name, value) in story.as_object().expect("an object") {
        object.insert(name.clone(), json!(4 + values.len()));
        match value.as_object() {
            // inner objects name their members too, behind all others
            Some(_) => values.push(json!(null)),
            None => values.push(value.clone()),
        }
    }
    let end = 4 + values.len();
    let author = values.iter().position(Value::is_null).expect("the author");
    values[author] = json!({"name": end});
    let image = values.iter().position(Value::is_null).expect("the picture");
    values[image] = json!({"url": end + 1, "caption": end + 2, "credit": end + 3});
    flat.push(Value::Object(object));
    flat.extend(values);
    flat.extend([json!("Jo Marten"), json!("/pier.jpg"), json!("The new pier."), json!("Ann Holm")]);
    let script = format!("<script type=application/json id=__NUXT_DATA__>{}</script>", json!(flat));
    assert_whole(&drawn(&script), "__NUXT_DATA__");
}

#[test]
fn what_does_not_agree_with_the_page_is_not_believed() {
    let script = format!("<script id=__NEXT_DATA__ type=application/json>{}</script>", json!({"list": teasers()}));
    let html = page(&script, "<p class=byline>By Jo Marten, May 2, 2024</p>");
    let (article, presented) = read_at(ADDRESS, &html);
    assert_eq!(article.title.as_deref(), Some(TITLE));
    assert_eq!(article.date_published.map(|dated| dated.at.date_naive().to_string()).as_deref(), Some("2024-05-02"));
    assert_eq!(article.authors.len(), 1);
    assert!(!presented.content_text.unwrap_or_default().contains("Another text"));
}

#[test]
fn the_body_of_the_markup_stays_where_it_is_whole() {
    let mut short = story();
    short["body"] = json!(PARAGRAPHS[0].repeat(2));
    let script = format!("<script id=__NEXT_DATA__ type=application/json>{}</script>", json!({"story": short}));
    let (_, presented) = read_at(ADDRESS, &page(&script, ""));
    let text = presented.content_text.unwrap_or_default();
    assert!(PARAGRAPHS.iter().all(|paragraph| text.matches(paragraph).count() == 1), "{text}");
}

#[test]
fn a_full_article_body_beats_the_teaser_that_a_page_shows() {
    let body = serde_json::to_string(&PARAGRAPHS.join("\n\n")).expect("a string");
    let head = super::story::json_ld(&format!("\"articleBody\":{body}"));
    let html = page(&head, "");
    let teaser = &html[..html.rfind(PARAGRAPHS[1]).expect("the second paragraph") - "<p>".len()];
    let (_, presented) =
        read_at(ADDRESS, &format!("{teaser}<p>Subscribe to read on.</p></article></main></body></html>"));
    let text = presented.content_text.unwrap_or_default();
    assert!(PARAGRAPHS.iter().all(|paragraph| text.contains(paragraph)), "{text}");
}
