//! Decoding of a file, in an encoding that is given or certain; never a guess.

use okaeri_engine::messages::imports;

use super::model::RowFault;

/// Encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Encoding {
    /// UTF-8 if valid, Shift_JIS if certain; otherwise the file is refused.
    Auto,
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// Shift_JIS with the Windows extensions.
    ShiftJis,
    /// EUC-JP.
    EucJp,
    /// UTF-16 with a byte order mark, such as "Unicode text" of spreadsheets.
    Utf16,
}

/// Decodes a file.
///
/// # Errors
/// A fault of the whole file, or of the line in a different encoding.
pub fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, Vec<RowFault>> {
    let (text, name) = match encoding {
        Encoding::Auto => return detected(bytes),
        Encoding::Utf8 => (utf8(bytes), "UTF-8"),
        Encoding::ShiftJis => (shift_jis(bytes), "Shift_JIS"),
        Encoding::EucJp => (in_encoding(encoding_rs::EUC_JP, bytes), "EUC-JP"),
        Encoding::Utf16 => (utf16(bytes), "UTF-16"),
    };
    text.ok_or_else(|| refused(1, &imports::NotThisEncoding { encoding: &name }))
}

fn refused(line: u64, said: &impl okaeri_engine::messages::Said) -> Vec<RowFault> {
    vec![RowFault::of_file(line, "wrong_encoding", said)]
}

fn detected(bytes: &[u8]) -> Result<String, Vec<RowFault>> {
    if let Some(text) = utf8(bytes).filter(|text| !text.contains('\0')) {
        return Ok(text);
    }
    if let Some(line) = bytes.split(|byte| *byte == b'\n').position(is_line_of_utf8) {
        return Err(refused(
            u64::try_from(line).unwrap_or_default() + 1,
            &imports::MIXED_ENCODINGS,
        ));
    }
    let is_utf16 = utf16(bytes).is_some() || bytes.contains(&0);
    let other = if is_utf16 {
        Some("UTF-16")
    } else {
        in_encoding(encoding_rs::EUC_JP, bytes).map(|_| "EUC-JP")
    };
    match (other, shift_jis(bytes).filter(|_| is_certain(bytes))) {
        (None, Some(text)) => Ok(text),
        (Some(encoding), _) => Err(refused(1, &imports::SeemsToBe { encoding: &encoding })),
        (None, None) => Err(refused(1, &imports::UNKNOWN_ENCODING)),
    }
}

fn utf8(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

fn in_encoding(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    // Undefined bytes decode to control characters.
    let is_writing = !text.contains(|character: char| matches!(character, '\u{80}'..='\u{9f}'));
    is_writing.then(|| text.into_owned())
}

fn shift_jis(bytes: &[u8]) -> Option<String> {
    in_encoding(encoding_rs::SHIFT_JIS, bytes)
}

fn utf16(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => in_encoding(encoding_rs::UTF_16LE, rest),
        [0xfe, 0xff, rest @ ..] => in_encoding(encoding_rs::UTF_16BE, rest),
        _ => None,
    }
}

/// Returns whether a line of a file that is not UTF-8 is UTF-8: then it comes from another file.
fn is_line_of_utf8(line: &[u8]) -> bool {
    !line.is_ascii() && std::str::from_utf8(line).is_ok()
}

/// Returns whether a file that decodes as Shift_JIS certainly is Shift_JIS. Text in a Western
/// encoding can decode too: its letters become half-width kana and rare characters between Latin
/// letters. In Japanese text kana and common characters prevail, and most are not next to a Latin
/// letter.
fn is_certain(bytes: &[u8]) -> bool {
    let (mut common, mut others) = (0_usize, 0_usize);
    let mut rest = bytes;
    let mut is_after_letter = false;
    while let Some((first, after)) = rest.split_first() {
        let is_double = matches!(first, 0x81..=0x9f | 0xe0..=0xfc);
        let width = if is_double { 2 } else { 1 };
        rest = after.get(width - 1..).unwrap_or_default();
        if is_double {
            let is_beside_letter =
                is_after_letter || rest.first().is_some_and(u8::is_ascii_alphabetic);
            // Kana and the 2,965 level 1 characters, which are in common use.
            let is_common = matches!(first, 0x81..=0x98) && !is_beside_letter;
            *(if is_common { &mut common } else { &mut others }) += 1;
        }
        is_after_letter = first.is_ascii_alphabetic();
    }
    common > 0 && common >= others
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(encoding: &'static encoding_rs::Encoding, text: &str) -> Vec<u8> {
        encoding.encode(text).0.into_owned()
    }

    fn detected_of(bytes: &[u8]) -> Option<String> {
        decode(bytes, Encoding::Auto).ok()
    }

    #[test]
    fn japanese_in_shift_jis_is_read_also_when_it_is_short() {
        for text in [
            "社員番号,姓,名,入社日\r\n1,森,一,2010/4/1\r\n",
            "1,森,一,2010/4/1",
            "number,family\n1,髙橋\n2,﨑山\n3,田中\n",
            "社員番号,姓カナ\n1,ｻﾄｳ\n",
            "社員番号,役職\n1,IT部長（SE課）～2018\n",
        ] {
            assert_eq!(detected_of(&encoded(encoding_rs::SHIFT_JIS, text)).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_in_another_encoding_is_refused_by_its_name() {
        let text = "employee_number,family_name\nU11,佐藤花子\n";
        let euc = encoded(encoding_rs::EUC_JP, text);
        let faults = decode(&euc, Encoding::Auto).unwrap_err();
        assert!(faults[0].to_string().contains("EUC-JP"), "{}", faults[0]);
        assert_eq!(decode(&euc, Encoding::EucJp).as_deref(), Ok(text));
        let utf16: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert!(decode(&utf16, Encoding::Auto).unwrap_err()[0].to_string().contains("UTF-16"));
        assert_eq!(decode(&utf16, Encoding::Utf16).as_deref(), Ok(text));
        assert!(decode(&utf16[2..], Encoding::Auto).unwrap_err()[0].to_string().contains("UTF-16"));
    }

    #[test]
    fn western_letters_do_not_become_kana() {
        for text in [
            "1,Müller,Jörg",
            "1,Hélène,Lefèvre",
            "1,O’Brien,Zoë",
            "1,Jääskeläinen,Päivi",
            "1,José,Núñez",
        ] {
            let bytes = encoded(encoding_rs::WINDOWS_1252, text);
            assert_eq!(detected_of(&bytes), None, "{text}");
        }
    }

    #[test]
    fn a_line_of_another_encoding_is_told_by_its_place() {
        let mut bytes = encoded(encoding_rs::SHIFT_JIS, "社員番号,姓,名\n1,佐藤,花子\n");
        bytes.extend_from_slice("2,甲,一\n".as_bytes());
        assert_eq!(decode(&bytes, Encoding::Auto).unwrap_err()[0].line, 3);
    }

    #[test]
    fn a_mark_at_the_beginning_goes() {
        assert_eq!(detected_of("\u{feff}a,b".as_bytes()).as_deref(), Some("a,b"));
    }
}
