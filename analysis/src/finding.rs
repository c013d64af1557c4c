//! Findings, and what makes two of them the same.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use shared::findings::Witness;
use shared::ids::{ClusterId, FindingId};
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::verdict::Severity;

/// The id of a check. Those of built-in checks are borrowed from them, and so cost nothing.
pub type CheckId = Cow<'static, str>;

/// Something wrong with one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The check that found it.
    pub check: CheckId,
    /// How bad it is.
    pub severity: Severity,
    /// The object that a person would edit: the Deployment, not its pods.
    pub object: ObjectRef,
    /// What tells it from other findings of the check on the object: a container's name, a rule's content, a port.
    /// Never a uid, an index or a digest.
    pub subkey: String,
    /// The fact, in one line.
    pub title: String,
    /// What is wrong, in a sentence or two.
    pub message: String,
    /// The evidence.
    pub witness: Vec<Witness>,
    /// The change that closes it, where the object can be patched.
    pub patch: Option<Patch>,
    /// What the patch does, in a few words that start with a verb; empty without one.
    pub change: String,
    /// Why it is there by design, where a well-known controller needs it. It is no less bad for that.
    pub expected: Option<String>,
}

impl Finding {
    /// The same for the same cluster, check, object and subkey, across snapshots and releases.
    pub fn id(&self, cluster: ClusterId) -> FindingId {
        let ObjectRef {
            group,
            kind,
            namespace,
            name,
        } = &self.object;
        let mut hash = Sha256::new();
        hash.update(cluster.0.as_bytes());
        for part in [self.check.as_ref(), group, kind, namespace, name, &self.subkey] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        FindingId(
            digest[..8]
                .iter()
                .fold("f-".to_owned(), |id, byte| id + &format!("{byte:02x}")),
        )
    }

    /// Adds evidence from the finding's own object.
    pub fn witness(self, path: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        let object = self.object.clone();
        self.witness_in(object, path, value)
    }

    /// Adds evidence from a field of a container.
    pub fn witness_at(self, (object, path): (ObjectRef, String), value: impl Into<serde_json::Value>) -> Self {
        self.witness_in(object, path, value)
    }

    /// Adds evidence from another object.
    pub fn witness_in(self, object: ObjectRef, path: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.rests_on(Witness {
            object,
            path: path.into(),
            value: value.into(),
            measured: false,
        })
    }

    /// Adds evidence that was measured. It differs at every snapshot, and alone does not make another version of the finding; so title
    /// and message must not tell it.
    pub fn measured_in(self, object: ObjectRef, path: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.rests_on(Witness {
            object,
            path: path.into(),
            value: value.into(),
            measured: true,
        })
    }

    fn rests_on(mut self, witness: Witness) -> Self {
        // Most findings have one witness, and there are many; a vector that grows by itself begins with room for four.
        if self.witness.is_empty() {
            self.witness.reserve_exact(1);
        }
        self.witness.push(witness);
        self
    }

    /// Adds the change that closes it, where there is one, and what it does in words.
    pub fn patch(mut self, change: impl Into<String>, patch: impl Into<Option<Patch>>) -> Self {
        self.patch = patch.into();
        self.change = self.patch.as_ref().map(|_| change.into()).unwrap_or_default();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(name: &str, subkey: &str) -> Finding {
        let object = ObjectRef {
            group: "apps".into(),
            kind: "Deployment".into(),
            namespace: "n".into(),
            name: name.into(),
        };
        Finding {
            check: "c".into(),
            severity: Severity::High,
            object,
            subkey: subkey.into(),
            title: String::new(),
            message: String::new(),
            witness: Vec::new(),
            patch: None,
            change: String::new(),
            expected: None,
        }
    }

    #[test]
    fn identity_does_not_confuse_neighbouring_parts() {
        let cluster = ClusterId(shared_uuid());
        assert_ne!(finding("ab", "c").id(cluster), finding("a", "bc").id(cluster));
    }

    #[test]
    fn identity_is_stable_across_releases() {
        assert_eq!(
            finding("web", "nginx").id(ClusterId(shared_uuid())).0,
            "f-b9eb0468cc3978c4"
        );
    }

    fn shared_uuid() -> uuid::Uuid {
        uuid::Uuid::nil()
    }
}
