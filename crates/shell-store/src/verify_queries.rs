//! Statements of the proof (核对): reading only, written apart from everything that posts.
//!
//! Two shapes. *Sources* (`…_ROWS`, `…_TOTALS`) give rows in the order of their key for code that recomputes them. *Findings*
//! (`FIND_…`) give only rows that do not hold: key columns first, then `expected` and `found`; beside each stands the `COUNT_…` of
//! what it looked at.

crate::statements! {
    // Ledger and sub-ledgers.

    /// Debits and credits of every ledger account that was ever posted to.
    pub ACCOUNT_TOTALS = "SELECT account, CAST(SUM(CASE WHEN side = 'D' THEN amount ELSE 0 END) AS bigint) AS debit, \
        CAST(SUM(CASE WHEN side = 'C' THEN amount ELSE 0 END) AS bigint) AS credit FROM posting GROUP BY account ORDER BY account";
    /// Members' money (201) as the ledger keeps it by employer.
    pub MEMBERS_BY_EMPLOYER = "SELECT employer, CAST(SUM(CASE WHEN side = 'C' THEN amount ELSE 0 - amount END) AS bigint) AS total \
        FROM posting WHERE account = 201 AND employer IS NOT NULL GROUP BY employer ORDER BY employer";
    /// Members' money (201) as the ledger keeps it by voucher.
    pub MEMBERS_BY_VOUCHER = "SELECT voucher, CAST(SUM(CASE WHEN side = 'C' THEN amount ELSE 0 - amount END) AS bigint) AS total \
        FROM posting WHERE account = 201 GROUP BY voucher ORDER BY voucher";
    /// Suspense of all employers.
    pub SUSPENSE_TOTAL = "SELECT COALESCE(CAST(SUM(suspense) AS bigint), 0) AS total FROM employer_money";
    /// Receipts without owner.
    pub UNKNOWN_TOTAL = "SELECT COALESCE(CAST(SUM(amount) AS bigint), 0) AS total FROM receipt WHERE state = 'unknown'";

    /// Receipts.
    pub COUNT_RECEIPTS = "SELECT COUNT(*) AS n FROM receipt";
    /// Receipts whose part of 2190401 is not their amount while unknown, or not nothing once they are given to somebody.
    pub FIND_UNKNOWN = "SELECT r.id, CASE WHEN r.state = 'unknown' THEN r.amount ELSE 0 END AS expected, COALESCE(p.total, 0) AS found \
        FROM receipt r LEFT JOIN (SELECT receipt, CAST(SUM(CASE WHEN side = 'C' THEN amount ELSE 0 - amount END) AS bigint) AS total \
          FROM posting WHERE account = 2190401 AND receipt IS NOT NULL GROUP BY receipt) p ON p.receipt = r.id \
        WHERE CASE WHEN r.state = 'unknown' THEN r.amount ELSE 0 END <> COALESCE(p.total, 0) ORDER BY r.id";

    /// Fund bank accounts.
    pub COUNT_BANKS = "SELECT COUNT(*) AS n FROM bank_account";
    /// Bank accounts whose opening, receipts and payments do not give their leaf of 101.
    pub FIND_BANKS = "SELECT id, expected, found FROM (SELECT b.id, \
          COALESCE((SELECT CAST(SUM(CASE WHEN p.side = 'D' THEN p.amount ELSE 0 - p.amount END) AS bigint) FROM posting p \
            JOIN voucher v ON v.id = p.voucher WHERE p.account = b.leaf AND v.entry = 'E-A22'), 0) \
          + COALESCE((SELECT CAST(SUM(r.amount) AS bigint) FROM receipt r WHERE r.bank_account = b.id AND r.state <> 'outgoing'), 0) \
          - COALESCE((SELECT CAST(SUM(y.amount) AS bigint) FROM payment y WHERE y.bank_account = b.id AND y.state <> 'failed'), 0) AS expected, \
          COALESCE((SELECT CAST(SUM(CASE WHEN p.side = 'D' THEN p.amount ELSE 0 - p.amount END) AS bigint) FROM posting p \
            WHERE p.account = b.leaf), 0) AS found \
        FROM bank_account b) sums WHERE expected <> found ORDER BY id";

    // Vouchers.

    /// Vouchers with their postings, a row a posting; a voucher without any has one row of nulls.
    pub VOUCHER_ROWS = "SELECT v.id, v.day, v.period, v.kind, v.total, p.line, p.account, p.side, p.amount \
        FROM voucher v LEFT JOIN posting p ON p.voucher = v.id ORDER BY v.id, p.line";
    /// Leaves of the fund bank accounts.
    pub BANK_LEAVES = "SELECT leaf FROM bank_account ORDER BY leaf";
    /// Postings.
    pub COUNT_POSTINGS = "SELECT COUNT(*) AS n FROM posting";
    /// Postings without a voucher.
    pub FIND_ORPHAN_POSTINGS = "SELECT p.voucher, p.line, '凭证' AS expected, '无' AS found FROM posting p \
        LEFT JOIN voucher v ON v.id = p.voucher WHERE v.id IS NULL ORDER BY p.voucher, p.line";
    /// Red vouchers.
    pub COUNT_RED = "SELECT COUNT(*) AS n FROM voucher WHERE kind = 'red'";
    /// Red vouchers that are not the mirror of their original, by account and side.
    pub FIND_NOT_MIRRORED = "SELECT red, CAST(SUM(original) AS bigint) AS expected, CAST(0 - SUM(own) AS bigint) AS found FROM ( \
          SELECT v.id AS red, p.account, p.side, COALESCE(p.employer, 0) AS employer, p.amount AS own, 0 AS original \
          FROM voucher v JOIN posting p ON p.voucher = v.id WHERE v.kind = 'red' \
          UNION ALL SELECT v.id, p.account, p.side, COALESCE(p.employer, 0), 0, p.amount \
          FROM voucher v JOIN posting p ON p.voucher = v.reverses WHERE v.kind = 'red') lines \
        GROUP BY red, account, side, employer HAVING SUM(own) + SUM(original) <> 0 ORDER BY red";
    /// Red vouchers that name no earlier blue one of the same entry.
    pub FIND_RED_OF_NOTHING = "SELECT v.id, 'blue ' || v.entry AS expected, COALESCE(o.kind || ' ' || o.entry, '无') AS found \
        FROM voucher v LEFT JOIN voucher o ON o.id = v.reverses \
        WHERE v.kind = 'red' AND (o.id IS NULL OR o.kind <> 'blue' OR o.entry <> v.entry OR o.id >= v.id) ORDER BY v.id";
    /// Vouchers.
    pub COUNT_VOUCHERS = "SELECT COUNT(*) AS n FROM voucher";
    /// Vouchers whose audit record is not there.
    pub FIND_VOUCHER_WITHOUT_AUDIT = "SELECT v.id, v.audit AS expected, '无' AS found FROM voucher v \
        LEFT JOIN audit_record a ON a.id = v.audit WHERE a.id IS NULL ORDER BY v.id";
    /// Vouchers whose case is not there, or not done.
    pub FIND_VOUCHER_WITHOUT_CASE = "SELECT v.id, v.case_id, 'done' AS expected, COALESCE(c.state, '无') AS found FROM voucher v \
        LEFT JOIN business_case c ON c.id = v.case_id WHERE c.id IS NULL OR c.state <> 'done' ORDER BY v.id";
    /// Vouchers whose audit record is of another case than theirs.
    pub FIND_VOUCHER_OF_OTHER_CASE = "SELECT v.id, 'case:' || CAST(v.case_id AS text) AS expected, a.object AS found FROM voucher v \
        JOIN audit_record a ON a.id = v.audit WHERE a.object <> 'case:' || CAST(v.case_id AS text) ORDER BY v.id";

    // Suspense.

    /// Employers' suspense with its entries, a row an entry; an employer without any has one row of nulls.
    pub SUSPENSE_ROWS = "SELECT m.employer, m.suspense, m.seq AS last_seq, s.seq, s.amount, s.balance_after FROM employer_money m \
        LEFT JOIN suspense_entry s ON s.employer = m.employer ORDER BY m.employer, s.seq";
    /// Suspense entries.
    pub COUNT_SUSPENSE = "SELECT COUNT(*) AS n FROM suspense_entry";
    /// Suspense entries of an employer that keeps no suspense.
    pub FIND_SUSPENSE_OF_NOBODY = "SELECT s.employer, s.seq, '单位未分摊账户' AS expected, '无' AS found FROM suspense_entry s \
        LEFT JOIN employer_money m ON m.employer = s.employer WHERE m.employer IS NULL ORDER BY s.employer, s.seq";
    /// Vouchers whose lines of 2190402 are not the suspense entries they carry, by employer. The opening names no employers.
    pub FIND_SUSPENSE_VOUCHERS = "SELECT voucher, employer, CAST(SUM(posted) AS bigint) AS expected, CAST(SUM(kept) AS bigint) AS found FROM ( \
          SELECT s.voucher, s.employer, 0 AS posted, s.amount AS kept FROM suspense_entry s WHERE s.entry <> 'E-A22' \
          UNION ALL SELECT p.voucher, COALESCE(p.employer, 0), CASE WHEN p.side = 'C' THEN p.amount ELSE 0 - p.amount END, 0 \
          FROM posting p JOIN voucher v ON v.id = p.voucher WHERE p.account = 2190402 AND v.entry <> 'E-A22') moves \
        GROUP BY voucher, employer HAVING SUM(posted) <> SUM(kept) ORDER BY voucher, employer";

    // Savings accounts, page by page of their numbers.

    /// The next accounts after a number, with their balances; an account without a balance row has nulls.
    pub SAVINGS_ROWS = "SELECT s.id, b.balance, b.carried_over, b.current_year, b.carried_product, b.current_product, b.fund_year, b.seq \
        FROM savings s LEFT JOIN savings_balance b ON b.savings = s.id WHERE s.id > $1 ORDER BY s.id LIMIT 4000";
    /// Entries of the accounts after one number up to another.
    pub ENTRY_ROWS = "SELECT savings, seq, day, value_day, kind, month, amount, balance_after, employer, list, red, voucher FROM entry \
        WHERE savings > $1 AND savings <= $2 ORDER BY savings, seq";
    /// Bases of the same accounts.
    pub BASE_ROWS = "SELECT savings, from_month, base FROM contribution_base WHERE savings > $1 AND savings <= $2 ORDER BY savings, from_month";
    /// Products of ended fund-years of the same accounts.
    pub SETTLED_ROWS = "SELECT savings, fund_year, carried_product, current_product FROM settled_product \
        WHERE savings > $1 AND savings <= $2 ORDER BY savings, fund_year";
    /// Balances of no account.
    pub FIND_BALANCE_OF_NOTHING = "SELECT b.savings, '个人账户' AS expected, '无' AS found FROM savings_balance b \
        LEFT JOIN savings s ON s.id = b.savings WHERE s.id IS NULL ORDER BY b.savings";

    // Remittance lists.

    /// What is known of every list, its lines aside.
    pub LIST_ROWS = "SELECT id, employer, month, kind, state, people, total, digest, employer_rate, member_rate, posted, voucher \
        FROM remittance_list ORDER BY id";
    /// Lines in the order of lists and accounts.
    pub LINE_ROWS = "SELECT list, savings, base, employer_amount, member_amount FROM list_line ORDER BY list, savings";
    /// Rates of all employers.
    pub RATE_ROWS = "SELECT employer, from_month, employer_rate, member_rate FROM employer_rate ORDER BY employer, from_month";
    /// Posted regular lists beside where their employer began, in the order of months.
    pub MONTH_ROWS = "SELECT l.employer, l.id, l.month, e.first_month, e.taken_over_paid_to FROM remittance_list l \
        LEFT JOIN employer e ON e.id = l.employer WHERE l.kind = '1' AND l.state = 'posted' ORDER BY l.employer, l.month, l.id";
    /// Lines of one list, for naming one that differs.
    pub LINES_OF_LIST = "SELECT savings, base, employer_amount + member_amount AS amount FROM list_line WHERE list = $1 ORDER BY savings";
    /// Lines of one list beside the base in force in a month.
    pub BASES_OF_LIST = "SELECT ll.savings, ll.base, cb.base AS dated FROM list_line ll LEFT JOIN contribution_base cb ON cb.savings = ll.savings \
        AND cb.from_month = (SELECT MAX(x.from_month) FROM contribution_base x WHERE x.savings = ll.savings AND x.from_month <= $2) \
        WHERE ll.list = $1 ORDER BY ll.savings";
    /// Entries of one list, blue or red, for naming one that differs.
    pub ENTRIES_OF_LIST = "SELECT savings, seq, amount FROM entry WHERE list = $1 AND red = $2 ORDER BY savings, seq";
    /// Lists.
    pub COUNT_LISTS = "SELECT COUNT(*) AS n FROM remittance_list";
    /// Vouchers of the members' money that two lists share.
    pub FIND_SHARED_VOUCHER = "SELECT l.id, '单独一张凭证' AS expected, l.voucher AS found FROM remittance_list l \
        WHERE l.voucher IN (SELECT voucher FROM remittance_list WHERE voucher IS NOT NULL GROUP BY voucher HAVING COUNT(*) > 1) ORDER BY l.id";
    /// Lists that say reversed without a red voucher, or are reversed without saying so.
    pub FIND_REVERSED_LISTS = "SELECT l.id, CASE WHEN r.id IS NULL THEN 'posted' ELSE 'reversed' END AS expected, l.state AS found \
        FROM remittance_list l LEFT JOIN voucher r ON r.reverses = l.voucher WHERE l.state IN ('posted', 'reversed') \
        AND l.state <> CASE WHEN r.id IS NULL THEN 'posted' ELSE 'reversed' END ORDER BY l.id";

    // Dated records.

    /// Memberships.
    pub COUNT_MEMBERSHIPS = "SELECT COUNT(*) AS n FROM membership";
    /// Memberships that end before they begin, or run into the next one.
    pub FIND_MEMBERSHIPS = "SELECT savings, from_month, '止于 ' || CAST(COALESCE(next, from_month) AS text) || ' 之前' AS expected, \
        COALESCE(CAST(until_month AS text), '在册') AS found \
        FROM (SELECT savings, from_month, until_month, LEAD(from_month) OVER (PARTITION BY savings ORDER BY from_month) AS next FROM membership) m \
        WHERE until_month < CASE WHEN from_month % 100 = 1 THEN from_month - 89 ELSE from_month - 1 END OR next IS NOT NULL AND (until_month IS NULL OR until_month >= next) ORDER BY savings, from_month";
    /// Accounts whose employer is not that of their membership in force.
    pub FIND_EMPLOYER_OF_MEMBER = "SELECT s.id, m.employer AS expected, s.employer AS found FROM savings s \
        JOIN membership m ON m.savings = s.id AND m.until_month IS NULL WHERE m.employer <> s.employer ORDER BY s.id";
    /// Seals.
    pub COUNT_SEALS = "SELECT COUNT(*) AS n FROM seal";
    /// Seals that run into the next one; one that covers no month is none.
    pub FIND_SEALS = "SELECT savings, from_month, '止于 ' || CAST(COALESCE(next, from_month) AS text) || ' 之前' AS expected, \
        COALESCE(CAST(until_month AS text), '在册') AS found \
        FROM (SELECT savings, from_month, until_month, (SELECT MIN(n.from_month) FROM seal n WHERE n.savings = s.savings \
            AND n.from_month > s.from_month AND (n.until_month IS NULL OR n.until_month >= n.from_month)) AS next FROM seal s) m \
        WHERE until_month < CASE WHEN from_month % 100 = 1 THEN from_month - 89 ELSE from_month - 1 END \
        OR next IS NOT NULL AND (until_month IS NULL OR until_month >= next) ORDER BY savings, from_month";
    /// Savings accounts.
    pub COUNT_SAVINGS = "SELECT COUNT(*) AS n FROM savings";
    /// Accounts sealed in a month ($1) without a seal of that month, or normal under one.
    pub FIND_SEAL_STATES = "SELECT id, expected, found FROM (SELECT s.id, CASE WHEN EXISTS (SELECT 1 FROM seal x WHERE x.savings = s.id \
          AND x.from_month <= $1 AND (x.until_month IS NULL OR x.until_month >= $1)) THEN '02' ELSE '01' END AS expected, s.state AS found \
        FROM savings s WHERE s.state IN ('01', '02')) states WHERE expected <> found ORDER BY id";

    // Cases.

    /// Reviews.
    pub COUNT_REVIEWS = "SELECT COUNT(*) AS n FROM case_review";
    /// Reviews by the case's own maker, or beside another maker than the case has.
    pub FIND_OWN_REVIEWS = "SELECT r.case_id, r.round, r.level, '不是 ' || CAST(c.maker AS text) AS expected, r.reviewer AS found \
        FROM case_review r JOIN business_case c ON c.id = r.case_id WHERE r.reviewer = c.maker OR r.maker <> c.maker \
        ORDER BY r.case_id, r.round, r.level";
    /// Reviews of one round by the same person twice.
    pub FIND_REVIEWED_TWICE = "SELECT r.case_id, r.round, r.level, '另一复核人' AS expected, r.reviewer AS found FROM case_review r \
        WHERE EXISTS (SELECT 1 FROM case_review o WHERE o.case_id = r.case_id AND o.round = r.round AND o.reviewer = r.reviewer \
          AND o.level < r.level) ORDER BY r.case_id, r.round, r.level";
    /// Cases.
    pub COUNT_CASES = "SELECT COUNT(*) AS n FROM business_case";

    // States.

    /// Everything that has a state.
    pub COUNT_STATES = "SELECT CAST((SELECT COUNT(*) FROM business_case) + (SELECT COUNT(*) FROM remittance_list) + (SELECT COUNT(*) FROM receipt) \
        + (SELECT COUNT(*) FROM payment) + (SELECT COUNT(*) FROM employer) + (SELECT COUNT(*) FROM savings) AS bigint) AS n";
    /// States of cases.
    pub FIND_CASE_STATES = "SELECT id, '有效状态' AS expected, state AS found FROM business_case WHERE state NOT IN \
        ('waiting', 'returned', 'done', 'refused', 'rejected', 'withdrawn', 'expired', 'failed', 'voided') ORDER BY id";
    /// States of lists; posted and reversed ones have a voucher, others none.
    pub FIND_LIST_STATES = "SELECT id, '有效状态' AS expected, state AS found FROM remittance_list WHERE state NOT IN \
        ('awaiting_money', 'posted', 'posting_failed', 'expired', 'voided', 'reversed') OR kind NOT IN ('1', '2') \
        OR (CASE WHEN state IN ('posted', 'reversed') THEN 1 ELSE 0 END) <> (CASE WHEN voucher IS NULL THEN 0 ELSE 1 END) ORDER BY id";
    /// States of receipts; an owner stands beside those that have one.
    pub FIND_RECEIPT_STATES = "SELECT id, '有效状态' AS expected, state AS found FROM receipt WHERE state NOT IN \
        ('posted', 'suspense', 'unknown', 'allocated', 'returned', 'outgoing') OR state IN ('posted', 'suspense') AND employer IS NULL ORDER BY id";
    /// States of payments.
    pub FIND_PAYMENT_STATES = "SELECT id, '有效状态' AS expected, state AS found FROM payment \
        WHERE state NOT IN ('instructed', 'confirmed', 'failed') ORDER BY id";
    /// States of employers.
    pub FIND_EMPLOYER_STATES = "SELECT id, '有效状态' AS expected, state AS found FROM employer \
        WHERE state NOT IN ('01', '02', '03', '04', '05') ORDER BY id";
    /// States of savings accounts.
    pub FIND_SAVINGS_STATES = "SELECT id, '有效状态' AS expected, state AS found FROM savings \
        WHERE state NOT IN ('01', '02', '03', '04', '05') ORDER BY id";

    // Claims.

    /// Claims.
    pub COUNT_CLAIMS = "SELECT COUNT(*) AS n FROM claim";
    /// Open accounts whose person's document is not claimed for them.
    pub FIND_PERSON_CLAIMS = "SELECT s.id, 'savings:' || CAST(s.id AS text) AS expected, COALESCE(c.holder, '无') AS found FROM savings s \
        JOIN person p ON p.id = s.person LEFT JOIN claim c ON c.register = 'person' AND c.key_hash = p.id_hash \
        WHERE s.state IN ('01', '02') AND (c.holder IS NULL OR c.holder <> 'savings:' || CAST(s.id AS text)) ORDER BY s.id";
    /// Receipts whose bank line is not claimed for them, so that it could be recorded twice.
    pub FIND_RECEIPT_CLAIMS = "SELECT r.id, CAST(1 AS bigint) AS expected, COALESCE(c.held, 0) AS found FROM receipt r \
        LEFT JOIN (SELECT holder, COUNT(*) AS held FROM claim WHERE register = 'bank-line' AND NOT in_flight GROUP BY holder) c \
        ON c.holder = 'receipt:' || CAST(r.id AS text) WHERE r.state <> 'outgoing' AND COALESCE(c.held, 0) <> 1 ORDER BY r.id";
    /// Claims in flight of a case that is not.
    pub FIND_STALE_CLAIMS = "SELECT c.register, c.case_id, '在途业务' AS expected, COALESCE(b.state, '无') AS found FROM claim c \
        LEFT JOIN business_case b ON b.id = c.case_id WHERE c.in_flight AND (b.id IS NULL OR b.state NOT IN ('waiting', 'returned', 'failed')) \
        ORDER BY c.register, c.case_id";
    /// Claims for a thing that is not there.
    pub FIND_CLAIMS_OF_NOTHING = "SELECT c.register, c.holder, '持有者' AS expected, '无' AS found FROM claim c \
        WHERE NOT c.in_flight AND (c.register IN ('person', 'mobile', 'card') \
            AND c.holder NOT IN (SELECT 'savings:' || CAST(s.id AS text) FROM savings s) \
          OR c.register = 'bank-line' AND c.holder NOT IN (SELECT 'receipt:' || CAST(r.id AS text) FROM receipt r)) \
        ORDER BY c.register, c.holder";

    // Roll-ups.

    /// Sums of closed days.
    pub COUNT_LEDGER_DAYS = "SELECT COUNT(*) AS n FROM ledger_day";
    /// Days whose sums by account are not those of their postings.
    pub FIND_LEDGER_DAYS = "SELECT account, CAST(day AS text) AS on_day, \
        CAST(SUM(posted_debit - posted_credit) AS bigint) AS expected, CAST(SUM(kept_debit - kept_credit) AS bigint) AS found FROM ( \
          SELECT account, day, 0 AS posted_debit, 0 AS posted_credit, debit AS kept_debit, credit AS kept_credit FROM ledger_day \
          UNION ALL SELECT p.account, v.day, CASE WHEN p.side = 'D' THEN p.amount ELSE 0 END, CASE WHEN p.side = 'C' THEN p.amount ELSE 0 END, 0, 0 \
          FROM voucher v JOIN posting p ON p.voucher = v.id WHERE v.day IN (SELECT day FROM ledger_day) \
            OR v.day IN (SELECT day FROM business_day WHERE state = 'closed')) sums \
        GROUP BY account, day HAVING SUM(posted_debit) <> SUM(kept_debit) OR SUM(posted_credit) <> SUM(kept_credit) ORDER BY day, account";

    // Audit.

    /// Seals by number.
    pub SEAL_ROWS = "SELECT id, first_record, last_record, records, root, previous, marks, seal, day FROM audit_seal ORDER BY id";
    /// Records by number.
    pub RECORD_ROWS = "SELECT id, at, day, actor, address, kind, object, detail, result, request, effects, mac FROM audit_record ORDER BY id";

    // Journal.

    /// Vouchers with their postings, as a journal prints them.
    pub JOURNAL_ROWS = "SELECT v.id, v.day, v.entry, v.term, v.kind, v.reverses, v.case_id, p.account, p.side, p.amount, p.employer, p.receipt \
        FROM voucher v JOIN posting p ON p.voucher = v.id ORDER BY v.id, p.line";
    /// Names of the bank accounts' leaves.
    pub JOURNAL_BANKS = "SELECT leaf, bank, name FROM bank_account ORDER BY leaf";

    /// The last business day that is open or closing, else the last there is.
    pub LAST_DAY = "SELECT MAX(day) AS day FROM business_day";
}

