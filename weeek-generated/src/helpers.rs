//! What programs ask of models, beside their fields: custom fields by name and as text, and names of people.

#[cfg(any(feature = "crm", feature = "task-manager"))]
mod custom_fields {
    use std::fmt::{self, Display};
    use std::slice;

    #[allow(clippy::wildcard_imports, reason = "the models in use depend on the areas that are compiled in")]
    use crate::models::*;

    /// Without its field, a stored value is read as a boolean, a number, a timestamp, selected options or a string: its JSON does not say
    /// whether a string is an id or a link. Store the [`CustomFieldWithValue`] to keep the kind.
    impl CustomFieldValue {
        /// The string of a text or link.
        #[inline]
        pub fn as_str(&self) -> Option<&str> {
            match self {
                Self::Text(text) | Self::Link(text) => Some(text),
                _ => None,
            }
        }

        /// The boolean.
        #[inline]
        pub fn as_bool(&self) -> Option<bool> {
            if let Self::Boolean(value) = self { Some(*value) } else { None }
        }

        /// The number.
        #[inline]
        pub fn as_f64(&self) -> Option<f64> {
            if let Self::Number(number) = self { Some(*number) } else { None }
        }

        /// The timestamp.
        #[inline]
        pub fn as_timestamp(&self) -> Option<jiff::Timestamp> {
            if let Self::DateTime(timestamp) = self { Some(*timestamp) } else { None }
        }

        /// The selected options of a select or multiselect field; empty for other kinds. [`CustomFieldWithValue::option_names`] has their
        /// names.
        #[inline]
        pub fn option_ids(&self) -> &[CustomFieldOptionId] {
            match self {
                Self::Select(id) => slice::from_ref(id),
                Self::MultiSelect(ids) => ids,
                _ => &[],
            }
        }

        /// The members of a member or approval field; empty for other kinds.
        #[inline]
        pub fn member_ids(&self) -> &[UserId] {
            match self {
                Self::Member(ids) | Self::Approval(ids) => ids,
                _ => &[],
            }
        }
    }

    /// The ids of options.
    impl From<Vec<&str>> for CustomFieldValue {
        #[inline]
        fn from(ids: Vec<&str>) -> Self {
            Self::MultiSelect(ids.into_iter().map(Into::into).collect())
        }
    }

    /// The ids of options.
    impl From<Vec<String>> for CustomFieldValue {
        #[inline]
        fn from(ids: Vec<String>) -> Self {
            Self::MultiSelect(ids.into_iter().map(Into::into).collect())
        }
    }

    /// The value as text, with ids as they are. [`CustomFieldWithValue::text`] has the names of options.
    impl Display for CustomFieldValue {
        #[inline]
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self {
                Self::Text(text) | Self::Link(text) => f.write_str(text),
                Self::Boolean(value) => value.fmt(f),
                Self::DateTime(timestamp) => timestamp.fmt(f),
                Self::Number(number) => number.fmt(f),
                Self::Contact(id) => id.fmt(f),
                Self::Select(_) | Self::MultiSelect(_) => f.write_str(&join(self.option_ids())),
                Self::Member(_) | Self::Approval(_) => f.write_str(&join(self.member_ids())),
                Self::Unknown(json) => json.fmt(f),
            }
        }
    }

    impl CustomFieldWithValue {
        /// The names of the selected options. An option that the field does not have is left out.
        #[inline]
        pub fn option_names(&self) -> impl Iterator<Item = &str> {
            let ids = self.value.as_ref().map_or(&[][..], CustomFieldValue::option_ids);
            ids.iter().filter_map(|id| self.option_name(id))
        }

        #[inline]
        fn option_name(&self, id: &CustomFieldOptionId) -> Option<&str> {
            self.options.iter().find(|option| option.id == *id).map(|option| option.name.as_str())
        }

        /// The value as text, with the names of options; empty without a value. An option that the field does not have keeps its id.
        ///
        /// ```
        /// # use weeek_generated::models::*;
        /// let task: Task = serde_json::from_value(serde_json::json!({
        ///     "id": 17,
        ///     "customFields": [{
        ///         "id": "f", "name": "Source", "type": "select", "value": "o",
        ///         "options": [{"id": "o", "name": "Referral", "color": "blue"}],
        ///     }],
        /// }))
        /// .unwrap();
        /// assert_eq!(task.custom_field("Source").unwrap().text(), "Referral");
        /// ```
        #[inline]
        pub fn text(&self) -> String {
            match &self.value {
                Some(value) if value.option_ids().is_empty() => value.to_string(),
                Some(value) => {
                    let name = |id| self.option_name(id).unwrap_or(id.as_str());
                    value.option_ids().iter().map(name).collect::<Vec<_>>().join(", ")
                }
                None => String::new(),
            }
        }
    }

    impl<K: Into<CustomFieldId>, V: Into<CustomFieldValue>> FromIterator<(K, V)> for CustomFieldValues {
        #[inline]
        fn from_iter<I: IntoIterator<Item = (K, V)>>(values: I) -> Self {
            values.into_iter().fold(Self::new(), |all, (key, value)| all.set(key, value))
        }
    }

    macro_rules! find_by_name {
        ($($feature:literal $object:ident -> $field:ident),+) => {$(
            #[cfg(feature = $feature)]
            impl $object {
                /// The first custom field with this name.
                #[inline]
                pub fn custom_field(&self, name: &str) -> Option<&$field> {
                    self.custom_fields.iter().find(|field| field.name.as_deref() == Some(name))
                }
            }
        )+};
    }

    find_by_name!(
        "task-manager" Task -> CustomFieldWithValue,
        "task-manager" Project -> CustomField,
        "crm" Deal -> CustomFieldWithValue,
        "crm" Funnel -> CustomField
    );

    #[inline]
    fn join(ids: &[impl Display]) -> String {
        ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(any(feature = "crm", feature = "workspace"))]
mod people {
    #[allow(clippy::wildcard_imports, reason = "the models in use depend on the areas that are compiled in")]
    use crate::models::*;

    macro_rules! display_name {
        ($($feature:literal $person:ident ($self:ident) -> $first:expr, $email:expr;)+) => {$(
            #[cfg(feature = $feature)]
            impl $person {
                /// The given name and the family name; the email if there is neither.
                #[inline]
                pub fn display_name(&$self) -> String {
                    let names = [$first, $self.last_name.as_deref()];
                    let names: Vec<_> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
                    if names.is_empty() { $email.unwrap_or_default() } else { names.join(" ") }
                }
            }
        )+};
    }

    display_name! {
        "workspace" WorkspaceMember(self) -> self.first_name.as_deref(), Some(self.email.clone());
        "workspace" UserProfile(self) -> self.first_name.as_deref(), Some(self.email.clone());
        "crm" Contact(self) -> Some(self.first_name.as_str()), self.emails.first().map(|email| email.email.clone());
    }
}
