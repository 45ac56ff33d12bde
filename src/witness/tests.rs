//! A witness that is asked, over HTTP on loopback, by a log that grows, stands still, is put back and is forked.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::*;
use crate::audit::fixture::plain;
use crate::audit::{Alarm, AuditError, Entry, Log, LogReader, WITNESSED};
use crate::clock::{Clock, SimulatedClock, UtcTime};
use crate::keyring::{LogPolicy, SecretKey};
use crate::observe::{DnsClient, DnsLimits, Network, Protocol};
use crate::signed_note::{Note, NoteSignature, NoteSigner, NoteText};
use crate::tlog::{Checkpoint, Hash, TreeSize};

fn noon() -> UtcTime {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn secret(name: &str, seed: u8) -> SecretKey {
    SecretKey::from_seed(name.parse().unwrap(), &[seed; 32]).unwrap()
}

fn log_key() -> SecretKey {
    secret("police.example/log/harbour", 1)
}

fn witness_key(seed: u8) -> SecretKey {
    secret(&format!("w{seed}.example/witness"), seed)
}

fn fact(nth: u64, what: &str) -> Entry {
    Entry { at: noon(), subject: Some(format!("name-{nth}.example")), ..plain(what) }
}

fn grow(log: &mut Log, to: u64, what: &str) {
    let batch: Vec<_> = (log.size().0..to).map(|nth| fact(nth, what)).collect();
    log.append(&batch).unwrap();
    log.publish().unwrap();
}

fn reader(dir: &Path) -> LogReader {
    LogReader::open(dir, &[log_key().verifier().clone()]).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => assert!(fs::copy(entry.path(), to).is_ok()),
        }
    }
}

/// The body of a request for a made-up tree.
fn request(key: &SecretKey, origin: &str, old: u64, size: u64, root: Hash) -> String {
    let text = Checkpoint { origin: origin.parse().unwrap(), size: TreeSize(size), root }.to_text().unwrap();
    let signatures = vec![NoteSignature::sign(&text, key).unwrap()];
    format!("old {old}\n\n{}", Note { text, signatures })
}

fn body(old: u64, size: u64, root: u8) -> String {
    request(&log_key(), "police.example/log/harbour", old, size, Hash([root; 32]))
}

fn open(dir: &Path, first: bool) -> Result<Witness, WitnessError> {
    let log = log_key().verifier().clone();
    let first = if first { vec![log.name().clone()] } else { Vec::new() };
    Witness::open(dir, witness_key(11), &[log], &first)
}

/// A witness on loopback, which stops when it is dropped.
struct Standing {
    at: SocketAddr,
    _stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Drop for Standing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn stand(witness: Witness, clock: &SimulatedClock) -> Standing {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, mut stopped) = watch::channel(false);
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    let task = tokio::spawn(async move {
        serve(Arc::new(witness), clock, listener, async move { drop(stopped.wait_for(|stop| *stop).await) }).await;
    });
    Standing { at, _stop: stop, task }
}

