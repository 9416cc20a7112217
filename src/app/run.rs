//! `run`: gather what is due, publish what changed.

use std::collections::HashSet;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::output::{self, Output};
use super::setup::{self, Answers};
use super::state::State;
use super::{Ended, signals, targets};
use crate::cli::{ReportFormat, RunArgs, exit};
use crate::config::Config;
use crate::gather::Fetch;
use crate::pipeline::{self, Parts, Wanted};
use crate::report::RunReport;

/// One round, from the lock to the exit code.
///
/// # Errors
/// The run could not begin: config, lock, state or target.
pub async fn run(config: &Config, args: RunArgs, output: Output) -> Result<u8, Ended> {
    let unknown: Vec<&str> = args
        .sources
        .iter()
        .map(String::as_str)
        .filter(|id| !config.sources.iter().any(|source| source.id.as_ref() == *id))
        .collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = config.sources.iter().map(|source| source.id.as_ref()).take(20).collect();
        let (unknown, known) = (unknown.join(", "), known.join(", "));
        return Err(Ended::usage(format!("the config has no source {unknown}; it has {known}")));
    }
    let stop = signals::stop_on_signal();
    let fetch = setup::fetcher(config, &Answers { record: args.record, replay: args.replay })
        .map_err(|error| Ended::usage(format!("{error:#}")))?;
    let state = if args.dry_run { State::scratch(config).await? } else { State::open(config, &stop).await? };
    let wanted = Wanted { only: args.sources.into_iter().collect::<HashSet<_>>(), force: args.force };
    let round = Round { config, fetch, state: &state, stop, output };
    let report = round.go(&wanted, args.dry_run).await;
    let closed = state.close().await;
    let report = report?;
    if args.dry_run && args.report.is_none() {
        for line in output::change_lines(&report) {
            output::print(&line)?;
        }
    }
    if args.report == Some(ReportFormat::Json) {
        output::print(&report.to_json())?;
    }
    output.tell_run(&report);
    if args.dry_run && !output.quiet {
        output::say("dry run: nothing was written, and no state was kept");
    }
    // what was published is told, also where the state did not get back to its bucket
    closed?;
    Ok(exit_code(&report))
}

/// The parts of one round; `watch` makes many of them.
pub struct Round<'a> {
    pub config: &'a Config,
    pub fetch: Arc<dyn Fetch>,
    pub state: &'a State,
    pub stop: CancellationToken,
    pub output: Output,
}

impl Round<'_> {
    /// Gathers and publishes once.
    ///
    /// # Errors
    /// The state or a target cannot be used at all.
    pub async fn go(&self, wanted: &Wanted, dry_run: bool) -> Result<RunReport, Ended> {
        let now = setup::now(self.config);
        let targets = if dry_run {
            targets::open_to_look(self.config)
        } else {
            targets::open(self.config, self.config.publish.to.iter(), self.state).await?
        };
        // a dry run has nothing to say of where things are
        let told = targets.iter().filter(|_| !dry_run);
        let names = told.map(|target| output::short_path(target.name())).collect();
        let store = Arc::clone(&self.state.store);
        let parts = setup::parts((Arc::clone(&self.fetch), store), Arc::clone(&targets), self.stop.clone(), now);
        let mut plan = setup::plan(self.config)?;
        pipeline::prepare(&parts, &mut plan).await?;
        let plan = Arc::new(plan);
        let mut report = RunReport { targets: names, ..RunReport::default() };
        report.sources = self.gather(&parts, &plan, wanted).await?;
        if !dry_run && report.sources.iter().any(|source| source.new + source.changed > 0) {
            self.state.keep().await?;
        }
        pipeline::release(&parts, &plan, dry_run, &mut report).await?;
        if !dry_run {
            targets::finish(self.config, (self.state, &targets), &mut report).await?;
            self.state.store.retain(now).await?;
            self.state.store.save_report(report.to_json(), now).await?;
        }
        Ok(report)
    }

    async fn gather(
        &self,
        parts: &Parts,
        plan: &Arc<pipeline::Plan>,
        wanted: &Wanted,
    ) -> Result<Vec<crate::report::SourceReport>, Ended> {
        let bar = self.output.progress(plan.sources.len());
        let reports = pipeline::collect(parts, plan, wanted, &mut |report| {
            bar.inc(1);
            bar.set_message(report.id.to_string());
        })
        .await;
        bar.finish_and_clear();
        Ok(reports?)
    }
}

/// What the report means for whoever called.
fn exit_code(report: &RunReport) -> u8 {
    if report.publishing_failed() {
        return exit::PUBLISHING_FAILED;
    }
    match report.asked_and_failed() {
        (_, 0) => exit::OK,
        (asked, failed) if asked == failed => exit::ALL_SOURCES_FAILED,
        _ => exit::SOME_SOURCES_FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{FeedReport, Outcome, SourceReport};

    #[test]
    fn exit_codes_tell_what_failed() {
        let report = |outcomes: &[Outcome], error: Option<&str>| RunReport {
            sources: outcomes.iter().map(|outcome| SourceReport::empty(&"s".into(), *outcome)).collect(),
            feeds: vec![FeedReport { error: error.map(str::to_owned), ..FeedReport::default() }],
            ..RunReport::default()
        };
        for (outcomes, error, code) in [
            (&[][..], None, exit::OK),
            (&[Outcome::NotDue, Outcome::Ok], None, exit::OK),
            (&[Outcome::NotDue, Outcome::Failed], None, exit::ALL_SOURCES_FAILED),
            (&[Outcome::NotModified, Outcome::Failed], None, exit::SOME_SOURCES_FAILED),
            (&[Outcome::Failed], Some("disk full"), exit::PUBLISHING_FAILED),
        ] {
            assert_eq!(exit_code(&report(outcomes, error)), code, "{outcomes:?} {error:?}");
        }
    }
}
