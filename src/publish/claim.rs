//! Who publishes to a target: one state, named in a file of the target itself.
//!
//! Two states that publish to one place would overwrite each other for ever. So a state leaves its
//! mark at the first run, and looks at it again before it changes anything.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Where the mark lies; a hidden name, so that it is no published file.
pub(super) const PLACE: &str = ".feedmill/owner.json";

/// The first run of a state keeps others off so long, should it be killed.
const FIRST_RUN: TimeDelta = TimeDelta::minutes(10);

/// The state that wants to publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// The state's own number.
    pub state: u128,
    /// Rises when another run takes the state over from one that seems dead.
    pub fence: u64,
    /// Whether it holds nothing yet: it may go on where a lost one stood.
    pub is_new: bool,
}

/// The mark as it lies in the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    state: String,
    fence: u64,
    /// Until when the first run of this state may be at work, seconds since 1970; 0 when it is over.
    busy_until: i64,
}

/// What a claimant may do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The mark that stands there is its own.
    Stands,
    /// This mark is to be written, over what stands there.
    Write(Mark),
    /// Another state publishes there.
    Taken,
}

impl Mark {
    /// A mark as it was read; what is none was written by somebody else.
    pub fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Whether the first run of its state may still be at work.
    pub const fn is_unsettled(&self) -> bool {
        self.busy_until != 0
    }

    /// The same, with the first run over.
    pub fn settled(self) -> Self {
        Self { busy_until: 0, ..self }
    }

    /// Whether it is of the same run of the same state.
    pub fn is_of(&self, other: &Self) -> bool {
        self.state == other.state && self.fence == other.fence
    }
}

/// Decides whether a claimant may publish where this mark stands.
pub(super) fn decide(found: Option<&Mark>, claimant: Claimant, now: DateTime<Utc>) -> Verdict {
    let state = format!("{:032x}", claimant.state);
    let busy_until = (now + FIRST_RUN).timestamp();
    match found {
        None => Verdict::Write(Mark { state, fence: claimant.fence, busy_until }),
        Some(mark) if mark.state == state && mark.fence == claimant.fence => Verdict::Stands,
        Some(mark) if mark.state == state && mark.fence < claimant.fence => {
            Verdict::Write(Mark { fence: claimant.fence, ..mark.clone() })
        }
        Some(mark) if claimant.is_new && mark.state != state && mark.busy_until <= now.timestamp() => {
            Verdict::Write(Mark { state, fence: claimant.fence, busy_until })
        }
        Some(_) => Verdict::Taken,
    }
}

/// What a target remembers of its claim during a run; `V` is what an unsettled mark is replaced over.
#[derive(Debug)]
pub(super) struct Claim<V>(Mutex<Held<V>>);

impl<V> Default for Claim<V> {
    fn default() -> Self {
        Self(Mutex::new(Held { mark: None, unsettled: None, lost: false }))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Held<V> {
    pub mark: Option<Mark>,
    /// What the mark must be replaced over, where that is still to be done.
    pub unsettled: Option<V>,
    pub lost: bool,
}

impl<V: Clone> Claim<V> {
    pub fn set(&self, mark: Mark, version: V) {
        let unsettled = mark.is_unsettled().then_some(version);
        self.change(|held| *held = Held { mark: Some(mark), unsettled, lost: false });
    }

    pub fn lose(&self) {
        self.change(|held| held.lost = true);
    }

    pub fn get(&self) -> Held<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Held<V>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
