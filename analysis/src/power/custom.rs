//! Custom resources that grant power: whoever writes one lets a controller act for them, or turns a guard off.

use super::{Permission, of_cluster, permission};

/// A custom resource, and what writing it is good for.
#[derive(Debug, Clone, Copy)]
pub struct CustomPower {
    /// Its resource and group.
    pub permission: Permission,
    /// What whoever writes it gains, in a few words.
    pub gain: &'static str,
    /// The namespace in which it has power over the whole cluster, as the controller is installed by default; empty if none.
    pub home: &'static str,
}

const WRITING: &[&str] = &["create", "update", "patch"];
const GUARDING: &[&str] = &["create", "update", "patch", "delete", "deletecollection"];

const DEPLOYS: &str = "deploys whatever it names, with the permissions of the controller";
const RUNS_PODS: &str = "runs pods, as any service account of the namespace";
const GUARDS: &str = "decides what the policy engine lets through";
const FETCHES: &str = "has secrets fetched from the store outside";
const SENDS: &str = "has Secrets sent to the store outside";
const GRANTS: &str = "is turned into roles and bindings";
const CLOUD: &str = "is turned into permissions in the cloud";
const SOURCES: &str = "decides where Flux takes manifests from";
const DELETES: &str = "has the policy engine delete what it selects";
const SIGNS: &str = "decides who signs certificates";
const NETWORK: &str = "decides which traffic is let through";

const fn within(group: &'static str, resource: &'static str, gain: &'static str) -> CustomPower {
    CustomPower {
        permission: permission(WRITING, group, resource),
        gain,
        home: "",
    }
}

const fn cluster(group: &'static str, resource: &'static str, gain: &'static str) -> CustomPower {
    CustomPower {
        permission: of_cluster(WRITING, group, resource),
        gain,
        home: "",
    }
}

const fn guard(group: &'static str, resource: &'static str, gain: &'static str) -> CustomPower {
    CustomPower {
        permission: permission(GUARDING, group, resource),
        gain,
        home: "",
    }
}

const fn cluster_guard(group: &'static str, resource: &'static str, gain: &'static str) -> CustomPower {
    CustomPower {
        permission: of_cluster(GUARDING, group, resource),
        gain,
        home: "",
    }
}

const fn of_home(home: &'static str, group: &'static str, resource: &'static str, gain: &'static str) -> CustomPower {
    CustomPower {
        home,
        ..within(group, resource, gain)
    }
}

