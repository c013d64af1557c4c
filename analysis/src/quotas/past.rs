//! How the use of quotas went, from what they were.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared::quotas::history::{QuotaHistory, QuotaPoint, ResourceHistory};
use shared::quotas::{NamespaceQuotas, Outlook, Quotas};

use crate::forecast::{Point, outlook};
use crate::model::quota::ResourceQuota;
use crate::resources::amount::{number, unit};

/// Points of a trend that is drawn as small as a word.
const DRAWN: usize = 30;

/// A quota, and the instants at which it stood like this.
#[derive(Debug, Clone, PartialEq)]
pub struct Stood {
    /// The instants.
    pub at: Vec<DateTime<Utc>>,
    /// The quota.
    pub quota: ResourceQuota,
}

/// The past of one quota, from all that is known of it, in any order; none where nothing is.
pub fn history(mut known: Vec<Stood>) -> Option<QuotaHistory> {
    known.sort_by_key(|stood| stood.at.last().copied());
    let last = &known.last()?.quota;
    let meta = last.metadata.clone().unwrap_or_default();
    let bounded = last.spec.iter().flat_map(|spec| spec.hard.pairs());
    Some(QuotaHistory {
        resources: bounded.map(|(resource, _)| of_resource(resource, &known)).collect(),
        namespace: meta.namespace,
        name: meta.name,
    })
}

fn of_resource(resource: &str, known: &[Stood]) -> ResourceHistory {
    let mut points: Vec<QuotaPoint> = known
        .iter()
        .filter_map(|stood| Some((stood, amounts(resource, &stood.quota)?)))
        .flat_map(|(stood, (used, hard))| stood.at.iter().map(move |at| QuotaPoint { at: *at, used, hard }))
        .collect();
    points.sort_by_key(|point| point.at);
    ResourceHistory {
        resource: resource.to_owned(),
        unit: unit(resource),
        points,
    }
}

/// What was used and what was allowed; none where either is not known, or can't be reckoned with.
fn amounts(resource: &str, quota: &ResourceQuota) -> Option<(i64, i64)> {
    let hard = quota.spec.as_ref()?.hard.get(resource)?;
    let used = quota.status.as_ref()?.used.get(resource)?;
    Some((number(resource, used).ok()?, number(resource, hard).ok()?))
}

/// Adds to quotas how the use of each resource went, and when it will reach its bound.
pub fn fill(quotas: &mut Quotas, past: &[QuotaHistory]) {
    let past: BTreeMap<(&str, &str), &QuotaHistory> = past
        .iter()
        .map(|history| ((history.namespace.as_str(), history.name.as_str()), history))
        .collect();
    for NamespaceQuotas { namespace, quotas, .. } in &mut quotas.namespaces {
        for quota in quotas.iter_mut().flatten() {
            let Some(history) = past.get(&(namespace.as_str(), quota.name.as_str())) else {
                continue;
            };
            for resource in &mut quota.resources {
                let known = history
                    .resources
                    .iter()
                    .find(|known| known.resource == resource.resource);
                resource.outlook = known.map(ahead).unwrap_or_default();
                resource.trend = known.map(trend).unwrap_or_default();
            }
        }
    }
}

fn ahead(history: &ResourceHistory) -> Outlook {
    let points = history.points.iter();
    let series: Vec<Point> = points
        .map(|&QuotaPoint { at, used, hard }| Point { at, used, hard })
        .collect();
    outlook(&series)
}

/// Used by allowed, at a few points that are equally many apart, the first and the last among them.
#[allow(clippy::cast_precision_loss, reason = "a share needs no sixteenth digit")]
fn trend(history: &ResourceHistory) -> Vec<f64> {
    let bounded: Vec<&QuotaPoint> = history.points.iter().filter(|point| point.hard > 0).collect();
    let (count, last) = (bounded.len().min(DRAWN), bounded.len().saturating_sub(1));
    let drawn = (0..count).filter_map(|place| bounded.get(place * last / count.saturating_sub(1).max(1)));
    drawn
        .map(|point| (point.used as f64 / point.hard as f64 * 1000.0).round() / 1000.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Cluster;
    use crate::fixture::snapshot;
    use crate::quotas::quotas;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::days(day)
    }

    fn stood(days: &[i64], hard: &str, used: &str) -> Stood {
        let manifest = format!(
            "{{metadata: {{name: q, namespace: shop}}, spec: {{hard: {{{hard}}}}}, status: {{used: {{{used}}}}}}}"
        );
        Stood {
            at: days.iter().map(|day| at(*day)).collect(),
            quota: serde_saphyr::from_str(&manifest).unwrap(),
        }
    }

    #[test]
    fn every_instant_has_its_point_in_order() {
        let known = vec![
            stood(&[3, 4], "pods: '20'", "pods: '7'"),
            stood(&[1, 2], "pods: '10'", "pods: '5'"),
        ];
        let history = history(known).unwrap();
        let points = &history.resources[0].points;
        let told: Vec<_> = points.iter().map(|point| (point.at, point.used, point.hard)).collect();
        assert_eq!(told, [(at(1), 5, 10), (at(2), 5, 10), (at(3), 7, 20), (at(4), 7, 20)]);
    }

    #[test]
    fn resources_are_those_that_are_bounded_at_last() {
        let known = vec![
            stood(&[1], "pods: '10', services: '2'", "pods: '5', services: '1'"),
            stood(&[2], "pods: '10', secrets: nonsense", "pods: '6', secrets: '1'"),
        ];
        let history = history(known).unwrap();
        let told: Vec<_> = history
            .resources
            .iter()
            .map(|it| (it.resource.as_str(), it.points.len()))
            .collect();
        assert_eq!(told, [("pods", 2), ("secrets", 0)]);
    }

    #[test]
    fn a_rise_is_told_where_the_quota_is_listed() {
        let manifest = "
apiVersion: v1
kind: ResourceQuota
metadata: {name: q, namespace: shop}
spec: {hard: {pods: '100'}}
status: {used: {pods: '80'}}
";
        let snapshot = snapshot(manifest);
        let mut listed = quotas(&Cluster::new(&snapshot, at(8)));
        let known = (1..=8).map(|day| stood(&[day], "pods: '100'", &format!("pods: '{}'", day * 10)));
        fill(&mut listed, &[history(known.collect()).unwrap()]);
        let pods = &listed.namespaces[0].quotas.as_ref().unwrap()[0].resources[0];
        assert_eq!(pods.outlook.forecast().unwrap().reached_on, at(10).date_naive());
        assert_eq!(pods.trend, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
    }

    #[test]
    fn a_long_trend_is_thinned_out_and_keeps_its_ends() {
        let days: Vec<i64> = (0..90).collect();
        let known = days
            .iter()
            .map(|day| stood(&[*day], "pods: '100'", &format!("pods: '{day}'")));
        let history = history(known.collect()).unwrap();
        let trend = trend(&history.resources[0]);
        assert_eq!((trend.len(), trend[0], trend[DRAWN - 1]), (DRAWN, 0.0, 0.89));
    }
}
