//! Numbers of certificates and validation of registrations, pure.

use chrono::NaiveDate;
use okaeri_engine::facts::{Facts, Registration, RegistrationStatus};
use okaeri_engine::messages::registrations;

use crate::platform::error::Fault;
use crate::platform::ids::{Identifier, RegistrationId};

/// Crockford's digits: none is mistaken for another when a certificate is read out or copied by
/// hand.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Returns the number of the certificate (登録証) of a registration made in this year, such as
/// `R2026-7K3QX0ZB`.
#[must_use]
pub fn certificate_no(id: RegistrationId, year: i32) -> String {
    // The last bits of the identifier are random.
    let bits = id.uuid().as_u128();
    let digit =
        |place: u32| DIGITS.get(usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default());
    let code: String = (0..8).rev().filter_map(digit).map(|digit| char::from(*digit)).collect();
    format!("R{year}-{code}")
}

/// Returns the status of a registration on this day: an active one expires after its last day.
#[must_use]
pub fn status_on(
    status: RegistrationStatus,
    valid_until: Option<NaiveDate>,
    today: NaiveDate,
) -> RegistrationStatus {
    let is_over = valid_until.is_some_and(|last| last < today);
    if status == RegistrationStatus::Active && is_over {
        RegistrationStatus::Expired
    } else {
        status
    }
}

/// Returns all faults of a registration, with pointers as in a request body.
#[must_use]
pub fn faults(registration: Registration, today: NaiveDate) -> Vec<Fault> {
    let is_ahead = registration.registered_on > today;
    let facts = Facts { registrations: Some(vec![registration]), ..Facts::default() };
    let mut faults = facts.check().err().unwrap_or_default();
    for fault in &mut faults {
        fault.pointer = fault.pointer.trim_start_matches("/registrations/0").to_owned();
    }
    if is_ahead {
        let message = registrations::IN_THE_FUTURE;
        faults.push(Fault::new("/registered_on", "in_the_future", message));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_has_the_year_and_eight_digits_of_its_own() {
        let id = "rgn_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f".parse().unwrap();
        assert_eq!(certificate_no(id, 2026), "R2026-DDY8V7GF");
        assert_ne!(
            certificate_no(RegistrationId::fresh(), 2026),
            certificate_no(RegistrationId::fresh(), 2026)
        );
    }

    #[test]
    fn places_are_those_of_the_body() {
        let registration = serde_json::from_value(
            serde_json::json!({"registered_on": "2026-04-02", "valid_until": "2026-04-01"}),
        );
        let found = faults(registration.unwrap(), "2026-04-01".parse().unwrap());
        let places: Vec<_> = found.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(places, ["/valid_until", "/registered_on"]);
    }
}
