//! A synthetic company to try Okaeri with; all names, numbers and dates are invented.

mod leavers;
pub mod story;

use chrono::{Days, NaiveDate};
use okaeri_engine::facts::EmploymentType;
use okaeri_engine::money::Currency;

use crate::hiring::{jobs, openings};
use crate::platform::auth::Role;
use crate::platform::error::Result;
use crate::platform::ids::{OpeningId, OrganizationId, PersonId, RegulationId};
use crate::platform::usecase::Tx;
use crate::records::{entities, organizations, users};
use crate::regulations::regulations;

/// Number of former employees of the company.
pub const LEAVERS: usize = 500;
/// Its name.
pub const COMPANY: &str = "おかえり製作所";
/// Codes of the regulations it has adopted; the story uses the first.
const REGULATIONS: [&str; 3] = ["R01", "R16", "W02"];

/// The identifiers and dates that the story uses.
#[derive(Debug, Clone)]
pub struct Company {
    /// Subjects of the users who can sign in, one per role.
    pub subjects: Vec<(Role, String)>,
    /// The person who returns.
    pub person: PersonId,
    /// The regulation for her return.
    pub regulation: RegulationId,
    /// The opening to which she returns.
    pub opening: OpeningId,
    /// Her desired first day.
    pub start_date: NaiveDate,
    /// The last day on which the offer can be accepted.
    pub expires_on: NaiveDate,
}

/// Creates the company: organization, users, regulations, jobs and all former employees.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn found(tx: &mut Tx<'_>, progress: &dyn Fn()) -> Result<Company> {
    let id: OrganizationId = tx.organization();
    let organization = organizations::service::New {
        id,
        name: COMPANY.to_owned(),
        zone: tx.who.zone,
        currency: Currency::JPY,
        language: "ja".to_owned(),
    };
    organizations::service::create(tx, &organization)?;
    let entity = entities::service::New {
        code: "okaeri".to_owned(),
        name: COMPANY.to_owned(),
        country: "JP".to_owned(),
    };
    entities::service::create(tx, &entity)?;
    let mut adopted = Vec::new();
    for code in REGULATIONS {
        let version = regulations::versions::adopt(tx, code)?;
        adopted.push(regulations::versions::find(tx, version)?.regulation_id);
    }
    let person = leavers::record(tx, progress)?;
    let opening = jobs_and_openings(tx)?;
    let today = tx.today();
    let regulation = adopted
        .first()
        .copied()
        .ok_or_else(|| crate::platform::error::Error::internal("no regulation was adopted"))?;
    Ok(Company {
        subjects: users(tx, person)?,
        person,
        regulation,
        opening,
        start_date: later(today, 90),
        expires_on: later(today, 14),
    })
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// Creates one user per role; the alumnus is the person who returns.
fn users(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<(Role, String)>> {
    use okaeri_engine::codes::Code as _;
    let mut subjects = Vec::new();
    for role in Role::ALL.iter().copied() {
        let new = users::service::New {
            issuer: None,
            subject: None,
            name: role.to_string(),
            email: Some(format!("{role}@okaeri.example")),
            roles: vec![role],
            person_id: (role == Role::Alumnus).then_some(person),
        };
        subjects.push((role, users::service::create(tx, &new)?.subject));
    }
    Ok(subjects)
}

/// Creates the jobs and their openings. Returns the first opening, which the story uses.
fn jobs_and_openings(tx: &mut Tx<'_>) -> Result<OpeningId> {
    let kinds = [
        ("general-affairs", "総務", "General affairs", leavers::FAMILIES[0], "高松"),
        ("design", "機械設計", "Mechanical design", leavers::FAMILIES[1], "名古屋"),
        ("sales", "法人営業", "Corporate sales", leavers::FAMILIES[2], "大阪"),
    ];
    let mut first = None;
    for (code, title_ja, title_en, family, workplace) in kinds {
        let job = jobs::service::New {
            entity_id: None,
            code: code.to_owned(),
            title_ja: title_ja.to_owned(),
            title_en: Some(title_en.to_owned()),
            job_family: family.to_owned(),
            grade: Some("3".to_owned()),
            workplace: workplace.to_owned(),
            employment_type: EmploymentType::Regular,
            hiring_manager_id: None,
        };
        let job = jobs::service::create(tx, &job)?;
        let opening = openings::service::New {
            job_id: job.id,
            seats: 2,
            opens_on: Some(tx.today()),
            closes_on: None,
            reason: None,
        };
        let opening = openings::service::create(tx, &opening)?;
        first.get_or_insert(opening.id);
    }
    first.ok_or_else(|| crate::platform::error::Error::internal("no opening was made"))
}
