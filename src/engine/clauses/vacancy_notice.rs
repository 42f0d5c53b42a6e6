//! Registered people are told of a vacancy (求人案内).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::twice;
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding};
use crate::Verdict;
use crate::document::Part;
use crate::facts::{FactKey, labels, listed};
use crate::measures::{Axis, Case, Condition};
use crate::messages::procedure::notice;
use crate::messages::{Said as _, clauses};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined, where_said};

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

impl Located for VacancyNoticeClause {}

crate::codes! {
    /// What the company does about a vacancy.
    pub enum NoticeAction {
        /// Tell this person before the public posting.
        NotifyBeforePosting = "notify_before_posting",
        /// Tell this person.
        Notify = "notify",
        /// There is no vacancy: keep the person on the register.
        KeepRegistered = "keep_registered",
        /// The person is not told under the scheme, and may apply as anyone.
        NotUnderScheme = "not_under_scheme",
        /// It is not known yet.
        Undetermined = "undetermined",
    }
}

consequence! {
    /// What the company does about a vacancy.
    VacancyNoticeConsequence {
        /// What.
        action: NoticeAction,
        /// How; empty where the text does not say.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 5)]
        channels: Vec<NoticeChannel>,
        /// The company must; otherwise it may.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        mandatory: Option<bool>,
    }
}

impl ClauseKind for VacancyNoticeClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Procedure]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        twice(&self.channels, "/channels")
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let before = match self.before_public_posting {
            Some(true) => clauses::notice::BEFORE_POSTING,
            Some(false) => clauses::notice::WITH_POSTING,
            None => clauses::notice::TOLD,
        };
        let channels = (!self.channels.is_empty())
            .then(|| clauses::notice::By { channels: &listed(&self.channels) }.words());
        let mandatory =
            where_said(self.mandatory, clauses::notice::MANDATORY, clauses::notice::OPTIONAL);
        joined([Some(before), channels, mandatory].into_iter().flatten())
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::VacancyNotice(notice(of, self)))
    }

    fn is_told_beside_a_refusal(&self) -> bool {
        // It is answered for the day on which the vacancy opened.
        true
    }
}

/// Returns whether this person is told of a vacancy: decided on the day on which it opened.
fn notice(of: &Deciding<'_>, clause: &VacancyNoticeClause) -> VacancyNoticeConsequence {
    let (company, verdict) = (&of.case.facts.company, of.verdict);
    let action = match (company.vacancy, company.vacancy_opened_on) {
        (Some(false), _) if verdict == Verdict::Eligible => NoticeAction::KeepRegistered,
        (Some(false), _) => by_verdict(verdict, clause),
        (_, Some(opened)) => by_verdict(verdict_on(of, opened), clause),
        (Some(true), None) => by_verdict(verdict, clause),
        (None, None) => NoticeAction::Undetermined,
    };
    let is_open = action == NoticeAction::Undetermined && company.vacancy.is_none();
    let missing = (is_open && company.vacancy_opened_on.is_none()).then_some(FactKey::Vacancy);
    VacancyNoticeConsequence {
        clause: clause.id.clone(),
        article: of.article.citation(),
        text: notice_words(action, clause),
        action,
        channels: clause.channels.clone(),
        mandatory: clause.mandatory,
        missing: missing.into_iter().collect(),
    }
}

/// Returns the verdict on another day of application. Where something confidential decides the
/// case, the applicant is told by the verdict that they know.
fn verdict_on(of: &Deciding<'_>, day: NaiveDate) -> Verdict {
    let verdict = |case: &Case<'_>| of.compiled.evaluate_case(case).verdict;
    if of.case.is_for_applicant() && verdict(of.case) != of.verdict {
        return of.verdict;
    }
    verdict(&of.case.on(Axis::ApplicationDate, day))
}

const fn by_verdict(verdict: Verdict, clause: &VacancyNoticeClause) -> NoticeAction {
    match (verdict, clause.before_public_posting) {
        (Verdict::Eligible, Some(true)) => NoticeAction::NotifyBeforePosting,
        (Verdict::Eligible, Some(false) | None) => NoticeAction::Notify,
        (Verdict::Ineligible, _) => NoticeAction::NotUnderScheme,
        (Verdict::NeedsReview, _) => NoticeAction::Undetermined,
    }
}

fn notice_words(action: NoticeAction, clause: &VacancyNoticeClause) -> Words {
    let text = match action {
        NoticeAction::NotifyBeforePosting => notice::BEFORE_POSTING,
        NoticeAction::Notify => notice::TOLD,
        NoticeAction::KeepRegistered => notice::KEEP_REGISTERED,
        NoticeAction::NotUnderScheme => {
            return notice::NOT_UNDER_SCHEME;
        }
        NoticeAction::Undetermined => {
            return notice::UNDETERMINED;
        }
    };
    let how = (!clause.channels.is_empty())
        .then(|| notice::By { channels: &listed(&clause.channels) }.words());
    let must = where_said(clause.mandatory, notice::MANDATORY, notice::OPTIONAL);
    joined(std::iter::once(text).chain(how).chain(must))
}

impl ConsequenceKind for VacancyNoticeConsequence {
    fn redact(&mut self) {}
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::clauses::tests::first;

    #[test]
    fn a_notice_names_its_channels_only_where_one_is_sent() {
        let notice = |vacancy: bool| {
            let clause = json!({"id": "n", "kind": "vacancy_notice", "channels": ["letter", "email"], "mandatory": true});
            first(&[clause], json!({"company": {"vacancy": vacancy}}))
        };
        let told = notice(true);
        assert_eq!(
            (&told["action"], &told["channels"]),
            (&json!("notify"), &json!(["letter", "email"]))
        );
        assert!(
            told["text"]["ja"].as_str().unwrap().contains("案内の方法は手紙・電子メールです。"),
            "{told}"
        );
        assert_eq!(notice(false)["action"], "keep_registered");
    }
}
