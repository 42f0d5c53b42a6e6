//! `okaeri import people` and `okaeri organization create`, through the real program.

use std::process::Output;

use diesel::prelude::*;
use okaeri::platform::db::schema::{employment_periods, people};
use okaeri::platform::db::{Database, PoolSizes};
use serde_json::Value;

use crate::on_both_engines;
use crate::support::database::empty;
use crate::support::program::program;
use crate::support::*;

const ENGLISH: &str = "\
employee_number,family_name,given_name,birth_date,email,phone,start_date,last_day,employment_type,full_time,job_family,exit_route
001,佐藤,花子,1990-04-02,hanako@example.jp,090-1234-5678,2017-04-01,2021-03-31,regular,yes,administration,resignation
002,\"鈴木, 旧姓あり\",一郎,,,,2019-04-01,,part_time,no,,
";

const JAPANESE: &str = "\
社員番号,姓,名,姓カナ,名カナ,旧姓,入社日,退職日,雇用形態,常勤,退職事由
001,佐藤,花子,サトウ,ハナコ,田中,2017年4月1日,2021/03/31,regular,○,spouse_transfer
";

/// How a run ended: its code, what it said, and what it complained of.
fn ended(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn import(app: &TestApp, bytes: &[u8], options: &[&str]) -> (i32, String, String) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("people.csv");
    std::fs::write(&file, bytes).unwrap();
    let arguments = ["import", "people", "--organization", "さくら製作所"];
    ended(&program(&app.database.url).args(arguments).args(options).arg(&file).output().unwrap())
}

/// Imports what is right.
fn imported(app: &TestApp, text: &str) -> String {
    imported_with(app, &[], text)
}

fn imported_with(app: &TestApp, options: &[&str], text: &str) -> String {
    let (code, said, complained) = import(app, text.as_bytes(), options);
    assert_eq!((code, complained.as_str()), (0, ""), "{said}");
    said
}

/// Imports what is wrong: the places it names.
fn faults(app: &TestApp, text: &str) -> Vec<String> {
    let before = rows(&app.okaeri.db);
    let (code, said, complained) = import(app, text.as_bytes(), &[]);
    assert_eq!((code, said.as_str()), (2, ""), "{complained}");
    assert_eq!(rows(&app.okaeri.db), before, "a refused file leaves nothing");
    let mut lines: Vec<String> = complained.lines().map(str::to_owned).collect();
    let said = lines.pop().unwrap();
    let places = if lines.len() == 1 {
        "1 place is".to_owned()
    } else {
        format!("{} places are", lines.len())
    };
    assert_eq!(said, format!("{places} wrong; nothing was imported."));
    lines
}

/// People and periods in their tables, and all events.
fn rows(db: &Database) -> (i64, i64, i64) {
    okaeri::platform::outbox::numbering::settle_now(db).unwrap();
    db.read_now(|conn| {
        use okaeri::platform::db::schema::events;
        Ok((
            people::table.count().get_result(conn)?,
            employment_periods::table.count().get_result(conn)?,
            events::table.count().get_result(conn)?,
        ))
    })
    .unwrap()
}

/// Who has this employee number, and their periods.
async fn known(app: &TestApp, number: &str) -> (Value, Vec<Value>) {
    let hr = app.as_role(Role::Hr);
    let mut found = hr.get(&format!("/v1/people?employee_number={number}")).await.expect(200).body
        ["items"]
        .take();
    assert_eq!(found.as_array().unwrap().len(), 1, "{number}");
    let path = format!("/v1/people/{}/employment-periods", found[0]["id"].as_str().unwrap());
    let periods = hr.get(&path).await.expect(200).body["items"].as_array().unwrap().clone();
    (found[0].take(), periods)
}

