//! The counts beside the list of findings: for each attribute its values, each counted with the *other* filters applied.

use std::collections::BTreeMap;

use shared::findings::{FacetValue, Status};
use shared::page::AsOf;
use shared::verdict::{Area, Severity};
use sqlx::PgPool;

use super::filters::{Filters, fixed_since};
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
pub(super) async fn count(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    filters: &Filters,
) -> Result<Facets, StoreError> {
    let rows = sqlx::query!(
        r#"with found as materialized (
            select v.severity, v.area, v.check_id, v.namespace, v.kind, v.api_group, v.name,
                (v.valid_to is null or v.valid_to > $2) as is_open,
                ($5::smallint[] is null or v.severity = any($5)) as s,
                ($6::text[] is null or v.area = any($6)) as a,
                ($7::text[] is null or v.check_id = any($7)) as c,
                ($8::boolean[] is null or (v.valid_to is null or v.valid_to > $2) = any($8)) as o,
                ($9::text[] is null or v.namespace = any($9)) as n,
                ($10::text[] is null or v.kind = any($10)) as k,
                ($11::text is null or v.name = $11)
                    and ($12::text[] is null or v.title || ' ' || v.kind || ' ' || v.namespace || '/' || v.name || ' '
                        || v.check_id ilike all($12))
                    and ($13::timestamptz is null or v.first_seen >= $13) as rest
            from findings v
            where v.cluster_id = $1 and v.valid_from <= $2 and (v.valid_to is null or v.valid_to > $3)
                and (v.valid_to is null or v.valid_to > $2 or not (v.replaced or exists (
                    select from findings later where later.cluster_id = v.cluster_id
                        and later.finding_id = v.finding_id and later.valid_from > v.valid_from and later.valid_from <= $2)))
                and ($4::text[] is null or v.namespace = any($4))
        )
        select 'severity' as "facet!", severity::text as "value!",
            count(*) filter (where a and c and o and n and k and rest) as "count!" from found group by 2
        union all select 'area', area, count(*) filter (where s and c and o and n and k and rest) from found group by 2
        union all select 'check', check_id, count(*) filter (where s and a and o and n and k and rest) from found group by 2
        union all select 'status', case when is_open then 'open' else 'fixed' end,
            count(*) filter (where s and a and c and n and k and rest) from found group by 2
        union all select 'namespace', case namespace when '' then '-' else namespace end,
            count(*) filter (where s and a and c and o and k and rest) from found group by 2
        union all select 'kind', kind, count(*) filter (where s and a and c and o and n and rest) from found group by 2
        union all select 'all', 'total', count(*) filter (where s and a and c and o and n and k and rest) from found
        union all select 'all', 'objects', count(distinct (api_group, kind, namespace, name))
            filter (where s and a and c and o and n and k and rest) from found
        union all select 'all', 'open', count(*) filter (where is_open) from found"#,
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
        filters.first_seen_after
    );
    let mut facets = Facets::default();
    for row in rows.fetch_all(db).await? {
        facets.add(&row.facet, row.value, total(row.count));
    }
    facets.by_attribute.iter_mut().for_each(|(facet, values)| sort(facet, values));
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
        self.by_attribute.entry(facet.to_owned()).or_default().push(FacetValue { value, count });
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
