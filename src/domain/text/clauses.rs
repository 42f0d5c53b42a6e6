//! What a clause says, from the parameters that run.

use std::fmt::Display;

use crate::domain::calendar::Length;
use crate::domain::condition::measures::rank::Ladder;
use crate::domain::condition::measures::registration::RegistrationTiming;
use crate::domain::condition::measures::timing::YearlyWindow;
use crate::domain::condition::{Case, Condition, Node};
use crate::domain::decision::consequences::{joined, pay, placement, treatment, where_said};
use crate::domain::facts::{Facts, Labelled as _, listed};
use crate::domain::formula::Formula;
use crate::domain::regulation::{
    ApplicationMode, Balance, Clause, DeadlinesClause, DocumentsClause, GradeClause, PayClause, PlacementClause,
    RegistrationClause, Requirement, RequirementRole, ReturnTypeClause, SelectionClause, ServiceAggregationClause,
    TrainingClause, VacancyNoticeClause, ValueClause,
};
use crate::domain::words::Words;
use crate::messages::Said as _;
use crate::messages::clauses;

/// What a clause says.
#[must_use]
pub fn in_words(clause: &Clause) -> Words {
    match clause {
        Clause::Requirement(clause) => requirement(clause),
        Clause::Purpose(clause) => {
            let codes = listed(&clause.codes);
            say(format!("{}を目的とする。", codes.ja), format!("For {}.", codes.en))
        }
        Clause::Guarantee(clause) => {
            let discretion = clause.discretion.then(|| clauses::guarantee::DISCRETION);
            joined([clause.level.label()].into_iter().chain(discretion))
        }
        Clause::Registration(clause) => registration(clause),
        Clause::VacancyNotice(clause) => notice(clause),
        Clause::Documents(clause) => documents(clause),
        Clause::ApplicationPeriod(clause) => period(clause.mode, &clause.windows),
        Clause::Deadlines(clause) => deadlines(clause),
        Clause::Selection(clause) => selection(clause),
        Clause::ReturnType(clause) => return_type(clause),
        Clause::Grade(clause) => grade(clause),
        Clause::Pay(clause) => paid(clause),
        Clause::Probation(clause) => match (clause.new, clause.months) {
            (true, Some(months)) => {
                let time = length(months);
                say(
                    format!("改めて{}の試用期間を設ける。", time.ja),
                    format!("A new probation of {} is served.", time.en),
                )
            }
            (true, None) => clauses::probation::NEW,
            (false, _) => clauses::probation::NONE,
        },
        Clause::ServiceAggregation(clause) => service(clause),
        Clause::EqualTreatment(_) => clauses::EQUAL_TREATMENT,
        Clause::Placement(clause) => placed(clause),
        Clause::Training(clause) => training(clause),
        Clause::Value(clause) => valued(clause),
    }
}

/// What a condition wants.
pub(super) fn condition(of: &Condition) -> Words {
    match of.node() {
        Node::Leaf(measure) => {
            let facts = Facts::default();
            let explained = measure.explain(&Case::new(&facts));
            match explained.subject {
                Some(subject) => {
                    let wanted = explained.required;
                    say(format!("{}が{}", subject.ja, wanted.ja), format!("{}: {}", subject.en, wanted.en))
                }
                None => say(explained.required.ja.into_owned(), lowered(&explained.required.en)),
            }
        }
        Node::All(of) => several(of, "、かつ", "and"),
        Node::Any(of) => several(of, "または", "or"),
        Node::AtLeast(count, of) => {
            let listed = several(of, "、", "; ");
            say(format!("次のうち{count}以上：{}", listed.ja), format!("at least {count} of: {}", listed.en))
        }
        Node::Not(of) => {
            let not = condition(of);
            say(format!("「{}」に当たらないこと", not.ja), format!("not ({})", not.en))
        }
    }
}

