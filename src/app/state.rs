//! The state of one command: locked, opened, and put back when it is closed.

use std::ffi::OsString;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::SecondsFormat;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use xxhash_rust::xxh3::xxh3_128;

use super::{Ended, objects, setup};
use crate::cli::exit;
use crate::config::{BucketAddress, Config, StateLocation};
use crate::store::{BucketError, BucketState, Lease, Lock, SqliteStore, Store, WorkingCopy};

impl From<BucketError> for Ended {
    fn from(error: BucketError) -> Self {
        let code = match &error {
            BucketError::Held { .. } | BucketError::Lost { .. } | BucketError::Changed { .. } => exit::LOCKED,
            BucketError::Unconditional { .. } | BucketError::Disk { .. } => exit::USAGE,
            BucketError::Store { .. } => exit::PUBLISHING_FAILED,
        };
        Self { code, message: error.to_string() }
    }
}

/// An open state.
pub struct State {
    pub store: Arc<dyn Store>,
    keeper: Keeper,
}

/// What keeps other runs off, and where the state goes in the end.
enum Keeper {
    File {
        _lock: Lock,
    },
    Bucket(Box<Taken>),
    /// Only looked at: nothing is kept.
    Reader {
        _copy: Option<WorkingCopy>,
    },
}

/// A state that is taken from a bucket.
struct Taken {
    address: String,
    state: BucketState,
    copy: WorkingCopy,
    lease: Lease,
    /// Stops the run when the lease is lost.
    _watcher: AbortOnDropHandle<()>,
}

/// Who a state is for the targets that it publishes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its number, where its place says it; else it is drawn once and kept in the state.
    pub state: Option<u128>,
    /// Rises when another run takes the state over from one that seems dead.
    pub fence: u64,
}

impl State {
    /// Opens the state for writing, and keeps other runs off; `stop` is cancelled where that fails later.
    ///
    /// # Errors
    /// Another run works with it, it is no state, is newer than this program, or cannot be read or written.
    pub async fn open(config: &Config, stop: &CancellationToken) -> Result<Self, Ended> {
        let address = match &config.state {
            StateLocation::Sqlite(path) => {
                let lock = lock(path)?;
                return Ok(Self {
                    store: usable(SqliteStore::open(path), path)?,
                    keeper: Keeper::File { _lock: lock },
                });
            }
            StateLocation::Bucket(address) => address,
        };
        let state = in_bucket(address)?;
        let lease = state.lease(&owner(), setup::real_now).await?;
        let opened = async {
            let copy = state.take().await?;
            let store = usable(SqliteStore::open(&copy.path()), Path::new(&address.to_string()))?;
            Ok::<_, Ended>((store, copy))
        };
        let (store, copy) = match opened.await {
            Ok(opened) => opened,
            Err(ended) => {
                lease.give_up().await;
                return Err(ended);
            }
        };
        let (lost, stop) = (lease.lost().clone(), stop.clone());
        let watcher = tokio::spawn(async move {
            lost.cancelled().await;
            stop.cancel();
        });
        let watcher = AbortOnDropHandle::new(watcher);
        let taken = Taken { address: address.to_string(), state, copy, lease, _watcher: watcher };
        Ok(Self { store, keeper: Keeper::Bucket(Box::new(taken)) })
    }

    /// A copy of the state in memory, thrown away in the end: for looking at what a run would change.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn scratch(config: &Config) -> Result<Self, Ended> {
        match &config.state {
            StateLocation::Sqlite(path) => {
                let lock = lock(path)?;
                Ok(Self { store: usable(SqliteStore::scratch_copy(path), path)?, keeper: Keeper::File { _lock: lock } })
            }
            StateLocation::Bucket(address) => {
                let copy = in_bucket(address)?.take().await?;
                let store = usable(SqliteStore::scratch_copy(&copy.path()), Path::new(&address.to_string()))?;
                Ok(Self { store, keeper: Keeper::Reader { _copy: Some(copy) } })
            }
        }
    }

    /// Opens the state for looking only, also while a run works with it.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for other runs.
    pub async fn to_read(config: &Config) -> Result<Self, Ended> {
        match &config.state {
            StateLocation::Sqlite(path) => Ok(Self {
                store: usable(SqliteStore::open_read_only(path), path)?,
                keeper: Keeper::Reader { _copy: None },
            }),
            StateLocation::Bucket(address) => {
                let copy = in_bucket(address)?.take().await?;
                let store = usable(SqliteStore::open_read_only(&copy.path()), Path::new(&address.to_string()))?;
                Ok(Self { store, keeper: Keeper::Reader { _copy: Some(copy) } })
            }
        }
    }

    /// Who it is for its targets.
    #[must_use]
    pub fn identity(&self) -> Identity {
        match &self.keeper {
            Keeper::File { .. } | Keeper::Reader { .. } => Identity { state: None, fence: 0 },
            Keeper::Bucket(taken) => {
                Identity { state: Some(xxh3_128(taken.address.as_bytes())), fence: taken.lease.fence() }
            }
        }
    }

    /// Whether it lies here for this run only.
    #[must_use]
    pub const fn is_taken(&self) -> bool {
        matches!(self.keeper, Keeper::Bucket(_))
    }

    /// Puts it back to its bucket as it is now, where it lies in one: a run that publishes what its state may lose
    /// has the next one forget it.
    ///
    /// # Errors
    /// As [`close`](Self::close).
    pub async fn keep(&self) -> Result<(), Ended> {
        if let Keeper::Bucket(taken) = &self.keeper {
            taken.state.keep(&taken.copy, &taken.lease).await?;
        }
        Ok(())
    }

    /// Closes it: what was stored lies in its file, or in its bucket again.
    ///
    /// # Errors
    /// It could not be written, or another run took it over.
    pub async fn close(self) -> Result<(), Ended> {
        self.store.close().await.context("the state could not be closed")?;
        if let Keeper::Bucket(taken) = self.keeper {
            taken.state.put_back(taken.copy, taken.lease).await?;
        }
        Ok(())
    }
}

fn in_bucket(address: &BucketAddress) -> Result<BucketState, Ended> {
    Ok(BucketState::new(address.to_string(), objects::open(address)?, &address.path)?)
}

/// Takes the lock beside the state.
fn lock(state: &Path) -> Result<Lock, Ended> {
    let mut path: OsString = state.as_os_str().to_owned();
    path.push(".lock");
    Ok(Lock::take(&PathBuf::from(path))?)
}

fn usable(store: Result<SqliteStore, crate::store::StoreError>, place: &Path) -> anyhow::Result<Arc<dyn Store>> {
    let store = store.with_context(|| format!("the state {} cannot be used", place.display()))?;
    Ok(Arc::new(store))
}

/// This run in words, unlike every other one.
fn owner() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim();
    let host = if host.is_empty() { "a machine without a name" } else { host };
    let since = setup::real_now().to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("process {} on {host} since {since}, {:x}", std::process::id(), random())
}

/// A number that nobody can foretell: the keys of hash maps are drawn by the system.
#[must_use]
pub fn random() -> u128 {
    let half = |salt: u8| u128::from(RandomState::new().hash_one(salt));
    (half(0) << 64) | half(1)
}
