//! Sets of fact names, small enough to copy.

use super::FactKey;
use crate::codes::Code as _;

/// A set of fact names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FactSet(u64);

const _: () = assert!(<FactKey as crate::codes::Code>::ALL.len() <= 64);

impl FactSet {
    /// No fact.
    pub const NONE: Self = Self(0);

    /// These facts.
    #[must_use]
    pub const fn of(keys: &[FactKey]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while let Some((key, _)) = keys.split_at(index).1.split_first() {
            bits |= 1 << *key as u64;
            index += 1;
        }
        Self(bits)
    }

    /// All of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Nothing is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it has this fact.
    #[must_use]
    pub const fn has(self, key: FactKey) -> bool {
        self.0 & (1 << key as u64) != 0
    }

    /// Its facts, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = FactKey> {
        FactKey::ALL.iter().copied().filter(move |key| self.has(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in() {
        let set = FactSet::of(&[FactKey::Declared, FactKey::BirthDate]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [FactKey::BirthDate, FactKey::Declared]);
        assert!(!set.has(FactKey::Leaves));
        assert_eq!(
            set.common(FactSet::of(&[FactKey::Declared])),
            FactSet::of(&[FactKey::Declared])
        );
        assert!(set.common(FactSet::NONE).is_empty());
    }
}
