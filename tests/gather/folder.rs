//! Local article files.

use std::fs;
use std::os::unix::fs::symlink;

use feedmill::gather::{FetchError, folder};

use super::now;

#[tokio::test]
async fn article_files_are_read_in_order_and_others_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("articles");
    fs::create_dir_all(root.join("2026/.git")).unwrap();
    let files =
        ["b.html", "a.HTM", "2026/c.md", "2026/d.markdown", "e f.txt", ".hidden.md", "2026/.git/x.md", "g.pdf", "h"];
    for name in files {
        fs::write(root.join(name), name).unwrap();
    }
    fs::write(dir.path().join("outside.md"), "secret").unwrap();
    symlink(dir.path().join("outside.md"), root.join("link.md")).unwrap();
    symlink(dir.path(), root.join("up")).unwrap();
    symlink(&root, root.join("2026/again")).unwrap();

    let found = folder::read(&root, now()).await.unwrap();
    let documents: Vec<_> = found
        .documents
        .iter()
        .map(|document| {
            let name = document.url.path().rsplit('/').next().unwrap().to_owned();
            (name, document.content_type.clone().unwrap())
        })
        .collect();
    let expected = [
        ("c.md", "text/markdown"),
        ("d.markdown", "text/markdown"),
        ("a.HTM", "text/html"),
        ("b.html", "text/html"),
        ("e%20f.txt", "text/plain"),
    ];
    assert_eq!(documents, expected.map(|(name, kind)| (name.to_owned(), kind.to_owned())));
    assert!(found.documents.iter().all(|document| document.url.scheme() == "file" && document.fetched_at == now()));
    assert!(found.unreadable.is_empty(), "{:?}", found.unreadable);
}

#[tokio::test]
async fn one_unreadable_file_costs_only_itself() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.md"), "good").unwrap();
    symlink(dir.path().join("nowhere.md"), dir.path().join("broken.md")).unwrap();
    let large = fs::File::create(dir.path().join("large.txt")).unwrap();
    large.set_len((20 << 20) + 1).unwrap();
    let found = folder::read(dir.path(), now()).await.unwrap();
    assert_eq!(found.documents.len(), 1);
    let names: Vec<_> = found.unreadable.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].contains("broken.md") && names[1].ends_with("large.txt: it is larger than 20 MiB"), "{names:?}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let error = folder::read(&dir.path().join("none"), now()).await.unwrap_err();
    assert!(matches!(error, FetchError::File { .. }), "{error}");
}
