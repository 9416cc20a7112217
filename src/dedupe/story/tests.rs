use super::*;

/// A text of `count` sentences on one of many subjects, the same each time.
fn text(subject: u64, count: u64) -> String {
    let words = [
        "minister",
        "railway",
        "harvest",
        "border",
        "river",
        "energy",
        "council",
        "market",
        "storm",
        "school",
        "court",
        "trade",
        "water",
        "agreement",
        "visit",
        "report",
        "budget",
        "factory",
        "bridge",
        "election",
        "doctor",
        "museum",
        "village",
        "export",
        "pipeline",
        "the",
        "of",
        "in",
        "and",
        "on",
        "with",
        "after",
        "said",
        "new",
        "for",
        "from",
    ];
    let mut state = subject.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        words[usize::try_from(state % words.len() as u64).unwrap()]
    };
    let sentence = |_| (0..14).map(|_| next()).collect::<Vec<_>>().join(" ") + ".";
    (0..count).map(sentence).collect::<Vec<_>>().join(" ")
}

/// As another outlet would print it: a dateline, every fifth sentence cut, a line of its own.
fn edited(text: &str) -> String {
    let kept: Vec<&str> = text.split_inclusive(". ").enumerate().filter(|(n, _)| n % 5 != 4).map(|(_, s)| s).collect();
    format!("ASTANA (Agency) — {} Read more on our site and subscribe.", kept.concat())
}

fn entry(id: i64, outlet: &str, title: &str, text: &str) -> StoryEntry {
    StoryEntry::new((ArticleId(id), format!("urn:x:{id:05}")), (Arc::from(outlet), id * 3_600), title, text)
}

fn assigned(existing: &[StoryEntry], new: &[StoryEntry]) -> Vec<(i64, i64)> {
    assign(existing, new).iter().map(|one| (one.article.0, one.story.0)).collect()
}

#[test]
fn edited_copies_are_similar_and_different_texts_are_not() {
    let texts: Vec<String> = (0..60).map(|subject| text(subject, 25)).collect();
    let signatures: Vec<Signature> = texts.iter().map(|text| Signature::of(text).unwrap()).collect();
    for (text, signature) in texts.iter().zip(&signatures) {
        let copy = Signature::of(&edited(text)).unwrap();
        assert!(signature.similarity(&copy) > 0.4, "{}", signature.similarity(&copy));
        assert_eq!(Signature::from_bytes(&signature.to_bytes()).as_ref(), Some(signature));
    }
    for (at, a) in signatures.iter().enumerate() {
        for b in &signatures[at + 1..] {
            assert!(a.similarity(b) < 0.15, "{}", a.similarity(b));
        }
    }
}

#[test]
fn case_and_punctuation_do_not_count_and_scripts_without_spaces_are_read() {
    let plain = text(1, 10);
    let loud = plain.to_uppercase().replace(' ', " – ");
    assert_eq!(Signature::of(&plain), Signature::of(&loud));
    let han = "中国科学家周三宣布他们在南海发现了一种新的深海鱼类这一发现将有助于了解海洋生态系统";
    assert!(Signature::of(han).is_some());
    assert!(Signature::of(&format!("新华社北京电{han}")).unwrap().similarity(&Signature::of(han).unwrap()) > 0.6);
    assert_eq!(Signature::of("too short to say anything about it"), None);
    assert_eq!(Signature::from_bytes(&[0; 8]), None);
}

#[test]
fn copies_at_different_outlets_are_one_story() {
    let (one, other) = (text(1, 25), text(2, 25));
    let entries = [
        entry(1, "a", "Rail link opens", &one),
        entry(2, "b", "New railway", &edited(&one)),
        entry(3, "c", "Something else", &other),
        entry(4, "a", "Rail link opens again", &one),
    ];
    assert_eq!(assigned(&[], &entries[..3]), [(1, 1), (2, 1)]);
    assert_eq!(assigned(&[], &[entries[0].clone(), entries[3].clone()]), [], "one outlet repeats itself");
}

