//! One run at a time: an advisory lock beside the state.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it; `pid` where that run left its number.
    #[error("another run holds the state{}", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Held { pid: Option<u32> },
    /// The lock file cannot be made or locked.
    #[error("the lock {} cannot be taken: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
}

/// The lock on a state; held until dropped, also when the process is killed.
///
/// The file stays: whoever deletes a lock file takes it from under a run that has just opened it.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock at once, or says who holds it. `path` is the lock file, its folder is made.
    ///
    /// # Errors
    /// [`LockError::Held`] while another process or another `Lock` holds it.
    #[expect(clippy::disallowed_methods, reason = "the file stands for nothing but the lock; half of it does no harm")]
    pub fn take(path: &Path) -> Result<Self, LockError> {
        let failed = |error| LockError::Io { path: path.to_owned(), error };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        // not truncated on opening: the number of the run that holds it may stand there
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held { pid: read_pid(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // an empty file says that nobody holds it; closing it would unlock as well
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_learns_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/feedmill.db.lock");
        let first = Lock::take(&path).unwrap();
        let Err(LockError::Held { pid }) = Lock::take(&path) else { panic!("taken twice") };
        assert_eq!(pid, Some(std::process::id()));
        drop(first);
        let again = Lock::take(&path).unwrap();
        assert!(path.exists());
        drop(again);
        assert!(path.exists(), "the file is never deleted");
    }

    #[test]
    fn what_stands_in_the_file_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        #[expect(clippy::disallowed_methods, reason = "the test makes rubbish")]
        std::fs::write(&path, "\u{0}rubbish that is longer than any number of a process could be\n").unwrap();
        let _held = Lock::take(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{}\n", std::process::id()));
    }

    #[test]
    fn a_path_that_cannot_be_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Lock::take(folder.path()), Err(LockError::Io { .. })));
    }
}
