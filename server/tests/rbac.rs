//! `plimsoll rbac`, as people and programs run it, on manifests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

mod schema;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};

const WORLD: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {verbs: [get, list], apiGroups: [''], resources: [pods, secrets]}
- {verbs: [create], apiGroups: [''], resources: [pods/exec], resourceNames: [web]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: shop}
roleRef: {kind: Role, name: reader}
subjects: [{kind: Group, name: dev}, {kind: ServiceAccount, name: web}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: lost, namespace: shop}
roleRef: {kind: Role, name: gone}
subjects: [{kind: User, name: ann}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: User, name: root}]
";

/// The world in a file of its own, since standard input is for questions.
fn world() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rbac-world.yaml");
    // Written whole and then moved: tests that run at the same time read all of it.
    let own = path.with_extension(format!("{:?}", std::thread::current().id()));
    std::fs::write(&own, WORLD).unwrap();
    std::fs::rename(&own, &path).unwrap();
    path
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("rbac")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn ask(arguments: &[&str]) -> Output {
    let world = world();
    run(&[arguments, &["--manifests", world.to_str().unwrap()]].concat(), "")
}

fn text(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The JSON that a command prints, held against its schema.
fn json(name: &str, arguments: &[&str]) -> Value {
    let output = ask(&[arguments, &["-o", "json"]].concat());
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    schema::hold(name, &value);
    value
}

#[test]
fn exit_code_tells_yes_from_no_and_from_input_that_can_not_be_read() {
    let dev = ["--as", "ann", "--as-group", "dev", "-n", "shop"];
    let can = |question: &[&str]| code(&ask(&[&["can-i"], question, &dev].concat()));
    assert_eq!(can(&["get", "pods"]), 0);
    assert_eq!(can(&["get", "po"]), 0);
    assert_eq!(can(&["delete", "pods"]), 1);
    assert_eq!(can(&["create", "pods/exec"]), 1);
    assert_eq!(can(&["create", "pods/exec", "--name", "web"]), 0);
    assert_eq!(can(&["create", "pods", "--subresource", "exec", "--name", "web"]), 0);
    assert_eq!(
        code(&run(
            &["can-i", "get", "pods", "--as", "ann", "--manifests", "/nowhere"],
            ""
        )),
        2
    );
    assert_eq!(
        code(&run(&["can-i", "get", "pods", "--as", "ann", "--manifests", "-"], "{")),
        2
    );
    assert_eq!(code(&ask(&["can-i", "get", "pods"])), 2);
}

#[test]
fn answer_names_the_chain_and_what_leads_nowhere() {
    let output = ask(&[
        "can-i",
        "get",
        "secrets",
        "-n",
        "shop",
        "--as",
        "ann",
        "--as-group",
        "dev",
    ]);
    let expected = "yes\n  Group dev by RoleBinding shop/readers, Role shop/reader, rules[0]\n\
        note: RoleBinding shop/lost grants nothing, since its role does not exist\n";
    assert_eq!(text(&output), expected);
}

#[test]
fn as_adds_the_groups_that_the_api_server_adds() {
    let url = ["can-i", "get", "--url", "/healthz", "--as", "ann"];
    assert_eq!(code(&ask(&url)), 0);
    assert_eq!(code(&ask(&[&url[..], &["--no-defaults"]].concat())), 1);
}

#[test]
fn batch_answers_every_line_in_its_place() {
    let question = |user: &str, groups: &[&str], resource: &str| {
        json!({"user": user, "groups": groups, "verb": "get", "group": "", "resource": resource, "namespace": "shop"})
            .to_string()
    };
    let lines = [
        question("ann", &["dev"], "pods"),
        question("ann", &[], "pods"),
        "{".to_owned(),
        String::new(),
        json!({"user": "root", "verb": "get", "path": "/metrics"}).to_string(),
        json!({"user": "ann", "verb": "get", "resource": "pods", "nmespace": "shop"}).to_string(),
        json!({"user": "ann", "groups": ["system:masters"], "verb": "get", "resource": "pods"}).to_string(),
        question("root", &[], "gadgets"),
    ];
    let world = world();
    let output = run(
        &["can-i", "--batch", "--manifests", world.to_str().unwrap()],
        &(lines.join("\n") + "\n"),
    );
    assert_eq!(code(&output), 0);
    let answers: Vec<Value> = text(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), lines.len());
    answers
        .iter()
        .for_each(|answer| schema::hold("rbac-can-i-batch-answer", answer));
    schema::hold("rbac-can-i-batch-question", &serde_json::from_str(&lines[0]).unwrap());
    let reason = json!({"binding": "RoleBinding shop/readers", "role": "Role shop/reader", "rule": 0});
    assert_eq!(answers[0], json!({"allowed": true, "reason": reason}));
    assert_eq!(answers[1], json!({"allowed": false}));
    assert!(answers[2]["error"].is_string() && answers[3]["error"].is_string());
    assert_eq!(answers[4]["reason"]["binding"], "ClusterRoleBinding admins");
    assert!(answers[5]["error"].as_str().unwrap().contains("nmespace"));
    assert_eq!(
        answers[6],
        json!({"allowed": true, "reason": {"group": "system:masters"}})
    );
    assert_eq!(
        (&answers[7]["allowed"], &answers[7]["unknown"]),
        (&json!(true), &json!(["resource"]))
    );
}

