package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"slices"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/util/workqueue"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	internalcore "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	podregistry "k8s.io/kubernetes/pkg/registry/core/pod"
	schedulerconfig "k8s.io/kubernetes/pkg/scheduler/apis/config"
	schedulercache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/feature"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/interpodaffinity"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeaffinity"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeports"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeunschedulable"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/podtopologyspread"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/tainttoleration"
)

// spreadQuestion is two pods as they are sent to the API server, and nodes. The first pod runs on each
// node of On. Both pods are evaluated on each node of Asked. If Pods is set, the first pod runs so many
// times on each node that takes it by its taints and labels, and the second is evaluated there.
type spreadQuestion struct {
	First  json.RawMessage `json:"first"`
	Second json.RawMessage `json:"second"`
	Nodes  []core.Node     `json:"nodes"`
	On     []string        `json:"on"`
	Asked  []string        `json:"asked"`
	Pods   int             `json:"pods"`
}

type spreadAnswer struct {
	// Alone has, for each node of Asked, the filters that reject the first pod in an empty cluster.
	Alone [][]string `json:"alone"`
	// Fit has the nodes that take the first pod, if Pods is set.
	Fit []string `json:"fit,omitempty"`
	// Second has, for each node of Asked, the filters that then reject the second pod.
	Second [][]string `json:"second"`
}

// filters are the plugins of the default profile that check the other pods of a node.
type filters struct {
	*schedulercache.Snapshot
	plugins []fwk.FilterPlugin
	// placing has the plugins that check only the pod and the node.
	placing []fwk.FilterPlugin
	factory informers.SharedInformerFactory
}

// handle gives the plugins the pods and nodes of the question.
type handle struct {
	fwk.Handle
	filters *filters
}

func (h handle) SnapshotSharedLister() fwk.SharedLister { return h.filters }

func (h handle) SharedInformerFactory() informers.SharedInformerFactory { return h.filters.factory }

func (handle) Parallelizer() fwk.Parallelizer { return inTurn{} }

// inTurn runs the pieces one after the other. The scheduler's own parallelizer needs metrics that are not
// registered here.
type inTurn struct{}

func (inTurn) Until(_ context.Context, pieces int, do workqueue.DoWorkPieceFunc, _ string) {
	for piece := range pieces {
		do(piece)
	}
}

func newFilters(ctx context.Context) *filters {
	made := &filters{
		Snapshot: schedulercache.NewEmptySnapshot(),
		factory:  informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0),
	}
	features := feature.NewSchedulerFeaturesFromGates(utilfeature.DefaultFeatureGate)
	given := handle{filters: made}
	spread := &schedulerconfig.PodTopologySpreadArgs{DefaultingType: schedulerconfig.SystemDefaulting}
	for _, create := range []func() (fwk.Plugin, error){
		func() (fwk.Plugin, error) { return nodeunschedulable.New(ctx, nil, given, features) },
		func() (fwk.Plugin, error) { return tainttoleration.New(ctx, nil, given, features) },
		func() (fwk.Plugin, error) {
			return nodeaffinity.New(ctx, &schedulerconfig.NodeAffinityArgs{}, given, features)
		},
		func() (fwk.Plugin, error) { return nodeports.New(ctx, nil, given, features) },
		func() (fwk.Plugin, error) { return podtopologyspread.New(ctx, spread, given, features) },
		func() (fwk.Plugin, error) {
			return interpodaffinity.New(ctx, &schedulerconfig.InterPodAffinityArgs{}, given, features)
		},
	} {
		plugin, err := create()
		if err != nil {
			log.Fatal(err)
		}
		made.plugins = append(made.plugins, plugin.(fwk.FilterPlugin))
	}
	made.placing, made.plugins = made.plugins[:3], made.plugins[3:]
	// A namespace has only the label with its name, which the API server adds.
	for _, name := range []string{namespace, "other"} {
		labelled := metav1.ObjectMeta{Name: name, Labels: map[string]string{core.LabelMetadataName: name}}
		if err := made.factory.Core().V1().Namespaces().Informer().GetIndexer().Add(&core.Namespace{ObjectMeta: labelled}); err != nil {
			log.Fatal(err)
		}
	}
	return made
}

func (f *filters) refusals(ctx context.Context, asked spreadQuestion) spreadAnswer {
	nodes := []*core.Node{}
	for i := range asked.Nodes {
		nodes = append(nodes, &asked.Nodes[i])
	}
	first, second := created(ctx, asked.First), created(ctx, asked.Second)
	f.Snapshot = schedulercache.NewSnapshot(nil, nodes)
	fit := []string{}
	if asked.Pods > 0 {
		fit = f.taking(ctx, first, nodes)
		asked.On, asked.Asked = slices.Repeat(fit, asked.Pods), fit
	}
	answer := spreadAnswer{Fit: fit, Alone: f.refusing(ctx, first, asked.Asked)}
	placed := []*core.Pod{}
	for index, name := range asked.On {
		pod := first.DeepCopy()
		pod.Name, pod.UID, pod.Spec.NodeName = fmt.Sprintf("first-%d", index), types.UID(fmt.Sprintf("first-%d", index)), name
		placed = append(placed, pod)
	}
	f.Snapshot = schedulercache.NewSnapshot(placed, nodes)
	second.Name, second.UID = "second", "second"
	answer.Second = f.refusing(ctx, second, asked.Asked)
	return answer
}

// taking returns the nodes that take the pod by their taints and labels.
func (f *filters) taking(ctx context.Context, pod *core.Pod, nodes []*core.Node) []string {
	names := []string{}
	for _, node := range nodes {
		info, err := f.Get(node.Name)
		if err != nil {
			log.Fatal(err)
		}
		refuses := func(plugin fwk.FilterPlugin) bool { return f.refuses(ctx, plugin, pod, info) }
		if !slices.ContainsFunc(f.placing, refuses) {
			names = append(names, node.Name)
		}
	}
	return names
}

// created returns the pod as the API server stores it: defaulted, and with matchLabelKeys merged.
func created(ctx context.Context, given json.RawMessage) *core.Pod {
	decoded, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), given)
	if err != nil {
		log.Fatal(err)
	}
	internal := decoded.(*internalcore.Pod)
	podregistry.Strategy.PrepareForCreate(ctx, internal)
	pod := &core.Pod{}
	convert(internal, pod)
	return pod
}

func (f *filters) refusing(ctx context.Context, pod *core.Pod, names []string) [][]string {
	refused := [][]string{}
	for _, name := range names {
		info, err := f.Get(name)
		if err != nil {
			log.Fatal(err)
		}
		by := []string{}
		for _, plugin := range f.plugins {
			if f.refuses(ctx, plugin, pod, info) {
				by = append(by, plugin.Name())
			}
		}
		refused = append(refused, by)
	}
	return refused
}

func (f *filters) refuses(ctx context.Context, plugin fwk.FilterPlugin, pod *core.Pod, info fwk.NodeInfo) bool {
	all, err := f.NodeInfos().List()
	if err != nil {
		log.Fatal(err)
	}
	state := framework.NewCycleState()
	if before, is := plugin.(fwk.PreFilterPlugin); is {
		_, status := before.PreFilter(ctx, state, pod, all)
		if status.IsSkip() {
			return false
		}
		if !status.IsSuccess() {
			return true
		}
	}
	return !plugin.Filter(ctx, state, pod, info).IsSuccess()
}
