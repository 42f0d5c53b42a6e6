//! What follows for this person in the parts after eligibility: documents, notice, stages, treatment,
//! placement, training.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Compiled;
use crate::domain::Verdict;
use crate::domain::calendar::{Length, day_before, later_by, next_day};
use crate::domain::condition::measures::registration::RegistrationTiming;
use crate::domain::condition::{Axis, Case, Truth};
use crate::domain::facts::{DocumentKind, FactKey};
use crate::domain::pipeline::Stage;
use crate::domain::regulation::{
    Article, Balance, Clause, DocumentsClause, GradeClause, GradeRule, GuaranteeClause, GuaranteeLevel, PayRule,
    PlacementClause, PlacementRule, ProbationClause, RegistrationClause, SelectionClause, ServiceAggregationClause,
    ServiceDate, TrainingBasis, TrainingClause, TrainingRule, VacancyNoticeClause,
};
use crate::domain::words::Words;

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

macro_rules! consequence {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[$meta:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The clause that it follows from.
            pub clause: String,
            /// The article, as it is cited.
            pub article: Words,
            /// In words.
            pub text: Words,
            $($(#[$meta])* pub $field: $ty),*
        }

        impl crate::domain::tagged::Located for $name {}
    };
}

consequence! {
    /// What the regulation promises.
    GuaranteeConsequence {
        /// How much.
        level: GuaranteeLevel,
        /// The company keeps its discretion.
        discretion: bool,
    }
}
consequence! {
    /// How the wish to return is registered.
    RegistrationConsequence {
        /// When.
        timing: RegistrationTiming,
        /// A certificate is given.
        certificate: bool,
    }
}
consequence! {
    /// What the company does about a vacancy.
    VacancyNoticeConsequence {
        /// What.
        action: NoticeAction,
    }
}
consequence! {
    /// The documents to hand in.
    DocumentsConsequence {
        /// All of them.
        #[schema(max_items = 50)]
        required: Vec<DocumentKind>,
        /// Those not handed in yet; absent when it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_items = 50)]
        outstanding: Option<Vec<DocumentKind>>,
    }
}
consequence! {
    /// The stages of selection.
    SelectionConsequence {
        /// In order.
        #[schema(max_items = 8)]
        stages: Vec<Stage>,
        /// The text names them; otherwise it leaves them open.
        stages_stated: bool,
        /// It is held only when there is an opening.
        opens_only_if_need: bool,
        /// The same as for everybody hired in mid-career.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        same_bar_as_mid_career: Option<bool>,
    }
}
consequence! {
    /// The grade on return.
    GradeConsequence {
        /// By which rule.
        rule: GradeRule,
        /// The grade aimed at or restored; absent when unknown or individual.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade: Option<String>,
        /// The regulation promises it; otherwise it is a target.
        promised: bool,
    }
}
consequence! {
    /// The pay on return.
    PayConsequence {
        /// By which rule.
        rule: PayRule,
    }
}
consequence! {
    /// Probation.
    ProbationConsequence {
        /// It begins anew.
        new: bool,
        /// Its months, where the text says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        months: Option<u8>,
    }
}
consequence! {
    /// How former service counts.
    ServiceConsequence {
        /// From when; absent while it cannot be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<ServiceDate>,
        /// The day from which service counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service_date: Option<NaiveDate>,
        /// For which benefits.
        #[schema(max_items = 50)]
        benefits: Vec<String>,
        /// What becomes of each balance.
        balances: BTreeMap<String, Balance>,
        /// The facts that are missing to tell.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 64)]
        missing: Vec<FactKey>,
    }
}
consequence! {
    /// No difference from others of the same work.
    EqualTreatmentConsequence {}
}
consequence! {
    /// Where the person is placed.
    PlacementConsequence {
        /// By which rule.
        rule: PlacementRule,
        /// The person's wish is considered.
        wish_considered: bool,
    }
}
consequence! {
    /// How the person is trained.
    TrainingConsequence {
        /// By which rule.
        rule: TrainingRule,
        /// What it considers.
        #[schema(max_items = 2)]
        basis: Vec<TrainingBasis>,
        /// How long the person will have been away, in whole months; absent when unknown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        months_away: Option<i32>,
    }
}

crate::tagged! {
    /// What follows for this person from one clause.
    pub enum Consequence {
        /// What the regulation promises.
        Guarantee(GuaranteeConsequence) = "guarantee",
        /// How the wish to return is registered.
        Registration(RegistrationConsequence) = "registration_procedure",
        /// What the company does about a vacancy.
        VacancyNotice(VacancyNoticeConsequence) = "vacancy_notice",
        /// The documents to hand in.
        Documents(DocumentsConsequence) = "documents",
        /// The stages of selection.
        Selection(SelectionConsequence) = "selection",
        /// The grade on return.
        Grade(GradeConsequence) = "grade",
        /// The pay on return.
        Pay(PayConsequence) = "pay",
        /// Probation.
        Probation(ProbationConsequence) = "probation",
        /// How former service counts.
        Service(ServiceConsequence) = "service_aggregation",
        /// No difference from others of the same work.
        EqualTreatment(EqualTreatmentConsequence) = "equal_treatment",
        /// Where the person is placed.
        Placement(PlacementConsequence) = "placement",
        /// How the person is trained.
        Training(TrainingConsequence) = "training",
    }
}

impl Compiled {
    pub(super) fn consequences(&self, case: &Case<'_>, verdict: Verdict) -> Vec<Consequence> {
        let clauses = self
            .document
            .articles
            .iter()
            .flat_map(|article| article.clauses.iter().map(move |clause| (article, clause)));
        clauses.filter_map(|(article, clause)| self.consequence(case, verdict, article, clause)).collect()
    }

    fn consequence(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
        article: &Article,
        clause: &Clause,
    ) -> Option<Consequence> {
        let article = article.citation();
        Some(match clause {
            Clause::Requirement(_) | Clause::Purpose(_) => return None,
            Clause::Guarantee(clause) => Consequence::Guarantee(guarantee(clause, article)),
            Clause::Registration(clause) => Consequence::Registration(registration(clause, article)),
            Clause::VacancyNotice(clause) => Consequence::VacancyNotice(self.notice(case, verdict, clause, article)),
            Clause::Documents(clause) => Consequence::Documents(documents(case, clause, article)),
            Clause::Selection(clause) => Consequence::Selection(selection(clause, article)),
            Clause::Grade(clause) => Consequence::Grade(grade(case, clause, article)),
            Clause::Pay(clause) => Consequence::Pay(PayConsequence {
                clause: clause.id.clone(),
                article,
                text: pay_words(clause.rule),
                rule: clause.rule,
            }),
            Clause::Probation(clause) => Consequence::Probation(probation(clause, article)),
            Clause::ServiceAggregation(clause) => Consequence::Service(service(case, clause, article)),
            Clause::EqualTreatment(clause) => Consequence::EqualTreatment(EqualTreatmentConsequence {
                clause: clause.id.clone(),
                article,
                text: Words::fixed(
                    "同じ区分・職務・経験・能力の職員と取扱いに差を設けません。",
                    "Treated no differently from others of the same class, job, experience and ability.",
                ),
            }),
            Clause::Placement(clause) => Consequence::Placement(placement(clause, article)),
            Clause::Training(clause) => Consequence::Training(training(case, clause, article)),
        })
    }

    /// Whether this person is told of a vacancy: decided on the day on which it opened.
    fn notice(
        &self,
        case: &Case<'_>,
        verdict: Verdict,
        clause: &VacancyNoticeClause,
        article: Words,
    ) -> VacancyNoticeConsequence {
        let company = &case.facts.company;
        let action = match (company.vacancy, company.vacancy_opened_on) {
            (Some(false), _) if verdict == Verdict::Eligible => NoticeAction::KeepRegistered,
            (Some(false), _) => by_verdict(verdict, clause),
            (_, Some(opened)) => {
                by_verdict(self.evaluate_case(&case.on(Axis::ApplicationDate, opened)).verdict, clause)
            }
            (Some(true), None) => by_verdict(verdict, clause),
            (None, None) => NoticeAction::Undetermined,
        };
        let text = match action {
            NoticeAction::NotifyBeforePosting => Words::fixed(
                "公募の前に、この方に求人を案内します。",
                "This person is told of the vacancy before it is posted.",
            ),
            NoticeAction::Notify => Words::fixed("この方に求人を案内します。", "This person is told of the vacancy."),
            NoticeAction::KeepRegistered => Words::fixed(
                "現在募集はありません。登録を維持し、募集の際に案内します。",
                "There is no vacancy now. The registration is kept, and the person is told when there is one.",
            ),
            NoticeAction::NotUnderScheme => Words::fixed(
                "この制度による案内の対象ではありません。一般の応募は可能です。",
                "Not told under this scheme. The person may apply as anyone may.",
            ),
            NoticeAction::Undetermined => {
                Words::fixed("募集の有無が確認でき次第決まります。", "Depends on whether there is a vacancy.")
            }
        };
        VacancyNoticeConsequence { clause: clause.id.clone(), article, text, action }
    }
}

const fn by_verdict(verdict: Verdict, clause: &VacancyNoticeClause) -> NoticeAction {
    match verdict {
        Verdict::Eligible if clause.before_public_posting => NoticeAction::NotifyBeforePosting,
        Verdict::Eligible => NoticeAction::Notify,
        Verdict::Ineligible => NoticeAction::NotUnderScheme,
        Verdict::NeedsReview => NoticeAction::Undetermined,
    }
}

fn guarantee(clause: &GuaranteeClause, article: Words) -> GuaranteeConsequence {
    let text = match clause.level {
        GuaranteeLevel::None => Words::fixed("採用を約束するものではありません。", "No job is promised."),
        GuaranteeLevel::NotifyFirst => Words::fixed(
            "求人が生じたとき、登録者に優先して案内します。",
            "Registered people are told first of a vacancy.",
        ),
        GuaranteeLevel::ConsideredFirst => Words::fixed("優先して選考します。", "Considered before others."),
        GuaranteeLevel::ReturnOpportunity => Words::fixed("復職の機会を約束します。", "A return is promised."),
        GuaranteeLevel::TermsFloor => {
            Words::fixed("従前を下回らない条件を約束します。", "Terms not below the former ones are promised.")
        }
    };
    GuaranteeConsequence {
        clause: clause.id.clone(),
        article,
        text,
        level: clause.level,
        discretion: clause.discretion,
    }
}

fn registration(clause: &RegistrationClause, article: Words) -> RegistrationConsequence {
    let text = match clause.timing {
        RegistrationTiming::AtExitOnly => {
            Words::fixed("再雇用希望は退職時に登録します。", "The wish to return is registered on leaving.")
        }
        RegistrationTiming::AtOrAfterExit => Words::fixed(
            "再雇用希望は退職時または退職後に登録します。",
            "The wish to return is registered on leaving or afterwards.",
        ),
    };
    RegistrationConsequence {
        clause: clause.id.clone(),
        article,
        text,
        timing: clause.timing,
        certificate: clause.certificate,
    }
}

fn documents(case: &Case<'_>, clause: &DocumentsClause, article: Words) -> DocumentsConsequence {
    let required: Vec<DocumentKind> = clause.required.iter().map(|required| required.document).collect();
    let outstanding = case.facts.application.documents.as_ref().map(|received| {
        let is_outstanding = |kind: &&DocumentKind| received.iter().all(|document| document.kind != **kind);
        required.iter().filter(is_outstanding).copied().collect()
    });
    let text = Words::fixed("所定の書類を提出します。", "The documents named are handed in.");
    DocumentsConsequence { clause: clause.id.clone(), article, text, required, outstanding }
}

fn selection(clause: &SelectionClause, article: Words) -> SelectionConsequence {
    let text = match (clause.stages.is_empty(), clause.opens_only_if_need) {
        (true, false) => {
            Words::fixed("選考によります。規程は方法を定めていません。", "By selection; the text does not say how.")
        }
        (true, true) => Words::fixed("必要が生じたときに選考を行います。", "Selection is held when there is a need."),
        (false, false) => Words::fixed("定められた段階で選考します。", "Selection by the stages named."),
        (false, true) => Words::fixed(
            "必要が生じたときに、定められた段階で選考します。",
            "When there is a need, selection by the stages named.",
        ),
    };
    let stages = if clause.stages.is_empty() { vec![Stage::Selection] } else { clause.stages.clone() };
    SelectionConsequence {
        clause: clause.id.clone(),
        article,
        text,
        stages,
        stages_stated: !clause.stages.is_empty(),
        opens_only_if_need: clause.opens_only_if_need,
        same_bar_as_mid_career: clause.same_bar_as_mid_career,
    }
}

fn grade(case: &Case<'_>, clause: &GradeClause, article: Words) -> GradeConsequence {
    let at_exit = case.last.and_then(|period| period.grade.clone());
    let (text, grade, promised) = match clause.rule {
        GradeRule::RestoreExit => {
            (Words::fixed("退職時の等級に復します。", "The grade at exit is restored."), at_exit, true)
        }
        GradeRule::EffortToKeep => (
            Words::fixed(
                "退職時の等級を目安とし、その維持に努めます（約束ではありません）。",
                "The grade at exit is the target; an effort is made to keep it, no promise.",
            ),
            at_exit,
            false,
        ),
        GradeRule::Individual => (Words::fixed("個別に決定します。", "Decided individually."), None, false),
    };
    GradeConsequence { clause: clause.id.clone(), article, text, rule: clause.rule, grade, promised }
}

const fn pay_words(rule: PayRule) -> Words {
    match rule {
        PayRule::AssessServiceAndExperience => Words::fixed(
            "在職時の実績と退職後の経験を評価して決定します。",
            "Service before leaving and experience since are assessed.",
        ),
        PayRule::Individual => {
            Words::fixed("退職後の経験により個別に決定します。", "Decided individually by what was done since.")
        }
        PayRule::Interview => Words::fixed("面談で決定します。", "Decided at the interview."),
        PayRule::JobGuideline => Words::fixed(
            "就く職務の現在の給与基準によります。従前の賃金は考慮しません。",
            "By the present guideline of the job; former pay is not looked at.",
        ),
    }
}

fn probation(clause: &ProbationClause, article: Words) -> ProbationConsequence {
    let text = if clause.new {
        Words::fixed("改めて試用期間を設けます。", "A new probation is served.")
    } else {
        Words::fixed("試用期間は設けません。", "No probation.")
    };
    ProbationConsequence { clause: clause.id.clone(), article, text, new: clause.new, months: clause.months }
}

/// The first tier whose condition holds; one that cannot be told stops the search.
fn service(case: &Case<'_>, clause: &ServiceAggregationClause, article: Words) -> ServiceConsequence {
    let bare = |rule, service_date, text, missing| ServiceConsequence {
        clause: clause.id.clone(),
        article: article.clone(),
        text,
        rule,
        service_date,
        benefits: clause.benefits.clone(),
        balances: BTreeMap::new(),
        missing,
    };
    for tier in &clause.tiers {
        let answer = tier.when.answer(case);
        match answer.truth {
            Truth::NotMet => {}
            Truth::Unknown => {
                let text =
                    Words::fixed("通算の扱いは確認が必要です。", "How former service counts cannot be told yet.");
                return bare(None, None, text, answer.missing.iter().collect());
            }
            Truth::Met => {
                let date = service_date(case, tier.service_date);
                let mut found = bare(Some(tier.service_date), date, service_words(tier.service_date, date), Vec::new());
                found.balances.clone_from(&tier.balances);
                return found;
            }
        }
    }
    let start = case.day(Axis::StartDate);
    bare(Some(ServiceDate::New), start, service_words(ServiceDate::New, start), Vec::new())
}

fn service_date(case: &Case<'_>, rule: ServiceDate) -> Option<NaiveDate> {
    let start = case.day(Axis::StartDate);
    match rule {
        ServiceDate::New => start,
        ServiceDate::Original => case.last.map(|period| period.start),
        ServiceDate::Adjusted => {
            let (original, first_away, last_away) = (case.last?.start, next_day(case.exit_date()?), day_before(start?));
            Some(later_by(original, Length::between(first_away, last_away)))
        }
    }
}

fn service_words(rule: ServiceDate, date: Option<NaiveDate>) -> Words {
    let date = date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    match rule {
        ServiceDate::Original => Words::new(
            format!("従前の勤続を通算します（起算日 {date}）。"),
            format!("Former service counts as if there had been no break (service date {date})."),
        ),
        ServiceDate::Adjusted => Words::new(
            format!("離職期間を除いて従前の勤続を通算します（起算日 {date}）。"),
            format!("Former service counts, time away left out (adjusted service date {date})."),
        ),
        ServiceDate::New => Words::new(
            format!("従前の勤続は通算しません（起算日 {date}）。"),
            format!("Former service does not count (service date {date})."),
        ),
    }
}

fn placement(clause: &PlacementClause, article: Words) -> PlacementConsequence {
    let text = match clause.rule {
        PlacementRule::SameJobFamily => {
            Words::fixed("退職時と同じ職種に配置します。", "Placed in the job family left from.")
        }
        PlacementRule::SameJobAndRankInPrinciple => Words::fixed(
            "原則として退職時と同じ職務・職位に配置します。",
            "Placed, in principle, in the job and rank left from.",
        ),
        PlacementRule::EffortSameSiteClassJobGrade => Words::fixed(
            "退職時と同じ勤務地・区分・職務・等級となるよう努めます。",
            "An effort is made to keep site, class, job and grade.",
        ),
        PlacementRule::ByVacancy => Words::fixed("欠員の状況により配置します。", "Placed where there is a vacancy."),
        PlacementRule::Any => Words::fixed("配置に定めはありません。", "Placed anywhere."),
    };
    PlacementConsequence {
        clause: clause.id.clone(),
        article,
        text,
        rule: clause.rule,
        wish_considered: clause.wish_considered,
    }
}

fn training(case: &Case<'_>, clause: &TrainingClause, article: Words) -> TrainingConsequence {
    let text = match clause.rule {
        TrainingRule::Individual => Words::fixed("個別の必要に応じて研修を行います。", "Trained as this person needs."),
        TrainingRule::FixedProgram => Words::fixed("定められた研修を行います。", "Trained by a fixed programme."),
        TrainingRule::None => Words::fixed("研修の定めはありません。", "No training is laid down."),
    };
    let until = case.day(Axis::StartDate).or(case.day(Axis::ApplicationDate));
    let away =
        case.exit_date().zip(until).map(|(exit, until)| Length::between(next_day(exit), day_before(until)).months);
    TrainingConsequence {
        clause: clause.id.clone(),
        article,
        text,
        rule: clause.rule,
        basis: clause.basis.clone(),
        months_away: away,
    }
}
