//! The floor: bare actix handlers with the same queries and the same JSON, and nothing else.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use okaeri::applications::api::ApplicationOut;
use okaeri::applications::service::Shown;
use okaeri::clock::{Clock, SystemClock};
use okaeri::db::Conn;
use okaeri::db::schema::{applications, organizations, people};
use okaeri::domain::pipeline::Stage;
use okaeri::http::{Page, Versioned};
use okaeri::ids::{ApplicationId, Identifier, OrganizationId};

type Connections = Pool<ConnectionManager<Conn>>;
type Job = Box<dyn FnOnce(&mut Conn) -> Box<dyn FnOnce() + Send> + Send>;

struct Floor {
    pool: Connections,
    organization: OrganizationId,
    writer: Option<SyncSender<Job>>,
}

#[derive(Debug)]
struct Settings(bool);

impl CustomizeConnection<Conn, diesel::r2d2::Error> for Settings {
    fn on_acquire(&self, conn: &mut Conn) -> Result<(), diesel::r2d2::Error> {
        if self.0 {
            conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;")
                .map_err(diesel::r2d2::Error::QueryError)?;
        }
        Ok(())
    }
}

/// Serves until killed; prints its address first.
pub fn run(url: &str, mode: &str) {
    let is_sqlite = url.starts_with("sqlite:");
    let place = url.strip_prefix("sqlite:").unwrap_or(url).to_owned();
    let pool = Pool::builder()
        .max_size(if is_sqlite { 8 } else { 24 })
        .test_on_check_out(false)
        .connection_customizer(Box::new(Settings(is_sqlite)))
        .build(ConnectionManager::<Conn>::new(place))
        .unwrap();
    pool.get().unwrap().batch_execute("create table if not exists floor_moves (id text not null primary key, application text not null, at text not null); create table if not exists floor_rows (id text not null primary key, content text not null)").unwrap();
    let writer = (is_sqlite && mode == "group").then(|| group_writer(pool.get().unwrap()));
    let organization = organizations::table.select(organizations::id).first(&mut *pool.get().unwrap()).unwrap();
    let floor = web::Data::new(Floor { pool, organization, writer });
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(floor.clone())
                .route("/floor/applications/{id}", web::get().to(get_one))
                .route("/floor/applications", web::get().to(page))
                .route("/floor/applications/{id}/moves", web::post().to(make_move))
                .route("/floor/rows", web::post().to(make_rows))
        })
        .workers(2)
        .bind("127.0.0.1:0")
        .unwrap();
        println!("{}", server.addrs()[0]);
        server.run().await.unwrap();
    });
}

async fn get_one(floor: web::Data<Floor>, id: web::Path<ApplicationId>) -> HttpResponse {
    let id = id.into_inner();
    let shown = web::block(move || {
        let mut conn = floor.pool.get().unwrap();
        applications::table
            .inner_join(people::table)
            .filter(applications::id.eq(id))
            .filter(applications::organization_id.eq(floor.organization))
            .select(Shown::as_select())
            .first::<Shown>(&mut *conn)
            .unwrap()
    })
    .await
    .unwrap();
    let out = ApplicationOut::from(shown);
    HttpResponse::Ok().insert_header(("etag", format!("\"{}\"", out.version()))).json(out)
}

#[derive(serde::Deserialize)]
struct PageQuery {
    stage: Stage,
    limit: i64,
    after: Option<ApplicationId>,
}

async fn page(floor: web::Data<Floor>, query: web::Query<PageQuery>) -> HttpResponse {
    let query = query.into_inner();
    let rows = web::block(move || {
        let mut conn = floor.pool.get().unwrap();
        let mut select = applications::table
            .inner_join(people::table)
            .filter(applications::organization_id.eq(floor.organization))
            .filter(applications::stage.eq(query.stage))
            .select(Shown::as_select())
            .into_boxed();
        if let Some(after) = query.after {
            select = select.filter(applications::id.lt(after));
        }
        select.order(applications::id.desc()).limit(query.limit).load::<Shown>(&mut *conn).unwrap()
    })
    .await
    .unwrap();
    HttpResponse::Ok().json(Page { items: rows.into_iter().map(ApplicationOut::from).collect(), next_cursor: None })
}

