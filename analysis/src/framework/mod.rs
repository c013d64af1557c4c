//! Frameworks: lists of controls as data in files, the checks that answer them, and how a cluster stands against one.
//!
//! A framework is a file in `data/` and a line in [`FILES`]. Titles are our own words: the texts of most benchmarks are not
//! free to copy.

mod bench;
mod error;
mod evaluate;
mod file;
mod own;
mod parse;

use std::sync::LazyLock;

use shared::checks::Control;
use shared::frameworks::Framework;

use crate::check::Check;
use crate::checks::CHECKS;

pub use bench::bench_evidence;
pub use error::{Error, Flaw};
pub use evaluate::{Evidence, Failing, concerns, evaluate};
pub use own::with_own;
pub use parse::{parse_among, parse_own};

/// The files of the built-in frameworks, in the order in which a page shows them; a base stands before what is based on it.
const FILES: &[(&str, &str)] = &[
    ("cis-1.12.yaml", include_str!("data/cis-1.12.yaml")),
    ("cis-1.11.yaml", include_str!("data/cis-1.11.yaml")),
    ("cis-1.10.yaml", include_str!("data/cis-1.10.yaml")),
    ("cis-eks-1.7.yaml", include_str!("data/cis-eks-1.7.yaml")),
    ("cis-gke-1.6.yaml", include_str!("data/cis-gke-1.6.yaml")),
    ("cis-aks-1.7.yaml", include_str!("data/cis-aks-1.7.yaml")),
    ("nsa-cisa.yaml", include_str!("data/nsa-cisa.yaml")),
    ("pss-baseline.yaml", include_str!("data/pss-baseline.yaml")),
    ("pss-restricted.yaml", include_str!("data/pss-restricted.yaml")),
    ("owasp-k8s-2025.yaml", include_str!("data/owasp-k8s-2025.yaml")),
    ("owasp-k8s-2022.yaml", include_str!("data/owasp-k8s-2022.yaml")),
    ("mitre-containers.yaml", include_str!("data/mitre-containers.yaml")),
    (
        "microsoft-threat-matrix.yaml",
        include_str!("data/microsoft-threat-matrix.yaml"),
    ),
    ("soc2.yaml", include_str!("data/soc2.yaml")),
    ("pci-dss-4.yaml", include_str!("data/pci-dss-4.yaml")),
    ("nine-practices.yaml", include_str!("data/nine-practices.yaml")),
];

static BUILT_IN: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    FILES.iter().fold(Vec::new(), |mut read, (file, text)| {
        // Each of them is one: a test says so.
        read.extend(parse::parse(file, text, &read));
        read
    })
});

/// The built-in frameworks.
pub fn all() -> &'static [Framework] {
    &BUILT_IN
}

/// The built-in framework of that id.
pub fn by_id(id: &str) -> Option<&'static Framework> {
    all().iter().find(|framework| framework.id == id)
}

/// The checks that answer a framework's controls, in the order of the catalogue.
pub fn checks_of(framework: &Framework) -> Vec<&'static Check> {
    let answers = |check: &Check| {
        framework
            .controls()
            .flat_map(|control| &control.checks)
            .any(|named| named.check == check.id)
    };
    CHECKS.iter().copied().filter(|check| answers(check)).collect()
}

