//! What is kept of the command lines of the control plane's static pods: which component it is, and the flags of a list.
//! Any other argument may hold a secret.

use super::container::Container;

/// What a flag takes. It tells whether the argument behind a flag is its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// `--profiling` alone is true; another value stands behind an equals sign.
    Nothing,
    /// `--audit-log-path=/log`, or the value in the next argument.
    Value,
    /// URLs, which may hold a password: of each only the scheme is kept, `--etcd-servers=https://`.
    Urls,
}

/// The programs of the control plane.
const PROGRAMS: &[&str] = &["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"];

/// What starts a program that one of its arguments names. Arguments of others may end in such a name: `/var/lib/etcd`.
const WRAPPERS: &[&str] = &["go-runner", "hyperkube"];

/// The flags that checks read: switches, numbers, names of plugins and ciphers, addresses and paths of files. None of them
/// takes a secret; of an URL, which may hold one, no more than the scheme is kept.
const FLAGS: &[(&str, Takes)] = &[
    ("--admission-control", Takes::Value),
    ("--anonymous-auth", Takes::Nothing),
    ("--audit-log-maxage", Takes::Value),
    ("--audit-log-maxbackup", Takes::Value),
    ("--audit-log-maxsize", Takes::Value),
    ("--audit-log-path", Takes::Value),
    ("--audit-policy-file", Takes::Value),
    ("--audit-webhook-config-file", Takes::Value),
    ("--authentication-config", Takes::Value),
    ("--authorization-config", Takes::Value),
    ("--authorization-mode", Takes::Value),
    ("--auto-tls", Takes::Nothing),
    ("--bind-address", Takes::Value),
    ("--cert-file", Takes::Value),
    ("--client-ca-file", Takes::Value),
    ("--client-cert-auth", Takes::Nothing),
    ("--config", Takes::Value),
    ("--config-file", Takes::Value),
    ("--disable-admission-plugins", Takes::Value),
    ("--enable-admission-plugins", Takes::Value),
    ("--encryption-provider-config", Takes::Value),
    ("--etcd-cafile", Takes::Value),
    ("--etcd-certfile", Takes::Value),
    ("--etcd-keyfile", Takes::Value),
    ("--etcd-servers", Takes::Urls),
    ("--feature-gates", Takes::Value),
    ("--key-file", Takes::Value),
    ("--kubelet-certificate-authority", Takes::Value),
    ("--kubelet-client-certificate", Takes::Value),
    ("--kubelet-client-key", Takes::Value),
    ("--peer-auto-tls", Takes::Nothing),
    ("--peer-cert-file", Takes::Value),
    ("--peer-client-cert-auth", Takes::Nothing),
    ("--peer-key-file", Takes::Value),
    ("--peer-trusted-ca-file", Takes::Value),
    ("--profiling", Takes::Nothing),
    ("--request-timeout", Takes::Value),
    ("--root-ca-file", Takes::Value),
    ("--service-account-extend-token-expiration", Takes::Nothing),
    ("--service-account-key-file", Takes::Value),
    ("--service-account-lookup", Takes::Nothing),
    ("--service-account-private-key-file", Takes::Value),
    ("--service-account-signing-endpoint", Takes::Value),
    ("--terminated-pod-gc-threshold", Takes::Value),
    ("--tls-cert-file", Takes::Value),
    ("--tls-cipher-suites", Takes::Value),
    ("--tls-min-version", Takes::Value),
    ("--tls-private-key-file", Takes::Value),
    ("--token-auth-file", Takes::Value),
    ("--trusted-ca-file", Takes::Value),
    ("--use-service-account-credentials", Takes::Nothing),
];

/// The longest argument that is kept. A list of all cipher suites that there are is shorter.
const LONGEST: usize = 4096;

/// Leaves of the command line of a static pod's container the executable, the program that it starts, and the flags of the
/// list, each as one argument: `--flag=value`.
pub(super) fn keep(container: &mut Container) {
    let started = wrapped(container).cloned();
    let is_started = |argument: &String| started.as_ref() == Some(argument);
    // The executable tells which component it is.
    let executable = container.command.first().filter(|path| is_short(path)).cloned();
    let mut command = kept(container.command.get(1..).unwrap_or_default(), is_started);
    command.splice(0..0, executable);
    container.args = kept(&container.args, is_started);
    container.command = command;
}

fn kept(arguments: &[String], is_started: impl Fn(&String) -> bool) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let whole = match listed(argument) {
            Some((name, takes)) => whole(name, takes, argument, &mut rest),
            None if is_started(argument) => argument.clone(),
            None => continue,
        };
        if is_short(&whole) {
            kept.push(whole);
        }
    }
    kept
}

