//! What codes are called in sentences.

use super::{
    DisciplineKind, DocumentKind, EmploymentType, ExitReason, ExitRoute, RehireCode, Similarity,
};
use crate::messages::{self, Said as _};
use crate::words::Words;

/// A code that has a name in both languages.
pub trait Labelled: Copy {
    /// Its name.
    fn label(self) -> Words;
}

macro_rules! labels {
    ($code:ident = $names:ident: $($variant:ident = $name:ident;)+) => {
        impl $crate::facts::Labelled for $code {
            fn label(self) -> $crate::words::Words {
                match self { $(Self::$variant => $crate::messages::labels::$names::$name),+ }
            }
        }
    };
}
pub(crate) use labels;

/// The names of several, as a list.
pub fn listed<T: Labelled>(codes: &[T]) -> Words {
    let labels: Vec<Words> = codes.iter().map(|code| code.label()).collect();
    messages::listed(&labels).words()
}

labels! { EmploymentType = employment_type:
    Regular = REGULAR;
    LimitedRegular = LIMITED_REGULAR;
    FixedTerm = FIXED_TERM;
    PartTime = PART_TIME;
    Arubaito = ARUBAITO;
    Shokutaku = SHOKUTAKU;
}

labels! { ExitRoute = exit_route:
    Resignation = RESIGNATION;
    Encouraged = ENCOURAGED;
    EarlyRetirement = EARLY_RETIREMENT;
    Redundancy = REDUNDANCY;
    DismissalOrdinary = DISMISSAL_ORDINARY;
    DismissalDisciplinary = DISMISSAL_DISCIPLINARY;
    InLieuOfDismissal = IN_LIEU_OF_DISMISSAL;
    Abandonment = ABANDONMENT;
    ContractExpiry = CONTRACT_EXPIRY;
    RetirementAge = RETIREMENT_AGE;
    Transfer = TRANSFER;
    Death = DEATH;
}

labels! { ExitReason = exit_reason:
    Marriage = MARRIAGE;
    Pregnancy = PREGNANCY;
    Birth = BIRTH;
    Childcare = CHILDCARE;
    Care = CARE;
    SpouseTransfer = SPOUSE_TRANSFER;
    Study = STUDY;
    StudyAbroad = STUDY_ABROAD;
    SelfDevelopment = SELF_DEVELOPMENT;
    Illness = ILLNESS;
    JobChange = JOB_CHANGE;
    OwnBusiness = OWN_BUSINESS;
    Volunteering = VOLUNTEERING;
    Personal = PERSONAL;
    CompanyCircumstances = COMPANY_CIRCUMSTANCES;
    Other = OTHER;
}

labels! { RehireCode = rehire_code:
    Eligible = ELIGIBLE;
    Restricted = RESTRICTED;
    Ineligible = INELIGIBLE;
}

labels! { DocumentKind = document_kind:
    ApplicationForm = APPLICATION_FORM;
    Resume = RESUME;
    WorkHistory = WORK_HISTORY;
    EntrySheet = ENTRY_SHEET;
    RegistrationCertificate = REGISTRATION_CERTIFICATE;
    ReasonProof = REASON_PROOF;
    LicenceCopy = LICENCE_COPY;
    Pledge = PLEDGE;
    HealthCertificate = HEALTH_CERTIFICATE;
    WorkAuthorisation = WORK_AUTHORISATION;
    Reference = REFERENCE;
    Essay = ESSAY;
    Other = OTHER;
}

labels! { Similarity = similarity:
    Same = SAME;
    Similar = SIMILAR;
    Other = OTHER;
}

labels! { DisciplineKind = discipline_kind:
    Reprimand = REPRIMAND;
    PayCut = PAY_CUT;
    Suspension = SUSPENSION;
    Demotion = DEMOTION;
    SuggestedDismissal = SUGGESTED_DISMISSAL;
    Dismissal = DISMISSAL;
}
