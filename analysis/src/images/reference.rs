//! Image references: `registry.example:5000/team/app:1.2@sha256:…`.

/// An image reference in its parts, following the grammar of `github.com/distribution/reference`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageReference<'a> {
    /// Registry and repository as written.
    pub name: &'a str,
    /// The tag; an image without tag and digest is pulled as `latest`.
    pub tag: Option<&'a str>,
    /// The digest: `sha256:…`. Where it stands, the tag decides nothing.
    pub digest: Option<&'a str>,
}

/// First words of tags that are set anew with every build.
const MOVING: &[&str] = &[
    "latest", "main", "master", "trunk", "head", "develop", "dev", "edge", "nightly", "canary", "rolling", "snapshot",
    "stable",
];

impl<'a> ImageReference<'a> {
    /// Takes a reference apart; none where the text is no reference, as in a template that was not filled in.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest[last..].split_once(':') {
            Some((repository, tag)) => (&rest[..last + repository.len()], Some(tag)),
            None => (rest, None),
        };
        let is_whole = is_name(name) && tag.is_none_or(is_tag) && digest.is_none_or(is_digest);
        is_whole.then_some(Self { name, tag, digest })
    }

    /// Whether it names this repository of this registry, as the registry calls them. A registry that is not known is
    /// taken for the one that is named.
    pub fn is_of(&self, registry: &str, repository: &str) -> bool {
        let (host, path) = split_registry(self.name);
        // Images of the default registry are named without it, or by it without `index.`, and its own without `library/`.
        let same_host =
            host.is_empty() || registry.is_empty() || registry.strip_prefix("index.").unwrap_or(registry) == host;
        same_host && (repository == path || repository.strip_prefix("library/") == Some(path))
    }

    /// Whether its repository is the one of this name: `docker.io/library/nginx` is where `nginx` is.
    pub fn is_in(&self, name: &str) -> bool {
        whole(self.name) == whole(name)
    }

    /// The tag that decides what is pulled, where what it names changes by habit: `latest`, the names of branches and
    /// channels, and these with a variant behind them (`stable-alpine`). `main-3f2a1b9` names one build.
    pub fn moving_tag(&self) -> Option<&'a str> {
        let tag = self.tag.unwrap_or("latest");
        let (channel, variant) = tag.split_once('-').unwrap_or((tag, ""));
        let is_moving = MOVING.contains(&channel.to_ascii_lowercase().as_str());
        let names_a_build = variant.contains(|c: char| c.is_ascii_digit());
        (self.digest.is_none() && is_moving && !names_a_build).then_some(tag)
    }
}

/// Registry and repository, the same however the default registry is written.
fn whole(name: &str) -> (&str, &str) {
    match split_registry(name) {
        ("" | "docker.io" | "index.docker.io", path) => ("", path.strip_prefix("library/").unwrap_or(path)),
        other => other,
    }
}

/// The registry's host, empty where none is named, and the repository.
pub(super) fn split_registry(name: &str) -> (&str, &str) {
    match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (first, rest),
        _ => ("", name),
    }
}

/// Whether the first part of a name is the host of a registry.
pub(super) fn is_registry(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost"
}

fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/:[]".contains(c);
    !name.is_empty() && name.len() <= 255 && name.chars().all(allowed) && !name.split('/').any(str::is_empty)
}

fn is_tag(tag: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !tag.is_empty() && tag.len() <= 128 && tag.chars().all(allowed)
}

fn is_digest(digest: &str) -> bool {
    let hex = |hex: &str| hex.len() >= 32 && hex.chars().all(|c| c.is_ascii_hexdigit());
    digest
        .split_once(':')
        .is_some_and(|(algorithm, digits)| !algorithm.is_empty() && hex(digits))
}

#[cfg(test)]
mod tests {
    use super::ImageReference;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn parts(text: &str) -> (&str, Option<&str>, Option<&str>) {
        let image = ImageReference::parse(text).unwrap();
        (image.name, image.tag, image.digest)
    }

    #[test]
    fn a_port_is_no_tag() {
        assert_eq!(
            parts("registry.example:5000/app"),
            ("registry.example:5000/app", None, None)
        );
        assert_eq!(
            parts("registry.example:5000/app:1.2"),
            ("registry.example:5000/app", Some("1.2"), None)
        );
        assert_eq!(parts("nginx:1.27"), ("nginx", Some("1.27"), None));
    }

    #[test]
    fn a_digest_stands_behind_the_tag() {
        let text = format!("ghcr.io/team/app:1.2@{DIGEST}");
        assert_eq!(parts(&text), ("ghcr.io/team/app", Some("1.2"), Some(DIGEST)));
    }

    #[test]
    fn a_repository_is_the_same_however_its_registry_is_written() {
        let is_in = |image: &str, name: &str| ImageReference::parse(image).unwrap().is_in(name);
        assert!(is_in("nginx:1", "docker.io/library/nginx") && is_in("index.docker.io/team/app", "team/app"));
        assert!(is_in("reg.example:5000/app:1", "reg.example:5000/app"));
        assert!(!is_in("nginx", "reg.example/nginx") && !is_in("ghcr.io/team/app", "quay.io/team/app"));
        assert!(!is_in("reg.example/library/app", "reg.example/app"));
    }

    #[test]
    fn what_is_no_reference_has_no_parts() {
        for text in [
            "",
            "$(IMAGE)",
            "{{ .Values.image }}",
            "nginx:",
            "nginx@",
            "nginx@sha256:zz",
            "a//b",
            ":1.2",
            "app:$TAG",
        ] {
            assert_eq!(ImageReference::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_repository_is_known_with_and_without_what_the_default_registry_adds() {
        let is_of = |text: &str, registry: &str, repository: &str| {
            ImageReference::parse(text).unwrap().is_of(registry, repository)
        };
        assert!(is_of("nginx:1.27", "index.registry.example", "library/nginx"));
        assert!(is_of("registry.example/team/app", "index.registry.example", "team/app"));
        assert!(is_of("registry.example:5000/app", "registry.example:5000", "app"));
        assert!(!is_of("registry.example/app", "other.example", "app"));
        assert!(!is_of("team/nginx", "", "library/nginx"));
    }

    fn moving(text: &str) -> Option<&str> {
        ImageReference::parse(text).unwrap().moving_tag()
    }

    #[test]
    fn latest_channels_and_their_variants_move() {
        assert_eq!(moving("nginx"), Some("latest"));
        assert_eq!(moving("nginx:stable-alpine"), Some("stable-alpine"));
        assert_eq!(moving("registry.example:5000/app:Nightly"), Some("Nightly"));
    }

    #[test]
    fn versions_builds_and_digests_do_not_move() {
        for text in [
            "nginx:1.27",
            "app:main-3f2a1b9",
            "app:edge-20261124",
            "app:mainline",
            "app:v2-latest-fix",
        ] {
            assert_eq!(moving(text), None, "{text}");
        }
        assert_eq!(moving(&format!("nginx:latest@{DIGEST}")), None);
    }
}
