//! The columns an import understands, in English and Japanese.

crate::codes! {
    /// A column of the file.
    pub enum Column {
        /// Employee number; rows are known by it.
        EmployeeNumber = "employee_number",
        /// Family name as written.
        FamilyName = "family_name",
        /// Given name as written.
        GivenName = "given_name",
        /// Family name in kana.
        FamilyKana = "family_kana",
        /// Given name in kana.
        GivenKana = "given_kana",
        /// Family name in Latin letters.
        FamilyRomaji = "family_romaji",
        /// Given name in Latin letters.
        GivenRomaji = "given_romaji",
        /// Former family name (旧姓).
        FormerFamilyName = "former_family_name",
        /// Date of birth.
        BirthDate = "birth_date",
        /// E-mail address.
        Email = "email",
        /// Telephone number.
        Phone = "phone",
        /// First day employed.
        StartDate = "start_date",
        /// Last day employed.
        LastDay = "last_day",
        /// Employment type.
        EmploymentType = "employment_type",
        /// Full time (常勤).
        FullTime = "full_time",
        /// Job family.
        JobFamily = "job_family",
        /// Grade at exit.
        Grade = "grade",
        /// Rank at exit.
        Rank = "rank",
        /// Exit route.
        ExitRoute = "exit_route",
        /// Recorded exit reason.
        ExitReason = "exit_reason",
    }
}

impl Column {
    /// The heading in Japanese exports.
    #[must_use]
    pub const fn japanese(self) -> &'static str {
        match self {
            Self::EmployeeNumber => "社員番号",
            Self::FamilyName => "姓",
            Self::GivenName => "名",
            Self::FamilyKana => "姓カナ",
            Self::GivenKana => "名カナ",
            Self::FamilyRomaji => "姓ローマ字",
            Self::GivenRomaji => "名ローマ字",
            Self::FormerFamilyName => "旧姓",
            Self::BirthDate => "生年月日",
            Self::Email => "メールアドレス",
            Self::Phone => "電話番号",
            Self::StartDate => "入社日",
            Self::LastDay => "退職日",
            Self::EmploymentType => "雇用形態",
            Self::FullTime => "常勤",
            Self::JobFamily => "職種",
            Self::Grade => "等級",
            Self::Rank => "役職",
            Self::ExitRoute => "退職区分",
            Self::ExitReason => "退職事由",
        }
    }

    /// Whether a file must have it.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::EmployeeNumber | Self::FamilyName | Self::GivenName | Self::StartDate)
    }
}
