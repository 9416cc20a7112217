//! Texts of articles, read back from the feeds that published them: a history does not repeat them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::Plan;
use super::release::document_path;
use crate::extract;
use crate::model::{Document, Format, History, HistoryItem, RawArticle, Text, TextKind};
use crate::publish::{PublishError, Target};

/// Puts the texts that a history leaves to its feed's documents back into its articles.
///
/// What stands in no document any more stays without text until its outlet tells it again.
///
/// # Errors
/// The target does not answer.
pub async fn put_back(
    history: &mut History,
    (target, plan): (&Target, &Plan),
    now: DateTime<Utc>,
) -> Result<(), PublishError> {
    for format in [Format::Json, Format::Atom, Format::Rss] {
        let is_told = |item: &HistoryItem| item.text_in.as_deref() == Some(format.extension());
        if !history.items.iter().any(is_told) {
            continue;
        }
        let path = document_path(&history.feed, format);
        let Some(body) = target.read(&path).await? else { continue };
        let Ok(url) = format!("{}{path}", plan.site.base_url).parse() else { continue };
        let content_type = Some(format!("{}; charset=utf-8", format.media_type()));
        let document = Document { url, body, content_type, content_location: None, fetched_at: now };
        let mut texts: HashMap<String, Text> = HashMap::new();
        let mut take = |raw: RawArticle| {
            let text = raw.bodies.into_iter().map(|claim| claim.text).find(|text| text.kind == TextKind::Html);
            texts.extend(raw.id.zip(text));
        };
        if let Err(error) = extract::each_item(&document, &mut take) {
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
