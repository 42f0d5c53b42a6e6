//! Which permission each operation needs, for the document: a macro over handlers cannot see into
//! their types.
//!
//! The handlers decide, not this table; a test calls every operation in every role and holds it
//! against them.

use serde_json::{Map, Value, json};

use crate::platform::auth::Permission;

/// The permission of each operation of the API, by its operation id.
const TABLE: &[(&str, Permission)] = &[
    // organizations
    ("listEntities", Permission::ReadOrganization),
    ("createEntity", Permission::WriteOrganization),
    ("getEntity", Permission::ReadOrganization),
    ("updateEntity", Permission::WriteOrganization),
    ("listOrganizations", Permission::ReadOrganization),
    ("getOrganization", Permission::ReadOrganization),
    ("updateOrganization", Permission::WriteOrganization),
    // users
    ("listApiKeys", Permission::ReadUsers),
    ("createApiKey", Permission::WriteUsers),
    ("getApiKey", Permission::ReadUsers),
    ("revokeApiKey", Permission::WriteUsers),
    ("listUsers", Permission::ReadUsers),
    ("createUser", Permission::WriteUsers),
    ("getUser", Permission::ReadUsers),
    ("updateUser", Permission::WriteUsers),
    // people
    ("getEmploymentPeriod", Permission::ReadEmployment),
    ("replaceEmploymentPeriod", Permission::WriteEmployment),
    ("listPeople", Permission::ReadPeople),
    ("createPerson", Permission::WritePeople),
    ("getPerson", Permission::ReadPeople),
    ("putPersonByExternalId", Permission::WritePeople),
    ("updatePerson", Permission::WritePeople),
    ("addContact", Permission::WritePeople),
    ("removeContact", Permission::WritePeople),
    ("importPeople", Permission::WriteEmployment),
    ("listEmploymentPeriods", Permission::ReadEmployment),
    ("createEmploymentPeriod", Permission::WriteEmployment),
    ("listRegistrations", Permission::ReadRegistrations),
    ("createRegistration", Permission::WriteRegistrations),
    ("getRegistration", Permission::ReadRegistrations),
    ("updateRegistration", Permission::WriteRegistrations),
    ("revokeRegistration", Permission::WriteRegistrations),
    ("withdrawRegistration", Permission::WriteRegistrations),
    // regulations
    ("listLibrary", Permission::ReadRegulations),
    ("getRegulationVersion", Permission::ReadRegulations),
    ("getRegulationChecks", Permission::WriteRegulations),
    ("getBoundaryCases", Permission::WriteRegulations),
    ("answerRegulationCheck", Permission::PublishRegulations),
    ("checkRegulation", Permission::WriteRegulations),
    ("listArticles", Permission::ReadRegulations),
    ("listRegulationCases", Permission::ReadRegulations),
    ("listClauses", Permission::ReadRegulations),
    ("getRegulationDocument", Permission::ReadRegulations),
    ("renderRegulation", Permission::ReadRegulations),
    ("listRegulationChanges", Permission::ReadRegulations),
    ("replaceRegulationDocument", Permission::WriteRegulations),
    ("publishRegulationVersion", Permission::PublishRegulations),
    ("listRegulations", Permission::ReadRegulations),
    ("createRegulation", Permission::WriteRegulations),
    ("getRegulation", Permission::ReadRegulations),
    ("listRegulationVersions", Permission::ReadRegulations),
    ("createRegulationVersion", Permission::WriteRegulations),
    // jobs
    ("listJobs", Permission::ReadJobs),
    ("createJob", Permission::WriteJobs),
    ("getJob", Permission::ReadJobs),
    ("updateJob", Permission::WriteJobs),
    ("listOpenings", Permission::ReadJobs),
    ("createOpening", Permission::WriteJobs),
    ("getOpening", Permission::ReadJobs),
    ("updateOpening", Permission::WriteJobs),
    ("closeOpening", Permission::WriteJobs),
    ("reopenOpening", Permission::WriteJobs),
    // applications
    ("listApplications", Permission::ReadApplications),
    ("createApplication", Permission::WriteApplications),
    ("getApplication", Permission::ReadApplications),
    ("updateApplication", Permission::WriteApplications),
    ("listAllowedMoves", Permission::ReadApplications),
    ("listApplicationDocuments", Permission::ReadApplications),
    ("addApplicationDocument", Permission::WriteApplications),
    ("getApplicationDocument", Permission::ReadApplications),
    ("verifyApplicationDocument", Permission::VerifyDocuments),
    ("listMoves", Permission::ReadApplications),
    ("moveApplication", Permission::MoveApplications),
    ("registerReturn", Permission::RegisterReturns),
    ("addRuling", Permission::RuleOnClauses),
    ("submitApplication", Permission::WriteApplications),
    // impact
    ("startImpactRun", Permission::WriteRegulations),
    ("listImpactRuns", Permission::WriteRegulations),
    ("getImpactRun", Permission::WriteRegulations),
    ("cancelImpactRun", Permission::WriteRegulations),
    ("listImpactChanges", Permission::WriteRegulations),
    // law
    ("checkLaw", Permission::WriteOffers),
    // decisions
    ("decideApplication", Permission::Decide),
    ("listDecisions", Permission::ReadDecisions),
    ("getDecision", Permission::ReadDecisions),
    ("explainDecision", Permission::ReadExplanations),
    ("verifyDecision", Permission::ReadDecisions),
    ("askForPerson", Permission::AskQuestions),
    ("askRegulation", Permission::AskQuestions),
    // offers
    ("createOffer", Permission::WriteOffers),
    ("listOffers", Permission::ReadOffers),
    ("getOffer", Permission::ReadOffers),
    ("updateOffer", Permission::WriteOffers),
    ("acceptOffer", Permission::AnswerOffers),
    ("listAllowedOfferMoves", Permission::ReadOffers),
    ("listOfferApprovals", Permission::ReadApprovals),
    ("approveOffer", Permission::ApproveOffers),
    ("cancelOffer", Permission::WriteOffers),
    ("declineOffer", Permission::AnswerOffers),
    ("expireOffer", Permission::WriteOffers),
    ("requestOfferApproval", Permission::WriteOffers),
    ("sendOffer", Permission::WriteOffers),
    ("sendBackOffer", Permission::ApproveOffers),
    ("listRehireInstructions", Permission::ReadInstructions),
    ("getRehireInstruction", Permission::ReadInstructions),
    ("acknowledgeRehireInstruction", Permission::AnswerInstructions),
    ("refuseRehireInstruction", Permission::AnswerInstructions),
    ("reissueRehireInstruction", Permission::AnswerInstructions),
    // events
    ("listEvents", Permission::ReadEvents),
    // webhooks
    ("listWebhookEndpoints", Permission::ReadWebhooks),
    ("createWebhookEndpoint", Permission::WriteWebhooks),
    ("getWebhookEndpoint", Permission::ReadWebhooks),
    ("updateWebhookEndpoint", Permission::WriteWebhooks),
    ("rotateWebhookSecret", Permission::WriteWebhooks),
    ("testWebhookEndpoint", Permission::WriteWebhooks),
    ("listWebhookDeliveries", Permission::ReadWebhooks),
    ("getWebhookDelivery", Permission::ReadWebhooks),
    ("deleteWebhookEndpoint", Permission::WriteWebhooks),
    ("resendWebhookDelivery", Permission::WriteWebhooks),
];

/// The permission that an operation needs.
#[must_use]
pub fn of(operation_id: &str) -> Option<Permission> {
    TABLE.iter().find(|(known, _)| *known == operation_id).map(|(_, permission)| *permission)
}

/// Writes into an operation what it needs and which roles have it.
pub(super) fn describe(operation: &mut Map<String, Value>) {
    let Some(permission) = operation.get("operationId").and_then(Value::as_str).and_then(of) else {
        return;
    };
    // Permissions come with roles and are no scopes of a token, so they stand beside the scheme.
    operation.insert("security".to_owned(), json!([{"bearer": []}]));
    operation.insert("x-required-permission".to_owned(), json!(permission));
    operation.insert("x-roles".to_owned(), json!(permission.roles()));
}
