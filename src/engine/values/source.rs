//! What tables and formulas read of a case: measures as numbers, and facts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Unit, Value, unknown_name};
use crate::calendar::{Length, day_before, next_day};
use crate::codes::Code as _;
use crate::facts::{
    ActivityKind, EmploymentType, ExitReason, ExitRoute, FactKey, FactSet, Labelled, LeaveType,
    Pay, PayPeriod, Similarity, names,
};
use crate::measures::age::{Age, AgeCounting};
use crate::measures::exit_reason::{ExitReasonIs, ReasonProof};
use crate::measures::fact::YesOrNo;
use crate::measures::former_rehires::rehires;
use crate::measures::tenure::{CountingBasis, Tenure};
use crate::measures::{Axis, Case, Reference};
use crate::messages::{Said as _, measures, value};
use crate::money::Currency;
use crate::tagged::Located;
use crate::values::terms::{DeclaredFact, Terms};
use crate::words::{Fault, Words};

mod reading;

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The facts that are missing; none where what is known leaves it open.
    pub missing: FactSet,
    /// Why, as a sentence.
    pub why: Words,
}

impl Lack {
    /// Facts are missing.
    #[must_use]
    pub fn of(missing: FactSet, what: &Words) -> Self {
        Self { missing, why: value::NotKnown { what }.words() }
    }

    /// Nothing is missing, and yet there is no value.
    #[must_use]
    pub const fn open(why: Words) -> Self {
        Self { missing: FactSet::NONE, why }
    }
}

/// A value, or why there is none.
pub type Found = Result<Value, Lack>;

crate::codes! {
    /// How months that have begun count.
    pub enum MonthCounting {
        /// Whole months only.
        Completed = "completed",
        /// A month that has begun counts.
        Begun = "begun",
    }
}

crate::codes! {
    /// Something on the record of the last employment.
    pub enum RecordField {
        /// Grade at exit.
        Grade = "grade",
        /// Rank at exit.
        Rank = "rank",
        /// Step at exit.
        Step = "step",
        /// Job family at exit.
        JobFamily = "job_family",
        /// Entity at exit.
        Entity = "entity",
        /// Employment type at exit.
        EmploymentType = "employment_type",
        /// How the employment ended.
        ExitRoute = "exit_route",
        /// Days of notice given.
        NoticeGiven = "notice_given",
    }
}

crate::codes! {
    /// An amount of pay on record.
    pub enum PayFact {
        /// Base pay at exit.
        AtExit = "at_exit",
        /// The present guideline of the job applied for.
        Guideline = "guideline",
    }
}

