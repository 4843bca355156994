package app

import (
	"fmt"

	"heed/fixtures"
	"heed/internal/experiment"
	"heed/internal/trial"
)

// experiments reads the arms. The demonstration has none unless a folder is
// given: it shows what is best, not what is tried.
func (a *App) experiments() (experiment.Plan, error) {
	folder := a.o.Config.Content.Experiments
	if folder == "none" || (folder == "" && a.o.Config.Demo) {
		return experiment.Plan{}, nil
	}
	p, err := trial.LoadPlan(contentFS(folder, fixtures.Experiments))
	if err != nil {
		return p, fmt.Errorf("content-experiments: %w", err)
	}
	return p, nil
}
