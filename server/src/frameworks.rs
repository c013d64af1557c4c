//! The frameworks that a server knows: those built in, and those in files of its own, read again soon after a file has changed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use analysis::catalogue::Catalogue;
use analysis::framework;
use sha2::{Digest, Sha256};
use shared::frameworks::Framework;

use crate::custom_checks::CheckFiles;

/// How often the files are looked at.
const TICK: Duration = Duration::from_secs(5);

/// Why a file can't be taken for a framework.
#[derive(Debug, thiserror::Error)]
pub enum FrameworkError {
    /// It can't be read.
    #[error("{path} can't be read")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What it holds is none.
    #[error(transparent)]
    Wrong(#[from] framework::Error),
    /// Another file has one of that id.
    #[error("{path}: another file has a framework {id}")]
    Twice {
        /// The file.
        path: String,
        /// The id.
        id: String,
    },
}

/// All frameworks.
#[derive(Debug)]
pub struct Frameworks {
    built_in: Vec<Arc<Framework>>,
    own: Mutex<Vec<Own>>,
}

/// A framework in a file.
#[derive(Debug, Clone)]
struct Own {
    path: PathBuf,
    /// How the file was when it was last looked at.
    stamp: Option<Stamp>,
    /// What the text hashes to that the framework was read from.
    digest: String,
    framework: Arc<Framework>,
}

/// By what a file is seen to have changed.
type Stamp = (SystemTime, u64);

impl Default for Frameworks {
    /// Those built in.
    fn default() -> Self {
        Self {
            built_in: framework::all().iter().cloned().map(Arc::new).collect(),
            own: Mutex::default(),
        }
    }
}

impl Frameworks {
    /// Those built in, and one from each of these files, which may name these checks.
    ///
    /// # Errors
    /// A file can't be read, is none, or has an id that another has.
    pub fn read(paths: &[PathBuf], catalogue: &Catalogue) -> Result<Self, FrameworkError> {
        let mut own: Vec<Own> = Vec::new();
        for path in paths {
            let read = Own::read(path, catalogue)?;
            read.is_alone_among(&own)?;
            own.push(read);
        }
        Ok(Self {
            own: Mutex::new(own),
            ..Self::default()
        })
    }

    /// All of them: a server's own first, since they are what it is held to. Their controls are answered also by those of the
    /// user's own checks that say so.
    pub fn all(&self, catalogue: &Catalogue) -> Vec<Arc<Framework>> {
        let own = self.own();
        let own = own.iter().map(|own| &own.framework);
        let all = own.chain(&self.built_in);
        all.map(|framework| answered(framework, catalogue)).collect()
    }

    /// The one of that id, its controls answered in the same way.
    pub fn by_id(&self, id: &str, catalogue: &Catalogue) -> Option<Arc<Framework>> {
        let own = self.own();
        let own = own.iter().map(|own| &own.framework);
        let mut all = own.chain(&self.built_in);
        all.find(|framework| framework.id == id)
            .map(|framework| answered(framework, catalogue))
    }

    /// Whether it is one from a file.
    pub fn is_own(&self, framework: &Framework) -> bool {
        !self.built_in.iter().any(|built_in| built_in.id == framework.id)
    }

    /// What the files hash to: answers of another edition are other answers. Empty where there are none.
    pub fn edition(&self) -> String {
        self.own().iter().map(|own| own.digest.as_str()).collect()
    }

    /// Reads the files again that have changed. One that has come to be wrong stays as it was, and the log says why.
    fn refresh(&self, catalogue: &Catalogue) {
        // Nobody waits for the disk who only asks what is known.
        let mut own = self.own();
        for place in 0..own.len() {
            let stamp = stamp(&own[place].path);
            if stamp == own[place].stamp {
                continue;
            }
            own[place].stamp = stamp;
            let mut others = own.clone();
            others.remove(place);
            let read = Own::read(&own[place].path, catalogue);
            let read = read.and_then(|read| read.is_alone_among(&others).map(|()| read));
            match read {
                Ok(read) => own[place] = read,
                Err(error) => {
                    tracing::warn!(error = %format!("{:#}", anyhow::Error::new(error)), "a framework stays as it was")
                }
            }
        }
        *self.own.lock().unwrap_or_else(PoisonError::into_inner) = own;
    }

