#![expect(clippy::disallowed_methods, reason = "the tests make, copy and break files")]

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::store::contract::{intake, key, new, noon, store_one};

fn folder() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/down/state.db");
    (folder, path)
}

fn files(path: &Path) -> usize {
    std::fs::read_dir(path.parent().unwrap()).unwrap().count()
}

#[tokio::test]
async fn a_closed_store_is_one_file_and_opens_again() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    let id = store_one(&store, "a", 1, &[]).await;
    store.close().await.unwrap();
    assert_eq!(files(&path), 1);
    let again = SqliteStore::open(&path).unwrap();
    assert_eq!(again.articles(vec![id]).await.unwrap()[0].article.title.as_deref(), Some("a"));
    assert_eq!(again.lookup("first", vec![key(1)]).await.unwrap().hits.len(), 1);
    assert_eq!(store_one(&again, "b", 2, &[]).await, ArticleId(id.0 + 1));
}

#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    let elsewhere = path.with_file_name("copies");
    for number in 1..=20 {
        let applied = store.apply(intake("first", vec![new(&number.to_string(), number, &[])])).await;
        applied.unwrap();
        // the files as a kill would leave them at this instant
        std::fs::create_dir_all(&elsewhere).unwrap();
        for ending in ["", "-wal"] {
            let name = format!("state.db{ending}");
            std::fs::copy(path.with_file_name(&name), elsewhere.join(name)).unwrap();
        }
        let killed = SqliteStore::open(&elsewhere.join("state.db")).unwrap();
        assert_eq!(killed.count().await.unwrap().articles, u64::from(number));
        assert_eq!(killed.lookup("first", vec![key(number)]).await.unwrap().hits.len(), 1);
        drop(killed);
        std::fs::remove_dir_all(&elsewhere).unwrap();
    }
}

#[tokio::test]
async fn a_dropped_store_has_stored_everything() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    for number in 1..=3 {
        store.apply(intake("first", vec![new(&number.to_string(), number, &[])])).await.unwrap();
    }
    drop(store);
    assert_eq!(SqliteStore::open(&path).unwrap().count().await.unwrap().articles, 3);
}

#[tokio::test]
async fn other_processes_may_read_meanwhile() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    store_one(&store, "a", 1, &[]).await;
    let reader = Connection::open(&path).unwrap();
    let count = || reader.query_row("SELECT count(*) FROM article", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count(), 1);
    store_one(&store, "b", 2, &[]).await;
    assert_eq!(count(), 2);
}

#[tokio::test]
async fn a_scratch_copy_leaves_the_file_alone() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    store_one(&store, "a", 1, &[]).await;
    let copy = SqliteStore::scratch_copy(&path).unwrap();
    assert_eq!(copy.lookup("first", vec![key(1)]).await.unwrap().hits.len(), 1);
    store_one(&copy, "b", 2, &[]).await;
    copy.retain(noon()).await.unwrap();
    assert_eq!(copy.count().await.unwrap().articles, 2);
    copy.close().await.unwrap();
    assert_eq!(store.count().await.unwrap().articles, 1);

    let nothing = path.with_file_name("none.db");
    assert!(SqliteStore::scratch_copy(&nothing).unwrap().is_empty().await.unwrap());
    assert!(!nothing.exists());
}

/// The names and bytes of what lies beside a state.
fn beside(path: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let entries = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<_> = entries.map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap())).collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_state_is_looked_at_while_another_process_writes() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    store_one(&store, "a", 1, &[]).await;
    let reader = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(reader.count().await.unwrap().articles, 1);
    store_one(&store, "b", 2, &[]).await;
    assert_eq!(reader.count().await.unwrap().articles, 2);
    assert_eq!(reader.lookup("first", vec![key(1)]).await.unwrap().hits.len(), 1);
    let refused = reader.apply(intake("first", vec![new("c", 3, &[])])).await;
    assert!(matches!(refused, Err(StoreError::Database { .. })), "{refused:?}");
    reader.close().await.unwrap();
    store_one(&store, "c", 3, &[]).await;
    store.close().await.unwrap();
    assert_eq!(files(&path), 1);
}

#[tokio::test]
async fn looking_leaves_everything_as_it_was() {
    let (_folder, path) = folder();
    let path = path.with_file_name("a state? 100%#.db");
    let store = SqliteStore::open(&path).unwrap();
    store_one(&store, "a", 1, &[]).await;
    store.close().await.unwrap();
    let before = beside(&path);
    let reader = SqliteStore::open_read_only(&path).unwrap();
    assert_eq!(reader.articles(vec![ArticleId(1)]).await.unwrap()[0].keys, [key(1)]);
    assert!(reader.retain(noon()).await.is_err());
    drop(reader);
    assert_eq!(beside(&path), before);

    let nothing = path.with_file_name("none.db");
    assert!(SqliteStore::open_read_only(&nothing).unwrap().is_empty().await.unwrap());
    std::fs::write(&nothing, "").unwrap();
    assert!(SqliteStore::open_read_only(&nothing).unwrap().is_empty().await.unwrap());
    assert_eq!(std::fs::read(&nothing).unwrap(), b"", "nothing is written into it");
    assert_eq!(files(&path), 2);
}

#[tokio::test]
async fn what_a_killed_process_left_is_looked_at() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    store_one(&store, "a", 1, &[]).await;
    let killed = path.with_file_name("killed.db");
    for ending in ["", "-wal", "-shm"] {
        std::fs::copy(
            path.with_file_name(format!("state.db{ending}")),
            killed.with_file_name(format!("killed.db{ending}")),
        )
        .unwrap();
    }
    let log = killed.with_file_name("killed.db-wal");
    let before = (std::fs::read(&killed).unwrap(), std::fs::read(&log).unwrap());
    for look in [SqliteStore::open_read_only, SqliteStore::scratch_copy] {
        let reader = look(&killed).unwrap();
        assert_eq!(reader.count().await.unwrap().articles, 1);
        reader.close().await.unwrap();
        assert_eq!((std::fs::read(&killed).unwrap(), std::fs::read(&log).unwrap()), before);
    }
}

