//! `cargo xtask probe`: reads the live API, and compares what it answers with the document.
//!
//! It only ever reads: the one request it can make is a GET.

mod scrub;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use reqwest::header::{ACCEPT, RETRY_AFTER};
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

pub use scrub::Scrubber;

use crate::document::{Document, Operation, Parameter, escape};
use crate::outcome::Outcome;
use crate::recording::{self, Body, Recording};
use crate::report::{Format, Report};

/// What the probe does.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// Keep the answers in this folder, without anybody's names, texts and ids, for `cargo xtask replay`.
    ///
    /// The folder may hold only what the probe wrote there before.
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// How many requests are sent at most, repeated ones among them.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = count)]
    pub calls: usize,
    /// How many answers are asked for of one operation at most.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = count)]
    pub each: usize,
    /// How many rows are asked for where a list pages.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = count)]
    pub rows: usize,
    /// How to report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The document to compare with.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "has to be a number from 1 on".to_owned())
}

/// Where the API is, and how it is talked to.
#[derive(Clone)]
pub struct Target {
    /// The base URL; the document's where it is none.
    pub base: Option<String>,
    /// The token.
    pub token: String,
    /// The shortest time from one call to the next.
    pub pace: Duration,
}

const NO_TOKEN: &str = "WEEEK_TOKEN is not set
help: make a token in the settings of your workspace in Weeek, under API, and pass it in the environment:
      WEEEK_TOKEN=… cargo xtask probe
      The probe only reads. It sees what the token's owner sees, and prints neither that nor the token.";

/// How often a call is made at most: again where nothing was answered, or where the server asks to wait.
const ATTEMPTS: u32 = 4;

/// Whoever asks for a longer pause than this is left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Four calls in a second.
const PACE: Duration = Duration::from_millis(250);

impl Target {
    /// What the environment says: `WEEEK_TOKEN`, and `WEEEK_BASE_URL` where set.
    pub fn from_env() -> Result<Self, String> {
        let read = |name| std::env::var(name).ok().filter(|text: &String| !text.trim().is_empty());
        let token = read("WEEEK_TOKEN").ok_or(NO_TOKEN)?;
        Ok(Self { base: read("WEEEK_BASE_URL"), token: token.trim().to_owned(), pace: PACE })
    }
}

/// Runs the command. `progress` is told each call, without what was found.
pub async fn run(options: &Options, target: Result<Target, String>, progress: impl FnMut(&str)) -> Outcome {
    match try_run(options, target, progress).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome::failure(&error),
    }
}

async fn try_run(
    options: &Options,
    target: Result<Target, String>,
    progress: impl FnMut(&str),
) -> Result<Outcome, String> {
    let document = Document::load(options.spec.as_deref())?;
    let target = target?;
    if let Some(folder) = &options.record {
        refuse_foreign(&document, folder)?;
    }
    let mut probe = Probe::new(&document, options, &target, progress)?;
    let stopped = probe.walk().await.err();
    let recordings = probe.recordings;
    if let (Some(error), true) = (&stopped, recordings.is_empty()) {
        return Err(error.clone());
    }
    if let Some(folder) = &options.record {
        keep(&document, folder, &recordings)?;
    }
    let report = Report::new(&document, &recordings);
    let name = options.spec.as_ref().map_or("spec/openapi.yaml".to_owned(), |path| path.display().to_string());
    let mut outcome =
        Outcome { status: u8::from(report.breaks()), out: report.render(options.format, &name), ..Outcome::default() };
    if let Some(error) = stopped {
        outcome.err = format!("error: stopped early: {error}\n");
        outcome.status = 2;
    }
    Ok(outcome)
}

struct Probe<'a, P> {
    document: &'a Document,
    options: &'a Options,
    target: &'a Target,
    base: String,
    http: reqwest::Client,
    progress: P,
    next: Instant,
    sent: usize,
    /// What ids were seen, by the name of their schema, in the order they were found.
    ids: BTreeMap<String, Vec<String>>,
    recordings: Vec<Recording>,
}

