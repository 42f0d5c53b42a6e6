//! All or nothing, and what was acknowledged stays, also when the process is killed at any moment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use okaeri::hiring::applications::moves;
use okaeri::platform::auth::Principal;
use okaeri::platform::db::schema::{applications, contacts, events, people, stage_moves};
use okaeri::platform::db::types::{Coded, Json};
use okaeri::platform::db::{Database, DatabaseUrl, PoolSizes};
use okaeri::platform::error::{Error, ProblemCode};
use okaeri::platform::ids::{ApplicationId, PersonId};
use okaeri::platform::usecase::ExpectedVersion;
use okaeri_engine::workflow::pipeline::{Move, MoveKind, Stage};
use serde_json::Value;

use crate::on_both_engines;
use crate::support::database::TestDatabase;
use crate::support::pipeline::*;
use crate::support::program::{Connection, Server};
use crate::support::*;

/// How many clients drive the server at once.
const CLIENTS: usize = 4;

/// What the server told a client that it has done.
enum Acknowledged {
    Moved { application: ApplicationId, version: i32, stage: Stage },
    Recorded(PersonId),
}

/// One application as its table has it, with its steps in order.
#[derive(Debug, Clone)]
struct Held {
    version: i32,
    stage: Stage,
    steps: Vec<(String, Stage)>,
}

/// All that a kill could have torn apart.
#[derive(Debug)]
struct Kept {
    applications: BTreeMap<ApplicationId, Held>,
    people: Vec<PersonId>,
    /// The steps that events tell of, and how many people and contacts.
    told: (Vec<String>, i64, i64),
    contacts: i64,
}

/// Holds and resumes one application and records people, until the server is gone.
fn drive(
    address: &str,
    token: &str,
    application: ApplicationId,
    mut held: Held,
    acknowledged: &Sender<Acknowledged>,
) {
    let Ok(mut connection) = Connection::open(address, token) else { return };
    let path = format!("/v1/applications/{application}/moves");
    let person = json!({"name": {"family": "伊藤", "given": "翼"}, "contacts": [{"kind": "email", "value": "tsubasa@example.jp"}]});
    loop {
        let kind = if held.stage == Stage::OnHold { "resume" } else { "hold" };
        let body = json!({"kind": kind, "reason": "本人の都合"});
        let Ok((status, moved)) = connection.post(&path, Some(held.version), &body) else { return };
        assert_eq!(status, 200, "{moved}");
        held.version += 1;
        assert_eq!(moved["version"], held.version);
        held.stage = serde_json::from_value(moved["stage"].clone()).unwrap();
        acknowledged
            .send(Acknowledged::Moved { application, version: held.version, stage: held.stage })
            .unwrap();
        let Ok((status, recorded)) = connection.post("/v1/people", None, &person) else { return };
        assert_eq!(status, 201, "{recorded}");
        acknowledged
            .send(Acknowledged::Recorded(recorded["id"].as_str().unwrap().parse().unwrap()))
            .unwrap();
    }
}

/// Serves, and kills the server as soon as so many answers have come; all answers that came.
fn served_until(answers: usize, url: &DatabaseUrl, token: &str, kept: &Kept) -> Vec<Acknowledged> {
    let server = Server::start(url);
    let (sender, receiver) = channel();
    let drivers: Vec<_> = kept
        .applications
        .iter()
        .map(|(application, held)| {
            let (address, token, sender) =
                (server.address.clone(), token.to_owned(), sender.clone());
            let (application, held) = (*application, held.clone());
            std::thread::spawn(move || drive(&address, &token, application, held, &sender))
        })
        .collect();
    drop(sender);
    let mut acknowledged: Vec<_> = receiver.iter().take(answers).collect();
    server.kill();
    for driver in drivers {
        driver.join().expect("every answer was the expected one");
    }
    acknowledged.extend(receiver.try_iter());
    assert!(
        acknowledged.len() >= answers,
        "the server ended by itself after {}",
        acknowledged.len()
    );
    acknowledged
}

