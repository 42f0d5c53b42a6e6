//! What a browser may do with an answer.

use crate::on_both_engines;
use crate::support::story::adopt;
use crate::support::*;

on_both_engines!(
    every_answer_tells_a_browser_to_do_nothing_with_it,
    the_docs_page_runs_its_own_scripts_alone,
);

async fn every_answer_tells_a_browser_to_do_nothing_with_it(app: TestApp) {
    let version = adopt(&app, "R01").await.version;
    let page = format!("/v1/regulation-versions/{version}/text?form=html");

    for path in
        ["/v1/people", page.as_str(), "/healthz", "/openapi.json", "/nowhere", "/docsnowhere"]
    {
        let answer = app.as_role(Role::Hr).get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; base-uri 'none'"), "{path}: {policy}");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
    }
}

async fn the_docs_page_runs_its_own_scripts_alone(app: TestApp) {
    for path in ["/docs/", "/docs/swagger-initializer.js", "/docs"] {
        let answer = app.as_nobody().get(path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval"),
            "{path}: {policy}"
        );
    }
    // The style whose hash the policy names: when it changes with Swagger UI, so must the
    // policy.
    let preset = app.as_nobody().get("/docs/swagger-ui-standalone-preset.js").await;
    assert!(
        preset
            .text
            .contains(".logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}")
    );
    let page = app.as_nobody().get("/docs/").await;
    assert!(page.text.contains("<script src=\"./swagger-initializer.js\""), "{}", page.text);
}