    /// Those from files.
    fn own(&self) -> Vec<Own> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Reads the files again when they have changed, until the task is dropped.
pub async fn watch(frameworks: Arc<Frameworks>, checks: Arc<CheckFiles>) {
    while !frameworks.own().is_empty() {
        tokio::time::sleep(TICK).await;
        let (files, catalogue) = (frameworks.clone(), checks.catalogue());
        // Where reading breaks off, what is known stays.
        _ = tokio::task::spawn_blocking(move || files.refresh(&catalogue)).await;
    }
}

impl Own {
    fn read(path: &Path, catalogue: &Catalogue) -> Result<Self, FrameworkError> {
        let name = path.display().to_string();
        // Looked at before it is read: what is written meanwhile is seen next time.
        let stamp = stamp(path);
        let text = std::fs::read_to_string(path).map_err(|source| FrameworkError::Unreadable {
            path: name.clone(),
            source,
        })?;
        let digest = Sha256::digest(&text);
        Ok(Self {
            path: path.to_owned(),
            stamp,
            digest: digest[..4].iter().map(|byte| format!("{byte:02x}")).collect(),
            framework: Arc::new(framework::parse_among(&name, &text, catalogue)?),
        })
    }

    fn is_alone_among(&self, others: &[Self]) -> Result<(), FrameworkError> {
        let id = &self.framework.id;
        match others.iter().any(|other| other.framework.id == *id) {
            true => Err(FrameworkError::Twice {
                path: self.path.display().to_string(),
                id: id.clone(),
            }),
            false => Ok(()),
        }
    }
}

/// The framework with the user's own checks among those that answer its controls.
fn answered(framework: &Arc<Framework>, catalogue: &Catalogue) -> Arc<Framework> {
    match catalogue.own() {
        [] => framework.clone(),
        _ => Arc::new(framework::with_own(framework, catalogue)),
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "{id: ours, name: Ours, title: Our rules, version: 1, sections: [{id: a, title: A, controls: \
        [{id: a-1, title: Nobody is administrator, checks: [cluster-admin-bound]}]}]}";

    fn file(name: &str, text: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("plimsoll-{}-{name}.yaml", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_file_is_read_again_when_it_has_changed_and_kept_as_it_was_when_it_is_wrong() {
        let path = file("changed", OWN);
        let none = Catalogue::default();
        let frameworks = Frameworks::read(std::slice::from_ref(&path), &none).unwrap();
        let title = || frameworks.by_id("ours", &none).unwrap().title.clone();
        let first = frameworks.edition();
        assert_eq!(
            (frameworks.all(&none)[0].id.as_str(), title().as_str()),
            ("ours", "Our rules")
        );
        std::fs::write(&path, OWN.replace("Our rules", "Our new rules")).unwrap();
        frameworks.refresh(&none);
        assert_eq!(title(), "Our new rules");
        let second = frameworks.edition();
        assert_ne!(first, second);
        std::fs::write(&path, "id: [").unwrap();
        frameworks.refresh(&none);
        assert_eq!((title(), frameworks.edition()), ("Our new rules".to_owned(), second));
        std::fs::remove_file(&path).unwrap();
        frameworks.refresh(&none);
        assert_eq!(title(), "Our new rules");
    }

    #[test]
    fn what_is_no_framework_or_there_already_is_refused_by_its_file() {
        let (one, other, wrong) = (file("one", OWN), file("other", OWN), file("wrong", "id: [ours"));
        let error = |paths: &[PathBuf]| Frameworks::read(paths, &Catalogue::default()).unwrap_err().to_string();
        assert!(error(&[one, other.clone()]).contains("another file has a framework ours"));
        assert!(error(std::slice::from_ref(&wrong)).starts_with(&wrong.display().to_string()));
        assert!(error(&[PathBuf::from("/nowhere.yaml")]).contains("/nowhere.yaml can't be read"));
    }

    #[test]
    fn a_framework_may_name_a_users_check_and_a_users_check_a_framework() {
        let check = "{id: team-label-missing, title: No team, area: rbac, severity: low, rationale: r, remediation: r, \
            kinds: [Namespace], expression: 'has(object.metadata.labels)', frameworks: {soc2: [CC6.3]}}";
        let catalogue = Catalogue::parse([("own.yaml", check)]).unwrap();
        let path = file("named", &OWN.replace("cluster-admin-bound", "team-label-missing"));
        assert!(Frameworks::read(std::slice::from_ref(&path), &Catalogue::default()).is_err());
        let frameworks = Frameworks::read(&[path], &catalogue).unwrap();
        let names = |framework: &Framework| {
            let mut named = framework.controls().flat_map(|control| &control.checks);
            named.any(|named| named.check == "team-label-missing")
        };
        assert!(names(&frameworks.by_id("ours", &catalogue).unwrap()));
        let soc2 = |catalogue: &Catalogue| names(&frameworks.by_id("soc2", catalogue).unwrap());
        assert!(soc2(&catalogue) && !soc2(&Catalogue::default()));
    }
}
