//! What the parts of a client refer to. New kinds of types are added here once, for every stage.

use super::{Body, Choice, Field, Operation, Response, TypeKind, TypeRef};

impl TypeRef {
    /// The named type in this type.
    pub(crate) fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) | Self::Boxed(name) => Some(name),
            Self::List(inner) | Self::StringMap(inner) | Self::Nullable(inner) => inner.named(),
            _ => None,
        }
    }

    pub(crate) fn named_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Named(name) | Self::Boxed(name) => Some(name),
            Self::List(inner) | Self::StringMap(inner) | Self::Nullable(inner) => inner.named_mut(),
            _ => None,
        }
    }
}

impl TypeKind {
    /// The properties that the type has itself.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        match self {
            Self::Struct(body) => body.fields.iter().collect(),
            Self::OneOf(fields) => fields.iter().collect(),
            Self::ExclusiveGroups(groups) => groups.iter().flat_map(|group| &group.fields).collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn fields_mut(&mut self) -> Vec<&mut Field> {
        match self {
            Self::Struct(body) => body.fields.iter_mut().collect(),
            Self::OneOf(fields) => fields.iter_mut().collect(),
            Self::ExclusiveGroups(groups) => groups.iter_mut().flat_map(|group| &mut group.fields).collect(),
            _ => Vec::new(),
        }
    }

    /// The types of its properties, values and parameters.
    pub(crate) fn refs(&self) -> Vec<&TypeRef> {
        match self {
            Self::TaggedBySibling { variants, .. } => variants.iter().map(|variant| &variant.ty).collect(),
            Self::Map { key, value, .. } => vec![key, value],
            Self::Query(parameters) => parameters.iter().map(|parameter| &parameter.ty).collect(),
            _ => self.fields().into_iter().map(|field| &field.ty).collect(),
        }
    }

    /// The names of the types that it refers to.
    pub(crate) fn type_names(&self) -> Vec<&str> {
        match self {
            Self::Tagged { variants, .. } => variants.iter().map(|variant| variant.ty.as_str()).collect(),
            _ => {
                let choices = self.choices().iter().map(|choice| choice.ty.as_str());
                self.refs().into_iter().filter_map(TypeRef::named).chain(choices).collect()
            }
        }
    }

    pub(crate) fn type_names_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Tagged { variants, .. } => variants.iter_mut().map(|variant| &mut variant.ty).collect(),
            Self::TaggedBySibling { variants, .. } => {
                variants.iter_mut().filter_map(|variant| variant.ty.named_mut()).collect()
            }
            Self::Map { key, value, .. } => key.named_mut().into_iter().chain(value.named_mut()).collect(),
            Self::Query(parameters) => parameters.iter_mut().filter_map(|parameter| parameter.ty.named_mut()).collect(),
            Self::Struct(body) => {
                let choices = body.choices.iter_mut().map(|choice| &mut choice.ty);
                body.fields.iter_mut().filter_map(|field| field.ty.named_mut()).chain(choices).collect()
            }
            _ => self.fields_mut().into_iter().filter_map(|field| field.ty.named_mut()).collect(),
        }
    }

    fn choices(&self) -> &[Choice] {
        match self {
            Self::Struct(body) => &body.choices,
            _ => &[],
        }
    }
}

impl Operation {
    /// The properties of the body that are arguments of the function.
    pub(crate) fn body_arguments(&self) -> &[Field] {
        match &self.body {
            Body::Arguments(fields) => fields,
            _ => &[],
        }
    }

    /// The type of a JSON body.
    pub(crate) fn body_type(&self) -> Option<&str> {
        match &self.body {
            Body::Json(name) => Some(name),
            _ => None,
        }
    }

    /// The names of the types that the request refers to.
    pub(crate) fn request_types(&self) -> Vec<&str> {
        let parameters = self.path_parameters.iter().chain(&self.required_query).map(|parameter| &parameter.ty);
        let refs = parameters.chain(self.body_arguments().iter().map(|field| &field.ty));
        refs.filter_map(TypeRef::named).chain(self.query.as_deref()).chain(self.body_type()).collect()
    }

    /// The name of the type that the response refers to.
    pub(crate) fn response_type(&self) -> Option<&str> {
        self.response.ty().and_then(TypeRef::named)
    }

    /// The names of all types that the operation refers to.
    pub(crate) fn type_names_mut(&mut self) -> Vec<&mut String> {
        let parameters = self.path_parameters.iter_mut().chain(&mut self.required_query);
        let mut names: Vec<&mut String> = parameters.filter_map(|parameter| parameter.ty.named_mut()).collect();
        names.extend(&mut self.query);
        match &mut self.body {
            Body::Json(name) => names.push(name),
            Body::Arguments(fields) => names.extend(fields.iter_mut().filter_map(|field| field.ty.named_mut())),
            Body::None | Body::Files(_) => {}
        }
        match &mut self.response {
            Response::Unit => {}
            Response::Item { ty, .. } | Response::Page { item: ty, .. } | Response::Body(ty) => {
                names.extend(ty.named_mut());
            }
        }
        names
    }
}

impl Response {
    /// The type of the value that the function returns.
    pub(crate) fn ty(&self) -> Option<&TypeRef> {
        match self {
            Self::Unit => None,
            Self::Item { ty, .. } | Self::Page { item: ty, .. } | Self::Body(ty) => Some(ty),
        }
    }
}
