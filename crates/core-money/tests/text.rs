//! Amounts and rates as text, in JSON and in sums.

use core_money::{Fraction, Money, MoneyError, Rate, RateError, Reading, Rounding};
use proptest::prelude::*;

#[test]
fn amounts_are_read_strictly() {
    use MoneyError::{NotDecimal, TooLarge, TooManyDecimals};
    for (text, expected) in [
        ("0", Ok(0)),
        ("1234.56", Ok(123_456)),
        ("1234.5", Ok(123_450)),
        ("1234", Ok(123_400)),
        ("-0.05", Ok(-5)),
        ("-0", Ok(0)),
        ("007.10", Ok(710)),
        ("9999999999999999.99", Ok(999_999_999_999_999_999)),
        ("10000000000000000", Err(TooLarge)),
        ("1.234", Err(TooManyDecimals)),
        ("1.230", Err(TooManyDecimals)),
        ("", Err(NotDecimal)),
        ("-", Err(NotDecimal)),
        (".5", Err(NotDecimal)),
        ("5.", Err(NotDecimal)),
        ("+5", Err(NotDecimal)),
        ("--5", Err(NotDecimal)),
        ("1,234.56", Err(NotDecimal)),
        (" 5", Err(NotDecimal)),
        ("1e3", Err(NotDecimal)),
        ("1.2.3", Err(NotDecimal)),
        ("１２", Err(NotDecimal)),
        ("−5", Err(NotDecimal)),
        ("NaN", Err(NotDecimal)),
    ] {
        assert_eq!(Money::parse(text), expected.map(Money::from_fen), "{text:?}");
    }
}

#[test]
fn amounts_are_shown_plain_and_grouped() {
    for (fen, plain, grouped) in [
        (0, "0.00", "0.00"),
        (5, "0.05", "0.05"),
        (-5, "-0.05", "−0.05"),
        (99_999, "999.99", "999.99"),
        (100_000, "1000.00", "1,000.00"),
        (-123_456_789, "-1234567.89", "−1,234,567.89"),
        (i64::MIN, "-92233720368547758.08", "−92,233,720,368,547,758.08"),
    ] {
        let amount = Money::from_fen(fen);
        assert_eq!((amount.to_string(), amount.grouped()), (plain.to_owned(), grouped.to_owned()));
    }
    assert_eq!(format!("{:>10}|{:<8}|{:?}", Money::FEN, Money::FEN, Money::FEN), "      0.01|0.01    |Money(0.01)");
}

#[test]
fn rates_are_read_and_shown_in_percent() {
    use RateError::{NotDecimal, TooLarge, TooManyDecimals};
    for (text, expected) in [
        ("7", Ok((700_000, "7"))),
        ("1.50", Ok((150_000, "1.5"))),
        ("2.6", Ok((260_000, "2.6"))),
        ("0.05000", Ok((5_000, "0.05"))),
        ("0.00001", Ok((1, "0.00001"))),
        ("150", Ok((15_000_000, "150"))),
        ("999.99999", Ok((99_999_999, "999.99999"))),
        ("1000", Err(TooLarge)),
        ("1.000001", Err(TooManyDecimals)),
        ("-1", Err(NotDecimal)),
        ("7%", Err(NotDecimal)),
        ("", Err(NotDecimal)),
        ("7.", Err(NotDecimal)),
    ] {
        let read = Rate::parse(text).map(|rate| (rate.units(), rate.to_string()));
        assert_eq!(read, expected.map(|(units, shown)| (units, shown.to_owned())), "{text:?}");
    }
    assert!(Rate::from_percent(12).is_whole_percent() && !Rate::from_units(1_250_000 + 1).is_whole_percent());
    assert_eq!(Rate::parse("2.6").unwrap().checked_mul(3, 2), Some(Rate::parse("3.9").unwrap()));
    assert_eq!(Rate::from_units(1).checked_mul(3, 2), None);
}

#[test]
fn json_carries_strings_and_takes_no_numbers() {
    let amount: Money = serde_json::from_str("\"1234.50\"").unwrap();
    assert_eq!(serde_json::to_string(&amount).unwrap(), "\"1234.50\"");
    assert_eq!(serde_json::to_string(&Rate::from_percent(7)).unwrap(), "\"7\"");
    assert_eq!(serde_json::from_str::<Rounding>("\"half_up_fen\"").unwrap(), Rounding::HalfUpFen);
    assert_eq!(serde_json::to_string(&Reading::Ceiling).unwrap(), "\"ceiling\"");
    for number in ["1234.5", "1234", "null", "\"1e3\""] {
        assert!(serde_json::from_str::<Money>(number).is_err() && serde_json::from_str::<Rate>(number).is_err(), "{number}");
    }
    assert!(serde_json::from_str::<Rounding>("\"nearest\"").is_err());
}

