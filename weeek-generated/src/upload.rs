//! Files to be uploaded.

use bytes::Bytes;
use reqwest::multipart::{Form, Part};

use crate::error::{Error, Result};

/// A file to be uploaded: a name and its content.
#[derive(Clone, Debug)]
pub struct Upload {
    name: String,
    content: Bytes,
    media_type: Option<String>,
}

impl Upload {
    /// A file from memory.
    pub fn bytes(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content: content.into(), media_type: None }
    }

    /// Says what the content is, such as `image/png`.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    fn part(&self) -> Result<Part> {
        let length = self.content.len() as u64;
        let part = Part::stream_with_length(self.content.clone(), length).file_name(self.name.clone());
        match &self.media_type {
            Some(media_type) => {
                part.mime_str(media_type).map_err(|_| Error::request(format!("`{media_type}` is not a media type")))
            }
            None => Ok(part),
        }
    }
}

/// All files under one part name, the way PHP takes a list.
pub(crate) fn form(name: &'static str, files: &[Upload]) -> Result<Form> {
    files.iter().try_fold(Form::new(), |form, file| Ok(form.part(name, file.part()?)))
}
