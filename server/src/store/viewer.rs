//! Who is looking, and what they may see.

/// What someone may see of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Everything.
    All,
    /// What lies in these namespaces, and nothing that lies in none.
    Namespaces(Vec<String>),
}

impl Viewer {
    /// The namespaces that queries are held to; none where they are not.
    pub(super) fn namespaces(&self) -> Option<&[String]> {
        match self {
            Self::All => None,
            Self::Namespaces(names) => Some(names),
        }
    }
}