#[test]
fn sums_that_do_not_fit_are_seen() {
    let most = Money::from_fen(i64::MAX);
    assert_eq!(most.checked_add(Money::FEN), None);
    assert_eq!(Money::from_fen(i64::MIN).checked_neg(), None);
    assert_eq!(Money::checked_sum([most, Money::FEN]), None);
    assert_eq!(Money::checked_sum([Money::FEN, Money::FEN]), Some(Money::from_fen(2)));
    assert_eq!(Rounding::HalfUpFen.checked_apply(Reading::Digit, i128::MAX, 1), None);
    assert_eq!(Rounding::HalfUpFen.checked_apply(Reading::Digit, 1, 0), None);
    assert_eq!(Rounding::LiUpToFen.checked_apply(Reading::Digit, i128::MIN, i128::MAX), Some(Money::from_fen(-2)));
}

#[test]
#[should_panic(expected = "amount overflows")]
fn a_sum_never_wraps() {
    let _ = Money::from_fen(i64::MAX) + Money::FEN;
}

#[test]
fn exact_amounts_add_and_show_their_decimals() {
    let rate = Rate::parse("1.5").unwrap();
    // X-S2 of handbook 16 §7: product 23,520,400 yuan-days at actual/360.
    let interest = rate.of(Money::from_yuan(23_520_400)).over(360);
    assert_eq!((interest.to_decimal(6), interest.round(Rounding::HalfUpFen).to_string()), ("980.016667".to_owned(), "980.02".to_owned()));
    let third = Fraction::from(Money::FEN).over(3);
    assert_eq!((third + third + third).round(Rounding::CutFen), Money::FEN);
    assert_eq!((third + Fraction::new(-1, 3)).to_decimal(4), "0.0000");
    assert_eq!(Fraction::new(-5, 1000).to_decimal(4), "-0.0001");
}

proptest! {
    #[test]
    fn amounts_come_back_from_their_text(fen in -Money::MAX.fen()..=Money::MAX.fen()) {
        let amount = Money::from_fen(fen);
        prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        prop_assert_eq!(amount.grouped().replace(',', "").replace('−', "-").parse(), Ok(amount));
    }

    #[test]
    fn rates_come_back_from_their_text(units in 0..100_000_000_i64) {
        let rate = Rate::from_units(units);
        prop_assert_eq!(rate.to_string().parse(), Ok(rate));
    }

    #[test]
    fn any_text_is_read_without_a_crash(text in ".{0,24}") {
        if let Ok(amount) = Money::parse(&text) {
            prop_assert!(amount.abs() <= Money::MAX);
        }
        let _ = Rate::parse(&text);
    }

    #[test]
    fn modes_stay_within_their_grain_on_their_side(numer in -1_000_000_000_000_i128..1_000_000_000_000, denom in 1_i128..1_000_000) {
        for mode in Rounding::ALL {
            for reading in Reading::ALL {
                let amount = mode.apply_in(reading, numer, denom);
                let grain = i128::from(mode.grain());
                // Distance from the exact result, away from zero when positive, in 1/denom fen.
                let size = i128::from(amount.abs().fen()) * denom - numer.abs();
                prop_assert_eq!(i128::from(amount.fen()) % grain, 0);
                let bounded = match mode {
                    Rounding::HalfUpYuan | Rounding::HalfUpJiao | Rounding::HalfUpFen => -grain * denom < size * 2 && size * 2 <= grain * denom,
                    Rounding::CutYuan | Rounding::CutJiao | Rounding::CutFen => -grain * denom < size && size <= 0,
                    Rounding::LiUpToFen => 0 <= size && size < grain * denom,
                    _ if reading == Reading::Ceiling => 0 <= size && size < grain * denom,
                    // The digit reading drops less than ten fen of what it does not name.
                    Rounding::JiaoUpToYuan => -10 * denom < size && size < grain * denom,
                    Rounding::FenUpToJiao | Rounding::JiaoFenUpToYuan => -denom < size && size < grain * denom,
                };
                prop_assert!(bounded, "{} {} gives {}", mode, reading, amount);
                prop_assert_eq!(mode.apply_in(reading, -numer, denom), -amount);
            }
        }
    }

    #[test]
    fn rounding_keeps_the_order(a in -1_000_000..1_000_000_i128, b in -1_000_000..1_000_000_i128, denom in 1_i128..1000) {
        for mode in Rounding::ALL {
            for reading in Reading::ALL {
                prop_assert!(mode.apply_in(reading, a.min(b), denom) <= mode.apply_in(reading, a.max(b), denom));
            }
        }
    }

    #[test]
    fn words_differ_for_different_amounts(a in 0..100_000_000_i64, b in 0..100_000_000_i64) {
        let (a, b) = (Money::from_fen(a), Money::from_fen(b));
        prop_assert_eq!(a.to_words() == b.to_words(), a == b);
    }
}
