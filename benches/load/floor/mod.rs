//! The floor: what somebody writes who wants these queries over HTTP and nothing else. It has
//! actix, diesel's own connections, serde and the build flags in common with the product, and no
//! code.

mod engine;

use std::marker::PhantomData;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection};
use engine::Engine;

type Connections<E> = Pool<ConnectionManager<<E as Engine>::Conn>>;
type Job<E> = Box<dyn FnOnce(&mut <E as Engine>::Conn) -> Box<dyn FnOnce() + Send> + Send>;

struct Floor<E: Engine> {
    pool: Connections<E>,
    organization: String,
    /// For group commit; without it each request commits by itself.
    writer: Option<SyncSender<Job<E>>>,
}

#[derive(Debug)]
struct Settings<E>(PhantomData<fn() -> E>);

impl<E: Engine + std::fmt::Debug> CustomizeConnection<E::Conn, diesel::r2d2::Error>
    for Settings<E>
{
    fn on_acquire(&self, conn: &mut E::Conn) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(E::SETTINGS).map_err(diesel::r2d2::Error::QueryError)
    }
}

/// Serves until killed; prints its address first.
pub fn run(url: &str, mode: &str) {
    match url.strip_prefix("sqlite:") {
        Some(file) => serve::<engine::Sqlite>(file, 8, mode == "group"),
        None => serve::<engine::Postgres>(url, 24, false),
    }
}

fn serve<E: Engine + std::fmt::Debug>(place: &str, connections: u32, is_group: bool) {
    let pool = Pool::builder()
        .max_size(connections)
        .test_on_check_out(false)
        .connection_customizer(Box::new(Settings::<E>(PhantomData)))
        .build(ConnectionManager::new(place))
        .unwrap();
    pool.get()
        .unwrap()
        .batch_execute(
            "create table if not exists floor_moves (id text not null primary key, application text not null, at text not null);
             create table if not exists floor_rows (id text not null primary key, content text not null)",
        )
        .unwrap();
    let writer = is_group.then(|| group_writer::<E>(pool.get().unwrap()));
    let organization = E::organization(&mut pool.get().unwrap());
    let floor = web::Data::new(Floor::<E> { pool, organization, writer });
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(floor.clone())
                .route("/floor/applications/{id}", web::get().to(get_one::<E>))
                .route("/floor/applications", web::get().to(page::<E>))
                .route("/floor/applications/{id}/moves", web::post().to(make_move::<E>))
                .route("/floor/rows", web::post().to(make_rows::<E>))
        })
        .workers(2)
        .bind("127.0.0.1:0")
        .unwrap();
        println!("{}", server.addrs()[0]);
        server.run().await.unwrap();
    });
}

fn hex(id: &str) -> String {
    id.strip_prefix("app_").unwrap().to_owned()
}

async fn get_one<E: Engine>(floor: web::Data<Floor<E>>, id: web::Path<String>) -> HttpResponse {
    let out =
        web::block(move || E::one(&mut floor.pool.get().unwrap(), &floor.organization, &hex(&id)));
    let out = out.await.unwrap();
    HttpResponse::Ok().insert_header(("etag", format!("\"{}\"", out.version))).json(out)
}

#[derive(serde::Deserialize)]
struct PageQuery {
    stage: String,
    limit: i64,
    after: Option<String>,
}

#[derive(serde::Serialize)]
struct Page {
    items: Vec<engine::Out>,
}

async fn page<E: Engine>(floor: web::Data<Floor<E>>, query: web::Query<PageQuery>) -> HttpResponse {
    let items = web::block(move || {
        let after = query.after.as_deref().map(hex);
        let mut conn = floor.pool.get().unwrap();
        E::page(&mut conn, &floor.organization, &query.stage, after.as_deref(), query.limit)
    });
    HttpResponse::Ok().json(Page { items: items.await.unwrap() })
}

/// Does the work in the shared transaction of the writer, or in one of its own.
async fn write<E: Engine, T: Send + 'static>(
    floor: web::Data<Floor<E>>,
    work: impl FnOnce(&mut E::Conn) -> T + Send + 'static,
) -> T {
    if let Some(writer) = &floor.writer {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let job: Job<E> = Box::new(move |conn| {
            let done = work(conn);
            Box::new(move || drop(sender.send(done)))
        });
        writer.send(job).unwrap();
        return receiver.await.unwrap();
    }
    let done = web::block(move || {
        let mut conn = floor.pool.get().unwrap();
        conn.batch_execute(E::BEGIN).unwrap();
        let done = work(&mut conn);
        conn.batch_execute("COMMIT").unwrap();
        done
    });
    done.await.unwrap()
}

async fn make_move<E: Engine>(
    floor: web::Data<Floor<E>>,
    id: web::Path<String>,
    _: web::Bytes,
) -> HttpResponse {
    let organization = floor.organization.clone();
    let out = write(floor, move |conn| E::make_move(conn, &organization, &hex(&id))).await;
    HttpResponse::Ok().json(out)
}

async fn make_rows<E: Engine>(floor: web::Data<Floor<E>>, body: web::Bytes) -> HttpResponse {
    let content = String::from_utf8(body.to_vec()).unwrap();
    let answer = content.clone();
    write(floor, move |conn| E::insert_rows(conn, &content)).await;
    HttpResponse::Created().content_type("application/json").body(answer)
}

/// Does the jobs that wait in one transaction and answers after its commit.
fn group_writer<E: Engine>(
    mut conn: PooledConnection<ConnectionManager<E::Conn>>,
) -> SyncSender<Job<E>> {
    let (sender, receiver): (SyncSender<Job<E>>, Receiver<Job<E>>) = sync_channel(1024);
    std::thread::spawn(move || {
        while let Ok(first) = receiver.recv() {
            conn.batch_execute(E::BEGIN).unwrap();
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
