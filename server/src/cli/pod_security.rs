//! `plimsoll pod-security`.

use std::io::{self, Write};
use std::process::ExitCode;

use analysis::model::Kind;
use analysis::pod_security::admission::Exemptions;
use analysis::pod_security::version::NEWEST;
use analysis::pod_security::{Version, namespaces, objects};
use shared::pod_security::{Level, PodVerdict, PodVerdicts};

use super::print::{Format, plain, print, unread};
use super::source::Source;

/// What may be a pod, have a template of pods, or own either.
const KINDS: &[Kind] = &[
    Kind::Pod,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::ReplicaSet,
    Kind::ReplicationController,
    Kind::Job,
    Kind::CronJob,
];

/// Judge pods and templates of pods by a level of the Pod Security Standards, as Pod Security admission does.
///
/// Every pod that has no owner among the input is judged, and every template. Labels of namespaces play no part; the level is
/// the one that is given.
///
/// Exit code 0: all are let in. 1: one is not. 2: the input, or part of it, could not be read.
#[derive(Debug, clap::Args)]
pub(super) struct PodSecurity {
    #[command(flatten)]
    source: Source,
    /// privileged, baseline or restricted.
    #[arg(long, value_parser = parse::<Level>)]
    level: Level,
    /// The version of the standards: latest, or one such as 1.30; the cluster's own, if left out, or for manifests the newest.
    #[arg(long, value_name = "VERSION", value_parser = parse::<Version>)]
    pod_security_version: Option<Version>,
    /// Leave out a namespace, as the API server's configuration may exempt it.
    #[arg(long, value_name = "NAMESPACE")]
    exempt_namespace: Vec<String>,
    /// Leave out a runtime class, as the API server's configuration may exempt it.
    #[arg(long, value_name = "CLASS")]
    exempt_runtime_class: Vec<String>,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

fn parse<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, String> {
    text.parse()
}

impl PodSecurity {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let collection = self.source.read(KINDS).await?;
        let snapshot = &collection.snapshot;
        let version = self
            .pod_security_version
            .unwrap_or_else(|| namespaces::version_of(snapshot));
        if version.is_beyond_known() {
            eprintln!("plimsoll: what {version} adds to the standards is not known here; {NEWEST} is judged by");
        }
        let exemptions = Exemptions {
            namespaces: self.exempt_namespace.iter().cloned().collect(),
            runtime_classes: self.exempt_runtime_class.iter().cloned().collect(),
        };
        let verdicts = PodVerdicts(objects::verdicts(snapshot, self.level, version, &exemptions));
        print(self.format, &verdicts, table)?;
        if let Some(gap) = &snapshot.gap {
            anyhow::bail!("{gap}, so that there may be more");
        }
        let of_pods: Vec<String> = KINDS.iter().map(|kind| kind.info().resource()).collect();
        let mut unknown = snapshot.coverage();
        unknown.retain(|kind| of_pods.contains(&kind.resource) && !kind.outcome.is_known());
        if !unknown.is_empty() {
            return Err(unread(&unknown, "so that there may be more"));
        }
        let is_refused = verdicts.0.iter().any(|verdict| !verdict.allowed);
        Ok(ExitCode::from(u8::from(is_refused)))
    }
}

fn table(verdicts: &PodVerdicts, out: &mut dyn Write) -> io::Result<()> {
    for verdict in &verdicts.0 {
        let PodVerdict {
            namespace, kind, name, ..
        } = verdict;
        let word = if verdict.allowed { "allowed" } else { "refused" };
        writeln!(out, "{word}  {}", plain(&format!("{kind} {namespace}/{name}")))?;
        for violation in &verdict.violations {
            let (field, message) = (plain(&violation.field), plain(&violation.message));
            writeln!(out, "         {field}: {message} [{}]", violation.control)?;
        }
    }
    let refused = verdicts.0.iter().filter(|verdict| !verdict.allowed).count();
    writeln!(out, "{} judged, {refused} refused", verdicts.0.len())
}