/// A flag with its value, which may be the next of the arguments.
fn whole<'a>(name: &str, takes: Takes, argument: &'a str, rest: &mut impl Iterator<Item = &'a String>) -> String {
    let value = match (argument.split_once('='), takes) {
        (Some((_, value)), _) => Some(value),
        (None, Takes::Value | Takes::Urls) => rest.next().map(String::as_str),
        (None, Takes::Nothing) => None,
    };
    match (value, takes) {
        (None, _) => name.to_owned(),
        (Some(urls), Takes::Urls) => format!("{name}={}", schemes(urls)),
        (Some(value), _) => format!("{name}={value}"),
    }
}

/// The schemes of a list of URLs; what has none that is known may be anything.
fn schemes(urls: &str) -> String {
    const KNOWN: &[&str] = &["https://", "http://", "unixs://", "unix://"];
    let scheme = |url: &str| KNOWN.iter().find(|scheme| url.trim().starts_with(**scheme)).copied();
    let schemes: Vec<&str> = urls.split(',').map(|url| scheme(url).unwrap_or("?")).collect();
    schemes.join(",")
}

/// The program of the control plane that a container runs.
pub(crate) fn program(container: &Container) -> Option<&'static str> {
    let executable = container.command.first().and_then(|path| among(PROGRAMS, path));
    executable.or_else(|| among(PROGRAMS, wrapped(container)?))
}

/// The argument that names the program which a wrapper starts.
fn wrapped(container: &Container) -> Option<&String> {
    among(WRAPPERS, container.command.first()?)?;
    let mut arguments = container.command.iter().skip(1).chain(&container.args);
    arguments.find(|argument| among(PROGRAMS, argument).is_some())
}

/// The one of these names that a path ends in.
fn among(names: &[&'static str], path: &str) -> Option<&'static str> {
    let last = path.rsplit('/').next()?;
    names.iter().copied().find(|name| *name == last)
}

/// The flag of the list that an argument sets. Components take `_` for `-`, and etcd one dash for two.
fn listed(argument: &str) -> Option<(&'static str, Takes)> {
    let name = argument.split('=').next()?.strip_prefix('-')?;
    let name = name.strip_prefix('-').unwrap_or(name).replace('_', "-");
    FLAGS.iter().copied().find(|(flag, _)| flag[2..] == name)
}

fn is_short(argument: &str) -> bool {
    argument.len() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(command: &[&str], args: &[&str]) -> [Vec<String>; 2] {
        let owned = |list: &[&str]| list.iter().map(|argument| (*argument).to_owned()).collect();
        let mut container = Container {
            command: owned(command),
            args: owned(args),
            ..Container::default()
        };
        keep(&mut container);
        [container.command, container.args]
    }

    #[test]
    fn flags_of_the_list_are_joined_with_their_values_and_all_else_goes() {
        let command = [
            "kube-apiserver",
            "--audit-log-path",
            "/log",
            "--token=canary",
            "--oidc-client-secret",
            "canary",
            "--profiling",
            "canary",
            "--anonymous_auth=false",
        ];
        let [command, args] = left(&command, &["canary", "-cert-file=/a.crt", "--key-file"]);
        assert_eq!(
            command,
            [
                "kube-apiserver",
                "--audit-log-path=/log",
                "--profiling",
                "--anonymous-auth=false"
            ]
        );
        assert_eq!(args, ["--cert-file=/a.crt", "--key-file"]);
    }

    #[test]
    fn of_urls_no_more_than_the_scheme_stays() {
        let urls = "--etcd-servers=https://root:canary@e1:2379, http://canary,unix:///canary.sock,canary";
        let [command, args] = left(&["kube-apiserver", urls], &["--etcd-servers", "https://canary"]);
        assert_eq!(command[1], "--etcd-servers=https://,http://,unix://,?");
        assert_eq!(args, ["--etcd-servers=https://"]);
    }

    #[test]
    fn the_program_that_a_wrapper_starts_stays() {
        let [command, args] = left(
            &["/go-runner", "--log-file=canary"],
            &["/usr/local/bin/kube-apiserver", "--profiling=false", "/bin/canary"],
        );
        assert_eq!(command, ["/go-runner"]);
        assert_eq!(args, ["/usr/local/bin/kube-apiserver", "--profiling=false"]);
        let [command, _] = left(&["etcd-manager", "--data-dir", "/var/lib/etcd"], &[]);
        assert_eq!(command, ["etcd-manager"]);
    }

    #[test]
    fn a_script_is_dropped_whatever_it_starts() {
        let script = "exec kube-apiserver --anonymous-auth=false --token=canary";
        assert_eq!(
            left(&["/bin/sh", "-c", script], &[]),
            [vec!["/bin/sh".to_owned()], Vec::new()]
        );
    }

    #[test]
    fn the_list_is_sorted_and_names_no_flag_twice() {
        assert!(FLAGS.is_sorted_by(|one, other| one.0 < other.0));
    }

    #[test]
    fn an_absurdly_long_argument_is_dropped() {
        let long = "x".repeat(LONGEST + 1);
        let [command, args] = left(
            &[&long, &format!("--config={long}")],
            &[&format!("--cert-file=/{long}")],
        );
        assert_eq!((command.len(), args.len()), (0, 0));
    }
}
