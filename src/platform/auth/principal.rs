//! Who is asking.

use std::sync::Arc;

use chrono_tz::Tz;
use okaeri_engine::messages::signing_in;

use super::policy::{Permission, Role};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{OrganizationId, PersonId};

/// A caller whose credentials were checked.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The tenant. Every store function takes it first.
    pub organization: OrganizationId,
    /// The organization's zone: its dates are dates there.
    pub zone: Tz,
    /// Who, for the record: a user's or key's identifier, or `system`.
    pub actor: String,
    /// What they are.
    pub roles: Vec<Role>,
    /// The person they are, for a former employee.
    pub person: Option<PersonId>,
    /// When their credentials end.
    pub expires_at: Option<Timestamp>,
}

/// How far a caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everything of the organization that the permission allows.
    Organization,
    /// Only what belongs to this person.
    Own(PersonId),
    /// Nothing: an alumnus account that is not linked to a person yet.
    Nothing,
}

impl Principal {
    /// The system itself acting for an organization: the command line and workers.
    #[must_use]
    pub fn system(organization: OrganizationId, zone: Tz) -> Self {
        Self {
            organization,
            zone,
            actor: "system".to_owned(),
            roles: vec![Role::Admin],
            person: None,
            expires_at: None,
        }
    }

    /// Checks a permission.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if permission.granted_to(&self.roles) {
            Ok(())
        } else {
            Err(Error::because(
                ProblemCode::Forbidden,
                signing_in::PermissionNeeded { permission: &format_args!("{permission}") },
            ))
        }
    }

    /// Returns who acts by this permission: somebody who has it only as an alumnus acts on their
    /// own alone, whatever else they are.
    #[must_use]
    pub fn acting(self: &Arc<Self>, permission: Permission) -> Arc<Self> {
        let by_office = self
            .roles
            .iter()
            .any(|role| *role != Role::Alumnus && permission.roles().contains(role));
        if by_office || !self.roles.contains(&Role::Alumnus) {
            return Arc::clone(self);
        }
        Arc::new(Self { roles: vec![Role::Alumnus], ..Self::clone(self) })
    }

    /// How far this caller sees: somebody who is only an alumnus sees only their own.
    #[must_use]
    pub fn reach(&self) -> Reach {
        if self.roles.iter().any(|role| *role != Role::Alumnus) {
            Reach::Organization
        } else {
            self.person.map_or(Reach::Nothing, Reach::Own)
        }
    }

    /// Whether the things of this person may be seen.
    #[must_use]
    pub fn reaches(&self, person: PersonId) -> bool {
        match self.reach() {
            Reach::Organization => true,
            Reach::Own(own) => own == person,
            Reach::Nothing => false,
        }
    }
}