impl<'a, P: FnMut(&str)> Probe<'a, P> {
    fn new(document: &'a Document, options: &'a Options, target: &'a Target, progress: P) -> Result<Self, String> {
        let base = target.base.as_deref().unwrap_or(document.server()).trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|error| format!("WEEEK_BASE_URL is no URL: {error}"))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_here =
            host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        if url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
            return Err("the token is sent over https only".to_owned());
        }
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .map_err(|error| error.to_string())?;
        let (ids, recordings) = (BTreeMap::new(), Vec::new());
        Ok(Self { document, options, target, base, http, progress, next: Instant::now(), sent: 0, ids, recordings })
    }

    /// Calls every operation that reads, and again with each id that comes to light, until nothing is new.
    async fn walk(&mut self) -> Result<(), String> {
        let mut called = BTreeSet::new();
        loop {
            let before = called.len();
            for operation in self.document.operations().iter().filter(|operation| operation.method == "GET") {
                for path in self.paths(operation) {
                    let is_enough = self.sent >= self.options.calls;
                    let of_this = called.iter().filter(|(id, _)| *id == operation.id).count();
                    if !is_enough && of_this < self.options.each && called.insert((operation.id.clone(), path.clone()))
                    {
                        self.call(operation, &path).await?;
                    }
                }
            }
            if called.len() == before {
                return Ok(());
            }
        }
    }

    /// The paths that an operation can be called with, by the ids that are known.
    fn paths(&self, operation: &Operation) -> Vec<String> {
        let mut paths = vec![(operation.template.clone(), Vec::new())];
        for parameter in self.document.parameters(operation).iter().filter(|parameter| parameter.required) {
            let known = self.known(parameter);
            let fill = |(path, query): (String, Vec<String>)| {
                known.iter().map(move |id| {
                    let (mut path, mut query) = (path.clone(), query.clone());
                    if parameter.in_path {
                        path = path.replace(&format!("{{{}}}", parameter.name), &encode(id));
                    } else {
                        query.push(format!("{}={}", parameter.name, encode(id)));
                    }
                    (path, query)
                })
            };
            paths = paths.into_iter().flat_map(fill).take(self.options.each).collect();
        }
        let limit = self.document.paging(operation).map(|paging| format!("{}={}", paging.limit, self.options.rows));
        let finish = |(path, query): (String, Vec<String>)| {
            let query: Vec<_> = query.into_iter().chain(limit.clone()).collect();
            if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
        };
        paths.into_iter().map(finish).collect()
    }

    fn known(&self, parameter: &Parameter) -> &[String] {
        let name = self.document.schema_name(&parameter.schema);
        name.and_then(|name| self.ids.get(&name)).map_or(&[], Vec::as_slice)
    }

    async fn call(&mut self, operation: &Operation, path: &str) -> Result<(), String> {
        let mut attempt = 1;
        let (status, bytes) = loop {
            let (wait, why) = match self.get(path).await {
                Ok((429, asked, _)) if self.may_repeat(attempt) => {
                    (asked.unwrap_or(Duration::from_secs(5)), "asked to wait".to_owned())
                }
                Ok((status, _, bytes)) => break (status, bytes),
                Err(error) if self.may_repeat(attempt) => (self.target.pace * 4, error),
                Err(error) => return Err(format!("{}: {error}", operation.id)),
            };
            if wait > LONGEST_WAIT {
                return Err(format!("Weeek asks to wait for {} seconds; try again then", wait.as_secs()));
            }
            (self.progress)(&format!("      {}  {why}", operation.id));
            sleep(wait).await;
            attempt += 1;
        };
        let count = self.recordings.len() + 1;
        (self.progress)(&format!("{count:>4}  {}  {status}", operation.id));
        if status == 401 {
            return Err("Weeek does not know the token (HTTP 401)".to_owned());
        }
        if status == 429 {
            return Err("Weeek still answers 429 after waiting; try again later".to_owned());
        }
        let body = Body::read(&bytes);
        if let (Body::Json(value), true) = (&body, (200..300).contains(&status))
            && let Some(schema) = self.document.success(operation).and_then(|answer| answer.schema)
        {
            self.harvest(&schema, value);
        }
        self.recordings.push(Recording { method: "GET".to_owned(), path: path.to_owned(), status, body });
        Ok(())
    }

    fn may_repeat(&self, attempt: u32) -> bool {
        attempt < ATTEMPTS && self.sent < self.options.calls
    }

    /// Status, how long the server asks to wait, and body; the only request that the probe knows.
    async fn get(&mut self, path: &str) -> Result<(u16, Option<Duration>, Vec<u8>), String> {
        sleep_until(self.next).await;
        self.next = Instant::now() + self.target.pace;
        self.sent += 1;
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.target.token);
        let failed = |error: reqwest::Error| causes(&error.without_url());
        let answer = request.header(ACCEPT, "application/json").send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let bytes = answer.bytes().await.map_err(failed)?;
        Ok((status, asked.map(Duration::from_secs), bytes.to_vec()))
    }

    /// Notes the ids of an answer: what stands where the document has a schema with the name of a path parameter's.
    fn harvest(&mut self, schema: &str, value: &Value) {
        if let Some(name) = self.document.schema_name(schema).filter(|name| name.ends_with("Id")) {
            let id = match value {
                Value::String(text) if !text.is_empty() => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return,
            };
            let known = self.ids.entry(name).or_default();
            if !known.contains(&id) {
                known.push(id);
            }
            return;
        }
        let (target, _) = self.document.resolve(schema);
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.harvest(&format!("{target}/items"), item)),
            Value::Object(object) => {
                // The answer's own id comes before those that it refers to.
                let own = object.get_key_value("id").into_iter();
                for (key, value) in own.chain(object.iter().filter(|(key, _)| *key != "id")) {
                    let property = format!("{target}/properties/{}", escape(key));
                    if !self.document.at(&property).is_null() {
                        self.harvest(&property, value);
                    }
                }
            }
            _ => {}
        }
    }
}

