//! Sources of values as they are read from a case.

use super::*;

impl ServiceMonths {
    pub(super) fn tenure(&self) -> Tenure {
        Tenure {
            at_least_months: 0.into(),
            net_days_where_leave: None,
            counting: self.counting.clone(),
            employment_types: self.employment_types.clone(),
            leaves_deducted: self.leaves_deducted.clone(),
        }
    }
}

impl MonthsAway {
    pub(super) fn read(&self, case: &Case<'_>) -> Result<Value, FactKey> {
        let exit = case.exit_date().ok_or(FactKey::EmploymentPeriods)?;
        let away = Length::between(next_day(exit), day_before(case.reference(self.reference)?));
        let begun = self.count == MonthCounting::Begun && away.days > 0;
        Ok(Value::whole(i64::from(away.months) + i64::from(begun)))
    }
}

impl ActivityMonths {
    pub(super) fn read(&self, case: &Case<'_>) -> Result<Value, FactKey> {
        let all = case
            .facts
            .application
            .activities_since_exit
            .as_ref()
            .ok_or(FactKey::ActivitiesSinceExit)?;
        let mut total = 0_i64;
        for activity in
            all.iter().filter(|one| self.kinds.is_empty() || self.kinds.contains(&one.kind))
        {
            if !self.similarity.is_empty() {
                let similarity = activity.similarity.ok_or(FactKey::ActivitiesSinceExit)?;
                if !self.similarity.contains(&similarity) {
                    continue;
                }
            }
            let start = || case.day(Axis::StartDate).map(day_before);
            let to: NaiveDate = activity.to.or_else(start).ok_or(FactKey::StartDate)?;
            total += i64::from(Length::between(activity.from, to).months);
        }
        Ok(Value::whole(total))
    }
}

impl ReasonOf {
    pub(super) fn read(&self, case: &Case<'_>, lacks: impl Fn(FactKey) -> Lack) -> Found {
        let any_of = ExitReason::ALL
            .iter()
            .copied()
            .filter(|reason| *reason != ExitReason::Personal)
            .collect();
        let proved =
            case.last.into_iter().flat_map(|period| period.exit_reason_evidence.iter().flatten());
        let mut proved =
            proved.filter(|proof| proof.verified == Some(true)).map(|proof| proof.proves);
        let first = proved.next();
        // A requirement is met by any of them; a table has to know which.
        if proved.any(|other| Some(other) != first) {
            return Err(Lack::open(value::SEVERAL_REASONS));
        }
        let reason = ExitReasonIs { any_of, proof: self.proof }.found(case).map_err(lacks)?;
        Ok(Value::Text(reason.as_str().to_owned()))
    }
}

impl RecordField {
    /// Its name among all facts.
    pub(super) const fn key(self) -> FactKey {
        match self {
            Self::Grade => FactKey::Grade,
            Self::Rank => FactKey::Rank,
            Self::Step => FactKey::Step,
            Self::JobFamily => FactKey::JobFamily,
            Self::Entity => FactKey::Entity,
            Self::EmploymentType => FactKey::EmploymentType,
            Self::ExitRoute => FactKey::ExitRoute,
            Self::NoticeGiven => FactKey::NoticeGiven,
        }
    }
}

impl OnRecord {
    pub(super) fn read(&self, case: &Case<'_>) -> Option<Value> {
        let last = case.last?;
        let text = |text: &Option<String>| text.clone().map(Value::Text);
        match self.of {
            RecordField::Grade => text(&last.grade),
            RecordField::Rank => text(&last.rank),
            RecordField::JobFamily => text(&last.job_family),
            RecordField::Entity => text(&last.entity),
            RecordField::Step => last.step.map(|step| Value::whole(step.into())),
            RecordField::NoticeGiven => {
                last.notice_given_days.map(|days| Value::whole(days.into()))
            }
            RecordField::EmploymentType => {
                last.employment_type.map(|code| Value::Text(code.as_str().to_owned()))
            }
            RecordField::ExitRoute => {
                last.exit_route.map(|code| Value::Text(code.as_str().to_owned()))
            }
        }
    }
}

impl PayFact {
    /// Its name among all facts.
    pub(super) const fn key(self) -> FactKey {
        match self {
            Self::AtExit => FactKey::Pay,
            Self::Guideline => FactKey::GuidelinePay,
        }
    }
}

impl PayOf {
    pub(super) fn find(&self, case: &Case<'_>) -> Option<Pay> {
        match self.of {
            PayFact::AtExit => case.last?.pay,
            PayFact::Guideline => case.facts.company.guideline_pay,
        }
    }
}
