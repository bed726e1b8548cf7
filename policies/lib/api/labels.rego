# METADATA
# title: Label syntax
# description: >-
#   Which keys and values Kubernetes accepts as labels, and how it reads a value as a number. Plain
#   string functions: a regular expression would be compiled again for every object.
package lib.api.labels

_digits := "0123456789"

# The most frequent first: each character of a text is looked for from the left.
_in_names := "eonrtasidl-ucpbm012gkhyfvwz3456789.xjq_ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_in_subdomains := "eonrtasidl-ucpbm012gkhyfvwz3456789xjq"

# METADATA
# description: >-
#   true for a label value: at most 63 letters, digits, '-', '_' and '.', a letter or digit at both
#   ends, or empty.
valid_value("")

valid_value(text) if valid_name(text)

# METADATA
# description: true for the name part of a label key, which is like a value but not empty.
valid_name(text) if {
	text != ""
	count(text) <= 63
	trim_left(text, _in_names) == ""
	trim(text, "-_.") == text
}

# METADATA
# description: true for a label key, a name with an optional DNS subdomain and '/' before it.
valid_key(text) if {
	not contains(text, "/")
	valid_name(text)
}

valid_key(text) if {
	[prefix, name] := split(text, "/")
	valid_name(name)
	valid_subdomain(prefix)
}

# METADATA
# description: true for a DNS subdomain, as the names of most objects and the prefixes of label keys are.
valid_subdomain(text) if {
	count(text) <= 253
	every part in split(text, ".") {
		part != ""
		trim_left(part, _in_subdomains) == ""
		trim(part, "-") == part
	}
}

# METADATA
# description: >-
#   returns the number that a label value stands for; undefined unless it is a decimal integer
#   within 64 bits. Leading zeros do not count (Go's ParseInt), and no label starts with a sign.
number(text) := parsed if {
	is_string(text)
	text != ""
	trim_left(text, _digits) == ""
	significant := trim_left(text, "0")
	count(significant) <= 19
	parsed := to_number(concat("", [_leading_zero(significant), significant]))
	parsed <= largest_number
}

# METADATA
# description: is the largest number that a label value can stand for, 2^63-1.
largest_number := 9223372036854775807

_leading_zero("") := "0"

_leading_zero(text) := "" if text != ""
