//! What a condition wants, in words.

use crate::measures::{Condition, Node, wanted};
use crate::messages::{Joined, Said as _, clauses};
use crate::values::terms::Terms;
use crate::words::Words;

/// What a condition wants.
pub(crate) fn condition(of: &Condition, terms: &Terms) -> Words {
    match of.node() {
        Node::Leaf(measure) => {
            let (subject, required) = wanted(measure, terms);
            let required =
                Joined { of: &required, between: clauses::condition::OF_SEVERAL }.words();
            match subject {
                Some(subject) => {
                    clauses::condition::Leaf { subject: &subject, wanted: &required }.words()
                }
                None => lowered(required),
            }
        }
        Node::All(of) => several(of, terms, clauses::condition::AND),
        Node::Any(of) => several(of, terms, clauses::condition::OR),
        Node::AtLeast(count, of) => {
            let several = several(of, terms, clauses::condition::OF_SEVERAL);
            clauses::condition::AtLeast { count: &count, of: &several }.words()
        }
        Node::Not(of) => clauses::condition::Not { of: &condition(of, terms) }.words(),
    }
}

/// Conditions stand within sentences.
pub(crate) fn lowered(mut sentence: Words) -> Words {
    let letters = sentence.en.chars();
    sentence.en =
        letters.clone().take(1).flat_map(char::to_lowercase).chain(letters.skip(1)).collect();
    sentence
}

fn several(of: &[Condition], terms: &Terms, between: Words) -> Words {
    let in_brackets = |one: &Condition| {
        let words = condition(one, terms);
        let is_compound =
            matches!(one.node(), Node::All(_) | Node::Any(_) | Node::AtLeast(..)) && of.len() > 1;
        if is_compound { clauses::condition::Brackets { of: &words }.words() } else { words }
    };
    let conditions: Vec<Words> = of.iter().map(in_brackets).collect();
    Joined { of: &conditions, between }.words()
}
