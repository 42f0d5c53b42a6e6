//! Every type of event there is. A test holds the list against what use cases record.

/// A type of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// Its name: what it happened to, and what happened.
    pub name: &'static str,
    /// What happened, in a sentence.
    pub description: &'static str,
}

macro_rules! event_types {
    ($($name:literal: $description:literal;)+) => {
        /// Every type of event, by name.
        pub const EVENT_TYPES: &[EventType] = &[$(EventType { name: $name, description: $description }),+];
    };
}

event_types! {
    "api_key.created": "An API key was made.";
    "api_key.revoked": "An API key was ended.";
    "application.created": "A re-application was begun.";
    "application.document_added": "A document was added to an application.";
    "application.document_verified": "A document of an application was found right.";
    "application.moved": "An application moved from one stage to another.";
    "application.ruled": "A ruling on a clause was added to an application.";
    "application.updated": "An application was changed.";
    "contact.added": "A way to reach a person was added.";
    "contact.removed": "A way to reach a person was removed.";
    "decision.made": "An application was decided.";
    "employment_period.created": "An employment period was recorded.";
    "employment_period.updated": "An employment period was changed.";
    "entity.created": "A group company was recorded.";
    "entity.updated": "A group company was changed.";
    "impact_run.ended": "A run on what a draft would change ended.";
    "impact_run.started": "A run on what a draft would change began.";
    "job.created": "A job was recorded.";
    "job.updated": "A job was changed.";
    "offer.created": "An offer was drafted.";
    "offer.moved": "An offer moved from one state to another.";
    "offer.updated": "An offer in draft was changed.";
    "opening.closed": "An opening was closed.";
    "opening.created": "An opening was made.";
    "opening.reopened": "A closed opening was opened again.";
    "opening.seat_released": "A seat of an opening became free.";
    "opening.seat_taken": "A seat of an opening was taken.";
    "opening.updated": "An opening was changed.";
    "organization.created": "The organization was made.";
    "organization.updated": "The organization was changed.";
    "person.created": "A person was recorded.";
    "person.updated": "A person was changed.";
    "registration.created": "A wish to return was registered.";
    "registration.revoked": "The organization took a registration back.";
    "registration.updated": "A registration was changed.";
    "registration.withdrawn": "A registration was withdrawn by whose it is.";
    "regulation.created": "A regulation was made.";
    "regulation_version.check_answered": "An error of a version's checks was answered with a reason.";
    "regulation_version.created": "A version of a regulation was drafted.";
    "regulation_version.published": "A version of a regulation was put in force.";
    "regulation_version.updated": "A draft of a regulation was changed.";
    "rehire_instruction.acknowledged": "The HR system took a rehire instruction over.";
    "rehire_instruction.cancelled": "A rehire instruction ended with its offer.";
    "rehire_instruction.issued": "A rehire instruction was issued to the HR system.";
    "rehire_instruction.refused": "The HR system refused a rehire instruction.";
    "rehire_instruction.reissued": "A refused rehire instruction was issued again.";
    "return.registered": "The return of an applicant was registered.";
    "user.created": "A user was made.";
    "user.updated": "A user was changed.";
    "webhook_endpoint.created": "A webhook endpoint was made.";
    "webhook_endpoint.disabled": "A webhook endpoint was disabled because it is gone or fails for long.";
    "webhook_endpoint.secret_rotated": "A webhook endpoint was given a new secret.";
    "webhook_endpoint.updated": "A webhook endpoint was changed.";
}
