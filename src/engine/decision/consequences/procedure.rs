//! What follows from the procedure: registration, notice of a vacancy, documents, when to apply,
//! deadlines.

use chrono::NaiveDate;

use super::{Compiled, joined, told, where_said};
use crate::Verdict;
use crate::calendar::{Length, end_of_period, later_by, next_day};
use crate::facts::{DocumentKind, FactKey, FactSet, listed};
use crate::measures::ApplicationWindow;
use crate::measures::registration::RegistrationTiming;
use crate::measures::{Axis, Case, Truth};
use crate::messages::procedure::{deadlines, documents, notice, period, registration};
use crate::messages::{Said as _, common};
use crate::regulation::{
    ApplicationMode, ApplicationPeriodClause, DeadlinesClause, DocumentsClause, NoticeChannel,
    RegistrationClause, VacancyNoticeClause,
};
use crate::words::Words;

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
    /// How the wish to return is registered.
    RegistrationConsequence {
        /// When.
        timing: RegistrationTiming,
        /// A certificate is given; absent where the text does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        certificate: Option<bool>,
        /// Within how many months of leaving.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        within_months_of_exit: Option<u16>,
        /// The last day of those months.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        register_by: Option<NaiveDate>,
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
consequence! {
    /// The documents to hand in.
    DocumentsConsequence {
        /// Those that this person hands in.
        #[schema(max_items = 50)]
        required: Vec<DocumentKind>,
        /// Those not handed in yet; absent when it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false, max_items = 50)]
        outstanding: Option<Vec<DocumentKind>>,
        /// Those of which it cannot be told yet whether this person hands them in.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 50)]
        to_be_confirmed: Vec<DocumentKind>,
        /// Whether a document is asked for goes by something for the company's eyes only.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confidential: bool,
    }
}
consequence! {
    /// When applications are taken.
    ApplicationPeriodConsequence {
        /// When.
        mode: ApplicationMode,
        /// The first day of the window that the application falls into, or of the next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        opens: Option<NaiveDate>,
        /// Its last day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        closes: Option<NaiveDate>,
    }
}
consequence! {
    /// Deadlines of the person and of the company.
    DeadlinesConsequence {
        /// Days in which to apply after the notice of a vacancy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        days_to_apply_after_notice: Option<u16>,
        /// The last day to apply.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        apply_by: Option<NaiveDate>,
        /// Days after the selection within which the result is told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        result_notice_days: Option<u16>,
        /// The result is told to everybody, hired or not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        result_to_everyone: Option<bool>,
        /// Business days within which the application is acknowledged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        acknowledge_business_days: Option<u16>,
    }
}

impl Compiled {
    /// Whether this person is told of a vacancy: decided on the day on which it opened.
    pub(super) fn notice(
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
            (_, Some(opened)) => by_verdict(self.verdict_on(case, opened, verdict), clause),
            (Some(true), None) => by_verdict(verdict, clause),
            (None, None) => NoticeAction::Undetermined,
        };
        let is_open = action == NoticeAction::Undetermined && company.vacancy.is_none();
        let missing = (is_open && company.vacancy_opened_on.is_none()).then_some(FactKey::Vacancy);
        VacancyNoticeConsequence {
            clause: clause.id.clone(),
            article,
            text: notice_words(action, clause),
            action,
            channels: clause.channels.clone(),
            mandatory: clause.mandatory,
            missing: missing.into_iter().collect(),
        }
    }
}

