//! The properties of an object of a response.

/// What the spec says of a property.
#[derive(Clone, Copy)]
pub(crate) struct Property {
    pub(crate) key: &'static str,
    pub(crate) is_required: bool,
    pub(crate) is_nullable: bool,
}

impl Property {
    pub(crate) const fn new(key: &'static str) -> Self {
        Self { key, is_required: false, is_nullable: false }
    }

    pub(crate) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    pub(crate) const fn nullable(self) -> Self {
        Self { is_nullable: true, ..self }
    }
}
