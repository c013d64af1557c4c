//! What is asked: a cluster, or manifests.

use std::io::{self, BufRead, Read};

use analysis::model::{Kind, Snapshot};
use analysis::rbac::access::{Access, Origin};

use crate::cli;
use crate::cli::remote::{Remote, RemoteArgs};

/// What answers rest on: roles and bindings, whom they name, and which resources there are.
const KINDS: &[Kind] = &[
    Kind::Namespace,
    Kind::ServiceAccount,
    Kind::Role,
    Kind::ClusterRole,
    Kind::RoleBinding,
    Kind::ClusterRoleBinding,
    Kind::ApiService,
    Kind::CustomResourceDefinition,
];

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Source {
    #[command(flatten)]
    of: cli::source::Source,
    /// Leave out the roles and bindings that the API server makes itself, and that manifests lack.
    #[arg(long, requires = "manifests")]
    no_defaults: bool,
    #[command(flatten)]
    remote: RemoteArgs,
}

impl Source {
    /// Reads roles and bindings, and says on standard error what went wrong with parts of it.
    pub(super) async fn read(&self) -> anyhow::Result<Access> {
        Ok(self.read_kinds(KINDS).await?.1)
    }

    /// Reads everything else too.
    pub(super) async fn read_all(&self) -> anyhow::Result<(Snapshot, Access)> {
        self.read_kinds(Kind::ALL).await
    }

    async fn read_kinds(&self, kinds: &'static [Kind]) -> anyhow::Result<(Snapshot, Access)> {
        let snapshot = self.of.read(kinds).await?.snapshot;
        let origin = match self.of.is_manifests() {
            true => Origin::Files {
                defaults: !self.no_defaults,
            },
            false => Origin::Live,
        };
        let access = Access::new(&snapshot, origin);
        Ok((snapshot, access))
    }

    /// The server that is to be asked; none where a cluster or manifests are.
    pub(super) fn remote(&self) -> anyhow::Result<Option<Remote>> {
        self.remote.remote()
    }

    /// Whether standard input holds the manifests, and nothing else can be read from it.
    pub(super) fn takes_stdin(&self) -> bool {
        self.of.takes_stdin()
    }
}

/// Bytes up to the end of the line, without it; none at the end of the input. Of a line that is longer than `most`, the
/// rest is read and dropped, and an error stands in its place.
pub(super) fn line(input: &mut impl io::BufRead, most: u64) -> io::Result<Option<Result<Vec<u8>, &'static str>>> {
    let mut line = Vec::new();
    input.by_ref().take(most + 1).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() as u64 > most {
        input.skip_until(b'\n')?;
        return Ok(Some(Err("the line is too long")));
    }
    Ok(Some(Ok(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mut input: &[u8]) -> Vec<Option<String>> {
        let next = || line(&mut input, 4).unwrap();
        std::iter::from_fn(next)
            .map(|line| line.ok().map(|line| String::from_utf8(line).unwrap()))
            .collect()
    }

    #[test]
    fn lines_that_are_too_long_are_told_in_their_place() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            lines(b"ab\n\nabcd\nabcde\nx"),
            [text("ab"), text(""), text("abcd"), None, text("x")]
        );
        assert_eq!(lines(b"abcde"), [None]);
        assert_eq!(lines(b""), []);
    }
}
