//! Line differences for people.

/// The lines that differ, `-` for expected and `+` for found, with two lines around them; none when the texts are equal.
pub(crate) fn lines(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let script = script(&old, &new);
    if script.iter().all(|(mark, _)| *mark == ' ') {
        return Some("  (only line ends differ)\n".to_owned());
    }
    let changed: Vec<usize> = script.iter().enumerate().filter(|(_, (mark, _))| *mark != ' ').map(|(at, _)| at).collect();
    let mut text = String::new();
    let mut last = None;
    for (at, (mark, line)) in script.iter().enumerate() {
        let next = changed.partition_point(|c| *c + 2 < at);
        if changed.get(next).is_none_or(|c| at + 2 < *c) {
            continue;
        }
        if last.is_some_and(|l: usize| l + 1 < at) {
            text.push_str("  …\n");
        }
        last = Some(at);
        text.push_str(&format!("  {mark} {line}\n"));
    }
    Some(text)
}

/// Longest texts whose middle is compared line by line; a larger one is shown as replaced whole.
const MOST_CELLS: usize = 4_000_000;

/// Each line of both texts with its mark: kept, only old, only new.
fn script<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(char, &'t str)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_old, middle_new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut script: Vec<(char, &str)> = old[..head].iter().map(|line| (' ', *line)).collect();
    middle(middle_old, middle_new, &mut script);
    script.extend(old[old.len() - tail..].iter().map(|line| (' ', *line)));
    script
}

fn middle<'t>(old: &[&'t str], new: &[&'t str], script: &mut Vec<(char, &'t str)>) {
    let width = new.len() + 1;
    if (old.len() + 1) * width > MOST_CELLS {
        script.extend(old.iter().map(|line| ('-', *line)));
        script.extend(new.iter().map(|line| ('+', *line)));
        return;
    }
    // Length of the longest common subsequence of what follows line i of the old and line j of the new text.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            script.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1] {
            script.push(('-', old[i]));
            i += 1;
        } else {
            script.push(('+', new[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn changed_lines_stand_between_two_kept_ones() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
        let new = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13\n";
        let shown = "    3\n    4\n  - 5\n  + five\n    6\n    7\n  …\n    11\n    12\n  + 13\n";
        assert_eq!(lines(old, new).as_deref(), Some(shown));
        assert_eq!(lines(old, old), None);
        assert_eq!(lines("1\n", "1").as_deref(), Some("  (only line ends differ)\n"));
    }
}
