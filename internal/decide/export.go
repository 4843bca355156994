package decide

import (
	"fmt"
	"maps"

	"go.yaml.in/yaml/v3"
)

// ActionsFile is where [Catalogue.Export] puts actions and levers; the policy
// is in [PolicyFile], and what is declared of traits in [TraitsFile].
const ActionsFile = "actions.yaml"

// Export gives the catalogue with all that was laid over it as files, by name:
// [LoadCatalogue] reads the same catalogue from them. Comments of the files
// that it came from are not kept.
func (c *Catalogue) Export() (map[string][]byte, error) {
	list := make([]any, len(c.actions))
	for i, a := range c.actions {
		list[i] = a.source
		if a.Retired {
			doc := maps.Clone(a.source) // it may have been retired without being written anew
			doc["retired"] = true
			list[i] = doc
		}
	}
	files := make(map[string][]byte, 3)
	docs := map[string]any{
		ActionsFile: struct {
			Version int
			Actions []any
			Levers  []lever `yaml:",omitempty"`
		}{1, list, c.levers},
		PolicyFile: policyFile{1, c.guide.figures},
	}
	if c.traits != nil {
		docs[TraitsFile] = traitsFile{1, c.traits.list}
	}
	for name, doc := range docs {
		text, err := yaml.Marshal(doc)
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", name, err)
		}
		files[name] = text
	}
	return files, nil
}
