//! A store in small, so that tests can read one document after another.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use super::super::{Fast, Identifiers, keys, title_hash, triage};
use super::*;
use crate::model::{Dated, Precision, ZoneFrom};

/// An item of a document: guid, address (behind a space the one that its page calls canonical), title, hours after the
/// first of March.
pub(super) type Item<'a> = (&'a str, &'a str, &'a str, i64);

pub(super) fn hour(hours: i64) -> DateTime<Utc> {
    "2023-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::hours(hours)
}

fn as_found(url: &str) -> &str {
    url.split(' ').next().unwrap_or_default()
}

pub(super) fn article((guid, url, title, hours): Item<'_>) -> Article {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (url, canonical) = url.split_once(' ').unwrap_or((url, ""));
    Article {
        id: text(guid),
        url: text(url),
        canonical_url: text(canonical),
        title: text(title),
        date_published: (hours >= 0).then(|| Dated {
            at: hour(hours).fixed_offset(),
            precision: Precision::Time,
            zone: ZoneFrom::Text,
        }),
        ..Article::default()
    }
}

/// A store in small: what keys lead to, and what the last document listed.
#[derive(Default)]
pub(super) struct World {
    pub(super) known: Known,
    pub(super) state: SourceState,
    count: i64,
}

pub(super) struct From<'a> {
    pub(super) source: &'a str,
    pub(super) outlet: &'a str,
}

pub(super) const HOME: From<'_> = From { source: "home", outlet: "outlet" };

impl World {
    pub(super) fn with(items: &[Item<'_>]) -> Self {
        let mut world = Self::default();
        world.read(&HOME, items);
        world
    }

    pub(super) fn read(&mut self, from: &From<'_>, items: &[Item<'_>]) -> Verdict {
        let verdict = self.decide(from, items);
        let mut listed = verdict.listed.clone();
        for new in &verdict.new {
            self.count += 1;
            listed.push(ArticleId(self.count));
            let hit = Hit {
                article: ArticleId(self.count),
                outlet: Arc::from(from.outlet),
                carried: true,
                fingerprint: new.fingerprint,
                title_hash: new.title_hash,
                published: new.article.date_published.map(|date| date.at.timestamp()),
                hidden: false,
            };
            self.known.hits.extend(new.keys.iter().map(|key| (*key, hit.clone())));
        }
        for (id, keys) in verdict
            .updated
            .iter()
            .map(|one| (one.id, &one.keys))
            .chain(verdict.carried.iter().map(|one| (one.id, &one.keys)))
        {
            let hit = self.known.hits.values().find(|hit| hit.article == id).cloned().unwrap();
            for key in keys {
                self.known.hits.entry(*key).or_insert_with(|| hit.clone());
            }
        }
        for updated in &verdict.updated {
            for hit in self.known.hits.values_mut().filter(|hit| hit.article == updated.id) {
                (hit.fingerprint, hit.title_hash) = (updated.fingerprint, updated.title_hash);
            }
        }
        for carried in &verdict.carried {
            for hit in self.known.hits.values_mut().filter(|hit| hit.article == carried.id) {
                hit.fingerprint = carried.fingerprint;
            }
        }
        self.known.listed = listed;
        self.state.goes_by_url = verdict.goes_by_url;
        let newest = items.iter().filter(|item| item.3 >= 0).map(|item| hour(item.3)).max();
        self.state.newest = self.state.newest.max(newest);
        verdict
    }

    pub(super) fn decide(&self, from: &From<'_>, items: &[Item<'_>]) -> Verdict {
        let domains = ["example.org".to_owned()];
        let scope = Scope { source: from.source, outlet: from.outlet, domains: &domains };
        let fingerprint = |item: &Item<'_>| title_hash(&format!("{item:?}"));
        let named = |text| Some(text).filter(|text: &&str| !text.is_empty());
        let fast: Vec<Fast> = items
            .iter()
            .map(|item| Fast::new(&scope, named(item.0), named(as_found(item.1)), fingerprint(item)))
            .collect();
        let triage = triage(&fast, &self.known, &self.state);
        let left = items.iter().enumerate().filter(|(position, _)| triage.unchanged[*position].is_none());
        let candidates = left.map(|(position, item)| {
            let article = article(*item);
            let keys = keys(&scope, &Identifiers::of(&article));
            let title_hash = title_hash(item.2);
            Candidate {
                position,
                keys,
                article: Box::new(article),
                fingerprint: fingerprint(item),
                title_hash,
                size: 1,
            }
        });
        let context = Context { scope: &scope, state: &self.state, triage: &triage, is_foreign: &|_| false };
        decide(&context, candidates.collect(), &self.known)
    }
}
