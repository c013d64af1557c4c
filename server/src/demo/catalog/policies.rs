//! What is odd about policies, quotas, webhooks and certificates.

use crate::demo::story;

/// Services that were forgotten where each has a network policy of its own.
pub(in crate::demo) const UNCOVERED: &[(&str, &str)] = &[
    ("email", "templates"),
    ("logging", "log-archiver"),
    ("monitoring", "blackbox-exporter"),
    ("monitoring", "pushgateway"),
    ("recommend", "candidates"),
    ("recommend", "experiments"),
    ("shipping", "customs"),
    ("shipping", "labels"),
];

/// Namespaces whose memory quota is nearly used, and how far, in per cent.
pub(in crate::demo) const CROWDED: &[(&str, u32)] = &[("kafka", 92), ("search", 92)];

/// Namespaces whose services get more and more pods.
pub(in crate::demo) const GROWING: &[&str] = &["checkout"];

/// A network policy that selects nothing any more.
#[derive(Debug)]
pub(in crate::demo) struct Stale {
    /// Its namespace.
    pub(in crate::demo) namespace: &'static str,
    /// Its name.
    pub(in crate::demo) name: &'static str,
    /// The workload that it was made for.
    pub(in crate::demo) selects: &'static str,
}

impl Stale {
    /// Whether it stands on a day.
    pub(in crate::demo) fn stands(&self, day: u32) -> bool {
        story::exists(&format!("NetworkPolicy/{}/{}", self.namespace, self.name), day)
    }
}

const fn stale(namespace: &'static str, name: &'static str, selects: &'static str) -> Stale {
    Stale {
        namespace,
        name,
        selects,
    }
}

/// All of those.
pub(in crate::demo) const STALE: &[Stale] = &[
    stale("cart", "allow-basket", "basket-v1"),
    stale("fraud", "allow-importer", "importer"),
    stale("kafka", "allow-zookeeper", "zookeeper"),
    stale("orders", "allow-warehouse-sync", "warehouse-sync"),
    stale("ledger", "allow-legacy-psp", "legacy-psp"),
    stale("checkout", "allow-solr", "solr"),
    stale("api-gateway", "allow-old-bff", "old-bff"),
];

/// A certificate that stands here because nothing renews it.
#[derive(Debug)]
pub(in crate::demo) struct Manual {
    /// Its namespace.
    pub(in crate::demo) namespace: &'static str,
    /// Its name.
    pub(in crate::demo) name: &'static str,
    /// The day after which it is no longer good.
    pub(in crate::demo) until: i32,
}

/// All of those.
pub(in crate::demo) const MANUAL: &[Manual] = &[
    Manual {
        namespace: "partners",
        name: "partners-gw",
        until: 96,
    },
    Manual {
        namespace: "vault",
        name: "vault-server",
        until: 109,
    },
    Manual {
        namespace: "identity",
        name: "saml-signing",
        until: 420,
    },
];

/// Workloads, as `namespace/name`, whose pods ask Vault's injector for its agent, and whether they have it: those of the last were
/// made while the injector did not answer, and it lets pods pass then.
pub(in crate::demo) const AGENTS: &[(&str, bool)] = &[
    ("payments/card-vault-api", true),
    ("ledger/payouts-api", true),
    ("ledger/payouts-worker", false),
];

/// What a converter's authorities were overwritten with, which the API server accepts and can't use.
pub(in crate::demo) const BROKEN: &str = "-----BEGIN CERTIFICATE-----\nc3Bhcms=\n-----END CERTIFICATE-----\n";

/// Who signs a webhook's certificate: the PEM of an authority in `ca/`.
#[derive(Debug, Clone, Copy)]
pub(in crate::demo) enum Authority {
    /// Made by cert-manager, good for years.
    CertManager,
    /// Made by Kyverno for itself, for a year; ends on 12 December 2026.
    Kyverno,
    /// The cluster's own.
    Cluster,
}

impl Authority {
    /// Its certificate.
    pub(in crate::demo) fn pem(self) -> &'static str {
        match self {
            Self::CertManager => include_str!("../ca/cert-manager.pem"),
            Self::Kyverno => include_str!("../ca/kyverno.pem"),
            Self::Cluster => include_str!("../ca/cluster.pem"),
        }
    }
}

/// An admission webhook, in a configuration of its own.
#[derive(Debug)]
pub(in crate::demo) struct Hook {
    /// Whether it changes objects.
    pub(in crate::demo) mutates: bool,
    /// The configuration's name.
    pub(in crate::demo) name: &'static str,
    /// The Service that answers, as `namespace/name`.
    pub(in crate::demo) service: &'static str,
    /// Whether a request passes that it can't judge.
    pub(in crate::demo) fails_open: bool,
    /// What it judges, as `group/resource`; nothing stands for the core group.
    pub(in crate::demo) judges: &'static str,
    /// Who signed its certificate.
    pub(in crate::demo) authority: Authority,
}

const fn hook(
    mutates: bool,
    name: &'static str,
    service: &'static str,
    fails_open: bool,
    judges: &'static str,
    authority: Authority,
) -> Hook {
    Hook {
        mutates,
        name,
        service,
        fails_open,
        judges,
        authority,
    }
}

use Authority::{CertManager, Cluster, Kyverno};

/// All of them.
#[rustfmt::skip] // a table: a webhook a line
pub(in crate::demo) const HOOKS: &[Hook] = &[
    hook(false, "cert-manager-webhook", "cert-manager/cert-manager-webhook", false, "cert-manager.io/certificates", CertManager),
    hook(true, "cert-manager-webhook", "cert-manager/cert-manager-webhook", false, "cert-manager.io/certificaterequests", CertManager),
    hook(false, "ingress-nginx-admission", "ingress-nginx/controller", false, "networking.k8s.io/ingresses", Cluster),
    hook(false, "kyverno-resource-validating-webhook-cfg", "platform-tools/kyverno", true, "/pods", Kyverno),
    hook(true, "kyverno-resource-mutating-webhook-cfg", "platform-tools/kyverno", true, "apps/deployments", Kyverno),
    hook(false, "image-policy", "platform-tools/image-policy", true, "/pods", CertManager),
    hook(false, "externalsecret-validate", "external-secrets/eso-webhook", false, "external-secrets.io/externalsecrets", CertManager),
    hook(true, "vault-agent-injector-cfg", "vault/vault-agent-injector", true, "/pods", Cluster),
    hook(false, "prometheus-operator-rules", "monitoring/prometheus-operator", true, "monitoring.coreos.com/prometheusrules", Cluster),
    hook(true, "cnpg-mutating-webhook", "postgres/postgres-operator", false, "postgresql.cnpg.io/clusters", CertManager),
    hook(false, "cnpg-validating-webhook", "postgres/postgres-operator", false, "postgresql.cnpg.io/clusters", CertManager),
    hook(true, "spark-operator-webhook", "data-eng/spark-operator", false, "sparkoperator.k8s.io/sparkapplications", Cluster),
    hook(true, "legacy-crm-defaults", "legacy-crm/crm-defaults", true, "/configmaps", Cluster),
    hook(true, "argocd-tracking", "argocd/argocd-webhook", true, "/configmaps", Cluster),
    hook(false, "argocd-application-validation", "argocd/argocd-webhook", true, "apps/deployments", Cluster),
];
