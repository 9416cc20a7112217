use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, ValueEnum};

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("feedmill").chain(line.split_whitespace()))
}

#[test]
fn the_grammar_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn takes_every_documented_command() {
    let lines = [
        "run",
        "run --source a --source b --force --dry-run --report json --record rec",
        "run --replay rec -c other.toml",
        "-c other.toml -vv run",
        "watch",
        "inspect https://outlet.example/feed page.html --base-url https://outlet.example/ --as feed --json --explain",
        "inspect --batch --json",
        "add https://outlet.example/ --id a --dry-run",
        "check -q",
        "status --json",
        "hide urn:uuid:1",
        "prune",
        "schema",
        "completions zsh",
    ];
    for line in lines {
        assert!(parse(line).is_ok(), "{line}");
    }
}

#[test]
fn refuses_what_makes_no_sense() {
    let cases = [
        ("", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
        ("fly", ErrorKind::InvalidSubcommand),
        ("inspect", ErrorKind::MissingRequiredArgument),
        ("inspect --batch page.html", ErrorKind::ArgumentConflict),
        ("inspect page.html --as picture", ErrorKind::InvalidValue),
        ("add", ErrorKind::MissingRequiredArgument),
        ("run --record a --replay b", ErrorKind::ArgumentConflict),
        ("run --report xml", ErrorKind::InvalidValue),
        ("run -v -q", ErrorKind::ArgumentConflict),
        ("hide", ErrorKind::MissingRequiredArgument),
        ("--version", ErrorKind::DisplayVersion),
    ];
    for (line, kind) in cases {
        assert_eq!(parse(line).map(|_| ()).map_err(|error| error.kind()), Err(kind), "{line}");
    }
}

#[test]
fn the_config_file_may_be_named_before_or_after_the_command() {
    for (line, file) in [("run", "./feedmill.toml"), ("-c a.toml run", "a.toml"), ("status --config b.toml", "b.toml")]
    {
        assert_eq!(parse(line).expect(line).global.config, PathBuf::from(file), "{line}");
    }
}

#[test]
fn a_mistake_on_the_command_line_exits_as_documented() {
    let error = parse("fly").expect_err("no such command");
    assert_eq!(error.exit_code(), i32::from(exit::USAGE));
}

#[test]
fn help_names_every_exit_code() {
    let help = Cli::command().render_long_help().to_string();
    for code in [
        exit::OK,
        exit::USAGE,
        exit::SOME_SOURCES_FAILED,
        exit::ALL_SOURCES_FAILED,
        exit::LOCKED,
        exit::PUBLISHING_FAILED,
    ] {
        assert!(help.contains(&format!("\n  {code}  ")), "{code}");
    }
}

#[test]
fn every_command_and_option_is_explained() {
    fn visit(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
        }
        command.get_subcommands().for_each(visit);
    }
    visit(&Cli::command());
}

#[test]
fn there_is_a_completion_script_for_each_shell() {
    for shell in Shell::value_variants() {
        let mut script = Vec::new();
        completions::write(*shell, &mut script);
        let script = String::from_utf8(script).expect("scripts are text");
        assert!(script.contains("feedmill") && script.contains("inspect"), "{shell}");
    }
}
