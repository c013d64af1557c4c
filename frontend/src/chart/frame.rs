//! The geometry of a score or of shares over time, without a browser: where an instant and a score stand, which lines and
//! labels there are, and the paths, in a plot that is 1000 wide and 100 high.

use chrono::{DateTime, TimeDelta, Utc};
use shared::score::LOAD_LINE;
use shared::trends::Point;

/// Labels below a plot, at most.
const LABELS: usize = 7;

/// What a plot spans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    bottom: f32,
    top: f32,
}

impl Frame {
    /// The span of all points, the load line, and the range of the last point; none where there is no point.
    pub(crate) fn around(points: &[Point]) -> Option<Self> {
        let (first, last) = (points.first()?, points.last()?);
        let scores = points
            .iter()
            .filter_map(|point| point.score)
            .chain([LOAD_LINE, last.low, last.high]);
        let (low, high) = scores.fold((100.0_f32, 0.0_f32), |(low, high), score| {
            (low.min(score), high.max(score))
        });
        let room = ((high - low) * 0.08).max(3.0);
        let (bottom, top) = ((low - room).floor().max(0.0), (high + room).ceil().min(100.0));
        Some(Self {
            from: first.at,
            to: last.at,
            bottom,
            top,
        })
    }

    /// The span of shares between two instants, from nothing to all.
    pub(crate) fn of_shares(from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            from,
            to,
            bottom: 0.0,
            top: 1.0,
        }
    }

    /// The lowest score of the plot.
    pub(crate) fn bottom(&self) -> f32 {
        self.bottom
    }

    /// Where an instant stands, from the left: 0 to 1. A single instant stands at the right.
    pub(crate) fn x(&self, at: DateTime<Utc>) -> f32 {
        let all = (self.to - self.from).num_seconds();
        if all <= 0 {
            return 1.0;
        }
        ((at - self.from).num_seconds() as f32 / all as f32).clamp(0.0, 1.0)
    }

    /// Where a score stands, from below: 0 to 1.
    pub(crate) fn y(&self, score: f32) -> f32 {
        ((score - self.bottom) / (self.top - self.bottom)).clamp(0.0, 1.0)
    }

    /// Scores that get a line, at most three. The load line is no such line, and none comes near it.
    pub(crate) fn grid(&self) -> Vec<f32> {
        let lines = |step: u16| -> Vec<f32> {
            (0..=100 / step)
                .map(|n| f32::from(n * step))
                .filter(|score| (self.bottom..=self.top).contains(score))
                .filter(|score| (self.y(*score) - self.y(LOAD_LINE)).abs() > 0.1)
                .collect()
        };
        [5, 10, 20, 25, 50]
            .into_iter()
            .map(lines)
            .find(|lines| lines.len() <= 3)
            .unwrap_or_default()
    }

    /// Instants to label, evenly spread from the first to the last, at least a day apart (an hour, in a span of two days).
    pub(crate) fn labels(&self) -> Vec<DateTime<Utc>> {
        let all = (self.to - self.from).num_seconds();
        let least = if self.is_short() { 3_600 } else { 86_400 };
        let gaps = (LABELS as i64 - 1).min(all / least);
        if gaps < 1 {
            return vec![self.to];
        }
        (0..=gaps)
            .map(|n| self.from + TimeDelta::seconds(all * n / gaps))
            .collect()
    }

    /// Whether labels should be hours, not days.
    pub(crate) fn is_short(&self) -> bool {
        self.to - self.from < TimeDelta::days(2)
    }

    /// How high a score's line runs in the plot's own units, from above.
    pub(crate) fn line_y(&self, score: f32) -> f32 {
        (1.0 - self.y(score)) * 100.0
    }

    /// The curve, in as many pieces as there are stretches with a value.
    pub(crate) fn curves(&self, values: impl Iterator<Item = (DateTime<Utc>, Option<f32>)>) -> Vec<Curve> {
        let mut pieces: Vec<Vec<(f32, f32)>> = vec![Vec::new()];
        for (at, value) in values {
            match (value, pieces.last_mut()) {
                (Some(value), Some(piece)) => piece.push((self.x(at) * 1000.0, self.line_y(value))),
                _ => pieces.push(Vec::new()),
            }
        }
        pieces.retain(|piece| piece.len() > 1);
        pieces.into_iter().map(Curve).collect()
    }

    /// The share of decided checks over time as the outline of an area, in steps.
    pub(crate) fn evidence(&self, points: &[Point]) -> String {
        let mut path = String::from("M0 100");
        for (at, point) in points.iter().enumerate() {
            let x = if at == 0 { 0.0 } else { self.x(point.at) * 1000.0 };
            path.push_str(&format!(
                "H{x:.1}V{:.1}",
                (1.0 - point.evidence.clamp(0.0, 1.0)) * 100.0
            ));
        }
        path.push_str("H1000V100Z");
        path
    }

    /// The point nearest to a place from the left, 0 to 1.
    pub(crate) fn nearest(&self, points: &[Point], x: f32) -> Option<usize> {
        let far = |point: &Point| (self.x(point.at) - x).abs();
        (0..points.len()).min_by(|a, b| far(&points[*a]).total_cmp(&far(&points[*b])))
    }
}

