//! A folder of the local disk as target: staged beside the old file, fsync, rename, fsync folder.

#![expect(clippy::disallowed_methods, reason = "this is the atomic writer that the others are sent to")]

mod claim;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use xxhash_rust::xxh3::Xxh3;

use super::claim::Claim;
use super::{Committed, Draft, PublishError, Staged};

/// How the names of staged files begin; what a killed run left is found by it.
const STAGED: &str = ".feedmill-";

/// A folder that releases go to; nothing outside it is ever read or written.
#[derive(Debug)]
pub struct Folder {
    /// As configured.
    name: String,
    /// Canonical.
    root: PathBuf,
    claim: Claim<()>,
}

impl Folder {
    /// Opens a folder, making it if need be.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where the disk refuses.
    pub fn open(path: &Path) -> Result<Self, PublishError> {
        fs::create_dir_all(path).map_err(|error| PublishError::disk("make the folder", path, error))?;
        let root = path.canonicalize().map_err(|error| PublishError::disk("open the folder", path, error))?;
        Ok(Self { name: path.to_string_lossy().into_owned(), root, claim: Claim::default() })
    }

    /// Removes what a killed run left. Only who has claimed the folder may: another run may be at work in it.
    fn sweep(&self) -> Result<(), PublishError> {
        self.walk(&mut |entry, name| {
            if name.starts_with(STAGED) {
                fs::remove_file(entry).map_err(|error| PublishError::disk("remove the leftover", entry, error))?;
            }
            Ok(())
        })
    }

    /// What it is known by, as configured.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a published file stands there with this length.
    ///
    /// # Errors
    ///
    /// [`PublishError`], where the disk does not answer.
    pub fn holds(&self, path: &str, size: u64) -> Result<bool, PublishError> {
        let place = self.place(path)?;
        match fs::symlink_metadata(&place) {
            Ok(found) => Ok(found.is_file() && found.len() == size),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(PublishError::disk("look at", &place, error)),
        }
    }

    /// A file beside the one that stands at `path`.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where the disk refuses, [`PublishError::Outside`] for a path that leads out of the folder.
    pub fn draft(&self, path: &str) -> Result<Draft, PublishError> {
        let place = self.place(path)?;
        let parent = place.parent().unwrap_or(&self.root);
        fs::create_dir_all(parent).map_err(|error| PublishError::disk("make the folder", parent, error))?;
        let temp = tempfile::Builder::new()
            .prefix(STAGED)
            .tempfile_in(parent)
            .map_err(|error| PublishError::disk("write in", parent, error))?;
        Ok(Draft { path: path.to_owned(), temp, shown: place })
    }

    /// Whether the folder holds the staged bytes already.
    fn is_current(&self, staged: &Staged) -> Result<bool, PublishError> {
        let place = self.place(&staged.path)?;
        match fs::symlink_metadata(&place) {
            Ok(old) if old.is_file() && old.len() == staged.size => Ok(hash_of(&place)? == staged.hash),
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(PublishError::disk("look at", &place, error)),
        }
    }

    /// Puts staged files in place, in the order given.
    ///
    /// What holds the same bytes already stays untouched, with its time of modification. All others
    /// are on the disk before the first is renamed.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where the disk refuses; what was there before stays.
    /// [`PublishError::Taken`] where another state publishes there.
    pub fn commit(&self, staged: Vec<Staged>) -> Result<Committed, PublishError> {
        self.check_claim()?;
        let mut committed = Committed::default();
        let mut changed = Vec::with_capacity(staged.len());
        for staged in staged {
            if self.is_current(&staged)? {
                committed.unchanged.push(staged.path);
            } else {
                settle(&staged)?;
                changed.push(staged);
            }
        }
        let mut folders = BTreeSet::new();
        for staged in changed {
            let place = self.place(&staged.path)?;
            staged.temp.persist(&place).map_err(|error| PublishError::disk("replace", &place, error.error))?;
            // with those above it, which may be new
            let above = place.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
            folders.extend(above.map(Path::to_owned));
            committed.written.push(staged.path);
        }
        for folder in &folders {
            sync_folder(folder)?;
        }
        Ok(committed)
    }

