//! Writing imported rows, all in one transaction.

use super::model::{ImportRow, RowFault};
use crate::error::{Error, ProblemCode, Result};
use crate::ids::PersonId;
use crate::patch::Change;
use crate::people::model::{FormerName, Name, contact_key};
use crate::people::service::{Edit, Found, New, name_of};
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

/// Writes rows; `progress` hears after each.
///
/// # Errors
/// `conflict` carries no rows: the faults are handed to `refused`, and the caller's transaction rolls back.
pub fn people(tx: &mut Tx<'_>, rows: &[ImportRow], progress: &dyn Fn(), refused: &mut Vec<RowFault>) -> Result<Report> {
    let mut report = Report::default();
    for row in rows {
        match one(tx, row) {
            Ok(Done::Created) => report.created += 1,
            Ok(Done::Updated) => report.updated += 1,
            Ok(Done::Unchanged) => report.unchanged += 1,
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

enum Done {
    Created,
    Updated,
    Unchanged,
}

fn one(tx: &mut Tx<'_>, row: &ImportRow) -> Result<Done> {
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
        return Ok(Done::Created);
    };
    let person = first.person_id;
    let is_changed = person_changed(tx, row, person)?;
    let same_start = known.iter().find(|period| period.start_date == row.period.start);
    match same_start {
        None => append(tx, row, person)?,
        Some(period) if period.facts.0 == merged(&period.facts.0, row) => {
            return Ok(if is_changed { Done::Updated } else { Done::Unchanged });
        }
        Some(period) => {
            let (id, version, facts) = (period.id, period.version, merged(&period.facts.0, row));
            employment_periods::service::replace(tx, id, ExpectedVersion(version), facts)?;
        }
    }
    Ok(Done::Updated)
}

fn append(tx: &mut Tx<'_>, row: &ImportRow, person: PersonId) -> Result<()> {
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

/// Brings the person in line with the file; what the file does not say stays, and no contact goes.
fn person_changed(tx: &mut Tx<'_>, row: &ImportRow, id: PersonId) -> Result<bool> {
    let Found { person: known, contacts } = people::service::find(tx, id)?;
    let edit = Edit {
        name: Some(named(name_of(&known), &row.name)).filter(|name| *name != name_of(&known)),
        former_names: with_former(&known.former_names.0, &row.former_names),
        birth_date: row.birth_date.filter(|said| known.birth_date != Some(*said)).map_or(Change::Keep, Change::Set),
        external_id: Change::Keep,
    };
    let mut is_changed = edit.name.is_some() || edit.former_names.is_some() || edit.birth_date != Change::Keep;
    if is_changed {
        people::service::update(tx, id, ExpectedVersion(known.version), &edit)?;
    }
    for (kind, value) in &row.contacts {
        let of_kind = || contacts.iter().filter(|contact| contact.kind == *kind);
        if of_kind().all(|contact| contact.value_key != contact_key(*kind, value)) {
            people::service::add_contact(tx, id, *kind, value, of_kind().next().is_none())?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}

fn named(known: Name, said: &Name) -> Name {
    let said = said.clone();
    Name {
        family: said.family,
        given: said.given,
        family_kana: said.family_kana.or(known.family_kana),
        given_kana: said.given_kana.or(known.given_kana),
        family_romaji: said.family_romaji.or(known.family_romaji),
        given_romaji: said.given_romaji.or(known.given_romaji),
    }
}

/// All former names, when the file has one that is not on record: a file says the family name only.
fn with_former(known: &[FormerName], said: &[FormerName]) -> Option<Vec<FormerName>> {
    let is_new = |former: &&FormerName| known.iter().all(|other| other.family != former.family);
    let new: Vec<FormerName> = said.iter().filter(is_new).cloned().collect();
    (!new.is_empty()).then(|| known.iter().cloned().chain(new).collect())
}
