//! Closed sets of codes in facts.

crate::codes! {
    /// Kind of employment (雇用形態).
    pub enum EmploymentType {
        /// Regular, open-ended (正社員).
        Regular = "regular",
        /// Regular with limited place, duties or hours (限定正社員).
        LimitedRegular = "limited_regular",
        /// Fixed-term contract (契約社員).
        FixedTerm = "fixed_term",
        /// Part-time (パート).
        PartTime = "part_time",
        /// Casual (アルバイト).
        Arubaito = "arubaito",
        /// Entrusted employee (嘱託).
        Shokutaku = "shokutaku",
    }
}

crate::codes! {
    /// How the employment ended (退職区分).
    pub enum ExitRoute {
        /// At the person's own request (自己都合).
        Resignation = "resignation",
        /// Encouraged by the employer (勧奨).
        Encouraged = "encouraged",
        /// Under an early-retirement programme (早期退職制度).
        EarlyRetirement = "early_retirement",
        /// Business reasons (整理解雇, lay-off).
        Redundancy = "redundancy",
        /// Ordinary dismissal (普通解雇).
        DismissalOrdinary = "dismissal_ordinary",
        /// Disciplinary dismissal (懲戒解雇).
        DismissalDisciplinary = "dismissal_disciplinary",
        /// Resigned in place of being dismissed.
        InLieuOfDismissal = "in_lieu_of_dismissal",
        /// Left without a word (無断退職).
        Abandonment = "abandonment",
        /// The contract's term ended (契約満了).
        ContractExpiry = "contract_expiry",
        /// Retirement age (定年).
        RetirementAge = "retirement_age",
        /// Moved to another employer of the group (転籍).
        Transfer = "transfer",
        /// Death.
        Death = "death",
    }
}

crate::codes! {
    /// Why the person left (退職事由).
    pub enum ExitReason {
        /// Marriage.
        Marriage = "marriage",
        /// Pregnancy.
        Pregnancy = "pregnancy",
        /// Birth.
        Birth = "birth",
        /// Childcare (育児).
        Childcare = "childcare",
        /// Nursing care of family (介護).
        Care = "care",
        /// The spouse's transfer or move (配偶者の転勤).
        SpouseTransfer = "spouse_transfer",
        /// Study (就学).
        Study = "study",
        /// Study abroad (留学).
        StudyAbroad = "study_abroad",
        /// Self-development (自己啓発).
        SelfDevelopment = "self_development",
        /// Illness or injury.
        Illness = "illness",
        /// Another job (転職).
        JobChange = "job_change",
        /// A business of one's own (起業).
        OwnBusiness = "own_business",
        /// Volunteer work.
        Volunteering = "volunteering",
        /// "Personal circumstances" without more (一身上の都合).
        Personal = "personal",
        /// Reasons of the company.
        CompanyCircumstances = "company_circumstances",
        /// Something else.
        Other = "other",
    }
}

crate::codes! {
    /// Kind of leave (休職・休業).
    pub enum LeaveType {
        /// Leave of absence from post (休職・分限休職).
        Absence = "absence",
        /// Disciplinary suspension (停職).
        Suspension = "suspension",
        /// Maternity leave (産前産後休暇).
        Maternity = "maternity",
        /// Childcare leave (育児休業).
        Childcare = "childcare",
        /// Care leave (介護休業・介護休暇).
        Care = "care",
        /// Sick leave (病気休暇).
        Sick = "sick",
        /// Partial leave for study (修学部分休業).
        PartialStudy = "partial_study",
        /// Leave for self-development (自己啓発等休業).
        SelfDevelopment = "self_development",
        /// Leave to go with a spouse abroad (配偶者同行休業).
        SpouseAccompaniment = "spouse_accompaniment",
        /// Unpaid leave of another kind.
        Unpaid = "unpaid",
        /// Another kind.
        Other = "other",
    }
}

crate::codes! {
    /// The unit in which leave was taken: leave by the hour is never deducted from service.
    pub enum LeaveUnit {
        /// Whole days.
        Days = "days",
        /// Hours of a working day.
        Hours = "hours",
    }
}

crate::codes! {
    /// Disciplinary measure (懲戒), from light to heavy.
    pub enum DisciplineKind {
        /// Warning (戒告・譴責).
        Reprimand = "reprimand",
        /// Cut of pay (減給).
        PayCut = "pay_cut",
        /// Suspension (停職・出勤停止).
        Suspension = "suspension",
        /// Demotion (降格).
        Demotion = "demotion",
        /// Dismissal on suggestion (諭旨解雇).
        SuggestedDismissal = "suggested_dismissal",
        /// Disciplinary dismissal (懲戒解雇).
        Dismissal = "dismissal",
    }
}

crate::codes! {
    /// Whether the former employer would take the person back (再雇用可否区分). Confidential.
    pub enum RehireCode {
        /// Yes.
        Eligible = "eligible",
        /// With restrictions, such as another team.
        Restricted = "restricted",
        /// No.
        Ineligible = "ineligible",
    }
}

crate::codes! {
    /// State of a registration.
    pub enum RegistrationStatus {
        /// In force.
        Active = "active",
        /// Its validity ended.
        Expired = "expired",
        /// The person took it back.
        Withdrawn = "withdrawn",
        /// The company took it back.
        Revoked = "revoked",
    }
}

crate::codes! {
    /// Kind of document.
    pub enum DocumentKind {
        /// Application under the scheme (適用申請書).
        ApplicationForm = "application_form",
        /// Résumé (履歴書).
        Resume = "resume",
        /// Work history (職務経歴書).
        WorkHistory = "work_history",
        /// Entry sheet.
        EntrySheet = "entry_sheet",
        /// Certificate of registration (登録証).
        RegistrationCertificate = "registration_certificate",
        /// Proof of the reason of leaving.
        ReasonProof = "reason_proof",
        /// Copy of a licence.
        LicenceCopy = "licence_copy",
        /// Pledge (誓約書).
        Pledge = "pledge",
        /// Health certificate (健康診断書).
        HealthCertificate = "health_certificate",
        /// Proof of the right to work.
        WorkAuthorisation = "work_authorisation",
        /// Reference.
        Reference = "reference",
        /// Essay (小論文).
        Essay = "essay",
        /// Another kind.
        Other = "other",
    }
}

crate::codes! {
    /// What somebody did since leaving.
    pub enum ActivityKind {
        /// Worked for somebody else.
        Employed = "employed",
        /// Worked for themselves.
        SelfEmployed = "self_employed",
        /// Studied.
        Study = "study",
        /// Cared for children.
        Childcare = "childcare",
        /// Cared for family.
        Care = "care",
        /// Something else.
        Other = "other",
    }
}

crate::codes! {
    /// How like the job applied for other work was.
    pub enum Similarity {
        /// The same work.
        Same = "same",
        /// Similar work.
        Similar = "similar",
        /// Other work.
        Other = "other",
    }
}

crate::codes! {
    /// What a mark says of a fact.
    pub enum MarkState {
        /// Company and person do not agree; unknown until settled.
        Disputed = "disputed",
        /// The question does not arise for this person.
        NotApplicable = "not_applicable",
    }
}
