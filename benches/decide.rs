//! What a decision costs: see the module's functions.

fn main() {}