/// What the canonical digest is taken over: table and statement, each in the order of its key. Columns that a clock, chance, a key
/// or the way of working decides are left out; `docs/canonical-digest.md` lists both.
pub static CANONICAL: &[crate::db::Registered] = &[
    table("centre", "SELECT code, name, division, opened FROM centre ORDER BY code"),
    table("unit", "SELECT id, kind, name, division FROM unit ORDER BY id"),
    table("business_day", "SELECT day, state FROM business_day ORDER BY day"),
    table("period", "SELECT month, closed FROM period ORDER BY month"),
    table("bank_account", "SELECT id, number, bank, name, leaf FROM bank_account ORDER BY id"),
    table("policy_override", "SELECT id, family, from_day, value, instrument, case_id FROM policy_override ORDER BY id"),
    table("app_user", "SELECT id, login, name, kind, unit, employer, enabled, case_id FROM app_user ORDER BY id"),
    table("role", "SELECT code, name, kind FROM role ORDER BY code"),
    table("role_permission", "SELECT role, action, scope FROM role_permission ORDER BY role, action"),
    table("user_role", "SELECT user_id, user_kind, role, role_kind, unit, case_id FROM user_role ORDER BY user_id, role, unit"),
    table(
        "employer",
        "SELECT id, name, credit_code, address, representative, representative_kind, nature, economic_type, industry, \
        affiliation, branch, established, pay_day, first_month, entrusted_bank, fiscal, handler, handler_kind, state, opened, \
        taken_over_paid_to, case_id FROM employer ORDER BY id",
    ),
    table(
        "employer_rate",
        "SELECT employer, from_month, employer_rate, member_rate, case_id FROM employer_rate ORDER BY employer, from_month",
    ),
    table("employer_money", "SELECT employer, suspense, seq FROM employer_money ORDER BY employer"),
    table(
        "suspense_entry",
        "SELECT employer, seq, day, entry, amount, balance_after, voucher, receipt, list, case_id FROM suspense_entry \
        ORDER BY employer, seq",
    ),
    table("person", "SELECT id, name, id_kind, card_bank FROM person ORDER BY id"),
    table("savings", "SELECT id, person, state, employer, opened, first_month, taken_over_paid_to, case_id FROM savings ORDER BY id"),
    table("membership", "SELECT savings, from_month, until_month, employer, change, case_id FROM membership ORDER BY savings, from_month"),
    table("contribution_base", "SELECT savings, from_month, base, case_id FROM contribution_base ORDER BY savings, from_month"),
    table("seal", "SELECT savings, from_month, until_month, reason, case_id FROM seal ORDER BY savings, from_month"),
    table(
        "savings_balance",
        "SELECT savings, balance, carried_over, current_year, carried_product, current_product, fund_year, reserved, seq \
        FROM savings_balance ORDER BY savings",
    ),
    table(
        "settled_product",
        "SELECT savings, fund_year, carried_product, current_product FROM settled_product ORDER BY savings, fund_year",
    ),
    table(
        "entry",
        "SELECT savings, seq, day, value_day, kind, month, amount, balance_after, employer, list, red, voucher FROM entry \
        ORDER BY savings, seq",
    ),
    table(
        "remittance_list",
        "SELECT id, employer, month, kind, state, people, total, digest, employer_rate, member_rate, last_people, \
        last_total, confirmed, expires, source, receipt, posted, value_day, product_days, voucher, case_id, posted_case \
        FROM remittance_list ORDER BY id",
    ),
    table("list_line", "SELECT list, savings, base, employer_amount, member_amount, change FROM list_line ORDER BY list, savings"),
    table(
        "receipt",
        "SELECT id, bank_account, host_serial, amount, day, payer_name, state, employer, matched_by, case_id FROM receipt ORDER BY id",
    ),
    table("payment", "SELECT id, bank_account, amount, payee_name, day, state, voucher, case_id FROM payment ORDER BY id"),
    table("opening", "SELECT id, day, case_id FROM opening ORDER BY id"),
    table("voucher", "SELECT id, day, period, entry, term, kind, total, reverses, case_id FROM voucher ORDER BY id"),
    table("posting", "SELECT voucher, line, account, side, amount, employer, receipt FROM posting ORDER BY voucher, line"),
    table("ledger_day", "SELECT account, day, debit, credit FROM ledger_day ORDER BY account, day"),
    table(
        "business_case",
        "SELECT id, action, version, state, accepted, promised, maker, branch, summary, amount, effects, effect_count, \
        digest, flow, level, policy, reasons, refusals, done_day FROM business_case ORDER BY id",
    ),
    table("case_former", "SELECT case_id, seq, version, summary, amount, effects, digest FROM case_former ORDER BY case_id, seq"),
    table("case_step", "SELECT case_id, seq, kind, by_user, day, digest, note FROM case_step ORDER BY case_id, seq"),
    table("case_review", "SELECT case_id, round, level, maker, reviewer, digest FROM case_review ORDER BY case_id, round, level"),
    table("case_concern", "SELECT case_id, subject, container, class FROM case_concern ORDER BY case_id, subject, class"),
    table("claim", "SELECT register, holder, words, case_id, in_flight FROM claim ORDER BY register, holder, case_id, words"),
    table("outbox", "SELECT id, case_id, kind, subject, state, day FROM outbox ORDER BY id"),
    table("document", "SELECT subject, kind, case_id FROM document ORDER BY subject, kind"),
];

const fn table(name: &'static str, sql: &'static str) -> crate::db::Registered {
    crate::db::Registered { name, sql }
}
