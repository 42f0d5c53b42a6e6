//! Which role may do what: one table as data. The documentation shows it and a test walks it.

okaeri_engine::codes! {
    /// What somebody is in an organization.
    pub enum Role {
        /// Runs the organization's settings, users and keys, and everything below.
        Admin = "admin",
        /// Human resources: people, employment records, regulations, offers.
        Hr = "hr",
        /// Carries applications through the pipeline.
        Recruiter = "recruiter",
        /// Takes part in the selection for a job.
        HiringManager = "hiring_manager",
        /// Approves offers.
        Approver = "approver",
        /// A former employee: sees and does only what is their own.
        Alumnus = "alumnus",
        /// Another system, such as an HR system.
        Integration = "integration",
    }
}

/// An action as a type: the parameter of [`crate::platform::http::Allowed`].
pub trait Action: 'static {
    /// The permission it needs.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$meta:meta])* $name:ident = $code:literal: [$($role:ident),+ $(,)?];)+) => {
        okaeri_engine::codes! {
            /// What can be permitted.
            pub enum Permission {
                $($(#[$meta])* $name = $code),+
            }
        }

        impl Permission {
            /// The roles that have it.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$role),+]),+ }
            }

            /// Returns whether what it permits can change the worth of a credential.
            #[must_use]
            pub const fn is_over_credentials(self) -> bool {
                matches!(self, Self::WriteOrganization | Self::WriteUsers)
            }

            /// Whether one of these roles has it.
            #[must_use]
            pub fn granted_to(self, roles: &[Role]) -> bool {
                roles.iter().any(|role| self.roles().contains(role))
            }
        }

        /// Every permission as a type.
        pub mod may {
            use super::{Action, Permission};
            $(
                $(#[$meta])*
                #[derive(Debug, Clone, Copy)]
                pub struct $name;
                impl Action for $name {
                    const PERMISSION: Permission = Permission::$name;
                }
            )+
        }
    };
}

permissions! {
    /// See the organization and its entities.
    ReadOrganization = "organization:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Change the organization and its entities.
    WriteOrganization = "organization:write": [Admin];
    /// See users and API keys.
    ReadUsers = "users:read": [Admin, Hr];
    /// Make and change users and API keys.
    WriteUsers = "users:write": [Admin];
    /// See people; an alumnus only themselves.
    ReadPeople = "people:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Make and change people and their contacts.
    WritePeople = "people:write": [Admin, Hr, Recruiter, Integration];
    /// See employment periods; an alumnus only their own.
    ReadEmployment = "employment:read": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Record employment periods.
    WriteEmployment = "employment:write": [Admin, Hr, Integration];
    /// See registrations; an alumnus only their own.
    ReadRegistrations = "registrations:read": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Record registrations; an alumnus only their own.
    WriteRegistrations = "registrations:write": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Read published regulations: they are made known to everybody.
    ReadRegulations = "regulations:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Read versions of regulations that are not published.
    ReadDrafts = "regulations:read_drafts": [Admin, Hr, Recruiter, HiringManager, Approver, Integration];
    /// Write drafts of regulations.
    WriteRegulations = "regulations:write": [Admin, Hr];
    /// Put a version in force.
    PublishRegulations = "regulations:publish": [Admin, Hr];
    /// Ask what a regulation says of given facts, with nothing stored.
    AskQuestions = "questions:ask": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// See jobs and openings.
    ReadJobs = "jobs:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Make and change jobs and openings.
    WriteJobs = "jobs:write": [Admin, Hr, Recruiter];
    /// See applications with their documents and moves; an alumnus only their own.
    ReadApplications = "applications:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Make, change and submit applications; an alumnus only their own.
    WriteApplications = "applications:write": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Move applications from stage to stage; an alumnus may only withdraw their own.
    MoveApplications = "applications:move": [Admin, Hr, Recruiter, HiringManager, Alumnus];
    /// Record that a document was found right.
    VerifyDocuments = "documents:verify": [Admin, Hr, Recruiter];
    /// Rule on a clause: an exception or a judgement.
    RuleOnClauses = "clauses:rule": [Admin, Hr];
    /// Have an application decided.
    Decide = "decisions:make": [Admin, Hr, Recruiter, Integration];
    /// See stored decisions whole, with the facts they read.
    ReadDecisions = "decisions:read": [Admin, Hr, Recruiter, Integration];
    /// See decisions as the applicant may, without anything confidential; an alumnus only their
    /// own.
    ReadExplanations = "decisions:explain": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// See offers; an alumnus only their own, once sent.
    ReadOffers = "offers:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// See what approvers said to an offer.
    ReadApprovals = "approvals:read": [Admin, Hr, Recruiter, HiringManager, Approver, Integration];
    /// Make, change, send and cancel offers.
    WriteOffers = "offers:write": [Admin, Hr, Recruiter];
    /// Approve offers made by somebody else.
    ApproveOffers = "offers:approve": [Admin, Approver];
    /// Accept or decline an offer; an alumnus only their own.
    AnswerOffers = "offers:answer": [Admin, Hr, Alumnus, Integration];
    /// See what the HR system is told of a return.
    ReadInstructions = "instructions:read": [Admin, Hr, Integration];
    /// Acknowledge or refuse a rehire instruction as the HR system, and issue it again.
    AnswerInstructions = "instructions:answer": [Admin, Hr, Integration];
    /// Register a return: the new employment period.
    RegisterReturns = "returns:register": [Admin, Hr, Integration];
    /// Read the feed of events.
    ReadEvents = "events:read": [Admin, Hr, Integration];
    /// See webhook endpoints and what was delivered to them.
    ReadWebhooks = "webhooks:read": [Admin, Hr, Integration];
    /// Make and change webhook endpoints, and have events delivered again.
    WriteWebhooks = "webhooks:write": [Admin];
}
