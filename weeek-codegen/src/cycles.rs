//! Finds cycles in graphs of names.

use std::collections::{BTreeMap, BTreeSet};

/// The names that each name leads to.
pub(crate) type Edges<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The cycles of a graph, each as its names. Of cycles that lead to one another, one is returned.
pub(crate) fn find(mut edges: Edges<'_>) -> Vec<BTreeSet<&str>> {
    retain_cycles(&mut edges);
    let back = reversed(&edges);
    let (mut cycles, mut seen) = (Vec::new(), BTreeSet::new());
    for name in edges.keys().copied() {
        let ahead = reachable(&edges, name);
        if ahead.contains(name) && seen.is_disjoint(&ahead) {
            cycles.push(ahead.intersection(&reachable(&back, name)).copied().collect());
            seen.extend(ahead);
        }
    }
    cycles
}

/// Removes names without outgoing edges until only cycles remain, and what leads to them.
fn retain_cycles(edges: &mut Edges<'_>) {
    let known: BTreeSet<&str> = edges.keys().copied().collect();
    edges.values_mut().for_each(|names| names.retain(|name| known.contains(name)));
    let back = reversed(edges);
    let mut free: Vec<&str> = edges.iter().filter(|(_, names)| names.is_empty()).map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        edges.remove(name);
        for from in back.get(name).into_iter().flatten() {
            if let Some(names) = edges.get_mut(from)
                && names.remove(name)
                && names.is_empty()
            {
                free.push(from);
            }
        }
    }
}

fn reversed<'a>(edges: &Edges<'a>) -> Edges<'a> {
    let mut back = Edges::new();
    for (from, names) in edges {
        for to in names {
            back.entry(*to).or_default().insert(*from);
        }
    }
    back
}

fn reachable<'a>(edges: &Edges<'a>, name: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = edges.get(name).into_iter().flatten().copied().collect();
    while let Some(next) = waiting.pop() {
        if seen.insert(next) {
            waiting.extend(edges.get(next).into_iter().flatten());
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cycle_is_found_once() {
        let edges = [
            ("a", vec!["b", "x"]),
            ("b", vec!["a"]),
            ("c", vec!["d"]),
            ("d", vec![]),
            ("e", vec!["a"]),
            ("f", vec!["f"]),
        ];
        let edges = edges.into_iter().map(|(name, names)| (name, names.into_iter().collect())).collect();
        assert_eq!(find(edges), [BTreeSet::from(["a", "b"]), BTreeSet::from(["f"])]);
    }
}
