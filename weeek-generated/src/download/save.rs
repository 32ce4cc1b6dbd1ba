//! Saves downloads to files, complete or not at all.

use std::collections::hash_map::RandomState;
use std::fs::{Metadata, Permissions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};

use tokio::fs::{self, File};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::download::file_name::{numbered, safe_file_name};
use crate::download::{Download, Sink};
use crate::error::{Error, Result};

/// How many files of one name [`Download::save_in`] puts into a folder.
const MAX_SAME_NAME: u32 = 9999;

impl Download {
    /// Lets [`Download::save_in`] replace a file of the same name. Default: the new file gets a number.
    #[inline]
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// Saves the file in a folder, under the attachment's name. Returns the path of the file.
    ///
    /// Others choose the names of attachments, so the name is made safe: only its last component is used, without
    /// separators, control characters, leading dots and names that Windows reserves, and a long name is cut. If the folder
    /// has a file of this name, the new one gets a number, such as `offer (1).pdf`; [`Download::overwrite`] replaces it
    /// instead.
    ///
    /// The folder must exist. The file appears in it when it is complete.
    #[inline]
    pub async fn save_in(mut self, folder: impl AsRef<Path>) -> Result<PathBuf> {
        let (folder, operation) = (folder.as_ref(), self.source.operation);
        let name = safe_file_name(&self.source.file_name);
        let path = folder.join(&name);
        let failed = |error| Error::io(&format!("cannot write {}", path.display()), error).with_operation(operation);
        if !self.overwrite {
            let (partial, _) = self.write_partial(folder, None, &failed).await?;
            return partial.publish(folder, &name).await.map_err(failed);
        }
        // A link of this name may lead out of the folder, so it is not followed.
        let permissions = replaceable(fs::symlink_metadata(&path).await).map_err(failed)?;
        let (partial, _) = self.write_partial(folder, permissions, &failed).await?;
        partial.rename(&path).await.map_err(failed)?;
        Ok(path)
    }

    /// Saves the file to a path of your choice, and returns its size. For the attachment's name use [`Download::save_in`].
    ///
    /// A file with this path is replaced when the download is complete, and keeps its permissions. A symbolic link is
    /// followed. A path of anything else, such as a pipe or a device, is an error.
    #[inline]
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64> {
        let (path, operation) = (path.as_ref(), self.source.operation);
        let failed = |error| Error::io(&format!("cannot write {}", path.display()), error).with_operation(operation);
        let target = fs::canonicalize(path).await.unwrap_or_else(|_| path.to_owned());
        let permissions = replaceable(fs::metadata(&target).await).map_err(failed)?;
        let folder = target.parent().unwrap_or(Path::new(""));
        let (partial, length) = self.write_partial(folder, permissions, &failed).await?;
        partial.rename(&target).await.map_err(failed)?;
        Ok(length)
    }

    /// Downloads into a temporary file in the folder, so it can be renamed. Returns the size too.
    #[inline]
    async fn write_partial(
        &mut self,
        folder: &Path,
        permissions: Option<Permissions>,
        failed: &(impl Fn(io::Error) -> Error + Sync),
    ) -> Result<(Partial, u64)> {
        let (partial, file) = Partial::create(folder).map_err(failed)?;
        // Before the first byte: the content may be secret.
        if let Some(permissions) = permissions {
            fs::set_permissions(&partial.0, permissions).await.map_err(failed)?;
        }
        let mut sink = FileSink { file, failed };
        let length = self.copy_to(&mut sink).await?;
        sink.file.flush().await.map_err(failed)?;
        // Windows renames only closed files.
        drop(sink.file.into_std().await);
        Ok((partial, length))
    }
}

/// Returns the permissions of the file that will be replaced, if there is one.
#[inline]
fn replaceable(metadata: io::Result<Metadata>) -> io::Result<Option<Permissions>> {
    match metadata {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata.permissions())),
        Ok(metadata) if metadata.is_dir() => Err(io::Error::other("it is a folder; use `save_in`")),
        Ok(_) => Err(io::Error::other("it is not a regular file; read the download with `chunk` instead")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

struct FileSink<'f, F> {
    file: File,
    failed: &'f F,
}

impl<F: Fn(io::Error) -> Error + Sync> Sink for FileSink<'_, F> {
    #[inline]
    async fn write(&mut self, chunk: &[u8]) -> Result<()> {
        self.file.write_all(chunk).await.map_err(self.failed)
    }

    #[inline]
    async fn clear(&mut self) -> Result<()> {
        self.file.set_len(0).await.map_err(self.failed)?;
        self.file.seek(SeekFrom::Start(0)).await.map(drop).map_err(self.failed)
    }
}

/// A temporary file. It is removed even if the download is dropped.
struct Partial(PathBuf);

impl Partial {
    /// The name is short, hidden, and random: other downloads and leftovers do not get in the way.
    #[inline]
    fn create(folder: &Path) -> io::Result<(Self, File)> {
        loop {
            let path = folder.join(format!(".weeek-{:016x}.partial", RandomState::new().build_hasher().finish()));
            match std::fs::File::create_new(&path) {
                Ok(file) => return Ok((Self(path), File::from_std(file))),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    #[inline]
    async fn rename(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0, path).await
    }

    /// Gives the file the first name that is free. Two downloads never get the same one.
    #[inline]
    async fn publish(self, folder: &Path, name: &str) -> io::Result<PathBuf> {
        for number in 0..=MAX_SAME_NAME {
            let path = folder.join(numbered(name, number));
            match fs::hard_link(&self.0, &path).await {
                Ok(()) => return Ok(path),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                // The file system has no hard links. An empty file reserves the name until it is replaced.
                Err(_) => {}
            }
            match File::create_new(&path).await {
                Ok(_) => return self.rename(&path).await.map(|()| path),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other(format!("the folder has {MAX_SAME_NAME} files of this name; remove some")))
    }
}

impl Drop for Partial {
    #[inline]
    fn drop(&mut self) {
        // After a rename there is nothing to remove, and no other save has the random name.
        let _: io::Result<()> = std::fs::remove_file(&self.0);
    }
}
