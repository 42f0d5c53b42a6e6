//! Ceilings of rank and grade at exit: an ordered scale, and how far up it reaches.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::found;
use crate::facts::{FactKey, FactSet, Labelled as _};
use crate::measures::{Answer, Case, Explained, Figure, Measure, Reading, Stance, Truth};
use crate::messages::{Said as _, boundary, check_measures, common, document, listed, measures};
use crate::review::boundary::{At, Bound, Person, Stand, beside};
use crate::review::check::{EVER, Form, Shape, Unit};
use crate::values::terms::Terms;
use crate::words::{Fault, Words};

crate::codes! {
    /// Which scale.
    pub enum Ladder {
        /// Rank at exit (職位).
        Rank = "rank",
        /// Grade at exit (等級).
        Grade = "grade",
    }
}

impl Ladder {
    /// The fact that it reads.
    #[must_use]
    pub const fn key(self) -> FactKey {
        match self {
            Self::Rank => FactKey::Rank,
            Self::Grade => FactKey::Grade,
        }
    }

    /// What it was at exit.
    #[must_use]
    pub fn at_exit<'f>(self, case: &Case<'f>) -> Option<&'f str> {
        let period = case.last?;
        match self {
            Self::Rank => period.rank.as_deref(),
            Self::Grade => period.grade.as_deref(),
        }
    }
}

/// The rank or grade at exit is at most, or at least, one of an ordered scale. A rank that the
/// scale does not name cannot be placed, and is for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RankCondition, example = json!({"kind": "rank", "of": "rank", "scale": ["主任", "係長", "課長補佐", "課長"], "at_most": "主任"}))]
pub struct RankWithin {
    /// Which scale.
    pub of: Ladder,
    /// The scale, from low to high, by the organization's codes.
    #[schema(min_items = 1, max_items = 200)]
    pub scale: Vec<String>,
    /// The highest inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<String>,
    /// The lowest inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<String>,
}

impl RankWithin {
    fn place(&self, rank: &str) -> Option<usize> {
        self.scale.iter().position(|known| known == rank)
    }

    fn required(&self) -> Words {
        let least = self
            .at_least
            .as_ref()
            .map(|least| measures::AtLeast { value: &common::Quoted { text: least } }.words());
        let most = self
            .at_most
            .as_ref()
            .map(|most| measures::AtMost { value: &common::Quoted { text: most } }.words());
        listed(&least.into_iter().chain(most).collect::<Vec<_>>()).words()
    }
}

impl Measure for RankWithin {
    fn reads(&self) -> FactSet {
        FactSet::of(&[self.of.key()])
    }

    fn read(&self, case: &Case<'_>) -> Answer {
        let Some(rank) = self.of.at_exit(case) else { return Answer::lacks(self.of.key()) };
        let Some(place) = self.place(rank) else { return Answer::open() };
        let within = |limit: &Option<String>, holds: fn(usize, usize) -> bool| {
            limit
                .as_deref()
                .and_then(|limit| self.place(limit))
                .is_none_or(|limit| holds(place, limit))
        };
        Answer::known(Truth::of(
            within(&self.at_most, |place, most| place <= most)
                && within(&self.at_least, |place, least| place >= least),
        ))
    }

    fn reading<'c>(&'c self, case: &Case<'c>) -> Reading<'c> {
        Reading::found(self.read(case).truth, self.of.at_exit(case).map(Figure::Quoted))
    }

    fn tell(&self, reading: &Reading<'_>, stance: Stance, _terms: Option<&Terms>) -> Explained {
        found(&self.of.key().label(), self.required(), reading, stance)
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.at_most.is_none() && self.at_least.is_none() {
            faults.push(Fault::new("/at_most", "required", measures::NAME_A_BOUND));
        }
        for (limit, at) in [(&self.at_most, "/at_most"), (&self.at_least, "/at_least")] {
            if limit.as_deref().is_some_and(|limit| self.place(limit).is_none()) {
                faults.push(Fault::new(at, "not_on_scale", document::NOT_ON_THE_SCALE));
            }
        }
        faults
    }

    fn shape(&self) -> Shape {
        let place = |limit: &Option<String>| {
            let limit = limit.as_deref()?;
            self.scale
                .iter()
                .position(|known| known == limit)
                .and_then(|place| i64::try_from(place).ok())
        };
        let top = i64::try_from(self.scale.len()).unwrap_or(EVER);
        // The scale ends: nobody stands above it.
        let to = place(&self.at_most).map(|most| most + 1).filter(|to| *to < top);
        let form = Form::between(0, place(&self.at_least), to, Unit::Step);
        Shape::of(json!(["rank", self.of, self.scale]), self.of.key().label(), form)
    }

    fn people(&self, person: &Person, _terms: &Terms) -> Vec<Stand> {
        let ranked = |code: &str| {
            person.with_last(|period| match self.of {
                Ladder::Rank => period.rank = Some(code.to_owned()),
                Ladder::Grade => period.grade = Some(code.to_owned()),
            })
        };
        let place = |code: &str| self.scale.iter().position(|known| known == code);
        let mut stands = Vec::new();
        for (limit, is_least) in [(&self.at_least, true), (&self.at_most, false)] {
            let Some((limit, at_limit)) =
                limit.as_deref().and_then(|limit| Some((limit, place(limit)?)))
            else {
                continue;
            };
            let bound =
                if is_least { Bound::Least(limit.words()) } else { Bound::Most(limit.words()) };
            let steps = [
                (At::Below, at_limit.checked_sub(1)),
                (At::Threshold, Some(at_limit)),
                (At::Above, at_limit.checked_add(1)),
            ];
            for (at, step) in steps {
                // One that the scale names twice stands where it is named first.
                let step = step.and_then(|step| self.scale.get(step).map(|code| (step, code)));
                let Some((step, code)) = step.filter(|(step, code)| place(code) == Some(*step))
                else {
                    continue;
                };
                let step = i64::try_from(step).unwrap_or_default();
                stands.push(Stand::on_line(
                    at,
                    &bound,
                    &boundary::ONE_STEP,
                    step,
                    code.words(),
                    ranked(code),
                ));
            }
        }
        let unplaced = ranked(&beside(&self.scale));
        stands.push(Stand::answering(
            At::Unknown,
            Truth::Unknown,
            check_measures::ANOTHER,
            boundary::NOT_ON_SCALE,
            unplaced,
        ));
        stands
    }
}
