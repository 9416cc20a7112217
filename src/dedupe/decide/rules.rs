//! Rules of identity at their edges: each has a case that fails without it.

use super::super::{Fast, Triage, triage};
use super::tests::{A, B, C, D, titles, updated};
use super::world::{From, HOME, Item, World, hour};
use super::*;

const E: Item<'_> = ("e", "https://example.org/e", "Epsilon", 5);
const F: Item<'_> = ("f", "https://example.org/f", "Zeta", 6);

/// What the new articles would be called.
fn names(verdict: &Verdict) -> Vec<String> {
    verdict.new.iter().map(|new| new.uids.first().into_owned()).collect()
}

#[test]
fn the_address_as_found_is_asked_before_the_canonical_one() {
    let both = ("", "https://example.org/a https://example.org/b", "Which?", 1);
    assert_eq!(updated(&World::with(&[A, B]).read(&HOME, &[both])), [1]);
    let moved = ("a2", "https://example.org/2023/a https://example.org/a", "Alpha, corrected", 0);
    let verdict = World::with(&[A, B]).read(&HOME, &[moved, B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]), "the canonical one leads too");
    let mut world = World::with(&[("", "https://example.org/x https://example.org/y", "X", 1), B]);
    assert_eq!(updated(&world.read(&HOME, &[("", "https://example.org/y", "X, corrected", 1), B])), [1]);
}

