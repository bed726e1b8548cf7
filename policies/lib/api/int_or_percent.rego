# METADATA
# title: Numbers or percentages
# description: >-
#   A number of pods, or a percentage of all of them (apimachinery IntOrString,
#   GetScaledValueFromIntOrPercent). A string is a percentage or nothing: "1" is rejected.
package lib.api.int_or_percent

import data.lib.api.labels

# METADATA
# description: true for a whole number within 32 bits and for a whole percentage.
valid(given) if is_number(scaled_up(given, 0))

# METADATA
# description: >-
#   true if the API server accepts it as a number of pods (ValidatePositiveIntOrPercent): without a sign.
accepted(given) if _integer(given) >= 0

accepted(given) if {
	endswith(given, "%")
	is_number(labels.number(trim_suffix(given, "%")))
}

# METADATA
# description: returns the number, or the percentage of the total rounded up; undefined unless valid.
scaled_up(given, _) := _integer(given)

scaled_up(given, total) := ceil((_percentage(given) * total) / 100)

# METADATA
# description: returns the number, or the percentage of the total rounded down; undefined unless valid.
scaled_down(given, _) := _integer(given)

scaled_down(given, total) := floor((_percentage(given) * total) / 100)

_integer(given) := given if {
	is_number(given)
	given == floor(given)
	given >= -2147483648
	given <= 2147483647
}

# Go's Atoi accepts a sign.
_percentage(given) := labels.number(digits) if {
	is_string(given)
	endswith(given, "%")
	digits := trim_prefix(trim_suffix(given, "%"), "+")
}

_percentage(given) := 0 - labels.number(digits) if {
	is_string(given)
	endswith(given, "%")
	startswith(given, "-")
	digits := trim_prefix(trim_suffix(given, "%"), "-")
}
