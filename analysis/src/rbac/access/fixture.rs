//! Small worlds for tests.

use super::{Access, Identity, Origin, Request, Target, Verdict};
use crate::fixture::snapshot;

/// The index of manifests, without defaults.
pub(super) fn access(manifests: &str) -> Access {
    Access::new(&snapshot(manifests), Origin::Files { defaults: false })
}

/// A ClusterRole `r` with these rules, and a binding to it.
pub(super) fn role_and_binding(rules: &str, binding: &str) -> String {
    format!(
        "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: r}}
rules: {rules}
---
apiVersion: rbac.authorization.k8s.io/v1
{binding}
roleRef: {{kind: ClusterRole, name: r}}
"
    )
}

/// A get of a resource of the core group.
pub(super) fn get<'a>(resource: &'a str, namespace: &'a str) -> Request<'a> {
    Request {
        verb: "get",
        target: Target::Resource {
            group: "",
            resource,
            subresource: "",
            namespace,
            name: "",
        },
    }
}

/// Whether a user, in the implied groups, may do something.
pub(super) fn allowed(access: &Access, who: &str, request: &Request<'_>) -> bool {
    access.can_i(&Identity::with_implied_groups(who, &[]), request).verdict == Verdict::Yes
}
