//! How former service counts (勤続の通算).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::checks::{locate_around, twice, when_in_each};
use super::{ClauseKind, Consequence, ConsequenceKind, Deciding, in_each, told};
use crate::calendar::{Length, day_before, later_by, next_day};
use crate::decide::Differences;
use crate::document::rendering::condition;
use crate::document::{Expected, Part};
use crate::facts::{EmploymentPeriod, FactKey, Labelled as _, names};
use crate::measures::{Axis, Case, Condition, Truth};
use crate::messages::treatment::service;
use crate::messages::{Joined, Said as _, cases, clauses, consequences, listed};
use crate::tagged::Located;
use crate::values::terms::Terms;
use crate::words::{Fault, Words, joined};

crate::codes! {
    /// From when service counts.
    pub enum ServiceDate {
        /// From the first day of the former service, time away included.
        Original = "original",
        /// From the first day of the former service moved later by the time away.
        Adjusted = "adjusted",
        /// From the return.
        New = "new",
    }
}

crate::codes! {
    /// What becomes of a balance.
    pub enum Balance {
        /// It is given back.
        Restored = "restored",
        /// It is lost.
        Lost = "lost",
    }
}

/// How former service counts where a condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceTier {
    /// Where it applies.
    pub when: Condition,
    /// From when service counts.
    pub service_date: ServiceDate,
    /// What becomes of each balance, by the organization's codes.
    #[serde(default)]
    pub balances: BTreeMap<String, Balance>,
}

/// How former service counts: the first tier whose condition holds; none means that it does not
/// count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "service", "kind": "service_aggregation", "benefits": ["vacation"], "tiers": [
    {"when": {"kind": "gap", "at_most_months": 3, "reference": "start_date", "last_day": "day_after_period_in"},
     "service_date": "original", "balances": {"sick": "restored"}}]}))]
pub struct ServiceAggregationClause {
    /// Its stable id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// For which benefits, by the organization's codes.
    #[schema(max_items = 50)]
    pub benefits: Vec<String>,
    /// The tiers, in order.
    #[schema(max_items = 50)]
    pub tiers: Vec<ServiceTier>,
}

impl Located for ServiceAggregationClause {
    fn locate(json: &Value, at: &str, faults: &mut Vec<Fault>) {
        locate_around::<Self>(json, at, &when_in_each(json, "tiers"), faults);
    }
}

consequence! {
    /// How former service counts.
    ServiceConsequence {
        /// From when; absent while it cannot be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        rule: Option<ServiceDate>,
        /// The day from which service counts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        service_date: Option<NaiveDate>,
        /// For which benefits.
        #[schema(max_items = 50)]
        benefits: Vec<String>,
        /// What becomes of each balance.
        balances: BTreeMap<String, Balance>,
        /// It goes by something for the company's eyes only.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        confidential: bool,
    }
}

impl ClauseKind for ServiceAggregationClause {
    fn parts(&self) -> &'static [Part] {
        &[Part::Treatment]
    }

    fn conditions(&self) -> Vec<(String, &Condition)> {
        in_each("tiers", self.tiers.iter().map(|tier| Some(&tier.when))).collect()
    }

    fn faults(&self) -> Vec<Fault> {
        twice(&self.benefits, "/benefits")
    }

    fn in_words(&self, terms: &Terms) -> Words {
        let tiers = self.tiers.iter().map(|tier| {
            let balance = |(code, balance): (&String, &Balance)| {
                let code = &names::called(code, names::benefit);
                match balance {
                    Balance::Restored => clauses::service::Restored { code }.words(),
                    Balance::Lost => clauses::service::Lost { code }.words(),
                }
            };
            let balances: Vec<Words> = tier.balances.iter().map(balance).collect();
            let balances = Joined { of: &balances, between: Words::default() };
            clauses::service::Tier {
                when: &condition(&tier.when, terms),
                date: &tier.service_date.label(),
                balances: &balances,
            }
            .words()
        });
        let of =
            clauses::service::Of { benefits: &names::listed_by(&self.benefits, names::benefit) }
                .words();
        joined([of].into_iter().chain(tiers).chain([clauses::service::OTHERWISE]))
    }

    fn consequence(&self, of: &Deciding<'_>) -> Option<Consequence> {
        Some(Consequence::ServiceAggregation(service(of.case, self, of.article.citation())))
    }
}

