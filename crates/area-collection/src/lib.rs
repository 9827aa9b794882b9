//! Collection (归集): employers, members, bases, remittance lists, receipts, allocation, reversal.
