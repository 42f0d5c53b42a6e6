//! Procedure (手続き): registration, notices, documents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::condition::measures::registration::RegistrationTiming;
use crate::domain::facts::DocumentKind;
use crate::domain::tagged::Located;

/// How the wish to return is registered (再雇用希望登録).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrationProcedureClause, example = json!({"id": "register", "kind": "registration_procedure", "timing": "at_or_after_exit", "certificate": true}))]
pub struct RegistrationClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// When.
    pub timing: RegistrationTiming,
    /// A certificate (登録証) is given.
    pub certificate: bool,
    /// How long a registration holds, in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 1200)]
    pub valid_months: Option<u16>,
}

/// Registered people are told of a vacancy before it is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "notice", "kind": "vacancy_notice", "before_public_posting": true}))]
pub struct VacancyNoticeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Before the public posting.
    pub before_public_posting: bool,
}

/// A document to hand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"document": "resume"}))]
pub struct RequiredDocument {
    /// What it is.
    pub document: DocumentKind,
}

/// The documents to hand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "documents", "kind": "documents", "required": [{"document": "application_form"}, {"document": "work_history"}]}))]
pub struct DocumentsClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Which.
    #[schema(max_items = 50)]
    pub required: Vec<RequiredDocument>,
}

impl Located for RegistrationClause {}
impl Located for VacancyNoticeClause {}
impl Located for DocumentsClause {}
