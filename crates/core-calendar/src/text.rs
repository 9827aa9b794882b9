//! Reading and writing of dates as text, strictly.

/// Why a text is no date (日期), month (年月) or fund-year (公积金年度).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCivil {
    /// Another form than the one written.
    #[error("应写成 {0}")]
    Form(&'static str),
    /// The form is right, but there is no such day or month.
    #[error("没有这一天或这个月")]
    NoSuchDate,
}

/// Exactly these ASCII digits as a number: no sign, no blank, nothing of another script.
pub(crate) fn digits(text: &str) -> Option<i32> {
    let plain = !text.is_empty() && text.len() <= 8 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.bytes().fold(0, |n, b| n * 10 + i32::from(b - b'0')))
}

/// Display, `FromStr` and serde as one and the same string.
macro_rules! as_text {
    ($type:ty, $what:literal) => {
        impl std::str::FromStr for $type {
            type Err = crate::NotCivil;
            fn from_str(text: &str) -> Result<$type, crate::NotCivil> {
                <$type>::parse(text)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($type))
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($what)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        <$type>::parse(text).map_err(E::custom)
                    }
                }
                from.deserialize_str(Text)
            }
        }
    };
}
pub(crate) use as_text;