#[test]
fn an_organization_is_made_from_nothing_and_filled() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some((url, dir)) = empty(engine) else { continue };
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), ENGLISH).unwrap();
        let run = |arguments: &[&str]| ended(&program(&url).args(arguments).output().unwrap());
        assert_eq!(run(&["migrate"]).0, 0);

        let made =
            run(&["organization", "create", "新しい会社", "--admin-email", "admin@example.jp"]);
        let path = file.path().to_str().unwrap();
        let filled = run(&["import", "people", "--organization", "新しい会社", path]);
        let token = run(&["token", "--organization", "新しい会社", "--email", "admin@example.jp"]);

        assert!(
            made.1.starts_with("organization org_") && made.1.contains("\nadministrator usr_"),
            "{made:?}"
        );
        assert_eq!(filled, (0, "2 created, 0 updated, 0 unchanged.\n".to_owned(), String::new()));
        assert_eq!((token.0, token.1.trim().split('.').count()), (0, 3));
        let unknown = run(&["import", "people", "--organization", "別の会社", path]);
        assert_eq!(
            (unknown.0, unknown.2.contains("there is no organization named '別の会社'")),
            (2, true)
        );
        let unread = run(&["import", "people", "--organization", "新しい会社", "no-such-file.csv"]);
        assert_eq!(
            (unread.0, unread.2.contains("no-such-file.csv cannot be read")),
            (2, true),
            "{}",
            unread.2
        );
        let misspelt = run(&["token", "--organization", "別の会社", "--email", "admin@example.jp"]);
        assert_eq!(
            (misspelt.0, misspelt.2.contains("there is no organization named '別の会社'")),
            (2, true)
        );
        let no_email = run(&["organization", "create", "Z", "--admin-email", "notmail"]);
        assert_eq!((no_email.0, no_email.2.contains("/email: ")), (2, true), "{}", no_email.2);
        let money =
            ["organization", "create", "Z", "--admin-email", "a@example.jp", "--currency", "ZZZ"];
        let no_money = run(&money);
        assert_eq!(
            (no_money.0, no_money.2.contains("'ZZZ' is not an active ISO 4217")),
            (2, true),
            "{}",
            no_money.2
        );
        let db = Database::open(&url, PoolSizes { readers: 1, writers: 1 }).unwrap();
        assert_eq!((rows(&db).0, rows(&db).1), (2, 2));
        drop((db, dir));
    }
}

#[actix_web::test]
async fn a_file_of_headings_alone_is_refused() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let named = faults(&app, "社員番号,姓,名,入社日\n");
    assert_eq!(
        named,
        [
            "line 1, column 0 (file): the file has headings and no rows. Add a row for each employment period"
        ]
    );
}

#[actix_web::test]
async fn ten_thousand_rows_are_imported_in_one_go() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let before = rows(&app.okaeri.db);
    let mut text = "社員番号,姓,名,入社日,退職日,雇用形態\n".to_owned();
    for number in 1..=10_000 {
        text.push_str(&format!("{number:05},番号,{number},2017-04-01,2021-03-31,regular\n"));
    }

    let said = imported(&app, &text);

    assert_eq!(said, "10000 created, 0 updated, 0 unchanged.\n");
    let after = rows(&app.okaeri.db);
    assert_eq!(
        (after.0 - before.0, after.1 - before.1, after.2 - before.2),
        (10_000, 10_000, 20_000)
    );
    assert_eq!(known(&app, "07342").await.0["name"]["given"], "7342");
}

on_both_engines!(
    english_headings_and_utf8_with_a_mark_are_read,
    japanese_headings_and_shift_jis_are_read,
    a_file_in_neither_encoding_is_refused,
    every_wrong_place_is_named_by_line_and_column,
    what_only_the_records_know_is_told_by_line_too,
    a_number_with_another_first_day_is_the_same_person_again,
    a_trial_run_says_what_would_be_and_does_nothing,
    the_same_file_again_changes_nothing,
    a_changed_row_changes_what_it_says_and_nothing_else,
    a_quotation_mark_that_is_never_closed_swallows_no_row,
    a_file_in_another_encoding_is_refused_by_its_name,
    what_a_file_holds_is_no_order_to_the_terminal,
    a_number_that_was_given_to_another_overwrites_nobody,
    a_new_family_name_keeps_the_old_one_and_the_readings,
    a_year_of_two_digits_is_no_year,
    lines_are_those_of_the_file_whatever_stands_in_cells,
);

