//! Downloads of attachments, which the spec cannot describe: the file is on another host.

use crate::call::download::{Download, fetch, has_expired};
use crate::error::{Error, Result};
use crate::generated::endpoints::AttachmentsApi;
use crate::generated::models::{Attachment, AttachmentService};

impl AttachmentsApi<'_> {
    /// The bytes of a file kept by Weeek, as they come.
    ///
    /// The token stays here: the file's address is signed, leads to a storage of another host, and is asked without it. An
    /// address that has expired is renewed by getting the attachment again. What another service keeps is not fetched.
    ///
    /// ```no_run
    /// # async fn run(weeek: weeek_generated::Client) -> weeek_generated::Result<()> {
    /// for attachment in &weeek.tasks().get(17).await?.attachments {
    ///     let length = weeek.attachments().download(attachment).await?.save(&attachment.name).await?;
    ///     println!("{} has {length} bytes", attachment.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(&self, attachment: &Attachment) -> Result<Download> {
        let renew = self.get(&attachment.id);
        let operation = renew.operation();
        if let Some(service) = attachment.service.as_ref().filter(|service| **service != AttachmentService::Weeek) {
            let text = format!("the file is kept by {service}, not by Weeek; see its address");
            return Err(Error::request(text).with_operation(operation));
        }
        match fetch(self.transport, operation, &attachment.url).await {
            Err(error) if has_expired(&error) => {
                let renewed = renew.await?;
                fetch(self.transport, operation, &renewed.url).await
            }
            outcome => outcome,
        }
    }
}