macro_rules! sources {
    ($($(#[$meta:meta])* $name:ident($schema:ident, $example:tt) { $($(#[$field_meta:meta])* $field:ident: $ty:ty),* $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        #[schema(as = $schema, example = json!($example))]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* }
        impl Located for $name {}
    )+};
}

sources! {
    /// Whole months of service, counted as the text says.
    ServiceMonths(ServiceMonthsValue, {"kind": "service_months", "counting": ["full_time_only"]}) {
        /// Which service counts; all of it, when nothing is said.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 4)]
        counting: Vec<CountingBasis>,
        /// Employment types whose service counts; all, when none is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 6)]
        employment_types: Vec<EmploymentType>,
        /// Leaves that are deducted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 11)]
        leaves_deducted: Vec<LeaveType>,
    }
    /// Months away, from the day after leaving to the eve of a reference day.
    MonthsAway(MonthsAwayValue, {"kind": "months_away", "reference": "start_date", "count": "begun"}) {
        /// The day to which the time is measured.
        reference: Reference,
        /// How months that have begun count.
        #[serde(default = "completed")]
        count: MonthCounting,
    }
    /// Age in years on a day.
    AgeOn(AgeValue, {"kind": "age", "reference": "start_date"}) {
        /// On which day.
        reference: Reference,
        /// How years are counted.
        #[serde(default = "by_law")]
        counting: AgeCounting,
    }
    /// How often the person returned under the scheme.
    RehireCount(RehireCountValue, {"kind": "former_rehires"}) {}
    /// Whole months of what the person did since leaving, as far as it is of these kinds.
    ActivityMonths(ActivityMonthsValue, {"kind": "activity_months", "similarity": ["similar"]}) {
        /// How like the job applied for it was; any, when nothing is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 3)]
        similarity: Vec<Similarity>,
        /// Of which kind; any, when none is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 6)]
        kinds: Vec<ActivityKind>,
    }
    /// Something on the record of the last employment.
    OnRecord(RecordValue, {"kind": "record", "of": "grade"}) {
        /// What.
        of: RecordField,
    }
    /// Why the person left, as a requirement on the reason of leaving tells it.
    ReasonOf(ExitReasonValue, {"kind": "exit_reason", "proof": "required"}) {
        /// Whether a reason that is not on the record must be proved.
        #[serde(default = "believed")]
        proof: ReasonProof,
    }
    /// An amount of pay, in a currency and for a period; another one is not reckoned with.
    PayOf(PayValue, {"kind": "pay", "of": "at_exit", "currency": "JPY", "per": "month"}) {
        /// Which.
        of: PayFact,
        /// In which currency.
        currency: Currency,
        /// For how long.
        per: PayPeriod,
    }
    /// A fact that is yes or no.
    YesNo(YesOrNoValue, {"kind": "fact", "fact": "invited"}) {
        /// Which.
        fact: YesOrNo,
    }
    /// A fact that the document declares.
    DeclaredOf(DeclaredFactValue, {"kind": "declared", "name": "licence_points"}) {
        /// Its name.
        #[schema(min_length = 1, max_length = 100)]
        name: String,
    }
    /// A date of the case.
    DateOf(DateValue, {"kind": "date", "of": "exit_date"}) {
        /// Which.
        of: Reference,
    }
}

const fn completed() -> MonthCounting {
    MonthCounting::Completed
}

const fn believed() -> ReasonProof {
    ReasonProof::NotRequired
}

const fn by_law() -> AgeCounting {
    AgeCounting::EveOfBirthday
}

crate::tagged! {
    /// What is read of a case.
    pub enum Source {
        /// Months of service.
        Service(ServiceMonths) = "service_months",
        /// Months away.
        Away(MonthsAway) = "months_away",
        /// Age in years.
        Age(AgeOn) = "age",
        /// Former returns.
        Rehires(RehireCount) = "former_rehires",
        /// Months of what the person did since leaving.
        Activities(ActivityMonths) = "activity_months",
        /// Something on record.
        Record(OnRecord) = "record",
        /// Why the person left.
        Reason(ReasonOf) = "exit_reason",
        /// An amount of pay.
        Pay(PayOf) = "pay",
        /// A fact that is yes or no.
        Fact(YesNo) = "fact",
        /// A declared fact.
        Declared(DeclaredOf) = "declared",
        /// A date.
        Date(DateOf) = "date",
    }
}

/// What values a source can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// Numbers or days from the first to the last, both counted.
    Range(i64, i64),
    /// These texts and no others.
    Members(Vec<String>),
    /// Any text.
    Texts,
    /// Yes or no.
    Booleans,
}

impl Source {
    /// Its unit among the facts that a document declares.
    ///
    /// # Errors
    /// The fault of a name that is not declared, below its own pointer.
    pub fn unit(&self, declared: &[DeclaredFact]) -> Result<Unit, Fault> {
        Ok(match self {
            Self::Service(_) | Self::Away(_) | Self::Activities(_) => Unit::Months,
            Self::Age(_) => Unit::Years,
            Self::Rehires(_) => Unit::Count,
            Self::Record(record) => match record.of {
                RecordField::Step => Unit::Count,
                RecordField::NoticeGiven => Unit::Days,
                RecordField::Grade
                | RecordField::Rank
                | RecordField::JobFamily
                | RecordField::Entity
                | RecordField::EmploymentType
                | RecordField::ExitRoute => Unit::Text,
            },
            Self::Reason(_) => Unit::Text,
            Self::Pay(pay) => Unit::Money(pay.currency),
            Self::Fact(_) => Unit::Boolean,
            Self::Date(_) => Unit::Date,
            Self::Declared(of) => {
                let fact = declared.iter().find(|fact| fact.name == of.name);
                let unit = fact.and_then(DeclaredFact::unit);
                unit.ok_or_else(|| {
                    unknown_name("/name", &of.name, declared.iter().map(|fact| fact.name.as_str()))
                })?
            }
        })
    }

