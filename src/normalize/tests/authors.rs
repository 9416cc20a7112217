use super::*;

#[test]
fn authors_are_people_of_the_most_trusted_kind() {
    let source = source();
    for (claims, expected) in [
        (
            vec![person("json-ld", "Jane Doe"), person("json-ld", "John Smith"), person("meta", "Ann Lee")],
            vec!["Jane Doe", "John Smith"],
        ),
        (vec![person("json-ld", "Steppe Courier"), person("byline", "By Jane Doe March 1, 2023")], vec!["Jane Doe"]),
        (vec![person("json-ld", "Politics"), person("byline", "Jane Doe")], vec!["Jane Doe"]),
        (vec![person("json-ld", "admin"), person("byline", "Jane Doe, Staff Writer")], vec!["Jane Doe"]),
        (vec![person("meta", "https://social.example/jane"), person("meta", "@jane")], vec![]),
        (vec![person("meta", "Jane Doe"), person("meta", "JANE DOE")], vec!["Jane Doe"]),
    ] {
        let raw = RawArticle {
            authors: claims.clone(),
            sections: super::tests::claims(&["Politics"]),
            ..RawArticle::default()
        };
        let article = article(raw, &Context { source: Some(&source), ..page() });
        let names: Vec<&str> = article.authors.iter().filter_map(|author| author.name.as_deref()).collect();
        assert_eq!(names, expected, "{claims:?}");
        assert_eq!(provenance(&article, Field::Authors).is_some(), !expected.is_empty());
    }
}

#[test]
fn a_feed_names_its_authors_as_it_likes() {
    let feed = SourceFeed::default();
    for (text, expected) in [
        ("Doe, Jane", vec!["Doe, Jane"]),
        ("de la Roe, Ann, Doe, Max", vec!["de la Roe, Ann, Doe, Max"]),
        ("Doe, J., Roe, A. B.", vec!["J. Doe", "A. B. Roe"]),
        ("Jane Doe, Max Moe and Ann Roe", vec!["Jane Doe", "Max Moe", "Ann Roe"]),
        ("Jane Doe (lantern)", vec!["Jane Doe (lantern)"]),
        ("Max Moe and Jane Doe (lantern)", vec!["Max Moe", "Jane Doe (lantern)"]),
        ("Jane Doe (AFP)", vec!["Jane Doe", "AFP"]),
        ("Jane Doe (editor)", vec!["Jane Doe"]),
    ] {
        let of = |feed| {
            let raw = RawArticle { authors: vec![person("feed:author", text)], ..RawArticle::default() };
            let names = article(raw, &Context { feed, ..page() }).authors.into_iter().map(|author| author.name);
            names.flatten().collect::<Vec<_>>()
        };
        assert_eq!(of(Some(&feed)), expected, "{text}");
        assert!(!of(None).concat().contains("lantern"), "{text}");
    }
}

#[test]
fn other_claims_add_what_they_know_of_the_same_person() {
    let url = Some("https://courier.example/jane".to_owned());
    let email = Some("jane@courier.example".to_owned());
    let more = PersonClaim { url: url.clone(), email: email.clone(), ..person("html", "jane doe") };
    let raw = RawArticle { authors: vec![person("meta", "Jane Doe"), more], ..RawArticle::default() };
    let name = Some("Jane Doe".to_owned());
    assert_eq!(article(raw, &page()).authors, [Person { name, url, email }]);
}
