//! Who sees what of a thing: a marked value in everything that is not for everybody, and everything
//! read as everybody.

use actix_web::http::Method;
use okaeri_engine::codes::Code as _;
use serde_json::Value;

use crate::authorization::{Operation, all};
use crate::on_both_engines;
use crate::support::pipeline::Case;
use crate::support::story::*;
use crate::support::*;

/// Those who read decisions, and so everything that decisions read.
const DECIDERS: [Role; 4] = [Role::Admin, Role::Hr, Role::Recruiter, Role::Integration];
/// Everybody of the organization.
const COLLEAGUES: [Role; 6] = [
    Role::Admin,
    Role::Hr,
    Role::Recruiter,
    Role::HiringManager,
    Role::Approver,
    Role::Integration,
];

/// Marked values, and who may read each.
const MARKS: [(&str, &[Role]); 14] = [
    ("canary-appraisal", &DECIDERS),
    ("2011-11-11", &DECIDERS),
    ("7700001", &DECIDERS),
    ("canary-declared", &DECIDERS),
    ("\"worked_for_competitor\":true", &DECIDERS),
    ("canary-ruling", &DECIDERS),
    ("canary-opening", &COLLEAGUES),
    ("canary-document", &COLLEAGUES),
    ("canary-draft", &COLLEAGUES),
    ("canary-unpublished", &COLLEAGUES),
    ("canary-move", &COLLEAGUES),
    ("canary-deviation", &COLLEAGUES),
    ("canary-cancelled", &COLLEAGUES),
    ("canary-sent-back", &COLLEAGUES),
];

/// R01 with advisory requirements on what the company keeps to itself, so that the verdict is that
/// of R01.
fn with_secrets() -> Value {
    let mut document = library("R01");
    let words = |text: &str| json!({"ja": text, "en": text});
    document["cases"] = json!([]);
    document["declared_facts"] = json!([
        {"name": "remark", "label": words("所見"), "type": "text", "confidential": true}
    ]);
    let advisory = |id: &str, condition: Value| {
        json!({"id": id, "kind": "requirement", "title": words(id), "role": "advisory", "when_unknown": "refer",
            "condition": condition, "override": {"by_role": "hr_director", "text": words("人事部長の判断")}})
    };
    let clauses = [
        advisory("secret_code", json!({"kind": "rehire_code", "any_of": ["eligible"]})),
        advisory("secret_standing", json!({"kind": "fact", "fact": "good_standing"})),
        advisory(
            "secret_remark",
            json!({"kind": "declared", "name": "remark", "any_of": ["sound"]}),
        ),
        advisory(
            "secret_rival",
            json!({"kind": "fact", "fact": "worked_for_competitor", "is": false}),
        ),
    ];
    let articles = document["articles"].as_array_mut().unwrap();
    let eligibility = articles.iter_mut().find(|article| article["part"] == "eligibility").unwrap();
    eligibility["clauses"].as_array_mut().unwrap().extend(clauses);
    document
}

/// The period of somebody with everything that the company records in confidence.
fn recorded_in_confidence() -> Value {
    json!({
        "start": "2010-04-01", "last_day": "2012-03-31", "employment_type": "regular", "full_time": true,
        "rehire_code": "restricted", "left_in_good_standing": false,
        "appraisals": [{"year": 2011, "rating": "canary-appraisal"}],
        "discipline": [{"kind": "reprimand", "on": "2011-11-11"}]
    })
}

/// The facts of an application with everything that is confidential.
fn stated_in_confidence() -> Value {
    json!({
        "person": {"worked_for_competitor": true},
        "company": {"cohort_pay": {"currency": "JPY", "per": "month", "amounts": [7_700_001]}},
        "declared": {"remark": {"type": "text", "value": "canary-declared"}}
    })
}

