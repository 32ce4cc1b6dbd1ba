//! What the generated code imports; nothing else imports this.

pub(crate) use std::borrow::Borrow;

pub(crate) use reqwest::Method;

pub(crate) use crate::call::Call;
pub(crate) use crate::call::page::Page;
pub(crate) use crate::call::pages::Items;
pub(crate) use crate::client::Client;
pub(crate) use crate::model::Nullable;
pub(crate) use crate::model::dates::Dotted;
pub(crate) use crate::model::encode::Encode as _;
pub(crate) use crate::model::extra::Extra;
pub(crate) use crate::model::filter::Filter;
pub(crate) use crate::operation::{Evidence, Operation};
pub(crate) use crate::request::Request;
pub(crate) use crate::request::query::{Query, QueryPairs};
pub(crate) use crate::request::upload::Upload;
pub(crate) use crate::response::lenient::{Atom, Lenient as _, Read};
pub(crate) use crate::transport::Transport;
