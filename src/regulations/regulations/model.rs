//! States of a version, pure.

use chrono::NaiveDate;

okaeri_engine::codes! {
    /// State of a regulation version.
    pub enum VersionState {
        /// Not published yet; can be changed.
        Draft = "draft",
        /// Published; its first day has not come yet.
        Announced = "announced",
        /// Published; its first day has come, and that of no later version.
        InForce = "in_force",
        /// Published; the first day of a later version has come.
        Superseded = "superseded",
    }
}

impl VersionState {
    /// Returns whether a version in this state is published and thus immutable.
    #[must_use]
    pub const fn is_published(self) -> bool {
        match self {
            Self::Draft => false,
            Self::Announced | Self::InForce | Self::Superseded => true,
        }
    }
}

/// The period in which a version applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The first day; absent if unlimited.
    pub from: Option<NaiveDate>,
    /// The last day; absent if unlimited. If it is before the first day, the version never applies.
    pub until: Option<NaiveDate>,
}

impl Term {
    /// Returns the state of a published version on this day.
    #[must_use]
    pub fn state_on(self, today: NaiveDate) -> VersionState {
        let is_over = self
            .until
            .is_some_and(|until| until < today || self.from.is_some_and(|from| until < from));
        if is_over {
            VersionState::Superseded
        } else if self.from.is_some_and(|from| today < from) {
            VersionState::Announced
        } else {
            VersionState::InForce
        }
    }

    /// Returns the period shortened by a later version that begins on this day.
    #[must_use]
    pub fn followed_from(self, first: NaiveDate) -> Self {
        let last = first.pred_opt();
        Self { until: self.until.zip(last).map(|(until, last)| until.min(last)).or(last), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_version_is_announced_in_force_and_superseded_by_its_days() {
        let term =
            Term { from: Some(day("2026-04-01")), until: None }.followed_from(day("2027-04-01"));
        let states = ["2026-03-31", "2026-04-01", "2027-03-31", "2027-04-01"]
            .map(|today| term.state_on(day(today)));
        use VersionState::{Announced, InForce, Superseded};
        assert_eq!(states, [Announced, InForce, InForce, Superseded]);
    }

    #[test]
    fn one_that_is_overtaken_before_it_begins_never_applies() {
        let term =
            Term { from: Some(day("2026-10-01")), until: None }.followed_from(day("2026-06-01"));
        assert_eq!(term.state_on(day("2026-04-01")), VersionState::Superseded);
        assert_eq!(term.followed_from(day("2026-08-01")), term);
    }
}
