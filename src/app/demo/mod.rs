//! A synthetic company to try Okaeri with: no name, number or date in it is anybody's.

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

/// How many people have left the company.
pub const LEAVERS: usize = 500;
/// Its name.
pub const COMPANY: &str = "おかえり製作所";
/// The regulations it has adopted, of which the first is the one the story is told under.
const REGULATIONS: [&str; 3] = ["R01", "R16", "W02"];

/// What the story needs to know of the company.
#[derive(Debug, Clone)]
pub struct Company {
    /// Who signs in: a subject for each role.
    pub subjects: Vec<(Role, String)>,
    /// The one who comes back.
    pub person: PersonId,
    /// The regulation she comes back under.
    pub regulation: RegulationId,
    /// The opening she comes back to.
    pub opening: OpeningId,
    /// The first day she wishes for.
    pub start_date: NaiveDate,
    /// The last day to accept.
    pub expires_on: NaiveDate,
}

/// Founds the company: organization, users, regulations, jobs and everybody who left.
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

/// Somebody for each role; the alumnus is the one who comes back.
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

/// The first opening is the one of the story.
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