#[test]
fn equal_titles_within_two_days_are_one_story() {
    let title = "President opens the new railway bridge";
    let day = |id, outlet| entry(id, outlet, title, "");
    assert_eq!(assigned(&[], &[day(1, "a"), day(40, "b")]), [(1, 1), (40, 1)]);
    assert_eq!(assigned(&[], &[day(1, "a"), day(60, "b")]), []);
    assert_eq!(assigned(&[], &[day(1, "a"), day(2, "a"), day(3, "a"), day(4, "b")]), [(3, 3), (4, 3)]);
    assert_eq!(
        assigned(&[], &[entry(1, "a", "Weather", ""), entry(2, "b", "Weather", "")]),
        [],
        "too short to mean much"
    );
    let han = "国家主席出席新铁路大桥开通仪式";
    assert_eq!(assigned(&[], &[entry(1, "a", han, ""), entry(2, "b", han, "")]), [(1, 1), (2, 1)]);
}

#[test]
fn near_equal_texts_within_a_week_are_one_story() {
    let text = text(1, 25);
    let hours = |hours: i64, outlet| entry(1 + hours, outlet, "", &edited(&text));
    assert_eq!(assigned(&[], &[hours(0, "a"), hours(7 * 24, "b")]), [(1, 1), (169, 1)]);
    assert_eq!(assigned(&[], &[hours(0, "a"), hours(7 * 24 + 1, "b")]), []);
}

#[test]
fn one_band_in_common_makes_no_story() {
    let entry = |id: i64, outlet: &str, from: u32| {
        let values = (0..128_u32).map(|value| if value < from { value } else { value + 1_000 * from });
        let bytes: Vec<u8> = values.flat_map(u32::to_le_bytes).collect();
        StoryEntry { signature: Signature::from_bytes(&bytes), ..entry(id, outlet, "", "") }
    };
    // a third of the values is enough, two bands are not
    assert_eq!(assigned(&[], &[entry(1, "a", 8), entry(2, "b", 12)]), []);
    assert_eq!(assigned(&[], &[entry(1, "a", 44), entry(2, "b", 48)]), [(1, 1), (2, 1)]);
}

#[test]
fn stories_that_exist_stay_and_take_in_newcomers() {
    let one = text(1, 25);
    let mut old = [entry(5, "a", "A", &one), entry(6, "b", "B", &edited(&one)), entry(7, "c", "C", &text(9, 25))];
    assert_eq!(assigned(&old[..1], &[entry(8, "d", "D", &one)]), [(5, 5), (8, 5)], "an early one that was alone");
    old[0].story = Some(ArticleId(2));
    old[1].story = Some(ArticleId(6));
    assert_eq!(assigned(&old, &[entry(8, "d", "D", &one)]), [(8, 2)]);
    assert_eq!(assigned(&old, &[]), []);
}

#[test]
fn the_order_of_the_input_decides_nothing() {
    let mut entries: Vec<StoryEntry> = (0_i64..40)
        .map(|id| {
            let base = text(u64::try_from(id % 7).unwrap(), 20);
            let body = if id % 2 == 0 { base } else { edited(&base) };
            entry(
                id + 1,
                ["a", "b", "c"][usize::try_from(id % 3).unwrap()],
                &format!("A title of some length {}", id % 11),
                &body,
            )
        })
        .collect();
    let expected = assigned(&[], &entries);
    assert!(expected.len() > 20);
    for turn in 1..12 {
        entries.rotate_left(turn);
        assert_eq!(assigned(&[], &entries), expected);
        assert_eq!(assigned(&entries[turn..], &entries[..turn]), expected);
    }
}

#[test]
fn a_flood_of_copies_is_one_story_and_not_quadratic() {
    let signature = Signature::of(&text(1, 25));
    let flood: Vec<StoryEntry> = (0..5_000)
        .map(|id| StoryEntry {
            article: ArticleId(id),
            uid: format!("urn:x:{id:05}"),
            outlet: Arc::from(format!("outlet-{}", id % 50)),
            published: 0,
            title: Some(1),
            signature: signature.clone(),
            story: None,
        })
        .collect();
    let assignments = assign(&[], &flood);
    assert_eq!(assignments.len(), 5_000);
    assert!(assignments.iter().all(|one| one.story == ArticleId(0)));
}
