//! The command line, as a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};

use okaeri_engine::codes::Code as _;
use serde_json::{Value, json};

fn okaeri(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_okaeri")).args(arguments).output().unwrap()
}

/// Runs `okaeri decide` with these facts on standard input.
fn decide(arguments: &[&str], facts: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_okaeri"))
        .arg("decide")
        .args(arguments)
        .args(["--facts", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(facts.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The server of a demonstration, gone with the test.
struct Demo(Child);

impl Drop for Demo {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn the_pasted_requests_take_a_person_from_the_question_to_the_second_period() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_okaeri"))
        .args(["demo", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let _demo = Demo(child);
    let mut lines =
        out.lines().map(Result::unwrap).skip_while(|line| !line.starts_with("# ---- Paste"));
    let script: Vec<String> =
        lines.by_ref().take_while(|line| !line.starts_with("# ---- End")).collect();
    let is_token =
        |line: &&String| line.split_once('=').is_some_and(|(_, value)| value.starts_with("eyJ"));
    assert_eq!(
        script.iter().filter(is_token).count(),
        okaeri::platform::auth::Role::ALL.len(),
        "a token for each role"
    );
    let more = lines.find(|line| line.contains(" token --organization ")).unwrap();
    assert!(more.contains(env!("CARGO_BIN_EXE_okaeri")), "the command can be pasted: {more}");

    let pasted = Command::new("bash").args(["-e", "-c", &script.join("\n")]).output().unwrap();

    let answers: Vec<Value> = text(&pasted.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect();
    assert!(pasted.status.success(), "{}", text(&pasted.stderr));
    assert_eq!(
        answers.iter().filter(|answer| !answer["status"].is_null()).cloned().collect::<Vec<_>>(),
        Vec::<Value>::new()
    );
    assert_eq!(answers[0]["verdict"], "eligible");
    assert!(answers.iter().any(|answer| answer["state"] == "accepted"));
    let told = answers.iter().find(|answer| answer["package"].is_object()).unwrap();
    assert_eq!(
        (&told["state"], &told["package"]["terms"]["workplace"]),
        (&json!("issued"), &json!("高松"))
    );
    assert!(answers.iter().any(|answer| answer["state"] == "acknowledged" && answer["employee_number"] == "20001"));
    let periods = answers.last().unwrap()["items"].as_array().unwrap();
    assert_eq!(periods.len(), 2, "a boomerang is a second period of the same person");
    assert_eq!(periods[1]["period"]["began_under_rehire_scheme"], true);
}

#[test]
fn a_decision_is_printed_whatever_the_verdict_and_twice_the_same() {
    let library: Value =
        serde_json::from_str(okaeri_engine::library::find("R01").unwrap().text).unwrap();
    let facts = library["cases"][1]["facts"].to_string();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("regulation.json");
    std::fs::write(&file, library.to_string()).unwrap();

    let by_code = decide(&["--library", "R01"], &facts);
    let by_file = decide(&["--regulation", file.to_str().unwrap()], &facts);

    assert_eq!((by_code.status.code(), text(&by_code.stderr)), (Some(0), String::new()));
    assert_eq!(by_code.stdout, by_file.stdout);
    let decision: Value = serde_json::from_slice(&by_code.stdout).unwrap();
    assert_eq!(decision["verdict"], "ineligible");
    let against: Vec<&Value> = decision["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["weight"] == "against")
        .collect();
    assert_eq!(
        against.iter().map(|finding| &finding["clause"]).collect::<Vec<_>>(),
        ["tenure", "exit_route"]
    );
    assert_eq!(
        against[0]["sentence"]["ja"],
        "勤続2年10か月（常勤のみ）。必要な3年に2か月足りません。（第3条）"
    );
}

#[test]
fn many_people_are_decided_a_line_each_and_a_wrong_line_is_answered_in_its_place() {
    let person = |last_day: &str| json!({"employment_periods": [{"start": "2010-04-01", "last_day": last_day, "job_family": "administration"}]});
    let lines = format!(
        "{}\n{}\n\n{{\"person\": 1}}\n{{\"person\": {{}}, \"person\": {{}}}}\n",
        person("2020-03-31"),
        person("2009-03-31")
    );

    let compact = decide(&["--library", "R01", "--lines", "compact"], &lines);
    let explained =
        decide(&["--library", "R01", "--lines", "explained"], &person("2020-03-31").to_string());

    assert_eq!(
        (compact.status.code(), explained.status.code()),
        (Some(2), Some(0)),
        "{}",
        text(&compact.stderr)
    );
    let answers: Vec<Value> =
        text(&compact.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&answers[0]["outcomes"]["tenure"], answers.len()), (&json!("unknown"), 4));
    assert_eq!(
        (&answers[1]["line"], &answers[1]["errors"][0]["pointer"]),
        (&json!(2), &json!("/employment_periods/0/last_day"))
    );
    assert_eq!(
        (&answers[2]["line"], &answers[2]["errors"][0]["pointer"]),
        (&json!(4), &json!("/person"))
    );
    assert_eq!(answers[3]["errors"][0]["code"], "invalid_value", "said twice: {}", answers[3]);
    let explained: Value = serde_json::from_slice(&explained.stdout).unwrap();
    let whole = decide(&["--library", "R01"], &person("2020-03-31").to_string());
    let whole: Value = serde_json::from_slice(&whole.stdout).unwrap();
    assert_eq!(explained["findings"][0]["sentence"], whole["findings"][0]["sentence"]);
}

#[test]
fn what_is_wrong_is_pointed_at() {
    let facts = json!({"employment_periods": [{"start": "2020-04-01", "last_day": "2019-03-31"}, {"start": "2021-13-01"}], "persons": {}});
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("regulation.json");
    std::fs::write(
        &file,
        r#"{"code": "X", "articles": [{"part": "scope", "clauses": [{"kind": "requirment"}]}]}"#,
    )
    .unwrap();

    let bad_facts = decide(&["--library", "R01"], &facts.to_string());
    let bad_dates = decide(
        &["--library", "R01"],
        r#"{"employment_periods": [{"start": "2020-04-01", "last_day": "2019-03-31"}]}"#,
    );
    let bad_regulation = decide(&["--regulation", file.to_str().unwrap()], "{}");
    let no_json = decide(&["--library", "R01"], "{");

    for (output, wanted) in [
        (&bad_facts, &["/persons", "/employment_periods/1/start"][..]),
        (&bad_dates, &["/employment_periods/0/last_day"]),
        (
            &bad_regulation,
            &[
                "/articles/0/clauses/0/kind",
                "nearest is 'requirement'",
                "/effective_basis",
                "/articles/0/number",
            ],
        ),
        (&no_json, &["is not JSON", "line 1"]),
    ] {
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        for part in wanted {
            assert!(text(&output.stderr).contains(part), "{part}: {}", text(&output.stderr));
        }
    }
}

#[test]
fn the_applicants_rendering_holds_nothing_confidential() {
    let facts = json!({"employment_periods": [{"start": "2015-02-01", "last_day": "2018-08-31", "left_in_good_standing": false}],
        "application": {"start_date": "2020-09-01"}});

    let full = decide(&["--library", "W02"], &facts.to_string());
    let shown = decide(&["--library", "W02", "--applicant"], &facts.to_string());

    let finding = |output: &Output| {
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["findings"][0].clone()
    };
    assert_eq!(finding(&full)["readings"][0]["actual"]["en"], "no");
    assert_eq!(finding(&shown)["readings"], json!([]));
    assert!(
        finding(&shown)["sentence"]["en"]
            .as_str()
            .unwrap()
            .starts_with("Please ask the personnel department")
    );
    assert!(!text(&shown.stdout).contains("\"actual\""));
}

#[test]
fn help_names_every_command_and_the_document_is_compared() {
    let help = text(&okaeri(&["--help"]).stdout);
    for command in [
        "demo",
        "serve",
        "migrate",
        "openapi",
        "organization",
        "token",
        "decide",
        "lint",
        "boundaries",
        "import",
    ] {
        assert!(help.contains(command), "{command}");
    }
    let dir = tempfile::tempdir().unwrap();
    let other = dir.path().join("openapi.json");
    std::fs::write(&other, okaeri(&["openapi", "--bare"]).stdout).unwrap();
    assert_eq!(okaeri(&["openapi", "--check"]).status.code(), Some(0));
    assert_eq!(okaeri(&["openapi", "--since", other.to_str().unwrap()]).status.code(), Some(0));
    let without =
        text(&std::fs::read(&other).unwrap()).replacen("/v1/people\"", "/v1/persons\"", 1);
    std::fs::write(&other, without).unwrap();
    let since = okaeri(&["openapi", "--since", other.to_str().unwrap()]);
    let unread = okaeri(&["openapi", "--since", "/no/such/released.json"]);
    assert_eq!(unread.status.code(), Some(2));
    assert!(
        text(&unread.stderr).contains("/no/such/released.json cannot be read"),
        "{}",
        text(&unread.stderr)
    );
    assert_eq!(
        (since.status.code(), text(&since.stdout).contains("/v1/persons: the operation is gone")),
        (Some(1), true)
    );
}

#[test]
fn the_library_is_listed_and_a_document_printed_that_decide_takes() {
    let list = okaeri(&["library"]);
    let document = okaeri(&["library", "R01"]);

    assert_eq!(
        text(&list.stdout).lines().filter(|line| !line.starts_with(' ')).count(),
        okaeri_engine::library::all().len()
    );
    assert_eq!(serde_json::from_slice::<Value>(&document.stdout).unwrap()["code"], "R01");
    let unknown = okaeri(&["library", "R99"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("no regulation 'R99'"), "{}", text(&unknown.stderr));
}

#[test]
fn a_regulation_is_rendered_and_two_are_compared() {
    let rendered = okaeri(&["render", "R16", "--language", "en"]);
    let compared = okaeri(&["diff", "R26-2016", "R26-2020", "--language", "en"]);

    assert!(text(&rendered.stdout).starts_with("# "), "{}", text(&rendered.stdout));
    assert!(text(&compared.stdout).contains("Removed "), "{}", text(&compared.stdout));
    assert_eq!(text(&okaeri(&["diff", "R01", "R01"]).stdout), "");
}

#[test]
fn boundaries_are_shown_as_a_table_and_printed_as_cases_that_a_document_takes() {
    let shown = text(&okaeri(&["boundaries", "R01", "--lang", "en"]).stdout);
    let line =
        shown.lines().find(|line| line.contains("1 day short of the 3 years needed")).unwrap();
    let words: Vec<&str> = line.split_whitespace().take(5).collect();
    assert_eq!(words, ["tenure", "below", "not_met", "not_met", "ineligible"]);
    assert!(shown.lines().last().unwrap().starts_with("boundary cases: "), "{shown}");
    assert!(
        text(&okaeri(&["boundaries", "R01"]).stdout)
            .contains("勤続 2年11か月30日（必要な3年の1日前）")
    );

    let cases: Vec<Value> =
        serde_json::from_slice(&okaeri(&["boundaries", "R01", "--json"]).stdout).unwrap();
    let mut document: Value =
        serde_json::from_str(okaeri_engine::library::find("R01").unwrap().text).unwrap();
    document["cases"].as_array_mut().unwrap().extend(cases);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("regulation.json");
    std::fs::write(&file, document.to_string()).unwrap();
    assert_eq!(okaeri(&["lint", file.to_str().unwrap()]).status.code(), Some(0));
    assert_eq!(okaeri(&["boundaries", "R99"]).status.code(), Some(2));
}

#[test]
fn lint_tells_by_its_exit_code_whether_there_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("regulation.json");
    let name = file.to_str().unwrap();
    assert_eq!(okaeri(&["lint", name]).status.code(), Some(2));
    std::fs::write(&file, "{").unwrap();
    assert_eq!(okaeri(&["lint", name]).status.code(), Some(2));
    std::fs::write(&file, "{}").unwrap();
    let empty = okaeri(&["lint", name, "--json"]);
    let report: Value = serde_json::from_slice(&empty.stdout).unwrap();
    assert_eq!(
        (empty.status.code(), &report["findings"][0]["code"]),
        (Some(1), &json!("required"))
    );
    std::fs::write(&file, okaeri_engine::library::find("R18").unwrap().text).unwrap();
    let by_file = okaeri(&["lint", name]);
    let by_code = okaeri(&["lint", "R18"]);
    assert_eq!((by_file.status.code(), &by_file.stdout), (Some(1), &by_code.stdout));
    let shown = text(&by_code.stdout);
    assert!(
        shown.contains("error age_limit_jp /articles/2/clauses/0/condition (age)\n"),
        "{shown}"
    );
    assert!(shown.contains("労働施策総合推進法第9条") && shown.contains("errors: 1"), "{shown}");
    assert_eq!(okaeri(&["lint", "R01"]).status.code(), Some(0));
}

/// Runs a command of which nobody reads what it says.
fn unread(arguments: &[&str], dir: &std::path::Path) -> Output {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_okaeri"));
    command
        .args(arguments)
        .current_dir(dir)
        .env("OKAERI_TOKEN_SECRET", "a secret of the tests, 32 bytes long");
    command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
}

#[test]
fn every_command_ends_quietly_when_its_reader_goes_away() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &["library"] as &[&str],
        &["library", "R01"],
        &["render", "R01"],
        &["diff", "R26-2016", "R26-2020"],
        &["lint", "R01"],
        &["boundaries", "R01"],
        &["openapi"],
        &["openapi", "--bare"],
        &["migrate"],
        &["organization", "create", "さくら製作所", "--admin-email", "admin@example.jp"],
        &["token", "--organization", "さくら製作所", "--email", "admin@example.jp"],
    ] {
        let ended = unread(arguments, dir.path());
        assert_eq!(
            (ended.status.code(), text(&ended.stderr)),
            (Some(141), String::new()),
            "{arguments:?}"
        );
    }
}

#[test]
fn in_an_empty_folder_every_command_finds_the_embedded_database() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_okaeri"));
        command
            .env_remove("DATABASE_URL")
            .env("OKAERI_TOKEN_SECRET", "a secret of the tests, 32 bytes long");
        command.args(arguments).current_dir(dir.path()).output().unwrap()
    };

    let made = run(&["organization", "create", "X", "--admin-email", "a@b.jp"]);
    let token = run(&["token", "--organization", "X", "--email", "a@b.jp"]);
    let blank = run(&["organization", "create", "\u{3000}", "--admin-email", "a@b.jp"]);

    assert!(made.status.success(), "{}", text(&made.stderr));
    assert_eq!((token.status.code(), text(&token.stdout).trim().split('.').count()), (Some(0), 3));
    assert_eq!(blank.status.code(), Some(2), "a name is seen");
}
