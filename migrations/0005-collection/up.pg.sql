ALTER TABLE savings_balance SET (fillfactor = 45);
ALTER TABLE employer_money SET (fillfactor = 45);
ALTER TABLE guard SET (fillfactor = 60);