/// One request, word for word; the whole answer.
async fn http(at: SocketAddr, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    let length = body.len();
    let text = format!("{head} HTTP/1.1\r\nhost: w\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    // A server that refuses early may close before it has read all.
    let _ = stream.write_all(text.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn every_status_is_that_of_the_specification() {
    let dir = tempfile::tempdir().unwrap();
    let standing = stand(open(dir.path(), true).unwrap(), &SimulatedClock::new(noon())).await;
    let id = state::log_id(log_key().name());
    let stranger = request(&secret("x.example/log", 9), "x.example/log", 0, 5, Hash([1; 32]));
    let forged = request(&secret("police.example/log/harbour", 9), "police.example/log/harbour", 0, 5, Hash([1; 32]));
    let huge = "x".repeat(REQUEST_MAX_BYTES + 1);
    let empty_but_not = body(0, 0, 1);
    let (get, post) = (format!("GET /{id}/checkpoint"), "POST /add-checkpoint");
    let (text, size) = ("text/plain; charset=utf-8", "text/x.tlog.size");
    let cases: Vec<(&str, String, u16, &str, &str)> = vec![
        (&get, String::new(), 404, text, "nothing was cosigned"),
        (post, String::new(), 400, text, "a request is a line"),
        (post, body(6, 5, 1), 400, text, "the old size 6 is larger"),
        (post, huge, 413, text, "too large"),
        (post, stranger, 404, text, "not witnessed here"),
        (post, forged, 403, text, "not signed by its log"),
        (post, body(3, 5, 1), 409, size, "0\n"),
        (post, empty_but_not, 422, text, "does not continue"),
        (post, body(0, 5, 1), 200, text, "— w11.example/witness "),
        (post, body(5, 5, 1), 200, text, "— w11.example/witness "),
        (post, body(0, 5, 1), 409, size, "5\n"),
        (post, body(5, 5, 2), 422, text, "does not continue"),
        (post, body(5, 7, 2), 422, text, "does not continue"),
        (&get, String::new(), 200, text, "police.example/log/harbour\n5\n"),
        ("GET /add-checkpoint", String::new(), 405, text, "only POST"),
        ("PUT /00/checkpoint", String::new(), 405, text, "only GET"),
        ("GET /", String::new(), 404, text, "nothing here"),
    ];
    for (head, body, status, media_type, expected) in cases {
        let answer = http(standing.at, head, &body).await;
        let (top, rest) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{head}: {answer}"));
        assert!(top.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        assert!(top.contains(&format!("content-type: {media_type}\r\n")), "{head}: {answer}");
        assert!(rest.contains(expected) && rest.ends_with('\n'), "{head}: {answer}");
    }
}

#[test]
fn of_conflicting_checkpoints_that_come_at_once_exactly_one_is_cosigned() {
    let dir = tempfile::tempdir().unwrap();
    let witness = open(dir.path(), true).unwrap();
    let barrier = Barrier::new(8);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let (witness, barrier) = (&witness, &barrier);
        let ask = |root: u8| {
            move || {
                barrier.wait();
                witness.add_checkpoint(body(0, 5, root).as_bytes(), noon())
            }
        };
        let asking: Vec<_> = (0..8).map(|root| scope.spawn(ask(root))).collect();
        asking.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let cosigned = answers.iter().filter(|answer| matches!(answer, Answer::Cosigned(_))).count();
    let refused = answers.iter().filter(|answer| **answer == Answer::OtherSize(TreeSize(5))).count();
    assert_eq!((cosigned, refused), (1, 7), "{answers:?}");
}

#[test]
fn a_lost_or_damaged_state_never_starts_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(state::log_id(log_key().name()));
    assert!(matches!(open(dir.path(), false), Err(WitnessError::StateMissing { .. })));
    let witness = open(dir.path(), true).unwrap();
    assert!(matches!(open(dir.path(), false), Err(WitnessError::Locked { .. })));
    drop(witness);
    assert!(
        matches!(open(dir.path(), true), Err(WitnessError::NotFirst { .. })),
        "nothing was cosigned, but it started"
    );
    let witness = open(dir.path(), false).unwrap();
    assert!(matches!(witness.add_checkpoint(body(0, 5, 1).as_bytes(), noon()), Answer::Cosigned(_)));
    drop(witness);
    let good = fs::read(&path).unwrap();
    assert!(matches!(open(dir.path(), true), Err(WitnessError::NotFirst { .. })));
    let other_key = Witness::open(dir.path(), witness_key(12), &[log_key().verifier().clone()], &[]);
    assert!(matches!(other_key, Err(WitnessError::Damaged { .. })));
    for cut in 0..good.len() {
        fs::write(&path, &good[..cut]).unwrap();
        assert!(matches!(open(dir.path(), false), Err(WitnessError::Damaged { .. })), "{cut} octets");
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(open(dir.path(), false), Err(WitnessError::StateMissing { .. })));
    fs::write(&path, good).unwrap();
    let witness = open(dir.path(), false).unwrap();
    let answer = witness.add_checkpoint(body(0, 5, 1).as_bytes(), noon());
    assert_eq!(answer, Answer::OtherSize(TreeSize(5)), "it goes on where it stood");
}

#[test]
fn a_witness_needs_a_cosigners_key_and_logs_that_it_is_given() {
    let dir = tempfile::tempdir().unwrap();
    let log = log_key().verifier().clone();
    let open = |key, logs: &[_], first: &[_]| Witness::open(dir.path(), key, logs, first);
    assert!(matches!(open(log_key(), std::slice::from_ref(&log), &[]), Err(WitnessError::NotAWitness { .. })));
    assert!(matches!(open(witness_key(11), &[], &[]), Err(WitnessError::NoLogs)));
    let other = "other.example/log".parse().unwrap();
    assert!(matches!(open(witness_key(11), &[log], &[other]), Err(WitnessError::FirstOfNone { .. })));
}

#[test]
fn two_logs_are_witnessed_apart_and_a_clock_that_goes_back_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let other = secret("court.example/log", 5);
    let logs = [log_key().verifier().clone(), other.verifier().clone()];
    let both: Vec<_> = logs.iter().map(|log| log.name().clone()).collect();
    let witness = Witness::open(dir.path(), witness_key(11), &logs, &both).unwrap();
    let theirs = |old, size| request(&other, "court.example/log", old, size, Hash([7; 32]));
    assert!(matches!(witness.add_checkpoint(body(0, 5, 1).as_bytes(), noon()), Answer::Cosigned(_)));
    assert!(matches!(witness.add_checkpoint(theirs(0, 3).as_bytes(), noon()), Answer::Cosigned(_)));
    assert_eq!(witness.add_checkpoint(body(0, 9, 1).as_bytes(), noon()), Answer::OtherSize(TreeSize(5)));
    // The key of one log says nothing for the other.
    let crossed = request(&other, "police.example/log/harbour", 5, 5, Hash([1; 32]));
    assert_eq!(witness.add_checkpoint(crossed.as_bytes(), noon()), Answer::NotSigned);
    let before = noon().minus(Duration::from_secs(1));
    assert!(matches!(witness.add_checkpoint(theirs(3, 3).as_bytes(), before), Answer::Unable(_)));
    assert!(matches!(witness.add_checkpoint(theirs(3, 3).as_bytes(), noon()), Answer::Cosigned(_)));
}

#[test]
fn a_witness_that_cannot_write_gives_nothing_out_and_answers_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let witness = open(&state, true).unwrap();
    fs::remove_dir_all(&state).unwrap();
    for _ in 0..2 {
        assert!(matches!(witness.add_checkpoint(body(0, 5, 1).as_bytes(), noon()), Answer::Unable(_)));
    }
    assert_eq!(witness.latest(&state::log_id(log_key().name())), None);
}

/// A log, some witnesses, and the network between them.
struct Harbour {
    dir: TempDir,
    network: Network,
    clock: SimulatedClock,
}

impl Harbour {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), network: Network::simulated(&[]), clock: SimulatedClock::new(noon()) }
    }

    fn log(&self) -> std::path::PathBuf {
        self.dir.path().join("log")
    }

    fn state(&self, seed: u8) -> std::path::PathBuf {
        self.dir.path().join(format!("state-{seed}"))
    }

    /// Starts the witness with this key where it stood, or anew.
    async fn witness(&self, seed: u8) -> Standing {
        let log = log_key().verifier().clone();
        let first = if self.state(seed).exists() { Vec::new() } else { vec![log.name().clone()] };
        let witness = Witness::open(&self.state(seed), witness_key(seed), &[log], &first).unwrap();
        let standing = stand(witness, &self.clock).await;
        self.network.route(Protocol::Tcp, world(seed), standing.at).unwrap();
        standing
    }

    fn collector(&self, need: usize, seeds: &[u8]) -> Result<Collector, CollectError> {
        self.collector_with(Alarm::of(&self.log()), need, seeds)
    }

    fn collector_with(&self, alarm: Alarm, need: usize, seeds: &[u8]) -> Result<Collector, CollectError> {
        let log = log_key().verifier().clone();
        let keys: Vec<_> = seeds.iter().map(|seed| (witness_key(*seed).verifier().clone(), None)).collect();
        let policy = LogPolicy::at_least(need, &log, &keys).unwrap();
        let dns = DnsClient::new(self.network.clone(), DnsLimits::default());
        let client = |seed: &u8| {
            let url = format!("http://{}/", world(*seed)).parse().unwrap();
            Client::new(witness_key(*seed).verifier().clone(), url, dns.clone())
        };
        let clients = seeds.iter().map(client).collect();
        Collector::new(&self.log(), log, alarm, policy, clients, Arc::new(self.clock.clone()))
    }

    fn witnessed(&self) -> Option<(TreeSize, usize)> {
        let (note, checkpoint) = read_witnessed(&self.log(), &[log_key().verifier().clone()]).unwrap()?;
        Some((checkpoint.size, note.signatures.len() - 1))
    }
}

