//! The program `feedmill`.

use std::process::ExitCode;

use clap::Parser as _;
use feedmill::{app, cli::Cli};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(app::main(Cli::parse()))
}
