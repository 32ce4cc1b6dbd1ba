//! Texts of the document.

use std::collections::HashSet;
use std::ops::Deref;
use std::rc::Rc;

/// A text of the document, shared where it repeats.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Text(Rc<str>);

/// Longer texts are descriptions, which hardly repeat.
const SHORT: usize = 32;

/// Gives out texts. Half of what a document consists of are the same few hundred words: kept once, they take neither space
/// nor time.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    known: HashSet<Rc<str>>,
}

impl Texts {
    pub(crate) fn get(&mut self, text: &str) -> Text {
        if text.len() > SHORT {
            return Text(text.into());
        }
        if let Some(known) = self.known.get(text) {
            return Text(Rc::clone(known));
        }
        let new: Rc<str> = text.into();
        self.known.insert(Rc::clone(&new));
        Text(new)
    }
}

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<Text> for &str {
    fn eq(&self, other: &Text) -> bool {
        **self == *other.0
    }
}
