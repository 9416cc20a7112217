//! The README against the program.

use crate::place::Place;
use crate::program::{copy, project, run};

/// Lines of the README's code blocks in a language.
fn blocks(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(project().join("README.md")).expect("a README");
    let mut lines = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(name) => inside = !inside && name == language,
            None if inside => lines.push(line.to_owned()),
            None => {}
        }
    }
    lines
}

/// What follows `feedmill` in the README's commands, without remarks.
fn commands() -> Vec<Vec<String>> {
    let lines = blocks("sh").into_iter().chain(blocks("cron"));
    lines
        .filter_map(|line| {
            let line = line.split('#').next().unwrap_or_default().to_owned();
            let after = line.split_once("feedmill ").or_else(|| line.split_once("cargo run --release -- "))?.1;
            Some(after.split_whitespace().map(str::to_owned).collect())
        })
        .collect()
}

#[test]
fn its_first_commands_are_the_demo_and_the_tests() {
    let first: Vec<String> = blocks("sh").into_iter().take(2).collect();
    assert!(first[0].starts_with("cargo run --release -- run -c config/demo.toml"), "{}", first[0]);
    assert!(first[1].starts_with("tests/run"), "{}", first[1]);
    assert!(project().join("tests/run").is_file());
}

#[test]
fn every_command_and_flag_it_names_exists() {
    let commands = commands();
    assert!(commands.len() >= 8, "{commands:?}");
    for words in commands {
        let help = run(&project(), &[&words[0], "--help"]);
        assert_eq!(help.code, Some(0), "{words:?}: {}", help.err);
        for flag in words.iter().filter(|word| word.starts_with('-')) {
            let is_known = help.out.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|word| word == flag);
            assert!(is_known, "{words:?}: {flag} is not in --help");
        }
    }
}

#[test]
fn inline_commands_exist_too() {
    let text = std::fs::read_to_string(project().join("README.md")).expect("a README");
    let inline: Vec<&str> =
        text.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("feedmill ")).collect();
    assert!(!inline.is_empty());
    for code in inline {
        let name = code.split_whitespace().next().unwrap_or_default();
        assert_eq!(run(&project(), &[name, "--help"]).code, Some(0), "{code}");
    }
}

#[test]
fn its_least_config_and_its_source_are_right() {
    let toml = blocks("toml").join("\n");
    let least = toml.split("\n[[source]]\nid = \"courier\"                ").next().expect("the first block");
    let place = Place::new(least);
    let ran = place.run(&["check"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("1 source and 1 feed"), "{}", ran.out);
    let source = &toml[least.len()..];
    let place = Place::new(&format!("[site]\nbase_url = \"https://feeds.example.org/\"\n{source}"));
    let ran = place.run(&["check"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn the_example_config_is_right() {
    let place = Place::new("");
    copy(&project().join("config"), &place.path().join("config"));
    let ran = place.run(&["check", "-c", "config/example.toml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn the_exit_codes_are_those_of_help() {
    let text = std::fs::read_to_string(project().join("README.md")).expect("a README");
    let help = run(&project(), &["--help"]).out;
    for code in 0..=9 {
        let in_readme = text.contains(&format!("\n| {code} | "));
        assert_eq!(in_readme, help.contains(&format!("\n  {code}  ")), "exit code {code}");
    }
}