/// One of everything, marked wherever it is not for everybody.
async fn marked(app: &TestApp) -> Things {
    let hr = app.as_role(Role::Hr);
    let mut things = shared_things(app).await;
    let secret = enact_as(app, "R01S", with_secrets()).await;
    things.insert("regulation_id", secret.regulation.clone());
    things.insert("version_id", secret.version);
    let person = app.seed.ours.alumnus.to_string();
    period_of(app, &person, recorded_in_confidence()).await;
    let own = things_of(app, &person, &things).await;
    things.extend(own);
    let at = |path: &str| at_version(app, path.to_owned());

    let opening = format!("/v1/openings/{}", things["opening_id"]);
    at(&opening).await.patch(&opening, json!({"reason": "canary-opening"})).await.expect(200);
    let application = format!("/v1/applications/{}", things["application_id"]);
    let note = json!({"kind": "essay", "title": "小論文", "note": "canary-document"});
    let document = hr.post(&format!("{application}/documents"), note).await.expect(201).id();
    things.insert("document_id", document);
    let held = json!({"kind": "hold", "reason": "canary-move", "note": "canary-move"});
    at(&application).await.post(&format!("{application}/moves"), held).await.expect(200);
    at(&application)
        .await
        .post(&format!("{application}/moves"), json!({"kind": "resume"}))
        .await
        .expect(200);
    at(&application)
        .await
        .patch(&application, json!({"facts": stated_in_confidence()}))
        .await
        .expect(200);
    let ruling = json!({"clause": "secret_code", "met": true, "role": "hr_director", "reason": "canary-ruling"});
    at(&application).await.post(&format!("{application}/rulings"), ruling).await.expect(200);
    things.insert("decision_id", decided(app, &things["application_id"]).await.id());
    offers_marked(app, &things).await;
    drafts_marked(app, &secret.regulation).await;
    things
}

/// Somebody of the personnel department who has just read a thing.
async fn at_version(app: &TestApp, path: String) -> Client<'_> {
    let version = app.as_role(Role::Hr).get(&path).await.expect(200).version();
    app.as_role(Role::Hr).if_match(version)
}

/// An offer that was sent back, and one that was accepted and then cancelled.
async fn offers_marked(app: &TestApp, things: &Things) {
    let offer = format!("/v1/offers/{}", things["offer_id"]);
    at_version(app, offer.clone())
        .await
        .patch(&offer, json!({"deviation_reason": "canary-deviation"}))
        .await
        .expect(200);
    at_version(app, offer.clone())
        .await
        .post(&format!("{offer}/request-approval"), json!({}))
        .await
        .expect(200);
    let version = app.as_role(Role::Hr).get(&offer).await.expect(200).version();
    let back = json!({"reason": "canary-sent-back"});
    app.as_role(Role::Approver)
        .if_match(version)
        .post(&format!("{offer}/send-back"), back)
        .await
        .expect(200);
    let accepted = app.as_role(Role::Hr).get("/v1/offers?state=accepted").await.expect(200);
    let accepted = format!("/v1/offers/{}", accepted.body["items"][0]["id"].as_str().unwrap());
    let cancel = json!({"reason": "canary-cancelled"});
    at_version(app, accepted.clone())
        .await
        .post(&format!("{accepted}/cancel"), cancel)
        .await
        .expect(200);
}

/// A draft beside the version in force, and a regulation that has only a draft.
async fn drafts_marked(app: &TestApp, regulation: &str) {
    let hr = app.as_role(Role::Hr);
    let mut draft = with_secrets();
    (draft["code"], draft["articles"][0]["text"]["en"]) = (json!("R01S"), json!("canary-draft"));
    hr.post(&format!("/v1/regulations/{regulation}/versions"), json!({"document": draft}))
        .await
        .expect(201);
    let mut unpublished = library("R02");
    (unpublished["code"], unpublished["name"]["en"]) =
        (json!("canary-unpublished"), json!("canary-unpublished"));
    hr.post("/v1/regulations", json!({"document": unpublished})).await.expect(201);
}

async fn enact_as(app: &TestApp, code: &str, mut document: Value) -> Adopted {
    document["code"] = json!(code);
    enact(app, &document).await
}