/// A stretch of the curve.
pub(crate) struct Curve(Vec<(f32, f32)>);

impl Curve {
    /// Its path.
    pub(crate) fn line(&self) -> String {
        let mut path = String::with_capacity(self.0.len() * 12);
        for (at, (x, y)) in self.0.iter().enumerate() {
            path.push(if at == 0 { 'M' } else { 'L' });
            path.push_str(&format!("{x:.1} {y:.1}"));
        }
        path
    }

    /// The outline of what lies between it and a line at `y`.
    pub(crate) fn area(&self, y: f32) -> String {
        let start = self.0.first().map_or(0.0, |(x, _)| *x);
        format!("{}V{y:.1}H{start:.1}Z", self.line())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::score::SeverityCounts;

    fn point(day: i64, score: Option<f32>) -> Point {
        let at = DateTime::from_timestamp(day * 86_400, 0).unwrap();
        let (low, high) = (score.unwrap_or(70.0), score.unwrap_or(70.0));
        Point {
            at,
            score,
            low,
            high,
            evidence: 0.5,
            open: SeverityCounts::default(),
        }
    }

    fn scores(points: &[Point]) -> impl Iterator<Item = (DateTime<Utc>, Option<f32>)> {
        points.iter().map(|point| (point.at, point.score))
    }

    #[test]
    fn shares_fill_the_plot_from_nothing_to_all() {
        let (first, last) = (point(0, None).at, point(10, None).at);
        let frame = Frame::of_shares(first, last);
        let curves = frame.curves([(first, Some(0.0)), (last, Some(1.0))].into_iter());
        assert_eq!(curves[0].line(), "M0.0 100.0L1000.0 0.0");
    }

    #[test]
    fn the_load_line_and_the_last_range_are_always_in_the_frame() {
        let mut last = point(1, Some(40.0));
        (last.low, last.high) = (10.0, 90.0);
        let frame = Frame::around(&[point(0, Some(45.0)), last]).unwrap();
        assert!(frame.y(10.0) > 0.0 && frame.y(90.0) < 1.0 && frame.y(LOAD_LINE) < 1.0);
        assert_eq!(Frame::around(&[]), None);
    }

    #[test]
    fn a_frame_never_leaves_0_to_100() {
        let frame = Frame::around(&[point(0, Some(0.0)), point(1, Some(100.0))]).unwrap();
        assert_eq!((frame.bottom, frame.top), (0.0, 100.0));
    }

    #[test]
    fn at_most_three_grid_lines_and_none_at_the_load_line() {
        for (low, high) in [(69.0, 71.0), (61.0, 79.0), (0.0, 100.0), (98.0, 100.0), (2.0, 30.0)] {
            let grid = Frame::around(&[point(0, Some(low)), point(9, Some(high))])
                .unwrap()
                .grid();
            assert!(grid.len() <= 3, "{low} to {high}: {grid:?}");
            assert!(!grid.contains(&LOAD_LINE), "{low} to {high}: {grid:?}");
        }
    }

    #[test]
    fn one_point_stands_at_the_right_and_draws_no_line() {
        let points = [point(0, Some(74.0))];
        let frame = Frame::around(&points).unwrap();
        assert_eq!(frame.x(points[0].at), 1.0);
        assert!(frame.curves(scores(&points)).is_empty());
        assert_eq!(frame.labels(), [points[0].at]);
    }

    #[test]
    fn an_undecided_stretch_breaks_the_curve() {
        let points: Vec<Point> = [Some(60.0), Some(61.0), None, Some(62.0), Some(63.0)]
            .into_iter()
            .zip(0..)
            .map(|(s, d)| point(d, s))
            .collect();
        let frame = Frame::around(&points).unwrap();
        let curves = frame.curves(scores(&points));
        assert_eq!(curves.len(), 2);
        assert!(curves[1].line().starts_with("M750.0 "), "{}", curves[1].line());
        assert!(curves[1].area(40.0).ends_with("V40.0H750.0Z"));
    }

    #[test]
    fn labels_run_from_the_first_to_the_last_instant() {
        let points = [point(0, Some(60.0)), point(90, Some(70.0))];
        let labels = Frame::around(&points).unwrap().labels();
        assert_eq!((labels.len(), labels[0], labels[6]), (7, points[0].at, points[1].at));
        let labels = Frame::around(&[point(0, None), point(3, None)]).unwrap().labels();
        assert_eq!(labels.len(), 4);
    }

    #[test]
    fn evidence_is_drawn_in_steps() {
        let points = [point(0, None), point(2, None)];
        assert_eq!(
            Frame::around(&points).unwrap().evidence(&points),
            "M0 100H0.0V50.0H1000.0V50.0H1000V100Z"
        );
    }

    #[test]
    fn the_nearest_point_is_found() {
        let points = [point(0, None), point(2, None), point(10, None)];
        let frame = Frame::around(&points).unwrap();
        assert_eq!(
            [0.0, 0.3, 0.9].map(|x| frame.nearest(&points, x)),
            [Some(0), Some(1), Some(2)]
        );
    }
}