/// The first tier whose condition holds; one that cannot be told stops the search.
fn service(
    case: &Case<'_>,
    clause: &ServiceAggregationClause,
    article: Words,
) -> ServiceConsequence {
    let confidential = clause.tiers.iter().any(|tier| tier.when.is_confidential(case));
    let bare = |rule, service_date, text, missing| ServiceConsequence {
        clause: clause.id.clone(),
        article: article.clone(),
        text,
        rule,
        service_date,
        benefits: clause.benefits.clone(),
        balances: BTreeMap::new(),
        missing,
        confidential,
    };
    let counted = |rule: ServiceDate, balances: &BTreeMap<String, Balance>| {
        let from = counts_from(case, rule);
        let date = from.as_ref().ok().map(|from| from.date);
        let text = joined([rule_words(rule)].into_iter().chain(from.as_ref().ok().map(date_words)));
        let missing = from.err().into_iter().collect();
        let found = bare(Some(rule), date, joined([text, balance_words(balances)]), missing);
        ServiceConsequence { balances: balances.clone(), ..found }
    };
    for tier in &clause.tiers {
        let answer = tier.when.answer(case);
        match answer.truth {
            Truth::NotMet => {}
            Truth::Unknown => {
                return bare(None, None, service::NOT_KNOWN, answer.missing.iter().collect());
            }
            Truth::Met => return counted(tier.service_date, &tier.balances),
        }
    }
    counted(ServiceDate::New, &BTreeMap::new())
}

/// The day from which service counts, and the sum that gives it.
struct CountsFrom {
    date: NaiveDate,
    sum: Option<(NaiveDate, Length)>,
}

/// Returns the day from which service counts, or the fact that is missing for it.
fn counts_from(case: &Case<'_>, rule: ServiceDate) -> Result<CountsFrom, FactKey> {
    let start = || told(case, FactKey::StartDate, case.day(Axis::StartDate));
    let first =
        told(case, FactKey::EmploymentPeriods, in_order(case).first().map(|period| period.start));
    match rule {
        ServiceDate::New => Ok(CountsFrom { date: start()?, sum: None }),
        ServiceDate::Original => Ok(CountsFrom { date: first?, sum: None }),
        ServiceDate::Adjusted => {
            let (first, away) = (first?, time_away(case, start()?)?);
            Ok(CountsFrom { date: later_by(first, away), sum: Some((first, away)) })
        }
    }
}

fn in_order<'c>(case: &Case<'c>) -> Vec<&'c EmploymentPeriod> {
    let mut periods: Vec<&EmploymentPeriod> = case.facts.employment_periods.iter().collect();
    periods.sort_unstable_by_key(|period| period.start);
    periods
}

/// Returns the time between all periods, and from the last one to the return.
fn time_away(case: &Case<'_>, back: NaiveDate) -> Result<Length, FactKey> {
    let periods = in_order(case);
    let returns = periods.iter().skip(1).map(|period| period.start).chain([back]);
    periods.iter().zip(returns).try_fold(Length::default(), |all, (period, back)| {
        let exit = period.last_day.ok_or(FactKey::EmploymentPeriods)?;
        let away = Length::between(next_day(exit), day_before(back));
        Ok(Length { months: all.months + away.months, days: all.days + away.days })
    })
}

const fn rule_words(rule: ServiceDate) -> Words {
    match rule {
        ServiceDate::Original => service::ORIGINAL,
        ServiceDate::Adjusted => service::ADJUSTED,
        ServiceDate::New => service::NEW,
    }
}

fn date_words(from: &CountsFrom) -> Words {
    let sum = from.sum.as_ref().map(|(start, away)| service::Sum { start, away });
    service::CountsFrom { date: &from.date, sum: &sum }.words()
}

fn balance_words(balances: &BTreeMap<String, Balance>) -> Words {
    let named = |wanted: Balance| -> Vec<&str> {
        balances
            .iter()
            .filter(|(_, balance)| **balance == wanted)
            .map(|(name, _)| name.as_str())
            .collect()
    };
    let (restored, lost) = (named(Balance::Restored), named(Balance::Lost));
    let called = |codes: &[&str]| names::listed_by(codes, names::benefit);
    let restored =
        (!restored.is_empty()).then(|| service::Restored { names: &called(&restored) }.words());
    let lost = (!lost.is_empty()).then(|| service::Lost { names: &called(&lost) }.words());
    joined(restored.into_iter().chain(lost))
}

impl ConsequenceKind for ServiceConsequence {
    fn redact(&mut self) {
        if self.confidential {
            (self.rule, self.service_date) = (None, None);
            self.balances.clear();
            self.missing.clear();
            self.text = consequences::ASK_PERSONNEL;
        }
    }

