//! Work shared out among the processor's cores.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// No machine that this is for has more cores to spare.
const THREADS_MAX: usize = 16;

/// Does the work on every item, on as many threads as there are cores. Items are taken one at a time and in their order; so each
/// should be worth some microseconds.
pub fn each<T: Send>(items: impl Iterator<Item = T> + Send, work: impl Fn(T) + Sync) {
    let items_max = items.size_hint().1.unwrap_or(usize::MAX);
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX).min(items_max);
    let items = Mutex::new(items);
    let next = || items.lock().unwrap_or_else(PoisonError::into_inner).next();
    let lane = || {
        while let Some(item) = next() {
            work(item);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // A thread that cannot be had is done without.
            let _ = thread::Builder::new().spawn_scoped(scope, lane);
        }
        lane();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once() {
        for count in [0, 1, 2, 1000] {
            let mut places = vec![0; count];
            each(places.iter_mut().zip(1..), |(place, number)| *place += number);
            assert_eq!(places, (1..=count).collect::<Vec<_>>());
        }
    }
}
