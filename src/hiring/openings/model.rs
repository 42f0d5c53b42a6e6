//! States and days of an opening, pure.

use chrono::NaiveDate;
use okaeri_engine::facts::{CompanyFacts, Facts};
use okaeri_engine::messages::openings;

use crate::platform::error::Fault;

okaeri_engine::codes! {
    /// State of an opening.
    pub enum OpeningState {
        /// Seats can be taken.
        Open = "open",
        /// Seats cannot be taken: it was closed, its first day has not come, or its last day has
        /// passed.
        Closed = "closed",
    }
}

impl OpeningState {
    /// Returns the state of an opening on this day: outside its days it is closed, whatever its
    /// stored state.
    #[must_use]
    pub fn on(
        self,
        today: NaiveDate,
        opens_on: Option<NaiveDate>,
        closes_on: Option<NaiveDate>,
    ) -> Self {
        let is_within = opens_on.is_none_or(|opens| opens <= today)
            && closes_on.is_none_or(|closes| today <= closes);
        if is_within { self } else { Self::Closed }
    }
}

/// Returns the faults of an opening's days. Decisions read the days, so they must be valid as
/// facts.
#[must_use]
pub fn day_faults(opens_on: Option<NaiveDate>, closes_on: Option<NaiveDate>) -> Vec<Fault> {
    let company = CompanyFacts {
        vacancy_opened_on: opens_on,
        window_closes_on: closes_on,
        ..CompanyFacts::default()
    };
    let mut faults = Facts { company, ..Facts::default() }.check().err().unwrap_or_default();
    for fault in &mut faults {
        let place =
            if fault.pointer.ends_with("vacancy_opened_on") { "/opens_on" } else { "/closes_on" };
        place.clone_into(&mut fault.pointer);
    }
    if opens_on.zip(closes_on).is_some_and(|(opens, closes)| closes < opens) {
        let message = openings::CLOSES_BEFORE_IT_OPENS;
        faults.push(Fault::new("/closes_on", "ends_before_it_begins", message));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_opens_before_it_closes_in_a_year_that_can_be() {
        let places = |opens: &str, closes: &str| {
            let faults = day_faults(opens.parse().ok(), closes.parse().ok());
            faults.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
        };
        assert_eq!(places("2026-04-01", "2026-04-01"), [""; 0]);
        assert_eq!(places("2026-04-02", "2026-04-01"), ["/closes_on"]);
        assert_eq!(places("0202-04-01", "2026-04-01"), ["/opens_on"]);
    }
}
