//! The pages as a browser shows them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

/// Where the demonstration says that its output is found.
const SITE: &str = "feeds.example.org";

/// What the measuring page needs beside the pages.
const AXE: &str = "target/axe-core/package/axe.min.js";

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A proxy that is the whole network of a browser: it answers for the site, and notes who else was asked.
struct Proxy {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn new(folder: PathBuf, pages: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&asked);
        let measure = include_str!("measure.html").replace("PAGES", &format!("{pages:?}"));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, notes, measure) = (folder.clone(), Arc::clone(&notes), measure.clone());
                std::thread::spawn(move || answer(stream, &folder, (&measure, &notes)));
            }
        });
        Self { address, asked }
    }
}

fn answer(mut stream: TcpStream, folder: &Path, (measure, notes): (&str, &Mutex<Vec<String>>)) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    let _headers = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).count();
    let target = request.split(' ').nth(1)?.to_owned();
    let path = target.strip_prefix(&format!("http://{SITE}/")).map(str::to_owned);
    let (kind, body) = match path.as_deref() {
        Some("measure.html") => ("text/html", measure.as_bytes().to_vec()),
        Some("axe.js") => ("text/javascript", std::fs::read(project().join(AXE)).ok()?),
        Some("favicon.ico") => ("image/x-icon", Vec::new()),
        Some(path) => ("text/html; charset=utf-8", std::fs::read(folder.join(path)).unwrap_or_default()),
        None => {
            notes.lock().ok()?.push(target);
            return stream
                .write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .ok();
        }
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()?;
    stream.shutdown(std::net::Shutdown::Write).ok()?;
    let _end = stream.read(&mut [0; 1]);
    Some(())
}

/// What Chromium makes of an address, with a proxy for its network.
fn browse(proxy: &Proxy, page: &str, scheme: &str) -> Output {
    let profile = tempfile::tempdir().expect("a folder");
    Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-extensions",
            "--disable-background-networking",
        ])
        .args(["--disable-component-update", "--no-first-run", "--disable-default-apps", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--proxy-server=http://{}", proxy.address))
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .args(["--window-size=1500,900", "--enable-logging=stderr", "--virtual-time-budget=60000", "--dump-dom"])
        .arg(format!("http://{SITE}/{page}"))
        .output()
        .expect("chromium; tests/run installs it")
}

/// Lines that a page left on the console.
fn console(output: &Output) -> Vec<String> {
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    log.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect()
}

#[test]
#[ignore = "needs Chromium and axe-core"]
fn pages_fit_every_screen_and_everybody_can_read_them() {
    assert!(project().join(AXE).is_file(), "axe-core is missing; tests/run fetches it");
    let pages = ["index.html", "central-asia.html", "transport.html"];
    for scheme in ["0", "1"] {
        let proxy = Proxy::new(project().join("feeds/demo"), &pages);
        let output = browse(&proxy, "measure.html", scheme);
        let dom = String::from_utf8_lossy(&output.stdout).into_owned();
        let result = dom.split_once("<pre id=\"result\">").and_then(|(_, rest)| rest.split_once("</pre>"));
        let result = result.map(|(result, _)| result.to_owned());
        assert_eq!(result.as_deref(), Some("[]"), "scheme {scheme}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
#[ignore = "needs Chromium"]
fn pages_ask_nobody_but_for_pictures_and_leave_the_console_empty() {
    for page in ["index.html", "central-asia.html", "transport.html"] {
        let proxy = Proxy::new(project().join("feeds/demo"), &[]);
        let output = browse(&proxy, page, "0");
        let faults: Vec<String> =
            console(&output).into_iter().filter(|line| !line.contains("Failed to load")).collect();
        assert_eq!(faults, Vec::<String>::new(), "{page}");
        let shown = std::fs::read_to_string(project().join("feeds/demo").join(page)).expect("a page");
        let pictures: Vec<&str> = shown.split("<img").skip(1).filter_map(|tag| tag.split(" src=\"").nth(1)).collect();
        for asked in proxy.asked.lock().expect("notes").iter() {
            let host = asked.trim_start_matches("http://").split([':', '/']).next().unwrap_or_default();
            // the browser itself tries the encrypted address of the page first
            let browsers_own = host == SITE || host.ends_with("google.com") || host.ends_with("googleapis.com");
            let is_picture = pictures.iter().any(|url| url.contains(&format!("//{host}/")));
            assert!(is_picture || browsers_own, "{page} asks {asked}");
        }
    }
}