/// Every draft that there is, as HR finds it.
async fn drafts(app: &TestApp) -> Vec<String> {
    let mut drafts = Vec::new();
    let regulations = app.as_role(Role::Hr).get("/v1/regulations").await.expect(200);
    for regulation in regulations.body["items"].as_array().unwrap() {
        let path = format!("/v1/regulations/{}/versions", regulation["id"].as_str().unwrap());
        let versions = app.as_role(Role::Hr).get(&path).await.expect(200);
        let items = versions.body["items"].as_array().unwrap().iter();
        drafts.extend(
            items
                .filter(|one| one["state"] == "draft")
                .map(|one| one["id"].as_str().unwrap().to_owned()),
        );
    }
    drafts
}

/// Everything that this role can read of these things, with whatever can be shown beside it.
async fn everything_read(
    app: &TestApp,
    role: Role,
    things: &Things,
    reads: &[Operation],
) -> String {
    let mut read = String::new();
    for operation in reads {
        let path = operation.path_to(things);
        let expand = operation.expand.join(",");
        let beside = if expand.is_empty() { String::new() } else { format!("?expand={expand}") };
        for path in [path.clone(), format!("{path}{beside}")] {
            let answer = app.as_role(role).get(&path).await;
            assert!(answer.status < 500, "{path} as {role}: {}", answer.text);
            read.push_str(&answer.text);
        }
    }
    let question = json!({"regulation_id": things["regulation_id"]});
    read.push_str(
        &app.as_role(role)
            .post(&format!("/v1/people/{}/questions", things["person_id"]), question)
            .await
            .text,
    );
    read
}

/// The same with each draft and each offer in the place of the version and the offer.
async fn everything_read_of_all(app: &TestApp, role: Role, things: &Things) -> String {
    // The library is what others published; its cases hold facts like the marked ones.
    let is_read =
        |operation: &Operation| operation.method == Method::GET && operation.id != "listLibrary";
    let reads: Vec<Operation> = all().into_iter().filter(is_read).collect();
    let mut read = everything_read(app, role, things, &reads).await;
    let of_one = |name: &str| -> Vec<Operation> {
        reads
            .iter()
            .filter(|operation| operation.path_to(things).contains(&things[name]))
            .cloned()
            .collect()
    };
    for draft in drafts(app).await {
        let mut of_draft = things.clone();
        of_draft.insert("version_id", draft);
        read.push_str(&everything_read(app, role, &of_draft, &of_one("version_id")).await);
    }
    let offers = app.as_role(Role::Hr).get("/v1/offers").await.expect(200);
    for offer in offers.body["items"].as_array().unwrap() {
        let mut of_offer = things.clone();
        of_offer.insert("offer_id", offer["id"].as_str().unwrap().to_owned());
        read.push_str(&everything_read(app, role, &of_offer, &of_one("offer_id")).await);
    }
    read
}

on_both_engines!(
    a_marked_value_is_read_by_those_for_whom_it_is_and_by_nobody_else,
    what_an_applicant_reads_does_not_tell_what_is_confidential,
    a_draft_is_not_there_for_an_alumnus_by_any_way,
    whoever_is_also_an_alumnus_does_as_an_alumnus_only_what_is_their_own,
    an_alumnus_does_not_change_what_the_organization_stated,
    an_applicant_reads_their_own_notes_and_not_those_of_the_company,
);

async fn a_marked_value_is_read_by_those_for_whom_it_is_and_by_nobody_else(app: TestApp) {
    let things = marked(&app).await;
    let mut wrong = Vec::new();

    for role in Role::ALL {
        let read = everything_read_of_all(&app, *role, &things).await;
        for (mark, readers) in MARKS {
            if read.contains(mark) != readers.contains(role) {
                wrong.push(format!(
                    "{mark} as {role}: {}",
                    if read.contains(mark) { "read" } else { "not found" }
                ));
            }
        }
        // That there is an offer is told with the offer.
        let tells = format!("\"offer_id\":\"{}\"", things["offer_id"]);
        assert_eq!(read.contains(&tells), *role != Role::Alumnus, "{role}");
    }

    assert_eq!(wrong, Vec::<String>::new());
}