    fn compare(found: &[&Self], expect: &Expected, differences: &mut Differences) {
        let day = found.iter().find_map(|service| service.service_date);
        let wanted = expect.service_date.map(|day| Some(day.words()));
        differences.figure(&cases::SERVICE_DATE, day.map(|day| day.words()), wanted);
        for (benefit, day) in expect.service_dates.iter().flatten() {
            let of_benefit = found.iter().find(|service| service.benefits.contains(benefit));
            let what = cases::ServiceDateOf { benefit: &names::called(benefit, names::benefit) };
            let found = of_benefit.and_then(|service| service.service_date);
            differences.figure(&what, found.map(|day| day.words()), Some(Some(day.words())));
        }
        if let Some(wanted) = &expect.balances {
            let found = found.iter().flat_map(|service| service.balances.clone()).collect();
            differences.compare(
                &cases::BALANCES,
                &listed_balances(&found),
                &listed_balances(wanted),
            );
        }
    }
}

fn listed_balances(balances: &BTreeMap<String, Balance>) -> Words {
    let one = |(code, balance): (&String, &Balance)| {
        cases::Balance { of: &names::called(code, names::benefit), what: &balance.label() }.words()
    };
    listed(&balances.iter().map(one).collect::<Vec<_>>()).words()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::clauses::tests::{first, left, shown};

    /// The service date of somebody with two periods, 2015-08-16 to 2018-05-15 and 2019-02-16 to
    /// 2020-05-15.
    fn counted(date: &str, start: Value) -> Value {
        let when = json!({"kind": "fact", "fact": "invited"});
        let clause = json!({"id": "s", "kind": "service_aggregation", "benefits": ["vacation"],
            "tiers": [{"when": when, "service_date": date}]});
        let periods = json!([{"start": "2019-02-16", "last_day": "2020-05-15"}, {"start": "2015-08-16", "last_day": "2018-05-15"}]);
        first(
            &[clause],
            json!({"employment_periods": periods, "application": {"start_date": start, "invited": true}}),
        )
    }

    #[test]
    fn each_benefit_counts_by_its_own_clause() {
        let service = |id: &str, benefit: &str, date: &str| {
            let when = json!({"kind": "tenure", "at_least_months": 24});
            json!({"id": id, "kind": "service_aggregation", "benefits": [benefit], "tiers": [{"when": when, "service_date": date}]})
        };
        let facts = json!({"employment_periods": left(json!({"employment_type": "regular"})), "application": {"start_date": "2021-04-01"}});
        let both = [
            service("a", "vacation", "original"),
            service("b", "retirement_allowance", "adjusted"),
        ];
        assert_eq!(first(&both, facts.clone())["service_date"], "2014-04-01");
        assert_eq!(first(&[both[1].clone(), both[0].clone()], facts)["service_date"], "2015-04-01");
    }

    #[test]
    fn service_counts_over_all_periods() {
        let back = || json!("2021-01-16");
        assert_eq!(counted("original", back())["service_date"], "2015-08-16");
        // Four years were served: 2021-01-16 less four years.
        let adjusted = counted("adjusted", back());
        assert_eq!(adjusted["service_date"], "2017-01-16");
        assert_eq!(
            adjusted["text"]["en"],
            "Former service counts, time away left out. Service counts from 2017-01-16 (2015-08-16 plus 1 year 5 months away)."
        );
    }

    #[test]
    fn a_service_date_that_cannot_be_told_asks_for_what_is_missing() {
        let adjusted = counted("adjusted", Value::Null);
        assert_eq!(
            (adjusted.get("service_date"), &adjusted["missing"]),
            (None, &json!(["start_date"]))
        );
        assert_eq!(
            adjusted["text"]["ja"],
            "離職期間を除いて従前の勤続を通算します。確認できない事項: 復職予定日。"
        );
        assert_eq!(counted("original", Value::Null)["service_date"], "2015-08-16");
    }

    #[test]
    fn the_applicant_does_not_read_from_service_what_was_recorded_in_confidence() {
        let clause = json!({"id": "s", "kind": "service_aggregation", "benefits": ["vacation"], "tiers": [
            {"when": {"kind": "fact", "fact": "good_standing"}, "service_date": "original", "balances": {"sick": "restored"}}]});
        let shown = shown(
            clause,
            json!({"employment_periods": left(json!({"left_in_good_standing": true}))}),
        );
        assert_eq!((shown.get("service_date"), &shown["balances"]), (None, &json!({})));
        assert_eq!(shown["text"]["ja"], "この点については人事部門にお問い合わせください。");
    }
}
