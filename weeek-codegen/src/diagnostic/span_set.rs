//! A set of spans with fast lookup.

use std::collections::BTreeMap;
use std::ops::Range;

/// Spans that do not overlap: those that overlap are joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SpanSet {
    /// End by start.
    spans: BTreeMap<usize, usize>,
}

impl SpanSet {
    pub(crate) fn add(&mut self, span: &Range<usize>) {
        let (mut start, mut end) = (span.start, span.end);
        while let Some((&low, &high)) = self.spans.range(..=end).next_back().filter(|(_, high)| **high >= start) {
            (start, end) = (start.min(low), end.max(high));
            self.spans.remove(&low);
        }
        self.spans.insert(start, end);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    pub(crate) fn extend(&mut self, others: &Self) {
        others.spans.iter().for_each(|(start, end)| self.add(&(*start..*end)));
    }

    /// Whether one of the spans contains `span`.
    pub(crate) fn contains(&self, span: &Range<usize>) -> bool {
        self.spans.range(..=span.start).next_back().is_some_and(|(_, end)| *end >= span.end)
    }

    /// Whether one of the spans overlaps `span`.
    pub(crate) fn overlaps(&self, span: &Range<usize>) -> bool {
        self.spans.range(..span.end.max(span.start + 1)).next_back().is_some_and(|(_, end)| *end > span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_spans_are_joined() {
        let mut set = SpanSet::default();
        for span in [10..20, 30..40, 15..32, 50..60] {
            set.add(&span);
        }
        assert_eq!(set.spans, BTreeMap::from([(10, 40), (50, 60)]));
        assert!(set.contains(&(12..38)) && !set.contains(&(38..52)) && !set.contains(&(5..12)));
        assert!(set.overlaps(&(38..52)) && set.overlaps(&(0..11)) && !set.overlaps(&(40..50)));
    }
}
