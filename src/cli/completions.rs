//! Completion scripts for shells, made from the grammar.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;

/// Writes the completion script of a shell.
pub fn write(shell: Shell, out: &mut dyn Write) {
    clap_complete::generate(shell, &mut Cli::command(), "feedmill", &mut AsWrite(out));
}

/// `generate` takes only sized writers.
struct AsWrite<'a>(&'a mut dyn Write);

impl Write for AsWrite<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
