package cases_test

# The rows of every cases.yaml, which `npm run test:rego` gives as data.

test_cases_are_given if count(data.cases) > 0

test_case[name] if {
	some name, row in data.cases
	verdict := data.entry.verdict with input as {
		"review": object.union(row.request, {"object": row.object}),
		"policies": [row.policy],
		"keepsRules": row.keepsRules,
	}
		with data.bulkhead as row.bulkhead
		with data.inventory as row.inventory
	found := {[finding.details.path, finding.msg] | some finding in verdict.findings}
	found == {[expected.path, expected.msg] | some expected in row.expect}
	_notes_are(row, verdict.notes)
}

# A row without notes may have any.
_notes_are(row, _) if not row.notes

_notes_are(row, notes) if {
	{object.remove(note, ["about"]) | some note in notes} == {note | some note in row.notes}
}
