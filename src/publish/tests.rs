#![expect(clippy::disallowed_methods, reason = "a test makes what it needs on its own temporary disk")]

use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::*;

fn open(path: &Path) -> Target {
    Target::Folder(Folder::open(path).expect("a folder").into())
}

fn stage(target: &Target, path: &str, bytes: &str) -> Staged {
    let write = |out: &mut dyn Write| -> io::Result<()> { out.write_all(bytes.as_bytes()) };
    target.stage(path, write).expect("staged")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn nothing_is_seen_before_the_commit_and_everything_after() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join("deep/feeds");
    let target = open(&root);
    let staged = vec![
        stage(&target, "a.rss", "<rss/>"),
        stage(&target, "history/a.json", "{}"),
        stage(&target, "index.html", "<html>"),
    ];
    assert!(target.list().await.expect("a list").is_empty());
    assert_eq!(staged[0].bytes().expect("bytes"), "<rss/>");
    assert_eq!(io::read_to_string(staged[1].reader().expect("a reader")).expect("text"), "{}");
    assert_eq!((staged[0].path(), staged[0].size()), ("a.rss", 6));
    assert_eq!(staged[0].hash(), xxhash_rust::xxh3::xxh3_128(b"<rss/>"));
    assert!(!target.holds("a.rss", (0, 6)).await.expect("known"));

    let committed = target.commit(staged).await.expect("committed");
    assert_eq!(committed.written, ["a.rss", "history/a.json", "index.html"]);
    assert!(committed.unchanged.is_empty());
    assert_eq!(target.list().await.expect("a list"), ["a.rss", "history/a.json", "index.html"]);
    assert_eq!(target.read("history/a.json").await.expect("read").as_deref(), Some(&b"{}"[..]));
    assert_eq!(target.read("nothing.rss").await.expect("read"), None);
    assert_eq!(names(&root), ["a.rss", "history", "index.html"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(root.join("a.rss")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
}

#[tokio::test]
async fn the_same_bytes_touch_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = open(dir.path());
    target.commit(vec![stage(&target, "a.rss", "same"), stage(&target, "b.rss", "old")]).await.expect("committed");
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for name in ["a.rss", "b.rss"] {
        let file = fs::File::options().write(true).open(dir.path().join(name)).expect("a file");
        file.set_modified(old).expect("a time");
    }
    let again = vec![stage(&target, "a.rss", "same"), stage(&target, "b.rss", "new")];
    assert!(target.holds("a.rss", (0, 4)).await.expect("known"));
    assert!(!target.holds("a.rss", (0, 5)).await.expect("known"));
    let committed = target.commit(again).await.expect("committed");
    assert_eq!((committed.written, committed.unchanged), (vec!["b.rss".to_owned()], vec!["a.rss".to_owned()]));
    let modified = |name: &str| fs::metadata(dir.path().join(name)).and_then(|file| file.modified()).expect("a time");
    assert_eq!(modified("a.rss"), old);
    assert_ne!(modified("b.rss"), old);
    assert_eq!(names(dir.path()), ["a.rss", "b.rss"]);
}

#[tokio::test]
async fn what_is_not_committed_leaves_nothing_behind() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = open(dir.path());
    drop(stage(&target, "a.rss", "dropped"));
    let broken = |out: &mut dyn Write| {
        out.write_all(b"half").map_err(|error| error.to_string()).ok();
        Err("<x> was never closed".parse::<f64>().expect_err("no number"))
    };
    let error = target.stage("a.rss", broken).expect_err("broken");
    assert!(error.to_string().starts_with("a.rss could not be made: "), "{error}");
    assert!(names(dir.path()).is_empty());

    fs::create_dir(dir.path().join("archive")).expect("a folder");
    for left in [".feedmill-abc", "archive/.feedmill-def", ".htaccess", "mine.txt"] {
        fs::write(dir.path().join(left), "x").expect("a file");
    }
    let target = open(dir.path());
    assert_eq!(names(dir.path()).len(), 4, "who only looks may meet a run at work");
    let now = DateTime::from_timestamp(1_780_000_000, 0).expect("a time");
    target.claim(Claimant { state: 1, fence: 1, is_new: true }, now).await.expect("free");
    assert_eq!(names(dir.path()), [".feedmill", ".htaccess", "archive", "mine.txt"]);
    assert!(names(&dir.path().join("archive")).is_empty());
    assert_eq!(target.list().await.expect("a list"), ["mine.txt"]);
}

#[tokio::test]
async fn no_path_leads_outside() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join("feeds");
    let target = open(&root);
    fs::write(dir.path().join("secret"), "x").expect("a file");
    for path in ["", ".", "..", "../secret", "a/../../secret", "/etc/passwd", "a/", "a\\b", "./a", "a\0b"] {
        let write = |_: &mut dyn Write| -> Result<(), Infallible> { Ok(()) };
        assert!(matches!(target.stage(path, write), Err(PublishError::Outside { .. })), "{path:?}");
        assert!(matches!(target.read(path).await, Err(PublishError::Outside { .. })), "{path:?}");
        assert!(matches!(target.remove(path).await, Err(PublishError::Outside { .. })), "{path:?}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(dir.path(), root.join("out")).expect("a link");
        std::os::unix::fs::symlink(dir.path().join("secret"), root.join("link.rss")).expect("a link");
        assert!(matches!(target.read("out/secret").await, Err(PublishError::Outside { .. })));
        assert!(matches!(target.read("link.rss").await, Err(PublishError::Outside { .. })));
        target.commit(vec![stage(&target, "link.rss", "new")]).await.expect("committed");
        assert_eq!(fs::read_to_string(dir.path().join("secret")).expect("a file"), "x");
        assert_eq!(target.read("link.rss").await.expect("read").as_deref(), Some(&b"new"[..]));
    }
}

#[tokio::test]
async fn pruning_removes_a_file_and_its_empty_folders() {
    let dir = tempfile::tempdir().expect("a folder");
    let target = open(dir.path());
    let files = ["archive/old/0001.rss", "archive/old/0002.rss", "archive/new/0001.rss"];
    target.commit(files.iter().map(|path| stage(&target, path, "x")).collect()).await.expect("committed");
    assert!(target.remove(files[0]).await.expect("removed"));
    assert!(!target.remove(files[0]).await.expect("gone already"));
    assert!(target.remove(files[1]).await.expect("removed"));
    assert_eq!(names(&dir.path().join("archive")), ["new"]);
    assert_eq!(target.list().await.expect("a list"), [files[2]]);
}

#[tokio::test]
async fn errors_say_what_happened_to_what_and_what_to_do() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("file");
    fs::write(&file, "x").expect("a file");
    let error = Folder::open(&file).expect_err("a file is no folder").to_string();
    assert!(error.contains("file: ") && error.ends_with("publish.to must name a folder"), "{error}");

    let target = open(dir.path());
    fs::create_dir(dir.path().join("a.rss")).expect("a folder");
    fs::write(dir.path().join("a.rss/x"), "x").expect("a file");
    let error =
        target.commit(vec![stage(&target, "a.rss", "new")]).await.expect_err("a folder stands there").to_string();
    assert!(error.starts_with("cannot replace ") && error.contains("a.rss"), "{error}");
    assert_eq!(names(dir.path()), ["a.rss", "file"]);
}