/// Conditions stand within sentences.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn several(of: &[Condition], ja: &str, en: &str) -> Words {
    let words: Vec<Words> = of
        .iter()
        .map(|one| {
            let words = condition(one);
            let is_compound = matches!(one.node(), Node::All(_) | Node::Any(_) | Node::AtLeast(..)) && of.len() > 1;
            if is_compound { say(format!("（{}）", words.ja), format!("({})", words.en)) } else { words }
        })
        .collect();
    let (left, right): (Vec<&str>, Vec<&str>) = words.iter().map(|words| (&*words.ja, &*words.en)).unzip();
    say(left.join(ja), right.join(&format!(" {en} ")))
}

fn say(ja: String, en: String) -> Words {
    Words::new(ja, en)
}

fn length(months: impl Into<i32>) -> Words {
    Length::of_months(months.into()).words()
}

fn with_number(number: Option<impl Display + Copy>, ja: (&str, &str), en: (&str, &str)) -> Option<Words> {
    number.map(|number| say(format!("{}{number}{}", ja.0, ja.1), format!("{}{number}{}", en.0, en.1)))
}

fn requirement(clause: &Requirement) -> Words {
    let (title, wanted) = (&clause.title, condition(&clause.condition));
    // Titles often name the very thing that is compared.
    let wanted = say(
        wanted.ja.strip_prefix(&format!("{}が", title.ja)).unwrap_or(&wanted.ja).to_owned(),
        wanted.en.strip_prefix(&format!("{}: ", lowered(&title.en))).unwrap_or(&wanted.en).to_owned(),
    );
    let role = match clause.role {
        RequirementRole::Required => {
            say(format!("{}：{}。", title.ja, wanted.ja), format!("{}: {}.", title.en, wanted.en))
        }
        RequirementRole::Disqualifying => say(
            format!("{}：次に該当する者は対象としない。{}。", title.ja, wanted.ja),
            format!("{}: not for those of whom this holds: {}.", title.en, wanted.en),
        ),
        RequirementRole::NeedsJudgement => say(
            format!("{}：次の場合は権限者が判断する。{}。", title.ja, wanted.ja),
            format!("{}: judged by a person where this holds: {}.", title.en, wanted.en),
        ),
        RequirementRole::Advisory => say(
            format!("{}：参考として確認する。{}。", title.ja, wanted.ja),
            format!("{}: looked at, without effect: {}.", title.en, wanted.en),
        ),
    };
    let exceptions = clause.exceptions.iter().map(|exception| {
        let (when, then) = (condition(&exception.when), exception.then.label());
        say(
            format!("ただし、{}ときは{}（{}）。", when.ja, then.ja, exception.text.ja),
            format!("Except that where {}, {} ({}).", when.en, then.en, exception.text.en),
        )
    });
    let overridable = clause.overridable.as_ref().map(|allowed| {
        say(
            format!("{}は例外を認めることができる（{}）。", allowed.by_role, allowed.text.ja),
            format!("{} may rule on it ({}).", allowed.by_role, allowed.text.en),
        )
    });
    joined([role].into_iter().chain(exceptions).chain(overridable).chain([clause.when_unknown.label()]))
}

fn registration(clause: &RegistrationClause) -> Words {
    let timing = match clause.timing {
        RegistrationTiming::AtExitOnly => clauses::registration::AT_EXIT_ONLY,
        RegistrationTiming::AtOrAfterExit => clauses::registration::AT_OR_AFTER_EXIT,
    };
    let within = clause.within_months_of_exit.map(length).map(|time| {
        say(format!("登録は退職後{}以内に行う。", time.ja), format!("It is registered within {} of leaving.", time.en))
    });
    let valid = clause.valid_months.map(length).map(|time| {
        say(format!("登録の有効期間は{}とする。", time.ja), format!("A registration holds for {}.", time.en))
    });
    let certificate =
        where_said(clause.certificate, clauses::registration::CERTIFICATE, clauses::registration::NO_CERTIFICATE);
    joined([Some(timing), within, valid, certificate].into_iter().flatten())
}

