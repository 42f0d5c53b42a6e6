//! How the person is trained (教育訓練).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{contradictory, out_of_range};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, length, told};
use crate::calendar::{Length, day_before, end_of_period, later_by, next_day};
use crate::decide::Differences;
use crate::document::{Expected, Part};
use crate::facts::{self, FactKey, Labelled as _};
use crate::measures::{Axis, Case, Condition};
use crate::messages::{Said as _, cases, clauses, common, document, listed, training};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined, where_said};

crate::codes! {
    /// How the person is trained.
    pub enum TrainingRule {
        /// As each person needs.
        Individual = "individual",
        /// By a fixed programme.
        FixedProgram = "fixed_program",
        /// Not at all.
        None = "none",
    }
}

crate::codes! {
    /// What an individual plan considers.
    pub enum TrainingBasis {
        /// How long the person was away.
        GapLength = "gap_length",
        /// What the person did before and since.
        Experience = "experience",
    }
}

/// What somebody learns after so long away. A month that has begun counts: twelve months and a day
/// away are in the tier from 13 months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_months": 13, "to_months": 36, "modules": [{"ja": "システム再研修", "en": "Retraining on the systems"}], "hours": 16}))]
pub struct TrainingTier {
    /// From so many months away.
    #[schema(maximum = 1200)]
    pub from_months: u16,
    /// To so many months away, themselves included; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 1200)]
    pub to_months: Option<u16>,
    /// What is learnt.
    #[schema(min_items = 1, max_items = 50)]
    pub modules: Vec<Words>,
    /// For how many hours, where the text says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 2000)]
    pub hours: Option<u16>,
}

/// Talks of the person with the supervisor after the return (定期面談).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days_after_start": [30, 90, 180]}))]
pub struct CheckIns {
    /// So many days after the first day; empty where the text says only that there are such talks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 24)]
    pub days_after_start: Vec<u16>,
}

/// How the person is trained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "training", "kind": "training", "rule": "individual", "basis": ["gap_length", "experience"]}))]
pub struct TrainingClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// By which rule.
    pub rule: TrainingRule,
    /// What it considers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 2)]
    pub basis: Vec<TrainingBasis>,
    /// What is learnt by the time away, shortest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub tiers: Vec<TrainingTier>,
    /// For how many months a mentor stands by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 60)]
    pub mentor_months: Option<u16>,
    /// Talks with the supervisor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_ins: Option<CheckIns>,
    /// Mandatory courses and licences that have lapsed are done again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandatory_courses_renewed: Option<bool>,
}

impl Located for TrainingClause {}

consequence! {
    /// How the person is trained.
    TrainingConsequence {
        /// By which rule.
        rule: TrainingRule,
        /// What it considers.
        #[schema(max_items = 2)]
        basis: Vec<TrainingBasis>,
        /// How long the person will have been away, in whole months; absent when unknown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        months_away: Option<i32>,
        /// What this person learns, by the time away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        tier: Option<TrainingTier>,
        /// For how many months a mentor stands by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        mentor_months: Option<u16>,
        /// The last day of those months.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        mentor_until: Option<NaiveDate>,
        /// The supervisor talks with the person regularly; absent where the text does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        check_ins: Option<bool>,
        /// The days of those talks, where the text sets them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schema(max_items = 24)]
        check_ins_on: Vec<NaiveDate>,
        /// Mandatory courses and licences that have lapsed are done again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        mandatory_courses_renewed: Option<bool>,
    }
}

impl ClauseKind for TrainingClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Training]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        Vec::new()
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            out_of_range(self.mentor_months, 60, "/mentor_months").into_iter().collect();
        if self.rule == TrainingRule::None && !self.tiers.is_empty() {
            faults.push(contradictory("/tiers", document::NO_TIERS_WITHOUT_TRAINING));
        }
        let mut last: Option<&TrainingTier> = None;
        for (index, tier) in self.tiers.iter().enumerate() {
            faults.extend(tier_faults(tier, last, &format!("/tiers/{index}")));
            last = Some(tier);
        }
        let days = self
            .check_ins
            .iter()
            .flat_map(|check_ins| check_ins.days_after_start.iter())
            .enumerate();
        faults.extend(days.filter_map(|(index, days)| {
            out_of_range(Some(*days), 3660, format!("/check_ins/days_after_start/{index}"))
        }));
        faults
    }

    fn in_words(&self, _terms: &Terms) -> Words {
        let basis = (!self.basis.is_empty())
            .then(|| clauses::training::Basis { basis: &facts::listed(&self.basis) }.words());
        let tiers = self.tiers.iter().map(|tier| {
            let (from, to) = (&length(tier.from_months), tier.to_months.map(length));
            let hours = tier.hours.as_ref().map(|hours| clauses::training::Hours { hours });
            let (modules, hours) = (&listed(&tier.modules), &hours);
            match &to {
                Some(to) => clauses::training::TierBetween { from, to, modules, hours }.words(),
                None => clauses::training::TierFrom { from, modules, hours }.words(),
            }
        });
        let mentor = self
            .mentor_months
            .map(|months| clauses::training::Mentor { length: &length(months) }.words());
        let talks = self.check_ins.as_ref().map(|talks| {
            clauses::training::Talks { days: &listed(&talks.days_after_start) }.words()
        });
        let renewed = where_said(
            self.mandatory_courses_renewed,
            clauses::training::RENEWED,
            clauses::training::NOT_RENEWED,
        );
        let last = [mentor, talks, renewed].into_iter().flatten();
        joined([self.rule.label()].into_iter().chain(basis).chain(tiers).chain(last))
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::Training(training(of.case, self, of.article.citation())))
    }
}

