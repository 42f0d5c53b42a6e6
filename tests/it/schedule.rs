//! What happens by itself when its day comes: once, on any number of servers, and seen before it
//! was told.

use diesel::connection::SimpleConnection as _;
use futures_util::future::join;
use okaeri::hiring::{offers, openings};
use okaeri::platform::auth::Principal;
use okaeri::platform::error::{Error, ProblemCode};
use okaeri::platform::ids::{OfferId, OpeningId};
use okaeri::platform::schedule;
use okaeri_engine::workflow::offer::OfferState;
use serde_json::Value;

use crate::on_both_engines;
use crate::support::app::instant;
use crate::support::pipeline::*;
use crate::support::*;

/// Two servers on one database whose clocks agree.
struct Pair {
    one: TestApp,
    other: TestApp,
}

impl Pair {
    async fn of(one: TestApp) -> Self {
        let other = one.with_private_webhooks().await;
        Self { one, other }
    }

    fn at(&self, time: &str) {
        self.one.clock.set(instant(time));
        self.other.clock.set(instant(time));
    }

    /// Both servers look at once, until nothing is left to do; how many changes they made together.
    async fn look(&self) -> usize {
        let mut made = 0;
        loop {
            let (of_one, of_other) = join(
                schedule::worker::tick(&self.one.okaeri),
                schedule::worker::tick(&self.other.okaeri),
            )
            .await;
            let of_both = of_one.unwrap() + of_other.unwrap();
            if of_both == 0 {
                return made;
            }
            made += of_both;
        }
    }
}

/// The kinds of the events on a subject.
fn kinds(app: &TestApp, subject: &str) -> Vec<String> {
    told(app, subject).into_iter().map(|(kind, _)| kind).collect()
}

/// How many things a list has.
async fn count(app: &TestApp, path: &str) -> usize {
    app.as_role(Role::Hr).get(path).await.expect(200).body["items"].as_array().unwrap().len()
}

async fn planned(app: &TestApp, opens: Value, closes: Value) -> String {
    let job = json!({"code": "GA-09", "title_ja": "総務", "job_family": "administration", "workplace": "高松", "employment_type": "regular"});
    let job = app.as_role(Role::Hr).post("/v1/jobs", job).await.expect(201).id();
    let new = json!({"job_id": job, "seats": 1, "opens_on": opens, "closes_on": closes});
    app.as_role(Role::Hr).post("/v1/openings", new).await.expect(201).id()
}

on_both_engines!(
    an_offer_lapses_after_its_last_day_and_frees_its_seat,
    the_seat_of_a_lapsed_offer_is_given_before_anybody_looked,
    a_change_that_is_cut_short_is_made_by_the_next,
    an_opening_opens_and_closes_by_its_days,
    a_registration_expires_after_its_last_day_in_the_zone_of_its_organization,
    what_is_due_later_elsewhere_keeps_nobody_waiting,
    a_version_is_announced_until_its_first_day,
);

