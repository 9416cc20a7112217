//! Reading a file while it is written.

use std::io::{self, Read};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How far a file has been written.
#[derive(Debug, Default)]
pub(super) struct Growth {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    size: u64,
    is_over: bool,
}

impl Growth {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That many bytes can be read.
    pub(super) fn reaches(&self, size: u64) {
        self.state().size = size;
        self.changed.notify_all();
    }

    /// Says that nothing more will come, when it is dropped.
    pub(super) fn ends(&self) -> impl Drop + '_ {
        Ending(self)
    }

    /// Waits until there are more than `read` bytes; how many there are, or `read` at the end.
    fn beyond(&self, read: u64) -> u64 {
        let waits = |state: &mut State| state.size <= read && !state.is_over;
        self.changed.wait_while(self.state(), waits).unwrap_or_else(PoisonError::into_inner).size
    }
}

struct Ending<'g>(&'g Growth);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.state().is_over = true;
        self.0.changed.notify_all();
    }
}

/// The bytes of a file that is still written: at its end it waits for more.
#[derive(Debug)]
pub(super) struct Growing<'g, R> {
    file: R,
    growth: &'g Growth,
    read: u64,
}

impl<'g, R: Read> Growing<'g, R> {
    pub(super) const fn new(file: R, growth: &'g Growth) -> Self {
        Self { file, growth, read: 0 }
    }
}

impl<R: Read> Read for Growing<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let there = self.growth.beyond(self.read) - self.read;
        let most = buffer.len().min(usize::try_from(there).unwrap_or(usize::MAX));
        let read = self.file.read(&mut buffer[..most])?;
        self.read += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn all_of_a_growing_file_is_read_and_nothing_beyond_what_is_there() {
        let growth = Growth::default();
        let mut reader = Growing::new(Cursor::new(b"abcdef"), &growth);
        let mut buffer = [0; 4];
        growth.reaches(1);
        assert_eq!(reader.read(&mut buffer).unwrap(), 1);
        growth.reaches(6);
        assert_eq!((reader.read(&mut buffer).unwrap(), &buffer), (4, b"bcde"));
        assert_eq!((reader.read(&mut buffer).unwrap(), buffer[0]), (1, b'f'));
        drop(growth.ends());
        assert_eq!(reader.read(&mut buffer).unwrap(), 0);
    }

    #[test]
    fn a_reader_waits_for_its_writer() {
        let growth = Growth::default();
        std::thread::scope(|scope| {
            let reading = scope.spawn(|| {
                let mut text = String::new();
                Growing::new(Cursor::new(b"abcdef"), &growth).read_to_string(&mut text).map(|_| text)
            });
            let _end = growth.ends();
            (1..=6).for_each(|size| growth.reaches(size));
            drop(_end);
            assert_eq!(reading.join().unwrap().unwrap(), "abcdef");
        });
    }
}
