//! The ids in the examples of the spec.

pub(crate) const NORA: &str = "5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34";
pub(crate) const BUDGET: &str = "9d2e4b7a-5c81-4f36-8e0d-2a6f9b3c1d47";
pub(crate) const SOURCE: &str = "3f9a6c1b-8d27-4e50-a4b3-7c0e5d2f9186";
pub(crate) const REFERRAL: &str = "e7b13d58-4f62-4c9d-9a07-1b8c6e3f5a24";
pub(crate) const OTHER_OPTION: &str = "b46c0d92-8e17-4a53-9f28-5d0e7c1b3a69";
pub(crate) const PROJECT: i64 = 42;
pub(crate) const TASK: i64 = 1501;
pub(crate) const NEIGHBOR: i64 = 1498;
pub(crate) const STATUS: &str = "Wd5hY1sGc9JtQe4M";
pub(crate) const DEAL: &str = "Kq3vT8nXb2LmPz7R";
pub(crate) const CONTACT: &str = "91e4d7b2-0c6a-4a38-b5f9-3e7c1a8d2f60";
