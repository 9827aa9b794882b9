//! Who is writing (在办登记): a day's sums are drawn only once everybody is through who may still post on it.
//!
//! The next business day opens before the old one closes, so counters never stop; but a command that was read on the old day may
//! commit after the next one has opened. Each writer is counted under the day it found, and the day-end waits for those of the old
//! day and before. One process writes for a centre (docs/decisions.md 7), so counting in memory is enough.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use core_calendar::Day;
use tokio::sync::Notify;

/// Writers by the day they found.
#[derive(Debug, Default)]
pub(crate) struct Writing {
    days: Mutex<BTreeMap<Day, usize>>,
    left: Notify,
}

/// A writer, counted until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    writing: Arc<Writing>,
    day: Day,
}

impl Writing {
    /// Counts a writer.
    pub(crate) fn hold(writing: &Arc<Writing>, day: Day) -> Held {
        *writing.days().entry(day).or_default() += 1;
        Held { writing: writing.clone(), day }
    }

    /// Ready when nobody is left of a day or of one before.
    pub(crate) async fn over(&self, day: Day) {
        loop {
            // Listened for before it is looked, so that nobody leaves unheard between the two.
            let left = self.left.notified();
            tokio::pin!(left);
            left.as_mut().enable();
            if self.days().first_key_value().is_none_or(|(first, _)| *first > day) {
                return;
            }
            left.await;
        }
    }

    fn days(&self) -> MutexGuard<'_, BTreeMap<Day, usize>> {
        self.days.lock().unwrap_or_else(|p| p.into_inner())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut days = self.writing.days();
        if let Some(count) = days.get_mut(&self.day) {
            *count -= 1;
            if *count == 0 {
                days.remove(&self.day);
            }
        }
        drop(days);
        self.writing.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_day_is_over_when_its_writers_have_left_and_later_ones_do_not_count() {
        let (old, new) = (Day::from_number(20_000), Day::from_number(20_001));
        let writing = Arc::new(Writing::default());
        writing.over(old).await;
        let (one, two) = (Writing::hold(&writing, old), Writing::hold(&writing, old));
        let _later = Writing::hold(&writing, new);
        let waiting = tokio::spawn({
            let writing = writing.clone();
            async move { writing.over(old).await }
        });
        drop(one);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(two);
        waiting.await.unwrap();
    }
}
