-- Vouchers (凭证) and postings (分录): append-only; ledger balances are rolled up by day.
CREATE TABLE bank_account (
  id @int NOT NULL PRIMARY KEY,
  number @text NOT NULL,
  bank @text NOT NULL,
  name @text NOT NULL,
  leaf @int NOT NULL
);
CREATE UNIQUE INDEX bank_account_number ON bank_account (number);
CREATE UNIQUE INDEX bank_account_leaf ON bank_account (leaf);
CREATE TABLE period (
  month @int NOT NULL PRIMARY KEY,
  closed @flag NOT NULL
);
CREATE TABLE voucher (
  id @int NOT NULL PRIMARY KEY,
  day @day NOT NULL,
  period @int NOT NULL,
  entry @text NOT NULL,
  term @text NOT NULL,
  kind @text NOT NULL,
  total @money NOT NULL,
  reverses @int,
  case_id @int NOT NULL,
  audit @int NOT NULL,
  CONSTRAINT voucher_kind CHECK (kind IN ('blue', 'red')),
  CONSTRAINT voucher_red_names CHECK ((kind = 'red') = (reverses IS NOT NULL))
);
CREATE INDEX voucher_day ON voucher (day, id);
CREATE INDEX voucher_case ON voucher (case_id);
CREATE UNIQUE INDEX voucher_reversed_once ON voucher (reverses) WHERE reverses IS NOT NULL;
CREATE TABLE posting (
  voucher @int NOT NULL,
  line @int NOT NULL,
  account @int NOT NULL,
  side @text NOT NULL,
  amount @money NOT NULL,
  employer @int,
  receipt @int,
  PRIMARY KEY (voucher, line),
  CONSTRAINT posting_side CHECK (side IN ('D', 'C'))
);
-- Sums of a closed day by account: what trial balances of past days read.
CREATE TABLE ledger_day (
  account @int NOT NULL,
  day @day NOT NULL,
  debit @money NOT NULL,
  credit @money NOT NULL,
  PRIMARY KEY (account, day)
);
