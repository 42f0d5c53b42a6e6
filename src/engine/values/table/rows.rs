//! Sets of rows, as bits.

/// A set of rows of one table. All sets of a table have the same length.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowSet(Vec<u64>);

impl RowSet {
    /// No row of so many.
    #[must_use]
    pub fn none(rows: usize) -> Self {
        Self(vec![0; rows.div_ceil(64)])
    }

    /// Every row of so many.
    #[must_use]
    pub fn all(rows: usize) -> Self {
        let mut set = Self::none(rows);
        for row in 0..rows {
            set.insert(row);
        }
        set
    }

    /// Adds a row.
    pub fn insert(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// Takes a row out.
    pub fn remove(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    /// Becomes what is in two others.
    pub fn set_common(&mut self, one: &Self, other: &Self) {
        self.0.clear();
        self.0.extend(one.0.iter().zip(&other.0).map(|(one, other)| one & other));
    }

    /// Whether a row is in it.
    #[must_use]
    pub fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word & (1 << (row % 64)) != 0)
    }

    /// Nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Keeps what is in another too.
    pub fn keep(&mut self, other: &Self) {
        for (word, kept) in self.0.iter_mut().zip(&other.0) {
            *word &= kept;
        }
    }

    /// Adds what is in another.
    pub fn add(&mut self, other: &Self) {
        for (word, added) in self.0.iter_mut().zip(&other.0) {
            *word |= added;
        }
    }

    /// What is in both.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, other)| one & other).collect())
    }

    /// Something is in both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }

    /// Keeps the rows before one.
    pub fn keep_before(&mut self, row: usize) {
        for (index, word) in self.0.iter_mut().enumerate() {
            let from = index * 64;
            if from + 64 > row {
                *word = if from >= row { 0 } else { *word & ((1 << (row - from)) - 1) };
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let next = (left != 0).then(|| index * 64 + left.trailing_zeros() as usize);
                left &= left.wrapping_sub(1);
                next
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_in_order_and_cut_before_one() {
        let mut set = RowSet::none(130);
        for row in [129, 3, 64, 63] {
            set.insert(row);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 63, 64, 129]);
        set.keep_before(64);
        assert_eq!((set.iter().collect::<Vec<_>>(), set.count()), (vec![3, 63], 2));
        assert_eq!(RowSet::all(130).count(), 130);
    }
}
