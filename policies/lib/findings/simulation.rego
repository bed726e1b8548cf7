# METADATA
# title: Simulation in words
# description: What a simulation needs to know about an object, with the words that it reports.
package lib.findings.simulation

import data.lib.disruption.simulation
import data.lib.findings.disruption
import data.lib.findings.updates
import data.lib.table.subjects

# METADATA
# description: >-
#   returns the workloads and budgets of the object, each budget with why it never allows an eviction, empty
#   where it may, and why the object cannot be simulated though it should.
of(obj, parameters) := {
	"workloads": simulation.workloads(obj, parameters),
	"budgets": [_worded(budget) | some budget in simulation.budgets(obj, parameters)],
	"unknown": [concat("", ["not simulated: how ", updates.not_known(obj, subjects.custom_kind(obj))]) |
		simulation.unknown(obj, parameters)
	],
}

_worded(budget) := object.union(object.remove(budget, ["causes"]), {"refuses": disruption.causes(budget)})
