//! What the API server sends as protobuf, as a table and as JSON decodes to the same.

use analysis::model::decode::{self, ListPage};
use analysis::model::kind::{Kind, Object, Placement, Wire};
use http::Request;
use http_body_util::BodyExt;
use kube::Client;
use kube::client::Body;
use tests::{fixtures, rest};

use super::rich;

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
const METADATA: &str = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const TABLE: &str = "application/json;as=Table;g=meta.k8s.io;v=v1";

async fn list(client: &Client, kind: Kind, accept: &str) -> Vec<u8> {
    let namespace = if kind.info().placement == Placement::Namespaced {
        "rich"
    } else {
        ""
    };
    let request = Request::get(rest::collection(kind, namespace))
        .header("accept", accept)
        .body(Body::empty())
        .unwrap();
    let response = client.send(request).await.unwrap();
    assert!(response.status().is_success(), "{kind}: {}", response.status());
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

async fn as_collected(client: &Client, kind: Kind) -> ListPage {
    let page = match kind.info().wire {
        Wire::Protobuf => decode::protobuf_page(kind, &list(client, kind, PROTOBUF).await),
        Wire::Metadata => decode::protobuf_page(kind, &list(client, kind, METADATA).await),
        Wire::Table => decode::secret_table_page(&list(client, kind, TABLE).await),
        Wire::Json => unreachable!("custom kinds come as JSON only"),
    };
    page.unwrap_or_else(|error| panic!("{kind}: {error}"))
}

#[tokio::test]
async fn every_built_in_kind_decodes_to_the_same_from_json() {
    let client = rich().await.client("admin").await.unwrap();
    let fixtures = fixtures::built_in().unwrap();
    for kind in Kind::ALL.iter().copied().filter(|kind| kind.info().wire != Wire::Json) {
        let collected = as_collected(&client, kind).await.objects;
        let json = decode::json_page(kind, &list(&client, kind, rest::JSON).await)
            .unwrap()
            .objects;
        let mut compared = Vec::new();
        // Other tests make objects meanwhile, which only one of the lists may hold.
        for object in &collected {
            if let Some(same) = json.iter().find(|other| other.reference() == object.reference()) {
                assert_eq!(same, object, "{kind}");
                compared.push(object.meta().name.as_str());
            }
        }
        let of_kind = fixtures
            .iter()
            .map(|fixture| rest::identity(fixture).unwrap())
            .filter(|(of, ..)| *of == kind);
        let expected: Vec<&str> = of_kind
            .map(|(_, _, name)| name)
            .filter(|name| *name != "web-0")
            .collect();
        assert!(!expected.is_empty(), "{kind} has no fixture");
        assert!(
            expected.iter().all(|name| compared.contains(name)),
            "{kind}: {expected:?} in {compared:?}"
        );
    }
}

#[tokio::test]
async fn what_is_stored_decodes_to_what_was_collected() {
    let client = rich().await.client("admin").await.unwrap();
    for kind in Kind::ALL.iter().copied().filter(|kind| kind.info().wire != Wire::Json) {
        for object in as_collected(&client, kind).await.objects {
            assert_eq!(
                Object::from_protobuf(kind, &object.to_protobuf()).unwrap(),
                object,
                "{kind}"
            );
        }
    }
}

/// The fixture sets every field of a pod that the model keeps, so one that is empty is not read, or not set.
#[tokio::test]
async fn no_field_of_the_richest_pod_is_lost() {
    let client = rich().await.client("admin").await.unwrap();
    let pods = as_collected(&client, Kind::Pod).await.objects;
    let pod = pods
        .iter()
        .find(|pod| pod.meta().name == "everything")
        .unwrap()
        .to_manifest();
    let volumes = pod["spec"]["volumes"].as_array().unwrap();
    assert_eq!(volumes.len(), 32);
    for volume in volumes {
        assert_eq!(volume.as_object().unwrap().len(), 2, "{volume} has lost its source");
    }
    let main = &pod["spec"]["containers"][0];
    for field in [
        "ports",
        "envFrom",
        "env",
        "resources",
        "volumeMounts",
        "securityContext",
        "livenessProbe",
        "lifecycle",
    ] {
        assert!(!main[field].is_null(), "{field}");
    }
    assert_eq!(main["livenessProbe"]["httpGet"]["port"], "http");
    assert!(
        pod["status"]["containerStatuses"][0]["imageID"]
            .as_str()
            .unwrap()
            .starts_with("registry.example/main@sha256:")
    );
}
