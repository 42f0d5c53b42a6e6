//! Rehire instructions: their states, and what may be done from each.

use crate::words::{Refusal, RefusalCode};

crate::codes! {
    /// State of a rehire instruction.
    pub enum InstructionState {
        /// With the HR system, which has not answered yet.
        Issued = "issued",
        /// Taken over by the HR system.
        Acknowledged = "acknowledged",
        /// The HR system cannot carry it out as it is.
        Refused = "refused",
        /// The accepted offer was cancelled.
        Cancelled = "cancelled",
    }
}

crate::codes! {
    /// What can be done with a rehire instruction.
    pub enum InstructionMove {
        /// Take it over (the HR system).
        Acknowledge = "acknowledge",
        /// Say that it cannot be carried out (the HR system).
        Refuse = "refuse",
        /// Issue it anew, from the records as they are now.
        Reissue = "reissue",
        /// Take it back with its offer.
        Cancel = "cancel",
    }
}

/// One row of the table of rehire instructions.
#[derive(Debug)]
pub struct InstructionRow {
    /// From these states.
    pub from: &'static [InstructionState],
    /// This move.
    pub kind: InstructionMove,
    /// Leads here.
    pub to: InstructionState,
}

const fn row(
    from: &'static [InstructionState],
    kind: InstructionMove,
    to: InstructionState,
) -> InstructionRow {
    InstructionRow { from, kind, to }
}

use InstructionState::{Acknowledged, Cancelled, Issued, Refused};

/// Every transition of a rehire instruction.
pub static ROWS: &[InstructionRow] = &[
    row(&[Issued], InstructionMove::Acknowledge, Acknowledged),
    row(&[Issued], InstructionMove::Refuse, Refused),
    row(&[Refused], InstructionMove::Reissue, Issued),
    row(&[Issued, Refused, Acknowledged], InstructionMove::Cancel, Cancelled),
];

/// Makes a move of a rehire instruction: the state after it.
///
/// # Errors
/// What stands against it.
pub fn apply_instruction(
    state: InstructionState,
    kind: InstructionMove,
) -> Result<InstructionState, Refusal> {
    let row = ROWS.iter().find(|row| row.kind == kind && row.from.contains(&state));
    row.map(|row| row.to).ok_or_else(|| because(state).refusal())
}

/// Why nothing else can be done from this state.
const fn because(state: InstructionState) -> RefusalCode {
    match state {
        Issued => RefusalCode::InstructionNotAnswered,
        Acknowledged => RefusalCode::InstructionAcknowledged,
        Refused => RefusalCode::InstructionRefused,
        Cancelled => RefusalCode::InstructionCancelled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code as _;

    #[test]
    fn every_pair_leads_where_the_table_says_or_is_refused_by_its_state() {
        let leads = |state: InstructionState| {
            let to = |kind: &InstructionMove| {
                apply_instruction(state, *kind).map_err(|refusal| refusal.code)
            };
            InstructionMove::ALL.iter().map(to).collect::<Vec<_>>()
        };
        let (open, taken) =
            (Err(RefusalCode::InstructionNotAnswered), Err(RefusalCode::InstructionAcknowledged));
        let (refused, gone) =
            (Err(RefusalCode::InstructionRefused), Err(RefusalCode::InstructionCancelled));

        assert_eq!(leads(Issued), [Ok(Acknowledged), Ok(Refused), open, Ok(Cancelled)]);
        assert_eq!(leads(Acknowledged), [taken, taken, taken, Ok(Cancelled)]);
        assert_eq!(leads(Refused), [refused, refused, Ok(Issued), Ok(Cancelled)]);
        assert_eq!(leads(Cancelled), [gone; 4]);
    }
}
