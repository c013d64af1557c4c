//! The counts beside the list of findings: for each attribute its values, each counted with the *other* filters applied.

use std::collections::BTreeMap;

use shared::findings::{FacetValue, Status};
use shared::page::AsOf;
use shared::verdict::{Area, Severity};
use sqlx::PgPool;

use super::filters::{Filters, fixed_since, system_namespaces};
use crate::store::viewer::Viewer;
use crate::store::{StoreError, severity, total};

/// The counts.
#[derive(Default)]
pub(super) struct Facets {
    /// Findings that pass all filters.
    pub(super) total: u64,
    /// Objects that they are on.
    pub(super) objects: u64,
    /// Open findings, with no filter.
    pub(super) open: u64,
    /// By attribute; values that no finding has under the other filters are counted 0.
    pub(super) by_attribute: BTreeMap<String, Vec<FacetValue>>,
}

/// Counts.
pub(super) async fn count(db: &PgPool, viewer: &Viewer, as_of: &AsOf, filters: &Filters) -> Result<Facets, StoreError> {
    let rows = sqlx::query_file!(
        "src/store/findings/facets.sql",
        as_of.cluster.0,
        as_of.taken_at,
        fixed_since(as_of),
        viewer.namespaces(),
        filters.severity.as_deref(),
        filters.area.as_deref(),
        filters.check.as_deref(),
        filters.is_open.as_deref(),
        filters.namespace.as_deref(),
        filters.kind.as_deref(),
        filters.name.as_deref(),
        filters.patterns.as_deref(),
        filters.first_seen_after,
        filters.is_system,
        &system_namespaces()
    );
    let mut facets = Facets::default();
    for row in rows.fetch_all(db).await? {
        facets.add(&row.facet, row.value, total(row.count));
    }
    facets
        .by_attribute
        .iter_mut()
        .for_each(|(facet, values)| sort(facet, values));
    Ok(facets)
}

impl Facets {
    fn add(&mut self, facet: &str, value: String, count: u64) {
        let value = match (facet, value.as_str()) {
            ("all", "total") => return self.total = count,
            ("all", "objects") => return self.objects = count,
            ("all", _) => return self.open = count,
            ("severity", rank) => severity(rank.parse().unwrap_or_default()).as_str().to_owned(),
            _ => value,
        };
        self.by_attribute
            .entry(facet.to_owned())
            .or_default()
            .push(FacetValue { value, count });
    }
}

/// Severities, areas and states in their own order; everything else by how often it occurs.
fn sort(facet: &str, values: &mut [FacetValue]) {
    let place = |known: &[&str], value: &FacetValue| known.iter().position(|known| *known == value.value);
    match facet {
        "severity" => values.sort_by_key(|value| place(&Severity::ALL.map(Severity::as_str), value)),
        "area" => values.sort_by_key(|value| place(&Area::ALL.map(Area::as_str), value)),
        "status" => values.sort_by_key(|value| place(&[Status::Open, Status::Fixed].map(Status::as_str), value)),
        _ => values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value))),
    }
}
