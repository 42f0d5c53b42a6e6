//! The authenticated caller.

use std::sync::Arc;

use chrono_tz::Tz;
use okaeri_engine::messages::signing_in;

use super::policy::{Permission, Role};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, ProblemCode, Result};
use crate::platform::ids::{OrganizationId, PersonId};

/// A caller whose credential was checked.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The tenant. Every store function takes it first.
    pub organization: OrganizationId,
    /// The organization's time zone; dates are dates in this zone.
    pub zone: Tz,
    /// The actor for the audit record: identifier of a user or key, or `system`.
    pub actor: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// The person they are, for a former employee.
    pub person: Option<PersonId>,
    /// Time of expiry of the credential.
    pub expires_at: Option<Timestamp>,
}

/// The extent of a caller's access.
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
    /// Returns the principal of the system acting for an organization, for the command line and
    /// workers.
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

    /// Returns the principal acting by this permission. If only the alumnus role grants it, the
    /// principal is reduced to that role and reaches only their own.
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

    /// Returns the extent of this caller's access: an alumnus without other roles reaches only
    /// their own.
    #[must_use]
    pub fn reach(&self) -> Reach {
        if self.roles.iter().any(|role| *role != Role::Alumnus) {
            Reach::Organization
        } else {
            self.person.map_or(Reach::Nothing, Reach::Own)
        }
    }

    /// Returns whether the caller may see what belongs to this person.
    #[must_use]
    pub fn reaches(&self, person: PersonId) -> bool {
        match self.reach() {
            Reach::Organization => true,
            Reach::Own(own) => own == person,
            Reach::Nothing => false,
        }
    }
}
