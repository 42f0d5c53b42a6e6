//! Published regulations as documents, inside the binary. Each names its source and how far it is
//! known; what its text does not say is absent.

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
    "R02" = "R02.json";
    "R03" = "R03.json";
    "R04" = "R04.json";
    "R05" = "R05.json";
    "R06" = "R06.json";
    "R07" = "R07.json";
    "R08" = "R08.json";
    "R09" = "R09.json";
    "R10" = "R10.json";
    "R11" = "R11.json";
    "R12" = "R12.json";
    "R13" = "R13.json";
    "R14" = "R14.json";
    "R15" = "R15.json";
    "R16" = "R16.json";
    "R17" = "R17.json";
    "R18" = "R18.json";
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
    "R34" = "R34.json";
    "R35" = "R35.json";
    "R36" = "R36.json";
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
    "W11" = "W11.json";
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
    use crate::decide::Compiled;
    use crate::document::Document;

    #[test]
    fn every_regulation_can_run_and_its_cases_come_out() {
        for entry in all() {
            let json = serde_json::from_str(entry.text).unwrap();
            let document = Document::parse(&json)
                .unwrap_or_else(|faults| panic!("{}: {faults:#?}", entry.code));
            assert_eq!(document.code, entry.code);
            assert!(document.source.is_some(), "{}: no source", entry.code);
            let compiled = Compiled::new(document).unwrap();
            assert!(compiled.document().cases.len() >= 3, "{}: too few cases", entry.code);
            for result in compiled.check_cases() {
                assert!(
                    result.passed(),
                    "{} {}: {:?}",
                    entry.code,
                    result.code,
                    result.differences
                );
            }
        }
    }

    /// What follows from a case of the library, by the kind of consequence.
    fn follows(code: &str, case: &str, kind: &str) -> serde_json::Value {
        let document =
            Document::parse(&serde_json::from_str(find(code).unwrap().text).unwrap()).unwrap();
        let facts = document.cases.iter().find(|known| known.code == case).unwrap().facts.clone();
        let decision =
            serde_json::to_value(Compiled::new(document).unwrap().decide(&facts)).unwrap();
        let consequences = decision["consequences"].as_array().unwrap().clone();
        consequences.into_iter().find(|consequence| consequence["kind"] == kind).unwrap()
    }

    #[test]
    fn o_01_aims_at_the_grade_left_from_and_trains_individually() {
        let grade = follows("R01", "O-01", "grade");
        assert_eq!((&grade["grade"], &grade["promised"]), (&"3".into(), &false.into()));
        assert_eq!(follows("R01", "O-01", "training")["rule"], "individual");
        assert_eq!(follows("R01", "O-01", "selection")["stages_stated"], false);
    }

    #[test]
    fn o_08_tells_the_registered_first_and_not_once_the_registration_has_lapsed() {
        let action = |case: &str| follows("R16", case, "vacancy_notice")["action"].clone();
        assert_eq!(action("O-08a"), "keep_registered");
        assert_eq!(action("O-08b"), "notify_before_posting");
        assert_eq!(action("O-08c"), "not_under_scheme");
        assert_eq!(follows("R16", "O-08b", "selection")["same_bar_as_mid_career"], true);
    }

    #[test]
    fn o_14_adjusts_the_service_date_and_restores_no_sick_leave() {
        let service = follows("W02", "O-14", "service_aggregation");
        assert_eq!(
            (&service["service_date"], &service["benefits"]),
            (&"2017-02-01".into(), &serde_json::json!(["vacation"]))
        );
        assert_eq!(service["balances"]["sick"], "lost");
        assert_eq!(follows("W02", "O-14", "probation")["new"], true);
        assert_eq!(follows("W02", "O-14", "pay")["rule"], "P10");
    }
}
