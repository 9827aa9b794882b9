-- Employers, members, dated records, balances, lists and receipts. Months are numbers YYYYMM, rates ten-millionths.
CREATE TABLE employer (
  id @int NOT NULL PRIMARY KEY,
  name @text NOT NULL,
  credit_code @text,
  address @text NOT NULL,
  representative @text NOT NULL,
  representative_kind @text NOT NULL,
  representative_number @bytes NOT NULL,
  nature @text NOT NULL,
  economic_type @text NOT NULL,
  industry @text NOT NULL,
  affiliation @text,
  branch @int NOT NULL,
  established @day NOT NULL,
  pay_day @int NOT NULL,
  first_month @int NOT NULL,
  entrusted_bank @text NOT NULL,
  payroll_account @bytes,
  fiscal @flag NOT NULL,
  handler @text NOT NULL,
  handler_kind @text NOT NULL,
  handler_number @bytes NOT NULL,
  handler_mobile @bytes NOT NULL,
  state @text NOT NULL,
  opened @day NOT NULL,
  taken_over_paid_to @int,
  key_version @int NOT NULL,
  case_id @int NOT NULL,
  CONSTRAINT employer_state CHECK (state IN ('01', '02', '03', '04', '05'))
);
CREATE INDEX employer_name ON employer (name);
CREATE INDEX employer_branch ON employer (branch, id);
CREATE TABLE employer_rate (
  employer @int NOT NULL,
  from_month @int NOT NULL,
  employer_rate @int NOT NULL,
  member_rate @int NOT NULL,
  case_id @int NOT NULL,
  PRIMARY KEY (employer, from_month)
);
-- Suspense (未分摊) of an employer with its balance after.
CREATE TABLE employer_money (
  employer @int NOT NULL PRIMARY KEY,
  suspense @money NOT NULL,
  seq @int NOT NULL,
  CONSTRAINT employer_money_not_negative CHECK (suspense >= 0)
);
CREATE TABLE suspense_entry (
  employer @int NOT NULL,
  seq @int NOT NULL,
  day @day NOT NULL,
  entry @text NOT NULL,
  amount @money NOT NULL,
  balance_after @money NOT NULL,
  voucher @int NOT NULL,
  receipt @int,
  list @int,
  case_id @int NOT NULL,
  PRIMARY KEY (employer, seq)
);
-- Persons (自然人): identifiers are ciphertext, found by keyed hashes of the whole value and of the last six.
CREATE TABLE person (
  id @int NOT NULL PRIMARY KEY,
  name @text NOT NULL,
  id_kind @text NOT NULL,
  id_number @bytes NOT NULL,
  id_hash @bytes NOT NULL,
  id_six @bytes NOT NULL,
  mobile @bytes,
  card @bytes,
  card_bank @text,
  key_version @int NOT NULL
);
CREATE UNIQUE INDEX person_document ON person (id_hash);
CREATE INDEX person_six ON person (id_six);
CREATE INDEX person_name ON person (name);
CREATE TABLE savings (
  id @int NOT NULL PRIMARY KEY,
  person @int NOT NULL,
  state @text NOT NULL,
  employer @int NOT NULL,
  opened @day NOT NULL,
  first_month @int NOT NULL,
  taken_over_paid_to @int,
  case_id @int NOT NULL,
  CONSTRAINT savings_state CHECK (state IN ('01', '02', '03', '04', '05'))
);
-- One person, one open account (handbook 02 §1.3.1).
CREATE UNIQUE INDEX savings_one_open ON savings (person) WHERE state IN ('01', '02');
CREATE INDEX savings_employer ON savings (employer, id);
-- Dated records: the last month is inclusive, none while in force.
CREATE TABLE membership (
  savings @int NOT NULL,
  from_month @int NOT NULL,
  until_month @int,
  employer @int NOT NULL,
  change @text NOT NULL,
  case_id @int NOT NULL,
  PRIMARY KEY (savings, from_month)
);
CREATE INDEX membership_employer ON membership (employer, savings, from_month);
CREATE TABLE contribution_base (
  savings @int NOT NULL,
  from_month @int NOT NULL,
  base @money NOT NULL,
  case_id @int NOT NULL,
  PRIMARY KEY (savings, from_month)
);
CREATE TABLE seal (
  savings @int NOT NULL,
  from_month @int NOT NULL,
  until_month @int,
  reason @text NOT NULL,
  case_id @int NOT NULL,
  PRIMARY KEY (savings, from_month)
);
-- Narrow and hot: balance, the two layers and their products, forward to the end of the fund-year (design §5).
CREATE TABLE savings_balance (
  savings @int NOT NULL PRIMARY KEY,
  balance @money NOT NULL,
  carried_over @money NOT NULL,
  current_year @money NOT NULL,
  carried_product @int NOT NULL,
  current_product @int NOT NULL,
  fund_year @int NOT NULL,
  reserved @money NOT NULL,
  seq @int NOT NULL,
  CONSTRAINT savings_balance_not_negative CHECK (balance >= 0),
  CONSTRAINT savings_balance_layers CHECK (balance = carried_over + current_year),
  CONSTRAINT savings_balance_reserved CHECK (reserved >= 0 AND reserved <= balance)
);
-- Products of fund-years that have ended, until their interest is settled.
CREATE TABLE settled_product (
  savings @int NOT NULL,
  fund_year @int NOT NULL,
  carried_product @int NOT NULL,
  current_product @int NOT NULL,
  PRIMARY KEY (savings, fund_year)
);
-- Personal entries (明细): append-only, balance after each.
CREATE TABLE entry (
  savings @int NOT NULL,
  seq @int NOT NULL,
  day @day NOT NULL,
  value_day @day NOT NULL,
  kind @text NOT NULL,
  month @int,
  amount @money NOT NULL,
  balance_after @money NOT NULL,
  employer @int NOT NULL,
  list @int,
  red @flag NOT NULL,
  voucher @int NOT NULL,
  PRIMARY KEY (savings, seq)
);
-- One posting an account and document; a reversal is a second, red one.
CREATE UNIQUE INDEX entry_once ON entry (list, savings, red);
-- Remittance lists (清册).
CREATE TABLE remittance_list (
  id @int NOT NULL PRIMARY KEY,
  employer @int NOT NULL,
  month @int NOT NULL,
  kind @text NOT NULL,
  state @text NOT NULL,
  people @int NOT NULL,
  total @money NOT NULL,
  digest @text NOT NULL,
  employer_rate @int NOT NULL,
  member_rate @int NOT NULL,
  last_people @int NOT NULL,
  last_total @money NOT NULL,
  confirmed @day NOT NULL,
  expires @day NOT NULL,
  source @text,
  receipt @int,
  posted @day,
  value_day @day,
  product_days @int,
  voucher @int,
  case_id @int NOT NULL,
  posted_case @int,
  CONSTRAINT remittance_list_kind CHECK (kind IN ('1', '2')),
  CONSTRAINT remittance_list_state CHECK (state IN ('awaiting_money', 'posted', 'posting_failed', 'expired', 'voided', 'reversed')),
  CONSTRAINT remittance_list_posted CHECK ((state IN ('posted', 'reversed')) = (voucher IS NOT NULL))
);
-- One live regular list of an employer and month (handbook 02 §1.6.11).
CREATE UNIQUE INDEX remittance_list_month ON remittance_list (employer, month) WHERE kind = '1' AND state IN ('awaiting_money', 'posted', 'posting_failed');
CREATE INDEX remittance_list_awaiting ON remittance_list (employer, month) WHERE state = 'awaiting_money';
CREATE INDEX remittance_list_by_month ON remittance_list (month, employer);
CREATE TABLE list_line (
  list @int NOT NULL,
  savings @int NOT NULL,
  base @money NOT NULL,
  employer_amount @money NOT NULL,
  member_amount @money NOT NULL,
  change @text NOT NULL,
  PRIMARY KEY (list, savings)
);
-- Bank receipts (收款): remark and summary are ciphertext, people write identity numbers there.
CREATE TABLE receipt (
  id @int NOT NULL PRIMARY KEY,
  bank_account @int NOT NULL,
  host_serial @text NOT NULL,
  amount @money NOT NULL,
  day @day NOT NULL,
  payer_account @bytes,
  payer_name @text NOT NULL,
  note @bytes NOT NULL,
  state @text NOT NULL,
  employer @int,
  matched_by @text NOT NULL,
  key_version @int NOT NULL,
  case_id @int NOT NULL,
  CONSTRAINT receipt_state CHECK (state IN ('posted', 'suspense', 'unknown', 'allocated', 'returned', 'outgoing'))
);
CREATE INDEX receipt_unknown ON receipt (day) WHERE state = 'unknown';
CREATE INDEX receipt_employer ON receipt (employer, day);
CREATE INDEX receipt_day ON receipt (day, id);
-- Payments out (退款) instructed by a case; confirmed when the bank's line comes.
CREATE TABLE payment (
  id @int NOT NULL PRIMARY KEY,
  bank_account @int NOT NULL,
  amount @money NOT NULL,
  payee_name @text NOT NULL,
  day @day NOT NULL,
  state @text NOT NULL,
  voucher @int NOT NULL,
  case_id @int NOT NULL,
  CONSTRAINT payment_state CHECK (state IN ('instructed', 'confirmed', 'failed'))
);
-- Opening balances (期初), once.
CREATE TABLE opening (
  id @int NOT NULL PRIMARY KEY,
  day @day NOT NULL,
  case_id @int NOT NULL,
  CONSTRAINT opening_once CHECK (id = 1)
);
