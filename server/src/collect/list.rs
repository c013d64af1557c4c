//! All objects of one kind, page by page: each is decoded and normalised as it arrives, and its bytes are dropped.

use analysis::model::decode::{self, ListPage};
use analysis::model::kind::{Kind, Object, Wire};
use kube::Client;
use shared::snapshots::Collected;

use super::fetch::{self, Answer, Refusal};
use super::{retry, versions, words};

/// How often a list starts again because its continue token expired.
const RESTARTS: u32 = 3;
/// More objects of one kind than any cluster holds: an API server that never ends its list is stopped here.
const MAX_OBJECTS: usize = 1_000_000;
/// Custom resources are large: a vulnerability report can be a megabyte.
const CUSTOM_PAGE: u32 = 100;
/// Smaller answers are decoded where they arrive.
const DECODED_INLINE: usize = 16 << 10;

/// Reads all objects of `kind` in pages of at most `page`; none where reading did not come to its end.
pub(super) async fn list(client: &Client, kind: Kind, page: u32) -> (Collected, Vec<Object>) {
    let listed = match restarted(client, kind, kind.info().version, page).await {
        Err(Refusal::Absent) => as_other(client, kind, page).await,
        listed => listed,
    };
    match listed {
        Ok(objects) => {
            let count = u32::try_from(objects.len()).unwrap_or(u32::MAX);
            (Collected::Collected { count }, objects)
        }
        Err(refusal) => (outcome(refusal), Vec::new()),
    }
}

/// The objects in another version, where there is one of the same form.
async fn as_other(client: &Client, kind: Kind, page: u32) -> Result<Vec<Object>, Refusal> {
    let version = versions::other(client, kind).await?;
    restarted(client, kind, &version, page).await
}

fn outcome(refusal: Refusal) -> Collected {
    match refusal {
        Refusal::Unauthorised(reason) | Refusal::Forbidden(reason) => Collected::Denied { reason },
        Refusal::Absent => Collected::Absent,
        Refusal::Expired => Collected::Failed {
            reason: "the list changed faster than it could be read".into(),
        },
        Refusal::TooLarge => Collected::Failed {
            reason: "an object is larger than Plimsoll reads".into(),
        },
        Refusal::Failed(reason) => Collected::Failed { reason },
    }
}

async fn restarted(client: &Client, kind: Kind, version: &str, page: u32) -> Result<Vec<Object>, Refusal> {
    for _ in 0..RESTARTS {
        match pages(client, kind, version, page).await {
            Err(Refusal::Expired) => {}
            ended => return ended,
        }
    }
    pages(client, kind, version, page).await
}

async fn pages(client: &Client, kind: Kind, version: &str, page: u32) -> Result<Vec<Object>, Refusal> {
    let mut limit = if kind.info().wire == Wire::Json {
        page.min(CUSTOM_PAGE)
    } else {
        page
    };
    let mut objects = Vec::new();
    let mut token = String::new();
    let mut answer = fetch(client, kind, version, &mut limit, &token).await?;
    loop {
        let (page, ahead) = match next_token(&answer) {
            Some(next) => {
                let (page, ahead) =
                    tokio::join!(decoded(kind, answer), fetch(client, kind, version, &mut limit, &next));
                (page, Some(ahead))
            }
            None => (decoded(kind, answer).await, None),
        };
        let page = match page {
            Err(Refusal::TooLarge) if limit > 1 => {
                limit = smaller(limit);
                answer = fetch(client, kind, version, &mut limit, &token).await?;
                continue;
            }
            page => page?,
        };
        objects.extend(page.objects);
        if page.continue_token.is_empty() {
            objects.shrink_to_fit();
            return Ok(objects);
        }
        if objects.len() > MAX_OBJECTS {
            return Err(Refusal::Failed("the list has no end".into()));
        }
        token = page.continue_token;
        answer = match ahead {
            Some(ahead) => ahead?,
            None => fetch(client, kind, version, &mut limit, &token).await?,
        };
    }
}

