//! What somebody may have meant who wrote a name that does not exist.

/// How many names are suggested at most.
const SUGGESTIONS: usize = 3;

/// A longer word is no slip of the pen, and would take its time.
const LONGEST: usize = 200;

/// Of the names, those that a slip of the pen makes of each other, or that hold the word; nearest first.
pub fn near<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if word.len() > LONGEST {
        return Vec::new();
    }
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (distance(word, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 6 || holds(name, word))
        .collect();
    near.sort();
    near.into_iter().take(SUGGESTIONS).map(|(_, name)| name).collect()
}

/// `; did you mean a, b or c?`, or nothing.
pub fn suggestion(near: &[&str]) -> String {
    match near {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [first @ .., last] => format!("; did you mean {} or {last}?", first.join(", ")),
    }
}

fn holds(name: &str, word: &str) -> bool {
    word.len() >= 4 && name.contains(word)
}

/// How many characters must be put in, left out or changed to make one of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in other.chars().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_near_and_another_word_is_not() {
        let names = ["cluster-admin-bound", "node-group-bound", "wildcard-rule"];
        assert_eq!(near("cluster-admin-bond", names), ["cluster-admin-bound"]);
        assert_eq!(near("wild", names), ["wildcard-rule"]);
        assert!(near("tls", names).is_empty());
    }

    #[test]
    fn an_absurdly_long_word_is_not_compared() {
        let long = "x".repeat(LONGEST + 1);
        assert!(near(&long, [long.as_str()]).is_empty());
    }

    #[test]
    fn distance_counts_what_must_be_changed() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn a_suggestion_names_them_as_a_person_would() {
        assert_eq!(suggestion(&[]), "");
        assert_eq!(suggestion(&["a", "b", "c"]), "; did you mean a, b or c?");
    }
}
