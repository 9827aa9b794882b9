//! Codes of the bank settlement system (handbook 11 §1, §2; handbook 07 §2).

use core_case::Choice;

/// Transaction (交易码) between the centre and the hub. Transfers between centres (BDC901-909) come with their actions; the
/// transactions between hub and banks are not the centre's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum TxCode {
    /// Line probe.
    #[choice("SYS600", "线路探测")]
    Probe,
    /// Sign-in.
    #[choice("BDC001", "签到")]
    SignIn,
    /// Sign-out.
    #[choice("BDC002", "签退")]
    SignOut,
    /// Single payment.
    #[choice("BDC101", "单笔付款")]
    Pay,
    /// Single collection.
    #[choice("BDC102", "单笔收款")]
    Collect,
    /// Batch payment.
    #[choice("BDC103", "批量付款")]
    PayBatch,
    /// Batch collection.
    #[choice("BDC104", "批量收款")]
    CollectBatch,
    /// Batch loan deduction.
    #[choice("BDC105", "批量贷款扣款")]
    DeductLoans,
    /// Split of loan principal and interest.
    #[choice("BDC106", "贷款本息分解")]
    SplitLoans,
    /// Query of a batch.
    #[choice("BDC107", "批量结果查询")]
    QueryBatch,
    /// Download of a batch's result.
    #[choice("BDC108", "批量结果下载")]
    DownloadBatch,
    /// Single transfer between fund accounts.
    #[choice("BDC109", "单笔转账")]
    Transfer,
    /// Query of one transaction.
    #[choice("BDC110", "交易结果查询")]
    QueryOne,
    /// Bank codes.
    #[choice("BDC111", "行别查询")]
    BankCodes,
    /// Interbank numbers.
    #[choice("BDC112", "联行号查询")]
    InterbankNumbers,
    /// Account detail, up to a thousand rows a time.
    #[choice("BDC113", "账户明细查询")]
    AccountDetail,
    /// Demand to time deposit.
    #[choice("BDC114", "活期转定期")]
    PlaceDeposit,
    /// Withdrawal of a time deposit.
    #[choice("BDC115", "定期支取")]
    DrawDeposit,
    /// Rollover setting of a time deposit.
    #[choice("BDC116", "定期转存设置")]
    RolloverDeposit,
    /// Demand to call deposit.
    #[choice("BDC117", "活期转通知存款")]
    PlaceCall,
    /// Withdrawal of a call deposit.
    #[choice("BDC118", "通知存款支取")]
    DrawCall,
    /// Call notice set.
    #[choice("BDC119", "通知设定")]
    NoticeSet,
    /// Call notice cancelled.
    #[choice("BDC120", "通知取消")]
    NoticeCancel,
    /// Call notice queried.
    #[choice("BDC121", "通知查询")]
    NoticeQuery,
    /// Balance of time deposits.
    #[choice("BDC122", "定期余额查询")]
    DepositBalance,
    /// Balance of demand accounts.
    #[choice("BDC123", "活期余额查询")]
    Balance,
    /// Account-change notice pushed to the centre.
    #[choice("SBDC100", "账户变动通知")]
    AccountNotice,
}

/// Result of a transaction (交易结果).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum TxResult {
    /// Done.
    #[choice("0", "成功")]
    Done,
    /// Failed: nothing was moved.
    #[choice("1", "失败")]
    Failed,
    /// In process: queried until it is final, never sent again (handbook 07 §9).
    #[choice("2", "处理中")]
    InProcess,
}

/// Way of settlement (结算模式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum SettleType {
    /// Same bank.
    #[choice("1", "同行")]
    SameBank,
    /// Cross-bank, real time.
    #[choice("2", "跨行实时")]
    CrossRealTime,
    /// Cross-bank, not real time.
    #[choice("3", "跨行非实时")]
    CrossDelayed,
}

/// Kind of money movement (资金业务类型, handbook 07 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum BusinessType {
    /// Remittance and back payment.
    #[choice("01", "汇补缴")]
    Remittance,
    /// Partial withdrawal.
    #[choice("02", "部分提取")]
    PartialWithdrawal,
    /// Closing withdrawal.
    #[choice("03", "销户提取")]
    ClosingWithdrawal,
    /// Transfer to the entrusted-loan fund account, and so disbursement.
    #[choice("04", "划拨委贷基金")]
    LoanFund,
    /// Loan deduction.
    #[choice("05", "贷款扣款")]
    LoanDeduction,
    /// Split of principal and interest.
    #[choice("06", "本息分解")]
    LoanSplit,
    /// Transfer out.
    #[choice("07", "外部转出")]
    TransferOut,
    /// Purchase of bonds.
    #[choice("08", "购买国债")]
    Bonds,
    /// Time deposit placed.
    #[choice("09", "定期存入")]
    DepositPlaced,
    /// Time deposit drawn.
    #[choice("10", "定期支取")]
    DepositDrawn,
    /// Call deposit placed.
    #[choice("11", "通知存款存入")]
    CallPlaced,
    /// Call deposit drawn.
    #[choice("12", "通知存款支取")]
    CallDrawn,
    /// Fees.
    #[choice("13", "手续费")]
    Fee,
    /// Settlement charges.
    #[choice("14", "结算费")]
    Charge,
    /// Management fee.
    #[choice("15", "管理费用")]
    ManagementFee,
    /// Risk reserve.
    #[choice("16", "风险准备金")]
    Reserve,
    /// Transfer out of the region.
    #[choice("17", "跨区转出")]
    RegionOut,
    /// Transfer between fund accounts.
    #[choice("18", "资金划转")]
    FundTransfer,
    /// Public rental housing.
    #[choice("19", "公租房投资")]
    PublicRental,
    /// Other.
    #[choice("20", "其他")]
    Other,
}
