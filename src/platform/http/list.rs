//! Query parameters of every list: page, order, and ranges of creation and change.

use std::fmt;
use std::str::FromStr;

use okaeri_engine::messages::requests;
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::Page;
use super::cursor::Seal;
use crate::platform::clock::Timestamp;
use crate::platform::db::listing::{After, Listing, Order, Span};
use crate::platform::error::{Error, Result};

/// Query parameters of a page.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Maximum number of items, 1 to 100. A page of large items has fewer: it ends at 1 MiB.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    pub limit: i64,
    /// `next_cursor` of the previous page.
    #[param(nullable = false)]
    pub cursor: Option<String>,
}

/// Returns the default number of items.
fn default_limit() -> i64 {
    20
}

impl PageQuery {
    /// Returns the limit, checked, and the key after which the page starts.
    ///
    /// # Errors
    /// `invalid` when the limit is out of range, `invalid_cursor` when the cursor belongs to
    /// another list.
    pub fn read<K: FromStr>(&self, seal: &Seal) -> Result<(i64, Option<K>)> {
        if !(1..=100).contains(&self.limit) {
            return Err(Error::invalid_field(
                "?limit",
                "out_of_range",
                requests::LIMIT_OUT_OF_RANGE,
            ));
        }
        Ok((self.limit, self.cursor.as_deref().map(|cursor| seal.decode(cursor)).transpose()?))
    }
}

okaeri_engine::codes! {
    /// Sort order; `-` reverses it.
    pub enum ListOrder {
        /// By time of creation, earliest first.
        Oldest = "created_at",
        /// By time of creation, latest first.
        Newest = "-created_at",
        /// By time of the last change, earliest first.
        EarliestChange = "updated_at",
        /// By time of the last change, latest first.
        LatestChange = "-updated_at",
    }
}

impl From<ListOrder> for Order {
    fn from(order: ListOrder) -> Self {
        match order {
            ListOrder::Oldest => Self::Oldest,
            ListOrder::Newest => Self::Newest,
            ListOrder::EarliestChange => Self::EarliestChange,
            ListOrder::LatestChange => Self::LatestChange,
        }
    }
}

/// Query parameters of every list whose items have a time of creation and of the last change: order
/// and ranges.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Sort order; `-` reverses it. When sorting by `updated_at`, an item updated between two
    /// requests may move to another page.
    #[serde(default = "newest")]
    #[param(default = "-created_at", example = "-created_at")]
    sort: ListOrder,
    /// Only items created after this instant.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    created_at_gt: Option<Timestamp>,
    /// Only items created at or after this instant.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    created_at_gte: Option<Timestamp>,
    /// Only items created before this instant.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    created_at_lt: Option<Timestamp>,
    /// Only items created at or before this instant.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    created_at_lte: Option<Timestamp>,
    /// Only items last changed after this instant.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    updated_at_gt: Option<Timestamp>,
    /// Only items last changed at or after this instant.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    updated_at_gte: Option<Timestamp>,
    /// Only items last changed before this instant.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    updated_at_lt: Option<Timestamp>,
    /// Only items last changed at or before this instant.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    updated_at_lte: Option<Timestamp>,
}

fn newest() -> ListOrder {
    ListOrder::Newest
}

/// A requested page: the listing to load, and everything to build the page.
pub struct ListAsked<I> {
    /// The listing to load.
    pub listing: Listing<I>,
    limit: i64,
    seal: Seal,
}

impl ListQuery {
    /// Returns the listing for a page.
    ///
    /// # Errors
    /// Those of [`PageQuery::read`].
    pub fn read<I: FromStr>(&self, page: &PageQuery, seal: Seal) -> Result<ListAsked<I>> {
        let (limit, after) = page.read::<After<I>>(&seal)?;
        let created = Span {
            gt: self.created_at_gt,
            gte: self.created_at_gte,
            lt: self.created_at_lt,
            lte: self.created_at_lte,
        };
        let updated = Span {
            gt: self.updated_at_gt,
            gte: self.updated_at_gte,
            lt: self.updated_at_lt,
            lte: self.updated_at_lte,
        };
        let listing = Listing { order: self.sort.into(), after, created, updated, rows: limit + 1 };
        Ok(ListAsked { listing, limit, seal })
    }
}

impl<I: fmt::Display> ListAsked<I> {
    /// Builds the page from the loaded rows; `place` returns the identifier and the time of the
    /// last change of a row.
    pub fn page<R, T>(
        &self,
        rows: Vec<R>,
        place: impl Fn(&R) -> (I, Timestamp),
        show: impl Fn(R) -> T,
    ) -> Page<T> {
        let key = |row: &R| {
            let (id, changed) = place(row);
            After { id, changed }.to_string()
        };
        Page::build(rows, self.limit, &self.seal, key, show)
    }
}