fn notice(clause: &VacancyNoticeClause) -> Words {
    let before = match clause.before_public_posting {
        Some(true) => clauses::notice::BEFORE_POSTING,
        Some(false) => clauses::notice::WITH_POSTING,
        None => clauses::notice::TOLD,
    };
    let names = listed(&clause.channels);
    let channels = (!clause.channels.is_empty())
        .then(|| say(format!("案内は{}による。", names.ja), format!("They are told by {}.", names.en)));
    let mandatory = where_said(clause.mandatory, clauses::notice::MANDATORY, clauses::notice::OPTIONAL);
    joined([Some(before), channels, mandatory].into_iter().flatten())
}

fn documents(clause: &DocumentsClause) -> Words {
    let sentences = clause.required.iter().map(|required| {
        let name = required.document.label();
        match required.when.as_ref().map(condition) {
            None => say(format!("{}を提出する。", name.ja), format!("The {} is handed in.", name.en)),
            Some(when) => say(
                format!("{}場合は{}を提出する。", when.ja, name.ja),
                format!("Where {}, the {} is handed in.", when.en, name.en),
            ),
        }
    });
    joined(sentences)
}

fn period(mode: ApplicationMode, windows: &[YearlyWindow]) -> Words {
    match mode {
        ApplicationMode::Always => clauses::period::ALWAYS,
        ApplicationMode::OnPosting => clauses::period::ON_POSTING,
        ApplicationMode::YearlyWindows => {
            let (ja, en): (Vec<String>, Vec<String>) = windows
                .iter()
                .map(|window| {
                    let (opens, closes) = (window.opens, window.closes);
                    (
                        format!("{}月{}日から{}月{}日まで", opens.month, opens.day, closes.month, closes.day),
                        format!("{}/{} to {}/{} (month/day)", opens.month, opens.day, closes.month, closes.day),
                    )
                })
                .unzip();
            let dates = if ja.is_empty() { (String::new(), String::new()) } else { (ja.join("、"), en.join(", ")) };
            say(
                format!("応募は毎年定める期間に受け付ける。{}", with_stop(&dates.0, "。")),
                format!("Applications are taken in windows each year.{}", with_stop(&prefixed(&dates.1), ".")),
            )
        }
    }
}

fn prefixed(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" {text}") }
}

fn with_stop(text: &str, stop: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}{stop}") }
}

fn deadlines(clause: &DeadlinesClause) -> Words {
    let apply = with_number(
        clause.days_to_apply_after_notice,
        ("案内から", "日以内に応募する。"),
        ("Applications follow within ", " days of the notice."),
    );
    let result = with_number(
        clause.result_notice_days,
        ("結果は", "日以内に通知する。"),
        ("The result is told within ", " days."),
    );
    let everyone = where_said(
        clause.result_to_everyone,
        clauses::deadlines::RESULT_TO_EVERYONE,
        clauses::deadlines::RESULT_NOT_TO_EVERYONE,
    );
    let acknowledged = with_number(
        clause.acknowledge_business_days,
        ("応募の受領は", "営業日以内に知らせる。"),
        ("An application is acknowledged within ", " business days."),
    );
    joined([apply, acknowledged, result, everyone].into_iter().flatten())
}

