//! People as a record may hold them.

use super::*;

/// A period without its days. Who is recorded as regular is not recorded as part-time.
fn records() -> impl Strategy<Value = Value> {
    let reason = || maybe(select(&REASONS[..]));
    let proof = (select(&REASONS[..]), maybe(any::<bool>()))
        .prop_map(|(proves, verified)| json!({"proves": proves, "kind": "reason_proof", "verified": verified}));
    let work = (maybe(select(&TYPES[..])), maybe(any::<bool>()), maybe(select(&FAMILIES[..])));
    let exit = (
        maybe(select(&ROUTES[..])),
        reason(),
        reason(),
        maybe(prop::collection::vec(proof, 0..=2)),
    );
    (work, exit, maybe(any::<bool>())).prop_map(
        |((kind, full_time, family), (route, recorded, stated, proofs), good)| {
            let full_time = match kind.as_str() {
                Some("regular") => full_time.as_bool().map(|_| true),
                Some("part_time") => full_time.as_bool().map(|_| false),
                Some(_) | None => full_time.as_bool(),
            };
            json!({"employment_type": kind, "full_time": full_time, "job_family": family, "exit_route": route,
            "exit_reason_recorded": recorded, "exit_reason_stated": stated, "exit_reason_evidence": proofs,
            "left_in_good_standing": good})
        },
    )
}

/// What is on record of a period beside that.
fn details() -> impl Strategy<Value = Value> {
    let discipline = (select(&MEASURES[..]), 0..3000_u64)
        .prop_map(|(kind, on)| json!({"kind": kind, "on": date(on)}));
    let place =
        (maybe(select(&FAMILIES[..])), maybe(select(&["clerk", "chief", "head", "fellow"][..])));
    let past = (
        maybe(prop::collection::vec(discipline, 0..=1)),
        maybe(0..40_u16),
        maybe(select(&CODES[..])),
        maybe(any::<bool>()),
    );
    (place, past).prop_map(|((entity, rank), (discipline, notice, code, began))| {
        json!({"entity": entity, "rank": rank, "discipline": discipline, "notice_given_days": notice, "rehire_code": code,
            "began_under_rehire_scheme": began})
    })
}

/// Leaves of a period of so many days, some by the hour.
fn leaves_within(start: u64, length: u64, drawn: &[(u64, u64, &str, bool)]) -> Value {
    let within = drawn.iter().filter(|(from, days, _, _)| from + days <= length);
    let leave = |(from, days, kind, hours): &(u64, u64, &str, bool)| {
        let unit = if *hours { "hours" } else { "days" };
        json!({"type": kind, "from": date(start + from), "to": date(start + from + days), "unit": unit})
    };
    within.map(leave).collect()
}

/// Periods one after the other; the last may go on.
fn periods() -> impl Strategy<Value = Vec<Value>> {
    let leave = (0..1000_u64, 0..400_u64, select(&LEAVES[..]), any::<bool>());
    let drawn = prop::option::weighted(0.8, prop::collection::vec(leave, 0..=2));
    let one = (prop_oneof![Just(1_u64), 1..500_u64], 0..1500_u64, records(), details(), drawn);
    (prop::collection::vec(one, 0..=3), any::<bool>()).prop_map(|(list, ended)| {
        let (mut next, count) = (0, list.len());
        let placed = list.into_iter().enumerate().map(
            |(index, (pause, length, mut period, details, drawn))| {
                let start = next + pause;
                next = start + length;
                period.as_object_mut().unwrap().extend(details.as_object().unwrap().clone());
                period["leaves"] =
                    drawn.map_or(Value::Null, |drawn| leaves_within(start, length, &drawn));
                if index == 0 {
                    // The first employment of somebody is no return.
                    period["began_under_rehire_scheme"] = Value::Null;
                }
                period["start"] = json!(date(start));
                let is_open = index + 1 == count && !ended;
                period["last_day"] = if is_open { Value::Null } else { json!(date(next)) };
                period
            },
        );
        placed.collect()
    })
}

pub(crate) fn cases() -> impl Strategy<Value = Facts> {
    let day = || maybe((0..9000_u64).prop_map(date));
    let registration =
        (0..6000_u64, maybe(0..3000_u64), maybe(select(&["active", "expired"][..]))).prop_map(|(on, valid, status)| {
            let until = valid.as_u64().map(|valid| date(on + valid));
            json!({"registered_on": date(on), "valid_until": until, "status": status, "wish_to_return": true})
        });
    let mark = (select(FactKey::ALL), select(MarkState::ALL))
        .prop_map(|(fact, state)| json!({"fact": fact, "state": state}));
    let ruling = (0..3, any::<bool>(), select(&["company", "somebody"][..])).prop_map(
        |(clause, met, role)| json!({"clause": format!("c{clause}"), "met": met, "role": role, "reason": "秘密"}),
    );
    let aside = (prop::collection::vec(mark, 0..=1), prop::collection::vec(ruling, 0..=1));
    let registrations = maybe(prop::collection::vec(registration, 0..=2));
    let document =
        maybe(any::<bool>()).prop_map(|verified| json!({"kind": "resume", "verified": verified}));
    let person = (maybe(0..9000_u64), day(), maybe(55..70_u8));
    let said = (maybe(any::<bool>()), maybe(any::<bool>()), maybe(any::<bool>()));
    let company = later_parts::company();
    let supplied = (
        person,
        said,
        maybe(prop::collection::vec(document, 0..=2)),
        prop::option::of(0..6_i64),
        company,
    );
    (periods(), registrations, day(), day(), day(), aside, supplied).prop_map(
        |(periods, registrations, applied, starts, closes, (marks, rulings), supplied)| {
            let ((birth, no_show, retirement), (invited, resolved, vacancy), documents, points, mut company) = supplied;
            company.as_object_mut().unwrap().extend(json!({"window_closes_on": closes, "vacancy": vacancy, "retirement_age": retirement}).as_object().unwrap().clone());
            let birth = birth.as_u64().map(|days| NaiveDate::from_ymd_opt(1960, 2, 29).unwrap().checked_add_days(Days::new(days)));
            let declared = points.map_or(json!({}), |points| json!({"points": {"type": "integer", "value": points}}));
            let facts = json!({
                "person": {"birth_date": birth, "no_show_on": no_show},
                "employment_periods": periods, "registrations": registrations, "marks": marks, "rulings": rulings, "declared": declared,
                "application": {"application_date": applied, "start_date": starts, "invited": invited, "exit_cause_resolved": resolved,
                    "documents": documents},
                "company": company
            });
            serde_json::from_value(facts).unwrap()
        },
    )
}
