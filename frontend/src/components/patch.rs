//! A patch, as it can be pasted into a terminal.

use leptos::prelude::*;
use serde_json::Value;
use shared::object::ObjectRef;
use shared::patch::Patch;

use super::code::{Line, LineKind, code};
use crate::yaml;

/// The command, which can be copied.
pub(crate) fn patch(patch: &Patch) -> AnyView {
    let lines = lines(patch);
    let copied = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    code(label(patch).into(), lines, copied)
}

fn label(patch: &Patch) -> &'static str {
    match patch {
        Patch::Strategic { .. } => "kubectl patch, strategic merge",
        Patch::Merge { .. } => "kubectl patch, JSON merge",
        Patch::Create { .. } => "kubectl apply, a new object",
        Patch::Delete { .. } => "kubectl delete",
    }
}

/// The command, with the body in a here-document.
fn lines(patch: &Patch) -> Vec<Line> {
    match patch {
        Patch::Strategic { target, body } => patching(target, "strategic", &body.value()),
        Patch::Merge { target, body } => patching(target, "merge", body),
        Patch::Create { manifest } => with_body(vec!["kubectl apply --filename - <<'EOF'".into()], manifest),
        Patch::Delete { target } => deleting(target),
    }
}

fn patching(target: &ObjectRef, how: &str, body: &Value) -> Vec<Line> {
    let mut command = vec![format!("kubectl patch {} \\", named(target))];
    command.extend(within(target).map(|namespace| format!("  {namespace} \\")));
    command.push(format!("  --type {how} --patch-file /dev/stdin <<'EOF'"));
    with_body(command, body)
}

fn deleting(target: &ObjectRef) -> Vec<Line> {
    let namespace = within(target).map(|namespace| format!(" {namespace}"));
    let text = format!("kubectl delete {}{}", named(target), namespace.unwrap_or_default());
    vec![Line {
        text,
        kind: LineKind::Del,
    }]
}

fn with_body(command: Vec<String>, body: &Value) -> Vec<Line> {
    let plain = |text: String| Line {
        text,
        kind: LineKind::Plain,
    };
    // In a merge, null takes a field away.
    let kind = |text: &str| {
        if text.ends_with(": null") {
            LineKind::Del
        } else {
            LineKind::Add
        }
    };
    let body = yaml::lines(body).into_iter().map(|text| Line {
        kind: kind(&text),
        text,
    });
    command
        .into_iter()
        .map(plain)
        .chain(body)
        .chain([plain("EOF".into())])
        .collect()
}

/// `deployment.apps/web`, as kubectl takes it: the kind is never mistaken for another group's.
fn named(object: &ObjectRef) -> String {
    let kind = object.kind.to_lowercase();
    let group = if object.group.is_empty() { "" } else { "." };
    quoted(&format!("{kind}{group}{}/{}", object.group, object.name))
}

/// The flag for the object's namespace; none for cluster-scoped objects.
fn within(object: &ObjectRef) -> Option<String> {
    (!object.namespace.is_empty()).then(|| format!("--namespace {}", quoted(&object.namespace)))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'@');
    if word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(group: &str, kind: &str, namespace: &str, name: &str) -> ObjectRef {
        ObjectRef {
            group: group.into(),
            kind: kind.into(),
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    fn text(patch: &Patch) -> Vec<String> {
        lines(patch).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_patch_is_a_command_with_its_body() {
        let target = object("apps", "Deployment", "shop", "web");
        let patch = Patch::Strategic {
            target,
            body: json!({"spec": {"replicas": 2}}).into(),
        };
        let command = [
            "kubectl patch deployment.apps/web \\",
            "  --namespace shop \\",
            "  --type strategic --patch-file /dev/stdin <<'EOF'",
        ];
        let body = ["spec:", "  replicas: 2", "EOF"];
        assert_eq!(text(&patch), [command, body].concat());
    }

    #[test]
    fn what_a_merge_takes_away_is_marked_so() {
        let target = object("", "Namespace", "", "shop");
        let lines = lines(&Patch::Merge {
            target,
            body: json!({"metadata": {"labels": null}}),
        });
        assert!(matches!(lines[2].kind, LineKind::Add) && matches!(lines[3].kind, LineKind::Del));
    }

    #[test]
    fn core_and_cluster_scoped_objects_carry_neither_group_nor_namespace() {
        let target = object("", "Namespace", "", "shop");
        assert_eq!(text(&Patch::Delete { target }), ["kubectl delete namespace/shop"]);
    }

    #[test]
    fn a_name_cannot_leave_its_word() {
        let target = object("rbac.authorization.k8s.io", "ClusterRole", "", "a; rm -rf '$HOME'");
        let expected = r"kubectl delete 'clusterrole.rbac.authorization.k8s.io/a; rm -rf '\''$HOME'\'''";
        assert_eq!(text(&Patch::Delete { target }), [expected]);
    }
}