async fn what_an_applicant_reads_does_not_tell_what_is_confidential(app: TestApp) {
    let things = marked(&app).await;
    let (application, alumnus) =
        (format!("/v1/applications/{}", things["application_id"]), app.as_role(Role::Alumnus));
    let explained = async || {
        let decision = decided(&app, &things["application_id"]).await.id();
        let explanation = format!("/v1/decisions/{decision}/explanation");
        let moves = alumnus.get(&format!("{application}/allowed-moves")).await.expect(200);
        (alumnus.get(&explanation).await.expect(200).text, moves.text)
    };
    let before = explained().await;

    // The other way round in everything that is confidential, and with no word on some of it.
    let turned = json!({"facts": {"person": {"worked_for_competitor": false}}});
    at_version(&app, application.clone()).await.patch(&application, turned).await.expect(200);
    let ruling =
        json!({"clause": "secret_standing", "met": false, "role": "hr_director", "reason": "逆"});
    at_version(&app, application.clone())
        .await
        .post(&format!("{application}/rulings"), ruling)
        .await
        .expect(200);
    let period = format!("/v1/employment-periods/{}", things["employment_period_id"]);
    let mut good = service();
    good.as_object_mut().unwrap().extend(
        json!({"rehire_code": "eligible", "left_in_good_standing": true})
            .as_object()
            .unwrap()
            .clone(),
    );
    at_version(&app, period.clone()).await.put(&period, json!({"period": good})).await.expect(200);

    assert_eq!(explained().await, before);
    let findings: Value = serde_json::from_str::<Value>(&before.0).unwrap()["findings"].take();
    let hidden: Vec<&Value> = findings
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["confidential"] == true)
        .collect();
    assert_eq!(hidden.len(), 4);
    assert!(
        hidden.iter().all(|finding| finding["outcome"] == "unknown" && finding["weight"] == "none")
    );
}

async fn a_draft_is_not_there_for_an_alumnus_by_any_way(app: TestApp) {
    let adopted = adopt(&app, "R01").await;
    let (hr, alumnus) = (app.as_role(Role::Hr), app.as_role(Role::Alumnus));
    let versions = format!("/v1/regulations/{}/versions", adopted.regulation);
    let draft = hr.post(&versions, json!({"document": library("R01")})).await.expect(201).id();
    let only_draft =
        hr.post("/v1/regulations", json!({"library_code": "R02"})).await.expect(201).id();

    for part in ["", "/document", "/text", "/articles", "/clauses", "/cases", "/changes"] {
        alumnus
            .get(&format!("/v1/regulation-versions/{draft}{part}"))
            .await
            .refused(404, "not_found");
    }
    alumnus
        .get(&format!("/v1/regulation-versions/{}/changes?since={draft}", adopted.version))
        .await
        .refused(404, "not_found");
    alumnus
        .post(&format!("/v1/regulation-versions/{draft}/questions"), json!({"facts": {}}))
        .await
        .refused(404, "not_found");
    assert_eq!(alumnus.get(&versions).await.expect(200).body["items"].as_array().unwrap().len(), 1);
    alumnus.get(&format!("/v1/regulations/{only_draft}")).await.refused(404, "not_found");
    alumnus.get(&format!("/v1/regulations/{only_draft}/versions")).await.refused(404, "not_found");
    let begun = json!({"person_id": app.seed.ours.alumnus, "regulation_id": only_draft});
    alumnus
        .post("/v1/applications", begun)
        .await
        .refused(422, "invalid")
        .faults(&["/regulation_id"]);
    let listed = alumnus.get("/v1/regulations").await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    app.as_role(Role::Recruiter)
        .get(&format!("/v1/regulation-versions/{draft}/text"))
        .await
        .expect(200);
}

