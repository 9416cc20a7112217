//! A document that holds nothing known waits until a second look agrees; nothing of it is stored as articles.
//!
//! The second look is conditional as any other. So that "not modified" can count as agreement the document itself is
//! kept in the source's state until then. One that is too large for that is asked for with the validators of the last
//! document that was taken in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

use super::Parts;
use super::failure::Failed;
use crate::model::{Document, Health, Quarantined, Secrets, Source, SourceState, Validators};
use crate::report::{Outcome, SourceReport};

/// The largest document that is kept, unpacked. Up to this size bodies wait for no memory, so that sources which
/// hold one while they ask for more cannot wait for each other in a circle.
pub(super) const LARGEST: usize = 1 << 20;

const LEVEL: i32 = 3;

const TROUBLE: &str = "nothing of what the document holds is known: a redesign, or another owner of the address; it is \
                       taken in if the next document agrees";

/// What may have to be kept of an answer until it is clear that it is not suspicious.
#[derive(Debug)]
pub(super) struct Pending {
    /// The document, where it is not too large.
    pub document: Option<Document>,
    /// Those of the last document that was taken in.
    pub validators: Option<Validators>,
}

impl Pending {
    /// Of a source that has known items; its document is shared and not copied.
    pub fn of(state: &SourceState, document: &Document) -> Option<Self> {
        let is_first_look = state.last_success.is_some() && state.quarantined_at.is_none();
        is_first_look.then(|| Self {
            document: Some(document).filter(|document| document.body.len() <= LARGEST).cloned(),
            validators: state.validators.clone(),
        })
    }
}

/// Puts a document aside until the next look.
pub(super) async fn put_aside(
    parts: &Parts,
    source: &Source,
    (mut state, pending): (SourceState, Option<Pending>),
) -> Result<SourceReport, Failed> {
    state.health = Health::Quarantined;
    state.quarantined_at = Some(parts.now);
    state.trouble = Some(TROUBLE.to_owned());
    state.trouble_since = Some(parts.now);
    let secrets = source.secrets.clone();
    let (document, validators) = pending.map_or((None, None), |pending| (pending.document, pending.validators));
    let kept = match document {
        Some(document) => parts.crew.run(move || pack(&document, &secrets)).await.ok().flatten(),
        None => None,
    };
    if kept.is_none() {
        state.validators = validators;
    }
    state.quarantined = kept.map(Box::new);
    // what the document names beside itself is not kept
    state.further.clear();
    parts.store.put_sources(vec![state]).await?;
    Ok(SourceReport { trouble: Some(TROUBLE.to_owned()), ..SourceReport::empty(&source.id, Outcome::Quarantined) })
}

fn pack(document: &Document, secrets: &Secrets) -> Option<Quarantined> {
    let body = STANDARD.encode(zstd::bulk::compress(&document.body, LEVEL).ok()?);
    let url = secrets.veil(document.url.as_str());
    let content_location = document.content_location.as_deref().map(|location| secrets.veil(location));
    Some(Quarantined { url, content_type: document.content_type.clone(), content_location, body })
}

/// The document that was put aside, taken from the state, if one was.
pub(super) fn taken_back(source: &Source, state: &mut SourceState, now: DateTime<Utc>) -> Option<Document> {
    let Quarantined { url, content_type, content_location, body } = *state.quarantined.take()?;
    let body = zstd::bulk::decompress(&STANDARD.decode(body).ok()?, LARGEST).ok()?;
    let url = Url::parse(&source.secrets.unveil(&url)).ok()?;
    let content_location = content_location.map(|location| source.secrets.unveil(&location));
    Some(Document { url, body: Bytes::from(body), content_type, content_location, fetched_at: now })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Where;

    fn document(body: &str) -> Document {
        Document {
            url: "https://outlet.example/feed?key=hunter2".parse().unwrap(),
            body: Bytes::from(body.to_owned()),
            content_type: Some("application/rss+xml; charset=utf-8".to_owned()),
            content_location: Some("/feed".to_owned()),
            fetched_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_was_put_aside_comes_back_byte_for_byte_and_once() {
        let source = Source::new("a", "a", Where::Folder("/".into()));
        for body in ["", "<rss>\u{fffd}</rss>", &"x".repeat(LARGEST)] {
            let kept = pack(&document(body), &Secrets::default()).expect("it is small");
            let json = serde_json::to_string(&SourceState { quarantined: Some(Box::new(kept)), ..Default::default() });
            let mut state: SourceState = serde_json::from_str(&json.unwrap()).unwrap();
            let back = taken_back(&source, &mut state, DateTime::UNIX_EPOCH).expect("it was kept");
            assert_eq!((&back.body[..], back.url.as_str()), (body.as_bytes(), document(body).url.as_str()));
            assert_eq!((back.content_type, back.content_location), (document("").content_type, Some("/feed".into())));
            assert!(taken_back(&source, &mut state, DateTime::UNIX_EPOCH).is_none());
        }
    }

    #[test]
    fn a_secret_is_kept_by_its_name_and_comes_back() {
        let mut source = Source::new("a", "a", Where::Folder("/".into()));
        source.secrets = Secrets::new([("KEY", "hunter2".to_owned())]);
        let mut asked = document("<rss/>");
        asked.content_location = Some("/hunter2/feed".to_owned());
        let kept = pack(&asked, &source.secrets).expect("it is small");
        assert!(!format!("{kept:?}").contains("hunter2"));
        let mut state = SourceState { quarantined: Some(Box::new(kept)), ..SourceState::default() };
        let back = taken_back(&source, &mut state, DateTime::UNIX_EPOCH).expect("it was kept");
        assert_eq!((back.url, back.content_location), (asked.url, asked.content_location));
    }

    #[test]
    fn only_a_first_look_at_a_source_with_items_keeps_its_document() {
        let large = document(&"x".repeat(LARGEST + 1));
        let warm = SourceState { last_success: Some(DateTime::UNIX_EPOCH), ..SourceState::default() };
        assert!(Pending::of(&SourceState::default(), &large).is_none());
        assert!(Pending::of(&warm, &large).expect("warm").document.is_none());
        assert!(Pending::of(&warm, &document("<rss/>")).expect("warm").document.is_some());
        let second = SourceState { quarantined_at: Some(DateTime::UNIX_EPOCH), ..warm };
        assert!(Pending::of(&second, &document("<rss/>")).is_none());
    }
}
