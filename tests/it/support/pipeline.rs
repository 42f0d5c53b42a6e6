//! The pipeline made ready: regulations in force, people with a past, openings, and applications at
//! any stage, all through the API.

use diesel::prelude::*;
use okaeri::platform::db::schema::{
    applications, employment_periods, events, offers, openings, stage_moves,
};
use okaeri::platform::db::types::{Coded, Json};
use okaeri::platform::ids::{ApplicationId, OfferId, OpeningId, PersonId};
use okaeri_engine::workflow::offer::OfferState;
use serde_json::Value;

use super::{Answer, Client, Role, TestApp, json};

/// A past with which R01 lets somebody back.
pub fn past() -> Value {
    json!({
        "start": "2017-04-01", "last_day": "2023-03-31", "employment_type": "regular", "full_time": true,
        "job_family": "administration", "exit_route": "resignation", "exit_reason_recorded": "spouse_transfer"
    })
}

/// Terms that an offer can have.
pub fn terms() -> Value {
    json!({
        "job": "総務", "grade": "3", "employment_type": "regular", "full_time": true, "job_family": "administration",
        "start_date": "2026-10-01", "base_pay": {"base": {"amount": 325_000, "currency": "JPY"}, "per": "month"},
        "workplace": "高松"
    })
}

/// A regulation of the library, adopted and published.
pub async fn in_force(app: &TestApp, code: &str) -> String {
    let regulation = app
        .as_role(Role::Hr)
        .post("/v1/regulations", json!({"library_code": code}))
        .await
        .expect(201);
    let path = format!("/v1/regulations/{}/versions", regulation.id());
    let versions = app.as_role(Role::Hr).get(&path).await.expect(200);
    let path = format!(
        "/v1/regulation-versions/{}/publish",
        versions.body["items"][0]["id"].as_str().unwrap()
    );
    app.as_role(Role::Hr).if_match(1).post(&path, json!({})).await.expect(200);
    regulation.id()
}

/// An opening with these seats, in a job of its own.
pub async fn opening(app: &TestApp, seats: i32) -> String {
    let code = format!("job-{}", app.events().len());
    let job = json!({"code": code, "title_ja": "総務", "job_family": "administration", "workplace": "高松", "employment_type": "regular"});
    let job = app.as_role(Role::Hr).post("/v1/jobs", job).await.expect(201).id();
    app.as_role(Role::Hr)
        .post("/v1/openings", json!({"job_id": job, "seats": seats}))
        .await
        .expect(201)
        .id()
}

/// Somebody with this past.
pub async fn person(app: &TestApp, past: Value) -> String {
    let body = json!({"name": {"family": "伊藤", "given": "翼"}});
    let person = app.as_role(Role::Hr).post("/v1/people", body).await.expect(201).id();
    employed(app, &person, past).await;
    person
}

/// One more period of somebody.
pub async fn employed(app: &TestApp, person: &str, period: Value) -> String {
    let path = format!("/v1/people/{person}/employment-periods");
    app.as_role(Role::Hr).post(&path, json!({"period": period})).await.expect(201).id()
}

/// One re-application at work.
pub struct Case<'a> {
    pub app: &'a TestApp,
    pub id: String,
    pub person: String,
}

impl<'a> Case<'a> {
    /// Begins one as a draft.
    pub async fn begun(
        app: &'a TestApp,
        person: &str,
        regulation: &str,
        opening: Option<&str>,
    ) -> Self {
        let body = json!({"person_id": person, "regulation_id": regulation, "opening_id": opening});
        let id = app.as_role(Role::Recruiter).post("/v1/applications", body).await.expect(201).id();
        Self { app, id, person: person.to_owned() }
    }

    /// Somebody whom R01 lets back, for an opening with these seats.
    pub async fn promising(app: &'a TestApp, seats: i32) -> Self {
        let (regulation, opening) = (in_force(app, "R01").await, opening(app, seats).await);
        Self::begun(app, &person(app, past()).await, &regulation, Some(&opening)).await
    }

    /// The same for the person that the alumnus is.
    pub async fn of_alumnus(app: &'a TestApp) -> Self {
        let (regulation, opening) = (in_force(app, "R01").await, opening(app, 1).await);
        let person = app.seed.ours.alumnus.to_string();
        employed(app, &person, past()).await;
        Self::begun(app, &person, &regulation, Some(&opening)).await
    }

