//! What the API server itself says.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use analysis::model::Kind;
use analysis::model::rbac::PolicyRule;
use analysis::rbac::access::Identity;
use analysis::rbac::defaults::DEFAULTS;
use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt};
use http::{Method, Request};
use kube::Client;
use serde_json::{Value, json};
use shared::rbac::Question;
use tokio::sync::{Mutex, MutexGuard};

use super::world::{BARE, NAMESPACES, World};
use crate::rest;

/// Questions that are on their way at a time.
const IN_FLIGHT: usize = 40;
/// How long the authoriser may take to learn of a change.
const LEARNS: Duration = Duration::from_secs(60);
const ROLES: [Kind; 4] = [
    Kind::ClusterRole,
    Kind::ClusterRoleBinding,
    Kind::Role,
    Kind::RoleBinding,
];

/// What is loaded, whichever test did it: the API server is one for all of them.
static LOADED: Mutex<Loaded> = Mutex::const_new(Loaded {
    objects: Vec::new(),
    marker: 0,
});

struct Loaded {
    objects: Vec<Value>,
    marker: u32,
}

/// The API server, with one world loaded at a time. Who has it has it alone.
pub struct Api {
    client: Client,
    loaded: MutexGuard<'static, Loaded>,
}

impl Api {
    /// Makes the namespaces of the worlds, and fills in what the API server's own roles aggregate: no controller runs that would.
    ///
    /// # Errors
    /// The API server refuses them.
    pub async fn new(client: Client) -> Result<Self> {
        let loaded = LOADED.lock().await;
        for name in NAMESPACES.iter().chain([&BARE]) {
            rest::apply(
                &client,
                &json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}),
            )
            .await?;
        }
        let defaults = World(serde_json::from_str(DEFAULTS)?).filled();
        for role in defaults.iter().filter(|role| role.get("aggregationRule").is_some()) {
            let rules = json!({ "rules": role["rules"] });
            let (kind, namespace, name) = rest::identity(role)?;
            let path = format!("{}/{name}", rest::collection(kind, namespace));
            rest::send(&client, Method::PATCH, &path, rest::MERGE, Some(&rules)).await?;
        }
        Ok(Self { client, loaded })
    }

    /// Replaces the world before by this one, and waits until the authoriser has learned of it.
    ///
    /// # Errors
    /// The API server refuses an object, or does not learn in time.
    pub async fn load(&mut self, world: &World) -> Result<()> {
        let old = std::mem::take(&mut self.loaded.objects);
        each(&old, async |object| {
            let (kind, namespace, name) = rest::identity(object)?;
            Ok(rest::delete(&self.client, kind, namespace, name).await?)
        })
        .await?;
        self.loaded.objects = world.filled();
        each(&self.loaded.objects, async |object| {
            rest::create(&self.client, object).await
        })
        .await?;
        self.loaded.marker += 1;
        let markers = markers(self.loaded.marker);
        // Each kind is watched by itself, in order: what came before the last of all four has arrived with them.
        each(&markers, async |object| rest::create(&self.client, object).await).await?;
        self.loaded.objects.extend(markers);
        tokio::time::timeout(LEARNS, self.learned())
            .await
            .context("the authoriser does not learn")?
    }

    async fn learned(&self) -> Result<()> {
        let user = format!("proof-marker-{}", self.loaded.marker);
        for namespace in ["", NAMESPACES[0]] {
            let question = Question {
                user: user.clone(),
                verb: "get".into(),
                resource: if namespace.is_empty() {
                    "of-cluster"
                } else {
                    "of-namespace"
                }
                .into(),
                namespace: namespace.into(),
                ..Question::default()
            };
            while !self.verdict(&question).await? {}
        }
        Ok(())
    }

    /// What a SubjectAccessReview says.
    ///
    /// # Errors
    /// The API server refuses it.
    pub async fn verdict(&self, question: &Question) -> Result<bool> {
        let Question {
            user,
            groups,
            verb,
            group,
            resource,
            subresource,
            namespace,
            name,
            path,
        } = question;
        let mut spec = json!({"user": user, "groups": groups});
        match path {
            Some(path) => spec["nonResourceAttributes"] = json!({"verb": verb, "path": path}),
            None => {
                spec["resourceAttributes"] = json!({
                    "verb": verb, "group": group, "resource": resource, "subresource": subresource,
                    "namespace": namespace, "name": name,
                });
            }
        }
        let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec});
        let address = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
        let answer = rest::send(&self.client, Method::POST, address, rest::JSON, Some(&review)).await?;
        answer["status"]["allowed"].as_bool().context("no verdict")
    }

    /// The verdicts on all of these, in their order.
    ///
    /// # Errors
    /// The API server refuses one.
    pub async fn verdicts(&self, questions: &[Question]) -> Result<Vec<bool>> {
        let asked = futures::stream::iter(questions).map(|question| self.verdict(question));
        asked.buffered(IN_FLIGHT).try_collect().await
    }

    /// What a SelfSubjectRulesReview says to somebody.
    ///
    /// # Errors
    /// The API server refuses it.
    pub async fn rules(&self, who: &Identity, namespace: &str) -> Result<Vec<PolicyRule>> {
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace},
        });
        let mut request = Request::post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
            .header("content-type", rest::JSON)
            .header("impersonate-user", &who.user);
        for group in &who.groups {
            request = request.header("impersonate-group", group);
        }
        let answer: Value = self
            .client
            .request(request.body(review.to_string().into_bytes())?)
            .await?;
        let lists = ["resourceRules", "nonResourceRules"].map(|list| answer["status"][list].as_array());
        let rules = lists.into_iter().flatten().flatten();
        rules.map(|rule| Ok(serde_json::from_value(rule.clone())?)).collect()
    }

    /// The resources that it serves, in the form of [`analysis::rbac::access::BUILT_IN`], but without their singulars and short
    /// names.
    ///
    /// # Errors
    /// It does not tell.
    pub async fn resources(&self) -> Result<BTreeSet<String>> {
        let mut served = BTreeMap::new();
        for address in ["/api", "/apis"] {
            let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
            let request = Request::get(address).header("accept", accept).body(Vec::new())?;
            let told: Value = self.client.request(request).await?;
            for group in told["items"].as_array().context("no groups")? {
                collect(group, &mut served);
            }
        }
        let line = |(resource, subresources): (String, BTreeSet<String>)| {
            format!("{resource} {}", subresources.into_iter().collect::<Vec<_>>().join(","))
        };
        Ok(served.into_iter().map(line).collect())
    }

    /// The world that is loaded, as it is read of a cluster.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn snapshot(
        &self,
        connection: &server::collect::target::Connection,
    ) -> Result<analysis::model::Snapshot> {
        let limits = server::collect::live::Limits {
            kinds: &ROLES,
            ..server::collect::live::Limits::default()
        };
        Ok(server::collect::live::collect(connection, &limits, &|_| {})
            .await?
            .snapshot)
    }
}

