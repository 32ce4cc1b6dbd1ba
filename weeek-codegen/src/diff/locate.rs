//! Where the spec describes what changes, and the resource it belongs to.

use super::{Action, Change, Location, Spec, Subject};
use crate::ir::Resource;

/// Sets the resource and the location of a change.
pub(super) fn locate(change: &mut Change, old: &Spec, new: &Spec) {
    let is_old = change.action == Action::Removed;
    let spec = if is_old { old } else { new };
    // `notes().add -> notes().create`, `notes().get(note_id)`, `Note`.
    let name = change.name.rsplit(" -> ").next().unwrap_or_default();
    let found = match change.subject {
        Subject::Operation => spec.api.resources.iter().find_map(|resource| of_operation(resource, name)),
        Subject::Type => {
            let owns = |resource: &&Resource| resource.types.iter().any(|ty| ty == name);
            spec.api.resources.iter().find(owns).map(|resource| {
                let operation = resource.operations.iter().find(|operation| operation.query.as_deref() == Some(name));
                (resource, operation.map(|operation| operation.id.as_str()))
            })
        }
        Subject::Client => None,
    };
    let Some((resource, operation)) = found else { return };
    change.resource.clone_from(&resource.name);
    let line = operation.and_then(|id| spec.lines.get(id)).or_else(|| spec.lines.get(name));
    let operation = operation.map(str::to_owned);
    change.location = line.map(|line| Location { is_old, line: *line, operation });
}

/// The resource of the function, and its operation id; `notes()` is the resource itself.
fn of_operation<'s>(resource: &'s Resource, name: &str) -> Option<(&'s Resource, Option<&'s str>)> {
    let (handle, rest) = name.split_once("()")?;
    let function = rest.trim_start_matches('.').split('(').next()?;
    let operation = resource.operations.iter().find(|operation| operation.function == function);
    (resource.name == handle).then(|| (resource, operation.map(|operation| operation.id.as_str())))
}
