//! What the tests of clauses begin with.

use serde_json::{Value, json};

use super::{Clause, Consequence};
use crate::decide::Compiled;
use crate::document::Document;

/// What follows from clauses, each in an article of its part.
pub(super) fn all(clauses: &[Value], facts: Value) -> Vec<Consequence> {
    let articles: Vec<Value> = clauses
        .iter()
        .map(|clause| {
            let part = serde_json::from_value::<Clause>(clause.clone()).unwrap().as_kind().parts()[0];
            let empty = json!({"ja": "", "en": ""});
            json!({"part": part, "number": "1", "heading": empty, "text": empty, "clauses": [clause]})
        })
        .collect();
    let document = json!({"code": "T", "name": {"ja": "試", "en": "test"}, "effective_basis": "application_date",
        "jurisdiction_packs": [], "articles": articles});
    let compiled = Compiled::new(Document::parse(&document).unwrap()).unwrap();
    compiled.decide(&serde_json::from_value(facts).unwrap()).consequences
}

/// What follows from the first of some clauses, as JSON.
pub(super) fn first(clauses: &[Value], facts: Value) -> Value {
    serde_json::to_value(&all(clauses, facts)[0]).unwrap()
}

/// What the applicant reads of what follows from a clause, as JSON.
pub(super) fn shown(clause: Value, facts: Value) -> Value {
    let mut found = all(&[clause], facts);
    found[0].redact();
    serde_json::to_value(&found[0]).unwrap()
}

/// A period of six years that ended on 31 March 2020, with more on its record.
pub(super) fn left(more: Value) -> Value {
    let mut period = json!({"start": "2014-04-01", "last_day": "2020-03-31"});
    period.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!([period])
}
