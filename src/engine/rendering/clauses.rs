//! What a clause says, from the parameters that run.

use super::formulas;
use crate::calendar::Length;
use crate::decision::consequences::{joined, pay, placement, treatment, where_said};
use crate::facts::{Labelled as _, listed, names};
use crate::formula::Formula;
use crate::measures::application_window::YearlyWindow;
use crate::measures::rank::Ladder;
use crate::measures::registration::RegistrationTiming;
use crate::measures::{Condition, Node, wanted};
use crate::messages::clauses::{self, deadlines, requirement, selection, service, training};
use crate::messages::{self, Joined, Said as _};
use crate::regulation::{
    ApplicationMode, Balance, Clause, DeadlinesClause, DocumentsClause, GradeClause, PayClause,
    PlacementClause, RegistrationClause, Requirement, RequirementRole, ReturnTypeClause,
    SelectionClause, ServiceAggregationClause, TrainingClause, VacancyNoticeClause, ValueClause,
};
use crate::terms::Terms;
use crate::words::Words;

/// What a clause says, by what the head of its document says.
#[must_use]
pub fn in_words(clause: &Clause, terms: &Terms) -> Words {
    match clause {
        Clause::Requirement(clause) => requirement(clause, terms),
        Clause::Purpose(clause) => clauses::Purpose { codes: &listed(&clause.codes) }.words(),
        Clause::Guarantee(clause) => {
            let discretion = clause.discretion.then_some(clauses::guarantee::DISCRETION);
            joined([clause.level.label()].into_iter().chain(discretion))
        }
        Clause::Registration(clause) => registration(clause),
        Clause::VacancyNotice(clause) => notice(clause),
        Clause::Documents(clause) => documents(clause, terms),
        Clause::ApplicationPeriod(clause) => period(clause.mode, &clause.windows),
        Clause::Deadlines(clause) => deadlines(clause),
        Clause::Selection(clause) => selection(clause, terms),
        Clause::ReturnType(clause) => return_type(clause),
        Clause::Grade(clause) => grade(clause),
        Clause::Pay(clause) => paid(clause, terms),
        Clause::Probation(clause) => match (clause.new, clause.months) {
            (true, Some(months)) => clauses::probation::Months { length: &length(months) }.words(),
            (true, None) => clauses::probation::NEW,
            (false, _) => clauses::probation::NONE,
        },
        Clause::ServiceAggregation(clause) => service(clause, terms),
        Clause::EqualTreatment(_) => clauses::EQUAL_TREATMENT,
        Clause::Placement(clause) => placed(clause),
        Clause::Training(clause) => training(clause),
        Clause::Value(clause) => valued(clause, terms),
    }
}

/// What a condition wants.
pub(super) fn condition(of: &Condition, terms: &Terms) -> Words {
    match of.node() {
        Node::Leaf(measure) => {
            let (subject, required) = wanted(measure, terms);
            let required =
                Joined { of: &required, between: clauses::condition::OF_SEVERAL }.words();
            match subject {
                Some(subject) => {
                    clauses::condition::Leaf { subject: &subject, wanted: &required }.words()
                }
                None => lowered(required),
            }
        }
        Node::All(of) => several(of, terms, clauses::condition::AND),
        Node::Any(of) => several(of, terms, clauses::condition::OR),
        Node::AtLeast(count, of) => {
            let several = several(of, terms, clauses::condition::OF_SEVERAL);
            clauses::condition::AtLeast { count: &count, of: &several }.words()
        }
        Node::Not(of) => clauses::condition::Not { of: &condition(of, terms) }.words(),
    }
}

/// Conditions stand within sentences.
fn lowered(mut sentence: Words) -> Words {
    let letters = sentence.en.chars();
    sentence.en =
        letters.clone().take(1).flat_map(char::to_lowercase).chain(letters.skip(1)).collect();
    sentence
}

