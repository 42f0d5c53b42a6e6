//! One return, from the records of the HR system to the acknowledged instruction.

mod question;

use std::collections::HashSet;
use std::error::Error;
use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{NaiveDate, TimeDelta, Utc};
use okaeri_client::apis::configuration::Configuration;
use okaeri_client::apis::{self, applications_api, decisions_api, jobs_api, offers_api, people_api, regulations_api};
use okaeri_client::models::{
    Application, ApplicationInput, ApplicationPatch, Clause, Condition, Consequence, ContactKind, DecisionDocument,
    EmploymentPeriod, EmploymentType, ExitRoute, InstructionState, JobInput, Money, MoveInput, MoveKind, Name, Offer,
    OfferInput, OfferRemark, OfferTerms, OpeningInput, Pay, PayPeriod, PeopleImportInput, PeopleImportReport,
    PeopleImportRow, PersonContactInput, PersonPage, PersonQuestion, Problem, ProblemCode, RefusalCode,
    RegulationInput, RehireAcknowledgement, RehireInstruction, ReturnInput, Stage, VersionState, Weight,
};

type Answer<T> = Result<T, Box<dyn Error>>;

/// What the story is told with.
struct Story {
    run: String,
    base: String,
    key: String,
    system: Configuration,
    hr: Configuration,
    approver: Configuration,
}

struct Leaver {
    number: String,
    family: &'static str,
    given: &'static str,
    days_of_service: i64,
}

fn api(base: &str, credential: &str) -> Configuration {
    let bearer_access_token = Some(credential.to_owned());
    Configuration { base_path: base.to_owned(), bearer_access_token, ..Configuration::default() }
}

/// What was answered, or the problem as an error.
fn got<T, E: Debug>(answer: Result<T, apis::Error<E>>) -> Answer<T> {
    answer.map_err(|error| match error {
        apis::Error::ResponseError(response) => format!("{}: {}", response.status, response.content).into(),
        other => format!("{other}").into(),
    })
}

/// The problem that was answered.
fn refused<T, E>(answer: Result<T, apis::Error<E>>) -> Answer<Problem> {
    match answer {
        Err(apis::Error::ResponseError(response)) => Ok(serde_json::from_str(&response.content)?),
        Err(other) => Err(format!("{other}").into()),
        Ok(_) => Err("a problem was expected".into()),
    }
}

fn day(days: i64) -> NaiveDate {
    Utc::now().date_naive() + TimeDelta::days(days)
}

fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

fn joined(codes: impl IntoIterator<Item = impl ToString>) -> String {
    codes.into_iter().map(|code| code.to_string()).collect::<Vec<_>>().join(",")
}

/// The tag of the union is not kept beside its variants.
fn kind(condition: &Condition) -> &'static str {
    match condition {
        Condition::JobFamily(_) => "job_family",
        Condition::Tenure(_) => "tenure",
        Condition::ExitRoute(_) => "exit_route",
        Condition::Gap(_) => "gap",
        _ => "another",
    }
}

