use std::path::Path;

use weeek_generated::Download;

use super::*;

/// Starts the download of a file with this name.
async fn download_as(name: &str) -> Download {
    download_with(&local_client(Duration::from_secs(20)), name).await
}

async fn download_with(weeek: &Client, name: &str) -> Download {
    let storage = RawServer::with_responses(vec!["HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n%PDF-1.7"]);
    let file = json!({"id": "file-1", "name": name, "service": "weeek", "url": storage.url});
    weeek.attachments().download(&attachment_with(weeek, &file)).await.unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_download_is_saved_completely_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("offer.pdf");
    std::fs::write(&target, "an older offer").unwrap();

    let storage = RawServer::with_responses(vec!["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]);
    let weeek = local_client(Duration::from_secs(20));
    let interrupted = weeek.attachments().download(&attachment(&weeek, &storage.url)).await.unwrap();
    assert!(interrupted.save(&target).await.is_err());
    assert_eq!(std::fs::read(&target).unwrap(), b"an older offer");
    assert_eq!(names(folder.path()), ["offer.pdf"], "no partial file is left");

    assert_eq!(download_as("x").await.save(&target).await.unwrap(), 8);
    assert_eq!(std::fs::read(&target).unwrap(), b"%PDF-1.7");
    assert_eq!(names(folder.path()), ["offer.pdf"]);

    let error = download_as("x").await.save(folder.path().join("no/such/folder/x")).await.unwrap_err();
    assert!(error.is_io() && error.to_string().contains("no/such/folder/x"), "{error}");
    assert!(download_as("x").await.save_in(folder.path().join("no/such/folder")).await.unwrap_err().is_io());
    let error = download_as("x").await.save(folder.path()).await.unwrap_err();
    assert!(error.to_string().contains("use `save_in`"), "{error}");
}

#[tokio::test]
async fn a_resumed_file_has_each_byte_once() {
    let folder = tempfile::tempdir().unwrap();
    let rest = "Content-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n56789";
    for (second, content) in [
        (format!("HTTP/1.1 206 Partial Content\r\nETag: \"v1\"\r\n{rest}"), "0123456789"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789".to_owned(), "0123456789"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew".to_owned(), "new"),
    ] {
        let first = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n01234";
        let storage = RawServer::with_responses(vec![first.to_owned(), second]);
        let weeek = local_client(Duration::from_secs(20));
        let download = weeek.attachments().download(&attachment(&weeek, &storage.url)).await.unwrap();
        let target = folder.path().join("x");
        assert_eq!(download.save(&target).await.unwrap(), content.len() as u64);
        assert_eq!(std::fs::read_to_string(&target).unwrap(), content);
    }
    assert_eq!(names(folder.path()), ["x"]);
}

#[tokio::test]
async fn file_names_cannot_leave_the_folder() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("downloads");
    std::fs::create_dir(&folder).unwrap();
    let long = format!("{}.pdf", "ж".repeat(500));
    for name in ["../outside.txt", "..\\outside.txt", "/tmp/x/outside.txt", ".bashrc", "..", "", "a\0b\n", &long] {
        let path = download_as(name).await.save_in(&folder).await.unwrap();
        assert_eq!(path.parent(), Some(folder.as_path()), "{name:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"%PDF-1.7");
        assert!(!path.file_name().unwrap().to_str().unwrap().starts_with('.'), "{name:?}");
    }
    assert_eq!(names(root.path()), ["downloads"]);
    assert_eq!(names(&folder).len(), 8);
}

#[tokio::test]
async fn an_existing_file_is_replaced_only_on_request() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("offer.pdf"), "an older offer").unwrap();
    for name in ["offer (1).pdf", "offer (2).pdf"] {
        let path = download_as("offer.pdf").await.save_in(&folder).await.unwrap();
        assert_eq!(path, folder.path().join(name));
    }
    assert_eq!(std::fs::read(folder.path().join("offer.pdf")).unwrap(), b"an older offer");
    let path = download_as("offer.pdf").await.overwrite(true).save_in(&folder).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"%PDF-1.7");
    assert_eq!(names(folder.path()), ["offer (1).pdf", "offer (2).pdf", "offer.pdf"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_saves_do_not_interfere() {
    let folder = tempfile::tempdir().unwrap();
    let weeek = local_client(Duration::from_secs(20));
    let mut tasks = Vec::new();
    for _ in 0..40 {
        let weeek = weeek.clone();
        let (one, many) = (folder.path().join("one.pdf"), folder.path().to_owned());
        tasks.push(tokio::spawn(async move {
            download_with(&weeek, "x").await.save(one).await.unwrap();
            download_with(&weeek, "many.pdf").await.save_in(many).await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(names(folder.path()).len(), 41, "one file, and forty with numbers");
}

#[tokio::test]
async fn leftovers_and_long_names_do_not_block_a_save() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..100 {
        std::fs::write(folder.path().join(format!("offer.pdf.{number}.partial")), "").unwrap();
    }
    download_as("x").await.save(folder.path().join("offer.pdf")).await.unwrap();
    download_as("x").await.save(folder.path().join("x".repeat(255))).await.unwrap();
    assert_eq!(names(folder.path()).len(), 102);
}

#[cfg(unix)]
#[tokio::test]
async fn an_existing_target_keeps_its_type_and_permissions() {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("secret"), "").unwrap();
    std::fs::set_permissions(at("secret"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let mode = || std::fs::metadata(at("secret")).unwrap().permissions().mode() & 0o777;
    download_as("x").await.save(at("secret")).await.unwrap();
    assert_eq!(mode(), 0o600);
    download_as("secret").await.overwrite(true).save_in(&folder).await.unwrap();
    assert_eq!(mode(), 0o600);

    assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    for path in [&at("pipe"), Path::new("/dev/null")] {
        let error = download_as("x").await.save(path).await.unwrap_err();
        assert!(error.is_io() && error.to_string().contains("not a regular file"), "{error}");
    }
    assert!(download_as("pipe").await.overwrite(true).save_in(&folder).await.is_err());
    assert!(std::fs::metadata(at("pipe")).unwrap().file_type().is_fifo());

    // A symlink is followed if the caller chose the path, but not if the attachment did.
    symlink(at("secret"), at("link")).unwrap();
    std::fs::write(at("secret"), "").unwrap();
    assert!(download_as("link").await.overwrite(true).save_in(&folder).await.is_err());
    assert_eq!(std::fs::read(at("secret")).unwrap(), b"");
    download_as("x").await.save(at("link")).await.unwrap();
    assert!(std::fs::symlink_metadata(at("link")).unwrap().is_symlink());
    assert_eq!(std::fs::read(at("secret")).unwrap(), b"%PDF-1.7");
    let path = download_as("link").await.save_in(&folder).await.unwrap();
    assert_eq!(path, at("link (1)"));
}
