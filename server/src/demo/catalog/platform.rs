//! What others wrote: the platform's own components, databases and tools, each with its image.

use crate::demo::flaw::Flaw;

/// How many pods a component has, and what makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::demo) enum Run {
    /// A Deployment of that many.
    Deployment(u32),
    /// A StatefulSet of that many, each with a volume of its own.
    StatefulSet(u32),
    /// A DaemonSet, one on each node.
    DaemonSet,
    /// A CronJob with this schedule.
    CronJob(&'static str),
    /// A Job that has ended.
    Job,
}

/// A path of the node that a component mounts.
#[derive(Debug, Clone, Copy)]
pub(in crate::demo) struct HostPath {
    /// The path.
    pub(in crate::demo) path: &'static str,
    /// Whether it is mounted read-only.
    pub(in crate::demo) read_only: bool,
}

const fn write(path: &'static str) -> HostPath {
    HostPath { path, read_only: false }
}

const fn read(path: &'static str) -> HostPath {
    HostPath { path, read_only: true }
}

/// A component.
#[derive(Debug, Clone, Copy)]
pub(in crate::demo) struct Component {
    /// Its namespace.
    pub(in crate::demo) namespace: &'static str,
    /// Its name, and its service account's.
    pub(in crate::demo) name: &'static str,
    /// What makes its pods.
    pub(in crate::demo) run: Run,
    /// Its image's repository, below the company's registry.
    pub(in crate::demo) image: &'static str,
    /// The image's tag.
    pub(in crate::demo) tag: &'static str,
    /// The port that its Service leads to; 0 where it has none.
    pub(in crate::demo) port: u16,
    /// Whether an ingress leads to it.
    pub(in crate::demo) exposed: bool,
    /// What is wrong with it all the time.
    pub(in crate::demo) flaws: &'static [Flaw],
    /// Paths of the node that it mounts.
    pub(in crate::demo) paths: &'static [HostPath],
}

impl Component {
    const fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    const fn exposed(self) -> Self {
        Self { exposed: true, ..self }
    }

    const fn flaws(self, flaws: &'static [Flaw]) -> Self {
        Self { flaws, ..self }
    }

    const fn paths(self, paths: &'static [HostPath]) -> Self {
        Self { paths, ..self }
    }
}

const fn of(
    namespace: &'static str,
    name: &'static str,
    run: Run,
    image: &'static str,
    tag: &'static str,
) -> Component {
    Component {
        namespace,
        name,
        run,
        image,
        tag,
        port: 0,
        exposed: false,
        flaws: &[],
        paths: &[],
    }
}

use Flaw::{Automounts, Floating, HostNetwork, HostPid, NoLimits, Privileged, Relaxed, TagOnly};
use Run::{CronJob, DaemonSet, Deployment, Job, StatefulSet};

/// What an operator needs: it talks to the API server.
const OPERATOR: &[Flaw] = &[Automounts];

