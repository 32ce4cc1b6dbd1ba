//! Bounds a call in time, over all its attempts.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// When a call has to be over, if ever.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// Counts from now on. A timeout that is too long for the clock sets no deadline.
    pub(crate) fn after(timeout: Option<Duration>) -> Self {
        Self(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    /// Returns this deadline, or another one if it is not set.
    pub(crate) fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.0.is_some() { self } else { other() }
    }

    /// The time that is left, but at most `limit`.
    pub(crate) fn left(self, limit: Duration) -> Duration {
        self.0.map_or(limit, |end| end.saturating_duration_since(Instant::now()).min(limit))
    }

    /// Whether there is time for more than a wait.
    pub(crate) fn allows(self, wait: Duration) -> bool {
        self.0.is_none_or(|end| end.saturating_duration_since(Instant::now()) > wait)
    }

    /// Waits for `work`, which is pinned so that this future stays small. Returns `None` if the deadline passes before.
    pub(crate) async fn bound<T>(self, work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
        match self.0 {
            Some(end) => timeout_at(end, work).await.ok(),
            None => Some(work.await),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn a_deadline_bounds_waits_and_work() {
        let second = Duration::from_secs(1);
        for (timeout, allows, is_over) in [
            (None, true, false),
            (Some(Duration::MAX), true, false),
            (Some(60 * second), true, false),
            (Some(second), false, false),
            (Some(Duration::ZERO), false, true),
        ] {
            let deadline = Deadline::after(timeout);
            assert_eq!(deadline.allows(second), allows, "{timeout:?}");
            assert!(deadline.left(second) <= second);
            if is_over {
                assert_eq!(deadline.bound(pin!(std::future::pending::<()>())).await, None);
            }
            assert_eq!(deadline.bound(pin!(async { 1 })).await, Some(1), "work that is done is returned");
        }
    }
}
