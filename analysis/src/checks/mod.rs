//! The checks: one file each, one line each in the list of its area.

pub mod privileged;

use crate::check::Check;

/// The release of the catalogue. A finding that opens or closes because this changed is no drift of the cluster.
/// Raised whenever a check is added, removed or changes what it says.
pub const RELEASE: &str = "1";

/// Every check, area by area in the order of [`shared::verdict::Area::ALL`].
pub static CHECKS: &[&Check] = &[
    &privileged::container_privileged::CHECK,
];

/// The check of that id.
pub fn by_id(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_list_holds_every_file_of_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
        let mut files = BTreeSet::new();
        for area in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
            for file in std::fs::read_dir(area).unwrap() {
                let name = file.unwrap().path().file_stem().unwrap().to_string_lossy().replace('_', "-");
                if name != "mod" {
                    files.insert(name);
                }
            }
        }
        let listed: BTreeSet<String> = CHECKS.iter().map(|check| check.id.to_owned()).collect();
        assert_eq!(listed, files);
    }

    #[test]
    fn checks_stand_in_the_order_of_the_areas() {
        assert!(CHECKS.is_sorted_by_key(|check| shared::verdict::Area::ALL.iter().position(|area| *area == check.area)));
    }

    #[test]
    fn every_check_names_what_it_reads_and_why() {
        for check in CHECKS {
            assert!(!check.reads.is_empty() && !check.rationale.is_empty() && !check.remediation.is_empty(), "{}", check.id);
        }
    }
}
