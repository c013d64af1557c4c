//! A question, as arguments.

use analysis::rbac::access::{Identity, Resources};
use anyhow::{Context, bail, ensure};
use shared::rbac::Question;

/// What is done to what.
#[derive(Debug, clap::Args)]
pub(super) struct Action {
    /// The verb: get, list, create, impersonate, *, …
    verb: Option<String>,
    /// The resource, as kubectl takes it: pods, deploy, deployments.apps, pods/exec for a subresource, * for all of all groups.
    resource: Option<String>,
    /// The subresource: exec.
    #[arg(long, conflicts_with = "url")]
    subresource: Option<String>,
    /// The name of the one object; without it, it is asked about all objects at once, or about those yet to be.
    #[arg(long, conflicts_with = "url")]
    name: Option<String>,
    /// The namespace; without it, it is asked about the whole cluster.
    #[arg(long, short, conflicts_with = "url")]
    namespace: Option<String>,
    /// A path instead of a resource: /metrics.
    #[arg(long, value_name = "PATH", conflicts_with = "resource")]
    url: Option<String>,
}

/// Who.
#[derive(Debug, clap::Args)]
pub(super) struct As {
    /// The user; a service account is system:serviceaccount:NAMESPACE:NAME. Groups that the API server adds are added.
    #[arg(long = "as", value_name = "USER")]
    user: Option<String>,
    /// A group of the user; without --as, who is in this group and in no other.
    #[arg(long = "as-group", value_name = "GROUP")]
    groups: Vec<String>,
}

impl As {
    /// Who is asked about.
    pub(super) fn identity(&self) -> anyhow::Result<Identity> {
        self.identity_if_any().context("say who, by --as or --as-group")
    }

    /// Who is asked about; none for everyone.
    pub(super) fn identity_if_any(&self) -> Option<Identity> {
        let user = self.user.as_deref().unwrap_or_default();
        let is_anyone = !user.is_empty() || !self.groups.is_empty();
        is_anyone.then(|| Identity::with_implied_groups(user, &self.groups))
    }
}

/// What is asked for, with the resource as it was written.
pub(super) struct Asked {
    pub(super) verb: String,
    pub(super) resource: String,
    pub(super) subresource: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) path: Option<String>,
}

impl Action {
    /// What is asked for.
    pub(super) fn asked(&self) -> anyhow::Result<Asked> {
        let Some(verb) = self.verb.clone().filter(|verb| !verb.is_empty()) else {
            bail!("say what is done, by a verb");
        };
        let resource = self.resource.clone().unwrap_or_default();
        let path = self
            .url
            .clone()
            .or_else(|| resource.starts_with('/').then(|| resource.clone()));
        if let Some(path) = &path {
            ensure!(
                path.starts_with('/') || path == "*",
                "{path} is no path: it begins with no slash"
            );
        }
        let resource = if path.is_some() { String::new() } else { resource };
        ensure!(
            path.is_some() || !resource.is_empty(),
            "say to what it is done, by a resource or by --url"
        );
        let (resource, written) = resource.split_once('/').unwrap_or((&resource, ""));
        let subresource = match &self.subresource {
            Some(_) if !written.is_empty() => bail!("the subresource is given twice"),
            Some(given) => given,
            None => written,
        };
        Ok(Asked {
            verb,
            resource: resource.to_owned(),
            subresource: subresource.to_owned(),
            namespace: self.namespace.clone().filter(|_| path.is_none()).unwrap_or_default(),
            name: self.name.clone().filter(|_| path.is_none()).unwrap_or_default(),
            path,
        })
    }
}

impl Asked {
    /// The question, without who asks, once it is known which resources there are.
    pub(super) fn question(self, resources: &Resources) -> Question {
        let (group, resource) = match self.path {
            Some(_) => ("", ""),
            None => resources.meant(&self.resource),
        };
        Question {
            group: group.to_owned(),
            resource: resource.to_owned(),
            verb: self.verb,
            subresource: self.subresource,
            namespace: self.namespace,
            name: self.name,
            path: self.path,
            ..Question::default()
        }
    }

    /// `pods`, `pods/exec`.
    pub(super) fn resource_path(&self) -> String {
        match self.subresource.as_str() {
            "" => self.resource.clone(),
            subresource => format!("{}/{subresource}", self.resource),
        }
    }
}
