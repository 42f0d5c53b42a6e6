//! The test kit.

pub mod app;
pub mod client;
pub mod contract;
pub mod database;
pub mod pipeline;
pub mod postgres;
pub mod program;
pub mod receiver;
pub mod story;

pub use app::TestApp;
pub use client::{Answer, Client};
pub use database::Engine;
pub use okaeri::platform::auth::Role;
pub use serde_json::json;

/// Runs each of these tests on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use $crate::support::{Engine, TestApp};

            #[actix_web::test]
            async fn sqlite() {
                let app = TestApp::start(Engine::Sqlite).await;
                super::$name(app.expect("SQLite is compiled in")).await;
            }

            #[actix_web::test]
            async fn postgres() {
                if let Some(app) = TestApp::start(Engine::Postgres).await {
                    super::$name(app).await;
                }
            }
        }
    )+};
}
