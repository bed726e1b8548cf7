package lib.api.int_or_percent_test

import data.lib.api.int_or_percent

# The value, the total, and the result rounded up and down.
_cases := {
	"a number": [2, 10, 2, 2],
	"nothing": [0, 10, 0, 0],
	"a negative number": [-1, 10, -1, -1],
	"a percentage": ["25%", 10, 3, 2],
	"a whole percentage": ["50%", 10, 5, 5],
	"of nothing": ["25%", 0, 0, 0],
	"above 100": ["150%", 3, 5, 4],
	"leading zeros": ["034%", 3, 2, 1],
	"a plus": ["+34%", 3, 2, 1],
	"a minus": ["-34%", 3, -1, -2],
}

test_scaled[name] if {
	some name, [given, total, up, down] in _cases
	int_or_percent.valid(given)
	int_or_percent.scaled_up(given, total) == up
	int_or_percent.scaled_down(given, total) == down
}

_refused := {"1", "", "%", "5%%", "1.5%", " 5%", "5 %", "+-5%", "x%", 1.5, 2147483648, null, true, []}

test_refused[json.marshal(given)] if {
	some given in _refused
	not int_or_percent.valid(given)
}

# The API server rejects a sign, in a percentage and in a number.
_accepted := {0: true, 3: true, -1: false, "10%": true, "+10%": false, "-10%": false, "1": false, "%": false}

test_accepted[json.marshal(given)] if {
	some given, expected in _accepted
	count({true | int_or_percent.accepted(given)}) == 1 == expected
}