fn several(of: &[Condition], terms: &Terms, between: Words) -> Words {
    let in_brackets = |one: &Condition| {
        let words = condition(one, terms);
        let is_compound =
            matches!(one.node(), Node::All(_) | Node::Any(_) | Node::AtLeast(..)) && of.len() > 1;
        if is_compound { clauses::condition::Brackets { of: &words }.words() } else { words }
    };
    let conditions: Vec<Words> = of.iter().map(in_brackets).collect();
    Joined { of: &conditions, between }.words()
}

fn length(months: impl Into<i32>) -> Length {
    Length::of_months(months.into())
}

fn requirement(clause: &Requirement, terms: &Terms) -> Words {
    let (title, mut wanted) = (&clause.title, condition(&clause.condition, terms));
    // Titles often name the very thing that is compared.
    let named = clauses::condition::Leaf { subject: &lowered(title.clone()), wanted: &"" }.words();
    wanted.ja = wanted.ja.strip_prefix(&*named.ja).unwrap_or(&wanted.ja).to_owned().into();
    wanted.en = wanted.en.strip_prefix(&*named.en).unwrap_or(&wanted.en).to_owned().into();
    let wanted = &wanted;
    let role = match clause.role {
        RequirementRole::Required => requirement::Required { title, wanted }.words(),
        RequirementRole::Disqualifying => requirement::Disqualifying { title, wanted }.words(),
        RequirementRole::NeedsJudgement => requirement::NeedsJudgement { title, wanted }.words(),
        RequirementRole::Advisory => requirement::Advisory { title, wanted }.words(),
    };
    let exceptions = clause.exceptions.iter().map(|exception| {
        let (when, then, text) =
            (&condition(&exception.when, terms), &exception.then.label(), &exception.text);
        requirement::Exception { when, then, text }.words()
    });
    let overridable = clause.overridable.as_ref();
    let overridable = overridable.map(|allowed| {
        requirement::Overridable { role: &authority(&allowed.by_role), text: &allowed.text }.words()
    });
    joined(
        [role]
            .into_iter()
            .chain(exceptions)
            .chain(overridable)
            .chain([clause.when_unknown.label()]),
    )
}

fn authority(code: &str) -> Words {
    names::called(code, names::authority)
}

fn registration(clause: &RegistrationClause) -> Words {
    let timing = match clause.timing {
        RegistrationTiming::AtExitOnly => clauses::registration::AT_EXIT_ONLY,
        RegistrationTiming::AtOrAfterExit => clauses::registration::AT_OR_AFTER_EXIT,
    };
    let within = clause
        .within_months_of_exit
        .map(|months| clauses::registration::Within { length: &length(months) }.words());
    let valid = clause
        .valid_months
        .map(|months| clauses::registration::Valid { length: &length(months) }.words());
    let certificate = where_said(
        clause.certificate,
        clauses::registration::CERTIFICATE,
        clauses::registration::NO_CERTIFICATE,
    );
    joined([Some(timing), within, valid, certificate].into_iter().flatten())
}

fn notice(clause: &VacancyNoticeClause) -> Words {
    let before = match clause.before_public_posting {
        Some(true) => clauses::notice::BEFORE_POSTING,
        Some(false) => clauses::notice::WITH_POSTING,
        None => clauses::notice::TOLD,
    };
    let channels = (!clause.channels.is_empty())
        .then(|| clauses::notice::By { channels: &listed(&clause.channels) }.words());
    let mandatory =
        where_said(clause.mandatory, clauses::notice::MANDATORY, clauses::notice::OPTIONAL);
    joined([Some(before), channels, mandatory].into_iter().flatten())
}

fn documents(clause: &DocumentsClause, terms: &Terms) -> Words {
    let sentences = clause.required.iter().map(|required| {
        let document = &required.document.label();
        match required.when.as_ref().map(|when| condition(when, terms)) {
            None => clauses::documents::HandedIn { document }.words(),
            Some(when) => clauses::documents::HandedInWhere { when: &when, document }.words(),
        }
    });
    joined(sentences)
}

