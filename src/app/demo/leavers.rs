//! The former employees of the synthetic company; the same on every run.

use chrono::{Days, Months, NaiveDate};
use okaeri_engine::calendar::day_before;
use okaeri_engine::codes::Code as _;
use okaeri_engine::facts::{
    EmploymentPeriod, EmploymentType, ExitReason, ExitRoute, Leave, LeaveType, LeaveUnit, Pay,
    PayPeriod,
};
use okaeri_engine::money::Money;
use okaeri_engine::text::Text;

use crate::platform::error::Result;
use crate::platform::ids::PersonId;
use crate::platform::usecase::Tx;
use crate::records::people::model::{ContactKind, FormerName, Name, Reading};
use crate::records::{employment_periods, people, registrations};

/// The job families of the company; the first is that of the story's person.
pub(super) const FAMILIES: [&str; 5] =
    ["administration", "engineering", "sales", "production", "nursing"];

/// Exit routes other than resignation.
const OTHER_ROUTES: &[ExitRoute] = &[
    ExitRoute::Encouraged,
    ExitRoute::EarlyRetirement,
    ExitRoute::Redundancy,
    ExitRoute::ContractExpiry,
    ExitRoute::DismissalOrdinary,
];

const FAMILY_NAMES: [(&str, &str, &str); 24] = [
    ("佐藤", "サトウ", "Sato"),
    ("鈴木", "スズキ", "Suzuki"),
    ("高橋", "タカハシ", "Takahashi"),
    ("田中", "タナカ", "Tanaka"),
    ("伊藤", "イトウ", "Ito"),
    ("渡辺", "ワタナベ", "Watanabe"),
    ("山本", "ヤマモト", "Yamamoto"),
    ("中村", "ナカムラ", "Nakamura"),
    ("小林", "コバヤシ", "Kobayashi"),
    ("加藤", "カトウ", "Kato"),
    ("吉田", "ヨシダ", "Yoshida"),
    ("山田", "ヤマダ", "Yamada"),
    ("佐々木", "ササキ", "Sasaki"),
    ("山口", "ヤマグチ", "Yamaguchi"),
    ("松本", "マツモト", "Matsumoto"),
    ("井上", "イノウエ", "Inoue"),
    ("木村", "キムラ", "Kimura"),
    ("林", "ハヤシ", "Hayashi"),
    ("斎藤", "サイトウ", "Saito"),
    ("清水", "シミズ", "Shimizu"),
    ("山崎", "ヤマザキ", "Yamazaki"),
    ("森", "モリ", "Mori"),
    ("池田", "イケダ", "Ikeda"),
    ("橋本", "ハシモト", "Hashimoto"),
];

const GIVEN_NAMES: [(&str, &str, &str); 22] = [
    ("花子", "ハナコ", "Hanako"),
    ("太郎", "タロウ", "Taro"),
    ("翔", "ショウ", "Sho"),
    ("葵", "アオイ", "Aoi"),
    ("陽菜", "ヒナ", "Hina"),
    ("蓮", "レン", "Ren"),
    ("結衣", "ユイ", "Yui"),
    ("大輔", "ダイスケ", "Daisuke"),
    ("美咲", "ミサキ", "Misaki"),
    ("健太", "ケンタ", "Kenta"),
    ("彩", "アヤ", "Aya"),
    ("拓也", "タクヤ", "Takuya"),
    ("恵", "メグミ", "Megumi"),
    ("直樹", "ナオキ", "Naoki"),
    ("真由美", "マユミ", "Mayumi"),
    ("学", "マナブ", "Manabu"),
    ("香織", "カオリ", "Kaori"),
    ("誠", "マコト", "Makoto"),
    ("久美子", "クミコ", "Kumiko"),
    ("隆", "タカシ", "Takashi"),
    ("千尋", "チヒロ", "Chihiro"),
    ("裕子", "ユウコ", "Yuko"),
];

/// A deterministic pseudo-random generator.
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: u64) -> u64 {
        // The multiplier and increment of Knuth's MMIX.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index = self.draw(u64::try_from(all.len()).unwrap_or(1).max(1));
        all.get(usize::try_from(index).unwrap_or_default())
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.draw(many) == 0
    }
}

/// Records all former employees. Returns the person of the story.
pub(super) fn record(tx: &mut Tx<'_>, progress: &dyn Fn()) -> Result<PersonId> {
    let heroine = one(tx, &FAMILY_NAMES[0], &GIVEN_NAMES[0], 0, &heroine_period(tx.today()))?;
    progress();
    let mut lot = Lot(20_240_601);
    for number in 1..super::LEAVERS {
        let (Some(family), Some(given)) = (lot.of(&FAMILY_NAMES), lot.of(&GIVEN_NAMES)) else {
            continue;
        };
        let period = period(&mut lot, tx.today());
        let person = one(tx, family, given, number, &period)?;
        register(tx, &mut lot, person, &period)?;
        progress();
    }
    Ok(heroine)
}

