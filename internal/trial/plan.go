package trial

import (
	"errors"
	"fmt"
	"io/fs"

	"heed/internal/experiment"
	"heed/internal/strict"
)

// PlanFile is the file of the arms.
const PlanFile = "experiments.yaml"

// file is the plan with the version of its format.
type file struct {
	Version         int `yaml:"version"`
	experiment.Plan `yaml:",inline"`
}

// LoadPlan reads the arms from a folder's [PlanFile], strictly: the error is a
// [strict.Problem] with file, line, field, reason and hint.
func LoadPlan(fsys fs.FS) (experiment.Plan, error) {
	raw, err := fs.ReadFile(fsys, PlanFile)
	if err != nil {
		return experiment.Plan{}, fmt.Errorf("experiments: %w", err)
	}
	p, err := parsePlan(raw)
	if err != nil {
		return experiment.Plan{}, fmt.Errorf("experiments: %w", err)
	}
	return p, nil
}

func parsePlan(raw []byte) (experiment.Plan, error) {
	var f file
	doc, err := strict.Read(PlanFile, raw, &f)
	if err != nil {
		return experiment.Plan{}, err
	}
	if f.Version != 1 {
		return experiment.Plan{}, doc.Problem("version", "must be 1", "the version of the format, on the first line")
	}
	var bad *experiment.Invalid
	if err := f.Check(); errors.As(err, &bad) {
		return experiment.Plan{}, doc.Problem(bad.Field, bad.Reason, bad.Hint)
	}
	return f.Plan, nil
}