/// The controls of built-in frameworks that name a check. Those that take in its whole area are left out: they say no more
/// than the area.
pub fn controls_of(check: &str) -> Vec<Control> {
    let names = |framework: &'static Framework| {
        let controls = framework.controls().filter(|control| control.area.is_none());
        controls
            .filter(|control| control.checks.iter().any(|named| named.check == check))
            .map(|control| Control {
                framework: framework.name.clone(),
                id: control.id.clone(),
            })
    };
    all().iter().flat_map(names).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::checks;

    #[test]
    fn the_list_holds_every_file_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/framework/data");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        let listed: BTreeSet<String> = FILES.iter().map(|(file, _)| (*file).to_owned()).collect();
        assert_eq!(listed, files);
    }

    #[test]
    fn every_file_is_a_framework_of_its_name() {
        let mut read = Vec::new();
        for (file, text) in FILES {
            let framework = parse::parse(file, text, &read).unwrap();
            assert_eq!(format!("{}.yaml", framework.id), *file);
            read.push(framework);
        }
        assert_eq!(read, all());
    }

    #[test]
    fn every_check_named_exists() {
        let mut unknown = BTreeSet::new();
        for framework in all() {
            let named = framework.controls().flat_map(|control| &control.checks);
            unknown.extend(
                named
                    .map(|named| named.check.as_str())
                    .filter(|check| checks::by_id(check).is_none()),
            );
        }
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn every_check_answers_its_practice() {
        let practices = by_id("nine-practices").unwrap();
        assert_eq!(practices.controls().count(), shared::verdict::Area::ALL.len());
        assert_eq!(checks_of(practices).len(), CHECKS.len());
    }

    #[test]
    fn versions_of_a_benchmark_differ_as_their_numbers_do() {
        let title = |framework: &str, id: &str| {
            let control = by_id(framework).unwrap().controls().find(|control| control.id == id);
            control.map(|control| control.title.as_str())
        };
        let ports = Some("Containers do not use ports of their node");
        assert_eq!(title("cis-1.12", "5.2.12"), ports);
        assert_eq!(title("cis-1.11", "5.2.13"), ports);
        assert_eq!(title("cis-1.10", "5.2.13"), ports);
        assert_eq!(title("cis-1.12", "5.2.13"), None);
        let seccomp = Some("Containers have a seccomp profile");
        assert_eq!(
            (title("cis-1.11", "5.6.2"), title("cis-1.10", "5.6.2")),
            (seccomp, None)
        );
        assert_eq!(title("cis-1.10", "5.7.2"), seccomp);
        let count = |id| by_id(id).unwrap().controls().count();
        assert_eq!(
            (count("cis-1.12"), count("cis-1.11"), count("cis-1.10")),
            (131, 133, 130)
        );
    }

    #[test]
    fn no_control_rests_on_what_says_nothing_of_it() {
        let checks = |framework: &str, id: &str| -> Option<Vec<&str>> {
            let control = by_id(framework).unwrap().controls().find(|control| control.id == id)?;
            Some(control.checks.iter().map(|named| named.check.as_str()).collect())
        };
        for (framework, id, check) in [
            ("pci-dss-4", "10.3.2", "event-deletion"),
            ("soc2", "CC7.2", "event-deletion"),
            ("pci-dss-4", "1.4.2", "ingress-without-tls"),
            ("pci-dss-4", "8.6.2", "secret-in-environment"),
            (
                "microsoft-threat-matrix",
                "Exposed sensitive interfaces",
                "ingress-without-tls",
            ),
            ("cis-1.12", "1.2.7", "node-group-bound"),
        ] {
            assert!(
                !checks(framework, id).unwrap().contains(&check),
                "{framework} {id} {check}"
            );
        }
        let service = checks("mitre-containers", "T1543.005").unwrap();
        assert_eq!(service, ["workload-creation", "pod-creation"]);
        // Techniques of other platforms than containers.
        for id in ["T1134", "T1557", "T1210", "T1090"] {
            assert_eq!(checks("mitre-containers", id), None, "{id}");
        }
    }

    #[test]
    fn a_control_that_asks_what_is_denied_by_default_asks_whether_there_is_a_policy_at_all() {
        let mut asking = 0;
        for framework in all() {
            for control in framework.controls() {
                let names = |check: &str| control.checks.iter().any(|named| named.check == check);
                if names("namespace-without-default-deny") || names("namespace-without-egress-default-deny") {
                    asking += 1;
                    assert!(names("namespace-without-policy"), "{} {}", framework.id, control.id);
                }
            }
        }
        assert!(asking > 10, "{asking}");
    }

    #[test]
    fn controls_of_a_check_name_the_framework_and_not_its_practice() {
        let controls = controls_of("cluster-admin-bound");
        let has = |framework: &str, id: &str| {
            controls
                .iter()
                .any(|control| (control.framework.as_str(), control.id.as_str()) == (framework, id))
        };
        assert!(has("CIS 1.12", "5.1.1") && has("NSA", "RBAC") && has("MITRE ATT&CK", "T1078.003"));
        assert!(controls.iter().all(|control| control.framework != "Nine practices"));
    }
}
