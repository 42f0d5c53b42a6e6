//! Published regulations as documents, inside the binary. Each names its source and how far it is known;
//! what its text does not say is absent.

/// A regulation of the library.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its code.
    pub code: &'static str,
    /// Its document, as JSON.
    pub text: &'static str,
}

macro_rules! library {
    ($($code:literal = $file:literal;)+) => {
        const ENTRIES: &[Entry] = &[$(Entry { code: $code, text: include_str!($file) }),+];
    };
}

library! {
    "R01" = "R01.json";
    "R16" = "R16.json";
    "R19" = "R19.json";
    "R20-lips" = "R20-lips.json";
    "R20-lucidsoft" = "R20-lucidsoft.json";
    "R20-mitaka" = "R20-mitaka.json";
    "R20-shigyo" = "R20-shigyo.json";
    "R21" = "R21.json";
    "R22" = "R22.json";
    "R23" = "R23.json";
    "R24" = "R24.json";
    "R25" = "R25.json";
    "R26-2016" = "R26-2016.json";
    "R26-2020" = "R26-2020.json";
    "R27" = "R27.json";
    "R28" = "R28.json";
    "R29-glico" = "R29-glico.json";
    "R29-panasonic" = "R29-panasonic.json";
    "R29-sharp" = "R29-sharp.json";
    "R30" = "R30.json";
    "R31" = "R31.json";
    "R32" = "R32.json";
    "R33" = "R33.json";
    "R37" = "R37.json";
    "W01" = "W01.json";
    "W02" = "W02.json";
    "W03" = "W03.json";
    "W04" = "W04.json";
    "W05" = "W05.json";
    "W06" = "W06.json";
    "W07" = "W07.json";
    "W08" = "W08.json";
    "W09" = "W09.json";
    "W10" = "W10.json";
    "W12" = "W12.json";
    "W13" = "W13.json";
    "W14" = "W14.json";
}

/// Every regulation, in order of code.
#[must_use]
pub const fn all() -> &'static [Entry] {
    ENTRIES
}

/// The regulation with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decision::Compiled;
    use crate::domain::regulation::Document;

    #[test]
    fn every_regulation_can_run_and_its_cases_come_out() {
        for entry in all() {
            let json = serde_json::from_str(entry.text).unwrap();
            let document = Document::parse(&json).unwrap_or_else(|faults| panic!("{}: {faults:#?}", entry.code));
            assert_eq!(document.code, entry.code);
            assert!(document.source.is_some(), "{}: no source", entry.code);
            let compiled = Compiled::new(document).unwrap();
            assert!(compiled.document().cases.len() >= 3, "{}: too few cases", entry.code);
            for result in compiled.check_cases() {
                assert!(result.passed(), "{} {}: {:?}", entry.code, result.code, result.differences);
            }
        }
    }
}
