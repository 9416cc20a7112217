//! The checker itself, on small made-up trees: every rule can fail, and what is right passes.

use std::fs;
use std::path::Path;

use super::checker::check;

/// Writes the files below a temporary folder and gives what the checker says.
#[expect(clippy::disallowed_methods, reason = "a test makes its own tree")]
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
    check(folder.path())
}

#[test]
fn a_tidy_tree_passes() {
    let files = [
        ("lib.rs", "pub mod model;\npub mod app;\nuse crate::app::run;\n"),
        ("main.rs", "fn main() {}\n"),
        ("model/mod.rs", "use crate::markup::CleanHtml;\n"),
        ("markup/mod.rs", "use crate::model::Text;\n"),
        ("store/mod.rs", "use crate::model::Article;\nuse crate::store::row::Row;\nmod row;\n"),
        ("store/row.rs", "// see crate::publish\n/// Like [`crate::publish`].\nuse super::Row;\n"),
        ("pipeline/collect.rs", "use crate::{dedupe, gather::{Fetch, fetch}, model::{self, Article}, store};\n"),
        ("config/mod.rs", "use crate::model::Source;\n"),
        ("cli/mod.rs", "use crate::app::run;\n"),
        ("app/mod.rs", "use crate::{cli, config, pipeline, store};\nuse other_crate::util::x;\n"),
    ];
    assert_eq!(problems(&files), Vec::<String>::new());
}

#[test]
fn imports_against_the_rows_are_found() {
    let cases = [
        ("model/mod.rs", "use crate::store::Store;", "`model` may not import `store`"),
        ("dates/mod.rs", "use crate::config::Config;", "`dates` may not import `config`"),
        ("store/mod.rs", "use crate::dedupe::decide;", "`store` may not import `dedupe`"),
        ("store/deep/er.rs", "\nfn f(c: &crate::config::Config) {}", ":2: `store` may not import `config`"),
        ("gather/mod.rs", "use crate::{model, publish::publish};", "`gather` may not import `publish`"),
        (
            "gather/mod.rs",
            "use crate::{\n    model::{self, Source},\n    report,\n};",
            "`gather` may not import `report`",
        ),
        ("pipeline/mod.rs", "use crate::config::Config;", "`pipeline` may not import `config`"),
        ("config/mod.rs", "pub(crate) use crate::pipeline::run;", "`config` may not import `pipeline`"),
        ("config/mod.rs", "let s = crate::app::now();", "`config` may not import `app`"),
        ("render/mod.rs", "let a = \"https://a\"; crate::cli::exit();", "`render` may not import `cli`"),
        ("render/mod.rs", "use crate::nowhere::X;", "`crate::nowhere` stands in no row"),
        ("extras/mod.rs", "", "`extras` stands in no row"),
    ];
    for (name, text, expected) in cases {
        let found = problems(&[(name, text)]);
        assert_eq!(found.len(), 1, "{name}: {text}: {found:?}");
        assert!(found[0].starts_with(name) && found[0].contains(expected), "{text}: {found:?}");
    }
}

#[test]
fn empty_names_are_found() {
    for name in ["store/utils.rs", "model/common/mod.rs", "model/common/dates.rs", "app/helpers.rs", "cli/shared.rs"] {
        let found = problems(&[(name, "")]);
        assert!(found.len() == 1 && found[0].contains("says nothing"), "{name}: {found:?}");
    }
    assert!(problems(&[("store/commonmark.rs", "")]).is_empty());
}

#[test]
fn long_files_and_long_inline_tests_are_found() {
    let lines = |count: usize| "// x\n".repeat(count);
    assert!(problems(&[("store/mod.rs", &lines(400))]).is_empty());
    assert_eq!(problems(&[("store/mod.rs", &lines(401))]), ["store/mod.rs: 401 lines, at most 400"]);

    let tests = |count: usize| format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "    // x\n".repeat(count - 2));
    assert!(problems(&[("store/mod.rs", &tests(100))]).is_empty());
    assert_eq!(problems(&[("store/mod.rs", &tests(101))]), ["store/mod.rs: 101 lines of inline tests, at most 100"]);
    // Without #[cfg(test)] it is a module like any other; beside the file, tests may be long.
    assert!(problems(&[("store/mod.rs", &tests(101).replace("#[cfg(test)]\n", ""))]).is_empty());
    assert!(problems(&[("store/mod.rs", "#[cfg(test)]\nmod tests;\n"), ("store/tests.rs", &lines(300))]).is_empty());
}