impl Compiled {
    /// Returns the verdict on another day of application. Where something confidential decides the
    /// case, the applicant is told by the verdict that they know.
    fn verdict_on(&self, case: &Case<'_>, day: NaiveDate, verdict: Verdict) -> Verdict {
        if case.is_for_applicant() && self.evaluate_case(case).verdict != verdict {
            return verdict;
        }
        self.evaluate_case(&case.on(Axis::ApplicationDate, day)).verdict
    }
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

pub(super) fn registration(
    case: &Case<'_>,
    clause: &RegistrationClause,
    article: Words,
) -> RegistrationConsequence {
    let text = match clause.timing {
        RegistrationTiming::AtExitOnly => registration::AT_EXIT_ONLY,
        RegistrationTiming::AtOrAfterExit => registration::AT_OR_AFTER_EXIT,
    };
    let left = told(case, FactKey::EmploymentPeriods, case.exit_date());
    let exit = left.ok();
    let within = clause.within_months_of_exit.map(i32::from);
    let register_by = exit.zip(within).map(|(exit, months)| end_of_period(next_day(exit), months));
    let limit = within.map(|months| {
        let until = register_by.as_ref().map(|day| common::Until { day });
        registration::Within { length: &Length::of_months(months), until: &until }.words()
    });
    let certificate =
        where_said(clause.certificate, registration::CERTIFICATE, registration::NO_CERTIFICATE);
    RegistrationConsequence {
        clause: clause.id.clone(),
        article,
        text: joined(std::iter::once(text).chain(limit).chain(certificate)),
        timing: clause.timing,
        certificate: clause.certificate,
        within_months_of_exit: clause.within_months_of_exit,
        register_by,
        missing: within.and(left.err()).into_iter().collect(),
    }
}

/// A document with several lines is handed in where one of them asks for it.
pub(super) fn documents(
    case: &Case<'_>,
    clause: &DocumentsClause,
    article: Words,
) -> DocumentsConsequence {
    let (mut required, mut open): (Vec<DocumentKind>, Vec<(DocumentKind, FactSet)>) =
        (Vec::new(), Vec::new());
    for line in &clause.required {
        let answer = line.when.as_ref().map(|when| when.answer(case));
        match answer.map_or(Truth::Met, |answer| answer.truth) {
            Truth::Met if required.contains(&line.document) => {}
            Truth::Met => required.push(line.document),
            Truth::Unknown => {
                open.push((line.document, answer.map_or(FactSet::NONE, |answer| answer.missing)))
            }
            Truth::NotMet => {}
        }
    }
    open.retain(|(document, _)| !required.contains(document));
    let missing =
        open.iter().fold(FactSet::NONE, |all, (_, missing)| all.and(*missing)).iter().collect();
    let mut to_be_confirmed: Vec<DocumentKind> = Vec::new();
    for (document, _) in open {
        if !to_be_confirmed.contains(&document) {
            to_be_confirmed.push(document);
        }
    }
    let received = told(case, FactKey::Documents, case.facts.application.documents.as_ref()).ok();
    let outstanding = received.map(|received| {
        let is_outstanding =
            |kind: &&DocumentKind| received.iter().all(|document| document.kind != **kind);
        required.iter().filter(is_outstanding).copied().collect()
    });
    let whens = clause.required.iter().filter_map(|line| line.when.as_ref());
    DocumentsConsequence {
        clause: clause.id.clone(),
        article,
        text: documents_words(&required, &to_be_confirmed),
        confidential: whens.into_iter().any(|when| when.is_confidential(case)),
        required,
        outstanding,
        to_be_confirmed,
        missing,
    }
}

impl DocumentsConsequence {
    /// Takes out what goes by something for the company's eyes only. What is asked for is asked
    /// for.
    pub(in crate::decision) fn redact(&mut self) {
        self.missing.retain(|fact| !fact.is_confidential());
        if self.confidential {
            self.to_be_confirmed.clear();
            self.missing.clear();
            self.text = documents_words(&self.required, &self.to_be_confirmed);
        }
    }
}

fn documents_words(required: &[DocumentKind], open: &[DocumentKind]) -> Words {
    let handed_in = if required.is_empty() {
        documents::NONE_KNOWN
    } else {
        documents::ToHandIn { names: &listed(required) }.words()
    };
    let to_confirm =
        (!open.is_empty()).then(|| documents::ToBeConfirmed { names: &listed(open) }.words());
    joined(std::iter::once(handed_in).chain(to_confirm))
}

pub(super) fn application_period(
    case: &Case<'_>,
    clause: &ApplicationPeriodClause,
    article: Words,
) -> ApplicationPeriodConsequence {
    let company = &case.facts.company;
    let applied = told(case, FactKey::ApplicationDate, case.day(Axis::ApplicationDate));
    let has_windows = !clause.windows.is_empty();
    let mut missing = Vec::new();
    let (opens, closes) = match clause.mode {
        ApplicationMode::Always => (None, None),
        ApplicationMode::YearlyWindows if has_windows => {
            let window =
                applied.map(|day| ApplicationWindow { windows: clause.windows.clone() }.next(day));
            missing.extend(window.as_ref().err().copied());
            window.ok().flatten().unzip()
        }
        ApplicationMode::YearlyWindows => {
            (None, told(case, FactKey::WindowCloses, company.window_closes_on).ok())
        }
        ApplicationMode::OnPosting => (
            told(case, FactKey::VacancyOpened, company.vacancy_opened_on).ok(),
            told(case, FactKey::WindowCloses, company.window_closes_on).ok(),
        ),
    };
    let mode = match clause.mode {
        ApplicationMode::Always => period::ALWAYS,
        ApplicationMode::YearlyWindows if has_windows => period::YEARLY_WINDOWS,
        ApplicationMode::YearlyWindows => period::YEARLY_WITHOUT_DAYS,
        ApplicationMode::OnPosting => period::ON_POSTING,
    };
    let days = match (opens, closes) {
        (Some(opens), Some(closes)) => Some(window_words(applied.ok(), opens, closes)),
        (None, Some(closes)) => Some(period::Closes { closes: &closes }.words()),
        (Some(opens), None) => Some(period::Opens { opens: &opens }.words()),
        (None, None) => None,
    };
    let text = joined(std::iter::once(mode).chain(days));
    ApplicationPeriodConsequence {
        clause: clause.id.clone(),
        article,
        text,
        mode: clause.mode,
        opens,
        closes,
        missing,
    }
}

fn window_words(applied: Option<NaiveDate>, opens: NaiveDate, closes: NaiveDate) -> Words {
    match applied {
        Some(day) if day < opens => {
            period::NextWindow { day: &day, opens: &opens, closes: &closes }.words()
        }
        Some(_) | None => period::Window { opens: &opens, closes: &closes }.words(),
    }
}

/// The day of the notice is not counted (Civil Code of Japan, art. 140).
pub(super) fn deadlines(
    case: &Case<'_>,
    clause: &DeadlinesClause,
    article: Words,
) -> DeadlinesConsequence {
    let notice = told(case, FactKey::NoticeReceived, case.facts.application.notice_received_on);
    let within = clause.days_to_apply_after_notice;
    let days = within.map(i32::from);
    let apply_by =
        notice.ok().zip(days).map(|(notice, days)| later_by(notice, Length { months: 0, days }));
    let missing = within.and(notice.err()).into_iter().collect();
    let apply = within.map(|days| match apply_by.zip(notice.ok()) {
        Some((until, notice)) => {
            deadlines::ApplyUntil { days: &days, notice: &notice, until: &until }.words()
        }
        None => deadlines::Apply { days: &days }.words(),
    });
    let acknowledged =
        clause.acknowledge_business_days.map(|days| deadlines::Acknowledge { days: &days }.words());
    let result = clause.result_notice_days.map(|days| deadlines::Result { days: &days }.words());
    let everyone = where_said(
        clause.result_to_everyone,
        deadlines::RESULT_TO_EVERYONE,
        deadlines::RESULT_NOT_TO_EVERYONE,
    );
    DeadlinesConsequence {
        clause: clause.id.clone(),
        article,
        text: joined([apply, acknowledged, result, everyone].into_iter().flatten()),
        days_to_apply_after_notice: within,
        apply_by,
        result_notice_days: clause.result_notice_days,
        result_to_everyone: clause.result_to_everyone,
        acknowledge_business_days: clause.acknowledge_business_days,
        missing,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::made::{first, left, shown};

    fn registered(clause: Value) -> Value {
        let mut whole =
            json!({"id": "r", "kind": "registration_procedure", "timing": "at_or_after_exit"});
        whole.as_object_mut().unwrap().extend(clause.as_object().unwrap().clone());
        first(&[whole], json!({"employment_periods": left(json!({}))}))
    }

    #[test]
    fn registration_names_its_last_day_and_says_nothing_of_a_certificate_that_the_text_does_not_name()
     {
        let silent = registered(json!({"within_months_of_exit": 36}));
        assert_eq!(
            (&silent["register_by"], silent.get("certificate")),
            (&json!("2023-03-31"), None)
        );
        assert!(
            silent["text"]["ja"]
                .as_str()
                .unwrap()
                .ends_with("登録は退職後3年以内です（2023-03-31まで）。")
        );
        assert!(
            registered(json!({"certificate": true}))["text"]["en"]
                .as_str()
                .unwrap()
                .ends_with("A certificate is given.")
        );
    }

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

    fn documents(period: Value) -> Value {
        let clause = json!({"id": "d", "kind": "documents", "required": [
            {"document": "resume"}, {"document": "reason_proof", "when": {"kind": "exit_reason", "any_of": ["personal"]}}]});
        let facts = json!({"employment_periods": left(period), "application": {"documents": [{"kind": "resume"}]}});
        first(&[clause], facts)
    }

    #[test]
    fn a_document_is_asked_for_where_its_condition_holds() {
        let asked = documents(json!({"exit_reason_recorded": "personal"}));
        assert_eq!(asked["required"], json!(["resume", "reason_proof"]));
        assert_eq!(asked["outstanding"], json!(["reason_proof"]));
        assert_eq!(
            documents(json!({"exit_reason_recorded": "care"}))["required"],
            json!(["resume"])
        );
    }

    #[test]
    fn a_document_whose_condition_cannot_be_told_is_to_be_confirmed() {
        let open = documents(json!({}));
        assert_eq!(
            (&open["required"], &open["to_be_confirmed"]),
            (&json!(["resume"]), &json!(["reason_proof"]))
        );
        assert_eq!(open["missing"], json!(["exit_reason"]));
        assert!(
            open["text"]["ja"]
                .as_str()
                .unwrap()
                .contains("提出の要否を確認する書類: 退職事由の証明書"),
            "{open}"
        );
    }

    #[test]
    fn the_applicant_is_not_told_that_something_in_confidence_is_being_confirmed() {
        let clause = json!({"id": "d", "kind": "documents", "required": [
            {"document": "pledge", "when": {"kind": "fact", "fact": "good_standing", "is": false}}]});
        let shown = shown(clause, json!({"employment_periods": left(json!({}))}));
        assert_eq!((shown.get("to_be_confirmed"), shown.get("missing")), (None, None));
        assert!(!shown["text"]["ja"].as_str().unwrap().contains("誓約書"), "{shown}");
    }

    fn period(clause: Value, facts: Value) -> Value {
        let mut whole = json!({"id": "p", "kind": "application_period"});
        whole.as_object_mut().unwrap().extend(clause.as_object().unwrap().clone());
        first(&[whole], facts)
    }

    #[test]
    fn the_window_of_an_application_is_the_one_it_falls_into_or_the_next() {
        let windows = json!([{"opens": {"month": 6, "day": 1}, "closes": {"month": 6, "day": 30}}]);
        let on = |day: Value| {
            period(
                json!({"mode": "yearly_windows", "windows": windows}),
                json!({"application": {"application_date": day}}),
            )
        };
        assert_eq!(on(json!("2026-06-30"))["closes"], "2026-06-30");
        assert!(
            on(json!("2026-07-01"))["text"]["ja"]
                .as_str()
                .unwrap()
                .contains("次の期間は2027-06-01から")
        );
        assert_eq!(
            (on(Value::Null)["missing"].clone(), on(Value::Null).get("opens")),
            (json!(["application_date"]), None)
        );
    }

    #[test]
    fn calls_without_days_in_the_text_take_them_from_the_company() {
        let facts = json!({"company": {"vacancy_opened_on": "2026-05-01", "window_closes_on": "2026-05-31"}});
        let posted = period(json!({"mode": "on_posting"}), facts.clone());
        assert_eq!(
            (&posted["opens"], &posted["closes"]),
            (&json!("2026-05-01"), &json!("2026-05-31"))
        );
        assert_eq!(period(json!({"mode": "yearly_windows"}), facts)["closes"], "2026-05-31");
        assert!(period(json!({"mode": "always"}), json!({})).get("closes").is_none());
    }

    #[test]
    fn days_to_apply_count_from_the_day_after_the_notice() {
        let clause = json!({"id": "d", "kind": "deadlines", "days_to_apply_after_notice": 14, "result_to_everyone": true});
        let told = |notice: Value| {
            first(
                std::slice::from_ref(&clause),
                json!({"application": {"notice_received_on": notice}}),
            )
        };
        assert_eq!(told(json!("2026-06-01"))["apply_by"], "2026-06-15");
        assert_eq!(told(Value::Null)["missing"], json!(["notice_received"]));
        let text = told(Value::Null)["text"]["ja"].as_str().unwrap().to_owned();
        assert!(text.ends_with("全員に通知します。確認できない事項: 求人案内の受領日。"), "{text}");
    }
}
