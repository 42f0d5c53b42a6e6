//! Hiring: from an opening to the return of a former employee.

pub mod applications;
pub mod jobs;
pub mod offers;
pub mod openings;
pub mod rehire_instructions;
pub mod returns;
