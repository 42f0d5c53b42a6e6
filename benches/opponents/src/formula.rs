//! A condition of ours in the languages of the others.

use serde_json::{Value, json};

use crate::plain::day_number;

/// A condition over facts that are compared as they stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// Every one holds.
    All(Vec<Formula>),
    /// At least one holds.
    Any(Vec<Formula>),
    /// It does not hold.
    Not(Box<Formula>),
    /// A fact is one of these texts.
    OneOf(String, Vec<String>),
    /// A fact is at least this number.
    AtLeast(String, i64),
    /// A fact is at most this number.
    AtMost(String, i64),
    /// A fact is yes, or no.
    Is(String, bool),
}

fn texts(of: &Value) -> Vec<String> {
    of.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn day(of: &Value) -> i64 {
    day_number(of.as_str().unwrap().parse().unwrap())
}

impl Formula {
    /// The formula of a condition.
    ///
    /// # Panics
    /// It compares something that is counted first.
    pub fn of(condition: &Value) -> Self {
        let several = || condition["of"].as_array().unwrap().iter().map(Self::of).collect();
        match condition["kind"].as_str().unwrap() {
            "all" => Self::All(several()),
            "any" => Self::Any(several()),
            "not" => Self::Not(Box::new(Self::of(&condition["of"]))),
            kind @ ("job_family" | "employment_type" | "exit_route" | "exit_reason" | "entity" | "rehire_code") => {
                Self::OneOf(kind.to_owned(), texts(&condition["any_of"]))
            }
            "exit_date" => Self::AtLeast("exit_date".to_owned(), day(&condition["on_or_after"])),
            "notice_given" => Self::AtLeast("notice_given".to_owned(), condition["at_least_days"].as_i64().unwrap()),
            "fact" => Self::Is(
                condition["fact"].as_str().unwrap().to_owned(),
                condition.get("is").is_none_or(|is| is.as_bool().unwrap()),
            ),
            "declared" => Self::declared(condition),
            kind => panic!("{kind} is not translated"),
        }
    }

    /// Every comparison of a declared fact, which stands in a map of its own.
    fn declared(condition: &Value) -> Self {
        let name = format!("declared.{}", condition["name"].as_str().unwrap());
        let number = |key: &str| condition.get(key).map(|number| number.as_i64().unwrap());
        let date = |key: &str| condition.get(key).map(day);
        let mut of = Vec::new();
        of.extend(condition.get("is").map(|is| Self::Is(name.clone(), is.as_bool().unwrap())));
        of.extend(condition.get("any_of").map(|any_of| Self::OneOf(name.clone(), texts(any_of))));
        of.extend(number("at_least").or_else(|| date("on_or_after")).map(|least| Self::AtLeast(name.clone(), least)));
        of.extend(number("at_most").or_else(|| date("on_or_before")).map(|most| Self::AtMost(name.clone(), most)));
        Self::All(of)
    }

    /// In CEL.
    pub fn cel(&self) -> String {
        self.infix(["&&", "||", "!"])
    }

    /// In ZEN's expression language.
    pub fn zen(&self) -> String {
        self.infix(["and", "or", "not "])
    }

    fn infix(&self, words: [&str; 3]) -> String {
        let joined = |of: &[Self], word: &str| {
            let each: Vec<String> = of.iter().map(|one| one.infix(words)).collect();
            format!("({})", each.join(&format!(" {word} ")))
        };
        let [and, or, not] = words;
        match self {
            Self::All(of) => joined(of, and),
            Self::Any(of) => joined(of, or),
            Self::Not(of) => format!("{not}({})", of.infix(words)),
            Self::OneOf(fact, any_of) => format!("{fact} in {}", json!(any_of)),
            Self::AtLeast(fact, least) => format!("{fact} >= {least}"),
            Self::AtMost(fact, most) => format!("{fact} <= {most}"),
            Self::Is(fact, true) => fact.clone(),
            Self::Is(fact, false) => format!("{not}({fact})"),
        }
    }

    /// In JSONLogic.
    pub fn json_logic(&self) -> Value {
        let each = |of: &[Self]| of.iter().map(Self::json_logic).collect::<Vec<Value>>();
        match self {
            Self::All(of) => json!({"and": each(of)}),
            Self::Any(of) => json!({"or": each(of)}),
            Self::Not(of) => json!({"!": [of.json_logic()]}),
            Self::OneOf(fact, any_of) => json!({"in": [{"var": fact}, any_of]}),
            Self::AtLeast(fact, least) => json!({">=": [{"var": fact}, least]}),
            Self::AtMost(fact, most) => json!({"<=": [{"var": fact}, most]}),
            Self::Is(fact, true) => json!({"var": fact}),
            Self::Is(fact, false) => json!({"!": [{"var": fact}]}),
        }
    }
}
