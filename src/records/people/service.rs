//! Use cases on people.

use chrono::NaiveDate;
use okaeri_engine::facts;
use okaeri_engine::messages::{Said as _, people};
use okaeri_engine::text::{Text, TextFault};
use serde_json::json;

use super::identity::Identity;
use super::model::{
    ContactKind, FormerName, Name, contact_key, former_names, search_form, search_key,
};
use super::store;
pub use super::store::{ContactRow, Filter, Row};
use crate::platform::auth::Reach;
use crate::platform::db::listing::Listing;
use crate::platform::db::types::Json;
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::{ContactId, Identifier, PersonId};
use crate::platform::outbox::EventType;
use crate::platform::patch::{self, Change};
use crate::platform::quotas::{self, Quotas};
use crate::platform::usecase::{ExpectedVersion, Tx};

/// A person with their contacts.
#[derive(Debug, Clone)]
pub struct Found {
    /// The person.
    pub person: Row,
    /// Ways to reach the person.
    pub contacts: Vec<ContactRow>,
}

/// A person to record.
#[derive(Debug, Clone)]
pub struct New {
    /// The name.
    pub name: Name,
    /// Former names.
    pub former_names: Vec<FormerName>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// The person's identifier in another system.
    pub external_id: Option<String>,
    /// Ways to reach the person; the first of a kind becomes the primary one.
    pub contacts: Vec<(ContactKind, String)>,
}

/// A patch of a person.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The whole name; the previous one becomes a former name.
    pub name: Option<Name>,
    /// All former names.
    pub former_names: Option<Vec<FormerName>>,
    /// Date of birth.
    pub birth_date: Change<NaiveDate>,
    /// The person's identifier in another system.
    pub external_id: Change<String>,
}

/// Records a person with their contacts.
///
/// # Errors
/// `already_exists` when the external identifier is taken, `invalid` when a contact is empty,
/// `limit_reached`.
pub fn create(tx: &mut Tx<'_>, new: &New) -> Result<Found> {
    check_birth(tx, new.birth_date)?;
    if let Some(others) = new.contacts.len().checked_sub(1) {
        // The person is new, so nobody else adds contacts at the same time.
        tx.quotas.max_contacts(i64::try_from(others).map_err(Error::internal)?)?;
    }
    let row = Row {
        id: PersonId::fresh(),
        organization_id: tx.organization(),
        external_id: new.external_id.clone(),
        family_name: new.name.family.to_string(),
        given_name: new.name.given.to_string(),
        family_kana: new.name.family_kana.clone().map(String::from),
        given_kana: new.name.given_kana.clone().map(String::from),
        family_romaji: new.name.family_romaji.clone().map(String::from),
        given_romaji: new.name.given_romaji.clone().map(String::from),
        former_names: Json(new.former_names.clone()),
        birth_date: new.birth_date,
        search_key: search_key(&new.name, &new.former_names),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    store::insert(tx.conn, &row)?;
    tx.record(EventType::PersonCreated, row.id, &json!({}))?;
    let mut contacts: Vec<ContactRow> = Vec::with_capacity(new.contacts.len());
    for (index, (kind, value)) in new.contacts.iter().enumerate() {
        let is_primary = contacts.iter().all(|earlier| earlier.kind != *kind);
        contacts.push(insert_contact(
            tx,
            row.id,
            *kind,
            value,
            is_primary,
            &format!("/contacts/{index}/value"),
        )?);
    }
    Ok(Found { person: row, contacts })
}

fn check_birth(tx: &Tx<'_>, birth: Option<NaiveDate>) -> Result<()> {
    birth_fault(tx, birth).map_or(Ok(()), |fault| Err(Error::invalid(vec![fault])))
}

/// Returns the fault of a date of birth, if it has one.
#[must_use]
pub fn birth_fault(tx: &Tx<'_>, birth: Option<NaiveDate>) -> Option<Fault> {
    let birth = birth?;
    let place = "/birth_date";
    if birth > tx.today() {
        return Some(Fault::new(place, "in_the_future", people::BORN_IN_THE_FUTURE));
    }
    facts::date_fault(birth, place)
}

/// Returns a person of this organization whom the caller may see, with contacts.
///
/// # Errors
/// `not_found`.
pub fn find(tx: &mut Tx<'_>, id: PersonId) -> Result<Found> {
    let found =
        store::with_contacts(tx.conn, tx.organization(), id)?.filter(|_| tx.who.reaches(id));
    let (person, contacts) = found.ok_or_else(|| Error::not_found("person"))?;
    Ok(Found { person, contacts })
}

/// Returns the person without contacts, for other use cases.
///
/// # Errors
/// `not_found`, also when the caller may not see the person.
pub fn row(tx: &mut Tx<'_>, id: PersonId) -> Result<Row> {
    if !tx.who.reaches(id) {
        return Err(Error::not_found("person"));
    }
    store::get(tx.conn, tx.organization(), id)
}

/// Returns the people after this one with their dates of birth, ordered by identifier. Returns
/// nobody unless the caller may read everybody.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn births(
    tx: &mut Tx<'_>,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<(PersonId, Option<NaiveDate>)>> {
    if tx.who.reach() != Reach::Organization {
        return Ok(Vec::new());
    }
    store::births(tx.conn, tx.organization(), after, limit)
}

