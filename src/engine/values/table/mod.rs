//! Decision tables: typed columns, rows of cells, and the values that a row gives.
//!
//! A [`DecisionTable`] is what a document says; a [`CompiledTable`] is what runs: each column
//! knows, for every stretch between its cut points, which rows accept it, so that all rows are
//! found at once.

mod cell;
mod check;
mod compile;
mod evaluate;
mod rows;
mod sweep;
#[cfg(test)]
mod tests;

pub use cell::{Cell, CellBounds};
pub use check::{
    BUDGET as TABLE_CHECKS, TableCheck, TableFinding, TableFindingCode, TableSeverity, WitnessCell,
};
pub use compile::CompiledTable;
pub use evaluate::{Answered, Key, TableAnswer};
pub use rows::RowSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Currency;
use crate::tagged::Located;
use crate::values::{Literal, Source, ValueType};
use crate::words::{Fault, Words};

crate::codes! {
    /// What is answered where several rows apply.
    pub enum HitPolicy {
        /// Never more than one does: the default, and checked.
        Unique = "unique",
        /// They must all give the same.
        Any = "any",
        /// The first of them, in order.
        First = "first",
        /// The one of the highest priority.
        Priority = "priority",
        /// All of them, as a list in order.
        CollectList = "collect_list",
        /// The sum of all.
        CollectSum = "collect_sum",
        /// The least of all.
        CollectMin = "collect_min",
        /// The most of all.
        CollectMax = "collect_max",
        /// How many they are.
        CollectCount = "collect_count",
    }
}

/// Most rows of a table.
pub const MOST_ROWS: usize = 2000;
/// Most columns of a table, of both kinds.
pub const MOST_COLUMNS: usize = 16;
/// Most tables of a document.
pub const MOST_TABLES: usize = 50;
/// Most cells of all tables of a document: a full table of 2,000 rows.
pub const MOST_CELLS: usize = MOST_ROWS * MOST_COLUMNS;

/// A column that is looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "away", "of": {"kind": "months_away", "reference": "start_date", "count": "begun"}}))]
pub struct TableInput {
    /// Its name in the table.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it reads.
    pub of: Source,
}

/// A column that is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "hours", "label": {"ja": "研修時間", "en": "hours of training"}, "type": "hours"}))]
pub struct TableOutput {
    /// Its name in the table.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it is called.
    pub label: Words,
    /// Its type.
    #[serde(rename = "type")]
    pub value_type: ValueType,
    /// The currency, of money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The codes that it can be, of a text; any, when none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub members: Vec<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DecisionTableRow, example = json!({"when": [{"at_least": 13, "below": 37}], "then": [16]}))]
pub struct Row {
    /// Its id, by which it is cited; its number in the table, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub id: Option<String>,
    /// A cell for each input, in order.
    #[schema(max_items = 15)]
    pub when: Vec<Cell>,
    /// A value for each output, in order; money in minor units.
    #[schema(min_items = 1, max_items = 16)]
    pub then: Vec<Literal>,
    /// Under the policy `priority`: the higher goes before the lower; none is the lowest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 65535)]
    pub priority: Option<u16>,
}

/// A decision table. At most 2,000 rows and 16 columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "id": "training_hours", "title": {"ja": "研修時間表", "en": "Hours of training"},
    "inputs": [{"name": "away", "of": {"kind": "months_away", "reference": "start_date", "count": "begun"}}],
    "outputs": [{"name": "hours", "label": {"ja": "研修時間", "en": "hours of training"}, "type": "hours"}],
    "rows": [{"when": [{"below": 13}], "then": [8]}, {"when": [{"at_least": 13}], "then": [40]}]
}))]
pub struct DecisionTable {
    /// Its id in the document.
    #[schema(min_length = 1, max_length = 100)]
    pub id: String,
    /// What it is called.
    pub title: Words,
    /// What is answered where several rows apply.
    #[serde(default = "unique")]
    pub hit_policy: HitPolicy,
    /// What is looked at.
    #[schema(min_items = 1, max_items = 15)]
    pub inputs: Vec<TableInput>,
    /// What is answered.
    #[schema(min_items = 1, max_items = 15)]
    pub outputs: Vec<TableOutput>,
    /// The rows.
    #[schema(min_items = 1, max_items = 2000)]
    pub rows: Vec<Row>,
}

const fn unique() -> HitPolicy {
    HitPolicy::Unique
}

impl Located for DecisionTable {
    fn locate(json: &serde_json::Value, at: &str, faults: &mut Vec<Fault>) {
        use crate::tagged::{locate_plain, put};
        let mut shell = json.clone();
        let list = |key: &str| {
            json.get(key).and_then(serde_json::Value::as_array).cloned().unwrap_or_default()
        };
        for (index, input) in list("inputs").iter().enumerate() {
            if let Some(of) = input.get("of") {
                Source::locate(of, &format!("{at}/inputs/{index}/of"), faults);
                put(
                    &mut shell,
                    &format!("/inputs/{index}/of"),
                    serde_json::json!({"kind": "former_rehires"}),
                );
            }
        }
        let rows = list("rows");
        // What is wrong with one row is often wrong with all: it is said of the first few.
        let wrong = rows.iter().enumerate().filter_map(|(index, row)| {
            let mut own = Vec::new();
            locate_plain::<Row>(row, &format!("{at}/rows/{index}"), &mut own);
            (!own.is_empty()).then_some(own)
        });
        faults.extend(wrong.take(20).flatten());
        put(&mut shell, "/rows", serde_json::Value::Array(Vec::new()));
        locate_plain::<Self>(&shell, at, faults);
    }
}
