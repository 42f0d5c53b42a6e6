//! The `okaeri` command.

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    okaeri::app::cli::run(okaeri::app::cli::Cli::parse())
}