async fn whoever_is_also_an_alumnus_does_as_an_alumnus_only_what_is_their_own(app: TestApp) {
    let regulation = adopt(&app, "R01").await.regulation;
    let both = json!({"name": "高橋", "roles": ["hiring_manager", "alumnus"], "person_id": app.seed.ours.alumnus});
    let both = app.as_role(Role::Admin).post("/v1/users", both).await.expect(201).id();
    let (both, other) =
        (app.with_credential(app.token(&both)), person_with_period(&app, service()).await);
    let begin = |person: &str, facts: Value| json!({"person_id": person, "regulation_id": regulation, "facts": facts});
    let own = app.seed.ours.alumnus.to_string();

    both.get(&format!("/v1/people/{other}")).await.expect(200);
    both.post("/v1/applications", begin(&other, json!({})))
        .await
        .refused(422, "invalid")
        .faults(&["/person_id"]);
    both.post("/v1/applications", begin(&own, json!({"company": {"vacancy": true}})))
        .await
        .refused(422, "invalid")
        .faults(&["/facts/company"]);
    both.post("/v1/applications", begin(&own, json!({}))).await.expect(201);
    both.get(&format!("/v1/people/{other}/employment-periods")).await.refused(404, "not_found");
}

async fn an_alumnus_does_not_change_what_the_organization_stated(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    let stated = json!({"facts": {
        "person": {"legal_disqualifier": true, "work_authorised": false, "worked_for_competitor": true},
        "application": {"invited": false, "former_employment_declared": false}
    }});
    case.patch(stated.clone()).await;

    let seen =
        app.as_role(Role::Alumnus).get(&case.path("")).await.expect(200).body["facts"].clone();
    assert_eq!(seen["person"], json!({"legal_disqualifier": true, "work_authorised": false}));
    for (facts, place) in [
        (json!({"person": {"legal_disqualifier": false}}), "/facts/person/legal_disqualifier"),
        (json!({"person": {"work_authorised": true}}), "/facts/person/work_authorised"),
        (json!({"person": {"worked_for_competitor": true}}), "/facts/person/worked_for_competitor"),
        (json!({"application": {"invited": true}}), "/facts/application/invited"),
    ] {
        case.by(Role::Alumnus)
            .await
            .patch(&case.path(""), json!({"facts": facts}))
            .await
            .refused(422, "invalid")
            .faults(&[place]);
    }
    case.by(Role::Alumnus).await.patch(&case.path(""), json!({"facts": seen})).await.expect(200);
    case.by(Role::Alumnus)
        .await
        .patch(
            &case.path(""),
            json!({"facts": {"application": {"former_employment_declared": true}}}),
        )
        .await
        .expect(200);

    let kept = case.read().await.body["facts"].clone();
    assert_eq!(kept["person"], stated["facts"]["person"]);
    assert_eq!(kept["application"], json!({"invited": false, "former_employment_declared": true}));
}

async fn an_applicant_reads_their_own_notes_and_not_those_of_the_company(app: TestApp) {
    let case = Case::of_alumnus(&app).await;
    let documents = case.path("/documents");
    let note = |text: &str| json!({"kind": "essay", "title": "小論文", "note": text});
    app.as_role(Role::Alumnus).post(&documents, note("私の志望動機")).await.expect(201);
    let theirs =
        app.as_role(Role::Hr).post(&documents, note("文章力に難あり")).await.expect(201).id();
    app.as_role(Role::Hr)
        .if_match(1)
        .patch(&format!("{documents}/{theirs}"), json!({"verified": true}))
        .await
        .expect(200);

    let seen = app.as_role(Role::Alumnus).get(&documents).await.expect(200);
    let notes: Vec<&Value> =
        seen.body["items"].as_array().unwrap().iter().map(|one| &one["note"]).collect();
    assert_eq!(notes, [&json!("私の志望動機"), &json!(null)]);
    assert_eq!(seen.body["items"][1]["verified_by"], json!(null));
    assert!(seen.body["items"][1]["verified_at"].is_string());

    case.to("acceptance").await;
    let offer = format!("/v1/offers/{}", case.offer().await.id());
    let answer = json!({"reason": "よろしくお願いします"});
    let version = case.offer().await.version();
    let accepted = app
        .as_role(Role::Alumnus)
        .if_match(version)
        .post(&format!("{offer}/accept"), answer)
        .await
        .expect(200);
    assert_eq!(accepted.body["answer_note"], "よろしくお願いします");
    case.step("cancel").await;
    assert_eq!(
        app.as_role(Role::Alumnus).get(&offer).await.expect(200).body["answer_note"],
        json!(null)
    );
    assert_eq!(case.offer().await.body["answer_note"], "条件の確認");
}