/// Where the world has the witness with this key.
fn world(seed: u8) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, seed], 80))
}

#[tokio::test]
async fn a_log_is_witnessed_as_it_grows_and_by_those_who_missed_a_part() {
    let harbour = Harbour::new();
    let mut log = Log::create(&harbour.log(), log_key()).unwrap();
    let mut standing = vec![harbour.witness(11).await, harbour.witness(12).await];
    let mut collector = harbour.collector(2, &[11, 12]).unwrap();
    for size in [3, 3, 300] {
        grow(&mut log, size, "observe");
        let round = collector.round().await.unwrap();
        assert!(round.verdict.reached && round.troubles.is_empty(), "{round:?}");
        assert_eq!(harbour.witnessed(), Some((TreeSize(size), 2)));
    }
    // One of them is away for a while.
    standing.pop();
    harbour.network.close(Protocol::Tcp, world(12)).unwrap();
    grow(&mut log, 301, "observe");
    let round = collector.round().await.unwrap();
    assert!(!round.verdict.reached, "{round:?}");
    assert!(round.troubles[0].contains("`w12.example/witness` at http://192.0.2.12/ does not answer"), "{round:?}");
    assert!(
        round.summary().starts_with("301 entries, NOT witnessed: 1 of 2 needed; signed by w11.example"),
        "{}",
        round.summary()
    );
    assert_eq!(harbour.witnessed(), Some((TreeSize(300), 2)), "the last that reached the quorum stays");
    // A collector that knows nothing finds out from the 409 what each witness knows.
    fs::remove_file(harbour.log().join(WITNESSED)).unwrap();
    let _again = harbour.witness(12).await;
    grow(&mut log, 700, "observe");
    assert!(harbour.collector(2, &[11, 12]).unwrap().round().await.unwrap().verdict.reached);
    assert_eq!(harbour.witnessed(), Some((TreeSize(700), 2)));
}

