//! The house rules that the compiler does not know.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use okaeri_engine::codes::Code as _;

fn sources(under: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(under)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // The package of opponents builds in its own folder, where code is generated.
                folders.extend((!path.ends_with("target")).then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((
                    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned(),
                    text,
                ));
            }
        }
    }
    found.sort();
    found
}

/// The code of a file without its comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn names(text: &str, krate: &str) -> bool {
    text.contains(&format!("{krate}::")) || text.contains(&format!("use {krate};"))
}

/// Rooms of `src` from the top: each uses those below it, and areas also one another.
const LAYERS: [&[&str]; 5] = [
    &["app"],
    &["records", "regulations", "hiring", "integration"],
    &["platform"],
    &["guide"],
    &["engine"],
];

/// Rooms of `src` that hold slices.
const AREAS: &[&str] = LAYERS[1];

/// Returns the names of the folders in a folder of `src`.
fn folders(of: &str) -> Vec<String> {
    let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(of)).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Returns the slices, as `area::slice`.
fn slices() -> HashSet<String> {
    let of = |area: &&str| {
        let slices = folders(&format!("src/{area}"));
        slices.into_iter().map(|slice| format!("{area}::{slice}")).collect::<Vec<_>>()
    };
    let slices: HashSet<String> = AREAS.iter().flat_map(of).collect();
    assert!(slices.len() > 18, "{slices:?}");
    slices
}

/// Returns the slice in which a file stands, as `area::slice`.
fn slice_of(path: &Path) -> Option<String> {
    let parts: Vec<&str> = path.iter().skip(1).filter_map(|part| part.to_str()).collect();
    let [area, slice, _, ..] = parts[..] else { return None };
    AREAS.contains(&area).then(|| format!("{area}::{slice}"))
}

#[test]
fn every_room_has_its_layer() {
    let mut rooms = folders("src");
    let mut layered: Vec<&str> = LAYERS.concat();
    rooms.sort_unstable();
    layered.sort_unstable();
    assert_eq!(rooms, layered);
}

#[test]
fn dependencies_point_downwards() {
    let mut upward = Vec::new();
    for (path, text) in sources("src") {
        let room = path.iter().nth(1).and_then(|part| part.to_str()).unwrap_or_default();
        let Some(layer) = LAYERS.iter().position(|rooms| rooms.contains(&room)) else { continue };
        let program = code(&text);
        let program = program.split("#[cfg(test)]\nmod ").next().unwrap();
        // A file of tests may stand on the whole application.
        if path.ends_with("tests.rs") {
            continue;
        }
        for above in LAYERS[..layer].concat() {
            if program.contains(&format!("crate::{above}")) {
                upward.push(format!("{}: uses {above}", path.display()));
            }
        }
    }
    assert_eq!(upward, Vec::<String>::new());
}

