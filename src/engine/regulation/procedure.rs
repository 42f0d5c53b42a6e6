//! Procedure (手続き): registration, notices, documents, when to apply, deadlines.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{contradictory, locate_around, out_of_range, twice, when_in_each};
use crate::facts::{DocumentKind, labels};
use crate::measures::Condition;
use crate::measures::application_window::{YearlyWindow, window_faults};
use crate::measures::registration::RegistrationTiming;
use crate::messages::document;
use crate::tagged::Located;
use crate::words::Fault;

/// The longest deadline that a regulation can mean, in days.
const MOST_DAYS: u16 = 3660;

/// How the wish to return is registered (再雇用希望登録).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrationProcedureClause, example = json!({"id": "register", "kind": "registration_procedure", "timing": "at_or_after_exit", "certificate": true, "within_months_of_exit": 36}))]
pub struct RegistrationClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// When.
    pub timing: RegistrationTiming,
    /// A certificate (登録証) is given; absent where the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<bool>,
    /// Within how many months of leaving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1200)]
    pub within_months_of_exit: Option<u16>,
    /// How long a registration holds, in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 1200)]
    pub valid_months: Option<u16>,
}

crate::codes! {
    /// How people are told of a vacancy.
    pub enum NoticeChannel {
        /// By e-mail.
        Email = "email",
        /// By letter.
        Letter = "letter",
        /// By telephone.
        Phone = "phone",
        /// On a site for members.
        MemberSite = "member_site",
        /// By a notice that is put up (掲示).
        Post = "post",
    }
}

labels! { NoticeChannel = notice_channel:
    Email = EMAIL;
    Letter = LETTER;
    Phone = PHONE;
    MemberSite = MEMBER_SITE;
    Post = POST;
}

/// Registered people are told of a vacancy (求人案内).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "notice", "kind": "vacancy_notice", "before_public_posting": true, "channels": ["email"], "mandatory": true}))]
pub struct VacancyNoticeClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Before the public posting; absent where the text does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_public_posting: Option<bool>,
    /// How; empty where the text does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub channels: Vec<NoticeChannel>,
    /// The company must tell them; otherwise it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandatory: Option<bool>,
}

/// A document to hand in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"document": "reason_proof", "when": {"kind": "exit_reason", "any_of": ["personal"]}}))]
pub struct RequiredDocument {
    /// What it is.
    pub document: DocumentKind,
    /// Where it is required; always, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// The documents to hand in (提出書類).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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

crate::codes! {
    /// When applications are taken.
    pub enum ApplicationMode {
        /// At any time (随時).
        Always = "always",
        /// In windows that come every year.
        YearlyWindows = "yearly_windows",
        /// When a vacancy is posted.
        OnPosting = "on_posting",
    }
}

/// When applications are taken (応募の時期). It tells and does not judge: that an application outside is
/// not taken is said by a requirement with the condition `application_window`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "period", "kind": "application_period", "mode": "yearly_windows", "windows": [{"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}]}))]
pub struct ApplicationPeriodClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// When.
    pub mode: ApplicationMode,
    /// The windows of a year; empty where the text gives no days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 12)]
    pub windows: Vec<YearlyWindow>,
}

/// Deadlines of the person and of the company (期限).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "deadlines", "kind": "deadlines", "days_to_apply_after_notice": 14, "result_notice_days": 30, "result_to_everyone": true}))]
pub struct DeadlinesClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// Days in which to apply, counted from the day after the notice of a vacancy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3660)]
    pub days_to_apply_after_notice: Option<u16>,
    /// Days after the selection within which the result is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3660)]
    pub result_notice_days: Option<u16>,
    /// The result is told to everybody, hired or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_to_everyone: Option<bool>,
    /// Business days within which the application is acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3660)]
    pub acknowledge_business_days: Option<u16>,
}

impl Located for RegistrationClause {}
impl Located for VacancyNoticeClause {}
impl Located for ApplicationPeriodClause {}
impl Located for DeadlinesClause {}

impl Located for DocumentsClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, &when_in_each(json, "required"), faults);
    }
}

impl RegistrationClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            out_of_range(self.within_months_of_exit, 1200, "/within_months_of_exit")
                .into_iter()
                .collect();
        if self.timing == RegistrationTiming::AtExitOnly && self.within_months_of_exit.is_some() {
            faults.push(contradictory("/within_months_of_exit", document::NO_TIME_AFTER_LEAVING));
        }
        faults
    }
}

impl VacancyNoticeClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        twice(&self.channels, "/channels")
    }
}

impl DocumentsClause {
    /// What cannot be meant: a document that is always required has no other line.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut seen = BTreeSet::new();
        let repeated = self
            .required
            .iter()
            .enumerate()
            .filter(|(_, required)| !seen.insert(required.document));
        repeated
            .filter(|(_, required)| self.always(required.document))
            .map(|(index, _)| {
                Fault::new(
                    format!("/required/{index}/document"),
                    "twice",
                    document::DOCUMENT_NAMED_ALREADY,
                )
            })
            .collect()
    }

    fn always(&self, document: DocumentKind) -> bool {
        self.required
            .iter()
            .any(|required| required.document == document && required.when.is_none())
    }
}

impl ApplicationPeriodClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = window_faults(&self.windows);
        if self.mode != ApplicationMode::YearlyWindows && !self.windows.is_empty() {
            faults.push(contradictory("/windows", document::ONLY_YEARLY_WINDOWS));
        }
        faults
    }
}

impl DeadlinesClause {
    /// What cannot be meant.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let days = [
            (self.days_to_apply_after_notice, "/days_to_apply_after_notice"),
            (self.result_notice_days, "/result_notice_days"),
            (self.acknowledge_business_days, "/acknowledge_business_days"),
        ];
        if days.iter().all(|(days, _)| days.is_none()) && self.result_to_everyone.is_none() {
            return vec![Fault::new("", "empty", document::NAME_A_DEADLINE)];
        }
        days.into_iter().filter_map(|(days, at)| out_of_range(days, MOST_DAYS, at)).collect()
    }
}