impl Story {
    fn begin() -> Answer<Self> {
        let base = std::env::var("OKAERI_URL")?;
        let key = std::env::var("OKAERI_API_KEY")?;
        Ok(Self {
            run: format!("{:x}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos()),
            system: api(&base, &key),
            hr: api(&base, &std::env::var("OKAERI_HR_TOKEN")?),
            approver: api(&base, &std::env::var("OKAERI_APPROVER_TOKEN")?),
            base,
            key,
        })
    }

    /// One row for each employment period; sent again, the same rows change nothing.
    fn import_people(&self, leavers: &[Leaver]) -> Answer<Vec<String>> {
        let row = |leaver: &Leaver| {
            let period = EmploymentPeriod {
                last_day: Some(Some(day(-730))),
                employment_type: Some(Some(EmploymentType::Regular)),
                full_time: Some(Some(true)),
                job_family: Some(Some("administration".to_owned())),
                exit_route: Some(Some(ExitRoute::Resignation)),
                ..EmploymentPeriod::new(day(-730 - leaver.days_of_service))
            };
            let email = format!("{}@example.jp", leaver.number);
            let name = Name::new(leaver.family.to_owned(), leaver.given.to_owned());
            PeopleImportRow {
                birth_date: Some(NaiveDate::from_ymd_opt(1990, 4, 2)),
                contacts: Some(vec![PersonContactInput::new(ContactKind::Email, email)]),
                ..PeopleImportRow::new(leaver.number.clone(), name, period)
            }
        };
        let rows = PeopleImportInput::new(leavers.iter().map(row).collect());
        let report = got(people_api::import_people(&self.system, rows.clone(), None, None))?;
        assert_eq!(report, PeopleImportReport { created: 2, updated: 0, unchanged: 0 });
        let again = got(people_api::import_people(&self.system, rows, None, None))?;
        assert_eq!(again, PeopleImportReport { created: 0, updated: 0, unchanged: 2 });
        let mut ids = Vec::new();
        for leaver in leavers {
            ids.extend(self.people(None, None, Some(&leaver.number))?.items.into_iter().map(|person| person.id));
        }
        Ok(ids)
    }

    /// Each parameter of a list is an argument of its own.
    fn people(&self, limit: Option<i64>, cursor: Option<&str>, number: Option<&str>) -> Answer<PersonPage> {
        let configuration = &self.system;
        got(people_api::list_people(
            configuration,
            limit,
            cursor,
            None,
            None,
            number,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
        ))
    }

    /// Everybody, a page at a time.
    fn everybody(&self) -> Answer<Vec<String>> {
        let (mut ids, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = self.people(Some(1), cursor.as_deref(), None)?;
            assert!(page.items.len() <= 1);
            ids.extend(page.items.into_iter().map(|person| person.id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(ids);
            }
        }
    }

    /// Adopts a regulation of the library and publishes it, or takes the one that was adopted
    /// before.
    fn adopt(&self, code: &str) -> Answer<(String, String, VersionState)> {
        let new = RegulationInput { library_code: Some(Some(code.to_owned())), ..RegulationInput::new() };
        let regulation = match regulations_api::create_regulation(&self.hr, new, None, None) {
            Ok(made) => made,
            refusal => {
                assert_eq!(refused(refusal)?.code, ProblemCode::AlreadyExists);
                let known = got(regulations_api::list_regulations(
                    &self.hr, None, None, None, None, None, None, None, None, None, None, None, None,
                ))?;
                known.items.into_iter().find(|one| one.code == code).ok_or("it is not there")?
            }
        };
        let versions = got(regulations_api::list_regulation_versions(&self.hr, &regulation.id, None))?;
        let mut version = versions.items.into_iter().next().ok_or("there is no version")?;
        if version.state == VersionState::Draft {
            let read = got(regulations_api::get_regulation_version(&self.hr, &version.id, None))?;
            let tag = etag(read.version);
            version = got(regulations_api::publish_regulation_version(&self.hr, &version.id, &tag, None, None))?;
        }
        Ok((regulation.id, version.id, version.state))
    }

    /// The requirements of a version, as its document states them.
    fn requirements(&self, version: &str) -> Answer<Vec<&'static str>> {
        let document = got(regulations_api::get_regulation_document(&self.system, version, None))?;
        let clauses = document.articles.into_iter().filter_map(|article| article.clauses).flatten();
        Ok(clauses
            .filter_map(|clause| match clause {
                Clause::Requirement(requirement) => Some(kind(&requirement.condition)),
                _ => None,
            })
            .collect())
    }

    fn ask(&self, person: &str, regulation: &str) -> Answer<DecisionDocument> {
        let question = PersonQuestion::new(regulation.to_owned());
        got(decisions_api::ask_for_person(&self.system, person, question, None))
    }

    fn open(&self) -> Answer<String> {
        let job = JobInput {
            title_en: Some(Some("General affairs".to_owned())),
            grade: Some(Some("3".to_owned())),
            ..JobInput::new(
                format!("affairs-{}", self.run),
                EmploymentType::Regular,
                "administration".to_owned(),
                "総務".to_owned(),
                "高松".to_owned(),
            )
        };
        let job = got(jobs_api::create_job(&self.hr, job, None, None))?;
        Ok(got(jobs_api::create_opening(&self.hr, OpeningInput::new(job.id, 1), None, None))?.id)
    }

    fn apply(&self, person: &str, regulation: &str, opening: &str) -> Answer<Application> {
        let application = ApplicationInput {
            opening_id: Some(Some(opening.to_owned())),
            wished_start_date: Some(Some(day(90))),
            reason_for_return: Some(Some("介護が一段落したため".to_owned())),
            ..ApplicationInput::new(person.to_owned(), regulation.to_owned())
        };
        let key = format!("application-{}", self.run);
        got(applications_api::create_application(&self.hr, application, Some(&key), None))
    }

    /// Moves on until the regulation holds it back; tells where it is, and what holds it.
    fn advance(&self, id: &str) -> Answer<(Stage, Vec<RefusalCode>)> {
        loop {
            let application = got(applications_api::get_application(&self.hr, id, None, None))?;
            let allowed = got(applications_api::list_allowed_moves(&self.hr, id, None))?;
            let onward = allowed.moves.into_iter().find(|one| one.kind == MoveKind::Advance);
            let Some(onward) = onward else { return Ok((application.stage, Vec::new())) };
            if !onward.allowed {
                return Ok((application.stage, onward.refusals.into_iter().map(|refusal| refusal.code).collect()));
            }
            let (tag, onward) = (etag(application.version), MoveInput::new(MoveKind::Advance));
            got(applications_api::move_application(&self.hr, id, &tag, onward, None, None))?;
        }
    }

    fn offer(&self, application: &str) -> Answer<Offer> {
        let terms = OfferTerms {
            grade: Some(Some("3".to_owned())),
            full_time: Some(Some(true)),
            job_family: Some(Some("administration".to_owned())),
            ..OfferTerms::new(
                Pay::new(Money::new(325_000, "JPY".to_owned()), PayPeriod::Month),
                EmploymentType::Regular,
                "総務".to_owned(),
                day(90),
                "高松".to_owned(),
            )
        };
        got(offers_api::create_offer(&self.hr, application, OfferInput::new(day(14), terms), None, None))
    }

    /// The HR system reads the instruction of an application, and takes it over.
    fn acknowledge(&self, application: &str) -> Answer<(RehireInstruction, RehireInstruction)> {
        let (system, state, of) = (&self.system, Some(InstructionState::Issued), Some(application));
        let listed = got(offers_api::list_rehire_instructions(
            system, None, None, state, None, of, None, None, None, None, None, None, None, None, None, None, None,
        ))?;
        let [instruction] = listed.items.as_slice() else { return Err("one instruction was expected".into()) };
        let issued = got(offers_api::get_rehire_instruction(system, &instruction.id, None, None))?;
        assert_eq!(issued.package.former_employee_numbers, [format!("{}-1", self.run)]);
        let acknowledgement = RehireAcknowledgement {
            employee_number: Some(Some(format!("{}-3", self.run))),
            ..RehireAcknowledgement::new("HR-0001".to_owned())
        };
        let (id, tag) = (&issued.id, etag(issued.version));
        let taken = got(offers_api::acknowledge_rehire_instruction(system, id, &tag, acknowledgement, None, None))?;
        Ok((issued, taken))
    }

    /// The new employment period of the same person.
    fn register(&self, application: &str, number: Option<String>) -> Answer<Application> {
        let read = got(applications_api::get_application(&self.system, application, None, None))?;
        let (tag, body) = (etag(read.version), ReturnInput { employee_number: Some(number) });
        got(applications_api::register_return(&self.system, application, &tag, None, None, Some(body)))
    }
}

fn main() -> Answer<()> {
    let story = Story::begin()?;
    let leaver = |number, family, given, days_of_service| Leaver {
        number: format!("{}-{number}", story.run),
        family,
        given,
        days_of_service,
    };
    let ids = story.import_people(&[leaver(1, "佐藤", "花子", 3000), leaver(2, "田中", "一郎", 300)])?;
    let [sato, tanaka] = ids.as_slice() else { return Err("two people were expected".into()) };
    let seen = story.everybody()?;
    let distinct: HashSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len());
    assert!(distinct.contains(sato) && distinct.contains(tanaka));
    println!("1 two people are on record, and found page by page");

