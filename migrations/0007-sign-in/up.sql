-- Failed sign-ins (登录失败) by name typed and address, until they lock an account or an address (handbook 17 §13).
-- The name is a keyed hash: people type passwords into the wrong field. Times are seconds since 1970 (UTC).
CREATE TABLE sign_in_failure (
  login @bytes NOT NULL,
  address @text NOT NULL,
  failures @int NOT NULL,
  at @int NOT NULL,
  PRIMARY KEY (login, address)
);
CREATE INDEX sign_in_failure_address ON sign_in_failure (address, at);
-- Locks (锁定): `login:` with the keyed hash, or `address:`; one lasts its whole time whatever is counted meanwhile.
CREATE TABLE sign_in_lock (
  subject @text NOT NULL PRIMARY KEY,
  until @int NOT NULL
);
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_open ON session (user_id) WHERE ended IS NULL;
