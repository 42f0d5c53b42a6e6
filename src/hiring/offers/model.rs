//! Authors of the parts of an offer, pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use okaeri_engine::workflow::offer::OfferTerms;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Key of the request for approval among the parts of an offer.
const REQUEST: &str = "request";

/// The author of each current part of an offer, and the user who requested its approval.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Authors(BTreeMap<String, String>);

impl Authors {
    /// Records `actor` as the author of every part that differs between `before` and `after`.
    pub fn wrote(&mut self, actor: &str, before: &Parts, after: &Parts) {
        let Parts(before) = before;
        let Parts(after) = after;
        for part in
            before.keys().chain(after.keys()).filter(|part| before.get(*part) != after.get(*part))
        {
            self.0.insert(part.clone(), actor.to_owned());
        }
    }

    /// Records that `actor` requested the approval.
    pub fn requested(&mut self, actor: &str) {
        self.0.insert(REQUEST.to_owned(), actor.to_owned());
    }

    /// Returns whether `actor` wrote a current part or requested the approval.
    #[must_use]
    pub fn include(&self, actor: &str) -> bool {
        self.0.values().any(|author| author == actor)
    }
}

/// The parts of an offer that an approver approves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parts(BTreeMap<String, Value>);

impl Parts {
    /// Returns the parts of an offer: each term, the last day, and the reason for a deviation.
    ///
    /// # Errors
    /// Fails when the terms cannot be serialized as JSON.
    pub fn of(
        terms: &OfferTerms,
        expires_on: NaiveDate,
        deviation_reason: Option<&str>,
    ) -> Result<Self, serde_json::Error> {
        let terms = serde_json::to_value(terms)?;
        let terms = terms
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, term)| (format!("terms/{name}"), term.clone()));
        let beside =
            [("expires_on", json!(expires_on)), ("deviation_reason", json!(deviation_reason))];
        let beside = beside.into_iter().filter(|(_, value)| !value.is_null());
        Ok(Self(terms.chain(beside.map(|(name, value)| (name.to_owned(), value))).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(parts: Value) -> Parts {
        Parts(serde_json::from_value(parts).unwrap())
    }

    #[test]
    fn whoever_wrote_a_part_that_stands_is_an_author() {
        let (mut authors, first) = (Authors::default(), parts(json!({"pay": 1, "grade": "3"})));
        authors.wrote("anna", &Parts::default(), &first);
        let second = parts(json!({"pay": 2, "grade": "3"}));
        authors.wrote("ben", &first, &second);
        assert!(authors.include("anna") && authors.include("ben"));
        // Nothing that anna wrote stands any more.
        authors.wrote("cho", &second, &parts(json!({"pay": 2})));
        assert_eq!(
            (authors.include("anna"), authors.include("ben"), authors.include("cho")),
            (false, true, true)
        );
        authors.requested("dai");
        assert!(authors.include("dai"));
    }

    #[test]
    fn saying_the_same_again_writes_nothing() {
        let (mut authors, same) = (Authors::default(), parts(json!({"pay": 1})));
        authors.wrote("anna", &same, &same);
        assert_eq!(authors, Authors::default());
    }
}
