package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"strings"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/scale"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	internalpolicy "k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	"k8s.io/kubernetes/pkg/apis/policy/validation"
	"k8s.io/kubernetes/pkg/controller/disruption"
	budgetregistry "k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
)

const namespace = "default"

// budgetQuestion is a PodDisruptionBudget of any version, and the pods that have the labels.
type budgetQuestion struct {
	Budget json.RawMessage   `json:"budget"`
	Labels map[string]string `json:"labels"`
	Groups []group           `json:"groups"`
}

// group is the pods of one controller. Kind Pod stands for a pod without a controller.
type group struct {
	Kind     string `json:"kind"`
	Replicas int32  `json:"replicas"`
	// Ready is how many of them are ready: all of them by default.
	Ready *int32 `json:"ready"`
}

type budgetAnswer struct {
	// Selects is whether the eviction API applies the budget to pods with the labels.
	Selects            bool     `json:"selects"`
	ExpectedPods       int32    `json:"expectedPods"`
	CurrentHealthy     int32    `json:"currentHealthy"`
	DesiredHealthy     int32    `json:"desiredHealthy"`
	DisruptionsAllowed int32    `json:"disruptionsAllowed"`
	SyncFailed         bool     `json:"syncFailed"`
	Message            string   `json:"message,omitempty"`
	Invalid            []string `json:"invalid,omitempty"`
}

// budgets is a disruption controller over stores that are filled again for each question.
type budgets struct {
	client   *fake.Clientset
	stores   map[string]cache.Indexer
	scales   *scales
	statuses chan *policy.PodDisruptionBudget
	asked    int
}

func newBudgets(ctx context.Context) *budgets {
	client := fake.NewSimpleClientset()
	statuses := make(chan *policy.PodDisruptionBudget, 1)
	client.PrependReactor("update", "poddisruptionbudgets", func(action clienttesting.Action) (bool, runtime.Object, error) {
		written := action.(clienttesting.UpdateAction).GetObject().(*policy.PodDisruptionBudget)
		statuses <- written
		return true, written, nil
	})
	client.PrependReactor("create", "events", func(clienttesting.Action) (bool, runtime.Object, error) {
		return true, &core.Event{}, nil
	})
	factory := informers.NewSharedInformerFactory(client, 0)
	group := &scales{}
	controller := disruption.NewDisruptionController(
		ctx,
		factory.Core().V1().Pods(),
		factory.Policy().V1().PodDisruptionBudgets(),
		factory.Core().V1().ReplicationControllers(),
		factory.Apps().V1().ReplicaSets(),
		factory.Apps().V1().Deployments(),
		factory.Apps().V1().StatefulSets(),
		client,
		restMapper(),
		group,
		noScale{},
	)
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	go controller.Run(ctx, 1)
	return &budgets{
		client:   client,
		scales:   group,
		statuses: statuses,
		stores: map[string]cache.Indexer{
			"Pod":                   factory.Core().V1().Pods().Informer().GetIndexer(),
			"ReplicationController": factory.Core().V1().ReplicationControllers().Informer().GetIndexer(),
			"ReplicaSet":            factory.Apps().V1().ReplicaSets().Informer().GetIndexer(),
			"Deployment":            factory.Apps().V1().Deployments().Informer().GetIndexer(),
			"StatefulSet":           factory.Apps().V1().StatefulSets().Informer().GetIndexer(),
		},
	}
}

// status returns the status that the controller writes for the budget.
func (b *budgets) status(ctx context.Context, asked budgetQuestion) budgetAnswer {
	decoded, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), asked.Budget)
	if err != nil {
		return budgetAnswer{Invalid: []string{err.Error()}}
	}
	stored := decoded.(*internalpolicy.PodDisruptionBudget)
	budgetregistry.Strategy.PrepareForCreate(ctx, stored)
	budget := &policy.PodDisruptionBudget{}
	convert(stored, budget)
	b.asked++
	budget.Name, budget.Namespace = fmt.Sprintf("budget-%d", b.asked), namespace
	for _, store := range b.stores {
		if err := store.Replace(nil, ""); err != nil {
			log.Fatal(err)
		}
	}
	b.scales.replicas, b.scales.uids = map[types.UID]int32{}, map[string]types.UID{}
	for index, given := range asked.Groups {
		b.fill(index, given, asked.Labels)
	}
	all := b.client.PolicyV1().PodDisruptionBudgets(namespace)
	if _, err := all.Create(ctx, budget, metav1.CreateOptions{}); err != nil {
		log.Fatal(err)
	}
	written := <-b.statuses
	if err := all.Delete(ctx, budget.Name, metav1.DeleteOptions{}); err != nil {
		log.Fatal(err)
	}
	b.client.ClearActions()
	condition := meta.FindStatusCondition(written.Status.Conditions, policy.DisruptionAllowedCondition)
	selector, err := metav1.LabelSelectorAsSelector(budget.Spec.Selector)
	answer := budgetAnswer{
		Selects:            err == nil && selector.Matches(labels.Set(asked.Labels)),
		ExpectedPods:       written.Status.ExpectedPods,
		CurrentHealthy:     written.Status.CurrentHealthy,
		DesiredHealthy:     written.Status.DesiredHealthy,
		DisruptionsAllowed: written.Status.DisruptionsAllowed,
		SyncFailed:         condition.Reason == policy.SyncFailedReason,
		Invalid:            messages(validation.ValidatePodDisruptionBudget(stored, validation.PodDisruptionBudgetValidationOptions{})),
	}
	if answer.SyncFailed {
		answer.Message = condition.Message
	}
	return answer
}

