//! Rules: which requests get which reply.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::reply::Reply;
use super::request::RecordedRequest;

type Predicate = Box<dyn Fn(&RecordedRequest) -> bool + Send + Sync>;
type NextReply = Box<dyn Fn(&RecordedRequest) -> Option<Reply> + Send + Sync>;

/// A rule under construction: the requests that it is for.
#[must_use = "a rule does nothing without a reply"]
pub struct Rule<'m> {
    rules: &'m Mutex<Vec<Arc<Entry>>>,
    predicate: Predicate,
}

/// A rule with its replies. It gives none once they are used up.
pub(super) struct Entry {
    predicate: Predicate,
    next: NextReply,
}

impl<'m> Rule<'m> {
    pub(super) fn new(rules: &'m Mutex<Vec<Arc<Entry>>>, predicate: Predicate) -> Self {
        Self { rules, predicate }
    }

    /// Gives every request this reply.
    pub fn reply(self, reply: Reply) {
        self.reply_with(move |_| reply.clone());
    }

    /// Gives each request the next of these replies. After the last one the rule counts no more.
    pub fn reply_in_turn(self, replies: impl IntoIterator<Item = Reply>) {
        let replies: Mutex<VecDeque<_>> = Mutex::new(replies.into_iter().collect());
        self.add(move |_| lock(&replies).pop_front());
    }

    /// Gives every request the reply that a function makes of it.
    pub fn reply_with(self, reply: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) {
        self.add(move |request| Some(reply(request)));
    }

    fn add(self, next: impl Fn(&RecordedRequest) -> Option<Reply> + Send + Sync + 'static) {
        lock(self.rules).push(Arc::new(Entry { predicate: self.predicate, next: Box::new(next) }));
    }
}

impl Entry {
    pub(super) fn reply(&self, request: &RecordedRequest) -> Option<Reply> {
        if (self.predicate)(request) { (self.next)(request) } else { None }
    }
}

impl fmt::Debug for Rule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rule")
    }
}

/// A test that panics while it holds a lock fails anyway.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