/// What is in the tables, once nothing of the killed process is at work any more.
fn kept(url: &DatabaseUrl) -> Kept {
    if let DatabaseUrl::Postgres(url) = url {
        // A commit that was sent off before the kill may still be carried out by the database.
        let end = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        PgConnection::establish(url).unwrap().batch_execute(end).unwrap();
    }
    let db = Database::open(url, PoolSizes { readers: 1, writers: 1 }).unwrap();
    okaeri::platform::outbox::numbering::settle_now(&db).unwrap();
    db.read_now(|conn| {
        let rows: Vec<(ApplicationId, i32, Coded<Stage>)> = applications::table
            .select((applications::id, applications::version, applications::stage))
            .load(conn)?;
        let held = |(id, version, Coded(stage))| (id, Held { version, stage, steps: Vec::new() });
        let mut applications: BTreeMap<_, _> = rows.into_iter().map(held).collect();
        let steps: Vec<(okaeri::platform::ids::MoveId, ApplicationId, Coded<Stage>)> =
            stage_moves::table
                .order(stage_moves::id.asc())
                .select((stage_moves::id, stage_moves::application_id, stage_moves::to_stage))
                .load(conn)?;
        for (step, application, Coded(to)) in steps {
            applications
                .get_mut(&application)
                .expect("a step has its application")
                .steps
                .push((step.to_string(), to));
        }
        let told: Vec<Json<Value>> = events::table
            .filter(events::type_.eq("application.moved"))
            .select(events::data)
            .load(conn)?;
        let mut told: Vec<String> =
            told.into_iter().map(|data| data.0["move_id"].as_str().unwrap().to_owned()).collect();
        told.sort_unstable();
        let count = |conn: &mut _, kind: &str| {
            events::table.filter(events::type_.eq(kind)).count().get_result(conn)
        };
        let told = (told, count(conn, "person.created")?, count(conn, "contact.added")?);
        Ok(Kept {
            applications,
            people: people::table.select(people::id).load(conn)?,
            told,
            contacts: contacts::table.count().get_result(conn)?,
        })
    })
    .unwrap()
}

/// Nothing is there by half.
fn whole(kept: &Kept) {
    for (application, held) in &kept.applications {
        let last = held.steps.last().expect("it was handed in");
        assert_eq!(held.stage, last.1, "{application} stands elsewhere than its last step says");
    }
    let mut steps: Vec<String> = kept
        .applications
        .values()
        .flat_map(|held| held.steps.iter().map(|(id, _)| id.clone()))
        .collect();
    steps.sort_unstable();
    assert_eq!(steps, kept.told.0, "each step has its event, and each event its step");
    assert_eq!(
        (i64::try_from(kept.people.len()).unwrap(), kept.contacts),
        (kept.told.1, kept.told.2)
    );
}

/// What was acknowledged is there, and of what was not at most the one request on its way.
fn honoured(before: &Kept, acknowledged: &[Acknowledged], after: &Kept) {
    let mut latest: BTreeMap<ApplicationId, i32> = BTreeMap::new();
    for told in acknowledged {
        match told {
            Acknowledged::Recorded(person) => {
                assert!(after.people.contains(person), "{person} is lost")
            }
            Acknowledged::Moved { application, version, stage } => {
                let (was, is) =
                    (&before.applications[application], &after.applications[application]);
                let step = was.steps.len() + usize::try_from(version - was.version).unwrap() - 1;
                assert_eq!(
                    is.steps.get(step).map(|step| step.1),
                    Some(*stage),
                    "{application} lost version {version}"
                );
                latest.insert(*application, *version);
            }
        }
    }
    for (application, was) in &before.applications {
        let is = &after.applications[application];
        let steps = i32::try_from(is.steps.len() - was.steps.len()).unwrap();
        assert_eq!(is.version, was.version + steps, "each step is one version");
        let acknowledged = latest.get(application).map_or(0, |version| version - was.version);
        assert!(
            (acknowledged..=acknowledged + 1).contains(&steps),
            "{application}: {acknowledged} of {steps}"
        );
    }
}

