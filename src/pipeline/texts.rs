//! Texts of articles, read back from the feeds that published them: a history does not repeat them.

use std::collections::HashMap;

use bytes::Bytes;
use url::Url;

use super::release::document_path;
use super::{Parts, Plan};
use crate::extract;
use crate::gather;
use crate::model::{Format, History, HistoryItem, RawArticle, Text, TextKind};
use crate::publish::{PublishError, Target};

/// Puts the texts that a history leaves to its feed's documents back into its articles.
///
/// What stands in no document any more stays without text until its outlet tells it again.
///
/// # Errors
/// The target does not answer.
pub async fn put_back(
    (parts, plan): (&Parts, &Plan),
    target: &Target,
    history: &mut History,
) -> Result<(), PublishError> {
    for format in [Format::Json, Format::Atom, Format::Rss] {
        let is_told = |item: &HistoryItem| item.text_in.as_deref() == Some(format.extension());
        if !history.items.iter().any(is_told) {
            continue;
        }
        let path = document_path(&history.feed, format);
        let Some(body) = target.read(&path).await? else { continue };
        let Ok(url) = format!("{}{path}", plan.site.base_url).parse() else { continue };
        let work = parts.crew.run(move || texts(&body, &url));
        let read = gather::within(plan.source_timeout, work).await;
        let (mut texts, trouble) = match read {
            Ok(Ok(read)) => read,
            Ok(Err(fault)) => (HashMap::new(), Some(fault)),
            Err(late) => (HashMap::new(), Some(late.to_string())),
        };
        if let Some(error) = trouble {
            tracing::warn!(path, %error, "texts of the lost state cannot be read back");
        }
        for item in history.items.iter_mut().filter(|item| is_told(item)) {
            if let (Some(article), Some(text)) = (&mut item.article, texts.remove(&item.uid)) {
                article.body = Some(text);
            }
        }
    }
    Ok(())
}

/// The texts of a feed's items by their ids, and why there are no more of them.
fn texts(document: &Bytes, url: &Url) -> (HashMap<String, Text>, Option<String>) {
    let mut texts: HashMap<String, Text> = HashMap::new();
    let mut take = |raw: RawArticle| {
        let text = raw.bodies.into_iter().map(|claim| claim.text).find(|text| text.kind == TextKind::Html);
        texts.extend(raw.id.zip(text));
    };
    let trouble = extract::each_item(&mut document.as_ref(), url, &mut take).err();
    (texts, trouble.map(|error| error.to_string()))
}
