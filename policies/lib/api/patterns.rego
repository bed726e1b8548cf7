# METADATA
# title: Patterns
# description: Names and namespaces in which one star stands for any text, also for none.
package lib.api.patterns

# METADATA
# description: true if the text is the pattern, or fits its star. The empty text fits none.
fits(pattern, text) if {
	pattern == text
	text != ""
}

fits(pattern, text) if {
	starred(pattern)
	[prefix, suffix] := split(pattern, "*")
	startswith(text, prefix)
	endswith(text, suffix)
	count(text) >= count(prefix) + count(suffix)
	text != ""
}

# METADATA
# description: true if the pattern has a star.
starred(pattern) if contains(pattern, "*")
