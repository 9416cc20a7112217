//! What goes where: results to stdout, troubles and summaries to stderr.

use crate::place::{ALL, HEAD, Place, folder_source};

#[test]
fn in_a_pipe_there_is_one_line_for_a_trouble_and_one_for_all() {
    let place = Place::new(&format!("{HEAD}{}{}{ALL}", folder_source("desk", ""), folder_source("nowhere", "")));
    place.article("one", "2026-01-02");
    let ran = place.run(&["run"]);
    assert_eq!(ran.out, "");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.err);
    assert!(lines[0].starts_with("source nowhere: "), "{}", lines[0]);
    assert!(lines[1].starts_with("2 sources asked, 1 failed; 1 article gathered, 1 new, 0 changed; "), "{}", lines[1]);
    assert!(lines[1].ends_with(" files written to feeds"), "{}", lines[1]);
    assert!(!ran.err.contains('\u{1b}'), "no colours, no bar");
}

#[test]
fn quiet_leaves_only_troubles() {
    let place = Place::with_desk();
    let ran = place.run(&["run", "--quiet"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    let place = Place::new(&format!("{HEAD}{}{}{ALL}", folder_source("desk", ""), folder_source("nowhere", "")));
    place.article("one", "2026-01-02");
    let ran = place.run(&["-q", "run"]);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert!(ran.err.starts_with("source nowhere: "), "{}", ran.err);
}

#[test]
fn paths_are_told_as_people_type_them() {
    let place = Place::new("");
    place.write(
        "config/a.toml",
        format!(
            "state = \"../var/./a.db\"\n{HEAD}\n[publish]\nto = \"../out/x/../feeds\"\n{}{ALL}",
            folder_source("desk", "")
        ),
    );
    place.write("config/desk/one.md", "# A title\n\nText.\n");
    let ran = place.run(&["run", "-c", "config/a.toml"]);
    assert!(ran.err.ends_with(" files written to out/feeds\n"), "{}", ran.err);
    assert!(place.path().join("var/a.db").exists() && place.path().join("out/feeds/all.rss").exists());
}

#[cfg(unix)]
#[test]
fn dots_after_a_symbolic_link_lead_where_they_lead() {
    let place = Place::new("");
    place.write("real/deep/desk/one.md", "# A title\n\nText.\n");
    std::os::unix::fs::symlink("real/deep", place.path().join("link")).expect("a link");
    place.write("a.toml", format!("{HEAD}\n[publish]\nto = \"link/../feeds\"\n\n[[source]]\nid = \"desk\"\nurl = \"link/desk\"\nkind = \"folder\"\n{ALL}"));
    let ran = place.run(&["run", "-c", "a.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(place.path().join("real/feeds/all.rss").exists());
}

#[test]
fn verbose_says_more_on_stderr() {
    let place = Place::with_desk();
    let ran = place.run(&["-vv", "run", "--report", "json"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.out.lines().count(), 1, "logs never go to stdout: {}", ran.out);
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    use std::io::Read as _;
    let place = Place::with_desk();
    let mut child = crate::program::feedmill()
        .current_dir(place.path())
        .arg("schema")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert!(child.wait().expect("a child").success(), "{said}");
    assert_eq!(said, "");
}
