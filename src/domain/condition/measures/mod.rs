//! The leaves of conditions: one file a kind, one line here.

use super::tree::{All, Any, AtLeast, Node, Not};
use crate::domain::facts::Labelled;
use crate::domain::words::Words;

macro_rules! measures {
    ($($(#[doc = $doc:literal])+ $module:ident::$name:ident = $kind:literal;)+) => {
        $(pub mod $module;)+
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
                $($(#[doc = $doc])+ $name($name) = $kind),+
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
                    $(Self::$name(measure) => Node::Leaf(measure)),+
                }
            }
        }

        $(impl $crate::domain::tagged::Located for $name {})+
    };
}

measures! {
    /// Length of service (勤続).
    tenure::Tenure = "tenure";
    /// Time since leaving (離職期間).
    gap::Gap = "gap";
    /// How the employment ended (退職区分).
    exit_route::ExitRouteIs = "exit_route";
    /// Why the person left (退職事由).
    exit_reason::ExitReasonIs = "exit_reason";
    /// Employment type at exit (退職時の雇用形態).
    employment_type::EmploymentTypeIs = "employment_type";
    /// Job family at exit (退職時の職種).
    job_family::JobFamilyIs = "job_family";
    /// Registration of the wish to return (再雇用希望登録).
    registration::Registered = "registration";
    /// Left on good terms (円満退職).
    good_standing::GoodStanding = "good_standing";
}

/// The sentence of a fact that is not known.
fn unknown(what: &Words) -> Words {
    Words::new(format!("{}が確認できません。", what.ja), format!("The {} is not known.", what.en))
}

/// The sentence of a fact compared with a list.
fn compared<T: Labelled>(what: &Words, actual: T, wanted: &Words, is_met: bool) -> Words {
    let label = actual.label();
    if is_met {
        Words::new(
            format!("{}は{}で、対象（{}）に当たります。", what.ja, label.ja, wanted.ja),
            format!("The {} is {}, one of those wanted ({}).", what.en, label.en, wanted.en),
        )
    } else {
        Words::new(
            format!("{}は{}で、対象（{}）に当たりません。", what.ja, label.ja, wanted.ja),
            format!("The {} is {}, none of those wanted ({}).", what.en, label.en, wanted.en),
        )
    }
}

/// The fault of an empty list.
fn empty_list(list_is_empty: bool) -> Vec<crate::domain::words::Fault> {
    let words = Words::fixed("一つ以上指定してください。", "Name at least one.");
    if list_is_empty { vec![crate::domain::words::Fault::new("/any_of", "empty", words)] } else { Vec::new() }
}