/// Returns the number of people.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    store::count(tx.conn, tx.organization())
}

/// Returns a page of the people that match the filter, newest first; an alumnus finds only
/// themselves.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    mut filter: Filter,
    listing: &Listing<PersonId>,
) -> Result<Vec<Found>> {
    match tx.who.reach() {
        Reach::Organization => {}
        Reach::Own(own) => filter.only = Some(own),
        Reach::Nothing => return Ok(Vec::new()),
    }
    if let Some(name) = filter.name.take_if(|name| !name.is_empty()) {
        let form = search_form(&name);
        if form.is_empty() {
            return Err(Error::invalid_field("?q", "nothing_to_search", people::NOTHING_TO_SEARCH));
        }
        filter.name = Some(form);
    }
    filter.email = filter.email.map(|email| contact_key(ContactKind::Email, &email));
    let people = store::list(tx.conn, tx.organization(), &filter, listing)?;
    with_contacts(tx, people)
}

/// Returns the people with these identifiers whom the caller may see.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<Found>> {
    let ids: Vec<PersonId> = ids.iter().copied().filter(|id| tx.who.reaches(*id)).collect();
    let people = store::many(tx.conn, tx.organization(), &ids)?;
    with_contacts(tx, people)
}

fn with_contacts(tx: &mut Tx<'_>, people: Vec<Row>) -> Result<Vec<Found>> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let contacts = store::contacts_of(tx.conn, tx.organization(), &ids)?;
    Ok(people
        .into_iter()
        .map(|person| Found {
            contacts: contacts
                .iter()
                .filter(|contact| contact.person_id == person.id)
                .cloned()
                .collect(),
            person,
        })
        .collect())
}

/// Changes a person.
///
/// # Errors
/// `not_found`, `stale_version`, `already_exists`.
pub fn update(
    tx: &mut Tx<'_>,
    id: PersonId,
    expected: ExpectedVersion,
    edit: &Edit,
) -> Result<Found> {
    let mut row = row(tx, id)?;
    expected.check(row.version)?;
    let edit = edit.clone();
    let born = row.birth_date;
    if let Some(name) = edit.name {
        row.former_names.0 = former_names(&row.former_names.0, &[], &name_of(&row), &name);
        (row.family_name, row.given_name) = (name.family.into(), name.given.into());
        row.family_kana = name.family_kana.map(String::from);
        row.given_kana = name.given_kana.map(String::from);
        row.family_romaji = name.family_romaji.map(String::from);
        row.given_romaji = name.given_romaji.map(String::from);
    }
    patch::set(&mut row.former_names.0, edit.former_names);
    edit.birth_date.apply(&mut row.birth_date);
    edit.external_id.apply(&mut row.external_id);
    check_birth(tx, row.birth_date)?;
    row.search_key = search_key(&name_of(&row), &row.former_names.0);
    store::save(tx.conn, &mut row, tx.now)?;
    if row.birth_date != born {
        facts_changed(tx, id)?;
    }
    tx.record(EventType::PersonUpdated, id, &json!({"version": row.version}))?;
    find(tx, id)
}

