use super::*;

fn member(number: i64, uid: &str, entered: i64, published: i64) -> WindowMember<'_> {
    WindowMember {
        article: ArticleId(number),
        uid,
        entered,
        published,
        size: 10,
        hidden: false,
        outlet: if number % 2 == 0 { "even" } else { "odd" },
        story: None,
    }
}

fn rule(items: u32, bytes: u64, bound: Option<Bound>) -> WindowRule {
    WindowRule { items, bytes, bound, ..WindowRule::default() }
}

fn bound(entered: i64, published: i64, uid: &str) -> Bound {
    Bound { entered, published, uid: uid.into() }
}

fn ids(numbers: &[i64]) -> Vec<ArticleId> {
    numbers.iter().copied().map(ArticleId).collect()
}

#[test]
fn a_window_is_filled_by_entry_and_ordered_by_date() {
    let members = [member(1, "a", 10, 100), member(2, "b", 20, 50), member(3, "c", 30, 70), member(4, "d", 30, 70)];
    let hidden = WindowMember { hidden: true, ..member(5, "e", 40, 200) };
    let follower = WindowMember { story: Some(ArticleId(1)), ..member(6, "f", 50, 300) };
    let leader = WindowMember { story: Some(ArticleId(7)), ..member(7, "g", 60, 1) };
    let huge = WindowMember { size: 1_000_000, ..member(8, "h", 70, 2) };
    let all = [&members[..], &[hidden, follower, leader, huge]].concat();
    // (members, rule, articles, bound)
    let cases = [
        (&members[..], rule(9, 999, None), ids(&[1, 4, 3, 2]), None),
        (&members[..], rule(2, 999, None), ids(&[4, 3]), Some(bound(20, 50, "b"))),
        (&members[..], rule(9, 30, None), ids(&[4, 3, 2]), Some(bound(10, 100, "a"))),
        (&members[..], rule(9, 5, None), ids(&[4]), Some(bound(30, 70, "c"))),
        (&members[..], rule(0, 0, None), ids(&[4]), Some(bound(30, 70, "c"))),
        (&members[..], rule(9, 999, Some(bound(30, 70, "c"))), ids(&[4]), Some(bound(30, 70, "c"))),
        (&members[..], rule(1, 999, Some(bound(0, 0, ""))), ids(&[4]), Some(bound(30, 70, "c"))),
        (&members[..], rule(9, 999, Some(bound(99, 0, ""))), ids(&[]), Some(bound(99, 0, ""))),
        (&all[..], rule(3, 9_999, None), ids(&[8]), Some(bound(60, 1, "g"))),
        (&all[..], rule(3, 9_999_999, None), ids(&[4, 8, 7]), Some(bound(30, 70, "c"))),
        (&[][..], rule(3, 9, Some(bound(1, 2, "x"))), ids(&[]), Some(bound(1, 2, "x"))),
    ];
    for (number, (members, rule, articles, bound)) in cases.into_iter().enumerate() {
        let expected = Window { articles, bound, ..Window::default() };
        assert_eq!(window(members, &rule), expected, "case {number}");
        let mut turned = members.to_vec();
        turned.reverse();
        assert_eq!(window(&turned, &rule), expected, "case {number}, reversed");
    }
}

