-- Guard triggers only refuse (design §5): append-only tables, closed periods.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'guard:append_only_%', TG_TABLE_NAME USING ERRCODE = 'P0001';
END $$;
CREATE TRIGGER append_only_entry BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_suspense_entry BEFORE UPDATE OR DELETE ON suspense_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_voucher BEFORE UPDATE OR DELETE ON voucher FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_posting BEFORE UPDATE OR DELETE ON posting FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_audit_record BEFORE UPDATE OR DELETE ON audit_record FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_audit_seal BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_case_step BEFORE UPDATE OR DELETE ON case_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_case_review BEFORE UPDATE OR DELETE ON case_review FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM period WHERE month = NEW.period AND closed) THEN
    RAISE EXCEPTION 'guard:voucher_in_closed_period' USING ERRCODE = 'P0001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_period_open BEFORE INSERT ON voucher FOR EACH ROW EXECUTE FUNCTION refuse_closed_period();
