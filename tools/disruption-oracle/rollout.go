package main

import (
	"context"
	"encoding/json"
	"log"
	"maps"
	"slices"
	"time"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	internalapps "k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	"k8s.io/kubernetes/pkg/apis/apps/validation"
	_ "k8s.io/kubernetes/pkg/apis/extensions/install"
	daemonutil "k8s.io/kubernetes/pkg/controller/daemon/util"
	deploymentutil "k8s.io/kubernetes/pkg/controller/deployment/util"
	"k8s.io/kubernetes/pkg/controller/history"
	"k8s.io/kubernetes/pkg/controller/statefulset"
	"k8s.io/kubernetes/pkg/features"
)

// rolloutQuestion is a Deployment, StatefulSet or DaemonSet of any version.
type rolloutQuestion struct {
	Workload json.RawMessage `json:"workload"`
	// Nodes is the number of nodes that run a pod of a DaemonSet.
	Nodes int `json:"nodes"`
}

type rolloutAnswer struct {
	Strategy string `json:"strategy"`
	Replicas int    `json:"replicas"`
	// Surge and Unavailable are how many pods an update may add, and may make unavailable.
	Surge       int      `json:"surge"`
	Unavailable int      `json:"unavailable"`
	Available   int      `json:"available"`
	Refused     bool     `json:"refused"`
	Invalid     []string `json:"invalid,omitempty"`
}

func (o oracle) rollout(ctx context.Context, asked rolloutQuestion) rolloutAnswer {
	internal, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), asked.Workload)
	if err != nil {
		return rolloutAnswer{Refused: true, Invalid: []string{err.Error()}}
	}
	switch stored := internal.(type) {
	case *internalapps.Deployment:
		workload := &apps.Deployment{}
		convert(stored, workload)
		answer := deploymentRollout(workload)
		answer.Invalid = messages(validation.ValidateDeploymentStrategy(&stored.Spec.Strategy, field.NewPath("strategy")))
		return answer
	case *internalapps.DaemonSet:
		workload := &apps.DaemonSet{}
		convert(stored, workload)
		answer := daemonRollout(workload, asked.Nodes)
		answer.Invalid = messages(validation.ValidateDaemonSetUpdateStrategy(&stored.Spec.UpdateStrategy, field.NewPath("updateStrategy")))
		return answer
	case *internalapps.StatefulSet:
		workload := &apps.StatefulSet{}
		convert(stored, workload)
		return o.sets.rollout(ctx, workload)
	}
	log.Fatalf("%T has no rollout", internal)
	return rolloutAnswer{}
}

func deploymentRollout(deployment *apps.Deployment) rolloutAnswer {
	answer := rolloutAnswer{
		Strategy:    string(deployment.Spec.Strategy.Type),
		Replicas:    int(*deployment.Spec.Replicas),
		Surge:       int(deploymentutil.MaxSurge(*deployment)),
		Unavailable: int(deploymentutil.MaxUnavailable(*deployment)),
		Available:   int(deploymentutil.MinAvailable(deployment)),
	}
	if update := deployment.Spec.Strategy.RollingUpdate; deploymentutil.IsRollingUpdate(deployment) {
		answer.Refused = refused(update.MaxSurge) || refused(update.MaxUnavailable)
	}
	return answer
}

// refused returns whether the API server rejects the count as a number of pods.
func refused(count *intstr.IntOrString) bool {
	return len(validation.ValidatePositiveIntOrPercent(*count, nil)) > 0
}

// daemonRollout computes both counts with the controller's package. The rule that maxUnavailable is 1 if
// both are 0 is in its unexported updatedDesiredNodeCounts, and is repeated here.
func daemonRollout(set *apps.DaemonSet, nodes int) rolloutAnswer {
	answer := rolloutAnswer{Strategy: string(set.Spec.UpdateStrategy.Type), Replicas: nodes}
	if update := set.Spec.UpdateStrategy.RollingUpdate; set.Spec.UpdateStrategy.Type == apps.RollingUpdateDaemonSetStrategyType {
		answer.Refused = refused(update.MaxSurge) || refused(update.MaxUnavailable)
	}
	if answer.Refused {
		return answer
	}
	unavailable, err := daemonutil.UnavailableCount(set, nodes)
	if err != nil {
		log.Fatal(err)
	}
	surge, err := daemonutil.SurgeCount(set, nodes)
	if err != nil {
		log.Fatal(err)
	}
	if set.Spec.UpdateStrategy.Type == apps.RollingUpdateDaemonSetStrategyType && nodes > 0 && unavailable == 0 && surge == 0 {
		unavailable = 1
	}
	answer.Surge, answer.Unavailable = surge, min(unavailable, nodes)
	answer.Available = nodes - answer.Unavailable
	return answer
}

// statefulSets runs the StatefulSet control over pods that are ready as soon as they are created.
type statefulSets struct {
	control   statefulset.StatefulSetControlInterface
	revisions cache.Indexer
	pods      map[string]*core.Pod
}

