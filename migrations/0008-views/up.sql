-- What pages look up: without these the ledger of one account, the statement of one employer and the accounts of one person read
-- whole tables (1.6 million entries at full size). A list of forty people writes two postings and one list, so bulk hardly feels them.
CREATE INDEX posting_account ON posting (account, voucher);
CREATE INDEX posting_employer ON posting (employer, voucher) WHERE employer IS NOT NULL;
CREATE INDEX remittance_list_employer ON remittance_list (employer, month);
CREATE INDEX savings_person ON savings (person);
