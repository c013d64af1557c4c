//! What moved the score: the largest moves between two points of the history, each told in words.

use chrono::{DateTime, Utc};
use shared::overview::Flag;
use shared::page::AsOf;
use shared::trends::Point;
use sqlx::PgPool;

use crate::store::StoreError;
use crate::store::viewer::Viewer;

/// The most moves that get a flag.
const MAX_FLAGS: usize = 5;
/// What moves the score by less gets none.
const LEAST_MOVE: f32 = 0.5;

/// The flags, oldest first.
pub(super) async fn of(db: &PgPool, viewer: &Viewer, as_of: &AsOf, history: &[Point]) -> Result<Vec<Flag>, StoreError> {
    let mut flags = Vec::new();
    for (from, to, score) in moves(history) {
        flags.push(Flag {
            at: to.at,
            score,
            title: title(db, viewer, as_of, from, to, score).await?,
        });
    }
    Ok(flags)
}

/// The largest moves, oldest first.
fn moves(history: &[Point]) -> Vec<(&Point, &Point, f32)> {
    let pairs = history.windows(2).filter_map(|pair| match pair {
        [from, to] => Some((from, to, to.score? - from.score?)),
        _ => None,
    });
    let mut moves: Vec<_> = pairs.filter(|(.., by)| by.abs() >= LEAST_MOVE).collect();
    moves.sort_by(|(.., a), (.., b)| b.abs().total_cmp(&a.abs()));
    moves.truncate(MAX_FLAGS);
    moves.sort_by_key(|(_, to, _)| to.at);
    moves
}

async fn title(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    from: &Point,
    to: &Point,
    by: f32,
) -> Result<String, StoreError> {
    if is_by_release(db, as_of, from.at, to.at).await? {
        return Ok("Other checks or settings".into());
    }
    let (opened, fixed) = (by < 0.0, by > 0.0);
    let row = sqlx::query!(
        r#"select check_id as "check_id!", max(severity) as "severity!", count(*) as "count!", min(title) as "title!"
        from findings
        where cluster_id = $1 and ($5::text[] is null or namespace = any($5)) and (
            ($4 and valid_from > $2 and valid_from <= $3 and not replaces)
            or (not $4 and valid_to > $2 and valid_to <= $3 and not replaced))
        group by check_id order by 2 desc, 3 desc, 1 limit 1"#,
        as_of.cluster.0,
        from.at,
        to.at,
        opened,
        viewer.namespaces()
    );
    let Some(row) = row.fetch_optional(db).await? else {
        return Ok(by_evidence(from, to, fixed));
    };
    // What a user's own check finds has the title of the check.
    let check = analysis::checks::by_id(&row.check_id).map_or(row.title.as_str(), |check| check.title);
    Ok(match (row.count, fixed) {
        (1, false) => row.title.clone(),
        (1, true) => format!("Fixed: {}", row.title),
        (count, false) => format!("{check}: {count} findings opened"),
        (count, true) => format!("{check}: {count} findings fixed"),
    })
}

/// The words for a move that no finding explains.
fn by_evidence(from: &Point, to: &Point, rises: bool) -> String {
    let words = match (to.evidence.total_cmp(&from.evidence), rises) {
        (std::cmp::Ordering::Less, _) => "Less could be read: less is known",
        (std::cmp::Ordering::Greater, _) => "More could be read: more is known",
        (_, true) => "Fewer objects fail",
        (_, false) => "More objects fail",
    };
    words.into()
}

async fn is_by_release(db: &PgPool, as_of: &AsOf, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<bool, StoreError> {
    let releases = sqlx::query_scalar!(
        r#"select count(distinct (catalogue, model)) as "releases!" from snapshots
        where cluster_id = $1 and taken_at in ($2, $3) and outcome <> 'failed'"#,
        as_of.cluster.0,
        from,
        to
    );
    Ok(releases.fetch_one(db).await? > 1)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use shared::score::SeverityCounts;

    use super::*;

    fn history(scores: &[Option<f32>]) -> Vec<Point> {
        let point = |(day, score): (usize, &Option<f32>)| Point {
            at: DateTime::UNIX_EPOCH + TimeDelta::days(day as i64),
            score: *score,
            low: 0.0,
            high: 100.0,
            evidence: 1.0,
            open: SeverityCounts::default(),
        };
        scores.iter().enumerate().map(point).collect()
    }

    #[test]
    fn the_five_largest_moves_stay_in_their_order() {
        let scores = [50.0, 51.0, 60.0, 58.0, 58.1, 52.0, 40.0, 90.0].map(Some);
        let history = history(&scores);
        let moves: Vec<f32> = moves(&history).into_iter().map(|(.., by)| by.round()).collect();
        assert_eq!(moves, [9.0, -2.0, -6.0, -12.0, 50.0]);
    }

    #[test]
    fn an_undecided_score_moves_nothing() {
        assert!(moves(&history(&[Some(50.0), None, Some(90.0)])).is_empty());
    }
}
