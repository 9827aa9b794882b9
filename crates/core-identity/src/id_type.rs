//! Kinds of identity documents (证件类型, JGJ/T 320 appendix A.1).

/// Kind of identity document (证件类型), list A.1 (handbook 10 §7). Another list in production writes "other" as 05; ours is 99, and
/// the edge that speaks the other list translates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdType {
    /// Identity card (身份证), 01.
    Citizen,
    /// Officer's card (军官证), 02.
    Officer,
    /// Passport (护照), 03.
    Passport,
    /// Foreigner's permanent residence card (外国人永久居留证), 04.
    PermanentResident,
    /// Other (其他), 99.
    Other,
}

impl IdType {
    /// All, in the order of the list.
    pub const ALL: [IdType; 5] = [IdType::Citizen, IdType::Officer, IdType::Passport, IdType::PermanentResident, IdType::Other];

    /// The kind of this code.
    pub fn from_code(code: &str) -> Option<IdType> {
        IdType::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Code of the list: 01.
    pub const fn code(self) -> &'static str {
        match self {
            IdType::Citizen => "01",
            IdType::Officer => "02",
            IdType::Passport => "03",
            IdType::PermanentResident => "04",
            IdType::Other => "99",
        }
    }

    /// Name of the list: 身份证.
    pub const fn term(self) -> &'static str {
        match self {
            IdType::Citizen => "身份证",
            IdType::Officer => "军官证",
            IdType::Passport => "护照",
            IdType::PermanentResident => "外国人永久居留证",
            IdType::Other => "其他",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::IdType;

    #[test]
    fn codes_lead_back_to_their_kinds() {
        for kind in IdType::ALL {
            assert_eq!(IdType::from_code(kind.code()), Some(kind));
        }
        assert_eq!(IdType::from_code("05"), None);
    }
}
