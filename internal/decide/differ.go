package decide

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Figure is a number of a policy that is not as the defaults have it.
type Figure struct {
	Field   string // such as limits.email.most or slots[web.banner].answers
	Default string // empty where the defaults say nothing
	Set     string // empty for a slot that is not there any more
}

// Differences gives what the policy in force sets otherwise than the defaults,
// in order of the fields' names.
func (c *Catalogue) Differences() []Figure {
	is, was := flat(c.guide.figures), flat(standing.figures)
	var out []Figure
	both := maps.Clone(was)
	maps.Copy(both, is)
	for _, field := range slices.Sorted(maps.Keys(both)) {
		if was[field] != is[field] {
			out = append(out, Figure{field, was[field], is[field]})
		}
	}
	return out
}

// flat gives every number by the path of its field.
func flat(f figures) map[string]string {
	out := make(map[string]string)
	into(out, "", reflect.ValueOf(f))
	return out
}

func into(out map[string]string, at string, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct {
		for _, item := range v.Seq2() {
			into(out, fmt.Sprintf("%s[%v]", at, item.Field(0)), item) // they are told apart by their first field
		}
		return
	}
	if v.Kind() != reflect.Struct {
		out[at] = fmt.Sprint(v.Interface())
		return
	}
	for f, field := range v.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		into(out, strings.TrimPrefix(at+"."+name, "."), field)
	}
}
