//! Holds back the calls of a client while the server asks it to slow down.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::retry::random;

/// The most that is added to a pause, so that the calls that waited do not all return at once.
const MAX_SPREAD: Duration = Duration::from_secs(1);

/// A server may ask for more than fits into an instant.
pub(crate) const MAX_PAUSE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The end of the pause, if there is one. Clones of a client share it.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<Option<Instant>>);

impl Pause {
    /// Holds back every call until the wait is over.
    pub(crate) fn extend(&self, wait: Duration) {
        let end = Instant::now() + wait.min(MAX_PAUSE);
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = Some(pause.map_or(end, |other| other.max(end)));
    }

    /// Waits until the pause is over, or as long as the limit: other calls may extend it again and again. Returns how long it was.
    pub(crate) async fn wait(&self, limit: Duration) -> Duration {
        let mut waited = Duration::ZERO;
        while let Some(rest) = self.rest().filter(|_| waited < limit) {
            let start = Instant::now();
            sleep((rest + (rest / 4).min(MAX_SPREAD).mul_f64(random())).min(limit.saturating_sub(waited))).await;
            waited += start.elapsed();
        }
        waited
    }

    pub(crate) fn rest(&self) -> Option<Duration> {
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = pause.map(|end| end.saturating_duration_since(Instant::now())).filter(|rest| !rest.is_zero());
        if rest.is_none() {
            *pause = None;
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pause_ends_with_the_limit_of_a_call() {
        let pause = Pause::default();
        pause.wait(Duration::MAX).await;
        pause.extend(Duration::MAX);
        pause.extend(Duration::ZERO);
        assert!(pause.rest() > Some(MAX_PAUSE / 2));
        let start = Instant::now();
        pause.wait(Duration::from_millis(5)).await;
        assert!(start.elapsed() >= Duration::from_millis(5));
    }
}
