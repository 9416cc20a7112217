use super::super::{Identifiers, keys};
use super::world::{From, HOME, Item, World};
use super::*;

pub(super) fn titles(verdict: &Verdict) -> Vec<&str> {
    verdict.new.iter().filter_map(|new| new.article.title.as_deref()).collect()
}

pub(super) fn updated(verdict: &Verdict) -> Vec<i64> {
    verdict.updated.iter().map(|updated| updated.id.0).collect()
}

pub(super) const A: Item<'_> = ("a", "https://example.org/a", "Alpha", 1);
pub(super) const B: Item<'_> = ("b", "https://example.org/b", "Beta", 2);
pub(super) const C: Item<'_> = ("c", "https://example.org/c", "Gamma", 3);
pub(super) const D: Item<'_> = ("d", "https://example.org/d", "Delta", 4);

#[test]
fn the_same_document_again_changes_nothing() {
    let mut world = World::with(&[A, B, C]);
    let verdict = world.read(&HOME, &[C, B, A]);
    assert!(verdict.new.is_empty() && verdict.updated.is_empty() && verdict.carried.is_empty());
    assert_eq!(verdict.listed, [ArticleId(3), ArticleId(2), ArticleId(1)]);
}

#[test]
fn a_known_guid_keeps_its_article_whatever_else_changes() {
    for item in [
        ("a", "https://example.org/a", "Alpha, corrected", 1),
        ("a", "https://example.org/moved", "Alpha", 1),
        ("a", "http://www.example.net/a", "Alpha", 5),
        ("a", "https://example.org/a?utm_source=x", "Alpha!", 9),
        ("a", "", "Alpha with a new title", -1),
    ] {
        let verdict = World::with(&[A, B]).read(&HOME, &[item, B]);
        assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]), "{item:?}");
    }
}

