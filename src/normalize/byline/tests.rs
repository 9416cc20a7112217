use super::*;

#[test]
fn bylines_of_many_languages_give_names() {
    let hints = Hints::at("2023-03-05T00:00:00Z".parse().unwrap());
    for (byline, expected) in [
        ("By Vusala Abbasova March 1, 2023", vec!["Vusala Abbasova"]),
        ("BY JANE DOE", vec!["JANE DOE"]),
        ("By Jane Doe, John Smith and Ann Lee", vec!["Jane Doe", "John Smith", "Ann Lee"]),
        ("Jane Doe, Staff Writer", vec!["Jane Doe"]),
        ("BY JANE DOE AND I. SMITH", vec!["JANE DOE", "I. SMITH"]),
        ("Written by: Jane Doe | Updated 10:30", vec!["Jane Doe"]),
        ("By Jane Doe in Kyiv", vec!["Jane Doe"]),
        ("Reporting by Jane Doe; Editing by John Smith", vec!["Jane Doe"]),
        ("Chief Correspondent Jane Doe", vec!["Jane Doe"]),
        ("Jane Doe (jane@example.org)", vec!["Jane Doe"]),
        ("Doe, Jane", vec!["Jane Doe"]),
        ("Von Max Müller und Anna Schmidt", vec!["Max Müller", "Anna Schmidt"]),
        ("Ursula von der Leyen", vec!["Ursula von der Leyen"]),
        ("von der Leyen", vec!["von der Leyen"]),
        ("Par Jeanne Dupont et Paul Martin", vec!["Jeanne Dupont", "Paul Martin"]),
        ("Por Ana García y Luis Pérez", vec!["Ana García", "Luis Pérez"]),
        ("Di Maria Rossi e Paolo Bianchi", vec!["Maria Rossi", "Paolo Bianchi"]),
        ("Di Caprio", vec!["Di Caprio"]),
        ("Автор: Иван Петров", vec!["Иван Петров"]),
        ("Иван Петров, корреспондент", vec!["Иван Петров"]),
        ("Текст: Иван Петров и Анна Орлова, Фото: ТАСС", vec!["Иван Петров", "Анна Орлова"]),
        ("作者：王小明", vec!["王小明"]),
        ("记者 王小明、李华", vec!["王小明", "李华"]),
        ("بقلم: أحمد علي", vec!["أحمد علي"]),
        ("Przez Jan Kowalski i Anna Nowak", vec!["Jan Kowalski", "Anna Nowak"]),
        ("Oleh Budi Santoso dan Siti Aminah", vec!["Budi Santoso", "Siti Aminah"]),
        ("Yazan: Ayşe Yılmaz ve Mehmet Demir", vec!["Ayşe Yılmaz", "Mehmet Demir"]),
        ("Door Jan de Vries", vec!["Jan de Vries"]),
        ("Af Lars Hansen og Mette Jensen", vec!["Lars Hansen", "Mette Jensen"]),
        ("AFP", vec!["AFP"]),
        ("Dan Brown", vec!["Dan Brown"]),
        ("Jane Doe AND Dan Brown", vec!["Jane Doe", "Dan Brown"]),
        ("J.Doe, A.Roe & M.Moe", vec!["J.Doe", "A.Roe", "M.Moe"]),
        ("Jane Doe, M.D.", vec!["Jane Doe"]),
        ("Jane Doe/dpa", vec!["Jane Doe", "dpa"]),
        ("Doe, J.", vec!["J. Doe"]),
        ("bell hooks", vec!["bell hooks"]),
        ("Doe, J., Roe-Poe, A. B., Moe, J.-F.", vec!["J. Doe", "A. B. Roe-Poe", "J.-F. Moe"]),
        ("Doe, j., Roe, A., Moe, m.", vec!["j. Doe", "A. Roe", "m. Moe"]),
        ("Reuters/AFP", vec!["Reuters", "AFP"]),
        ("By Dig It Now!", vec!["Dig It Now!"]),
        ("Who Knows? and Jane Doe", vec!["Who Knows?", "Jane Doe"]),
        ("@janedoe", vec![]),
        ("https://example.org/jane", vec![]),
        ("example.org", vec![]),
        ("1 March 2023", vec![]),
        ("", vec![]),
    ] {
        let people = people(byline, &hints);
        let names: Vec<&str> = people.iter().filter_map(|named| named.name.as_deref()).collect();
        assert_eq!(names, expected, "{byline}");
    }
}

#[test]
fn an_address_of_mail_goes_with_the_only_name() {
    let hints = Hints::at("2023-03-05T00:00:00Z".parse().unwrap());
    let of = |text| people(text, &hints);
    let named = |name: &str, email: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Named { name: some(name), email: some(email) }
    };
    assert_eq!(of("jane@example.org (Jane Doe)"), [named("Jane Doe", "jane@example.org")]);
    assert_eq!(of("Jane Doe <mailto:jane@example.org>"), [named("Jane Doe", "jane@example.org")]);
    assert_eq!(of("jane@example.org"), [named("", "jane@example.org")]);
}

#[test]
fn plain_names_are_seen_at_once() {
    for (text, expected) in [
        ("Jane Doe", true),
        ("Jean-Luc O’Neil Jr.", true),
        ("राम कुमार", true),
        ("By Jane Doe", false),
        ("Jane and John", false),
        ("Jane Doe, AFP", false),
        ("Jane", false),
        ("Editor Jane Doe", false),
    ] {
        assert_eq!(is_plain_name(text), expected, "{text}");
    }
}

#[test]
fn what_has_the_look_of_a_person() {
    for (name, is_like) in [
        ("Jane Doe", true),
        ("J. R. Doe", true),
        ("Jane A.B. Doe", true),
        ("AFP/Jane Doe", false),
        ("Jane example.org Doe", false),
        ("Jane", false),
    ] {
        assert_eq!(is_like_person(name), is_like, "{name}");
    }
}