fn selection(clause: &SelectionClause) -> Words {
    let need = clause.opens_only_if_need.then(|| clauses::selection::WHEN_NEEDED);
    let names = listed(&clause.stages);
    let stages = if clause.stages.is_empty() {
        clauses::selection::BY_SELECTION
    } else {
        say(format!("選考は{}の順に行う。", names.ja), format!("Selection is by, in order: {}.", names.en))
    };
    let inputs = (!clause.inputs.is_empty()).then(|| {
        let inputs = listed(&clause.inputs);
        say(format!("選考では{}を考慮する。", inputs.ja), format!("Selection looks at {}.", inputs.en))
    });
    let bar = where_said(clause.same_bar_as_mid_career, clauses::selection::SAME_BAR, clauses::selection::OTHER_BAR);
    let exempted = clause.exempted.iter().map(|exempted| {
        let (stage, when) = (exempted.stage.label(), exempted.when.as_ref().map(condition));
        let (ja, en) =
            when.map_or_else(Default::default, |when| (format!("{}場合は", when.ja), format!(" where {}", when.en)));
        say(
            format!("{ja}{}を免除する（{}）。", stage.ja, exempted.text.ja),
            format!("Waived{en}: {} ({}).", stage.en, exempted.text.en),
        )
    });
    let authority = clause
        .deciding_authority
        .as_ref()
        .map(|authority| say(format!("採否は{}が決定する。", authority.ja), format!("Decided by {}.", authority.en)));
    let criteria = where_said(
        clause.criteria_published,
        clauses::selection::CRITERIA_PUBLISHED,
        clauses::selection::CRITERIA_NOT_PUBLISHED,
    );
    let automated =
        where_said(clause.solely_automated_rejection, clauses::selection::AUTOMATED, clauses::selection::NOT_AUTOMATED);
    let first = [need, Some(stages), inputs, bar].into_iter().flatten();
    joined(first.chain(exempted).chain([authority, criteria, automated].into_iter().flatten()))
}

fn return_type(clause: &ReturnTypeClause) -> Words {
    let kind = clause.return_type.label();
    let kind = say(format!("{}として再雇用する。", kind.ja), format!("People come back as: {}.", kind.en));
    let then = clause.then.as_ref().map(|then| {
        let (to, after) = (then.to.label(), length(then.after_months));
        say(
            format!("{}後に{}への転換がある（{}）。", after.ja, to.ja, then.text.ja),
            format!("After {} they may become {} ({}).", after.en, to.en, then.text.en),
        )
    });
    joined([kind].into_iter().chain(then))
}

fn grade(clause: &GradeClause) -> Words {
    let of = treatment::called(clause.of.unwrap_or(Ladder::Grade));
    let scale = (!clause.scale.is_empty()).then(|| {
        let scale = clause.scale.join("・");
        say(format!("{}は低い順に{scale}とする。", of.ja), format!("From the lowest: {}.", clause.scale.join(", ")))
    });
    joined([treatment::grade_words(clause, &of)].into_iter().chain(scale))
}

fn paid(clause: &PayClause) -> Words {
    let floor = clause.floor_months.map(length).map(|time| {
        say(format!("その期間は退職後{}とする。", time.ja), format!("The time for that is {} after leaving.", time.en))
    });
    let when = clause
        .when
        .as_ref()
        .map(condition)
        .map(|when| say(format!("対象：{}。", when.ja), format!("For those of whom this holds: {}.", when.en)));
    let steps = clause.steps.as_ref().map(|steps| {
        let rates = steps.rates;
        say(
            format!(
                "換算1年につき{}号俸とし、換算率は同一の職務{}％・類似の職務{}％・その他{}％とする。",
                steps.steps_per_year, rates.same, rates.similar, rates.other
            ),
            format!(
                "{} steps for each converted year; the same work counts {} %, similar work {} %, other {} %.",
                steps.steps_per_year, rates.same, rates.similar, rates.other
            ),
        )
    });
    joined([Some(pay::rule_words(clause.rule)), floor, when, steps].into_iter().flatten())
}