#[test]
fn layers_use_only_what_they_may() {
    let (mut broken, slices) = (Vec::new(), slices());
    for (path, text) in sources("src") {
        let Some(slice) = slice_of(&path) else { continue };
        let code = code(&text);
        let parts: Vec<&str> = path.iter().skip(3).filter_map(|part| part.to_str()).collect();
        let file = *parts.last().unwrap();
        let mut forbid = |krate: &str, why: &str| {
            if names(&code, krate) {
                broken.push(format!("{}: names {krate}: {why}", path.display()));
            }
        };
        let in_api = file == "api.rs" || parts[0] == "api";
        if !in_api {
            forbid("actix_web", "only api.rs speaks HTTP");
        }
        if file != "store.rs" {
            forbid("diesel", "only store.rs speaks SQL");
        }
        if file == "model.rs" {
            forbid("tokio", "models are pure");
        }
        for other in slices.iter().filter(|other| **other != slice) {
            let (_, name) = other.split_once("::").unwrap();
            for private in ["store", "api"] {
                forbid(&format!("{other}::{private}"), "a store and an api are their slice's own");
                forbid(&format!(" {name}::{private}"), "a store and an api are their slice's own");
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// Slices that other slices use, by hand: there is no circle among them.
#[test]
fn slices_use_one_another_without_circles() {
    let (mut uses, slices) = (BTreeMap::<String, BTreeSet<String>>::new(), slices());
    for (path, text) in sources("src") {
        let Some(slice) = slice_of(&path) else { continue };
        let code = code(&text);
        for other in slices.iter().filter(|other| **other != slice) {
            if uses_slice(&code, other) {
                uses.entry(slice.clone()).or_default().insert(other.clone());
            }
        }
    }
    // Whoever uses nobody that is left goes, until nobody is left.
    while let Some(free) = uses
        .iter()
        .find(|(_, used)| used.is_empty())
        .map(|(slice, _)| slice.clone())
        .or_else(|| uses.values().flatten().find(|used| !uses.contains_key(*used)).cloned())
    {
        uses.remove(&free);
        for used in uses.values_mut() {
            used.remove(&free);
        }
    }
    assert_eq!(uses, BTreeMap::new());
}

/// Returns whether code names a slice, alone or in a list of its area.
fn uses_slice(code: &str, slice: &str) -> bool {
    let (area, name) = slice.split_once("::").unwrap();
    let in_list = code.split(&format!("crate::{area}::{{")).skip(1).any(|rest| {
        let list = rest.split(';').next().unwrap_or_default();
        list.split([',', '{', '}']).any(|item| item.trim().split("::").next() == Some(name))
    });
    in_list
        || code.contains(&format!("crate::{slice}::"))
        || code.contains(&format!("crate::{slice};"))
}

#[test]
fn files_and_functions_stay_short() {
    let mut long = Vec::new();
    for (path, text) in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        let lines = text.lines().count();
        if lines > 600 {
            long.push(format!("{} has {lines} lines", path.display()));
        }
        let mut start = None;
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let begins = [
                "fn ",
                "pub fn ",
                "pub(crate) fn ",
                "pub(super) fn ",
                "async fn ",
                "pub async fn ",
            ]
            .iter()
            .any(|head| line.trim_start().starts_with(head));
            if begins && line.trim_end().ends_with('{') {
                start = Some((number, indent));
            } else if let Some((from, depth)) = start
                && line.trim_end() == format!("{}}}", " ".repeat(depth))
            {
                if number - from > 80 {
                    long.push(format!(
                        "{}:{}: a function of {} lines",
                        path.display(),
                        from + 1,
                        number - from
                    ));
                }
                start = None;
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn the_example_environment_lists_exactly_the_settings() {
    let config = include_str!("../../src/app/config.rs");
    let mut read: Vec<&str> =
        config.split("env = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    // Those of numbers stand in a table, each with its variable.
    let quotas = include_str!("../../src/platform/quotas.rs");
    read.extend(quotas.split("(\"").skip(1).filter_map(|rest| rest.split('"').next()));
    let example = include_str!("../../.env.example");
    let lines = example
        .lines()
        .map(|line| line.trim_start_matches('#'))
        .filter(|line| line.contains('=') && !line.starts_with(' '));
    let mut listed: Vec<&str> = lines.filter_map(|line| line.split('=').next()).collect();
    read.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, read);
}

#[test]
fn nothing_is_left_open() {
    let mut open = Vec::new();
    for (path, text) in ["src", "tests", "benches"].into_iter().flat_map(sources) {
        for mark in [
            concat!("TO", "DO"),
            concat!("FIX", "ME"),
            concat!("#[ign", "ore"),
            concat!("assert!(tr", "ue)"),
        ] {
            if text.contains(mark) {
                open.push(format!("{}: {mark}", path.display()));
            }
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

#[test]
fn what_is_said_in_both_languages_stands_in_the_catalogues() {
    let mut written = Vec::new();
    for (path, text) in sources("src") {
        let program = code(&text);
        let program = program.split("#[cfg(test)]\nmod ").next().unwrap();
        for made in [
            "Words::fixed(\"",
            "Words::new(\"",
            "Words::new(format!",
            "Message::fixed(\"",
            "Message::new(",
        ] {
            if program.contains(made) {
                written.push(format!("{}: {made}", path.display()));
            }
        }
    }
    assert!(written.is_empty(), "{written:#?}");
}

/// Names of the messages in an object of a catalogue, as the program has them: a text without
/// places is a constant.
fn message_names(messages: &serde_json::Map<String, serde_json::Value>, names: &mut Vec<String>) {
    for (key, value) in messages {
        if let Some(inner) = value.as_object() {
            message_names(inner, names);
        } else if value.as_str().is_some_and(|text| text.contains('{')) {
            let capitalised = |word: &str| word[..1].to_uppercase() + &word[1..];
            names.push(key.split('_').map(capitalised).collect());
        } else {
            names.push(key.to_uppercase());
        }
    }
}

/// The engine's messages are public, so the compiler reports none that nobody says.
#[test]
fn every_message_of_the_catalogues_is_said() {
    let (mut names, mut program) = (Vec::new(), String::new());
    for entry in
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/messages/ja"))
            .unwrap()
    {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        message_names(
            serde_json::from_str::<serde_json::Value>(&text).unwrap().as_object().unwrap(),
            &mut names,
        );
    }
    sources("src").iter().for_each(|(_, text)| program.push_str(text));
    let words: HashSet<&str> = program.split(|c: char| c != '_' && !c.is_alphanumeric()).collect();
    names.retain(|name| !words.contains(name.as_str()));
    assert_eq!(names, Vec::<String>::new());
}

/// Every operation that writes on POST answers through the keeper of answers: no handler forgets
/// it.
#[test]
fn every_post_that_writes_can_be_sent_again() {
    let mut forgetful = Vec::new();
    for (path, text) in sources("src") {
        for handler in text.split("#[post(").skip(1) {
            let handler = handler.split("\n}\n").next().unwrap();
            if handler.contains("may.write(") {
                forgetful.push(format!("{}: {}", path.display(), handler.lines().next().unwrap()));
            }
        }
    }
    assert!(forgetful.is_empty(), "{forgetful:#?}");
}

/// What a request sends is text that was looked at: `String` takes what one engine cannot keep.
#[test]
fn no_field_of_a_request_is_a_plain_string() {
    let mut plain = Vec::new();
    for (path, text) in sources("src") {
        if slice_of(&path).is_none() {
            continue;
        }
        for item in code(&text).split("#[derive(").skip(1) {
            let Some((derived, rest)) = item.split_once(")]") else { continue };
            // What is also written is a document that is stored or answered; a body is only read.
            let is_request = derived.contains("Deserialize")
                && !derived.split([',', ' ']).any(|one| one == "Serialize")
                && ["Validate", "IntoParams", "ToSchema"].iter().any(|one| derived.contains(one));
            let Some((_, fields)) = rest.split_once("struct ").filter(|_| is_request) else {
                continue;
            };
            let fields = fields.split("\n}").next().unwrap_or_default().lines();
            let is_plain = |line: &&str| {
                let ty = line.split_once(": ").map_or("", |(_, ty)| ty);
                !line.trim_start().starts_with("#[")
                    && ty.split(|c: char| !c.is_alphanumeric()).any(|word| word == "String")
            };
            plain.extend(
                fields.filter(is_plain).map(|line| format!("{}: {}", path.display(), line.trim())),
            );
        }
    }
    assert!(plain.is_empty(), "{plain:#?}");
}

/// Every type of event is recorded by a use case: the compiler takes one that nobody writes.
#[test]
fn every_type_of_event_is_recorded() {
    let mut program = String::new();
    for (path, text) in sources("src") {
        if slice_of(&path).is_some() {
            program.push_str(code(&text).split("#[cfg(test)]\nmod ").next().unwrap());
        }
    }
    let recorded: HashSet<&str> = program
        .split("EventType::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap())
        .collect();
    let types = okaeri::platform::outbox::EventType::ALL.iter().map(|kind| format!("{kind:?}"));
    let never: Vec<String> = types.filter(|name| !recorded.contains(name.as_str())).collect();
    assert_eq!(never, Vec::<String>::new());
}
