//! The program `feedmill`.

use std::process::ExitCode;

use clap::Parser as _;
use feedmill::{app, cli::Cli};

#[cfg(all(feature = "jemalloc", not(feature = "mimalloc"), target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(app::main(Cli::parse()))
}
