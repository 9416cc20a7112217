//! Exit codes: a part of the interface that scripts rely on.

/// All is well, also where there was nothing new.
pub const OK: u8 = 0;

/// The state could not be read or written, or what was to be said could not be printed; what was done until then stands.
pub const FAILED: u8 = 1;

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

/// The codes in words, for help texts; a literal.
macro_rules! in_words {
    () => {
        "\
Exit codes:
  0  all is well, also where there was nothing new
  1  the state could not be read or written, or the output not printed; what was done until then stands
  2  the command line or the config file is wrong; nothing was done
  3  some sources failed, the rest was published
  4  all sources failed
  5  another run holds the state, or another state publishes to the same place
  6  publishing failed; the last good feeds still stand"
    };
}
pub(super) use in_words;
