//! Filters, order and paging of lists, the same for every table with `created_at` and `updated_at`.

use std::fmt;
use std::str::FromStr;

use crate::platform::clock::Timestamp;

/// Order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By time of creation, latest first.
    Newest,
    /// By time of creation, earliest first.
    Oldest,
    /// By time of the last change, latest first.
    LatestChange,
    /// By time of the last change, earliest first.
    EarliestChange,
}

/// A range of instants or days; all given bounds apply.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span<T = Timestamp> {
    /// After this value.
    pub gt: Option<T>,
    /// At or after this value.
    pub gte: Option<T>,
    /// Before this value.
    pub lt: Option<T>,
    /// At or before this value.
    pub lte: Option<T>,
}

/// Position of the last row of the previous page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After<I> {
    /// Its identifier.
    pub id: I,
    /// Time of its last change.
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

/// Parameters of one page of a list.
#[derive(Debug, Clone)]
pub struct Listing<I> {
    /// The order.
    pub order: Order,
    /// The last row of the previous page; none for the first page.
    pub after: Option<After<I>>,
    /// Range of the time of creation.
    pub created: Span,
    /// Range of the time of the last change.
    pub updated: Span,
    /// Number of rows to load.
    pub rows: i64,
}

/// Loads the rows that a [`Listing`] selects from a boxed query on a table with `id`, `created_at`
/// and `updated_at`.
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

/// Restricts a boxed query to a [`Span`].
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
