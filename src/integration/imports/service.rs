//! Use cases that write imported rows, all in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use okaeri_engine::codes::Code as _;
use okaeri_engine::facts::EmploymentPeriod;
use okaeri_engine::messages::imports;

use super::model::{self, ImportRow, Place, RowFault};
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::{EmploymentPeriodId, PersonId};
use crate::platform::patch::Change;
use crate::platform::usecase::{ExpectedVersion, Tx};
use crate::records::people::identity::Identity;
use crate::records::people::model::former_names;
use crate::records::people::service::{Edit, New, identity_of, name_of};
use crate::records::{employment_periods, people};

/// The result of an import or of its dry run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Number of people created.
    pub created: usize,
    /// Number of rows that changed a person or period, or added a period.
    pub updated: usize,
    /// Number of rows that were on record already.
    pub unchanged: usize,
}

/// Writes rows; calls `progress` after each.
///
/// # Errors
/// `conflict` when rows are invalid: `refused` holds their faults, and the caller's transaction
/// rolls back. `already_exists` or `stale_version` when a concurrent request recorded or changed
/// one of these people.
pub fn people(
    tx: &mut Tx<'_>,
    rows: &[ImportRow],
    progress: &dyn Fn(),
    refused: &mut Vec<RowFault>,
) -> Result<Report> {
    // If two imports have the same new number, the second finds the person of the first.
    tx.hold_organization()?;
    let mut report = Report::default();
    for row in rows {
        let wrong = wrong_by_itself(tx, row);
        match if wrong.is_empty() { one(tx, row) } else { Err(Error::invalid(wrong)) } {
            Ok(Done::Created) => report.created += 1,
            Ok(Done::Updated) => report.updated += 1,
            Ok(Done::Unchanged) => report.unchanged += 1,
            Err(error) if is_met(&error) || error.code.status() >= 500 => return Err(error),
            Err(error) => refused.extend(faults(row, error)),
        }
        progress();
    }
    if refused.is_empty() { Ok(report) } else { Err(Error::new(ProblemCode::Conflict)) }
}

/// Number of rows whose records are loaded by one statement of each kind.
const AT_ONCE: usize = 500;

/// Returns the employee numbers of the rows that an import would write. Runs on a read connection
/// before the write transaction, which blocks other writers: rows that are on record need no write.
/// Rows with the same number stay together, since a later one builds on an earlier one.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn to_write(tx: &mut Tx<'_>, rows: &[ImportRow]) -> Result<BTreeSet<String>> {
    let mut to_write = BTreeSet::new();
    for rows in rows.chunks(AT_ONCE) {
        let on_record = OnRecord::of_rows(tx, rows)?;
        let nothing = OnRecord::default();
        for row in rows {
            let known = on_record.get(&row.employee_number).unwrap_or(&nothing);
            // A refused row is checked again in the transaction.
            if !wrong_by_itself(tx, row).is_empty()
                || !known.difference(row).is_ok_and(|found| found.is_none())
            {
                to_write.insert(row.employee_number.clone());
            }
        }
    }
    Ok(to_write)
}

/// Writes the rows of a request.
///
/// # Errors
/// `invalid` with the pointer of every fault; `already_exists` or `conflict` when a concurrent
/// request recorded or changed one of these people.
pub fn people_of_request(tx: &mut Tx<'_>, rows: &[ImportRow]) -> Result<Report> {
    let mut refused = model::repeated(rows);
    match people(tx, rows, &|| {}, &mut refused) {
        Err(error) if error.code == ProblemCode::Conflict && !refused.is_empty() => {
            refused.sort_by_key(|fault| fault.line);
            Err(Error::invalid(refused.into_iter().map(|refused| refused.fault).collect()))
        }
        Err(error) if error.code == ProblemCode::StaleVersion => {
            Err(Error::because(ProblemCode::Conflict, imports::CHANGED_MEANWHILE))
        }
        done => done,
    }
}

/// Returns whether a concurrent request wrote the same. Then no row is invalid, and a retry finds
/// the records. On PostgreSQL the transaction may be aborted, so no other row can be checked.
const fn is_met(error: &Error) -> bool {
    matches!(error.code, ProblemCode::AlreadyExists | ProblemCode::StaleVersion)
}

/// Returns the faults of a row that do not depend on the records, all at once.
fn wrong_by_itself(tx: &Tx<'_>, row: &ImportRow) -> Vec<Fault> {
    let mut faults: Vec<Fault> =
        people::service::birth_fault(tx, row.birth_date).into_iter().collect();
    let born = row.birth_date.filter(|_| faults.is_empty());
    let contacts = row.contacts.iter().enumerate();
    faults.extend(contacts.filter_map(|(index, (kind, value))| {
        people::service::contact_fault(*kind, value, &format!("/contacts/{index}/value"))
    }));
    faults.extend(model::repeated_contacts(row));
    faults.extend(employment_periods::model::faults(born, &row.period, Vec::new()));
    faults
}

