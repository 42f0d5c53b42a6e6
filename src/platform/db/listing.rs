//! Which part of a list, and in which order: the same for every table of things that change.

use std::fmt;
use std::str::FromStr;

use crate::platform::clock::Timestamp;

/// In which order a list comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By when things were made, latest first.
    Newest,
    /// By when things were made, earliest first.
    Oldest,
    /// By when things last changed, latest first.
    LatestChange,
    /// By when things last changed, earliest first.
    EarliestChange,
}

/// Between which instants or days; each bound that is given holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span<T = Timestamp> {
    /// After this one.
    pub gt: Option<T>,
    /// At this one or after it.
    pub gte: Option<T>,
    /// Before this one.
    pub lt: Option<T>,
    /// At this one or before it.
    pub lte: Option<T>,
}

/// The last thing of the page before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After<I> {
    /// Which.
    pub id: I,
    /// When it had last changed.
    pub changed: Timestamp,
}

impl<I: fmt::Display> fmt::Display for After<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.changed)
    }
}

impl<I: FromStr> FromStr for After<I> {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, changed) = text.split_once('@').ok_or(())?;
        let changed: chrono::DateTime<chrono::Utc> = changed.parse().map_err(drop)?;
        Ok(Self { id: id.parse().map_err(drop)?, changed: changed.into() })
    }
}

/// Which part of a list.
#[derive(Debug, Clone)]
pub struct Listing<I> {
    /// In which order.
    pub order: Order,
    /// Behind which thing it begins; at the beginning, when absent.
    pub after: Option<After<I>>,
    /// Made when.
    pub created: Span,
    /// Last changed when.
    pub updated: Span,
    /// How many rows to load.
    pub rows: i64,
}

/// Loads what a [`Listing`] tells of a boxed query on a table with `id`, `created_at` and
/// `updated_at`.
macro_rules! load_listed {
    ($conn:expr, $query:expr, $table:ident, $listing:expr) => {{
        use $crate::platform::db::listing::{Order, within};
        let (mut query, listing) = ($query, $listing);
        within!(query, $table::created_at, listing.created);
        within!(query, $table::updated_at, listing.updated);
        if let Some(after) = &listing.after {
            let (id, at) = (after.id, after.changed);
            query = match listing.order {
                Order::Newest => query.filter($table::id.lt(id)),
                Order::Oldest => query.filter($table::id.gt(id)),
                Order::LatestChange => query.filter(
                    $table::updated_at.lt(at).or($table::updated_at.eq(at).and($table::id.lt(id))),
                ),
                Order::EarliestChange => query.filter(
                    $table::updated_at.gt(at).or($table::updated_at.eq(at).and($table::id.gt(id))),
                ),
            };
        }
        query = match listing.order {
            Order::Newest => query.order($table::id.desc()),
            Order::Oldest => query.order($table::id.asc()),
            Order::LatestChange => query.order(($table::updated_at.desc(), $table::id.desc())),
            Order::EarliestChange => query.order(($table::updated_at.asc(), $table::id.asc())),
        };
        query.limit(listing.rows).load($conn)
    }};
}
pub(crate) use load_listed;

/// Narrows a boxed query to a [`Span`].
macro_rules! within {
    ($query:ident, $column:expr, $span:expr) => {
        if let Some(bound) = $span.gt {
            $query = $query.filter($column.gt(bound));
        }
        if let Some(bound) = $span.gte {
            $query = $query.filter($column.ge(bound));
        }
        if let Some(bound) = $span.lt {
            $query = $query.filter($column.lt(bound));
        }
        if let Some(bound) = $span.lte {
            $query = $query.filter($column.le(bound));
        }
    };
}
pub(crate) use within;
