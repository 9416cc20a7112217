//! `check`, `schema`, `completions`, `--version`, and how mistakes in the config are shown.

use serde_json::Value;

use crate::place::Place;

#[test]
fn mistakes_have_their_place_and_a_suggestion() {
    let place = Place::new(
        "[site]\ntitel = \"x\"\nbase_url = \"https://e.example/\"\n\n[[source]]\nid = \"a\"\nurl = \"nowhere\"\nevry = \"30m\"\n",
    );
    for command in ["check", "run", "watch", "status", "prune"] {
        let ran = place.run(&[command]);
        assert_eq!(ran.code, Some(2), "{command}");
        assert_eq!(ran.out, "", "{command}");
        for text in [
            "feedmill.toml:2:1: ",
            "did you mean `title`?",
            "feedmill.toml:7:7: ",
            "feedmill.toml:8:1: ",
            "did you mean `every`?",
        ] {
            assert!(ran.err.contains(text), "{command}, {text}: {}", ran.err);
        }
    }
}

#[test]
fn broken_toml_has_its_place() {
    let place = Place::new("[site]\nbase_url = \"https://e.example/\n");
    let ran = place.run(&["check"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("feedmill.toml:2:"), "{}", ran.err);
}

#[test]
fn secrets_stay_secret() {
    let place =
        Place::new("[site]\nbase_url = \"https://e.example/\"\n[[source]]\nid = \"a\"\nurl = \"${FEED_SECRET}\"\n");
    let output = crate::program::feedmill()
        .current_dir(place.path())
        .arg("check")
        .env("FEED_SECRET", "hush-hush")
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("hush-hush") && said.contains("${FEED_SECRET}"), "{said}");
}

#[test]
fn a_right_config_is_said_to_be_right() {
    let place = Place::with_desk();
    let ran = place.run(&["check"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "./feedmill.toml: all well, 1 source and 1 feed\n"));
    assert_eq!(place.run(&["check", "-q"]).out, "");
    assert!(!place.path().join("feedmill.db").exists(), "it only looks");
}

#[test]
fn a_missing_config_says_how_to_name_one() {
    let place = Place::new("");
    let ran = place.run(&["run", "-c", "none.toml"]);
    assert!(ran.err.contains("none.toml") && ran.err.contains("-c FILE"), "{}", ran.err);
}

#[test]
fn the_schema_names_every_option() {
    let place = Place::new("");
    let ran = place.run(&["schema"]);
    assert_eq!(ran.code, Some(0));
    let schema: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert!(schema["$schema"].is_string());
    let tables: &[(&str, &str)] = &[
        ("", "state clock site publish fetch source feed"),
        ("/properties/site", "title base_url contact author language rights icon"),
        ("/properties/publish", "to formats"),
        ("/properties/fetch", "allow concurrency host_delay timeout source_timeout replay proxy ca_file"),
        ("/properties/source/items", "id url kind outlet title timezone language every headers tags"),
        (
            "/properties/feed/items",
            "id title description language icon author rights formats was content stories sources outlets tags languages \
             include exclude items bytes",
        ),
    ];
    for (table, keys) in tables {
        for key in keys.split_whitespace() {
            let option = schema.pointer(&format!("{table}/properties/{key}"));
            let option = option.unwrap_or_else(|| panic!("{table} has no {key}"));
            assert!(option["description"].is_string() || option["$ref"].is_string(), "{table} {key} is explained");
        }
    }
}

#[test]
fn completions_and_version() {
    let place = Place::new("");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = place.run(&["completions", shell]);
        assert_eq!(ran.code, Some(0), "{shell}");
        assert!(ran.out.contains("inspect") && ran.out.contains("dry-run"), "{shell}");
    }
    assert_eq!(place.run(&["completions", "cmd"]).code, Some(2));
    let version = format!("feedmill {}\n", env!("CARGO_PKG_VERSION"));
    for flag in ["--version", "-V"] {
        let ran = place.run(&[flag]);
        assert_eq!((ran.code, ran.out, ran.err.as_str()), (Some(0), version.clone(), ""));
    }
}

#[test]
fn settings_that_no_run_could_use_are_mistakes() {
    let place = Place::with_desk();
    let config = place.read("feedmill.toml");
    place.write("feedmill.toml", config.replace("[fetch]\n", "[fetch]\nca_file = \"none.pem\"\n"));
    let ran = place.run(&["check"]);
    assert_eq!(ran.code, Some(2), "{}", ran.out);
    assert!(ran.err.contains("none.pem"), "{}", ran.err);
}