#[tokio::test]
async fn two_of_three_are_enough_when_one_is_dead() {
    let harbour = Harbour::new();
    grow(&mut Log::create(&harbour.log(), log_key()).unwrap(), 9, "observe");
    let _standing = (harbour.witness(11).await, harbour.witness(13).await);
    harbour.network.close(Protocol::Tcp, world(12)).unwrap();
    let round = harbour.collector(2, &[11, 12, 13]).unwrap().round().await.unwrap();
    assert!(round.verdict.reached && round.troubles.len() == 1, "{round:?}");
    assert_eq!(harbour.witnessed(), Some((TreeSize(9), 2)));
}

#[tokio::test]
async fn an_append_does_not_wait_for_a_witness_that_does_not_answer() {
    let harbour = Harbour::new();
    let mut log = Log::create(&harbour.log(), log_key()).unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    harbour.network.route(Protocol::Tcp, world(11), silent.local_addr().unwrap()).unwrap();
    let mut collector = harbour.collector(1, &[11]).unwrap();
    let asking = async {
        let (_held, _) = silent.accept().await.unwrap();
        // The witness has been asked and is silent; the log goes on.
        grow(&mut log, 5, "observe");
    };
    tokio::select! {
        biased;
        round = collector.round() => panic!("a silent witness was not waited for: {round:?}"),
        () = asking => {}
    }
    assert_eq!(log.size(), TreeSize(5));
}

