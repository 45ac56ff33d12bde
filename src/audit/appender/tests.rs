use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::super::disk::fault::{Fault, Persisted};
use super::super::entry::{ENTRY_MAX_BYTES, EntryError};
use super::super::store::tests::{at, fact, key, log_of, reader};
use super::*;

/// The subjects of all entries, by number.
fn subjects(dir: &Path) -> Vec<String> {
    reader(dir).unwrap().entries().unwrap().map(|one| one.unwrap().entry.subject.unwrap()).collect()
}

fn named(subject: &str, second: u64) -> Entry {
    Entry { subject: Some(subject.to_owned()), ..fact(second) }
}

#[test]
fn sixty_four_writers_at_once_find_each_of_their_entries_where_they_were_told_after_reopening() {
    const WRITERS: usize = 64;
    const EACH: usize = 10;
    let dir = log_of(&[0]);
    let log = Log::open(dir.path(), key()).unwrap();
    let (appender, thread) = Appender::start(log).unwrap();
    let write = |writer: usize, appender: Appender| {
        let append = move |n: usize| {
            let name = format!("writer-{writer}-{n}");
            (appender.append(vec![named(&name, 0)]).unwrap()[0], name)
        };
        thread::spawn(move || (0..EACH).map(append).collect::<Vec<_>>())
    };
    let writers: Vec<_> = (0..WRITERS).map(|writer| write(writer, appender.clone())).collect();
    let told: Vec<_> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
    drop(appender);
    drop(thread.join().unwrap());
    assert_eq!(Log::open(dir.path(), key()).unwrap().size().0, (WRITERS * EACH) as u64);
    let kept = subjects(dir.path());
    for (index, name) in &told {
        assert_eq!(kept[usize::try_from(index.0).unwrap()], *name);
    }
    let numbers: BTreeSet<_> = told.iter().map(|(index, _)| index.0).collect();
    assert_eq!(numbers.len(), WRITERS * EACH);
    // Several were in one commit: every commit leaves a checkpoint.
    let commits = fs::read_dir(dir.path().join("checkpoints")).unwrap().count() - 1;
    assert!(commits < WRITERS * EACH, "{commits}");
    reader(dir.path()).unwrap().verify_all(None).unwrap();
}

#[test]
fn a_call_that_is_refused_does_not_fail_those_that_wait_with_it() {
    let dir = log_of(&[3]);
    let mut log = Log::open(dir.path(), key()).unwrap();
    let mut pending = Vec::new();
    let mut call = |entries| {
        let (answer, receiver) = sync_channel(1);
        pending.push(Pending(receiver));
        Call { entries, answer }
    };
    let large = Entry { action: "x".repeat(ENTRY_MAX_BYTES), ..fact(5) };
    let waiting = vec![
        call(vec![named("later", 6)]),
        call(vec![large]),
        call(vec![named("too late", 1)]),
        call(vec![named("earlier", 5)]),
        call(vec![named("two", 6), named("together", 7)]),
    ];
    commit(&mut log, waiting);
    let answers: Vec<Appended> = pending.into_iter().map(Pending::wait).collect();
    let refusal = |n: usize| match &**answers[n].as_ref().unwrap_err() {
        AuditError::Refused { source, .. } => source.to_string(),
        other => panic!("{other}"),
    };
    assert!(refusal(1).contains("at most"), "{}", refusal(1));
    let backwards = EntryError::ClockBackwards { last: at(2), at: at(1) };
    assert_eq!(refusal(2), backwards.to_string());
    assert_eq!(answers[3].as_ref().unwrap(), &[LeafIndex(3)]);
    assert_eq!(answers[0].as_ref().unwrap(), &[LeafIndex(4)]);
    assert_eq!(answers[4].as_ref().unwrap(), &[LeafIndex(5), LeafIndex(6)]);
    drop(log);
    assert_eq!(subjects(dir.path())[3..], ["earlier", "later", "two", "together"]);
}

#[test]
fn after_a_failed_write_everybody_gets_the_error_and_the_log_stays_closed() {
    let dir = log_of(&[3]);
    let log = Log::open(dir.path(), key()).unwrap();
    log.shared.store().disk.fault = Fault { at: Some((2, Persisted::No)), ..Fault::default() };
    let (appender, thread) = Appender::start(log).unwrap();
    let writers: Vec<_> = (0..8)
        .map(|n| {
            let appender = appender.clone();
            thread::spawn(move || appender.append(vec![named(&format!("lost {n}"), 3)]))
        })
        .collect();
    for writer in writers {
        let error = writer.join().unwrap().unwrap_err();
        assert!(matches!(&*error, AuditError::Io { .. } | AuditError::Poisoned), "{error}");
    }
    let error = appender.append(vec![fact(4)]).unwrap_err();
    assert!(matches!(&*error, AuditError::Poisoned), "{error}");
    drop(appender);
    drop(thread.join().unwrap());
    // It is not known whether the first commit was written. Opening finds out, and goes on.
    let mut log = Log::open(dir.path(), key()).unwrap();
    log.append(&[fact(5)]).unwrap();
    drop(log);
    reader(dir.path()).unwrap().verify_all(None).unwrap();
}

#[test]
fn a_call_is_bounded_and_a_closed_log_says_so() {
    let dir = log_of(&[0]);
    let (appender, thread) = Appender::start(Log::open(dir.path(), key()).unwrap()).unwrap();
    let error = appender.append(vec![fact(0); CALL_MAX_ENTRIES + 1]).unwrap_err();
    assert!(matches!(&*error, AuditError::TooManyEntries { .. }), "{error}");
    assert_eq!(appender.append(vec![fact(0); CALL_MAX_ENTRIES]).unwrap().len(), CALL_MAX_ENTRIES);
    let (queue, calls) = sync_channel(1);
    drop(calls);
    let error = Appender { queue }.append(vec![fact(0)]).unwrap_err();
    assert!(matches!(&*error, AuditError::Closed), "{error}");
    drop(appender);
    assert_eq!(thread.join().unwrap().size().0, CALL_MAX_ENTRIES as u64);
}
