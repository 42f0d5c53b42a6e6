//! The leaves of conditions: one file a kind, one line here.

use super::tree::{All, Any, AtLeast, Node, Not};
use crate::domain::condition::{Explained, Truth};
use crate::domain::terms::MonthsLimit;
use crate::domain::words::Words;

macro_rules! measures {
    ($($module:ident { $($(#[doc = $doc:literal])+ $name:ident = $kind:literal;)+ })+) => {
        $(pub mod $module;)+
        $(pub use $module::{$($name),+};)+

        $crate::tagged! {
            /// A condition: a comparison, or several combined.
            pub enum Condition {
                /// Every one of several holds.
                All(All) = "all",
                /// At least one of several holds.
                Any(Any) = "any",
                /// At least so many of several hold.
                AtLeast(AtLeast) = "at_least",
                /// Another does not hold.
                Not(Not) = "not",
                $($($(#[doc = $doc])+ $name($name) = $kind),+),+
            }
        }

        impl Condition {
            /// The node.
            #[must_use]
            pub fn node(&self) -> Node<'_> {
                match self {
                    Self::All(all) => Node::All(&all.of),
                    Self::Any(any) => Node::Any(&any.of),
                    Self::AtLeast(least) => Node::AtLeast(usize::from(least.count), &least.of),
                    Self::Not(not) => Node::Not(&not.of),
                    $($(Self::$name(measure) => Node::Leaf(measure)),+),+
                }
            }
        }

        $($(impl $crate::domain::tagged::Located for $name {})+)+
    };
}

measures! {
    tenure {
        /// Length of service (勤続).
        Tenure = "tenure";
    }
    gap {
        /// Time since leaving (離職期間).
        Gap = "gap";
    }
    exit_date {
        /// The last day employed, between two days.
        ExitDateWithin = "exit_date";
    }
    exit_route {
        /// How the employment ended (退職区分).
        ExitRouteIs = "exit_route";
    }
    exit_reason {
        /// Why the person left (退職事由).
        ExitReasonIs = "exit_reason";
    }
    employment_type {
        /// Employment type at exit (退職時の雇用形態).
        EmploymentTypeIs = "employment_type";
    }
    job_family {
        /// Job family at exit (退職時の職種).
        JobFamilyIs = "job_family";
    }
    entity {
        /// Entity at exit (退職時の所属法人).
        EntityIs = "entity";
    }
    rank {
        /// Rank or grade at exit, on a scale (退職時の職位・等級).
        RankWithin = "rank";
    }
    age {
        /// Age on a day (年齢).
        Age = "age";
        /// Time left until retirement (定年までの残期間).
        YearsToRetirement = "years_to_retirement";
    }
    history {
        /// Former returns under the scheme (利用回数).
        FormerRehires = "former_rehires";
        /// No disciplinary measure (懲戒).
        NoDiscipline = "no_discipline";
        /// Notice of leaving (退職予告).
        NoticeGiven = "notice_given";
        /// No recent failure to appear for work (無断不就労).
        NoRecentNoShow = "no_recent_no_show";
        /// The company's own mark (再雇用可否区分).
        RehireCodeIs = "rehire_code";
    }
    registration {
        /// Registration of the wish to return (再雇用希望登録).
        Registered = "registration";
    }
    timing {
        /// Made in a window of applications (応募期間).
        ApplicationWindow = "application_window";
        /// Long enough before the first day.
        LeadTime = "lead_time";
    }
    documents {
        /// Documents handed in (提出書類).
        DocumentsHandedIn = "documents";
    }
    fact {
        /// A fact that is yes or no.
        FactIs = "fact";
    }
    declared {
        /// A fact that the organization declared for itself.
        Declared = "declared";
    }
}

/// The sentence of a fact that is not known.
fn unknown(what: &Words) -> Words {
    Words::new(format!("{}が確認できません。", what.ja), format!("The {} is not known.", what.en))
}

/// What was found, beside what was wanted.
fn found(what: &Words, required: Words, actual: Option<Words>, truth: Truth) -> Explained {
    let Some(actual) = actual else {
        let actual = crate::messages::common::NOT_KNOWN;
        return Explained { subject: Some(what.clone()), required, actual, sentence: unknown(what) };
    };
    let (ja, en) = match truth {
        Truth::Met => ("を満たします", "as wanted"),
        Truth::NotMet => ("を満たしません", "not as wanted"),
        Truth::Unknown => ("に当たるか確認が必要です", "to be checked against what is wanted"),
    };
    let sentence = Words::new(
        format!("{}は{}で、要件（{}）{ja}。", what.ja, actual.ja, required.ja),
        format!("The {} is {}, {en} ({}).", what.en, actual.en, required.en),
    );
    Explained { subject: Some(what.clone()), required, actual, sentence }
}

/// Codes of the organization, as a list.
fn listed_text(codes: &[String]) -> Words {
    Words::new(codes.join("・"), codes.join(", "))
}

/// The longest time that a regulation can mean, in months.
const MOST_MONTHS: u16 = 1200;

/// The faults of months beyond that, at their fields.
fn too_many_months(limits: &[(Option<&MonthsLimit>, &'static str)]) -> Vec<crate::domain::words::Fault> {
    let beyond = limits
        .iter()
        .filter(|(months, _)| months.and_then(MonthsLimit::written).is_some_and(|months| months > MOST_MONTHS));
    let words = Words::fixed("1200か月以下にしてください。", "At most 1200 months.");
    beyond.map(|(_, place)| crate::domain::words::Fault::new(*place, "too_large", words.clone())).collect()
}

/// The fault of an empty list.
fn empty_list(list_is_empty: bool) -> Vec<crate::domain::words::Fault> {
    let words = Words::fixed("一つ以上指定してください。", "Name at least one.");
    if list_is_empty { vec![crate::domain::words::Fault::new("/any_of", "empty", words)] } else { Vec::new() }
}