#[test]
fn manifests_that_can_not_be_parsed_leave_a_no_undecided() {
    let broken = format!("{WORLD}---\n{{");
    let ask = |user: &str| {
        run(
            &["can-i", "get", "pods", "-n", "shop", "--as", user, "--manifests", "-"],
            &broken,
        )
    };
    assert_eq!(code(&ask("root")), 0);
    let undecided = ask("ann");
    assert_eq!(
        (code(&undecided), text(&undecided).lines().next()),
        (2, Some("not decided"))
    );
}

#[test]
fn who_can_lists_groups_and_accounts_with_their_chains() {
    let answer = json("rbac-who-can", &["who-can", "list", "secrets", "-n", "shop"]);
    assert_eq!(answer["complete"], true);
    let subjects = answer["subjects"].as_array().unwrap();
    let web = subjects
        .iter()
        .find(|holder| holder["subject"]["kind"] == "ServiceAccount" && holder["subject"]["name"] == "web");
    let web = web.unwrap();
    assert!(
        web.get("isMissing").is_none(),
        "manifests don't show the accounts that controllers make"
    );
    assert_eq!(web["grants"][0]["binding"]["name"], "readers");
    assert!(
        text(&ask(&["who-can", "list", "secrets", "-n", "shop"]))
            .contains("\n  by RoleBinding shop/readers, Role shop/reader, rules[0]\n")
    );
}

#[test]
fn what_can_lists_the_whole_cluster_and_then_namespaces() {
    let answer = json("rbac-what-can", &["what-can", "--as-group", "dev"]);
    assert_eq!(answer["places"][0]["namespace"], "shop");
    let output = ask(&["what-can", "--as-group", "dev"]);
    let expected = "In namespace shop:\n  create on pods/exec named web\n  get,list on pods,secrets\n";
    assert_eq!(text(&output), expected);
    assert_eq!(text(&ask(&["what-can", "--as-group", "nobody"])), "nothing\n");
}

#[test]
fn can_i_prints_what_its_schema_says() {
    let answer = json(
        "rbac-can-i",
        &["can-i", "get", "pods", "-n", "shop", "--as", "ann", "--as-group", "dev"],
    );
    assert_eq!(
        answer["grants"][0]["subject"],
        json!({"kind": "Group", "namespace": "", "name": "dev"})
    );
    let denied = json("rbac-can-i", &["can-i", "fetch", "gadgets", "--as", "ann"]);
    assert_eq!(
        (&denied["allowed"], &denied["unknown"]),
        (&json!(false), &json!(["verb", "resource"]))
    );
}

