// Command scheduler-oracle reports on which nodes Kubernetes lets a pod run.
//
// It answers each line of standard input, {"pod": a PodSpec, "nodes": [Node]}, with a line of JSON:
// for each node, whether the code of Kubernetes itself lets the pod run there, for each way in which a
// pod can get to a node; and, if `validate` is set, the errors of API validation for the pod.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"os"

	apps "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	core "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/controller/daemon"
	"k8s.io/kubernetes/pkg/kubelet/lifecycle"
	kubetypes "k8s.io/kubernetes/pkg/kubelet/types"
	schedulerconfig "k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/feature"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeaffinity"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodename"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/nodeunschedulable"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/tainttoleration"
)

type question struct {
	Pod      corev1.PodSpec `json:"pod"`
	Nodes    []corev1.Node  `json:"nodes"`
	Validate bool           `json:"validate"`
}

type answer struct {
	Nodes   []verdict `json:"nodes"`
	Invalid []string  `json:"invalid,omitempty"`
}

// verdict has the ways in which the pod can get to a node and run there.
type verdict struct {
	// Scheduler: no filter of the default profile rejects the node.
	Scheduler bool `json:"scheduler"`
	// RefusedBy has the names of the filters that do.
	RefusedBy []string `json:"refusedBy,omitempty"`
	// Kubelet: the kubelet runs the pod once it is bound to the node.
	Kubelet bool `json:"kubelet"`
	// Static: the kubelet runs the pod as a static pod.
	Static bool `json:"static"`
	// Daemon: the DaemonSet controller creates a pod for the node from this template.
	Daemon bool `json:"daemon"`
}

func main() {
	gates := flag.String("feature-gates", "", "feature gates, as Kubernetes takes them")
	flag.Parse()
	klog.SetOutput(io.Discard)
	klog.LogToStderr(false)
	if *gates != "" {
		if err := utilfeature.DefaultMutableFeatureGate.Set(*gates); err != nil {
			log.Fatal(err)
		}
	}
	filters := newFilters()
	questions := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	output := bufio.NewWriterSize(os.Stdout, 1<<20)
	answers := json.NewEncoder(output)
	for {
		var asked question
		if err := questions.Decode(&asked); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		given := answer{Nodes: make([]verdict, len(asked.Nodes))}
		for i := range asked.Nodes {
			given.Nodes[i] = filters.evaluate(&asked.Pod, &asked.Nodes[i])
		}
		if asked.Validate {
			given.Invalid = invalid(asked.Pod)
		}
		if err := answers.Encode(given); err != nil {
			log.Fatal(err)
		}
	}
	if err := output.Flush(); err != nil {
		log.Fatal(err)
	}
}

// filters are the plugins of the default profile that check only the pod and the node.
type filters []fwk.FilterPlugin

func newFilters() filters {
	ctx := context.Background()
	features := feature.NewSchedulerFeaturesFromGates(utilfeature.DefaultFeatureGate)
	arguments := &schedulerconfig.NodeAffinityArgs{}
	made := filters{}
	for _, create := range []func() (fwk.Plugin, error){
		func() (fwk.Plugin, error) { return nodeunschedulable.New(ctx, nil, nil, features) },
		func() (fwk.Plugin, error) { return nodename.New(ctx, nil, nil, features) },
		func() (fwk.Plugin, error) { return tainttoleration.New(ctx, nil, nil, features) },
		func() (fwk.Plugin, error) { return nodeaffinity.New(ctx, arguments, nil, features) },
	} {
		plugin, err := create()
		if err != nil {
			log.Fatal(err)
		}
		made = append(made, plugin.(fwk.FilterPlugin))
	}
	return made
}

func (f filters) evaluate(spec *corev1.PodSpec, given *corev1.Node) verdict {
	node := given.DeepCopy()
	if node.Status.Allocatable == nil {
		// A node with room: resources are not checked.
		node.Status.Allocatable = corev1.ResourceList{corev1.ResourcePods: resource.MustParse("110")}
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "pod", Namespace: "default"}, Spec: *spec}
	refusedBy := f.refusing(pod, node)
	return verdict{
		Scheduler: len(refusedBy) == 0,
		RefusedBy: refusedBy,
		Kubelet:   admitted(bound(pod, node), node),
		Static:    admitted(static(pod, node), node),
		Daemon:    daemonRuns(spec, node),
	}
}

