//! What the codes of a regulation are called in its text.

use crate::domain::facts::labels;
use crate::domain::pipeline::Stage;
use crate::domain::regulation::{
    EffectiveBasis, GuaranteeLevel, JurisdictionPack, OnUnknown, Part, PurposeCode, Ruled, SelectionInput, ServiceDate,
    TrainingBasis, TrainingRule,
};

labels! { Part:
    Purpose = "目的", "Purpose";
    Scope = "適用範囲", "Scope";
    Eligibility = "資格要件", "Eligibility";
    Procedure = "手続き", "Procedure";
    Selection = "選考", "Selection";
    Treatment = "処遇・賃金", "Treatment and pay";
    Placement = "配置", "Placement";
    Training = "教育訓練", "Training";
}

labels! { EffectiveBasis:
    ExitDate = "退職日", "the last day employed";
    ApplicationDate = "応募日", "the day of application";
    StartDate = "復職日", "the first day of the return";
}

labels! { JurisdictionPack:
    JpPrivate = "日本（民間・公法人）", "Japan, private employers and public corporations";
    JpLocalGov = "日本（地方公共団体）", "Japan, local governments";
    UsFed = "米国連邦法", "United States, federal law";
    UsCa = "米国カリフォルニア州", "United States, California";
    Uk = "英国", "United Kingdom";
    Eu = "欧州連合", "European Union";
    De = "ドイツ", "Germany";
    Kr = "大韓民国", "Republic of Korea";
}

labels! { PurposeCode:
    LifeEventSupport = "生活上の事情で退職した者への支援", "support for those who left for events of life";
    ImmediateSkill = "即戦力の確保", "skill that can be used at once";
    ExternalExperience = "社外での経験の活用", "experience gained outside";
    Staffing = "人員の確保", "staffing";
    Diversity = "多様性の推進", "diversity";
}

labels! { GuaranteeLevel:
    None = "再雇用を約束するものではない。", "Nothing is promised.";
    NotifyFirst = "求人を優先して案内する。", "Vacancies are told to them first.";
    ConsideredFirst = "他の応募者に優先して考慮する。", "They are considered before others.";
    ReturnOpportunity = "復職の機会を与える。", "An opportunity to return is given.";
    TermsFloor = "復職時の条件の下限を保証する。", "Terms on return have a floor.";
}

labels! { OnUnknown:
    Refer = "確認できないときは担当者が判断する。", "Where it cannot be told, a person looks at it.";
    Hold = "確認できるまで保留する。", "Where it cannot be told, the case waits.";
    TreatAsFailed = "確認できないときは満たさないものとする。", "Where it cannot be told, it counts as not met.";
}

labels! { Ruled:
    Met = "満たすものとする", "it counts as met";
    NotMet = "満たさないものとする", "it counts as not met";
    DoesNotApply = "この要件を適用しない", "it does not apply";
}

labels! { SelectionInput:
    PastAppraisals = "在職時の人事評価", "appraisals before leaving";
    Attendance = "在職時の勤怠", "attendance before leaving";
    PostExitCareer = "退職後の経歴", "career since leaving";
    SkillsNow = "現在の能力", "skills as they are now";
    Motive = "志望動機", "why the person comes back";
    HealthAbilityToWork = "業務に必要な限りでの健康状態", "health, as far as the work needs it";
}

labels! { ServiceDate:
    Original = "従前の勤続を離職期間も含めて通算する", "former service counts as if there had been no break";
    Adjusted = "離職期間を除いて従前の勤続を通算する", "former service counts, time away left out";
    New = "従前の勤続は通算しない", "former service does not count";
}

labels! { TrainingRule:
    Individual = "個別の必要に応じて研修を行う。", "Trained as each person needs.";
    FixedProgram = "定められた研修を行う。", "Trained by a fixed programme.";
    None = "研修の定めはない。", "No training is laid down.";
}

labels! { TrainingBasis:
    GapLength = "離職期間", "how long the person was away";
    Experience = "在職時・退職後の経験", "experience before and since";
}

labels! { Stage:
    Draft = "下書き", "draft";
    Submitted = "応募受付", "handed in";
    RecordMatch = "在籍照合", "record match";
    Eligibility = "資格判定", "eligibility";
    RecordReview = "在職時記録・退職理由の確認", "review of the record";
    DocumentScreening = "書類選考", "documents";
    Test = "試験", "test";
    DepartmentInterview = "部門面接", "interview by the department";
    HrInterview = "人事面接", "interview by personnel";
    FormerManagerReference = "元上司照会", "word of the former manager";
    FinalInterview = "最終面接", "final interview";
    Selection = "選考", "selection";
    Treatment = "処遇検討", "grade and pay";
    Placement = "配置検討", "placement";
    Approval = "承認", "approval";
    Offer = "条件提示", "offer";
    Acceptance = "承諾", "acceptance";
    PreBoarding = "入社前手続", "before the first day";
    FirstDay = "入社", "first day";
    FollowUp = "定着確認", "follow-up";
    Returned = "復職", "returned";
    Waiting = "待機", "waiting";
    OnHold = "保留", "on hold";
    Rejected = "不採用", "rejected";
    Withdrawn = "辞退", "withdrawn";
    Expired = "失効", "lapsed";
    ReviewRequested = "再審査請求", "review asked for";
    OfferCancelled = "内定取消", "offer cancelled";
}
