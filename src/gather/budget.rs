//! The memory that all bodies in flight share.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What all bodies share.
const TOTAL: usize = 64 << 20;
/// Up to here a body grows without waiting: most feeds and pages are smaller.
pub(super) const FREE: usize = 1 << 20;
/// Permits are counted in this many bytes, since a semaphore's count is 32 bits wide.
const UNIT: usize = 1 << 10;

/// The shared memory.
pub(super) struct Budget(Arc<Semaphore>);

impl Budget {
    pub fn new() -> Self {
        Self(Arc::new(Semaphore::new(TOTAL / UNIT)))
    }

    /// The share of a new body, empty.
    pub fn share(&self) -> Share {
        Share { memory: Arc::clone(&self.0), permit: None, is_whole: false }
    }
}

/// What one body holds of it.
pub(super) struct Share {
    memory: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    is_whole: bool,
}

impl Share {
    /// Whether growing to so many bytes may have to wait.
    pub const fn must_wait(&self, bytes: usize) -> bool {
        bytes > FREE && !self.is_whole
    }

    /// Counts a small body. Never waits: where memory is short it stays uncounted, at most
    /// [`FREE`] bytes, so that bodies that hold a little never wait for each other in a circle.
    pub fn count(&mut self, bytes: usize) {
        let held = self.permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let Some(missing) = units(bytes).checked_sub(held).filter(|missing| *missing > 0) else { return };
        if self.is_whole {
            return;
        }
        if let Ok(more) = Arc::clone(&self.memory).try_acquire_many_owned(permits(missing)) {
            match &mut self.permit {
                Some(permit) => permit.merge(more),
                None => self.permit = Some(more),
            }
        }
    }

    /// Reserves all that the body may ever need, giving back first what it holds.
    pub async fn reserve(&mut self, bytes: usize) {
        self.permit = None;
        // the semaphore is never closed; were it, the body would stay uncounted
        self.permit = Arc::clone(&self.memory).acquire_many_owned(permits(units(bytes.min(TOTAL)))).await.ok();
        self.is_whole = true;
    }

    /// The finished body; its memory counts until the last copy is dropped.
    pub fn seal(mut self, mut body: Vec<u8>) -> Bytes {
        if body.capacity() - body.len() > body.len() / 2 + 64 * UNIT {
            body.shrink_to_fit();
        }
        if let Some(permit) = &mut self.permit {
            let spare = permit.num_permits().saturating_sub(units(body.capacity()));
            drop(permit.split(spare));
        }
        match self.permit {
            Some(permit) => Bytes::from_owner(Held { body, _permit: permit }),
            None => Bytes::from(body),
        }
    }
}

struct Held {
    body: Vec<u8>,
    _permit: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

const fn units(bytes: usize) -> usize {
    bytes.div_ceil(UNIT)
}

fn permits(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}