#[tokio::test]
async fn an_alarm_that_is_not_on_the_disk_stops_the_writer_beside_the_collector() {
    let harbour = Harbour::new();
    let mut log = Log::create(&harbour.log(), log_key()).unwrap();
    grow(&mut log, 5, "observe");
    let old = harbour.dir.path().join("backup");
    copy(&harbour.log(), &old);
    grow(&mut log, 9, "observe");
    let _standing = harbour.witness(11).await;
    assert!(harbour.collector(1, &[11]).unwrap().round().await.unwrap().verdict.reached);
    drop(log);
    fs::remove_dir_all(harbour.log()).unwrap();
    copy(&old, &harbour.log());
    let mut log = Log::open(&harbour.log(), log_key()).unwrap();
    let mut collector = harbour.collector_with(log.alarm(), 1, &[11]).unwrap();
    assert!(matches!(collector.round().await, Err(CollectError::Conflict(_))));
    fs::remove_file(harbour.log().join(".state/alarm")).unwrap();
    assert!(matches!(log.append(&[fact(5, "observe")]), Err(AuditError::Alarm { .. })));
}

#[tokio::test]
async fn a_log_that_was_put_back_is_found_out_and_signs_no_more() {
    for kept in [true, false] {
        let harbour = Harbour::new();
        let mut log = Log::create(&harbour.log(), log_key()).unwrap();
        grow(&mut log, 5, "observe");
        drop(log);
        let old = harbour.dir.path().join("backup");
        copy(&harbour.log(), &old);
        let mut log = Log::open(&harbour.log(), log_key()).unwrap();
        grow(&mut log, 9, "observe");
        let _standing = harbour.witness(11).await;
        assert!(harbour.collector(1, &[11]).unwrap().round().await.unwrap().verdict.reached);
        drop(log);
        let witnessed = fs::read(harbour.log().join(WITNESSED)).unwrap();
        fs::remove_dir_all(harbour.log()).unwrap();
        copy(&old, &harbour.log());
        let expected = if kept {
            // Even without a witness that answers: its cosignature was left in place.
            "9 entries were witnessed, and the log has 5"
        } else {
            "the witness `w11.example/witness` has cosigned 9 entries, and the log has 5: the log was put back; it shows a \
             checkpoint of 9 entries that this log signed"
        };
        let mut log = Log::open(&harbour.log(), log_key()).unwrap();
        if kept {
            fs::write(harbour.log().join(WITNESSED), witnessed).unwrap();
        }
        let found = match harbour.collector(1, &[11]) {
            Ok(mut collector) => collector.round().await.unwrap_err(),
            Err(error) => error,
        };
        assert!(found.to_string().contains(expected), "{found}");
        assert!(matches!(log.append(&[fact(5, "observe")]), Err(AuditError::Alarm { .. })));
        drop(log);
        assert!(matches!(Log::open(&harbour.log(), log_key()), Err(AuditError::Alarm { .. })));
        // What is left of its witnesses is enough to see it, without asking any.
        fs::remove_file(harbour.log().join(".state/alarm")).unwrap();
        let opened = Log::open(&harbour.log(), log_key());
        assert_eq!(matches!(opened, Err(AuditError::RolledBack { .. })), kept, "{opened:?}");
    }
}

#[tokio::test]
async fn a_power_cut_that_took_what_was_witnessed_and_is_in_the_journal_is_no_reason_for_an_alarm() {
    for kept in [true, false] {
        let harbour = Harbour::new();
        let mut log = Log::create(&harbour.log(), log_key()).unwrap();
        grow(&mut log, 5, "observe");
        log.close().unwrap();
        let mut log = Log::open(&harbour.log(), log_key()).unwrap();
        grow(&mut log, 9, "observe");
        let _standing = harbour.witness(11).await;
        assert!(harbour.collector(1, &[11]).unwrap().round().await.unwrap().verdict.reached);
        // The power is cut before anything was synced but the journal.
        let left = harbour.dir.path().join("left");
        copy(&harbour.log(), &left);
        drop(log);
        fs::remove_dir_all(harbour.log()).unwrap();
        copy(&left, &harbour.log());
        fs::copy(harbour.log().join("checkpoints/5"), harbour.log().join("checkpoint")).unwrap();
        fs::remove_file(harbour.log().join("checkpoints/9")).unwrap();
        if !kept {
            fs::remove_file(harbour.log().join(WITNESSED)).unwrap();
        }
        let told = match harbour.collector(1, &[11]) {
            Ok(mut collector) => collector.round().await.unwrap().troubles.concat(),
            Err(error) => error.to_string(),
        };
        let expected = match kept {
            true => "its journal has the others, so its writer was interrupted",
            false => "its 9 entries are in the journal of this log",
        };
        assert!(told.contains(expected), "{told}");
        // The next writer finishes it, and nobody has stopped it.
        drop(Log::open(&harbour.log(), log_key()).unwrap());
        assert!(harbour.log().join("checkpoints/9").is_file());
        let round = harbour.collector(1, &[11]).unwrap().round().await.unwrap();
        assert!(round.verdict.reached && round.size == TreeSize(9), "{round:?}");
    }
}

