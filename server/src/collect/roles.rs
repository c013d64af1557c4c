//! Roles that bindings name and that no list held: lists are read at different instants, so each is asked for by name
//! before it is taken for missing.

use std::collections::BTreeSet;

use analysis::model::Snapshot;
use analysis::model::kind::{Kind, Object};
use analysis::model::normalise::normalise;
use analysis::model::rbac::{ClusterRoleBinding, RoleBinding, RoleRef};
use futures::StreamExt;
use kube::Client;
use shared::object::ObjectRef;
use shared::snapshots::Collected;

use super::fetch::{self, Refusal};
use super::{list, retry};

/// How many are asked for; a cluster with more dangling references than this has other worries.
const MAX_ASKED: usize = 100;
const AT_A_TIME: usize = 8;

type Key = (Kind, String, String);

/// Puts the roles that exist after all into the snapshot, and says of which it could not be found out.
pub(super) async fn confirm(client: &Client, snapshot: &mut Snapshot) {
    let missing = missing(snapshot);
    let unasked = missing.iter().skip(MAX_ASKED).cloned();
    let mut doubtful: Vec<Key> = unasked.collect();
    let asked = futures::stream::iter(missing.into_iter().take(MAX_ASKED)).map(|key| ask(client, key));
    let answers: Vec<(Key, Result<Option<Object>, Refusal>)> = asked.buffer_unordered(AT_A_TIME).collect().await;
    for (key, answer) in answers {
        match answer {
            Ok(Some(role)) => snapshot.put(role),
            Ok(None) => {}
            Err(_) => doubtful.push(key),
        }
    }
    snapshot.doubtful.extend(doubtful.into_iter().map(reference));
}

/// Says that roles which are not there may exist all the same: they were not asked for.
pub(super) fn doubt(snapshot: &mut Snapshot) {
    let missing = missing(snapshot);
    snapshot.doubtful.extend(missing.into_iter().map(reference));
}

fn reference((kind, namespace, name): Key) -> ObjectRef {
    let info = kind.info();
    ObjectRef {
        group: info.group.into(),
        kind: info.kind.into(),
        namespace,
        name,
    }
}

fn missing(snapshot: &Snapshot) -> BTreeSet<Key> {
    let of_namespaces = snapshot.all::<RoleBinding>().map(|binding| {
        let namespace = binding.metadata.as_ref().map_or("", |meta| meta.namespace.as_str());
        (namespace, binding.role_ref.as_ref())
    });
    let of_cluster = snapshot
        .all::<ClusterRoleBinding>()
        .map(|binding| ("", binding.role_ref.as_ref()));
    let named = of_namespaces
        .chain(of_cluster)
        .filter_map(|(namespace, role)| key(namespace, role?));
    let was_read = |kind: Kind| matches!(snapshot.outcome(kind), Collected::Collected { .. });
    named
        .filter(|(kind, namespace, name)| was_read(*kind) && snapshot.get(*kind, namespace, name).is_none())
        .collect()
}

fn key(namespace: &str, role: &RoleRef) -> Option<Key> {
    match role.kind.as_str() {
        _ if role.name.is_empty() => None,
        "ClusterRole" => Some((Kind::ClusterRole, String::new(), role.name.clone())),
        "Role" if !namespace.is_empty() => Some((Kind::Role, namespace.to_owned(), role.name.clone())),
        _ => None,
    }
}

async fn ask(client: &Client, key: Key) -> (Key, Result<Option<Object>, Refusal>) {
    let answer = get(client, &key).await;
    (key, answer)
}

async fn get(client: &Client, (kind, namespace, name): &Key) -> Result<Option<Object>, Refusal> {
    let kind = *kind;
    let path = list::address(kind, kind.info().version, namespace, name);
    let answer = match fetch::get(client, &path, "application/json", retry::TRIES).await {
        Err(Refusal::Absent) => return Ok(None),
        answer => answer?,
    };
    let body = answer.unpack()?;
    let role = Object::deserialize(kind, &mut serde_json::Deserializer::from_slice(&body));
    Ok(normalise(
        role.map_err(|_| Refusal::Failed("a role can't be decoded".into()))?,
    ))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{self, ok, reply};
    use super::*;

    fn snapshot(roles: Collected) -> Snapshot {
        let binding = |namespace: &str, kind: &str, name: &str| {
            let manifest = serde_json::json!({
                "metadata": {"name": name, "namespace": namespace},
                "roleRef": {"kind": kind, "name": name},
            });
            let of = if namespace.is_empty() {
                Kind::ClusterRoleBinding
            } else {
                Kind::RoleBinding
            };
            Object::deserialize(of, manifest).unwrap()
        };
        let mut snapshot = Snapshot::new("");
        snapshot.set(Kind::Role, roles, Vec::new());
        snapshot.set(Kind::ClusterRole, Collected::Collected { count: 0 }, Vec::new());
        snapshot.put(binding("n", "Role", "late"));
        snapshot.put(binding("", "ClusterRole", "gone"));
        snapshot
    }

    #[tokio::test]
    async fn role_that_exists_after_all_is_put_in_and_the_others_stay_missing() {
        let mut snapshot = snapshot(Collected::Collected { count: 0 });
        let (client, _) = fake::api(|_, address| match address {
            "/apis/rbac.authorization.k8s.io/v1/namespaces/n/roles/late" => {
                ok(r#"{"metadata":{"name":"late","namespace":"n"}}"#)
            }
            _ => reply(404, &[], ""),
        });
        confirm(&client, &mut snapshot).await;
        assert!(snapshot.doubtful.is_empty());
        assert!(snapshot.get(Kind::Role, "n", "late").is_some());
        assert!(snapshot.of(Kind::ClusterRole).is_empty());
    }

    #[tokio::test]
    async fn role_of_a_kind_that_was_not_read_is_not_asked_for() {
        let mut snapshot = snapshot(Collected::Denied { reason: String::new() });
        let (client, asked) = fake::api(|_, _| reply(404, &[], ""));
        confirm(&client, &mut snapshot).await;
        assert_eq!(
            *asked.lock().unwrap(),
            ["/apis/rbac.authorization.k8s.io/v1/clusterroles/gone"]
        );
    }

    #[tokio::test]
    async fn role_of_which_nothing_is_answered_is_doubtful() {
        let mut snapshot = snapshot(Collected::Collected { count: 0 });
        let (client, _) = fake::api(|_, _| reply(403, &[], ""));
        confirm(&client, &mut snapshot).await;
        let names: Vec<_> = snapshot.doubtful.iter().map(|role| role.name.as_str()).collect();
        assert_eq!(names, ["gone", "late"]);
    }
}
