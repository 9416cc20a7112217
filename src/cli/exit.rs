//! Exit codes: a part of the interface that scripts rely on.

/// All is well, also where there was nothing new.
pub const OK: u8 = 0;

/// The command line or the config file is wrong; nothing was done.
pub const USAGE: u8 = 2;

/// Some sources failed; the rest was gathered and published.
pub const SOME_SOURCES_FAILED: u8 = 3;

/// Every source that was due failed; what stood published still stands.
pub const ALL_SOURCES_FAILED: u8 = 4;

/// Another run holds the lock, or another state publishes to the same target; nothing was done.
pub const LOCKED: u8 = 5;

/// Something could not be published; the last good feeds still stand.
pub const PUBLISHING_FAILED: u8 = 6;
