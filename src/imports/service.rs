//! Writing imported rows, all in one transaction.

use super::model::{ImportRow, RowFault};
use crate::error::{Error, ProblemCode, Result};
use crate::people::service::{Edit, New, name_of};
use crate::usecase::{ExpectedVersion, Tx};
use crate::{employment_periods, people};

/// What an import did, or would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// People recorded.
    pub created: usize,
    /// People or periods changed, or periods added.
    pub updated: usize,
    /// Rows that were on record already.
    pub unchanged: usize,
}

/// How an import ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every row is on record.
    Done(Report),
    /// Rows are wrong; nothing was written.
    Refused(Vec<RowFault>),
}

/// Writes rows; `progress` hears after each.
///
/// # Errors
/// `conflict` carries no rows: the faults are handed to `refused`, and the caller's transaction rolls back.
pub fn people(tx: &mut Tx<'_>, rows: &[ImportRow], progress: &dyn Fn(), refused: &mut Vec<RowFault>) -> Result<Report> {
    let mut report = Report::default();
    for row in rows {
        match one(tx, row) {
            Ok(Change::Created) => report.created += 1,
            Ok(Change::Updated) => report.updated += 1,
            Ok(Change::Unchanged) => report.unchanged += 1,
            Err(error) if error.code.status() < 500 => refused.push(fault(row, &error)),
            Err(error) => return Err(error),
        }
        progress();
    }
    if refused.is_empty() { Ok(report) } else { Err(Error::new(ProblemCode::Conflict)) }
}

fn fault(row: &ImportRow, error: &Error) -> RowFault {
    let said = error.faults.first().map(|fault| fault.message.en.to_string());
    RowFault {
        line: row.line,
        column: 0,
        heading: "row".to_owned(),
        message: said.unwrap_or_else(|| error.to_string()),
    }
}

enum Change {
    Created,
    Updated,
    Unchanged,
}

fn one(tx: &mut Tx<'_>, row: &ImportRow) -> Result<Change> {
    let known = employment_periods::service::by_employee_number(tx, &row.employee_number)?;
    let Some(first) = known.first() else {
        let new = New {
            name: row.name.clone(),
            former_names: row.former_names.clone(),
            birth_date: row.birth_date,
            external_id: None,
            contacts: row.contacts.clone(),
        };
        let person = people::service::create(tx, &new)?.person.id;
        append(tx, row, person)?;
        return Ok(Change::Created);
    };
    let person = first.person_id;
    let is_renamed = renamed(tx, row, person)?;
    let same_start = known.iter().find(|period| period.start_date == row.period.start);
    match same_start {
        None => append(tx, row, person)?,
        Some(period) if period.facts.0 == merged(&period.facts.0, row) => {
            return Ok(if is_renamed { Change::Updated } else { Change::Unchanged });
        }
        Some(period) => {
            let (id, version, facts) = (period.id, period.version, merged(&period.facts.0, row));
            employment_periods::service::replace(tx, id, ExpectedVersion(version), facts)?;
        }
    }
    Ok(Change::Updated)
}

fn append(tx: &mut Tx<'_>, row: &ImportRow, person: crate::ids::PersonId) -> Result<()> {
    let new = employment_periods::service::New {
        person_id: person,
        employee_number: Some(row.employee_number.clone()),
        entity_id: None,
        period: row.period.clone(),
        offer_id: None,
    };
    employment_periods::service::append(tx, new).map(drop)
}

/// What the file says, on top of what is on record and a file cannot say.
fn merged(known: &crate::domain::facts::EmploymentPeriod, row: &ImportRow) -> crate::domain::facts::EmploymentPeriod {
    let (mut period, said) = (known.clone(), row.period.clone());
    period.start = said.start;
    period.last_day = said.last_day.or(period.last_day);
    period.employment_type = said.employment_type.or(period.employment_type);
    period.full_time = said.full_time.or(period.full_time);
    period.job_family = said.job_family.or(period.job_family);
    period.grade = said.grade.or(period.grade);
    period.rank = said.rank.or(period.rank);
    period.exit_route = said.exit_route.or(period.exit_route);
    period.exit_reason_recorded = said.exit_reason_recorded.or(period.exit_reason_recorded);
    period
}

fn renamed(tx: &mut Tx<'_>, row: &ImportRow, person: crate::ids::PersonId) -> Result<bool> {
    let known = people::service::row(tx, person)?;
    let mut name = name_of(&known);
    let said = row.name.clone();
    (name.family, name.given) = (said.family, said.given);
    name.family_kana = said.family_kana.or(name.family_kana);
    name.given_kana = said.given_kana.or(name.given_kana);
    name.family_romaji = said.family_romaji.or(name.family_romaji);
    name.given_romaji = said.given_romaji.or(name.given_romaji);
    if name == name_of(&known) {
        return Ok(false);
    }
    let edit = Edit { name: Some(name), ..Edit::default() };
    people::service::update(tx, person, ExpectedVersion(known.version), &edit)?;
    Ok(true)
}