/// A person's data in another system.
#[derive(Debug, Clone)]
pub struct Known {
    /// The person's identifier there.
    pub external_id: String,
    /// The name.
    pub name: Name,
    /// Former names.
    pub former_names: Vec<FormerName>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Ways to reach the person.
    pub contacts: Vec<(ContactKind, String)>,
}

/// The outcome of putting a person by external identifier.
#[derive(Debug, Clone)]
pub enum Put {
    /// No person had this identifier.
    Created(Found),
    /// A person had it and is now up to date.
    Replaced(Found),
}

/// Records a person by their identifier in another system, or replaces the data on record. Missing
/// contacts are added; none is removed.
///
/// # Errors
/// `stale_version` when the row version differs from the expected one, or when one is expected of a
/// person who is not on record; `invalid`; `conflict` when the data is about somebody else and no
/// version is expected; `already_exists` when a concurrent request records the same person.
pub fn put(tx: &mut Tx<'_>, expected: Option<ExpectedVersion>, said: &Known) -> Result<Put> {
    let known = held_by_external_id(tx, &said.external_id)?;
    if let Some(expected) = expected {
        expected.check(known.as_ref().map_or(NO_VERSION, |known| known.version))?;
    } else if let Some(known) = &known {
        said.check_is(known)?;
    }
    let (id, is_new) = match known {
        Some(known) => (replace(tx, known, said)?, false),
        None => (create(tx, &said.as_new())?.person.id, true),
    };
    add_missing_contacts(tx, id, &said.contacts)?;
    let found = find(tx, id)?;
    Ok(if is_new { Put::Created(found) } else { Put::Replaced(found) })
}

/// Returns the person with this identifier and locks the row, so that the second of two writers
/// sees the changes of the first. If there is no such person, it locks the organization, so that
/// the second writer finds the person that the first recorded.
fn held_by_external_id(tx: &mut Tx<'_>, external_id: &str) -> Result<Option<Row>> {
    let tenant = tx.organization();
    if !store::hold_external(tx.conn, tenant, external_id)? {
        tx.hold_organization()?;
        store::hold_external(tx.conn, tenant, external_id)?;
    }
    store::by_external_id(tx.conn, tenant, external_id)
}

/// Matches no row: versions begin at 1.
const NO_VERSION: i32 = 0;

impl Known {
    /// Fails with `conflict` when the data is about somebody else than the person on record.
    fn check_is(&self, known: &Row) -> Result<()> {
        let (said, on_record) =
            (Identity::new(self.name.clone(), self.birth_date, Vec::new()), identity_of(known));
        if said.is_another_than(&on_record) {
            let said = people::IdentifierOfAnother { known: &on_record, said: &said };
            return Err(Error::because(ProblemCode::Conflict, said));
        }
        Ok(())
    }

    /// Returns the person to record, without contacts.
    fn as_new(&self) -> New {
        New {
            name: self.name.clone(),
            former_names: self.former_names.clone(),
            birth_date: self.birth_date,
            external_id: Some(self.external_id.clone()),
            contacts: Vec::new(),
        }
    }
}

fn replace(tx: &mut Tx<'_>, known: Row, said: &Known) -> Result<PersonId> {
    let before = name_of(&known);
    let name = said.name.clone().with_readings_of(before.clone());
    let former = former_names(&known.former_names.0, &said.former_names, &before, &name);
    let birth_date = said.birth_date.or(known.birth_date);
    let is_as_said =
        before == name && known.former_names.0 == former && known.birth_date == birth_date;
    if !is_as_said {
        let edit = Edit {
            name: Some(name),
            former_names: Some(former),
            birth_date: birth_date.map_or(Change::Keep, Change::Set),
            external_id: Change::Keep,
        };
        update(tx, known.id, ExpectedVersion::One(known.version), &edit)?;
    }
    Ok(known.id)
}

/// Adds the contacts that the person does not have yet; the first of a kind becomes the primary
/// one. Returns whether any was added.
///
/// # Errors
/// `not_found`, `invalid` when a contact is empty.
pub fn add_missing_contacts(
    tx: &mut Tx<'_>,
    person: PersonId,
    said: &[(ContactKind, String)],
) -> Result<bool> {
    let mut contacts = find(tx, person)?.contacts;
    let known = contacts.len();
    for (index, contact @ (kind, value)) in said.iter().enumerate() {
        if !has_contact(&contacts, contact) {
            let is_first = contacts.iter().all(|known| known.kind != *kind);
            room_for_contact(tx, person)?;
            contacts.push(insert_contact(
                tx,
                person,
                *kind,
                value,
                is_first,
                &format!("/contacts/{index}/value"),
            )?);
        }
    }
    Ok(contacts.len() > known)
}

