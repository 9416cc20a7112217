//! Why a source brought nothing, and what that means for the next time.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Parts, source};
use crate::gather::{Barred, FetchError};
use crate::model::{Intake, Source, SourceState, Unread, Validators, Where};
use crate::report::{self, Outcome, SourceReport};
use crate::schedule::{self, Failure};
use crate::store::StoreError;

/// Why a source brought nothing.
#[derive(Debug)]
pub struct Failed {
    pub failure: Failure,
    /// In words for people.
    pub trouble: String,
    /// It was not asked, since its host is held until then: no failure of its own.
    pub held: Option<DateTime<Utc>>,
    /// The run is to end: it was not seen to the end, and nothing is said of it.
    pub is_cut_short: bool,
    /// The document itself says so, and will say it again.
    pub is_unreadable: bool,
    /// Its document could not be read: what that came with.
    pub unread: Option<Box<Validators>>,
    /// Another place was looked for, in vain.
    pub climbed: bool,
}

impl Failed {
    pub const fn new(failure: Failure, trouble: String) -> Self {
        Self { failure, trouble, held: None, is_cut_short: false, is_unreadable: false, unread: None, climbed: false }
    }

    /// What ends a source's work where the run is to end.
    pub fn cut_short() -> Self {
        Self { is_cut_short: true, ..Self::new(Failure::Soft, "the run was told to stop".to_owned()) }
    }

    /// Whether it says nothing of what is there: another time may.
    pub const fn passes(&self) -> bool {
        matches!(self.failure, Failure::Soft | Failure::TooMany { .. })
    }
}

/// The program that could not read a document: another version may.
const READER: &str = env!("CARGO_PKG_VERSION");

/// Why the document could not be read that "not modified" is said of, if so; nothing of one that another version of
/// the program looked at.
pub(super) fn unread(state: &SourceState) -> Option<Failed> {
    let unread = state.unread.as_ref().filter(|unread| unread.by == READER)?;
    Some(Failed::new(Failure::Hard, unread.trouble.clone()))
}

/// Whether a document that could not be read is worth a look by this version of the program.
pub(super) fn is_to_be_read_again(state: &SourceState) -> bool {
    state.unread.as_ref().is_some_and(|unread| unread.by != READER)
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::new(Failure::Soft, format!("its articles could not be stored: {error}"))
    }
}

/// So many items are looked at on the spot; more keep a core busy.
const FEW: usize = 300;

impl Parts {
    /// Does work that keeps a core busy on a thread of the crew's; a fault of it is the source's failure.
    pub(super) async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failed> {
        self.crew.run(work).await.map_err(|fault| Failed::new(Failure::Hard, fault))
    }

    /// Does work on so many items; on few of them at once, since the way to another thread costs more.
    pub(super) async fn work_on<T: Send + 'static>(
        &self,
        items: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failed> {
        if items <= FEW { Ok(work()) } else { self.work(work).await }
    }
}

/// Remembers a failure and reports it.
pub async fn fail(parts: &Parts, source: &Source, mut state: SourceState, failed: Failed) -> SourceReport {
    let Failed { failure, mut trouble, held, is_cut_short, unread, climbed, .. } = failed;
    if is_cut_short {
        // the next run asks as if this one had not
        return SourceReport::empty(&source.id, Outcome::NotDue);
    }
    let outcome = if let Some(until) = held {
        schedule::wait_for_host(&mut state, until);
        Outcome::NotDue
    } else {
        schedule::next_check(&mut state, &schedule::Answer::Failed(failure), &source::rules(source), parts.now);
        Outcome::Failed
    };
    state.trouble = Some(trouble.clone());
    if unread.is_some() {
        state.validators = unread.map(|validators| *validators);
        state.unread = Some(Unread { by: READER.to_owned(), trouble: trouble.clone() });
    }
    if climbed {
        state.climbed = Some(parts.now);
    }
    if let (Some(due), Where::Web(_)) = (state.next_due, &source.location) {
        trouble = format!("{trouble}; {}", report::next_try(due, parts.now));
    }
    let intake = Intake { state, outlet: Arc::clone(&source.outlet), now: parts.now, ..Intake::default() };
    if let Err(error) = parts.store.apply(intake).await {
        trouble = format!("{trouble}; and its state could not be stored: {error}");
    }
    SourceReport { trouble: Some(trouble), ..SourceReport::empty(&source.id, outcome) }
}

/// What a failed fetch means for the next one (the table "Fetching: the rules").
pub(super) fn failure_of(error: &FetchError) -> Failed {
    let failure = match error {
        FetchError::Status { until: Some(until), .. } => Failure::TooMany { until: *until },
        FetchError::Status { code: 401 | 403, .. }
        | FetchError::Status { refusal: Some(_), .. }
        | FetchError::Robots { by: Barred::Rule, .. } => Failure::Refused,
        FetchError::Status { code: 500.., .. }
        | FetchError::Held { .. }
        | FetchError::Robots { by: Barred::Unreachable, .. }
        | FetchError::Timeout { .. }
        | FetchError::Dns { .. }
        | FetchError::Connect { .. }
        | FetchError::Tls { .. }
        | FetchError::Decode { .. }
        | FetchError::Io { .. } => Failure::Soft,
        FetchError::Gone { .. } => Failure::Gone,
        FetchError::Status { .. }
        | FetchError::TooLarge { .. }
        | FetchError::Head { .. }
        | FetchError::Redirect { .. }
        | FetchError::ForbiddenAddress { .. }
        | FetchError::RefusedUrl { .. }
        | FetchError::Header { .. }
        | FetchError::File { .. } => Failure::Hard,
    };
    let trouble = error.advice().map_or_else(|| error.to_string(), |advice| format!("{error}; {advice}"));
    let held = match error {
        FetchError::Held { until, .. } => Some(*until),
        _ => None,
    };
    Failed { held, ..Failed::new(failure, trouble) }
}