    /// What values it can have.
    #[must_use]
    pub fn domain(&self, unit: Unit, declared: &[DeclaredFact]) -> Domain {
        let codes =
            |all: Vec<&'static str>| Domain::Members(all.into_iter().map(str::to_owned).collect());
        let fact = match self {
            Self::Record(record) if record.of == RecordField::EmploymentType => {
                return codes(EmploymentType::ALL.iter().map(|code| code.as_str()).collect());
            }
            Self::Record(record) if record.of == RecordField::ExitRoute => {
                return codes(ExitRoute::ALL.iter().map(|code| code.as_str()).collect());
            }
            Self::Reason(_) => {
                return codes(ExitReason::ALL.iter().map(|code| code.as_str()).collect());
            }
            Self::Declared(of) => declared.iter().find(|fact| fact.name == of.name),
            Self::Service(_)
            | Self::Away(_)
            | Self::Age(_)
            | Self::Rehires(_)
            | Self::Activities(_)
            | Self::Record(_)
            | Self::Pay(_)
            | Self::Fact(_)
            | Self::Date(_) => None,
        };
        match unit {
            Unit::Boolean => Domain::Booleans,
            Unit::Text => match fact.filter(|fact| !fact.members.is_empty()) {
                Some(fact) => Domain::Members(fact.members.clone()),
                None => Domain::Texts,
            },
            Unit::Date => Domain::Range(i64::MIN, i64::MAX),
            Unit::Money(_)
            | Unit::Rate
            | Unit::Count
            | Unit::Months
            | Unit::Days
            | Unit::Years
            | Unit::Hours => {
                match fact {
                    Some(fact) => Domain::Range(
                        fact.at_least.unwrap_or(i64::MIN),
                        fact.at_most.unwrap_or(i64::MAX),
                    ),
                    // Pay may stand as a correction below nothing; what is counted does not.
                    None if matches!(unit, Unit::Money(_)) => Domain::Range(i64::MIN, i64::MAX),
                    None => Domain::Range(0, i64::MAX),
                }
            }
        }
    }

    /// What it is called.
    #[must_use]
    pub fn label(&self, terms: Option<&Terms>) -> Words {
        match self {
            Self::Service(_) => value::SERVICE,
            Self::Away(_) => value::TIME_AWAY,
            Self::Age(_) => measures::age::SUBJECT,
            Self::Rehires(_) => FactKey::FormerRehires.label(),
            Self::Activities(of) if of.similarity.is_empty() => {
                FactKey::ActivitiesSinceExit.label()
            }
            Self::Activities(of) => {
                let similar = crate::facts::listed(&of.similarity);
                value::Activities { all: &FactKey::ActivitiesSinceExit.label(), similar: &similar }
                    .words()
            }
            Self::Record(record) => record.of.key().label(),
            Self::Reason(_) => FactKey::ExitReason.label(),
            Self::Pay(pay) => pay.of.key().label(),
            Self::Fact(fact) => fact.fact.key().label(),
            Self::Declared(of) => {
                let label =
                    terms.and_then(|terms| terms.declared(&of.name)).map(|fact| fact.label.clone());
                label.unwrap_or_else(|| names::called(&of.name, |_| None))
            }
            Self::Date(date) => date.of.label(),
        }
    }

    /// A value of it in words: a code by its name.
    #[must_use]
    pub fn words(&self, value: &Value, unit: Unit) -> Words {
        let Value::Text(code) = value else { return value.words(unit) };
        let known = |words: Option<Words>| words.unwrap_or_else(|| names::called(code, |_| None));
        match self {
            Self::Reason(_) => known(code.parse::<ExitReason>().ok().map(Labelled::label)),
            Self::Record(record) => match record.of {
                RecordField::EmploymentType => {
                    known(code.parse::<EmploymentType>().ok().map(Labelled::label))
                }
                RecordField::ExitRoute => {
                    known(code.parse::<ExitRoute>().ok().map(Labelled::label))
                }
                RecordField::JobFamily => names::called(code, names::job_family),
                RecordField::Entity => names::called(code, names::entity),
                RecordField::Grade
                | RecordField::Rank
                | RecordField::Step
                | RecordField::NoticeGiven => known(None),
            },
            Self::Service(_)
            | Self::Away(_)
            | Self::Age(_)
            | Self::Rehires(_)
            | Self::Activities(_)
            | Self::Pay(_)
            | Self::Fact(_)
            | Self::Declared(_)
            | Self::Date(_) => known(None),
        }
    }

