//! What the generated code is written in; nothing else imports this.

pub(crate) use std::borrow::Borrow;

pub(crate) use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) use crate::call::Call;
pub(crate) use crate::client::Client;
pub(crate) use crate::operation::{Evidence, Method, Operation};
pub(crate) use crate::page::{Page, Rows};
pub(crate) use crate::query::{Dotted, Pairs, Query};
pub(crate) use crate::request::Request;
pub(crate) use crate::tolerant::tolerant;
pub(crate) use crate::upload::Upload;
pub(crate) use crate::value::Nullable;
pub(crate) use crate::wire;
