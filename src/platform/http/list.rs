//! What every list takes: how many, from where, in which order, made and changed when.

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

/// Which page of a list: the parameters of every list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many, 1 to 100. A page of large things has fewer: it ends at 1 MiB.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    pub limit: i64,
    /// `next_cursor` of the page before.
    #[param(nullable = false)]
    pub cursor: Option<String>,
}

/// How many things a page has when nothing is said.
fn default_limit() -> i64 {
    20
}

impl PageQuery {
    /// The limit within its bounds, and the key after which the page begins.
    ///
    /// # Errors
    /// `invalid` when the limit is out of bounds, `invalid_cursor` when the cursor is of another
    /// list.
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
    /// In which order a list comes; a minus sign turns it round.
    pub enum ListOrder {
        /// By when things were made, earliest first.
        Oldest = "created_at",
        /// By when things were made, latest first.
        Newest = "-created_at",
        /// By when things last changed, earliest first.
        EarliestChange = "updated_at",
        /// By when things last changed, latest first.
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

/// The order of a list, and bounds of when things were made and changed: the parameters of every
/// list of things that change, beside those of its page.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// In which order; a minus sign turns it round. By change, what changes between two pages moves
    /// with its change.
    #[serde(default = "newest")]
    #[param(default = "-created_at", example = "-created_at")]
    sort: ListOrder,
    /// Only what was made after this instant.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    created_at_gt: Option<Timestamp>,
    /// Only what was made at this instant or after it.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    created_at_gte: Option<Timestamp>,
    /// Only what was made before this instant.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    created_at_lt: Option<Timestamp>,
    /// Only what was made at this instant or before it.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    created_at_lte: Option<Timestamp>,
    /// Only what last changed after this instant.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    updated_at_gt: Option<Timestamp>,
    /// Only what last changed at this instant or after it.
    #[param(nullable = false, example = "2026-04-01T00:00:00Z")]
    updated_at_gte: Option<Timestamp>,
    /// Only what last changed before this instant.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    updated_at_lt: Option<Timestamp>,
    /// Only what last changed at this instant or before it.
    #[param(nullable = false, example = "2027-04-01T00:00:00Z")]
    updated_at_lte: Option<Timestamp>,
}

fn newest() -> ListOrder {
    ListOrder::Newest
}

/// A list as it was asked for: what to load, and how to make a page of it.
pub struct ListAsked<I> {
    /// What to load.
    pub listing: Listing<I>,
    limit: i64,
    seal: Seal,
}

impl ListQuery {
    /// This page of it.
    ///
    /// # Errors
    /// As [`PageQuery::read`].
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
    /// The page out of the rows that were loaded; `place` tells which each is and when it last
    /// changed.
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