fn tier_faults(tier: &TrainingTier, last: Option<&TrainingTier>, at: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if tier.to_months.is_some_and(|to| to < tier.from_months) {
        faults.push(Fault::new(
            format!("{at}/to_months"),
            "ends_before_it_begins",
            document::ENDS_BEFORE_IT_BEGINS,
        ));
    }
    if last.is_some_and(|last| last.to_months.is_none_or(|to| tier.from_months <= to)) {
        faults.push(Fault::new(
            format!("{at}/from_months"),
            "overlapping_tiers",
            document::TIERS_OVERLAP,
        ));
    }
    if tier.modules.is_empty() {
        faults.push(Fault::new(format!("{at}/modules"), "empty", document::NAME_AT_LEAST_ONE));
    }
    faults.extend(out_of_range(tier.hours, 2000, format!("{at}/hours")));
    for (months, name) in [(Some(tier.from_months), "from_months"), (tier.to_months, "to_months")] {
        if months.is_some_and(|months| months > 1200) {
            faults.push(Fault::new(
                format!("{at}/{name}"),
                "too_large",
                document::AT_MOST_1200_MONTHS,
            ));
        }
    }
    faults
}

fn training(case: &Case<'_>, clause: &TrainingClause, article: Words) -> TrainingConsequence {
    let start = told(case, FactKey::StartDate, case.day(Axis::StartDate));
    let exit = told(case, FactKey::EmploymentPeriods, case.exit_date());
    let until_start = exit.and_then(|exit| Ok(away(exit, start?)));
    let tier = until_start.ok().and_then(|away| tier(clause, away));
    // The length so far is told while the first day is not known; what is learnt is not guessed
    // from it.
    let so_far = exit
        .ok()
        .zip(start.ok().or(case.day(Axis::ApplicationDate)))
        .map(|(exit, until)| away(exit, until));
    let mentor_until = start
        .ok()
        .zip(clause.mentor_months)
        .map(|(start, months)| end_of_period(start, i32::from(months)));
    let days = clause.check_ins.iter().flat_map(|check_ins| &check_ins.days_after_start);
    let talks = start.ok().into_iter().flat_map(|start| {
        days.clone().map(move |days| later_by(start, Length { months: 0, days: i32::from(*days) }))
    });
    let check_ins_on: Vec<NaiveDate> = talks.collect();
    let wants_start = mentor_until.is_none() && clause.mentor_months.is_some()
        || days.count() > check_ins_on.len();
    let mut missing: Vec<FactKey> =
        until_start.err().filter(|_| !clause.tiers.is_empty()).into_iter().collect();
    missing.extend(start.err().filter(|fact| wants_start && !missing.contains(fact)));
    TrainingConsequence {
        clause: clause.id.clone(),
        article,
        text: training_words(clause, until_start.ok(), tier.as_ref(), mentor_until, &check_ins_on),
        rule: clause.rule,
        basis: clause.basis.clone(),
        months_away: so_far.map(|away| away.months),
        tier,
        mentor_months: clause.mentor_months,
        mentor_until,
        check_ins: clause.check_ins.as_ref().map(|_| true),
        check_ins_on,
        mandatory_courses_renewed: clause.mandatory_courses_renewed,
        missing,
    }
}

/// How long the person is away, from the day after the last day employed to the eve of another.
fn away(exit: NaiveDate, until: NaiveDate) -> Length {
    Length::between(next_day(exit), day_before(until))
}