#[tokio::test]
async fn one_state_publishes_to_a_folder() {
    let at = |minute: i64| DateTime::from_timestamp(1_780_000_000 + 60 * minute, 0).expect("a time");
    let claimant = |state: u128, is_new: bool| Claimant { state, fence: 1, is_new };
    let dir = tempfile::tempdir().expect("a folder");
    let first = open(dir.path());
    first.claim(claimant(1, true), at(0)).await.expect("free");
    let error = open(dir.path()).claim(claimant(2, true), at(1)).await.expect_err("a first run is at work");
    assert!(matches!(error, PublishError::Taken { .. }) && error.to_string().contains("owner.json"), "{error}");
    first.settle().await.expect("settled");
    // another state that knows articles has never been here
    open(dir.path()).claim(claimant(2, false), at(1)).await.expect_err("taken");
    let marked =
        fs::metadata(dir.path().join(".feedmill/owner.json")).and_then(|mark| mark.modified()).expect("a mark");
    let first = open(dir.path());
    first.claim(claimant(1, false), at(2)).await.expect("its own");
    first.settle().await.expect("settled");
    first.commit(vec![stage(&first, "a.rss", "1")]).await.expect("committed");
    let again = fs::metadata(dir.path().join(".feedmill/owner.json")).and_then(|mark| mark.modified()).expect("a mark");
    assert_eq!(marked, again, "a later run of the same state writes nothing");
    // a new one goes on where a lost one stood
    let second = open(dir.path());
    second.claim(claimant(2, true), at(3)).await.expect("taken over");
    let error = first.commit(vec![stage(&first, "a.rss", "2")]).await.expect_err("taken over");
    assert!(matches!(error, PublishError::Taken { .. }) && first.is_lost() && !second.is_lost(), "{error}");
    second.commit(vec![stage(&second, "a.rss", "3")]).await.expect("committed");
    assert_eq!(second.list().await.expect("a list"), ["a.rss"], "the mark is no published file");
}

#[tokio::test]
async fn of_many_new_states_one_gets_the_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    let now = DateTime::from_timestamp(1_780_000_000, 0).expect("a time");
    let one = |state: u128| {
        let folder = open(dir.path());
        async move { folder.claim(Claimant { state, fence: 1, is_new: true }, now).await.is_ok() }
    };
    let won = futures_util::future::join_all((0..16).map(one)).await;
    assert_eq!(won.into_iter().filter(|won| *won).count(), 1);
}
