//! The rules of a `NetworkPolicy` as they are written, and where.

use serde_json::Value;

use super::policy::{isolates_egress, isolates_ingress};
use super::rule::Direction;
use crate::field::split;
use crate::finding::Finding;
use crate::model::Object;
use crate::model::network_policy::{NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort};

/// A rule.
#[derive(Debug, Clone)]
pub struct Written<'a> {
    /// What it is about.
    pub direction: Direction,
    /// Its place in its list.
    pub place: usize,
    /// Where it stands: `spec.ingress[0]`.
    pub path: String,
    /// Who is at the other end; everyone where there are none.
    pub peers: &'a [NetworkPolicyPeer],
    /// To which ports; all where there are none.
    pub ports: &'a [NetworkPolicyPort],
}

impl Written<'_> {
    /// Where a peer stands: `spec.ingress[0].from[1]`.
    pub fn peer(&self, place: usize) -> String {
        let field = match self.direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        };
        format!("{}.{field}[{place}]", self.path)
    }
}

/// The rules that count: those of a direction for which the policy isolates nothing do not.
pub fn rules(policy: &NetworkPolicy) -> Vec<Written<'_>> {
    let Some(spec) = &policy.spec else {
        return Vec::new();
    };
    let ingress = spec.ingress.iter().enumerate().map(|(place, rule)| Written {
        direction: Direction::Ingress,
        place,
        path: format!("spec.ingress[{place}]"),
        peers: &rule.from,
        ports: &rule.ports,
    });
    let egress = spec.egress.iter().enumerate().map(|(place, rule)| Written {
        direction: Direction::Egress,
        place,
        path: format!("spec.egress[{place}]"),
        peers: &rule.to,
        ports: &rule.ports,
    });
    let ingress = ingress.filter(|_| isolates_ingress(policy));
    ingress.chain(egress.filter(|_| isolates_egress(policy))).collect()
}

/// Places that a finding shows; more say no more.
const MAX_WITNESSES: usize = 5;

/// Adds what stands at these places of an object as evidence.
pub fn shown(finding: Finding, object: &Object, paths: &[String]) -> Finding {
    let manifest = object.to_manifest();
    paths.iter().take(MAX_WITNESSES).fold(finding, |finding, path| {
        let value = look_up(&manifest, path);
        finding.witness_in(object.reference(), path.as_str(), value)
    })
}

fn look_up(manifest: &Value, path: &str) -> Value {
    let found = split(path).iter().try_fold(manifest, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    });
    found.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_a_direction_that_the_policy_does_not_speak_of_do_not_count() {
        let paths = |spec: &str| -> Vec<String> {
            let policy = NetworkPolicy {
                metadata: None,
                spec: Some(serde_saphyr::from_str(spec).unwrap()),
            };
            rules(&policy).into_iter().map(|rule| rule.path).collect()
        };
        let rules = "ingress: [{}], egress: [{}, {}]";
        assert_eq!(
            paths(&format!("{{{rules}}}")),
            ["spec.ingress[0]", "spec.egress[0]", "spec.egress[1]"]
        );
        assert_eq!(
            paths(&format!("{{policyTypes: [Ingress], {rules}}}")),
            ["spec.ingress[0]"]
        );
    }

    #[test]
    fn a_path_leads_to_a_place_in_a_list() {
        let manifest = serde_json::json!({"spec": {"ingress": [{}, {"from": [{"podSelector": {}}]}]}});
        assert_eq!(
            look_up(&manifest, "spec.ingress[1].from[0]"),
            serde_json::json!({"podSelector": {}})
        );
        assert_eq!(look_up(&manifest, "spec.ingress[9]"), Value::Null);
    }
}