#[tokio::test]
async fn a_log_that_was_forked_is_found_out_at_the_same_size_and_beyond() {
    for size in [9, 12] {
        let harbour = Harbour::new();
        let mut log = Log::create(&harbour.log(), log_key()).unwrap();
        grow(&mut log, 9, "observe");
        let _standing = harbour.witness(11).await;
        assert!(harbour.collector(1, &[11]).unwrap().round().await.unwrap().verdict.reached);
        drop(log);
        fs::remove_dir_all(harbour.log()).unwrap();
        let mut log = Log::create(&harbour.log(), log_key()).unwrap();
        grow(&mut log, size, "visit");
        let found = harbour.collector(1, &[11]).unwrap().round().await.unwrap_err();
        assert!(
            found.to_string().contains("knows another log of 9 entries than this one: the log was forked"),
            "{found}"
        );
        assert!(matches!(log.append(&[fact(size, "visit")]), Err(AuditError::Alarm { .. })));
    }
}

#[tokio::test]
async fn a_cosignature_whose_answer_was_lost_is_given_again() {
    let harbour = Harbour::new();
    grow(&mut Log::create(&harbour.log(), log_key()).unwrap(), 5, "observe");
    let log = log_key().verifier().clone();
    let witness =
        Witness::open(&harbour.state(11), witness_key(11), std::slice::from_ref(&log), &[log.name().clone()]).unwrap();
    let note = Note::parse(reader(&harbour.log()).signed_checkpoint()).unwrap();
    let checkpoint = reader(&harbour.log()).checkpoint().clone();
    let request = AddCheckpoint { old: TreeSize(0), proof: Vec::new(), note, checkpoint };
    // The witness dies after it has persisted and before it has answered.
    assert!(matches!(witness.add_checkpoint(request.to_string().as_bytes(), noon()), Answer::Cosigned(_)));
    drop(witness);
    let _standing = harbour.witness(11).await;
    let round = harbour.collector(1, &[11]).unwrap().round().await.unwrap();
    assert!(round.verdict.reached && round.troubles.is_empty(), "{round:?}");
}

#[tokio::test]
async fn a_witness_that_lost_its_state_is_told_of() {
    let harbour = Harbour::new();
    let mut log = Log::create(&harbour.log(), log_key()).unwrap();
    grow(&mut log, 5, "observe");
    let standing = harbour.witness(11).await;
    assert!(harbour.collector(1, &[11]).unwrap().round().await.unwrap().verdict.reached);
    drop(standing);
    let _other_place = {
        let log = log_key().verifier().clone();
        let empty = harbour.dir.path().join("empty");
        let witness =
            Witness::open(&empty, witness_key(11), std::slice::from_ref(&log), &[log.name().clone()]).unwrap();
        let standing = stand(witness, &harbour.clock).await;
        harbour.network.route(Protocol::Tcp, world(11), standing.at).unwrap();
        standing
    };
    grow(&mut log, 8, "observe");
    let round = harbour.collector(1, &[11]).unwrap().round().await.unwrap();
    assert!(round.verdict.reached);
    assert!(round.troubles[0].contains("has lost its state: it had cosigned 5 entries and knew of 0"), "{round:?}");
}

