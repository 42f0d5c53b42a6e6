//! What hostile inputs do to each engine, each in a process of its own that is killed when it does
//! not come back.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use opponents::hostile::{ENGINES, SHAPES};

const LIMIT: Duration = Duration::from_secs(20);

/// What came of it, and after how long.
struct Came {
    said: String,
    took: Duration,
    is_over: bool,
    is_well: bool,
}

fn give(engine: &str, shape: &str) -> Came {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hostile"));
    let mut child = command.args([engine, shape]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if began.elapsed() > LIMIT => break None,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let took = began.elapsed();
    if status.is_none() {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    Came {
        said: said.trim().to_owned(),
        took,
        is_over: status.is_some(),
        is_well: status.is_some_and(|status| status.success()),
    }
}

impl Came {
    fn cell(&self) -> String {
        match (self.is_over, self.is_well) {
            (false, _) => format!("does not come back: killed after {} s", LIMIT.as_secs()),
            (true, false) => "**process aborts**".to_owned(),
            (true, true) if self.said == "cannot be written" => self.said.clone(),
            (true, true) => format!("{} ({:.1} ms)", self.said, self.took.as_secs_f64() * 1000.0),
        }
    }
}

#[test]
fn ours_refuses_at_once_whatever_it_is_given() {
    println!("| | {} |\n|---|{}", SHAPES.join(" | "), "---|".repeat(SHAPES.len()));
    for engine in ENGINES {
        // Of those that do not come back, the time does not matter: they run beside one another.
        let came: Vec<Came> = std::thread::scope(|scope| {
            let (loops, others) = SHAPES.split_last().unwrap();
            let last = scope.spawn(move || give(engine, loops));
            let others: Vec<Came> = others.iter().map(|shape| give(engine, shape)).collect();
            others.into_iter().chain([last.join().unwrap()]).collect()
        });
        let cells: Vec<String> = came.iter().map(Came::cell).collect();
        println!("| {engine} | {} |", cells.join(" | "));
        for (came, shape) in came.iter().zip(SHAPES).filter(|_| engine == "okaeri") {
            assert!(came.is_well && came.took < Duration::from_secs(1), "{shape}: {}", came.cell());
            let wanted = if shape == "loops" { "cannot be written" } else { "refused: " };
            assert!(came.said.starts_with(wanted), "{shape}: {}", came.said);
        }
    }
}