#[test]
fn a_new_guid_with_a_known_address_keeps_the_article_and_is_learned() {
    let mut world = World::with(&[A, B]);
    let verdict = world.read(&HOME, &[("a2", "http://www.example.org/a/", "Alpha", 1), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
    let verdict = world.read(&HOME, &[("a2", "https://example.org/elsewhere", "Alpha again", 1), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
}

#[test]
fn an_item_without_guid_is_known_by_its_address() {
    let verdict = World::with(&[A, B]).read(&HOME, &[("", A.1, "Alpha, corrected", 7), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
}

#[test]
fn guid_wins_over_address() {
    let mut world = World::with(&[A, B]);
    let verdict = world.read(&HOME, &[("a", B.1, "Alpha", 1)]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
    let verdict = world.read(&HOME, &[("", B.1, "Beta?", 2)]);
    assert_eq!(updated(&verdict), [2], "the address still leads where it led");
}

#[test]
fn a_known_address_with_new_guid_new_title_and_later_date_is_a_new_article() {
    let live = "https://example.org/live";
    let mut world = World::with(&[("1", live, "Morning news", 6), B]);
    for (item, expected) in [
        (("2", live, "Evening news", 18), vec!["Evening news"]),
        (("3", live, "Evening news", 20), vec![]),
        (("4", live, "Night news", 2), vec![]),
    ] {
        assert_eq!(titles(&world.read(&HOME, &[item, B])), expected, "{item:?}");
    }
    assert_eq!(updated(&world.read(&HOME, &[("", live, "Renamed", 18), B])), [3], "the address leads to the later one");
}

#[test]
fn a_reused_guid_is_a_new_article_and_leads_to_it() {
    let mut world = World::with(&[("1", "https://example.org/monday", "Monday", 1), B]);
    let verdict = world.read(&HOME, &[("1", "https://example.org/tuesday", "Tuesday", 25), B]);
    assert_eq!(titles(&verdict), ["Tuesday"]);
    let verdict = world.read(&HOME, &[("1", "https://example.org/tuesday", "Tuesday, corrected", 26), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![3]));
}

#[test]
fn title_and_day_lead_to_an_article_that_is_absent_from_the_document() {
    let moved = ("x", "https://example.org/new/a", "ALPHA", 5);
    let verdict = World::with(&[A, B]).read(&HOME, &[moved, B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
}

#[test]
fn agencies_repeat_headlines() {
    let mut world = World::with(&[A, B]);
    let repeated = ("x", "https://example.org/x", "Alpha", 5);
    assert_eq!(titles(&world.read(&HOME, &[repeated, A, B])), ["Alpha"], "the first one is in the document");
    assert_eq!(
        updated(&world.read(&HOME, &[("", "https://example.org/y", "Alpha", 5)])),
        [1],
        "the title stays the first one's"
    );
    let both = [("p", "https://example.org/p", "Rates", 7), ("q", "https://example.org/q", "Rates", 8)];
    assert_eq!(titles(&World::default().read(&HOME, &both)), ["Rates", "Rates"]);
}

#[test]
fn guids_and_titles_of_another_source_mean_nothing() {
    let mut world = World::with(&[A, B]);
    let other = From { source: "other", outlet: "outlet" };
    let verdict = world.read(&other, &[("a", "https://example.org/z", "Alpha", 1)]);
    assert_eq!(titles(&verdict), ["Alpha"]);
}

#[test]
fn only_the_outlet_that_published_first_changes_an_article() {
    let stranger = From { source: "copy", outlet: "stranger" };
    let mut world = World::with(&[A]);
    for hit in world.known.hits.values_mut() {
        hit.carried = false;
    }
    let item = ("copy-1", A.1, "Alpha, as we tell it", 1);
    let verdict = world.read(&stranger, &[item]);
    assert!(verdict.new.is_empty() && verdict.updated.is_empty());
    assert_eq!((verdict.carried[0].id, verdict.carried[0].new_source), (ArticleId(1), true));
    assert_eq!(verdict.listed, [ArticleId(1)]);
    let verdict = world.read(&From { source: "second", outlet: "outlet" }, &[item]);
    assert!(
        verdict.updated.is_empty() && verdict.carried[0].new_source,
        "a second source of the outlet carries it first"
    );
    for hit in world.known.hits.values_mut() {
        hit.carried = true;
    }
    let changed = ("copy-1", A.1, "Alpha, corrected by a second source", 1);
    assert!(world.decide(&stranger, &[changed]).updated.is_empty());
    assert_eq!(updated(&world.decide(&From { source: "second", outlet: "outlet" }, &[changed])), [1]);
}

#[test]
fn a_copy_elsewhere_that_changed_is_only_noted() {
    let stranger = From { source: "copy", outlet: "stranger" };
    let mut world = World::with(&[A]);
    world.read(&stranger, &[("copy-1", A.1, "Alpha, as we tell it", 1)]);
    let changed = ("copy-1", A.1, "Alpha, retold", 1);
    let verdict = world.read(&stranger, &[changed]);
    assert!(verdict.new.is_empty() && verdict.updated.is_empty());
    assert_eq!((verdict.carried.len(), verdict.carried[0].new_source), (1, false));
    assert!(world.read(&stranger, &[changed]).carried.is_empty(), "its fingerprint is known now");
}

#[test]
fn a_second_item_of_an_article_leaves_the_fingerprint_alone() {
    let twice = ("a9", "http://www.example.org/a/", "Alpha", 1);
    let mut world = World::with(&[A, B]);
    for (first, updates) in [(A, vec![]), (("a", A.1, "Alpha, corrected", 1), vec![1])] {
        let verdict = world.decide(&HOME, &[first, B, twice]);
        let fingerprint = World::with(&[first]).known.hits.values().next().unwrap().fingerprint;
        assert_eq!(updated(&verdict), updates);
        assert!(verdict.carried.iter().all(|one| !one.new_source && one.fingerprint == fingerprint), "{verdict:?}");
    }
    world.read(&HOME, &[A, B, twice]);
    let again = world.read(&HOME, &[A, B, twice]);
    assert!(again.new.is_empty() && again.updated.is_empty() && again.carried.is_empty(), "{again:?}");
}

#[test]
fn half_of_the_guids_changed_is_a_migration_and_nothing_old_is_new() {
    let mut world = World::with(&[A, B, C, D]);
    let old = ("n9", "https://example.org/n9", "From the archive", 0);
    let undated = ("n8", "https://example.org/n8", "Undated", -1);
    let newer = ("n7", "https://example.org/n7", "Fresh", 30);
    let renamed = ("n1", A.1, "Alpha, retold", 20);
    let document = [
        renamed,
        ("n2", "https://example.net/b", "Beta", 2),
        ("n3", C.1, "Gamma", 3),
        ("n4", D.1, "Delta", 4),
        old,
        undated,
        newer,
    ];
    let verdict = world.read(&HOME, &document);
    assert!(verdict.migration && !verdict.suspicious);
    assert_eq!(updated(&verdict), [1, 2, 3, 4]);
    let announced: Vec<_> = verdict.new.iter().map(|new| (new.article.title.as_deref(), new.announced)).collect();
    assert_eq!(announced, [(Some("From the archive"), false), (Some("Undated"), false), (Some("Fresh"), true)]);
    assert_eq!(verdict.notes.len(), 1);
    let again = world.read(&HOME, &document);
    assert!(again.new.is_empty() && again.updated.is_empty() && !again.migration);
}

#[test]
fn fewer_changed_guids_are_no_migration() {
    let mut world = World::with(&[A, B, C, D]);
    let verdict = world.read(&HOME, &[("n1", A.1, "Alpha", 1), B, C, D]);
    assert!(!verdict.migration && verdict.new.is_empty());
    let verdict = World::with(&[A, B]).read(&HOME, &[("n1", A.1, "Alpha", 1), ("n2", B.1, "Beta", 2)]);
    assert!(!verdict.migration, "small documents are none");
}

#[test]
fn one_guid_for_several_addresses_means_the_source_goes_by_address() {
    let mut world = World::default();
    let items = [("same", A.1, "Alpha", 1), ("same", B.1, "Beta", 2)];
    let verdict = world.read(&HOME, &items);
    assert!(verdict.goes_by_url);
    assert_eq!(titles(&verdict), ["Alpha", "Beta"]);
    assert_eq!(verdict.notes.len(), 1);
    let verdict = world.read(&HOME, &[("same", C.1, "Gamma", 3), items[1], items[0]]);
    assert_eq!((titles(&verdict), verdict.listed.len()), (vec!["Gamma"], 2));
    let verdict = world.read(&HOME, &[("same", A.1, "Alpha, corrected", 9)]);
    assert_eq!(
        (updated(&verdict), verdict.goes_by_url, verdict.notes.len()),
        (vec![1], true, 0),
        "for ever, noted once"
    );
}

#[test]
fn many_guids_at_one_address_are_many_articles() {
    let page = "https://example.org/ticker";
    let mut world = World::default();
    let items = [("1", page, "One", 1), ("2", page, "Two", 2), ("3", page, "Three", 3)];
    assert_eq!(world.read(&HOME, &items).new.len(), 3);
    let verdict = world.read(&HOME, &[("4", page, "Four", 4), items[2], ("2", page, "Two, corrected", 2)]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec!["Four"], vec![2]));
}

#[test]
fn an_item_that_a_document_holds_twice_is_one_article() {
    for (items, expected) in [
        (vec![A, A], 1),
        (vec![A, ("a", A.1, "Alpha, other wording", 1)], 1),
        (vec![A, ("a9", "http://www.example.org/a/", "Alpha", 1)], 1),
        (vec![("", A.1, "Alpha", 1), ("", A.1, "Alpha, other wording", 1)], 1),
        (vec![A, ("a9", A.1, "Another story", 1)], 2),
    ] {
        let mut world = World::default();
        let verdict = world.read(&HOME, &items);
        assert_eq!(verdict.new.len(), expected, "{items:?}");
        assert_eq!(titles(&verdict)[0], "Alpha", "the first one is taken");
        let again = world.read(&HOME, &items);
        assert!(again.new.is_empty() && again.updated.is_empty(), "{items:?}: {again:?}");
    }
}

#[test]
fn an_item_with_nothing_but_text_is_announced_once() {
    for item in [("", "", "Only a title", -1), ("", "", "Title and day", 5)] {
        let mut world = World::with(&[item, A]);
        let verdict = world.read(&HOME, &[A, item, item]);
        assert!(verdict.new.is_empty() && verdict.updated.is_empty(), "{item:?}");
    }
    let text = |text: &str| Article { summary: Some(crate::model::Text::plain(text)), ..Article::default() };
    let scope = Scope { source: "home", outlet: "outlet", domains: &[] };
    assert_ne!(keys(&scope, &Identifiers::of(&text("One"))), keys(&scope, &Identifiers::of(&text("Two"))));
}

#[test]
fn teaching_stores_old_items_and_announces_later_ones() {
    let mut world = World::with(&[A, B]);
    world.state.teaching = true;
    let document = [D, ("u", "https://example.org/u", "Undated", -1), ("o", "https://example.org/o", "Old", 0), A, B];
    let verdict = world.read(&HOME, &document);
    let announced: Vec<_> = verdict.new.iter().map(|new| new.announced).collect();
    assert_eq!(announced, [true, false, false]);
    let mut fresh = World::default();
    fresh.state.teaching = true;
    assert!(fresh.read(&HOME, &[A]).new[0].announced, "a source that nothing is known of has nothing to learn");
}

#[test]
fn a_document_without_any_of_ten_known_items_is_suspicious() {
    let texts: Vec<(String, String, String)> =
        (0..10).map(|n| (format!("g{n}"), format!("https://example.org/s/{n}"), format!("Story {n}"))).collect();
    let items: Vec<Item<'_>> = texts.iter().zip(1..).map(|(t, hours)| (&*t.0, &*t.1, &*t.2, hours)).collect();
    let other = ("casino", "https://example.org/casino", "Win", 100);
    let world = World::with(&items);
    assert!(world.decide(&HOME, &[other]).suspicious);
    assert!(!world.decide(&HOME, &[other, items[0]]).suspicious);
    assert!(!world.decide(&HOME, &[]).suspicious, "an empty document holds nothing foreign");
    assert!(!World::with(&items[..9]).decide(&HOME, &[other]).suspicious);
}

#[test]
fn a_hidden_article_is_listed_and_stays_as_it_is() {
    let mut world = World::with(&[A]);
    for hit in world.known.hits.values_mut() {
        hit.hidden = true;
    }
    let verdict = world.read(&HOME, &[("a", A.1, "Alpha, corrected", 1)]);
    assert!(verdict.new.is_empty() && verdict.updated[0].article.is_none());
}

#[test]
fn the_order_of_a_document_decides_nothing() {
    let world = World::with(&[A, B, C, D, ("e", "https://example.org/e", "Epsilon", 5)]);
    let mut items = vec![
        ("a", B.1, "Alpha", 1),
        ("n2", B.1, "Beta", 2),
        ("n3", "https://example.org/c", "Something else", 9),
        ("", "https://example.org/d/", "Delta, corrected", 4),
        ("n5", "https://example.org/e2", "Epsilon", 6),
        ("n6", "https://example.org/e3", "Epsilon", 7),
        ("n7", "https://example.org/f", "Zeta", 8),
    ];
    let outcome = |items: &[Item<'_>]| {
        let verdict = world.decide(&HOME, items);
        let mut new: Vec<_> = verdict.new.iter().map(|n| (n.article.id.clone(), n.keys.clone())).collect();
        let mut changed: Vec<_> = verdict
            .updated
            .iter()
            .map(|u| (u.id, u.article.as_ref().and_then(|a| a.id.clone()), u.keys.clone()))
            .collect();
        let mut listed = verdict.listed.clone();
        new.sort();
        changed.sort();
        listed.sort_unstable();
        (new, changed, listed)
    };
    let expected = outcome(&items);
    for turn in 0..items.len() {
        items.rotate_left(1);
        assert_eq!(outcome(&items), expected, "turned by {turn}");
        items.reverse();
        assert_eq!(outcome(&items), expected, "reversed after {turn}");
        items.swap(0, 3);
    }
}

proptest::proptest! {
    #[test]
    fn a_second_reading_announces_nothing(items in proptest::collection::vec((0..5_u8, 0..5_u8, 0..4_u8, -1..4_i64), 0..9)) {
        let texts: Vec<(String, String, String)> = items
            .iter()
            .map(|(g, u, t, _)| {
                let guid = if *g == 0 { String::new() } else { format!("g{g}") };
                let url = if *u == 0 { String::new() } else { format!("https://example.org/{u}") };
                (guid, url, format!("Title {t}"))
            })
            .collect();
        let items: Vec<Item<'_>> = texts.iter().zip(&items).map(|(t, item)| (&*t.0, &*t.1, &*t.2, item.3)).collect();
        let mut world = World::default();
        world.read(&HOME, &items);
        let mut guids: Vec<&str> = items.iter().map(|item| item.0).filter(|guid| !guid.is_empty()).collect();
        guids.sort_unstable();
        guids.dedup();
        // where guids are missing or repeated at one address, the second reading tells the items apart
        if !guids.is_empty() && guids.len() < items.len() {
            world.read(&HOME, &items);
        }
        for _ in 0..2 {
            let again = world.read(&HOME, &items);
            proptest::prop_assert!(again.new.is_empty(), "{:?}", again);
        }
    }
}
