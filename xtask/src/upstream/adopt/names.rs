//! The names of an operation and of its types, by the rules of our spec.

/// Endings of paths that are verbs.
const ACTIONS: [&str; 10] =
    ["add", "archive", "complete", "move", "set", "start", "stop", "transfer", "unarchive", "uncomplete"];

/// What an operation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) tag: String,
    pub(super) resource: String,
    verb: String,
    /// What is nested in the resource, in the singular: `comment`.
    nested: String,
    is_list: bool,
    /// The id that a person chose.
    id: Option<String>,
}

impl Named {
    /// The name of an operation whose path has these segments below its family's.
    pub(super) fn new(tag: String, resource: String, method: &str, rest: &[&str], id: Option<&str>) -> Self {
        let last = rest.iter().rfind(|segment| !segment.starts_with('{')).copied().unwrap_or_default();
        let ends_with_id = rest.last().is_some_and(|segment| segment.starts_with('{'));
        let is_action = method == "POST" && !ends_with_id && ACTIONS.contains(&lower_first(&words(last)).as_str());
        let is_plural = last.is_empty() || singular(last) != last;
        let verb = match method {
            _ if is_action => lower_first(&words(last)),
            "GET" if !ends_with_id && is_plural => "list".to_owned(),
            "POST" if is_plural => "create".to_owned(),
            "POST" => "set".to_owned(),
            "DELETE" if !ends_with_id && !last.is_empty() => "remove".to_owned(),
            "PUT" => "update".to_owned(),
            _ => method.to_lowercase(),
        };
        let is_list = verb == "list";
        let nested = if is_action { String::new() } else { singular(last) };
        let mut named = Self { tag, resource, verb, nested, is_list, id: id.map(str::to_owned) };
        if let Some((_, function)) = id.and_then(|id| id.split_once('.')) {
            let nested = upper_first(&words(&named.nested));
            let verb = function.strip_suffix(&plural(&nested)).or_else(|| function.strip_suffix(&nested));
            verb.filter(|verb| !verb.is_empty()).unwrap_or(function).clone_into(&mut named.verb);
            named.is_list = function.starts_with("list");
        }
        named
    }

    /// `tasks.listComments`
    pub(super) fn id(&self) -> String {
        if let Some(id) = &self.id {
            return id.clone();
        }
        let owner = lower_first(&words(&self.tag));
        let nested = upper_first(&words(&self.nested));
        let nested = if self.is_list && !nested.is_empty() { plural(&nested) } else { nested };
        let nested = if self.verb.ends_with(&nested) { "" } else { &nested };
        format!("{owner}.{}{nested}", self.verb)
    }

    /// Whether it makes something new.
    pub(super) fn creates(&self) -> bool {
        self.verb.starts_with("create")
    }

    /// `task comment`: what it is about, for people.
    pub(super) fn noun(&self) -> String {
        let noun = if self.nested.is_empty() { spaced(&self.resource) } else { self.nested.clone() };
        noun.replace(['-', '_'], " ").to_lowercase()
    }

    /// One sentence, where the verb makes one.
    pub(super) fn summary(&self) -> Option<String> {
        let noun = self.noun();
        let one = article(&noun);
        Some(match self.verb.as_str() {
            "list" => format!("List the {}.", plural(&noun)),
            "get" => format!("Get {one}."),
            "create" => format!("Create {one}."),
            "update" | "patch" => format!("Update {one}."),
            "delete" => format!("Delete {one}."),
            "archive" => format!("Archive {one}."),
            _ => return None,
        })
    }

    /// The name of a schema that the resource has: `Comment` is `TaskComment`.
    pub(super) fn owned(&self, name: &str) -> String {
        if name.starts_with(&self.resource) { name.to_owned() } else { format!("{}{name}", self.resource) }
    }

    /// `CreateTaskComment`
    pub(super) fn body(&self) -> String {
        format!("{}{}", upper_first(&self.verb), self.response(false))
    }

    /// `TaskComment`, `TaskComments`
    pub(super) fn response(&self, is_list: bool) -> String {
        let name = format!("{}{}", self.resource, upper_first(&words(&self.nested)));
        if is_list { plural(&name) } else { name }
    }

    /// The description of a schema of this operation, where its name is enough to know it.
    pub(super) fn about(&self, name: &str) -> Option<String> {
        let one = upper_first(&article(&self.noun()));
        Some(match self.verb.as_str() {
            _ if name == self.response(false) => format!("{one}."),
            "create" if name == self.body() => format!("{one} to be created."),
            "update" | "patch" if name == self.body() => format!("Changes to {}.", lower_first(&one)),
            _ => return None,
        })
    }
}

/// `BoardColumn` is `board column`.
pub(super) fn spaced(name: &str) -> String {
    let letter =
        |letter: char| if letter.is_uppercase() { format!(" {}", letter.to_lowercase()) } else { letter.to_string() };
    name.chars().map(letter).collect::<String>().trim().to_owned()
}

/// `a board`, `an address`
pub(super) fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// Words as one: `time-entries`, `Board columns` become `timeEntries`, `BoardColumns`.
pub(super) fn words(text: &str) -> String {
    let mut words = text.split(['-', '_', ' ', '.']).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    first + &words.map(upper_first).collect::<String>()
}

pub(super) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + letters.as_str())
}

/// The singular of a word.
pub(super) fn singular(word: &str) -> String {
    match word {
        _ if word.ends_with("ies") => format!("{}y", &word[..word.len() - 3]),
        _ if ["sses", "uses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end)) => {
            word[..word.len() - 2].to_owned()
        }
        _ if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") => word[..word.len() - 1].to_owned(),
        _ => word.to_owned(),
    }
}

/// The plural of a word.
pub(super) fn plural(word: &str) -> String {
    match word {
        _ if word.ends_with('y') && !word.ends_with("ay") && !word.ends_with("ey") => {
            format!("{}ies", &word[..word.len() - 1])
        }
        _ if ["s", "x", "ch", "sh"].iter().any(|end| word.ends_with(end)) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}