/// Adds the resources of all versions of a group.
fn collect(group: &Value, served: &mut BTreeMap<String, BTreeSet<String>>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for resource in list(&group["versions"])
        .iter()
        .flat_map(|version| list(&version["resources"]))
    {
        let scope = text(&resource["scope"]).to_lowercase();
        let name = format!(
            "{} {} {scope}",
            text(&group["metadata"]["name"]),
            text(&resource["resource"])
        );
        let subresources = list(&resource["subresources"]);
        let subresources = subresources.iter().map(|subresource| text(&subresource["subresource"]));
        served.entry(name).or_default().extend(subresources);
    }
}

async fn each<'a>(objects: &'a [Value], work: impl AsyncFn(&'a Value) -> Result<()>) -> Result<()> {
    let done = futures::stream::iter(objects).map(|object| work(object));
    done.buffer_unordered(IN_FLIGHT).try_collect().await
}

/// One object of each kind, that together let a user of their own do something.
fn markers(number: u32) -> Vec<Value> {
    let (name, api) = (format!("proof-marker-{number}"), "rbac.authorization.k8s.io/v1");
    let role = |kind: &str, resource: &str, namespace: Option<&str>| {
        json!({
            "apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": namespace},
            "rules": [{"verbs": ["get"], "apiGroups": [""], "resources": [resource]}],
        })
    };
    let binding = |kind: &str, of: &str, namespace: Option<&str>| {
        json!({
            "apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": namespace},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": of, "name": name},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}],
        })
    };
    let namespace = Some(NAMESPACES[0]);
    vec![
        role("ClusterRole", "of-cluster", None),
        role("Role", "of-namespace", namespace),
        binding("ClusterRoleBinding", "ClusterRole", None),
        binding("RoleBinding", "Role", namespace),
    ]
}
