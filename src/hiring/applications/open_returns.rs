//! Open returns: the accepted offer by which a person returns. A person has at most one, across all
//! applications.

use okaeri_engine::codes::Code as _;
use okaeri_engine::messages::{Said as _, offers};
use okaeri_engine::words::RefusalCode;

use super::service::Row;
use super::store::{self, OpenReturn};
use crate::platform::error::{Error, Fault, ProblemCode, Result};
use crate::platform::ids::{ApplicationId, OfferId};
use crate::platform::usecase::Tx;

/// Records that a person returns by this offer of this application.
///
/// # Errors
/// `offer_not_allowed`, naming the other offer, while the person returns by another one.
pub fn begin(tx: &mut Tx<'_>, of: &Row, offer: OfferId) -> Result<()> {
    // The second of two concurrent calls finds the first; the table allows one row in any case.
    tx.hold_person(of.person_id)?;
    if let Some(other) = by_another_offer(tx, of, offer)? {
        let (other_offer, application) =
            (other.offer_id.to_string(), other.application_id.to_string());
        let message = offers::AnotherAccepted { offer: &other_offer, application: &application };
        let fault = Fault::new("", RefusalCode::AnotherOfferAccepted.as_str(), message.words());
        return Err(Error::because(ProblemCode::OfferNotAllowed, message).with_faults(vec![fault]));
    }
    let row = OpenReturn {
        organization_id: of.organization_id,
        person_id: of.person_id,
        application_id: of.id,
        offer_id: offer,
    };
    store::insert_open_return(tx.conn, &row)
}

/// Returns the other offer by which the person of this application returns, if there is one.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn by_another_offer(tx: &mut Tx<'_>, of: &Row, offer: OfferId) -> Result<Option<OpenReturn>> {
    let open = store::open_return(tx.conn, of.organization_id, of.person_id)?;
    Ok(open.filter(|open| open.offer_id != offer))
}

/// Records that the return by this application has ended: the person is back, or the offer was
/// cancelled.
///
/// # Errors
/// `unavailable` when the database fails.
pub fn end(tx: &mut Tx<'_>, application: ApplicationId) -> Result<()> {
    store::delete_open_return(tx.conn, tx.organization(), application)
}