async fn an_offer_lapses_after_its_last_day_and_frees_its_seat(app: TestApp) {
    let servers = Pair::of(app).await;
    let app = &servers.one;
    let case = Case::promising(app, 1).await;
    case.to("acceptance").await;
    let (offer, opening) =
        (case.offer().await, case.read().await.body["opening_id"].as_str().unwrap().to_owned());
    servers.at("2026-04-30T14:59:59Z");
    assert_eq!(
        (servers.look().await, case.offer().await.body["state"].clone()),
        (0, json!("sent"))
    );
    servers.at("2026-04-30T15:00:00Z");

    // Nobody has looked yet.
    assert_eq!(case.offer().await.body["state"], "expired");
    assert_eq!(
        (count(app, "/v1/offers?state=sent").await, count(app, "/v1/offers?state=expired").await),
        (0, 1)
    );
    assert_eq!(
        (
            count(app, "/v1/offers?state_in=sent,draft").await,
            count(app, "/v1/offers?state_in=expired,accepted").await
        ),
        (0, 1)
    );
    let moves = format!("/v1/offers/{}/allowed-moves", offer.id());
    assert_eq!(app.as_role(Role::Hr).get(&moves).await.expect(200).body["moves"], json!([]));
    for step in ["decline", "cancel"] {
        assert_eq!(
            codes_of(&case.try_step(Role::Hr, step).await.refused(409, "offer_state")),
            ["offer_past_expiry"]
        );
    }
    let id: OpeningId = opening.parse().unwrap();
    assert!(app.write(move |tx| openings::service::has_free_seat(tx, id)));
    assert_eq!(servers.look().await, 1);

    assert_eq!((state_of(app, &offer.id()), seats_taken(app, &opening)), (OfferState::Expired, 0));
    let last = told(app, &offer.id()).pop().unwrap();
    assert_eq!(
        last,
        (
            "offer.moved".to_owned(),
            json!({"application_id": case.id, "kind": "expire", "from": "sent", "to": "expired"})
        )
    );
    assert_eq!(kinds(app, &opening).last().unwrap(), "opening.seat_released");
    assert_eq!(servers.look().await, 0);
}

async fn the_seat_of_a_lapsed_offer_is_given_before_anybody_looked(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("acceptance").await;
    let (offer, opening) =
        (case.offer().await, case.read().await.body["opening_id"].as_str().unwrap().to_owned());
    let id: OpeningId = opening.parse().unwrap();
    let who = Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);
    let full =
        app.okaeri.write_now(who, move |tx| openings::service::take_seat(tx, id)).unwrap_err();
    app.clock.set(instant("2026-04-30T15:00:00Z"));

    app.write(move |tx| offers::service::take_seat(tx, id));

    assert_eq!(
        (full.code, seats_taken(&app, &opening), state_of(&app, &offer.id())),
        (ProblemCode::NoSeatLeft, 1, OfferState::Expired)
    );
    assert_eq!(
        kinds(&app, &opening),
        ["opening.created", "opening.seat_taken", "opening.seat_released", "opening.seat_taken"]
    );
}

async fn a_change_that_is_cut_short_is_made_by_the_next(app: TestApp) {
    let servers = Pair::of(app).await;
    let case = Case::promising(&servers.one, 1).await;
    case.to("acceptance").await;
    let offer = case.offer().await.id();
    let (id, before) = (offer.parse::<OfferId>().unwrap(), kinds(&servers.one, &offer));
    servers.at("2026-05-01T00:00:00Z");
    let who = Principal::system(servers.one.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);

    let cut = servers.one.okaeri.write_now(who, move |tx| {
        assert!(offers::service::lapse(tx, id)?);
        Err::<(), _>(Error::internal("killed before the commit"))
    });

    assert!(cut.is_err());
    assert_eq!(
        (state_of(&servers.one, &offer), kinds(&servers.one, &offer)),
        (OfferState::Sent, before)
    );
    assert_eq!((servers.look().await, state_of(&servers.one, &offer)), (1, OfferState::Expired));
}