#[test]
fn escalations_lists_ways_and_what_closes_them() {
    let answer = json("rbac-escalations", &["escalations", "--sink", "cluster-admin"]);
    let names: Vec<&str> = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|way| way["subject"]["name"].as_str())
        .collect();
    assert_eq!(names, ["root"]);
    let output = ask(&["escalations", "--as", "root", "--sink", "cluster-admin"]);
    let expected = "cluster-admin: 1, and 0 whom Kubernetes means to\n  User root\n    may do everything in the cluster\n      \
        User root by ClusterRoleBinding admins, ClusterRole cluster-admin, rules[0]\n    \
        to stop it: take User root off ClusterRoleBinding admins, which closes 4\n";
    assert!(text(&output).starts_with(expected), "{}", text(&output));
    assert!(text(&ask(&["escalations", "--as", "ann"])).starts_with("nobody\nnote"));
    assert_eq!(code(&output), 0);
    assert_eq!(code(&ask(&["escalations", "--sink", "heaven"])), 2);
}

/// A server of the world, with a database of its own.
struct Server {
    child: Child,
    folder: PathBuf,
    address: String,
    /// What it tells is not read on; but somebody is there to hear it.
    _told: BufReader<ChildStdout>,
}

impl Server {
    fn start() -> Self {
        // PostgreSQL runs as a user of its own where the test is root, and must be able to enter.
        let folder = std::env::temp_dir().join(format!("plimsoll-cli-{}", std::process::id()));
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["serve", "--listen", "127.0.0.1:0", "--manifests"])
            .arg(world())
            .arg("--data")
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let is_address = |line: String| Some(line.strip_prefix("Plimsoll is at ")?.to_owned());
        let address = told.by_ref().lines().map_while(Result::ok).find_map(is_address);
        Self {
            address: address.unwrap(),
            child,
            folder,
            _told: told,
        }
    }

    fn token(&self) -> String {
        let made = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["token", "create", "test", "--data"])
            .arg(&self.folder)
            .output()
            .unwrap();
        text(&made).trim().to_owned()
    }

    fn ask(&self, token: &str, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .arg("rbac")
            .args(arguments)
            .args(["--server", &self.address])
            .env("PLIMSOLL_TOKEN", token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Told to stop, it stops its database too.
        _ = Command::new("kill").arg(self.child.id().to_string()).status();
        _ = self.child.wait();
        _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_server_answers_as_its_manifests_do() {
    let server = Server::start();
    let token = server.token();
    let dev = ["--as", "ann", "--as-group", "dev", "-n", "shop"];
    // Until it has taken its first snapshot it knows nothing, and says that nothing is decided.
    let first = [&["can-i", "get", "secrets"], &dev[..]].concat();
    let is_decided = |_| code(&server.ask(&token, &first, "")) != 2;
    assert!((0..1_000).any(is_decided), "no snapshot comes");
    for question in [
        [&["can-i", "get", "secrets"], &dev[..]].concat(),
        [&["can-i", "create", "pods/exec"], &dev[..]].concat(),
        vec!["can-i", "get", "--url", "/healthz", "--as", "ann"],
        vec!["who-can", "list", "secrets", "-n", "shop"],
        vec!["what-can", "--as", "ann", "--as-group", "dev"],
        vec!["escalations", "--expected"],
    ] {
        let (here, there) = (ask(&question), server.ask(&token, &question, ""));
        assert_eq!((text(&there), code(&there)), (text(&here), code(&here)), "{question:?}");
    }
    let lines = "{\"user\":\"root\",\"verb\":\"get\",\"resource\":\"pods\"}\n{\n";
    let batch = server.ask(&token, &["can-i", "--batch"], lines);
    let answers: Vec<Value> = text(&batch)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers[0]["allowed"], true);
    assert!(answers[1]["error"].is_string());
    // More than are asked about at once, and less than a pipe holds.
    let many = "{\"user\":\"root\",\"verb\":\"get\",\"resource\":\"pods\"}\n".repeat(400);
    let batch = server.ask(&token, &["can-i", "--batch"], &many);
    assert_eq!((text(&batch).lines().count(), code(&batch)), (400, 0));
    let early = server.ask(&token, &["what-can", "--as", "a", "--at", "1999-01-01T00:00:00Z"], "");
    assert_eq!((code(&early), text(&early)), (2, ""));
    let refused = server.ask("no token", &["who-can", "get", "pods"], "");
    assert_eq!(code(&refused), 2);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("token"));
}
