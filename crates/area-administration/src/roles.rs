//! Roles (角色) as shipped: permission = action × organisational scope. A role belongs to one kind of user, so that the three
//! administrators hold no business right and exclude one another (handbook 12 §1 point 10).

use core_case::things::UserKind;

/// Where a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The officer's own employer.
    Own,
    /// The user's branch.
    Branch,
    /// The whole centre.
    Centre,
}

impl Scope {
    /// Key as stored.
    pub const fn key(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Branch => "branch",
            Scope::Centre => "centre",
        }
    }
}

/// A role with its permissions. A permission is an action's name, `area.*` for all of an area, `operation.…` to run the centre, `review` to approve cases
/// whose flow names the role, or `view.…` for a page.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    /// Code, as in review flows.
    pub code: &'static str,
    /// 名称
    pub name: &'static str,
    /// The only kind of user who may hold it.
    pub kind: UserKind,
    /// Permissions with their scope.
    pub permissions: &'static [(&'static str, Scope)],
}

/// All roles.
pub const ROLES: &[Role] = &[
    Role {
        code: "clerk",
        name: "经办",
        kind: UserKind::Business,
        permissions: &[
            ("collection.employer.open", Scope::Branch),
            ("collection.employer.import", Scope::Branch),
            ("collection.member.*", Scope::Branch),
            ("collection.base.adjust", Scope::Branch),
            ("collection.rate.change", Scope::Branch),
            ("collection.remittance.confirm", Scope::Branch),
            ("collection.remittance.void", Scope::Branch),
            ("collection.remittance.reverse", Scope::Branch),
            ("collection.receipt.*", Scope::Centre),
            ("collection.suspense.*", Scope::Branch),
            ("collection.opening.import", Scope::Centre),
            ("view.business", Scope::Centre),
            ("unmask", Scope::Branch),
        ],
    },
    Role {
        code: "reviewer",
        name: "复核",
        kind: UserKind::Business,
        permissions: &[("review", Scope::Branch), ("view.business", Scope::Centre), ("unmask", Scope::Branch)],
    },
    Role {
        code: "approver",
        name: "审批",
        kind: UserKind::Business,
        permissions: &[("review", Scope::Centre), ("view.business", Scope::Centre), ("unmask", Scope::Centre)],
    },
    Role {
        code: "accountant",
        name: "会计",
        kind: UserKind::Business,
        permissions: &[("accounting.*", Scope::Centre), ("operation.day-end", Scope::Centre), ("view.business", Scope::Centre)],
    },
    Role {
        code: "chief_accountant",
        name: "会计主管",
        kind: UserKind::Business,
        permissions: &[("review", Scope::Centre), ("operation.day-end", Scope::Centre), ("view.business", Scope::Centre)],
    },
    Role {
        code: "poster",
        name: "记账",
        kind: UserKind::Business,
        permissions: &[("review", Scope::Centre), ("view.business", Scope::Centre)],
    },
    Role {
        code: "policy_keeper",
        name: "政策管理",
        kind: UserKind::Business,
        permissions: &[("administration.policy.value", Scope::Centre), ("review", Scope::Centre), ("view.business", Scope::Centre)],
    },
    Role {
        code: "director",
        name: "主任",
        kind: UserKind::Business,
        permissions: &[("review", Scope::Centre), ("view.business", Scope::Centre)],
    },
    Role {
        code: "bank_channel", name: "银行通道", kind: UserKind::Business, permissions: &[("collection.receipt.record", Scope::Centre)]
    },
    Role {
        code: "officer",
        name: "单位专办员",
        kind: UserKind::Officer,
        permissions: &[
            ("collection.remittance.confirm", Scope::Own),
            ("collection.member.*", Scope::Own),
            ("collection.base.adjust", Scope::Own),
            ("view.own", Scope::Own),
        ],
    },
    Role {
        code: "system_administrator",
        name: "系统管理员",
        kind: UserKind::System,
        permissions: &[
            ("administration.user.open", Scope::Centre),
            ("administration.user.state", Scope::Centre),
            ("operation.day-end", Scope::Centre),
            ("view.system", Scope::Centre),
        ],
    },
    Role {
        code: "security_administrator",
        name: "安全管理员",
        kind: UserKind::Security,
        permissions: &[("administration.user.roles", Scope::Centre), ("review", Scope::Centre), ("view.security", Scope::Centre)],
    },
    Role { code: "audit_administrator", name: "审计管理员", kind: UserKind::Audit, permissions: &[("view.audit", Scope::Centre)] },
];

/// The role with this code.
pub fn role(code: &str) -> Option<&'static Role> {
    ROLES.iter().find(|r| r.code == code)
}

/// Whether a permission as written in a role covers an action or page.
pub fn covers(permission: &str, wanted: &str) -> bool {
    match permission.strip_suffix('*') {
        Some(prefix) => wanted.starts_with(prefix),
        None => permission == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_hold_no_business_right_and_codes_are_unique() {
        for (i, r) in ROLES.iter().enumerate() {
            assert!(ROLES[i + 1..].iter().all(|o| o.code != r.code), "{}", r.code);
            if matches!(r.kind, UserKind::System | UserKind::Security | UserKind::Audit) {
                let business =
                    r.permissions.iter().any(|(p, _)| p.starts_with("collection") || p.starts_with("accounting") || *p == "unmask");
                assert!(!business, "{} holds a business right", r.code);
            }
        }
        assert!(covers("collection.member.*", "collection.member.open") && !covers("collection.member.*", "collection.memberx"));
    }
}
