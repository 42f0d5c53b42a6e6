//! May somebody come back, and then apply: the ten lines of the guide.

use std::error::Error;

use okaeri_client::apis::{
    applications_api::create_application, configuration::Configuration, decisions_api::ask_for_person,
};
use okaeri_client::models::{ApplicationInput, PersonQuestion, Verdict};

pub fn may_come_back(base: &str, key: &str, person: &str, regulation: &str) -> Result<String, Box<dyn Error>> {
    let bearer_access_token = Some(key.to_owned());
    let okaeri = Configuration { base_path: base.to_owned(), bearer_access_token, ..Configuration::default() };
    let asked = ask_for_person(&okaeri, person, PersonQuestion::new(regulation.to_owned()), None)?;
    if asked.verdict != Verdict::Eligible {
        return Ok(asked.summary.en);
    }
    let application = ApplicationInput::new(person.to_owned(), regulation.to_owned());
    Ok(create_application(&okaeri, application, None, None)?.id)
}