async fn english_headings_and_utf8_with_a_mark_are_read(app: TestApp) {
    let said = imported(&app, &format!("\u{feff}{ENGLISH}"));

    assert_eq!(said, "2 created, 0 updated, 0 unchanged.\n");
    let (person, periods) = known(&app, "001").await;
    assert_eq!(
        (&person["name"], &person["birth_date"]),
        (&json!({"family": "佐藤", "given": "花子"}), &json!("1990-04-02"))
    );
    let contacts: Vec<_> = person["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| contact["value"].clone())
        .collect();
    assert_eq!(contacts, ["hanako@example.jp", "090-1234-5678"]);
    assert_eq!(
        periods[0]["period"],
        json!({
            "start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true, "job_family": "administration", "exit_route": "resignation"
        })
    );
    let (person, periods) = known(&app, "002").await;
    assert_eq!(
        (&person["name"]["family"], &periods[0]["period"]),
        (
            &json!("鈴木, 旧姓あり"),
            &json!({"start": "2019-04-01", "employment_type": "part_time", "full_time": false})
        )
    );
    assert_eq!(
        app.as_stranger(Role::Hr).get("/v1/people?employee_number=001").await.expect(200).body["items"],
        json!([])
    );
}

async fn japanese_headings_and_shift_jis_are_read(app: TestApp) {
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(JAPANESE);
    assert!(std::str::from_utf8(&bytes).is_err());

    let (code, _, complained) = import(&app, &bytes, &["--encoding", "utf8"]);
    let (done, said, _) = import(&app, &bytes, &[]);

    assert_eq!(
        (code, complained.lines().next()),
        (
            2,
            Some(
                "line 1, column 0 (file): the file is not written in UTF-8; name its encoding with --encoding, or save it as UTF-8"
            )
        )
    );
    assert_eq!((done, said.as_str()), (0, "1 created, 0 updated, 0 unchanged.\n"));
    let (person, periods) = known(&app, "001").await;
    assert_eq!(
        person["name"],
        json!({"family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ"})
    );
    assert_eq!(person["former_names"], json!([{"family": "田中", "given": "花子"}]));
    assert_eq!(
        periods[0]["period"],
        json!({
            "start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true, "exit_reason_recorded": "spouse_transfer"
        })
    );
}

async fn a_file_in_neither_encoding_is_refused(app: TestApp) {
    let utf16: Vec<u8> = ENGLISH
        .encode_utf16()
        .flat_map(|unit| [unit.to_le_bytes()[0], unit.to_le_bytes()[1]])
        .collect();
    let before = rows(&app.okaeri.db);

    let (code, _, complained) = import(&app, &[&[0xff, 0xfe], utf16.as_slice()].concat(), &[]);

    assert_eq!(
        (code, complained.lines().next()),
        (
            2,
            Some(
                "line 1, column 0 (file): the file is neither UTF-8 nor certainly Shift_JIS; it seems to be UTF-16. Save it as UTF-8, or name its encoding with --encoding"
            )
        )
    );
    assert_eq!(rows(&app.okaeri.db), before);
}

async fn every_wrong_place_is_named_by_line_and_column(app: TestApp) {
    let found = faults(
        &app,
        "\
employee_number,family_name,given_name,start_date,last_day,employment_type,email,full_time
1,佐藤,,2017-04-01,2016-03-31,regular,hanako,yes
2,鈴木,一,2017-13-01,,boss,,perhaps
3,田中,実,2017-04-01,,regular,,no
3,田中,実,2017-04-01,,regular,,no
4,田中,実,2017-04-01,,regular,,no,多すぎる列
",
    );

    let places: Vec<&str> = found.iter().map(|line| line.split_once("):").unwrap().0).collect();
    assert_eq!(
        places,
        [
            "line 2, column 3 (given_name",
            "line 2, column 5 (last_day",
            "line 2, column 7 (email",
            "line 3, column 4 (start_date",
            "line 3, column 6 (employment_type",
            "line 3, column 8 (full_time",
            "line 5, column 1 (employee_number",
            "line 6, column 9 (row",
        ]
    );
    assert_eq!(faults(&app, "社員番号,あだ名,名,入社日\n1,x,y,2017-04-01\n").len(), 2);
}

async fn what_only_the_records_know_is_told_by_line_too(app: TestApp) {
    imported(&app, ENGLISH);

    let found = faults(
        &app,
        "\
employee_number,family_name,given_name,birth_date,start_date,last_day
001,佐藤,花子,,2020-04-01,2022-03-31
010,伊藤,翼,2030-01-01,2017-04-01,
011,伊藤,翼,,2017-04-01,2019-03-31
011,伊藤,翼,,2019-03-31,
012,伊藤,翼,,2017-04-01,
",
    );

    assert_eq!(
        found,
        [
            "line 2, column 5 (start_date): The period overlaps an earlier one.",
            "line 3, column 4 (birth_date): The date of birth is in the future.",
            "line 5, column 5 (start_date): The period overlaps an earlier one.",
        ]
    );
}

async fn a_number_with_another_first_day_is_the_same_person_again(app: TestApp) {
    let said = imported(
        &app,
        "\
employee_number,family_name,given_name,start_date,last_day
001,佐藤,花子,2017-04-01,2019-03-31
001,佐藤,花子,2020-04-01,
",
    );

    assert_eq!(said, "1 created, 1 updated, 0 unchanged.\n");
    assert_eq!(known(&app, "001").await.1.len(), 2);
}

async fn a_trial_run_says_what_would_be_and_does_nothing(app: TestApp) {
    let before = rows(&app.okaeri.db);

    let (code, said, _) = import(&app, ENGLISH.as_bytes(), &["--dry-run"]);

    assert_eq!(
        (code, said.as_str()),
        (0, "2 would be created, 0 would be updated, 0 unchanged.\n")
    );
    assert_eq!(rows(&app.okaeri.db), before);
    assert_eq!(import(&app, b"employee_number\n1\n", &["--dry-run"]).0, 2);
}

async fn the_same_file_again_changes_nothing(app: TestApp) {
    imported(&app, ENGLISH);
    let before = rows(&app.okaeri.db);

    let said = imported(&app, ENGLISH);

    assert_eq!(said, "0 created, 0 updated, 2 unchanged.\n");
    assert_eq!(rows(&app.okaeri.db), before);
}

async fn a_changed_row_changes_what_it_says_and_nothing_else(app: TestApp) {
    imported(&app, ENGLISH);
    let (before, _) = known(&app, "001").await;

    let said = imported_with(
        &app,
        &["--same-person", "001"],
        "\
employee_number,family_name,given_name,former_family_name,birth_date,email,start_date,last_day,grade
001,高橋,花子,佐藤,1990-04-03,hanako.takahashi@example.jp,2017-04-01,2021-04-30,3
002,\"鈴木, 旧姓あり\",一郎,,,,2019-04-01,,
",
    );

    assert_eq!(said, "0 created, 1 updated, 1 unchanged.\n");
    let (person, periods) = known(&app, "001").await;
    assert_eq!(
        (&person["id"], &person["name"], &person["birth_date"]),
        (&before["id"], &json!({"family": "高橋", "given": "花子"}), &json!("1990-04-03"))
    );
    assert_eq!(person["former_names"], json!([{"family": "佐藤", "given": "花子"}]));
    let contacts: Vec<_> = person["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| contact["value"].clone())
        .collect();
    assert_eq!(contacts, ["hanako@example.jp", "090-1234-5678", "hanako.takahashi@example.jp"]);
    assert_eq!(
        periods[0]["period"],
        json!({
            "start": "2017-04-01", "last_day": "2021-04-30", "employment_type": "regular", "full_time": true, "job_family": "administration", "exit_route": "resignation", "grade": "3"
        })
    );
    assert_eq!(
        (periods[0]["version"].clone(), known(&app, "002").await.0["version"].clone()),
        (json!(2), json!(1))
    );
}

async fn a_quotation_mark_that_is_never_closed_swallows_no_row(app: TestApp) {
    let found = faults(
        &app,
        "社員番号,姓,名,入社日,役職\r\nU1,甲,一,2010/4/1,\"課長\r\nU2,乙,二,2011/4/1,主任\r\nU3,丙,三,2012/4/1,\r\n",
    );

    assert_eq!(
        found,
        [
            "line 2, column 5 (row): a quotation mark opens here and is never closed. Close it, or double it where it belongs to the text"
        ]
    );
}

async fn a_file_in_another_encoding_is_refused_by_its_name(app: TestApp) {
    let (euc, _, _) = encoding_rs::EUC_JP
        .encode("employee_number,family_name,given_name,start_date\nU11,佐藤,花子,2010/4/1\n");
    let before = rows(&app.okaeri.db);

    let (code, _, complained) = import(&app, &euc, &[]);

    assert!(code == 2 && complained.contains("it seems to be EUC-JP"), "{complained}");
    assert_eq!(rows(&app.okaeri.db), before);
    assert_eq!(import(&app, &euc, &["--encoding", "euc-jp"]).0, 0);
    assert_eq!(known(&app, "U11").await.0["name"]["family"], "佐藤");
}

async fn what_a_file_holds_is_no_order_to_the_terminal(app: TestApp) {
    let (code, _, complained) = import(
        &app,
        "社員番号,姓,名,入社日,\u{1b}[31m\n1,佐藤,花子,\u{1b}]0;x\u{7},\n".as_bytes(),
        &[],
    );

    assert_eq!(code, 2);
    assert!(
        !complained.contains(|letter: char| letter.is_control() && letter != '\n'),
        "{complained:?}"
    );
}

async fn a_number_that_was_given_to_another_overwrites_nobody(app: TestApp) {
    imported(
        &app,
        "社員番号,姓,名,生年月日,入社日,退職日\nN0700,青木,誠,1970/5/5,1995/4/1,2005/3/31\n",
    );
    let before = known(&app, "N0700").await;

    let found = faults(
        &app,
        "社員番号,姓,名,生年月日,入社日,退職日\nN0700,和田,美咲,1990/9/9,2014/4/1,2020/3/31\n",
    );

    assert_eq!(
        found,
        [
            "line 2, column 1 (employee_number): The employee number N0700 is that of 青木 誠 (1970-05-05); this row is about 和田 美咲 (1990-09-09). If it is the same person, say so (--same-person N0700); if not, give them another number."
        ]
    );
    assert_eq!(known(&app, "N0700").await, before);
}

async fn a_new_family_name_keeps_the_old_one_and_the_readings(app: TestApp) {
    imported(
        &app,
        "社員番号,姓,名,姓カナ,名カナ,入社日\n001,青山,花子,アオヤマ,ハナコ,2017-04-01\n",
    );

    imported(&app, "社員番号,姓,名,入社日\n001,赤川,花子,2017-04-01\n");

    let hr = app.as_role(Role::Hr);
    let found = hr.get("/v1/people?q=%E9%9D%92%E5%B1%B1").await.expect(200).body["items"][0].take();
    assert_eq!(
        found["name"],
        json!({"family": "赤川", "given": "花子", "family_kana": "アオヤマ", "given_kana": "ハナコ"})
    );
    assert_eq!(found["former_names"], json!([{"family": "青山", "given": "花子"}]));
    assert_eq!(
        imported(&app, "社員番号,姓,名,入社日\n001,赤川,花子,2017-04-01\n"),
        "0 created, 0 updated, 1 unchanged.\n"
    );
}

async fn a_year_of_two_digits_is_no_year(app: TestApp) {
    let found = faults(
        &app,
        "社員番号,姓,名,生年月日,入社日\r\n\r\n1,甲,一,85/4/1,2010/4/1\r\n2,\"乙\",二,0085/4/1,24/4/1\r\n",
    );

    let places: Vec<&str> = found.iter().map(|line| line.split_once("):").unwrap().0).collect();
    assert_eq!(
        places,
        [
            "line 3, column 4 (birth_date",
            "line 4, column 4 (birth_date",
            "line 4, column 5 (start_date"
        ]
    );
}

async fn lines_are_those_of_the_file_whatever_stands_in_cells(app: TestApp) {
    for end in ["\n", "\r\n", "\r"] {
        let text = [
            "社員番号,姓,名,役職,入社日",
            "1,甲,一,\"部長",
            "（兼務）\",2010/13/1",
            ",,,,",
            "2,乙,,,2010/4/1",
        ]
        .join(end);
        let found = faults(&app, &format!("\u{feff}{text}"));
        let places: Vec<&str> = found.iter().map(|line| line.split_once("):").unwrap().0).collect();
        assert_eq!(
            places,
            ["line 3, column 5 (start_date", "line 5, column 3 (given_name"],
            "{end:?}"
        );
    }
}
