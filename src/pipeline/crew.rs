//! Threads for work that keeps a core busy.
//!
//! They are few and stay the same, since the allocator keeps memory for each thread that reads documents.
//! Nobody can stop work from outside: a thread whose work is given up while it runs is left alone, and
//! another one takes its place.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::panic_message;

/// A number of threads that share one queue. They end when it is dropped.
#[derive(Debug)]
pub struct Crew {
    hall: Arc<Hall>,
    most: usize,
}

impl Crew {
    /// A crew of `most` threads, at least one; each is started when it is first needed.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { hall: Arc::default(), most: most.max(1) }
    }

    /// Does work on one of the threads. A panic of the work is an `Err` with its message.
    ///
    /// Work that is given up, by dropping the future, is not begun any more.
    ///
    /// # Errors
    /// What a panic said, or why there is no thread.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
        let (reply, answer) = oneshot::channel();
        let stage = Arc::new(AtomicU8::new(WAITING));
        let work = Box::new(move || {
            // nobody may wait for it any more
            let _ = reply.send(catch_unwind(AssertUnwindSafe(work)));
        });
        self.hall.put(Job { stage: Arc::clone(&stage), work }, self.most)?;
        let mut caller = Caller { hall: &self.hall, stage: &stage, is_answered: false };
        let done = answer.await;
        caller.is_answered = true;
        match done {
            Ok(done) => done.map_err(|panic| panic_message(panic.as_ref())),
            Err(_) => Err("its thread is gone".to_owned()),
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.hall.queue().is_closed = true;
        self.hall.called.notify_all();
    }
}

/// How far a job is: waiting, taken by a thread, or given up by who asked for it.
const WAITING: u8 = 0;
const RUNNING: u8 = 1;
const DONE: u8 = 2;
const GIVEN_UP: u8 = 3;

struct Job {
    stage: Arc<AtomicU8>,
    work: Box<dyn FnOnce() + Send>,
}

/// Where jobs wait for threads, and threads for jobs.
#[derive(Debug, Default)]
struct Hall {
    queue: Mutex<Queue>,
    called: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Threads at work or waiting; those that were left alone are not counted.
    threads: usize,
    idle: usize,
    is_closed: bool,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} jobs for {} threads", self.jobs.len(), self.threads)
    }
}

impl Hall {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(self: &Arc<Self>, job: Job, most: usize) -> Result<(), String> {
        let mut queue = self.queue();
        if queue.idle <= queue.jobs.len() && queue.threads < most {
            match self.hire() {
                Ok(()) => queue.threads += 1,
                Err(error) if queue.threads == 0 => return Err(format!("no thread can be started: {error}")),
                // those that are there do it all
                Err(_) => {}
            }
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.called.notify_one();
        Ok(())
    }

    fn hire(self: &Arc<Self>) -> std::io::Result<()> {
        let hall = Arc::clone(self);
        std::thread::Builder::new().name("work".to_owned()).spawn(move || hall.serve()).map(drop)
    }

    /// Does one job after the other.
    fn serve(&self) {
        while let Some(job) = self.next() {
            if job.stage.compare_exchange(WAITING, RUNNING, Ordering::AcqRel, Ordering::Acquire).is_err() {
                continue;
            }
            (job.work)();
            if job.stage.swap(DONE, Ordering::AcqRel) == GIVEN_UP {
                // another thread has taken this one's place
                return;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        queue.idle += 1;
        while queue.jobs.is_empty() && !queue.is_closed {
            queue = self.called.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.idle -= 1;
        if queue.is_closed { None } else { queue.jobs.pop_front() }
    }

    /// A thread's work was given up: whether and when it ends is open.
    fn replace(self: &Arc<Self>) {
        if self.hire().is_err() {
            // the next job tries again
            self.queue().threads -= 1;
        }
    }
}

/// Who waits for a job.
struct Caller<'a> {
    hall: &'a Arc<Hall>,
    stage: &'a AtomicU8,
    is_answered: bool,
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        if !self.is_answered && self.stage.swap(GIVEN_UP, Ordering::AcqRel) == RUNNING {
            self.hall.replace();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn many_jobs_are_done_by_few_threads() {
        let crew = Crew::new(2);
        let jobs = (0..200).map(|number| crew.run(move || (number, std::thread::current().id())));
        let done: Vec<_> = futures_util::future::join_all(jobs).await.into_iter().map(Result::unwrap).collect();
        assert!(done.iter().map(|(number, _)| *number).eq(0..200));
        let threads: HashSet<_> = done.iter().map(|(_, thread)| *thread).collect();
        assert!(threads.len() <= 2, "{threads:?}");
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_its_thread_goes_on() {
        let crew = Crew::new(1);
        let faulty = crew.run(|| -> u8 { panic!("a bug") }).await;
        assert!(faulty.as_ref().is_err_and(|message| message.contains("a bug")), "{faulty:?}");
        assert_eq!(crew.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn work_that_hangs_and_is_given_up_costs_the_others_nothing() {
        let crew = Crew::new(1);
        let (release, hangs) = mpsc::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let hung = crew.run(move || {
            let _ = begun.send(());
            let _ = hangs.recv();
        });
        let mut hung = Box::pin(hung);
        assert!(hung.as_mut().now_or_never().is_none());
        has_begun.await.unwrap();
        // waits behind it, is given up, and is never done
        let (tell, told) = mpsc::channel();
        let mut waiting = Box::pin(crew.run(move || tell.send(()).unwrap()));
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(waiting);
        drop(hung);
        assert_eq!(crew.run(|| 7).await, Ok(7));
        drop(release);
        assert_eq!(crew.run(|| 8).await, Ok(8));
        assert!(told.recv().is_err());
    }
}
