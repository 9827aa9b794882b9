-- The centre (管理中心), its units, business days, number counters, guard versions and unique claims.
CREATE TABLE centre (
  code @text NOT NULL PRIMARY KEY,
  name @text NOT NULL,
  division @text NOT NULL,
  opened @day NOT NULL,
  demonstration @flag NOT NULL
);
-- Sections (科室) and branches (管理部); rows come from init only.
CREATE TABLE unit (
  id @int NOT NULL PRIMARY KEY,
  kind @text NOT NULL,
  name @text NOT NULL,
  division @text NOT NULL,
  CONSTRAINT unit_kind CHECK (kind IN ('centre', 'section', 'branch'))
);
-- Business days (营业日): the next one opens before the old one closes.
CREATE TABLE business_day (
  day @day NOT NULL PRIMARY KEY,
  state @text NOT NULL,
  CONSTRAINT business_day_state CHECK (state IN ('open', 'closing', 'closed'))
);
-- Versions that protect questions (design §2, guards).
CREATE TABLE guard (
  key @text NOT NULL PRIMARY KEY,
  version @int NOT NULL
);
-- Unique keys of registers, held by things or by applications in flight; personal keys only as keyed hash.
CREATE TABLE claim (
  register @text NOT NULL,
  key_hash @bytes NOT NULL,
  holder @text NOT NULL,
  words @text NOT NULL,
  case_id @int NOT NULL,
  in_flight @flag NOT NULL,
  PRIMARY KEY (register, key_hash)
);
CREATE INDEX claim_case ON claim (case_id);
-- Run ledger (批处理台账): business day, step, chunk; a killed run resumes where it stands.
CREATE TABLE run_chunk (
  day @day NOT NULL,
  step @text NOT NULL,
  chunk @int NOT NULL,
  documents @int NOT NULL,
  detail @text NOT NULL,
  PRIMARY KEY (day, step, chunk)
);
-- Values of the centre's own policy (参数), entered by one person and confirmed by another.
CREATE TABLE policy_override (
  id @int NOT NULL PRIMARY KEY,
  family @text NOT NULL,
  from_day @day NOT NULL,
  value @text NOT NULL,
  instrument @text NOT NULL,
  case_id @int NOT NULL
);
