-- What pages look up: without these the ledger of an account, the statement of an employer, what became of a receipt and the accounts of
-- a person read whole tables (1.6 million entries at full size). A list of forty people writes two postings and one list: bulk hardly feels it.
CREATE INDEX posting_account ON posting (account, voucher);
CREATE INDEX posting_employer ON posting (employer, voucher) WHERE employer IS NOT NULL;
CREATE INDEX remittance_list_employer ON remittance_list (employer, month);
CREATE INDEX savings_person ON savings (person);
CREATE INDEX suspense_receipt ON suspense_entry (receipt) WHERE receipt IS NOT NULL;
