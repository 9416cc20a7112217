//! `status`: how sources and feeds stand.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};

use super::state::State;
use super::{Ended, output, prune, setup};
use crate::cli::{StatusArgs, exit};
use crate::config::Config;
use crate::dates::OutletClock;
use crate::model::{Health, Source, SourceState};
use crate::report::{self, FeedStatus, SourceStatus, Status, TimezoneStatus};
use crate::store::FeedRecord;

/// Shows what the state says; asks no outlet and takes no lock.
pub async fn status(config: &Config, args: &StatusArgs) -> Result<u8, Ended> {
    let state = State::to_read(config).await?;
    let store = Arc::clone(&state.store);
    let states = store.sources().await?;
    let records = store.feeds().await?;
    let now = setup::now(config);
    let mut shown = Status { articles: store.count().await?.articles, ..Status::default() };
    let known: HashMap<&str, &SourceState> = states.iter().map(|state| (state.id.as_str(), state)).collect();
    for source in &config.sources {
        let state = known.get(&*source.id).copied();
        shown.sources.push(SourceStatus {
            id: source.id.to_string(),
            kind: source.kind.word(),
            rung: state.and_then(|state| state.rung.as_ref()).map(|rung| rung.kind.word()),
            state: state.map_or(Health::Never, |state| state.health).word(),
            last_success: state.and_then(|state| state.last_success).map(time),
            next_due: state.and_then(|state| state.next_due).map(time),
            trouble: state.and_then(|state| report::standing(state, now)),
            timezone: state.and_then(|state| proposal(source, state, now)),
        });
    }
    let released: HashMap<&str, &FeedRecord> = records.iter().map(|record| (record.id.as_str(), record)).collect();
    for feed in &config.feeds {
        let record = released.get(feed.id.as_str());
        let updated = record.and_then(|record| DateTime::from_timestamp(record.updated?, 0));
        shown.feeds.push(FeedStatus {
            id: feed.id.clone(),
            items: record.map_or(0, |record| record.items as usize),
            date_modified: updated.map(time),
        });
    }
    for target in config.publish.to.iter().map(ToString::to_string) {
        let orphans = prune::orphans(config, store.as_ref(), &target).await?;
        shown.orphans.extend(orphans.into_iter().map(|path| format!("{}/{path}", output::short_path(&target))));
    }
    state.close().await?;
    output::print(&if args.json { shown.to_json() } else { output::status_tables(&shown) })?;
    Ok(exit::OK)
}

/// The zone that a source's own articles show, where the config sets none.
fn proposal(source: &Source, state: &SourceState, now: DateTime<Utc>) -> Option<TimezoneStatus> {
    let clock = OutletClock::of(&state.sightings, source.host()).filter(|_| source.timezone.is_none())?;
    let proposal = clock.proposal(now)?;
    let (articles, settled) = (proposal.articles, proposal.is_settled);
    Some(TimezoneStatus { proposed: proposal.zone.name(), articles, settled })
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
