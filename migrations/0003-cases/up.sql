-- Cases (业务): commands on their way through the pipeline. The form is ciphertext.
CREATE TABLE business_case (
  id @int NOT NULL PRIMARY KEY,
  action @text NOT NULL,
  version @int NOT NULL,
  state @text NOT NULL,
  channel @text NOT NULL,
  accepted @day NOT NULL,
  promised @day,
  maker @int NOT NULL,
  branch @int NOT NULL,
  summary @text NOT NULL,
  amount @money,
  form @bytes NOT NULL,
  effects @text NOT NULL,
  effect_count @int NOT NULL,
  digest @text,
  flow @text NOT NULL,
  level @int NOT NULL,
  policy @text NOT NULL,
  reasons @bytes,
  refusals @text,
  done_day @day,
  CONSTRAINT business_case_state CHECK (state IN ('waiting', 'returned', 'done', 'refused', 'rejected', 'withdrawn', 'expired', 'failed', 'voided'))
);
CREATE UNIQUE INDEX business_case_id_maker ON business_case (id, maker);
CREATE INDEX business_case_open ON business_case (state, branch) WHERE state IN ('waiting', 'returned', 'failed');
CREATE INDEX business_case_maker ON business_case (maker, accepted);
CREATE INDEX business_case_accepted ON business_case (accepted, id);
-- Rules that held, shared by cases with the same ones.
CREATE TABLE reason_set (
  hash @bytes NOT NULL PRIMARY KEY,
  reasons @text NOT NULL
);
-- Steps: entered, approved, returned, rejected, withdrawn, committed … with the digest seen. Times are seconds since 1970.
CREATE TABLE case_step (
  case_id @int NOT NULL,
  seq @int NOT NULL,
  kind @text NOT NULL,
  by_user @int NOT NULL,
  at @int NOT NULL,
  day @day NOT NULL,
  digest @text,
  note @text NOT NULL,
  PRIMARY KEY (case_id, seq)
);
-- Reviews: maker is never reviewer, reviewers of one case differ (handbook 12 §1 point 14), held by the database.
CREATE TABLE case_review (
  case_id @int NOT NULL,
  round @int NOT NULL,
  level @int NOT NULL,
  maker @int NOT NULL,
  reviewer @int NOT NULL,
  digest @text NOT NULL,
  PRIMARY KEY (case_id, round, level),
  CONSTRAINT case_review_not_maker CHECK (maker <> reviewer),
  CONSTRAINT case_review_of_maker FOREIGN KEY (case_id, maker) REFERENCES business_case (id, maker)
);
CREATE UNIQUE INDEX case_review_once ON case_review (case_id, round, reviewer);
-- What cases in flight concern; rows go when the case ends.
CREATE TABLE case_concern (
  case_id @int NOT NULL,
  subject @text NOT NULL,
  container @text NOT NULL,
  class @text NOT NULL,
  PRIMARY KEY (case_id, subject, class)
);
CREATE INDEX case_concern_subject ON case_concern (subject);
CREATE INDEX case_concern_container ON case_concern (container);
-- One command, one effect: the key a client chose, the digest of what it sent, the case that answered.
CREATE TABLE idempotency (
  key @text NOT NULL PRIMARY KEY,
  command @bytes NOT NULL,
  case_id @int NOT NULL
);
-- Attachments (附件); the content lies in files named by hash, outside any web root.
CREATE TABLE attachment (
  id @int NOT NULL PRIMARY KEY,
  case_id @int NOT NULL,
  name @text NOT NULL,
  media @text NOT NULL,
  size @int NOT NULL,
  hash @text NOT NULL,
  by_user @int NOT NULL,
  at @int NOT NULL
);
CREATE INDEX attachment_case ON attachment (case_id);
-- Audit (审计记录): one record an action, in its transaction, with a keyed MAC over the canonical content.
CREATE TABLE audit_record (
  id @int NOT NULL PRIMARY KEY,
  at @int NOT NULL,
  day @day NOT NULL,
  actor @int NOT NULL,
  address @text NOT NULL,
  kind @text NOT NULL,
  object @text NOT NULL,
  detail @text NOT NULL,
  result @text NOT NULL,
  request @text NOT NULL,
  effects @text NOT NULL,
  mac @bytes NOT NULL
);
CREATE INDEX audit_record_day ON audit_record (day, id);
CREATE INDEX audit_record_object ON audit_record (object);
-- Seals (封签) over audit records: a root over their macs, chained.
CREATE TABLE audit_seal (
  id @int NOT NULL PRIMARY KEY,
  first_record @int NOT NULL,
  last_record @int NOT NULL,
  records @int NOT NULL,
  root @bytes NOT NULL,
  previous @bytes NOT NULL,
  marks @bytes NOT NULL,
  seal @bytes NOT NULL,
  day @day NOT NULL
);
-- After commit: messages, documents, reports; bodies are ciphertext.
CREATE TABLE outbox (
  id @int NOT NULL PRIMARY KEY,
  case_id @int NOT NULL,
  kind @text NOT NULL,
  subject @text NOT NULL,
  state @text NOT NULL,
  day @day NOT NULL,
  CONSTRAINT outbox_state CHECK (state IN ('waiting', 'sent', 'failed', 'dropped'))
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';
-- Printed documents (单据) with their verification code and print count.
CREATE TABLE document (
  code @text NOT NULL PRIMARY KEY,
  kind @text NOT NULL,
  subject @text NOT NULL,
  case_id @int NOT NULL,
  copies @int NOT NULL
);
CREATE UNIQUE INDEX document_subject ON document (subject, kind);
