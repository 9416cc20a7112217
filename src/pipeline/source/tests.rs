use super::*;
use crate::model::{Unread, Validators};

fn asked_with(state: SourceState) -> Option<Validators> {
    let home: Url = "https://a.example/feed".parse().unwrap();
    let source = Source::new("a", "a", Where::Web(home.clone()));
    request(&source, &home, &state, DateTime::UNIX_EPOCH).validators
}

#[test]
fn a_document_that_another_version_could_not_read_is_asked_for_anew() {
    let validators = Some(Validators { etag: Some(b"\"1\"".to_vec()), ..Validators::default() });
    let state = |by: Option<&str>| SourceState {
        validators: validators.clone(),
        unread: by.map(|by| Unread { by: by.to_owned(), trouble: "no feed at all".to_owned() }),
        ..SourceState::default()
    };
    let own = env!("CARGO_PKG_VERSION");
    for (by, is_conditional) in [(None, true), (Some(own), true), (Some("0.0.1"), false)] {
        let expected = validators.clone().filter(|_| is_conditional);
        assert_eq!(asked_with(state(by)), expected, "{by:?}");
        // what another version said of it is not said again
        assert_eq!(failure::unread(&state(by)).is_some(), by == Some(own), "{by:?}");
    }
}
