//! Who may do what, beyond what Kubernetes brings itself: roles and bindings, as a person would read them.

/// A rule: words, divided by spaces; `core` stands for the core group.
pub(in crate::demo) struct Rule {
    /// `get list watch`.
    pub(in crate::demo) verbs: &'static str,
    /// `core apps`.
    pub(in crate::demo) groups: &'static str,
    /// `pods deployments`.
    pub(in crate::demo) resources: &'static str,
    /// Names of objects; empty for all.
    pub(in crate::demo) names: &'static str,
}

const fn rule(verbs: &'static str, groups: &'static str, resources: &'static str) -> Rule {
    Rule {
        verbs,
        groups,
        resources,
        names: "",
    }
}

const fn named(verbs: &'static str, groups: &'static str, resources: &'static str, names: &'static str) -> Rule {
    Rule {
        verbs,
        groups,
        resources,
        names,
    }
}

/// A role: a ClusterRole where it has no namespace.
pub(in crate::demo) struct Role {
    /// Its namespace; empty for a ClusterRole.
    pub(in crate::demo) namespace: &'static str,
    /// Its name.
    pub(in crate::demo) name: &'static str,
    /// What it allows.
    pub(in crate::demo) rules: &'static [Rule],
    /// What it allows once it is narrowed; empty where it never is.
    pub(in crate::demo) narrow: &'static [Rule],
}

const fn role(namespace: &'static str, name: &'static str, rules: &'static [Rule]) -> Role {
    Role {
        namespace,
        name,
        rules,
        narrow: &[],
    }
}

impl Role {
    const fn narrowed(self, narrow: &'static [Rule]) -> Self {
        Self { narrow, ..self }
    }
}

const READ: &str = "get list watch";
const WRITE: &str = "get list watch create update patch delete";