#[test]
fn files_that_are_no_state_of_ours_are_refused() {
    let (_folder, path) = folder();
    drop(SqliteStore::open(&path).unwrap());
    let refused = |name: &str, prepare: &dyn Fn(&Path)| {
        let file = path.with_file_name(name);
        prepare(&file);
        let before = std::fs::read(&file).ok();
        let error = SqliteStore::open(&file).err().unwrap();
        for look in [SqliteStore::scratch_copy, SqliteStore::open_read_only] {
            let looking = look(&file).err();
            assert_eq!(looking.as_ref().map(std::mem::discriminant), Some(std::mem::discriminant(&error)), "{name}");
        }
        assert_eq!(std::fs::read(&file).ok(), before, "{name} was changed");
        error
    };
    let newer = refused("newer.db", &|file| {
        std::fs::copy(&path, file).unwrap();
        Connection::open(file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    });
    assert!(matches!(newer, StoreError::Newer { found: 99, known: 2, .. }), "{newer}");
    let foreign = refused("foreign.db", &|file| {
        Connection::open(file).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    });
    assert!(matches!(foreign, StoreError::Foreign { .. }), "{foreign}");
    let text = refused("text.db", &|file| std::fs::write(file, "no database at all. ".repeat(99)).unwrap());
    assert!(matches!(text, StoreError::Damaged { .. }), "{text}");
    let cut = refused("cut.db", &|file| {
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(file, &bytes[..5000]).unwrap();
    });
    assert!(matches!(cut, StoreError::Damaged { .. }), "{cut}");
    let folder = refused("folder.db", &|file| std::fs::create_dir(file).unwrap());
    assert!(matches!(folder, StoreError::Open { .. }), "{folder}");
}

#[tokio::test]
async fn a_failure_at_commit_fails_the_call() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    let id = store_one(&store, "a", 1, &[]).await;
    // as small as it is: the disk is full
    store.read(|database| Ok(database.connection.execute_batch("PRAGMA max_page_count = 1")?)).await.unwrap();
    let mut large = new("b", 2, &[]);
    large.keys = (0..2_000).map(numbered).collect();
    let failed = store.apply(intake("first", vec![large.clone()])).await;
    assert!(matches!(failed, Err(StoreError::Database { .. })), "{failed:?}");
    store.read(|database| Ok(database.connection.execute_batch("PRAGMA max_page_count = 1000000")?)).await.unwrap();
    let applied = store.apply(intake("first", vec![large])).await.unwrap();
    assert!(applied.new[0].0 > id);
    assert_eq!(store.scan(None, 9).await.unwrap().len(), 2);
}

fn numbered(number: u32) -> Key {
    let mut key = [3; 16];
    key[..4].copy_from_slice(&number.wrapping_mul(2_654_435_769).to_be_bytes());
    Key(key)
}

#[tokio::test]
async fn keys_lead_alike_from_memory_and_from_their_tree() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    let many = |articles: std::ops::Range<u32>| {
        let article = |index: u32| crate::model::NewArticle {
            keys: (index * 250..index * 250 + 250).map(numbered).collect(),
            ..new(&index.to_string(), 1, &[])
        };
        intake("first", articles.map(article).collect())
    };
    store.apply(many(0..420)).await.unwrap();
    let tree = || {
        let reader = Connection::open(&path).unwrap();
        reader.query_row("SELECT count(*) FROM key", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(tree(), 420 * 251, "so many that they went into the tree");

    // an alias of an article in the tree, one of a later article, and keys taken over
    let mut newest = new("taker", 1, &[]);
    newest.keys = vec![numbered(0), key(1)];
    let taken = store.apply(intake("first", vec![newest])).await.unwrap().new[0].0;
    let mut aliases = intake("first", vec![]);
    aliases.carried = vec![
        crate::store::contract::carried(ArticleId(2), &[key(2), numbered(0)], &[]),
        crate::store::contract::carried(taken, &[key(3), numbered(500)], &[]),
    ];
    store.apply(aliases).await.unwrap();
    store.apply(many(420..421)).await.unwrap();

    let asked = [numbered(0), numbered(1), numbered(250), numbered(500), numbered(105_249), key(1), key(2), key(3)];
    let expected = [taken.0, 1, 2, 3, 422, taken.0, 2, taken.0].map(|id| Some(ArticleId(id)));
    let mut store = store;
    for _ in 0..2 {
        let hits = store.lookup("first", asked.to_vec()).await.unwrap().hits;
        assert_eq!(asked.map(|key| hits.get(&key).map(|hit| hit.article)), expected);
        // a uid from the tree and one from memory are both taken
        let again = intake("second", vec![new("5", 9, &[]), new("taker", 9, &[])]);
        let uids = store.apply(again).await.unwrap().new;
        assert!(uids.iter().all(|(_, uid)| !uid.starts_with("https:")), "{uids:?}");
        drop(store);
        store = SqliteStore::open(&path).unwrap();
    }
}

#[tokio::test]
async fn a_failed_intake_gives_its_keys_back() {
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).unwrap();
    let id = store_one(&store, "a", 1, &[]).await;
    let mut failing = new("b", 1, &[99]);
    failing.keys.push(key(2));
    store.apply(intake("first", vec![failing])).await.unwrap_err();
    let hits = store.lookup("first", vec![key(1), key(2)]).await.unwrap().hits;
    assert_eq!((hits.len(), hits[&key(1)].article), (1, id));
}
