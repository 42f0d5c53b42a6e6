//! Rendered text of a version, and its changes since another.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use okaeri_engine::document::rendering::{self, Form, Language};
use okaeri_engine::review::changes::{Change, changes};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::auth::may;
use crate::platform::error::{ProblemCode, Result};
use crate::platform::http::{Allowed, Page, Query, operation};
use crate::platform::ids::RegulationVersionId;
use crate::regulations::regulations::versions;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    use ProblemCode::TooCostly;
    config
        .service(operation(may::ReadRegulations, render_regulation, &[TooCostly]))
        .service(operation(may::ReadRegulations, list_regulation_changes, &[TooCostly]));
}

/// Options for rendering a regulation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RenderQuery {
    /// The output format.
    #[serde(default = "markdown")]
    #[param(inline, default = "markdown", example = "markdown")]
    form: Form,
    /// The language.
    #[serde(default = "japanese")]
    #[param(inline, default = "ja", example = "ja")]
    language: Language,
}

const fn markdown() -> Form {
    Form::Markdown
}

const fn japanese() -> Language {
    Language::Ja
}

/// Query of the list of changes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// The other version, of this or another regulation; default is the previous one.
    #[param(nullable = false, example = "ver_0198c5f0a1b27c3d8e4f5a6b7c8d9e0f")]
    since: Option<RegulationVersionId>,
}

/// Read a version as text
///
/// Renders the regulation as 規程, in Markdown or HTML, in Japanese or English. Below each article
/// are sentences generated from its clauses and parameters, so that text and program cannot
/// disagree.
#[utoipa::path(operation_id = "renderRegulation", tag = "regulations", params(RenderQuery),
    responses((status = 200, description = "The text", content(
        (String = "text/markdown", example = json!("# 再雇用規程\n\n## 資格要件\n\n### 第3条（資格要件）\n\n勤続3年以上の者\n\n- 勤続：勤続3年以上。\n")),
        (String = "text/html", example = json!("<!DOCTYPE html>\n<html lang=\"ja\">…</html>\n"))
    ))))]
#[get("/regulation-versions/{version_id}/text")]
async fn render_regulation(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
    Query(query): Query<RenderQuery>,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let pass = may.pass().await?;
    let version = may.read(move |tx| versions::compiled(tx, id)).await?;
    let text = pass
        .run(move |meter| {
            Ok(rendering::render(version.document(), query.form, query.language, meter)?)
        })
        .await?;
    let kind = match query.form {
        Form::Markdown => "text/markdown; charset=utf-8",
        Form::Html => "text/html; charset=utf-8",
    };
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind)).body(text))
}

/// List changes
///
/// Returns the differences from another version: header, articles by number, clauses by stable id,
/// each as a sentence in Japanese and English with the text before and after. Empty for the first
/// version of a regulation.
#[utoipa::path(operation_id = "listRegulationChanges", tag = "regulations", params(ChangesQuery),
    responses((status = 200, description = "The differences", body = Page<Change>)))]
#[get("/regulation-versions/{version_id}/changes")]
async fn list_regulation_changes(
    may: Allowed<may::ReadRegulations>,
    id: web::Path<RegulationVersionId>,
    Query(query): Query<ChangesQuery>,
) -> Result<Page<Change>> {
    let id = id.into_inner();
    let pass = may.pass().await?;
    let both = may
        .read(move |tx| {
            let after = versions::compiled(tx, id)?;
            let Some(since) =
                query.since.map_or_else(|| versions::before(tx, id), |since| Ok(Some(since)))?
            else {
                return Ok(None);
            };
            let before = versions::compiled(tx, since)?;
            Ok(Some((before, after)))
        })
        .await?;
    let items = match both {
        Some((before, after)) => {
            pass.run(move |meter| Ok(changes(before.document(), after.document(), meter)?)).await?
        }
        None => Vec::new(),
    };
    Ok(Page::whole(items))
}