/// Returns the faults of a row for the error of a use case.
fn faults(row: &ImportRow, error: Error) -> Vec<RowFault> {
    let whole = |error: &Error| {
        Fault::new(
            "",
            error.code.as_str(),
            error.detail.clone().unwrap_or_else(|| error.code.title()),
        )
    };
    let found = if error.faults.is_empty() { vec![whole(&error)] } else { error.faults };
    found.into_iter().map(|fault| row.place.fault(fault, &row.contacts)).collect()
}

enum Done {
    Created,
    Updated,
    Unchanged,
}

/// Records with one employee number.
#[derive(Debug, Default)]
struct OnRecord {
    /// The periods with the number, ordered by start.
    periods: Vec<employment_periods::service::Row>,
    /// The people of these periods.
    people: Vec<people::service::Found>,
}

impl OnRecord {
    /// Loads the records with one number.
    fn of_number(tx: &mut Tx<'_>, number: &str) -> Result<Self> {
        let periods = employment_periods::service::by_employee_number(tx, number)?;
        let ids: BTreeSet<PersonId> = periods.iter().map(|period| period.person_id).collect();
        let people =
            ids.into_iter().map(|id| people::service::find(tx, id)).collect::<Result<_>>()?;
        Ok(Self { periods, people })
    }

    /// Loads the records with the numbers of these rows.
    fn of_rows(tx: &mut Tx<'_>, rows: &[ImportRow]) -> Result<BTreeMap<String, Self>> {
        let numbers: Vec<&str> = rows.iter().map(|row| row.employee_number.as_str()).collect();
        let periods = employment_periods::service::by_employee_numbers(tx, &numbers)?;
        let ids: BTreeSet<PersonId> = periods.iter().map(|period| period.person_id).collect();
        let people = people::service::by_ids(tx, &ids.into_iter().collect::<Vec<_>>())?;
        let people: BTreeMap<PersonId, _> =
            people.into_iter().map(|found| (found.person.id, found)).collect();
        let mut records: BTreeMap<String, Self> = BTreeMap::new();
        for period in periods {
            let Some(number) = period.employee_number.clone() else { continue };
            let record = records.entry(number).or_default();
            let is_new = record.people.iter().all(|known| known.person.id != period.person_id);
            record.people.extend(people.get(&period.person_id).filter(|_| is_new).cloned());
            record.periods.push(period);
        }
        Ok(records)
    }

    /// Returns the part of a row that is not on record, if any.
    ///
    /// # Errors
    /// `invalid` when the number belongs only to other people, or when several people match.
    fn difference(&self, row: &ImportRow) -> Result<Option<Difference>> {
        let Some(of) = self.holder(row)? else { return Ok(Some(Difference::Person)) };
        let edit = edit_of(row, &of.person).map(Box::new);
        let has_more_contacts =
            row.contacts.iter().any(|said| !people::service::has_contact(&of.contacts, said));
        let mut of_person = self.periods.iter().filter(|period| period.person_id == of.person.id);
        let period = match of_person.find(|period| period.start_date == row.period.start) {
            None => PeriodDifference::New,
            Some(known) => {
                let said = merged(known, row);
                if known.facts.0 == said {
                    PeriodDifference::None
                } else {
                    PeriodDifference::Changed(known.id, known.version, Box::new(said))
                }
            }
        };
        if edit.is_none() && !has_more_contacts && matches!(period, PeriodDifference::None) {
            return Ok(None);
        }
        Ok(Some(Difference::OfPerson {
            id: of.person.id,
            version: of.person.version,
            edit,
            has_more_contacts,
            period,
        }))
    }

    /// Returns the person on record that a row is about: the person with its number whose identity
    /// matches.
    fn holder(&self, row: &ImportRow) -> Result<Option<&people::service::Found>> {
        let holders = self.people.as_slice();
        let said = Identity::new(row.name.clone(), row.birth_date, row.former_names.clone());
        let is_meant =
            |holder: &&people::service::Found| !said.is_another_than(&identity_of(&holder.person));
        let mut meant: Vec<_> = holders.iter().filter(is_meant).collect();
        if row.is_same_person && holders.len() == 1 {
            meant = holders.iter().collect();
        }
        match (meant.as_slice(), holders.first()) {
            ([person], _) => Ok(Some(person)),
            (_, None) => Ok(None),
            ([], Some(other)) => Err(of_another(row, &said, &identity_of(&other.person))),
            (_, Some(other)) => {
                let (number, known) = (&row.employee_number, &identity_of(&other.person));
                let said = imports::SeveralPeople { number, known, said: &said };
                Err(Error::invalid_field("/employee_number", "several_people", said))
            }
        }
    }
}