    /// Its address, or one below it.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/applications/{}{rest}", self.id)
    }

    pub async fn read(&self) -> Answer {
        self.app.as_role(Role::Admin).get(&self.path("")).await.expect(200)
    }

    pub async fn stage(&self) -> String {
        self.read().await.body["stage"].as_str().unwrap().to_owned()
    }

    /// Somebody who has just read it.
    pub async fn by(&self, role: Role) -> Client<'a> {
        let version = self.read().await.version();
        self.app.as_role(role).if_match(version)
    }

    /// Asks for a move, whatever comes of it.
    pub async fn ask(&self, role: Role, body: Value) -> Answer {
        self.by(role).await.post(&self.path("/moves"), body).await
    }

    /// Makes a move; where a reason is needed, it is given.
    pub async fn make(&self, kind: &str) -> Answer {
        self.ask(Role::Recruiter, json!({"kind": kind, "reason": "面接の結果"})).await.expect(200)
    }

    pub async fn decide(&self) -> Answer {
        self.app
            .as_role(Role::Recruiter)
            .post(&self.path("/decisions"), json!({}))
            .await
            .expect(201)
    }

    /// Changes the application as the organization.
    pub async fn patch(&self, body: Value) -> Answer {
        self.by(Role::Recruiter).await.patch(&self.path(""), body).await.expect(200)
    }

    /// The kinds of move that are allowed, and those that are not with the codes of all reasons.
    pub async fn standing(&self) -> (Vec<String>, Vec<String>) {
        let answer =
            self.app.as_role(Role::Recruiter).get(&self.path("/allowed-moves")).await.expect(200);
        let (mut allowed, mut blocked) = (Vec::new(), Vec::new());
        for answer in answer.body["moves"].as_array().unwrap() {
            let kind = answer["kind"].as_str().unwrap();
            let codes: Vec<&str> = answer["refusals"]
                .as_array()
                .unwrap()
                .iter()
                .map(|refusal| refusal["code"].as_str().unwrap())
                .collect();
            assert_eq!(answer["allowed"] == true, codes.is_empty(), "{answer}");
            let (list, entry) = if codes.is_empty() {
                (&mut allowed, kind.to_owned())
            } else {
                (&mut blocked, format!("{kind}: {}", codes.join(", ")))
            };
            if list.last() != Some(&entry) {
                list.push(entry);
            }
        }
        (allowed, blocked)
    }

    /// Asserts that a move is refused for exactly these reasons, by the answer and by doing, and
    /// that nothing is changed by asking.
    #[track_caller]
    pub fn against<'s>(
        &'s self,
        kind: &'s str,
        codes: &'s [&'s str],
    ) -> impl Future<Output = ()> + 's {
        let place = std::panic::Location::caller();
        async move {
            let before = (self.read().await.body, self.moves(), self.app.events());
            let blocked = self.standing().await.1;
            assert!(
                blocked.contains(&format!("{kind}: {}", codes.join(", "))),
                "{place}: {kind}: {blocked:?}"
            );
            let refused =
                self.ask(Role::Recruiter, json!({"kind": kind, "reason": "面接の結果"})).await;
            assert_eq!(
                codes_of(&refused.refused(409, "move_not_allowed")),
                codes,
                "{place}: {kind}"
            );
            assert_eq!(
                (self.read().await.body, self.moves(), self.app.events()),
                before,
                "{place}: {kind}"
            );
        }
    }

    /// Walks on until this stage, doing on the way what is needed there.
    pub async fn to(&self, stage: &str) -> &Self {
        let mut now = self.stage().await;
        while now != stage {
            match now.as_str() {
                "draft" => drop(self.make("submit").await),
                "eligibility" => {
                    self.decide().await;
                    self.make("advance").await;
                }
                "approval" => {
                    self.approved().await;
                    self.make("advance").await;
                }
                "offer" => drop(self.step("send").await),
                "acceptance" => drop(self.step("accept").await),
                "pre_boarding" => {
                    self.by(Role::Hr)
                        .await
                        .post(&self.path("/return"), json!({}))
                        .await
                        .expect(200);
                }
                _ => drop(self.make("advance").await),
            }
            now = self.stage().await;
        }
        self
    }

    /// Makes an offer as a draft.
    pub async fn offered(&self) -> Answer {
        let body =
            json!({"terms": terms(), "expires_on": "2026-04-30", "deviation_reason": "経験の評価"});
        self.app.as_role(Role::Hr).post(&self.path("/offers"), body).await.expect(201)
    }

    /// Makes an offer and has it approved.
    pub async fn approved(&self) {
        self.offered().await;
        self.step("request-approval").await;
        self.step("approve").await;
    }

    /// The latest offer.
    pub async fn offer(&self) -> Answer {
        let id = self.read().await.body["offer_id"].as_str().unwrap().to_owned();
        self.app.as_role(Role::Hr).get(&format!("/v1/offers/{id}")).await.expect(200)
    }

    /// The latest rehire instruction.
    pub async fn instruction(&self) -> Answer {
        let hr = self.app.as_role(Role::Hr);
        let list = hr
            .get(&format!("/v1/rehire-instructions?application_id={}", self.id))
            .await
            .expect(200);
        let id = list.body["items"][0]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("no instruction: {}", list.text));
        hr.get(&format!("/v1/rehire-instructions/{id}")).await.expect(200)
    }

    /// Does something with the latest offer, whatever comes of it.
    pub async fn try_step(&self, role: Role, step: &str) -> Answer {
        let offer = self.offer().await;
        let client = self.app.as_role(role).if_match(offer.version());
        client
            .post(&format!("/v1/offers/{}/{step}", offer.id()), json!({"reason": "条件の確認"}))
            .await
    }

    /// Does something with the latest offer, in the role whose business it is.
    pub async fn step(&self, step: &str) -> Answer {
        let role = if step == "approve" || step == "send-back" { Role::Approver } else { Role::Hr };
        self.try_step(role, step).await.expect(200)
    }

    /// The steps on record: kind, from, to.
    pub fn moves(&self) -> Vec<(String, String, String)> {
        let id: ApplicationId = self.id.parse().unwrap();
        self.app
            .okaeri
            .db
            .read_now(|conn| {
                let columns = (stage_moves::kind, stage_moves::from_stage, stage_moves::to_stage);
                Ok(stage_moves::table
                    .filter(stage_moves::application_id.eq(id))
                    .order(stage_moves::id.asc())
                    .select(columns)
                    .load(conn)?)
            })
            .unwrap()
    }
}

