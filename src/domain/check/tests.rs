//! The checks on documents.
