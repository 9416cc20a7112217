//! The program from outside: runs it, and looks at what it left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The built program.
pub fn feedmill() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedmill"));
    command.env_remove("RUST_LOG").env_remove("HTTP_PROXY").env_remove("HTTPS_PROXY").env_remove("ALL_PROXY");
    command
}

/// Runs the program; answers exit code, stdout and stderr.
pub fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let output = feedmill().current_dir(folder).args(arguments).output().expect("the program starts");
    Ran::from(output)
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Every file below a folder with its bytes, by relative path; without the mark of the state that publishes there.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    all_files(folder).into_iter().filter(|(name, _)| !name.split('/').any(|part| part == ".feedmill")).collect()
}

fn all_files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).expect("a readable file"));
            }
        }
    }
    files
}

/// Times of modification of every file below a folder.
pub fn times(folder: &Path) -> BTreeMap<String, std::time::SystemTime> {
    files(folder)
        .into_keys()
        .map(|name| {
            let changed = std::fs::metadata(folder.join(&name)).and_then(|found| found.modified());
            (name, changed.expect("a time of modification"))
        })
        .collect()
}

/// The project's own folder.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Copies a folder with everything below it.
pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in all_files(from) {
        let place = to.join(name);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder is made");
        std::fs::write(place, bytes).expect("a file is copied");
    }
}
