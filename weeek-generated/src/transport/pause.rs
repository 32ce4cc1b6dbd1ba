//! Holds back the calls of a client while the server asks it to slow down.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::retry::random;

/// The most that is added to a pause, so that the calls that waited do not all return at once.
const MAX_SPREAD: Duration = Duration::from_secs(1);

/// A server may ask for more than fits into an instant.
pub(crate) const MAX_PAUSE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Clones of a client share it.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The end of the pause, if there is one.
    end: Option<Instant>,
    /// The rate limits since the last success.
    rate_limits: u32,
}

impl Pause {
    /// Holds back every call until the wait is over.
    pub(crate) fn extend(&self, wait: Duration) {
        let end = Instant::now() + wait.min(MAX_PAUSE);
        let mut state = self.state();
        state.end = state.end.max(Some(end));
    }

    /// Counts a rate limit, and returns how many there were since the last success. Requests that were on their way together count once.
    pub(crate) fn count_rate_limit(&self) -> u32 {
        let mut state = self.state();
        if state.rest().is_none() || state.rate_limits == 0 {
            state.rate_limits += 1;
        }
        state.rate_limits
    }

    pub(crate) fn count_success(&self) {
        self.state().rate_limits = 0;
    }

    /// Waits until the pause is over, or as long as the limit: other calls may extend it again and again. Returns how long it was.
    /// The more often the server has limited a call, the earlier it returns among the others, so that it does not lose again.
    pub(crate) async fn wait(&self, limit: Duration, rate_limits: u32) -> Duration {
        let mut waited = Duration::ZERO;
        while let Some(rest) = self.rest().filter(|_| waited < limit) {
            let start = Instant::now();
            let spread = (rest / 4).min(MAX_SPREAD) / (1 << rate_limits.min(16));
            sleep((rest + spread.mul_f64(random())).min(limit.saturating_sub(waited))).await;
            waited += start.elapsed();
        }
        waited
    }

    pub(crate) fn rest(&self) -> Option<Duration> {
        self.state().rest()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn rest(&mut self) -> Option<Duration> {
        let rest = self.end.map(|end| end.saturating_duration_since(Instant::now())).filter(|rest| !rest.is_zero());
        if rest.is_none() {
            self.end = None;
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
        pause.wait(Duration::MAX, 0).await;
        pause.extend(Duration::MAX);
        pause.extend(Duration::ZERO);
        assert!(pause.rest() > Some(MAX_PAUSE / 2));
        let start = Instant::now();
        pause.wait(Duration::from_millis(5), 0).await;
        assert!(start.elapsed() >= Duration::from_millis(5));
    }

    #[tokio::test(start_paused = true)]
    async fn rate_limits_count_from_the_last_success_and_once_for_each_pause() {
        let (pause, second) = (Pause::default(), Duration::from_secs(1));
        for expected in 1..4 {
            assert_eq!(pause.count_rate_limit(), expected);
            pause.extend(second);
            assert_eq!(pause.count_rate_limit(), expected);
            pause.wait(second, 0).await;
        }
        pause.count_success();
        pause.extend(second);
        assert_eq!(pause.count_rate_limit(), 1);
    }
}
