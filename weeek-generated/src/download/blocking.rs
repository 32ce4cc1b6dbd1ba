//! Downloads without async. [`AttachmentsApi::download`](crate::endpoints::AttachmentsApi::download) has `call_blocking`.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::Download;
use crate::call::blocking::{BlockingIter, block_on};
use crate::error::Result;

impl Download {
    /// Returns an iterator of the next bytes, which blocks the thread while none arrive, and panics in an async function.
    pub fn iter_blocking(self) -> impl Iterator<Item = Result<Bytes>> {
        BlockingIter(self)
    }

    /// The same as [`Download::bytes`], but blocks the thread, and panics in an async function.
    #[track_caller]
    pub fn bytes_blocking(self) -> Result<Bytes> {
        block_on(self.bytes())
    }

    /// The same as [`Download::save`], but blocks the thread, and panics in an async function.
    #[track_caller]
    pub fn save_blocking(self, path: impl AsRef<Path>) -> Result<u64> {
        block_on(self.save(path))
    }

    /// The same as [`Download::save_in`], but blocks the thread, and panics in an async function.
    #[track_caller]
    pub fn save_in_blocking(self, folder: impl AsRef<Path>) -> Result<PathBuf> {
        block_on(self.save_in(folder))
    }
}