/// Roles that someone wrote.
#[rustfmt::skip] // a table: a rule a line
pub(in crate::demo) const ROLES: &[Role] = &[
    // Of the platform.
    role("", "external-secrets-controller", &[
        rule(READ, "external-secrets.io", "externalsecrets secretstores clustersecretstores"),
        rule(WRITE, "core", "secrets"),
        rule("create patch", "core", "events"),
    ]),
    role("", "cert-manager-controller", &[
        rule(WRITE, "cert-manager.io", "certificates certificaterequests issuers clusterissuers"),
        rule(READ, "networking.k8s.io", "ingresses"),
        rule("create patch", "core", "events"),
    ]),
    role("", "ingress-nginx", &[
        rule("list watch", "core", "configmaps endpoints nodes pods namespaces"),
        rule(READ, "networking.k8s.io", "ingresses ingressclasses"),
        rule("update", "networking.k8s.io", "ingresses/status"),
    ]),
    role("", "tls-secrets", &[rule(WRITE, "core", "secrets")]),
    role("", "metrics-reader", &[
        rule(READ, "core", "nodes nodes/metrics services endpoints pods"),
        rule("get", "core", "nodes/proxy"),
    ]),
    role("", "deploy-workloads", &[
        rule(WRITE, "apps", "deployments statefulsets daemonsets"),
        rule(WRITE, "batch", "jobs cronjobs"),
        rule(WRITE, "core", "configmaps services serviceaccounts"),
        rule(WRITE, "networking.k8s.io", "ingresses networkpolicies"),
    ]),
    role("", "csr-helper", &[
        rule(READ, "certificates.k8s.io", "certificatesigningrequests"),
        rule("update", "certificates.k8s.io", "certificatesigningrequests/approval"),
        named("approve", "certificates.k8s.io", "signers", "kubernetes.io/kube-apiserver-client"),
    ]),
    role("", "sre-breakglass", &[
        rule("impersonate", "core", "users groups serviceaccounts"),
        rule("create", "core", "pods/exec pods/attach pods/portforward"),
        rule(READ, "core", "pods pods/log events nodes"),
        rule("patch", "apps", "deployments statefulsets"),
        rule("delete", "core", "pods"),
    ]),
    role("", "public-status", &[rule("get list", "core", "pods")]),
    role("", "namespace-operator", &[
        rule(WRITE, "core", "namespaces resourcequotas limitranges"),
        rule(WRITE, "rbac.authorization.k8s.io", "rolebindings"),
        named("bind", "rbac.authorization.k8s.io", "clusterroles", "edit view deploy-workloads"),
    ]),
    role("", "plimsoll", &[
        rule("list", "core apps batch networking.k8s.io", "pods nodes namespaces services configmaps"),
        rule("list", "rbac.authorization.k8s.io", "roles rolebindings clusterroles clusterrolebindings"),
    ]),
    role("", "auditor", &[
        rule(READ, "core apps batch networking.k8s.io policy", "pods services deployments jobs ingresses"),
    ]),
    // Made of asterisks.
    role("", "argocd-server", &[rule("delete get patch", "*", "*"), rule("list", "core", "events")]),
    role("", "argocd-notifications-controller", &[rule("*", "core", "*")]),
    role("", "argocd-applicationset-controller", &[
        rule("*", "argoproj.io", "*"),
        rule("get list watch", "core", "secrets"),
    ]),
    role("", "spark-operator", &[
        rule("*", "core", "pods services configmaps"),
        rule("*", "sparkoperator.k8s.io", "*"),
    ])
    .narrowed(&[
        rule(WRITE, "core", "pods services configmaps"),
        rule(WRITE, "sparkoperator.k8s.io", "sparkapplications"),
    ]),
    role("", "strimzi-cluster-operator", &[rule("*", "kafka.strimzi.io", "*"), rule(WRITE, "core", "services pods")])
        .narrowed(&[rule(WRITE, "kafka.strimzi.io", "kafkas kafkatopics"), rule(WRITE, "core", "services pods")]),
    role("legacy-crm", "crm-admin", &[rule("*", "core apps batch", "*")])
        .narrowed(&[rule(WRITE, "core apps batch", "pods deployments cronjobs configmaps")]),
    role("ci", "runner", &[rule("*", "core", "pods"), rule("create", "core", "secrets")])
        .narrowed(&[rule("create get delete", "core", "pods"), rule("create", "core", "secrets")]),
    role("data-eng", "jupyter", &[rule("*", "core batch", "*")])
        .narrowed(&[rule("create get list delete", "core batch", "pods jobs")]),
    // Of the teams.
    role("batch", "job-runner", &[
        rule("create get list watch delete", "core batch", "pods jobs"),
        rule("get", "core", "pods/log"),
    ]),
    role("batch", "etl-admin", &[named("bind", "rbac.authorization.k8s.io", "clusterroles", "cluster-admin")]),
    role("payments", "payments-api", &[
        named("get", "core", "secrets", "stripe-key payments-env"),
        rule(READ, "core", "configmaps"),
        rule("create patch", "core", "events"),
    ]),
    role("web", "feature-flags-reader", &[rule(READ, "core", "configmaps")]),
    role("data-eng", "airflow", &[rule("create get list watch delete patch", "core", "pods pods/log pods/exec")]),
    role("monitoring", "grafana-dashboards", &[rule(READ, "core", "configmaps secrets")]),
];

/// A binding: of the cluster where it names no namespace, else one in each.
pub(in crate::demo) struct Binding {
    /// Where it stands; nowhere for a ClusterRoleBinding.
    pub(in crate::demo) namespaces: &'static [&'static str],
    /// Its name.
    pub(in crate::demo) name: &'static str,
    /// What it binds: `Role/x` or `ClusterRole/x`.
    pub(in crate::demo) role: &'static str,
    /// To whom: `sa:namespace/name`, `user:name` or `group:name`.
    pub(in crate::demo) subjects: &'static [&'static str],
}

