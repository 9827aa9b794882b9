//! The new rows of a unit by table, in the order in which they may refer to one another.

use crate::db::{Batch, Expect, Insert, Kind, Kind::*, Step};

macro_rules! tables {
    ($($stage:ident { $($(#[$up:meta])? $table:ident [$($column:ident $kind:ident),* $(,)?] $(on $conflict:literal)?;)* })*) => {
        /// Batches of new rows.
        pub(crate) struct Tables {
            $($(pub(crate) $table: Batch,)*)*
        }
        impl Default for Tables {
            fn default() -> Tables {
                Tables { $($($table: Batch::new(&[$((stringify!($column), $kind as Kind)),*]),)*)* }
            }
        }
        impl Tables {
            $(
                /// The steps of this stage; its batches are empty afterwards.
                pub(crate) fn $stage(&mut self) -> Vec<Step> {
                    let empty = Tables::default();
                    let mut steps = Vec::new();
                    $(
                        let rows = std::mem::replace(&mut self.$table, empty.$table);
                        if !rows.is_empty() {
                            #[allow(unused_mut)]
                            let mut insert = Insert::new(stringify!($table), rows);
                            $(
                                insert.on_conflict = Some($conflict);
                                if $conflict.ends_with("DO NOTHING") {
                                    // Rows that are there already are met again and not written.
                                    insert.expect = Expect::AtMost(insert.rows.len() as u64);
                                }
                            )?
                            steps.push(Step::Insert(insert));
                        }
                    )*
                    steps
                }
            )*
        }
    };
}

tables! {
    take_first {
        idempotency [key Text, command Bytes, case_id Int];
        run_chunk [day Day, step Text, chunk Int, documents Int, detail Text];
    }
    take_things {
        employer [id Int, name Text, credit_code Text, address Text, representative Text, representative_kind Text,
            representative_number Bytes, nature Text, economic_type Text, industry Text, affiliation Text, branch Int,
            established Day, pay_day Int, first_month Int, entrusted_bank Text, payroll_account Bytes, fiscal Flag, handler Text,
            handler_kind Text, handler_number Bytes, handler_mobile Bytes, state Text, opened Day, key_version Int, case_id Int];
        employer_money [employer Int, suspense Int, seq Int];
        employer_rate [employer Int, from_month Int, employer_rate Int, member_rate Int, case_id Int]
            on "(employer, from_month) DO UPDATE SET employer_rate = excluded.employer_rate, member_rate = excluded.member_rate, case_id = excluded.case_id";
        person [id Int, name Text, id_kind Text, id_number Bytes, id_hash Bytes, id_six Bytes, mobile Bytes, card Bytes,
            card_bank Text, key_version Int];
        savings [id Int, person Int, state Text, employer Int, opened Day, first_month Int, taken_over_paid_to Int, case_id Int];
        savings_balance [savings Int, balance Int, carried_over Int, current_year Int, carried_product Int, current_product Int,
            fund_year Int, reserved Int, seq Int];
        membership [savings Int, from_month Int, employer Int, change Text, case_id Int];
        contribution_base [savings Int, from_month Int, base Int, case_id Int]
            on "(savings, from_month) DO UPDATE SET base = excluded.base, case_id = excluded.case_id";
        // A month that was sealed and unsealed may be sealed again.
        seal [savings Int, from_month Int, reason Text, case_id Int]
            on "(savings, from_month) DO UPDATE SET until_month = NULL, reason = excluded.reason, case_id = excluded.case_id \
                WHERE seal.until_month IS NOT NULL";
        receipt [id Int, bank_account Int, host_serial Text, amount Int, day Day, payer_account Bytes, payer_name Text, note Bytes,
            state Text, employer Int, matched_by Text, key_version Int, case_id Int];
        remittance_list [id Int, employer Int, month Int, kind Text, state Text, people Int, total Int, digest Text,
            employer_rate Int, member_rate Int, last_people Int, last_total Int, confirmed Day, expires Day, case_id Int];
        list_line [list Int, savings Int, base Int, employer_amount Int, member_amount Int, change Text];
        app_user [id Int, login Text, name Text, kind Text, unit Int, employer Int, enabled Flag, must_change Flag, failures Int,
            totp_step Int, case_id Int];
        opening [id Int, day Day, case_id Int];
        policy_override [id Int, family Text, from_day Day, value Text, instrument Text, case_id Int];
    }
    take_postings {
        claim [register Text, key_hash Bytes, holder Text, words Text, case_id Int, in_flight Flag];
        voucher [id Int, day Day, period Int, entry Text, term Text, kind Text, total Int, reverses Int, case_id Int, audit Int];
        posting [voucher Int, line Int, account Int, side Text, amount Int, employer Int, receipt Int];
        payment [id Int, bank_account Int, amount Int, payee_name Text, day Day, state Text, voucher Int, case_id Int];
        entry [savings Int, seq Int, day Day, value_day Day, kind Text, month Int, amount Int, balance_after Int, employer Int,
            list Int, red Flag, voucher Int];
        suspense_entry [employer Int, seq Int, day Day, entry Text, amount Int, balance_after Int, voucher Int, receipt Int,
            list Int, case_id Int];
    }
    take_records {
        reason_set [hash Bytes, reasons Text] on "(hash) DO NOTHING";
        business_case [id Int, action Text, version Int, state Text, channel Text, accepted Day, promised Day, maker Int, branch Int,
            summary Text, amount Int, form Bytes, effects Text, effect_count Int, digest Text, flow Text, level Int, policy Text,
            reasons Bytes, refusals Text, done_day Day];
        case_former [case_id Int, seq Int, version Int, summary Text, amount Int, form Bytes, effects Text, digest Text];
        case_step [case_id Int, seq Int, kind Text, by_user Int, at Int, day Day, digest Text, note Text];
        case_review [case_id Int, round Int, level Int, maker Int, reviewer Int, digest Text];
        case_concern [case_id Int, subject Text, container Text, class Text];
        audit_record [id Int, at Int, day Day, actor Int, address Text, kind Text, object Text, detail Text, result Text,
            request Text, effects Text, mac Bytes];
        outbox [id Int, case_id Int, kind Text, subject Text, state Text, day Day];
        document [code Text, kind Text, subject Text, case_id Int, copies Int] on "(subject, kind) DO NOTHING";
    }
}
