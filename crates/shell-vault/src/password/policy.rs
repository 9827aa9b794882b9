//! What a password must be.

use super::hash::PasswordHash;
use std::fmt;

/// The rules of a password (密码规则); the numbers are the centre's (handbook 17 §13, handbook 12 §1 no. 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Least characters.
    pub min_length: usize,
    /// Least classes among upper case, lower case, digits and others.
    pub min_classes: usize,
    /// How many of the former passwords must not come again, newest first.
    pub history: usize,
    /// Days after which it must be changed.
    pub max_age_days: i64,
}

impl Default for PasswordPolicy {
    /// At least 12 characters, 3 of 4 classes, none of the last 5, changed after 90 days (handbook 17 §13).
    fn default() -> Self {
        PasswordPolicy { min_length: 12, min_classes: 3, history: 5, max_age_days: 90 }
    }
}

/// Most characters; a longer text is an attack on the hash, not a password.
const MAX_LENGTH: usize = 128;

/// Least characters that must be left when common fragments are taken away.
const MIN_UNCOMMON: usize = 6;

/// Why a password is not accepted (密码问题). The printed form is the sentence for the person, with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Fewer characters than required.
    TooShort {
        /// Least characters.
        required: usize,
        /// Characters found.
        found: usize,
    },
    /// More characters than are taken.
    TooLong {
        /// Most characters.
        at_most: usize,
    },
    /// Fewer classes than required.
    TooFewClasses {
        /// Least classes.
        required: usize,
        /// Classes found.
        found: usize,
    },
    /// It contains the login name.
    ContainsLogin,
    /// Nearly all of it is common words, digits in sequence, repetitions or a year.
    TooCommon {
        /// Characters left when those are taken away.
        left: usize,
    },
    /// It is one of the last passwords.
    Reused {
        /// How many of the last are remembered.
        history: usize,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::TooShort { required, found } => {
                write!(f, "密码至少 {required} 个字符，现在是 {found} 个。可以用几个不相关的词连起来。")
            }
            Problem::TooLong { at_most } => write!(f, "密码最多 {at_most} 个字符。"),
            Problem::TooFewClasses { required, found } => {
                write!(f, "大写字母、小写字母、数字、其他符号中至少要有 {required} 类，现在有 {found} 类。")
            }
            Problem::ContainsLogin => f.write_str("密码中不能含有登录名。"),
            Problem::TooCommon { left } => {
                write!(f, "密码大部分由常见词、连续或重复的字符、年份组成，去掉后只剩 {left} 个字符，容易被猜到。换几个只有您知道的词。")
            }
            Problem::Reused { history } => {
                write!(f, "这个密码是最近 {history} 次用过的。换一个没有用过的。")
            }
        }
    }
}

impl PasswordPolicy {
    /// What speaks against `candidate` (检查新密码); empty when nothing does, all problems together otherwise, in the order of
    /// [`Problem`].
    ///
    /// `login` is the person's login name (compared without regard to case, from three characters on). `previous` are the stored
    /// hashes, newest first; as each costs a whole hash to compare, they are compared only when nothing else speaks against the
    /// candidate: a password that breaks another rule cannot be chosen anyway.
    #[must_use]
    pub fn check(&self, candidate: &str, login: &str, previous: &[PasswordHash]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let length = candidate.chars().count();
        if length < self.min_length {
            problems.push(Problem::TooShort { required: self.min_length, found: length });
        }
        if length > MAX_LENGTH {
            problems.push(Problem::TooLong { at_most: MAX_LENGTH });
            return problems; // the rest would only cost time
        }
        let found = classes(candidate);
        if found < self.min_classes {
            problems.push(Problem::TooFewClasses { required: self.min_classes, found });
        }
        if login.chars().count() >= 3 && candidate.to_lowercase().contains(&login.to_lowercase()) {
            problems.push(Problem::ContainsLogin);
        }
        let left = uncommon(candidate);
        if length >= self.min_length && left < MIN_UNCOMMON {
            problems.push(Problem::TooCommon { left });
        }
        if problems.is_empty() && previous.iter().take(self.history).any(|hash| hash.verify(candidate)) {
            problems.push(Problem::Reused { history: self.history });
        }
        problems
    }

    /// Whether a password set that many days ago must be changed at the next login.
    #[must_use]
    pub fn is_expired(&self, age_days: i64) -> bool {
        age_days > self.max_age_days
    }
}

/// How many of upper case, lower case, digits and others occur; a Han character counts as other.
pub(super) fn classes(text: &str) -> usize {
    let class = |c: char| match c {
        'A'..='Z' => 0,
        'a'..='z' => 1,
        '0'..='9' => 2,
        _ => 3,
    };
    let mut seen = [false; 4];
    for c in text.chars() {
        seen[class(c)] = true;
    }
    seen.into_iter().filter(|s| *s).count()
}

/// Words that most guessed passwords are made of, longest first, lower case and with letters for their usual substitutes.
static COMMON: &str = include_str!("common.txt");

