package train

import "heed/insights/dataset"

// members gives for each class of a set which examples bear it first.
func members(set *Set) [][]int {
	out := make([][]int, len(set.Classes))
	for i, e := range set.Examples {
		out[e.Labels[0]] = append(out[e.Labels[0]], i)
	}
	return out
}

// names gives, call by call, an example of one class after the other in random
// order, and the class's name; at last nothing. People search for themes by
// their names, so examples should lie close to them.
func (t *trainer) names(set *Set) func() (string, string) {
	order, at := t.rand.Perm(len(set.Classes)), 0
	of := t.members[set.Name]
	return func() (string, string) {
		for at < len(order) && len(of[order[at]]) == 0 {
			at++
		}
		if at == len(order) {
			return "", ""
		}
		class := order[at]
		at++
		example := set.Examples[of[class][t.rand.IntN(len(of[class]))]]
		return t.noise.of(t.rand, example.Text), dataset.Words(set.Classes[class])
	}
}
