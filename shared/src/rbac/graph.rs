//! The graph of access: subjects, bindings, roles and permissions in four layers, aggregated where there are many.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Subject;
use super::lists::AccessSize;
use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::page::At;

/// A layer of the graph; edges lead from each to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Layer {
    /// Whom bindings name.
    Subjects,
    /// RoleBindings and ClusterRoleBindings.
    Bindings,
    /// The roles that they grant.
    Roles,
    /// Verbs on a resource, as a rule writes them.
    Permissions,
}

impl Layer {
    /// Them, from left to right.
    pub const ALL: [Self; 4] = [Self::Subjects, Self::Bindings, Self::Roles, Self::Permissions];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Subjects => "Subjects",
            Self::Bindings => "Bindings",
            Self::Roles => "Roles",
            Self::Permissions => "Permissions",
        }
    }
}

/// What is special about a node or an edge; the greater where both are true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// It leads to cluster-admin.
    Hot,
    /// It answers the question that was asked.
    Answer,
}

/// A node: one object, or a group of them that can be opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GraphNode {
    /// Names it in `open`, where it is a group, and is the same from one answer to the next.
    pub id: String,
    /// Its layer.
    pub layer: Layer,
    /// The small line: `RoleBinding shop`, `ServiceAccounts`.
    pub kind: String,
    /// The large line: `payments-api`, `161 in 38 namespaces`.
    pub name: String,
    /// How many objects it stands for.
    pub count: u32,
    /// Whether it is a group.
    pub is_group: bool,
    /// What is special about it.
    pub mark: Mark,
    /// Its place in its layer, from the top, in rows.
    pub row: f32,
    /// The subject that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// The binding or role that it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectRef>,
}

/// An edge from a node of one layer to one of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GraphEdge {
    /// The place of the node on its left, in the list of nodes.
    pub from: u32,
    /// The place of the node on its right.
    pub to: u32,
    /// How many edges between objects it stands for.
    pub count: u32,
    /// What is special about it.
    pub mark: Mark,
}

/// How much of a layer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayerSize {
    /// The layer.
    pub layer: Layer,
    /// How many objects are in it, or behind its groups.
    pub objects: u32,
    /// How many nodes are drawn.
    pub nodes: u32,
}

/// The graph.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Graph {
    /// Nodes, layer by layer, from the top.
    pub nodes: Vec<GraphNode>,
    /// Edges.
    pub edges: Vec<GraphEdge>,
    /// The layers.
    pub layers: Vec<LayerSize>,
    /// How much there is in all, whatever was filtered out.
    pub size: AccessSize,
}

/// What of the graph is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GraphQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<chrono::DateTime<chrono::Utc>>,
    /// Ids of groups to open, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
    /// Only what goes through a subject, binding or role with this in its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only bindings that grant in this namespace, those of the whole cluster left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `escalation`: only what leads to cluster-admin; `in-use`: only service accounts that a pod runs as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    /// The question whose answer is marked: the verb. Without it, what `user` and `groups` may do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub verb: String,
    /// The question's resource: `pods/exec`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// The question's namespace.
    #[serde(rename = "in", skip_serializing_if = "String::is_empty")]
    pub within: String,
    /// The question's object.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The question's path, for what is no resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The question's user.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// The question's groups, separated by commas.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub groups: String,
}

/// A part of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Only {
    /// What leads to cluster-admin.
    Escalation,
    /// Service accounts that a pod runs as.
    InUse,
}

impl From<&GraphQuery> for At {
    fn from(query: &GraphQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}
