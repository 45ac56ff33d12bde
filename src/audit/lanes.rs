//! Work on all cores whose results are taken in order.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::error::AuditError;

/// More threads than this wait for the disk, not for a core.
const LANES_MAX: usize = 16;

/// A thread of its own for fewer pieces than this costs more than it saves.
const PIECES_MIN: u64 = 4;

/// How many results a lane may be ahead of the one that is taken: this, and not the length of the work, bounds the memory.
const AHEAD_MAX: usize = 32;

/// Does the pieces of work `0..count`, on as many threads as there are cores, and hands the results to `take` in this order. Each
/// thread has a worker of its own, which does every so-manieth piece. The first error of `take` ends it all: what a later
/// piece brings is never told before what an earlier one does.
pub(super) fn in_order<T: Send, W: FnMut(u64) -> T + Send>(
    count: u64,
    worker: impl Fn() -> W,
    mut take: impl FnMut(T) -> Result<(), AuditError>,
) -> Result<(), AuditError> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get).clamp(1, LANES_MAX);
    let lanes = cores.min(usize::try_from(count / PIECES_MIN).unwrap_or(cores));
    if lanes < 2 {
        return (0..count).map(worker()).try_for_each(take);
    }
    thread::scope(|scope| {
        let start = |lane| {
            let (sender, receiver) = sync_channel(AHEAD_MAX);
            let mut work = worker();
            let mut pieces = (lane as u64..count).step_by(lanes);
            // Nobody listens any more after an error.
            scope.spawn(move || pieces.try_for_each(|piece| sender.send(work(piece))));
            receiver
        };
        let receivers: Vec<Receiver<T>> = (0..lanes).map(start).collect();
        // A lane that ends before its work is done has panicked, and the scope hands that on.
        let results = receivers.iter().cycle().map_while(|receiver| receiver.recv().ok());
        results.take(usize::try_from(count).unwrap_or(usize::MAX)).try_for_each(&mut take)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{LeafIndex, TlogError, TreeSize};

    fn refused(piece: u64) -> AuditError {
        AuditError::NoSuchEntry(TlogError::NoSuchLeaf { index: LeafIndex(piece), size: TreeSize(0) })
    }

    #[test]
    fn results_come_in_order_whoever_brings_them_and_the_first_error_is_the_one_that_is_told() {
        for count in [0, 1, 7, 8, 9, 1000] {
            let mut taken = Vec::new();
            in_order(
                count,
                || |piece| piece,
                |piece| {
                    taken.push(piece);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(taken, (0..count).collect::<Vec<_>>());
        }
        // Every piece from 501 on is wrong.
        let mut taken = 0;
        let ended = in_order(
            100_000,
            || |piece| if piece > 500 { Err(refused(piece)) } else { Ok(()) },
            |result| {
                taken += 1;
                result
            },
        );
        assert!(matches!(ended, Err(AuditError::NoSuchEntry(TlogError::NoSuchLeaf { index: LeafIndex(501), .. }))));
        assert_eq!(taken, 502);
    }
}