fn period(mode: ApplicationMode, windows: &[YearlyWindow]) -> Words {
    match mode {
        ApplicationMode::Always => clauses::period::ALWAYS,
        ApplicationMode::OnPosting => clauses::period::ON_POSTING,
        ApplicationMode::YearlyWindows => {
            let window = |window: &YearlyWindow| {
                let (opens, closes) = (window.opens, window.closes);
                let (from_month, from_day) = (&u32::from(opens.month), &u32::from(opens.day));
                let (to_month, to_day) = (&u32::from(closes.month), &u32::from(closes.day));
                clauses::period::Window { from_month, from_day, to_month, to_day }.words()
            };
            let windows: Vec<Words> = windows.iter().map(window).collect();
            let windows = Joined { of: &windows, between: clauses::period::BETWEEN };
            let windows =
                (!windows.of.is_empty()).then_some(clauses::period::Windows { windows: &windows });
            clauses::period::YearlyWindows { windows: &windows }.words()
        }
    }
}

fn deadlines(clause: &DeadlinesClause) -> Words {
    let apply =
        clause.days_to_apply_after_notice.map(|days| deadlines::Apply { days: &days }.words());
    let result = clause.result_notice_days.map(|days| deadlines::Result { days: &days }.words());
    let everyone = where_said(
        clause.result_to_everyone,
        deadlines::RESULT_TO_EVERYONE,
        deadlines::RESULT_NOT_TO_EVERYONE,
    );
    let acknowledged =
        clause.acknowledge_business_days.map(|days| deadlines::Acknowledge { days: &days }.words());
    joined([apply, acknowledged, result, everyone].into_iter().flatten())
}

fn selection(clause: &SelectionClause, terms: &Terms) -> Words {
    let need = clause.opens_only_if_need.then_some(selection::WHEN_NEEDED);
    let stages = if clause.stages.is_empty() {
        selection::BY_SELECTION
    } else {
        selection::InOrder { stages: &listed(&clause.stages) }.words()
    };
    let inputs = (!clause.inputs.is_empty())
        .then(|| selection::Inputs { inputs: &listed(&clause.inputs) }.words());
    let bar = where_said(clause.same_bar_as_mid_career, selection::SAME_BAR, selection::OTHER_BAR);
    let exempted = clause.exempted.iter().map(|exempted| {
        let when = exempted.when.as_ref().map(|when| condition(when, terms));
        let when = when.as_ref().map(|when| selection::Where { when });
        selection::Waived { when: &when, stage: &exempted.stage.label(), text: &exempted.text }
            .words()
    });
    let authority = clause.deciding_authority.as_ref();
    let authority = authority.map(|authority| selection::DecidedBy { authority }.words());
    let criteria = where_said(
        clause.criteria_published,
        selection::CRITERIA_PUBLISHED,
        selection::CRITERIA_NOT_PUBLISHED,
    );
    let automated = where_said(
        clause.solely_automated_rejection,
        selection::AUTOMATED,
        selection::NOT_AUTOMATED,
    );
    let first = [need, Some(stages), inputs, bar].into_iter().flatten();
    joined(first.chain(exempted).chain([authority, criteria, automated].into_iter().flatten()))
}

fn return_type(clause: &ReturnTypeClause) -> Words {
    let kind = clauses::treatment::ComeBack { label: &clause.return_type.label() }.words();
    let then = clause.then.as_ref().map(|then| {
        let (after, to) = (&length(then.after_months), &then.to.label());
        clauses::treatment::Conversion { after, to, text: &then.text }.words()
    });
    joined([kind].into_iter().chain(then))
}

fn grade(clause: &GradeClause) -> Words {
    let of = treatment::called(clause.of.unwrap_or(Ladder::Grade));
    let scale = (!clause.scale.is_empty()).then(|| match clause.of.unwrap_or(Ladder::Grade) {
        Ladder::Grade => {
            clauses::treatment::GradeScale { scale: &messages::listed(&clause.scale) }.words()
        }
        Ladder::Rank => {
            clauses::treatment::RankScale { scale: &messages::listed(&clause.scale) }.words()
        }
    });
    joined([treatment::grade_words(clause, &of)].into_iter().chain(scale))
}

