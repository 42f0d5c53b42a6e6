//! Columns of an import file, with their headings in English and Japanese.

use okaeri_engine::codes::Code as _;

use crate::records::people::model::ContactKind;

okaeri_engine::codes! {
    /// A column of the file.
    pub enum Column {
        /// Employee number; identifies the row's person.
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
    /// Returns the heading in Japanese exports.
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

    /// Returns further headings of exports.
    #[must_use]
    pub const fn others(self) -> &'static [&'static str] {
        match self {
            Self::EmployeeNumber => &["従業員番号", "社員コード"],
            Self::FamilyKana => &["セイ"],
            Self::GivenKana => &["メイ"],
            Self::StartDate => &["入社年月日"],
            Self::LastDay => &["退職年月日"],
            Self::EmploymentType => &["雇用区分"],
            Self::Rank => &["職位"],
            Self::ExitReason => &["退職理由"],
            Self::FamilyName
            | Self::GivenName
            | Self::FamilyRomaji
            | Self::GivenRomaji
            | Self::FormerFamilyName
            | Self::BirthDate
            | Self::Email
            | Self::Phone
            | Self::FullTime
            | Self::JobFamily
            | Self::Grade
            | Self::ExitRoute => &[],
        }
    }

    /// Returns whether this heading names the column.
    #[must_use]
    pub fn is_called(self, heading: &str) -> bool {
        heading == self.as_str() || heading == self.japanese() || self.others().contains(&heading)
    }

    /// Returns the JSON Pointer of the field in a request's row; contacts are one list there.
    #[must_use]
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::EmployeeNumber => "/employee_number",
            Self::FamilyName => "/name/family",
            Self::GivenName => "/name/given",
            Self::FamilyKana => "/name/family_kana",
            Self::GivenKana => "/name/given_kana",
            Self::FamilyRomaji => "/name/family_romaji",
            Self::GivenRomaji => "/name/given_romaji",
            Self::FormerFamilyName => "/former_names/0/family",
            Self::BirthDate => "/birth_date",
            Self::Email => "/contacts/email",
            Self::Phone => "/contacts/phone",
            Self::StartDate => "/period/start",
            Self::LastDay => "/period/last_day",
            Self::EmploymentType => "/period/employment_type",
            Self::FullTime => "/period/full_time",
            Self::JobFamily => "/period/job_family",
            Self::Grade => "/period/grade",
            Self::Rank => "/period/rank",
            Self::ExitRoute => "/period/exit_route",
            Self::ExitReason => "/period/exit_reason_recorded",
        }
    }

    /// Returns the column of a JSON Pointer relative to a row with these contacts.
    #[must_use]
    pub fn at(pointer: &str, contacts: &[(ContactKind, String)]) -> Option<Self> {
        let index = pointer
            .strip_prefix("/contacts/")
            .and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
        match index.and_then(|index| contacts.get(index)) {
            Some((ContactKind::Email, _)) => Some(Self::Email),
            Some((ContactKind::Phone, _)) => Some(Self::Phone),
            Some((ContactKind::Address | ContactKind::Link, _)) => None,
            None => Self::ALL.iter().copied().find(|column| column.pointer() == pointer),
        }
    }

    /// Returns whether a file must contain the column.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::EmployeeNumber | Self::FamilyName | Self::GivenName | Self::StartDate)
    }
}