const fn cluster(name: &'static str, role: &'static str, subjects: &'static [&'static str]) -> Binding {
    Binding {
        namespaces: &[],
        name,
        role,
        subjects,
    }
}

const fn within(
    namespaces: &'static [&'static str],
    name: &'static str,
    role: &'static str,
    subjects: &'static [&'static str],
) -> Binding {
    Binding {
        namespaces,
        name,
        role,
        subjects,
    }
}

/// The namespaces whose Secrets the platform fills.
const TENDED: &[&str] = &[
    "api-gateway",
    "cart",
    "catalog",
    "checkout",
    "identity",
    "orders",
    "partners",
    "payments",
    "search",
    "web",
];

/// The namespaces that Argo CD deploys to.
const DEPLOYED: &[&str] = &[
    "cart", "catalog", "checkout", "orders", "payments", "pricing", "search", "shipping", "web",
];

/// The namespaces of the data team.
const OF_DATA: &[&str] = &[
    "data-eng",
    "ml-serving",
    "recommend",
    "reports",
    "batch",
    "kafka",
    "minio",
];

/// Bindings that someone wrote; the story says which of them come and go.
#[rustfmt::skip] // a table: a binding a line
pub(in crate::demo) const BINDINGS: &[Binding] = &[
    // Root, to those who need less.
    cluster("ci-deployer", "ClusterRole/cluster-admin", &["sa:ci/deployer"]),
    cluster("argocd-application-controller", "ClusterRole/cluster-admin", &["sa:argocd/argocd-application-controller"]),
    cluster("argocd-server-admin", "ClusterRole/cluster-admin", &["sa:argocd/argocd-server"]),
    cluster("argocd-applicationset-admin", "ClusterRole/cluster-admin", &[
        "sa:argocd/argocd-applicationset-controller",
    ]),
    cluster("debug-all", "ClusterRole/cluster-admin", &["group:sre-oncall"]),
    // Of the platform.
    cluster("external-secrets-controller", "ClusterRole/external-secrets-controller", &["sa:external-secrets/eso"]),
    within(TENDED, "external-secrets", "ClusterRole/external-secrets-controller", &["sa:external-secrets/eso"]),
    within(TENDED, "tls-secrets", "ClusterRole/tls-secrets", &[
        "sa:cert-manager/cert-manager",
        "sa:ingress-nginx/controller",
        "sa:ingress-nginx/controller-internal",
    ]),
    cluster("cert-manager-controller", "ClusterRole/cert-manager-controller", &["sa:cert-manager/cert-manager"]),
    cluster("ingress-nginx", "ClusterRole/ingress-nginx", &[
        "sa:ingress-nginx/controller",
        "sa:ingress-nginx/controller-internal",
    ]),
    cluster("metrics-reader", "ClusterRole/metrics-reader", &[
        "sa:monitoring/prometheus",
        "sa:monitoring/prometheus-adapter",
    ]),
    cluster("csr-helper", "ClusterRole/csr-helper", &["sa:platform-tools/namespace-operator"]),
    cluster("sre-breakglass", "ClusterRole/sre-breakglass", &["group:sre-oncall"]),
    cluster("public-status", "ClusterRole/public-status", &["group:system:unauthenticated"]),
    cluster("namespace-operator", "ClusterRole/namespace-operator", &["sa:platform-tools/namespace-operator"]),
    cluster("plimsoll", "ClusterRole/plimsoll", &["sa:platform-tools/plimsoll"]),
    cluster("auditors", "ClusterRole/auditor", &["group:audit"]),
    cluster("platform-view", "ClusterRole/view", &["group:platform"]),
    cluster("spark-operator", "ClusterRole/spark-operator", &["sa:data-eng/spark-operator"]),
    cluster("strimzi-cluster-operator", "ClusterRole/strimzi-cluster-operator", &["sa:kafka/strimzi-operator"]),
    cluster("argocd-server", "ClusterRole/argocd-server", &["sa:argocd/argocd-server"]),
    cluster("argocd-applicationset-controller", "ClusterRole/argocd-applicationset-controller", &[
        "sa:argocd/argocd-applicationset-controller",
    ]),
    cluster("argocd-notifications-controller", "ClusterRole/argocd-notifications-controller", &[
        "sa:argocd/argocd-notifications-controller",
    ]),
    cluster("argocd-default", "ClusterRole/view", &["sa:argocd/default"]),
    within(DEPLOYED, "argocd-deployer", "ClusterRole/deploy-workloads", &["sa:argocd/argocd-application-controller"]),
    // Of the teams.
    within(&["cart", "catalog", "checkout", "orders", "pricing"], "team", "ClusterRole/edit", &["group:team-shop"]),
    within(&["payments", "fraud", "ledger"], "team", "ClusterRole/edit", &["group:team-payments"]),
    within(&["web", "api-gateway", "partners"], "team", "ClusterRole/edit", &["group:team-web"]),
    within(OF_DATA, "team", "ClusterRole/edit", &["group:team-data"]),
    within(&["identity"], "team", "ClusterRole/edit", &["group:team-identity"]),
    within(&["search"], "team", "ClusterRole/edit", &["group:team-search"]),
    within(&["shipping"], "team", "ClusterRole/edit", &["group:team-logistics"]),
    within(&["email", "notifications", "support-tools"], "team", "ClusterRole/edit", &["group:team-crm"]),
    within(&["batch"], "job-runner", "Role/job-runner", &["sa:batch/job-runner"]),
    within(&["batch"], "etl-admin", "Role/etl-admin", &["sa:batch/imports"]),
    within(&["payments"], "payments-api", "Role/payments-api", &["sa:payments/payments"]),
    within(&["web"], "feature-flags-reader", "Role/feature-flags-reader", &["sa:web/feature-flags"]),
    within(&["data-eng"], "airflow", "Role/airflow", &["sa:data-eng/airflow-scheduler", "sa:data-eng/airflow-worker"]),
    within(&["data-eng"], "jupyter", "Role/jupyter", &["sa:data-eng/jupyter"]),
    within(&["monitoring"], "grafana-dashboards", "Role/grafana-dashboards", &["sa:monitoring/grafana"]),
    within(&["ci"], "runner", "Role/runner", &["sa:ci/runner-linux", "sa:ci/runner-arm"]),
    within(&["legacy-crm"], "crm-admins", "Role/crm-admin", &["group:team-crm"]),
    // To accounts that every pod of a namespace has.
    within(&["reports"], "default-edit", "ClusterRole/edit", &["sa:reports/default"]),
    within(&["batch"], "default-edit", "ClusterRole/edit", &["sa:batch/default"]),
    within(&["ml-serving"], "default-view", "ClusterRole/view", &["sa:ml-serving/default"]),
    within(&["support-tools"], "default-edit", "ClusterRole/edit", &["sa:support-tools/default"]),
    within(&["legacy-crm"], "default-admin", "ClusterRole/admin", &["sa:legacy-crm/default"]),
    within(&["data-eng"], "default-airflow", "Role/airflow", &["sa:data-eng/default"]),
    // To roles that are gone.
    cluster("tiller", "ClusterRole/tiller-manager", &["sa:kube-system/tiller"]),
    within(&["web"], "preview-deployers", "ClusterRole/preview-admin", &["group:team-web"]),
    within(&["data-eng"], "airflow-legacy", "Role/airflow-kubernetes", &["sa:data-eng/airflow-web"]),
    within(&["kafka"], "mirror-maker", "Role/mirror-maker", &["sa:kafka/mirror"]),
    within(&["support-tools"], "helpdesk-sync", "Role/helpdesk-sync", &["sa:support-tools/helpdesk"]),
];