async fn an_opening_opens_and_closes_by_its_days(app: TestApp) {
    let servers = Pair::of(app).await;
    let app = &servers.one;
    let opening = planned(app, json!("2026-04-03"), json!("2026-04-05")).await;
    let path = format!("/v1/openings/{opening}");
    let state = async || app.as_role(Role::Hr).get(&path).await.expect(200).body["state"].clone();
    let id: OpeningId = opening.parse().unwrap();
    let take = || {
        let who = Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);
        app.okaeri
            .write_now(who, move |tx| openings::service::take_seat(tx, id))
            .map_err(|error| error.code)
    };

    let early = (
        state().await,
        count(app, "/v1/openings?state=open").await,
        count(app, "/v1/openings?state_in=closed").await,
        take(),
        servers.look().await,
    );
    assert_eq!(early, (json!("closed"), 0, 1, Err(ProblemCode::NoSeatLeft), 0));
    servers.at("2026-04-02T15:00:00Z");
    let open =
        (state().await, count(app, "/v1/openings?state=open").await, take(), servers.look().await);
    assert_eq!(open, (json!("open"), 1, Ok(()), 1));
    app.write(move |tx| openings::service::release_seat(tx, id));
    servers.at("2026-04-05T15:00:00Z");
    let over = (
        state().await,
        count(app, "/v1/openings?state=closed").await,
        take(),
        servers.look().await,
    );
    assert_eq!(over, (json!("closed"), 1, Err(ProblemCode::NoSeatLeft), 1));

    assert_eq!(
        kinds(app, &opening),
        [
            "opening.created",
            "opening.seat_taken",
            "opening.opened",
            "opening.seat_released",
            "opening.closed"
        ]
    );
    let by =
        async || app.as_role(Role::Hr).if_match(app.as_role(Role::Hr).get(&path).await.version());
    by().await.post(&format!("{path}/reopen"), json!({})).await.refused(409, "conflict");
    by().await.patch(&path, json!({"closes_on": "2026-04-06"})).await.expect(200);
    assert_eq!(
        by().await.post(&format!("{path}/reopen"), json!({})).await.expect(200).body["state"],
        "open"
    );
    assert_eq!(
        by().await.patch(&path, json!({"opens_on": "2026-04-06"})).await.expect(200).body["state"],
        "open"
    );
    assert_eq!(
        by().await
            .patch(&path, json!({"opens_on": "2026-04-07", "closes_on": null}))
            .await
            .expect(200)
            .body["state"],
        "closed"
    );
    servers.at("2026-04-06T15:00:00Z");
    assert_eq!((state().await, servers.look().await), (json!("open"), 1));
}

async fn a_registration_expires_after_its_last_day_in_the_zone_of_its_organization(app: TestApp) {
    let servers = Pair::of(app).await;
    let app = &servers.one;
    let of = |tenant: &database::Tenant| format!("/v1/people/{}/registrations", tenant.alumnus);
    let valid = json!({"valid_until": "2026-04-10"});
    let ours =
        app.as_role(Role::Hr).post(&of(&app.seed.ours), valid.clone()).await.expect(201).id();
    let theirs =
        app.as_stranger(Role::Hr).post(&of(&app.seed.theirs), valid).await.expect(201).id();
    let name = "update organizations set time_zone = 'America/New_York', name = 'Midori' where name = 'みどり商事'";
    app.run(name);
    let path = |id: &str| format!("/v1/registrations/{id}");
    servers.at("2026-04-10T15:00:00Z");

    let seen = app.as_role(Role::Hr).get(&path(&ours)).await.expect(200);
    assert_eq!((&seen.body["status"], seen.version()), (&json!("expired"), 1));
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&path(&ours), json!({"valid_until": "2027-04-10"}))
        .await
        .refused(409, "conflict");
    assert_eq!(servers.look().await, 1);
    servers.at("2026-04-11T03:59:59Z");
    assert_eq!(servers.look().await, 0);
    servers.at("2026-04-11T04:00:00Z");
    assert_eq!(servers.look().await, 1);

    for id in [ours, theirs] {
        assert_eq!(kinds(app, &id), ["registration.created", "registration.expired"]);
    }
    let person = app.seed.ours.alumnus;
    let facts = app.write(move |tx| {
        Ok(okaeri::records::registrations::service::of_person(tx, person)?
            .iter()
            .map(okaeri::records::registrations::service::as_fact)
            .collect::<Vec<_>>())
    });
    assert_eq!(
        json!(facts)[0]["status"],
        "active",
        "whether it held on a day follows from its last day"
    );
}