/// Returns the period of the story's person: eight years full time in administration, left two
/// years ago for care.
fn heroine_period(today: NaiveDate) -> EmploymentPeriod {
    let last = day_before(today).checked_sub_months(Months::new(24)).unwrap_or(today);
    EmploymentPeriod {
        employment_type: Some(EmploymentType::Regular),
        full_time: Some(true),
        job_family: FAMILIES.first().map(|family| (*family).to_owned()),
        grade: Some("3".to_owned()),
        pay: Some(monthly(312_000)),
        leaves: Some(Vec::new()),
        exit_route: Some(ExitRoute::Resignation),
        exit_reason_recorded: Some(ExitReason::Care),
        left_in_good_standing: Some(true),
        ..EmploymentPeriod::new(
            last.checked_sub_months(Months::new(96)).unwrap_or(last),
            Some(last),
        )
    }
}

const fn monthly(yen: i64) -> Pay {
    Pay { base: Money::yen(yen), per: PayPeriod::Month }
}

fn period(lot: &mut Lot, today: NaiveDate) -> EmploymentPeriod {
    let last = today.checked_sub_days(Days::new(1 + lot.draw(4_000))).unwrap_or(today);
    let start = last.checked_sub_days(Days::new(120 + lot.draw(7_000))).unwrap_or(last);
    let employment_type = if lot.one_in(4) {
        lot.of(EmploymentType::ALL).copied()
    } else {
        Some(EmploymentType::Regular)
    };
    let is_resignation = !lot.one_in(6);
    EmploymentPeriod {
        employment_type,
        full_time: employment_type
            .map(|kind| !matches!(kind, EmploymentType::PartTime | EmploymentType::Arubaito)),
        job_family: lot.of(&FAMILIES).map(|family| (*family).to_owned()),
        grade: Some((1 + lot.draw(6)).to_string()),
        pay: Some(monthly(i64::try_from(200 + lot.draw(300)).unwrap_or(250) * 1000)),
        leaves: Some(leaves(lot, start, last)),
        exit_route: if is_resignation {
            Some(ExitRoute::Resignation)
        } else {
            lot.of(OTHER_ROUTES).copied()
        },
        // A few records are incomplete, as in practice.
        exit_reason_recorded: if lot.one_in(12) { None } else { lot.of(ExitReason::ALL).copied() },
        left_in_good_standing: (!lot.one_in(15)).then_some(is_resignation),
        ..EmploymentPeriod::new(start, Some(last))
    }
}

fn leaves(lot: &mut Lot, start: NaiveDate, last: NaiveDate) -> Vec<Leave> {
    let from = start.checked_add_days(Days::new(60)).unwrap_or(start);
    let to = from.checked_add_days(Days::new(30 + lot.draw(400))).unwrap_or(from);
    if !lot.one_in(5) || to > last {
        return Vec::new();
    }
    vec![Leave { leave_type: LeaveType::Childcare, from, to: Some(to), unit: LeaveUnit::Days }]
}

fn one(
    tx: &mut Tx<'_>,
    (family, family_kana, family_romaji): &(&str, &str, &str),
    (given, given_kana, given_romaji): &(&str, &str, &str),
    number: usize,
    period: &EmploymentPeriod,
) -> Result<PersonId> {
    let mail = format!(
        "{}.{}.{number}@alumni.example",
        given_romaji.to_lowercase(),
        family_romaji.to_lowercase()
    );
    let written = |text: &str| Text::stored(text.to_owned());
    let read = |text: &str| Some(Reading::stored(text.to_owned()));
    let former =
        FormerName { family: written("大野"), given: written(given), until: Some(period.start) };
    let new = people::service::New {
        name: Name {
            family: written(family),
            given: written(given),
            family_kana: read(family_kana),
            given_kana: read(given_kana),
            family_romaji: read(family_romaji),
            given_romaji: read(given_romaji),
        },
        former_names: if number % 7 == 3 { vec![former] } else { Vec::new() },
        birth_date: period.start.checked_sub_months(Months::new(12 * 23)),
        external_id: Some(format!("hr-{number:05}")),
        contacts: vec![(ContactKind::Email, mail)],
    };
    let person = people::service::create(tx, &new)?.person.id;
    let new = employment_periods::service::New {
        person_id: person,
        employee_number: Some(format!("{:05}", 10_000 + number)),
        entity_id: None,
        period: period.clone(),
        offer_id: None,
    };
    employment_periods::service::append(tx, new)?;
    Ok(person)
}

/// Registers the wish to return of a third of the former employees.
fn register(
    tx: &mut Tx<'_>,
    lot: &mut Lot,
    person: PersonId,
    period: &EmploymentPeriod,
) -> Result<()> {
    if !lot.one_in(3) {
        return Ok(());
    }
    let new = registrations::service::New {
        person_id: person,
        registered_on: period.last_day,
        wish_to_return: true,
        valid_until: None,
        channel: Some("exit_interview".to_owned()),
        written_intent_to_rehire: None,
    };
    registrations::service::create(tx, &new).map(drop)
}
