//! The feature `blocking`: the same calls without async.

use tokio::runtime::Runtime;
use weeek_generated::Upload;

use super::*;

/// A server with pages of tasks, an attachment and its file.
fn start() -> (Runtime, MockServer, Client) {
    let runtime = Runtime::new().unwrap();
    let (server, weeek) = runtime.block_on(async {
        let server = MockServer::start().await;
        let file = json!({"id": "file-1", "name": "a.txt", "url": format!("{}/storage", server.uri())});
        let reply = |body| ResponseTemplate::new(200).set_body_json(body);
        Mock::given(method("POST")).respond_with(reply(json!({"success": true, "data": [file]}))).mount(&server).await;
        for (offset, more) in [("0", true), ("1", false)] {
            let page = json!({"success": true, "tasks": [{"id": 1}], "hasMore": more, "page": offset});
            let page = page.to_string().replace("\"id\":1", &format!("\"id\":{offset}"));
            let page = ResponseTemplate::new(200).set_body_string(page);
            Mock::given(wiremock::matchers::query_param("offset", offset)).respond_with(page).mount(&server).await;
        }
        let storage = ResponseTemplate::new(200).set_body_string("hello");
        Mock::given(wiremock::matchers::path("/storage")).respond_with(storage).mount(&server).await;
        Mock::given(any()).respond_with(reply(json!({"success": true, "task": {"id": 7}}))).mount(&server).await;
        let weeek = client(&server);
        (server, weeek)
    });
    (runtime, server, weeek)
}

#[test]
fn calls_lists_uploads_and_downloads_block() -> Result<()> {
    let (_runtime, _server, weeek) = start();
    assert_eq!(weeek.tasks().get(7).call_blocking()?.id, 7);
    let ids: Result<Vec<_>> =
        weeek.tasks().list_all(ListTasks::new()).iter_blocking().map(|task| Ok(task?.id.as_i64())).collect();
    assert_eq!(ids?, [0, 1]);
    let pages: Result<Vec<_>> = weeek.tasks().list_all(ListTasks::new()).into_pages().iter_blocking().collect();
    assert_eq!(pages?.len(), 2);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("offer.txt");
    std::fs::write(&path, "hello").unwrap();
    let files = weeek.tasks().upload_attachments(7, [Upload::file(&path)]).call_blocking()?;
    let download = || weeek.attachments().download(&files[0]).call_blocking();
    assert_eq!(download()?.bytes_blocking()?, "hello");
    assert_eq!(download()?.iter_blocking().collect::<Result<Vec<_>>>()?.concat(), b"hello");
    assert_eq!(std::fs::read(download()?.save_in_blocking(&folder)?).unwrap(), b"hello");
    assert_eq!(download()?.save_blocking(&path)?, 5);
    Ok(())
}

#[test]
fn many_threads_block_at_once() {
    let (_runtime, _server, weeek) = start();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..5).for_each(|_| assert_eq!(weeek.tasks().get(7).call_blocking().unwrap().id, 7)));
        }
    });
}

#[test]
fn only_a_thread_that_may_block_can_block() {
    let (runtime, _server, weeek) = start();
    let other = weeek.clone();
    let error = runtime.block_on(async { tokio::spawn(async move { other.tasks().get(7).call_blocking() }).await });
    let panic = error.unwrap_err().into_panic();
    assert!(
        panic.downcast_ref::<&str>().is_some_and(|text| text.contains("Cannot start a runtime from within a runtime"))
    );
    let task = runtime.block_on(runtime.spawn_blocking(move || weeek.tasks().get(7).call_blocking()));
    assert_eq!(task.unwrap().unwrap().id, 7);
}
