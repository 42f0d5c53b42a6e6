//! Deliveries of webhooks: attempts, leases, secrets and their end.

use crate::on_both_engines;
use crate::support::pipeline::told;
use crate::support::receiver::Receiver;
use crate::support::*;
use crate::webhooks::*;
use chrono::Duration;
use futures_util::future::join;
use okaeri::integration::webhooks::worker;
use okaeri::platform::clock::Clock as _;
use okaeri::platform::outbox::EventType;
use tokio_util::sync::CancellationToken;

on_both_engines!(
    two_workers_at_once_send_everything_once,
    an_endpoint_that_hangs_holds_nobody_up_and_the_worker_stops_in_order,
    an_endpoint_that_takes_nothing_costs_a_bounded_number_of_deliveries,
    what_a_stopped_worker_had_leased_is_sent_when_the_lease_is_over,
    a_test_and_a_delivery_sent_again_go_to_their_endpoint_alone,
    a_delivery_that_is_sent_again_during_its_last_attempt_is_attempted_again,
    of_former_secrets_only_the_newest_signs,
    an_endpoint_that_is_deleted_is_gone_with_its_deliveries,
    deliveries_that_ended_are_forgotten_after_a_month,
);

async fn two_workers_at_once_send_everything_once(app: TestApp) {
    let (one, other, receiver) =
        (app.with_private_webhooks().await, app.with_private_webhooks().await, Receiver::start());
    hooks(one.as_role(Role::Admin), &receiver.url, &[]).await;
    for _ in 0..20 {
        add_person(one.as_role(Role::Hr)).await;
    }

    let mut attempts = 0;
    for _ in 0..3 {
        let (of_one, of_other) = join(tick(&one), tick(&other)).await;
        attempts += of_one + of_other;
    }

    let mut ids: Vec<String> =
        receiver.take().iter().map(|request| request.header("webhook-id").to_owned()).collect();
    assert_eq!((attempts, ids.len()), (20, 20));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

async fn an_endpoint_that_hangs_holds_nobody_up_and_the_worker_stops_in_order(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hanging: Vec<Receiver> = (0..3).map(|_| Receiver::hanging()).collect();
    let mut stuck = Vec::new();
    for receiver in &hanging {
        stuck.push(hooks(app.as_role(Role::Admin), &receiver.url, &["person.*"]).await);
    }
    let healthy = hooks(app.as_role(Role::Admin), &receiver.url, &["person.*"]).await;
    let stop = CancellationToken::new();
    let worker = actix_web::rt::spawn(worker::run(app.okaeri.clone().into_inner(), stop.clone()));
    for _ in 0..20 {
        add_person(app.as_role(Role::Hr)).await;
    }

    for receiver in &hanging {
        receiver.wait_for(1).await;
    }
    receiver.wait_for(20).await;
    stop.cancel();
    worker.await.unwrap();

    assert_eq!(receiver.take().len(), 20);
    let delivered = app
        .as_role(Role::Hr)
        .get(&healthy.path("/deliveries?state=delivered&limit=100"))
        .await
        .expect(200);
    assert_eq!(
        delivered.body["items"].as_array().unwrap().len(),
        20,
        "what came of attempts is written before the end"
    );
    for (hooks, receiver) in stuck.iter().zip(hanging) {
        assert_eq!(
            receiver.take().len(),
            1,
            "an endpoint that does not answer is asked no more than once at a time"
        );
        let newest = newest(&app, hooks).await;
        assert_eq!((&newest["state"], &newest["attempts"]), (&json!("pending"), &json!(0)));
    }
    use diesel::prelude::*;
    use okaeri::platform::db::schema::webhook_deliveries;
    let leased = app.okaeri.db.read_now(|conn| {
        let leased =
            webhook_deliveries::table.filter(webhook_deliveries::leased_until.is_not_null());
        Ok(leased.count().get_result::<i64>(conn)?)
    });
    assert_eq!(leased.unwrap(), 0, "the next server sends them at once");
}

async fn an_endpoint_that_takes_nothing_costs_a_bounded_number_of_deliveries(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), "http://127.0.0.1:1/hooks", &["person.*"]).await;
    app.write(|tx| {
        (0..250).try_for_each(|event| tx.record(EventType::PersonUpdated, event, &json!({})))
    });
    let deliveries = async || {
        let mut found = 0;
        let mut path = hooks.path("/deliveries?limit=100");
        loop {
            let page = app.as_role(Role::Hr).get(&path).await.expect(200).body;
            found += page["items"].as_array().unwrap().len();
            let Some(cursor) = page["next_cursor"].as_str() else { return found };
            path = hooks.path(&format!("/deliveries?limit=100&cursor={cursor}"));
        }
    };

    for _ in 0..3 {
        tick(&app).await;
    }
    assert_eq!(deliveries().await, 100);
    app.as_role(Role::Admin)
        .if_match(1)
        .patch(&hooks.path(""), json!({"url": receiver.url}))
        .await
        .expect(200);
    later(&app, Duration::minutes(10));
    while tick(&app).await > 0 {}

    assert_eq!((receiver.take().len(), deliveries().await), (250, 250));
}

async fn what_a_stopped_worker_had_leased_is_sent_when_the_lease_is_over(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), &receiver.url, &[]).await;
    post(app.as_role(Role::Admin), &hooks.path("/test")).await.expect(200);
    app.run("update webhook_deliveries set leased_until = '2026-04-01T00:02:00.000000Z'");

    let early = tick(&app).await;
    later(&app, Duration::minutes(2));

    assert_eq!(
        (early, tick(&app).await, receiver.kinds()),
        (0, 1, vec!["webhook.test".to_owned()])
    );
}