fn smaller(limit: u32) -> u32 {
    (limit / 8).max(1)
}

/// One page as it comes; in smaller pages from here on where it is too large.
async fn fetch(client: &Client, kind: Kind, version: &str, limit: &mut u32, token: &str) -> Result<Answer, Refusal> {
    loop {
        let path = path(kind, version, *limit, token);
        match fetch::get(client, &path, accept(kind.info().wire), retry::TRIES).await {
            Err(Refusal::TooLarge) if *limit > 1 => *limit = smaller(*limit),
            answer => return answer,
        }
    }
}

/// Where a large list goes on, if that is known before the page is decoded: then the next is asked for meanwhile, since
/// a list of pods takes as long as the API server takes for its pages, one after another.
fn next_token(answer: &Answer) -> Option<String> {
    let is_large = answer.len() > DECODED_INLINE;
    is_large
        .then(|| decode::first_continue_token(&answer.beginning()))
        .flatten()
}

async fn decoded(kind: Kind, answer: Answer) -> Result<ListPage, Refusal> {
    if answer.len() <= DECODED_INLINE {
        return decode(kind, answer);
    }
    let decoded = tokio::task::spawn_blocking(move || decode(kind, answer)).await;
    decoded.unwrap_or_else(|_| Err(Refusal::Failed("decoding was stopped".into())))
}

fn decode(kind: Kind, answer: Answer) -> Result<ListPage, Refusal> {
    let body = answer.unpack()?;
    let page = match kind.info().wire {
        Wire::Protobuf | Wire::Metadata => decode::protobuf_page(kind, &body),
        Wire::Table => decode::secret_table_page(&body),
        Wire::Json => decode::json_page(kind, &body),
    };
    page.map_err(|error| {
        Refusal::Failed(format!(
            "a page can't be decoded: {}",
            words::without_value(&error.to_string())
        ))
    })
}

fn accept(wire: Wire) -> &'static str {
    match wire {
        Wire::Protobuf => "application/vnd.kubernetes.protobuf",
        Wire::Metadata => "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        Wire::Table => "application/json;as=Table;g=meta.k8s.io;v=v1",
        Wire::Json => "application/json",
    }
}

/// The address of a kind's collection in a version, or of one object of it.
pub(super) fn address(kind: Kind, version: &str, namespace: &str, name: &str) -> String {
    let info = kind.info();
    let mut path = match info.group {
        "" => format!("/api/{version}"),
        group => format!("/apis/{group}/{version}"),
    };
    if !namespace.is_empty() {
        path += &format!("/namespaces/{}", escape(namespace));
    }
    path += &format!("/{}", info.plural);
    if !name.is_empty() {
        path += &format!("/{}", escape(name));
    }
    path
}