fn paid(clause: &PayClause, terms: &Terms) -> Words {
    let floor = clause
        .floor_months
        .map(|months| clauses::pay::FloorTime { length: &length(months) }.words());
    let when = clause
        .when
        .as_ref()
        .map(|when| clauses::pay::For { when: &condition(when, terms) }.words());
    let steps = clause.steps.as_ref().map(|steps| {
        let (same, similar, other) = (&steps.rates.same, &steps.rates.similar, &steps.rates.other);
        clauses::pay::Steps { steps: &steps.steps_per_year, same, similar, other }.words()
    });
    joined([Some(pay::rule_words(clause.rule)), floor, when, steps].into_iter().flatten())
}

fn service(clause: &ServiceAggregationClause, terms: &Terms) -> Words {
    let tiers = clause.tiers.iter().map(|tier| {
        let balance = |(code, balance): (&String, &Balance)| {
            let code = &names::called(code, names::benefit);
            match balance {
                Balance::Restored => service::Restored { code }.words(),
                Balance::Lost => service::Lost { code }.words(),
            }
        };
        let balances: Vec<Words> = tier.balances.iter().map(balance).collect();
        let balances = Joined { of: &balances, between: Words::default() };
        service::Tier {
            when: &condition(&tier.when, terms),
            date: &tier.service_date.label(),
            balances: &balances,
        }
        .words()
    });
    let of = service::Of { benefits: &names::listed_by(&clause.benefits, names::benefit) }.words();
    joined([of].into_iter().chain(tiers).chain([service::OTHERWISE]))
}

fn placed(clause: &PlacementClause) -> Words {
    let wish = where_said(
        clause.wish_considered,
        clauses::placement::WISH_CONSIDERED,
        clauses::placement::WISH_NOT_CONSIDERED,
    );
    let restricted = (!clause.restrictions.is_empty()).then(|| {
        messages::placement::Restrictions { names: &listed(&clause.restrictions) }.words()
    });
    let cause = where_said(
        clause.exit_cause_resolved,
        clauses::placement::CAUSE_LOOKED_AT,
        clauses::placement::CAUSE_NOT_LOOKED_AT,
    );
    let long_term = where_said(
        clause.long_term_treatment,
        clauses::placement::LONG_TERM,
        clauses::placement::NO_LONG_TERM,
    );
    joined(
        [Some(placement::rule_words(clause.rule)), wish, restricted, cause, long_term]
            .into_iter()
            .flatten(),
    )
}

fn training(clause: &TrainingClause) -> Words {
    let basis = (!clause.basis.is_empty())
        .then(|| training::Basis { basis: &listed(&clause.basis) }.words());
    let tiers = clause.tiers.iter().map(|tier| {
        let (from, to) = (&length(tier.from_months), tier.to_months.map(length));
        let hours = tier.hours.as_ref().map(|hours| training::Hours { hours });
        let (modules, hours) = (&messages::listed(&tier.modules), &hours);
        match &to {
            Some(to) => training::TierBetween { from, to, modules, hours }.words(),
            None => training::TierFrom { from, modules, hours }.words(),
        }
    });
    let mentor =
        clause.mentor_months.map(|months| training::Mentor { length: &length(months) }.words());
    let talks = clause
        .check_ins
        .as_ref()
        .map(|talks| training::Talks { days: &messages::listed(&talks.days_after_start) }.words());
    let renewed =
        where_said(clause.mandatory_courses_renewed, training::RENEWED, training::NOT_RENEWED);
    let last = [mentor, talks, renewed].into_iter().flatten();
    joined([clause.rule.label()].into_iter().chain(basis).chain(tiers).chain(last))
}

fn valued(clause: &ValueClause, terms: &Terms) -> Words {
    let title = &clause.title;
    if let Formula::Table(look_up) = &clause.by {
        let (table, output) = formulas::looked_up(look_up, terms);
        return clauses::value::ByTable { title, table: &table, output: &output }.words();
    }
    clauses::value::ByFormula { title, formula: &formulas::formula(&clause.by, terms) }.words()
}