/// The part of a row that is not on record.
#[derive(Debug)]
enum Difference {
    /// The person and everything else.
    Person,
    /// Parts of a person who is on record.
    OfPerson {
        id: PersonId,
        version: i32,
        edit: Option<Box<Edit>>,
        has_more_contacts: bool,
        period: PeriodDifference,
    },
}

/// The part of a row's employment period that is not on record.
#[derive(Debug)]
enum PeriodDifference {
    None,
    New,
    /// Identifier and row version of the period on record, and its facts after the import.
    Changed(EmploymentPeriodId, i32, Box<EmploymentPeriod>),
}

fn one(tx: &mut Tx<'_>, row: &ImportRow) -> Result<Done> {
    let on_record = OnRecord::of_number(tx, &row.employee_number)?;
    match on_record.difference(row)? {
        None => Ok(Done::Unchanged),
        Some(Difference::Person) => {
            let new = New {
                name: row.name.clone(),
                former_names: row.former_names.clone(),
                birth_date: row.birth_date,
                external_id: None,
                contacts: row.contacts.clone(),
            };
            let person = people::service::create(tx, &new)?.person.id;
            append(tx, row, person)?;
            Ok(Done::Created)
        }
        Some(Difference::OfPerson { id, version, edit, has_more_contacts, period }) => {
            if let Some(edit) = edit {
                people::service::update(tx, id, ExpectedVersion::One(version), &edit)?;
            }
            if has_more_contacts {
                people::service::add_missing_contacts(tx, id, &row.contacts)?;
            }
            match period {
                PeriodDifference::None => {}
                PeriodDifference::New => append(tx, row, id)?,
                PeriodDifference::Changed(id, version, facts) => {
                    employment_periods::service::replace(
                        tx,
                        id,
                        ExpectedVersion::One(version),
                        *facts,
                    )?;
                }
            }
            Ok(Done::Updated)
        }
    }
}

fn of_another(row: &ImportRow, said: &Identity, known: &Identity) -> Error {
    let number = &row.employee_number;
    let how = match row.place {
        Place::Request(_) => "\"same_person\": true".to_owned(),
        Place::File(..) => format!("--same-person {number}"),
    };
    Error::invalid_field(
        "/employee_number",
        "another_person",
        imports::AnotherPerson { number, known, said, how: &how },
    )
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

/// Returns the facts of the row, completed by those on record.
fn merged(of: &employment_periods::service::Row, row: &ImportRow) -> EmploymentPeriod {
    let (known, said) = (of.facts.0.clone(), row.period.clone());
    EmploymentPeriod {
        start: said.start,
        // If the period is linked to a group company, that is its entity, whatever the row says.
        entity: if of.entity_id.is_some() { known.entity } else { said.entity.or(known.entity) },
        last_day: said.last_day.or(known.last_day),
        employment_type: said.employment_type.or(known.employment_type),
        full_time: said.full_time.or(known.full_time),
        job_family: said.job_family.or(known.job_family),
        grade: said.grade.or(known.grade),
        rank: said.rank.or(known.rank),
        step: said.step.or(known.step),
        pay: said.pay.or(known.pay),
        cohort: said.cohort.or(known.cohort),
        leaves: said.leaves.or(known.leaves),
        appraisals: said.appraisals.or(known.appraisals),
        discipline: said.discipline.or(known.discipline),
        exit_route: said.exit_route.or(known.exit_route),
        exit_reason_recorded: said.exit_reason_recorded.or(known.exit_reason_recorded),
        exit_reason_stated: said.exit_reason_stated.or(known.exit_reason_stated),
        exit_reason_evidence: said.exit_reason_evidence.or(known.exit_reason_evidence),
        rehire_code: said.rehire_code.or(known.rehire_code),
        notice_given_days: said.notice_given_days.or(known.notice_given_days),
        property_returned: said.property_returned.or(known.property_returned),
        exit_interview_attended: said.exit_interview_attended.or(known.exit_interview_attended),
        left_in_good_standing: said.left_in_good_standing.or(known.left_in_good_standing),
        began_under_rehire_scheme: said
            .began_under_rehire_scheme
            .or(known.began_under_rehire_scheme),
    }
}

/// Returns the changes of a row to the person; absent fields stay, and no name is lost.
fn edit_of(row: &ImportRow, known: &people::service::Row) -> Option<Edit> {
    let before = name_of(known);
    let name = row.name.clone().with_readings_of(before.clone());
    let former = former_names(&known.former_names.0, &row.former_names, &before, &name);
    let edit = Edit {
        name: Some(name).filter(|name| *name != before),
        former_names: Some(former).filter(|former| *former != known.former_names.0),
        birth_date: row
            .birth_date
            .filter(|said| known.birth_date != Some(*said))
            .map_or(Change::Keep, Change::Set),
        external_id: Change::Keep,
    };
    let is_changed =
        edit.name.is_some() || edit.former_names.is_some() || edit.birth_date != Change::Keep;
    is_changed.then_some(edit)
}
