-- Users, roles and sessions. The kind of a user stands in every role row, so the database itself keeps the three
-- administrators apart from business and from one another (handbook 12 §1 point 10).
CREATE TABLE app_user (
  id @int NOT NULL PRIMARY KEY,
  login @text NOT NULL,
  name @text NOT NULL,
  kind @text NOT NULL,
  unit @int NOT NULL,
  employer @int,
  enabled @flag NOT NULL,
  password @text,
  password_day @day,
  must_change @flag NOT NULL,
  failures @int NOT NULL,
  locked_until @int,
  totp @bytes,
  totp_step @int NOT NULL,
  last_seen_day @day,
  case_id @int,
  CONSTRAINT app_user_kind CHECK (kind IN ('business', 'officer', 'system', 'security', 'audit')),
  CONSTRAINT app_user_officer CHECK ((kind = 'officer') = (employer IS NOT NULL))
);
CREATE UNIQUE INDEX app_user_login ON app_user (login);
CREATE UNIQUE INDEX app_user_id_kind ON app_user (id, kind);
CREATE TABLE role (
  code @text NOT NULL PRIMARY KEY,
  name @text NOT NULL,
  kind @text NOT NULL,
  CONSTRAINT role_kind_known CHECK (kind IN ('business', 'officer', 'system', 'security', 'audit'))
);
CREATE UNIQUE INDEX role_code_kind ON role (code, kind);
-- Permission = action × organisational scope.
CREATE TABLE role_permission (
  role @text NOT NULL,
  action @text NOT NULL,
  scope @text NOT NULL,
  PRIMARY KEY (role, action),
  CONSTRAINT role_permission_scope CHECK (scope IN ('own', 'branch', 'centre'))
);
CREATE TABLE user_role (
  user_id @int NOT NULL,
  user_kind @text NOT NULL,
  role @text NOT NULL,
  role_kind @text NOT NULL,
  unit @int NOT NULL,
  case_id @int,
  PRIMARY KEY (user_id, role, unit),
  CONSTRAINT user_role_same_kind CHECK (user_kind = role_kind),
  CONSTRAINT user_role_user FOREIGN KEY (user_id, user_kind) REFERENCES app_user (id, kind),
  CONSTRAINT user_role_role FOREIGN KEY (role, role_kind) REFERENCES role (code, kind)
);
CREATE TABLE password_history (
  user_id @int NOT NULL,
  seq @int NOT NULL,
  password @text NOT NULL,
  PRIMARY KEY (user_id, seq)
);
-- Sessions (会话) by hash of the token; times are seconds since 1970 (UTC).
CREATE TABLE session (
  token @bytes NOT NULL PRIMARY KEY,
  id @int NOT NULL,
  user_id @int NOT NULL,
  opened @int NOT NULL,
  seen @int NOT NULL,
  ends @int NOT NULL,
  address @text NOT NULL,
  agent @text NOT NULL,
  ended @int,
  ended_by @text
);
CREATE INDEX session_by_user ON session (user_id);
-- Tokens of machines (接口令牌) by hash.
CREATE TABLE api_token (
  token @bytes NOT NULL PRIMARY KEY,
  user_id @int NOT NULL,
  name @text NOT NULL,
  ends @int NOT NULL,
  revoked @flag NOT NULL
);
