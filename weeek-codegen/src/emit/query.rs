//! The optional parameters of a list.

use super::types;
use crate::emit::docs::prose;
use crate::ir::{Encoding, Parameter, TypeDef, TypeRef};
use crate::source::{Docs, Source};

pub(super) fn query(out: &mut Source, definition: &TypeDef, parameters: &[Parameter], docs: &str) {
    let name = &definition.name;
    out.open("query_object! {");
    out.docs(docs);
    out.open(&format!("pub struct {name} {{"));
    for Parameter { name, wire_name, docs, ty, encoding, .. } in parameters {
        let fact = match encoding {
            Encoding::Plain => "",
            Encoding::DottedDate => " dotted",
            Encoding::List => " list",
            Encoding::Objects => " objects",
        };
        out.docs(&prose(docs));
        out.line(&format!("{name}: {} = {wire_name:?}{fact},", types::plain(item(ty))));
    }
    out.close("}");
    out.close("}");
    let texts = Docs::default();
    let renamed = parameters.iter().map(|Parameter { name, ty, aliases, .. }| {
        let generics = if matches!(ty, TypeRef::List(_)) { "" } else { "<M>" };
        types::alias_setters(aliases, name, generics, &types::filter(ty), &texts)
    });
    types::methods(out, name, &renamed.collect(), &texts);
}

/// The type of one value of a parameter.
fn item(ty: &TypeRef) -> &TypeRef {
    if let TypeRef::List(item) = ty { item } else { ty }
}
