//! The guide: pages in Markdown for `cargo doc`, and for `/docs/guide/` of a running server.
//!
//! A page is one file and one line of the list below. A page links to another by its slug, as in
//! `[recruiting]`, and defines the link at its end as the other file, for readers of the files.
//! The server turns that file into an address; in `cargo doc` the module takes its place.
//!
//! ```
//! let page = okaeri::guide::PAGES.first().unwrap();
//! assert!(page.text.starts_with(&format!("# {}\n", page.title)));
//! ```

mod html;

pub use html::{STYLE, index, page};

/// A page of the guide.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Last segment of its address.
    pub slug: &'static str,
    /// Title, the same as its first heading.
    pub title: &'static str,
    /// Path of its file, from the folder of this module.
    pub file: &'static str,
    /// Text in Markdown.
    pub text: &'static str,
}

macro_rules! pages {
    ($($module:ident = $slug:literal, $title:literal, $file:literal;)+) => {
        /// All pages, in reading order.
        pub const PAGES: &[Page] =
            &[$(Page { slug: $slug, title: $title, file: $file, text: include_str!($file) }),+];

        /// Definitions of the links to all pages as modules. The first definition of a link counts.
        macro_rules! links {
            () => { concat!($("[", $slug, "]: crate::guide::", stringify!($module), "\n",)+) };
        }

        $(
            #[doc = links!()]
            #[doc = include_str!($file)]
            pub mod $module {}
        )+
    };
}

pages! {
    first_hour = "first-hour", "The first hour", "first-hour.md";
    api = "api", "API conventions", "api.md";
    regulations = "regulations", "Regulation format", "regulations.md";
    decisions = "decisions", "Decisions", "decisions.md";
    publishing = "publishing", "Checking and publishing", "publishing.md";
    recruiting = "recruiting", "Recruiting", "recruiting.md";
    webhooks = "webhooks", "Webhooks", "webhooks.md";
    operation = "operation", "Operation", "operation.md";
    security = "security", "Security", "security.md";
    performance = "performance", "Performance", "../../benches/README.md";
    development = "development", "Development", "development.md";
}
