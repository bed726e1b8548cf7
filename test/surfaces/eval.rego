# METADATA
# title: Scenes for opa eval
# description: Asks the policies about many scenes in one process, as `opa eval` would about each.
package test.eval

# METADATA
# description: lists, for each scene of the input, what the policies find in each of its objects.
answers := [found |
	some scene in input.scenes
	bulkhead := input.profiles[scene.profile]
	found := _found with input as scene with data.inventory as scene.inventory with data.bulkhead as bulkhead
]

_found := [findings |
	some obj in input.objects
	findings := data.entry.findings with input as {"review": {"object": obj}}
]
