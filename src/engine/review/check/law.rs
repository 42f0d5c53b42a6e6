//! What the law of a document's jurisdiction packs has to say of a *regulation* (an offer has
//! checks of its own).
//!
//! One row a rule: its code, under which the catalogue has its legal basis and what is said, its
//! packs, how much it matters, and how its places are found. An error is a rule that the law
//! forbids as it stands unless an exception applies: it can be answered with the reason why it
//! does. Nothing here is legal advice.

use super::document::Outline;
use super::findings::Findings;
use super::law_places as places;
use super::law_places::Place;
use super::{CheckFinding, CheckSeverity};
use crate::document::JurisdictionPack::{self, De, Eu, JpLocalGov, JpPrivate, Kr, Uk, UsCa, UsFed};
use crate::messages::check_law;
use crate::words::Words;

/// A rule of law about regulations.
pub(super) struct Rule {
    pub(super) code: &'static str,
    pub(super) packs: &'static [JurisdictionPack],
    pub(super) severity: CheckSeverity,
    pub(super) basis: Words,
    pub(super) message: Words,
    pub(super) find: fn(&Outline<'_>) -> Vec<Place>,
}

macro_rules! rules {
    ($($code:ident [$($pack:ident),+] $severity:ident $find:path;)+) => {
        /// Every rule, by country and subject.
        pub(super) const RULES: &[Rule] = &[$(Rule {
            code: stringify!($code),
            packs: &[$($pack),+],
            severity: CheckSeverity::$severity,
            basis: check_law::$code::BASIS,
            message: check_law::$code::MESSAGE,
            find: $find,
        }),+];
    };
}

rules! {
    // Age.
    age_limit_jp [JpPrivate] Error places::age_limit_below_sixty;
    age_limit_retirement_jp [JpPrivate] Warning places::age_limit_from_sixty;
    age_at_exit_jp [JpPrivate] Warning places::age_limit_at_exit;
    age_lower_limit_jp [JpPrivate] Warning places::age_lower_limit;
    years_to_retirement_jp [JpPrivate] Warning places::years_to_retirement;
    age_limit_public_jp [JpLocalGov] Notice places::age_limit;
    age_limit_us [UsFed, UsCa] Error places::age_limit;
    age_limit_eu [Eu, De, Uk] Warning places::age_limit;
    age_limit_kr [Kr] Error places::age_limit;
    // Sex, origin, creed.
    one_sex_jp [JpPrivate] Error places::reads_sex;
    one_sex_text_jp [JpPrivate] Warning places::text_names_one_sex;
    one_sex_elsewhere [JpLocalGov, UsFed, UsCa, Uk, Eu, De, Kr] Error places::reads_sex;
    indirect_jp [JpPrivate] Warning places::indirect;
    sensitive_fact_jp [JpPrivate, JpLocalGov] Error places::reads_sensitive;
    sensitive_fact_elsewhere [UsFed, UsCa, Uk, Eu, De, Kr] Error places::reads_sensitive;
    // Leaves.
    maternity_deducted_jp [JpPrivate] Warning places::deducts_maternity;
    family_leave_deducted_jp [JpPrivate] Warning places::deducts_family_leave;
    leave_deducted_public_jp [JpLocalGov] Notice places::deducts_protected;
    leave_deducted_elsewhere [UsFed, UsCa, Uk, Eu, De, Kr] Warning places::deducts_protected;
    family_reasons_jp [JpPrivate] Warning places::leaves_out_family_reasons;
    // Health.
    health_jp [JpPrivate, JpLocalGov] Warning places::health_certificate;
    health_input [JpPrivate, JpLocalGov, Uk, Eu, De, Kr] Notice places::health_input;
    health_us [UsFed, UsCa] Error places::any_health;
    health_elsewhere [Uk, Eu, De, Kr] Warning places::health_certificate;
    // Machines.
    solely_automated [Eu, De, Uk] Error places::solely_automated;
    automation_unstated [Eu, De, Uk] Notice places::automation_unstated;
    solely_automated_elsewhere [JpPrivate, JpLocalGov, UsFed, UsCa, Kr] Warning places::solely_automated;
    // Pay.
    former_pay_eu [Eu, De] Error places::reads_former_pay;
    former_pay_ca [UsCa] Error places::reads_former_pay;
    former_pay_us [UsFed] Notice places::reads_former_pay;
    criteria_eu [Eu, De] Warning places::criteria_not_published;
    criteria_jp [JpPrivate, JpLocalGov] Notice places::criteria_not_published;
    // Promise and form.
    discretion_jp [JpPrivate] Notice places::discretion_missing;
    work_rules_jp [JpPrivate] Notice places::legal_basis_missing;
    contact_basis_jp [JpPrivate, JpLocalGov] Warning places::notice_without_registration;
    rehire_code_jp [JpPrivate, JpLocalGov] Notice places::reads_rehire_code;
    rehire_code_us [UsFed, UsCa] Notice places::reads_rehire_code;
    competitor_excluded [JpPrivate, UsFed, UsCa, Uk, Eu, De, Kr] Warning places::excludes_competitors;
    // Terms of return.
    fixed_term_jp [JpPrivate] Notice places::returns_fixed_term;
    equal_treatment_jp [JpPrivate] Notice places::fixed_term_without_equal_treatment;
    fixed_term_de [De] Warning places::returns_fixed_term;
    probation_eu [Eu, De] Error places::probation_over_six_months;
    probation_jp [JpPrivate] Warning places::probation_over_twelve_months;
    service_unstated_jp [JpPrivate] Notice places::service_unstated;
    sick_leave_ca [UsCa] Warning places::sick_balance_not_restored;
    redundancy_kr [Kr] Warning places::keeps_out_redundancy;
}

/// The findings of every rule of the document's packs.
pub(super) fn check(outline: &Outline<'_>, findings: &mut Findings) {
    let packs = &outline.document.jurisdiction_packs;
    for rule in RULES.iter().filter(|rule| rule.packs.iter().any(|pack| packs.contains(pack))) {
        for place in (rule.find)(outline) {
            let mut finding =
                CheckFinding::new(rule.code, rule.severity, place.pointer, rule.message.clone());
            finding.legal_basis = Some(rule.basis.clone());
            findings.push(finding.about(place.clause).shown_by(place.person));
        }
    }
    if packs.is_empty() {
        findings.push(CheckFinding::new(
            "no_jurisdiction",
            CheckSeverity::Notice,
            "/jurisdiction_packs",
            check_law::NO_JURISDICTION,
        ));
    }
}
