//! When a call is repeated, and after how long.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, SystemTime};

use crate::error::{Error, Result};
use crate::trace;

/// How often a call is tried and how long it waits in between.
///
/// A refused connection and 429 are repeated for every call: nothing was done. 502, 503, 504 and a connection that broke
/// or timed out later are repeated only where the operation is idempotent; a POST is not repeated once it may have arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    base: Duration,
    longest: Duration,
}

impl Default for RetryPolicy {
    /// Three attempts, half a second after the first, never more than a minute.
    fn default() -> Self {
        Self { attempts: 3, base: Duration::from_millis(500), longest: Duration::from_secs(60) }
    }
}

impl RetryPolicy {
    /// Every call is tried once.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// How often a call is tried at most.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The wait after the first attempt; it doubles with each.
    #[must_use]
    pub fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// The longest wait. A server that asks for more is not asked again.
    #[must_use]
    pub fn longest(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// Waits before another attempt, or gives the error back where there is to be none.
    pub(crate) async fn pause(&self, attempt: u32, error: Error, may_repeat: bool) -> Result<()> {
        match may_repeat.then(|| self.wait(attempt, error.retry_after())).flatten() {
            Some(wait) => {
                trace::repeated(&error, wait);
                tokio::time::sleep(wait).await;
                Ok(())
            }
            None => Err(error),
        }
    }

    /// The wait after attempt number `attempt`, or none where that was the last.
    fn wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        if let Some(asked) = asked {
            return (asked <= self.longest).then_some(asked);
        }
        let doubled = self.base.saturating_mul(1 << (attempt - 1).min(16)).min(self.longest);
        // Half of the wait is drawn by chance, so that clients that failed together don't return together.
        let chance = RandomState::new().build_hasher().finish() % 1000;
        Some(doubled / 2 + doubled.mul_f64(f64::from(u16::try_from(chance).unwrap_or(0)) / 2000.0))
    }
}

/// `Retry-After` as seconds or as a date.
pub(crate) fn retry_after(header: &str) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
