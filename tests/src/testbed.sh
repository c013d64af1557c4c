# Runs etcd and kube-apiserver until stdin closes: when the test process is gone, however it went, so are they and their files.
# Arguments: directory, etcd, kube-apiserver, the ports of etcd, of its peers and of the API server.
dir=$1 etcd=$2 apiserver=$3 client=$4 peer=$5 port=$6

stop() {
    trap - EXIT INT TERM HUP
    kill -9 $(cat "$dir"/*.pid) 2>/dev/null
    wait 2>/dev/null
    rm -rf "$dir"
    exit 0
}
trap stop EXIT INT TERM HUP

# Runs a command under a name: NAME.log holds what it says, NAME.pid its process, and NAME.ended is there once it is not.
run() {
    name=$1
    shift
    { sh -c 'echo $$ >"$0" && exec "$@"' "$dir/$name.pid" "$@" >"$dir/$name.log" 2>&1; touch "$dir/$name.ended"; } </dev/null &
}

run etcd "$etcd" --data-dir "$dir/etcd" --unsafe-no-fsync \
    --listen-client-urls "http://127.0.0.1:$client" --advertise-client-urls "http://127.0.0.1:$client" \
    --listen-peer-urls "http://127.0.0.1:$peer"

# One kind, PriorityClass, is never read from memory: its continue tokens expire as soon as etcd forgets their revision.
run apiserver "$apiserver" --etcd-servers "http://127.0.0.1:$client" --secure-port "$port" --bind-address 127.0.0.1 \
    --advertise-address 127.0.0.1 --endpoint-reconciler-type none --cert-dir "$dir/certs" \
    --service-account-key-file "$dir/sa.pub" --service-account-signing-key-file "$dir/sa.key" \
    --service-account-issuer https://kubernetes.default.svc --service-cluster-ip-range 10.0.0.0/16 \
    --token-auth-file "$dir/tokens.csv" --authorization-mode Node,RBAC --allow-privileged \
    --disable-admission-plugins ServiceAccount --watch-cache-sizes priorityclasses.scheduling.k8s.io#0 \
    --max-requests-inflight 2000 --max-mutating-requests-inflight 1000

cat >/dev/null
