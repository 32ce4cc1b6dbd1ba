//! What holds back the calls of a client: its own limits, and those of the server. Clones of a client share it.

use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::budget::Budget;
use super::pause::{MAX_PAUSE, Pause};

#[derive(Debug)]
pub(crate) struct Pace {
    pub(crate) pause: Pause,
    pub(crate) budget: Budget,
    places: Option<Semaphore>,
    rate: Option<Rate>,
}

/// The place of a request among those that are on their way at once.
pub(crate) type Place<'p> = Option<SemaphorePermit<'p>>;

impl Pace {
    pub(crate) fn new(budget: Budget, rate: Option<Rate>, max_concurrent_requests: Option<usize>) -> Self {
        let places = max_concurrent_requests.map(|places| Semaphore::new(places.min(Semaphore::MAX_PERMITS)));
        Self { pause: Pause::default(), budget, places, rate }
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.places.is_some() || self.rate.is_some()
    }

    /// Waits until a request may be sent, in the order of the calls. The pauses of the server hold it back for `max_pause` at most.
    pub(crate) async fn turn(&self, max_pause: Duration, rate_limits: u32) -> Place<'_> {
        let place = match &self.places {
            Some(places) => places.acquire().await.ok(),
            None => None,
        };
        let mut left = max_pause;
        loop {
            left = left.saturating_sub(self.pause.wait(left, rate_limits).await);
            let Some(rate) = &self.rate else { return place };
            rate.wait().await;
            // A pause may have begun since.
            if left.is_zero() || self.pause.rest().is_none() {
                return place;
            }
        }
    }
}

/// Lets requests pass one after another.
#[derive(Debug)]
pub(crate) struct Rate {
    interval: Duration,
    /// When the next request may be sent. The lock is fair, and a call that is dropped while it waits leaves its time to the next.
    next: Mutex<Instant>,
}

impl Rate {
    /// Returns `None` if the rate is not a positive number.
    pub(crate) fn new(per_second: f64) -> Option<Self> {
        let seconds = Some(per_second.recip()).filter(|_| per_second > 0.0)?;
        let interval = Duration::try_from_secs_f64(seconds).ok()?.min(MAX_PAUSE);
        Some(Self { interval, next: Mutex::new(Instant::now()) })
    }

    async fn wait(&self) {
        let mut next = self.next.lock().await;
        sleep_until(*next).await;
        // What a timer is late does not add up.
        let earliest = Instant::now().checked_sub(self.interval).unwrap_or(*next);
        *next = (*next).max(earliest) + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_positive_number() {
        for (rate, millis) in [(4.0, 250), (0.5, 2000), (1000.0, 1), (f64::INFINITY, 0)] {
            assert_eq!(Rate::new(rate).unwrap().interval.as_millis(), millis);
        }
        assert!([0.0, -1.0, f64::NAN, f64::NEG_INFINITY].iter().all(|&rate| Rate::new(rate).is_none()));
    }
}
