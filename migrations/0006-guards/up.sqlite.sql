-- Guard triggers only refuse (design §5): append-only tables, closed periods.
CREATE TRIGGER append_only_entry_u BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'guard:append_only_entry'); END;
CREATE TRIGGER append_only_entry_d BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'guard:append_only_entry'); END;
CREATE TRIGGER append_only_suspense_entry_u BEFORE UPDATE ON suspense_entry BEGIN SELECT RAISE(ABORT, 'guard:append_only_suspense_entry'); END;
CREATE TRIGGER append_only_suspense_entry_d BEFORE DELETE ON suspense_entry BEGIN SELECT RAISE(ABORT, 'guard:append_only_suspense_entry'); END;
CREATE TRIGGER append_only_voucher_u BEFORE UPDATE ON voucher BEGIN SELECT RAISE(ABORT, 'guard:append_only_voucher'); END;
CREATE TRIGGER append_only_voucher_d BEFORE DELETE ON voucher BEGIN SELECT RAISE(ABORT, 'guard:append_only_voucher'); END;
CREATE TRIGGER append_only_posting_u BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'guard:append_only_posting'); END;
CREATE TRIGGER append_only_posting_d BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'guard:append_only_posting'); END;
CREATE TRIGGER append_only_audit_record_u BEFORE UPDATE ON audit_record BEGIN SELECT RAISE(ABORT, 'guard:append_only_audit_record'); END;
CREATE TRIGGER append_only_audit_record_d BEFORE DELETE ON audit_record BEGIN SELECT RAISE(ABORT, 'guard:append_only_audit_record'); END;
CREATE TRIGGER append_only_audit_seal_u BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, 'guard:append_only_audit_seal'); END;
CREATE TRIGGER append_only_audit_seal_d BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, 'guard:append_only_audit_seal'); END;
CREATE TRIGGER append_only_case_step_u BEFORE UPDATE ON case_step BEGIN SELECT RAISE(ABORT, 'guard:append_only_case_step'); END;
CREATE TRIGGER append_only_case_step_d BEFORE DELETE ON case_step BEGIN SELECT RAISE(ABORT, 'guard:append_only_case_step'); END;
CREATE TRIGGER append_only_case_review_u BEFORE UPDATE ON case_review BEGIN SELECT RAISE(ABORT, 'guard:append_only_case_review'); END;
CREATE TRIGGER append_only_case_review_d BEFORE DELETE ON case_review BEGIN SELECT RAISE(ABORT, 'guard:append_only_case_review'); END;
CREATE TRIGGER voucher_period_open BEFORE INSERT ON voucher WHEN EXISTS (SELECT 1 FROM period WHERE month = NEW.period AND closed)
BEGIN SELECT RAISE(ABORT, 'guard:voucher_in_closed_period'); END;
