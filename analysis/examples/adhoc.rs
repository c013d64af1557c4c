//! Temporary.
use analysis::model::{Kind, Object, Snapshot, normalise::normalise};
use shared::snapshots::Collected;
use std::time::Instant;
fn load(text: &str) -> Snapshot {
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in Kind::ALL { snapshot.set(*kind, Collected::Collected { count: 0 }, Vec::new()); }
    for d in text.split("\n---\n").filter(|d| !d.trim().is_empty()) {
        let v: serde_json::Value = serde_saphyr::from_str(d).unwrap();
        let f = |n: &str| v[n].as_str().unwrap_or_default();
        let kind = Kind::of_manifest(f("apiVersion"), f("kind")).unwrap();
        if let Some(o) = normalise(Object::deserialize(kind, v).unwrap()) { snapshot.put(o); }
    }
    snapshot
}
fn main() {
    let now = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    let args: Vec<String> = std::env::args().collect();
    if args[1] == "bench" {
        let n: usize = args[2].parse().unwrap();
        let mut s = Snapshot::new("v1.37.2");
        for kind in Kind::ALL { s.set(*kind, Collected::Collected { count: 0 }, Vec::new()); }
        let mut by: std::collections::BTreeMap<Kind, Vec<Object>> = Default::default();
        let mut add = |v: serde_json::Value| {
            let kind = Kind::of_manifest(v["apiVersion"].as_str().unwrap(), v["kind"].as_str().unwrap()).unwrap();
            if let Some(o) = normalise(Object::deserialize(kind, v).unwrap()) { by.entry(kind).or_default().push(o); }
        };
        let nss = n / 50;
        for i in 0..nss { add(serde_json::json!({"apiVersion":"v1","kind":"Namespace","metadata":{"name":format!("ns{i}")}})); 
          for k in 0..3 { add(serde_json::json!({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":format!("p{k}"),"namespace":format!("ns{i}")},"spec":{"podSelector":{"matchLabels":{"app":format!("web{k}")}},"ingress":[{"from":[{"podSelector":{}}]}]}})); 
            add(serde_json::json!({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":format!("p{k}"),"namespace":format!("ns{i}")},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}));
            add(serde_json::json!({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":format!("p{k}"),"namespace":format!("ns{i}")},"roleRef":{"kind":"Role","name":format!("p{k}")},"subjects":[{"kind":"ServiceAccount","name":"default"}]}));
            add(serde_json::json!({"apiVersion":"v1","kind":"Service","metadata":{"name":format!("p{k}"),"namespace":format!("ns{i}")},"spec":{"selector":{"app":format!("web{k}")},"ports":[{"port":443}]}}));
            add(serde_json::json!({"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":format!("p{k}"),"namespace":format!("ns{i}"),"labels":{"kubernetes.io/service-name":format!("p{k}")}},"endpoints":[{"addresses":["10.0.0.1"]}]}));
          } }
        for i in 0..n/5 {
            let ns = format!("ns{}", i % nss);
            let spec = serde_json::json!({"containers":[{"name":"web","image":"nginx:latest","securityContext":{"privileged":true}},{"name":"side","image":"side:1.2"}],"volumes":[{"name":"v","hostPath":{"path":"/etc"}}]});
            let meta = serde_json::json!({"labels":{"app":format!("web{}", i % 7)}});
            add(serde_json::json!({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":format!("web{i}"),"namespace":ns},"spec":{"replicas":5,"template":{"metadata":meta,"spec":spec}}}));
            add(serde_json::json!({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":format!("web{i}-a"),"namespace":ns,"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":format!("web{i}"),"controller":true}]},"spec":{"replicas":5,"template":{"metadata":meta,"spec":spec}}}));
            for p in 0..5 {
                add(serde_json::json!({"apiVersion":"v1","kind":"Pod","metadata":{"labels":meta["labels"],"name":format!("web{i}-a-{p}"),"namespace":ns,"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":format!("web{i}-a"),"controller":true}]},"spec":spec,"status":{"phase":"Running","containerStatuses":[{"name":"web","imageID":format!("docker.io/nginx@sha256:{:064x}", i%300)},{"name":"side","imageID":format!("docker.io/side@sha256:{:064x}", 1000+i%300)}]}}));
            }
            add(serde_json::json!({"apiVersion":"aquasecurity.github.io/v1alpha1","kind":"VulnerabilityReport","metadata":{"name":format!("r{i}"),"namespace":ns},"report":{"artifact":{"digest":format!("sha256:{:064x}", i%300)},"vulnerabilities":(0..100).map(|v| serde_json::json!({"vulnerabilityID":format!("CVE-2025-{v}"),"severity":if v%10==0 {"CRITICAL"} else {"HIGH"},"fixedVersion":"1"})).collect::<Vec<_>>()}}));
        }
        for (k, v) in by { s.set(k, Collected::Collected { count: v.len() as u32 }, v); }
        let t = Instant::now();
        let c = analysis::cluster::Cluster::new(&s, now);
        println!("index {:?} workloads {} objects {}", t.elapsed(), c.workloads.len(), s.len());
        let t = Instant::now();
        let r = analysis::run(&s, now);
        println!("run {:?} findings {}", t.elapsed(), r.findings.len());
        let p = r.findings.iter().find_map(|f| f.patch.clone()).unwrap();
        let t = Instant::now();
        let e = analysis::simulate::effect(&s, &r, &p, now).unwrap();
        println!("effect {:?} {e:?}", t.elapsed());
        return;
    }
    let s = load(&std::fs::read_to_string(&args[1]).unwrap());
    let r = analysis::run(&s, now);
    for f in &r.findings { println!("{}", serde_json::json!({"check":f.check,"object":f.object.to_string(),"title":f.title,"message":f.message,"witness":f.witness,"patch":f.patch, "severity": f.severity})); }
}
