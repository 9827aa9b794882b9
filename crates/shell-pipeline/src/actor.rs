//! Who acts (操作人): a user with roles, or the batch itself.

use area_administration::roles::{Scope, covers, role};
use core_case::ids::{EmployerId, UnitId, UserId};
use core_case::things::UserKind;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user; 0 is the batch.
    pub user: UserId,
    /// 登录名
    pub login: String,
    /// 姓名
    pub name: String,
    /// Kind.
    pub kind: UserKind,
    /// Where the user works.
    pub unit: UnitId,
    /// For an officer, the employer.
    pub employer: Option<EmployerId>,
    /// Roles with the unit they are held at.
    pub roles: Vec<(String, UnitId)>,
}

/// What batch steps do by themselves, and what the machine reads for its operator; everything else needs a person.
const BATCH: &[&str] = &["collection.receipt.record", "collection.remittance.expire", "view.business"];

impl Actor {
    /// The batch: day-end steps and the bank's notices.
    pub fn batch() -> Actor {
        Actor {
            user: UserId(0),
            login: "batch".into(),
            name: "日终".into(),
            kind: UserKind::Business,
            unit: UnitId(1),
            employer: None,
            roles: Vec::new(),
        }
    }

    /// Whether this is the batch.
    pub fn is_batch(&self) -> bool {
        self.user.0 == 0
    }

    /// Whether this is the machine of a bank, which only brings notices.
    pub fn is_bank(&self) -> bool {
        self.roles.iter().any(|(code, _)| code == "bank_channel")
    }

    /// The widest scope in which the actor may do something; none if not at all.
    pub fn may(&self, permission: &str) -> Option<Scope> {
        if self.is_batch() {
            return BATCH.contains(&permission).then_some(Scope::Centre);
        }
        self.roles
            .iter()
            .filter_map(|(code, _)| role(code))
            .filter(|role| role.kind == self.kind)
            .flat_map(|role| role.permissions)
            .filter(|(held, _)| covers(held, permission))
            .map(|(_, scope)| *scope)
            .max()
    }

    /// Whether the actor holds a role at a unit; a role held at the centre counts everywhere.
    pub fn holds(&self, code: &str, at: UnitId) -> bool {
        let everywhere = role(code).is_some_and(|r| r.permissions.iter().any(|(p, scope)| *p == "review" && *scope == Scope::Centre));
        self.roles.iter().any(|(held, unit)| held == code && (everywhere || *unit == at || unit.0 == 1))
    }
}