#[test]
fn ages_and_outlets_are_limits_too() {
    // articles 2 and 4 are of one outlet, the newest entry last
    let members = [member(1, "a", 10, 100), member(2, "b", 20, 50), member(3, "c", 30, 70), member(4, "d", 40, 90)];
    let open = WindowRule { items: 9, bytes: 999, ..WindowRule::default() };
    let cases = [
        // where nothing stays below what leaves, the bound moves above it
        (WindowRule { per_outlet: Some(1), ..open.clone() }, ids(&[4, 3]), ids(&[]), Some(bound(20, 50, "b"))),
        (WindowRule { oldest: Some(80), ..open.clone() }, ids(&[1, 4]), ids(&[3, 2]), None),
        (WindowRule { oldest: Some(95), ..open.clone() }, ids(&[1]), ids(&[4, 3, 2]), None),
        (WindowRule { oldest: Some(999), ..open.clone() }, ids(&[4]), ids(&[]), Some(bound(30, 70, "c"))),
        (WindowRule { items: 2, oldest: Some(65), ..open.clone() }, ids(&[4, 3]), ids(&[]), Some(bound(20, 50, "b"))),
        (WindowRule { items: 1, per_outlet: Some(1), ..open.clone() }, ids(&[4]), ids(&[]), Some(bound(30, 70, "c"))),
    ];
    for (rule, articles, dropped, bound) in cases {
        assert_eq!(window(&members, &rule), Window { articles, dropped, bound, ..Window::default() }, "{rule:?}");
    }
    // what left once is not looked at again
    let rule = WindowRule { bound: Some(bound(20, 50, "b")), per_outlet: Some(1), ..open };
    let expected = Window { articles: ids(&[4, 3]), bound: rule.bound.clone(), ..Window::default() };
    assert_eq!(window(&members, &rule), expected);
}

#[test]
fn archives_close_when_twice_as_much_is_there() {
    let uids: Vec<String> = (0..9).map(|number| format!("u{number}")).collect();
    let members: Vec<_> =
        (0..9).map(|number| member(number, &uids[usize::try_from(number).expect("small")], number, -number)).collect();
    let rule = |items, bytes| WindowRule { items, bytes, archives: true, ..WindowRule::default() };
    let shape = |held: &Window| {
        (held.articles.len(), held.closed.iter().map(|closed| closed.articles.len()).collect::<Vec<_>>())
    };
    for (rule, expected) in [
        (rule(5, 999), (9, vec![])),
        (rule(4, 999), (5, vec![4])),
        (rule(3, 999), (3, vec![3, 3])),
        (rule(9, 30), (6, vec![3])),
        (rule(9, 1), (1, vec![1; 8])),
    ] {
        let held = window(&members, &rule);
        assert_eq!(shape(&held), expected, "{rule:?}");
        let closed = held.closed.iter().flat_map(|closed| closed.articles.iter().rev());
        let oldest_first: Vec<i64> = closed.map(|article| article.0).collect();
        assert!(oldest_first.iter().copied().all(|article| !held.articles.contains(&ArticleId(article))));
        assert_eq!(held.bound, held.closed.last().map(|closed| closed.bound.clone()));
        let again = window(&members, &WindowRule { bound: held.bound.clone(), ..rule });
        assert_eq!(again, Window { closed: Vec::new(), ..held }, "what is closed stays closed");
    }
}

proptest::proptest! {
    #[test]
    fn what_left_a_window_never_returns(
        seeds in proptest::collection::vec((0_i64..20, 0_i64..20, 0_u32..40), 0..60),
        limits in proptest::collection::vec((0_u32..8, 0_u64..200, 0_usize..60), 1..6),
    ) {
        let uids: Vec<String> = (0..seeds.len()).map(|number| format!("u{number:02}")).collect();
        let members: Vec<WindowMember<'_>> = seeds
            .iter()
            .zip(&uids)
            .zip(0..)
            .map(|(((entered, published, size), uid), number)| WindowMember {
                size: *size,
                ..member(number, uid, *entered, *published)
            })
            .collect();
        let mut gone = std::collections::HashSet::new();
        let mut last: Option<Bound> = None;
        for (items, bytes, arrived) in limits {
            let now = &members[..arrived.min(members.len())];
            let held = window(now, &rule(items, bytes, last.clone()));
            proptest::prop_assert!(held.bound >= last);
            proptest::prop_assert!(held.articles.len() <= items.max(1) as usize);
            proptest::prop_assert!(held.articles.iter().all(|article| !gone.contains(article)));
            let left = now.iter().map(|member| member.article).filter(|article| !held.articles.contains(article));
            gone.extend(left);
            last = held.bound;
        }
    }
}