/// Them, by what they are good for.
#[rustfmt::skip] // a table: a resource a line
pub const CUSTOM_POWERS: &[CustomPower] = &[
    // GitOps and packages.
    of_home("argocd", "argoproj.io", "applications", DEPLOYS),
    of_home("argocd", "argoproj.io", "applicationsets", DEPLOYS),
    of_home("argocd", "argoproj.io", "appprojects", "decides where and what Argo CD deploys"),
    within("fleet.cattle.io", "gitrepos", DEPLOYS),
    within("helm.cattle.io", "helmchartconfigs", DEPLOYS),
    within("helm.cattle.io", "helmcharts", DEPLOYS),
    within("helm.toolkit.fluxcd.io", "helmreleases", DEPLOYS),
    within("kustomize.toolkit.fluxcd.io", "kustomizations", DEPLOYS),
    within("source.toolkit.fluxcd.io", "gitrepositories", SOURCES),
    within("source.toolkit.fluxcd.io", "ocirepositories", SOURCES),
    within("operators.coreos.com", "clusterserviceversions", DEPLOYS),
    within("operators.coreos.com", "subscriptions", DEPLOYS),
    cluster("kubernetes.crossplane.io", "objects", DEPLOYS),
    cluster("pkg.crossplane.io", "configurations", DEPLOYS),
    cluster("pkg.crossplane.io", "providers", DEPLOYS),
    of_home("velero", "velero.io", "restores", "puts back objects of any namespace from a backup, roles among them"),
    // Pods by another name.
    within("argoproj.io", "cronworkflows", RUNS_PODS),
    within("argoproj.io", "rollouts", RUNS_PODS),
    within("argoproj.io", "workflows", RUNS_PODS),
    within("batch.volcano.sh", "jobs", RUNS_PODS),
    within("keda.sh", "scaledjobs", RUNS_PODS),
    within("ray.io", "rayclusters", RUNS_PODS),
    within("ray.io", "rayjobs", RUNS_PODS),
    within("serving.knative.dev", "services", RUNS_PODS),
    within("sparkoperator.k8s.io", "sparkapplications", RUNS_PODS),
    within("tekton.dev", "pipelineruns", RUNS_PODS),
    within("tekton.dev", "taskruns", RUNS_PODS),
    // Policy engines.
    cluster_guard("config.gatekeeper.sh", "configs", GUARDS),
    cluster_guard("constraints.gatekeeper.sh", "*", GUARDS),
    cluster("kyverno.io", "clustercleanuppolicies", DELETES),
    within("kyverno.io", "cleanuppolicies", DELETES),
    cluster_guard("kyverno.io", "clusterpolicies", GUARDS),
    guard("kyverno.io", "policies", GUARDS),
    guard("kyverno.io", "policyexceptions", GUARDS),
    cluster_guard("mutations.gatekeeper.sh", "*", GUARDS),
    cluster("policies.kyverno.io", "deletingpolicies", DELETES),
    cluster_guard("policies.kyverno.io", "generatingpolicies", GUARDS),
    cluster_guard("policies.kyverno.io", "imagevalidatingpolicies", GUARDS),
    cluster_guard("policies.kyverno.io", "mutatingpolicies", GUARDS),
    guard("policies.kyverno.io", "policyexceptions", GUARDS),
    cluster_guard("policies.kyverno.io", "validatingpolicies", GUARDS),
    cluster_guard("policies.kubewarden.io", "clusteradmissionpolicies", GUARDS),
    cluster_guard("templates.gatekeeper.sh", "constrainttemplates", GUARDS),
    // Secret stores.
    within("bitnami.com", "sealedsecrets", "has a sealed secret opened"),
    cluster("external-secrets.io", "clusterexternalsecrets", FETCHES),
    cluster("external-secrets.io", "clusterpushsecrets", SENDS),
    cluster("external-secrets.io", "clustersecretstores", FETCHES),
    within("external-secrets.io", "externalsecrets", FETCHES),
    within("external-secrets.io", "pushsecrets", SENDS),
    within("external-secrets.io", "secretstores", FETCHES),
    within("secrets-store.csi.x-k8s.io", "secretproviderclasses", FETCHES),
    within("secrets.hashicorp.com", "vaultstaticsecrets", FETCHES),
    // Identity and certificates.
    within("aadpodidentity.k8s.io", "azureidentitybindings", CLOUD),
    within("aadpodidentity.k8s.io", "azurepodidentityexceptions", "lets pods act in the cloud as their node"),
    cluster("cert-manager.io", "clusterissuers", SIGNS),
    within("cert-manager.io", "issuers", SIGNS),
    within("iam.cnrm.cloud.google.com", "iampolicymembers", CLOUD),
    within("iam.services.k8s.aws", "policies", CLOUD),
    within("iam.services.k8s.aws", "roles", CLOUD),
    cluster("management.cattle.io", "globalrolebindings", GRANTS),
    within("management.cattle.io", "clusterroletemplatebindings", GRANTS),
    cluster("rbacmanager.reactiveops.io", "rbacdefinitions", GRANTS),
    // Network.
    guard("cilium.io", "ciliumnetworkpolicies", NETWORK),
    cluster_guard("cilium.io", "ciliumclusterwidenetworkpolicies", NETWORK),
    cluster_guard("crd.projectcalico.org", "globalnetworkpolicies", NETWORK),
    within("networking.istio.io", "envoyfilters", "runs filters of its own in the proxies of others"),
    cluster_guard("projectcalico.org", "globalnetworkpolicies", NETWORK),
    guard("security.istio.io", "authorizationpolicies", NETWORK),
    guard("security.istio.io", "peerauthentications", NETWORK),
];

const COUNT: usize = CUSTOM_POWERS.len();

/// Their permissions.
pub static PERMISSIONS: [Permission; COUNT] = permissions();

const fn permissions() -> [Permission; COUNT] {
    let mut all = [CUSTOM_POWERS[0].permission; COUNT];
    let mut place = 0;
    while place < COUNT {
        all[place] = CUSTOM_POWERS[place].permission;
        place += 1;
    }
    all
}