// fill adds a controller and its pods to the stores of the disruption controller.
func (b *budgets) fill(index int, given group, podLabels map[string]string) {
	own := metav1.ObjectMeta{
		Name:      fmt.Sprintf("%s-%d", strings.ToLower(given.Kind), index),
		Namespace: namespace,
		UID:       types.UID(fmt.Sprintf("controller-%d", index)),
	}
	owners := b.controller(given, own)
	ready := given.Replicas
	if given.Ready != nil {
		ready = *given.Ready
	}
	for ordinal := range given.Replicas {
		status := core.ConditionFalse
		if ordinal < ready {
			status = core.ConditionTrue
		}
		b.add("Pod", &core.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Name:            fmt.Sprintf("pod-%d-%d", index, ordinal),
				Namespace:       namespace,
				Labels:          podLabels,
				OwnerReferences: owners,
			},
			Status: core.PodStatus{Conditions: []core.PodCondition{{Type: core.PodReady, Status: status}}},
		})
	}
}

// controller stores the controller, and returns the owner reference for its pods.
func (b *budgets) controller(given group, own metav1.ObjectMeta) []metav1.OwnerReference {
	kind, known := apiKinds[given.Kind]
	if !known {
		log.Fatalf("unknown kind %q", given.Kind)
	}
	if given.Kind == "Pod" {
		return nil
	}
	owner := []metav1.OwnerReference{*metav1.NewControllerRef(&own, kind)}
	switch given.Kind {
	case "Deployment":
		b.add("Deployment", &apps.Deployment{ObjectMeta: own, Spec: apps.DeploymentSpec{Replicas: &given.Replicas}})
		made := metav1.ObjectMeta{Name: own.Name + "-5f3b", Namespace: namespace, UID: own.UID + "-5f3b", OwnerReferences: owner}
		b.add("ReplicaSet", &apps.ReplicaSet{ObjectMeta: made, Spec: apps.ReplicaSetSpec{Replicas: &given.Replicas}})
		return []metav1.OwnerReference{*metav1.NewControllerRef(&made, apiKinds["ReplicaSet"])}
	case "ReplicaSet":
		b.add("ReplicaSet", &apps.ReplicaSet{ObjectMeta: own, Spec: apps.ReplicaSetSpec{Replicas: &given.Replicas}})
	case "StatefulSet":
		b.add("StatefulSet", &apps.StatefulSet{ObjectMeta: own, Spec: apps.StatefulSetSpec{Replicas: &given.Replicas}})
	case "ReplicationController":
		b.add("ReplicationController", &core.ReplicationController{ObjectMeta: own, Spec: core.ReplicationControllerSpec{Replicas: &given.Replicas}})
	case "CloneSet":
		b.scales.replicas[own.UID] = given.Replicas
		b.scales.uids[own.Name] = own.UID
	}
	return owner
}

func (b *budgets) add(kind string, object any) {
	if err := b.stores[kind].Add(object); err != nil {
		log.Fatal(err)
	}
}

// apiKinds are the possible kinds of a group. CloneSet stands for a custom resource with a scale subresource.
var apiKinds = map[string]schema.GroupVersionKind{
	"Pod":                   {Version: "v1", Kind: "Pod"},
	"Node":                  {Version: "v1", Kind: "Node"},
	"ReplicationController": {Version: "v1", Kind: "ReplicationController"},
	"Deployment":            {Group: "apps", Version: "v1", Kind: "Deployment"},
	"ReplicaSet":            {Group: "apps", Version: "v1", Kind: "ReplicaSet"},
	"StatefulSet":           {Group: "apps", Version: "v1", Kind: "StatefulSet"},
	"DaemonSet":             {Group: "apps", Version: "v1", Kind: "DaemonSet"},
	"Job":                   {Group: "batch", Version: "v1", Kind: "Job"},
	"CloneSet":              {Group: "apps.kruise.io", Version: "v1alpha1", Kind: "CloneSet"},
}

func restMapper() meta.RESTMapper {
	mapper := meta.NewDefaultRESTMapper(nil)
	for _, kind := range apiKinds {
		mapper.Add(kind, meta.RESTScopeNamespace)
	}
	return mapper
}

// scales serves the scale subresources of custom resources.
type scales struct {
	scale.ScaleInterface
	replicas map[types.UID]int32
	uids     map[string]types.UID
}

func (s *scales) Scales(string) scale.ScaleInterface { return s }

func (s *scales) Get(_ context.Context, resource schema.GroupResource, name string, _ metav1.GetOptions) (*autoscaling.Scale, error) {
	if resource.Resource != "clonesets" {
		return nil, apierrors.NewNotFound(resource, name)
	}
	uid := s.uids[name]
	return &autoscaling.Scale{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, UID: uid},
		Spec:       autoscaling.ScaleSpec{Replicas: s.replicas[uid]},
	}, nil
}

// noScale reports no resource with a scale subresource.
type noScale struct{ discovery.DiscoveryInterface }

func (noScale) ServerResourcesForGroupVersion(version string) (*metav1.APIResourceList, error) {
	return &metav1.APIResourceList{GroupVersion: version}, nil
}
