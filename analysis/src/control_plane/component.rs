//! The components of the control plane.

/// A component that a static pod may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    /// What everything talks to.
    ApiServer,
    /// What makes the cluster as it should be.
    ControllerManager,
    /// What gives pods their nodes.
    Scheduler,
    /// What keeps it all.
    Etcd,
}

impl Component {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ApiServer, Self::ControllerManager, Self::Scheduler, Self::Etcd];

    /// The name of its program, and of the container and the manifest that kubeadm makes.
    pub fn program(self) -> &'static str {
        match self {
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Etcd => "etcd",
        }
    }

    /// The component of that program.
    pub fn of_program(program: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|component| component.program() == program)
    }

    /// What a person calls it, at the beginning of a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Self::ApiServer => "The API server",
            Self::ControllerManager => "The controller manager",
            Self::Scheduler => "The scheduler",
            Self::Etcd => "etcd",
        }
    }
}
