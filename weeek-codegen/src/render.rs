//! Tokens to text.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::emit::{Draft, File};
use crate::files::{FileSet, MARKER};

const SOURCE: &str = " from spec/openapi.yaml. Edit that file and run the command.\n";

/// Makes and formats every file, on all processors there are.
pub(crate) fn render(drafts: &[Draft<'_>]) -> FileSet {
    let threads = thread::available_parallelism().map_or(1, |count| count.get().min(drafts.len()));
    render_on(threads, drafts)
}

fn render_on(threads: usize, drafts: &[Draft<'_>]) -> FileSet {
    let next = AtomicUsize::new(0);
    let work = || {
        let mine = std::iter::from_fn(|| drafts.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.map(|draft| text(draft())).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mine = work();
        let others = others.into_iter().flat_map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        mine.into_iter().chain(others).collect()
    })
}

/// The path of a file, and its text.
pub(crate) fn text(File { path, items }: File) -> (String, String) {
    let mut text = format!("{MARKER}{SOURCE}");
    let mut before = String::new();
    for item in items {
        let parsed = syn::parse2::<syn::File>(item).unwrap_or_else(|error| {
            // `emit` builds items from names that lowering has checked, so this is a fault of the generator itself.
            panic!("the generator wrote an item of {path} that does not parse, after\n{before}\n{error}")
        });
        let block = prettyplease::unparse(&parsed);
        // The macro call that completes a type stands right below it.
        let completes = block.lines().count() <= 1 && before.ends_with(['}', ';']) && block.contains("!(");
        text.push_str(if completes { "" } else { "\n" });
        text.push_str(&block);
        block.trim_end().clone_into(&mut before);
    }
    (path, text)
}
