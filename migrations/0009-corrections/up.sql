-- What a case said before its maker corrected it (更正前的申请): a returned case keeps every form that somebody has reviewed. `seq` is the
-- step that replaced it; the form is ciphertext.
CREATE TABLE case_former (
  case_id @int NOT NULL,
  seq @int NOT NULL,
  version @int NOT NULL,
  summary @text NOT NULL,
  amount @money,
  form @bytes NOT NULL,
  effects @text NOT NULL,
  digest @text,
  PRIMARY KEY (case_id, seq)
);
-- Which material of the action's list (材料清单) a file is; empty where it is another one.
ALTER TABLE attachment ADD COLUMN material @text NOT NULL DEFAULT '';
