//! A cluster's network as it was known then, evaluated once for all who ask about it.

use std::sync::Arc;

use analysis::cluster::Cluster;
use analysis::network::classes::Of;
use analysis::network::coverage;
use analysis::network::enforcement::enforcement;
use analysis::network::evaluated::Evaluated;
use analysis::network::exposure::exposure;
use analysis::network::known::gaps;
use analysis::network::read;
use analysis::network::rule::Flaw;
use shared::network::answers::{CoverageAnswer, ExposureAnswer, InvalidPolicy};
use shared::page::AsOf;

use crate::api::error::ApiError;
use crate::api::kept::Basis;
use crate::api::models;
use crate::api::state::AppState;
use crate::store::viewer::Viewer;

/// What is known of it.
#[derive(Debug)]
pub struct KnownNetwork {
    /// The cluster under its policies.
    pub evaluated: Evaluated,
    /// The policies that the API server would not take.
    pub flaws: Vec<Flaw>,
    /// What was not read, in sentences.
    pub gaps: Vec<String>,
    /// How far policies cover it, and whether anything enforces them.
    pub coverage: CoverageAnswer,
    /// What is open to the outside.
    pub exposure: ExposureAnswer,
}

/// The network of a snapshot.
///
/// # Errors
/// The database did not answer.
pub(super) async fn known(state: &AppState, viewer: &Viewer, as_of: &AsOf) -> Result<Arc<KnownNetwork>, ApiError> {
    let work = async {
        let model = models::model(state, viewer, as_of).await?;
        let (taken_at, settings) = (as_of.taken_at, state.settings.settings());
        let evaluate = move || evaluated(Cluster::with(&model.snapshot, taken_at, &settings));
        tokio::task::spawn_blocking(evaluate).await.map_err(ApiError::internal)
    };
    state.networks.get(&Basis::new(viewer, as_of), work).await
}

fn evaluated(cluster: Cluster<'_>) -> KnownNetwork {
    let flaws = read::policies(cluster.snapshot).1;
    let (coverage, exposure) = (covered(&cluster, &flaws), exposed(&cluster));
    KnownNetwork {
        flaws,
        gaps: gaps(cluster.snapshot),
        coverage,
        exposure,
        evaluated: cluster.into_network(),
    }
}

fn covered(cluster: &Cluster<'_>, flaws: &[Flaw]) -> CoverageAnswer {
    let (coverage, not_evaluated) = told(coverage::of(cluster));
    let network = &cluster.network().network;
    let classes = network.classes.all.iter().filter(|class| class.of == Of::Pods);
    let invalid = flaws.iter().map(|flaw| InvalidPolicy {
        object: flaw.object.clone(),
        path: flaw.path.clone(),
        reason: flaw.reason.clone(),
    });
    CoverageAnswer {
        coverage,
        not_evaluated,
        enforcement: Some(enforcement(cluster)),
        policies: u32::try_from(network.policies.len()).unwrap_or(u32::MAX),
        classes: u32::try_from(classes.count()).unwrap_or(u32::MAX),
        invalid: invalid.collect(),
    }
}

fn exposed(cluster: &Cluster<'_>) -> ExposureAnswer {
    let network = cluster.network();
    let (exposure, not_evaluated) = told(exposure(cluster, &network.model, &network.network));
    ExposureAnswer {
        exposure,
        not_evaluated,
    }
}

/// What is known, or why it is not.
pub(super) fn told<T>(found: Result<T, String>) -> (Option<T>, Option<String>) {
    match found {
        Ok(found) => (Some(found), None),
        Err(reason) => (None, Some(reason)),
    }
}