func (f filters) refusing(pod *corev1.Pod, node *corev1.Node) (names []string) {
	ctx := context.Background()
	info := framework.NewNodeInfo()
	info.SetNode(node)
	state := framework.NewCycleState()
	for _, plugin := range f {
		if refuses(ctx, plugin, state, pod, info) {
			names = append(names, plugin.Name())
		}
	}
	return names
}

func refuses(ctx context.Context, plugin fwk.FilterPlugin, state fwk.CycleState, pod *corev1.Pod, info *framework.NodeInfo) bool {
	if before, is := plugin.(fwk.PreFilterPlugin); is {
		narrowed, status := before.PreFilter(ctx, state, pod, []fwk.NodeInfo{info})
		if !status.IsSuccess() && !status.IsSkip() {
			return true
		}
		if narrowed != nil && !narrowed.AllNodes() && !narrowed.NodeNames.Has(info.Node().Name) {
			return true
		}
		if status.IsSkip() {
			return false
		}
	}
	return !plugin.Filter(ctx, state, pod, info).IsSuccess()
}

// bound returns the pod as bound to the node, unless it names another node.
func bound(pod *corev1.Pod, node *corev1.Node) *corev1.Pod {
	pod = pod.DeepCopy()
	if pod.Spec.NodeName == "" {
		pod.Spec.NodeName = node.Name
	}
	return pod
}

// static returns the pod as the kubelet reads it from a file.
func static(pod *corev1.Pod, node *corev1.Node) *corev1.Pod {
	pod = pod.DeepCopy()
	pod.Spec.NodeName = node.Name
	pod.Annotations = map[string]string{kubetypes.ConfigSourceAnnotationKey: kubetypes.FileSource}
	return pod
}

type noRecovery struct{}

func (noRecovery) HandleAdmissionFailure(_ context.Context, _ *corev1.Pod, reasons []lifecycle.PredicateFailureReason, _ lifecycle.Operation) ([]lifecycle.PredicateFailureReason, error) {
	return reasons, nil
}

func admitted(pod *corev1.Pod, node *corev1.Node) bool {
	handler := lifecycle.NewPredicateAdmitHandler(
		func(context.Context, bool) (*corev1.Node, error) { return node, nil },
		noRecovery{},
		func(*framework.NodeInfo, *lifecycle.PodAdmitAttributes) error { return nil },
	)
	return handler.Admit(context.Background(), &lifecycle.PodAdmitAttributes{Pod: pod}).Admit
}

func daemonRuns(spec *corev1.PodSpec, node *corev1.Node) bool {
	set := &apps.DaemonSet{Spec: apps.DaemonSetSpec{Template: corev1.PodTemplateSpec{Spec: *spec.DeepCopy()}}}
	runs, _ := daemon.NodeShouldRunDaemonPod(klog.Background(), node, set)
	return runs
}

// invalid returns the API server's validation errors for a pod, to which a container is added if it has none.
func invalid(spec corev1.PodSpec) []string {
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "pod", Namespace: "default"},
		Spec:       spec,
	}
	if len(pod.Spec.Containers) == 0 {
		pod.Spec.Containers = []corev1.Container{{Name: "main", Image: "main"}}
	}
	legacyscheme.Scheme.Default(pod)
	internal := &core.Pod{}
	if err := legacyscheme.Scheme.Convert(pod, internal, runtime.InternalGroupVersioner); err != nil {
		return []string{err.Error()}
	}
	options := podutil.GetValidationOptionsFromPodSpecAndMeta(&internal.Spec, nil, &internal.ObjectMeta, nil)
	messages := []string{}
	for _, found := range validation.ValidatePodCreate(internal, options) {
		messages = append(messages, found.Error())
	}
	return messages
}
