// Command disruption-oracle says how Kubernetes keeps instances of a workload running: what a budget
// allows, what an update takes down, and whether two pods can share a node.
//
// It answers each line of standard input, a question of one sort, with a line of JSON. What answers is
// the code of Kubernetes itself: the disruption controller and the StatefulSet control run against
// stores in memory, the counts of Deployments and DaemonSets and the scheduler's filters are called.
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
	"k8s.io/klog/v2"
)

// question is of the one sort that is given.
type question struct {
	Selector *selectorQuestion `json:"selector"`
	Scale    *scaleQuestion    `json:"scale"`
	Budget   *budgetQuestion   `json:"budget"`
	Rollout  *rolloutQuestion  `json:"rollout"`
	Spread   *spreadQuestion   `json:"spread"`
	// Ports is a question of two pods, of which the ports alone are asked.
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
	flag.Parse()
	klog.SetSlogLogger(slog.New(slog.DiscardHandler))
	utilruntime.ErrorHandlers = nil
	ctx := context.Background()
	asked := oracle{budgets: newBudgets(ctx), sets: newStatefulSets(), filters: newFilters(ctx)}
	questions := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	output := bufio.NewWriterSize(os.Stdout, 1<<20)
	answers := json.NewEncoder(output)
	for {
		var posed question
		if err := questions.Decode(&posed); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(asked.answer(ctx, posed)); err != nil {
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

func (o oracle) answer(ctx context.Context, posed question) any {
	switch {
	case posed.Selector != nil:
		return selected(*posed.Selector)
	case posed.Scale != nil:
		return scaled(*posed.Scale)
	case posed.Budget != nil:
		return o.budgets.status(ctx, *posed.Budget)
	case posed.Rollout != nil:
		return o.rollout(ctx, *posed.Rollout)
	case posed.Spread != nil:
		return o.filters.refusals(ctx, *posed.Spread)
	case posed.Ports != nil:
		return o.filters.refusals(ctx, *posed.Ports)
	}
	log.Fatal("a question of no known sort")
	return nil
}

func selected(posed selectorQuestion) selectorAnswer {
	selector, err := metav1.LabelSelectorAsSelector(posed.Selector)
	if err != nil {
		return selectorAnswer{Invalid: true}
	}
	return selectorAnswer{Selects: selector.Matches(labels.Set(posed.Labels))}
}

func scaled(posed scaleQuestion) scaleAnswer {
	value, err := intstr.GetScaledValueFromIntOrPercent(posed.Value, posed.Total, posed.RoundUp)
	return scaleAnswer{Value: value, Invalid: err != nil}
}
