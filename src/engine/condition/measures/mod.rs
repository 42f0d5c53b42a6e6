//! The leaves of conditions: one file a kind, one line here.

use super::tree::{All, Any, AtLeast, Node, Not};
use crate::calendar::Length;
use crate::condition::{Explained, How, Reading, Stance, Truth};
use crate::messages::{Said, document, measures};
use crate::terms::MonthsLimit;
use crate::words::{Fault, Words};

pub mod age;
pub mod declared;
pub mod documents;
pub mod employment_type;
pub mod entity;
pub mod exit_date;
pub mod exit_reason;
pub mod exit_route;
pub mod fact;
pub mod gap;
pub mod history;
pub mod job_family;
pub mod rank;
pub mod registration;
pub mod tenure;
pub mod timing;

macro_rules! measures {
    ($($module:ident { $($(#[doc = $doc:literal])+ $name:ident = $kind:literal;)+ })+) => {
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
            #[inline]
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

        $($(impl $crate::tagged::Located for $name {})+)+

        $($(impl $crate::condition::AsCondition for $name {
            fn as_condition(&self) -> Condition {
                Condition::$name(self.clone())
            }
        })+)+
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

/// How many names are compared for one step.
const NAMES_A_STEP: usize = 8;

/// The sentence of a fact that is not known.
fn unknown(what: &dyn Said) -> Words {
    measures::NotKnown { what }.words()
}

/// What was found, beside what was wanted; the first figure is what was found.
fn found(what: &Words, required: Words, reading: &Reading<'_>, stance: Stance) -> Explained {
    found_to_be(what, required, reading.actual(), reading.how, stance)
}

/// What was found, in words of its own, beside what was wanted.
fn found_to_be(
    what: &Words,
    required: Words,
    actual: Words,
    how: How,
    stance: Stance,
) -> Explained {
    let sentence = match how {
        How::NotKnown => unknown(what),
        How::Met => compared(stance, Truth::Met, what, &actual, &required),
        How::NotMet | How::NotLeftYet | How::TooEarly | How::TooLate | How::Nothing => {
            compared(stance, Truth::NotMet, what, &actual, &required)
        }
        How::Open => compared(stance, Truth::Unknown, what, &actual, &required),
    };
    let actual = if how == How::NotKnown { crate::messages::common::NOT_KNOWN } else { actual };
    Explained { subject: Some(what.clone()), required, actual, sentence }
}

/// Returns the sentence of what was found beside what a leaf of this stance compares it with.
fn compared(
    stance: Stance,
    truth: Truth,
    what: &dyn Said,
    actual: &dyn Said,
    required: &dyn Said,
) -> Words {
    macro_rules! of {
        ($stance:ident) => {
            match truth {
                Truth::Met => measures::$stance::Met { what, actual, required }.words(),
                Truth::NotMet => measures::$stance::NotMet { what, actual, required }.words(),
                Truth::Unknown => measures::$stance::Open { what, actual, required }.words(),
            }
        };
    }
    match stance {
        Stance::Required => of!(required),
        Stance::Excluded => of!(excluded),
        Stance::Judged => of!(judged),
        Stance::Spared => of!(spared),
    }
}

/// The length of time of a bound.
fn months(limit: &MonthsLimit) -> Length {
    Length::of_months(limit.number().into())
}

/// The steps of finding a day that lies so many months from another, or the window of a year.
const STEPS_OF_DAY: usize = 2;

/// The longest time that a regulation can mean, in months.
const MOST_MONTHS: u16 = 1200;

/// The faults of months beyond that, at their fields.
fn too_many_months(limits: &[(Option<&MonthsLimit>, &'static str)]) -> Vec<Fault> {
    let beyond = limits.iter().filter(|(months, _)| {
        months.and_then(MonthsLimit::written).is_some_and(|months| months > MOST_MONTHS)
    });
    beyond
        .map(|(_, place)| Fault::new(*place, "too_large", document::AT_MOST_1200_MONTHS))
        .collect()
}

/// The fault of an empty list.
fn empty_list(list_is_empty: bool) -> Vec<Fault> {
    list_is_empty
        .then(|| Fault::new("/any_of", "empty", document::NAME_AT_LEAST_ONE))
        .into_iter()
        .collect()
}