/// All of them.
#[rustfmt::skip] // a table: a component a line
pub(in crate::demo) const COMPONENTS: &[Component] = &[
    // The cluster itself.
    of("kube-system", "coredns", Deployment(3), "kubernetes/coredns", "v1.12.4").port(9153).flaws(OPERATOR),
    of("kube-system", "cilium", DaemonSet, "cilium/cilium", "v1.18.4")
        .flaws(&[Automounts, Privileged, HostNetwork, Relaxed])
        .paths(&[write("/var/run/cilium"), write("/etc/cni/net.d")]),
    of("kube-system", "cilium-operator", Deployment(2), "cilium/operator-generic", "v1.18.4")
        .flaws(&[Automounts, HostNetwork]),
    of("kube-system", "hubble-relay", Deployment(1), "cilium/hubble-relay", "v1.18.4").port(4245),
    of("kube-system", "metrics-server", Deployment(2), "kubernetes/metrics-server", "v0.8.0")
        .port(10250).flaws(OPERATOR),
    of("kube-system", "csi-block-node", DaemonSet, "csi/block-driver", "v2.31.0")
        .flaws(&[Automounts, Privileged, Relaxed]).paths(&[write("/var/lib/kubelet/plugins"), write("/dev")]),
    of("kube-system", "device-plugin", DaemonSet, "ml/device-plugin", "v0.17.4")
        .flaws(&[Relaxed]).paths(&[write("/var/lib/kubelet/device-plugins")]),
    of("kube-system", "csi-block-controller", Deployment(2), "csi/block-driver", "v2.31.0").flaws(OPERATOR),
    of("kube-system", "cluster-autoscaler", Deployment(1), "kubernetes/cluster-autoscaler", "v1.37.0").flaws(OPERATOR),
    of("kube-system", "snapshot-controller", Deployment(2), "csi/snapshot-controller", "v8.3.0").flaws(OPERATOR),
    // Delivery.
    of("argocd", "argocd-application-controller", StatefulSet(1), "argoproj/argocd", "v3.1.8").flaws(OPERATOR),
    of("argocd", "argocd-server", Deployment(2), "argoproj/argocd", "v3.1.8").port(8080).exposed().flaws(OPERATOR),
    of("argocd", "argocd-repo-server", Deployment(2), "argoproj/argocd", "v3.1.8").port(8081),
    of("argocd", "argocd-applicationset-controller", Deployment(1), "argoproj/argocd", "v3.1.8")
        .port(7000).flaws(OPERATOR),
    of("argocd", "argocd-notifications-controller", Deployment(1), "argoproj/argocd", "v3.1.8").flaws(OPERATOR),
    of("argocd", "argocd-dex-server", Deployment(1), "dexidp/dex", "v2.43.1").port(5556),
    of("argocd", "argocd-redis", StatefulSet(1), "library/redis", "7.4.2").port(6379),
    of("ci", "deployer", Deployment(4), "ci/runner", "2.321.0").flaws(&[Automounts, Relaxed, TagOnly]),
    of("ci", "runner-controller", Deployment(1), "ci/runner-controller", "0.12.1").flaws(OPERATOR),
    of("ci", "runner-linux", Deployment(8), "ci/runner", "2.321.0").flaws(&[Relaxed]),
    of("ci", "runner-arm", Deployment(3), "ci/runner", "2.321.0").flaws(&[Relaxed, NoLimits]),
    of("ci", "image-builder", Deployment(3), "moby/buildkit", "v0.25.1").port(1234).flaws(&[Relaxed, TagOnly]),
    of("ci", "build-cache", StatefulSet(2), "ci/cache", "1.9.0").port(8080),
    of("ci", "artifacts", StatefulSet(2), "ci/artifacts", "7.77.5").port(8082).exposed(),
    of("ci", "sonar", StatefulSet(1), "ci/sonar", "25.9").port(9000).exposed().flaws(&[TagOnly]),
    of("ci", "sonar-db", StatefulSet(1), "library/postgres", "16.10").port(5432),
    of("ci", "dependency-bot", CronJob("15 3 * * *"), "ci/renovate", "latest").flaws(&[Floating]),
    of("ci", "image-cleanup", CronJob("0 4 * * 0"), "ci/regctl", "v0.9.2"),
    of("ci", "preview-cleanup", CronJob("0 * * * *"), "kubernetes/kubectl", "v1.37.2").flaws(OPERATOR),
    // Certificates, secrets, ingress, backup.
    of("cert-manager", "cert-manager", Deployment(2), "jetstack/cert-manager-controller", "v1.18.3")
        .port(9402).flaws(OPERATOR),
    of("cert-manager", "cert-manager-cainjector", Deployment(1), "jetstack/cert-manager-cainjector", "v1.18.3")
        .flaws(OPERATOR),
    of("cert-manager", "cert-manager-webhook", Deployment(2), "jetstack/cert-manager-webhook", "v1.18.3")
        .port(10250).flaws(OPERATOR),
    of("external-secrets", "eso", Deployment(2), "external-secrets/external-secrets", "v0.20.4").flaws(OPERATOR),
    of("external-secrets", "eso-webhook", Deployment(1), "external-secrets/external-secrets", "v0.20.4").port(10250),
    of("external-secrets", "eso-cert-controller", Deployment(1), "external-secrets/external-secrets", "v0.20.4")
        .flaws(OPERATOR),
    of("ingress-nginx", "controller", Deployment(4), "ingress-nginx/controller", "v1.11.4").port(443).flaws(OPERATOR),
    of("ingress-nginx", "controller-internal", Deployment(2), "ingress-nginx/controller-chroot", "v1.13.3")
        .port(443).flaws(OPERATOR),
    of("ingress-nginx", "default-backend", Deployment(1), "ingress-nginx/defaultbackend", "1.5").port(8080),
    of("ingress-nginx", "admission-create", Job, "ingress-nginx/kube-webhook-certgen", "v1.5.3"),
    of("vault", "vault", StatefulSet(3), "hashicorp/vault", "1.20.4").port(8200).flaws(OPERATOR),
    of("vault", "vault-agent-injector", Deployment(2), "hashicorp/vault-k8s", "1.7.0").port(8080).flaws(OPERATOR),
    of("vault", "vault-snapshot", CronJob("30 1 * * *"), "hashicorp/vault", "1.20.4"),
    of("velero", "velero-server", Deployment(1), "velero/velero", "v1.17.0").port(8085).flaws(OPERATOR),
    of("velero", "node-agent", DaemonSet, "velero/velero", "v1.17.0")
        .flaws(&[Automounts, Relaxed]).paths(&[write("/")]),
    of("velero", "restore-test", CronJob("0 5 * * 6"), "velero/restore-test", "0.3.1").flaws(OPERATOR),
    // Observability.
    of("logging", "log-shipper", DaemonSet, "fluent/fluent-bit", "4.1.1")
        .flaws(&[Automounts, Relaxed]).paths(&[write("/run/containerd/containerd.sock"), read("/var/log")]),
    of("logging", "loki", StatefulSet(3), "grafana/loki", "3.5.7").port(3100),
    of("logging", "loki-gateway", Deployment(2), "nginxinc/nginx-unprivileged", "1.29.2").port(8080),
    of("logging", "loki-canary", DaemonSet, "grafana/loki-canary", "3.5.7").port(3500),
    of("logging", "log-archiver", CronJob("0 2 * * *"), "logging/archiver", "1.4.0").flaws(&[Relaxed]),
    of("monitoring", "prometheus", StatefulSet(2), "prometheus/prometheus", "v3.7.1").port(9090).flaws(OPERATOR),
    of("monitoring", "prometheus-operator", Deployment(1), "prometheus/prometheus-operator", "v0.86.1")
        .port(8443).flaws(OPERATOR),
    of("monitoring", "prometheus-adapter", Deployment(2), "kubernetes/prometheus-adapter", "v0.12.0")
        .port(6443).flaws(OPERATOR),
    of("monitoring", "alertmanager", StatefulSet(3), "prometheus/alertmanager", "v0.28.1").port(9093),
    of("monitoring", "grafana", Deployment(2), "grafana/grafana", "12.2.1")
        .port(3000).exposed().paths(&[write("/var/lib/grafana")]),
    of("monitoring", "kube-state-metrics", Deployment(1), "kubernetes/kube-state-metrics", "v2.17.0")
        .port(8080).flaws(OPERATOR),
    of("monitoring", "node-exporter", DaemonSet, "prometheus/node-exporter", "v1.10.0")
        .port(9100).flaws(&[HostNetwork, HostPid, Relaxed]).paths(&[read("/"), read("/proc"), read("/sys")]),
    of("monitoring", "blackbox-exporter", Deployment(2), "prometheus/blackbox-exporter", "v0.27.0").port(9115),
    of("monitoring", "pushgateway", Deployment(1), "prometheus/pushgateway", "v1.11.1").port(9091),
    of("monitoring", "thanos-query", Deployment(2), "thanos/thanos", "v0.39.2").port(9090),
    of("monitoring", "thanos-store", StatefulSet(2), "thanos/thanos", "v0.39.2").port(10901),
    of("monitoring", "thanos-compact", StatefulSet(1), "thanos/thanos", "v0.39.2"),
    of("tracing", "tempo", StatefulSet(3), "grafana/tempo", "2.9.0").port(3200),
    of("tracing", "otel-collector", Deployment(3), "otel/opentelemetry-collector-contrib", "0.138.0")
        .port(4317).flaws(OPERATOR),
    of("tracing", "otel-agent", DaemonSet, "otel/opentelemetry-collector-contrib", "0.138.0").port(4318),
    of("tracing", "jaeger-query", Deployment(1), "jaegertracing/jaeger", "2.11.0").port(16686).exposed(),
    of("tracing", "profiler", Deployment(2), "grafana/pyroscope", "1.15.0").port(4040),
    of("tracing", "service-graph", Deployment(1), "tracing/service-graph", "0.9.3").flaws(&[NoLimits]),
    // Tools that nobody quite owns.
    of("platform-tools", "node-tuner", DaemonSet, "platform/node-tuner", "0.8.2")
        .flaws(&[Privileged, HostPid, Relaxed, TagOnly, NoLimits]).paths(&[write("/sys/kernel")]),
    of("platform-tools", "plimsoll", Deployment(1), "platform/plimsoll", "0.1.0").port(8080).flaws(OPERATOR),
    of("platform-tools", "kyverno", Deployment(3), "kyverno/kyverno", "v1.15.2").port(9443).flaws(OPERATOR),
    of("platform-tools", "kyverno-reports", Deployment(1), "kyverno/reports-controller", "v1.15.2").flaws(OPERATOR),
    of("platform-tools", "trivy-operator", Deployment(1), "aquasecurity/trivy-operator", "0.29.0").flaws(OPERATOR),
    of("platform-tools", "image-policy", Deployment(2), "platform/image-policy", "1.2.0").port(8443),
    of("platform-tools", "namespace-operator", Deployment(1), "platform/namespace-operator", "0.14.0").flaws(OPERATOR),
    of("platform-tools", "reloader", Deployment(1), "stakater/reloader", "v1.4.8").flaws(OPERATOR),
    of("platform-tools", "descheduler", CronJob("*/30 * * * *"), "kubernetes/descheduler", "v0.34.0").flaws(OPERATOR),
    of("platform-tools", "cost-exporter", Deployment(1), "platform/cost-exporter", "0.3.0")
        .port(9003).flaws(&[TagOnly]),
    of("default", "netshoot", Deployment(1), "nicolaka/netshoot", "latest")
        .flaws(&[Automounts, Floating, NoLimits, Relaxed]),
    // Data.
    of("kafka", "kafka", StatefulSet(5), "kafka/kafka", "3.7.1").port(9092),
    of("kafka", "controller", StatefulSet(3), "kafka/kafka", "3.7.1").port(9093),
    of("kafka", "connect", Deployment(3), "kafka/kafka", "3.7.1").port(8083),
    of("kafka", "mirror", Deployment(2), "kafka/kafka", "3.7.1"),
    of("kafka", "schema-registry", Deployment(2), "kafka/schema-registry", "7.9.4").port(8081),
    of("kafka", "rest-proxy", Deployment(2), "kafka/rest-proxy", "7.9.4").port(8082),
    of("kafka", "kafka-ui", Deployment(1), "kafbat/kafka-ui", "v1.3.0").port(8080).exposed(),
    of("kafka", "cruise-control", Deployment(1), "kafka/cruise-control", "2.5.146").port(9090),
    of("kafka", "strimzi-operator", Deployment(1), "strimzi/operator", "0.48.0").flaws(OPERATOR),
    of("kafka", "exporter", Deployment(1), "strimzi/kafka-exporter", "1.9.0").port(9404),
    of("kafka", "topic-backup", CronJob("0 1 * * *"), "kafka/backup", "1.1.0").flaws(&[Relaxed]),
    of("minio", "minio", StatefulSet(4), "minio/minio", "2025.9.7").port(9000),
    of("minio", "minio-console", Deployment(1), "minio/console", "v1.7.6").port(9090).exposed(),
    of("minio", "bucket-sync", CronJob("*/20 * * * *"), "minio/mc", "2025.8.13").flaws(&[TagOnly]),
    of("minio", "minio-operator", Deployment(2), "minio/operator", "v7.1.1").flaws(OPERATOR),
    of("postgres", "postgres-operator", Deployment(1), "cloudnative-pg/operator", "1.27.1").port(9443).flaws(OPERATOR),
    of("postgres", "pay-db", StatefulSet(3), "library/postgres", "16.10").port(5432),
    of("postgres", "orders-db", StatefulSet(3), "library/postgres", "16.10").port(5432),
    of("postgres", "identity-db", StatefulSet(3), "library/postgres", "16.10").port(5432),
    of("postgres", "catalog-db", StatefulSet(3), "library/postgres", "16.10").port(5432),
    of("postgres", "web-db", StatefulSet(2), "library/postgres", "16.10").port(5432),
    of("postgres", "reports-db", StatefulSet(2), "library/postgres", "15.14").port(5432),
    of("postgres", "crm-db", StatefulSet(1), "library/postgres", "13.22").port(5432).flaws(&[TagOnly, NoLimits]),
    of("postgres", "pooler-pay", Deployment(2), "pgbouncer/pgbouncer", "1.24.1").port(6432),
    of("postgres", "pooler-orders", Deployment(2), "pgbouncer/pgbouncer", "1.24.1").port(6432),
    of("postgres", "pooler-identity", Deployment(2), "pgbouncer/pgbouncer", "1.24.1").port(6432),
    of("postgres", "pooler-catalog", Deployment(2), "pgbouncer/pgbouncer", "1.24.1").port(6432),
    of("postgres", "pgadmin", Deployment(1), "dpage/pgadmin4", "9.9").port(8080).exposed().flaws(&[Relaxed]),
    of("postgres", "backup-full", CronJob("0 2 * * 0"), "postgres/barman", "3.16.1"),
    of("postgres", "backup-incremental", CronJob("0 2 * * 1-6"), "postgres/barman", "3.16.1"),
    of("postgres", "vacuum", CronJob("0 4 * * *"), "library/postgres", "16.10"),
    of("postgres", "exporter", Deployment(1), "prometheus/postgres-exporter", "v0.18.1").port(9187),
    of("redis", "redis-operator", Deployment(1), "redis/operator", "v1.3.0").port(8443).flaws(OPERATOR),
    of("redis", "sessions", StatefulSet(3), "library/redis", "7.4.2").port(6379),
    of("redis", "rate-limits", StatefulSet(3), "library/redis", "7.4.2").port(6379),
    of("redis", "feature-store", StatefulSet(3), "library/redis", "7.4.2").port(6379),
    of("redis", "queues", StatefulSet(3), "library/redis", "7.4.2").port(6379),
    of("redis", "page-cache", StatefulSet(2), "library/redis", "7.2.11").port(6379).flaws(&[TagOnly]),
    of("redis", "sentinel", StatefulSet(3), "library/redis", "7.4.2").port(26379),
    of("redis", "twemproxy", Deployment(2), "redis/twemproxy", "0.5.0").port(22121),
    of("redis", "exporter", Deployment(1), "oliver006/redis-exporter", "v1.80.0").port(9121),
    of("redis", "rdb-backup", CronJob("0 3 * * *"), "redis/rdb-backup", "0.4.1"),
    of("data-eng", "airflow-scheduler", Deployment(2), "data-eng/airflow", "2.9.3").flaws(&[Automounts, Relaxed]),
    of("data-eng", "airflow-web", Deployment(2), "data-eng/airflow", "2.9.3").port(8080).exposed().flaws(&[Relaxed]),
    of("data-eng", "airflow-worker", StatefulSet(6), "data-eng/airflow", "2.9.3").flaws(&[Relaxed, NoLimits]),
    of("data-eng", "airflow-triggerer", Deployment(1), "data-eng/airflow", "2.9.3").flaws(&[Relaxed]),
    of("data-eng", "airflow-statsd", Deployment(1), "prometheus/statsd-exporter", "v0.28.0").port(9125),
    of("data-eng", "spark-operator", Deployment(1), "data-eng/spark-operator", "2.3.0").port(9443).flaws(OPERATOR),
    of("data-eng", "spark-history", Deployment(1), "data-eng/spark", "3.5.6").port(18080).flaws(&[Relaxed]),
    of("data-eng", "trino-coordinator", Deployment(1), "trino/trino", "477").port(8080),
    of("data-eng", "trino-worker", Deployment(6), "trino/trino", "477").flaws(&[NoLimits]),
    of("data-eng", "jupyter", StatefulSet(4), "data-eng/jupyter", "latest")
        .port(8888).exposed().flaws(&[Automounts, Floating, NoLimits, Relaxed]),
    of("ml-serving", "triton-a", Deployment(4), "ml/triton", "24.09").port(8000).flaws(&[TagOnly]),
    of("ml-serving", "triton-b", Deployment(3), "ml/triton", "24.09").port(8000).flaws(&[TagOnly]),
    of("ml-serving", "triton-c", Deployment(3), "ml/triton", "24.09").port(8000).flaws(&[TagOnly]),
    of("ml-serving", "triton-d", Deployment(2), "ml/triton", "24.09").port(8000).flaws(&[TagOnly]),
    of("ml-serving", "gpu-operator", Deployment(1), "ml/gpu-operator", "v25.3.4").flaws(OPERATOR),
    of("ml-serving", "notebook-proxy", Deployment(1), "ml/notebook-proxy", "nightly")
        .port(8888).flaws(&[Floating, Relaxed]),
    of("search", "elastic-master", StatefulSet(3), "search/elasticsearch", "8.19.5").port(9200),
    of("search", "elastic-data", StatefulSet(6), "search/elasticsearch", "8.19.5").port(9300),
    of("search", "elastic-ingest", Deployment(3), "search/elasticsearch", "8.19.5").port(9200),
    of("search", "kibana", Deployment(1), "search/kibana", "8.19.5").port(5601).exposed(),
    of("orders", "orders-migrate", Job, "orders/orders", "31.4.0"),
    of("payments", "payments-migrate", Job, "payments/payments", "7.2.0"),
];

/// Images that were never scanned: the scanner may not pull them, or they are of a kind that it does not read.
pub(in crate::demo) const NEVER_SCANNED: &[&str] = &[
    "ci/sonar",
    "legacy-crm/crm-soap",
    "ml/gpu-operator",
    "ml/notebook-proxy",
    "nicolaka/netshoot",
    "partners/sftp",
    "platform/cost-exporter",
    "support-tools/macros",
    "velero/restore-test",
];
