//! The rules that would let denied kinds be read.

use std::collections::BTreeMap;

use shared::snapshots::{Collected, KindCoverage};

/// Rules of a ClusterRole for every kind that was denied, one for each API group; none where nothing was.
pub(super) fn missing(kinds: &[KindCoverage]) -> Option<String> {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for kind in kinds
        .iter()
        .filter(|kind| matches!(kind.outcome, Collected::Denied { .. }))
    {
        let (resource, group) = kind.resource.split_once('.').unwrap_or((&kind.resource, ""));
        groups.entry(group).or_default().push(format!("\"{resource}\""));
    }
    let rule = |(group, resources): (&&str, &Vec<String>)| {
        let resources = resources.join(", ");
        format!("- apiGroups: [\"{group}\"]\n  resources: [{resources}]\n  verbs: [\"get\", \"list\"]\n")
    };
    (!groups.is_empty()).then(|| groups.iter().map(rule).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denied_kinds_get_one_rule_for_each_group() {
        let kind = |resource: &str, outcome: Collected| KindCoverage {
            resource: resource.into(),
            outcome,
        };
        let denied = || Collected::Denied {
            reason: "forbidden".into(),
        };
        let kinds = [
            kind("secrets", denied()),
            kind("pods", Collected::Collected { count: 1 }),
            kind("nodes", denied()),
            kind("certificatesigningrequests.certificates.k8s.io", denied()),
        ];
        let expected = concat!(
            "- apiGroups: [\"\"]\n  resources: [\"secrets\", \"nodes\"]\n  verbs: [\"get\", \"list\"]\n",
            "- apiGroups: [\"certificates.k8s.io\"]\n  resources: [\"certificatesigningrequests\"]\n",
            "  verbs: [\"get\", \"list\"]\n",
        );
        assert_eq!(missing(&kinds).as_deref(), Some(expected));
        assert_eq!(missing(&kinds[1..2]), None);
    }
}