    /// The bytes of a published file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where the disk refuses,
    /// [`PublishError::Outside`] for a path that leads out of the folder.
    pub fn read(&self, path: &str) -> Result<Option<Bytes>, PublishError> {
        let place = self.place(path)?;
        if fs::symlink_metadata(&place).is_ok_and(|found| found.is_symlink()) {
            return Err(PublishError::Outside { path: path.to_owned() });
        }
        match fs::read(&place) {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(PublishError::disk("read", &place, error)),
        }
    }

    /// All published files, sorted; hidden ones are none of ours.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where the disk refuses.
    pub fn list(&self) -> Result<Vec<String>, PublishError> {
        let mut paths = Vec::new();
        self.walk(&mut |entry, name| {
            if let Some(path) = self.relative(entry).filter(|_| !name.starts_with('.')) {
                paths.push(path);
            }
            Ok(())
        })?;
        paths.sort_unstable();
        Ok(paths)
    }

    /// Deletes a published file, and its folder if that is empty now; false where there is none.
    ///
    /// # Errors
    ///
    /// [`PublishError::Disk`] where the disk refuses,
    /// [`PublishError::Outside`] for a path that leads out of the folder.
    pub fn remove(&self, path: &str) -> Result<bool, PublishError> {
        let place = self.place(path)?;
        match fs::remove_file(&place) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(PublishError::disk("remove", &place, error)),
        }
        let mut folder = place.parent();
        while let Some(empty) = folder.filter(|&folder| folder != self.root && fs::remove_dir(folder).is_ok()) {
            folder = empty.parent();
        }
        Ok(true)
    }

    /// The place of a relative path, which must not lead out of the folder.
    fn place(&self, path: &str) -> Result<PathBuf, PublishError> {
        let outside = || PublishError::Outside { path: path.to_owned() };
        let relative = Path::new(path);
        let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !plain || path.ends_with('/') || path.contains(['\\', '\0']) {
            return Err(outside());
        }
        let mut folder = self.root.clone();
        for part in relative.parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            if fs::symlink_metadata(&folder).is_ok_and(|found| found.is_symlink()) {
                return Err(outside());
            }
        }
        Ok(self.root.join(relative))
    }

    fn relative(&self, entry: &Path) -> Option<String> {
        let parts = entry.strip_prefix(&self.root).ok()?.components();
        let names: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        names.map(|names| names.join("/"))
    }

    /// Visits every file below the folder; hidden folders and links are passed by.
    fn walk(&self, visit: &mut dyn FnMut(&Path, &str) -> Result<(), PublishError>) -> Result<(), PublishError> {
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let failed = |error| PublishError::disk("list", &folder, error);
            for entry in fs::read_dir(&folder).map_err(failed)? {
                let entry = entry.map_err(failed)?;
                let kind = entry.file_type().map_err(failed)?;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if kind.is_dir() && !name.starts_with('.') {
                    folders.push(entry.path());
                } else if kind.is_file() {
                    visit(&entry.path(), &name)?;
                }
            }
        }
        Ok(())
    }
}

/// Brings a staged file to the disk, readable for web servers.
fn settle(staged: &Staged) -> Result<(), PublishError> {
    let failed = |error| PublishError::disk("write", &staged.temp, error);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&staged.temp, fs::Permissions::from_mode(0o644)).map_err(failed)?;
    }
    File::open(&staged.temp).and_then(|file| file.sync_all()).map_err(failed)
}

/// Makes the renames in a folder last (fsync(2)); other systems than Unix do so by themselves.
fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| PublishError::disk("write in", folder, error))?;
    }
    Ok(())
}

fn hash_of(path: &Path) -> Result<u128, PublishError> {
    let failed = |error| PublishError::disk("read", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hash.digest128()),
            Ok(read) => hash.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}
