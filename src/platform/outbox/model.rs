//! Types of events.

/// Declares [`EventType`] with the subject and the description of each type.
macro_rules! event_types {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal of $subject:literal;)+) => {
        okaeri_engine::codes! {
            /// A type of event: the subject and the change.
            pub enum EventType {
                $($(#[doc = $doc])+ $name = $code),+
            }
        }

        impl EventType {
            /// Returns the type of the changed resource.
            #[must_use]
            pub const fn subject_type(self) -> &'static str {
                match self { $(Self::$name => $subject),+ }
            }

            /// Returns the description of the change.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_start()),+ }
            }
        }
    };
}

event_types! {
    /// An API key was created.
    ApiKeyCreated = "api_key.created" of "api_key";
    /// An API key was revoked.
    ApiKeyRevoked = "api_key.revoked" of "api_key";
    /// An application was created.
    ApplicationCreated = "application.created" of "application";
    /// A document was added to an application.
    ApplicationDocumentAdded = "application.document_added" of "application";
    /// An application document was verified, or its verification was withdrawn.
    ApplicationDocumentVerified = "application.document_verified" of "application";
    /// An application moved from one stage to another.
    ApplicationMoved = "application.moved" of "application";
    /// A ruling on a clause was added to an application.
    ApplicationRuled = "application.ruled" of "application";
    /// An application was changed.
    ApplicationUpdated = "application.updated" of "application";
    /// A contact was added to a person.
    ContactAdded = "contact.added" of "person";
    /// A contact was removed from a person.
    ContactRemoved = "contact.removed" of "person";
    /// An application was decided.
    DecisionMade = "decision.made" of "decision";
    /// An employment period was recorded.
    EmploymentPeriodCreated = "employment_period.created" of "employment_period";
    /// An employment period was changed.
    EmploymentPeriodUpdated = "employment_period.updated" of "employment_period";
    /// A group company was recorded.
    EntityCreated = "entity.created" of "entity";
    /// A group company was changed.
    EntityUpdated = "entity.updated" of "entity";
    /// An impact run ended.
    ImpactRunEnded = "impact_run.ended" of "impact_run";
    /// An impact run started.
    ImpactRunStarted = "impact_run.started" of "impact_run";
    /// A job was recorded.
    JobCreated = "job.created" of "job";
    /// A job was changed.
    JobUpdated = "job.updated" of "job";
    /// An offer was drafted.
    OfferCreated = "offer.created" of "offer";
    /// An offer moved from one state to another.
    OfferMoved = "offer.moved" of "offer";
    /// An offer in draft was changed.
    OfferUpdated = "offer.updated" of "offer";
    /// An opening was closed, by somebody or because its last day has passed.
    OpeningClosed = "opening.closed" of "opening";
    /// An opening was created.
    OpeningCreated = "opening.created" of "opening";
    /// An opening opened on its first day.
    OpeningOpened = "opening.opened" of "opening";
    /// A closed opening was reopened.
    OpeningReopened = "opening.reopened" of "opening";
    /// A seat of an opening was released.
    OpeningSeatReleased = "opening.seat_released" of "opening";
    /// A seat of an opening was taken.
    OpeningSeatTaken = "opening.seat_taken" of "opening";
    /// An opening was changed.
    OpeningUpdated = "opening.updated" of "opening";
    /// The organization was created.
    OrganizationCreated = "organization.created" of "organization";
    /// The organization was changed.
    OrganizationUpdated = "organization.updated" of "organization";
    /// A person was recorded.
    PersonCreated = "person.created" of "person";
    /// A person was changed.
    PersonUpdated = "person.updated" of "person";
    /// A wish to return was registered.
    RegistrationCreated = "registration.created" of "registration";
    /// A registration expired after its last day.
    RegistrationExpired = "registration.expired" of "registration";
    /// The organization revoked a registration.
    RegistrationRevoked = "registration.revoked" of "registration";
    /// A registration was changed.
    RegistrationUpdated = "registration.updated" of "registration";
    /// A registration was withdrawn by the person, or by the organization for them.
    RegistrationWithdrawn = "registration.withdrawn" of "registration";
    /// A regulation was created.
    RegulationCreated = "regulation.created" of "regulation";
    /// A published version of a regulation came into force.
    RegulationVersionBegan = "regulation_version.began" of "regulation_version";
    /// An error of a version's checks was answered with a reason.
    RegulationVersionCheckAnswered = "regulation_version.check_answered" of "regulation_version";
    /// A draft of a regulation was created.
    RegulationVersionCreated = "regulation_version.created" of "regulation_version";
    /// A version of a regulation was published; it applies from its first day.
    RegulationVersionPublished = "regulation_version.published" of "regulation_version";
    /// A version of a regulation was superseded by a later one.
    RegulationVersionSuperseded = "regulation_version.superseded" of "regulation_version";
    /// A draft of a regulation was changed.
    RegulationVersionUpdated = "regulation_version.updated" of "regulation_version";
    /// The HR system acknowledged a rehire instruction.
    RehireInstructionAcknowledged = "rehire_instruction.acknowledged" of "rehire_instruction";
    /// A rehire instruction was cancelled with its offer.
    RehireInstructionCancelled = "rehire_instruction.cancelled" of "rehire_instruction";
    /// A rehire instruction was issued to the HR system.
    RehireInstructionIssued = "rehire_instruction.issued" of "rehire_instruction";
    /// The HR system refused a rehire instruction.
    RehireInstructionRefused = "rehire_instruction.refused" of "rehire_instruction";
    /// A refused rehire instruction was issued again.
    RehireInstructionReissued = "rehire_instruction.reissued" of "rehire_instruction";
    /// The return of an applicant was registered.
    ReturnRegistered = "return.registered" of "application";
    /// A user was created.
    UserCreated = "user.created" of "user";
    /// A user was changed.
    UserUpdated = "user.updated" of "user";
    /// A webhook endpoint was created.
    WebhookEndpointCreated = "webhook_endpoint.created" of "webhook_endpoint";
    /// A webhook endpoint was deleted.
    WebhookEndpointDeleted = "webhook_endpoint.deleted" of "webhook_endpoint";
    /// A webhook endpoint was disabled because it is gone or keeps failing.
    WebhookEndpointDisabled = "webhook_endpoint.disabled" of "webhook_endpoint";
    /// The secret of a webhook endpoint was rotated.
    WebhookEndpointSecretRotated = "webhook_endpoint.secret_rotated" of "webhook_endpoint";
    /// A webhook endpoint was changed.
    WebhookEndpointUpdated = "webhook_endpoint.updated" of "webhook_endpoint";
}
