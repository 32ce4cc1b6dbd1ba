//! Decides whether a failed call is sent again, and when.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use super::budget::Budget;
use super::deadline::Deadline;
use crate::error::Error;

/// How often a call is attempted, and how long it waits in between.
///
/// A call is retried after the errors of [`Error::is_retryable`]: a POST is not repeated once it may have been received. No wait is
/// begun that the timeout of the call would cut off, and no attempt made beyond
/// [`ClientBuilder::retry_budget`](crate::ClientBuilder::retry_budget).
///
/// HTTP 429, and HTTP 503 with `Retry-After`, hold back all calls of the client and its clones until the wait is over, each for
/// [`RetryPolicy::max_backoff`] at most, also if the call that met it is not repeated. If the server asks for more than `max_backoff`,
/// no call waits. Without `Retry-After`, the pause doubles with each HTTP 429 until a call succeeds, and a call that was limited goes
/// before the others. Attempts that end in HTTP 429 do not count: what a call waits after them is at most `max_backoff` in all. After
/// ten of them it gives up if the server still does not say how long to wait.
///
/// A retried DELETE can end in an error whose [`Error::is_not_found`] is true although it deleted the object: the first attempt did,
/// and its response was lost. [`Error::attempts`] is above 1 then.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    pub(super) max_backoff: Duration,
    retry_if: Option<RetryIf>,
}

/// The function that decides in place of [`Error::is_retryable`].
#[derive(Clone)]
struct RetryIf(Arc<Decide>);

type Decide = dyn Fn(&Error, u32) -> bool + Send + Sync;

impl fmt::Debug for RetryIf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetryIf")
    }
}

impl Default for RetryPolicy {
    /// Three attempts, half a second after the first, never more than a minute.
    fn default() -> Self {
        let (initial_backoff, max_backoff) = (Duration::from_millis(500), Duration::from_secs(60));
        Self { max_attempts: 3, initial_backoff, max_backoff, retry_if: None }
    }
}

/// The attempts of a call.
#[derive(Debug)]
pub(crate) struct Attempts<'p> {
    policy: &'p RetryPolicy,
    pub(crate) deadline: Deadline,
    budget: &'p Budget,
    /// The number of the current attempt, counted from 1.
    number: u32,
    rate_limits: u32,
    /// How long attempts that ended in HTTP 429 made the call wait.
    rate_limited: Duration,
    /// Why there is no further attempt, if it is not for the last error.
    limit: Option<&'static str>,
}

/// A server that does not say how long to wait is not asked more often: the backoff of the caller can be zero.
const MAX_RATE_LIMITS: u32 = 10;

const OUT_OF_TIME: &str = "the timeout of the call leaves no time for another";
const OUT_OF_BUDGET: &str = "the client has used up its budget of retries, because too many calls fail";
const BACKOFF_TOO_LONG: &str = "the server asks for a wait longer than `max_backoff`";

impl<'p> Attempts<'p> {
    /// Starts with the first attempt.
    pub(crate) fn new(policy: &'p RetryPolicy, deadline: Deadline, budget: &'p Budget) -> Self {
        Self { policy, deadline, budget, number: 1, rate_limits: 0, rate_limited: Duration::ZERO, limit: None }
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// How many attempts ended in HTTP 429.
    pub(crate) fn rate_limits(&self) -> u32 {
        self.rate_limits
    }

    /// The wait before the next attempt, which becomes the current one, or `None` if there is to be none. Without `Retry-After`, it
    /// doubles with the number of `failures`.
    pub(crate) fn next(&mut self, error: &Error, is_replayable: bool, failures: u32) -> Option<Duration> {
        let wait = self.wait(error, is_replayable, failures)?;
        let is_rate_limited = error.is_rate_limited();
        // Rate limits share the longest wait.
        let waited = if is_rate_limited { self.rate_limited } else { Duration::ZERO };
        self.limit = match () {
            () if wait > self.policy.max_backoff.saturating_sub(waited) => Some(BACKOFF_TOO_LONG),
            () if !self.deadline.allows(wait) => Some(OUT_OF_TIME),
            () if !is_rate_limited && !self.budget.take() => Some(OUT_OF_BUDGET),
            () => None,
        };
        if self.limit.is_some() {
            return None;
        }
        self.number += 1;
        if is_rate_limited {
            self.rate_limits += 1;
            self.rate_limited += wait;
        }
        Some(wait)
    }

    /// The wait that the policy asks for after an error, or `None` if the call is not to be repeated.
    fn wait(&self, error: &Error, is_replayable: bool, failures: u32) -> Option<Duration> {
        let Self { policy, number, rate_limits, .. } = *self;
        let asked = error.retry_after().filter(|wait| !wait.is_zero());
        let is_last = if error.is_rate_limited() {
            asked.is_none() && rate_limits >= MAX_RATE_LIMITS
        } else {
            number - rate_limits >= policy.max_attempts
        };
        if policy.is_never() || is_last || !is_replayable || !policy.repeats(error, number) {
            return None;
        }
        Some(asked.unwrap_or_else(|| policy.backoff(failures)))
    }

    /// The error of a call whose last attempt failed.
    pub(crate) fn fail(&self, error: Error) -> Error {
        error.with_attempts(self.number, self.limit)
    }

    /// The error of a call whose current attempt is not made.
    pub(crate) fn out_of_time(&self, error: Error) -> Error {
        error.with_attempts(self.number - 1, Some(OUT_OF_TIME))
    }
}

impl RetryPolicy {
    /// Makes one attempt only, and does not wait while the server limits the rate.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Sets the maximum number of attempts, not counting those that end in HTTP 429. Default: 3. One is the same as
    /// [`RetryPolicy::never`].
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the wait after the first attempt. It doubles with each further one, and a part of it is random. Default: half a second.
    #[must_use]
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the maximum wait. Default: a minute. A call fails at once if the server asks for a longer one with `Retry-After`.
    #[must_use]
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Decides with a function of yours, in place of [`Error::is_retryable`], whether a call is sent again after an error and this
    /// number of attempts. The number of attempts, the waits, and the timeout of the call stay limited.
    ///
    /// A POST that may have been received is sent again if your function says so.
    ///
    /// ```
    /// use weeek_generated::RetryPolicy;
    ///
    /// let policy = RetryPolicy::default()
    ///     .retry_if(|error, attempt| error.is_retryable() || (error.is_server_error() && attempt == 1));
    /// ```
    #[must_use]
    pub fn retry_if(mut self, decide: impl Fn(&Error, u32) -> bool + Send + Sync + 'static) -> Self {
        self.retry_if = Some(RetryIf(Arc::new(decide)));
        self
    }

