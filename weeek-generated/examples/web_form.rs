//! Create a deal from a web form.
//!
//! Finds or creates the contact and the organization, and uploads the attached file. Prints the id and the title of the deal.
//!
//! ```console
//! $ WEEEK_TOKEN=… cargo run -p weeek-generated --example web_form STATUS FIRST_NAME EMAIL COMPANY WISH [FILE]
//! ```

use std::error::Error;
use std::path::PathBuf;

use weeek_generated::models::{
    ContactId, CreateContact, CreateDeal, CreateOrganization, Deal, FunnelStatusId, ListContacts, ListOrganizations,
    OrganizationId,
};
use weeek_generated::{Client, Result, Upload};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or(format!("{what} is missing"));
    let form = Form {
        status: next("STATUS")?.into(),
        first_name: next("FIRST_NAME")?,
        email: next("EMAIL")?,
        company: next("COMPANY")?,
        wish: next("WISH")?,
        file: next("FILE").ok().map(PathBuf::from),
    };
    let deal = run(&Client::from_env()?, form).await?;
    println!("{} {}", deal.id, deal.title.as_deref().unwrap_or_default());
    Ok(())
}

/// The submitted form, and the funnel status of the new deal.
pub(crate) struct Form {
    pub(crate) status: FunnelStatusId,
    pub(crate) first_name: String,
    pub(crate) email: String,
    pub(crate) company: String,
    pub(crate) wish: String,
    pub(crate) file: Option<PathBuf>,
}

/// Creates the deal with its contact, organization and file.
pub(crate) async fn run(weeek: &Client, form: Form) -> Result<Deal> {
    let organization = organization(weeek, &form.company).await?;
    let contact = contact(weeek, &form, &organization).await?;
    let deal = CreateDeal::new()
        .title(format!("{}: {}", form.company, form.wish))
        .organizations([organization])
        .contacts([contact]);
    let deal = weeek.deals().create(form.status, deal).await?;
    if let Some(file) = form.file {
        weeek.deals().upload_attachments(&deal.id, [Upload::file(file)]).await?;
    }
    Ok(deal)
}

/// Finds the organization with this name, or creates one. The search also returns partial matches.
async fn organization(weeek: &Client, name: &str) -> Result<OrganizationId> {
    let mut found = weeek.organizations().list_all(ListOrganizations::new().search(name));
    while let Some(organization) = found.try_next().await? {
        if organization.name == name {
            return Ok(organization.id);
        }
    }
    Ok(weeek.organizations().create(CreateOrganization::new().name(name)).await?.id)
}

/// Finds the contact with this email, or creates one.
async fn contact(weeek: &Client, form: &Form, organization: &OrganizationId) -> Result<ContactId> {
    let mut found = weeek.contacts().list_all(ListContacts::new().search(form.email.as_str()));
    while let Some(contact) = found.try_next().await? {
        if contact.emails.iter().any(|entry| entry.email.eq_ignore_ascii_case(&form.email)) {
            return Ok(contact.id);
        }
    }
    let contact =
        CreateContact::new(form.first_name.as_str()).emails([form.email.as_str()]).organizations([organization]);
    Ok(weeek.contacts().create(contact).await?.id)
}
