//! Parts of a document, kept so that a place is looked up fast.

use std::collections::BTreeMap;
use std::ops::Range;

/// Ranges that do not overlap: those that did were joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scopes {
    /// End by start.
    ranges: BTreeMap<usize, usize>,
}

impl Scopes {
    pub(crate) fn add(&mut self, span: &Range<usize>) {
        let (mut start, mut end) = (span.start, span.end);
        while let Some((&low, &high)) = self.ranges.range(..=end).next_back().filter(|(_, high)| **high >= start) {
            (start, end) = (start.min(low), end.max(high));
            self.ranges.remove(&low);
        }
        self.ranges.insert(start, end);
    }

    /// Adds every part of `others`.
    pub(crate) fn extend(&mut self, others: &Self) {
        others.ranges.iter().for_each(|(start, end)| self.add(&(*start..*end)));
    }

    /// Whether `span` lies within one of the parts.
    pub(crate) fn hold(&self, span: &Range<usize>) -> bool {
        self.ranges.range(..=span.start).next_back().is_some_and(|(_, end)| *end >= span.end)
    }

    /// Whether `span` overlaps one of the parts.
    pub(crate) fn touch(&self, span: &Range<usize>) -> bool {
        self.ranges.range(..span.end.max(span.start + 1)).next_back().is_some_and(|(_, end)| *end > span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_overlap_are_one() {
        let mut scopes = Scopes::default();
        for span in [10..20, 30..40, 15..32, 50..60] {
            scopes.add(&span);
        }
        assert_eq!(scopes.ranges, BTreeMap::from([(10, 40), (50, 60)]));
        assert!(scopes.hold(&(12..38)) && !scopes.hold(&(12..45)) && !scopes.hold(&(5..12)));
        assert!(scopes.touch(&(5..12)) && scopes.touch(&(39..45)) && !scopes.touch(&(40..50)));
    }
}
