//! What the checks have found so far: all of it is counted, and no more is kept than a report
//! lists.

use std::cmp::Ordering;
use std::mem::take;

use super::{CheckFinding, CheckReport, CheckSeverity, ProfilePoint};
use crate::messages::check_report;

/// Most findings that a report lists.
pub(super) const MOST_FINDINGS: usize = 1_000;
/// Most bytes of all findings that a report lists.
const HEAVIEST: usize = 1024 * 1024;

/// Findings in the order of a report, bounded in number and in bytes.
#[derive(Default)]
pub(super) struct Findings {
    /// At most twice what a report lists.
    kept: Vec<CheckFinding>,
    /// Bytes of those that are kept.
    weight: usize,
    /// The first that is not listed: nothing that comes after it is.
    first_left_out: Option<CheckFinding>,
    errors: usize,
    warnings: usize,
    notices: usize,
}

impl Findings {
    /// Counts a finding, and keeps it so long as it may be listed.
    pub(super) fn push(&mut self, finding: CheckFinding) {
        *self.number_of(finding.severity) += 1;
        if self.first_left_out.as_ref().is_some_and(|limit| in_report(&finding, limit).is_ge()) {
            return;
        }
        self.weight += finding.size();
        self.kept.push(finding);
        if self.kept.len() > 2 * MOST_FINDINGS || self.weight > 2 * HEAVIEST {
            self.cut();
        }
    }

    const fn number_of(&mut self, severity: CheckSeverity) -> &mut usize {
        match severity {
            CheckSeverity::Error => &mut self.errors,
            CheckSeverity::Warning => &mut self.warnings,
            CheckSeverity::Notice => &mut self.notices,
        }
    }

    /// Keeps what a report of these would list.
    fn cut(&mut self) {
        let mut found = take(&mut self.kept);
        found.sort_by(in_report);
        self.weight = 0;
        for finding in found {
            let weight = self.weight + finding.size();
            if self.kept.len() == MOST_FINDINGS || weight > HEAVIEST {
                self.first_left_out = Some(finding);
                return;
            }
            self.weight = weight;
            self.kept.push(finding);
        }
    }

    /// Returns the report. Where it does not list all that was found, a notice says so.
    pub(super) fn report(mut self, is_complete: bool, profile: Vec<ProfilePoint>) -> CheckReport {
        self.cut();
        let is_cut = self.kept.len() < self.errors + self.warnings + self.notices;
        if is_cut {
            self.kept.push(CheckFinding::incomplete(check_report::MORE_WAS_FOUND));
            self.notices += 1;
        }
        let complete = is_complete && !is_cut;
        let Self { kept: findings, weight: _, first_left_out: _, errors, warnings, notices } = self;
        CheckReport { complete, errors, warnings, notices, findings, profile }
    }
}

impl Extend<CheckFinding> for Findings {
    fn extend<I: IntoIterator<Item = CheckFinding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

/// Orders findings as a report lists them: errors first, then by place. Those of one place stay as
/// they were found.
fn in_report(one: &CheckFinding, other: &CheckFinding) -> Ordering {
    other
        .severity
        .cmp(&one.severity)
        .then_with(|| natural(&one.pointer).cmp(natural(&other.pointer)))
}

/// A pointer in the order of the document: `/2` before `/10`.
fn natural(pointer: &str) -> impl Iterator<Item = (usize, &str)> {
    pointer.split('/').map(|part| (part.parse().unwrap_or(usize::MAX), part))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::codes::Code as _;
    use crate::words::Words;

    /// Returns as many findings, whose places come in another order than they are listed.
    fn findings(of: &[(CheckSeverity, u16, u16)]) -> Vec<CheckFinding> {
        let finding = |(number, (severity, place, size)): (usize, &(CheckSeverity, u16, u16))| {
            let message = Words::new(format!("{number}"), "x".repeat(usize::from(*size)));
            CheckFinding::new("code", *severity, format!("/articles/{place}"), message)
        };
        of.iter().enumerate().map(finding).collect()
    }

    fn reported(findings: Vec<CheckFinding>) -> CheckReport {
        let mut found = Findings::default();
        found.extend(findings);
        found.report(true, Vec::new())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_report_lists_the_first_of_all_and_counts_all(
            of in vec((prop::sample::select(CheckSeverity::ALL), 0..400_u16, 0..6_000_u16), 0..6_000),
        ) {
            let mut all = findings(&of);
            let report = reported(all.clone());
            all.sort_by(in_report);
            let mut size = 0;
            let first = all.iter().take(MOST_FINDINGS).take_while(|finding| {
                size += finding.size();
                size <= HEAVIEST
            });
            let first: Vec<CheckFinding> = first.cloned().collect();
            let is_cut = first.len() < all.len();
            prop_assert_eq!(&report.findings[..first.len()], &first[..]);
            prop_assert_eq!(report.findings.len(), first.len() + usize::from(is_cut));
            prop_assert_eq!(report.complete, !is_cut);
            prop_assert_eq!(report.errors + report.warnings + report.notices, all.len() + usize::from(is_cut));
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut found = Findings::default();
        for place in 0..50_000 {
            found.push(CheckFinding::new(
                "code",
                CheckSeverity::Notice,
                format!("/{}", 50_000 - place),
                Words::default(),
            ));
            assert!(found.kept.len() <= 2 * MOST_FINDINGS);
        }
        for place in 0..2_000 {
            let long = Words::new("", "x".repeat(10_000));
            found.push(CheckFinding::new(
                "code",
                CheckSeverity::Error,
                format!("/{}", 2_000 - place),
                long,
            ));
            assert!(found.weight <= 2 * HEAVIEST + 10_100);
        }
        assert_eq!((found.errors, found.notices), (2_000, 50_000));
    }
}
