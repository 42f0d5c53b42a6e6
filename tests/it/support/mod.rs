//! What tests are written with.

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

/// Writes each test once and runs it on both engines.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn test($app: TestApp) $body

            #[actix_web::test]
            async fn sqlite() {
                test(TestApp::start(Engine::Sqlite).await.expect("SQLite is compiled in")).await;
            }

            #[actix_web::test]
            async fn postgres() {
                if let Some(app) = TestApp::start(Engine::Postgres).await {
                    test(app).await;
                }
            }
        }
    )+};
}
