//! What an import finds to be written, on a connection that cannot write.

use okaeri::integration::imports::{read::read, service};
use okaeri::platform::auth::Principal;
use okaeri::platform::error::{Error, ProblemCode};

use crate::on_both_engines;
use crate::support::*;

const HEADINGS: &str = "employee_number,family_name,given_name,start_date,last_day";
const KNOWN: &str = "1,佐藤,花子,2017-04-01,2021-03-31\n2,鈴木,一郎,2018-04-01,2022-03-31\n2,鈴木,一郎,2023-04-01,2024-03-31";

/// The employee numbers that importing these rows would write.
fn to_write(app: &TestApp, rows: &str) -> Vec<String> {
    let rows = read(&format!("{HEADINGS}\n{rows}")).unwrap();
    let who = Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);
    let found = app.okaeri.read_now(&who, |tx| Ok(service::to_write(tx, &rows)));
    found.unwrap().unwrap().into_iter().collect()
}

on_both_engines!(only_what_is_not_on_record_is_written, a_reading_connection_refuses_every_write,);

async fn only_what_is_not_on_record_is_written(app: TestApp) {
    assert_eq!(to_write(&app, KNOWN), ["1", "2"]);
    let rows = read(&format!("{HEADINGS}\n{KNOWN}")).unwrap();
    app.write(move |tx| service::people(tx, &rows, &|| {}, &mut Vec::new()).map(drop));

    assert_eq!(to_write(&app, KNOWN), Vec::<String>::new());
    // All rows of a number go together: a later one goes over an earlier one.
    assert_eq!(to_write(&app, &KNOWN.replace("2024-03-31", "2024-03-30")), ["2"]);
    assert_eq!(to_write(&app, &format!("{KNOWN}\n3,伊藤,翼,2017-04-01,2021-03-31")), ["3"]);
    // A row that is refused is refused in the transaction.
    assert_eq!(to_write(&app, &format!("{KNOWN}\n1,佐藤,花子,2020-04-01,2022-03-31")), ["1"]);
}

async fn a_reading_connection_refuses_every_write(app: TestApp) {
    use diesel::prelude::*;
    use okaeri::platform::db::schema::people;

    let refused = app.okaeri.db.read_now(|conn| Ok(diesel::delete(people::table).execute(conn)?));

    assert_eq!(refused.map_err(|error: Error| error.code), Err(ProblemCode::StorageRefused));
}
