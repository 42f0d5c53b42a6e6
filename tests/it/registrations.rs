//! `/v1/people/{person_id}/registrations` and `/v1/registrations`.

use crate::on_both_engines;
use crate::support::app::instant;
use crate::support::*;

fn of(app: &TestApp) -> String {
    format!("/v1/people/{}/registrations", app.seed.ours.alumnus)
}

/// The events of this slice alone.
fn own_events(app: &TestApp) -> Vec<String> {
    app.events().into_iter().filter(|event| event.starts_with("registration.")).collect()
}

on_both_engines!(
    the_wish_is_registered_with_a_certificate,
    a_registration_is_what_decisions_read,
    impossible_days_are_refused,
    a_patch_keeps_what_is_absent_and_empties_what_is_null,
    what_has_ended_is_not_changed,
    an_alumnus_registers_and_withdraws_for_themselves,
    an_alumnus_does_not_reach_anybody_else,
);

async fn the_wish_is_registered_with_a_certificate(app: TestApp) {
    let hr = app.as_role(Role::Hr);

    let plain = hr.post(&of(&app), json!({})).await.expect(201);
    let full = hr.post(&of(&app), json!({
        "registered_on": "2021-03-31", "wish_to_return": false, "valid_until": "2031-03-31", "channel": "exit_interview", "written_intent_to_rehire": true
    })).await.expect(201);

    let path = format!("/v1/registrations/{}", plain.id());
    assert_eq!(
        (plain.header("location"), plain.header("etag")),
        (Some(path.as_str()), Some("\"1\""))
    );
    assert_eq!(
        (&plain.body["registered_on"], &plain.body["wish_to_return"], &plain.body["status"]),
        (&json!("2026-04-01"), &json!(true), &json!("active"))
    );
    assert_eq!(
        (
            &full.body["registered_on"],
            &full.body["wish_to_return"],
            &full.body["written_intent_to_rehire"]
        ),
        (&json!("2021-03-31"), &json!(false), &json!(true))
    );
    let numbers = [&plain, &full]
        .map(|registration| registration.body["certificate_no"].as_str().unwrap().to_owned());
    assert!(
        numbers.iter().all(|number| number.starts_with("R2026-") && number.len() == 14),
        "{numbers:?}"
    );
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(hr.get(&path).await.expect(200).body, plain.body);
    assert_eq!(hr.get(&of(&app)).await.expect(200).body, json!({"items": [plain.body, full.body]}));
    assert_eq!(own_events(&app), ["registration.created", "registration.created"]);
}

async fn a_registration_is_what_decisions_read(app: TestApp) {
    let made = app
        .as_role(Role::Hr)
        .post(&of(&app), json!({"valid_until": "2031-03-31"}))
        .await
        .expect(201);
    let person = app.seed.ours.alumnus;

    let facts = app.write(move |tx| {
        Ok(okaeri::records::registrations::service::of_person(tx, person)?
            .iter()
            .map(okaeri::records::registrations::service::as_fact)
            .collect::<Vec<_>>())
    });

    assert_eq!(
        json!(facts),
        json!([{
            "registered_on": "2026-04-01", "wish_to_return": true, "certificate_no": made.body["certificate_no"], "valid_until": "2031-03-31", "status": "active"
        }])
    );
}

async fn impossible_days_are_refused(app: TestApp) {
    let hr = app.as_role(Role::Hr);

    hr.post(&of(&app), json!({"registered_on": "2026-04-02"}))
        .await
        .refused(422, "invalid")
        .faults(&["/registered_on"]);
    hr.post(&of(&app), json!({"registered_on": "0202-04-02"}))
        .await
        .refused(422, "invalid")
        .faults(&["/registered_on"]);
    hr.post(&of(&app), json!({"valid_until": "2026-03-31"}))
        .await
        .refused(422, "invalid")
        .faults(&["/valid_until"]);
    hr.post(&of(&app), json!({"wish": 1, "channel": ""}))
        .await
        .refused(422, "invalid")
        .faults(&["/channel", "/wish"]);
    assert_eq!(own_events(&app), Vec::<String>::new());
    // 00:30 on the 2nd in Tokyo is the 1st in UTC.
    app.clock.set(instant("2026-04-01T15:30:00Z"));
    assert_eq!(hr.post(&of(&app), json!({})).await.expect(201).body["registered_on"], "2026-04-02");
}

