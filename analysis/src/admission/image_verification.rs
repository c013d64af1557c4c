//! Whether images are verified before they run.

use shared::admission::{Engine, ImageVerification};

use super::known::{Program, Webhooks};
use super::rules;
use crate::cluster::Cluster;
use crate::control_plane::{Component, Instance, instances, runs_plugin};

/// What verifies signatures, and does nothing else.
pub static PROGRAMS: &[Program] = &[
    Program {
        name: "sigstore policy-controller",
        marks: &["policy.sigstore.dev"],
        images: &["policy-controller", "policy-webhook"],
        groups: &["policy.sigstore.dev"],
    },
    Program {
        name: "Connaisseur",
        marks: &["connaisseur"],
        images: &["connaisseur"],
        groups: &["connaisseur.policy"],
    },
    Program {
        name: "Portieris",
        marks: &["portieris", "trust.hooks.securityenforcement.admission.cloud.ibm.com"],
        images: &["portieris"],
        groups: &["portieris.cloud.ibm.com"],
    },
];

/// Ratify has no webhook of its own: Gatekeeper asks it.
const RATIFY: &str = "config.ratify.deislabs.io";

const PLUGIN: &str = "ImagePolicyWebhook";

/// Whether images are verified, as far as it can be seen. `engines` are those of the cluster.
pub fn image_verification(cluster: &Cluster<'_>, webhooks: &Webhooks<'_>, engines: &[Engine]) -> ImageVerification {
    let found = PROGRAMS.iter().filter(|program| {
        let recognised = webhooks.recognise(cluster, program, rules::WORKLOADS);
        recognised.is_some_and(|recognised| !recognised.asked.is_empty())
    });
    let mut by: Vec<String> = found.map(|program| program.name.to_owned()).collect();
    let is_asked = |name: &str| engines.iter().any(|engine| engine.name == name && engine.is_asked);
    by.extend((webhooks.defines(RATIFY) && is_asked("Gatekeeper")).then(|| "Ratify, through Gatekeeper".to_owned()));
    let servers = instances(cluster, Component::ApiServer).instances;
    by.extend(
        servers
            .iter()
            .any(has_plugin)
            .then(|| format!("{PLUGIN} of the API server")),
    );
    if !by.is_empty() {
        return ImageVerification::Present { by };
    }
    match perhaps(engines).or_else(|| unseen(cluster, servers.is_empty())) {
        Some(reason) => ImageVerification::Unknown { reason },
        None => ImageVerification::Absent,
    }
}

/// Whether the API server asks a webhook of its own about images.
pub fn has_plugin(server: &Instance<'_>) -> bool {
    runs_plugin(server, PLUGIN, false)
}

/// Engines that verify images where a policy of theirs says so. Kubernetes' own policies and constraints can't.
fn perhaps(engines: &[Engine]) -> Option<String> {
    const CANT: &[&str] = &["ValidatingAdmissionPolicy", "SecurityContextConstraints"];
    let mut able = engines
        .iter()
        .filter(|engine| engine.is_asked && !CANT.contains(&engine.name.as_str()));
    able.next().map(|engine| {
        format!(
            "{} is asked about workloads and may verify their images; what its policies say is not read.",
            engine.name
        )
    })
}

/// What can't be seen where no API server is. EKS offers no such plug-in.
fn unseen(cluster: &Cluster<'_>, no_server: bool) -> Option<String> {
    let may_have_it = no_server && !cluster.snapshot.version.contains("-eks-");
    may_have_it.then(|| format!("No webhook verifies images; whether the API server has {PLUGIN} on can't be seen."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::engine::engines;
    use crate::control_plane::fixture::api_server;
    use crate::fixture::snapshot;

    fn found(manifests: &str) -> ImageVerification {
        let snapshot = snapshot(manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let webhooks = Webhooks::new(&cluster);
        image_verification(&cluster, &webhooks, &engines(&cluster, &webhooks))
    }

    fn webhook(name: &str, group: &str) -> String {
        format!(
            "---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: verify}}
webhooks:
- name: {name}
  clientConfig: {{service: {{namespace: verify, name: webhook}}}}
  rules: [{{operations: [CREATE], apiGroups: [''], apiVersions: ['*'], resources: [pods]}}]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: things.{group}}}
spec: {{group: {group}}}
"
        )
    }

    #[test]
    fn without_a_verifier_there_is_none_where_the_api_server_is_seen() {
        assert_eq!(found(&api_server("cp1", &[])), ImageVerification::Absent);
        assert!(matches!(found(""), ImageVerification::Unknown { .. }));
    }

    #[test]
    fn a_verifier_or_the_plugin_counts() {
        let sigstore = api_server("cp1", &[]) + &webhook("policy.sigstore.dev", "policy.sigstore.dev");
        assert!(matches!(found(&sigstore), ImageVerification::Present { by } if by == ["sigstore policy-controller"]));
        let plugin = api_server(
            "cp1",
            &["--enable-admission-plugins=NodeRestriction,ImagePolicyWebhook"],
        );
        assert!(matches!(found(&plugin), ImageVerification::Present { by } if by.len() == 1));
    }

    #[test]
    fn an_engine_that_may_verify_leaves_it_open() {
        let kyverno = api_server("cp1", &[]) + &webhook("validate.kyverno.svc-fail", "kyverno.io");
        assert!(matches!(found(&kyverno), ImageVerification::Unknown { reason } if reason.starts_with("Kyverno")));
    }
}
