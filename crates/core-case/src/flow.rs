//! Review flows (复核流程) as dated policy: how many persons after the one who enters (handbook 17 §7).

use core_case_derive::Choice;
use serde::{Deserialize, Serialize};

/// Channel (渠道) by which a command came; codes as in practice B (handbook 10 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Choice)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A clerk at the counter, on page or command line.
    #[choice("00", "柜台")]
    Counter,
    /// The employer's officer in the online hall.
    #[choice("40", "网厅")]
    Hall,
    /// A bank's notice.
    #[choice("bank", "银行")]
    Bank,
    /// A batch step of the day-end.
    #[choice("bb", "日终")]
    Batch,
}

/// Which families of review flows an action takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flows {
    /// The same by every channel.
    Same(&'static str),
    /// One at the counter, another for the employer's own officer, who is the second party (handbook 02 §1.11.8).
    ByChannel {
        /// At the counter.
        counter: &'static str,
        /// By the officer in the online hall.
        hall: &'static str,
    },
}

impl Flows {
    /// The family for a channel.
    pub const fn family(self, channel: Channel) -> &'static str {
        match (self, channel) {
            (Flows::Same(family), _)
            | (Flows::ByChannel { hall: family, .. }, Channel::Hall)
            | (Flows::ByChannel { counter: family, .. }, _) => family,
        }
    }
    /// Every family it may take.
    pub fn all(self) -> Vec<&'static str> {
        match self {
            Flows::Same(family) => vec![family],
            Flows::ByChannel { counter, hall } => vec![counter, hall],
        }
    }
}

/// The flow of one case: the roles whose holders must approve, in order. Empty: it is carried out at once.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Flow {
    /// One role a level, lowest first.
    pub levels: Vec<String>,
}

impl Flow {
    /// Persons needed after the one who enters.
    pub fn persons(&self) -> usize {
        self.levels.len()
    }
}
