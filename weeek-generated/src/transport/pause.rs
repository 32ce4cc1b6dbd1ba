//! Holds back the calls of a client while the server asks it to slow down.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::retry::random;

/// The most that is added to a pause, so that the calls that waited do not all return at once.
const MAX_SPREAD: Duration = Duration::from_secs(1);

/// The end of the pause, if there is one. Clones of a client share it.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<Option<Instant>>);

impl Pause {
    /// Holds back every call until the wait is over.
    pub(crate) fn extend(&self, wait: Duration) {
        let end = Instant::now() + wait;
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = Some(pause.map_or(end, |other| other.max(end)));
    }

    /// Waits until the pause is over.
    pub(crate) async fn wait(&self) {
        while let Some(rest) = self.rest() {
            sleep(rest + (rest / 4).min(MAX_SPREAD).mul_f64(random())).await;
        }
    }

    fn rest(&self) -> Option<Duration> {
        let mut pause = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = pause.map(|end| end.saturating_duration_since(Instant::now())).filter(|rest| !rest.is_zero());
        if rest.is_none() {
            *pause = None;
        }
        rest
    }
}
