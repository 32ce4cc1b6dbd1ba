//! Limits the retries of a client.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a retry takes from the budget. A success gives back one.
const RETRY_COST: u64 = 5;

/// Retries that the client may still make. Where every call fails, retries only add to the load.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: AtomicU64,
    max: u64,
}

impl Budget {
    pub(crate) fn new(retries: u32) -> Self {
        let max = u64::from(retries) * RETRY_COST;
        Self { tokens: AtomicU64::new(max), max }
    }

    /// Takes the cost of a retry, if it is there.
    pub(crate) fn take(&self) -> bool {
        self.update(|tokens| tokens.checked_sub(RETRY_COST))
    }

    /// Gives back a part of a retry after a success.
    pub(crate) fn refill(&self) {
        if self.tokens.load(Ordering::Relaxed) < self.max {
            self.update(|tokens| Some((tokens + 1).min(self.max)));
        }
    }

    fn update(&self, change: impl FnMut(u64) -> Option<u64>) -> bool {
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_successes_pay_for_a_retry() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take() && !budget.take());
        (0..4).for_each(|_| budget.refill());
        assert!(!budget.take());
        (0..100).for_each(|_| budget.refill());
        assert!(budget.take() && budget.take() && !budget.take(), "it is never more than at first");
        assert!(!Budget::new(0).take());
    }
}
