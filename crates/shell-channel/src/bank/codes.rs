//! Codes of the bank settlement system (handbook 11 §1, §2; handbook 07 §2).

/// An enumeration of codes with their names.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal $term:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The code on the wire.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// Name on screens.
            pub const fn term(self) -> &'static str {
                match self { $($name::$variant => $term,)+ }
            }

            /// The one of this code.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes! {
    /// Transaction (交易码) between the centre and the hub. Transfers between centres (BDC901-909) come with their actions; the
    /// transactions between hub and banks are not the centre's.
    TxCode {
        /// Line probe.
        Probe = "SYS600" "线路探测",
        /// Sign-in.
        SignIn = "BDC001" "签到",
        /// Sign-out.
        SignOut = "BDC002" "签退",
        /// Single payment.
        Pay = "BDC101" "单笔付款",
        /// Single collection.
        Collect = "BDC102" "单笔收款",
        /// Batch payment.
        PayBatch = "BDC103" "批量付款",
        /// Batch collection.
        CollectBatch = "BDC104" "批量收款",
        /// Batch loan deduction.
        DeductLoans = "BDC105" "批量贷款扣款",
        /// Split of loan principal and interest.
        SplitLoans = "BDC106" "贷款本息分解",
        /// Query of a batch.
        QueryBatch = "BDC107" "批量结果查询",
        /// Download of a batch's result.
        DownloadBatch = "BDC108" "批量结果下载",
        /// Single transfer between fund accounts.
        Transfer = "BDC109" "单笔转账",
        /// Query of one transaction.
        QueryOne = "BDC110" "交易结果查询",
        /// Bank codes.
        BankCodes = "BDC111" "行别查询",
        /// Interbank numbers.
        InterbankNumbers = "BDC112" "联行号查询",
        /// Account detail, up to a thousand rows a time.
        AccountDetail = "BDC113" "账户明细查询",
        /// Demand to time deposit.
        PlaceDeposit = "BDC114" "活期转定期",
        /// Withdrawal of a time deposit.
        DrawDeposit = "BDC115" "定期支取",
        /// Rollover setting of a time deposit.
        RolloverDeposit = "BDC116" "定期转存设置",
        /// Demand to call deposit.
        PlaceCall = "BDC117" "活期转通知存款",
        /// Withdrawal of a call deposit.
        DrawCall = "BDC118" "通知存款支取",
        /// Call notice set.
        NoticeSet = "BDC119" "通知设定",
        /// Call notice cancelled.
        NoticeCancel = "BDC120" "通知取消",
        /// Call notice queried.
        NoticeQuery = "BDC121" "通知查询",
        /// Balance of time deposits.
        DepositBalance = "BDC122" "定期余额查询",
        /// Balance of demand accounts.
        Balance = "BDC123" "活期余额查询",
        /// Account-change notice pushed to the centre.
        AccountNotice = "SBDC100" "账户变动通知",
    }
}

codes! {
    /// Result of a transaction (交易结果).
    TxResult {
        /// Done.
        Done = "0" "成功",
        /// Failed: nothing was moved.
        Failed = "1" "失败",
        /// In process: queried until it is final, never sent again (handbook 07 §9).
        InProcess = "2" "处理中",
    }
}

codes! {
    /// Way of settlement (结算模式).
    SettleType {
        /// Same bank.
        SameBank = "1" "同行",
        /// Cross-bank, real time.
        CrossRealTime = "2" "跨行实时",
        /// Cross-bank, not real time.
        CrossDelayed = "3" "跨行非实时",
    }
}

codes! {
    /// Kind of money movement (资金业务类型, handbook 07 §2).
    BusinessType {
        /// Remittance and back payment.
        Remittance = "01" "汇补缴",
        /// Partial withdrawal.
        PartialWithdrawal = "02" "部分提取",
        /// Closing withdrawal.
        ClosingWithdrawal = "03" "销户提取",
        /// Transfer to the entrusted-loan fund account, and so disbursement.
        LoanFund = "04" "划拨委贷基金",
        /// Loan deduction.
        LoanDeduction = "05" "贷款扣款",
        /// Split of principal and interest.
        LoanSplit = "06" "本息分解",
        /// Transfer out.
        TransferOut = "07" "外部转出",
        /// Purchase of bonds.
        Bonds = "08" "购买国债",
        /// Time deposit placed.
        DepositPlaced = "09" "定期存入",
        /// Time deposit drawn.
        DepositDrawn = "10" "定期支取",
        /// Call deposit placed.
        CallPlaced = "11" "通知存款存入",
        /// Call deposit drawn.
        CallDrawn = "12" "通知存款支取",
        /// Fees.
        Fee = "13" "手续费",
        /// Settlement charges.
        Charge = "14" "结算费",
        /// Management fee.
        ManagementFee = "15" "管理费用",
        /// Risk reserve.
        Reserve = "16" "风险准备金",
        /// Transfer out of the region.
        RegionOut = "17" "跨区转出",
        /// Transfer between fund accounts.
        FundTransfer = "18" "资金划转",
        /// Public rental housing.
        PublicRental = "19" "公租房投资",
        /// Other.
        Other = "20" "其他",
    }
}
