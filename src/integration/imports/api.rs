//! `/v1/people-imports`.

use actix_web::post;
use chrono::NaiveDate;
use okaeri_engine::facts::EmploymentPeriod;
use okaeri_engine::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::model::{ImportRow, Place};
use super::service::{self, Report};
use crate::platform::auth::may;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{Allowed, Answered, Body, Done, operation};
use crate::records::people::model::{FormerName, Name, PersonContact};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::{AlreadyExists, Conflict, LimitReached};
    config.service(operation(
        may::WriteEmployment,
        import_people,
        &[AlreadyExists, Conflict, LimitReached],
    ));
}

/// People with their employment periods to import.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeopleImportInput, example = json!({"rows": [{
    "employee_number": "10023", "name": {"family": "佐藤", "given": "花子", "family_kana": "サトウ", "given_kana": "ハナコ"},
    "birth_date": "1990-04-02", "contacts": [{"kind": "email", "value": "hanako@example.jp"}],
    "period": {"start": "2017-04-01", "last_day": "2021-03-31", "employment_type": "regular", "full_time": true,
               "job_family": "administration", "exit_route": "resignation", "exit_reason_recorded": "spouse_transfer"}
}]}))]
pub struct PeopleImportIn {
    /// The rows, one per employment period.
    #[validate(nested, length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub rows: Vec<PeopleImportRowIn>,
}

/// An employment period with its person.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeopleImportRow)]
pub struct PeopleImportRowIn {
    /// The employee number: it identifies the person, and with the first day the period.
    #[schema(inline)]
    pub employee_number: Text<100>,
    /// True if the row is about the person who has the number, although name or date of birth
    /// differ.
    #[serde(default)]
    pub same_person: bool,
    /// The current name; absent parts stay as recorded. The previous name becomes a former name.
    pub name: Name,
    /// Former names; those whose family name is not on record are added.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub former_names: Vec<FormerName>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Ways to reach the person; missing ones are added.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub contacts: Vec<PersonContact>,
    /// Facts of the period; absent ones stay as recorded.
    pub period: EmploymentPeriod,
}

impl PeopleImportRowIn {
    fn at(self, index: usize) -> ImportRow {
        ImportRow {
            place: Place::Request(index),
            is_same_person: self.same_person,
            employee_number: self.employee_number.into(),
            name: self.name,
            former_names: self.former_names,
            birth_date: self.birth_date,
            contacts: self
                .contacts
                .into_iter()
                .map(|contact| (contact.kind, contact.value.into()))
                .collect(),
            period: self.period,
        }
    }
}

/// The result of an import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PeopleImportReport, example = json!({"created": 1, "updated": 0, "unchanged": 0}))]
pub struct PeopleImportOut {
    /// Number of rows whose person was created.
    pub created: usize,
    /// Number of rows that changed a person or a period, or added a period.
    pub updated: usize,
    /// Number of rows that were on record already.
    pub unchanged: usize,
}

impl From<Report> for PeopleImportOut {
    fn from(Report { created, updated, unchanged }: Report) -> Self {
        Self { created, updated, unchanged }
    }
}

/// Import people
///
/// Imports people with their employment periods, at most 1000 rows and 1 MiB per request, all rows
/// or none: if a row is invalid, every fault is listed with its pointer, such as
/// `/rows/3/period/last_day`, and nothing is stored. Employee number and first day identify a row,
/// so sending the same rows again changes nothing. Absent fields stay as recorded, and nothing is
/// removed. Since employee numbers are reused, a row is refused (`another_person`) if its name and
/// date of birth are not those of the person with its number. When a concurrent request records or
/// changes one of these people, nothing is stored (`already_exists`, `conflict`) and the request
/// can be retried.
#[utoipa::path(operation_id = "importPeople", tag = "people", request_body = PeopleImportIn,
    responses((status = 200, description = "Imported", body = PeopleImportOut)))]
#[post("/people-imports")]
async fn import_people(
    may: Allowed<may::WriteEmployment>,
    Body(body): Body<PeopleImportIn>,
) -> Result<Answered> {
    let rows: Vec<ImportRow> =
        body.rows.into_iter().enumerate().map(|(index, row)| row.at(index)).collect();
    may.answer(move |tx| Ok(Done(PeopleImportOut::from(service::people_of_request(tx, &rows)?))))
        .await
}