fn encode(id: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    id.bytes().map(letter).collect()
}

fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The folder may be new, empty, or hold recordings that are called after operations.
fn refuse_foreign(document: &Document, folder: &Path) -> Result<(), String> {
    let name = folder.display();
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(|error| format!("cannot read {name}: {error}"))? {
        let path = entry.map_err(|error| format!("cannot read {name}: {error}"))?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_ours = file.strip_suffix(".json").is_some_and(|id| document.operation(id).is_some());
        if !is_ours || recording::read_file(&path).is_err() {
            return Err(format!(
                "{name}/{file} was not recorded by the probe; nothing was sent\nhelp: choose a folder of its own for `--record`"
            ));
        }
    }
    Ok(())
}

fn keep(document: &Document, folder: &Path, recordings: &[Recording]) -> Result<(), String> {
    let mut scrubber = Scrubber::new(document);
    let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for recording in recordings {
        if let crate::document::Route::Operation(operation, _) = document.route(&recording.method, &recording.path) {
            files.entry(&operation.id).or_default().push(scrubber.scrub(operation, recording).to_json());
        }
    }
    let failed = |error| format!("cannot write to {}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    for (id, answers) in files {
        fs::write(folder.join(format!("{id}.json")), format!("{:#}\n", Value::Array(answers))).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::mock::{self, Mock};

    const TOKEN: &str = "a-secret-token";

    struct Run {
        outcome: Outcome,
        progress: Vec<String>,
        /// What the server saw.
        log: Vec<String>,
    }

    async fn probe(options: &Options, rows: Option<usize>) -> Run {
        probe_of(options, mock::Options { rows, ..mock::Options::default() }).await
    }

    async fn probe_of(options: &Options, behaviour: mock::Options) -> Run {
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = log.clone();
        let document = Arc::new(Document::load(None).unwrap());
        let server =
            Mock::start(document, &behaviour, move |exchange| lines.lock().unwrap().push(exchange.to_string()));
        let server = server.await.unwrap();
        let target = Target { base: Some(server.url()), token: TOKEN.to_owned(), pace: Duration::ZERO };
        let mut progress = Vec::new();
        let outcome = run(options, Ok(target), |line| progress.push(line.to_owned())).await;
        let log = log.lock().unwrap().clone();
        Run { outcome, progress, log }
    }

    fn options() -> Options {
        Options { calls: 200, each: 2, rows: 5, ..Options::default() }
    }

    #[tokio::test]
    async fn everything_that_can_be_read_is_read_and_nothing_is_written() {
        let run = probe(&options(), Some(3)).await;
        assert_eq!(run.outcome.status, 0, "{}{}", run.outcome.out, run.outcome.err);
        assert!(run.log.iter().all(|line| line.starts_with("GET ") && line.contains("  200  ")), "{:#?}", run.log);
        let document = Document::load(None).unwrap();
        for operation in document.operations().iter().filter(|operation| operation.method == "GET") {
            assert!(run.log.iter().any(|line| line.ends_with(&format!("  {}", operation.id))), "{}", operation.id);
        }
        assert_eq!(run.log.len(), run.progress.len());
        let said = format!("{}{}{}", run.outcome.out, run.outcome.err, run.progress.concat());
        assert!(!said.contains(TOKEN), "{said}");
        assert!(run.outcome.out.ends_with("no departure from the document\n"), "{}", run.outcome.out);
    }

    #[tokio::test]
    async fn a_shaky_server_is_asked_again() {
        let shaky = mock::Options { faults: 0.3, seed: 5, ..mock::Options::default() };
        let run = probe_of(&Options { calls: 12, ..options() }, shaky).await;
        assert_eq!(run.log.len(), 12, "what is repeated counts: {:#?}", run.log);
        let answers: usize = run.outcome.out.lines().last().unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!((4..12).contains(&answers), "{}", run.outcome.out);
    }

    #[tokio::test]
    async fn calls_are_bounded() {
        let run = probe(&Options { calls: 7, ..options() }, None).await;
        assert_eq!(run.log.len(), 7);
    }

    #[tokio::test]
    async fn what_is_recorded_holds_nothing_of_what_was_answered() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("answers");
        let options = Options { record: Some(kept.clone()), ..options() };
        probe(&options, None).await;
        let document = Document::load(None).unwrap();
        let mut private = BTreeSet::new();
        for operation in document.operations().iter().filter(|operation| operation.method == "GET") {
            texts(document.success(operation).unwrap().example.unwrap(), &mut private);
        }
        let kept_words: BTreeSet<_> = private.iter().filter(|text| is_word_of(&document, text)).cloned().collect();
        let recordings = recording::read(&[kept]).unwrap();
        let mut left = BTreeSet::new();
        for recording in &recordings {
            let Body::Json(body) = &recording.body else { panic!("{recording:?}") };
            texts(body, &mut left);
            left.extend(recording.path.split(['/', '?', '&', '=']).map(str::to_owned));
        }
        let survivors: Vec<_> = private.intersection(&left).filter(|text| !kept_words.contains(*text)).collect();
        assert!(survivors.is_empty() && private.len() > 60, "{survivors:?} of {}", private.len());
        assert!(recordings.len() > 25 && !Report::new(&document, &recordings).breaks());
        // The folder is the probe's own now, and can be written again.
        assert_eq!(probe(&options, None).await.outcome.status, 0);
    }

    fn texts(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::String(text) if !text.is_empty() => drop(into.insert(text.clone())),
            Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
            Value::Object(object) => object.values().for_each(|value| texts(value, into)),
            _ => {}
        }
    }

    /// A value of an enumeration of the document.
    fn is_word_of(document: &Document, text: &str) -> bool {
        let schemas = document.at("/components/schemas").as_object().unwrap();
        schemas
            .values()
            .any(|schema| schema["enum"].as_array().is_some_and(|values| values.iter().any(|value| value == text)))
    }

    #[tokio::test]
    async fn a_folder_with_anything_else_in_it_is_refused_before_a_call() {
        for name in ["notes.txt", "tasks.json", "tasks.list.json"] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), "mine").unwrap();
            let run = probe(&Options { record: Some(folder.path().to_owned()), ..options() }, None).await;
            assert_eq!((run.outcome.status, run.log.len()), (2, 0), "{name}");
            assert!(run.outcome.err.contains(&format!("{name} was not recorded by the probe")), "{}", run.outcome.err);
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "mine");
        }
    }

    #[tokio::test]
    async fn a_token_that_is_missing_or_in_danger_is_no_call() {
        let outcome = run(&options(), Err(NO_TOKEN.to_owned()), |_| ()).await;
        assert!(outcome.status == 2 && outcome.err.contains("settings of your workspace"), "{}", outcome.err);
        let base = Some("http://api.example.com".to_owned());
        let target = Target { base, token: TOKEN.to_owned(), pace: Duration::ZERO };
        let outcome = run(&options(), Ok(target), |_| ()).await;
        assert!(outcome.status == 2 && outcome.err.contains("https only"), "{}", outcome.err);
    }

    /// A server that answers every request in the same way, and what the probe makes of it.
    async fn probe_answered(answer: &'static str) -> (Outcome, usize) {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Some(format!("http://{}", listener.local_addr().unwrap()));
        let asked = Arc::new(Mutex::new(0));
        let count = asked.clone();
        let server = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 4096]).await.unwrap();
                *count.lock().unwrap() += 1;
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let target = Target { base, token: TOKEN.to_owned(), pace: Duration::ZERO };
        let outcome = run(&options(), Ok(target), |_| ()).await;
        server.abort();
        let asked = *asked.lock().unwrap();
        (outcome, asked)
    }

    #[tokio::test]
    async fn who_is_sent_away_goes() {
        let head = "connection: close\r\ncontent-length: 0\r\n\r\n";
        for (status, asked, said) in [
            ("401 Unauthorized\r\n", 1, "does not know the token"),
            ("429 Too Many Requests\r\nretry-after: 3600\r\n", 1, "asks to wait for 3600 seconds"),
            ("429 Too Many Requests\r\nretry-after: 0\r\n", 4, "still answers 429"),
        ] {
            let answer: &'static str = format!("HTTP/1.1 {status}{head}").leak();
            let (outcome, calls) = probe_answered(answer).await;
            assert_eq!((outcome.status, calls), (2, asked), "{}", outcome.err);
            assert!(outcome.err.contains(said) && !outcome.err.contains(TOKEN), "{}", outcome.err);
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_said_without_the_token() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Some(format!("http://{}", listener.local_addr().unwrap()));
        drop(listener);
        let target = Target { base, token: TOKEN.to_owned(), pace: Duration::ZERO };
        let outcome = run(&options(), Ok(target), |_| ()).await;
        assert!(
            outcome.status == 2 && outcome.err.contains("user.get") && !outcome.err.contains(TOKEN),
            "{}",
            outcome.err
        );
    }
}
