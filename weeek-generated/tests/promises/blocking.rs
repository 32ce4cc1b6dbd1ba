//! The feature `blocking`: the same calls without async.

use tokio::runtime::Runtime;
use weeek_generated::Upload;

use super::*;

/// A stand-in with two tasks, an attachment and its file.
fn start() -> Client {
    let api = MockApi::new();
    api.on("tasks.list").reply(Reply::items([json!({"id": 0}), json!({"id": 1})]));
    api.on("tasks.get").reply(Reply::item(json!({"id": 7})));
    let file = json!({"id": "file-1", "name": "a.txt", "url": "https://storage.example.com/a.txt"});
    api.on("tasks.uploadAttachments").reply(Reply::item([file]));
    api.on_path("/a.txt").reply(Reply::bytes("hello"));
    api.client()
}

#[test]
fn calls_lists_uploads_and_downloads_block() -> Result<()> {
    let weeek = start();
    let list = || weeek.tasks().list_all(ListTasks::new().limit(1));
    assert_eq!(weeek.tasks().get(7).call_blocking()?.id, 7);
    let ids: Result<Vec<_>> = list().iter_blocking().map(|task| Ok(task?.id.as_i64())).collect();
    assert_eq!(ids?, [0, 1]);
    let pages: Result<Vec<_>> = list().into_pages().iter_blocking().collect();
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
    let weeek = start();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..5).for_each(|_| assert_eq!(weeek.tasks().get(7).call_blocking().unwrap().id, 7)));
        }
    });
}

#[test]
fn only_a_thread_that_may_block_can_block() {
    let (runtime, weeek) = (Runtime::new().unwrap(), start());
    let other = weeek.clone();
    let error = runtime.block_on(async { tokio::spawn(async move { other.tasks().get(7).call_blocking() }).await });
    let panic = error.unwrap_err().into_panic();
    assert!(
        panic.downcast_ref::<&str>().is_some_and(|text| text.contains("Cannot start a runtime from within a runtime"))
    );
    let task = runtime.block_on(runtime.spawn_blocking(move || weeek.tasks().get(7).call_blocking()));
    assert_eq!(task.unwrap().unwrap().id, 7);
}
