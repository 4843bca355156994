package themesearch

import (
	"path/filepath"

	"heed/internal/eval/rows"
)

// Table measures on the labelled banking turns of DSTC11 track 2 in a data
// folder; fs.ErrNotExist says that they are not there.
func Table(folder string, enc encoder) (Metrics, error) {
	turns, err := rows.ReadFile(filepath.Join(folder, "dstc11-intent-induction", "banking-turns.jsonl"), rows.Text|rows.Label)
	if err != nil {
		return Metrics{}, err
	}
	return Measure(turns, enc)
}