/// The codes of what a refusal lists.
pub fn codes_of(answer: &Answer) -> Vec<&str> {
    answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["code"].as_str().unwrap())
        .collect()
}

/// How many seats of an opening are taken.
pub fn seats_taken(app: &TestApp, opening: &str) -> i32 {
    let id: OpeningId = opening.parse().unwrap();
    let query = |conn: &mut _| {
        Ok(openings::table
            .filter(openings::id.eq(id))
            .select(openings::seats_taken)
            .first::<i32>(conn)?)
    };
    app.okaeri.db.read_now(query).unwrap()
}

/// The state of an offer in its table.
pub fn state_of(app: &TestApp, offer: &str) -> OfferState {
    let id: OfferId = offer.parse().unwrap();
    let state = |conn: &mut _| {
        Ok(offers::table
            .filter(offers::id.eq(id))
            .select(offers::state)
            .first::<Coded<OfferState>>(conn)?)
    };
    app.okaeri.db.read_now(state).unwrap().0
}

/// How many employment periods somebody has in their table.
pub fn periods_of(app: &TestApp, person: &str) -> i64 {
    let id: PersonId = person.parse().unwrap();
    app.okaeri
        .db
        .read_now(|conn| {
            Ok(employment_periods::table
                .filter(employment_periods::person_id.eq(id))
                .count()
                .get_result(conn)?)
        })
        .unwrap()
}

/// Rows of applications, of their steps, and of the events that tell of steps.
pub fn counts(app: &TestApp) -> (i64, i64, i64) {
    app.settle();
    app.okaeri
        .db
        .read_now(|conn| {
            Ok((
                applications::table.count().get_result(conn)?,
                stage_moves::table.count().get_result(conn)?,
                events::table
                    .filter(events::type_.eq("application.moved"))
                    .count()
                    .get_result(conn)?,
            ))
        })
        .unwrap()
}

/// What the events about a subject say, in order.
pub fn told(app: &TestApp, subject: &str) -> Vec<(String, Value)> {
    app.settle();
    let rows: Vec<(String, Json<Value>)> = app
        .okaeri
        .db
        .read_now(|conn| {
            Ok(events::table
                .filter(events::subject_id.eq(subject))
                .order(events::sequence.asc())
                .select((events::type_, events::data))
                .load(conn)?)
        })
        .unwrap();
    rows.into_iter().map(|(kind, data)| (kind, data.0)).collect()
}