async fn what_is_due_later_elsewhere_keeps_nobody_waiting(app: TestApp) {
    app.run("update organizations set time_zone = 'America/New_York' where name = 'みどり商事'");
    let valid = json!({"valid_until": "2026-04-10"});
    let of = |tenant: &database::Tenant| format!("/v1/people/{}/registrations", tenant.alumnus);
    app.as_stranger(Role::Hr).post(&of(&app.seed.theirs), valid.clone()).await.expect(201);
    // More than are looked up at once, and found before ours.
    let id = match app.okaeri.db.url() {
        okaeri::platform::db::DatabaseUrl::Sqlite(_) => "printf('%032x', n)",
        okaeri::platform::db::DatabaseUrl::Postgres(_) => "lpad(to_hex(n), 32, '0')::uuid",
    };
    let columns = "organization_id, person_id, registered_on, wish_to_return, valid_until, status, version, created_at, updated_at";
    let copies = format!(
        "insert into registrations (id, certificate_no, {columns}) with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 600) \
         select {id}, 'n' || n, {columns} from registrations, numbers"
    );
    app.okaeri.db.write_now(move |conn| Ok(conn.batch_execute(&copies)?)).unwrap();
    let ours = app.as_role(Role::Hr).post(&of(&app.seed.ours), valid).await.expect(201).id();

    app.clock.set(instant("2026-04-10T15:00:00Z"));
    let made = schedule::worker::tick(&app.okaeri).await.unwrap();

    assert_eq!(
        (made, kinds(&app, &ours)),
        (1, vec!["registration.created".to_owned(), "registration.expired".to_owned()])
    );
}

async fn a_version_is_announced_until_its_first_day(app: TestApp) {
    let servers = Pair::of(app).await;
    let app = &servers.one;
    let regulation = in_force(app, "R01").await;
    let versions = format!("/v1/regulations/{regulation}/versions");
    let mut document: Value =
        serde_json::from_str(okaeri_engine::library::find("R01").unwrap().text).unwrap();
    document["effective_from"] = json!("2026-05-01");
    document["name"] = json!({"ja": "新再雇用規程", "en": "New rehire regulation"});
    let next =
        app.as_role(Role::Hr).post(&versions, json!({"document": document})).await.expect(201);
    let publish = format!("/v1/regulation-versions/{}/publish", next.id());
    let published = app.as_role(Role::Hr).if_match(1).post(&publish, json!({})).await.expect(200);
    assert_eq!(
        (
            &published.body["state"],
            &published.body["effective_from"],
            &published.body["effective_until"]
        ),
        (&json!("announced"), &json!("2026-05-01"), &json!(null))
    );
    let states = async || {
        let list = app.as_role(Role::Hr).get(&versions).await.expect(200).body;
        let shown = |version: &Value| {
            (version["state"].as_str().unwrap().to_owned(), version["effective_until"].clone())
        };
        list["items"].as_array().unwrap().iter().map(shown).collect::<Vec<_>>()
    };
    let pinned = async || {
        let body = json!({"person_id": app.seed.ours.alumnus, "regulation_id": regulation});
        app.as_role(Role::Hr).post("/v1/applications", body).await.expect(201).body["regulation_version_id"].clone()
    };
    let state = |text: &str, until: Value| (text.to_owned(), until);
    let name = async || {
        app.as_role(Role::Hr).get(&format!("/v1/regulations/{regulation}")).await.expect(200).body["name"]["en"].clone()
    };

    assert_eq!(
        states().await,
        [state("announced", json!(null)), state("in_force", json!("2026-04-30"))]
    );
    assert_ne!((pinned().await, name().await), (json!(next.id()), json!("New rehire regulation")));
    assert_eq!(servers.look().await, 0);
    servers.at("2026-04-30T15:00:00Z");
    assert_eq!(
        states().await,
        [state("in_force", json!(null)), state("superseded", json!("2026-04-30"))]
    );
    assert_eq!((pinned().await, servers.look().await), (json!(next.id()), 2));
    assert_eq!((servers.look().await, name().await), (0, json!("New rehire regulation")));

    assert_eq!(
        kinds(app, &next.id()),
        ["regulation_version.created", "regulation_version.published", "regulation_version.began"]
    );
    let all = app.events_of_system("regulation_version.superseded");
    assert_eq!(all, 1);
}
