//! GBK text (handbook 11 §1: encoding GBK).

use encoding_rs::{EncoderResult, GBK};

/// A character that GBK does not have, or bytes that are no GBK.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotGbk {
    /// A rare character, in a name as a rule: whoever entered it has to choose another writing with the person.
    #[error("银行接口只收 GBK 字符，没有“{0}”字（U+{code:04X}），请与本人确认在银行登记的写法", code = u32::from(*.0))]
    Character(char),
    /// Bytes, from this offset on.
    #[error("第 {0} 字节起不是 GBK")]
    Bytes(usize),
}

/// The bytes of a text.
///
/// Errors: the first character GBK does not have; nothing is replaced in silence.
pub(crate) fn encode(text: &str) -> Result<Vec<u8>, NotGbk> {
    let mut encoder = GBK.new_encoder();
    let most = encoder.max_buffer_length_from_utf8_without_replacement(text.len()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(most);
    match encoder.encode_from_utf8_to_vec_without_replacement(text, &mut bytes, true) {
        (EncoderResult::Unmappable(character), _) => Err(NotGbk::Character(character)),
        (EncoderResult::InputEmpty | EncoderResult::OutputFull, _) => Ok(bytes),
    }
}

/// The text of some bytes.
///
/// Errors: where they stop being GBK.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, NotGbk> {
    match GBK.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => {
            // Only to say where: the longest beginning that reads.
            let (mut good, mut bad) = (0, bytes.len());
            while good + 1 < bad {
                let middle = good + (bad - good) / 2;
                match GBK.decode_without_bom_handling(&bytes[..middle]) {
                    (text, false) if !text.ends_with('\u{FFFD}') => good = middle,
                    _ => bad = middle,
                }
            }
            Err(NotGbk::Bytes(good))
        }
    }
}