/// How many characters stay when common words, runs and repetitions are taken away. "P@ssw0rd-2026" is one word, a sign, and
/// two runs: one character.
fn uncommon(text: &str) -> usize {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let plain: Vec<char> = text.iter().copied().map(unmask).collect();
    let (mut at, mut left) = (0, 0);
    while at < text.len() {
        let taken = word(&plain[at..]).max(word(&text[at..])).max(run(&text[at..])).max(year(&text[at..]));
        if taken == 0 {
            // A sign between words is habit, not secret.
            left += usize::from(text[at].is_alphanumeric());
            at += 1;
        } else {
            at += taken;
        }
    }
    left
}

/// Signs and digits that people put for a letter.
fn unmask(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        c => c,
    }
}

/// Length of the common word that the text begins with, or 0.
fn word(text: &[char]) -> usize {
    let words = COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    words.map(|w| if begins(text, w) { w.chars().count() } else { 0 }).max().unwrap_or(0)
}

fn begins(text: &[char], word: &str) -> bool {
    let mut text = text.iter();
    word.chars().all(|c| text.next() == Some(&c))
}

/// Length of the run that the text begins with, from three characters on: repeated, ascending or descending by one, or 0.
fn run(text: &[char]) -> usize {
    [0i64, 1, -1]
        .into_iter()
        .map(|step| 1 + text.windows(2).take_while(|w| i64::from(w[1] as u32) - i64::from(w[0] as u32) == step).count())
        .max()
        .filter(|length| *length >= 3 && text.len() >= 3)
        .unwrap_or(0)
}

/// Length of the year 19xx or 20xx that the text begins with, or 0.
fn year(text: &[char]) -> usize {
    match text {
        ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit() => 4,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::password::Cost;

    fn check(candidate: &str) -> Vec<Problem> {
        PasswordPolicy::default().check(candidate, "zhangsan", &[])
    }

    #[test]
    fn both_sides_of_each_threshold() {
        let table: &[(&str, &[Problem])] = &[
            ("Luzhou-4127x", &[]),
            ("Luzhou-4127", &[Problem::TooShort { required: 12, found: 11 }]),
            ("luzhou-4127x", &[]),
            ("luzhou4127xq", &[Problem::TooFewClasses { required: 3, found: 2 }]),
            ("滇池楚雄x4Kmqwzvu", &[]),
            ("x4Kmq", &[Problem::TooShort { required: 12, found: 5 }]),
            ("", &[Problem::TooShort { required: 12, found: 0 }, Problem::TooFewClasses { required: 3, found: 0 }]),
            ("ZhangSan-4127-kmqw", &[Problem::ContainsLogin]),
        ];
        for (candidate, expected) in table {
            assert_eq!(check(candidate), *expected, "{candidate}");
        }
        let long = format!("Aq7-{}", "kmwz".repeat(31));
        assert_eq!(check(&long), []);
        assert_eq!(check(&format!("{long}x")), [Problem::TooLong { at_most: 128 }]);
    }

    #[test]
    fn passwords_that_everybody_tries_are_refused_though_they_fill_the_classes() {
        for candidate in [
            "Password1234",
            "P@ssw0rd-2026",
            "Admin@123456",
            "Qwerty-123456",
            "Aa1234567890",
            "Abcd1234!!!!",
            "1qaz@WSX3edc",
            "Woaini-5201314",
            "Gongjijin@2026",
            "Gjj@12345678",
            "AAAAbbbb1111",
            "Welcome@2025!",
            "Anju-888888-Aa",
        ] {
            assert!(matches!(check(candidate).as_slice(), [Problem::TooCommon { .. }]), "{candidate}: {:?}", check(candidate));
        }
    }

    #[test]
    fn the_last_five_are_refused_and_the_sixth_is_free() {
        let mut entropy = SeededEntropy::new(1);
        let previous: Vec<PasswordHash> = (1..=6)
            .map(|n| PasswordHash::new(&format!("Kmqwz-{n}-vuxtY"), Cost::DEMONSTRATION, &mut entropy).expect("valid cost"))
            .collect();
        let check = |candidate: &str| PasswordPolicy::default().check(candidate, "zhangsan", &previous);
        assert_eq!(check("Kmqwz-5-vuxtY"), [Problem::Reused { history: 5 }]);
        assert_eq!(check("Kmqwz-6-vuxtY"), []);
    }

    #[test]
    fn a_password_lives_ninety_days() {
        let policy = PasswordPolicy::default();
        assert!(!policy.is_expired(90));
        assert!(policy.is_expired(91));
    }

    #[test]
    fn sentences_say_what_was_found_and_what_to_do() {
        assert_eq!(check("Luzhou-4127")[0].to_string(), "密码至少 12 个字符，现在是 11 个。可以用几个不相关的词连起来。");
    }

    #[test]
    fn the_list_of_common_words_is_in_the_form_it_is_compared_in() {
        for word in COMMON.lines().filter(|l| !l.starts_with('#')) {
            assert!(word.len() >= 2 && word == word.trim() && word == word.to_lowercase(), "{word:?}");
        }
    }
}
