//! In which version a kind is served, where it is not served in the one that is asked for first.

use analysis::model::kind::Kind;
use kube::Client;
use serde::Deserialize;

use super::fetch::{self, Refusal};
use super::{retry, words};

/// Versions of a group that are looked into.
const MAX_VERSIONS: usize = 16;

/// Other versions of a kind of which every field that is read has the same name, type and meaning, the newest first.
fn compatible(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::GatewayClass | Kind::Gateway | Kind::HttpRoute => &["v1beta1"],
        Kind::GrpcRoute => &["v1alpha2"],
        Kind::TlsRoute => &["v1alpha3", "v1alpha2"],
        Kind::Certificate => &["v1beta1", "v1alpha3", "v1alpha2"],
        Kind::PeerAuthentication => &["v1beta1"],
        // Before v1beta3 a Server had no accessPolicy, and denied as one without it does.
        Kind::LinkerdServer => &["v1beta2", "v1beta1", "v1alpha1"],
        Kind::ServerAuthorization => &["v1alpha1"],
        Kind::MutatingAdmissionPolicy | Kind::MutatingAdmissionPolicyBinding => &["v1beta1", "v1alpha1"],
        _ => &[],
    }
}

/// A version to ask for where the usual one is not served.
///
/// # Errors
/// [`Refusal::Absent`] where the kind is not served at all, and `Failed` where it is in none of the versions that are read,
/// or where that can't be found out.
pub(super) async fn other(client: &Client, kind: Kind) -> Result<String, Refusal> {
    let served = served(client, kind).await.map_err(|refusal| unknown(kind, refusal))?;
    if served.is_empty() {
        return Err(Refusal::Absent);
    }
    // The usual one too: it may be served by now.
    let mut read = std::iter::once(kind.info().version).chain(compatible(kind).iter().copied());
    let chosen = read.find(|version| served.iter().any(|other| other == version));
    chosen.map(str::to_owned).ok_or_else(|| {
        Refusal::Failed(format!(
            "it is served as {}, and Plimsoll reads {}",
            words::line(&served.join(", ")),
            kind.info().version
        ))
    })
}

fn unknown(kind: Kind, refusal: Refusal) -> Refusal {
    let version = kind.info().version;
    match refusal {
        Refusal::Absent => Refusal::Absent,
        Refusal::Failed(reason) | Refusal::Forbidden(reason) | Refusal::Unauthorised(reason) => Refusal::Failed(
            format!("it is not served as {version}, and what else is served is not known: {reason}"),
        ),
        Refusal::Expired | Refusal::TooLarge => Refusal::Failed(format!(
            "it is not served as {version}, and what else is served is not known"
        )),
    }
}

/// The versions in which a kind is served, the preferred one first.
async fn served(client: &Client, kind: Kind) -> Result<Vec<String>, Refusal> {
    let info = kind.info();
    if info.group.is_empty() {
        return Err(Refusal::Absent);
    }
    let group: Group = ask(client, &format!("/apis/{}", info.group)).await?;
    let mut served = Vec::new();
    for Version { version } in group.versions.into_iter().take(MAX_VERSIONS) {
        // It becomes part of a path.
        if !version.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        let resources: Resources = match ask(client, &format!("/apis/{}/{version}", info.group)).await {
            Err(Refusal::Absent) => continue,
            answer => answer?,
        };
        if resources.resources.iter().any(|resource| resource.name == info.plural) {
            served.push(version);
        }
    }
    Ok(served)
}

/// `APIGroup` of `meta.k8s.io`.
#[derive(Deserialize)]
struct Group {
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

/// `APIResourceList` of `meta.k8s.io`.
#[derive(Deserialize)]
struct Resources {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    name: String,
}

async fn ask<T: for<'de> Deserialize<'de>>(client: &Client, path: &str) -> Result<T, Refusal> {
    let answer = fetch::get(client, path, "application/json", retry::TRIES).await?;
    serde_json::from_slice(&answer.unpack()?).map_err(|_| Refusal::Failed("its discovery makes no sense".into()))
}

#[cfg(test)]
mod tests {
    use super::super::fake::{self, Reply, ok, reply};
    use super::*;

    /// An API server with TLSRoutes in these versions, and Gateways in v1 besides.
    fn server(versions: &[&str], address: &str) -> Reply {
        let group = "/apis/gateway.networking.k8s.io";
        let named = |version: &&str| serde_json::json!({"version": version});
        match address.strip_prefix(group) {
            Some("") => {
                let versions: Vec<_> = versions.iter().chain(&["v1"]).map(named).collect();
                ok(serde_json::json!({ "versions": versions }).to_string())
            }
            Some("/v1") => ok(r#"{"resources":[{"name":"gateways"},{"name":"gateways/status"}]}"#),
            Some(_) => ok(r#"{"resources":[{"name":"tlsroutes"}]}"#),
            None => reply(404, &[], ""),
        }
    }

    async fn chosen(versions: &'static [&'static str]) -> Result<String, Refusal> {
        let (client, _) = fake::api(move |_, address| server(versions, address));
        other(&client, Kind::TlsRoute).await
    }

    #[tokio::test]
    async fn newest_version_of_the_same_form_is_chosen() {
        assert_eq!(chosen(&["v1alpha2", "v1alpha3"]).await, Ok("v1alpha3".into()));
    }

    #[tokio::test]
    async fn version_of_another_form_fails_with_its_name() {
        let refusal = chosen(&["v9", "v8"]).await.unwrap_err();
        assert_eq!(
            refusal,
            Refusal::Failed("it is served as v9, v8, and Plimsoll reads v1".into())
        );
    }

    #[tokio::test]
    async fn kind_that_its_group_lacks_is_absent() {
        assert_eq!(chosen(&[]).await, Err(Refusal::Absent));
    }

    #[tokio::test]
    async fn discovery_that_may_not_be_asked_leaves_it_unknown() {
        let (client, _) = fake::api(|_, _| reply(403, &[], r#"{"message":"no"}"#));
        let refusal = other(&client, Kind::TlsRoute).await.unwrap_err();
        assert_eq!(
            refusal,
            Refusal::Failed("it is not served as v1, and what else is served is not known: no".into())
        );
    }
}
