//! The product itself: pure rules, no HTTP, SQL, clock or I/O.