    fn repeats(&self, error: &Error, attempt: u32) -> bool {
        match &self.retry_if {
            Some(RetryIf(decide)) => decide(error, attempt),
            None => error.is_retryable(),
        }
    }

    /// How long all calls of the client wait after HTTP 429, and after HTTP 503 with `Retry-After`: as long as this call, or as the
    /// server asks for if it is not repeated. A wait that is too long for this call helps no other.
    pub(crate) fn pause(&self, error: &Error, wait: Option<Duration>) -> Option<Duration> {
        let asked = error.retry_after();
        let is_overload = error.is_rate_limited()
            || (asked.is_some() && error.status() == Some(reqwest::StatusCode::SERVICE_UNAVAILABLE));
        wait.or(asked).filter(|wait| is_overload && *wait <= self.max_backoff)
    }

    /// Whether a call is never repeated, and never held back.
    pub(crate) fn is_never(&self) -> bool {
        self.max_attempts == 1
    }

    /// The doubled wait. Half of it is random, so that clients that failed together do not return together.
    fn backoff(&self, failures: u32) -> Duration {
        let doubled = self.initial_backoff.saturating_mul(1 << (failures - 1).min(16)).min(self.max_backoff);
        doubled / 2 + doubled.mul_f64(random() / 2.0)
    }
}

/// A random number from 0 to 1.
pub(crate) fn random() -> f64 {
    let random = RandomState::new().build_hasher().finish() % 1000;
    f64::from(u16::try_from(random).unwrap_or(0)) / 1000.0
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
    use reqwest::{Method, StatusCode};

    use super::*;
    use crate::operation::{Evidence, Operation};
    use crate::response::RawResponse;

    static GET: Operation = Operation::new("x", Method::GET, "/x", Evidence::Live).idempotent();
    static POST: Operation = Operation::new("x", Method::POST, "/x", Evidence::Live);

    fn response(status: u16, retry_after: &str) -> Box<dyn Fn(&'static Operation) -> Error> {
        let status = StatusCode::from_u16(status).unwrap();
        let mut headers = HeaderMap::new();
        if !retry_after.is_empty() {
            headers.insert(RETRY_AFTER, HeaderValue::from_str(retry_after).unwrap());
        }
        Box::new(move |operation| {
            Error::api(&RawResponse { headers: headers.clone(), ..RawResponse::new(operation, status) })
        })
    }

    /// The least wait in milliseconds that follows, by idempotence: for a call that is, and for one that is not.
    #[test]
    fn a_call_is_retried_where_a_repeat_is_harmless() {
        let lost = || Box::new(|operation| Error::timed_out(operation, "no response"));
        let wrong = || Box::new(|_| Error::request("wrong"));
        for (number, error, idempotent, other) in [
            (1, response(429, ""), Some(250), Some(250)),
            (2, response(429, ""), Some(500), Some(500)),
            (3, response(429, ""), Some(1000), Some(1000)),
            (9, response(429, ""), None, None),
            (3, response(503, ""), None, None),
            (1, response(429, "7"), Some(7000), Some(7000)),
            (1, response(429, "0"), Some(250), Some(250)),
            (1, response(429, "61"), None, None),
            (1, response(408, ""), Some(250), None),
            (1, response(425, ""), Some(250), None),
            (1, response(503, ""), Some(250), None),
            (1, response(502, "2"), Some(2000), None),
            (1, response(500, ""), None, None),
            (1, response(400, ""), None, None),
            (1, lost(), Some(250), None),
            (1, wrong(), None, None),
        ] {
            for (operation, expected) in [(&GET, idempotent), (&POST, other)] {
                let error = error(operation);
                // Earlier attempts of a call that is rate limited were rate limited too.
                let rate_limited = if number > 8 { Duration::from_secs(60) } else { Duration::ZERO };
                let rate_limits = if error.is_rate_limited() { number - 1 } else { 0 };
                let budget = Budget::new(1);
                let next = |policy: &RetryPolicy, is_replayable| {
                    let mut attempts = Attempts {
                        number,
                        rate_limits,
                        rate_limited,
                        ..Attempts::new(policy, Deadline::default(), &budget)
                    };
                    attempts.next(&error, is_replayable, number).map(|wait| wait.as_millis())
                };
                let policy = RetryPolicy::default();
                match (next(&policy, true), expected) {
                    (Some(wait), Some(least)) => assert!((least..=2 * least).contains(&wait), "{error}: {wait} ms"),
                    (wait, expected) => assert_eq!(wait, expected, "{error}, {}", operation.method()),
                }
                assert_eq!(next(&policy, false), None);
                assert_eq!(next(&RetryPolicy::never(), true), None);
            }
        }
    }
}
