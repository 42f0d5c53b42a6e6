//! What the codes of a regulation are called in its text.

use crate::Verdict;
use crate::clauses::{
    Balance, GuaranteeLevel, OnUnknown, PurposeCode, Ruled, SelectionInput, ServiceDate,
    TrainingBasis, TrainingRule,
};
use crate::decide::NextStep;
use crate::document::{Completeness, EffectiveBasis, JurisdictionPack, Part};
use crate::facts::labels;
use crate::values::table::HitPolicy;
use crate::workflow::pipeline::Stage;

labels! { Part = part:
    Purpose = PURPOSE;
    Scope = SCOPE;
    Eligibility = ELIGIBILITY;
    Procedure = PROCEDURE;
    Selection = SELECTION;
    Treatment = TREATMENT;
    Placement = PLACEMENT;
    Training = TRAINING;
}

labels! { EffectiveBasis = effective_basis:
    ExitDate = EXIT_DATE;
    ApplicationDate = APPLICATION_DATE;
    StartDate = START_DATE;
}

labels! { JurisdictionPack = jurisdiction_pack:
    JpPrivate = JP_PRIVATE;
    JpLocalGov = JP_LOCAL_GOV;
    UsFed = US_FED;
    UsCa = US_CA;
    Uk = UK;
    Eu = EU;
    De = DE;
    Kr = KR;
}

labels! { PurposeCode = purpose_code:
    LifeEventSupport = LIFE_EVENT_SUPPORT;
    ImmediateSkill = IMMEDIATE_SKILL;
    ExternalExperience = EXTERNAL_EXPERIENCE;
    Staffing = STAFFING;
    Diversity = DIVERSITY;
}

labels! { GuaranteeLevel = guarantee_level:
    None = NONE;
    NotifyFirst = NOTIFY_FIRST;
    ConsideredFirst = CONSIDERED_FIRST;
    ReturnOpportunity = RETURN_OPPORTUNITY;
    TermsFloor = TERMS_FLOOR;
}

labels! { OnUnknown = on_unknown:
    Refer = REFER;
    Hold = HOLD;
    TreatAsFailed = TREAT_AS_FAILED;
}

labels! { Ruled = ruled:
    Met = MET;
    NotMet = NOT_MET;
    DoesNotApply = DOES_NOT_APPLY;
}

labels! { SelectionInput = selection_input:
    PastAppraisals = PAST_APPRAISALS;
    Attendance = ATTENDANCE;
    PostExitCareer = POST_EXIT_CAREER;
    SkillsNow = SKILLS_NOW;
    Motive = MOTIVE;
    HealthAbilityToWork = HEALTH_ABILITY_TO_WORK;
}

labels! { ServiceDate = service_date:
    Original = ORIGINAL;
    Adjusted = ADJUSTED;
    New = NEW;
}

labels! { TrainingRule = training_rule:
    Individual = INDIVIDUAL;
    FixedProgram = FIXED_PROGRAM;
    None = NONE;
}

labels! { TrainingBasis = training_basis:
    GapLength = GAP_LENGTH;
    Experience = EXPERIENCE;
}

labels! { Stage = stage:
    Draft = DRAFT;
    Submitted = SUBMITTED;
    RecordMatch = RECORD_MATCH;
    Eligibility = ELIGIBILITY;
    RecordReview = RECORD_REVIEW;
    DocumentScreening = DOCUMENT_SCREENING;
    Test = TEST;
    DepartmentInterview = DEPARTMENT_INTERVIEW;
    HrInterview = HR_INTERVIEW;
    FormerManagerReference = FORMER_MANAGER_REFERENCE;
    FinalInterview = FINAL_INTERVIEW;
    Selection = SELECTION;
    Treatment = TREATMENT;
    Placement = PLACEMENT;
    Approval = APPROVAL;
    Offer = OFFER;
    Acceptance = ACCEPTANCE;
    PreBoarding = PRE_BOARDING;
    FirstDay = FIRST_DAY;
    FollowUp = FOLLOW_UP;
    Returned = RETURNED;
    Waiting = WAITING;
    OnHold = ON_HOLD;
    Rejected = REJECTED;
    Withdrawn = WITHDRAWN;
    Expired = EXPIRED;
    ReviewRequested = REVIEW_REQUESTED;
    OfferCancelled = OFFER_CANCELLED;
}

labels! { Verdict = verdict:
    Eligible = ELIGIBLE;
    Ineligible = INELIGIBLE;
    NeedsReview = NEEDS_REVIEW;
}

labels! { NextStep = next_step:
    Selection = SELECTION;
    WaitForOpening = WAIT_FOR_OPENING;
    Review = REVIEW;
    None = NONE;
}

labels! { Balance = balance:
    Restored = RESTORED;
    Lost = LOST;
}

labels! { Completeness = completeness:
    Complete = COMPLETE;
    Partial = PARTIAL;
    Report = REPORT;
}

labels! { HitPolicy = hit_policy:
    Unique = UNIQUE;
    Any = ANY;
    First = FIRST;
    Priority = PRIORITY;
    CollectList = COLLECT_LIST;
    CollectSum = COLLECT_SUM;
    CollectMin = COLLECT_MIN;
    CollectMax = COLLECT_MAX;
    CollectCount = COLLECT_COUNT;
}