#[tokio::test]
async fn what_is_no_cosignature_is_not_counted() {
    let harbour = Harbour::new();
    grow(&mut Log::create(&harbour.log(), log_key()).unwrap(), 5, "observe");
    let other_text = NoteText::new("police.example/log/harbour\n6\nAAAA\n".to_owned()).unwrap();
    let others = NoteSignature::cosign(&other_text, noon(), &witness_key(11)).unwrap();
    let stranger = NoteSignature::cosign(&other_text, noon(), &witness_key(12)).unwrap();
    for (status, body, expected) in [
        ("200 OK", format!("{others}\n"), "gave no good cosignature"),
        ("200 OK", format!("{stranger}\n"), "gave no good cosignature"),
        ("200 OK", String::new(), "gave no good cosignature"),
        ("409 Conflict", "x\n".into(), "refuses with 409 Conflict: x"),
        ("409 Conflict", "0\n".into(), "refuses with 409 Conflict: 0"),
        ("500 Internal Server Error", "\u{1b}[31m".into(), "refuses with 500"),
        ("302 Found", String::new(), "refuses with 302"),
        ("200 OK", "x".repeat(65 * 1024), "does not answer"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        harbour.network.route(Protocol::Tcp, world(11), listener.local_addr().unwrap()).unwrap();
        let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let round = harbour.collector(1, &[11]).unwrap().round().await.unwrap();
        assert!(!round.verdict.reached && round.troubles[0].contains(expected), "{status}: {round:?}");
        assert!(!round.troubles[0].contains('\u{1b}'));
        assert_eq!(harbour.witnessed(), None);
        serving.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn the_pauses_of_a_dead_witness_grow_and_the_end_is_told_plainly() {
    let harbour = Harbour::new();
    grow(&mut Log::create(&harbour.log(), log_key()).unwrap(), 5, "observe");
    harbour.network.close(Protocol::Tcp, world(11)).unwrap();
    let mut collector = harbour.collector(1, &[11]).unwrap();
    let mut asked = Vec::new();
    let start = tokio::time::Instant::now();
    while start.elapsed() < Duration::from_secs(200) {
        if !collector.round().await.unwrap().troubles.is_empty() {
            asked.push(start.elapsed().as_secs());
        }
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(asked, [0, 1, 3, 7, 15, 31, 63, 123, 183]);
    let (stop, stopped) = watch::channel(true);
    let round = collector.run(stopped, |_| {}).await.unwrap();
    drop(stop);
    assert_eq!(round.troubles.len(), 1, "asked once more at the end, whatever the pause");
    assert!(
        round.summary().starts_with("5 entries, NOT witnessed: 0 of 1 needed; not signed by w11.example"),
        "{}",
        round.summary()
    );
}

/// Claims without evidence, and with evidence that is of no use: something between the log and its witness, or a witness that lies.
#[tokio::test]
async fn a_claim_against_the_log_without_its_own_signature_on_it_stops_nothing() {
    let harbour = Harbour::new();
    let mut log = Log::create(&harbour.log(), log_key()).unwrap();
    grow(&mut log, 3, "observe");
    let older = Note::parse(reader(&harbour.log()).signed_checkpoint()).unwrap();
    grow(&mut log, 5, "observe");
    let origin = "police.example/log/harbour";
    let made_up = |origin: &str, size: u64, signers: &[&SecretKey]| {
        let text = Checkpoint { origin: origin.parse().unwrap(), size: TreeSize(size), root: Hash([7; 32]) };
        let text = text.to_text().unwrap();
        let mut signatures: Vec<_> = signers.iter().map(|key| NoteSignature::sign(&text, *key).unwrap()).collect();
        signatures.push(NoteSignature::cosign(&text, noon(), &witness_key(11)).unwrap());
        Note { text, signatures }
    };
    let mut agreed = older.clone();
    agreed.signatures.push(NoteSignature::cosign(&older.text, noon(), &witness_key(11)).unwrap());
    let mut by_another = older.clone();
    by_another.signatures.push(NoteSignature::cosign(&older.text, noon(), &witness_key(12)).unwrap());
    let not_cosigned = {
        let mut note = made_up(origin, 99, &[&log_key()]);
        note.signatures.truncate(1);
        note
    };
    let mut altered = made_up(origin, 99, &[&log_key()]).to_string();
    altered = altered.replace("\n99\n", "\n98\n");
    let (none, continued) = ("it shows no checkpoint that it has cosigned", "of 3 entries, which this log continues");
    for (answer, shown, expected) in [
        ("409 Conflict", String::new(), none),
        ("422 Unprocessable Entity", String::new(), none),
        ("422 Unprocessable Entity", "<html>Log in</html>".to_owned(), none),
        ("409 Conflict", made_up(origin, 99, &[]).to_string(), none),
        ("409 Conflict", made_up(origin, 99, &[&secret("police.example/log/harbour", 2)]).to_string(), none),
        (
            "409 Conflict",
            made_up("police.example/log/other", 99, &[&secret("police.example/log/other", 1)]).to_string(),
            none,
        ),
        ("409 Conflict", not_cosigned.to_string(), none),
        ("409 Conflict", altered, none),
        ("422 Unprocessable Entity", made_up(origin, 5, &[]).to_string(), none),
        ("422 Unprocessable Entity", by_another.to_string(), none),
        ("422 Unprocessable Entity", agreed.to_string(), continued),
        ("409 Conflict", agreed.to_string(), continued),
    ] {
        let body = if answer.starts_with("409") { "99\n" } else { "" };
        let serving = harbour.answering(answer, body, &shown).await;
        let mut collector = harbour.collector(1, &[11]).unwrap();
        let round = collector.round().await.unwrap();
        assert!(!round.verdict.reached && round.troubles[0].contains(expected), "{answer} {shown}: {round:?}");
        assert!(round.troubles[0].contains("nothing is stopped"), "{round:?}");
        serving.abort();
        let more = log.size().0 + 1;
        grow(&mut log, more, "observe");
        // It is asked again, and an honest answer counts.
        let honest = harbour.witness(11).await;
        assert!(harbour.collector(1, &[11]).unwrap().round().await.unwrap().verdict.reached);
        drop(honest);
    }
}

/// The log's own signature under more, or other, entries: over plain HTTP, from whoever has it.
#[tokio::test]
async fn a_claim_with_a_checkpoint_that_the_log_signed_and_contradicts_raises_the_alarm() {
    for (size, answer, expected) in [
        (9, "409 Conflict", "has cosigned 9 entries, and the log has 5: the log was put back"),
        (9, "422 Unprocessable Entity", "has cosigned 9 entries, and the log has 5: the log was put back"),
        (5, "422 Unprocessable Entity", "knows another log of 5 entries than this one: the log was forked"),
        (4, "422 Unprocessable Entity", "knows another log of 4 entries than this one: the log was forked"),
        (4, "409 Conflict", "knows another log of 4 entries than this one: the log was forked"),
    ] {
        let harbour = Harbour::new();
        let mut log = Log::create(&harbour.log(), log_key()).unwrap();
        grow(&mut log, 5, "observe");
        let origin = "police.example/log/harbour".parse().unwrap();
        let text = Checkpoint { origin, size: TreeSize(size), root: Hash([7; 32]) }.to_text().unwrap();
        let signed = NoteSignature::sign(&text, &log_key()).unwrap();
        let cosigned = NoteSignature::cosign(&text, noon(), &witness_key(11)).unwrap();
        let shown = Note { text, signatures: vec![signed, cosigned] }.to_string();
        let body = if answer.starts_with("409") { "9\n" } else { "" };
        let serving = harbour.answering(answer, body, &shown).await;
        let found = harbour.collector(1, &[11]).unwrap().round().await.unwrap_err();
        assert!(found.to_string().contains(expected), "{found}");
        assert!(matches!(log.append(&[fact(5, "observe")]), Err(AuditError::Alarm { .. })));
        serving.abort();
    }
}

impl Harbour {
    /// Answers every request to add a checkpoint with this, and shows this as what was cosigned.
    async fn answering(&self, status: &str, body: &str, shown: &str) -> JoinHandle<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.network.route(Protocol::Tcp, world(11), listener.local_addr().unwrap()).unwrap();
        let whole = |status: &str, body: &str| {
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        };
        let (posted, got) =
            (whole(status, body), whole(if shown.is_empty() { "404 Not Found" } else { "200 OK" }, shown));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 64 * 1024];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let is_get = request.get(..read).is_some_and(|request| request.starts_with(b"GET "));
                let _ = stream.write_all(if is_get { &got } else { &posted }.as_bytes()).await;
            }
        })
    }
}
