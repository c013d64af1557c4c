//! A question, as arguments.

use analysis::rbac::access::{Identity, Resources};
use anyhow::{Context, bail};
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

impl Action {
    /// The question, without who asks.
    pub(super) fn question(&self, resources: &Resources) -> anyhow::Result<Question> {
        let Some(verb) = self.verb.clone().filter(|verb| !verb.is_empty()) else {
            bail!("say what is done, by a verb");
        };
        let namespace = self.namespace.clone().unwrap_or_default();
        let resource = self.resource.as_deref().unwrap_or_default();
        let path = self
            .url
            .as_deref()
            .or(Some(resource).filter(|text| text.starts_with('/')));
        if let Some(path) = path {
            if !path.starts_with('/') && path != "*" {
                bail!("{path} is no path: it begins with no slash");
            }
            return Ok(Question {
                verb,
                path: Some(path.to_owned()),
                ..Question::default()
            });
        }
        if resource.is_empty() {
            bail!("say to what it is done, by a resource or by --url");
        }
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let subresource = match (&self.subresource, subresource) {
            (Some(given), "") => given,
            (Some(_), _) => bail!("the subresource is given twice"),
            (None, written) => written,
        };
        let (group, resource) = resources.meant(resource);
        Ok(Question {
            verb,
            group: group.to_owned(),
            resource: resource.to_owned(),
            subresource: subresource.to_owned(),
            namespace,
            name: self.name.clone().unwrap_or_default(),
            ..Question::default()
        })
    }
}