/// A database with applications in selection, and a token of somebody who may move them.
async fn prepared(engine: Engine) -> Option<(TestDatabase, String)> {
    let app = TestApp::start(engine).await?;
    let (regulation, opening) = (in_force(&app, "R01").await, opening(&app, 1).await);
    for _ in 0..CLIENTS {
        Case::begun(&app, &person(&app, past()).await, &regulation, Some(&opening))
            .await
            .to("selection")
            .await;
    }
    let token = app.token(&app.seed.ours.users[&Role::Recruiter].to_string());
    // Its connections are closed here, so that a killed server leaves the file to nobody.
    let TestApp { database, .. } = app;
    Some((database, token))
}

async fn killed_and_restarted(engine: Engine, moments: &[usize]) {
    let Some((database, token)) = prepared(engine).await else { return };
    let mut before = kept(&database.url);
    whole(&before);
    for answers in moments {
        let acknowledged = served_until(*answers, &database.url, &token, &before);

        let after = kept(&database.url);
        whole(&after);
        honoured(&before, &acknowledged, &after);
        before = after;
    }
}

#[actix_web::test]
async fn a_killed_server_leaves_all_or_nothing_on_sqlite() {
    killed_and_restarted(Engine::Sqlite, &[1, 2, 5, 11, 18, 26, 37, 49]).await;
}

#[actix_web::test]
async fn a_killed_server_leaves_all_or_nothing_on_postgres() {
    killed_and_restarted(Engine::Postgres, &[1, 7, 20, 45]).await;
}

on_both_engines!(
    a_move_that_is_not_finished_leaves_no_trace,
    one_that_fails_takes_nothing_of_its_neighbours_with_it,
);

async fn a_move_that_is_not_finished_leaves_no_trace(app: TestApp) {
    let case = Case::promising(&app, 1).await;
    case.to("selection").await;
    let before = (case.read().await.body, case.moves(), app.events());
    let id: ApplicationId = case.id.parse().unwrap();
    let version = i32::try_from(case.read().await.version()).unwrap();
    let who = Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo);
    let reject =
        Move { kind: MoveKind::Reject, to: None, reason: Some("選考の結果".to_owned()) };

    let codes = [false, true].map(|panics| {
        let reject = reject.clone();
        let unfinished = app.okaeri.write_now(who.clone(), move |tx| {
            let rejected = moves::make(tx, id, ExpectedVersion::One(version), &reject, None)?;
            assert!(
                !panics || rejected.application.stage != Stage::Rejected,
                "after the last statement"
            );
            Err::<(), _>(Error::new(ProblemCode::Conflict))
        });
        unfinished.unwrap_err().code
    });

    assert_eq!(codes, [ProblemCode::Conflict, ProblemCode::Internal]);
    assert_eq!((case.read().await.body, case.moves(), app.events()), before);
}

async fn one_that_fails_takes_nothing_of_its_neighbours_with_it(app: TestApp) {
    let who = Arc::new(Principal::system(app.seed.ours.organization, chrono_tz::Tz::Asia__Tokyo));
    // At once, so that on SQLite they share commits.
    let works = (0..24).map(|index| {
        let new = okaeri::records::people::service::New {
            name: serde_json::from_value(json!({"family": "隣人", "given": index.to_string()}))
                .unwrap(),
            former_names: Vec::new(),
            birth_date: None,
            external_id: None,
            contacts: Vec::new(),
        };
        app.okaeri.write(Arc::clone(&who), move |tx| {
            let person = okaeri::records::people::service::create(tx, &new)?.person.given_name;
            match index % 3 {
                0 => Ok(person),
                1 => Err(Error::new(ProblemCode::Conflict)),
                _ => panic!("between two statements"),
            }
        })
    });

    let answers = futures_util::future::join_all(works).await;

    let mut done: Vec<String> = answers.into_iter().filter_map(Result::ok).collect();
    let mut found: Vec<String> = app
        .okaeri
        .db
        .read_now(|conn| {
            Ok(people::table
                .filter(people::family_name.eq("隣人"))
                .select(people::given_name)
                .load(conn)?)
        })
        .unwrap();
    done.sort_unstable();
    found.sort_unstable();
    assert_eq!((found.len(), found), (8, done));
}
