//! Who asks, and for what: the attributes that the authoriser sees.

use shared::rbac::{Subject, SubjectKind};

const ACCOUNT: &str = "system:serviceaccount:";
const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";
const MASTERS: &str = "system:masters";

/// Who asks: a user's name and groups. Service accounts are users of the name `system:serviceaccount:NAMESPACE:NAME`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The user's name; empty where only groups are asked about.
    pub user: String,
    /// The groups.
    pub groups: Vec<String>,
}

impl Identity {
    /// A user in these groups and in those that the API server adds: everyone's, and those of a service account.
    pub fn with_implied_groups(user: &str, groups: &[String]) -> Self {
        let mut all = groups.to_vec();
        for group in implied(user, groups) {
            if !all.contains(&group) {
                all.push(group);
            }
        }
        Self {
            user: user.to_owned(),
            groups: all,
        }
    }

    /// Who a subject of a binding is; of a group, whoever is in it and in no other.
    pub fn of(subject: &Subject) -> Self {
        match subject.kind {
            SubjectKind::Group => Self {
                user: String::new(),
                groups: vec![subject.name.clone()],
            },
            _ => Self::with_implied_groups(&user_name(subject), &[]),
        }
    }

    /// Whether a binding that names a subject is for it: it is that user, or in that group.
    pub fn is_named_by(&self, subject: &Subject) -> bool {
        match subject.kind {
            SubjectKind::Group => self.groups.contains(&subject.name),
            _ => self.user == user_name(subject),
        }
    }

    /// Whether it is let through before any role is looked at.
    pub fn is_root(&self) -> bool {
        self.groups.iter().any(|group| group == MASTERS)
    }
}

fn implied(user: &str, groups: &[String]) -> Vec<String> {
    let is_unauthenticated = user == "system:anonymous" || groups.iter().any(|group| group == UNAUTHENTICATED);
    if user.is_empty() {
        return Vec::new();
    }
    if is_unauthenticated {
        return vec![UNAUTHENTICATED.to_owned()];
    }
    let mut implied = Vec::new();
    if let Some((namespace, _)) = account_of(user) {
        implied.push("system:serviceaccounts".to_owned());
        implied.push(format!("system:serviceaccounts:{namespace}"));
    }
    implied.push(AUTHENTICATED.to_owned());
    implied
}

/// The service account that a user's name stands for, as namespace and name.
pub(super) fn account_of(user: &str) -> Option<(&str, &str)> {
    let (namespace, name) = user.strip_prefix(ACCOUNT)?.split_once(':')?;
    (!namespace.is_empty() && !name.is_empty()).then_some((namespace, name))
}

/// The name by which the API server knows a user or a service account.
pub(super) fn user_name(subject: &Subject) -> String {
    match subject.kind {
        SubjectKind::ServiceAccount => format!("{ACCOUNT}{}:{}", subject.namespace, subject.name),
        _ => subject.name.clone(),
    }
}

/// The subject of a name as the API server knows it.
pub(super) fn subject(is_group: bool, name: &str) -> Subject {
    let (kind, namespace, name) = match account_of(name) {
        _ if is_group => (SubjectKind::Group, "", name),
        Some((namespace, name)) => (SubjectKind::ServiceAccount, namespace, name),
        None => (SubjectKind::User, "", name),
    };
    Subject {
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

/// A request, as the authoriser sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// `get`.
    pub verb: &'a str,
    /// What it is for.
    pub target: Target<'a>,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// A resource of the API.
    Resource {
        /// API group; empty for the core group.
        group: &'a str,
        /// `pods`.
        resource: &'a str,
        /// `exec`; empty for the resource itself.
        subresource: &'a str,
        /// The namespace; empty for the whole cluster, and for what stands in none.
        namespace: &'a str,
        /// The object's name; empty where the request carries none.
        name: &'a str,
    },
    /// A path that is no resource: `/metrics`.
    Url {
        /// The path.
        path: &'a str,
    },
}

impl<'a> Target<'a> {
    /// The namespace of whose bindings it is asked; none for paths and for what is asked of the whole cluster.
    pub(super) fn namespace(&self) -> Option<&'a str> {
        match self {
            Self::Resource { namespace, .. } => Some(*namespace).filter(|namespace| !namespace.is_empty()),
            Self::Url { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(user: &str, groups: &[&str]) -> Vec<String> {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        Identity::with_implied_groups(user, &groups).groups
    }

    #[test]
    fn everyone_is_in_the_groups_that_the_api_server_adds() {
        assert_eq!(groups("ann", &["dev"]), ["dev", "system:authenticated"]);
        let account = [
            "system:serviceaccounts",
            "system:serviceaccounts:shop",
            "system:authenticated",
        ];
        assert_eq!(groups("system:serviceaccount:shop:web", &[]), account);
        assert_eq!(groups("system:anonymous", &[]), ["system:unauthenticated"]);
        assert_eq!(groups("ann", &["system:authenticated"]), ["system:authenticated"]);
        assert_eq!(groups("", &["dev"]), ["dev"]);
    }

    #[test]
    fn a_user_named_like_a_service_account_is_one() {
        let account = subject(false, "system:serviceaccount:shop:web");
        assert_eq!(
            (account.kind, account.namespace.as_str()),
            (SubjectKind::ServiceAccount, "shop")
        );
        assert_eq!(user_name(&account), "system:serviceaccount:shop:web");
        assert_eq!(subject(false, "system:serviceaccount:shop").kind, SubjectKind::User);
        assert_eq!(subject(true, "system:serviceaccount:shop:web").kind, SubjectKind::Group);
    }
}