fn service(clause: &ServiceAggregationClause) -> Words {
    let benefits = clause.benefits.join("・");
    let tiers = clause.tiers.iter().map(|tier| {
        let (when, date) = (condition(&tier.when), tier.service_date.label());
        let (ja, en): (Vec<String>, Vec<String>) = tier
            .balances
            .iter()
            .map(|(code, balance)| match balance {
                Balance::Restored => {
                    (format!("{code}の残高を復元する"), format!("the balance of {code} is given back"))
                }
                Balance::Lost => (format!("{code}の残高は復元しない"), format!("the balance of {code} is lost")),
            })
            .unzip();
        let (ja, en) = (
            ja.iter().map(|one| format!("、{one}")).collect::<String>(),
            en.iter().map(|one| format!("; {one}")).collect::<String>(),
        );
        say(format!("{}場合は{}{ja}。", when.ja, date.ja), format!("Where {}: {}{en}.", when.en, date.en))
    });
    let of = say(
        format!("勤続の通算（{benefits}）："),
        format!("How former service counts ({}):", clause.benefits.join(", ")),
    );
    let otherwise = clauses::service::OTHERWISE;
    joined([of].into_iter().chain(tiers).chain([otherwise]))
}

fn placed(clause: &PlacementClause) -> Words {
    let wish = where_said(
        clause.wish_considered,
        clauses::placement::WISH_CONSIDERED,
        clauses::placement::WISH_NOT_CONSIDERED,
    );
    let names = listed(&clause.restrictions);
    let restricted = (!clause.restrictions.is_empty())
        .then(|| say(format!("配置の制限: {}。", names.ja), format!("Restrictions: {}.", names.en)));
    let cause = where_said(
        clause.exit_cause_resolved,
        clauses::placement::CAUSE_LOOKED_AT,
        clauses::placement::CAUSE_NOT_LOOKED_AT,
    );
    let long_term =
        where_said(clause.long_term_treatment, clauses::placement::LONG_TERM, clauses::placement::NO_LONG_TERM);
    joined([Some(placement::rule_words(clause.rule)), wish, restricted, cause, long_term].into_iter().flatten())
}

fn training(clause: &TrainingClause) -> Words {
    let basis = (!clause.basis.is_empty()).then(|| {
        let basis = listed(&clause.basis);
        say(format!("研修では{}を考慮する。", basis.ja), format!("It considers {}.", basis.en))
    });
    let tiers = clause.tiers.iter().map(|tier| {
        let (from, to) = (length(tier.from_months), tier.to_months.map(length));
        let (ja, en): (Vec<&str>, Vec<&str>) = tier.modules.iter().map(|module| (&*module.ja, &*module.en)).unzip();
        let hours =
            tier.hours.map_or_else(Default::default, |hours| (format!("、{hours}時間"), format!(", {hours} hours")));
        let (until_ja, until_en) = to.map_or_else(
            || ("以上".to_owned(), " or more".to_owned()),
            |to| (format!("以上{}未満", to.ja), format!(" to less than {}", to.en)),
        );
        say(
            format!("離職期間が{}{until_ja}の者：{}{}。", from.ja, ja.join("・"), hours.0),
            format!("Away {}{until_en}: {}{}.", from.en, en.join(", "), hours.1),
        )
    });
    let mentor = clause.mentor_months.map(length).map(|time| {
        say(format!("復職後{}は相談役を付ける。", time.ja), format!("A mentor for {} after the return.", time.en))
    });
    let talks = clause.check_ins.as_ref().map(|talks| {
        let days: Vec<String> = talks.days_after_start.iter().map(ToString::to_string).collect();
        say(
            format!("復職後{}日目に面談を行う。", days.join("・")),
            format!("Talks {} days after the return.", days.join(", ")),
        )
    });
    let renewed =
        where_said(clause.mandatory_courses_renewed, clauses::training::RENEWED, clauses::training::NOT_RENEWED);
    let last = [mentor, talks, renewed].into_iter().flatten();
    joined([clause.rule.label()].into_iter().chain(basis).chain(tiers).chain(last))
}

fn valued(clause: &ValueClause) -> Words {
    let title = &clause.title;
    if let Formula::Table(look_up) = &clause.by {
        return say(
            format!("{}は表「{}」により定める。", title.ja, look_up.table),
            format!("{}: by the table '{}'.", title.en, look_up.table),
        );
    }
    say(format!("{}は所定の計算式により定める。", title.ja), format!("{}: by a formula.", title.en))
}