    let (regulation, version, state) = story.adopt("R01")?;
    println!("2 R01 is {state}, and requires {}", joined(story.requirements(&version)?));

    questions(&story, sato, tanaka, &regulation)?;
    let application = application(&story, sato, &regulation)?;
    selection_and_offer(&story, &application.id)?;

    let (issued, taken) = story.acknowledge(&application.id)?;
    let reference = taken.reference.ok_or("there is no reference")?;
    println!("9 the rehire instruction is {}, then {} under {reference}", issued.state, taken.state);
    let returned = story.register(&application.id, taken.employee_number)?;
    assert!(returned.returned_period_id.is_some());
    let (at, _) = story.advance(&application.id)?;
    println!("  the return is registered, the application at {at}");
    Ok(())
}

fn questions(story: &Story, sato: &str, tanaka: &str, regulation: &str) -> Answer<()> {
    let yes = story.ask(sato, regulation)?;
    let no = story.ask(tanaka, regulation)?;
    let pay = yes.consequences.iter().find_map(|consequence| match consequence {
        Consequence::Pay(pay) => Some(pay.rule),
        _ => None,
    });
    let pay = pay.ok_or("nothing on pay")?;
    let against = no.findings.iter().filter(|finding| finding.weight == Weight::Against);
    let against = joined(against.map(|finding| &finding.clause));
    println!("3 one is {}, with pay by {pay}; the other {} by {against}", yes.verdict, no.verdict);
    let ask = |person| question::may_come_back(&story.base, &story.key, person, regulation);
    let said = if ask(tanaka)? == no.summary.en { "a sentence" } else { "no sentence" };
    let begun = if ask(sato)?.starts_with("app_") { "an application" } else { "nothing" };
    println!("  in ten lines: {said}, and {begun}");
    Ok(())
}

