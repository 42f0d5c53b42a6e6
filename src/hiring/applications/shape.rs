//! Applications as responses show them.

use chrono::NaiveDate;
use okaeri_engine::Verdict;
use okaeri_engine::workflow::pipeline::Stage;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Channel, SuppliedFacts};
use super::service::Shown;
use super::store;
use crate::platform::clock::Timestamp;
use crate::platform::http::Versioned;
use crate::platform::ids::{
    ApplicationId, DecisionId, EmploymentPeriodId, OfferId, OpeningId, PersonId,
    RegulationVersionId,
};

/// A re-application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Application, example = json!({
    "id": "app_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f",
    "person": {"id": "per_0198c5f0a1b27c3d8e4f5a6b7c8d9e01", "family_name": "佐藤", "given_name": "花子", "family_kana": "サトウ", "given_kana": "ハナコ"},
    "regulation_version_id": "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e02", "opening_id": "opn_0198c5f0a1b27c3d8e4f5a6b7c8d9e03",
    "stage": "document_screening", "stage_since": "2026-04-01T00:00:00.000000Z", "resume_stage": null,
    "application_date": "2026-04-01", "wished_start_date": "2026-10-01", "channel": "direct", "reason_for_return": "介護が一段落したため",
    "facts": {"person": {}, "application": {"former_employment_declared": true}, "company": {}},
    "decision": {"id": "dec_0198c5f0a1b27c3d8e4f5a6b7c8d9e04", "verdict": "eligible", "fresh": true},
    "offer_id": null, "returned_period_id": null, "version": 5,
    "created_at": "2026-04-01T00:00:00.000000Z", "updated_at": "2026-04-02T00:00:00.000000Z"
}))]
pub struct ApplicationOut {
    /// The application's identifier.
    pub id: ApplicationId,
    /// The applicant.
    pub person: ApplicantOut,
    /// The pinned regulation version; it never changes.
    pub regulation_version_id: RegulationVersionId,
    /// The opening applied for.
    pub opening_id: Option<OpeningId>,
    /// Its stage.
    pub stage: Stage,
    /// Time at which it reached the stage.
    pub stage_since: Timestamp,
    /// The stage to which it resumes after a hold.
    pub resume_stage: Option<Stage>,
    /// The day of submission.
    pub application_date: Option<NaiveDate>,
    /// The desired first day.
    pub wished_start_date: Option<NaiveDate>,
    /// The channel through which it came.
    pub channel: Channel,
    /// Reason for returning.
    pub reason_for_return: Option<String>,
    /// Facts supplied with it. Confidential facts are shown only to callers who may read decisions.
    /// An applicant sees the other facts of the person and of the application.
    pub facts: SuppliedFacts,
    /// The latest decision.
    pub decision: Option<DecisionRef>,
    /// The latest offer; shown to an applicant once it was sent.
    pub offer_id: Option<OfferId>,
    /// The employment period of the return.
    pub returned_period_id: Option<EmploymentPeriodId>,
    /// Row version; the `ETag` is this number in quotes.
    pub version: i32,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

/// The applicant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Applicant)]
pub struct ApplicantOut {
    /// The person's identifier.
    pub id: PersonId,
    /// Family name as written.
    pub family_name: String,
    /// Given name as written.
    pub given_name: String,
    /// Family name in kana.
    pub family_kana: Option<String>,
    /// Given name in kana.
    pub given_kana: Option<String>,
}

/// The latest decision on an application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DecisionReference)]
pub struct DecisionRef {
    /// The decision's identifier.
    pub id: DecisionId,
    /// The verdict.
    pub verdict: Verdict,
    /// True if no fact has changed since.
    pub fresh: bool,
}

impl Versioned for ApplicationOut {
    fn version(&self) -> i32 {
        self.version
    }
}

impl From<Shown> for ApplicationOut {
    fn from(Shown { application: row, applicant }: Shown) -> Self {
        let decision = row.decision_id.zip(row.decision_verdict);
        let fresh = store::is_fresh(&row, &applicant);
        Self {
            id: row.id,
            person: ApplicantOut {
                id: row.person_id,
                family_name: applicant.family_name,
                given_name: applicant.given_name,
                family_kana: applicant.family_kana,
                given_kana: applicant.given_kana,
            },
            regulation_version_id: row.regulation_version_id,
            opening_id: row.opening_id,
            stage: row.stage.0,
            stage_since: row.stage_since,
            resume_stage: row.resume_stage.map(|code| code.0),
            application_date: row.application_date,
            wished_start_date: row.wished_start_date,
            channel: row.channel,
            reason_for_return: row.reason_for_return,
            facts: row.facts.0.supplied,
            decision: decision.map(|(id, verdict)| DecisionRef { id, verdict: verdict.0, fresh }),
            offer_id: row.offer_id,
            returned_period_id: row.returned_period_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
