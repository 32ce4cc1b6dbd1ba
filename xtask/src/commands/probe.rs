//! `cargo xtask probe`: compares the live API with the spec.

use std::path::PathBuf;

use clap::Args;

use crate::contract::Spec;
use crate::contract::report::Report;
use crate::format::Format;
use crate::outcome::Outcome;
use crate::probe::{Crawl, Limits, Target, check_output_dir, write_recordings};
use crate::workspace::NamedPath;

/// Compare the live API with the spec.
///
/// Needs WEEEK_TOKEN; WEEEK_BASE_URL changes the base URL. Sends only GET, at most four times per second. Exit status: 0 all
/// responses decodable, 1 some are not, 2 usage, I/O or no response.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Keep the responses in this folder for `cargo xtask replay`, without private names, texts and ids.
    ///
    /// The folder may contain only recordings of the probe.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The spec to compare with.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

/// Runs the command.
pub async fn run(options: &Options) -> Result<Outcome, String> {
    run_with(options, Target::from_env(), |line| eprintln!("{line}")).await
}

async fn run_with(
    options: &Options,
    target: Result<Target, String>,
    progress: impl FnMut(&str),
) -> Result<Outcome, String> {
    let spec = Spec::load(options.spec.as_deref())?;
    let target = target?;
    if let Some(folder) = &options.record {
        check_output_dir(&spec, folder)?;
    }
    let mut crawl = Crawl::new(&spec, &options.limits, &target, progress)?;
    let stopped = crawl.run().await.err();
    let recordings = crawl.recordings;
    if let (Some(error), true) = (&stopped, recordings.is_empty()) {
        return Err(error.clone());
    }
    if let Some(folder) = &options.record {
        write_recordings(&spec, folder, &recordings)?;
    }
    let report = Report::new(&spec, &recordings);
    let name = NamedPath::spec(options.spec.as_deref())?.name;
    let out = report.render(options.format, &name);
    let mut outcome = Outcome { status: u8::from(report.has_undecodable()), ..Outcome::clean(out) };
    if let Some(error) = stopped {
        outcome.err = format!("error: stopped early: {error}\n");
        outcome.status = 2;
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use serde_json::Value;

    use super::*;
    use crate::contract::recording::{self, Body};
    use crate::mock::{self, Mock};

    const TOKEN: &str = "a-secret-token";

    struct Run {
        outcome: Outcome,
        progress: Vec<String>,
        /// What the server saw.
        log: Vec<String>,
    }

    async fn probe(options: &Options, items: Option<usize>) -> Run {
        probe_of(options, mock::Options { items, ..mock::Options::default() }).await
    }

    async fn probe_of(options: &Options, behavior: mock::Options) -> Run {
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = log.clone();
        let spec = Arc::new(Spec::load(None).unwrap());
        let server = Mock::start(spec, &behavior, move |exchange| lines.lock().unwrap().push(exchange.to_string()));
        let server = server.await.unwrap();
        let target = Target { base: Some(server.url()), token: TOKEN.to_owned(), min_interval: Duration::ZERO };
        let mut progress = Vec::new();
        let outcome = run_with(options, Ok(target), |line| progress.push(line.to_owned())).await;
        let outcome = outcome.unwrap_or_else(|err| Outcome { status: 2, err, ..Outcome::default() });
        let log = log.lock().unwrap().clone();
        Run { outcome, progress, log }
    }

    fn options() -> Options {
        limited(200)
    }

    fn limited(max_requests: usize) -> Options {
        let limits = Limits { max_requests, max_per_operation: 2, page_size: 5 };
        Options { record: None, limits, format: Format::Text, spec: None }
    }

    #[tokio::test]
    async fn every_operation_that_reads_is_called_and_no_other() {
        let run = probe(&options(), Some(3)).await;
        assert_eq!(run.outcome.status, 0, "{}{}", run.outcome.out, run.outcome.err);
        assert!(run.log.iter().all(|line| line.starts_with("GET ") && line.contains("  200  ")), "{:#?}", run.log);
        let spec = Spec::load(None).unwrap();
        for operation in spec.operations().iter().filter(|operation| operation.method == "GET") {
            assert!(run.log.iter().any(|line| line.ends_with(&format!("  {}", operation.id))), "{}", operation.id);
        }
        assert_eq!(run.log.len(), run.progress.len());
        let said = format!("{}{}{}", run.outcome.out, run.outcome.err, run.progress.concat());
        assert!(!said.contains(TOKEN), "{said}");
        assert!(run.outcome.out.ends_with("no drift\n"), "{}", run.outcome.out);
    }

    #[tokio::test]
    async fn a_failing_request_is_retried() {
        let shaky = mock::Options { failure_rate: 0.3, seed: 5, ..mock::Options::default() };
        let run = probe_of(&limited(12), shaky).await;
        assert_eq!(run.log.len(), 12, "retries count: {:#?}", run.log);
        let responses: usize = run.outcome.out.lines().last().unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!((4..12).contains(&responses), "{}", run.outcome.out);
    }

    #[tokio::test]
    async fn requests_are_limited() {
        let run = probe(&limited(7), None).await;
        assert_eq!(run.log.len(), 7);
    }

    #[tokio::test]
    async fn recordings_contain_nothing_private() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("responses");
        let options = Options { record: Some(kept.clone()), ..options() };
        probe(&options, None).await;
        let spec = Spec::load(None).unwrap();
        let mut private = BTreeSet::new();
        for operation in spec.operations().iter().filter(|operation| operation.method == "GET") {
            texts(spec.success(operation).unwrap().example.unwrap(), &mut private);
        }
        let kept_words: BTreeSet<_> = private.iter().filter(|text| is_word_of(&spec, text)).cloned().collect();
        let recordings = recording::read(&[kept]).unwrap();
        let mut left = BTreeSet::new();
        for recording in &recordings {
            let Body::Json(body) = &recording.body else { panic!("{recording:?}") };
            texts(body, &mut left);
            left.extend(recording.path.split(['/', '?', '&', '=']).map(str::to_owned));
        }
        let survivors: Vec<_> = private.intersection(&left).filter(|text| !kept_words.contains(*text)).collect();
        assert!(survivors.is_empty() && private.len() > 60, "{survivors:?} of {}", private.len());
        assert!(recordings.len() > 25 && !Report::new(&spec, &recordings).has_undecodable());
        // The probe can write to its own folder again.
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

    /// A value of an enumeration of the spec.
    fn is_word_of(spec: &Spec, text: &str) -> bool {
        let schemas = spec.at("/components/schemas").as_object().unwrap();
        schemas
            .values()
            .any(|schema| schema["enum"].as_array().is_some_and(|values| values.iter().any(|value| value == text)))
    }

    #[tokio::test]
    async fn a_folder_with_other_files_is_rejected_before_any_request() {
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
    async fn a_missing_token_and_plain_http_are_rejected() {
        let error = run_with(&options(), Err("no token".to_owned()), |_| ()).await.unwrap_err();
        assert_eq!(error, "no token");
        let base = Some("http://api.example.com".to_owned());
        let target = Target { base, token: TOKEN.to_owned(), min_interval: Duration::ZERO };
        let error = run_with(&options(), Ok(target), |_| ()).await.unwrap_err();
        assert!(error.contains("https only"), "{error}");
    }

    /// Probes a server that sends the same response to every request; returns the number of requests.
    async fn probe_response(response: &'static str) -> (String, usize) {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Some(format!("http://{}", listener.local_addr().unwrap()));
        let requests = Arc::new(Mutex::new(0));
        let count = requests.clone();
        let server = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 4096]).await.unwrap();
                *count.lock().unwrap() += 1;
                stream.write_all(response.as_bytes()).await.unwrap();
            }
        });
        let target = Target { base, token: TOKEN.to_owned(), min_interval: Duration::ZERO };
        let outcome = run_with(&options(), Ok(target), |_| ()).await;
        server.abort();
        let requests = *requests.lock().unwrap();
        (outcome.unwrap_err(), requests)
    }

    #[tokio::test]
    async fn rejections_stop_the_probe() {
        let head = "connection: close\r\ncontent-length: 0\r\n\r\n";
        for (status, requests, message) in [
            ("401 Unauthorized\r\n", 1, "rejected the token"),
            ("429 Too Many Requests\r\nretry-after: 3600\r\n", 1, "asks to wait 3600 seconds"),
            ("429 Too Many Requests\r\nretry-after: 0\r\n", 4, "still responds with 429"),
        ] {
            let response: &'static str = format!("HTTP/1.1 {status}{head}").leak();
            let (error, sent) = probe_response(response).await;
            assert_eq!(sent, requests, "{error}");
            assert!(error.contains(message) && !error.contains(TOKEN), "{error}");
        }
    }

    #[tokio::test]
    async fn a_connection_error_does_not_show_the_token() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Some(format!("http://{}", listener.local_addr().unwrap()));
        drop(listener);
        let target = Target { base, token: TOKEN.to_owned(), min_interval: Duration::ZERO };
        let error = run_with(&options(), Ok(target), |_| ()).await.unwrap_err();
        assert!(error.contains("user.get") && !error.contains(TOKEN), "{error}");
    }
}
