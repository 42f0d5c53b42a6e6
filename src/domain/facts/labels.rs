//! What codes are called in sentences.

use super::{DisciplineKind, DocumentKind, EmploymentType, ExitReason, ExitRoute, FactKey, RehireCode, Similarity};
use crate::domain::words::Words;

/// A code that has a name in both languages.
pub trait Labelled: Copy {
    /// Its name.
    fn label(self) -> Words;
}

macro_rules! labels {
    ($code:ident: $($variant:ident = $ja:literal, $en:literal;)+) => {
        impl $crate::domain::facts::Labelled for $code {
            fn label(self) -> $crate::domain::words::Words {
                match self { $(Self::$variant => $crate::domain::words::Words::fixed($ja, $en)),+ }
            }
        }
    };
}
pub(in crate::domain) use labels;

/// The names of several, as a list.
pub fn listed<T: Labelled>(codes: &[T]) -> Words {
    let labels: Vec<Words> = codes.iter().map(|code| code.label()).collect();
    let ja: Vec<&str> = labels.iter().map(|label| label.ja.as_ref()).collect();
    let en: Vec<&str> = labels.iter().map(|label| label.en.as_ref()).collect();
    Words::new(ja.join("・"), en.join(", "))
}

labels! { EmploymentType:
    Regular = "正社員", "regular";
    LimitedRegular = "限定正社員", "limited regular";
    FixedTerm = "契約社員", "fixed-term";
    PartTime = "パート", "part-time";
    Arubaito = "アルバイト", "casual";
    Shokutaku = "嘱託", "entrusted (shokutaku)";
}

labels! { ExitRoute:
    Resignation = "自己都合", "own request";
    Encouraged = "勧奨退職", "encouraged retirement";
    EarlyRetirement = "早期退職制度", "early-retirement programme";
    Redundancy = "整理解雇", "redundancy";
    DismissalOrdinary = "普通解雇", "ordinary dismissal";
    DismissalDisciplinary = "懲戒解雇", "disciplinary dismissal";
    InLieuOfDismissal = "解雇に代わる退職", "resignation in lieu of dismissal";
    Abandonment = "無断退職", "abandonment";
    ContractExpiry = "契約満了", "expiry of the contract";
    RetirementAge = "定年", "retirement age";
    Transfer = "転籍", "transfer within the group";
    Death = "死亡", "death";
}

labels! { ExitReason:
    Marriage = "結婚", "marriage";
    Pregnancy = "妊娠", "pregnancy";
    Birth = "出産", "birth";
    Childcare = "育児", "childcare";
    Care = "介護", "care";
    SpouseTransfer = "配偶者の転勤", "the spouse's transfer";
    Study = "就学", "study";
    StudyAbroad = "留学", "study abroad";
    SelfDevelopment = "自己啓発", "self-development";
    Illness = "傷病", "illness";
    JobChange = "転職", "another job";
    OwnBusiness = "起業", "a business of one's own";
    Volunteering = "ボランティア", "volunteering";
    Personal = "一身上の都合", "personal circumstances";
    CompanyCircumstances = "会社都合", "circumstances of the company";
    Other = "その他", "another reason";
}

labels! { FactKey:
    BirthDate = "生年月日", "date of birth";
    LegalDisqualifier = "法令上の欠格事由", "legal disqualification";
    WorkAuthorised = "就労資格", "right to work";
    WorkedForCompetitor = "競合先での勤務", "work for a competitor";
    NoShow = "無断不就労", "failure to appear for work";
    EmploymentPeriods = "在籍期間（入社日・退職日）", "employment periods (first and last day)";
    EmploymentType = "雇用形態", "employment type";
    FullTime = "常勤・非常勤の別", "full-time or not";
    Entity = "所属法人", "entity";
    JobFamily = "職種", "job family";
    Grade = "退職時の等級", "grade at exit";
    Rank = "退職時の職位", "rank at exit";
    Step = "退職時の号俸", "step at exit";
    Pay = "退職時の賃金", "pay at exit";
    Leaves = "休職・休業歴", "leaves";
    ExitRoute = "退職区分", "exit route";
    ExitReason = "退職事由", "reason of leaving";
    ExitReasonEvidence = "退職事由の証明", "proof of the reason of leaving";
    Discipline = "懲戒歴", "disciplinary record";
    RehireCode = "再雇用可否区分", "rehire code";
    NoticeGiven = "退職予告の日数", "days of notice";
    PropertyReturned = "貸与品の返却", "return of property";
    ExitInterview = "退職面談", "exit interview";
    GoodStanding = "円満退職の記録", "record of leaving in good standing";
    Appraisals = "人事評価", "appraisals";
    FormerRehires = "再雇用制度の利用歴", "former returns under the scheme";
    Registrations = "再雇用希望登録", "registration of the wish to return";
    ApplicationDate = "応募日", "day of application";
    StartDate = "復職予定日", "first day wished";
    NoticeReceived = "求人案内の受領日", "day of the vacancy notice";
    Invited = "会社からの招待", "invitation";
    WishedJobFamily = "希望職種", "job family applied for";
    WishedEmploymentType = "希望する雇用形態", "employment type applied for";
    Documents = "提出書類", "documents";
    CompetitorDeclaration = "競合先勤務の申告", "declaration about competitors";
    FormerEmploymentDeclared = "元在籍の申告", "declaration of the former employment";
    ExitCauseResolved = "退職原因の解消", "whether the cause of leaving is gone";
    ActivitiesSinceExit = "退職後の経歴", "what was done since leaving";
    Vacancy = "募集の有無", "vacancy";
    VacancyOpened = "募集開始日", "day the vacancy opened";
    RetirementAge = "定年", "retirement age";
    WindowCloses = "応募締切日", "closing day of applications";
    GuidelinePay = "職務の給与基準", "pay guideline of the job";
    CohortPay = "同期の在職者の賃金", "pay of those of the same entry year who stayed";
    PayTable = "現在の賃金表", "present pay table";
    Declared = "組織が定めた事実", "a fact the organization declared";
}

labels! { RehireCode:
    Eligible = "再雇用可", "eligible for rehire";
    Restricted = "条件付き", "restricted";
    Ineligible = "再雇用不可", "not eligible for rehire";
}

labels! { DocumentKind:
    ApplicationForm = "適用申請書", "application form";
    Resume = "履歴書", "résumé";
    WorkHistory = "職務経歴書", "work history";
    EntrySheet = "エントリーシート", "entry sheet";
    RegistrationCertificate = "登録証", "certificate of registration";
    ReasonProof = "退職事由の証明書", "proof of the reason of leaving";
    LicenceCopy = "資格証の写し", "copy of a licence";
    Pledge = "誓約書", "pledge";
    HealthCertificate = "健康診断書", "health certificate";
    WorkAuthorisation = "就労資格の証明", "proof of the right to work";
    Reference = "推薦状", "reference";
    Essay = "小論文", "essay";
    Other = "その他の書類", "another document";
}

labels! { Similarity:
    Same = "同一の職務", "the same work";
    Similar = "類似の職務", "similar work";
    Other = "その他", "other";
}

labels! { DisciplineKind:
    Reprimand = "戒告・譴責", "reprimand";
    PayCut = "減給", "cut of pay";
    Suspension = "出勤停止・停職", "suspension";
    Demotion = "降格", "demotion";
    SuggestedDismissal = "諭旨解雇", "dismissal on suggestion";
    Dismissal = "懲戒解雇", "disciplinary dismissal";
}
