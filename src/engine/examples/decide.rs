//! Decides a person by a regulation of the library, and prints each clause with its sentence:
//! `cargo run -p okaeri-engine --example decide -- R01`.

use std::error::Error;

use okaeri_engine::decide::Compiled;
use okaeri_engine::document::Document;
use okaeri_engine::facts::Facts;
use okaeri_engine::library;

const FACTS: &str = r#"{
    "employment_periods": [{"start": "2010-04-01", "last_day": "2022-01-31", "full_time": true,
                            "job_family": "administration", "exit_route": "resignation"}],
    "application": {"application_date": "2025-10-01"}
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let code = std::env::args().nth(1).unwrap_or_else(|| "R01".to_owned());
    let entry =
        library::find(&code).ok_or_else(|| format!("the library has no regulation {code}"))?;
    let document = Document::parse(&serde_json::from_str(entry.text)?);
    let regulation = document.and_then(Compiled::new).map_err(|faults| format!("{faults:?}"))?;
    let facts: Facts = serde_json::from_str(FACTS)?;

    let decision = regulation.decide(&facts);

    println!("{code}: {}", decision.verdict);
    for finding in &decision.findings {
        println!("  {}  {}", finding.clause, finding.sentence.en);
    }
    Ok(())
}
