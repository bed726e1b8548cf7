// Command disruption-oracle reports how Kubernetes keeps the replicas of a workload running: what a
// budget allows, how many pods an update makes unavailable, and whether two pods can share a node.
//
// It answers each line of standard input, a question of one kind, with a line of JSON. The answers come
// from the code of Kubernetes itself: the disruption controller and the StatefulSet control run against
// in-memory stores; the functions that count pods of Deployments and DaemonSets, and the scheduler's
// filters, are called.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log"
	"log/slog"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/klog/v2"
)

// question has exactly one of these fields.
type question struct {
	Selector *selectorQuestion `json:"selector"`
	Scale    *scaleQuestion    `json:"scale"`
	Budget   *budgetQuestion   `json:"budget"`
	Rollout  *rolloutQuestion  `json:"rollout"`
	Spread   *spreadQuestion   `json:"spread"`
	// Ports asks whether two pods conflict over host ports, and only that.
	Ports *spreadQuestion `json:"ports"`
}

type selectorQuestion struct {
	Selector *metav1.LabelSelector `json:"selector"`
	Labels   map[string]string     `json:"labels"`
}

type selectorAnswer struct {
	Selects bool `json:"selects"`
	Invalid bool `json:"invalid"`
}

type scaleQuestion struct {
	Value   *intstr.IntOrString `json:"value"`
	Total   int                 `json:"total"`
	RoundUp bool                `json:"roundUp"`
}

type scaleAnswer struct {
	Value   int  `json:"value"`
	Invalid bool `json:"invalid"`
}

func main() {
	gates := flag.String("feature-gates", "", "feature gates, as Kubernetes takes them")
	flag.Parse()
	if *gates != "" {
		if err := utilfeature.DefaultMutableFeatureGate.Set(*gates); err != nil {
			log.Fatal(err)
		}
	}
	klog.SetSlogLogger(slog.New(slog.DiscardHandler))
	utilruntime.ErrorHandlers = nil
	ctx := context.Background()
	kubernetes := oracle{budgets: newBudgets(ctx), sets: newStatefulSets(), filters: newFilters(ctx)}
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
		if err := answers.Encode(kubernetes.answer(ctx, asked)); err != nil {
			log.Fatal(err)
		}
	}
	if err := output.Flush(); err != nil {
		log.Fatal(err)
	}
}

type oracle struct {
	budgets *budgets
	sets    *statefulSets
	filters *filters
}

func (o oracle) answer(ctx context.Context, asked question) any {
	switch {
	case asked.Selector != nil:
		return selected(*asked.Selector)
	case asked.Scale != nil:
		return scaled(*asked.Scale)
	case asked.Budget != nil:
		return o.budgets.status(ctx, *asked.Budget)
	case asked.Rollout != nil:
		return o.rollout(ctx, *asked.Rollout)
	case asked.Spread != nil:
		return o.filters.refusals(ctx, *asked.Spread)
	case asked.Ports != nil:
		return o.filters.refusals(ctx, *asked.Ports)
	}
	log.Fatal("unknown kind of question")
	return nil
}

func selected(asked selectorQuestion) selectorAnswer {
	selector, err := metav1.LabelSelectorAsSelector(asked.Selector)
	if err != nil {
		return selectorAnswer{Invalid: true}
	}
	return selectorAnswer{Selects: selector.Matches(labels.Set(asked.Labels))}
}

func scaled(asked scaleQuestion) scaleAnswer {
	value, err := intstr.GetScaledValueFromIntOrPercent(asked.Value, asked.Total, asked.RoundUp)
	return scaleAnswer{Value: value, Invalid: err != nil}
}