/// Returns whether a contact is among these, in any spelling.
#[must_use]
pub fn has_contact(contacts: &[ContactRow], (kind, value): &(ContactKind, String)) -> bool {
    let key = contact_key(*kind, value);
    contacts.iter().any(|known| known.kind == *kind && known.value_key == key)
}

/// Returns the name of a stored person.
#[must_use]
pub fn name_of(row: &Row) -> Name {
    Name {
        family: Text::stored(row.family_name.clone()),
        given: Text::stored(row.given_name.clone()),
        family_kana: row.family_kana.clone().map(Text::stored),
        given_kana: row.given_kana.clone().map(Text::stored),
        family_romaji: row.family_romaji.clone().map(Text::stored),
        given_romaji: row.given_romaji.clone().map(Text::stored),
    }
}

/// Returns the identity of a stored person.
#[must_use]
pub fn identity_of(row: &Row) -> Identity {
    Identity::new(name_of(row), row.birth_date, row.former_names.0.clone())
}

/// Adds a contact.
///
/// # Errors
/// `not_found`, `already_exists` when the person has this contact, `invalid` when it is empty.
pub fn add_contact(
    tx: &mut Tx<'_>,
    person: PersonId,
    kind: ContactKind,
    value: &str,
    is_primary: bool,
) -> Result<ContactRow> {
    row(tx, person)?;
    room_for_contact(tx, person)?;
    insert_contact(tx, person, kind, value, is_primary, "/value")
}

fn room_for_contact(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    quotas::of_person(tx, person, Quotas::max_contacts, |conn, tenant| {
        store::contact::count(conn, tenant, person)
    })
}

fn insert_contact(
    tx: &mut Tx<'_>,
    person: PersonId,
    kind: ContactKind,
    value: &str,
    is_primary: bool,
    pointer: &str,
) -> Result<ContactRow> {
    if let Some(fault) = contact_fault(kind, value, pointer) {
        return Err(Error::invalid(vec![fault]));
    }
    let contact = ContactRow {
        id: ContactId::fresh(),
        organization_id: tx.organization(),
        person_id: person,
        kind,
        value: value.trim().to_owned(),
        value_key: contact_key(kind, value),
        is_primary,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    store::insert_contact(tx.conn, &contact)?;
    tx.record(EventType::ContactAdded, person, &json!({"contact_id": contact.id, "kind": kind}))?;
    Ok(contact)
}

/// Returns the fault of a contact whose value is at `pointer`, if it has one.
#[must_use]
pub fn contact_fault(kind: ContactKind, value: &str, pointer: &str) -> Option<Fault> {
    if kind != ContactKind::Address && value.contains(['\n', '\r', '\t']) {
        return Some(TextFault::LineBreak.at(pointer));
    }
    let key = contact_key(kind, value);
    let is_none = key.is_empty() || (kind == ContactKind::Email && !key.contains('@'));
    is_none.then(|| {
        Fault::new(
            pointer,
            "not_a_contact",
            people::NotAContact { kind: &format_args!("{kind}") }.words(),
        )
    })
}

/// Removes a contact.
///
/// # Errors
/// `not_found`.
pub fn remove_contact(tx: &mut Tx<'_>, person: PersonId, contact: ContactId) -> Result<()> {
    row(tx, person)?;
    if store::remove_contact(tx.conn, tx.organization(), person, contact)? == 0 {
        return Err(Error::not_found("contact"));
    }
    tx.record(EventType::ContactRemoved, person, &json!({"contact_id": contact}))
}

/// Raises the version of a person's facts; earlier decisions become stale.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn facts_changed(tx: &mut Tx<'_>, id: PersonId) -> Result<()> {
    store::raise_facts_version(tx.conn, tx.organization(), id)
}

/// Returns the version of a person's facts.
///
/// # Errors
/// `not_found`.
pub fn facts_version(tx: &mut Tx<'_>, id: PersonId) -> Result<i32> {
    store::facts_version(tx.conn, tx.organization(), id)
}
