//! `/v1/regulation-versions/{version_id}/text` and `/changes`.

use crate::on_both_engines;
use crate::support::story::{adopt, amend, library};
use crate::support::*;

on_both_engines!(
    a_version_is_read_as_a_text_in_two_forms_and_languages,
    a_form_that_there_is_not_is_refused_by_its_field,
    what_changed_since_another_version_is_told_in_words,
    another_organizations_version_is_not_compared,
);

async fn a_version_is_read_as_a_text_in_two_forms_and_languages(app: TestApp) {
    let path = format!("/v1/regulation-versions/{}/text", adopt(&app, "R01").await.version);
    let alumnus = app.as_role(Role::Alumnus);

    let markdown = alumnus.get(&path).await.expect(200);
    let html = alumnus.get(&format!("{path}?form=html&language=en")).await.expect(200);

    assert_eq!(markdown.header("content-type"), Some("text/markdown; charset=utf-8"));
    assert!(
        markdown.text.contains("### 第3条（資格要件）")
            && markdown.text.contains("勤続3年以上（常勤のみ）"),
        "{}",
        markdown.text
    );
    assert_eq!(html.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(html.text.contains("<h3>Article 3 (Eligibility)</h3>"), "{}", html.text);
}

async fn a_form_that_there_is_not_is_refused_by_its_field(app: TestApp) {
    let path =
        format!("/v1/regulation-versions/{}/text?form=pdf", adopt(&app, "R01").await.version);

    app.as_role(Role::Hr).get(&path).await.refused(422, "invalid");
}

async fn what_changed_since_another_version_is_told_in_words(app: TestApp) {
    let first = adopt(&app, "R01").await;
    let mut changed = library("R01");
    changed["articles"][2]["clauses"][0]["condition"]["at_least_months"] = json!(24);
    changed["cases"] = json!([]);
    let second = amend(&app, &first.regulation, &changed).await;

    let path = format!("/v1/regulation-versions/{}/changes", second.version);
    let answer = app.as_role(Role::Hr).get(&path).await.expect(200);

    let Some((change, cases)) = answer.body["items"].as_array().unwrap().split_first() else {
        panic!("{}", answer.text)
    };
    let is_removed_case = |change: &serde_json::Value| {
        change["kind"] == "removed"
            && change["place"]["en"].as_str().unwrap().starts_with("the case '")
    };
    assert_eq!(
        (cases.len(), cases.iter().all(is_removed_case)),
        (library("R01")["cases"].as_array().unwrap().len(), true)
    );
    assert_eq!(
        (&change["kind"], &change["clause"], &change["fields"]),
        (&json!("changed"), &json!("tenure"), &json!(["/condition/at_least_months"]))
    );
    assert!(
        change["sentence"]["ja"].as_str().unwrap().contains("勤続3年以上（常勤のみ）"),
        "{change}"
    );
    assert!(
        change["sentence"]["ja"].as_str().unwrap().contains("勤続2年以上（常勤のみ）"),
        "{change}"
    );
    let named =
        app.as_role(Role::Hr).get(&format!("{path}?since={}", first.version)).await.expect(200);
    assert_eq!(named.text, answer.text);
    let of_the_first = app
        .as_role(Role::Hr)
        .get(&format!("/v1/regulation-versions/{}/changes", first.version))
        .await
        .expect(200);
    assert_eq!(of_the_first.body["items"], json!([]));
}

async fn another_organizations_version_is_not_compared(app: TestApp) {
    let own = adopt(&app, "R01").await.version;

    app.as_role(Role::Hr)
        .get(&format!(
            "/v1/regulation-versions/{own}/changes?since=ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"
        ))
        .await
        .refused(404, "not_found");
}
