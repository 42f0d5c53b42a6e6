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
    /// The rows: one for each employment period.
    #[validate(nested, length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    pub rows: Vec<PeopleImportRowIn>,
}

/// One employment period with the person.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeopleImportRow)]
pub struct PeopleImportRowIn {
    /// The employee number: it tells who the person is, and with the first day which period.
    #[schema(inline)]
    pub employee_number: Text<100>,
    /// The row is about the person who has the number, although name or date of birth are
    /// another's.
    #[serde(default)]
    pub same_person: bool,
    /// The present name; the parts that are left out stay as they are on record, and the name
    /// before becomes a former name.
    pub name: Name,
    /// Names they had before; those whose family name is not on record are added.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub former_names: Vec<FormerName>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// How to reach them; those that are not on record are added.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub contacts: Vec<PersonContact>,
    /// What is said of the period; what is left out stays as it is on record.
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

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PeopleImportReport, example = json!({"created": 1, "updated": 0, "unchanged": 0}))]
pub struct PeopleImportOut {
    /// Rows whose person was recorded.
    pub created: usize,
    /// Rows that changed a person or a period, or added a period.
    pub updated: usize,
    /// Rows that were on record already.
    pub unchanged: usize,
}

impl From<Report> for PeopleImportOut {
    fn from(Report { created, updated, unchanged }: Report) -> Self {
        Self { created, updated, unchanged }
    }
}

/// Import people
///
/// People with their employment periods, at most 1000 rows and 1 MiB at a time. All rows or none:
/// where one is wrong, each wrong place is told by its pointer, such as `/rows/3/period/last_day`,
/// and nothing is stored. Rows are known by employee number and first day, so that the same rows
/// sent again change nothing; what a row does not say stays, and nothing is removed. A row whose
/// name and date of birth are not those of the person with its number is refused
/// (`another_person`): numbers are used again. When somebody records or changes one of these people
/// at the same time, nothing is stored (`already_exists`, `conflict`) and the rows can be sent
/// again.
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
