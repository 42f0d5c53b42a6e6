//! Conditions, and the measures that they compare: one file a measure, one line here.
//!
//! A `Measure` is a leaf: it compares what the facts say with what the regulation wants. Its file
//! holds everything about it: the answer and its words, how the checks divide it, and the people at
//! its bounds. Nobody else lists the measures. [`condition`] combines them.

pub mod condition;
mod words;

pub mod age;
pub mod application_window;
pub mod declared;
pub mod documents;
pub mod employment_type;
pub mod entity;
pub mod exit_date;
pub mod exit_reason;
pub mod exit_route;
pub mod fact;
pub mod former_rehires;
pub mod gap;
pub mod job_family;
pub mod lead_time;
pub mod no_discipline;
pub mod no_recent_no_show;
pub mod notice_given;
pub mod rank;
pub mod registration;
pub mod rehire_code;
pub mod tenure;
pub mod years_to_retirement;

use condition::{All, Any, AtLeast, Not};
pub use condition::{
    Answer, Axis, Case, Effect, Explained, Figure, How, Reading, Reference, Remedy, Stance, Truth,
};
pub(crate) use condition::{
    AsCondition, Measure, Node, Piece, Settled, cuts, is_confidential, leaf, no_value, pieces,
    wanted,
};
use words::{
    NAMES_A_STEP, STEPS_OF_DAY, empty_list, found, found_to_be, months, too_many_months, unknown,
};

macro_rules! measures {
    ($(#[doc = $doc:literal] $module:ident::$name:ident = $kind:literal;)+) => {
        $(pub use $module::$name;)+

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
                $(#[doc = $doc] $name($name) = $kind),+
            }
        }

        impl Condition {
            /// Returns the node.
            #[inline]
            pub(crate) fn node(&self) -> Node<'_> {
                match self {
                    Self::All(all) => Node::All(&all.of),
                    Self::Any(any) => Node::Any(&any.of),
                    Self::AtLeast(least) => Node::AtLeast(usize::from(least.count), &least.of),
                    Self::Not(not) => Node::Not(&not.of),
                    $(Self::$name(measure) => Node::Leaf(measure)),+
                }
            }
        }

        $(
            impl $crate::tagged::Located for $name {}

            impl AsCondition for $name {
                fn as_condition(&self) -> Condition {
                    Condition::$name(self.clone())
                }
            }
        )+
    };
}

measures! {
    /// Length of service (勤続).
    tenure::Tenure = "tenure";
    /// Time since leaving (離職期間).
    gap::Gap = "gap";
    /// The last day employed, between two days.
    exit_date::ExitDateWithin = "exit_date";
    /// How the employment ended (退職区分).
    exit_route::ExitRouteIs = "exit_route";
    /// Why the person left (退職事由).
    exit_reason::ExitReasonIs = "exit_reason";
    /// Employment type at exit (退職時の雇用形態).
    employment_type::EmploymentTypeIs = "employment_type";
    /// Job family at exit (退職時の職種).
    job_family::JobFamilyIs = "job_family";
    /// Entity at exit (退職時の所属法人).
    entity::EntityIs = "entity";
    /// Rank or grade at exit, on a scale (退職時の職位・等級).
    rank::RankWithin = "rank";
    /// Age on a day (年齢).
    age::Age = "age";
    /// Time left until retirement (定年までの残期間).
    years_to_retirement::YearsToRetirement = "years_to_retirement";
    /// Former returns under the scheme (利用回数).
    former_rehires::FormerRehires = "former_rehires";
    /// No disciplinary measure (懲戒).
    no_discipline::NoDiscipline = "no_discipline";
    /// Notice of leaving (退職予告).
    notice_given::NoticeGiven = "notice_given";
    /// No recent failure to appear for work (無断不就労).
    no_recent_no_show::NoRecentNoShow = "no_recent_no_show";
    /// The company's own mark (再雇用可否区分).
    rehire_code::RehireCodeIs = "rehire_code";
    /// Registration of the wish to return (再雇用希望登録).
    registration::Registered = "registration";
    /// Made in a window of applications (応募期間).
    application_window::ApplicationWindow = "application_window";
    /// Long enough before the first day.
    lead_time::LeadTime = "lead_time";
    /// Documents handed in (提出書類).
    documents::DocumentsHandedIn = "documents";
    /// A fact that is yes or no.
    fact::FactIs = "fact";
    /// A fact that the organization declared for itself.
    declared::Declared = "declared";
}