    /// The facts that it reads.
    #[must_use]
    pub fn reads(&self) -> FactSet {
        let periods = FactSet::of(&[FactKey::EmploymentPeriods]);
        match self {
            Self::Service(service) => crate::measures::Measure::reads(&service.tenure()),
            Self::Away(away) => periods.and(away.reference.fact()),
            Self::Age(age) => FactSet::of(&[FactKey::BirthDate]).and(age.reference.fact()),
            Self::Rehires(_) => periods.and(FactSet::of(&[FactKey::FormerRehires])),
            Self::Activities(_) => FactSet::of(&[FactKey::ActivitiesSinceExit, FactKey::StartDate]),
            Self::Record(record) => FactSet::of(&[record.of.key()]),
            Self::Reason(_) => FactSet::of(&[FactKey::ExitReason, FactKey::ExitReasonEvidence]),
            Self::Pay(pay) => FactSet::of(&[pay.of.key()]),
            Self::Fact(fact) => FactSet::of(&[fact.fact.key()]),
            Self::Declared(_) => FactSet::of(&[FactKey::Declared]),
            Self::Date(date) => date.of.fact(),
        }
    }

    /// It is for the company's eyes only.
    #[must_use]
    pub fn is_confidential(&self, terms: &Terms) -> bool {
        match self {
            Self::Declared(of) => terms.declared(&of.name).is_none_or(|fact| fact.confidential),
            // How like the job an activity was is the company's assessment.
            Self::Activities(of) if !of.similarity.is_empty() => true,
            Self::Service(_)
            | Self::Away(_)
            | Self::Age(_)
            | Self::Rehires(_)
            | Self::Activities(_)
            | Self::Record(_)
            | Self::Reason(_)
            | Self::Pay(_)
            | Self::Fact(_)
            | Self::Date(_) => self.reads().has_confidential(),
        }
    }

    /// Its value in a case.
    ///
    /// # Errors
    /// What is missing.
    pub fn read(&self, case: &Case<'_>) -> Found {
        let marked = case.disputed(self.reads()).and(case.not_applicable(self.reads()));
        let lacks = |missing: FactSet| Lack::of(missing, &self.label(case.terms()));
        if !marked.is_empty() {
            return Err(lacks(marked));
        }
        let one = |fact: FactKey| lacks(FactSet::of(&[fact]));
        match self {
            Self::Service(service) => service.tenure().served(case).map(months).map_err(lacks),
            Self::Away(away) => away.read(case).map_err(one),
            Self::Age(of) => {
                let age = Age {
                    under: None,
                    at_least: None,
                    reference: of.reference,
                    counting: of.counting,
                };
                age.on_day(case).map(|years| Value::whole(years.into())).map_err(one)
            }
            Self::Rehires(_) => match rehires(case) {
                _ if case.facts.employment_periods.is_empty() => {
                    Err(one(FactKey::EmploymentPeriods))
                }
                (sure, most) if sure == most => {
                    Ok(Value::whole(i64::try_from(sure).unwrap_or(i64::MAX)))
                }
                _ => Err(one(FactKey::FormerRehires)),
            },
            Self::Activities(of) => of.read(case).map_err(one),
            Self::Record(record) => record.read(case).ok_or_else(|| one(record.of.key())),
            Self::Reason(of) => of.read(case, one),
            Self::Pay(pay) => {
                let found = pay.find(case).ok_or_else(|| one(pay.of.key()))?;
                let fits = found.base.currency == pay.currency && found.per == pay.per;
                if fits {
                    Ok(Value::whole(found.base.amount))
                } else {
                    Err(Lack::open(other_pay(found)))
                }
            }
            Self::Fact(fact) => {
                fact.fact.find(case).map(Value::Boolean).ok_or_else(|| one(fact.fact.key()))
            }
            Self::Declared(of) => {
                declared(case, &of.name).unwrap_or_else(|| Err(one(FactKey::Declared)))
            }
            Self::Date(date) => case.reference(date.of).map(Value::Date).map_err(one),
        }
    }
}

fn months(length: Length) -> Value {
    Value::whole(length.months.into())
}

fn other_pay(found: Pay) -> Words {
    value::OtherPay { pay: &found }.words()
}

/// The value of a declared fact, nothing when none is given.
fn declared(case: &Case<'_>, name: &str) -> Option<Found> {
    let fact = case.terms()?.declared(name)?;
    let supplied = case.facts.declared.get(name)?;
    Some(match fact.refuses(supplied) {
        Some((_, why)) => Err(Lack::open(why)),
        None => Ok(fact.value(supplied)?),
    })
}