fn application(story: &Story, sato: &str, regulation: &str) -> Answer<Application> {
    let opening = story.open()?;
    let application = story.apply(sato, regulation, &opening)?;
    // The generated client gives no headers, so that `Idempotent-Replayed` cannot be read.
    assert_eq!(story.apply(sato, regulation, &opening)?.id, application.id);
    let tag = etag(application.version);
    let submitted = got(applications_api::submit_application(&story.hr, &application.id, &tag, None, None))?;
    println!("4 sent twice, one application: {}", submitted.stage);

    let patch =
        ApplicationPatch { reason_for_return: Some(Some("転居したため".to_owned())), ..ApplicationPatch::new() };
    let stale = refused(applications_api::update_application(&story.hr, &application.id, &tag, patch, None))?;
    println!("  a stale change is refused: {} {}", stale.status, stale.code);
    Ok(application)
}

fn selection_and_offer(story: &Story, id: &str) -> Answer<()> {
    let (at, held) = story.advance(id)?;
    let decision = got(decisions_api::decide_application(&story.hr, id, None, None))?;
    println!("5 held at {at} by {}, then decided: {}", joined(held), decision.verdict);

    let (at, held) = story.advance(id)?;
    println!("6 moved on to {at}, held by {}", joined(held));

    // Where no body is given, this client sends `null`.
    let none = || Some(OfferRemark::new());
    let made = story.offer(id)?;
    let tag = etag(made.version);
    let made = got(offers_api::request_offer_approval(&story.hr, &made.id, &tag, None, None, none()))?;
    let why = OfferRemark { reason: Some(Some("Within the grade band.".to_owned())) };
    let made = got(offers_api::approve_offer(&story.approver, &made.id, &etag(made.version), None, None, Some(why)))?;
    let (at, _) = story.advance(id)?;
    let made = got(offers_api::send_offer(&story.hr, &made.id, &etag(made.version), None, None, none()))?;
    println!("7 at {at} the offer is {}", made.state);

    let made = got(offers_api::accept_offer(&story.system, &made.id, &etag(made.version), None, None, none()))?;
    let (at, _) = story.advance(id)?;
    println!("8 the offer is {}, the application at {at}", made.state);
    Ok(())
}
