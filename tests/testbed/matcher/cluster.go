package main

import (
	"encoding/json"
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"
	coredefaults "k8s.io/kubernetes/pkg/apis/core/v1"
	networkingdefaults "k8s.io/kubernetes/pkg/apis/networking/v1"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
)

// stored returns an object as the API server would keep it: its defaults are those of kube-apiserver's own code.
func stored(written json.RawMessage) (any, error) {
	var kind struct{ Kind string }
	if err := json.Unmarshal(written, &kind); err != nil {
		return nil, err
	}
	switch kind.Kind {
	case "Namespace":
		return read(written, coredefaults.SetObjectDefaults_Namespace)
	case "Node":
		return read(written, coredefaults.SetObjectDefaults_Node)
	case "Pod":
		return read(written, coredefaults.SetObjectDefaults_Pod)
	case "NetworkPolicy":
		policy, err := read(written, networkingdefaults.SetObjectDefaults_NetworkPolicy)
		if err != nil {
			return nil, err
		}
		return throughEtcd(policy)
	case "AdminNetworkPolicy":
		return read(written, func(*policyv1alpha1.AdminNetworkPolicy) {})
	case "BaselineAdminNetworkPolicy":
		return read(written, func(*policyv1alpha1.BaselineAdminNetworkPolicy) {})
	default:
		return nil, fmt.Errorf("the matcher has no place for a %q", kind.Kind)
	}
}

func read[T any](written json.RawMessage, setDefaults func(*T)) (*T, error) {
	object := new(T)
	if err := json.Unmarshal(written, object); err != nil {
		return nil, err
	}
	setDefaults(object)
	return object, nil
}

// throughEtcd loses what the store doesn't keep: an empty list comes back as none, and the matcher tells the two apart.
func throughEtcd(policy *networkingv1.NetworkPolicy) (*networkingv1.NetworkPolicy, error) {
	data, err := policy.Marshal()
	if err != nil {
		return nil, err
	}
	kept := new(networkingv1.NetworkPolicy)
	return kept, kept.Unmarshal(data)
}
