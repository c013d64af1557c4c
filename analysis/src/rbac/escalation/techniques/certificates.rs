//! Certificates of client and kubelet that a controller signs once they are approved: `pkg/controller/certificates` and
//! `plugin/pkg/admission/certificates`.
//!
//! Whoever may `sign` needs the key of an authority that the API server trusts beside it, so that is no step.

use shared::escalations::Technique;

use super::{halves, has};
use crate::rbac::escalation::build::Builder;
use crate::rbac::escalation::draft::Because;
use crate::rbac::escalation::fact::{Fact, Half, Place, Signer};
use crate::rbac::escalation::power::Power;

const SIGNERS: [(Signer, &str); 2] = [
    (Signer::Client, "kubernetes.io/kube-apiserver-client"),
    (Signer::Kubelet, "kubernetes.io/kube-apiserver-client-kubelet"),
];

/// Approving asks for the subresource and for the signer; a request of a kubelet for its first certificate is approved by
/// a controller, if whoever makes it may ask for that.
pub(super) fn combine(builder: &mut Builder<'_>, one: Half, other: Half, premises: &[Fact; 2]) -> bool {
    match (one.power, other.power) {
        (Power::Approve, Power::ApproveSigner) => {
            let names = builder.draft.names(other.names);
            let approved = SIGNERS
                .iter()
                .filter(|(_, name)| has(&names, name) || has(&names, "kubernetes.io/*"));
            let approved: Vec<Fact> = approved.map(|(signer, _)| Fact::Approves(*signer)).collect();
            for fact in &approved {
                builder.draft.derive(premises, *fact, Because::default());
            }
            !approved.is_empty()
        }
        (Power::CreateRequest, Power::BecomeNode) => {
            builder
                .draft
                .step(premises, Fact::NodeIdentity, Technique::NodeIdentity);
            true
        }
        _ => false,
    }
}

pub(super) fn finish(builder: &mut Builder<'_>) {
    for request in halves(builder, Power::CreateRequest) {
        let approved = |signer| [Fact::May(request), Fact::Approves(signer)];
        let draft = &mut builder.draft;
        draft.step(&approved(Signer::Client), Fact::AnyCertificate, Technique::Certificate);
        draft.step(&approved(Signer::Kubelet), Fact::NodeIdentity, Technique::Certificate);
    }
    for fact in [Fact::AnyUser, Fact::AccountNames(Place::Every), Fact::NodeIdentity] {
        builder.draft.implies(Fact::AnyCertificate, fact);
    }
}
