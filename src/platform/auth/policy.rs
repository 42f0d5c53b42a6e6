//! Permissions of roles: one table as data. The documentation shows it and a test checks it.

okaeri_engine::codes! {
    /// A role in an organization.
    pub enum Role {
        /// Manages settings, users and keys of the organization, and everything below.
        Admin = "admin",
        /// Human resources: people, employment records, regulations, offers.
        Hr = "hr",
        /// Moves applications through the pipeline.
        Recruiter = "recruiter",
        /// Takes part in the selection for a job.
        HiringManager = "hiring_manager",
        /// Approves offers.
        Approver = "approver",
        /// A former employee; has access only to their own data.
        Alumnus = "alumnus",
        /// Another system, such as an HR system.
        Integration = "integration",
    }
}

/// An action as a type: the parameter of [`crate::platform::http::Allowed`].
pub trait Action: 'static {
    /// The required permission.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$meta:meta])* $name:ident = $code:literal: [$($role:ident),+ $(,)?];)+) => {
        okaeri_engine::codes! {
            /// A permission.
            pub enum Permission {
                $($(#[$meta])* $name = $code),+
            }
        }

        impl Permission {
            /// Returns the roles that have it.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$role),+]),+ }
            }

            /// Returns whether its operations can change the validity of a credential.
            #[must_use]
            pub const fn is_over_credentials(self) -> bool {
                matches!(self, Self::WriteOrganization | Self::WriteUsers)
            }

            /// Returns whether one of these roles has it.
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
    /// Create and change users and API keys.
    WriteUsers = "users:write": [Admin];
    /// See people; an alumnus only themselves.
    ReadPeople = "people:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Create and change people and their contacts.
    WritePeople = "people:write": [Admin, Hr, Recruiter, Integration];
    /// See employment periods; an alumnus only their own.
    ReadEmployment = "employment:read": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Record employment periods.
    WriteEmployment = "employment:write": [Admin, Hr, Integration];
    /// See registrations; an alumnus only their own.
    ReadRegistrations = "registrations:read": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Record registrations; an alumnus only their own.
    WriteRegistrations = "registrations:write": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Read published regulations; every role may.
    ReadRegulations = "regulations:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Read versions of regulations that are not published.
    ReadDrafts = "regulations:read_drafts": [Admin, Hr, Recruiter, HiringManager, Approver, Integration];
    /// Write drafts of regulations.
    WriteRegulations = "regulations:write": [Admin, Hr];
    /// Publish a version.
    PublishRegulations = "regulations:publish": [Admin, Hr];
    /// Ask for a decision on given facts, without storing anything.
    AskQuestions = "questions:ask": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// See jobs and openings.
    ReadJobs = "jobs:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Create and change jobs and openings.
    WriteJobs = "jobs:write": [Admin, Hr, Recruiter];
    /// See applications with their documents and moves; an alumnus only their own.
    ReadApplications = "applications:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// Create, change and submit applications; an alumnus only their own.
    WriteApplications = "applications:write": [Admin, Hr, Recruiter, Alumnus, Integration];
    /// Move applications from stage to stage; an alumnus may only submit, withdraw or request a
    /// review of their own.
    MoveApplications = "applications:move": [Admin, Hr, Recruiter, HiringManager, Alumnus];
    /// Verify application documents.
    VerifyDocuments = "documents:verify": [Admin, Hr, Recruiter];
    /// Rule on a clause: an exception or a judgement.
    RuleOnClauses = "clauses:rule": [Admin, Hr];
    /// Run a decision on an application.
    Decide = "decisions:make": [Admin, Hr, Recruiter, Integration];
    /// See stored decisions in full, with the facts they read.
    ReadDecisions = "decisions:read": [Admin, Hr, Recruiter, Integration];
    /// See decisions as the applicant may, without anything confidential; an alumnus only their
    /// own.
    ReadExplanations = "decisions:explain": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// See offers; an alumnus only their own, once sent.
    ReadOffers = "offers:read": [Admin, Hr, Recruiter, HiringManager, Approver, Alumnus, Integration];
    /// See the answers of approvers to an offer.
    ReadApprovals = "approvals:read": [Admin, Hr, Recruiter, HiringManager, Approver, Integration];
    /// Create, change, send and cancel offers.
    WriteOffers = "offers:write": [Admin, Hr, Recruiter];
    /// Approve offers written by somebody else.
    ApproveOffers = "offers:approve": [Admin, Approver];
    /// Accept or decline an offer; an alumnus only their own.
    AnswerOffers = "offers:answer": [Admin, Hr, Alumnus, Integration];
    /// See the rehire instructions for the HR system.
    ReadInstructions = "instructions:read": [Admin, Hr, Integration];
    /// Acknowledge or refuse a rehire instruction as the HR system, and reissue it.
    AnswerInstructions = "instructions:answer": [Admin, Hr, Integration];
    /// Register a return: the new employment period.
    RegisterReturns = "returns:register": [Admin, Hr, Integration];
    /// Read the feed of events.
    ReadEvents = "events:read": [Admin, Hr, Integration];
    /// See webhook endpoints and their deliveries.
    ReadWebhooks = "webhooks:read": [Admin, Hr, Integration];
    /// Create and change webhook endpoints, and resend deliveries.
    WriteWebhooks = "webhooks:write": [Admin];
}
