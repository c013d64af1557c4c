//! Which registry an image comes from, and whether it may.

use std::borrow::Cow;

use super::reference::{ImageReference, is_registry, split_registry};

/// The registry of images that name none.
const DEFAULT_REGISTRY: &str = "docker.io";

/// Whether one of the entries of an allow-list holds the image; see [`crate::settings::Settings::allowed_registries`].
pub fn is_allowed(image: &ImageReference<'_>, allowed: &[String]) -> bool {
    let (host, path) = place(image.name);
    let holds = |(of, folder): (&str, Cow<'_, str>)| of.eq_ignore_ascii_case(host) && is_below(&path, &folder);
    allowed.iter().filter_map(|entry| entry_place(entry)).any(holds)
}

/// The host under which a registry is known.
fn known(host: &str) -> &str {
    match host {
        "" | "index.docker.io" => DEFAULT_REGISTRY,
        host => host,
    }
}

/// Host and repository by which an image of this name is pulled.
fn place(name: &str) -> (&str, Cow<'_, str>) {
    let (host, path) = split_registry(name);
    match known(host) {
        DEFAULT_REGISTRY if !path.contains('/') => (DEFAULT_REGISTRY, format!("library/{path}").into()),
        host => (host, path.into()),
    }
}

/// Host and folder of an entry; none of an empty one. One that names a registry may end before an image's name does, so that
/// `docker.io/team` is a folder and no image of the library.
fn entry_place(entry: &str) -> Option<(&str, Cow<'_, str>)> {
    let entry = entry.trim().trim_end_matches('/');
    match split_registry(entry) {
        _ if entry.is_empty() => None,
        ("", host) if is_registry(host) && !host.contains('/') => Some((known(host), "".into())),
        ("", _) => Some(place(entry)),
        (host, path) => Some((known(host), path.into())),
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(entry: &str, image: &str) -> bool {
        is_allowed(&ImageReference::parse(image).unwrap(), &[entry.to_owned()])
    }

    #[test]
    fn a_folder_holds_what_is_below_it_and_not_what_begins_like_it() {
        let team = "registry.example.com/team";
        assert!(allows(team, "registry.example.com/team/app:1"));
        assert!(allows(team, "Registry.Example.com/team/sub/app"));
        assert!(!allows(team, "registry.example.com/team-b/app:1"));
        assert!(!allows(team, "registry.example.com/other/team/app"));
        assert!(!allows(team, "registry.example.com.evil.example/team/app"));
    }

    #[test]
    fn a_host_holds_all_of_its_images_and_no_other_hosts() {
        assert!(allows("registry.example.com", "registry.example.com/a/b"));
        assert!(allows("localhost:5000/", "localhost:5000/a"));
        assert!(!allows("registry.example.com", "registry.example.com:5000/a"));
        assert!(!allows("registry.example.com", "nginx"));
    }

    #[test]
    fn images_of_the_default_registry_are_known_under_all_their_names() {
        for entry in [
            "nginx",
            "docker.io/library/nginx",
            "docker.io/library",
            "docker.io",
            "index.docker.io",
        ] {
            for image in ["nginx:1.27", "docker.io/nginx", "index.docker.io/library/nginx"] {
                assert!(allows(entry, image), "{entry} {image}");
            }
        }
        assert!(allows("docker.io/team", "team/app") && allows("team/app", "docker.io/team/app"));
        assert!(!allows("docker.io/nginx", "nginx"));
    }

    #[test]
    fn an_empty_entry_allows_nothing() {
        assert!(!allows("", "nginx") && !allows(" / ", "nginx"));
    }
}
