package cases_test

# The rows of every cases.yaml, which `npm run test:rego` gives as data.

test_cases_are_given if count(data.cases) > 0

test_case[name] if {
	some name, row in data.cases
	verdict := data.entry.verdict with input as {"review": {"object": row.object}}
		with data.bulkhead as row.bulkhead
		with data.inventory as row.inventory
	found := {[finding.details.path, finding.msg] |
		some finding in verdict.findings
		finding.policy == row.policy
	}
	found == {[expected.path, expected.msg] | some expected in row.expect}
}