fn path(kind: Kind, version: &str, limit: u32, token: &str) -> String {
    let mut path = format!("{}?limit={limit}", address(kind, version, "", ""));
    if kind.info().wire == Wire::Table {
        path += "&includeObject=Metadata";
    }
    if !token.is_empty() {
        path += &format!("&continue={}", escape(token));
    }
    path
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            other => escaped += &format!("%{other:02X}"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::fake::{self, ok, page, reply};
    use super::*;

    fn names(objects: &[Object]) -> Vec<&str> {
        objects.iter().map(|object| object.meta().name.as_str()).collect()
    }

    #[test]
    fn name_of_a_role_can_not_leave_its_path() {
        let path = address(Kind::ClusterRole, "v1", "", "../system:node?x");
        assert_eq!(
            path,
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/..%2Fsystem%3Anode%3Fx"
        );
    }

    #[test]
    fn token_is_sent_with_every_further_page() {
        assert_eq!(path(Kind::Pod, "v1", 500, ""), "/api/v1/pods?limit=500");
        assert_eq!(
            path(Kind::Secret, "v1", 5, "a="),
            "/api/v1/secrets?limit=5&includeObject=Metadata&continue=a%3D"
        );
    }

    #[tokio::test]
    async fn list_whose_token_expired_starts_again() {
        let (client, asked) = fake::api(|number, _| match number {
            0 => page(&["a", "gone"], "1"),
            1 => reply(410, &[], ""),
            2 => page(&["a", "b"], "2"),
            _ => page(&["c"], ""),
        });
        let (outcome, objects) = list(&client, Kind::GatewayClass, 2).await;
        assert_eq!((outcome.count(), names(&objects)), (Some(3), vec!["a", "b", "c"]));
        let first = "/apis/gateway.networking.k8s.io/v1/gatewayclasses?limit=2";
        let pages = [
            first.to_owned(),
            format!("{first}&continue=1"),
            first.to_owned(),
            format!("{first}&continue=2"),
        ];
        assert_eq!(*asked.lock().unwrap(), pages);
    }

    #[tokio::test]
    async fn list_that_expires_each_time_fails_and_leaves_nothing() {
        let (client, _) = fake::api(|number, _| {
            if number % 2 == 0 {
                page(&["a"], "1")
            } else {
                reply(410, &[], "")
            }
        });
        let (outcome, objects) = list(&client, Kind::GatewayClass, 1).await;
        assert_eq!(outcome.reason(), "the list changed faster than it could be read");
        assert!(objects.is_empty());
    }

    #[tokio::test]
    async fn page_that_is_too_large_is_asked_for_in_smaller_ones() {
        let large = |address: &str| address.ends_with("limit=100");
        let (client, _) = fake::api(move |_, address| {
            if large(address) {
                ok(vec![b' '; fetch::MAX_BODY + 1])
            } else {
                page(&["a"], "")
            }
        });
        assert_eq!(list(&client, Kind::GatewayClass, 500).await.0.count(), Some(1));
    }

    #[tokio::test]
    async fn object_that_is_too_large_fails_its_kind() {
        let (client, _) = fake::api(|_, _| ok(vec![b' '; fetch::MAX_BODY + 1]));
        let (outcome, _) = list(&client, Kind::GatewayClass, 500).await;
        assert_eq!(outcome.reason(), "an object is larger than Plimsoll reads");
    }

    #[tokio::test]
    async fn refusals_tell_a_kind_that_may_not_be_read_from_one_that_is_not_served() {
        let (client, _) = fake::api(|_, _| reply(403, &[], r#"{"message":"no"}"#));
        assert_eq!(
            list(&client, Kind::GatewayClass, 1).await.0,
            Collected::Denied { reason: "no".into() }
        );
        let (client, _) = fake::api(|_, _| reply(404, &[], ""));
        assert_eq!(list(&client, Kind::GatewayClass, 1).await.0, Collected::Absent);
    }

    #[tokio::test]
    async fn kind_that_is_served_in_another_version_of_the_same_form_is_read_in_that() {
        let group = "/apis/gateway.networking.k8s.io";
        let (client, asked) = fake::api(move |_, address| match address.strip_prefix(group) {
            Some("") => ok(r#"{"versions":[{"version":"v1beta1"}]}"#),
            Some("/v1beta1") => ok(r#"{"resources":[{"name":"gatewayclasses"}]}"#),
            Some("/v1beta1/gatewayclasses?limit=1") => page(&["a"], "1"),
            Some("/v1beta1/gatewayclasses?limit=1&continue=1") => page(&["b"], ""),
            _ => reply(404, &[], ""),
        });
        assert_eq!(list(&client, Kind::GatewayClass, 1).await.0.count(), Some(2));
        assert_eq!(asked.lock().unwrap().len(), 5);
    }

    #[tokio::test]
    async fn page_that_makes_no_sense_fails_without_its_values() {
        let (client, _) = fake::api(|_, _| ok(r#"{"items":[{"metadata":"canary"}]}"#));
        let (outcome, _) = list(&client, Kind::GatewayClass, 1).await;
        assert!(
            outcome
                .reason()
                .starts_with("a page can't be decoded: a value is of the wrong type")
        );
        assert!(!outcome.reason().contains("canary"));
    }
}