#[test]
fn an_undated_item_is_not_a_later_one() {
    let verdict = World::with(&[A, B]).read(&HOME, &[("a2", A.1, "Something else", -1), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
    let verdict = World::with(&[A, B]).read(&HOME, &[("a", "https://example.org/new", "Something else", -1), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
}

#[test]
fn titles_of_another_day_mean_nothing() {
    let verdict = World::with(&[A, B]).read(&HOME, &[("x", "https://example.org/x", "Alpha", 25), B]);
    assert_eq!(titles(&verdict), ["Alpha"]);
}

#[test]
fn a_second_guid_at_an_address_whose_article_is_in_the_document_is_an_article() {
    let (page, two) = (A.1, ("2", A.1, "Two, of the same hour", 1));
    for first in [A, ("a", page, "Alpha, corrected", 1)] {
        let mut world = World::with(&[A, B]);
        let verdict = world.read(&HOME, &[first, two, B]);
        assert_eq!(titles(&verdict), ["Two, of the same hour"], "beside {first:?}");
        assert!(world.read(&HOME, &[first, two, B]).new.is_empty());
        // the address stays with the first one
        assert_eq!(updated(&world.read(&HOME, &[("", page, "Alpha, once more", 1), two, B])), [1]);
    }
}

#[test]
fn what_several_new_articles_share_leads_to_none_of_them() {
    let page = "https://example.org/ticker";
    let mut world = World::with(&[("1", page, "One", 1), ("2", page, "Two", 2), ("3", page, "Three", 3)]);
    let verdict = world.read(&HOME, &[("4", page, "Four", 2)]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec!["Four"], vec![]));
    let rates = |guid, url| (guid, url, "Rates", 7);
    let mut world = World::with(&[rates("p", "https://example.org/p"), rates("q", "https://example.org/q")]);
    assert_eq!(titles(&world.read(&HOME, &[rates("r", "https://example.org/r")])), ["Rates"]);
}

#[test]
fn an_item_with_nothing_else_keeps_the_title_that_it_shares() {
    let (named, nameless) = (("g", "https://example.org/g", "Rates", 7), ("", "", "Rates", 7));
    for document in [[named, nameless], [nameless, named]] {
        let mut world = World::default();
        assert_eq!(world.read(&HOME, &document).new.len(), 2);
        for _ in 0..2 {
            assert!(world.read(&HOME, &document).new.is_empty(), "{document:?}");
        }
    }
    let twice = World::default().read(&HOME, &[nameless, nameless]);
    assert_eq!(twice.new.len(), 1);
}

#[test]
fn an_article_that_a_document_holds_twice_has_the_keys_of_both() {
    let mut world = World::with(&[("", A.1, "Alpha", 1), ("a", "http://www.example.org/a/", "Alpha", 1), B]);
    let verdict = world.read(&HOME, &[("a", "https://example.org/elsewhere", "Alpha, corrected", 0), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
    // a known one learns the further guid
    let corrected = |guid, url| (guid, url, "Alpha, corrected", 0);
    let mut world = World::with(&[A, B]);
    assert_eq!(updated(&world.read(&HOME, &[corrected("a", A.1), corrected("a9", A.1), B])), [1]);
    let verdict = world.read(&HOME, &[("a9", "https://example.org/elsewhere", "Alpha, once more", 0), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
    // also where its address is that of others and leads nowhere
    let document = [A, ("a9", A.1, "Alpha", 1), ("x", A.1, "Something else", 1)];
    let mut world = World::default();
    assert_eq!(titles(&world.read(&HOME, &document)), ["Alpha", "Something else"]);
    assert!(world.read(&HOME, &document).new.is_empty());
    let verdict = world.read(&HOME, &[("a9", "https://example.org/elsewhere", "Alpha, corrected", 0)]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec![], vec![1]));
    let mut world = World::with(&[
        ("", "https://example.org/x", "X", 1),
        ("", "https://example.org/x https://example.org/y", "X", 1),
    ]);
    let verdict = world.read(&HOME, &[("", "https://example.org/y", "X, corrected", 0), B]);
    assert_eq!((titles(&verdict), updated(&verdict)), (vec!["Beta"], vec![1]));
}

#[test]
fn two_items_with_one_guid_are_one_article_also_where_one_of_them_has_not_changed() {
    // the address is shared with another article and leads nowhere
    let page = "https://example.org/x";
    let document = [("2", "", "Alpha", 0), ("2", page, "Beta", 9), ("1", page, "Beta", 0)];
    let mut world = World::default();
    assert_eq!(titles(&world.read(&HOME, &document)), ["Alpha", "Beta"]);
    for _ in 0..2 {
        assert!(world.read(&HOME, &document).new.is_empty());
    }
}

#[test]
fn a_further_source_changes_nothing_by_its_first_copy() {
    let mut world = World::with(&[A]);
    for hit in world.known.hits.values_mut() {
        (hit.carried, hit.fingerprint) = (false, 0);
    }
    let cut = ("s-1", A.1, "Alpha, cut short", 1);
    let verdict = world.decide(&From { source: "section", outlet: "outlet" }, &[cut]);
    assert!(verdict.updated.is_empty() && verdict.new.is_empty());
    assert!(verdict.carried[0].new_source);
}

#[test]
fn a_migration_is_half_of_the_document_or_more() {
    let changed = |(_, url, title, hours): Item<'static>, guid| (guid, url, title, hours);
    for (document, expected) in [
        (vec![changed(A, "1"), changed(B, "2"), C, D], true),
        (vec![changed(A, "1"), changed(B, "2"), C, D, E], false),
        (vec![changed(A, "1"), changed(B, "2"), changed(C, "3"), D, E], true),
        // known by titles only
        (vec![("1", "https://example.net/1", "Alpha", 1), ("2", "https://example.net/2", "Beta", 2), C, D], true),
        // guids that vanish are none that changed
        (vec![changed(A, ""), changed(B, ""), changed(C, ""), changed(D, "")], false),
        // nor are items that repeat what the document holds
        (
            vec![A, B, ("a9", "http://www.example.org/a/", "Alpha", 1), ("b9", "http://www.example.org/b/", "Beta", 2)],
            false,
        ),
        // nor is what nobody knows
        (vec![A, B, ("x", "https://example.org/x", "X", 9), ("y", "https://example.org/y", "Y", 9)], false),
        // three are too few to tell
        (vec![changed(A, "1"), changed(B, "2"), changed(C, "3")], false),
    ] {
        let verdict = World::with(&[A, B, C, D, E, F]).read(&HOME, &document);
        assert_eq!(verdict.migration, expected, "{document:?}");
        assert!(verdict.new.is_empty() || document.len() == 4, "{document:?}");
    }
}

#[test]
fn nothing_is_new_in_a_migration_that_may_be_old() {
    let told = |hours| {
        let mut world = World::with(&[A, B, C, D]);
        let [a, b, c] =
            [A, B, C].map(|(guid, url, title, hours)| (if guid == "a" { "1" } else { "2" }, url, title, hours));
        let c = ("3", c.1, c.2, c.3);
        let verdict = world.read(&HOME, &[a, b, c, ("4", "https://example.org/n", "New?", hours)]);
        assert!(verdict.migration);
        verdict.new[0].announced
    };
    assert_eq!([-1, 0, 4, 5].map(told), [false, false, false, true], "the newest known is of hour 4");
}

#[test]
fn teaching_announces_what_is_neither_undated_nor_older() {
    let told = |hours| {
        let mut world = World::with(&[A, B]);
        world.state.teaching = true;
        world.read(&HOME, &[A, B, ("n", "https://example.org/n", "New?", hours)]).new[0].announced
    };
    assert_eq!([-1, 1, 2, 3].map(told), [false, false, true, true], "the newest known is of hour 2");
    let mut world = World::with(&[A]);
    world.state.newest = Some(hour(9));
    assert!(
        world.read(&HOME, &[("n", "https://example.org/n", "Old stock", 0)]).new[0].announced,
        "at all other times"
    );
}

#[test]
fn a_guid_of_several_addresses_is_nobodys_id_whatever_the_order() {
    let shared = "https://example.org/";
    let [one, two] = [(shared, A.1, "Alpha", 1), (shared, B.1, "Beta", 2)];
    for document in [[one, two], [two, one]] {
        let mut names = names(&World::default().read(&HOME, &document));
        names.sort();
        assert_eq!(names, [A.1, B.1]);
    }
    // it is for ever: also where a later document holds it once
    let mut world = World::with(&[one, two]);
    for (item, expected) in [((shared, C.1, "Gamma", 0), C.1), ((shared, D.1, "Delta", 0), D.1)] {
        assert_eq!(names(&world.read(&HOME, &[item])), [expected]);
    }
    // without an address there is nothing else to go by
    assert_eq!(
        names(&world.read(&HOME, &[("https://example.org/?p=1", "", "Epsilon", 5)])),
        ["https://example.org/?p=1"]
    );
}

#[test]
fn the_quick_look_knows_the_items_that_have_not_changed() {
    let quick = |world: &World, items: &[Item<'_>]| -> Triage {
        let domains = ["example.org".to_owned()];
        let scope = Scope { source: "home", outlet: "outlet", domains: &domains };
        let fast = |item: &Item<'_>| {
            let named = |text| Some(text).filter(|text: &&str| !text.is_empty());
            let fingerprint = crate::dedupe::title_hash(&format!("{item:?}"));
            Fast::new(&scope, named(item.0), named(item.1), fingerprint)
        };
        triage(&items.iter().map(fast).collect::<Vec<_>>(), &world.known, &world.state)
    };
    let settled = |world: &World, items: &[Item<'_>]| {
        quick(world, items).unchanged.iter().map(Option::is_some).collect::<Vec<_>>()
    };
    let world = World::with(&[A, ("", B.1, "Beta", 2)]);
    assert_eq!(settled(&world, &[A, ("", B.1, "Beta", 2), C]), [true, true, false]);
    assert_eq!(settled(&world, &[("a", A.1, "Alpha, corrected", 1)]), [false]);
    // a source that goes by address: its guids tell nothing
    let same = [("same", A.1, "Alpha", 1), ("same", B.1, "Beta", 2)];
    assert_eq!(settled(&World::with(&same), &same), [true, true]);
    // a copy that the source is not known to carry; a guid that is to be learned
    let mut world = World::with(&[A]);
    let fingerprint = world.known.hits.values().next().unwrap().fingerprint;
    world.known.hits.values_mut().for_each(|hit| hit.carried = false);
    assert_eq!(settled(&world, &[A]), [false]);
    world.known.hits.values_mut().for_each(|hit| hit.carried = true);
    let domains = ["example.org".to_owned()];
    let scope = Scope { source: "home", outlet: "outlet", domains: &domains };
    for (guid, expected) in [(Some("a"), true), (None, true), (Some("another"), false)] {
        let fast = Fast::new(&scope, guid, Some(A.1), fingerprint);
        assert_eq!(triage(&[fast], &world.known, &world.state).unchanged[0].is_some(), expected, "{guid:?}");
    }
}
