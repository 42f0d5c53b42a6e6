//! Every type of event there is. A test holds the list against what use cases record.

/// A type of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// Its name: what it happened to, and what happened.
    pub name: &'static str,
    /// What kind of thing it happened to.
    pub subject_type: &'static str,
    /// What happened, in a sentence.
    pub description: &'static str,
}

macro_rules! event_types {
    ($($name:literal of $subject:literal: $description:literal;)+) => {
        /// Every type of event, by name.
        pub const EVENT_TYPES: &[EventType] = &[$(EventType { name: $name, subject_type: $subject, description: $description }),+];
    };
}

event_types! {
    "api_key.created" of "api_key": "An API key was made.";
    "api_key.revoked" of "api_key": "An API key was ended.";
    "application.created" of "application": "A re-application was begun.";
    "application.document_added" of "application": "A document was added to an application.";
    "application.document_verified" of "application": "A document of an application was found right.";
    "application.moved" of "application": "An application moved from one stage to another.";
    "application.ruled" of "application": "A ruling on a clause was added to an application.";
    "application.updated" of "application": "An application was changed.";
    "contact.added" of "person": "A way to reach a person was added.";
    "contact.removed" of "person": "A way to reach a person was removed.";
    "decision.made" of "decision": "An application was decided.";
    "employment_period.created" of "employment_period": "An employment period was recorded.";
    "employment_period.updated" of "employment_period": "An employment period was changed.";
    "entity.created" of "entity": "A group company was recorded.";
    "entity.updated" of "entity": "A group company was changed.";
    "impact_run.ended" of "impact_run": "A run on what a draft would change ended.";
    "impact_run.started" of "impact_run": "A run on what a draft would change began.";
    "job.created" of "job": "A job was recorded.";
    "job.updated" of "job": "A job was changed.";
    "offer.created" of "offer": "An offer was drafted.";
    "offer.moved" of "offer": "An offer moved from one state to another.";
    "offer.updated" of "offer": "An offer in draft was changed.";
    "opening.closed" of "opening": "An opening was closed, by somebody or because its last day has passed.";
    "opening.created" of "opening": "An opening was made.";
    "opening.opened" of "opening": "The first day of an opening came.";
    "opening.reopened" of "opening": "A closed opening was opened again.";
    "opening.seat_released" of "opening": "A seat of an opening became free.";
    "opening.seat_taken" of "opening": "A seat of an opening was taken.";
    "opening.updated" of "opening": "An opening was changed.";
    "organization.created" of "organization": "The organization was made.";
    "organization.updated" of "organization": "The organization was changed.";
    "person.created" of "person": "A person was recorded.";
    "person.updated" of "person": "A person was changed.";
    "registration.created" of "registration": "A wish to return was registered.";
    "registration.expired" of "registration": "The last day of a registration has passed.";
    "registration.revoked" of "registration": "The organization took a registration back.";
    "registration.updated" of "registration": "A registration was changed.";
    "registration.withdrawn" of "registration": "A registration was withdrawn by whose it is.";
    "regulation.created" of "regulation": "A regulation was made.";
    "regulation_version.began" of "regulation_version": "A published version of a regulation came into force.";
    "regulation_version.check_answered" of "regulation_version": "An error of a version's checks was answered with a reason.";
    "regulation_version.created" of "regulation_version": "A version of a regulation was drafted.";
    "regulation_version.published" of "regulation_version": "A version of a regulation was published; it applies from its first day.";
    "regulation_version.superseded" of "regulation_version": "A later version of a regulation came into its place.";
    "regulation_version.updated" of "regulation_version": "A draft of a regulation was changed.";
    "rehire_instruction.acknowledged" of "rehire_instruction": "The HR system took a rehire instruction over.";
    "rehire_instruction.cancelled" of "rehire_instruction": "A rehire instruction ended with its offer.";
    "rehire_instruction.issued" of "rehire_instruction": "A rehire instruction was issued to the HR system.";
    "rehire_instruction.refused" of "rehire_instruction": "The HR system refused a rehire instruction.";
    "rehire_instruction.reissued" of "rehire_instruction": "A refused rehire instruction was issued again.";
    "return.registered" of "application": "The return of an applicant was registered.";
    "user.created" of "user": "A user was made.";
    "user.updated" of "user": "A user was changed.";
    "webhook_endpoint.created" of "webhook_endpoint": "A webhook endpoint was made.";
    "webhook_endpoint.deleted" of "webhook_endpoint": "A webhook endpoint was deleted.";
    "webhook_endpoint.disabled" of "webhook_endpoint": "A webhook endpoint was disabled because it is gone or fails for long.";
    "webhook_endpoint.secret_rotated" of "webhook_endpoint": "A webhook endpoint was given a new secret.";
    "webhook_endpoint.updated" of "webhook_endpoint": "A webhook endpoint was changed.";
}
