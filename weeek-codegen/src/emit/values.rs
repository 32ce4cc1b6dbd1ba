//! Values of examples as Rust expressions. `None` stands for a value that does not fit its type, which `lint` reports.

use serde_json::{Map, Value};

use super::types;
use crate::ir::{Api, Field, SiblingVariant, Struct, TypeDef, TypeKind, TypeRef};
use crate::source::literal;

/// Writes values for a client.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) api: &'a Api,
    /// How many optional properties of an object to set.
    pub(super) most: usize,
}

impl Values<'_> {
    /// A value for an argument that accepts everything that converts into the type.
    pub(super) fn argument(self, ty: &TypeRef, nullable: bool, value: &Value) -> Option<String> {
        match (ty, value) {
            (_, Value::Null) if nullable => Some("None".to_owned()),
            (TypeRef::Number, value) => integer(value).or_else(|| number(value)),
            (TypeRef::String, Value::String(text)) => Some(literal(text)),
            (TypeRef::List(item), Value::Array(items)) if !nullable && !items.is_empty() => {
                Some(format!("[{}]", joined(items.iter().map(|value| self.argument(item, false, value)))?))
            }
            (TypeRef::Named(name), value) => {
                let definition = self.api.types.get(name)?;
                match definition.kind {
                    TypeKind::Tagged { .. } | TypeKind::TaggedBySibling { .. } if nullable => self.exact(ty, value),
                    _ => self.named(definition, value),
                }
            }
            _ => self.exact(ty, value),
        }
    }

    /// A value of the type itself.
    fn exact(self, ty: &TypeRef, value: &Value) -> Option<String> {
        Some(match (ty, value) {
            (TypeRef::Nullable(_), Value::Null) => "None".to_owned(),
            (TypeRef::Nullable(item), value) => format!("Some({})", self.exact(item, value)?),
            // A query has 0 and 1.
            (TypeRef::Boolean, value) => value.as_bool().or(value.as_i64().map(|number| number != 0))?.to_string(),
            (TypeRef::Integer, value) => integer(value)?,
            (TypeRef::Number, value) => number(value)?,
            (TypeRef::String, Value::String(text)) => format!("{}.to_owned()", literal(text)),
            (TypeRef::Date, Value::String(text)) => types::date(text)?,
            (TypeRef::Timestamp, Value::String(text)) => types::timestamp(text),
            (TypeRef::Json, value) => format!("serde_json::json!({})", json(value)?),
            (TypeRef::List(_), Value::Array(items)) if items.is_empty() => format!("<{}>::new()", types::plain(ty)),
            (TypeRef::List(item), Value::Array(items)) => {
                format!("vec![{}]", joined(items.iter().map(|value| self.exact(item, value)))?)
            }
            (TypeRef::StringMap(item), Value::Object(entries)) => {
                let pair = |(key, value): (&String, _)| {
                    Some(format!("({}.to_owned(), {})", literal(key), self.exact(item, value)?))
                };
                format!("<{}>::from([{}])", types::plain(ty), joined(entries.iter().map(pair))?)
            }
            (TypeRef::Named(name), value) => {
                let definition = self.api.types.get(name)?;
                let argument = self.named(definition, value)?;
                match definition.kind {
                    TypeKind::IntegerId
                    | TypeKind::StringId
                    | TypeKind::Tagged { .. }
                    | TypeKind::TaggedBySibling { .. } => format!("{name}::from({argument})"),
                    _ => argument,
                }
            }
            _ => return None,
        })
    }

    fn named(self, definition: &TypeDef, value: &Value) -> Option<String> {
        let name = &definition.name;
        Some(match (&definition.kind, value) {
            (TypeKind::IntegerId, value) => integer(value)?,
            (TypeKind::StringId, Value::String(text)) => literal(text),
            (TypeKind::StringEnum(variants), Value::String(text)) => {
                format!("{name}::{}", variants.iter().find(|variant| variant.value == *text)?.name)
            }
            (TypeKind::IntegerEnum(variants), value) => {
                let value = value.as_i64()?;
                format!("{name}::{}", variants.iter().find(|variant| variant.value == value)?.name)
            }
            (TypeKind::Struct(body), Value::Object(value)) => self.object(definition, body, value)?,
            (TypeKind::Tagged { tag, variants }, value) => {
                let tag = value.get(tag)?.as_str()?;
                let variant = variants.iter().find(|variant| variant.values.iter().any(|value| value == tag))?;
                self.named(self.api.types.get(&variant.ty)?, value)?
            }
            (TypeKind::TaggedBySibling { variants, .. }, value) => {
                let has = |ty: &TypeRef| variants.iter().any(|variant| variant.ty == *ty);
                match value {
                    Value::String(text) if has(&TypeRef::String) => literal(text),
                    Value::Bool(value) if has(&TypeRef::Boolean) => value.to_string(),
                    _ => {
                        let fits = |variant: &SiblingVariant| {
                            Some(format!("{name}::{}({})", variant.name, self.exact(&variant.ty, value)?))
                        };
                        variants.iter().find_map(fits)?
                    }
                }
            }
            (TypeKind::OneOf(fields), Value::Object(value)) => {
                let field = fields.iter().find(|field| value.contains_key(&field.wire_name))?;
                format!("{name}::{}({})", field.name, self.held(field, value)?)
            }
            (TypeKind::ExclusiveGroups(groups), Value::Object(value)) => {
                let is_given = |field: &Field| value.contains_key(&field.wire_name);
                let group = groups.iter().find(|group| group.fields.iter().any(is_given))?;
                let field = |field: &Field| Some(format!("{}: {}", field.name, self.held(field, value)?));
                format!("{name}::{} {{ {} }}", group.name, joined(group.fields.iter().map(field))?)
            }
            (TypeKind::Map { key, value: ty, .. }, Value::Object(entries)) => {
                let set = |(name, value): (&String, &Value)| {
                    let key = self.argument(key, false, &Value::String(name.clone()))?;
                    if value.is_null() {
                        return Some(format!(".clear({key})"));
                    }
                    Some(format!(".set({key}, {})", self.argument(ty, false, value)?))
                };
                format!("{name}::new(){}", entries.iter().map(set).collect::<Option<String>>()?)
            }
            _ => return None,
        })
    }

    /// The value of a field that holds `Option` where it is nullable.
    fn held(self, field: &Field, object: &Map<String, Value>) -> Option<String> {
        match object.get(&field.wire_name) {
            None | Some(Value::Null) => field.nullable.then(|| "None".to_owned()),
            Some(value) if field.nullable => Some(format!("Some({})", self.exact(&field.ty, value)?)),
            Some(value) => self.exact(&field.ty, value),
        }
    }

    /// `new` with what is required, and the setters of what the example has.
    fn object(self, definition: &TypeDef, body: &Struct, object: &Map<String, Value>) -> Option<String> {
        let (name, read_too) = (&definition.name, definition.in_response);
        let required = body.fields.iter().filter(|field| field.required).map(|field| {
            let value = object.get(&field.wire_name).unwrap_or(&Value::Null);
            match value {
                Value::Null if read_too && types::is_optional(field) => Some("None".to_owned()),
                value if read_too && types::is_optional(field) => self.exact(&field.ty, value),
                value => self.argument(&field.ty, field.nullable && !read_too, value),
            }
        });
        let setters = body.fields.iter().filter(|field| !field.required).filter_map(|field| {
            let value = object.get(&field.wire_name)?;
            let value = self.argument(&field.ty, field.nullable && !read_too, value)?;
            Some(format!(".{}({value})", field.name))
        });
        let choices = body.choices.iter().filter_map(|choice| {
            let value = self.named(self.api.types.get(&choice.ty)?, &Value::Object(object.clone()))?;
            Some(format!(".{}({value})", choice.name))
        });
        let setters = setters.chain(choices).take(self.most);
        Some(format!("{name}::new({}){}", joined(required)?, setters.collect::<String>()))
    }
}

/// What stands between brackets.
fn joined(items: impl Iterator<Item = Option<String>>) -> Option<String> {
    Some(items.collect::<Option<Vec<_>>>()?.join(", "))
}

/// A number without a fraction: without a suffix where the compiler finds the type alone.
fn integer(value: &Value) -> Option<String> {
    let value = value.as_i64()?;
    Some(if i32::try_from(value).is_ok() { value.to_string() } else { format!("{value}i64") })
}

fn number(value: &Value) -> Option<String> {
    Some(format!("{:?}", value.as_f64()?))
}

/// Any JSON, as `json!` takes it.
fn json(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(_) => integer(value).or_else(|| number(value))?,
        Value::String(text) => literal(text),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(json))?),
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, _)| Some(format!("{}: {}", literal(key), json(value)?));
            format!("{{ {} }}", joined(entries.iter().map(entry))?)
        }
    })
}