/// Read, update, insert; answers what the product answers.
fn bare_move(conn: &mut Conn, organization: OrganizationId, id: ApplicationId) -> Shown {
    let shown = applications::table
        .inner_join(people::table)
        .filter(applications::id.eq(id))
        .filter(applications::organization_id.eq(organization))
        .select(Shown::as_select())
        .first::<Shown>(conn)
        .unwrap();
    diesel::update(
        applications::table.filter(applications::id.eq(id)).filter(applications::organization_id.eq(organization)),
    )
    .set(applications::version.eq(applications::version + 1))
    .execute(conn)
    .unwrap();
    diesel::insert_into(floor_moves::table)
        .values((
            floor_moves::id.eq(okaeri::ids::MoveId::fresh().to_string()),
            floor_moves::application.eq(id.to_string()),
            floor_moves::at.eq(SystemClock.now().to_string()),
        ))
        .execute(conn)
        .unwrap();
    shown
}

diesel::table! {
    floor_moves (id) {
        id -> Text,
        application -> Text,
        at -> Text,
    }
}

async fn make_move(floor: web::Data<Floor>, id: web::Path<ApplicationId>, _: web::Bytes) -> HttpResponse {
    let id = id.into_inner();
    let shown = match &floor.writer {
        Some(writer) => {
            let (sender, receiver) = tokio::sync::oneshot::channel();
            let organization = floor.organization;
            let job: Job = Box::new(move |conn| {
                let shown = bare_move(conn, organization, id);
                Box::new(move || drop(sender.send(shown)))
            });
            writer.send(job).unwrap();
            receiver.await.unwrap()
        }
        None => web::block(move || {
            let mut conn = floor.pool.get().unwrap();
            let begin = if matches!(&*conn, Conn::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
            conn.batch_execute(begin).unwrap();
            let shown = bare_move(&mut conn, floor.organization, id);
            conn.batch_execute("COMMIT").unwrap();
            shown
        })
        .await
        .unwrap(),
    };
    HttpResponse::Ok().json(ApplicationOut::from(shown))
}

diesel::table! {
    floor_rows (id) {
        id -> Text,
        content -> Text,
    }
}

/// As many rows as a person recorded under a key, each with what was sent.
fn bare_rows(conn: &mut Conn, content: &str) {
    for _ in 0..3 {
        diesel::insert_into(floor_rows::table)
            .values((floor_rows::id.eq(okaeri::ids::PersonId::fresh().to_string()), floor_rows::content.eq(content)))
            .execute(conn)
            .unwrap();
    }
}

async fn make_rows(floor: web::Data<Floor>, body: web::Bytes) -> HttpResponse {
    let content = String::from_utf8(body.to_vec()).unwrap();
    let answer = content.clone();
    match &floor.writer {
        Some(writer) => {
            let (sender, receiver) = tokio::sync::oneshot::channel();
            let job: Job = Box::new(move |conn| {
                bare_rows(conn, &content);
                Box::new(move || sender.send(()).unwrap_or_default())
            });
            writer.send(job).unwrap();
            receiver.await.unwrap();
        }
        None => web::block(move || {
            let mut conn = floor.pool.get().unwrap();
            conn.batch_execute("BEGIN").unwrap();
            bare_rows(&mut conn, &content);
            conn.batch_execute("COMMIT").unwrap();
        })
        .await
        .unwrap(),
    }
    HttpResponse::Created().content_type("application/json").body(answer)
}

fn group_writer(mut conn: diesel::r2d2::PooledConnection<ConnectionManager<Conn>>) -> SyncSender<Job> {
    let (sender, receiver): (SyncSender<Job>, Receiver<Job>) = sync_channel(1024);
    std::thread::spawn(move || {
        while let Ok(first) = receiver.recv() {
            conn.batch_execute("BEGIN IMMEDIATE").unwrap();
            let mut answers = vec![first(&mut conn)];
            while let Ok(job) = receiver.try_recv() {
                answers.push(job(&mut conn));
            }
            conn.batch_execute("COMMIT").unwrap();
            answers.into_iter().for_each(|answer| answer());
        }
    });
    sender
}