async fn a_test_and_a_delivery_sent_again_go_to_their_endpoint_alone(app: TestApp) {
    let (app, receiver, other) =
        (app.with_private_webhooks().await, Receiver::start(), Receiver::start());
    let made = hooks(app.as_role(Role::Admin), &receiver.url, &["offer.*"]).await;
    hooks(app.as_role(Role::Admin), &other.url, &["person.*"]).await;

    let tried = post(app.as_role(Role::Admin), &made.path("/test")).await.expect(200);
    tick(&app).await;
    let again =
        post(app.as_role(Role::Admin), &format!("/v1/webhook-deliveries/{}/resend", tried.id()))
            .await
            .expect(200);
    tick(&app).await;

    let received = receiver.take();
    assert_eq!(
        (&again.body["state"], &again.body["attempts"], &again.body["next_attempt_at"]),
        (&json!("pending"), &json!(0), &again.body["updated_at"])
    );
    assert_eq!((received.len(), other.take().len(), &received[0].body), (2, 0, &received[1].body));
    assert_eq!(
        received[0].json()["data"],
        json!({"event_id": tried.body["event_id"], "sequence": null, "subject_type": "webhook_endpoint", "subject_id": made.id, "data": {}})
    );
    assert_eq!(newest(&app, &made).await["state"], "delivered");
    assert!(!told(&app, &made.id).iter().any(|(kind, _)| kind == "webhook.test"));
    app.as_role(Role::Integration)
        .post(&made.path("/test"), json!({}))
        .await
        .refused(403, "forbidden");
}

async fn a_delivery_that_is_sent_again_during_its_last_attempt_is_attempted_again(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let made = hooks(app.as_role(Role::Admin), &receiver.url, &[]).await;
    let tried = post(app.as_role(Role::Admin), &made.path("/test")).await.expect(200).id();
    app.run("update webhook_deliveries set attempts = 9");
    receiver.answers(&["500 Oops"]);
    receiver.hold(true);

    let again = async {
        receiver.wait_for(1).await;
        post(app.as_role(Role::Admin), &format!("/v1/webhook-deliveries/{tried}/resend"))
            .await
            .expect(200);
        receiver.hold(false);
    };
    let (attempts, ()) = join(tick(&app), again).await;

    let delivery = newest(&app, &made).await;
    assert_eq!(
        (attempts, &delivery["state"], &delivery["attempts"]),
        (1, &json!("pending"), &json!(0))
    );
    assert_eq!((tick(&app).await, &newest(&app, &made).await["state"]), (1, &json!("delivered")));
}

async fn of_former_secrets_only_the_newest_signs(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let made = hooks(app.as_role(Role::Admin), &receiver.url, &["person.*"]).await;
    let mut secrets = vec![made.secret.clone()];
    for version in 1..=3 {
        let rotated =
            post(app.as_role(Role::Admin).if_match(version), &made.path("/rotate-secret"))
                .await
                .expect(201);
        secrets.push(rotated.body["secret"].as_str().unwrap().to_owned());
    }
    add_person(app.as_role(Role::Hr)).await;
    tick(&app).await;

    let received = receiver.take();
    let signed: Vec<bool> = secrets.iter().map(|secret| is_signed(&received[0], secret)).collect();
    assert_eq!(signed, [false, false, true, true]);
    assert_eq!(received[0].header("webhook-signature").split(' ').count(), 2);
}

async fn an_endpoint_that_is_deleted_is_gone_with_its_deliveries(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let made = hooks(app.as_role(Role::Admin), &receiver.url, &["person.*"]).await;
    add_person(app.as_role(Role::Hr)).await;
    tick(&app).await;
    let delivery =
        format!("/v1/webhook-deliveries/{}", newest(&app, &made).await["id"].as_str().unwrap());
    assert_eq!(
        app.as_role(Role::Hr).get(&delivery).await.expect(200).body,
        newest(&app, &made).await
    );
    app.as_stranger(Role::Admin).get(&delivery).await.refused(404, "not_found");

    app.as_stranger(Role::Admin).if_match(1).delete(&made.path("")).await.refused(404, "not_found");
    app.as_role(Role::Admin).if_match(2).delete(&made.path("")).await.refused(412, "stale_version");
    app.as_role(Role::Hr).if_match(1).delete(&made.path("")).await.refused(403, "forbidden");
    app.as_role(Role::Admin).if_match(1).delete(&made.path("")).await.expect(204);

    for path in [made.path(""), made.path("/deliveries"), delivery] {
        app.as_role(Role::Admin).get(&path).await.refused(404, "not_found");
    }
    add_person(app.as_role(Role::Hr)).await;
    assert_eq!((tick(&app).await, receiver.kinds()), (0, vec!["person.created".to_owned()]));
    assert_eq!(
        told(&app, &made.id).pop().unwrap(),
        ("webhook_endpoint.deleted".to_owned(), json!({}))
    );
}

async fn deliveries_that_ended_are_forgotten_after_a_month(app: TestApp) {
    let (app, receiver) = (app.with_private_webhooks().await, Receiver::start());
    let hooks = hooks(app.as_role(Role::Admin), &receiver.url, &[]).await;
    post(app.as_role(Role::Admin), &hooks.path("/test")).await.expect(200);
    tick(&app).await;
    let forget = |days| {
        let now = app.clock.now().later_by(Duration::days(days));
        app.okaeri
            .db
            .write_now(move |conn| okaeri::integration::webhooks::service::forget_old(conn, now))
            .unwrap()
    };
    assert_eq!((forget(30), forget(31)), (0, 1));
}