func newStatefulSets() *statefulSets {
	revisions := informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0).Apps().V1().ControllerRevisions()
	made := &statefulSets{revisions: revisions.Informer().GetIndexer()}
	made.control = statefulset.NewDefaultStatefulSetControl(
		statefulset.NewStatefulPodControlFromManager(made, &record.FakeRecorder{}),
		statusKept{},
		history.NewFakeHistory(revisions),
	)
	return made
}

func (s *statefulSets) rollout(ctx context.Context, set *apps.StatefulSet) rolloutAnswer {
	s.pods = map[string]*core.Pod{}
	if err := s.revisions.Replace(nil, ""); err != nil {
		log.Fatal(err)
	}
	replicas := int(*set.Spec.Replicas)
	if update := set.Spec.UpdateStrategy.RollingUpdate; hasBatches(update) && refused(update.MaxUnavailable) {
		return rolloutAnswer{Strategy: string(set.Spec.UpdateStrategy.Type), Replicas: replicas, Refused: true}
	}
	complete(set)
	// Until all pods exist, and one more step, which finds nothing to do.
	for range replicas + 1 {
		s.step(ctx, set)
	}
	set.Generation++
	set.Spec.Template.Annotations = map[string]string{"revision": "next"}
	answer := rolloutAnswer{Strategy: string(set.Spec.UpdateStrategy.Type), Replicas: replicas, Available: len(s.pods)}
	for range 2*replicas + 2 {
		s.step(ctx, set)
		answer.Available = min(answer.Available, len(s.pods))
		answer.Surge = max(answer.Surge, len(s.pods)-replicas)
	}
	answer.Unavailable = replicas - answer.Available
	return answer
}

// hasBatches returns whether maxUnavailable is set, and counts.
func hasBatches(update *apps.RollingUpdateStatefulSetStrategy) bool {
	return update != nil && update.MaxUnavailable != nil && utilfeature.DefaultFeatureGate.Enabled(features.MaxUnavailableStatefulSet)
}

// complete adds what the API server requires of a StatefulSet.
func complete(set *apps.StatefulSet) {
	podLabels := map[string]string{"app": "x"}
	set.Name, set.Namespace, set.UID, set.Generation = "set", namespace, "set", 1
	set.Spec.Selector = &metav1.LabelSelector{MatchLabels: podLabels}
	set.Spec.Template.Labels = podLabels
	set.Spec.Template.Spec.Containers = []core.Container{{Name: "main", Image: "main"}}
}

func (s *statefulSets) step(ctx context.Context, set *apps.StatefulSet) {
	pods := slices.Collect(maps.Values(s.pods))
	status, err := s.control.UpdateStatefulSet(ctx, set, pods, time.Now())
	if err != nil {
		log.Fatal(err)
	}
	set.Status = *status
}

func (s *statefulSets) CreatePod(_ context.Context, pod *core.Pod, _ *apps.StatefulSet) error {
	pod.Status = core.PodStatus{
		Phase: core.PodRunning,
		// Ready for longer than any minReadySeconds.
		Conditions: []core.PodCondition{{Type: core.PodReady, Status: core.ConditionTrue, LastTransitionTime: metav1.Unix(1, 0)}},
	}
	s.pods[pod.Name] = pod
	return nil
}

func (s *statefulSets) GetPod(_, name string) (*core.Pod, error) {
	if pod, found := s.pods[name]; found {
		return pod, nil
	}
	return nil, apierrors.NewNotFound(core.Resource("pods"), name)
}

func (s *statefulSets) UpdatePod(pod *core.Pod, _ *apps.StatefulSet) error {
	s.pods[pod.Name] = pod
	return nil
}

func (s *statefulSets) DeletePod(pod *core.Pod) error {
	delete(s.pods, pod.Name)
	return nil
}

func (s *statefulSets) CreateClaim(*core.PersistentVolumeClaim, *apps.StatefulSet) error { return nil }

func (s *statefulSets) UpdateClaim(*core.PersistentVolumeClaim, *apps.StatefulSet) error { return nil }

func (s *statefulSets) GetClaim(_, name string) (*core.PersistentVolumeClaim, error) {
	return nil, apierrors.NewNotFound(core.Resource("persistentvolumeclaims"), name)
}

// statusKept ignores status updates: the caller keeps the status.
type statusKept struct{}

func (statusKept) UpdateStatefulSetStatus(context.Context, *apps.StatefulSet, *apps.StatefulSetStatus) error {
	return nil
}

func convert(from, to any) {
	if err := legacyscheme.Scheme.Convert(from, to, nil); err != nil {
		log.Fatal(err)
	}
}

func messages(found field.ErrorList) []string {
	texts := []string{}
	for _, err := range found {
		texts = append(texts, err.Error())
	}
	return texts
}