async fn a_patch_keeps_what_is_absent_and_empties_what_is_null(app: TestApp) {
    let made = app
        .as_role(Role::Hr)
        .post(&of(&app), json!({"valid_until": "2031-03-31", "written_intent_to_rehire": true}))
        .await
        .expect(201);
    let path = format!("/v1/registrations/{}", made.id());

    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"valid_until": "2026-03-31"}))
        .await
        .refused(422, "invalid")
        .faults(&["/valid_until"]);
    let changed = app
        .as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"valid_until": null, "wish_to_return": false}))
        .await
        .expect(200);

    assert_eq!(
        (
            &changed.body["valid_until"],
            &changed.body["wish_to_return"],
            &changed.body["written_intent_to_rehire"]
        ),
        (&json!(null), &json!(false), &json!(true))
    );
    assert_eq!(changed.version(), 2);
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path, json!({"wish_to_return": true}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .if_match(1)
        .post(&format!("{path}/withdraw"), json!({}))
        .await
        .refused(412, "stale_version");
    app.as_role(Role::Hr)
        .post(&format!("{path}/revoke"), json!({}))
        .await
        .refused(428, "precondition_required");
    assert_eq!(own_events(&app), ["registration.created", "registration.updated"]);
}

async fn what_has_ended_is_not_changed(app: TestApp) {
    let hr = app.as_role(Role::Hr);
    for (end, status) in [("withdraw", "withdrawn"), ("revoke", "revoked")] {
        let path =
            format!("/v1/registrations/{}", hr.post(&of(&app), json!({})).await.expect(201).id());

        let ended = app
            .as_role(Role::Hr)
            .if_match(1)
            .post(&format!("{path}/{end}"), json!({}))
            .await
            .expect(200);

        assert_eq!((&ended.body["status"], ended.version()), (&json!(status), 2));
        let again = app.as_role(Role::Hr).if_match(2);
        again.post(&format!("{path}/withdraw"), json!({})).await.refused(409, "conflict");
        again.post(&format!("{path}/revoke"), json!({})).await.refused(409, "conflict");
        again.patch(&path, json!({"wish_to_return": true})).await.refused(409, "conflict");
    }
    assert_eq!(
        own_events(&app),
        [
            "registration.created",
            "registration.withdrawn",
            "registration.created",
            "registration.revoked"
        ]
    );
}

async fn an_alumnus_registers_and_withdraws_for_themselves(app: TestApp) {
    let alumnus = app.as_role(Role::Alumnus);

    alumnus.post(&of(&app), json!({"registered_on": "2026-03-31"})).await.refused(403, "forbidden");
    alumnus
        .post(&of(&app), json!({"written_intent_to_rehire": false}))
        .await
        .refused(403, "forbidden");
    alumnus
        .post(&of(&app), json!({"valid_until": "2099-12-31"}))
        .await
        .refused(422, "invalid")
        .faults(&["/valid_until"]);
    let own = alumnus.post(&of(&app), json!({"registered_on": "2026-04-01"})).await.expect(201);

    let path = format!("/v1/registrations/{}", own.id());
    for until in [json!("2099-12-31"), json!(null)] {
        app.as_role(Role::Alumnus)
            .if_match(1)
            .patch(&path, json!({"valid_until": until}))
            .await
            .refused(422, "invalid")
            .faults(&["/valid_until"]);
    }
    app.as_role(Role::Alumnus)
        .if_match(1)
        .patch(&path, json!({"written_intent_to_rehire": null}))
        .await
        .refused(403, "forbidden");
    app.as_role(Role::Alumnus)
        .if_match(1)
        .patch(&path, json!({"wish_to_return": false}))
        .await
        .expect(200);
    app.as_role(Role::Alumnus)
        .if_match(2)
        .post(&format!("{path}/revoke"), json!({}))
        .await
        .refused(403, "forbidden");
    let withdrawn = app
        .as_role(Role::Alumnus)
        .if_match(2)
        .post(&format!("{path}/withdraw"), json!({}))
        .await
        .expect(200);
    assert_eq!(withdrawn.body["status"], "withdrawn");
    assert_eq!(alumnus.get(&of(&app)).await.expect(200).body["items"], json!([withdrawn.body]));
}

async fn an_alumnus_does_not_reach_anybody_else(app: TestApp) {
    let person = app
        .as_role(Role::Hr)
        .post("/v1/people", json!({"name": {"family": "伊藤", "given": "翼"}}))
        .await
        .expect(201)
        .id();
    let of_other = format!("/v1/people/{person}/registrations");
    let path = format!(
        "/v1/registrations/{}",
        app.as_role(Role::Hr).post(&of_other, json!({})).await.expect(201).id()
    );

    for client in [app.as_role(Role::Alumnus).if_match(1), app.as_stranger(Role::Admin).if_match(1)]
    {
        client.get(&of_other).await.refused(404, "not_found");
        client.post(&of_other, json!({})).await.refused(404, "not_found");
        client.get(&path).await.refused(404, "not_found");
        client.patch(&path, json!({"wish_to_return": false})).await.refused(404, "not_found");
        client.post(&format!("{path}/withdraw"), json!({})).await.refused(404, "not_found");
        client.post(&format!("{path}/revoke"), json!({})).await.refused(404, "not_found");
    }
    app.as_role(Role::Approver).get(&path).await.refused(403, "forbidden");
}
