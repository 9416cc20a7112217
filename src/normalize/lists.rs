//! Fields that are lists: tags and attachments.

use std::collections::HashSet;

use super::{Ledger, Winner, line};
use crate::model::{Attachment, Claim, Field};

/// Tags in their order, each once whatever its case; those of the source behind.
pub(super) fn tags(claims: Vec<Claim>, added: &[String], ledger: &mut Ledger) -> Vec<String> {
    let mut tags: Vec<String> = Vec::with_capacity(claims.len() + added.len());
    let mut seen = HashSet::with_capacity(claims.len() + added.len());
    let mut from = None;
    for claim in claims {
        let (text, _) = line::of(claim.text);
        // the keywords of a page are one text
        let is_list = claim.from.ends_with("keywords") && text.contains(',');
        let pieces: Vec<String> =
            if is_list { text.split(',').map(|tag| tag.trim().to_owned()).collect() } else { vec![text] };
        for tag in pieces {
            if !tag.is_empty() && seen.insert(tag.to_lowercase()) {
                from = from.or(Some(claim.from));
                tags.push(tag);
            }
        }
    }
    for tag in added {
        if seen.insert(tag.to_lowercase()) {
            from = from.or(Some("config"));
            tags.push(tag.clone());
        }
    }
    if let Some(from) = from {
        ledger.record(Field::Tags, Winner::new(from, "all that are claimed, each once"), (None, Vec::new()));
    }
    tags
}

/// Attachments in their order, each address once; what a repeated one knows more is kept.
pub(super) fn attachments(found: Vec<Attachment>) -> Vec<Attachment> {
    if found.len() < 2 {
        return found;
    }
    let mut places = std::collections::HashMap::with_capacity(found.len());
    let mut kept: Vec<Attachment> = Vec::with_capacity(found.len());
    for attachment in found {
        let place = *places.entry(attachment.url.clone()).or_insert(kept.len());
        let Some(first) = kept.get_mut(place) else {
            kept.push(attachment);
            continue;
        };
        first.mime_type = first.mime_type.take().or(attachment.mime_type);
        first.title = first.title.take().or(attachment.title);
        first.size_in_bytes = first.size_in_bytes.or(attachment.size_in_bytes);
        first.duration_in_seconds = first.duration_in_seconds.or(attachment.duration_in_seconds);
    }
    kept
}