/// The tier of a time away; a month that has begun counts.
fn tier(clause: &TrainingClause, away: Length) -> Option<TrainingTier> {
    let begun = away.months + i32::from(away.days > 0);
    let holds = |tier: &&TrainingTier| {
        i32::from(tier.from_months) <= begun
            && tier.to_months.is_none_or(|to| begun <= i32::from(to))
    };
    clause.tiers.iter().find(holds).cloned()
}

fn training_words(
    clause: &TrainingClause,
    away: Option<Length>,
    tier: Option<&TrainingTier>,
    mentor_until: Option<NaiveDate>,
    talks: &[NaiveDate],
) -> Words {
    let rule = match clause.rule {
        TrainingRule::Individual => training::rule::INDIVIDUAL,
        TrainingRule::FixedProgram => training::rule::FIXED_PROGRAM,
        TrainingRule::None => training::rule::NONE,
    };
    let plan = (!clause.tiers.is_empty()).then(|| plan_words(away, tier));
    let mentor = clause.mentor_months.map(|months| {
        let until = mentor_until.as_ref().map(|day| common::Until { day });
        training::Mentor { length: &Length::of_months(i32::from(months)), until: &until }.words()
    });
    let check_ins = clause.check_ins.as_ref().map(|_| talk_words(talks));
    let renewed =
        where_said(clause.mandatory_courses_renewed, training::RENEWED, training::NOT_RENEWED);
    joined([Some(rule), plan, mentor, check_ins, renewed].into_iter().flatten())
}

fn plan_words(away: Option<Length>, tier: Option<&TrainingTier>) -> Words {
    let Some(away) = away else {
        return training::TIME_AWAY_NOT_KNOWN;
    };
    let Some(tier) = tier else {
        return training::NoTier { away: &away }.words();
    };
    let hours = tier.hours.as_ref().map(|hours| training::Hours { hours });
    training::Plan { away: &away, modules: &listed(&tier.modules), hours: &hours }.words()
}

fn talk_words(talks: &[NaiveDate]) -> Words {
    if talks.is_empty() {
        return training::REGULAR_TALKS;
    }
    training::Talks { days: &listed(talks) }.words()
}

impl ConsequenceKind for TrainingConsequence {
    fn redact(&mut self) {}

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        let rule = found.first().map(|training| training.rule.label());
        let wanted = expect.training.map(|rule| Some(rule.label()));
        differences.figure(&cases::TRAINING, rule, wanted);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::{first, left};

    /// The default plan of A.8 of the domain page.
    fn trained(start: Value) -> Value {
        let module = |name: &str| json!([{"ja": name, "en": name}]);
        let clause = json!({"id": "t", "kind": "training", "rule": "fixed_program", "mentor_months": 3,
            "check_ins": {"days_after_start": [30, 90]}, "mandatory_courses_renewed": true, "tiers": [
                {"from_months": 0, "to_months": 12, "modules": module("briefing"), "hours": 8},
                {"from_months": 13, "to_months": 36, "modules": module("systems")},
                {"from_months": 37, "to_months": 84, "modules": module("assessment"), "hours": 40},
                {"from_months": 85, "modules": module("newcomer")}]});
        first(
            &[clause],
            json!({"employment_periods": left(json!({})), "application": {"start_date": start}}),
        )
    }

    #[test]
    fn a_month_that_has_begun_counts_to_the_next_tier() {
        let module = |start: &str| trained(json!(start))["tier"]["modules"][0]["en"].clone();
        assert_eq!(
            (module("2021-04-01"), module("2021-04-02")),
            (json!("briefing"), json!("systems"))
        );
        assert_eq!(
            (module("2023-04-01"), module("2023-04-02")),
            (json!("systems"), json!("assessment"))
        );
        assert_eq!(
            (module("2027-04-01"), module("2027-04-02")),
            (json!("assessment"), json!("newcomer"))
        );
    }

    #[test]
    fn a_mentor_and_talks_have_their_days() {
        let found = trained(json!("2021-04-01"));
        assert_eq!(
            (&found["mentor_until"], &found["tier"]["hours"]),
            (&json!("2021-06-30"), &json!(8))
        );
        assert_eq!(found["check_ins_on"], json!(["2021-05-01", "2021-06-30"]));
        assert!(
            found["text"]["ja"]
                .as_str()
                .unwrap()
                .contains("離職期間1年のため: briefing（8時間）。"),
            "{found}"
        );
    }

    #[test]
    fn without_a_first_day_there_is_no_plan_and_the_day_is_asked_for() {
        let found = trained(Value::Null);
        assert_eq!((found.get("tier"), found.get("mentor_until")), (None, None));
        assert_eq!(
            (&found["missing"], &found["check_ins"]),
            (&json!(["start_date"]), &json!(true))
        );
    }
}
