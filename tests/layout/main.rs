//! The layout of the source tree, as ARCHITECTURE describes it: who may import whom, how long a file may be, and
//! which names say nothing.

mod checker;
mod tests;

use std::path::Path;

#[test]
fn the_source_tree_keeps_to_the_layout() {
    let problems = checker::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
