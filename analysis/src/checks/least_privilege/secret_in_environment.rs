//! Secrets that are given to programs as environment variables.

use std::collections::BTreeMap;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::finding::Finding;
use crate::model::container::{EnvFromSource, EnvVar};

/// See its fields.
pub static CHECK: Check = Check {
    id: "secret-in-environment",
    title: "Secret given as an environment variable",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "The environment of a process goes to each program that it starts, stands in crash reports and on debug pages, and is \
        read through /proc by whoever sees the process. It also stays as it was when the Secret changes, until the pod is \
        made anew. Only the names of Secrets are read, never a value.",
    remediation: "Mount the Secret as a file that only the program's user may read, and let the program read it there.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    Outcome::of(workload.containers().filter_map(|at| finding(workload, at)).collect())
}

/// The Secrets that a container has in its environment, each with the first field that names it.
fn secrets<'a>(at: ContainerAt<'a>) -> BTreeMap<&'a str, String> {
    let whole = at.container.env_from.iter().filter_map(whole_secret);
    let keys = at.container.env.iter().filter_map(key_of_secret);
    let mut secrets = BTreeMap::new();
    for (secret, field) in whole.chain(keys) {
        secrets.entry(secret).or_insert(field);
    }
    secrets
}

fn whole_secret(source: &EnvFromSource) -> Option<(&str, String)> {
    let name = &source.secret_ref.as_ref()?.local_object_reference.as_ref()?.name;
    Some((name, format!("envFrom[{name}].secretRef.name")))
}

fn key_of_secret(variable: &EnvVar) -> Option<(&str, String)> {
    let key = variable.value_from.as_ref()?.secret_key_ref.as_ref()?;
    let name = &key.local_object_reference.as_ref()?.name;
    Some((name, format!("env[{}].valueFrom.secretKeyRef.name", variable.name)))
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let secrets = secrets(at);
    if secrets.is_empty() {
        return None;
    }
    let names: Vec<&str> = secrets.keys().copied().collect();
    let noun = if names.len() == 1 { "Secret" } else { "Secrets" };
    let (container, names) = (&at.container.name, names.join(", "));
    let finding = CHECK.container_finding(
        workload,
        at,
        format!("Container {container} has {noun} {names} in its environment"),
        format!(
            "Every program that container {container} of {} starts is given what it takes from {noun} {names}.",
            workload.reference
        ),
    );
    Some(secrets.iter().fold(finding, |finding, (secret, field)| {
        finding.witness_at(workload.container_field(at, field), *secret)
    }))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, titles};

    fn container(fields: &str) -> String {
        deployment(&format!("{{containers: [{{name: c, {fields}}}]}}"))
    }

    #[test]
    fn each_secret_is_named_once_with_the_field_that_takes_it() {
        let fields = "envFrom: [{secretRef: {name: smtp}}], env: [{name: USER, valueFrom: {secretKeyRef: {name: db, key: user}}}, {name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]";
        let found = findings(&CHECK, &container(fields));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].title, "Container c has Secrets db, smtp in its environment");
        let paths: Vec<&str> = found[0].witness.iter().map(|witness| witness.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "spec.template.spec.containers[c].env[USER].valueFrom.secretKeyRef.name",
                "spec.template.spec.containers[c].envFrom[smtp].secretRef.name"
            ]
        );
    }

    #[test]
    fn values_config_maps_and_files_are_no_secrets_of_the_environment() {
        for fields in [
            "env: [{name: A, value: b}, {name: C, valueFrom: {configMapKeyRef: {name: m, key: k}}}]",
            "envFrom: [{configMapRef: {name: m}}]",
            "env: [{name: A, valueFrom: {}}], envFrom: [{}]",
        ] {
            assert_eq!(titles(&CHECK, &container(fields)), [""; 0], "{fields}");
        }
        let mounted = "{containers: [{name: c, volumeMounts: [{name: s, mountPath: /s}]}], volumes: [{name: s, secret: {secretName: db}}]}";
        assert_eq!(titles(&CHECK, &deployment(mounted)), [""; 0]);
    }
}
