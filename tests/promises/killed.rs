//! Nothing is lost: killed at any moment, the next run ends where an undisturbed one would have.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::program::{feedmill, files};
use crate::strict_feed;
use crate::world::{World, entry};

const CLOCK: &str = "2026-02-01T00:00:00Z";
const LATER: &str = "2026-02-01T01:00:00Z";

fn hosts() -> Vec<String> {
    (1..=24).map(|n| format!("outlet-{n}.example")).collect()
}

fn publish(world: &World, items: u32) {
    for host in hosts() {
        let entries: Vec<_> = (1..=items).map(|n| entry(&host, n)).collect();
        world.publishes(&host, &entries);
    }
}

/// A world that was run once, and whose outlets have news since.
fn prepared() -> World {
    let hosts = hosts();
    let world = World::new(&hosts.iter().map(String::as_str).collect::<Vec<_>>());
    publish(&world, 6);
    world.config_at(CLOCK);
    assert!(feedmill().current_dir(world.path()).arg("run").output().expect("a run").status.success());
    publish(&world, 9);
    world.config_at(LATER);
    world
}

fn run_to_the_end(world: &World) {
    let output = feedmill().current_dir(world.path()).arg("run").output().expect("a run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_killed_run_is_made_good_by_the_next() {
    let undisturbed = prepared();
    let began = Instant::now();
    run_to_the_end(&undisturbed);
    let length = began.elapsed();
    let expected = files(&undisturbed.feeds());
    assert!(expected.len() >= 7);

    for moment in 0..50_u32 {
        let world = prepared();
        let before = files(&world.feeds());
        let mut run = feedmill()
            .current_dir(world.path())
            .arg("run")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a run");
        // the moments are spread over the length of a whole run; which instruction that is, is chance
        std::thread::sleep(length.mul_f64(f64::from(moment) / 50.0) + Duration::from_micros(37 * u64::from(moment)));
        let _ = run.kill();
        let _ = run.wait();
        for (name, bytes) in files(&world.feeds()) {
            let is_staged = name.rsplit('/').next().is_some_and(|file| file.starts_with(".feedmill-"));
            if !is_staged {
                let whole = before.get(&name) == Some(&bytes) || expected.get(&name) == Some(&bytes);
                assert!(whole, "{name} is neither the old nor the new document, moment {moment}");
            }
        }
        run_to_the_end(&world);
        let after = files(&world.feeds());
        assert_eq!(after.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "moment {moment}");
        for (name, bytes) in &after {
            assert!(bytes == &expected[name], "{name} differs from that of an undisturbed run, moment {moment}");
            if !name.starts_with("history/") {
                assert_eq!(strict_feed::check(name, bytes), Vec::<String>::new(), "{name}");
            }
        }
    }
}
