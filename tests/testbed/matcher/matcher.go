package main

import (
	"context"
	"encoding/json"
	"net"
	_ "unsafe" // for go:linkname

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyclient "sigs.k8s.io/network-policy-api/pkg/client/clientset/versioned"
	policyinformers "sigs.k8s.io/network-policy-api/pkg/client/informers/externalversions"
)

// matcher is the controller of kube-network-policies, its stores filled by hand: it never runs, and calls nobody.
type matcher struct {
	controller                                           *networkpolicy.Controller
	namespaces, nodes, pods, namespaced, admin, baseline cache.Indexer
}

func newMatcher() (*matcher, error) {
	nowhere := &rest.Config{Host: "localhost"}
	client, err := kubernetes.NewForConfig(nowhere)
	if err != nil {
		return nil, err
	}
	policyClient, err := policyclient.NewForConfig(nowhere)
	if err != nil {
		return nil, err
	}
	core := informers.NewSharedInformerFactory(client, 0)
	policy := policyinformers.NewSharedInformerFactory(policyClient, 0).Policy().V1alpha1()
	namespaces, nodes, pods := core.Core().V1().Namespaces(), core.Core().V1().Nodes(), core.Core().V1().Pods()
	namespaced := core.Networking().V1().NetworkPolicies()
	admin, baseline := policy.AdminNetworkPolicies(), policy.BaselineAdminNetworkPolicies()
	controller, err := networkpolicy.NewController(client, namespaced, namespaces, pods, nodes, policyClient, admin, baseline,
		networkpolicy.Config{AdminNetworkPolicy: true, BaselineAdminNetworkPolicy: true})
	if err != nil {
		return nil, err
	}
	return &matcher{
		controller: controller,
		namespaces: namespaces.Informer().GetIndexer(),
		nodes:      nodes.Informer().GetIndexer(),
		pods:       pods.Informer().GetIndexer(),
		namespaced: namespaced.Informer().GetIndexer(),
		admin:      admin.Informer().GetIndexer(),
		baseline:   baseline.Informer().GetIndexer(),
	}, nil
}

// load forgets the cluster before.
func (m *matcher) load(objects []json.RawMessage) error {
	kept := map[cache.Indexer][]any{}
	for _, written := range objects {
		object, err := stored(written)
		if err != nil {
			return err
		}
		store := m.storeOf(object)
		kept[store] = append(kept[store], object)
	}
	for _, store := range []cache.Indexer{m.namespaces, m.nodes, m.pods, m.namespaced, m.admin, m.baseline} {
		if err := store.Replace(kept[store], ""); err != nil {
			return err
		}
	}
	return nil
}

func (m *matcher) storeOf(object any) cache.Indexer {
	switch object.(type) {
	case *corev1.Namespace:
		return m.namespaces
	case *corev1.Node:
		return m.nodes
	case *corev1.Pod:
		return m.pods
	case *networkingv1.NetworkPolicy:
		return m.namespaced
	case *policyv1alpha1.AdminNetworkPolicy:
		return m.admin
	default:
		return m.baseline
	}
}

// allows asks about the first packet of a connection.
func (m *matcher) allows(asked question) bool {
	return evaluatePacket(m.controller, context.Background(), packet{
		srcIP:   net.ParseIP(asked.From),
		dstIP:   net.ParseIP(asked.To),
		proto:   corev1.Protocol(asked.Protocol),
		srcPort: 40000,
		dstPort: asked.Port,
	})
}

// evaluatePacket is where kube-network-policies decides. It takes packets from the kernel and has no other way in, so it is
// called by the name it has in the binary. go.mod pins its version, and with it the type of its argument.
//
//go:linkname evaluatePacket sigs.k8s.io/kube-network-policies/pkg/networkpolicy.(*Controller).evaluatePacket
func evaluatePacket(controller *networkpolicy.Controller, ctx context.Context, asked packet) bool

// packet has the fields of pkg/networkpolicy/packet.go, in its order.
type packet struct {
	id      uint32
	family  corev1.IPFamily
	srcIP   net.IP
	dstIP   net.IP
	proto   corev1.Protocol
	srcPort int
	dstPort int
	payload []byte
}
